//! From crossings to the cells of a plan: every margin and every level of a hierarchy is added up from the finest counts, and
//! none is counted again. A numeric kernel: it indexes by the numbers of crossings, cells and bins that it made itself.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use super::counters::Runs;
use super::distinct::{self, MOST, Places};
use super::inside::{Inside, Parted};
use super::partial::{PartialCube, Patients};
use super::patients::crossing_of;
use super::shape::{ANSWERED, Measure, is_asked_by_others};
use crate::cohort::{Column, Derived, Region};
use crate::cube::count::{CellCount, Cube, IdentityKey, empty_cells, printed_counts};
use crate::cube::grid::{Axis, CellId, Grid, Key};
use crate::cube::nested::{Counted, Crossings, Members, Nested};
use crate::cube::owners::Owned;
use crate::cube::refine::refine;
use crate::cube::resolve::resolve;
use crate::cube::sheet::{Place, Plan};
use crate::cube::walk::{Memberships, Walk};
use crate::error::Error;
use crate::stats::Histogram;

impl PartialCube {
    /// Rolls the counts up to the cells of the plan's tables and charts.
    ///
    /// # Errors
    /// As [`Cohort::aggregate`](crate::Cohort::aggregate).
    pub fn into_cube(self) -> Result<Cube, Error> {
        let plan = self.shape.plan.clone();
        Arc::new(self).cube(plan)
    }

    /// The cube of this plan or a coarser one.
    pub(in crate::cube) fn cube(self: Arc<Self>, plan: Plan) -> Result<Cube, Error> {
        let shape = &self.shape;
        let mut resolved = resolve(&shape.cohort, &plan)?;
        let mut places = resolved.sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| &row.places);
        let counts_patients = places.any(|place| matches!(place, Place::Patients { .. }));
        if counts_patients && matches!(self.patients, Patients::AtLeast(_)) {
            return Err(Error::cube(
                "distinct patients of groups that are made of several are not known from cells; print counts of courses",
            ));
        }
        let equations = refine(&mut resolved.grid)?;
        let grid = &resolved.grid;
        let mut regions =
            grid.axes().iter().flat_map(|axis| axis.regions.iter().map(|region| (&axis.derived, region)));
        let answered = shape.axes.iter().filter(|axis| axis.is_answered);
        let asks_otherwise =
            answered.map(|axis| &axis.derived).any(|axis| is_asked_by_others(axis, &resolved));
        if asks_otherwise || !regions.all(|(derived, region)| shape.tells(derived, region)) {
            return Err(Error::cube("the plan is by other groups than the large cohort was counted by"));
        }
        let mut per_unit = Vec::with_capacity(resolved.values.len());
        let mut measures = BTreeMap::new();
        for (number, value) in resolved.values.iter().enumerate() {
            let known = shape.measures.iter().position(|measure| measure.derived == value.derived);
            per_unit.push(known.map_or(1, |known| shape.measures[known].support.per_unit));
            measures.extend(known.map(|known| (number, known)));
        }
        let mut cells = empty_cells(&resolved, &per_unit)?;
        let groups = self.groups();
        let parted = self.parted(grid);
        let inside = self.inside(grid, &parted, &groups)?;
        let few = self.meet(&parted, &inside, &mut cells)?;
        self.fill(&measures, &groups, &inside, &mut cells)?;
        let nested = Nested::find(&Counted {
            grid,
            codebook: shape.codebook(),
            members: Members::Crossings(&Occupied { records: &self.records, inside: &inside, few: &few }),
            cells: &cells,
            equations: &equations,
            printed: &printed_counts(&resolved, &[]),
        })?;
        let cohort = shape.cohort.clone();
        Ok(Cube::assembled(
            cohort,
            plan,
            resolved,
            Vec::new(),
            equations,
            cells,
            nested,
            Some(Arc::clone(&self)),
        ))
    }

    /// The occupied groups, whatever was answered in them.
    fn groups(&self) -> Vec<u64> {
        let mut groups: Vec<u64> =
            self.records.keys.iter().map(|crossing| crossing % self.shape.groups).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// What an axis says of crossings: a value that lies where all of its atom do. With `answered`, every measure has a value,
    /// which is what a cell that needs its values asks for.
    fn values_on(&self, derived: &Derived, crossings: &[u64], answered: bool) -> Column {
        let axis = self.shape.axes.iter().find(|axis| axis.derived == *derived);
        let value = |crossing: u64| match axis {
            Some(axis) if answered && axis.is_answered => ANSWERED,
            Some(axis) => {
                axis.atoms.representative((crossing / axis.stride % axis.atoms.len() as u64) as u16)
            }
            None => None,
        };
        Column { values: Rc::new(crossings.iter().map(|crossing| value(*crossing)).collect()), per_unit: 1 }
    }

    fn parted(&self, grid: &Grid) -> Parted {
        let is_answered = |axis: &Axis| {
            self.shape.axes.iter().any(|known| known.is_answered && known.derived == axis.derived)
        };
        let demands: Vec<bool> = grid.axes().iter().map(is_answered).collect();
        Parted::new(grid.keys(), |axis| demands.get(usize::from(axis)).copied().unwrap_or_default())
    }

    /// The cells of every occupied crossing, and then those of every occupied group where everything is answered.
    fn inside(&self, grid: &Grid, parted: &Parted, groups: &[u64]) -> Result<Inside, Error> {
        let each = self.shape.groups;
        let mut answers: Vec<u64> = self.records.keys.iter().map(|crossing| crossing / each * each).collect();
        answers.sort_unstable();
        answers.dedup();
        let place = |list: &[u64], thing: u64| list.partition_point(|known| *known < thing);
        let crossings = self
            .records
            .keys
            .iter()
            .map(|crossing| (place(groups, crossing % each), place(&answers, crossing / each * each)));
        let of_groups = (0..groups.len()).map(|group| (group, answers.len()));
        let stems = self.lists(grid, &parted.stems, groups, false)?;
        let mut demands = self.lists(grid, &parted.demands, &answers, false)?;
        demands.extend(self.lists(grid, &parted.demands, &[0], true)?);
        Ok(Inside::new(parted, crossings.chain(of_groups), &stems, &demands))
    }

    /// Which of some keys of cells each of some crossings fits.
    fn lists(
        &self,
        grid: &Grid,
        keys: &[Key],
        crossings: &[u64],
        answered: bool,
    ) -> Result<Vec<Vec<u32>>, Error> {
        let memberships = Memberships::new(grid, |derived| Ok(self.values_on(derived, crossings, answered)))?;
        let mut walk = Walk::new(keys, &memberships)?;
        let mut found = Vec::new();
        let list_of = |crossing| {
            found.clear();
            walk.cells_of(crossing, &mut found);
            found.iter().map(|place| *place as u32).collect()
        };
        Ok((0..crossings.len()).map(list_of).collect())
    }

    /// Counts the records and patients of every cell; gives the first patients of every crossing.
    fn meet(&self, parted: &Parted, inside: &Inside, cells: &mut [CellCount]) -> Result<Few, Error> {
        // Beside each other: a cell is large, and each crossing lies in many.
        let mut tallies = vec![(0_u64, 0_u128); cells.len()];
        for (crossing, (key, records)) in self.records.iter().enumerate() {
            let identity = IdentityKey::WITHOUT_LEDGER.of_record(&key.to_string());
            for cell in inside.cells(crossing) {
                let (all, identities) = &mut tallies[cell];
                *all += records;
                *identities = identities.wrapping_add(identity);
            }
        }
        for (cell, (records, identity)) in cells.iter_mut().zip(&tallies) {
            cell.add_records(*records, *identity);
        }
        match &self.patients {
            Patients::EachRecord => {
                let ranges = ranges(&self.records.counts)?;
                let mut missing: Vec<u32> = tallies.iter().map(|(records, _)| few(*records)).collect();
                for (crossing, range) in ranges.iter().enumerate() {
                    for cell in inside.cells(crossing) {
                        let missing = &mut missing[cell];
                        let new = range.start..range.end.min(range.start + *missing);
                        *missing -= new.end - new.start;
                        if !new.is_empty() {
                            cells[cell].few.extend(new);
                        }
                    }
                }
                cells.iter_mut().for_each(|cell| cell.patients = cell.records);
                Ok(Few::Ranges(ranges))
            }
            Patients::Met(pairs) => {
                let met = distinct::count(pairs, &self.records.keys, parted, inside)?;
                for ((cell, patients), few) in cells.iter_mut().zip(&met.of_cell).zip(met.few_of_cell) {
                    cell.add_patients(*patients, few);
                }
                Ok(Few::Lists(met.few_of_crossing))
            }
            Patients::AtLeast(patients) => {
                // They may be the same ones everywhere: no union is counted as larger than its largest part.
                let ranges: Vec<Range<u32>> = patients.iter().map(|patients| 0..few(*patients)).collect();
                for (crossing, (patients, few)) in patients.iter().zip(&ranges).enumerate() {
                    inside.cells(crossing).for_each(|cell| cells[cell].has_at_least(*patients, few.clone()));
                }
                Ok(Few::Ranges(ranges))
            }
        }
    }

    /// Adds up the histograms of values, given with their measures, on every core.
    fn fill(
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

    /// For each owner its records in every cell of a cube that was rolled up from these crossings.
    pub(in crate::cube) fn owned(
        &self,
        cube: &Cube,
        derived: &Derived,
        owners: &[Region],
    ) -> Result<Vec<Owned>, Error> {
        let is_told = owners.iter().all(|owner| self.shape.tells(derived, owner));
        if !is_told || matches!(self.patients, Patients::AtLeast(_)) {
            return Err(Error::cube(
                "the policy looks at readers inside, and this large cohort does not tell whose courses are whose: count it \
                 with the unit's column, or protect by a policy without readers inside",
            ));
        }
        let grid = &cube.resolved.grid;
        let inside = self.inside(grid, &self.parted(grid), &self.groups())?;
        let units = self.values_on(derived, &self.records.keys, false);
        let owner_of =
            |crossing: usize| owners.iter().position(|owner| owner.contains(units.values[crossing]));
        let mut owned = vec![Owned::new(); owners.len()];
        for (crossing, records) in self.records.counts.iter().enumerate() {
            let Some(owner) = owner_of(crossing) else { continue };
            for cell in inside.cells(crossing) {
                *owned[owner].entry(cell).or_default() += *records;
            }
        }
        let patients = self.patients_of(owners.len(), owner_of, &cube.cells[grid.len()..])?;
        for (cell, piece) in cube.cells.iter().enumerate().skip(grid.len()) {
            if piece.patients as usize <= CellCount::FEW {
                for (cells, own) in owned.iter_mut().zip(&patients) {
                    let here = piece.few.iter().filter(|patient| own.contains(*patient)).count() as u64;
                    if here > 0 {
                        cells.insert(cell, here);
                    }
                }
            }
        }
        Ok(owned)
    }

    /// Which patients of small pieces each owner has seen, anywhere.
    fn patients_of(
        &self,
        owners: usize,
        owner_of: impl Fn(usize) -> Option<usize>,
        pieces: &[CellCount],
    ) -> Result<Vec<BTreeSet<u32>>, Error> {
        let wanted: BTreeSet<u32> = pieces.iter().flat_map(|piece| piece.few.iter().copied()).collect();
        let mut patients = vec![BTreeSet::new(); owners];
        match &self.patients {
            Patients::EachRecord => {
                for (crossing, few) in ranges(&self.records.counts)?.into_iter().enumerate() {
                    if let Some(owner) = owner_of(crossing) {
                        patients[owner].extend(wanted.range(few));
                    }
                }
            }
            Patients::Met(pairs) => {
                let places = Places::new(&self.records.keys);
                for (number, pairs) in
                    pairs.parts().flat_map(distinct::numbered).filter(|(number, _)| wanted.contains(number))
                {
                    for owner in pairs.iter().filter_map(|pair| owner_of(places.of(crossing_of(*pair))?)) {
                        patients[owner].insert(number);
                    }
                }
            }
            Patients::AtLeast(_) => {}
        }
        Ok(patients)
    }
}

/// The first patients of every crossing by number, all of them where they are few.
enum Few {
    Ranges(Vec<Range<u32>>),
    Lists(Vec<Vec<u32>>),
}

/// As many numbers as are given to so many patients.
fn few(patients: u64) -> u32 {
    patients.min(MOST as u64) as u32
}

/// Numbers for the patients of every crossing where each record is of another one.
fn ranges(records: &[u64]) -> Result<Vec<Range<u32>>, Error> {
    let too_many = || Error::cube("there are more patients than can be numbered");
    let mut next = 0_u32;
    let range = |records: &u64| {
        let start = next;
        next = next.checked_add(few(*records)).ok_or_else(too_many)?;
        Ok(start..next)
    };
    records.iter().map(range).collect()
}

/// The occupied crossings, as what nested cells are found by.
struct Occupied<'o> {
    records: &'o Runs,
    inside: &'o Inside,
    few: &'o Few,
}

impl Crossings for Occupied<'_> {
    fn records(&self) -> &[u64] {
        &self.records.counts
    }

    fn cells(&self, crossing: usize, found: &mut Vec<CellId>) {
        found.extend(self.inside.cells(crossing));
    }

    fn patients(&self, crossing: usize, found: &mut Vec<u32>) {
        match self.few {
            Few::Ranges(ranges) => found.extend(ranges[crossing].clone()),
            Few::Lists(lists) => found.extend(&lists[crossing]),
        }
    }
}

/// The last bin is of missing values, which no histogram holds.
fn histogram_of(sums: &[u64], support: &super::support::Support, per_unit: u64) -> Result<Histogram, Error> {
    let mut histogram = Histogram::new(per_unit)?;
    for (steps, count) in support.values().iter().zip(sums) {
        histogram.add_many(*steps, *count)?;
    }
    Ok(histogram)
}
