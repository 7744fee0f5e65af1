//! Group disclosure: that everyone of a group, or all but a few, are in one category of a sensitive variable.
//!
//! Whoever knows that someone belongs to the group then knows the category, however large the numbers are (Hundepool et al.,
//! Statistical Disclosure Control, section 5.2). What must not be worked out is how many are in the *other* categories.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::Policy;
use crate::cube::{CellId, Cube};

/// A group of which all but a few are in one category: whole = part + others.
pub(super) struct Uniform {
    pub(super) whole: CellId,
    pub(super) part: CellId,
    pub(super) others: Vec<CellId>,
}

/// Every such group of a cube, under the sensitive variables of a policy.
pub(super) fn uniform_groups(cube: &Cube, policy: &Policy) -> Vec<Uniform> {
    if !policy.has_sensitive() {
        return Vec::new();
    }
    let printed: BTreeSet<CellId> = cube.resolved.printed().into_iter().map(|(cell, _)| cell).collect();
    let mut groups = Vec::new();
    for equation in cube.equations_by_definition() {
        let is_split_by_sensitive =
            equation.parts.iter().all(|part| splits(cube, policy, equation.whole, *part));
        if !is_split_by_sensitive || !equation.parts.iter().any(|part| printed.contains(part)) {
            continue;
        }
        let whole = cube.cell(equation.whole).patients;
        for part in equation.parts.iter().copied().filter(|part| cube.cell(*part).records > 0) {
            if whole - cube.cell(part).patients.min(whole) <= policy.group_coalition() {
                let others = equation.parts.iter().copied().filter(|other| *other != part);
                groups.push(Uniform { whole: equation.whole, part, others: others.collect() });
            }
        }
    }
    groups
}

/// Whether a part differs from the whole by its category of a sensitive variable, and by nothing else.
fn splits(cube: &Cube, policy: &Policy, whole: CellId, part: CellId) -> bool {
    let grid = &cube.resolved.grid;
    let regions = |cell: CellId| -> BTreeMap<u16, u16> {
        grid.keys().get(cell).into_iter().flatten().copied().collect()
    };
    let (whole, part) = (regions(whole), regions(part));
    let axes: BTreeSet<&u16> = whole.keys().chain(part.keys()).collect();
    let mut differing = axes.into_iter().filter(|axis| whole.get(axis) != part.get(axis));
    let (Some(axis), None) = (differing.next(), differing.next()) else { return false };
    grid.axes().get(usize::from(*axis)).is_some_and(|axis| policy.is_sensitive(axis.derived.name()))
}
