//! The pass over the records that counts every cell, on every core. A numeric kernel: it indexes by cell and value numbers that
//! it made itself.
//!
//! Records come sorted by patient and are cut between patients, so that no patient is met in two parts. All that is kept of a
//! cell is whole numbers that add up, and its first patients in their order: the parts, joined in order, are the same to the
//! last bit whatever their number.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;
use std::{iter, thread};

use super::bins::{Bins, Counters};
use super::count::{CellCount, IdentityKey, Tally};
use super::grid::Grid;
use super::walk::{Memberships, Walk};
use crate::error::Error;

/// Fewer records than this are counted before another thread has started.
const WORTH_A_THREAD: usize = 1_000;

/// What the pass reads of the records.
#[derive(Clone, Copy)]
pub(super) struct Records<'r> {
    pub(super) grid: &'r Grid,
    pub(super) memberships: &'r Memberships,
    /// The patient of each record.
    pub(super) patients: &'r [u32],
    /// The register's key of each record.
    pub(super) names: &'r [String],
    /// The values that histograms are made of, record by record.
    pub(super) values: &'r [&'r [Option<i64>]],
    pub(super) key: IdentityKey,
}

/// What one thread counted.
struct Part {
    tallies: Vec<Tally>,
    /// The first patients of each cell.
    few: Vec<Vec<u32>>,
    /// The counters of histograms.
    counts: Vec<u32>,
}

/// Counts into `empty` cells on as many threads as the machine has and the records are worth.
pub(super) fn count(records: Records<'_>, empty: Vec<CellCount>) -> Result<Vec<CellCount>, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    count_in_parts(records, empty, cores.min(records.patients.len() / WORTH_A_THREAD))
}

fn count_in_parts(
    records: Records<'_>,
    mut cells: Vec<CellCount>,
    parts: usize,
) -> Result<Vec<CellCount>, Error> {
    let bins: Vec<Bins> = records.values.iter().map(|column| Bins::new(column)).collect();
    let ranges = between_patients(records.patients, parts.max(1));
    for (round, counters) in Counters::plan(&bins, &cells)?.iter().enumerate() {
        let mut whole: Option<Part> = None;
        for part in count_parts(records, counters, &ranges)? {
            match &mut whole {
                Some(whole) => whole.join(part),
                None => whole = Some(part),
            }
        }
        let Some(whole) = whole else { break };
        counters.fill(&whole.counts, &mut cells)?;
        if round == 0 {
            for ((cell, tally), few) in cells.iter_mut().zip(&whole.tallies).zip(whole.few) {
                cell.take(tally, few);
            }
        }
    }
    Ok(cells)
}

/// Counts each range of records on a thread of its own.
fn count_parts(
    records: Records<'_>,
    counters: &Counters<'_>,
    ranges: &[Range<usize>],
) -> Result<Vec<Part>, Error> {
    let Some((first, later)) = ranges.split_first() else { return Ok(Vec::new()) };
    thread::scope(|scope| {
        let count = |range: &Range<usize>| count_part(records, counters, range.clone());
        let later: Vec<_> = later.iter().map(|range| scope.spawn(move || count(range))).collect();
        let mut parts = vec![count(first)?];
        for part in later {
            // A thread ends without a result only where it panicked; its message is not passed on.
            parts.push(part.join().map_err(|_| Error::cube("counting stopped before its end"))??);
        }
        Ok(parts)
    })
}

fn count_part(records: Records<'_>, counters: &Counters<'_>, range: Range<usize>) -> Result<Part, Error> {
    let cells = records.grid.len();
    let mut walk = Walk::new(records.grid.keys(), records.memberships)?;
    let mut part = Part {
        tallies: vec![Tally::default(); cells],
        few: vec![Vec::new(); cells],
        counts: counters.empty(),
    };
    let (mut inside, mut bins) = (Vec::new(), Vec::new());
    for record in range {
        let identity = records.key.of_record(&records.names[record]);
        let patient = records.patients[record];
        inside.clear();
        walk.cells_of(record, &mut inside);
        counters.bins_of(record, &mut bins);
        for cell in &inside {
            if part.tallies[*cell].add(patient, identity) && part.few[*cell].len() <= CellCount::FEW {
                part.few[*cell].push(patient);
            }
            counters.add(*cell, &bins, &mut part.counts);
        }
    }
    Ok(part)
}

impl Part {
    /// Adds what was counted in later records, of other patients.
    fn join(&mut self, later: Self) {
        for (tally, later) in self.tallies.iter_mut().zip(&later.tallies) {
            tally.join(later);
        }
        for (few, later) in self.few.iter_mut().zip(later.few) {
            let room = (CellCount::FEW + 1).saturating_sub(few.len());
            few.extend(later.into_iter().take(room));
        }
        self.counts.iter_mut().zip(&later.counts).for_each(|(count, later)| *count += later);
    }
}

/// Cuts records that are sorted by patient into at most so many ranges of about the same length.
fn between_patients(patients: &[u32], parts: usize) -> Vec<Range<usize>> {
    let cuts = (1..parts).map(|part| {
        let near = patients.len() * part / parts;
        let same = patients[near..].iter().take_while(|patient| Some(*patient) == patients.get(near)).count();
        near + same
    });
    let ends: Vec<usize> = cuts.chain([patients.len()]).collect();
    let starts = iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| start..*end).filter(|range| !range.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;
    use crate::cohort::{Column, Derived, Region};
    use crate::cube::grid::Constraints;
    use crate::stats::Histogram;

    #[test]
    fn ranges_cover_all_records_and_never_part_a_patient() {
        let patients = [1, 1, 2, 2, 2, 2, 3, 7];
        assert_eq!(between_patients(&patients, 1), vec![0..8; 1]);
        assert_eq!(between_patients(&patients, 2), [0..6, 6..8]);
        assert_eq!(between_patients(&patients, 4), [0..6, 6..7, 7..8]);
        assert_eq!(between_patients(&[5; 6], 3), vec![0..6; 1]);
        assert!(between_patients(&[], 3).is_empty());
    }

    proptest! {
        #[test]
        fn the_number_of_parts_changes_nothing(
            records in proptest::collection::vec((0..60_u32, 0..9_i64, proptest::option::of(-5..5_i64)), 0..400),
            parts in 2..9_usize,
        ) {
            let mut records = records;
            records.sort_unstable();
            let days: Vec<Option<i64>> = records.iter().map(|(_, day, _)| Some(*day)).collect();
            let values: Vec<Option<i64>> = records.iter().map(|(_, _, value)| *value).collect();
            let patients: Vec<u32> = records.iter().map(|(patient, ..)| *patient).collect();
            let names: Vec<String> = (0..records.len()).map(|record| record.to_string()).collect();
            let mut grid = Grid::default();
            for region in [Region::everything(), Region::range(0, 4), Region::range(2, 2)] {
                grid.cell(&Constraints::default().and(Derived::Visit, region)).unwrap();
            }
            let column = |_: &Derived| Ok(Column { values: Rc::new(days.clone()), per_unit: 1 });
            let memberships = Memberships::new(&grid, column).unwrap();
            let mut empty = vec![CellCount::new(); grid.len()];
            for cell in &mut empty {
                cell.histograms.insert(0, Histogram::new(1).unwrap());
            }
            let records = Records {
                grid: &grid,
                memberships: &memberships,
                patients: &patients,
                names: &names,
                values: &[&values],
                key: IdentityKey([7; 32]),
            };
            let whole = count_in_parts(records, empty.clone(), 1).unwrap();
            let joined = count_in_parts(records, empty, parts).unwrap();
            prop_assert_eq!(whole[0].records, patients.len() as u64);
            let mut expected = Histogram::new(1).unwrap();
            values.iter().flatten().for_each(|value| expected.add(*value));
            prop_assert_eq!(&whole[0].histograms[&0], &expected);
            for (whole, joined) in whole.iter().zip(&joined) {
                prop_assert!(whole.same_as(joined));
            }
        }
    }
}
