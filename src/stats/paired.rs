//! Change between two measurements of the same patients.

use std::fmt;

use super::histogram::Histogram;
use super::interval::Interval;
use super::level::ConfidenceLevel;
use super::moments::Moments;
use super::paired_moments::PairedMoments;
use super::student::two_sided_p;

/// Mean change with its t interval, from the differences of pairs.
///
/// A difference is follow-up minus baseline, whatever the direction of the score: improvement is
/// negative for disability and pain, positive for health state values. Units are those of the
/// score. The `Debug` form hides the content.
///
/// ```
/// use registat::{ConfidenceLevel, Moments, PairedChange};
///
/// // Student 1908: extra hours of sleep, one drug minus the other, in tenths of an hour.
/// let mut differences = Moments::new(10)?;
/// for tenths in [12, 24, 13, 13, 0, 10, 18, 8, 46, 14] {
///     differences.add(tenths);
/// }
/// let change = PairedChange::from_moments(&differences, ConfidenceLevel::P95);
/// assert!(change.is_some_and(|c| (c.mean - 1.58).abs() < 1e-12));
/// assert!(change.is_some_and(|c| (c.interval.lower - 0.700_114_2).abs() < 1e-6));
/// assert!(change.is_some_and(|c| (c.interval.upper - 2.459_885_8).abs() < 1e-6));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct PairedChange {
    /// Number of complete pairs.
    pub n: u64,
    /// Mean difference.
    pub mean: f64,
    /// Sample standard deviation of the differences, divisor n - 1.
    pub sd: f64,
    /// Interval of the mean difference by Student's t with n - 1 degrees of freedom.
    pub interval: Interval,
}

impl PairedChange {
    /// The change from the moments of the differences; `None` below two pairs.
    pub fn from_moments(differences: &Moments, level: ConfidenceLevel) -> Option<PairedChange> {
        Some(PairedChange {
            n: differences.n(),
            mean: differences.mean()?,
            sd: differences.sd()?,
            interval: differences.mean_interval(level)?,
        })
    }

    /// The change from the histogram of the differences; `None` below two pairs.
    pub fn from_histogram(differences: &Histogram, level: ConfidenceLevel) -> Option<PairedChange> {
        PairedChange::from_moments(&differences.moments(), level)
    }

    /// The change between baseline and follow-up of the pairs; `None` below two pairs.
    pub fn from_pairs(pairs: &PairedMoments, level: ConfidenceLevel) -> Option<PairedChange> {
        PairedChange::from_moments(&pairs.differences(), level)
    }

    /// Standard error of the mean difference.
    pub fn standard_error(&self) -> f64 {
        self.sd / (self.n as f64).sqrt()
    }

    /// Student's t of the hypothesis that the mean difference is 0: mean over standard error, with n - 1
    /// degrees of freedom. `None` if all differences are equal.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, Moments, PairedChange};
    ///
    /// // Student 1908; R prints t = 4.0621 and p = 0.002833 for these pairs.
    /// let mut differences = Moments::new(10)?;
    /// for tenths in [12, 24, 13, 13, 0, 10, 18, 8, 46, 14] {
    ///     differences.add(tenths);
    /// }
    /// let change = PairedChange::from_moments(&differences, ConfidenceLevel::P95);
    /// assert!(change.and_then(|c| c.t_statistic()).is_some_and(|t| (t - 4.0621).abs() < 5e-5));
    /// assert!(change.and_then(|c| c.p_value()).is_some_and(|p| (p - 0.002_833).abs() < 5e-7));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn t_statistic(&self) -> Option<f64> {
        let t = self.mean / self.standard_error();
        t.is_finite().then_some(t)
    }

    /// Two-sided p value of [`PairedChange::t_statistic`], from 0 to 1; `None` where that is.
    pub fn p_value(&self) -> Option<f64> {
        two_sided_p(self.t_statistic()?, self.n.checked_sub(1)? as f64)
    }

    /// Standardised response mean: mean over standard deviation of the differences, without unit.
    /// `None` if all differences are equal.
    ///
    /// ```
    /// use registat::{Interval, PairedChange};
    ///
    /// let interval = Interval { lower: -14.0, upper: -10.0 };
    /// let change = PairedChange { n: 100, mean: -12.0, sd: 10.0, interval };
    /// assert_eq!(change.srm(), Some(-1.2));
    /// ```
    pub fn srm(&self) -> Option<f64> {
        (self.sd > 0.0).then_some(self.mean / self.sd)
    }
}

impl fmt::Debug for PairedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairedChange(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, Moments, PairedChange};

    #[test]
    fn a_single_pair_has_no_change_statistics() {
        let mut differences = Moments::empty(1);
        differences.add(-4);
        assert_eq!(PairedChange::from_moments(&differences, ConfidenceLevel::P95), None);
    }

    #[test]
    fn equal_differences_have_a_point_interval_and_no_response_mean() {
        let mut differences = Moments::empty(1);
        differences.add_times(-4, 3);
        let change = PairedChange::from_moments(&differences, ConfidenceLevel::P95);
        assert!(change.is_some_and(|c| c.interval.width() == 0.0 && c.srm().is_none()));
        assert!(change.is_some_and(|c| c.t_statistic().is_none() && c.p_value().is_none()));
    }
}
