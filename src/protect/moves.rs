//! Looking for a second world: whole-number changes of unknown cells that respect every equation.
//!
//! How a move is found is not part of any proof: each one is checked in whole numbers by [`super::world`].
//! A numeric kernel: it indexes by the numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use microlp::{
    ComparisonOp, OptimizationDirection, Problem as Program, SolveOptions, SolveOutcome, Variable,
};

use super::system::System;
use super::tied::{Group, Tied};
use super::world::Move;

/// Unknown variables reachable from one of them through equations, nearest first, up to a number of them.
pub(super) fn neighbourhood(system: &System, unknown: &[bool], start: usize, most: usize) -> BTreeSet<usize> {
    let mut near = BTreeSet::from([start]);
    let mut queue = VecDeque::from([start]);
    while let Some(variable) = queue.pop_front() {
        for line in &system.lines_of[variable] {
            for member in system.lines[*line].members().filter(|member| unknown[*member]) {
                if near.len() >= most {
                    return near;
                }
                if near.insert(member) {
                    queue.push_back(member);
                }
            }
        }
    }
    near
}

/// How a variable may change: how far up and down, and what each unit weighs.
pub(super) struct Freedom {
    pub(super) up: f64,
    pub(super) down: f64,
    pub(super) weight: f64,
}

/// The lightest changes within a neighbourhood that move the target by so much; everything outside stays as it is. They may
/// come out as fractions.
pub(super) fn lightest_change(
    system: &System,
    near: &BTreeSet<usize>,
    target: usize,
    by: f64,
    freedom: impl Fn(usize) -> Freedom,
) -> Option<BTreeMap<usize, f64>> {
    Sought::new(system, near, target, by, freedom, |program, weight, most| {
        program.add_var(weight, (0.0, most))
    })?
    .found(SolveOptions::default())
}

/// Light changes as [`lightest_change`] finds them, but in whole numbers: the first that branch and bound meets, if it meets any
/// within a number of nodes.
pub(super) fn whole_change(
    system: &System,
    near: &BTreeSet<usize>,
    target: usize,
    by: f64,
    freedom: impl Fn(usize) -> Freedom,
) -> Option<BTreeMap<usize, f64>> {
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES);
    options.mip_gap = 1.0;
    Sought::new(system, near, target, by, freedom, |program, weight, most| {
        program.add_integer_var(weight, (0, most as i32))
    })?
    .found(options)
}

/// Nodes of branch and bound before it is given up.
const NODES: u64 = 100;

/// A program that looks for changes.
struct Sought {
    program: Program,
    /// Groups of cells that move together, and how far the program moves each up and down.
    sides: Vec<(Group, Variable, Variable)>,
}

impl Sought {
    /// `add` adds a side of a group, by its weight and how far it can go.
    fn new(
        system: &System,
        near: &BTreeSet<usize>,
        target: usize,
        by: f64,
        freedom: impl Fn(usize) -> Freedom,
        add: impl Fn(&mut Program, f64, f64) -> Variable,
    ) -> Option<Self> {
        let Tied { groups, balances } = Tied::new(system, near);
        let mut program = Program::new(OptimizationDirection::Minimize);
        let mut sides = BTreeMap::new();
        let mut sought = None;
        for (number, group) in groups.into_iter().enumerate().filter(|(_, group)| !group.is_empty()) {
            let together = together(&group, &freedom);
            let direction = group.iter().find(|(cell, _)| *cell == target).map(|(_, direction)| *direction);
            let up = add(&mut program, together.weight, together.up);
            let down = add(&mut program, together.weight, together.down);
            sought = sought.or(direction.map(|direction| (up, down, by * direction as f64)));
            sides.insert(number, (group, up, down));
        }
        for balance in balances {
            let free = balance.iter().filter_map(|(group, factor)| Some((sides.get(group)?, *factor as f64)));
            let terms: Vec<_> =
                free.flat_map(|((_, up, down), factor)| [(*up, factor), (*down, -factor)]).collect();
            program.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        }
        let (up, down, by) = sought?;
        program.add_constraint([(up, 1.0), (down, -1.0)], ComparisonOp::Eq, by);
        Some(Self { program, sides: sides.into_values().collect() })
    }

    /// How far each variable moves.
    fn found(self, options: SolveOptions) -> Option<BTreeMap<usize, f64>> {
        let SolveOutcome::Solution(solution) = self.program.solve_with(options).ok()? else { return None };
        let changes = self.sides.into_iter().flat_map(|(group, up, down)| {
            let change = solution[up] - solution[down];
            group.into_iter().map(move |(cell, direction)| (cell, change * direction as f64))
        });
        Some(changes.collect())
    }
}

/// How far a group can move without a cell of it going further than it may, and what each unit weighs.
fn together(group: &[(usize, i64)], freedom: impl Fn(usize) -> Freedom) -> Freedom {
    let alone = Freedom { up: f64::INFINITY, down: f64::INFINITY, weight: 0.0 };
    group.iter().fold(alone, |all, (cell, direction)| {
        let Freedom { mut up, mut down, weight } = freedom(*cell);
        if *direction < 0 {
            std::mem::swap(&mut up, &mut down);
        }
        Freedom { up: all.up.min(up), down: all.down.min(down), weight: all.weight + weight }
    })
}

/// A move in whole numbers: as found, or scaled by a small factor where it came out in halves or thirds. Whether the scaled
/// move still keeps every count possible is for `verify` to say.
pub(super) fn whole_numbers(changes: &BTreeMap<usize, f64>) -> Option<Move> {
    for factor in 1..=6_u32 {
        let scaled = changes.iter().map(|(variable, change)| (*variable, change * f64::from(factor)));
        let scaled: Vec<(usize, f64)> = scaled.collect();
        if scaled.iter().all(|(_, change)| (change - change.round()).abs() < 1e-6) {
            let whole = scaled.into_iter().map(|(variable, change)| (variable, change.round() as i64));
            return Some(Move { changes: whole.filter(|(_, change)| *change != 0).collect() });
        }
    }
    None
}
