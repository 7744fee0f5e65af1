//! Counts per value: every quantile, share and moment out of one mergeable accumulator.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::Error;

use super::moments::{Moments, countable};
use super::quantile::QuantileType;

/// How often each value on a grid occurred.
///
/// A value is given as a whole number of steps, `per_unit` steps to the unit. Any order of adding
/// and merging gives the same histogram. The `Debug` form hides the content.
///
/// ```
/// use registat::{Histogram, QuantileType};
///
/// // SAS blog, 26 July 2021: the 95th percentile is 6.65 by type 7, 8 by type 2.
/// let mut histogram = Histogram::new(1)?;
/// for value in [0, 1, 1, 1, 2, 2, 2, 4, 5, 8] {
///     histogram.add(value);
/// }
/// let p95 = histogram.quantile(0.95, QuantileType::Linear)?;
/// assert!(p95.is_some_and(|q| (q - 6.65).abs() < 1e-12));
/// assert_eq!(histogram.quantile(0.95, QuantileType::AveragedInverseCdf)?, Some(8.0));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<i64, u64>,
    n: u64,
    per_unit: u64,
}

impl Histogram {
    /// An empty histogram on a grid of `per_unit` steps to the unit.
    ///
    /// # Errors
    ///
    /// If `per_unit` is 0.
    pub fn new(per_unit: u64) -> Result<Histogram, Error> {
        if per_unit == 0 {
            return Err(Error::stats("a grid has at least one step to the unit"));
        }
        Ok(Histogram { counts: BTreeMap::new(), n: 0, per_unit })
    }

    /// Adds one value, in steps.
    pub fn add(&mut self, value: i64) {
        self.add_times(value, 1);
    }

    /// Adds the same value `count` times; nothing for a count of 0.
    ///
    /// # Errors
    ///
    /// If there are then more values than can be counted; nothing is added then.
    pub fn add_many(&mut self, value: i64, count: u64) -> Result<(), Error> {
        countable(self.n, count)?;
        self.add_times(value, count);
        Ok(())
    }

    /// The same where the number of values is known to be countable.
    fn add_times(&mut self, value: i64, count: u64) {
        if count > 0 {
            *self.counts.entry(value).or_insert(0) += count;
            self.n += count;
        }
    }

    /// Adds the values of another histogram.
    ///
    /// # Errors
    ///
    /// If the two are on different grids, or hold more values than can be counted; nothing is added then.
    pub fn merge(&mut self, other: &Histogram) -> Result<(), Error> {
        if self.per_unit != other.per_unit {
            return Err(Error::stats("values on different grids cannot be merged"));
        }
        countable(self.n, other.n)?;
        for (&value, &count) in &other.counts {
            self.add_times(value, count);
        }
        Ok(())
    }

    /// Number of values.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Steps to the unit.
    pub fn per_unit(&self) -> u64 {
        self.per_unit
    }

    /// The distinct values in steps, ascending, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.counts.iter().map(|(&value, &count)| (value, count))
    }

    /// Number of values at most `value`, in steps.
    pub fn count_at_most(&self, value: i64) -> u64 {
        self.counts.range(..=value).map(|(_, count)| count).sum()
    }

    /// Share of the values at most `value`, in steps, from 0 to 1; `None` without values.
    pub fn share_at_most(&self, value: i64) -> Option<f64> {
        (self.n > 0).then(|| self.count_at_most(value) as f64 / self.n as f64)
    }

    /// The quantile `p`, in units; `None` without values.
    ///
    /// # Errors
    ///
    /// If `p` is not between 0 and 1.
    pub fn quantile(&self, p: f64, kind: QuantileType) -> Result<Option<f64>, Error> {
        let steps = kind.of(self.n, p, |rank| self.ordered(rank))?;
        Ok(steps.map(|steps| steps / self.per_unit as f64))
    }

    /// The value of a rank from 1 to n, in steps.
    pub(super) fn ordered(&self, rank: u64) -> i64 {
        let mut passed = 0;
        let mut reached = 0;
        for (&value, &count) in &self.counts {
            passed += count;
            reached = value;
            if passed >= rank {
                break;
            }
        }
        reached
    }

    /// Count, sum and sum of squares of the same values.
    pub fn moments(&self) -> Moments {
        let mut moments = Moments::empty(self.per_unit);
        for (value, count) in self.iter() {
            moments.add_times(value, count);
        }
        moments
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Histogram(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Histogram, QuantileType};

    #[test]
    fn nothing_has_no_statistics() -> Result<(), Error> {
        let histogram = Histogram::new(1)?;
        assert_eq!(histogram.quantile(0.5, QuantileType::Linear)?, None);
        assert_eq!(histogram.share_at_most(0), None);
        assert!(histogram.quantile(50.0, QuantileType::Linear).is_err());
        assert!(Histogram::new(0).is_err());
        Ok(())
    }

    #[test]
    fn values_come_back_in_units() -> Result<(), Error> {
        let mut histogram = Histogram::new(10)?;
        histogram.add_many(5, 2)?;
        histogram.add(25);
        histogram.add_many(7, 0)?;
        assert!(histogram.add_many(7, u64::MAX).is_err());
        assert_eq!(histogram.n(), 3);
        assert_eq!(histogram.iter().collect::<Vec<_>>(), [(5, 2), (25, 1)]);
        assert_eq!(histogram.quantile(0.75, QuantileType::Linear)?, Some(1.5));
        assert_eq!(histogram.share_at_most(24), Some(2.0 / 3.0));
        assert_eq!(histogram.moments().sum(), 35);
        Ok(())
    }

    #[test]
    fn grids_do_not_mix_and_nothing_is_shown() -> Result<(), Error> {
        let mut histogram = Histogram::new(1)?;
        assert!(histogram.merge(&Histogram::new(10)?).is_err());
        assert_eq!(format!("{histogram:?}"), "Histogram(..)");
        Ok(())
    }
}
