//! Histograms while records are counted: the values of a column as numbers of bins, and one counter for every bin of every cell.
//! A numeric kernel: it indexes counters by bins that it numbered itself.
#![allow(clippy::indexing_slicing)]

use std::mem;

use super::count::CellCount;
use super::grid::CellId;
use crate::error::Error;
use crate::stats::Histogram;

/// The values of one column that occur, in ascending order, and the place of each record's value among them.
pub(super) struct Bins {
    values: Vec<i64>,
    of_record: Vec<u32>,
}

/// The bin of a record without a value.
const NONE: u32 = u32::MAX;

/// One counter for every bin of the histograms of cells.
pub(super) struct Counters<'b> {
    bins: &'b [Bins],
    /// By cell: its histograms, each with the value that it is of, and where its counters begin.
    of_cell: Vec<Vec<(usize, usize)>>,
    empty: Vec<(CellId, usize, Histogram)>,
    counts: Vec<u32>,
}

/// More counters than this, 128 MB of them for a thread, are left to the histograms of the cells themselves.
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
            let bin = |value: i64| values.partition_point(|known| *known < value) as u32;
            let of_record = column.iter().map(|value| value.map_or(NONE, bin)).collect();
            return Self { values, of_record };
        };
        let mut bin_of = vec![NONE; span as usize + 1];
        known().for_each(|value| bin_of[(value - lowest) as usize] = 0);
        let mut values = Vec::new();
        for (value, bin) in (lowest..).zip(&mut bin_of).filter(|(_, bin)| **bin == 0) {
            *bin = values.len() as u32;
            values.push(value);
        }
        let of_record =
            column.iter().map(|value| value.map_or(NONE, |value| bin_of[(value - lowest) as usize]));
        Self { of_record: of_record.collect(), values }
    }
}

impl<'b> Counters<'b> {
    /// Takes the histograms of cells over, as far as there is room for their counters.
    pub(super) fn take(bins: &'b [Bins], cells: &mut [CellCount]) -> Self {
        let mut taken =
            Self { bins, of_cell: vec![Vec::new(); cells.len()], empty: Vec::new(), counts: Vec::new() };
        let mut room = 0;
        for (cell, count) in cells.iter_mut().enumerate() {
            let needed: usize = count.histograms.keys().map(|value| bins[*value].values.len()).sum();
            if room + needed > MOST {
                continue;
            }
            for (value, histogram) in mem::take(&mut count.histograms) {
                taken.of_cell[cell].push((value, room));
                taken.empty.push((cell, value, histogram));
                room += bins[value].values.len();
            }
        }
        taken.counts = vec![0; room];
        taken
    }

    /// Counts a record's values in a cell.
    #[inline]
    pub(super) fn add(&mut self, cell: CellId, record: usize) {
        for (value, start) in &self.of_cell[cell] {
            let bin = self.bins[*value].of_record[record];
            if bin != NONE {
                self.counts[start + bin as usize] += 1;
            }
        }
    }

    /// Gives the histograms back.
    pub(super) fn give_back(self, cells: &mut [CellCount]) -> Result<(), Error> {
        let starts = self.of_cell.iter().flatten();
        for ((cell, value, mut histogram), (_, start)) in self.empty.into_iter().zip(starts) {
            let values = &self.bins[value].values;
            for (value, count) in values.iter().zip(&self.counts[*start..]) {
                histogram.add_many(*value, u64::from(*count))?;
            }
            cells[cell].histograms.insert(value, histogram);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
                prop_assert_eq!(*value, bins.values.get(*bin as usize).copied());
            }
            prop_assert!(bins.values.iter().all(|value| column.contains(&Some(*value))));
        }
    }
}
