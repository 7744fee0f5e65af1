//! Mean, variance and t interval from exact sums.

use std::fmt;

use crate::error::Error;

use super::interval::Interval;
use super::level::ConfidenceLevel;

/// More values than this are refused: up to it no count outgrows 64 bits, and no sum 128.
pub(super) const MOST_VALUES: u64 = 1 << 62;

/// Count, sum and sum of squares of values on a grid, as whole numbers.
///
/// A value is given as a whole number of steps, `per_unit` steps to the unit: with `per_unit` 1000
/// the value 0.592 is added as 592. Sums are exact, so any order of adding and merging gives the
/// same digits. The `Debug` form hides the content.
///
/// ```
/// use registat::Moments;
///
/// // Student 1908: extra hours of sleep, one drug minus the other, in tenths of an hour.
/// let mut hours = Moments::new(10)?;
/// for tenths in [12, 24, 13, 13, 0, 10, 18, 8, 46, 14] {
///     hours.add(tenths);
/// }
/// assert!(hours.mean().is_some_and(|mean| (mean - 1.58).abs() < 1e-12));
/// assert!(hours.sd().is_some_and(|sd| (sd - 1.229_995).abs() < 1e-6));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    n: u64,
    sum: i128,
    /// `None` once the sum of squares has outgrown 128 bits: spread is then undefined.
    squares: Option<i128>,
    per_unit: u64,
}

impl Moments {
    /// No values yet, on a grid of `per_unit` steps to the unit.
    ///
    /// # Errors
    ///
    /// If `per_unit` is 0.
    pub fn new(per_unit: u64) -> Result<Moments, Error> {
        if per_unit == 0 {
            return Err(Error::stats("a grid has at least one step to the unit"));
        }
        Ok(Moments::empty(per_unit))
    }

    /// No values yet; the caller has checked the grid.
    pub(super) fn empty(per_unit: u64) -> Moments {
        Moments { n: 0, sum: 0, squares: Some(0), per_unit }
    }

    /// The moments of `n` values whose exact sums are known, in steps; the caller has checked the grid.
    pub(super) fn from_sums(n: u64, sum: i128, squares: Option<i128>, per_unit: u64) -> Moments {
        Moments { n, sum, squares, per_unit }
    }

    /// Adds one value, in steps.
    pub fn add(&mut self, value: i64) {
        self.add_times(value, 1);
    }

    /// Adds the same value `count` times.
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
    pub(super) fn add_times(&mut self, value: i64, count: u64) {
        let (value, times) = (i128::from(value), i128::from(count));
        self.n += count;
        self.sum += value * times;
        self.squares = self.squares.and_then(|squares| {
            let added = (value * value).checked_mul(times)?;
            squares.checked_add(added)
        });
    }

    /// Adds the values of another accumulator.
    ///
    /// # Errors
    ///
    /// If the two are on different grids, or hold more values than can be counted; nothing is added then.
    pub fn merge(&mut self, other: &Moments) -> Result<(), Error> {
        if self.per_unit != other.per_unit {
            return Err(Error::stats("values on different grids cannot be merged"));
        }
        countable(self.n, other.n)?;
        self.n += other.n;
        self.sum += other.sum;
        self.squares = self.squares.zip(other.squares).and_then(|(a, b)| a.checked_add(b));
        Ok(())
    }

    /// Number of values.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Exact sum of the values, in steps.
    pub fn sum(&self) -> i128 {
        self.sum
    }

    /// Exact sum of the squares, in squared steps; `None` once it has outgrown 128 bits.
    pub(super) fn squares(&self) -> Option<i128> {
        self.squares
    }

    /// Steps to the unit.
    pub fn per_unit(&self) -> u64 {
        self.per_unit
    }

    /// Mean, in units; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        let divisor = u128::from(self.n) * u128::from(self.per_unit);
        (self.n > 0).then_some(self.sum as f64 / divisor as f64)
    }

    /// Sample variance with divisor n - 1, in squared units; `None` below two values, or where the
    /// sums outgrow 128 bits.
    pub fn variance(&self) -> Option<f64> {
        let below = self.n.checked_sub(1).filter(|&below| below > 0)?;
        // n * squares - sum^2 is a whole number: no cancellation.
        let scaled =
            i128::from(self.n).checked_mul(self.squares?)?.checked_sub(self.sum.checked_mul(self.sum)?)?;
        let pairs = u128::from(self.n) * u128::from(below);
        let per_unit = self.per_unit as f64;
        Some(scaled as f64 / pairs as f64 / (per_unit * per_unit))
    }

    /// Sample standard deviation, in units; `None` where [`Moments::variance`] is.
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Standard error of the mean, in units: deviation over the root of n.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / self.n as f64).sqrt())
    }

    /// Interval of the mean by Student's t with n - 1 degrees of freedom; `None` below two values.
    pub fn mean_interval(&self, level: ConfidenceLevel) -> Option<Interval> {
        let t = level.t(self.n.checked_sub(1)?)?;
        Some(Interval::around(self.mean()?, t * self.standard_error()?))
    }
}

/// Refuses to go above [`MOST_VALUES`].
pub(super) fn countable(n: u64, more: u64) -> Result<(), Error> {
    match n.checked_add(more) {
        Some(n) if n <= MOST_VALUES => Ok(()),
        _ => Err(Error::stats("there are more values than can be counted")),
    }
}

impl fmt::Debug for Moments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moments(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, Moments};

    #[test]
    fn statistics_of_too_few_values_are_undefined() {
        let mut moments = Moments::empty(1);
        assert_eq!(moments.mean(), None);
        assert_eq!(moments.mean_interval(ConfidenceLevel::P95), None);
        moments.add(3);
        assert_eq!(moments.mean(), Some(3.0));
        assert_eq!(moments.variance(), None);
        assert_eq!(moments.mean_interval(ConfidenceLevel::P95), None);
        assert!(Moments::new(0).is_err());
    }

    #[test]
    fn a_large_common_offset_does_not_disturb_the_spread() {
        let mut moments = Moments::empty(1);
        for value in [1_000_000_000_000_001, 1_000_000_000_000_002, 1_000_000_000_000_003] {
            moments.add(value);
        }
        assert_eq!(moments.sd(), Some(1.0));
    }

    #[test]
    fn outgrown_squares_leave_the_mean_and_undefine_the_spread() {
        let mut moments = Moments::empty(1);
        moments.add_times(i64::MAX, 3);
        assert!(moments.mean().is_some());
        assert_eq!(moments.sd(), None);
    }

    #[test]
    fn more_values_than_can_be_counted_are_refused_and_leave_everything_as_it_was() {
        let mut moments = Moments::empty(1);
        assert!(moments.add_many(1, u64::MAX).is_err());
        moments.add_many(i64::MIN, 1 << 62).unwrap();
        let before = moments;
        assert!(moments.add_many(1, 1).is_err() && moments.merge(&before).is_err());
        assert!(moments == before && moments.mean() == Some(i64::MIN as f64));
    }

    #[test]
    fn grids_do_not_mix_and_nothing_is_shown() {
        let mut moments = Moments::empty(1);
        assert!(moments.merge(&Moments::empty(10)).is_err());
        assert_eq!(format!("{moments:?}"), "Moments(..)");
    }
}
