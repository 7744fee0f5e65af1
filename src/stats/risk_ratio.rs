//! Ratio of two independent proportions.

use std::fmt;

use super::interval::Interval;
use super::level::ConfidenceLevel;
use super::proportion::Proportion;

/// The share of a first group over that of a second, without unit, with log-normal limits.
///
/// `ln RR -+ z sqrt(1/x1 - 1/n1 + 1/x2 - 1/n2)` (Katz, Baptista, Azen and Pike 1978, Biometrics
/// 34:469). The `Debug` form hides the content.
///
/// ```
/// use registat::{ConfidenceLevel, Proportion, RiskRatio};
///
/// // Kaur et al. 2023, BMC Musculoskelet Disord 24: smokers among 140 non-respondents and 334
/// // respondents of the Norwegian register for spine surgery; printed 1.40 (1.01 to 1.95).
/// let (without, with) = (Proportion::new(41, 140)?, Proportion::new(70, 334)?);
/// let found = RiskRatio::of(&without, &with, ConfidenceLevel::P95);
/// assert!(found.is_some_and(|r| (r.ratio - 1.40).abs() < 5e-3));
/// assert!(found.is_some_and(|r| (r.interval.lower - 1.01).abs() < 1e-2));
/// assert!(found.is_some_and(|r| (r.interval.upper - 1.95).abs() < 1e-2));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct RiskRatio {
    /// First over second share.
    pub ratio: f64,
    /// Interval of the ratio.
    pub interval: Interval,
}

impl RiskRatio {
    /// The ratio of two groups of different patients; `None` if one is empty or has no success.
    pub fn of(first: &Proportion, second: &Proportion, level: ConfidenceLevel) -> Option<RiskRatio> {
        let (p1, p2) = (first.share()?, second.share()?);
        if first.successes() == 0 || second.successes() == 0 {
            return None;
        }
        // 1/x - 1/n = (n - x) / (x n): no cancellation.
        let variance = |group: &Proportion, share: f64| {
            group.failures() as f64 / group.n() as f64 / group.n() as f64 / share
        };
        let ratio = p1 / p2;
        let factor = (level.z() * (variance(first, p1) + variance(second, p2)).sqrt()).exp();
        Some(RiskRatio { ratio, interval: Interval { lower: ratio / factor, upper: ratio * factor } })
    }
}

impl fmt::Debug for RiskRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RiskRatio(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, Proportion, RiskRatio};
    use crate::error::Error;

    #[test]
    fn without_events_there_is_no_ratio() -> Result<(), Error> {
        let (some, none) = (Proportion::new(1, 2)?, Proportion::new(0, 2)?);
        for (first, second) in [(some, none), (none, some), (Proportion::default(), some)] {
            assert_eq!(RiskRatio::of(&first, &second, ConfidenceLevel::P95), None);
        }
        Ok(())
    }

    #[test]
    fn without_failures_the_interval_is_a_point() -> Result<(), Error> {
        let all = Proportion::new(5, 5)?;
        let found = RiskRatio::of(&all, &all, ConfidenceLevel::P95);
        assert!(found.is_some_and(|r| r.ratio == 1.0 && r.interval.width() == 0.0));
        Ok(())
    }

    #[test]
    fn extreme_counts_stay_finite_and_nothing_is_shown() -> Result<(), Error> {
        let (rare, all) = (Proportion::new(1, u64::MAX)?, Proportion::new(u64::MAX, u64::MAX)?);
        for (first, second) in [(rare, all), (all, rare)] {
            let found = RiskRatio::of(&first, &second, ConfidenceLevel::P99);
            assert!(found.is_some_and(|r| r.interval.lower > 0.0 && r.interval.upper.is_finite()));
            assert_eq!(format!("{found:?}"), "Some(RiskRatio(..))");
        }
        Ok(())
    }
}
