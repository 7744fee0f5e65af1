//! Where the rows of one form come from: the one place that says it in errors and findings.

use std::path::{Path, PathBuf};

use super::findings::{Finding, FindingKind};
use crate::error::Error;
use crate::schema::Form;

/// A form and the file it was read from; a caller's frame has no file.
pub(super) struct Source<'c> {
    pub(super) form: &'c Form,
    pub(super) path: Option<PathBuf>,
}

impl Source<'_> {
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn error(&self, message: impl AsRef<str>) -> Error {
        match self.path() {
            Some(path) => Error::load(message.as_ref()).in_file(path),
            None => Error::load(format!("frame of form `{}`: {}", self.form.id, message.as_ref())),
        }
    }

    pub(super) fn finding(&self, kind: FindingKind) -> Finding {
        Finding::new(&self.form.id, kind).in_file(self.path())
    }
}
