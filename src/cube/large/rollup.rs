//! From crossings to the cells of a plan: every margin and every level of a hierarchy is added up from the finest counts, and
//! none is counted again. A numeric kernel: it indexes by the numbers of crossings, cells and bins that it made itself.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::counters::Runs;
use super::distinct::{self, MOST};
use super::inside::{Inside, Parted};
use super::partial::{PartialCube, Patients};
use super::shape::{ANSWERED, is_asked_by_others};
use crate::cohort::{Column, Derived};
use crate::cube::count::{CellCount, Cube, IdentityKey, empty_cells, printed_counts};
use crate::cube::grid::{Axis, CellId, Grid, Key};
use crate::cube::nested::{Counted, Crossings, Members, Nested};
use crate::cube::refine::refine;
use crate::cube::resolve::resolve;
use crate::cube::sheet::{Place, Plan};
use crate::cube::walk::{Memberships, Walk};
use crate::error::Error;

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
    pub(super) fn groups(&self) -> Vec<u64> {
        let mut groups: Vec<u64> =
            self.records.keys.iter().map(|crossing| crossing % self.shape.groups).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// What an axis says of crossings: a value that lies where all of its atom do. With `answered`, every measure has a value,
    /// which is what a cell that needs its values asks for.
    pub(super) fn values_on(&self, derived: &Derived, crossings: &[u64], answered: bool) -> Column {
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

    pub(super) fn parted(&self, grid: &Grid) -> Parted {
        let is_answered = |axis: &Axis| {
            self.shape.axes.iter().any(|known| known.is_answered && known.derived == axis.derived)
        };
        let demands: Vec<bool> = grid.axes().iter().map(is_answered).collect();
        Parted::new(grid.keys(), |axis| demands.get(usize::from(axis)).copied().unwrap_or_default())
    }

    /// The cells of every occupied crossing, and then those of every occupied group where everything is answered.
    pub(super) fn inside(&self, grid: &Grid, parted: &Parted, groups: &[u64]) -> Result<Inside, Error> {
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
pub(super) fn ranges(records: &[u64]) -> Result<Vec<Range<u32>>, Error> {
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
