//! Exact sums of two measurements of the same patients.

use std::fmt;

use crate::error::Error;

use super::moments::Moments;

/// Count, sums, sums of squares and sum of products of complete pairs on a grid, as whole numbers.
///
/// A pair is the value at baseline and the value at follow-up of one patient, each a whole number of
/// steps, `per_unit` steps to the unit, as in [`Moments`]. A patient with only one of the two does not
/// belong here. Sums are exact, so any order of adding and merging gives the same digits. The `Debug`
/// form hides the content.
///
/// ```
/// use registat::PairedMoments;
///
/// // Student 1908: extra hours of sleep of ten patients under two drugs, in tenths of an hour.
/// let first = [7, -16, -2, -12, -1, 34, 37, 8, 0, 20];
/// let second = [19, 8, 11, 1, -1, 44, 55, 16, 46, 34];
/// let mut sleep = PairedMoments::new(10)?;
/// for (baseline, follow_up) in first.into_iter().zip(second) {
///     sleep.add(baseline, follow_up);
/// }
/// assert!(sleep.baseline().mean().is_some_and(|mean| (mean - 0.75).abs() < 1e-12));
/// assert!(sleep.follow_up().mean().is_some_and(|mean| (mean - 2.33).abs() < 1e-12));
/// assert!(sleep.differences().mean().is_some_and(|mean| (mean - 1.58).abs() < 1e-12));
/// assert!(sleep.pearson_r().is_some_and(|r| (r - 0.795_170_2).abs() < 1e-7));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PairedMoments {
    baseline: Moments,
    follow_up: Moments,
    /// Wraps around on the way. Its size is at most the root of the product of the two sums of squares
    /// (Cauchy and Schwarz), so it is exact in any order as long as those fit.
    products: i128,
}

impl PairedMoments {
    /// No pairs yet, on a grid of `per_unit` steps to the unit.
    ///
    /// # Errors
    ///
    /// If `per_unit` is 0.
    pub fn new(per_unit: u64) -> Result<PairedMoments, Error> {
        let empty = Moments::new(per_unit)?;
        Ok(PairedMoments { baseline: empty, follow_up: empty, products: 0 })
    }

    /// Adds one pair, in steps.
    pub fn add(&mut self, baseline: i64, follow_up: i64) {
        self.baseline.add(baseline);
        self.follow_up.add(follow_up);
        let product = i128::from(baseline) * i128::from(follow_up);
        self.products = self.products.wrapping_add(product);
    }

    /// Adds the pairs of another accumulator.
    ///
    /// # Errors
    ///
    /// If the two are on different grids, or have more pairs than can be counted; nothing is added then.
    pub fn merge(&mut self, other: &PairedMoments) -> Result<(), Error> {
        self.baseline.merge(&other.baseline)?;
        self.follow_up.merge(&other.follow_up)?;
        self.products = self.products.wrapping_add(other.products);
        Ok(())
    }

    /// Number of complete pairs.
    pub fn n(&self) -> u64 {
        self.baseline.n()
    }

    /// Steps to the unit.
    pub fn per_unit(&self) -> u64 {
        self.baseline.per_unit()
    }

    /// The values at baseline.
    pub fn baseline(&self) -> Moments {
        self.baseline
    }

    /// The values at follow-up.
    pub fn follow_up(&self) -> Moments {
        self.follow_up
    }

    /// The differences, follow-up minus baseline. Their spread is undefined once a sum of squares has
    /// outgrown 128 bits.
    pub fn differences(&self) -> Moments {
        let sum = self.follow_up.sum() - self.baseline.sum();
        Moments::from_sums(self.n(), sum, self.squared_differences(), self.per_unit())
    }

    /// The sum of `(f - b)^2`, as the sums of `b^2`, `f^2` and `-2bf`.
    fn squared_differences(&self) -> Option<i128> {
        let squares = self.baseline.squares()?.checked_add(self.follow_up.squares()?)?;
        squares.checked_sub(self.products()?.checked_mul(2)?)
    }

    /// Exact sum of the products, in squared steps; `None` once a sum of squares has outgrown 128 bits.
    fn products(&self) -> Option<i128> {
        let fits = self.baseline.squares().is_some() && self.follow_up.squares().is_some();
        fits.then_some(self.products)
    }

    /// Sample covariance with divisor n - 1, in squared units; `None` below two pairs, or where the
    /// sums outgrow 128 bits.
    pub fn covariance(&self) -> Option<f64> {
        let below = self.n().checked_sub(1).filter(|&below| below > 0)?;
        // n * products - sum * sum is a whole number: no cancellation.
        let of_sums = self.baseline.sum().checked_mul(self.follow_up.sum())?;
        let scaled = i128::from(self.n()).checked_mul(self.products()?)?.checked_sub(of_sums)?;
        let pairs = u128::from(self.n()) * u128::from(below);
        let per_unit = self.per_unit() as f64;
        Some(scaled as f64 / pairs as f64 / (per_unit * per_unit))
    }

    /// Pearson's correlation of baseline and follow-up, from -1 to 1: covariance over the product of
    /// the standard deviations. `None` where those are undefined, or one of them is 0.
    pub fn pearson_r(&self) -> Option<f64> {
        let spread = |moments: &Moments| moments.sd().filter(|&sd| sd > 0.0);
        let r = self.covariance()? / spread(&self.baseline)? / spread(&self.follow_up)?;
        Some(r.clamp(-1.0, 1.0))
    }
}

impl fmt::Debug for PairedMoments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairedMoments(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, PairedMoments};

    #[test]
    fn statistics_of_too_few_pairs_are_undefined() -> Result<(), Error> {
        let mut pairs = PairedMoments::new(1)?;
        assert_eq!((pairs.n(), pairs.differences().mean(), pairs.covariance()), (0, None, None));
        pairs.add(4, 7);
        assert_eq!(pairs.differences().mean(), Some(3.0));
        assert_eq!((pairs.differences().sd(), pairs.pearson_r()), (None, None));
        assert!(PairedMoments::new(0).is_err());
        Ok(())
    }

    #[test]
    fn equal_values_at_one_time_have_no_correlation() -> Result<(), Error> {
        let mut pairs = PairedMoments::new(1)?;
        for follow_up in [1, 2, 3] {
            pairs.add(5, follow_up);
        }
        assert_eq!((pairs.covariance(), pairs.pearson_r()), (Some(0.0), None));
        Ok(())
    }

    #[test]
    fn a_large_common_offset_does_not_disturb_the_correlation() -> Result<(), Error> {
        let offset = 1_000_000_000_000_000;
        let mut pairs = PairedMoments::new(1)?;
        for (baseline, follow_up) in [(1, -1), (2, -2), (3, -3)] {
            pairs.add(offset + baseline, follow_up - offset);
        }
        assert_eq!(pairs.pearson_r(), Some(-1.0));
        assert_eq!(pairs.differences().sd(), Some(2.0));
        Ok(())
    }

    #[test]
    fn extreme_values_and_counts_leave_the_mean_and_undefine_the_spread() -> Result<(), Error> {
        let mut pairs = PairedMoments::new(u64::MAX)?;
        pairs.add(i64::MAX, i64::MIN);
        pairs.add(i64::MIN, i64::MAX);
        for _ in 0..61 {
            let same = pairs;
            pairs.merge(&same)?;
        }
        assert_eq!(pairs.n(), 1 << 62);
        assert!(pairs.differences().mean().is_some_and(|mean| mean.abs() < 1.0));
        assert_eq!((pairs.differences().sd(), pairs.covariance(), pairs.pearson_r()), (None, None, None));
        let same = pairs;
        assert!(pairs.merge(&same).is_err());
        assert_eq!(pairs.n(), 1 << 62);
        Ok(())
    }

    #[test]
    fn grids_do_not_mix_and_nothing_is_shown() -> Result<(), Error> {
        let mut pairs = PairedMoments::new(1)?;
        assert!(pairs.merge(&PairedMoments::new(10)?).is_err());
        assert_eq!(format!("{pairs:?}"), "PairedMoments(..)");
        Ok(())
    }
}
