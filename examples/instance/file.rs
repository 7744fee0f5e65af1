//! Files that appear whole or not at all.

use std::path::{Path, PathBuf};

use super::Outcome;

/// Writes NAME.tmp beside the file and gives it its name.
///
/// # Errors
/// When the file cannot be written or renamed; nothing is left behind then.
pub fn write_whole(path: &Path, content: &[u8]) -> Outcome<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    let temporary = PathBuf::from(temporary);
    let written = std::fs::write(&temporary, content).and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        // The first error is the one to tell.
        std::fs::remove_file(&temporary).ok();
        format!("{}: {}", path.display(), error.kind()).into()
    })
}
