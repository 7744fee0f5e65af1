//! Score intervals of one proportion, after Wilson.

use super::split;
use crate::stats::{ConfidenceLevel, Interval};

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
    let (x, y, total) = split(successes, n)?;
    let z = level.z();
    let z2 = z * z;
    let spread = z * (z2 + 4.0 * x * (y / total)).sqrt();
    let divisor = 2.0 * (total + z2);
    let lower = if x == 0.0 { 0.0 } else { (2.0 * x + z2 - spread) / divisor };
    let upper = if y == 0.0 { 1.0 } else { (2.0 * x + z2 + spread) / divisor };
    Some(Interval { lower: lower.clamp(0.0, 1.0), upper: upper.clamp(0.0, 1.0) })
}

/// Wilson's score interval with continuity correction; limits are shares from 0 to 1.
///
/// With `p = x/n` and `q = 1 - p`, the lower limit is
/// `(2x + z^2 - 1 - z sqrt(z^2 - 2 - 1/n + 4p(nq + 1))) / (2(n + z^2))`, the upper
/// `(2x + z^2 + 1 + z sqrt(z^2 + 2 - 1/n + 4p(nq - 1))) / (2(n + z^2))`; without successes the lower
/// is 0, without failures the upper 1 (method 4 of
/// Newcombe 1998, Stat Med 17:857). Wider than [`wilson`], close to
/// [`clopper_pearson`](crate::clopper_pearson). `None` if `n` is 0 or `successes` exceeds `n`.
///
/// ```
/// use registat::{ConfidenceLevel, wilson_continuity};
///
/// // Newcombe 1998, table I: 81 of 263.
/// let interval = wilson_continuity(81, 263, ConfidenceLevel::P95);
/// assert!(interval.is_some_and(|i| (i.lower - 0.2535).abs() < 5e-5));
/// assert!(interval.is_some_and(|i| (i.upper - 0.3682).abs() < 5e-5));
/// ```
pub fn wilson_continuity(successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
    let (x, y, total) = split(successes, n)?;
    let z = level.z();
    let (z2, p, divisor) = (z * z, x / total, 2.0 * (total + z * z));
    let lower = if x == 0.0 {
        0.0
    } else {
        // With a success, 4p(nq + 1) is at least 4: the root exists.
        let spread = z * (z2 - 2.0 - 1.0 / total + 4.0 * p * (y + 1.0)).sqrt();
        (2.0 * x + z2 - 1.0 - spread) / divisor
    };
    let upper = if y == 0.0 {
        1.0
    } else {
        // With a failure, 4p(nq - 1) is not negative: the root exists.
        let spread = z * (z2 + 2.0 - 1.0 / total + 4.0 * p * (y - 1.0)).sqrt();
        (2.0 * x + z2 + 1.0 + spread) / divisor
    };
    Some(Interval { lower: lower.clamp(0.0, 1.0), upper: upper.clamp(0.0, 1.0) })
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, wilson, wilson_continuity};

    #[test]
    fn none_and_all_reach_the_ends() {
        for method in [wilson, wilson_continuity] {
            let none = method(0, 10, ConfidenceLevel::P95);
            assert!(none.is_some_and(|i| i.lower == 0.0 && i.upper > 0.2));
            let all = method(10, 10, ConfidenceLevel::P95);
            assert!(all.is_some_and(|i| i.upper == 1.0 && i.lower < 0.8));
        }
    }

    #[test]
    fn the_correction_widens_and_fades() {
        let bare = wilson(3, 10, ConfidenceLevel::P95);
        let corrected = wilson_continuity(3, 10, ConfidenceLevel::P95);
        assert!(bare.zip(corrected).is_some_and(|(b, c)| c.lower < b.lower && b.upper < c.upper));
        let bare = wilson(3_000_000_000, 10_000_000_000, ConfidenceLevel::P95);
        let corrected = wilson_continuity(3_000_000_000, 10_000_000_000, ConfidenceLevel::P95);
        assert!(bare.zip(corrected).is_some_and(|(b, c)| (b.lower - c.lower).abs() < 1e-9));
    }
}
