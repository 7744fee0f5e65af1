//! Branch and cut within one component.
//! A numeric kernel: it indexes by the cells of one component.
#![allow(clippy::indexing_slicing)]

use std::collections::HashSet;

use microlp::{
    ComparisonOp, Error, OptimizationDirection, Problem as Program, Solution, SolveOutcome, Variable,
};

use super::attacker::Attacker;
use super::component::{Component, Cut};

/// The best pattern of a component and the cost that none is below.
pub(super) struct Proven {
    pub(super) hidden: Vec<bool>,
    pub(super) cost: u64,
    pub(super) lower_bound: u64,
}

/// Why there is no answer.
pub(super) enum Failure {
    /// Hiding everything does not meet the demands.
    Impossible,
    /// Too many cells or too large numbers for this method.
    TooLarge,
}

/// Rounds of inequalities at a node before branching is the better way on, and before a node is given up.
const ROUNDS: usize = 60;
const MOST_ROUNDS: usize = 1000;
/// The floating-point bound is lowered by this much, relative to its size, before it is rounded up to a whole cost.
const SAFETY: f64 = 1e-6;
/// A share this near to 0 or 1 counts as that.
const NEAR: f64 = 1e-6;

/// The cheapest pattern of a component, from a start that may or may not meet the demands.
///
/// A node's bound holds for every cheapest pattern with the decisions fixed there. Nodes are left when their bound is
/// not below the best cost, or when there is nothing left to decide; those that have to be given up, for want of
/// nodes or for a failure of the solver, keep the lower bound of the whole down to theirs.
pub(super) fn solve(
    component: &Component,
    start: Option<&[bool]>,
    nodes: &mut usize,
) -> Result<Proven, Failure> {
    let mut attacker = component.attacker().ok_or(Failure::TooLarge)?;
    let everything = vec![true; component.cells.len()];
    if !component.is_safe(&mut attacker, &everything).ok_or(Failure::TooLarge)? {
        return Err(Failure::Impossible);
    }
    let begin = match start {
        Some(start) if component.is_safe(&mut attacker, start).ok_or(Failure::TooLarge)? => start.to_vec(),
        _ => everything,
    };
    let best = component.trim(&mut attacker, begin).ok_or(Failure::TooLarge)?;
    let least = component.packing();
    let mut search = Search::new(component, attacker, best);
    if search.run(least, nodes).is_none() {
        search.open_bound = search.open_bound.min(least);
    }
    let lower_bound = search.open_bound.min(search.best_cost);
    Ok(Proven { hidden: search.best, cost: search.best_cost, lower_bound })
}

struct Search<'c> {
    component: &'c Component,
    attacker: Attacker,
    /// Every inequality found so far, once.
    cuts: Vec<Cut>,
    known: HashSet<Cut>,
    /// The decision about each cell in the linear program; `None` for what is hidden in any case.
    decisions: Vec<Option<Variable>>,
    best: Vec<bool>,
    best_cost: u64,
    /// The least bound of a node that was given up.
    open_bound: u64,
}

/// Decisions taken, the bound they inherit, and the linear program before the last of them.
struct Node {
    fixed: Vec<(usize, bool)>,
    bound: u64,
    parent: Option<Solution>,
}

/// A linear program after a change.
enum Relaxed {
    Solved(Solution),
    /// No shares satisfy it.
    Empty,
    /// The solver gave no answer.
    Failed,
}

impl<'c> Search<'c> {
    fn new(component: &'c Component, attacker: Attacker, best: Vec<bool>) -> Self {
        let mut search = Self {
            component,
            attacker,
            cuts: Vec::new(),
            known: HashSet::new(),
            decisions: Vec::new(),
            best_cost: component.cost_of(&best),
            best,
            open_bound: u64::MAX,
        };
        search.decisions = search.program(&[]).1;
        search
    }

    /// `None` where the attacker's numbers became too large; the best pattern so far stands.
    fn run(&mut self, least: u64, nodes: &mut usize) -> Option<()> {
        if least >= self.best_cost {
            return Some(());
        }
        self.learn(self.component.opening_cuts());
        let nothing = self.component.given.clone();
        let needed = self.component.violations(&mut self.attacker, &nothing)?;
        if needed.is_empty() {
            self.consider(nothing);
            return Some(());
        }
        // From here on there is at least one inequality.
        self.learn(needed);
        let mut open = vec![Node { fixed: Vec::new(), bound: least, parent: None }];
        while let Some(node) = open.pop() {
            if node.bound >= self.best_cost {
                continue;
            }
            if *nodes == 0 {
                self.open_bound = self.open_bound.min(node.bound);
                continue;
            }
            *nodes -= 1;
            open.extend(self.explore(node)?);
        }
        Some(())
    }

    /// Bounds a node by its linear program and inequalities, and splits it if that does not settle it. The node to
    /// look at first comes last.
    fn explore(&mut self, node: Node) -> Option<Vec<Node>> {
        let Node { fixed, mut bound, parent } = node;
        let mut relaxed = self.enter(parent, &fixed);
        for round in 0..MOST_ROUNDS {
            let solution = match relaxed {
                Relaxed::Solved(solution) => solution,
                Relaxed::Empty => return Some(Vec::new()),
                Relaxed::Failed => break,
            };
            bound = bound.max(whole_bound(solution.objective()));
            if bound >= self.best_cost {
                return Some(Vec::new());
            }
            let share = self.shares(&solution);
            let mut cuts = self.missed(&share);
            let undecided = self.most_undecided(&share);
            if cuts.is_empty() {
                match undecided {
                    None => {
                        let hidden: Vec<bool> = share.iter().map(|share| *share > 0.5).collect();
                        cuts = self.component.violations(&mut self.attacker, &hidden)?;
                        if cuts.is_empty() {
                            // The cheapest of this node: its cost is the linear program's optimum.
                            self.consider(hidden);
                            return Some(Vec::new());
                        }
                    }
                    Some(_) if round < ROUNDS => {
                        cuts = self.component.separate(&mut self.attacker, &share)?;
                    }
                    Some(_) => {}
                }
            }
            if let (true, Some(cell)) = (cuts.is_empty(), undecided) {
                self.round_up(&share)?;
                let is_open = bound < self.best_cost;
                return Some(if is_open { split(fixed, cell, bound, solution) } else { Vec::new() });
            }
            self.learn(cuts.clone());
            relaxed = self.tighten(solution, &cuts, &fixed);
        }
        self.open_bound = self.open_bound.min(bound);
        Some(Vec::new())
    }

    /// Takes up inequalities that were not known.
    fn learn(&mut self, cuts: Vec<Cut>) {
        for cut in cuts {
            if self.known.insert(cut.clone()) {
                self.cuts.push(cut);
            }
        }
    }

    fn consider(&mut self, hidden: Vec<bool>) {
        let cost = self.component.cost_of(&hidden);
        if cost < self.best_cost {
            self.best_cost = cost;
            self.best = hidden;
        }
    }

    /// Tries everything that has a share, less what is not needed.
    fn round_up(&mut self, share: &[f64]) -> Option<()> {
        let hidden: Vec<bool> = share.iter().map(|share| *share > NEAR).collect();
        if self.component.is_safe(&mut self.attacker, &hidden)? {
            let hidden = self.component.trim(&mut self.attacker, hidden)?;
            self.consider(hidden);
        }
        Some(())
    }

    /// Known inequalities that shares miss: found at another node, or about secondaries that stand alone.
    fn missed(&self, share: &[f64]) -> Vec<Cut> {
        let mut cuts = self.component.loose_ends(share);
        cuts.extend(self.cuts.iter().filter(|cut| cut.falls_short(share)).cloned());
        cuts
    }

    fn shares(&self, solution: &Solution) -> Vec<f64> {
        let share = |decision: &Option<Variable>| {
            decision.map_or(1.0, |decision| solution.var_value(decision).clamp(0.0, 1.0))
        };
        self.decisions.iter().map(share).collect()
    }

    /// The cell whose share is furthest from 0 and 1; of several the dearest.
    fn most_undecided(&self, share: &[f64]) -> Option<usize> {
        let open = (0..share.len()).filter(|cell| (NEAR..1.0 - NEAR).contains(&share[*cell]));
        open.min_by(|one, other| {
            let distance = |cell: &usize| (share[*cell] - 0.5).abs();
            let cost = |cell: &usize| self.component.cost[*cell];
            distance(one).total_cmp(&distance(other)).then(cost(other).cmp(&cost(one))).then(one.cmp(other))
        })
    }

    /// The linear program without inequalities: minimise the cost of the shares.
    fn program(&self, fixed: &[(usize, bool)]) -> (Program, Vec<Option<Variable>>) {
        let mut range = vec![(0.0, 1.0); self.component.cells.len()];
        for (cell, is_hidden) in fixed {
            range[*cell] = if *is_hidden { (1.0, 1.0) } else { (0.0, 0.0) };
        }
        let mut program = Program::new(OptimizationDirection::Minimize);
        let mut decisions = Vec::with_capacity(range.len());
        for (cell, range) in range.into_iter().enumerate() {
            let is_open = !self.component.given[cell];
            decisions.push(is_open.then(|| program.add_var(self.component.cost[cell] as f64, range)));
        }
        (program, decisions)
    }

    /// An inequality in the terms of the linear program. It never names what is hidden in any case.
    fn row(&self, cut: &Cut) -> (Vec<(Variable, f64)>, f64) {
        let (terms, least) = cut.scaled();
        (terms.filter_map(|(cell, factor)| Some((self.decisions[cell]?, factor))).collect(), least)
    }

    /// The linear program with all known inequalities, solved from nothing.
    fn relaxation(&self, fixed: &[(usize, bool)]) -> Relaxed {
        let (mut program, _) = self.program(fixed);
        for cut in &self.cuts {
            let (terms, least) = self.row(cut);
            program.add_constraint(&terms, ComparisonOp::Ge, least);
        }
        Relaxed::from(program.solve())
    }

    /// A node's linear program: its parent's with one more decision.
    fn enter(&self, parent: Option<Solution>, fixed: &[(usize, bool)]) -> Relaxed {
        let Some((parent, (cell, is_hidden))) = parent.zip(fixed.last()) else {
            return self.relaxation(fixed);
        };
        let Some(decision) = self.decisions[*cell] else { return self.relaxation(fixed) };
        match Relaxed::from(parent.fix_var(decision, if *is_hidden { 1.0 } else { 0.0 })) {
            Relaxed::Failed => self.relaxation(fixed),
            entered => entered,
        }
    }

    /// The linear program with more inequalities, which are known by now.
    fn tighten(&self, solution: Solution, cuts: &[Cut], fixed: &[(usize, bool)]) -> Relaxed {
        let mut relaxed = Relaxed::Solved(solution);
        for cut in cuts {
            let (terms, least) = self.row(cut);
            relaxed = match relaxed {
                Relaxed::Solved(solution) => {
                    Relaxed::from(solution.add_constraint(&terms, ComparisonOp::Ge, least))
                }
                unsolved => unsolved,
            };
        }
        if let Relaxed::Failed = relaxed { self.relaxation(fixed) } else { relaxed }
    }
}

impl From<Result<SolveOutcome, Error>> for Relaxed {
    fn from(outcome: Result<SolveOutcome, Error>) -> Self {
        match outcome {
            Ok(SolveOutcome::Solution(solution)) => Self::Solved(solution),
            Err(Error::Infeasible) => Self::Empty,
            _ => Self::Failed,
        }
    }
}

/// The two nodes below one: the cell printed, and hidden, which is looked at first.
fn split(fixed: Vec<(usize, bool)>, cell: usize, bound: u64, parent: Solution) -> Vec<Node> {
    let with = |is_hidden: bool, parent: Solution| {
        let fixed = fixed.iter().copied().chain([(cell, is_hidden)]).collect();
        Node { fixed, bound, parent: Some(parent) }
    };
    vec![with(false, parent.clone()), with(true, parent)]
}

/// The least whole cost that a floating-point bound proves.
fn whole_bound(objective: f64) -> u64 {
    (objective - SAFETY * objective.abs().max(1.0)).ceil().max(0.0) as u64
}
