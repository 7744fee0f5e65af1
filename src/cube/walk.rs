//! Which cells each record lies in: the one walk over the records that every pass shares. A numeric kernel: it indexes its
//! own dense tables with numbers that it made itself and checked against their sizes.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::ops::Range;

use super::grid::{Axis, Grid, Key};
use crate::cohort::{Column, Derived};
use crate::error::Error;

/// The regions of every axis that each record lies in.
pub(super) struct Memberships(Vec<Membership>);

/// Finds the cells, among chosen ones, that a record lies in.
pub(super) struct Walk<'m> {
    memberships: &'m Memberships,
    bundles: Vec<Bundle>,
    /// The records whose kinds every bundle knows.
    block: Range<usize>,
    hits: Vec<usize>,
    next: Vec<usize>,
}

/// Families of few axes between them: what was found for a record is found for all that are alike on these axes.
struct Bundle {
    axes: Vec<usize>,
    families: Vec<Family>,
    memo: Memo,
}

/// Cells that restrict the same axes, with a dense table from the regions that a record lies in to the cell.
struct Family {
    axes: Vec<usize>,
    places: Vec<Places>,
    cells: Vec<Option<u32>>,
}

/// What was found for records alike on all axes of a bundle; empty where there are too many kinds of records.
#[derive(Default)]
struct Memo {
    /// By the lists of a record on each axis: where its cells stand.
    spans: Vec<Option<(usize, usize)>>,
    strides: Vec<u32>,
    cells: Vec<u32>,
    /// The kinds of the records of a block.
    kinds: Vec<u32>,
}

/// The regions of one axis that a family uses, as positions in its dense table.
#[derive(Clone, Default)]
struct Places {
    of_region: Vec<Option<usize>>,
    used: usize,
}

/// The regions of one axis that each record lies in; records in the same regions share a list.
struct Membership {
    lists: Vec<Vec<u16>>,
    list_of: Vec<u32>,
}

impl Memberships {
    /// Looks up every axis of a grid once; `column` computes what an axis is about, record by record.
    pub(super) fn new(
        grid: &Grid,
        mut column: impl FnMut(&Derived) -> Result<Column, Error>,
    ) -> Result<Self, Error> {
        let mut memberships = Vec::with_capacity(grid.axes().len());
        for axis in grid.axes() {
            memberships.push(Membership::new(&column(&axis.derived)?, axis));
        }
        Ok(Self(memberships))
    }

    /// How many records there are, as far as any axis knows them.
    fn records(&self) -> usize {
        self.0.iter().map(|axis| axis.list_of.len()).max().unwrap_or(usize::MAX)
    }
}

impl<'m> Walk<'m> {
    /// So many records are looked up at a time: their kinds stay in the processor's nearest memory.
    const BLOCK: usize = 256;

    /// Prepares the search for cells with these keys.
    pub(super) fn new<'k>(
        keys: impl IntoIterator<Item = &'k Key>,
        memberships: &'m Memberships,
    ) -> Result<Self, Error> {
        let mut members: BTreeMap<Vec<usize>, Vec<(usize, Vec<u16>)>> = BTreeMap::new();
        for (place, key) in keys.into_iter().enumerate() {
            let axes = key.iter().map(|(axis, _)| usize::from(*axis)).collect();
            let regions = key.iter().map(|(_, region)| *region).collect();
            members.entry(axes).or_default().push((place, regions));
        }
        let families = members.into_iter().map(|(axes, members)| Family::new(axes, &members));
        let bundles = Bundle::of(families.collect::<Result<_, _>>()?, memberships);
        Ok(Self { memberships, bundles, block: 0..0, hits: Vec::new(), next: Vec::new() })
    }

    /// Appends the cells that a record lies in, each once, by the places of their keys.
    pub(super) fn cells_of(&mut self, record: usize, found: &mut Vec<usize>) {
        if !self.block.contains(&record) {
            self.meet_block(record);
        }
        let Self { memberships, bundles, block, hits, next } = self;
        for bundle in bundles.iter_mut() {
            let kind = bundle.memo.kinds.get(record - block.start).map(|kind| *kind as usize);
            if let Some((start, end)) = kind.and_then(|kind| bundle.memo.spans[kind]) {
                found.extend(bundle.memo.cells[start..end].iter().map(|cell| *cell as usize));
                continue;
            }
            let before = found.len();
            for family in &bundle.families {
                family.cells_of(record, memberships, (hits, next), found);
            }
            if let Some(kind) = kind {
                let memo = &mut bundle.memo;
                let start = memo.cells.len();
                memo.cells.extend(found[before..].iter().map(|cell| *cell as u32));
                memo.spans[kind] = Some((start, memo.cells.len()));
            }
        }
    }

    /// Looks up the kinds of a record and of those that follow it: a column at a time is much faster than a record at a time.
    fn meet_block(&mut self, first: usize) {
        let end = self.memberships.records().min(first + Self::BLOCK);
        self.block = first..end;
        for bundle in &mut self.bundles {
            bundle.meet_kinds(first..end, self.memberships);
        }
    }
}

impl Bundle {
    /// More kinds of records than this are not remembered.
    const MOST_KINDS: usize = 1 << 16;

    /// Families are put together while their kinds stay fewer than this, so that most records are of a known one.
    const MOST_KINDS_TOGETHER: usize = 1 << 10;

    /// Each family joins the bundle that grows least, if any has room for it.
    fn of(families: Vec<Family>, memberships: &Memberships) -> Vec<Self> {
        let mut bundles: Vec<Self> = Vec::new();
        for family in families {
            let grown = bundles.iter().enumerate().filter_map(|(place, bundle)| {
                let axes = united(&bundle.axes, &family.axes);
                let before = kinds(&bundle.axes, memberships)?;
                let kinds = kinds(&axes, memberships).filter(|kinds| *kinds <= Self::MOST_KINDS_TOGETHER)?;
                Some((kinds / before.max(1), kinds, place, axes))
            });
            match grown.min() {
                Some((_, _, place, axes)) => {
                    bundles[place].axes = axes;
                    bundles[place].families.push(family);
                }
                None => {
                    let axes = family.axes.clone();
                    bundles.push(Self { axes, families: vec![family], memo: Memo::default() });
                }
            }
        }
        for bundle in &mut bundles {
            let Some(all) = kinds(&bundle.axes, memberships).filter(|all| *all <= Self::MOST_KINDS) else {
                continue;
            };
            let mut stride = 1;
            for axis in &bundle.axes {
                bundle.memo.strides.push(stride as u32);
                stride *= memberships.0[*axis].lists.len();
            }
            bundle.memo.spans = vec![None; all];
        }
        bundles
    }

    /// What tells these records from others on this bundle's axes, where kinds are remembered.
    fn meet_kinds(&mut self, records: Range<usize>, memberships: &Memberships) {
        let Memo { spans, strides, kinds, .. } = &mut self.memo;
        kinds.clear();
        if spans.is_empty() {
            return;
        }
        kinds.resize(records.len(), 0);
        for (axis, stride) in self.axes.iter().zip(strides) {
            let lists = &memberships.0[*axis].list_of[records.clone()];
            kinds.iter_mut().zip(lists).for_each(|(kind, list)| *kind += list * *stride);
        }
    }
}

/// How many kinds of records some axes tell apart; nothing where these are beyond counting.
fn kinds(axes: &[usize], memberships: &Memberships) -> Option<usize> {
    axes.iter().try_fold(1_usize, |kinds, axis| kinds.checked_mul(memberships.0[*axis].lists.len()))
}

/// The axes of both, ascending.
fn united(one: &[usize], other: &[usize]) -> Vec<usize> {
    let mut axes = [one, other].concat();
    axes.sort_unstable();
    axes.dedup();
    axes
}

impl Family {
    /// A dense table larger than this would not fit the memory of a small machine beside the others.
    const LARGEST: usize = 16_000_000;

    fn new(axes: Vec<usize>, members: &[(usize, Vec<u16>)]) -> Result<Self, Error> {
        let mut places = vec![Places::default(); axes.len()];
        for (_, regions) in members {
            for (place, region) in places.iter_mut().zip(regions) {
                place.add(*region);
            }
        }
        let size = places.iter().try_fold(1_usize, |size, place| size.checked_mul(place.used));
        let size = size.filter(|size| *size <= Self::LARGEST);
        let size = size.ok_or_else(|| {
            Error::cube("a table crosses too many levels; drop a dimension or merge levels")
        })?;
        let mut cells = vec![None; size];
        for (cell, regions) in members {
            let position = places
                .iter()
                .zip(regions)
                .fold(0, |sum, (place, region)| sum * place.used + place.of(*region).unwrap_or_default());
            cells[position] = Some(*cell as u32);
        }
        Ok(Self { axes, places, cells })
    }

    /// Appends the cells of this family that a record lies in.
    fn cells_of(
        &self,
        record: usize,
        memberships: &Memberships,
        (hits, next): (&mut Vec<usize>, &mut Vec<usize>),
        found: &mut Vec<usize>,
    ) {
        hits.clear();
        hits.push(0);
        for (axis, places) in self.axes.iter().zip(&self.places) {
            let regions = memberships.0[*axis].regions_of(record);
            next.clear();
            for hit in hits.iter() {
                let places_of_record = regions.iter().filter_map(|region| places.of(*region));
                next.extend(places_of_record.map(|place| hit * places.used + place));
            }
            mem::swap(hits, next);
        }
        found.extend(hits.iter().filter_map(|hit| self.cells[*hit]).map(|cell| cell as usize));
    }
}

impl Places {
    fn add(&mut self, region: u16) {
        let region = usize::from(region);
        if self.of_region.len() <= region {
            self.of_region.resize(region + 1, None);
        }
        if self.of_region[region].is_none() {
            self.of_region[region] = Some(self.used);
            self.used += 1;
        }
    }

    fn of(&self, region: u16) -> Option<usize> {
        self.of_region.get(usize::from(region)).copied().flatten()
    }
}

impl Membership {
    /// A wider span of values is looked up by hashing.
    const LONGEST_TABLE: i64 = 1 << 20;

    fn new(column: &Column, axis: &Axis) -> Self {
        let mut lists: Vec<Vec<u16>> = Vec::new();
        let mut alike: HashMap<Vec<u16>, u32> = HashMap::new();
        let mut list_for = |value: Option<i64>| {
            let regions = (0_u16..).zip(&axis.regions);
            let list: Vec<u16> =
                regions.filter(|(_, region)| region.contains(value)).map(|(id, _)| id).collect();
            *alike.entry(list.clone()).or_insert_with(|| {
                lists.push(list);
                (lists.len() - 1) as u32
            })
        };
        let values = column.values.iter().copied();
        let lowest = values.clone().flatten().min().unwrap_or_default();
        let highest = values.clone().flatten().max().unwrap_or_default();
        let list_of = match highest.checked_sub(lowest) {
            // Codes, days and most scores lie close together: a table is faster than hashing.
            Some(span) if span < Self::LONGEST_TABLE => {
                let mut known: Vec<Option<u32>> = vec![None; span as usize + 2];
                let place = |value: Option<i64>| value.map_or(0, |value| (value - lowest) as usize + 1);
                values.map(|value| *known[place(value)].get_or_insert_with(|| list_for(value))).collect()
            }
            _ => {
                let mut known: HashMap<Option<i64>, u32> = HashMap::new();
                values.map(|value| *known.entry(value).or_insert_with(|| list_for(value))).collect()
            }
        };
        Self { lists, list_of }
    }

    fn regions_of(&self, record: usize) -> &[u16] {
        &self.lists[self.list_of[record] as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::cohort::Region;
    use crate::cube::grid::Constraints;

    #[test]
    fn a_record_lies_in_every_chosen_cell_whose_regions_hold_its_values() {
        let mut grid = Grid::default();
        let day = |first, last| Constraints::default().and(Derived::Visit, Region::range(first, last));
        let newest = |constraints: Constraints, flag| {
            constraints.and(Derived::Newest { first: 0, last: 9 }, Region::codes([flag]))
        };
        let everyone = grid.cell(&Constraints::default()).unwrap();
        let early = grid.cell(&day(0, 5)).unwrap();
        let all_days = grid.cell(&day(0, 9)).unwrap();
        let early_and_newest = grid.cell(&newest(day(0, 5), 1)).unwrap();
        let late_and_older = grid.cell(&newest(day(6, 9), 0)).unwrap();
        // Visits on the days 3, 7 and 8; the third record has no answer to the second question.
        let memberships = Memberships::new(&grid, |derived| {
            let values = match derived {
                Derived::Visit => vec![Some(3), Some(7), Some(8)],
                _ => vec![Some(1), Some(0), None],
            };
            Ok(Column { values: Rc::new(values), per_unit: 1 })
        })
        .unwrap();
        let chosen = [late_and_older, everyone, early, all_days, early_and_newest];
        let mut walk = Walk::new(chosen.map(|cell| &grid.keys()[cell]), &memberships).unwrap();
        for (record, expected) in [vec![1, 2, 3, 4], vec![0, 1, 3], vec![1, 3]].into_iter().enumerate() {
            let mut found = Vec::new();
            walk.cells_of(record, &mut found);
            found.sort_unstable();
            assert_eq!(found, expected, "record {record}");
        }
    }
}
