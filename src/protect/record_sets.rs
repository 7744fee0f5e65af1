//! The system of a cube: every record set of a release and its ledger once, with the lines that tie them together.
//! A numeric kernel: it indexes by variable and cell numbers that it handed out itself.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeSet, HashMap};

use super::group::Uniform;
use super::policy::Policy;
use super::system::{Line, System, Variable};
use crate::cohort::{Derived, Region};
use crate::cube::{CellCount, CellId, Cube};

/// What makes two cells one variable: the sum of the records' hashes, their number, and the sensitive categories.
type Sameness = (u128, u64, Vec<(Derived, Region)>);

impl System {
    /// Two cells with the same records are one variable, whatever tables name them. Of each group that is nearly all in one
    /// category, those in the others are a variable of their own; their numbers are returned too, in the order of the groups.
    pub(super) fn of_cube(cube: &Cube, policy: &Policy, uniform: &[Uniform]) -> (Self, Vec<usize>) {
        let zeros_known = policy.zeros().are_printed();
        let secret_zeros: BTreeSet<CellId> = uniform
            .iter()
            .flat_map(|group| &group.others)
            .copied()
            .filter(|other| cube.cell(*other).records == 0)
            .collect();
        let mut by_identity: HashMap<Sameness, usize> = HashMap::new();
        let mut variables: Vec<Variable> = Vec::new();
        let cells = cube.cells_below(policy.threshold());
        let mut variable_of = Vec::with_capacity(cells.len());
        for (cell, count) in cells.iter().enumerate() {
            let identifying = policy.nonresponse_identifies() || !cube.is_unanswered(cell);
            // Where zeros are printed everyone is taken to know which cells are empty, and so which cells are the same. Where
            // they are protected, each cell is a secret of its own. So is what differs by a category of a sensitive variable:
            // that a group and one of its categories are the same is what must not be known.
            let shared = zeros_known && !secret_zeros.contains(&cell);
            let variable = if shared {
                let key = (count.identity, count.records, categories(cube, policy, cell));
                *by_identity.entry(key).or_insert(variables.len())
            } else {
                variables.len()
            };
            if variable == variables.len() {
                variables.push(Variable::new(count, cell));
            }
            variables[variable].identifying |= identifying;
            variable_of.push(variable);
        }
        let is_secret_zero: BTreeSet<usize> = secret_zeros.iter().map(|cell| variable_of[*cell]).collect();
        let empty = |variables: &[Variable], variable: usize| {
            zeros_known && variables[variable].records == 0 && !is_secret_zero.contains(&variable)
        };
        let mut lines = BTreeSet::new();
        let mut others = Vec::with_capacity(uniform.len());
        for group in uniform {
            let (whole, part) = (variable_of[group.whole], variable_of[group.part]);
            let mut parts: Vec<usize> = group.others.iter().map(|other| variable_of[*other]).collect();
            let rest = variables.len();
            variables.push(Variable::of_others(&variables[whole], &variables[part], &parts, &variables));
            parts.retain(|other| !empty(&variables, *other));
            parts.sort_unstable();
            lines.insert(Line { whole, parts: vec![part.min(rest), part.max(rest)] });
            lines.insert(Line { whole: rest, parts });
            others.push(rest);
        }
        for equation in cube.equations_below(policy.threshold()) {
            let whole = variable_of[equation.whole];
            let mut parts: Vec<usize> = equation.parts.iter().map(|part| variable_of[*part]).collect();
            parts.retain(|part| !empty(&variables, *part));
            parts.sort_unstable();
            if !empty(&variables, whole) && parts != [whole] {
                lines.insert(Line { whole, parts });
            }
        }
        (Self::from_parts(variable_of, variables, lines.into_iter().collect()), others)
    }

    /// The lines that hold between sums of a value too: those whose cells all contain only records that have it.
    pub(super) fn lines_within(&self, cube: &Cube, within: &BTreeSet<CellId>) -> Vec<Line> {
        let mut lines = BTreeSet::new();
        for equation in cube.equations_by_definition() {
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
}

/// The categories of sensitive variables that a cell is in; of an empty one none, empty is empty.
fn categories(cube: &Cube, policy: &Policy, cell: CellId) -> Vec<(Derived, Region)> {
    if !policy.has_sensitive() || cube.cell(cell).records == 0 {
        return Vec::new();
    }
    let constraints = cube.constraints_of(cell);
    let sensitive = constraints.iter().filter(|(derived, _)| policy.is_sensitive(derived.name()));
    sensitive.map(|(derived, region)| (derived.clone(), region.clone())).collect()
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

    /// Those of a group that are not in the category of nearly all.
    fn of_others(whole: &Self, part: &Self, others: &[usize], all: &[Self]) -> Self {
        let mut few: Vec<u32> = others.iter().flat_map(|other| &all[*other].few).copied().collect();
        few.sort_unstable();
        few.dedup();
        Self {
            records: whole.records.saturating_sub(part.records),
            patients: few.len() as u64,
            few,
            identifying: true,
            example: part.example,
        }
    }
}
