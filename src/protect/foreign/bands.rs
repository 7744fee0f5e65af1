//! Two tables of the same records by bands with different breaks: their difference is a finer table.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::Error;

/// Counts by bands of an ordered variable, such as ages.
///
/// ```
/// use registat::BandedCounts;
///
/// // Below 20, 20 to 39, from 40; below 25, 25 to 39, from 40.
/// let one = BandedCounts::new(vec![20, 40], vec![6, 9, 5])?;
/// let other = BandedCounts::new(vec![25, 40], vec![7, 8, 5])?;
/// let finest = one.differenced(&other)?;
/// assert_eq!(finest.breaks(), [20, 25, 40]);
/// assert_eq!(finest.counts(), [6, 1, 8, 5]);
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BandedCounts {
    breaks: Vec<i64>,
    counts: Vec<u64>,
}

impl BandedCounts {
    /// Counts of the bands between breaks: a break is where a new band begins, so there is one count more than breaks.
    ///
    /// # Errors
    /// When the breaks do not rise, or there are not as many counts as bands.
    pub fn new(breaks: Vec<i64>, counts: Vec<u64>) -> Result<Self, Error> {
        let rises = breaks.iter().zip(breaks.iter().skip(1)).all(|(one, next)| one < next);
        if !rises || counts.len() != breaks.len() + 1 {
            return Err(Error::policy("bands need rising breaks and one count for each of them"));
        }
        Ok(Self { breaks, counts })
    }

    /// Where each band but the first begins.
    pub fn breaks(&self) -> &[i64] {
        &self.breaks
    }

    /// How many records lie in each band.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The finest table that follows from two tables of the same records (SDC Handbook, section 5.2): each says how many
    /// records lie below its breaks, and bands are the differences of these numbers.
    ///
    /// # Errors
    /// When the two cannot be of the same records: other totals, other numbers below a common break, or fewer records below
    /// a higher break.
    pub fn differenced(&self, other: &Self) -> Result<Self, Error> {
        let mismatch = || Error::policy("the two tables of bands are not of the same records");
        let (mine, total) = self.below_breaks();
        let (theirs, other_total) = other.below_breaks();
        if total != other_total {
            return Err(mismatch());
        }
        let mut below = mine;
        for (at, records) in theirs {
            if below.insert(at, records).is_some_and(|known| known != records) {
                return Err(mismatch());
            }
        }
        let mut counts = Vec::with_capacity(below.len() + 1);
        let mut before = 0_u128;
        for records in below.values().copied().chain([total]) {
            let band = records.checked_sub(before).and_then(|band| u64::try_from(band).ok());
            counts.push(band.ok_or_else(mismatch)?);
            before = records;
        }
        Self::new(below.into_keys().collect(), counts)
    }

    /// How many records lie below each break, and in all.
    fn below_breaks(&self) -> (BTreeMap<i64, u128>, u128) {
        let mut sum = 0_u128;
        let mut below = BTreeMap::new();
        for (at, count) in self.breaks.iter().zip(&self.counts) {
            sum += u128::from(*count);
            below.insert(*at, sum);
        }
        (below, sum + self.counts.last().map_or(0, |last| u128::from(*last)))
    }
}

/// Only the type's name.
impl fmt::Debug for BandedCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BandedCounts(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_other_records_are_refused() {
        let one = BandedCounts::new(vec![20, 40], vec![6, 9, 5]).unwrap();
        for (breaks, counts) in
            [(vec![25], vec![7, 14]), (vec![20], vec![7, 13]), (vec![25], vec![5, 15]), (vec![], vec![19])]
        {
            let other = BandedCounts::new(breaks, counts).unwrap();
            assert!(one.differenced(&other).is_err());
        }
        let all = BandedCounts::new(Vec::new(), vec![20]).unwrap();
        assert!(one.differenced(&all).unwrap() == one);
    }

    #[test]
    fn breaks_must_rise() {
        assert!(BandedCounts::new(vec![20, 20], vec![1, 2, 3]).is_err());
        assert!(BandedCounts::new(vec![20], vec![1]).is_err());
    }
}
