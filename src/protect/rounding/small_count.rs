//! Small count rounding: small counts become nothing or the base, and everything printed is added up again.

use std::fmt;

use super::quality::RoundingQuality;
use super::search::Candidates;
use super::{distinct, signed};
use crate::error::Error;

/// The counts behind a table, the sums of them that are printed, and the base to which small ones are rounded.
///
/// Counts from 1 to the base less 1 are small. Small counts become 0 or the base; all other counts stay as they are. Every
/// printed cell is the sum of the rounded counts, so whatever adds up in truth adds up in print, and no printed cell is small.
/// Which counts go up is chosen so that the printed cells are as near as possible to the truth: the least sum of squared
/// differences that was found, then the least greatest difference.
///
/// The method is that of Langsrud and Heldal, "An Algorithm for Small Count Rounding of Tabular Data" (Privacy in Statistical
/// Databases, 2018). Rounding alone is no promise: [`RoundedCounts::audit`] says what a reader can still work out, above all
/// when true sums are printed elsewhere.
///
/// ```
/// use registat::{RoundingScope, SmallCountRounding};
///
/// // Men and women of two hospitals, with all margins.
/// let mut table = SmallCountRounding::new([3, 40, 2, 35], 5)?.scope(RoundingScope::EverySmall);
/// for cell in [vec![0], vec![1], vec![2], vec![3], vec![0, 1], vec![2, 3], vec![0, 2], vec![1, 3], vec![0, 1, 2, 3]] {
///     table.publish(cell)?;
/// }
/// let rounded = table.round()?;
/// assert_eq!(rounded.inner(), [5, 40, 0, 35]);
/// assert_eq!(rounded.published(), [5, 40, 0, 35, 45, 35, 5, 75, 80]);
/// assert!(rounded.audit(&[])?.is_safe());
/// # Ok::<(), registat::Error>(())
/// ```
pub struct SmallCountRounding {
    base: i64,
    counts: Vec<i64>,
    published: Vec<Vec<usize>>,
    scope: RoundingScope,
    seed: u64,
    starts: usize,
}

/// Which small counts are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoundingScope {
    /// Those that are part of a printed cell that is small, in truth or after others were rounded. The counts behind the table
    /// are then not for print, unless they are printed cells themselves.
    #[default]
    Necessary,
    /// All of them. What is behind the table may be printed too.
    EverySmall,
}

/// Counts after rounding, and the truth to compare them with.
#[must_use]
pub struct RoundedCounts {
    pub(super) base: i64,
    pub(super) scope: RoundingScope,
    /// The printed cells, as what they are sums of.
    pub(super) cells: Vec<Vec<usize>>,
    pub(super) truth: Vec<i64>,
    pub(super) rounded: Vec<i64>,
    pub(super) true_sums: Vec<i64>,
    pub(super) sums: Vec<i64>,
    inner: Vec<u64>,
    published: Vec<u64>,
}

/// Bases that can be chosen.
const BASES: std::ops::RangeInclusive<u64> = 2..=64;
/// Starts of the search when none are stated.
const STARTS: usize = 8;

impl SmallCountRounding {
    /// Counts that do not overlap, and the base: 2 to 64. So far nothing is printed of them.
    ///
    /// # Errors
    /// When the base is another number, or the counts are too large to be added up exactly.
    pub fn new(counts: impl IntoIterator<Item = u64>, base: u64) -> Result<Self, Error> {
        if !BASES.contains(&base) {
            return Err(Error::policy("the base of small count rounding is a number from 2 to 64"));
        }
        let counts: Vec<u64> = counts.into_iter().collect();
        let counts = signed(&counts, base)?;
        let scope = RoundingScope::default();
        Ok(Self { base: base as i64, counts, published: Vec::new(), scope, seed: 0, starts: STARTS })
    }

    /// A printed cell: the sum of some of the counts. Says its number, from 0 on.
    ///
    /// # Errors
    /// When it is the sum of nothing, a count is not there, or one stands twice.
    pub fn publish(&mut self, counts: impl IntoIterator<Item = usize>) -> Result<usize, Error> {
        let counts = distinct(counts, self.counts.len(), "a printed cell")?;
        self.published.push(counts);
        Ok(self.published.len() - 1)
    }

    /// Which small counts are rounded; only the necessary ones if not said.
    #[must_use]
    pub fn scope(mut self, scope: RoundingScope) -> Self {
        self.scope = scope;
        self
    }

    /// Another order in which things are tried. The same seed gives the same result on every machine. Keep it confidential.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// From how many starts the search sets out; the best result is kept. At least one is used, 8 if not said.
    #[must_use]
    pub fn starts(mut self, starts: usize) -> Self {
        self.starts = starts;
        self
    }

    /// Rounds.
    ///
    /// # Errors
    /// When nothing is printed.
    pub fn round(&self) -> Result<RoundedCounts, Error> {
        if self.published.is_empty() {
            return Err(Error::policy("small count rounding needs at least one printed cell"));
        }
        let is_small = |count: i64| 0 < count && count < self.base;
        let true_sums = sums(&self.published, &self.counts);
        let (mut rounded, mut printed) = (self.counts.clone(), true_sums.clone());
        let mut chosen: Vec<bool> = self
            .counts
            .iter()
            .map(|count| self.scope == RoundingScope::EverySmall && is_small(*count))
            .collect();
        let mut is_first = true;
        // Rounding some can leave a sum of others small. Then those are rounded too, and all are chosen anew; what has been
        // added stays, so this ends.
        loop {
            let mut has_more = false;
            for (cell, _) in self.published.iter().zip(&printed).filter(|(_, sum)| is_small(**sum)) {
                for count in cell {
                    let is_unrounded = rounded.get(*count).is_some_and(|count| is_small(*count));
                    if let Some(chosen) = chosen.get_mut(*count).filter(|chosen| is_unrounded && !**chosen) {
                        *chosen = true;
                        has_more = true;
                    }
                }
            }
            if !has_more && !is_first {
                break;
            }
            is_first = false;
            rounded = self.choose(&chosen);
            printed = sums(&self.published, &rounded);
        }
        let unsigned =
            |counts: &[i64]| -> Vec<u64> { counts.iter().map(|count| count.unsigned_abs()).collect() };
        Ok(RoundedCounts {
            base: self.base,
            scope: self.scope,
            cells: self.published.clone(),
            truth: self.counts.clone(),
            inner: unsigned(&rounded),
            published: unsigned(&printed),
            true_sums,
            rounded,
            sums: printed,
        })
    }

    /// The counts, those that are chosen for it rounded.
    fn choose(&self, chosen: &[bool]) -> Vec<i64> {
        let mut number_of = vec![None; self.counts.len()];
        let mut small = Vec::new();
        for ((count, is_chosen), number) in self.counts.iter().zip(chosen).zip(&mut number_of) {
            if *is_chosen {
                *number = Some(small.len());
                small.push(*count);
            }
        }
        let mut sums_of = vec![Vec::new(); small.len()];
        for (sum, cell) in self.published.iter().enumerate() {
            let numbers = cell.iter().filter_map(|count| number_of.get(*count).copied().flatten());
            for number in numbers {
                if let Some(sums) = sums_of.get_mut(number) {
                    sums.push(sum);
                }
            }
        }
        let candidates = Candidates::new(self.base, small, sums_of, self.published.len());
        let up = candidates.choose(self.starts, self.seed);
        let round = |(count, number): (&i64, &Option<usize>)| match number {
            Some(number) if up.get(*number) == Some(&true) => self.base,
            Some(_) => 0,
            None => *count,
        };
        self.counts.iter().zip(&number_of).map(round).collect()
    }
}

/// Adds up the counts of each cell.
fn sums(cells: &[Vec<usize>], counts: &[i64]) -> Vec<i64> {
    let sum = |cell: &Vec<usize>| cell.iter().filter_map(|count| counts.get(*count)).sum::<i64>();
    cells.iter().map(sum).collect()
}

impl RoundedCounts {
    /// The rounded counts in their order. Where only the necessary ones were rounded, small ones stand among them: for the
    /// staff, not for print.
    pub fn inner(&self) -> &[u64] {
        &self.inner
    }

    /// The printed cells in their order: the sums of the rounded counts.
    pub fn published(&self) -> &[u64] {
        &self.published
    }

    /// How far the printed cells are from the truth.
    pub fn quality(&self) -> RoundingQuality {
        RoundingQuality::of(&self.true_sums, &self.sums)
    }

    /// How far the counts behind them are from the truth.
    pub fn inner_quality(&self) -> RoundingQuality {
        RoundingQuality::of(&self.truth, &self.rounded)
    }
}

/// Only the type's name: the counts are confidential.
impl fmt::Debug for SmallCountRounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmallCountRounding(..)")
    }
}

/// Only the type's name.
impl fmt::Debug for RoundedCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoundedCounts(..)")
    }
}
