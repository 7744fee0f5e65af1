//! Publishing hidden numbers again where that gives nothing away.
//! A numeric kernel: it indexes by the variable and line numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;
use std::collections::HashSet;

use rand_chacha::ChaCha8Rng;

use super::field::Element;
use super::kernel::Elimination;
use super::secondary::Problem;

/// Kernel vectors drawn at once; all but two can be used up by publishing before new ones are drawn.
const POOL: usize = 24;
/// The same in a large system, where an elimination costs more.
const LARGE_POOL: usize = 64;

/// More hidden cells than this make a system large, in which cells are printed many at a time.
const LARGE: usize = 12_000;
/// Fewer at a time are not worth two eliminations.
const FEW: usize = 100;

/// Asks of one hidden cell after the other, dearest first, whether it may be printed.
///
/// Printing a cell determines exactly the cells that are proportional to it in every kernel vector. In two random vectors
/// v and w that is a comparison of ratios v/w, so the ratios of all sensitive cells in a set answer the question at once.
/// Printing it takes one vector out of the pool: the others are cleared of it, which is elimination without the matrix.
pub(super) struct Publishing<'p, 's> {
    problem: &'p Problem<'s>,
    random: &'p mut ChaCha8Rng,
}

/// The pool of vectors, the place of each variable in them, and the ratios that must not be met.
struct Pool {
    unknowns: Vec<usize>,
    place: Vec<Option<u32>>,
    vectors: Vec<Vec<Element>>,
    forbidden: HashSet<Element>,
}

/// Whether so much is hidden that every elimination counts.
pub(super) fn is_large(hidden: &[bool]) -> bool {
    hidden.iter().filter(|hidden| **hidden).count() > LARGE
}

fn pool_for(hidden: &[bool]) -> usize {
    if is_large(hidden) { LARGE_POOL } else { POOL }
}

impl<'p, 's> Publishing<'p, 's> {
    pub(super) fn new(problem: &'p Problem<'s>, random: &'p mut ChaCha8Rng) -> Self {
        Self { problem, random }
    }

    pub(super) fn publish_what_can_be(mut self, hidden: &mut [bool]) {
        let flags = self.problem.flags;
        let mut candidates: Vec<usize> =
            (0..hidden.len()).filter(|one| flags.is_secondary(hidden, *one)).collect();
        candidates.sort_by_key(|one| (Reverse(self.problem.cost[*one]), *one));
        // Sums are looked at in releases only, which are small.
        if self.problem.least_sum == 0 && is_large(hidden) {
            candidates = self.publish_together(hidden, candidates);
        }
        let mut check = KernelCheck::new(self, hidden);
        for candidate in candidates {
            if !check.gives_something_away(hidden, candidate) {
                hidden[candidate] = false;
                check.print(hidden, candidate);
            }
        }
    }

    /// The same in a large system: cells that share no equation are printed together, and those
    /// that together gave something away are hidden again. One that would give something away by itself never comes back.
    /// Returns the candidates that are left when few can be printed so.
    fn publish_together(&mut self, hidden: &mut [bool], mut candidates: Vec<usize>) -> Vec<usize> {
        let (system, flags) = (self.problem.system, self.problem.flags);
        let mut pool = self.draw(hidden, 2);
        loop {
            candidates.retain(|candidate| !self.gives_something_away(hidden, *candidate, &pool));
            let mut is_taken = vec![false; system.lines.len()];
            let (mut printed, mut left) = (Vec::new(), Vec::new());
            for candidate in candidates {
                let lines = &system.lines_of[candidate];
                if lines.iter().any(|line| is_taken[*line]) {
                    left.push(candidate);
                } else {
                    lines.iter().for_each(|line| is_taken[*line] = true);
                    printed.push(candidate);
                    hidden[candidate] = false;
                }
            }
            if printed.len() < FEW {
                printed.iter().for_each(|candidate| hidden[*candidate] = true);
                left.extend(printed);
                return left;
            }
            let mut times = 1;
            loop {
                pool = self.draw(hidden, 2);
                let is_determined = |variable: usize| {
                    let (first, second) = pool.pair(variable);
                    first.is_zero() && second.is_zero()
                };
                let exposed: Vec<usize> = pool
                    .unknowns
                    .iter()
                    .copied()
                    .filter(|one| flags.sensitive[*one] && is_determined(*one))
                    .collect();
                if exposed.is_empty() {
                    break;
                }
                for secret in exposed {
                    for _ in 0..times {
                        let Some(culprit) = self.nearest(secret, hidden, &printed) else { break };
                        hidden[culprit] = true;
                    }
                }
                // What resists is given more at a time: what is hidden in vain can be printed later.
                times *= 2;
                left.extend(printed.extract_if(.., |one| hidden[*one]));
            }
            // The others stand in each other's way.
            if printed.len() < FEW {
                return left;
            }
            candidates = left;
        }
    }

    /// The nearest of some printed cells, as equations lead through what is unknown.
    fn nearest(&self, start: usize, hidden: &[bool], printed: &[usize]) -> Option<usize> {
        let system = self.problem.system;
        let mut is_printed = HashSet::new();
        is_printed.extend(printed.iter().copied().filter(|one| !hidden[*one]));
        let mut seen = HashSet::from([start]);
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(variable) = queue.pop_front() {
            for member in system.lines_of[variable].iter().flat_map(|line| system.lines[*line].members()) {
                if is_printed.contains(&member) {
                    return Some(member);
                }
                if self.problem.flags.is_unknown(hidden, member) && seen.insert(member) {
                    queue.push_back(member);
                }
            }
        }
        None
    }

    fn draw(&mut self, hidden: &[bool], vectors: usize) -> Pool {
        let elimination = Elimination::new(self.problem.system, &self.problem.unknown(hidden));
        let vectors = (0..vectors).map(|_| elimination.draw(self.random)).collect();
        let mut place = vec![None; hidden.len()];
        for (number, variable) in elimination.unknowns.iter().enumerate() {
            place[*variable] = Some(number as u32);
        }
        let mut pool = Pool { unknowns: elimination.unknowns, place, vectors, forbidden: HashSet::new() };
        pool.forbid(self.problem, hidden);
        pool
    }

    fn gives_something_away(&self, hidden: &[bool], candidate: usize, pool: &Pool) -> bool {
        let (first, second) = pool.pair(candidate);
        if !(first.is_zero() && second.is_zero()) && pool.forbidden.contains(&first.times(second.inverse())) {
            return true;
        }
        self.problem.least_sum > 0 && self.shrinks_a_sum(hidden, candidate, pool)
    }

    /// Whether printing the candidate, and knowing what follows from it, leaves a small sum in some line.
    fn shrinks_a_sum(&self, hidden: &[bool], candidate: usize, pool: &Pool) -> bool {
        let (problem, system) = (self.problem, self.problem.system);
        let (first, second) = pool.pair(candidate);
        let follows = |pair: (Element, Element)| {
            let is_known = pair.0.is_zero() && pair.1.is_zero();
            is_known || (!first.is_zero() && pair.0.times(second) == pair.1.times(first))
        };
        let mut unknown = problem.unknown(hidden);
        unknown[candidate] = false;
        let known_then = pool.unknowns.iter().copied().filter(|variable| follows(pool.pair(*variable)));
        let lines: HashSet<usize> = known_then
            .chain([candidate])
            .flat_map(|variable| system.lines_of[variable].iter().copied())
            .filter(|line| !problem.flags.known_sums.contains(line))
            .collect();
        lines.into_iter().any(|line| {
            let rest = problem.undetermined_parts(line, &unknown, |part| follows(pool.pair(part)));
            problem.is_small_group(&rest) && follows(pool.sum(&rest))
        })
    }
}

/// The pool as it stands while one cell after the other is printed.
pub(super) struct KernelCheck<'p, 's> {
    publishing: Publishing<'p, 's>,
    pool: Pool,
}

impl<'p, 's> KernelCheck<'p, 's> {
    pub(super) fn new(mut publishing: Publishing<'p, 's>, hidden: &[bool]) -> Self {
        let pool = publishing.draw(hidden, pool_for(hidden));
        Self { publishing, pool }
    }

    /// Whether printing a hidden cell would determine a sensitive one, or a sum that is too small.
    pub(super) fn gives_something_away(&self, hidden: &[bool], candidate: usize) -> bool {
        self.publishing.gives_something_away(hidden, candidate, &self.pool)
    }

    /// Takes note that a cell is no longer hidden.
    pub(super) fn print(&mut self, hidden: &[bool], printed: usize) {
        self.pool.print(printed);
        if self.pool.vectors.len() < 3 {
            self.pool = self.publishing.draw(hidden, pool_for(hidden));
        } else {
            self.pool.forbid(self.publishing.problem, hidden);
        }
    }
}

impl Pool {
    fn pair(&self, variable: usize) -> (Element, Element) {
        let value = |vector: usize| self.place[variable].map(|place| self.vectors[vector][place as usize]);
        (value(0).unwrap_or_default(), value(1).unwrap_or_default())
    }

    fn sum(&self, variables: &[usize]) -> (Element, Element) {
        let pairs = variables.iter().map(|variable| self.pair(*variable));
        pairs.fold(Default::default(), |sum: (Element, Element), pair| {
            (sum.0.plus(pair.0), sum.1.plus(pair.1))
        })
    }

    /// Clears every vector of a cell that is printed now; one vector is used up by it.
    fn print(&mut self, candidate: usize) {
        let Some(place) = self.place[candidate].take() else { return };
        let place = place as usize;
        let Some(used) = self.vectors.iter().position(|vector| !vector[place].is_zero()) else { return };
        let used = self.vectors.swap_remove(used);
        let scale = used[place].inverse();
        for vector in &mut self.vectors {
            let factor = vector[place].times(scale);
            if !factor.is_zero() {
                for (entry, other) in vector.iter_mut().zip(&used).filter(|(_, other)| !other.is_zero()) {
                    *entry = entry.minus(other.times(factor));
                }
            }
        }
    }

    /// Collects the ratios of all sensitive cells and of all small sums, with one inversion for all of them.
    fn forbid(&mut self, problem: &Problem<'_>, hidden: &[bool]) {
        let secret = self.unknowns.iter().copied().filter(|variable| problem.flags.sensitive[*variable]);
        let mut pairs: Vec<(Element, Element)> = secret.map(|variable| self.pair(variable)).collect();
        if problem.least_sum > 0 {
            let unknown = problem.unknown(hidden);
            for line in problem.lines_with_sums() {
                let is_known = |part: usize| {
                    let pair = self.pair(part);
                    pair.0.is_zero() && pair.1.is_zero()
                };
                let rest = problem.undetermined_parts(line, &unknown, is_known);
                if problem.is_small_group(&rest) {
                    pairs.push(self.sum(&rest));
                }
            }
        }
        pairs.retain(|(_, second)| !second.is_zero());
        let mut products = vec![Element::ONE];
        products.extend(pairs.iter().scan(Element::ONE, |product, (_, second)| {
            *product = product.times(*second);
            Some(*product)
        }));
        let mut inverse = products[products.len() - 1].inverse();
        self.forbidden.clear();
        for ((first, second), before) in pairs.iter().zip(&products).rev() {
            self.forbidden.insert(first.times(inverse.times(*before)));
            inverse = inverse.times(*second);
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::protect::flags::Flags;
    use crate::protect::system::{Line, System};

    /// Cells that may be printed singly, but not both, in a large system: printed together each gives away another secret, so
    /// that both are hidden again.
    #[test]
    fn cells_that_stand_in_each_others_way_are_printed_one_by_one() {
        const CONFLICTS: usize = 60;
        let mut lines = Vec::new();
        for first in (0..CONFLICTS).map(|conflict| conflict * 8) {
            let [one, other, before, behind, half, other_half, sum, other_sum] =
                std::array::from_fn(|place| first + place);
            lines.push(Line { whole: half, parts: vec![one, before] });
            lines.push(Line { whole: sum, parts: vec![half, behind] });
            lines.push(Line { whole: other_half, parts: vec![other, behind] });
            lines.push(Line { whole: other_sum, parts: vec![other_half, before] });
        }
        // Two secrets each, to make it large.
        let pairs = CONFLICTS * 8;
        let cells = pairs + 3 * LARGE / 2;
        lines.extend((pairs..cells).step_by(3).map(|one| Line { whole: one + 2, parts: vec![one, one + 1] }));
        let system = System::of_counts(&vec![2; cells], lines);

        let is_secret = |cell: usize| if cell < pairs { cell % 8 < 2 } else { (cell - pairs) % 3 < 2 };
        let is_candidate = |cell: usize| cell < pairs && (2..4).contains(&(cell % 8));
        let is_printed = |cell: usize| cell >= pairs || !(4..6).contains(&(cell % 8));
        let flags = Flags {
            printed: (0..cells).map(is_printed).collect(),
            ..Flags::all_printed((0..cells).map(is_secret).collect())
        };
        let problem = Problem {
            system: &system,
            flags: &flags,
            least_sum: 0,
            cost: &vec![1; cells],
            improvements: 0,
            seed: 0,
        };
        let mut hidden: Vec<bool> = (0..cells).map(|cell| is_secret(cell) || is_candidate(cell)).collect();
        assert!(is_large(&hidden));
        Publishing::new(&problem, &mut ChaCha8Rng::seed_from_u64(1)).publish_what_can_be(&mut hidden);
        for first in (0..CONFLICTS).map(|conflict| conflict * 8) {
            assert!(hidden[first + 2] != hidden[first + 3], "one of the two is printed");
        }
    }
}
