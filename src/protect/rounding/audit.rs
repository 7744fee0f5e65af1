//! What a reader can still work out behind small count rounding.
//!
//! A numeric kernel: it indexes by the numbers of counts and printed cells, which were checked when they were given.
#![allow(clippy::indexing_slicing)]

use std::collections::VecDeque;

use super::distinct;
use super::feasible::{AuditedCell, FeasibleCount, RoundingAudit};
use super::small_count::{RoundedCounts, RoundingScope};
use super::worlds::{Found, Knowledge, Pair, Puzzle, Side, Sum};
use crate::error::Error;

/// What follows from the printed cells about what each count was rounded to.
struct Rounded {
    known: Vec<Option<i64>>,
    /// What is left of each printed cell without the known values, and of how many counts.
    rest: Vec<(i64, usize)>,
    /// The printed cells that each count is part of.
    cells_of: Vec<Vec<usize>>,
}

impl RoundedCounts {
    /// For every small count that something is printed of, and for every small printed cell: which values fit what a reader
    /// knows.
    ///
    /// The reader knows the printed cells, which counts are part of each, the base, which small counts are rounded
    /// ([`RoundingScope`]), that a count of at least the base is not changed, and the true sum of each list of counts in
    /// `true_sums`, because it is printed elsewhere. So a count that is printed as 0 is 0 to the base less 1, one that is printed
    /// as the base is 1 to the base, and any other printed count is exact. The reader does not know the order in which the search
    /// tried things.
    ///
    /// A printed cell that is a single count is audited as that count. Where more than 500 small counts are tied to others, the
    /// ends of their ranges are bounds only ([`FeasibleCount::is_exact`]); a count of which two worlds are found is open all the
    /// same.
    ///
    /// ```
    /// use registat::{AuditedCell, RoundingScope, SmallCountRounding};
    ///
    /// let mut table = SmallCountRounding::new([3, 40], 5)?.scope(RoundingScope::EverySmall);
    /// table.publish([0])?;
    /// table.publish([0, 1])?;
    /// let rounded = table.round()?;
    /// assert_eq!(rounded.published(), [5, 45]);
    /// assert!(rounded.audit(&[])?.is_safe());
    ///
    /// // A total that is printed as it is, in another table, gives the small count away.
    /// let audit = rounded.audit(&[vec![0, 1]])?;
    /// assert_eq!(audit.exposed().collect::<Vec<_>>(), [AuditedCell::Inner(0)]);
    /// # Ok::<(), registat::Error>(())
    /// ```
    ///
    /// # Errors
    /// When a true sum names no count, one that is not there, or one twice.
    pub fn audit(&self, true_sums: &[Vec<usize>]) -> Result<RoundingAudit, Error> {
        let number = self.truth.len();
        let checked = true_sums.iter().map(|sum| distinct(sum.iter().copied(), number, "a true sum"));
        let true_sums: Vec<Vec<usize>> = checked.collect::<Result<_, _>>()?;
        let rounded = self.rounded_values();
        let mut is_mentioned: Vec<bool> = rounded.cells_of.iter().map(|cells| !cells.is_empty()).collect();
        true_sums.iter().flatten().for_each(|count| is_mentioned[*count] = true);
        let is_small = |count: i64| 0 < count && count < self.base;
        let inner = (0..number).filter(|count| is_mentioned[*count] && is_small(self.truth[*count]));
        let sums = (0..self.cells.len())
            .filter(|cell| self.cells[*cell].len() > 1 && is_small(self.true_sums[*cell]));
        let audited: Vec<AuditedCell> =
            inner.map(AuditedCell::Inner).chain(sums.map(AuditedCell::Published)).collect();
        let targets = audited.iter().map(|cell| match cell {
            AuditedCell::Inner(count) => vec![*count],
            AuditedCell::Published(cell) => self.cells[*cell].clone(),
        });
        let found = self.puzzle(&rounded, true_sums).ranges(targets.collect());
        let counts = audited.into_iter().zip(found).map(|(cell, found)| found.of(cell));
        Ok(RoundingAudit::new(counts.collect()))
    }

    /// Rounded values that follow from the printed cells: nothing is below 0, and the last unknown of a cell is what is left.
    fn rounded_values(&self) -> Rounded {
        let mut cells_of = vec![Vec::new(); self.truth.len()];
        for (cell, counts) in self.cells.iter().enumerate() {
            for count in counts {
                cells_of[*count].push(cell);
            }
        }
        let mut known = vec![None; self.truth.len()];
        let mut rest: Vec<(i64, usize)> =
            self.sums.iter().zip(&self.cells).map(|(sum, cell)| (*sum, cell.len())).collect();
        let is_told = |(sum, unknown): (i64, usize)| sum == 0 || unknown == 1;
        let mut queue: VecDeque<usize> = (0..rest.len()).filter(|cell| is_told(rest[*cell])).collect();
        while let Some(cell) = queue.pop_front() {
            let (value, _) = rest[cell];
            for count in &self.cells[cell] {
                if known[*count].is_some() {
                    continue;
                }
                known[*count] = Some(value);
                for other in &cells_of[*count] {
                    let (sum, unknown) = rest[*other];
                    rest[*other] = (sum - value, unknown - 1);
                    if is_told(rest[*other]) && unknown > 1 {
                        queue.push_back(*other);
                    }
                }
            }
        }
        Rounded { known, rest, cells_of }
    }

    fn puzzle(&self, rounded: &Rounded, true_sums: Vec<Vec<usize>>) -> Puzzle {
        let total = |counts: &[usize]| counts.iter().map(|count| self.truth[*count]).sum::<i64>();
        let mut most = vec![i64::MAX; self.truth.len()];
        for counts in &true_sums {
            let total = total(counts);
            counts.iter().for_each(|count| most[*count] = most[*count].min(total));
        }
        let knowledge: Vec<Knowledge> =
            (0..self.truth.len()).map(|count| self.knowledge(count, rounded, most[count])).collect();
        let mut sums: Vec<Sum> = Vec::new();
        for (cell, (total, unknown)) in self.cells.iter().zip(&rounded.rest) {
            let open = cell.iter().filter(|count| rounded.known[**count].is_none());
            if *unknown > 0 {
                let terms = open.map(|count| (*count, 1)).collect();
                sums.push(Sum { side: Side::Rounded, terms, total: *total });
            }
        }
        for counts in true_sums {
            let total = total(&counts);
            let terms = counts.into_iter().map(|count| (count, 1)).collect();
            sums.push(Sum { side: Side::True, terms, total });
        }
        let is_kept = |value: i64| 0 < value && value < self.base;
        let may_stay = |count: &usize| rounded.known[*count].is_none_or(is_kept);
        let groups: Vec<Vec<usize>> = match self.scope {
            RoundingScope::EverySmall => Vec::new(),
            RoundingScope::Necessary => {
                self.cells.iter().filter(|cell| cell.iter().any(may_stay)).cloned().collect()
            }
        };
        let pairs = self.truth.iter().zip(&self.rounded);
        let truth = pairs.map(|(count, rounded)| Pair { count: *count, rounded: *rounded }).collect();
        Puzzle::new(self.base, truth, knowledge, sums, groups)
    }

    /// What is known of one count by itself: from what it was rounded to, and from the true sums it is part of.
    fn knowledge(&self, count: usize, rounded: &Rounded, most: i64) -> Knowledge {
        let base = self.base;
        match rounded.known[count] {
            Some(0) => Knowledge::Between { least: 0, most: most.min(base - 1) },
            Some(value) if value == base => Knowledge::Between { least: 1, most: most.min(base) },
            Some(value) => Knowledge::Between { least: value, most: value },
            None => {
                let left = rounded.cells_of[count].iter().map(|cell| rounded.rest[*cell].0).min();
                let value = left.unwrap_or(i64::MAX).min(most.max(base));
                let reached = if value < base { base - 1 } else { value };
                Knowledge::Behind { rounded: value, most: most.min(reached) }
            }
        }
    }
}

impl Found {
    pub(super) fn of(&self, cell: AuditedCell) -> FeasibleCount {
        let bounds = (self.least.unsigned_abs(), self.most.unsigned_abs());
        FeasibleCount::new(cell, bounds, self.is_exact, self.has_two_worlds)
    }
}
