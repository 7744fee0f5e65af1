//! Confidence intervals of one proportion.

use statrs::function::beta::checked_beta_reg;

use super::interval::Interval;
use super::level::ConfidenceLevel;

/// Halvings that exhaust any pair of 64-bit floats between 0 and 1.
const HALVINGS: u32 = 1200;

/// Wilson's score interval without continuity correction; limits are shares from 0 to 1.
///
/// `(2x + z^2 -+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2))` (Wilson 1927; method 3 of Newcombe
/// 1998, Stat Med 17:857). `None` if `n` is 0 or `successes` exceeds `n`.
///
/// ```
/// use registat::{ConfidenceLevel, wilson};
///
/// // Newcombe 1998, table I: 81 of 263.
/// let interval = wilson(81, 263, ConfidenceLevel::P95).map(|i| (i.lower, i.upper));
/// assert!(interval.is_some_and(|(lower, _)| (lower - 0.2553).abs() < 5e-5));
/// assert!(interval.is_some_and(|(_, upper)| (upper - 0.3662).abs() < 5e-5));
/// assert_eq!(wilson(0, 0, ConfidenceLevel::P95), None);
/// ```
pub fn wilson(successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
    let failures = n.checked_sub(successes).filter(|_| n > 0)?;
    let (x, y, total) = (successes as f64, failures as f64, n as f64);
    let z = level.z();
    let z2 = z * z;
    let spread = z * (z2 + 4.0 * x * (y / total)).sqrt();
    let divisor = 2.0 * (total + z2);
    let lower = if successes == 0 { 0.0 } else { (2.0 * x + z2 - spread) / divisor };
    let upper = if failures == 0 { 1.0 } else { (2.0 * x + z2 + spread) / divisor };
    Some(Interval { lower: lower.clamp(0.0, 1.0), upper: upper.clamp(0.0, 1.0) })
}

/// The exact interval of Clopper and Pearson (1934); limits are shares from 0 to 1.
///
/// The lower limit is the share at which `successes` or more have probability `(1 - level)/2`, the
/// upper the share at which `successes` or fewer have it. `None` if `n` is 0 or `successes` exceeds
/// `n`.
///
/// ```
/// use registat::{ConfidenceLevel, clopper_pearson};
///
/// // Newcombe 1998, table I: 81 of 263.
/// let interval = clopper_pearson(81, 263, ConfidenceLevel::P95).map(|i| (i.lower, i.upper));
/// assert!(interval.is_some_and(|(lower, _)| (lower - 0.2527).abs() < 5e-5));
/// assert!(interval.is_some_and(|(_, upper)| (upper - 0.3676).abs() < 5e-5));
/// ```
pub fn clopper_pearson(successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
    let failures = n.checked_sub(successes).filter(|_| n > 0)?;
    let tail = level.outside() / 2.0;
    Some(Interval {
        lower: lowest_share(successes, failures, tail)?,
        upper: 1.0 - lowest_share(failures, successes, tail)?,
    })
}

/// The share p at which at least `successes` have probability `tail`: `I(x, n - x + 1)` at p, an
/// increasing function. Zero without successes.
fn lowest_share(successes: u64, failures: u64, tail: f64) -> Option<f64> {
    if successes == 0 {
        return Some(0.0);
    }
    let (a, b) = (successes as f64, failures as f64 + 1.0);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if checked_beta_reg(a, b, middle).ok()? < tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low + (high - low) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, clopper_pearson, wilson};

    #[test]
    fn impossible_counts_have_no_interval() {
        for method in [wilson, clopper_pearson] {
            assert_eq!(method(0, 0, ConfidenceLevel::P95), None);
            assert_eq!(method(4, 3, ConfidenceLevel::P95), None);
        }
    }

    #[test]
    fn none_and_all_reach_the_ends() {
        for method in [wilson, clopper_pearson] {
            let none = method(0, 10, ConfidenceLevel::P95);
            assert!(none.is_some_and(|i| i.lower == 0.0 && i.upper > 0.2));
            let all = method(10, 10, ConfidenceLevel::P95);
            assert!(all.is_some_and(|i| i.upper == 1.0 && i.lower < 0.8));
        }
    }

    #[test]
    fn exact_limits_without_events_have_a_closed_form() {
        // (1 - upper)^n = 0.025.
        let upper = 1.0 - 0.025_f64.powf(0.1);
        let interval = clopper_pearson(0, 10, ConfidenceLevel::P95);
        assert!(interval.is_some_and(|i| (i.upper - upper).abs() < 1e-12));
    }
}
