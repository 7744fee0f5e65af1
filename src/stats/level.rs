//! Confidence level, and the normal and t quantiles that belong to it.

use statrs::function::erf::erfc_inv;

use crate::error::Error;

use super::student::{SERIES_FROM, beyond_by_beta};

/// Halvings that exhaust any pair of 64-bit floats.
const HALVINGS: u32 = 2200;

/// A two-sided confidence level, strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct ConfidenceLevel(f64);

impl ConfidenceLevel {
    /// 90 percent.
    pub const P90: ConfidenceLevel = ConfidenceLevel(0.90);
    /// 95 percent.
    pub const P95: ConfidenceLevel = ConfidenceLevel(0.95);
    /// 99 percent.
    pub const P99: ConfidenceLevel = ConfidenceLevel(0.99);
    /// 99.8 percent: the outer limits of a funnel.
    pub const P998: ConfidenceLevel = ConfidenceLevel(0.998);

    /// The level, as a share: 0.95 for 95 percent.
    ///
    /// # Errors
    ///
    /// If the level is not strictly between 0 and 1.
    ///
    /// ```
    /// use registat::ConfidenceLevel;
    ///
    /// assert_eq!(ConfidenceLevel::new(0.95)?, ConfidenceLevel::P95);
    /// assert!(ConfidenceLevel::new(95.0).is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn new(level: f64) -> Result<ConfidenceLevel, Error> {
        if level > 0.0 && level < 1.0 {
            Ok(ConfidenceLevel(level))
        } else {
            Err(Error::stats("a confidence level lies strictly between 0 and 1"))
        }
    }

    /// The level as a share.
    pub fn value(&self) -> f64 {
        self.0
    }

    /// The share outside an interval at this level, both sides together.
    pub(super) fn outside(&self) -> f64 {
        1.0 - self.0
    }

    /// The standard normal quantile of a two-sided interval.
    ///
    /// ```
    /// use registat::ConfidenceLevel;
    ///
    /// assert!((ConfidenceLevel::P95.z() - 1.959_963_984_540_054).abs() < 1e-12);
    /// ```
    pub fn z(&self) -> f64 {
        std::f64::consts::SQRT_2 * erfc_inv(self.outside())
    }

    /// Student's t quantile of a two-sided interval; `None` without degrees of freedom.
    ///
    /// Up to 1000 degrees of freedom by halving on the distribution function, above by the
    /// Cornish-Fisher series (Abramowitz and Stegun 26.7.5). Both agree to 1e-11.
    ///
    /// ```
    /// use registat::ConfidenceLevel;
    ///
    /// // Printed tables: 2.262 with 9 degrees of freedom.
    /// assert!(ConfidenceLevel::P95.t(9).is_some_and(|t| (t - 2.262_157_162_8).abs() < 1e-9));
    /// assert_eq!(ConfidenceLevel::P95.t(0), None);
    /// ```
    pub fn t(&self, degrees_of_freedom: u64) -> Option<f64> {
        self.t_fractional(degrees_of_freedom as f64)
    }

    /// Student's t quantile of a two-sided interval with degrees of freedom that need not be whole,
    /// such as those of Welch. By the methods of [`ConfidenceLevel::t`].
    ///
    /// `None` if the degrees of freedom are below 1 or not finite.
    ///
    /// ```
    /// use registat::ConfidenceLevel;
    ///
    /// let t = ConfidenceLevel::P95.t_fractional(17.776_473_516_178);
    /// assert!(t.is_some_and(|t| (t - 2.102_817_241_6).abs() < 1e-9));
    /// assert_eq!(ConfidenceLevel::P95.t_fractional(9.0), ConfidenceLevel::P95.t(9));
    /// assert_eq!(ConfidenceLevel::P95.t_fractional(0.0), None);
    /// ```
    pub fn t_fractional(&self, degrees_of_freedom: f64) -> Option<f64> {
        let df = Some(degrees_of_freedom).filter(|df| *df >= 1.0 && df.is_finite())?;
        if df >= SERIES_FROM { Some(t_by_series(self.z(), df)) } else { t_by_halving(self.outside(), df) }
    }
}

/// The t with the share `outside` beyond it on both sides, a share that decreases with t.
fn t_by_halving(outside: f64, df: f64) -> Option<f64> {
    let beyond = |t: f64| beyond_by_beta(t, df);
    let (mut low, mut high) = (0.0, 1.0);
    // Bounded: after 500 doublings t squared still fits, and every level is passed.
    for _ in 0..500 {
        if beyond(high)? <= outside {
            break;
        }
        low = high;
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if beyond(middle)? > outside {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// Cornish-Fisher expansion of the t quantile around the normal quantile `z`, to the fourth order.
fn t_by_series(z: f64, df: f64) -> f64 {
    let (z3, z5, z7, z9) = (z.powi(3), z.powi(5), z.powi(7), z.powi(9));
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
    let third = (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
    let fourth = (79.0 * z9 + 776.0 * z7 + 1482.0 * z5 - 1920.0 * z3 - 945.0 * z) / 92_160.0;
    z + (first + (second + (third + fourth / df) / df) / df) / df
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, t_by_halving, t_by_series};

    #[test]
    fn levels_outside_zero_to_one_are_refused() {
        for level in [0.0, 1.0, -0.5, 95.0, f64::NAN, f64::INFINITY] {
            assert!(ConfidenceLevel::new(level).is_err());
        }
    }

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        let level = ConfidenceLevel::P95;
        let cauchy = (std::f64::consts::FRAC_PI_2 * 0.95).tan();
        assert!(level.t(1).is_some_and(|t| (t / cauchy - 1.0).abs() < 1e-11));
        let two = 0.95 * (2.0_f64 / (1.0 - 0.95 * 0.95)).sqrt();
        assert!(level.t(2).is_some_and(|t| (t / two - 1.0).abs() < 1e-11));
    }

    #[test]
    fn fractional_degrees_of_freedom_lie_between_their_whole_neighbours() {
        let level = ConfidenceLevel::P99;
        for whole in [1_u64, 2, 30, 998, 999, 1000, 5000] {
            let (low, high) = (level.t(whole + 1), level.t(whole));
            let between = level.t_fractional(whole as f64 + 0.5);
            assert!(low < between && between < high);
        }
    }

    #[test]
    fn impossible_degrees_of_freedom_have_no_quantile() {
        for df in [0.0, 0.999, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE] {
            assert_eq!(ConfidenceLevel::P95.t_fractional(df), None);
        }
        let large = ConfidenceLevel::P95.t_fractional(1e300);
        assert!(large.is_some_and(|t| (t - ConfidenceLevel::P95.z()).abs() < 1e-15));
    }

    #[test]
    fn halving_and_series_meet() {
        for level in [ConfidenceLevel::P90, ConfidenceLevel::P95, ConfidenceLevel::P99] {
            let exact = t_by_halving(level.outside(), 1000.0);
            let series = t_by_series(level.z(), 1000.0);
            assert!(exact.is_some_and(|t| (t / series - 1.0).abs() < 1e-10));
        }
    }
}
