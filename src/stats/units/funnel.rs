//! Funnel limits: how far the share of a unit of so many patients can lie from the target by chance.

use std::fmt;

use crate::error::Error;
use crate::stats::named::named;
use crate::stats::special::incomplete_beta;
use crate::stats::{ConfidenceLevel, Interval, Proportion};

/// How to find the limits. `p` below is the probability of a share below the limit, `theta` the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FunnelMethod {
    /// The exact binomial distribution, interpolated: with `r` the smallest count of `F(r) >= p` and
    /// `a = (F(r) - p) / (F(r) - F(r - 1))`, the limit is `(r - a) / n` (Spiegelhalter 2005, Stat Med 24:1185, appendix A).
    /// Not truncated: a lower limit of a small unit can lie below 0.
    #[default]
    ExactInterpolated,
    /// The binomial quantile itself, `r / n`.
    BinomialQuantile,
    /// `theta + z sqrt(theta (1 - theta) / n)`. Not truncated.
    Normal,
    /// The normal limits, truncated to 0 and 1, as UKHSA's fingertips and its R package PHEindicatormethods print them
    /// (there in percent).
    NormalTruncated,
    /// `sin^2(asin(sqrt(theta)) + z / (2 sqrt(n)))`, on a scale where the spread does not depend on the share. Within 0 and 1.
    Arcsine,
}

impl FunnelMethod {
    /// Every method.
    pub const ALL: [FunnelMethod; 5] = [
        FunnelMethod::ExactInterpolated,
        FunnelMethod::BinomialQuantile,
        FunnelMethod::Normal,
        FunnelMethod::NormalTruncated,
        FunnelMethod::Arcsine,
    ];

    /// The name of the method in specifications.
    pub fn name(self) -> &'static str {
        match self {
            FunnelMethod::ExactInterpolated => "exact_interp",
            FunnelMethod::BinomialQuantile => "binom_quantile",
            FunnelMethod::Normal => "normal",
            FunnelMethod::NormalTruncated => "normal_truncated",
            FunnelMethod::Arcsine => "arcsine",
        }
    }

    /// The method of this name.
    ///
    /// # Errors
    ///
    /// If no method has the name.
    pub fn parse(name: &str) -> Result<FunnelMethod, Error> {
        named("method of funnel limits", &FunnelMethod::ALL, FunnelMethod::name, name)
    }

    /// The lower and upper limit, as shares, of a unit with `n` patients where the target is the share `target`.
    /// `None` without patients.
    ///
    /// # Errors
    ///
    /// If the target does not lie strictly between 0 and 1.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, FunnelMethod};
    ///
    /// // UKHSA's test of its R package: target 80.642448 %, 20 patients, 99.8 % limits 53.341156 and 100 %.
    /// let level = ConfidenceLevel::new(0.998)?;
    /// let limits = FunnelMethod::NormalTruncated.limits(0.806_424_48, 20, level)?;
    /// assert!(limits.is_some_and(|i| (i.lower - 0.533_411_56).abs() < 1e-7 && i.upper == 1.0));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn limits(self, target: f64, n: u64, level: ConfidenceLevel) -> Result<Option<Interval>, Error> {
        if !(target > 0.0 && target < 1.0) {
            return Err(Error::stats("the target of a funnel lies strictly between 0 and 1"));
        }
        if n == 0 {
            return Ok(None);
        }
        let (z, tail, patients) = (level.z(), level.outside() / 2.0, n as f64);
        let at = |z: f64| {
            (target.sqrt().asin() + z / (2.0 * patients.sqrt())).clamp(0.0, std::f64::consts::FRAC_PI_2)
        };
        let normal = Interval::around(target, z * (target * (1.0 - target) / patients).sqrt());
        Ok(match self {
            FunnelMethod::Normal => Some(normal),
            FunnelMethod::NormalTruncated => {
                Some(Interval { lower: normal.lower.max(0.0), upper: normal.upper.min(1.0) })
            }
            FunnelMethod::Arcsine => {
                Some(Interval { lower: at(-z).sin().powi(2), upper: at(z).sin().powi(2) })
            }
            FunnelMethod::ExactInterpolated | FunnelMethod::BinomialQuantile => {
                let interpolates = self == FunnelMethod::ExactInterpolated;
                let limit = |p: f64| binomial_limit(target, n, p, interpolates);
                limit(tail).zip(limit(1.0 - tail)).map(|(lower, upper)| Interval { lower, upper })
            }
        })
    }
}

/// The binomial quantile as a share of `n`, or the point between it and the count below at which `p` would be reached.
fn binomial_limit(target: f64, n: u64, p: f64, interpolates: bool) -> Option<f64> {
    let below = |count: u64| cumulative(target, n, count);
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        if below(middle)? >= p {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if !interpolates {
        return Some(low as f64 / n as f64);
    }
    let reached = below(low)?;
    let before = if low == 0 { 0.0 } else { below(low - 1)? };
    let over = if reached > before { (reached - p) / (reached - before) } else { 0.0 };
    Some((low as f64 - over) / n as f64)
}

/// The probability of at most `count` of `n`.
fn cumulative(target: f64, n: u64, count: u64) -> Option<f64> {
    if count >= n {
        return Some(1.0);
    }
    incomplete_beta((n - count) as f64, count as f64 + 1.0, 1.0 - target, target)
}

/// Both pairs of limits around a target, and the least number of patients that a unit is judged on.
#[derive(Clone, Copy, PartialEq)]
pub struct FunnelLimits {
    target: f64,
    method: FunnelMethod,
    minimum: u64,
}

/// Where a unit lies in the funnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunnelPosition {
    /// Too few patients to be judged: never an outlier.
    TooFew,
    /// Below the 99.8 % limits.
    FarBelow,
    /// Below the 95 % limits only.
    Below,
    /// Within the 95 % limits.
    Within,
    /// Above the 95 % limits only.
    Above,
    /// Above the 99.8 % limits.
    FarAbove,
}

impl FunnelLimits {
    /// The inner limits: 95 %.
    pub const INNER: ConfidenceLevel = ConfidenceLevel::P95;

    /// The outer limits: 99.8 %, about three standard deviations.
    pub const OUTER: ConfidenceLevel = ConfidenceLevel::P998;

    /// Limits around a target share; units of fewer than `minimum` patients are not judged.
    ///
    /// # Errors
    ///
    /// If the target does not lie strictly between 0 and 1.
    pub fn around(target: f64, method: FunnelMethod, minimum: u64) -> Result<FunnelLimits, Error> {
        method.limits(target, 1, FunnelLimits::INNER)?;
        Ok(FunnelLimits { target, method, minimum })
    }

    /// The limits of a unit with so many patients, at one level.
    pub fn at(&self, n: u64, level: ConfidenceLevel) -> Option<Interval> {
        self.method.limits(self.target, n, level).ok().flatten()
    }

    /// Where a unit lies. A share on a limit lies within.
    ///
    /// ```
    /// use registat::{FunnelLimits, FunnelMethod, FunnelPosition, Proportion};
    ///
    /// let limits = FunnelLimits::around(0.3, FunnelMethod::default(), 30)?;
    /// assert_eq!(limits.place(&Proportion::new(30, 100)?), FunnelPosition::Within);
    /// assert_eq!(limits.place(&Proportion::new(50, 100)?), FunnelPosition::FarAbove);
    /// assert_eq!(limits.place(&Proportion::new(29, 29)?), FunnelPosition::TooFew);
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn place(&self, unit: &Proportion) -> FunnelPosition {
        let limits = self.at(unit.n(), FunnelLimits::INNER).zip(self.at(unit.n(), FunnelLimits::OUTER));
        let (Some(share), Some((inner, outer))) = (unit.share(), limits) else {
            return FunnelPosition::TooFew;
        };
        if unit.n() < self.minimum {
            FunnelPosition::TooFew
        } else if share < outer.lower {
            FunnelPosition::FarBelow
        } else if share < inner.lower {
            FunnelPosition::Below
        } else if share > outer.upper {
            FunnelPosition::FarAbove
        } else if share > inner.upper {
            FunnelPosition::Above
        } else {
            FunnelPosition::Within
        }
    }
}

impl fmt::Debug for FunnelLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FunnelLimits(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_narrow_as_units_grow_and_hold_the_target() {
        for method in FunnelMethod::ALL {
            let mut width = f64::INFINITY;
            for n in [20, 2_000, 200_000, 20_000_000] {
                let limits = method.limits(0.3, n, ConfidenceLevel::P95).unwrap().unwrap();
                assert!(limits.contains(0.3) && limits.width() < width, "{method:?} {n}");
                width = limits.width();
            }
            assert!(width < 1e-3);
        }
    }

    #[test]
    fn what_cannot_be_judged_is_no_outlier() {
        assert!(FunnelLimits::around(0.0, FunnelMethod::Normal, 5).is_err());
        assert!(FunnelLimits::around(f64::NAN, FunnelMethod::Normal, 5).is_err());
        for method in FunnelMethod::ALL {
            let limits = FunnelLimits::around(0.5, method, 0).unwrap();
            assert_eq!(limits.place(&Proportion::new(0, 0).unwrap()), FunnelPosition::TooFew);
        }
        // Interpolation puts the limit of one patient below the count itself: small units need the least number.
        let limits = |minimum| FunnelLimits::around(0.5, FunnelMethod::ExactInterpolated, minimum).unwrap();
        let all = Proportion::new(1, 1).unwrap();
        assert_eq!(limits(0).place(&all), FunnelPosition::FarAbove);
        assert_eq!(limits(5).place(&all), FunnelPosition::TooFew);
    }
}
