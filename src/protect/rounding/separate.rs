//! Conventional rounding: every printed number by itself. Nothing adds up afterwards, and what does not add up tells.

use std::fmt;

use super::feasible::{AuditedCell, RoundingAudit};
use super::quality::RoundingQuality;
use super::worlds::{Knowledge, Pair, Puzzle, Side, Sum};
use super::{distinct, signed};
use crate::error::Error;

/// Bases that can be chosen.
const BASES: std::ops::RangeInclusive<u64> = 2..=1_000;

/// How a number is rounded by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoundingMethod {
    /// To the nearest multiple of the base, halves up.
    NearestMultiple,
    /// To the middle of each run of as many numbers as the base: with base 6, 1 to 6 become 3, 7 to 12 become 9. Nothing but 0
    /// becomes 0.
    Midpoint,
}

impl RoundingMethod {
    fn round(self, count: u64, base: u64) -> Result<u64, Error> {
        if !BASES.contains(&base) {
            return Err(unusable_base());
        }
        let rest = count % base;
        let rounded = match self {
            Self::NearestMultiple if 2 * rest >= base => (count - rest).checked_add(base),
            Self::NearestMultiple => Some(count - rest),
            Self::Midpoint if count == 0 => Some(0),
            Self::Midpoint => count.div_ceil(base).checked_mul(base).map(|end| end - base / 2),
        };
        rounded.ok_or_else(|| Error::policy("a count is too large to be rounded"))
    }

    /// The counts that are rounded to a printed number.
    fn behind(self, printed: i64, base: i64) -> Knowledge {
        let half = base / 2;
        let (least, most) = match self {
            Self::NearestMultiple => (printed - half, printed + base - half - 1),
            Self::Midpoint if printed == 0 => (0, 0),
            Self::Midpoint => (printed + half - base + 1, printed + half),
        };
        Knowledge::Between { least: least.max(0), most }
    }
}

fn unusable_base() -> Error {
    Error::policy("the base of rounding is a number from 2 to 1000")
}

/// The nearest multiple of the base; halves go up.
///
/// ```
/// use registat::round_to_base;
///
/// let rounded: Vec<u64> = (0..9).map(|count| round_to_base(count, 5)).collect::<Result<_, _>>()?;
/// assert_eq!(rounded, [0, 0, 0, 5, 5, 5, 5, 5, 10]);
/// assert_eq!(round_to_base(5, 10)?, 10);
/// # Ok::<(), registat::Error>(())
/// ```
///
/// # Errors
/// When the base is not 2 to 1000, or the result is too large.
pub fn round_to_base(count: u64, base: u64) -> Result<u64, Error> {
    RoundingMethod::NearestMultiple.round(count, base)
}

/// The middle of the run of numbers that a count is in: `ceiling(count / base) * base - floor(base / 2)`, and 0 for 0. With base
/// 6 it is the midpoint-6 rounding of OpenSAFELY (function `roundmid_any` of its studies).
///
/// ```
/// use registat::round_to_midpoint;
///
/// assert_eq!(round_to_midpoint(0, 6)?, 0);
/// assert_eq!([round_to_midpoint(1, 6)?, round_to_midpoint(6, 6)?], [3, 3]);
/// assert_eq!([round_to_midpoint(7, 6)?, round_to_midpoint(12, 6)?, round_to_midpoint(13, 6)?], [9, 9, 15]);
/// # Ok::<(), registat::Error>(())
/// ```
///
/// # Errors
/// When the base is not 2 to 1000, or the result is too large.
pub fn round_to_midpoint(count: u64, base: u64) -> Result<u64, Error> {
    RoundingMethod::Midpoint.round(count, base)
}

/// Printed counts, each rounded by itself, and the equations that hold between the true ones.
///
/// A reader who knows that a whole is the sum of its parts can narrow each of them down, sometimes to one value:
///
/// ```
/// use registat::{AuditedCell, RoundingMethod, SeparateRounding};
///
/// // 2 + 2 + 2 + 2 = 8 is printed as 0 + 0 + 0 + 0 = 10: only twos add up to something that becomes 10.
/// let mut table = SeparateRounding::new([2, 2, 2, 2, 8], RoundingMethod::NearestMultiple, 5)?;
/// table.equation(4, [0, 1, 2, 3])?;
/// assert_eq!(table.printed(), [0, 0, 0, 0, 10]);
/// assert_eq!(table.audit(5)?.exposed().count(), 4);
///
/// // Without the total each of them could be 0, 1 or 2.
/// let table = SeparateRounding::new([2, 2, 2, 2], RoundingMethod::NearestMultiple, 5)?;
/// let audit = table.audit(5)?;
/// assert!(audit.is_safe());
/// assert_eq!((audit.counts()[0].least(), audit.counts()[0].most()), (0, 2));
/// assert_eq!(audit.counts()[0].cell(), AuditedCell::Published(0));
/// # Ok::<(), registat::Error>(())
/// ```
pub struct SeparateRounding {
    counts: Vec<i64>,
    rounded: Vec<i64>,
    printed: Vec<u64>,
    equations: Vec<(usize, Vec<usize>)>,
    method: RoundingMethod,
    base: i64,
}

impl SeparateRounding {
    /// Counts that are printed, a way to round them, and the base: 2 to 1000.
    ///
    /// # Errors
    /// When the base is another number, or the counts are too large to be added up exactly.
    pub fn new(
        counts: impl IntoIterator<Item = u64>,
        method: RoundingMethod,
        base: u64,
    ) -> Result<Self, Error> {
        let counts: Vec<u64> = counts.into_iter().collect();
        if !BASES.contains(&base) {
            return Err(unusable_base());
        }
        let printed: Vec<u64> =
            counts.iter().map(|count| method.round(*count, base)).collect::<Result<_, _>>()?;
        let rounded = signed(&printed, base)?;
        let counts = signed(&counts, base)?;
        Ok(Self { counts, rounded, printed, equations: Vec::new(), method, base: base as i64 })
    }

    /// One count is the sum of others.
    ///
    /// # Errors
    /// When a count is not there, stands twice in the equation, or the true counts do not add up.
    pub fn equation(&mut self, whole: usize, parts: impl IntoIterator<Item = usize>) -> Result<(), Error> {
        let parts = distinct(parts, self.counts.len(), "an equation")?;
        let Some(count) = self.counts.get(whole) else {
            return Err(Error::policy("an equation names a cell that is not there"));
        };
        if parts.contains(&whole) {
            return Err(Error::policy("an equation names a cell twice"));
        }
        if parts.iter().filter_map(|part| self.counts.get(*part)).sum::<i64>() != *count {
            return Err(Error::policy("the counts of an equation do not add up"));
        }
        self.equations.push((whole, parts));
        Ok(())
    }

    /// The rounded counts in their order.
    pub fn printed(&self) -> &[u64] {
        &self.printed
    }

    /// How far they are from the truth.
    pub fn quality(&self) -> RoundingQuality {
        RoundingQuality::of(&self.counts, &self.rounded)
    }

    /// For every count from 1 to the threshold less 1: which values fit everything printed, for a reader who knows the method,
    /// the base and the equations. Where more than 500 of them are tied to others, the ends of their ranges are bounds only.
    ///
    /// # Errors
    /// When the threshold is below 2, so that no count is small.
    pub fn audit(&self, threshold: u64) -> Result<RoundingAudit, Error> {
        if threshold < 2 {
            return Err(Error::policy("the threshold is a number of at least 2"));
        }
        let truth = self.counts.iter().map(|count| Pair { count: *count, rounded: 0 }).collect();
        let knowledge = self.rounded.iter().map(|printed| self.method.behind(*printed, self.base)).collect();
        let sum = |(whole, parts): &(usize, Vec<usize>)| {
            let parts = parts.iter().map(|part| (*part, -1));
            Sum { side: Side::True, terms: parts.chain([(*whole, 1)]).collect(), total: 0 }
        };
        let sums = self.equations.iter().map(sum).collect();
        let puzzle = Puzzle::new(self.base, truth, knowledge, sums, Vec::new());
        let is_small = |count: i64| (1..threshold).contains(&count.unsigned_abs());
        let small = self.counts.iter().enumerate().filter(|(_, count)| is_small(**count));
        let small: Vec<usize> = small.map(|(cell, _)| cell).collect();
        let found = puzzle.ranges(small.iter().map(|cell| vec![*cell]).collect());
        let counts = small.iter().zip(found).map(|(cell, found)| found.of(AuditedCell::Published(*cell)));
        Ok(RoundingAudit::new(counts.collect()))
    }
}

/// Only the type's name: the counts are confidential.
impl fmt::Debug for SeparateRounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeparateRounding(..)")
    }
}
