//! Linked tables of counts that were made elsewhere: cells, the equations between them, nothing else.

use std::time::Instant;

use super::audit::Attack;
use super::ends::Ends;
use super::flags::Flags;
use super::interval::{Intervals, Widening};
use super::optimum::{Demanded, Instance, optimum, packing_bound};
use super::pattern::{Criterion, Method, Pattern};
use super::rules::Cost;
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
        self.suppress_by(threshold, &Method::new(criterion))
    }

    /// The same with a stated cost, number of attempts and seed.
    ///
    /// # Errors
    /// As [`suppress`](Self::suppress).
    pub fn suppress_by(&self, threshold: u64, method: &Method) -> Result<Pattern, Error> {
        self.suppress_values(&self.small(threshold)?, method)
    }

    /// Hides sensitive values, such as magnitudes under a [`ContributorRule`](crate::ContributorRule), and others until the
    /// criterion holds: each cell with an interval is sensitive, and both ends of its interval must stay possible.
    ///
    /// # Errors
    /// When there is not one entry per cell, an interval does not contain its value, or a sensitive value is determined
    /// whatever is hidden.
    pub fn suppress_values(
        &self,
        demanded: &[Option<(u64, u64)>],
        method: &Method,
    ) -> Result<Pattern, Error> {
        self.check(demanded)?;
        let start = Instant::now();
        let system = System::of_counts(&self.counts, self.lines.clone());
        let primary: Vec<bool> = demanded.iter().map(Option::is_some).collect();
        let flags = Flags::all_printed(primary.clone());
        let problem = Problem {
            system: &system,
            flags: &flags,
            least_sum: 0,
            cost: &Problem::costs(&system, method.cost),
            improvements: method.attempts,
            seed: method.seed,
        };
        let mut hidden = problem.solve().map_err(|_| not_protectable())?;
        let choice_time = start.elapsed();
        let start = Instant::now();
        let mut intervals = Intervals::default();
        if method.criterion != Criterion::Exact {
            let each = demanded.iter().enumerate();
            let demanded = each.filter_map(|(cell, demand)| demand.map(|demand| (cell, demand))).collect();
            let secrets = flags.secrets();
            let widening = Widening::new(&problem, demanded, self.lower(method.criterion));
            intervals = widening.widen(&mut hidden, &secrets);
            widening.trim(&mut hidden, &secrets, &mut intervals);
        }
        let is_exact = method.criterion == Criterion::Exact;
        let sensitive = primary.iter().filter(|primary| **primary).count();
        let may_hide: Vec<bool> =
            self.counts.iter().zip(&primary).map(|(count, primary)| *count > 0 && !primary).collect();
        let each = vec![1; self.counts.len()];
        let lower_bound = packing_bound(&system, &primary, &primary, &may_hide, &each);
        Ok(Pattern {
            proven: if is_exact { 0 } else { sensitive - intervals.narrow.len() },
            primary,
            hidden,
            narrow: intervals.narrow,
            worlds: intervals.worlds.len(),
            choice_time,
            interval_time: start.elapsed(),
            lower_bound,
            is_optimal: false,
        })
    }

    /// The cheapest pattern, by branch and bound that begins at what [`suppress_by`](Self::suppress_by) finds. Where the
    /// search ends before the proof, [`Pattern::is_optimal`] says so and [`Pattern::lower_bound`] how cheap any pattern
    /// could be. Intervals are those of the real numbers.
    ///
    /// # Errors
    /// As [`suppress`](Self::suppress).
    pub fn optimal(&self, threshold: u64, criterion: Criterion, cost: Cost) -> Result<Pattern, Error> {
        let demanded = self.small(threshold)?;
        let start = Instant::now();
        let found = self.suppress_values(&demanded, &Method::new(criterion).cost(cost))?;
        let system = System::of_counts(&self.counts, self.lines.clone());
        let lower = self.lower(criterion);
        let ends: Vec<(usize, i64, i64)> = demanded
            .iter()
            .enumerate()
            .filter_map(|(cell, demand)| {
                let ends = Ends::of(*demand.as_ref()?, *self.counts.get(cell)?, *lower.get(cell)?);
                Some((cell, ends.down, ends.up))
            })
            .collect();
        let demand = match criterion {
            Criterion::Exact => Demanded::Exact,
            _ => Demanded::Ends { ends: &ends, lower: &lower },
        };
        let may_hide: Vec<bool> = self.counts.iter().map(|count| *count > 0).collect();
        // Counted in cells, not in the finer units that break ties of the heuristic.
        let cost: Vec<u64> = match cost {
            Cost::Cells => vec![1; self.counts.len()],
            Cost::Value => self.counts.clone(),
            Cost::Log => Problem::costs(&system, cost),
        };
        let instance =
            Instance { system: &system, primary: &found.primary, may_hide: &may_hide, cost: &cost, demand };
        let best = optimum(&instance, Some(&found.hidden), MOST_NODES).ok_or_else(not_protectable)?;
        Ok(Pattern {
            hidden: best.hidden,
            lower_bound: best.lower_bound,
            is_optimal: best.lower_bound == best.cost,
            choice_time: start.elapsed(),
            ..found
        })
    }

    /// For each small count, the counts that must stay possible.
    fn small(&self, threshold: u64) -> Result<Vec<Option<(u64, u64)>>, Error> {
        if threshold < 2 {
            return Err(Error::policy("the threshold is a number of at least 2"));
        }
        let demand = |count: &u64| (1..threshold).contains(count).then_some((1, threshold - 1));
        Ok(self.counts.iter().map(demand).collect())
    }

    fn check(&self, demanded: &[Option<(u64, u64)>]) -> Result<(), Error> {
        if demanded.len() != self.counts.len() {
            return Err(Error::policy(
                "state for every cell whether it is sensitive, and its interval if it is",
            ));
        }
        let holds = |(demand, value): (&Option<(u64, u64)>, &u64)| {
            demand.is_none_or(|(least, most)| (least..=most).contains(value))
        };
        if !demanded.iter().zip(&self.counts).all(holds) {
            return Err(Error::policy("the interval of a sensitive cell contains its value"));
        }
        Ok(())
    }

    /// The least that a reader takes each count for.
    fn lower(&self, criterion: Criterion) -> Vec<u64> {
        let zeros_known = criterion == Criterion::IntervalZerosKnown;
        self.counts.iter().map(|count| u64::from(zeros_known && *count > 0)).collect()
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

/// Nodes of the search tree before the proof of a least pattern is given up.
const MOST_NODES: usize = 20_000;

fn not_protectable() -> Error {
    Error::refusal("a sensitive cell follows from itself in an equation, whatever is hidden")
}

/// How many cells and equations there are: counts are confidential.
impl std::fmt::Debug for LinkedCells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LinkedCells({} cells, {} equations)", self.counts.len(), self.lines.len())
    }
}
