//! The independent check: two whole-number worlds per small group, both reproducing everything printed.
//!
//! The audit shares no code with the choice of what to hide, only the description of cells and equations. For every
//! sensitive cell it looks for a *move*: whole-number changes of hidden cells that respect every equation, leave every
//! printed number as it is and keep every count possible. The true table and the moved one are then two worlds between
//! which no reader can decide. Each move is checked by integer arithmetic in [`super::world`]; a cell without one counts
//! as exposed, whatever the reason. A numeric kernel: it indexes by the numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fmt;

use super::moves::{Freedom, lightest_change, neighbourhood, whole_numbers};
use super::system::System;
use super::world::{Move, holds};

/// What the independent check found. For the staff; never part of what is printed.
#[must_use]
#[derive(Clone, Default)]
pub struct Audit {
    pub(super) policy: String,
    pub(super) threshold: u64,
    pub(super) printed: usize,
    pub(super) hidden: usize,
    pub(super) cells: usize,
    pub(super) equations: usize,
    pub(super) sensitive: usize,
    pub(super) proven: usize,
    pub(super) narrow: usize,
    pub(super) public_already: usize,
    pub(super) earlier_releases: Option<usize>,
}

impl Audit {
    /// Record sets in the system: everything printed and every piece that relates the tables.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// Equations between them.
    pub fn equations(&self) -> usize {
        self.equations
    }

    /// Groups below the threshold, printed or not, and small sums.
    pub fn sensitive(&self) -> usize {
        self.sensitive
    }

    /// Sensitive groups with two whole-number worlds that reproduce everything printed. In a release it equals
    /// [`sensitive`](Self::sensitive) less [`public_already`](Self::public_already): otherwise it would have been refused.
    pub fn proven(&self) -> usize {
        self.proven
    }

    /// Proven groups of which a reader could still rule out some count below the threshold, because what would hide it is
    /// public or must be printed. For all others there are whole-number worlds with 1 and with the threshold less 1.
    pub fn narrow(&self) -> usize {
        self.narrow
    }

    /// Small groups that an earlier release of the ledger printed under another policy: nothing can take that back.
    pub fn public_already(&self) -> usize {
        self.public_already
    }

    /// Numbers that the release holds.
    pub fn printed(&self) -> usize {
        self.printed
    }

    /// Numbers hidden for privacy, small themselves or to protect others.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// How many earlier releases the check took into account; `None` when the release was made without a ledger, so that
    /// nothing is known of what else was printed.
    pub fn earlier_releases(&self) -> Option<usize> {
        self.earlier_releases
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "policy {}: groups of fewer than {} patients are protected",
            self.policy, self.threshold
        )?;
        writeln!(f, "{} record sets tied together by {} equations", self.cells, self.equations)?;
        writeln!(f, "{} numbers printed, {} hidden for privacy", self.printed, self.hidden)?;
        writeln!(
            f,
            "{} small groups: {} with two whole-number worlds that fit everything printed, {} exposed",
            self.sensitive,
            self.proven,
            self.sensitive - self.proven - self.public_already
        )?;
        writeln!(
            f,
            "{} of them could be any number from 1 to {}, {} are narrower",
            self.proven - self.narrow.min(self.proven),
            self.threshold.saturating_sub(1),
            self.narrow
        )?;
        if self.public_already > 0 {
            writeln!(f, "{} small groups were printed by an earlier release", self.public_already)?;
        }
        match self.earlier_releases {
            Some(releases) => write!(f, "checked together with {releases} earlier releases of the ledger"),
            None => write!(f, "made without a ledger: nothing is known of what was printed before"),
        }
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Audit(..)")
    }
}

/// What an outsider faces: which variables are unknown, and the least that each can be.
pub(super) struct Attack<'s> {
    pub(super) system: &'s System,
    pub(super) unknown: Vec<bool>,
    /// Lowest count that each unknown variable can have; `None` for sums of values, which have no bound in use.
    pub(super) lower: Option<Vec<u64>>,
}

/// How far around a cell a move is looked for first, in equations, and how many cells at most. Most moves are small
/// rectangles; the last try takes the whole component.
const REACHES: [usize; 4] = [40, 160, 700, usize::MAX];

impl Attack<'_> {
    /// Looks for a move for each of these variables, sharing moves between them; returns those that none changes.
    pub(super) fn exposed(&self, sensitive: &[usize]) -> Vec<usize> {
        self.exposed_and_worlds(sensitive).0
    }

    /// The same, and the moves that were found for the others.
    pub(super) fn exposed_and_worlds(&self, sensitive: &[usize]) -> (Vec<usize>, Vec<Move>) {
        let (mut exposed, mut worlds) = (Vec::new(), Vec::new());
        let mut proven = BTreeSet::new();
        for variable in sensitive.iter().copied() {
            if !proven.contains(&variable) {
                match self.find_move(variable) {
                    Some(found) => {
                        proven.extend(found.changes.keys().copied());
                        worlds.push(found);
                    }
                    None => exposed.push(variable),
                }
            }
        }
        (exposed, worlds)
    }

    /// Whether a world is one that this reader cannot rule out.
    pub(super) fn allows(&self, world: &Move) -> bool {
        holds(self.system, world, &self.unknown, self.lower.as_deref())
    }

    /// Sums below the threshold that a line gives away: everything in it is printed but a few small groups. The line and
    /// one of the groups.
    pub(super) fn small_sums(&self, sensitive: &[bool], threshold: u64) -> Vec<(usize, usize)> {
        let mut given = Vec::new();
        for (number, line) in self.system.lines.iter().enumerate() {
            let hidden: Vec<usize> = line.parts.iter().copied().filter(|part| self.unknown[*part]).collect();
            let small = hidden.iter().copied().find(|part| sensitive[*part]);
            if let Some(small) = small
                && !self.unknown[line.whole]
                && self.system.patients_of(hidden.iter().copied()) < threshold
            {
                given.push((number, small));
            }
        }
        given
    }

    /// A second world in which this variable is another number, if one is found.
    pub(super) fn find_move(&self, variable: usize) -> Option<Move> {
        if !self.unknown[variable] {
            return None;
        }
        let mut last = 0;
        for reach in REACHES {
            let near = neighbourhood(self.system, &self.unknown, variable, reach);
            if near.len() == last {
                return None;
            }
            last = near.len();
            for direction in [1.0, -1.0] {
                if let Some(found) = self.solve(variable, direction, &near)
                    && holds(self.system, &found, &self.unknown, self.lower.as_deref())
                {
                    return Some(found);
                }
            }
        }
        None
    }

    /// The smallest move within a neighbourhood that changes a variable by one.
    fn solve(&self, target: usize, direction: f64, near: &BTreeSet<usize>) -> Option<Move> {
        let room = |variable: usize| match &self.lower {
            Some(lower) => self.system.variables[variable].records.saturating_sub(lower[variable]) as f64,
            None => f64::INFINITY,
        };
        let freedom = |variable| Freedom { up: f64::INFINITY, down: room(variable), weight: 1.0 };
        lightest_change(self.system, near, target, direction, freedom).and_then(|found| whole_numbers(&found))
    }
}
