//! Rounding, the other way to protect counts: every number is printed, none of the small ones as it is.
//!
//! `small_count` rounds the small counts behind a table to nothing or to the base, and adds everything up again, so that all
//! margins agree; `search` chooses which go up. `separate` rounds every printed number by itself, which does not add up.
//! Neither is safe by construction: `audit` and `separate` ask what a reader can still work out, `worlds` answers for both
//! with whole-number worlds that fit everything printed, and `feasible` holds the answer.

mod audit;
#[cfg(test)]
mod brute_force;
mod feasible;
mod quality;
mod search;
mod separate;
mod small_count;
mod worlds;

pub use feasible::{AuditedCell, FeasibleCount, RoundingAudit, RoundingVerdict};
pub use quality::RoundingQuality;
pub use separate::{RoundingMethod, SeparateRounding, round_to_base, round_to_midpoint};
pub use small_count::{RoundedCounts, RoundingScope, SmallCountRounding};

use crate::error::Error;

/// Counts above this are refused: linear programs calculate in floating point, which is exact up to here.
const GREATEST_SUM: u64 = 1 << 52;

/// The counts as signed numbers, if they and all their sums can be calculated with exactly.
fn signed(counts: &[u64], base: u64) -> Result<Vec<i64>, Error> {
    // Each count can go up by no more than the base.
    let total = counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(count.checked_add(base)?));
    let signed: Option<Vec<i64>> = counts.iter().map(|count| i64::try_from(*count).ok()).collect();
    match (total, signed) {
        (Some(total), Some(signed)) if total <= GREATEST_SUM => Ok(signed),
        _ => Err(Error::policy("the counts are too large to be rounded and audited exactly")),
    }
}

/// Numbers of cells, sorted, if each is there and none stands twice.
fn distinct(cells: impl IntoIterator<Item = usize>, known: usize, what: &str) -> Result<Vec<usize>, Error> {
    let mut cells: Vec<usize> = cells.into_iter().collect();
    cells.sort_unstable();
    if cells.is_empty() {
        return Err(Error::policy(format!("{what} needs at least one cell")));
    }
    if cells.last().is_some_and(|last| *last >= known) {
        return Err(Error::policy(format!("{what} names a cell that is not there")));
    }
    if cells.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Error::policy(format!("{what} names a cell twice")));
    }
    Ok(cells)
}
