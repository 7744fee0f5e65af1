//! Specification files: every codebook, policy, plan, report and request is read the same way.

use std::path::Path;

use crate::error::Error;

/// Reads a file and gives its text to the parser; an error names the file.
pub(crate) fn read<T>(path: &Path, parse: impl FnOnce(&str) -> Result<T, Error>) -> Result<T, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::file(path, &error))?;
    parse(&text).map_err(|error| error.in_file(path))
}
