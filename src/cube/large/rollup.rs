//! From crossings to the cells of a plan: every margin and every level of a hierarchy is added up from the finest counts, and
//! none is counted again. A numeric kernel: it indexes by the numbers of crossings, cells and bins that it made itself.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::distinct::{self, MOST, Places};
use super::partial::{PartialCube, Patients};
use super::patients::crossing_of;
use super::shape::{ANSWERED, Measure, is_asked_by_others};
use crate::cohort::{Column, Derived, Region};
use crate::cube::count::{CellCount, Cube, IdentityKey, empty_cells, printed_counts};
use crate::cube::grid::{Axis, CellId, Grid};
use crate::cube::nested::{Counted, Members, Nested};
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
        let memberships =
            Memberships::new(grid, |derived| Ok(self.values_on(derived, &self.records.keys, false)))?;
        let inside = Inside::of(grid, &memberships, self.records.keys.len())?;
        for (crossing, (key, records)) in self.records.iter().enumerate() {
            let identity = IdentityKey::WITHOUT_LEDGER.of_record(&key.to_string());
            for cell in inside.cells(crossing) {
                cells[*cell as usize].add_records(records, identity);
            }
        }
        let members = self.meet(grid, &inside, &mut cells)?;
        let groups = self.groups();
        let of_groups = Memberships::new(grid, |derived| Ok(self.values_on(derived, &groups, true)))?;
        let of_groups = Inside::of(grid, &of_groups, groups.len())?;
        for (value, measure) in measures {
            self.fill(value, measure, &groups, &of_groups, &mut cells)?;
        }
        let nested = Nested::find(&Counted {
            grid,
            codebook: shape.codebook(),
            members: Members::Crossings { records: &self.records.counts, patients: &members },
            memberships: &memberships,
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

    /// Counts the patients of every cell; gives those of every crossing, while they are few.
    fn meet(&self, grid: &Grid, inside: &Inside, cells: &mut [CellCount]) -> Result<Vec<Vec<u32>>, Error> {
        let too_many = || Error::cube("there are more patients than can be numbered");
        let mut of_crossing: Vec<Vec<u32>> = vec![Vec::new(); self.records.keys.len()];
        match &self.patients {
            Patients::EachRecord => {
                let mut next = 0_u32;
                for (crossing, records) in self.records.counts.iter().enumerate() {
                    let few = u32::try_from(*records).map_or(MOST as u32, |records| records.min(MOST as u32));
                    let end = next.checked_add(few).ok_or_else(too_many)?;
                    of_crossing[crossing] = (next..end).collect();
                    next = end;
                    for cell in inside.cells(crossing) {
                        cells[*cell as usize].add_patients(*records, &of_crossing[crossing]);
                    }
                }
            }
            Patients::Met(pairs) => {
                let axes = grid.axes();
                let is_answered = |axis: &Axis| {
                    self.shape.axes.iter().any(|known| known.is_answered && known.derived == axis.derived)
                };
                let of_grid = distinct::Cells::new(grid.keys(), |axis| {
                    axes.get(usize::from(axis)).is_some_and(is_answered)
                });
                let met = distinct::count(pairs, &self.records.keys, &of_grid, inside)?;
                for ((cell, patients), few) in cells.iter_mut().zip(&met.of_cell).zip(&met.few_of_cell) {
                    cell.add_patients(*patients, few);
                }
                of_crossing = met.few_of_crossing;
            }
            Patients::AtLeast(patients) => {
                // They may be the same ones everywhere: no union is counted as larger than its largest part.
                for (crossing, patients) in patients.iter().enumerate() {
                    let few = u32::try_from(*patients).map_or(MOST as u32, |few| few.min(MOST as u32));
                    of_crossing[crossing] = (0..few).collect();
                    for cell in inside.cells(crossing) {
                        cells[*cell as usize].has_at_least(*patients, &of_crossing[crossing]);
                    }
                }
            }
        }
        Ok(of_crossing)
    }

    /// Adds up the histograms of one value.
    fn fill(
        &self,
        value: usize,
        measure: usize,
        groups: &[u64],
        inside: &Inside,
        cells: &mut [CellCount],
    ) -> Result<(), Error> {
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
        let mut groups_of: Vec<Vec<u32>> = vec![Vec::new(); cells.len()];
        for group in 0..groups.len() {
            for cell in inside.cells(group) {
                if cells[*cell as usize].histograms.contains_key(&value) {
                    groups_of[*cell as usize].push(group as u32);
                }
            }
        }
        let mut sums = vec![0_u64; bins];
        for (cell, groups) in groups_of.iter().enumerate().filter(|(_, groups)| !groups.is_empty()) {
            sums.fill(0);
            for group in groups {
                let group = *group as usize;
                for run in starts[group]..starts[group + 1] {
                    sums[(runs.keys[run] % bins as u64) as usize] += runs.counts[run];
                }
            }
            if let Some(histogram) = cells[cell].histograms.get_mut(&value) {
                *histogram = histogram_of(&sums, support, histogram.per_unit())?;
            }
        }
        Ok(())
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
        let memberships =
            Memberships::new(grid, |derived| Ok(self.values_on(derived, &self.records.keys, false)))?;
        let inside = Inside::of(grid, &memberships, self.records.keys.len())?;
        let units = self.values_on(derived, &self.records.keys, false);
        let owner_of =
            |crossing: usize| owners.iter().position(|owner| owner.contains(units.values[crossing]));
        let mut owned = vec![Owned::new(); owners.len()];
        for (crossing, records) in self.records.counts.iter().enumerate() {
            let Some(owner) = owner_of(crossing) else { continue };
            for cell in inside.cells(crossing) {
                *owned[owner].entry(*cell as usize).or_default() += *records;
            }
        }
        let patients = self.patients_of(owners.len(), owner_of, &cube.cells[grid.len()..]);
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
    ) -> Vec<BTreeSet<u32>> {
        let wanted: BTreeSet<u32> = pieces.iter().flat_map(|piece| piece.few.iter().copied()).collect();
        let mut patients = vec![BTreeSet::new(); owners];
        match &self.patients {
            Patients::EachRecord => {
                let mut next = 0_u32;
                for (crossing, records) in self.records.counts.iter().enumerate() {
                    let few = u32::try_from(*records).unwrap_or(u32::MAX).min(MOST as u32);
                    if let Some(owner) = owner_of(crossing) {
                        patients[owner].extend(wanted.range(next..next.saturating_add(few)));
                    }
                    next = next.saturating_add(few);
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
        patients
    }
}

/// The cells that each occupied crossing lies in.
pub(super) struct Inside {
    cells: Vec<u32>,
    starts: Vec<usize>,
}

impl Inside {
    fn of(grid: &Grid, memberships: &Memberships, crossings: usize) -> Result<Self, Error> {
        let every_cell: Vec<CellId> = (0..grid.len()).collect();
        let mut walk = Walk::new(grid, memberships, &every_cell)?;
        let (mut cells, mut starts, mut found) = (Vec::new(), vec![0], Vec::new());
        for crossing in 0..crossings {
            found.clear();
            walk.cells_of(crossing, &mut found);
            cells.extend(found.iter().map(|cell| *cell as u32));
            starts.push(cells.len());
        }
        Ok(Self { cells, starts })
    }

    #[cfg(test)]
    pub(super) fn of_lists(lists: &[Vec<u32>]) -> Self {
        let ends = lists.iter().scan(0, |end, list| {
            *end += list.len();
            Some(*end)
        });
        Self { cells: lists.concat(), starts: std::iter::once(0).chain(ends).collect() }
    }

    pub(super) fn cells(&self, crossing: usize) -> &[u32] {
        &self.cells[self.starts[crossing]..self.starts[crossing + 1]]
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
