//! The release as one system: variables (record sets, each once) and the lines that relate them.
//! A numeric kernel: it indexes by variable and cell numbers that it handed out itself.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeSet, HashMap};

use super::policy::{Policy, Zeros};
use crate::cube::{CellCount, CellId, Cube};

/// One equation: the whole is the sum of its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) whole: usize,
    pub(super) parts: Vec<usize>,
}

/// Every record set that something printed or sensitive needs, under one number however many tables name it.
pub(super) struct System {
    pub(super) variable_of: Vec<usize>,
    pub(super) variables: Vec<Variable>,
    pub(super) lines: Vec<Line>,
    pub(super) lines_of: Vec<Vec<usize>>,
}

/// One record set.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) records: u64,
    pub(super) patients: u64,
    few: Vec<u32>,
    /// Whether belonging to it says more than "did not answer".
    pub(super) identifying: bool,
    /// One of the cells, to name it in a refusal.
    pub(super) example: CellId,
}

impl System {
    pub(super) fn new(cube: &Cube, policy: &Policy) -> Self {
        let grid = &cube.resolved.grid;
        let codebook = cube.cohort.courses.codebook();
        let mut by_identity: HashMap<(u128, u64), usize> = HashMap::new();
        let mut variables: Vec<Variable> = Vec::new();
        let mut variable_of = Vec::with_capacity(cube.cells.len());
        for (cell, count) in cube.cells.iter().enumerate() {
            let identifying = policy.nonresponse_identifies() || !grid.is_unanswered(cell, codebook);
            // Where zeros are printed everyone is taken to know which cells are empty. Where they are protected, each
            // empty cell is a secret of its own.
            let shared = count.records > 0 || policy.zeros() == Zeros::Shown;
            let known = by_identity.get(&(count.identity, count.records)).copied().filter(|_| shared);
            let variable = known.unwrap_or(variables.len());
            if known.is_none() {
                by_identity.insert((count.identity, count.records), variable);
                variables.push(Variable::new(count, cell));
            }
            variables[variable].identifying |= identifying;
            variable_of.push(variable);
        }
        let mut lines = BTreeSet::new();
        for equation in &cube.equations {
            let empty =
                |variable: &usize| variables[*variable].records == 0 && policy.zeros() == Zeros::Shown;
            let whole = variable_of[equation.whole];
            let mut parts: Vec<usize> = equation.parts.iter().map(|part| variable_of[*part]).collect();
            parts.retain(|part| !empty(part));
            parts.sort_unstable();
            if !empty(&whole) && parts != [whole] {
                lines.insert(Line { whole, parts });
            }
        }
        Self::from_parts(variable_of, variables, lines.into_iter().collect())
    }

    fn from_parts(variable_of: Vec<usize>, variables: Vec<Variable>, lines: Vec<Line>) -> Self {
        let mut lines_of = vec![Vec::new(); variables.len()];
        for (number, line) in lines.iter().enumerate() {
            for variable in line.members() {
                lines_of[variable].push(number);
            }
        }
        Self { variable_of, variables, lines, lines_of }
    }

    pub(super) fn len(&self) -> usize {
        self.variables.len()
    }

    /// Distinct patients in the union of some record sets, exactly while it is small.
    pub(super) fn patients_of(&self, variables: impl IntoIterator<Item = usize>) -> u64 {
        let mut union = BTreeSet::new();
        for variable in variables {
            let set = &self.variables[variable];
            if set.patients as usize > CellCount::FEW {
                return set.patients;
            }
            union.extend(set.few.iter().copied());
        }
        union.len() as u64
    }

    /// The lines that hold between sums of a value too: those whose cells all contain only records that have it.
    pub(super) fn lines_within(&self, cube: &Cube, within: &BTreeSet<CellId>) -> Vec<Line> {
        let mut lines = BTreeSet::new();
        for equation in &cube.equations {
            let mut members = equation.parts.iter().chain([&equation.whole]);
            if members.all(|cell| within.contains(cell)) {
                let whole = self.variable_of[equation.whole];
                let parts: Vec<usize> = equation.parts.iter().map(|part| self.variable_of[*part]).collect();
                let parts: Vec<usize> =
                    parts.into_iter().filter(|part| self.variables[*part].records > 0).collect();
                if self.variables[whole].records > 0 && parts != [whole] {
                    lines.insert(Line { whole, parts });
                }
            }
        }
        lines.into_iter().collect()
    }

    /// The same record sets under other lines.
    pub(super) fn with_lines(&self, lines: Vec<Line>) -> Self {
        Self::from_parts(self.variable_of.clone(), self.variables.clone(), lines)
    }
}

impl Line {
    pub(super) fn members(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.whole])
    }
}

impl Variable {
    fn new(count: &CellCount, example: CellId) -> Self {
        Self {
            records: count.records,
            patients: count.patients,
            few: count.few.clone(),
            identifying: false,
            example,
        }
    }
}

impl System {
    /// A system of counts without records: one patient each, all different, nothing known of unions.
    pub(super) fn of_counts(counts: &[u64], lines: Vec<Line>) -> Self {
        let mut next = 0_u32;
        let variables = counts
            .iter()
            .enumerate()
            .map(|(example, records)| {
                let few = (*records as usize).min(CellCount::FEW + 1) as u32;
                let patients = (next..next + few).collect();
                next += few;
                Variable { records: *records, patients: *records, few: patients, identifying: true, example }
            })
            .collect();
        Self::from_parts((0..counts.len()).collect(), variables, lines)
    }
}
