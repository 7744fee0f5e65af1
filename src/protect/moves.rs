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
    /// How far each variable moves up and how far down, of those that can move at all.
    sides: BTreeMap<usize, (Variable, Variable)>,
}

impl Sought {
    /// `add` adds a side of a variable, by its weight and how far it can go.
    fn new(
        system: &System,
        near: &BTreeSet<usize>,
        target: usize,
        by: f64,
        freedom: impl Fn(usize) -> Freedom,
        add: impl Fn(&mut Program, f64, f64) -> Variable,
    ) -> Option<Self> {
        let near = not_alone(system, near);
        let mut program = Program::new(OptimizationDirection::Minimize);
        let mut sides = BTreeMap::new();
        for variable in &near {
            let Freedom { up, down, weight } = freedom(*variable);
            sides.insert(*variable, (add(&mut program, weight, up), add(&mut program, weight, down)));
        }
        let lines: BTreeSet<usize> =
            near.iter().flat_map(|variable| system.lines_of[*variable].iter().copied()).collect();
        for line in lines {
            let line = &system.lines[line];
            let signed = line.parts.iter().map(|part| (part, -1.0)).chain([(&line.whole, 1.0)]);
            let free = signed.filter_map(|(variable, sign)| Some((sides.get(variable)?, sign)));
            let terms: Vec<_> = free.flat_map(|((up, down), sign)| [(*up, sign), (*down, -sign)]).collect();
            program.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        }
        let (up, down) = *sides.get(&target)?;
        program.add_constraint([(up, 1.0), (down, -1.0)], ComparisonOp::Eq, by);
        Some(Self { program, sides })
    }

    /// How far each variable moves.
    fn found(self, options: SolveOptions) -> Option<BTreeMap<usize, f64>> {
        let SolveOutcome::Solution(solution) = self.program.solve_with(options).ok()? else { return None };
        let change = |(up, down): (Variable, Variable)| solution[up] - solution[down];
        Some(self.sides.into_iter().map(|(variable, sides)| (variable, change(sides))).collect())
    }
}

/// Those of some variables that can move while all others stand still: of a line, one does not move alone.
fn not_alone(system: &System, near: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut left = near.clone();
    let mut members: BTreeMap<usize, usize> = BTreeMap::new();
    for line in near.iter().flat_map(|variable| &system.lines_of[*variable]) {
        *members.entry(*line).or_default() += 1;
    }
    let mut alone: Vec<usize> =
        members.iter().filter(|(_, members)| **members == 1).map(|(line, _)| *line).collect();
    while let Some(line) = alone.pop() {
        let Some(variable) = system.lines[line].members().find(|member| left.remove(member)) else {
            continue;
        };
        for line in &system.lines_of[variable] {
            let Some(members) = members.get_mut(line) else { continue };
            *members -= 1;
            if *members == 1 {
                alone.push(*line);
            }
        }
    }
    left
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
