//! The chain of entries: what proves that a ledger holds everything that was ever entered in it, unchanged.
//!
//! Each release stores a keyed hash of the hash before it and of everything that was entered with it, its counts included.
//! A seal, keyed too, closes the chain: it is over the number of releases and the last hash. Without the seal the newest
//! releases could be dropped unnoticed; without the key nobody can make another one.

use std::path::Path;

use rusqlite::Connection;

use super::key::Key;
use super::store::{self, About, StoredRelease};
use crate::error::Error;

/// What stands before the first release.
const BEGINNING: [u8; 32] = [0; 32];

/// Reads everything and checks it against chain and seal.
pub(super) fn read_whole(
    connection: &Connection,
    path: &Path,
    key: &Key,
) -> Result<(About, Vec<StoredRelease>), Error> {
    let about = store::about(connection, path)?;
    let releases = store::releases(connection, path)?;
    if is_whole(key, &about, &releases) { Ok((about, releases)) } else { Err(store::altered(path)) }
}

fn is_whole(key: &Key, about: &About, releases: &[StoredRelease]) -> bool {
    let mut before = BEGINNING;
    for release in releases {
        if release.chain != link(key, &before, release) {
            return false;
        }
        before = release.chain;
    }
    about.seal == Some(seal(key, about, releases))
}

/// The hash that a release after these has to store.
pub(super) fn next(key: &Key, earlier: &[StoredRelease], release: &StoredRelease) -> [u8; 32] {
    link(key, &last(earlier), release)
}

/// The seal of a ledger with exactly these releases.
pub(super) fn seal(key: &Key, about: &About, releases: &[StoredRelease]) -> [u8; 32] {
    let mut hash = Hash::new(key, b"seal");
    hash.add(about.version.as_bytes());
    hash.add(about.register.as_bytes());
    hash.add(&(releases.len() as u64).to_le_bytes());
    hash.add(&last(releases));
    hash.finish()
}

fn last(releases: &[StoredRelease]) -> [u8; 32] {
    releases.last().map_or(BEGINNING, |release| release.chain)
}

fn link(key: &Key, before: &[u8; 32], release: &StoredRelease) -> [u8; 32] {
    let mut hash = Hash::new(key, b"release");
    hash.add(before);
    hash.add(&release.id.to_le_bytes());
    for text in [&release.made, &release.name, &release.policy] {
        hash.add(text.as_bytes());
    }
    hash.add(&release.request);
    hash.add(&release.content);
    hash.add(&(release.cells.len() as u64).to_le_bytes());
    for cell in &release.cells {
        hash.add(cell.constraints.as_bytes());
        hash.add(&cell.identity);
        hash.add(&cell.records.to_le_bytes());
        hash.add(&cell.patients.to_le_bytes());
    }
    hash.finish()
}

/// A keyed hash of fields, each with its length, so that no two lists of fields run into the same bytes.
struct Hash(blake3::Hasher);

impl Hash {
    fn new(key: &Key, what: &[u8]) -> Self {
        let mut hash = Self(blake3::Hasher::new_keyed(&key.of_chain()));
        hash.add(what);
        hash
    }

    fn add(&mut self, field: &[u8]) {
        self.0.update(&(field.len() as u64).to_le_bytes());
        self.0.update(field);
    }

    fn finish(&self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::store::StoredCell;
    use super::*;

    fn key() -> Key {
        Key::of_bytes([3; 32])
    }

    fn about() -> About {
        About { version: "2".to_owned(), register: "test".to_owned(), key_check: None, seal: None }
    }

    /// Three releases of two counts each, chained and sealed.
    fn ledger() -> (About, Vec<StoredRelease>) {
        let mut releases = Vec::new();
        for id in 1..=3 {
            let cell = |records| StoredCell {
                constraints: "[]".to_owned(),
                identity: [9; 16],
                records,
                patients: records,
            };
            let mut release = StoredRelease {
                id,
                made: "2026-01-01 00:00:00".to_owned(),
                name: "report".to_owned(),
                policy: "policy".to_owned(),
                request: [1; 32],
                content: [2; 32],
                chain: BEGINNING,
                cells: vec![cell(10 * id), cell(20 * id)],
            };
            release.chain = next(&key(), &releases, &release);
            releases.push(release);
        }
        let seal = seal(&key(), &about(), &releases);
        (About { seal: Some(seal), ..about() }, releases)
    }

    #[test]
    fn what_was_entered_is_whole_and_nothing_else_is() {
        let (about, releases) = ledger();
        assert!(is_whole(&key(), &about, &releases));
        assert!(!is_whole(&Key::of_bytes([4; 32]), &about, &releases), "another key");
        let changes: [fn(&mut Vec<StoredRelease>); 9] = [
            |releases| drop(releases.pop()),
            |releases| drop(releases.remove(0)),
            |releases| releases.swap(0, 1),
            |releases| releases.clear(),
            |releases| releases[1].name.push('x'),
            |releases| releases[1].cells[0].records += 1,
            |releases| releases[2].cells[1].patients -= 1,
            |releases| drop(releases[2].cells.pop()),
            |releases| releases[0].cells[0].identity[15] ^= 1,
        ];
        for (number, change) in changes.iter().enumerate() {
            let (about, mut releases) = ledger();
            change(&mut releases);
            assert!(!is_whole(&key(), &about, &releases), "change {number}");
        }
    }

    #[test]
    fn a_seal_of_an_older_state_or_another_register_closes_nothing() {
        let (_, releases) = ledger();
        let older = seal(&key(), &about(), &releases[..2]);
        assert!(!is_whole(&key(), &About { seal: Some(older), ..about() }, &releases));
        assert!(!is_whole(&key(), &about(), &releases), "no seal");
        let (sealed, releases) = ledger();
        assert!(!is_whole(&key(), &About { register: "other".to_owned(), ..sealed }, &releases));
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let hash = |fields: [&[u8]; 2]| {
            let mut hash = Hash::new(&key(), b"x");
            fields.iter().for_each(|field| hash.add(field));
            hash.finish()
        };
        assert_ne!(hash([b"ab", b"c"]), hash([b"a", b"bc"]));
    }
}
