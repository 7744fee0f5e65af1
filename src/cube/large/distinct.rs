//! Distinct patients of every cell, on every core: each patient's crossings are looked at together, and a stem of cells meets the
//! patient once, with the demands that were met as bits. A numeric kernel: it indexes by the numbers of crossings, cells, stems
//! and demands that it made itself.
#![allow(clippy::indexing_slicing)]

use std::thread;

use super::inside::{Inside, Parted};
use super::patients::{Pairs, crossing_of, patient_of};
use crate::cube::count::CellCount;
use crate::error::Error;

/// The patients of cells and crossings.
pub(super) struct Distinct {
    /// How many patients each cell has.
    pub(super) of_cell: Vec<u64>,
    /// The first of them by number, all of them where they are few.
    pub(super) few_of_cell: Vec<Vec<u32>>,
    /// The first patients of each crossing by number.
    pub(super) few_of_crossing: Vec<Vec<u32>>,
}

/// As many of the patients of a group as are worth knowing by number: one more than are few.
pub(super) const MOST: usize = CellCount::FEW + 1;

/// Fewer pairs are counted before another thread has started.
const WORTH_A_THREAD: usize = 100_000;

/// So many demands fit one word.
const WORD: usize = u64::BITS as usize;

/// The demands that the patient of this number has met in a stem so far.
#[derive(Clone, Copy)]
struct Seen {
    number: u32,
    demands: u64,
}

/// Finds where a crossing stands among those that are occupied.
pub(super) struct Places<'k> {
    keys: &'k [u64],
    shift: u32,
    /// By the leading bits of a key: where keys that begin so begin.
    starts: Vec<u32>,
}

impl<'k> Places<'k> {
    /// `keys` ascend.
    pub(super) fn new(keys: &'k [u64]) -> Self {
        let bits = |number: u64| u64::BITS - number.leading_zeros();
        let shift = bits(keys.last().copied().unwrap_or(0)).saturating_sub(bits(keys.len() as u64) + 2);
        let mut starts = Vec::new();
        for (place, key) in keys.iter().enumerate() {
            let leading = (key >> shift) as usize;
            if starts.len() <= leading {
                starts.resize(leading + 1, place as u32);
            }
        }
        starts.push(keys.len() as u32);
        Self { keys, shift, starts }
    }

    /// None where nobody is in the crossing.
    pub(super) fn of(&self, crossing: u64) -> Option<usize> {
        let leading = usize::try_from(crossing >> self.shift).ok()?;
        let (start, end) = (*self.starts.get(leading)? as usize, *self.starts.get(leading + 1)? as usize);
        self.keys[start..end].binary_search(&crossing).ok().map(|place| start + place)
    }
}

/// Each patient's pairs in a part of them, with the patient's number, which ascends with the pairs.
pub(super) fn numbered((before, pairs): (usize, &[u128])) -> impl Iterator<Item = (u32, &[u128])> {
    pairs.chunk_by(|a, b| patient_of(*a) == patient_of(*b)).scan(before as u32, |next, of_patient| {
        let number = *next;
        *next += of_patient.len() as u32;
        Some((number, of_patient))
    })
}

/// Meets the patients of all pairs in all cells; `keys` are the occupied crossings.
pub(super) fn count(pairs: &Pairs, keys: &[u64], cells: &Parted, inside: &Inside) -> Result<Distinct, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    count_in_parts(pairs, keys, cells, inside, cores.min(pairs.len() / WORTH_A_THREAD).max(1))
}

fn count_in_parts(
    pairs: &Pairs,
    keys: &[u64],
    cells: &Parted,
    inside: &Inside,
    threads: usize,
) -> Result<Distinct, Error> {
    if pairs.len() >= u32::MAX as usize {
        return Err(Error::cube("there are more patients than can be numbered"));
    }
    let places = Places::new(keys);
    let parts: Vec<_> = pairs.parts().collect();
    let parts = parts.chunks(parts.len().div_ceil(threads).max(1));
    let mut all = Distinct {
        of_cell: vec![0; cells.of_cell.len()],
        few_of_cell: vec![Vec::new(); cells.of_cell.len()],
        few_of_crossing: vec![Vec::new(); keys.len()],
    };
    for word in 0..inside.words() {
        let first = word * WORD;
        let width = (cells.demands.len() - first).min(WORD);
        let met = thread::scope(|scope| {
            let threads: Vec<_> = parts
                .clone()
                .map(|parts| {
                    let places = &places;
                    scope.spawn(move || Met::count(parts, places, (inside, word), (cells.stems.len(), width)))
                })
                .collect();
            // A thread ends without a result only where it panicked; its message is not passed on.
            let met: Result<Vec<Met>, _> = threads.into_iter().map(thread::ScopedJoinHandle::join).collect();
            met.map_err(|_| Error::cube("counting stopped before its end"))
        })?;
        if word == 0 {
            for met in &met {
                for (all, few) in all.few_of_crossing.iter_mut().zip(&met.few_of_crossing) {
                    extend(all, few);
                }
            }
        }
        for (cell, (stem, demand)) in cells.of_cell.iter().enumerate() {
            let demand = (*demand as usize).checked_sub(first).filter(|demand| *demand < width);
            let Some(demand) = demand else { continue };
            for met in &met {
                let place = *stem as usize * width + demand;
                all.of_cell[cell] += u64::from(met.patients[place]);
                extend(&mut all.few_of_cell[cell], &met.few[place]);
            }
        }
    }
    Ok(all)
}

fn extend(few: &mut Vec<u32>, later: &[u32]) {
    few.extend(later.iter().take(MOST - few.len()));
}

/// The patients of each demand of each stem in a part of the pairs.
struct Met {
    patients: Vec<u32>,
    few: Vec<Vec<u32>>,
    few_of_crossing: Vec<Vec<u32>>,
}

impl Met {
    fn count(
        parts: &[(usize, &[u128])],
        places: &Places<'_>,
        (inside, word): (&Inside, usize),
        (stems, width): (usize, usize),
    ) -> Self {
        let mut met = Self {
            patients: vec![0; stems * width],
            few: vec![Vec::new(); stems * width],
            few_of_crossing: vec![Vec::new(); places.keys.len()],
        };
        let mut seen = vec![Seen { number: u32::MAX, demands: 0 }; stems];
        for (number, of_patient) in parts.iter().copied().flat_map(numbered) {
            for place in of_patient.iter().filter_map(|pair| places.of(crossing_of(*pair))) {
                if met.few_of_crossing[place].len() < MOST {
                    met.few_of_crossing[place].push(number);
                }
                let demands = inside.met(place, word);
                for stem in inside.stems(place) {
                    let seen = &mut seen[*stem as usize];
                    let before = if seen.number == number { seen.demands } else { 0 };
                    *seen = Seen { number, demands: before | demands };
                    let mut new = demands & !before;
                    while new != 0 {
                        met.meet(*stem as usize * width + new.trailing_zeros() as usize, number);
                        new &= new - 1;
                    }
                }
            }
        }
        met
    }

    fn meet(&mut self, place: usize, patient: u32) {
        self.patients[place] += 1;
        if self.patients[place] as usize <= MOST {
            self.few[place].push(patient);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::cube::large::patients::PatientKey;

    #[test]
    fn every_key_is_found_and_no_other() {
        for keys in [vec![], vec![0], vec![5, 6, 7, 1 << 43], (0..1000).map(|key| key * key).collect()] {
            let places = Places::new(&keys);
            for (place, key) in keys.iter().enumerate() {
                assert_eq!(places.of(*key), Some(place));
            }
            assert_eq!(places.of((1 << 44) - 1), None);
            assert_eq!(places.of(u64::MAX), None);
            assert_eq!((0..2000).filter(|key| places.of(*key).is_some()).count(), {
                keys.iter().filter(|key| **key < 2000).count()
            });
        }
    }

    proptest! {
        #[test]
        fn patients_are_counted_once_in_each_cell_whatever_the_number_of_threads(
            met in prop::collection::btree_set((0_u8..200, 0_u64..12), 0..600),
            in_stem in prop::collection::vec(prop::collection::vec(any::<bool>(), 5), 12),
            meets in prop::collection::vec(prop::collection::vec(any::<bool>(), 70), 12),
        ) {
            let (stems, demands) = (5_u16, 70_u16);
            let cells: Vec<_> = (0..stems).flat_map(|stem| (0..demands).map(move |demand| (stem, demand))).collect();
            let key = PatientKey([7; 32]);
            let pair = |(patient, crossing): &(u8, u64)| key.hash(&[*patient]) | u128::from(*crossing * 1000);
            let sorted: BTreeSet<u128> = met.iter().map(pair).collect();
            let mut pairs = Pairs::new();
            sorted.into_iter().for_each(|pair| pairs.push(pair));
            let keys: Vec<u64> = (0..12).map(|crossing| crossing * 1000).collect();
            let lies_in = |crossing: usize, (stem, demand): (u16, u16)| {
                in_stem[crossing][usize::from(stem)] && meets[crossing][usize::from(demand)]
            };
            let keyed: Vec<_> = cells.iter().map(|(stem, demand)| vec![(0, *stem), (1, *demand)]).collect();
            let parted = Parted::new(&keyed, |axis| axis == 1);
            let chosen = |bits: &Vec<bool>| -> Vec<u32> {
                (0_u32..).zip(bits).filter(|(_, chosen)| **chosen).map(|(number, _)| number).collect()
            };
            let (stems_of, met_by): (Vec<_>, Vec<_>) =
                (in_stem.iter().map(chosen).collect(), meets.iter().map(chosen).collect());
            let inside = Inside::new(&parted, (0..12).map(|both| (both, both)), &stems_of, &met_by);
            for crossing in 0..12 {
                let expected: Vec<usize> =
                    (0..cells.len()).filter(|cell| lies_in(crossing, cells[*cell])).collect();
                prop_assert_eq!(inside.cells(crossing).collect::<Vec<_>>(), expected);
            }
            let one = count_in_parts(&pairs, &keys, &parted, &inside, 1).unwrap();
            for (cell, asked) in cells.iter().enumerate() {
                let patients: BTreeSet<u8> = met
                    .iter()
                    .filter(|(_, crossing)| lies_in(*crossing as usize, *asked))
                    .map(|(patient, _)| *patient)
                    .collect();
                prop_assert_eq!(one.of_cell[cell], patients.len() as u64);
                prop_assert_eq!(one.few_of_cell[cell].len(), patients.len().min(MOST));
            }
            for (crossing, few) in one.few_of_crossing.iter().enumerate() {
                let patients = met.iter().filter(|(_, met)| *met == crossing as u64).count();
                prop_assert_eq!(few.len(), patients.min(MOST));
            }
            for threads in [2, 3, 7] {
                let other = count_in_parts(&pairs, &keys, &parted, &inside, threads).unwrap();
                prop_assert_eq!(&one.of_cell, &other.of_cell);
                prop_assert_eq!(&one.few_of_cell, &other.few_of_cell);
                prop_assert_eq!(&one.few_of_crossing, &other.few_of_crossing);
            }
        }
    }
}
