//! Histograms while records are counted: the values of a column as numbers of bins, and one counter for every bin of every cell.
//! A numeric kernel: it indexes counters by bins that it numbered itself.
#![allow(clippy::indexing_slicing)]

use std::ops::Range;

use super::count::CellCount;
use super::grid::CellId;
use crate::error::Error;

/// The values of one column that occur, in ascending order, and the bin of each record's value: 0 without a value, else one more
/// than its place among them.
pub(super) struct Bins {
    values: Vec<i64>,
    of_record: Vec<u32>,
}

/// Where the counters of some cells' histograms are.
pub(super) struct Counters<'b> {
    bins: &'b [Bins],
    /// The cells whose histograms these are.
    cells: Range<CellId>,
    /// Where the histograms of each cell begin among all; one more in the end.
    first: Vec<u32>,
    histograms: Vec<Place>,
    /// How many counters they need.
    needed: u32,
}

/// A histogram: the value that it is of, and its first counter.
#[derive(Clone, Copy)]
struct Place {
    value: u32,
    start: u32,
}

/// At most so many counters at a time, 128 MB of them for a thread. Where cells need more, the records are gone through again.
const MOST: usize = 1 << 25;

impl Bins {
    /// A wider span of values is sorted instead of being marked in a table.
    const LONGEST_TABLE: i64 = 1 << 20;

    pub(super) fn new(column: &[Option<i64>]) -> Self {
        let known = || column.iter().copied().flatten();
        let (lowest, highest) = (known().min().unwrap_or_default(), known().max().unwrap_or_default());
        let span = highest.checked_sub(lowest).filter(|span| *span < Self::LONGEST_TABLE);
        let Some(span) = span else {
            let mut values: Vec<i64> = known().collect();
            values.sort_unstable();
            values.dedup();
            let bin = |value: i64| values.partition_point(|known| *known <= value) as u32;
            let of_record = column.iter().map(|value| value.map_or(0, bin)).collect();
            return Self { values, of_record };
        };
        let mut bin_of = vec![0; span as usize + 1];
        known().for_each(|value| bin_of[(value - lowest) as usize] = 1);
        let mut values = Vec::new();
        for (value, bin) in (lowest..).zip(&mut bin_of).filter(|(_, bin)| **bin > 0) {
            values.push(value);
            *bin = values.len() as u32;
        }
        let of_record = column.iter().map(|value| value.map_or(0, |value| bin_of[(value - lowest) as usize]));
        Self { of_record: of_record.collect(), values }
    }

    /// Counters that a histogram of this column needs.
    fn len(&self) -> usize {
        self.values.len() + 1
    }
}

impl<'b> Counters<'b> {
    /// Plans the counters of all cells, of as many at a time as there is room for.
    pub(super) fn plan(bins: &'b [Bins], cells: &[CellCount]) -> Result<Vec<Self>, Error> {
        Self::plan_within(bins, cells, MOST)
    }

    fn plan_within(bins: &'b [Bins], cells: &[CellCount], most: usize) -> Result<Vec<Self>, Error> {
        let mut plans = Vec::new();
        let mut start = 0;
        let needed = |cell: &CellCount| cell.histograms.keys().map(|value| bins[*value].len()).sum::<usize>();
        let mut room = 0;
        for (place, cell) in cells.iter().enumerate() {
            let more = needed(cell);
            if room + more > most && place > start {
                plans.push(Self::of(bins, cells, start..place)?);
                (start, room) = (place, 0);
            }
            room += more;
        }
        plans.push(Self::of(bins, cells, start..cells.len())?);
        Ok(plans)
    }

    fn of(bins: &'b [Bins], cells: &[CellCount], range: Range<CellId>) -> Result<Self, Error> {
        let mut first = Vec::with_capacity(cells.len() + 1);
        let mut histograms = Vec::new();
        let mut needed = 0_u32;
        for (cell, count) in cells.iter().enumerate() {
            first.push(histograms.len() as u32);
            for value in count.histograms.keys().filter(|_| range.contains(&cell)) {
                histograms.push(Place { value: *value as u32, start: needed });
                let more = u32::try_from(bins[*value].len()).ok();
                needed = more.and_then(|more| needed.checked_add(more)).ok_or_else(|| {
                    Error::cube("a statistic has too many different values; merge its values or drop it")
                })?;
            }
        }
        first.push(histograms.len() as u32);
        Ok(Self { bins, cells: range, first, histograms, needed })
    }

    /// Counters of nothing yet.
    pub(super) fn empty(&self) -> Vec<u32> {
        vec![0; self.needed as usize]
    }

    /// The bin of a record in every column.
    pub(super) fn bins_of(&self, record: usize, found: &mut Vec<u32>) {
        found.clear();
        found.extend(self.bins.iter().map(|bins| bins.of_record[record]));
    }

    /// Counts a record, given by its bins, in a cell.
    #[inline]
    pub(super) fn add(&self, cell: CellId, of_record: &[u32], counts: &mut [u32]) {
        let histograms = self.first[cell] as usize..self.first[cell + 1] as usize;
        for place in &self.histograms[histograms] {
            counts[(place.start + of_record[place.value as usize]) as usize] += 1;
        }
    }

    /// Fills the histograms of the cells that these counters are of.
    pub(super) fn fill(&self, counts: &[u32], cells: &mut [CellCount]) -> Result<(), Error> {
        let mut histograms = self.histograms.iter();
        for cell in &mut cells[self.cells.clone()] {
            for ((value, histogram), place) in cell.histograms.iter_mut().zip(&mut histograms) {
                let counts = &counts[place.start as usize + 1..];
                for (value, count) in self.bins[*value].values.iter().zip(counts) {
                    histogram.add_many(*value, u64::from(*count))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::Histogram;

    proptest! {
        #[test]
        fn bins_are_the_places_of_values_among_those_that_occur(
            column in proptest::collection::vec(proptest::option::of(-40..40_i64), 0..200),
            scale in prop_oneof![Just(1_i64), Just(1 << 40)],
        ) {
            let column: Vec<Option<i64>> = column.into_iter().map(|value| value.map(|value| value * scale)).collect();
            let bins = Bins::new(&column);
            prop_assert!(bins.values.windows(2).all(|pair| pair[0] < pair[1]));
            for (value, bin) in column.iter().zip(&bins.of_record) {
                prop_assert_eq!(*value, bin.checked_sub(1).map(|place| bins.values[place as usize]));
            }
            prop_assert!(bins.values.iter().all(|value| column.contains(&Some(*value))));
        }
    }

    #[test]
    fn cells_counted_a_few_at_a_time_have_the_histograms_of_all_at_once() {
        let columns = [vec![Some(2), None, Some(5), Some(2)], vec![Some(-1), Some(0), None, Some(0)]];
        let bins: Vec<Bins> = columns.iter().map(|column| Bins::new(column)).collect();
        let mut empty = vec![CellCount::new(); 3];
        for (cell, value) in [(0, 0), (0, 1), (1, 1), (2, 0)] {
            empty[cell].histograms.insert(value, Histogram::new(1).unwrap());
        }
        let filled = |most: usize| {
            let mut cells = empty.clone();
            let rounds = Counters::plan_within(&bins, &cells, most).unwrap();
            for counters in &rounds {
                let (mut counts, mut of_record) = (counters.empty(), Vec::new());
                for record in 0..4 {
                    counters.bins_of(record, &mut of_record);
                    (0..3).for_each(|cell| counters.add(cell, &of_record, &mut counts));
                }
                counters.fill(&counts, &mut cells).unwrap();
            }
            (rounds.len(), cells)
        };
        let (rounds, at_once) = filled(MOST);
        assert_eq!((rounds, at_once[0].histograms[&0].n(), at_once[0].histograms[&1].n()), (1, 3, 3));
        for (most, expected) in [(1, 3), (6, 2)] {
            let (rounds, cells) = filled(most);
            assert_eq!(rounds, expected);
            assert!(cells.iter().zip(&at_once).all(|(one, other)| one.same_as(other)));
        }
    }
}
