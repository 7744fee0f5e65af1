//! Linked tables of counts that were made elsewhere: cells, the equations between them, nothing else.

use super::audit::Attack;
use super::flags::Flags;
use super::interval::{Demand, Intervals, Widening};
use super::secondary::Problem;
use super::system::{Line, System};
use crate::error::Error;

/// Cells with their counts, tied together by equations; several tables and hierarchies are one system.
///
/// ```
/// use registat::{Criterion, LinkedCells};
///
/// // Two rows of two cells with all margins; one cell of 2 is small.
/// let mut cells = LinkedCells::new([2, 20, 30, 40, 22, 70, 32, 60, 92]);
/// cells.equation(4, [0, 1])?; // row totals
/// cells.equation(5, [2, 3])?;
/// cells.equation(6, [0, 2])?; // column totals
/// cells.equation(7, [1, 3])?;
/// cells.equation(8, [4, 5])?;
/// cells.equation(8, [6, 7])?;
/// let pattern = cells.suppress(5, Criterion::Interval)?;
/// assert_eq!(pattern.primary().count(), 1);
/// assert_eq!(pattern.secondary().count(), 3);
/// # Ok::<(), registat::Error>(())
/// ```
pub struct LinkedCells {
    counts: Vec<u64>,
    lines: Vec<Line>,
}

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

/// Which cells are hidden: the small ones, and others that keep them from being worked out.
#[must_use]
pub struct Pattern {
    primary: Vec<bool>,
    hidden: Vec<bool>,
    narrow: Vec<usize>,
    worlds: usize,
}

impl LinkedCells {
    /// Cells by their counts, so far without equations.
    pub fn new(counts: impl IntoIterator<Item = u64>) -> Self {
        Self { counts: counts.into_iter().collect(), lines: Vec::new() }
    }

    /// One cell is the sum of others.
    ///
    /// # Errors
    /// When a cell is not there, stands twice in the equation, or the counts do not add up.
    pub fn equation(&mut self, whole: usize, parts: impl IntoIterator<Item = usize>) -> Result<(), Error> {
        let mut parts: Vec<usize> = parts.into_iter().collect();
        parts.sort_unstable();
        let count = |cell: &usize| self.counts.get(*cell).copied();
        let is_repeated = parts.windows(2).any(|pair| pair.first() == pair.last()) || parts.contains(&whole);
        if parts.iter().chain([&whole]).any(|cell| count(cell).is_none()) {
            return Err(Error::policy("an equation names a cell that is not there"));
        }
        if is_repeated {
            return Err(Error::policy("an equation names a cell twice"));
        }
        let sum = parts.iter().filter_map(count).try_fold(0, u64::checked_add);
        if sum != count(&whole) {
            return Err(Error::policy("the counts of an equation do not add up"));
        }
        self.lines.push(Line { whole, parts });
        Ok(())
    }

    /// Hides the counts of 1 to `threshold` - 1, and others until the criterion holds. Zeros are printed.
    ///
    /// Under an interval criterion every end of every demanded interval is reached by a world in whole numbers, which is
    /// checked by whole-number arithmetic; [`Pattern::narrow`] says for which cells that failed, though everything around
    /// them is hidden.
    ///
    /// # Errors
    /// When the threshold is below 2, so that no count is small, or a small count is determined whatever is hidden.
    pub fn suppress(&self, threshold: u64, criterion: Criterion) -> Result<Pattern, Error> {
        self.suppress_with(threshold, criterion, IMPROVEMENTS)
    }

    /// The same with a stated number of attempts to find a cheaper choice.
    ///
    /// # Errors
    /// As [`suppress`](Self::suppress).
    pub fn suppress_with(
        &self,
        threshold: u64,
        criterion: Criterion,
        improvements: usize,
    ) -> Result<Pattern, Error> {
        if threshold < 2 {
            return Err(Error::policy("the threshold is a number of at least 2"));
        }
        let system = System::of_counts(&self.counts, self.lines.clone());
        let primary: Vec<bool> = self.counts.iter().map(|count| (1..threshold).contains(count)).collect();
        let flags = Flags::all_printed(primary.clone());
        let cost = Problem::costs(&system);
        let problem = Problem { system: &system, flags: &flags, least_sum: 0, cost, improvements };
        let solution = problem.solve();
        let mut hidden =
            solution.map_err(|_| Error::refusal("a small count follows from itself in an equation"))?;
        let zeros_known = criterion == Criterion::IntervalZerosKnown;
        let lower: Vec<u64> = self.counts.iter().map(|count| u64::from(zeros_known && *count > 0)).collect();
        let mut intervals = Intervals { worlds: Vec::new(), narrow: Vec::new() };
        if criterion != Criterion::Exact {
            let demand = Demand { least: 1, most: threshold - 1 };
            let widening = Widening::new(&problem, demand, lower);
            let secrets = flags.secrets();
            intervals = widening.widen(&mut hidden, &secrets);
            widening.trim(&mut hidden, &secrets, &mut intervals);
        }
        Ok(Pattern { primary, hidden, narrow: intervals.narrow, worlds: intervals.worlds.len() })
    }

    /// The cells whose count follows from the printed ones: attacked by looking for a second whole-number world, in which no
    /// count is below 0 (or below 1, where a reader knows that no hidden count is 0).
    pub fn exposed(&self, hidden: &[bool], zeros_known: bool) -> Vec<usize> {
        let system = System::of_counts(&self.counts, self.lines.clone());
        let lower = self.counts.iter().map(|_| u64::from(zeros_known)).collect();
        let unknown: Vec<bool> =
            (0..system.len()).map(|cell| hidden.get(cell).copied().unwrap_or(false)).collect();
        let secrets: Vec<usize> = (0..system.len()).filter(|cell| hidden.get(*cell) == Some(&true)).collect();
        Attack { system: &system, unknown, lower: Some(lower) }.exposed(&secrets)
    }
}

/// Attempts to find a cheaper choice when none are stated.
const IMPROVEMENTS: usize = 200;

impl Pattern {
    /// Whether each cell is hidden, in the order of the cells.
    pub fn hidden(&self) -> &[bool] {
        &self.hidden
    }

    /// The small cells.
    pub fn primary(&self) -> impl Iterator<Item = usize> {
        self.primary.iter().enumerate().filter(|(_, primary)| **primary).map(|(cell, _)| cell)
    }

    /// The cells that are hidden to protect them.
    pub fn secondary(&self) -> impl Iterator<Item = usize> {
        let both = self.hidden.iter().zip(&self.primary).enumerate();
        both.filter(|(_, (hidden, primary))| **hidden && !**primary).map(|(cell, _)| cell)
    }

    /// Small cells for which an end of the demanded interval was not reached.
    pub fn narrow(&self) -> &[usize] {
        &self.narrow
    }

    /// How many second worlds prove the others.
    pub fn worlds(&self) -> usize {
        self.worlds
    }
}

/// How many cells and equations there are: counts are confidential.
impl std::fmt::Debug for LinkedCells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LinkedCells({} cells, {} equations)", self.counts.len(), self.lines.len())
    }
}

/// Only the type's name.
impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pattern(..)")
    }
}
