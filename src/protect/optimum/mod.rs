//! The cheapest secondary suppression of small components, with the proof that no other is cheaper.
//!
//! Branch and cut after Fischetti and Salazar-González, "Solving the cell suppression problem on tabular data with
//! linear constraints", Management Science 47 (2001), 1008-1027. The unknowns are one decision `y` per cell that may
//! be hidden, 1 for hidden. What a reader can do with what is printed is a linear program for each demand; where it
//! stops short of the demand, its dual is an inequality in `y` that every protecting pattern satisfies (`component`
//! has the proofs). A linear program over `y` with such inequalities bounds the cost from below, branching closes the
//! gap.
//!
//! What is exact and what is not: the reader's programs and the inequalities are computed in whole numbers
//! (`dictionary`, `attacker`); the bounds of the program over `y` come from floating point and are lowered before
//! they are rounded up.
//!
//! A numeric kernel: it indexes by the numbers of one system.
#![allow(clippy::indexing_slicing)]

mod attacker;
mod component;
mod dictionary;
mod packing;
mod search;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use self::component::Component;
use self::search::{Failure, Proven};
use super::system::{Line, System};

pub(super) use self::packing::packing_bound;

/// What is to be hidden at the least cost. All slices have one entry per variable of the system.
pub(super) struct Instance<'s> {
    pub(super) system: &'s System,
    /// Hidden in any case, and to be protected.
    pub(super) primary: &'s [bool],
    /// May be hidden for others. What is neither this nor primary is known to the reader. What costs nothing to hide,
    /// such as a number that no table prints, is taken as hidden.
    pub(super) may_hide: &'s [bool],
    /// What hiding it for others costs; not counted for primaries.
    pub(super) cost: &'s [u64],
    pub(super) demand: Demanded<'s>,
}

/// What every primary must withstand.
pub(super) enum Demanded<'s> {
    /// Each primary is changed by some solution of the homogeneous equations that changes hidden variables only.
    Exact,
    /// Each of these primaries must be able to move down (not above 0) and up (not below 0) so far, in the real
    /// numbers, while no count falls below its lower bound. Worlds in whole numbers can only be fewer, so that a cost
    /// that this demand proves least is a bound for them too.
    Ends { ends: &'s [(usize, i64, i64)], lower: &'s [u64] },
}

/// The cheapest pattern that was found, and how cheap any could be.
pub(super) struct Optimum {
    pub(super) hidden: Vec<bool>,
    /// Cost of what is hidden besides the primaries.
    pub(super) cost: u64,
    /// No pattern that meets the demand costs less. Equal to `cost`: this one is proven optimal.
    pub(super) lower_bound: u64,
}

/// Looks for the cheapest pattern, component by component, smallest first, with at most so many nodes of the search
/// tree in all. When they run out, the best pattern found and the bound proven by then are returned.
///
/// A start that meets the demand is where the search begins and is never made worse. In a component too large for this
/// method the start is kept as it is, *unchecked*, with [`packing_bound`] as its bound.
///
/// `None` where the demand cannot be met by hiding all that may be hidden, or where a component is too large and
/// there is no start.
pub(super) fn optimum(instance: &Instance<'_>, start: Option<&[bool]>, most_nodes: usize) -> Option<Optimum> {
    let mut hidden: Vec<bool> =
        (0..instance.system.len()).map(|variable| instance.is_given(variable)).collect();
    let (mut cost, mut lower_bound) = (0_u64, 0_u64);
    let mut nodes = most_nodes;
    for cells in instance.components() {
        let component = Component::new(instance, cells);
        if component.wishes.is_empty() {
            continue;
        }
        let start = start.map(|start| component.part_of(start));
        let proven = match search::solve(&component, start.as_deref(), &mut nodes) {
            Ok(proven) => proven,
            Err(Failure::Impossible) => return None,
            Err(Failure::TooLarge) => unproven(&component, start?),
        };
        for (variable, is_hidden) in component.cells.iter().zip(proven.hidden) {
            hidden[*variable] = is_hidden;
        }
        cost = cost.saturating_add(proven.cost);
        lower_bound = lower_bound.saturating_add(proven.lower_bound);
    }
    Some(Optimum { hidden, cost, lower_bound })
}

/// A pattern as it came, with the cheap bound.
fn unproven(component: &Component, hidden: Vec<bool>) -> Proven {
    let cost = component.cost_of(&hidden);
    Proven { lower_bound: component.packing().min(cost), cost, hidden }
}

impl Instance<'_> {
    /// Hidden whatever is chosen.
    fn is_given(&self, variable: usize) -> bool {
        self.primary[variable] || (self.may_hide[variable] && self.cost[variable] == 0)
    }

    fn can_be_hidden(&self, variable: usize) -> bool {
        self.primary[variable] || self.may_hide[variable]
    }

    /// What can be hidden, in parts that no equation connects: a known variable is a constant and connects nothing. A
    /// part says nothing of another, so that costs and bounds add up.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.system.len()];
        let mut is_walked = vec![false; self.system.lines.len()];
        let mut components = Vec::new();
        for first in 0..seen.len() {
            if seen[first] || !self.can_be_hidden(first) {
                continue;
            }
            seen[first] = true;
            let mut queue = VecDeque::from([first]);
            let mut component = Vec::new();
            while let Some(variable) = queue.pop_front() {
                component.push(variable);
                for line in &self.system.lines_of[variable] {
                    if std::mem::replace(&mut is_walked[*line], true) {
                        continue;
                    }
                    for member in self.system.lines[*line].members() {
                        if self.can_be_hidden(member) && !std::mem::replace(&mut seen[member], true) {
                            queue.push_back(member);
                        }
                    }
                }
            }
            component.sort_unstable();
            components.push(component);
        }
        components.sort_by_key(Vec::len);
        components
    }
}

/// A line as `sum of factor times variable = 0`; what cancels out is left out.
fn terms(line: &Line) -> Vec<(usize, i64)> {
    let mut factors: BTreeMap<usize, i64> = BTreeMap::from([(line.whole, 1)]);
    for part in &line.parts {
        *factors.entry(*part).or_default() -= 1;
    }
    factors.into_iter().filter(|(_, factor)| *factor != 0).collect()
}
