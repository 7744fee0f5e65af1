//! What the ledger keeps others from working out, what its file withstands, and plans that are delivered in slices.
//!
//! Every attack is carried out twice: on releases that know nothing of each other, where it must succeed, and on the same
//! releases with a ledger, where it must fail. It sees nothing but what is printed.

mod differences;
mod file;
mod slices;

use std::path::PathBuf;

use registat::{Ledger, Release};
use tempfile::TempDir;

use crate::support::*;

/// A ledger file in a folder of its own.
struct Shelf {
    folder: TempDir,
}

impl Shelf {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.sqlite")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("ledger.sqlite.key")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("ledger.sqlite-journal")
    }

    fn ledger(&self) -> Ledger {
        Ledger::open(self.path(), REGISTER).unwrap()
    }
}

/// A line of counts as printed.
type Counts = Vec<Option<i64>>;

/// The same, only looked at.
type Seen = [Option<i64>];

/// The counts of a printed table, row by row.
fn column(release: &Release, id: &str) -> Counts {
    let counts = Sheet::read(release, id).counts("Courses");
    counts.into_iter().map(|count| count.map(|count| count as i64)).collect()
}

/// Fills the only hole of a line whose total stands last.
fn fill(line: &mut Seen) {
    let holes: Vec<usize> = (0..line.len()).filter(|place| line[*place].is_none()).collect();
    let [hole] = holes.as_slice() else { return };
    let last = line.len() - 1;
    let parts: i64 = line[..last].iter().flatten().sum();
    line[*hole] = Some(if *hole == last { parts } else { line[last].unwrap_or_default() - parts });
}

/// The differences of two lines that are not nothing, what follows from their totals included.
fn differences(now: &Seen, then: &Seen) -> Vec<i64> {
    let (mut now, mut then) = (now.to_vec(), then.to_vec());
    fill(&mut now);
    fill(&mut then);
    let pairs = now.into_iter().zip(then);
    pairs.filter_map(|(now, then)| Some(now? - then?)).filter(|difference| *difference != 0).collect()
}

fn is_small(count: i64) -> bool {
    (1..5).contains(&count)
}

/// The small numbers of a line.
fn small(line: &Seen) -> Vec<i64> {
    line.iter().flatten().copied().filter(|count| is_small(*count)).collect()
}
