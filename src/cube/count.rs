//! Counting: every cell's records, patients, identity and histograms. A numeric kernel: it indexes by cell and value
//! numbers that it made itself.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::grid::{CellId, Constraints};
use super::large::PartialCube;
use super::nested::{Counted, LeftOver, Members, Nested};
use super::pass::{self, Records};
use super::refine::{Equation, refine};
use super::resolve::{Resolved, resolve};
use super::sheet::{Plan, Quantity};
use super::walk::Memberships;
use crate::cohort::Cohort;
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
    /// Those that hold by definition, then those of nested cells, whose last part is what is left over.
    pub(crate) equations: Vec<Equation>,
    /// The cells of the grid, then the pieces that are left over between nested cells, those of fewest patients first.
    pub(crate) cells: Vec<CellCount>,
    /// The cells of the constraints that the caller added, in their order.
    pub(crate) added: Vec<CellId>,
    /// How many equations hold by definition.
    by_definition: usize,
    /// What the cells beyond the grid are left over from.
    left_over: Vec<LeftOver>,
    /// What the cells were rolled up from, where the courses themselves are not at hand.
    pub(super) crossings: Option<Arc<PartialCube>>,
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

/// What every record in a cell moves, packed so that thousands of cells stay in the processor's near memory.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    identity: u128,
    records: u64,
    patients: u32,
    last_patient: u32,
}

impl CellCount {
    /// More patients than any threshold in use.
    pub(crate) const FEW: usize = 64;

    pub(super) const fn new() -> Self {
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

    pub(super) fn of_record(self, key: &str) -> u128 {
        let hash = blake3::keyed_hash(&self.0, key.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        u128::from_le_bytes(half)
    }
}

impl Cube {
    pub(crate) fn count(cohort: Cohort, plan: Plan, added: &[Constraints]) -> Result<Self, Error> {
        Self::count_with_key(cohort, plan, added, IdentityKey::WITHOUT_LEDGER)
    }

    /// Counts the plan's cells and those that the caller adds (the ledger's), with the pieces that relate them, be it by
    /// definition or because one turns out to lie within another.
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
        let (cells, nested) = passes(&cohort, &resolved, &added, &equations, key)?;
        Ok(Self::assembled(cohort, plan, resolved, added, equations, cells, nested, None))
    }

    /// Puts together what was counted: the cells of the grid and those beyond it.
    #[allow(clippy::too_many_arguments, reason = "the parts of one thing, each once")]
    pub(super) fn assembled(
        cohort: Cohort,
        plan: Plan,
        resolved: Resolved,
        added: Vec<CellId>,
        mut equations: Vec<Equation>,
        mut cells: Vec<CellCount>,
        nested: Nested,
        crossings: Option<Arc<PartialCube>>,
    ) -> Self {
        let by_definition = equations.len();
        cells.extend(nested.cells);
        equations.extend(nested.equations);
        let left_over = nested.left_over;
        Self { cohort, plan, resolved, equations, cells, added, by_definition, left_over, crossings }
    }

    /// What is known of a cell; nothing of one that this cube does not have.
    pub(crate) fn cell(&self, cell: CellId) -> &CellCount {
        static NOTHING: CellCount = CellCount::new();
        self.cells.get(cell).unwrap_or(&NOTHING)
    }

    /// The equations that hold whatever the records are, because of what their cells mean.
    pub(crate) fn equations_by_definition(&self) -> &[Equation] {
        &self.equations[..self.by_definition]
    }

    /// The equations that a threshold needs: those by definition, and of those among nested cells the ones that leave a
    /// group of fewer patients over.
    pub(crate) fn equations_below(&self, threshold: u64) -> impl Iterator<Item = &Equation> {
        let (by_definition, nested) = self.equations.split_at(self.by_definition);
        let is_small = move |equation: &&Equation| {
            equation.parts.last().is_some_and(|left_over| self.cell(*left_over).patients < threshold)
        };
        by_definition.iter().chain(nested.iter().filter(is_small))
    }

    /// The cells that a threshold needs: those of the grid, and of the pieces left over between nested cells the ones of
    /// fewer patients. A first part of all cells, so that the numbers of cells stay.
    pub(crate) fn cells_below(&self, threshold: u64) -> &[CellCount] {
        let grid = self.resolved.grid.len();
        let small = self.cells[grid..].partition_point(|piece| piece.patients < threshold);
        &self.cells[..grid + small]
    }

    /// Whether a cell is a group that only failing to answer defines: those identify nobody by themselves.
    pub(crate) fn is_unanswered(&self, cell: CellId) -> bool {
        match self.left_over(cell) {
            Some(piece) => piece.is_unanswered,
            None => self.resolved.grid.is_unanswered(cell, self.cohort.courses.codebook()),
        }
    }

    /// The restrictions that make up a cell; of a piece left over between two cells, the restrictions of both.
    pub(crate) fn constraints_of(&self, cell: CellId) -> Constraints {
        let grid = &self.resolved.grid;
        let Some(piece) = self.left_over(cell) else { return grid.constraints(cell) };
        let mut both = grid.constraints(piece.whole);
        for (derived, region) in grid.constraints(piece.part).iter() {
            both.restrict(derived.clone(), region.clone());
        }
        both
    }

    fn left_over(&self, cell: CellId) -> Option<&LeftOver> {
        self.left_over.get(cell.checked_sub(self.resolved.grid.len())?)
    }

    /// The same plan counted again, with further cells and under a ledger's key.
    pub(crate) fn recount(&self, added: &[Constraints], key: IdentityKey) -> Result<Self, Error> {
        if self.crossings.is_some() {
            return Err(Error::cube(
                "a ledger compares the records themselves, which a large cohort does not keep: protect it by itself, or \
                 count a cohort of forms",
            ));
        }
        Self::count_with_key(self.cohort.clone(), self.plan.clone(), added, key)
    }
}

impl Cube {
    /// A coarser plan counted of the same records.
    pub(crate) fn with_plan(&self, plan: Plan) -> Result<Self, Error> {
        match &self.crossings {
            Some(crossings) => Arc::clone(crossings).cube(plan),
            None => Self::count(self.cohort.clone(), plan, &[]),
        }
    }
}

/// Counts, and goes through the records again for the printed cells that lie within others.
fn passes(
    cohort: &Cohort,
    resolved: &Resolved,
    added: &[CellId],
    equations: &[Equation],
    key: IdentityKey,
) -> Result<(Vec<CellCount>, Nested), Error> {
    let mut deriver = cohort.courses.deriver();
    let memberships = Memberships::new(&resolved.grid, |derived| deriver.column(derived))?;
    let mut values = Vec::with_capacity(resolved.values.len());
    for value in &resolved.values {
        values.push(deriver.column(&value.derived)?);
    }
    let per_unit: Vec<i64> = values.iter().map(|column| column.per_unit).collect();
    let cells = empty_cells(resolved, &per_unit)?;
    let values: Vec<&[Option<i64>]> = values.iter().map(|column| column.values.as_slice()).collect();
    let courses = &cohort.courses;
    let records = Records {
        grid: &resolved.grid,
        memberships: &memberships,
        patients: courses.patients(),
        names: courses.keys(),
        values: &values,
        key,
    };
    let cells = pass::count(records, cells)?;
    let nested = Nested::find(&Counted {
        grid: &resolved.grid,
        codebook: courses.codebook(),
        members: Members::Records { patients: courses.patients(), memberships: &memberships },
        cells: &cells,
        equations,
        printed: &printed_counts(resolved, added),
    })?;
    Ok((cells, nested))
}

/// The cells whose counts are printed, now or earlier.
pub(super) fn printed_counts(resolved: &Resolved, added: &[CellId]) -> BTreeSet<CellId> {
    let counts = resolved.printed().into_iter().filter(|(_, quantity)| *quantity == Quantity::Count);
    counts.map(|(cell, _)| cell).chain(added.iter().copied()).collect()
}

/// The cells of a grid before anyone is counted, with the histograms that their statistics need.
pub(super) fn empty_cells(resolved: &Resolved, per_unit: &[i64]) -> Result<Vec<CellCount>, Error> {
    let mut cells = vec![CellCount::new(); resolved.grid.len()];
    for (cell, quantity) in resolved.printed() {
        if let Quantity::Sum(value) | Quantity::Squares(value) | Quantity::Order(value) = quantity {
            let per_unit = u64::try_from(per_unit[value]).unwrap_or(1);
            cells[cell].histograms.insert(value, Histogram::new(per_unit)?);
        }
    }
    Ok(cells)
}

impl CellCount {
    /// Takes over what a pass counted, with the first patients in their order.
    pub(super) fn take(&mut self, tally: &Tally, few: Vec<u32>) {
        self.records = tally.records;
        self.identity = tally.identity;
        self.patients = u64::from(tally.patients);
        self.last_patient = (tally.records > 0).then_some(tally.last_patient);
        self.few = few;
    }

    /// Counts the patient of a record. Records come sorted by patient, so a new patient is one that differs from the last.
    pub(super) fn meet(&mut self, patient: u32) {
        if self.last_patient != Some(patient) {
            self.last_patient = Some(patient);
            self.patients += 1;
            if self.few.len() <= Self::FEW {
                self.few.push(patient);
            }
        }
    }

    /// Adds records of one kind; their patients are still to be met.
    pub(super) fn add_records(&mut self, records: u64, identity: u128) {
        self.records += records;
        self.identity = self.identity.wrapping_add(identity);
    }

    /// Adds patients that were not met before, with the first of them by number.
    pub(super) fn add_patients(&mut self, patients: u64, few: impl IntoIterator<Item = u32>) {
        self.patients += patients;
        let room = (Self::FEW + 1).saturating_sub(self.few.len());
        self.few.extend(few.into_iter().take(room));
    }

    /// Knows of at least so many patients, who may have been met before, with the first of them by number.
    pub(super) fn has_at_least(&mut self, patients: u64, few: impl IntoIterator<Item = u32>) {
        if patients > self.patients {
            self.patients = patients;
            self.few = few.into_iter().collect();
        }
    }

    /// Whether two counts agree in everything.
    #[cfg(test)]
    pub(super) fn same_as(&self, other: &Self) -> bool {
        (self.records, self.patients, self.identity, self.last_patient)
            == (other.records, other.patients, other.identity, other.last_patient)
            && self.few == other.few
            && self.histograms == other.histograms
    }

    /// The records left over beside a part; their patients are still to be met.
    pub(super) fn without(&self, part: &Self) -> Self {
        Self {
            records: self.records.saturating_sub(part.records),
            identity: self.identity.wrapping_sub(part.identity),
            ..Self::new()
        }
    }
}

impl Tally {
    /// Counts a record and says whether its patient is new here. Records come sorted by patient, so a new patient is one that
    /// differs from the last.
    #[inline]
    pub(super) fn add(&mut self, patient: u32, identity: u128) -> bool {
        let is_new = self.records == 0 || self.last_patient != patient;
        self.records += 1;
        self.identity = self.identity.wrapping_add(identity);
        self.patients += u32::from(is_new);
        self.last_patient = patient;
        is_new
    }

    /// Adds what was counted in later records, of other patients.
    pub(super) fn join(&mut self, later: &Self) {
        if later.records > 0 {
            self.last_patient = later.last_patient;
        }
        self.records += later.records;
        self.identity = self.identity.wrapping_add(later.identity);
        self.patients += later.patients;
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cube(..)")
    }
}
