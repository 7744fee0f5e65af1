//! Secondary suppression: which further numbers to hide so that the small ones cannot be worked out.
//! A numeric kernel: it indexes by the variable and line numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::field::Element;
use super::kernel::Elimination;
use super::system::System;

/// What is to be protected within one system.
pub(super) struct Problem<'s> {
    pub(super) system: &'s System,
    /// Printed somewhere, so that it can be hidden.
    pub(super) printed: Vec<bool>,
    /// Printed earlier or known to everyone: hiding it would hide nothing.
    pub(super) public_already: Vec<bool>,
    /// Must not be worked out.
    pub(super) sensitive: Vec<bool>,
    /// Hidden in any case, because something else about the same group is.
    pub(super) hidden_anyway: Vec<bool>,
    /// Must be printed; if that exposes someone there is no solution.
    pub(super) headline: Vec<bool>,
    /// Lines whose small sum is known whatever is hidden.
    pub(super) known_sums: BTreeSet<usize>,
    /// Groups of fewer patients than this must not be given away as a sum either.
    pub(super) threshold: u64,
    /// What hiding it costs.
    pub(super) cost: Vec<u64>,
}

/// The variable that could not be protected: every number that would hide it is public already.
pub(super) struct Unprotectable(pub(super) usize);

/// Kernel vectors drawn at once for the clean-up; all but two can be used up by publishing before new ones are drawn.
const POOL: usize = 24;

impl Problem<'_> {
    /// Hidden variables: every sensitive printed one, and others until none is determined.
    pub(super) fn solve(
        &self,
        also_exposed: &[usize],
        start: Option<&[bool]>,
    ) -> Result<Vec<bool>, Unprotectable> {
        let mut hidden: Vec<bool> = match start {
            Some(start) => start.to_vec(),
            None => (0..self.system.len()).map(|variable| self.must_hide(variable)).collect(),
        };
        if let Some(headline) =
            (0..self.system.len()).find(|variable| hidden[*variable] && self.headline[*variable])
        {
            return Err(Unprotectable(headline));
        }
        for exposed in also_exposed {
            self.hide_near(&mut hidden, &Exposure::Variable(*exposed))?;
        }
        loop {
            let exposures = self.exposures(&hidden);
            if exposures.is_empty() {
                break;
            }
            let mut hid_something = false;
            for exposure in &exposures {
                match self.hide_near(&mut hidden, exposure) {
                    Ok(()) => hid_something = true,
                    // What was hidden for another exposure of this round may have cured this one too.
                    Err(_) if hid_something => {}
                    Err(unprotectable) => return Err(unprotectable),
                }
            }
        }
        // What the audit asked for is not visible to the kernel, so it is kept.
        if also_exposed.is_empty() && start.is_none() {
            self.publish_what_can_be(&mut hidden);
        }
        Ok(hidden)
    }

    fn must_hide(&self, variable: usize) -> bool {
        let has_reason = self.sensitive[variable] || self.hidden_anyway[variable];
        self.printed[variable] && has_reason && !self.public_already[variable]
    }

    fn is_unknown(&self, hidden: &[bool], variable: usize) -> bool {
        !self.public_already[variable] && (hidden[variable] || !self.printed[variable])
    }

    fn unknown(&self, hidden: &[bool]) -> Vec<bool> {
        (0..self.system.len()).map(|variable| self.is_unknown(hidden, variable)).collect()
    }

    /// What the equations give away: single cells, and sums of too few patients.
    fn exposures(&self, hidden: &[bool]) -> Vec<Exposure> {
        let unknown = self.unknown(hidden);
        let vector = self.draw(&unknown, 1).remove(0);
        let determined = |variable: usize| vector[variable].is_zero();
        let mut exposures: Vec<Exposure> = (0..self.system.len())
            .filter(|variable| unknown[*variable] && determined(*variable))
            // A hidden cell that is determined protects nothing: it is protected too, or published by the clean-up.
            .filter(|variable| self.sensitive[*variable] || hidden[*variable])
            .map(Exposure::Variable)
            .collect();
        for line in self.open_lines() {
            let rest = self.undetermined_parts(line, &unknown, determined);
            if self.is_small_group(&rest) {
                let sum = rest.iter().fold(Element::ZERO, |sum, part| sum.plus(vector[*part]));
                if sum.is_zero()
                    && let Some(example) = rest.iter().copied().find(|part| self.sensitive[*part])
                {
                    exposures.push(Exposure::Sum { line, example });
                }
            }
        }
        exposures
    }

    fn open_lines(&self) -> impl Iterator<Item = usize> {
        (0..self.system.lines.len()).filter(|line| !self.known_sums.contains(line))
    }

    fn undetermined_parts(
        &self,
        line: usize,
        unknown: &[bool],
        determined: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let parts = self.system.lines[line].parts.iter().copied();
        parts.filter(|part| unknown[*part] && !determined(*part)).collect()
    }

    fn is_small_group(&self, group: &[usize]) -> bool {
        group.iter().any(|part| self.sensitive[*part])
            && self.system.patients_of(group.iter().copied()) < self.threshold
    }

    fn draw(&self, unknown: &[bool], vectors: usize) -> Vec<Vec<Element>> {
        let elimination = Elimination::new(self.system.len(), &self.system.lines, unknown);
        // A fixed seed: the same report hides the same numbers on every machine.
        let mut random = ChaCha8Rng::seed_from_u64(0x5EED);
        (0..vectors).map(|_| elimination.draw(&mut random)).collect()
    }

    /// Hides the cheapest printed neighbour of an exposed variable. Where all neighbours are hidden already and still
    /// do not protect it, one of theirs is hidden.
    fn hide_near(&self, hidden: &mut [bool], exposure: &Exposure) -> Result<(), Unprotectable> {
        let mut seen = vec![false; self.system.len()];
        let (victim, mut ring) = match exposure {
            Exposure::Variable(variable) => (*variable, vec![*variable]),
            Exposure::Sum { line, example } => {
                let members: Vec<usize> = self.system.lines[*line].members().collect();
                if let Some(best) = self.cheapest(hidden, members.iter().copied()) {
                    hidden[best] = true;
                    return Ok(());
                }
                (*example, members)
            }
        };
        while !ring.is_empty() {
            let mut next = Vec::new();
            for variable in &ring {
                for line in &self.system.lines_of[*variable] {
                    for member in self.system.lines[*line].members() {
                        if !seen[member] {
                            seen[member] = true;
                            next.push(member);
                        }
                    }
                }
            }
            if let Some(best) = self.cheapest(hidden, next.iter().copied()) {
                hidden[best] = true;
                return Ok(());
            }
            // Only hidden and unprinted cells lead on: a public one is a wall.
            next.retain(|member| self.is_unknown(hidden, *member));
            ring = next;
        }
        Err(Unprotectable(victim))
    }

    fn cheapest(&self, hidden: &[bool], among: impl Iterator<Item = usize>) -> Option<usize> {
        among
            .filter(|variable| self.printed[*variable] && !hidden[*variable])
            .filter(|variable| !self.public_already[*variable] && !self.headline[*variable])
            .filter(|variable| self.system.variables[*variable].records > 0)
            .min_by_key(|variable| {
                let lonely = self.system.lines_of[*variable].iter().filter(|line| {
                    let mut members = self.system.lines[**line].members();
                    !members.any(|member| member != *variable && self.is_unknown(hidden, member))
                });
                (self.cost[*variable].saturating_mul(1 + 2 * lonely.count() as u64), *variable)
            })
    }

    /// Publishes hidden cells again, dearest first, where that gives nothing away. The pool of kernel vectors makes each
    /// question a comparison: publishing `j` determines exactly what is proportional to `j` in every vector.
    fn publish_what_can_be(&self, hidden: &mut [bool]) {
        let mut candidates: Vec<usize> = (0..self.system.len())
            .filter(|variable| hidden[*variable] && !self.must_hide(*variable))
            .collect();
        candidates.sort_by_key(|variable| (std::cmp::Reverse(self.cost[*variable]), *variable));
        let mut pool: Vec<Vec<Element>> = Vec::new();
        for candidate in candidates {
            if pool.len() < 3 {
                pool = self.draw(&self.unknown(hidden), POOL);
            }
            if self.gives_something_away(hidden, candidate, &pool) {
                continue;
            }
            hidden[candidate] = false;
            if let Some(pivot) = pool.iter().position(|vector| !vector[candidate].is_zero()) {
                let used = pool.swap_remove(pivot);
                let scale = used[candidate].inverse();
                for vector in &mut pool {
                    let factor = vector[candidate].times(scale);
                    for (entry, other) in vector.iter_mut().zip(&used) {
                        *entry = entry.minus(other.times(factor));
                    }
                }
            }
        }
    }

    fn gives_something_away(&self, hidden: &[bool], candidate: usize, pool: &[Vec<Element>]) -> bool {
        let [first, second, ..] = pool else { return true };
        // Zero or proportional to the candidate in two random vectors: determined once the candidate is printed.
        let follows = |a: Element, b: Element| a.times(second[candidate]) == b.times(first[candidate]);
        let determined = |variable: usize| {
            variable == candidate
                || (first[variable].is_zero() && second[variable].is_zero())
                || (!first[candidate].is_zero() && follows(first[variable], second[variable]))
        };
        let mut unknown = self.unknown(hidden);
        unknown[candidate] = false;
        let exposes_one = (0..self.system.len())
            .any(|variable| unknown[variable] && determined(variable) && (self.sensitive[variable]));
        exposes_one
            || self.open_lines().any(|line| {
                let rest = self.undetermined_parts(line, &unknown, determined);
                let sum =
                    |vector: &[Element]| rest.iter().fold(Element::ZERO, |sum, part| sum.plus(vector[*part]));
                let (a, b) = (sum(first), sum(second));
                let is_given = (a.is_zero() && b.is_zero()) || (!first[candidate].is_zero() && follows(a, b));
                is_given && self.is_small_group(&rest)
            })
    }
}

/// Something sensitive that the equations determine.
enum Exposure {
    Variable(usize),
    Sum { line: usize, example: usize },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::system::Line;

    /// A table of `rows` x `columns` inner cells with all margins; returns the system and the number of inner cells.
    fn table(counts: &[&[u64]]) -> System {
        let (rows, columns) = (counts.len(), counts[0].len());
        let mut all: Vec<u64> = counts.iter().flat_map(|row| row.iter().copied()).collect();
        let mut lines = Vec::new();
        for (row, inner) in counts.iter().enumerate() {
            lines.push(Line {
                whole: all.len(),
                parts: (0..columns).map(|column| row * columns + column).collect(),
            });
            all.push(inner.iter().sum());
        }
        for column in 0..columns {
            lines.push(Line {
                whole: all.len(),
                parts: (0..rows).map(|row| row * columns + column).collect(),
            });
            all.push(counts.iter().map(|row| row[column]).sum());
        }
        let total = all.len();
        lines.push(Line { whole: total, parts: (rows * columns..rows * columns + rows).collect() });
        all.push(counts.iter().flat_map(|row| row.iter()).sum());
        System::of_counts(&all, lines)
    }

    fn hidden(system: &System, threshold: u64) -> Vec<usize> {
        let sensitive = system.variables.iter().map(|set| (1..threshold).contains(&set.records)).collect();
        let problem = Problem {
            system,
            printed: vec![true; system.len()],
            public_already: vec![false; system.len()],
            hidden_anyway: vec![false; system.len()],
            headline: vec![false; system.len()],
            known_sums: BTreeSet::new(),
            sensitive,
            threshold,
            cost: system.variables.iter().map(|set| set.records + 1).collect(),
        };
        let solution = problem.solve(&[], None).ok().unwrap();
        (0..system.len()).filter(|variable| solution[*variable]).collect()
    }

    #[test]
    fn one_small_cell_needs_a_rectangle() {
        let system = table(&[&[2, 20, 30], &[40, 11, 60], &[70, 80, 90]]);
        assert_eq!(hidden(&system, 5).len(), 4);
    }

    #[test]
    fn two_small_cells_of_one_row_whose_sum_is_small_need_a_third() {
        let system = table(&[&[1, 2, 30], &[40, 50, 60], &[70, 80, 90]]);
        let row: Vec<usize> = hidden(&system, 5).into_iter().filter(|cell| *cell < 3 || *cell == 9).collect();
        assert!(row.len() >= 3, "the row total minus the shown cell would give a group of three");
    }

    #[test]
    fn a_table_without_small_cells_is_printed_whole() {
        assert!(hidden(&table(&[&[10, 20], &[30, 40]]), 5).is_empty());
    }
}
