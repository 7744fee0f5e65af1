//! Size, mean and standard deviation of one sample.

use std::fmt;

use crate::error::Error;

use super::moments::Moments;

/// What a comparison of means needs of one sample: its size, mean and standard deviation.
///
/// From the register's own [`Moments`], or typed from a published table. Two samples that are compared
/// are independent and in the same unit. The `Debug` form hides the content.
///
/// ```
/// use registat::SampleSummary;
///
/// // Kaur et al. 2023 (BMC Musculoskelet Disord 24): age of the patients who answered.
/// let respondents = SampleSummary::new(334, 68.0, 9.9)?;
/// assert_eq!(respondents.n(), 334);
/// assert!(SampleSummary::new(334, 68.0, -9.9).is_err());
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct SampleSummary {
    n: u64,
    mean: f64,
    sd: f64,
}

impl SampleSummary {
    /// A sample of `n` values with this mean and sample standard deviation (divisor n - 1).
    ///
    /// # Errors
    ///
    /// If `n` is below 2, a number is not finite, or the standard deviation is negative.
    pub fn new(n: u64, mean: f64, sd: f64) -> Result<SampleSummary, Error> {
        if n < 2 {
            return Err(Error::stats("a standard deviation belongs to at least two values"));
        }
        if !mean.is_finite() || !sd.is_finite() || sd < 0.0 {
            return Err(Error::stats("a mean is finite, a standard deviation finite and not negative"));
        }
        Ok(SampleSummary { n, mean, sd })
    }

    /// The summary of the values; `None` below two values, or where their sums outgrow 128 bits.
    pub fn from_moments(values: &Moments) -> Option<SampleSummary> {
        Some(SampleSummary { n: values.n(), mean: values.mean()?, sd: values.sd()? })
    }

    /// Number of values, at least 2.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Mean, in the unit of the values.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Sample standard deviation, divisor n - 1, in the unit of the values.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// Degrees of freedom of the standard deviation, n - 1.
    pub(super) fn degrees_of_freedom(&self) -> f64 {
        self.n.saturating_sub(1) as f64
    }

    /// Standard error of the mean.
    pub(super) fn standard_error(&self) -> f64 {
        self.sd / (self.n as f64).sqrt()
    }

    /// The common standard deviation of two samples, each weighted by its degrees of freedom:
    /// `sqrt(((n1 - 1)s1^2 + (n2 - 1)s2^2) / (n1 + n2 - 2))`. Between the two, so always finite.
    ///
    /// ```
    /// use registat::SampleSummary;
    ///
    /// let (a, b) = (SampleSummary::new(3, 0.0, 7.0)?, SampleSummary::new(3, 9.0, 1.0)?);
    /// assert!((a.pooled_sd(&b) - 5.0).abs() < 1e-12);
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn pooled_sd(&self, other: &SampleSummary) -> f64 {
        let (ours, theirs) = (self.degrees_of_freedom(), other.degrees_of_freedom());
        let share = ours / (ours + theirs);
        // The root of a sum of squares without squaring, which could overflow.
        let root = (self.sd * share.sqrt()).hypot(other.sd * (1.0 - share).sqrt());
        root.clamp(self.sd.min(other.sd), self.sd.max(other.sd))
    }
}

impl fmt::Debug for SampleSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SampleSummary(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Moments, SampleSummary};

    #[test]
    fn impossible_summaries_are_refused() {
        for (n, mean, sd) in [
            (0, 1.0, 1.0),
            (1, 1.0, 0.0),
            (5, f64::NAN, 1.0),
            (5, f64::INFINITY, 1.0),
            (5, 1.0, f64::NAN),
            (5, 1.0, f64::INFINITY),
            (5, 1.0, -0.1),
        ] {
            assert!(SampleSummary::new(n, mean, sd).is_err());
        }
    }

    #[test]
    fn values_and_their_summary_agree() -> Result<(), Error> {
        let mut values = Moments::new(10)?;
        assert_eq!(SampleSummary::from_moments(&values), None);
        for tenths in [10, 20, 30] {
            values.add(tenths);
        }
        let summary = SampleSummary::new(3, 2.0, 1.0)?;
        assert_eq!(SampleSummary::from_moments(&values), Some(summary));
        assert_eq!(format!("{summary:?}"), "SampleSummary(..)");
        Ok(())
    }

    #[test]
    fn the_pooled_deviation_lies_between_the_two() -> Result<(), Error> {
        for (small, large) in [(0.0, 0.0), (0.0, f64::MAX), (1e-300, 2e-300), (f64::MAX, f64::MAX)] {
            let a = SampleSummary::new(2, 0.0, small)?;
            let b = SampleSummary::new(u64::MAX, 0.0, large)?;
            assert!((small..=large).contains(&a.pooled_sd(&b)));
            assert!((small..=large).contains(&b.pooled_sd(&a)));
        }
        Ok(())
    }
}
