//! How linked cells are to be protected, and what came of it.

use std::time::Duration;

use super::rules::Cost;

/// What a hidden small count must withstand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Criterion {
    /// No small count follows from the printed numbers by the equations alone.
    Exact,
    /// Every count from 1 to the threshold less 1 stays possible for each of them, counts being at least 0.
    Interval,
    /// The same for a reader who knows that no hidden count is 0, because zeros are printed.
    IntervalZerosKnown,
}

/// A criterion, what hiding costs, and how long to look for a cheaper choice.
///
/// ```
/// use registat::{Cost, Criterion, Method};
///
/// let method = Method::new(Criterion::Interval).cost(Cost::Value).attempts(1000).seed(7);
/// assert_eq!(method.criterion(), Criterion::Interval);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Method {
    pub(super) criterion: Criterion,
    pub(super) cost: Cost,
    pub(super) attempts: usize,
    pub(super) seed: u64,
}

impl Method {
    /// Attempts to find a cheaper choice when none are stated.
    const ATTEMPTS: usize = 200;

    /// A criterion with the default cost ([`Cost::Log`]), 200 attempts and seed 0.
    pub const fn new(criterion: Criterion) -> Self {
        Self { criterion, cost: Cost::Log, attempts: Self::ATTEMPTS, seed: 0 }
    }

    /// What hiding a cell costs.
    pub const fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// How often a part of the choice is undone and made again in search of a cheaper one; 0 takes the first choice, as it
    /// is always taken where more than 5,000 cells are hidden.
    pub const fn attempts(mut self, attempts: usize) -> Self {
        self.attempts = attempts;
        self
    }

    /// Where the random numbers start. The same cells, method and seed give the same pattern on every machine.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What a hidden small count must withstand.
    pub const fn criterion(&self) -> Criterion {
        self.criterion
    }
}

/// Which cells are hidden: the sensitive ones, and others that keep them from being worked out.
#[must_use]
pub struct Pattern {
    pub(super) primary: Vec<bool>,
    pub(super) hidden: Vec<bool>,
    pub(super) proven: usize,
    pub(super) narrow: Vec<usize>,
    pub(super) worlds: usize,
    pub(super) choice_time: Duration,
    pub(super) interval_time: Duration,
    pub(super) lower_bound: u64,
    pub(super) is_optimal: bool,
}

impl Pattern {
    /// Whether each cell is hidden, in the order of the cells.
    pub fn hidden(&self) -> &[bool] {
        &self.hidden
    }

    /// The sensitive cells.
    pub fn primary(&self) -> impl Iterator<Item = usize> {
        self.primary.iter().enumerate().filter(|(_, primary)| **primary).map(|(cell, _)| cell)
    }

    /// The cells that are hidden to protect them.
    pub fn secondary(&self) -> impl Iterator<Item = usize> {
        let both = self.hidden.iter().zip(&self.primary).enumerate();
        both.filter(|(_, (hidden, primary))| **hidden && !**primary).map(|(cell, _)| cell)
    }

    /// Sensitive cells for which worlds in whole numbers reach both ends of the demanded interval. Under
    /// [`Criterion::Exact`], which demands none, 0.
    pub fn proven(&self) -> usize {
        self.proven
    }

    /// Sensitive cells for which an end of the demanded interval was not reached in whole numbers.
    pub fn narrow(&self) -> &[usize] {
        &self.narrow
    }

    /// How many second worlds prove the others.
    pub fn worlds(&self) -> usize {
        self.worlds
    }

    /// Time spent on choosing what to hide under the exact criterion.
    pub fn choice_time(&self) -> Duration {
        self.choice_time
    }

    /// Time spent on worlds at the ends of the intervals, and on hiding more for them.
    pub fn interval_time(&self) -> Duration {
        self.interval_time
    }

    /// What no pattern that meets the criterion falls short of: in secondary cells, or where
    /// [`LinkedCells::optimal`](crate::LinkedCells::optimal) was asked for, in the unit of the cost.
    pub fn lower_bound(&self) -> u64 {
        self.lower_bound
    }

    /// Whether this pattern is proven to cost the least of all.
    pub fn is_optimal(&self) -> bool {
        self.is_optimal
    }
}

/// Only the type's name.
impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pattern(..)")
    }
}
