//! Intervals of one proportion that are symmetric about a centre; they are not truncated.

use super::split;
use crate::stats::{ConfidenceLevel, Interval};

/// Wald's interval, `p -+ z sqrt(p(1 - p)/n)` with `p = x/n`.
///
/// The limits are not truncated: they can lie below 0 or above 1. Without successes or without
/// failures both limits coincide. It misses its level badly in small groups (Brown, Cai and DasGupta
/// 2001, Stat Sci 16:101) and serves only to reproduce published figures. `None` if `n` is 0 or
/// `successes` exceeds `n`.
///
/// ```
/// use registat::{ConfidenceLevel, wald};
///
/// // Newcombe 1998, Stat Med 17:857, table I: 81 of 263, and 1 of 29 with a limit below 0.
/// let interval = wald(81, 263, ConfidenceLevel::P95);
/// assert!(interval.is_some_and(|i| (i.lower - 0.2522).abs() < 5e-5));
/// assert!(interval.is_some_and(|i| (i.upper - 0.3638).abs() < 5e-5));
/// assert!(wald(1, 29, ConfidenceLevel::P95).is_some_and(|i| i.lower < 0.0));
/// ```
pub fn wald(successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
    let (x, y, total) = split(successes, n)?;
    Some(symmetric(x, y, total, level.z()))
}

/// The interval of Agresti and Coull (1998, Am Stat 52:119).
///
/// Wald's formula after adding `z^2/2` successes and `z^2/2` failures; its centre is that of
/// [`wilson`](crate::wilson). The limits are not truncated: they can lie below 0 or above 1. `None`
/// if `n` is 0 or `successes` exceeds `n`.
///
/// ```
/// use registat::{ConfidenceLevel, agresti_coull};
///
/// // Two programs agree on 81 of 263, and on 0 of 20 at 90 percent, with a limit below 0.
/// let interval = agresti_coull(81, 263, ConfidenceLevel::P95);
/// assert!(interval.is_some_and(|i| (i.lower - 0.255_220_665).abs() < 1e-9));
/// assert!(interval.is_some_and(|i| (i.upper - 0.366_277_432).abs() < 1e-9));
/// let interval = agresti_coull(0, 20, ConfidenceLevel::P90);
/// assert!(interval.is_some_and(|i| (i.lower + 0.022_129_874).abs() < 1e-9));
/// ```
pub fn agresti_coull(successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
    let (x, y, total) = split(successes, n)?;
    let z = level.z();
    let added = z * z / 2.0;
    Some(symmetric(x + added, y + added, total + 2.0 * added, z))
}

/// Wald's formula for `x` events and `y` others out of `n`, whole or not.
fn symmetric(x: f64, y: f64, n: f64, z: f64) -> Interval {
    Interval::around(x / n, z * (x / n * (y / n) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, agresti_coull, wald};

    #[test]
    fn without_events_the_wald_interval_is_a_point() {
        assert!(wald(0, 10, ConfidenceLevel::P95).is_some_and(|i| i.lower == 0.0 && i.width() == 0.0));
        assert!(wald(10, 10, ConfidenceLevel::P95).is_some_and(|i| i.upper == 1.0 && i.width() == 0.0));
    }

    #[test]
    fn limits_are_not_truncated() {
        assert!(wald(1, 29, ConfidenceLevel::P95).is_some_and(|i| i.lower < 0.0));
        assert!(agresti_coull(0, 5, ConfidenceLevel::P95).is_some_and(|i| i.lower < 0.0));
        assert!(agresti_coull(5, 5, ConfidenceLevel::P95).is_some_and(|i| i.upper > 1.0));
    }
}
