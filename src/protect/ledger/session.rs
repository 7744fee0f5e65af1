//! One release in the making: what was printed so far, and the entry that may be appended.

use std::path::Path;

use rusqlite::Transaction;

use super::chain;
use super::key::Key;
use super::published::{Entry, PublishedCell};
use super::store::{self, About, StoredCell, StoredRelease};
use crate::cohort::{Derived, Region};
use crate::error::Error;

/// An open transaction over a ledger that was read whole and checked.
pub(in crate::protect) struct Session<'l> {
    transaction: Transaction<'l>,
    path: &'l Path,
    key: &'l Key,
    about: About,
    releases: Vec<StoredRelease>,
}

impl<'l> Session<'l> {
    /// Reads what was printed so far; nothing is trusted that chain and seal do not prove.
    pub(super) fn begin(transaction: Transaction<'l>, path: &'l Path, key: &'l Key) -> Result<Self, Error> {
        let (about, releases) = chain::read_whole(&transaction, path, key)?;
        Ok(Self { transaction, path, key, about, releases })
    }

    /// The earlier releases made from the same request, policy and data, newest first: number and content.
    pub(in crate::protect) fn issues_of(&self, request: &[u8; 32]) -> Vec<(i64, [u8; 32])> {
        let same = self.releases.iter().rev().filter(|release| release.request == *request);
        same.map(|release| (release.id, release.content)).collect()
    }

    /// What releases before a number printed; all of them for `i64::MAX`.
    pub(in crate::protect) fn published_before(&self, number: i64) -> Result<Vec<PublishedCell>, Error> {
        let mut published = Vec::new();
        for release in self.releases.iter().filter(|release| release.id < number) {
            for cell in &release.cells {
                published.push(self.published(release, cell)?);
            }
        }
        Ok(published)
    }

    fn published(&self, release: &StoredRelease, cell: &StoredCell) -> Result<PublishedCell, Error> {
        let damaged = || store::damaged(self.path);
        let parts: Vec<(Derived, Region)> = serde_json::from_str(&cell.constraints).map_err(|_| damaged())?;
        Ok(PublishedCell {
            constraints: parts.into_iter().collect(),
            identity: u128::from_le_bytes(cell.identity),
            records: u64::try_from(cell.records).map_err(|_| damaged())?,
            patients: Some(u64::try_from(cell.patients).map_err(|_| damaged())?),
            release: release.name.clone(),
            number: release.id,
        })
    }

    /// How many releases stand before a number.
    pub(in crate::protect) fn releases_before(&self, number: i64) -> usize {
        self.releases.iter().filter(|release| release.id < number).count()
    }

    /// Appends a release and commits.
    pub(in crate::protect) fn append(self, entry: &Entry<'_>) -> Result<(), Error> {
        let Self { transaction, path, key, about, mut releases } = self;
        let wrong =
            |_: rusqlite::Error| Error::ledger("could not be written; nothing was released").in_file(path);
        let cells = entry.cells.iter().map(stored).collect::<Option<Vec<_>>>();
        let mut release = StoredRelease {
            id: releases.last().map_or(0, |last| last.id) + 1,
            made: store::now(&transaction).map_err(wrong)?,
            name: entry.name.to_owned(),
            policy: entry.policy.to_owned(),
            request: entry.request,
            content: entry.content,
            chain: [0; 32],
            cells: cells
                .ok_or_else(|| Error::ledger("a group could not be described; nothing was released"))?,
        };
        release.chain = chain::next(key, &releases, &release);
        releases.push(release);
        let seal = chain::seal(key, &about, &releases);
        if let Some(release) = releases.last() {
            store::append(&transaction, release, &seal).map_err(wrong)?;
        }
        transaction.commit().map_err(wrong)
    }
}

/// A count as the file holds it; none where it cannot be written down.
fn stored(cell: &PublishedCell) -> Option<StoredCell> {
    let parts: Vec<(&Derived, &Region)> = cell.constraints.iter().collect();
    Some(StoredCell {
        constraints: serde_json::to_string(&parts).ok()?,
        identity: cell.identity.to_le_bytes(),
        records: i64::try_from(cell.records).ok()?,
        patients: i64::try_from(cell.patients?).ok()?,
    })
}
