//! What factorials leave over when the large terms have cancelled.

/// Below this share, the excess is summed as a series: the direct formula loses digits.
const SERIES_BELOW: f64 = 0.1;

/// `ln Gamma(a + 1) - (a + 1/2) ln a + a - ln(2 pi) / 2` for positive `a`: the error of Stirling's
/// formula, below 0.1 from `a` = 1 on. Loader 2000, "Fast and accurate computation of binomial
/// probabilities".
pub(super) fn stirling_error(a: f64) -> f64 {
    let (mut at, mut passed) = (a, 0.0);
    while at < 16.0 {
        passed += (at + 0.5) * (1.0 / at).ln_1p() - 1.0;
        at += 1.0;
    }
    let square = at * at;
    let inner = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square;
    passed + (1.0 / 12.0 - (1.0 / 360.0 - inner / square) / square) / at
}

/// `x ln(x / mean) + mean - x`, the deviance of a count `x` from its mean (Loader 2000); `x` is not
/// negative and `mean` positive.
pub(super) fn deviance(x: f64, mean: f64) -> f64 {
    let share = (x - mean) / mean;
    if share.abs() < SERIES_BELOW {
        mean * log_excess(share)
    } else if x == 0.0 {
        mean
    } else {
        x * (x / mean).ln() + mean - x
    }
}

/// `(1 + u) ln(1 + u) - u` for `u` above -1, about `u^2 / 2` near zero.
pub(in crate::stats) fn log_excess(u: f64) -> f64 {
    if u.abs() >= SERIES_BELOW {
        return (1.0 + u) * u.ln_1p() - u;
    }
    // u^2/2 - u^3/6 + u^4/12 - ...: the coefficient of u^k is 1 / (k (k - 1)).
    let sum = (2..=20).rev().fold(0.0, |sum, k| 1.0 / f64::from(k * (k - 1)) - u * sum);
    u * u * sum
}

#[cfg(test)]
mod tests {
    use super::{deviance, log_excess, stirling_error};

    #[test]
    fn factorials_come_back() {
        let half_log_two_pi = (2.0 * std::f64::consts::PI).ln() / 2.0;
        for (n, factorial) in [(1.0_f64, 1.0_f64), (5.0, 120.0), (20.0, 2_432_902_008_176_640_000.0)] {
            let log = stirling_error(n) + (n + 0.5) * n.ln() - n + half_log_two_pi;
            assert!((log - factorial.ln()).abs() < 1e-14 * factorial.ln().max(1.0));
        }
    }

    #[test]
    fn series_and_formula_meet() {
        for sign in [-1.0, 1.0] {
            let (inside, outside) = (sign * 0.099_999_999_999, sign * 0.1);
            assert!((log_excess(inside) / log_excess(outside) - 1.0).abs() < 1e-10);
        }
    }

    #[test]
    fn deviance_is_zero_at_the_mean_and_the_mean_at_zero() {
        assert_eq!(deviance(7.0, 7.0), 0.0);
        assert_eq!(deviance(0.0, 7.0), 7.0);
        assert!(deviance(1e15 + 1.0, 1e15) > 0.0);
    }
}
