//! Intervals of one proportion from quantiles of the beta distribution.

use super::split;
use crate::stats::special::{lower_beta_limit, upper_beta_limit};
use crate::stats::{ConfidenceLevel, Interval};

/// The exact interval of Clopper and Pearson (1934); limits are shares from 0 to 1.
///
/// The lower limit is the share at which `successes` or more have probability `(1 - level)/2`, the
/// upper the share at which `successes` or fewer have it. It covers the true share at least as
/// often as stated. `None` if `n` is 0 or `successes` exceeds `n`.
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
    let (x, y, _) = split(successes, n)?;
    let lower = if x == 0.0 { 0.0 } else { lower_beta_limit(x, y + 1.0, level)? };
    let upper = if y == 0.0 { 1.0 } else { upper_beta_limit(x + 1.0, y, level)? };
    Some(ordered(lower, upper))
}

/// The equal-tailed Jeffreys interval; limits are shares from 0 to 1.
///
/// The quantiles of the beta distribution with parameters `x + 1/2` and `n - x + 1/2`, the posterior
/// of Jeffreys's prior; 0 without successes and 1 without failures (Brown, Cai and DasGupta 2001,
/// Stat Sci 16:101). `None` if `n` is 0 or `successes` exceeds `n`.
///
/// ```
/// use registat::{ConfidenceLevel, jeffreys};
///
/// // Two programs agree on 81 of 263.
/// let interval = jeffreys(81, 263, ConfidenceLevel::P95);
/// assert!(interval.is_some_and(|i| (i.lower - 0.254_521_935).abs() < 1e-9));
/// assert!(interval.is_some_and(|i| (i.upper - 0.365_647_499).abs() < 1e-9));
/// ```
pub fn jeffreys(successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
    let (x, y, _) = split(successes, n)?;
    let lower = if x == 0.0 { 0.0 } else { lower_beta_limit(x + 0.5, y + 0.5, level)? };
    let upper = if y == 0.0 { 1.0 } else { upper_beta_limit(x + 0.5, y + 0.5, level)? };
    Some(ordered(lower, upper))
}

/// The interval of two limits found apart: at a level near 0 they coincide, and the last digit could
/// put them in the wrong order.
fn ordered(lower: f64, upper: f64) -> Interval {
    Interval { lower, upper: upper.max(lower) }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, clopper_pearson, jeffreys};

    #[test]
    fn none_and_all_reach_the_ends() {
        for method in [clopper_pearson, jeffreys] {
            let none = method(0, 10, ConfidenceLevel::P95);
            assert!(none.is_some_and(|i| i.lower == 0.0 && i.upper > 0.2));
            let all = method(10, 10, ConfidenceLevel::P95);
            assert!(all.is_some_and(|i| i.upper == 1.0 && i.lower < 0.8));
        }
    }

    #[test]
    fn exact_limits_without_events_have_a_closed_form() {
        // (1 - upper)^n = 0.025.
        for n in [1, 10, 100_000, 1_000_000_000_000_000] {
            let upper = -(0.025_f64.ln() / n as f64).exp_m1();
            let interval = clopper_pearson(0, n, ConfidenceLevel::P95);
            assert!(interval.is_some_and(|i| (i.upper / upper - 1.0).abs() < 1e-12));
        }
    }
}
