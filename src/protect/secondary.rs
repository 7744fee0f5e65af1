//! Secondary suppression: which further numbers to hide so that the small ones cannot be worked out.
//! A numeric kernel: it indexes by the variable and line numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeSet, VecDeque};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::field::Element;
use super::flags::Flags;
use super::kernel::Elimination;
use super::moves::neighbourhood;
use super::publish::{Publishing, is_large};
use super::rules::Cost;
use super::system::System;

/// What is to be protected within one system.
pub(super) struct Problem<'s> {
    pub(super) system: &'s System,
    pub(super) flags: &'s Flags,
    /// Groups of fewer patients than this must not be given away as a sum either; 0 for single cells only.
    pub(super) least_sum: u64,
    /// What hiding it costs.
    pub(super) cost: &'s [u64],
    /// Attempts to improve a solution by undoing a part of it and choosing again.
    pub(super) improvements: usize,
    /// Where the random numbers start.
    pub(super) seed: u64,
}

/// The variable that could not be protected: every number that would hide it is public already, or must be printed.
pub(super) struct Unprotectable(pub(super) usize);

/// Something sensitive that the equations determine.
enum Exposure {
    Variable(usize),
    Sum { line: usize, example: usize },
}

/// A choice around a cell that is no dearer than the one before.
struct Attempt {
    centre: usize,
    /// The unknown cells that equations connect with the centre.
    part: BTreeSet<usize>,
    /// Cells of which it decides otherwise, and how.
    changed: Vec<(usize, bool)>,
    /// Of everything that is hidden.
    cost: u64,
}

/// A choice of more hidden cells is taken as it comes: an attempt to improve it costs as much as the choice.
const MOST_IMPROVED: usize = 5000;

/// Searches at a time, on as many threads as there are: a fixed number, so that the result is the same on any number of them.
pub(super) const TOGETHER: usize = 4;

impl Problem<'_> {
    /// What hiding each cell costs; ties between cells of the same cost go to the smaller one.
    pub(super) fn costs(system: &System, cost: Cost) -> Vec<u64> {
        let size = |records: u64| u64::from(records.saturating_add(1).ilog2());
        let of = |records: u64| match cost {
            Cost::Cells => 64 + size(records),
            Cost::Value => records.saturating_add(1),
            Cost::Log => 4 + size(records),
        };
        system.variables.iter().map(|set| of(set.records)).collect()
    }

    /// Hidden variables: every sensitive printed one, and others until none is determined.
    ///
    /// The same for the same problem on every machine: all chance comes from one fixed seed.
    pub(super) fn solve(&self) -> Result<Vec<bool>, Unprotectable> {
        let mut random = ChaCha8Rng::seed_from_u64(0x5EED ^ self.seed);
        let mut hidden: Vec<bool> =
            (0..self.system.len()).map(|variable| self.flags.is_primary(variable)).collect();
        if let Some(headline) = (0..hidden.len()).find(|one| hidden[*one] && self.flags.headline[*one]) {
            return Err(Unprotectable(headline));
        }
        let every_line = (0..self.system.lines.len()).collect();
        self.leave_none_alone(&mut hidden, every_line, &mut random, 0);
        self.repair(&mut hidden, &mut random, 0)?;
        Publishing::new(self, &mut random).publish_what_can_be(&mut hidden);
        self.improve(&mut hidden, &mut random);
        Ok(hidden)
    }

    /// Hides more for what the audit found exposed, which the kernel cannot see.
    pub(super) fn hide_more(&self, hidden: &mut Vec<bool>, exposed: &[usize]) -> Result<(), Unprotectable> {
        let mut random = ChaCha8Rng::seed_from_u64(0xA0D17 ^ self.seed);
        let mut hides_more = false;
        for variable in exposed {
            match self.hide_near(hidden, &Exposure::Variable(*variable), &mut random, 0) {
                Ok(_) => hides_more = true,
                // What was hidden for the others may have cured this one too.
                Err(_) if hides_more => {}
                Err(unprotectable) => return Err(unprotectable),
            }
        }
        self.repair(hidden, &mut random, 0)
    }

    pub(super) fn total_cost(&self, hidden: &[bool]) -> u64 {
        let hidden = hidden.iter().zip(self.cost).filter(|(hidden, _)| **hidden);
        hidden.map(|(_, cost)| *cost).sum()
    }

    pub(super) fn unknown(&self, hidden: &[bool]) -> Vec<bool> {
        (0..self.system.len()).map(|variable| self.flags.is_unknown(hidden, variable)).collect()
    }

    /// Hides the cheapest member of every line in which one hidden cell stands alone, until there is no such line.
    fn leave_none_alone(
        &self,
        hidden: &mut [bool],
        mut lines: VecDeque<usize>,
        random: &mut ChaCha8Rng,
        disorder: u64,
    ) {
        while let Some(line) = lines.pop_front() {
            let members = || self.system.lines[line].members();
            let mut unknown = members().filter(|member| self.flags.is_unknown(hidden, *member));
            let (Some(alone), None) = (unknown.next(), unknown.next()) else { continue };
            if !hidden[alone] && !self.flags.sensitive[alone] {
                continue;
            }
            if let Some(best) = self.cheapest(hidden, members(), random, disorder) {
                hidden[best] = true;
                lines.extend(&self.system.lines_of[best]);
            }
        }
    }

    /// Hides more until the kernel exposes nothing sensitive.
    fn repair(
        &self,
        hidden: &mut Vec<bool>,
        random: &mut ChaCha8Rng,
        disorder: u64,
    ) -> Result<(), Unprotectable> {
        for round in 0.. {
            let exposures = self.exposures(hidden, random, round > 2);
            if !exposures.iter().any(|exposure| self.is_secret(exposure)) {
                break;
            }
            let before = hidden.clone();
            let mut changed = VecDeque::new();
            // What resists is given more at a time: a round costs more than what has to be published again.
            let times = 1 + if is_large(hidden) { round } else { round / 3 };
            for exposure in exposures.iter().flat_map(|exposure| std::iter::repeat_n(exposure, times)) {
                match self.hide_near(hidden, exposure, random, disorder) {
                    Ok(best) => changed.extend(&self.system.lines_of[best]),
                    // What was hidden for another exposure of this round may have cured this one too.
                    Err(_) if !changed.is_empty() || !self.is_secret(exposure) => {}
                    Err(unprotectable) => return Err(unprotectable),
                }
            }
            self.leave_none_alone(hidden, changed, random, disorder);
            if *hidden == before {
                let example =
                    exposures.iter().find(|exposure| self.is_secret(exposure)).map(Exposure::example);
                return Err(Unprotectable(example.unwrap_or_default()));
            }
        }
        Ok(())
    }

    fn is_secret(&self, exposure: &Exposure) -> bool {
        match exposure {
            Exposure::Variable(variable) => self.flags.sensitive[*variable],
            Exposure::Sum { .. } => true,
        }
    }

    /// What the equations give away: single cells, and sums of too few patients. With `thorough`, also hidden cells that are
    /// not sensitive: determined, they protect nothing, and protecting them may be the way to protect the others.
    fn exposures(&self, hidden: &[bool], random: &mut ChaCha8Rng, thorough: bool) -> Vec<Exposure> {
        let unknown = self.unknown(hidden);
        let elimination = Elimination::new(self.system, &unknown);
        let mut vector = vec![Element::ZERO; self.system.len()];
        for (variable, value) in elimination.unknowns.iter().zip(elimination.draw(random)) {
            vector[*variable] = value;
        }
        let determined = |variable: usize| vector[variable].is_zero();
        let given = elimination.unknowns.iter().copied().filter(|variable| determined(*variable));
        let mut exposures: Vec<Exposure> = given
            .filter(|variable| self.flags.sensitive[*variable] || (thorough && hidden[*variable]))
            .map(Exposure::Variable)
            .collect();
        for line in self.lines_with_sums() {
            let rest = self.undetermined_parts(line, &unknown, determined);
            if self.is_small_group(&rest)
                && rest.iter().fold(Element::ZERO, |sum, part| sum.plus(vector[*part])).is_zero()
                && let Some(example) = rest.iter().copied().find(|part| self.flags.sensitive[*part])
            {
                exposures.push(Exposure::Sum { line, example });
            }
        }
        exposures
    }

    /// Lines whose sum of hidden parts must not be that of too few patients.
    pub(super) fn lines_with_sums(&self) -> impl Iterator<Item = usize> {
        let lines = if self.least_sum > 0 { self.system.lines.len() } else { 0 };
        (0..lines).filter(|line| !self.flags.known_sums.contains(line))
    }

    pub(super) fn undetermined_parts(
        &self,
        line: usize,
        unknown: &[bool],
        determined: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let parts = self.system.lines[line].parts.iter().copied();
        parts.filter(|part| unknown[*part] && !determined(*part)).collect()
    }

    pub(super) fn is_small_group(&self, group: &[usize]) -> bool {
        group.iter().any(|part| self.flags.sensitive[*part])
            && self.system.patients_of(group.iter().copied()) < self.least_sum
    }

    /// Hides the cheapest printed neighbour of an exposure. Where all neighbours are hidden already and still do not
    /// protect it, one of theirs is hidden.
    fn hide_near(
        &self,
        hidden: &mut [bool],
        exposure: &Exposure,
        random: &mut ChaCha8Rng,
        disorder: u64,
    ) -> Result<usize, Unprotectable> {
        let mut ring: BTreeSet<usize> = match exposure {
            Exposure::Variable(variable) => BTreeSet::from([*variable]),
            Exposure::Sum { line, .. } => self.system.lines[*line].members().collect(),
        };
        if let Exposure::Sum { .. } = exposure
            && let Some(best) = self.cheapest(hidden, ring.iter().copied(), random, disorder)
        {
            hidden[best] = true;
            return Ok(best);
        }
        let mut seen = ring.clone();
        while !ring.is_empty() {
            let lines: BTreeSet<usize> =
                ring.iter().flat_map(|variable| self.system.lines_of[*variable].iter().copied()).collect();
            let around: BTreeSet<usize> =
                lines.iter().flat_map(|line| self.system.lines[*line].members()).collect();
            if let Some(best) = self.cheapest(hidden, around.iter().copied(), random, disorder) {
                hidden[best] = true;
                return Ok(best);
            }
            // Only hidden and unprinted cells lead on: a public one is a wall.
            ring = around
                .into_iter()
                .filter(|member| self.flags.is_unknown(hidden, *member) && seen.insert(*member))
                .collect();
        }
        Err(Unprotectable(exposure.example()))
    }

    /// The cheapest cell that could still be hidden. One that would stand alone in further lines is dearer, as each of those
    /// asks for one more. With `disorder` the order is blurred by up to that many times the cost.
    fn cheapest(
        &self,
        hidden: &[bool],
        among: impl Iterator<Item = usize>,
        random: &mut ChaCha8Rng,
        disorder: u64,
    ) -> Option<usize> {
        let can_hide = among.filter(|variable| self.flags.can_hide(self.system, hidden, *variable));
        can_hide.min_by_key(|variable| {
            let stands_alone = |line: &&usize| {
                let mut members = self.system.lines[**line].members();
                !members.any(|member| member != *variable && self.flags.is_unknown(hidden, member))
            };
            let alone = self.system.lines_of[*variable].iter().filter(stands_alone).count() as u64;
            let blur = if disorder == 0 { 256 } else { random.random_range(256..=256 * (1 + disorder)) };
            (self.cost[*variable].saturating_mul(1 + 2 * alone).saturating_mul(blur), *variable)
        })
    }

    /// Undoes the hiding around some cells, chooses there again in another order, and keeps what is no dearer.
    fn improve(&self, hidden: &mut [bool], random: &mut ChaCha8Rng) {
        if hidden.iter().filter(|hidden| **hidden).count() > MOST_IMPROVED {
            return;
        }
        for _ in 0..self.improvements.div_ceil(TOGETHER) {
            let chosen: Vec<usize> =
                (0..hidden.len()).filter(|one| self.flags.is_secondary(hidden, *one)).collect();
            if chosen.is_empty() {
                return;
            }
            let attempts: Vec<(usize, u64)> = (0..TOGETHER)
                .map(|_| (chosen[random.random_range(0..chosen.len())], random.random()))
                .collect();
            let attempts = attempts.into_par_iter().map(|(centre, seed)| self.attempt(hidden, centre, seed));
            let mut better: Vec<Attempt> = attempts.collect::<Vec<_>>().into_iter().flatten().collect();
            better.sort_by_key(|attempt| attempt.cost);
            let mut done: Vec<Attempt> = Vec::new();
            for attempt in better {
                // Attempts in parts that no equation connects know nothing of each other, and need not.
                if !done.iter().any(|done| done.part.contains(&attempt.centre)) {
                    attempt.changed.iter().for_each(|(one, is_hidden)| hidden[*one] = *is_hidden);
                    done.push(attempt);
                }
            }
        }
    }

    /// An attempt to choose again around a cell, if it is no dearer.
    fn attempt(&self, hidden: &[bool], centre: usize, seed: u64) -> Option<Attempt> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let unknown = self.unknown(hidden);
        let part = neighbourhood(self.system, &unknown, centre, usize::MAX);
        let flags = self.flags.within(&part, &unknown);
        let local = Problem { flags: &flags, ..*self };
        let before = self.total_cost(hidden);
        let mut trial = hidden.to_vec();
        let mut lines = VecDeque::new();
        for undone in self.chosen_around(hidden, centre, random.random_range(3..14)) {
            trial[undone] = false;
            lines.extend(&self.system.lines_of[undone]);
        }
        local.leave_none_alone(&mut trial, lines, &mut random, 3);
        // A trial that is much dearer already will not be cheaper after publishing what can be.
        if local.repair(&mut trial, &mut random, 3).is_err() || self.total_cost(&trial) > before + 32 {
            return None;
        }
        Publishing::new(&local, &mut random).publish_what_can_be(&mut trial);
        let cost = self.total_cost(&trial);
        let changed = (0..trial.len()).filter(|one| trial[*one] != hidden[*one]);
        let changed = changed.map(|one| (one, trial[one])).collect();
        (cost <= before).then_some(Attempt { centre, part, changed, cost })
    }

    /// Secondary cells near one of them, in the order in which hidden cells of common lines lead to them.
    fn chosen_around(&self, hidden: &[bool], centre: usize, most: usize) -> Vec<usize> {
        let mut seen = BTreeSet::from([centre]);
        let mut queue = VecDeque::from([centre]);
        let mut around = Vec::new();
        while let Some(variable) = queue.pop_front() {
            if !self.flags.is_primary(variable) {
                around.push(variable);
                if around.len() >= most {
                    break;
                }
            }
            for line in &self.system.lines_of[variable] {
                let members = self.system.lines[*line].members();
                queue.extend(members.filter(|member| hidden[*member] && seen.insert(*member)));
            }
        }
        around
    }
}

impl Exposure {
    fn example(&self) -> usize {
        match self {
            Self::Variable(example) | Self::Sum { example, .. } => *example,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::system::Line;

    /// A table with all margins: inner cells row by row, then row totals, column totals, total.
    fn table(counts: &[&[u64]]) -> System {
        let (rows, columns) = (counts.len(), counts[0].len());
        let mut all: Vec<u64> = counts.iter().flat_map(|row| row.iter().copied()).collect();
        let mut lines = Vec::new();
        for (row, inner) in counts.iter().enumerate() {
            let parts = (0..columns).map(|column| row * columns + column).collect();
            lines.push(Line { whole: all.len(), parts });
            all.push(inner.iter().sum());
        }
        for column in 0..columns {
            let parts = (0..rows).map(|row| row * columns + column).collect();
            lines.push(Line { whole: all.len(), parts });
            all.push(counts.iter().map(|row| row[column]).sum());
        }
        let total = all.len();
        lines.push(Line { whole: total, parts: (rows * columns..rows * columns + rows).collect() });
        all.push(counts.iter().flat_map(|row| row.iter()).sum());
        System::of_counts(&all, lines)
    }

    fn hidden(system: &System, threshold: u64) -> Vec<usize> {
        let sensitive = system.variables.iter().map(|set| (1..threshold).contains(&set.records)).collect();
        let flags = Flags::all_printed(sensitive);
        let cost = Problem::costs(system, Cost::Log);
        let problem =
            Problem { system, flags: &flags, least_sum: threshold, cost: &cost, improvements: 20, seed: 0 };
        let solution = problem.solve().ok().unwrap();
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
