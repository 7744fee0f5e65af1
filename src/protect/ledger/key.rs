//! The key of a ledger: a file of its own, and what is derived from it.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::folder_of;
use crate::error::Error;

/// 256 random bits. What is keyed by them is derived for one purpose each, so that no hash can stand for another.
pub(super) struct Key([u8; 32]);

impl Key {
    /// Reads the key of a ledger that has one.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|_| {
            Error::ledger("the ledger's key is missing; restore it from a copy").in_file(path)
        })?;
        <[u8; 32]>::try_from(bytes)
            .map(Self)
            .map_err(|_| Error::ledger("the ledger's key is damaged; restore it from a copy").in_file(path))
    }

    /// Makes a key unless there is one. It appears whole or not at all.
    pub(super) fn read_or_make(path: &Path) -> Result<Self, Error> {
        let failed = |error: std::io::Error| Error::file(path, &error);
        let mut key = [0; 32];
        rand::TryRng::try_fill_bytes(&mut rand::rngs::SysRng, &mut key)
            .map_err(|_| Error::ledger("the operating system gave no random key").in_file(path))?;
        // On unix a temporary file is made with mode 0600 and keeps it.
        let mut file = tempfile::NamedTempFile::new_in(folder_of(path)).map_err(failed)?;
        file.write_all(&key).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        match file.persist_noclobber(path) {
            Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(failed(error.error)),
            _ => Self::read(path),
        }
    }

    /// What the ledger keeps to tell its own key from another one; the key does not follow from it.
    pub(super) fn check_value(&self) -> [u8; 32] {
        self.derived("registat ledger: check value")
    }

    /// For the identities of record sets.
    pub(super) fn of_record_sets(&self) -> [u8; 32] {
        self.derived("registat ledger: record sets")
    }

    /// For the chain of entries and its seal.
    pub(super) fn of_chain(&self) -> [u8; 32] {
        self.derived("registat ledger: chain of entries")
    }

    fn derived(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &self.0)
    }

    /// A key that is known, for tests.
    #[cfg(test)]
    pub(super) fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_ever_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(Key::read(&path).is_err_and(|error| error.is_ledger()));
        let made = Key::read_or_make(&path).unwrap();
        assert_ne!(made.0, [0; 32]);
        assert_eq!(Key::read_or_make(&path).unwrap().0, made.0);
        assert_eq!(Key::read(&path).unwrap().0, made.0);
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let key = Key::of_bytes([7; 32]);
        let all = [key.0, key.check_value(), key.of_record_sets(), key.of_chain()];
        for (place, one) in all.iter().enumerate() {
            assert!(!all[..place].contains(one));
        }
        assert_eq!(key.of_chain(), Key::of_bytes([7; 32]).of_chain());
        assert_ne!(key.of_chain(), Key::of_bytes([8; 32]).of_chain());
    }
}
