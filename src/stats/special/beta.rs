//! The incomplete beta function and the limits of its distribution.

use super::cornish_fisher::cornish_fisher;
use super::stirling::{deviance, stirling_error};
use super::{FRACTION_CONVERGED, HALVINGS, SERIES_FROM, STEPS, bisect, not_zero};
use crate::stats::ConfidenceLevel;

/// The share p with the lower tail `I(a, b) = (1 - level)/2` at p, for positive `a` and `b`.
///
/// By halving; where both parameters reach [`SERIES_FROM`] by the Cornish-Fisher series.
pub(in crate::stats) fn lower_beta_limit(a: f64, b: f64, level: ConfidenceLevel) -> Option<f64> {
    if a.min(b) >= SERIES_FROM {
        return Some(limit_by_series(a, b, -level.z()));
    }
    let tail = level.outside() / 2.0;
    bisect(0.0, 1.0, HALVINGS, |p| Some(incomplete_beta(a, b, p, 1.0 - p)? < tail))
}

/// The share p with the upper tail `1 - I(a, b) = (1 - level)/2` at p, for positive `a` and `b`.
///
/// As [`lower_beta_limit`]; a limit near 0 keeps its digits.
pub(in crate::stats) fn upper_beta_limit(a: f64, b: f64, level: ConfidenceLevel) -> Option<f64> {
    if a.min(b) >= SERIES_FROM {
        return Some(limit_by_series(a, b, level.z()));
    }
    let tail = level.outside() / 2.0;
    bisect(0.0, 1.0, HALVINGS, |p| Some(incomplete_beta(b, a, 1.0 - p, p)? > tail))
}

/// The quantile of the beta distribution from its first four cumulants.
fn limit_by_series(a: f64, b: f64, z: f64) -> f64 {
    let n = a + b;
    let (mean, counter) = (a / n, b / n);
    let sd = (mean * counter / (n + 1.0)).sqrt();
    let skewness = 2.0 * (counter - mean) / (n + 2.0) * ((n + 1.0) / (mean * counter)).sqrt();
    let apart = (mean - counter) * (mean - counter) * (n + 1.0);
    let excess = 6.0 * (apart / (mean * counter) - (n + 2.0)) / ((n + 2.0) * (n + 3.0));
    (mean + sd * cornish_fisher(z, skewness, excess)).clamp(0.0, 1.0)
}

/// The regularised incomplete beta function `I(a, b)` at `x` from 0 to 1, for positive `a` and `b`;
/// `y` is `1 - x`, given apart because one of them may have lost its digits. `None` if the fraction
/// has not converged.
pub(in crate::stats) fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> Option<f64> {
    if x <= 0.0 {
        Some(0.0)
    } else if y <= 0.0 {
        Some(1.0)
    } else if x <= (a + 1.0) / (a + b + 2.0) {
        by_fraction(a, b, x, y)
    } else {
        Some(1.0 - by_fraction(b, a, y, x)?)
    }
}

/// `I(a, b)` at `x`, with `y = 1 - x`, by the continued fraction of DiDonato and Morris (1992, ACM
/// TOMS 18:360), which unlike the common one keeps its digits where `x` is nearly 1.
fn by_fraction(a: f64, b: f64, x: f64, y: f64) -> Option<f64> {
    let below_mean = a * y - b * x;
    let base = |m: f64| (a + m) * (below_mean + 1.0 + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
    let mut fraction = not_zero(base(0.0));
    let (mut c, mut d) = (fraction, 0.0);
    for step in 1..STEPS {
        let m = f64::from(step);
        let at = a + 2.0 * m - 1.0;
        let part = m * (b - m) * x / at;
        let numerator = (a + m - 1.0) * ((a + b + m - 1.0) / at) * x * part;
        let term = m + part + base(m);
        d = 1.0 / not_zero(term + numerator * d);
        c = not_zero(term + numerator / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() <= FRACTION_CONVERGED {
            return Some((density_factor(a, b, x, y) / fraction).clamp(0.0, 1.0));
        }
    }
    None
}

/// `x^a y^b / B(a, b)`.
fn density_factor(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let exponent = errors - deviance(a, n * x) - deviance(b, n * y);
    (a / n * b / std::f64::consts::TAU).sqrt() * exponent.exp()
}

#[cfg(test)]
mod tests {
    use super::{
        ConfidenceLevel, SERIES_FROM, bisect, incomplete_beta, limit_by_series, lower_beta_limit,
        upper_beta_limit,
    };
    use statrs::function::beta::checked_beta_reg;

    #[test]
    fn one_as_a_parameter_has_a_closed_form() {
        for (b, x) in [(0.5_f64, 0.25_f64), (3.0, 0.9), (1e6, 1e-6), (1e15, 1e-15)] {
            let expected = -(b * (-x).ln_1p()).exp_m1();
            assert!(incomplete_beta(1.0, b, x, 1.0 - x).is_some_and(|i| (i - expected).abs() < 1e-14));
        }
    }

    #[test]
    fn agrees_with_another_implementation() {
        for (a, b) in [(0.5, 0.5), (3.0, 40.0), (250.5, 20.0), (4000.0, 7000.0)] {
            for x in [0.01, 0.07, 0.3637, 0.5, 0.93] {
                let other = checked_beta_reg(a, b, x).unwrap_or(f64::NAN);
                assert!(incomplete_beta(a, b, x, 1.0 - x).is_some_and(|i| (i - other).abs() < 1e-11));
            }
        }
    }

    #[test]
    fn halving_and_series_meet() {
        let tail = ConfidenceLevel::P99.outside() / 2.0;
        for (a, b) in [(SERIES_FROM, SERIES_FROM), (SERIES_FROM, 1e9), (1e8, SERIES_FROM)] {
            let halved = bisect(0.0, 1.0, 1200, |p| Some(incomplete_beta(a, b, p, 1.0 - p)? < tail));
            let series = limit_by_series(a, b, -ConfidenceLevel::P99.z());
            assert!(halved.is_some_and(|p| (p / series - 1.0).abs() < 1e-11));
        }
    }

    #[test]
    fn small_and_huge_parameters_meet_the_gamma_limit() {
        // For b without bound, b times the limit becomes the exact Poisson limit of 3 events.
        let limit = lower_beta_limit(3.0, 1e15, ConfidenceLevel::P95);
        assert!(limit.is_some_and(|p| (p * 1e15 - 0.618_672_122_8).abs() < 1e-9));
        let limit = upper_beta_limit(4.0, 1e15, ConfidenceLevel::P95);
        assert!(limit.is_some_and(|p| (p * 1e15 - 8.767_273_069_7).abs() < 1e-9));
    }
}
