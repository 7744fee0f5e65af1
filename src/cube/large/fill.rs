//! The histograms of cells, added up from those of the groups that the cells are made of, one measure at a time on every core.
//! A numeric kernel: it indexes by the numbers of groups, cells and bins that the shape made.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::thread;

use super::inside::Inside;
use super::partial::PartialCube;
use super::shape::Measure;
use super::support::Support;
use crate::cube::count::CellCount;
use crate::cube::grid::CellId;
use crate::error::Error;
use crate::stats::Histogram;

impl PartialCube {
    /// Adds up the histograms of values, given with their measures, on every core.
    pub(super) fn fill(
        &self,
        values: &BTreeMap<usize, usize>,
        groups: &[u64],
        inside: &Inside,
        cells: &mut [CellCount],
    ) -> Result<(), Error> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let values: Vec<(usize, usize)> = values.iter().map(|(value, measure)| (*value, *measure)).collect();
        let counted = &*cells;
        let filled = thread::scope(|scope| {
            let parts = values.chunks(values.len().div_ceil(cores).max(1));
            let fill = |part: &[(usize, usize)]| -> Result<Vec<_>, Error> {
                let filled = part.iter().map(|(value, measure)| {
                    Ok((*value, self.histograms(*value, *measure, groups, inside, counted)?))
                });
                filled.collect()
            };
            let threads: Vec<_> = parts.map(|part| scope.spawn(move || fill(part))).collect();
            let ended = threads.into_iter().map(|thread| {
                // A thread ends without a result only where it panicked; its message is not passed on.
                thread.join().map_err(|_| Error::cube("counting stopped before its end"))?
            });
            ended.collect::<Result<Vec<_>, Error>>()
        })?;
        for (value, histograms) in filled.into_iter().flatten() {
            for (cell, histogram) in histograms {
                cells[cell].histograms.insert(value, histogram);
            }
        }
        Ok(())
    }

    /// The histograms of one value in the cells that need it.
    fn histograms(
        &self,
        value: usize,
        measure: usize,
        groups: &[u64],
        inside: &Inside,
        cells: &[CellCount],
    ) -> Result<Vec<(CellId, Histogram)>, Error> {
        let Measure { support, .. } = &self.shape.measures[measure];
        let bins = support.len() + 1;
        let runs = &self.measures[measure];
        // Where the bins of each group begin.
        let mut starts = Vec::with_capacity(groups.len() + 1);
        let mut place = 0;
        for group in groups {
            while runs.keys.get(place).is_some_and(|key| key / (bins as u64) < *group) {
                place += 1;
            }
            starts.push(place);
        }
        starts.push(runs.keys.len());
        let needs = cells.iter().map(|cell| cell.histograms.get(&value).map(Histogram::per_unit));
        let needs: Vec<Option<u64>> = needs.collect();
        let mut groups_of: Vec<Vec<u32>> = vec![Vec::new(); cells.len()];
        for group in 0..groups.len() {
            let of_group = inside.cells(self.records.keys.len() + group);
            of_group
                .filter(|cell| needs[*cell].is_some())
                .for_each(|cell| groups_of[cell].push(group as u32));
        }
        let mut sums = vec![0_u64; bins];
        let mut filled = Vec::new();
        for (cell, (per_unit, groups)) in needs.iter().zip(&groups_of).enumerate() {
            let Some(per_unit) = per_unit else { continue };
            sums.fill(0);
            for group in groups {
                let group = *group as usize;
                for run in starts[group]..starts[group + 1] {
                    sums[(runs.keys[run] % bins as u64) as usize] += runs.counts[run];
                }
            }
            filled.push((cell, histogram_of(&sums, support, *per_unit)?));
        }
        Ok(filled)
    }
}

/// The last bin is of missing values, which no histogram holds.
fn histogram_of(sums: &[u64], support: &Support, per_unit: u64) -> Result<Histogram, Error> {
    let mut histogram = Histogram::new(per_unit)?;
    for (steps, count) in support.values().iter().zip(sums) {
        histogram.add_many(*steps, *count)?;
    }
    Ok(histogram)
}
