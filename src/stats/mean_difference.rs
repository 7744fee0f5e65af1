//! Difference of the means of two independent samples.

use std::fmt;

use super::interval::Interval;
use super::level::ConfidenceLevel;
use super::sample_summary::SampleSummary;
use super::student::two_sided_p;

/// Difference of two independent means, first minus second, with its t interval.
///
/// [`MeanDifference::welch`] lets the two standard deviations differ and is the one to use by default;
/// [`MeanDifference::pooled`] assumes that they are equal. Units are those of the values. The `Debug`
/// form hides the content.
///
/// ```
/// use registat::{ConfidenceLevel, MeanDifference, Moments, SampleSummary};
///
/// // Student 1908 as two groups; R prints t = -1.8608, df = 17.776, p = 0.07939 and the limits
/// // -3.3654832 and 0.2054832.
/// let (mut first, mut second) = (Moments::new(10)?, Moments::new(10)?);
/// for tenths in [7, -16, -2, -12, -1, 34, 37, 8, 0, 20] {
///     first.add(tenths);
/// }
/// for tenths in [19, 8, 11, 1, -1, 44, 55, 16, 46, 34] {
///     second.add(tenths);
/// }
/// let samples = SampleSummary::from_moments(&first).zip(SampleSummary::from_moments(&second));
/// let sleep = samples.and_then(|(a, b)| MeanDifference::welch(&a, &b, ConfidenceLevel::P95));
/// assert!(sleep.is_some_and(|d| (d.degrees_of_freedom - 17.776).abs() < 5e-4));
/// assert!(sleep.is_some_and(|d| (d.interval.lower + 3.365_483_2).abs() < 5e-8));
/// assert!(sleep.is_some_and(|d| (d.interval.upper - 0.205_483_2).abs() < 5e-8));
/// assert!(sleep.and_then(|d| d.t_statistic()).is_some_and(|t| (t + 1.8608).abs() < 5e-5));
/// assert!(sleep.and_then(|d| d.p_value()).is_some_and(|p| (p - 0.07939).abs() < 5e-6));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct MeanDifference {
    /// Mean of the first sample minus mean of the second.
    pub difference: f64,
    /// Standard error of the difference.
    pub standard_error: f64,
    /// Degrees of freedom of the t distribution; by Welch's method not whole.
    pub degrees_of_freedom: f64,
    /// Interval of the difference by Student's t.
    pub interval: Interval,
}

impl MeanDifference {
    /// Without assuming equal standard deviations (Welch 1947, Biometrika 34:28).
    ///
    /// Standard error `sqrt(v1 + v2)` with `v = s^2/n`; degrees of freedom
    /// `(v1 + v2)^2 / (v1^2/(n1 - 1) + v2^2/(n2 - 1))` (Satterthwaite 1946, Biometrics Bull 2:110),
    /// which lie between the smaller `n - 1` and `n1 + n2 - 2`. `None` if both standard deviations are
    /// 0, or a result is no finite number.
    pub fn welch(a: &SampleSummary, b: &SampleSummary, level: ConfidenceLevel) -> Option<MeanDifference> {
        let (first, second) = (a.standard_error(), b.standard_error());
        let standard_error = Some(first.hypot(second)).filter(|&error| error > 0.0)?;
        // Squared shares of the variance: nothing to overflow.
        let of_first = (first / standard_error).powi(2);
        let of_second = (second / standard_error).powi(2);
        let (df_first, df_second) = (a.degrees_of_freedom(), b.degrees_of_freedom());
        let df =
            (of_first + of_second).powi(2) / (of_first.powi(2) / df_first + of_second.powi(2) / df_second);
        let df = df.clamp(df_first.min(df_second), df_first + df_second);
        MeanDifference::with(a.mean() - b.mean(), standard_error, df, level)
    }

    /// Assuming equal standard deviations in the two populations: standard error
    /// `s sqrt(1/n1 + 1/n2)` with the [pooled](SampleSummary::pooled_sd) standard deviation, `n1 + n2 - 2`
    /// degrees of freedom (Student's two-sample t). `None` if a result is no finite number.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, MeanDifference, SampleSummary};
    ///
    /// // Kaur et al. 2023: 140 patients without and 334 with an answer; the printed interval of the
    /// // difference in age, from unrounded means, is 2.6 to 6.7.
    /// let (a, b) = (SampleSummary::new(140, 63.0, 11.7)?, SampleSummary::new(334, 68.0, 9.9)?);
    /// let age = MeanDifference::pooled(&a, &b, ConfidenceLevel::P95);
    /// assert!(age.is_some_and(|d| (d.interval.width() - 4.1).abs() < 0.1));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn pooled(a: &SampleSummary, b: &SampleSummary, level: ConfidenceLevel) -> Option<MeanDifference> {
        let (size_a, size_b) = (a.n() as f64, b.n() as f64);
        let standard_error = a.pooled_sd(b) * (1.0 / size_a + 1.0 / size_b).sqrt();
        let df = a.degrees_of_freedom() + b.degrees_of_freedom();
        MeanDifference::with(a.mean() - b.mean(), standard_error, df, level)
    }

    fn with(difference: f64, standard_error: f64, df: f64, level: ConfidenceLevel) -> Option<MeanDifference> {
        let interval = Interval::around(difference, level.t_fractional(df)? * standard_error);
        let finite = standard_error.is_finite() && interval.lower.is_finite() && interval.upper.is_finite();
        finite.then_some(MeanDifference { difference, standard_error, degrees_of_freedom: df, interval })
    }

    /// Student's t of the hypothesis that the means are equal: difference over standard error. `None`
    /// if the standard error is 0.
    pub fn t_statistic(&self) -> Option<f64> {
        let t = self.difference / self.standard_error;
        t.is_finite().then_some(t)
    }

    /// Two-sided p value of [`MeanDifference::t_statistic`], from 0 to 1; `None` where that is.
    pub fn p_value(&self) -> Option<f64> {
        two_sided_p(self.t_statistic()?, self.degrees_of_freedom)
    }
}

impl fmt::Debug for MeanDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeanDifference(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, MeanDifference, SampleSummary};
    use crate::error::Error;

    const LEVEL: ConfidenceLevel = ConfidenceLevel::P95;

    #[test]
    fn without_spread_only_the_pooled_difference_is_defined() -> Result<(), Error> {
        let (a, b) = (SampleSummary::new(3, 5.0, 0.0)?, SampleSummary::new(4, 2.0, 0.0)?);
        assert_eq!(MeanDifference::welch(&a, &b, LEVEL), None);
        let pooled = MeanDifference::pooled(&a, &b, LEVEL);
        assert!(pooled.is_some_and(|d| d.interval.width() == 0.0 && d.p_value().is_none()));
        assert_eq!(format!("{pooled:?}"), "Some(MeanDifference(..))");
        Ok(())
    }

    #[test]
    fn one_sample_without_spread_leaves_the_degrees_of_freedom_of_the_other() -> Result<(), Error> {
        let (a, b) = (SampleSummary::new(3, 5.0, 0.0)?, SampleSummary::new(8, 2.0, 1.0)?);
        let welch = MeanDifference::welch(&a, &b, LEVEL);
        assert!(welch.is_some_and(|d| d.degrees_of_freedom == 7.0));
        Ok(())
    }

    #[test]
    fn numbers_at_the_end_of_the_range_give_a_finite_result_or_none() -> Result<(), Error> {
        for (mean, sd) in [(f64::MAX, 1.0), (0.0, f64::MAX), (f64::MAX, f64::MAX), (1.0, f64::MIN_POSITIVE)] {
            for n in [2, 1_000_000_000_000_000, u64::MAX] {
                let (a, b) = (SampleSummary::new(n, mean, sd)?, SampleSummary::new(2, -mean, sd)?);
                for method in [MeanDifference::welch, MeanDifference::pooled] {
                    let result = method(&a, &b, LEVEL);
                    assert!(result.is_none_or(|d| d.degrees_of_freedom >= 1.0 && d.interval.width() >= 0.0));
                    let p = result.and_then(|d| d.p_value());
                    assert!(p.is_none_or(|p| (0.0..=1.0).contains(&p)));
                }
            }
        }
        Ok(())
    }
}
