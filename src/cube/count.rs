//! The one pass: every cell's records, patients, identity and histograms. A numeric kernel: it indexes its own dense
//! tables with numbers that it made itself and checked against their sizes.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::grid::{CellId, Constraints, Grid};
use super::refine::{Equation, refine};
use super::resolve::{Resolved, resolve};
use super::sheet::{Plan, Quantity};
use crate::cohort::{Cohort, Column};
use crate::error::Error;
use crate::stats::Histogram;

/// Counted cells of a plan: raw numbers, made to be protected. There is no way to print one.
///
/// Statistics are kept as exact whole numbers (counts and histograms on the score's own grid), so that they are the same to
/// the last bit whatever the order of the records.
#[must_use]
pub struct Cube {
    pub(crate) cohort: Cohort,
    pub(crate) plan: Plan,
    pub(crate) resolved: Resolved,
    pub(crate) equations: Vec<Equation>,
    pub(crate) cells: Vec<CellCount>,
    /// The cells of the constraints that the caller added, in their order.
    pub(crate) added: Vec<CellId>,
}

/// What is known of one cell.
#[derive(Clone)]
pub(crate) struct CellCount {
    pub(crate) records: u64,
    pub(crate) patients: u64,
    /// The patients themselves while they are few, so that the union of small groups can be counted exactly.
    pub(crate) few: Vec<u32>,
    /// Sum of the records' keyed hashes: two cells with the same records have the same identity, whatever their names.
    pub(crate) identity: u128,
    pub(crate) histograms: BTreeMap<usize, Histogram>,
    last_patient: Option<u32>,
}

impl CellCount {
    /// More patients than any threshold in use.
    pub(crate) const FEW: usize = 64;

    const fn new() -> Self {
        Self {
            records: 0,
            patients: 0,
            few: Vec::new(),
            identity: 0,
            histograms: BTreeMap::new(),
            last_patient: None,
        }
    }
}

/// Makes identities of record sets that only the holder of the key can compute.
#[derive(Clone, Copy)]
pub(crate) struct IdentityKey(pub(crate) [u8; 32]);

impl IdentityKey {
    /// For a release outside any ledger: identities are compared within the release only.
    pub(crate) const WITHOUT_LEDGER: Self = Self([0; 32]);

    fn of_record(self, key: &str) -> u128 {
        let hash = blake3::keyed_hash(&self.0, key.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        u128::from_le_bytes(half)
    }
}

/// Cells that restrict the same axes, with a dense table from the regions that a record lies in to the cell.
struct Family {
    axes: Vec<usize>,
    /// Per axis: the region numbers in use, as positions in the dense table.
    places: Vec<HashMap<u16, usize>>,
    cells: Vec<Option<CellId>>,
}

impl Family {
    /// A dense table larger than this would not fit the memory of a small machine beside the others.
    const LARGEST: usize = 16_000_000;

    fn new(axes: Vec<usize>, members: &[(CellId, Vec<u16>)]) -> Result<Self, Error> {
        let mut places: Vec<HashMap<u16, usize>> = vec![HashMap::new(); axes.len()];
        for (_, regions) in members {
            for (place, region) in places.iter_mut().zip(regions) {
                let next = place.len();
                place.entry(*region).or_insert(next);
            }
        }
        let size = places.iter().try_fold(1_usize, |size, place| size.checked_mul(place.len()));
        let size = size.filter(|size| *size <= Self::LARGEST);
        let size = size.ok_or_else(|| {
            Error::cube("a table crosses too many levels; drop a dimension or merge levels")
        })?;
        let mut cells = vec![None; size];
        for (cell, regions) in members {
            let position =
                places.iter().zip(regions).fold(0, |sum, (place, region)| sum * place.len() + place[region]);
            cells[position] = Some(*cell);
        }
        Ok(Self { axes, places, cells })
    }
}

impl Cube {
    pub(crate) fn count(cohort: Cohort, plan: Plan, added: &[Constraints]) -> Result<Self, Error> {
        Self::count_with_key(cohort, plan, added, IdentityKey::WITHOUT_LEDGER)
    }

    /// Counts the plan's cells and those that the caller adds (the ledger's), with the pieces that relate them.
    pub(crate) fn count_with_key(
        cohort: Cohort,
        plan: Plan,
        added: &[Constraints],
        key: IdentityKey,
    ) -> Result<Self, Error> {
        let mut resolved = resolve(&cohort, &plan)?;
        let added: Vec<CellId> =
            added.iter().map(|cell| resolved.grid.cell(cell)).collect::<Result<_, _>>()?;
        let equations = refine(&mut resolved.grid)?;
        let cells = pass(&cohort, &resolved, key)?;
        Ok(Self { cohort, plan, resolved, equations, cells, added })
    }

    /// What is known of a cell; nothing of one that this cube does not have.
    pub(crate) fn cell(&self, cell: CellId) -> &CellCount {
        static NOTHING: CellCount = CellCount::new();
        self.cells.get(cell).unwrap_or(&NOTHING)
    }

    /// The same plan counted again, with further cells and under a ledger's key.
    pub(crate) fn recount(&self, added: &[Constraints], key: IdentityKey) -> Result<Self, Error> {
        Self::count_with_key(self.cohort.clone(), self.plan.clone(), added, key)
    }
}

fn pass(cohort: &Cohort, resolved: &Resolved, key: IdentityKey) -> Result<Vec<CellCount>, Error> {
    let courses = &cohort.courses;
    let grid = &resolved.grid;
    let families = families(grid)?;
    let mut deriver = courses.deriver();
    let mut memberships = Vec::with_capacity(grid.axes().len());
    for axis in grid.axes() {
        let column = deriver.column(&axis.derived)?;
        memberships.push(Membership::new(&column, axis));
    }
    let mut values = Vec::with_capacity(resolved.values.len());
    for value in &resolved.values {
        values.push(deriver.column(&value.derived)?);
    }
    let mut cells = vec![CellCount::new(); grid.len()];
    for (cell, quantity) in resolved.printed() {
        if let Quantity::Sum(value) | Quantity::Squares(value) | Quantity::Order(value) = quantity {
            let per_unit = u64::try_from(values[value].per_unit).unwrap_or(1);
            cells[cell].histograms.insert(value, Histogram::new(per_unit)?);
        }
    }
    let mut hits = Vec::new();
    for (record, (patient, name)) in courses.patients().iter().zip(courses.keys()).enumerate() {
        let identity = key.of_record(name);
        for family in &families {
            hits.clear();
            hits.push(0_usize);
            for (axis, places) in family.axes.iter().zip(&family.places) {
                let regions = memberships[*axis].regions_of(record);
                let mut next = Vec::new();
                for hit in &hits {
                    next.extend(
                        regions
                            .iter()
                            .filter_map(|region| places.get(region))
                            .map(|place| hit * places.len() + place),
                    );
                }
                hits = next;
            }
            for cell in hits.iter().filter_map(|hit| family.cells[*hit]) {
                cells[cell].add(record, *patient, identity, &values);
            }
        }
    }
    Ok(cells)
}

fn families(grid: &Grid) -> Result<Vec<Family>, Error> {
    let mut members: BTreeMap<Vec<usize>, Vec<(CellId, Vec<u16>)>> = BTreeMap::new();
    for (cell, key) in grid.keys().iter().enumerate() {
        let axes = key.iter().map(|(axis, _)| usize::from(*axis)).collect();
        let regions = key.iter().map(|(_, region)| *region).collect();
        members.entry(axes).or_default().push((cell, regions));
    }
    members.into_iter().map(|(axes, members)| Family::new(axes, &members)).collect()
}

/// The regions of one axis that each record lies in; records with the same value share a list.
struct Membership {
    lists: Vec<Vec<u16>>,
    list_of: Vec<u32>,
}

impl Membership {
    fn new(column: &Column, axis: &super::grid::Axis) -> Self {
        let mut lists: Vec<Vec<u16>> = Vec::new();
        let mut known: HashMap<Option<i64>, u32> = HashMap::new();
        let mut list_of = Vec::with_capacity(column.values.len());
        for value in column.values.iter() {
            let list = *known.entry(*value).or_insert_with(|| {
                let regions = (0_u16..).zip(&axis.regions);
                lists.push(regions.filter(|(_, region)| region.contains(*value)).map(|(id, _)| id).collect());
                (lists.len() - 1) as u32
            });
            list_of.push(list);
        }
        Self { lists, list_of }
    }

    fn regions_of(&self, record: usize) -> &[u16] {
        &self.lists[self.list_of[record] as usize]
    }
}

impl CellCount {
    /// Records come sorted by patient, so a new patient is one that differs from the last.
    fn add(&mut self, record: usize, patient: u32, identity: u128, values: &[Column]) {
        self.records += 1;
        self.identity = self.identity.wrapping_add(identity);
        if self.last_patient != Some(patient) {
            self.last_patient = Some(patient);
            self.patients += 1;
            if self.few.len() <= Self::FEW {
                self.few.push(patient);
            }
        }
        for (value, histogram) in &mut self.histograms {
            if let Some(value) = values[*value].values[record] {
                histogram.add(value);
            }
        }
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cube(..)")
    }
}
