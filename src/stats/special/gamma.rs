//! The incomplete gamma function and the limits of its distribution.

use super::cornish_fisher::cornish_fisher;
use super::stirling::{deviance, stirling_error};
use super::{FRACTION_CONVERGED, HALVINGS, SERIES_FROM, STEPS, SUM_CONVERGED, TINY, bisect, not_zero};
use crate::stats::ConfidenceLevel;

/// Doublings from 1 that pass every limit: a limit lies below 1e20.
const DOUBLINGS: u32 = 100;

/// The x with the lower tail `P(a, x) = (1 - level)/2`, for positive `a`.
pub(in crate::stats) fn lower_gamma_limit(a: f64, level: ConfidenceLevel) -> Option<f64> {
    if a >= SERIES_FROM {
        return Some(limit_by_series(a, -level.z()));
    }
    let tail = level.outside() / 2.0;
    // The median, and so every lower limit, lies below the mean a.
    bisect(0.0, a, HALVINGS, |x| Some(gamma_lower(a, x)? < tail))
}

/// The x with the upper tail `Q(a, x) = (1 - level)/2`, for `a` from 1 on.
pub(in crate::stats) fn upper_gamma_limit(a: f64, level: ConfidenceLevel) -> Option<f64> {
    if a >= SERIES_FROM {
        return Some(limit_by_series(a, level.z()));
    }
    let tail = level.outside() / 2.0;
    let mut high = a;
    for _ in 0..DOUBLINGS {
        if gamma_upper(a, high)? <= tail {
            break;
        }
        high *= 2.0;
    }
    bisect(0.0, high, HALVINGS, |x| Some(gamma_upper(a, x)? > tail))
}

/// The quantile of the gamma distribution from its first four cumulants.
fn limit_by_series(a: f64, z: f64) -> f64 {
    a + a.sqrt() * cornish_fisher(z, 2.0 / a.sqrt(), 6.0 / a)
}

/// The regularised lower incomplete gamma function `P(a, x)`; `None` if it has not converged.
fn gamma_lower(a: f64, x: f64) -> Option<f64> {
    if x <= 0.0 {
        Some(0.0)
    } else if x < a + 1.0 {
        by_series(a, x)
    } else {
        Some(1.0 - by_fraction(a, x)?)
    }
}

/// The regularised upper incomplete gamma function `Q(a, x)` for positive `a`: with `a` half the
/// degrees of freedom and `x` half the statistic, the p-value of a chi-square test. `None` if it
/// has not converged.
pub(in crate::stats) fn gamma_upper(a: f64, x: f64) -> Option<f64> {
    if x <= 0.0 {
        Some(1.0)
    } else if x < a + 1.0 {
        Some(1.0 - by_series(a, x)?)
    } else {
        by_fraction(a, x)
    }
}

/// `P(a, x)` by its power series (Abramowitz and Stegun 6.5.29).
fn by_series(a: f64, x: f64) -> Option<f64> {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 1..STEPS {
        term *= x / (a + f64::from(step));
        sum += term;
        if term <= sum * SUM_CONVERGED {
            return Some((poisson_factor(a, x) * sum).clamp(0.0, 1.0));
        }
    }
    None
}

/// `Q(a, x)` by its continued fraction (Abramowitz and Stegun 6.5.31, even part).
fn by_fraction(a: f64, x: f64) -> Option<f64> {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / not_zero(b);
    let mut fraction = d;
    for step in 1..STEPS {
        let i = f64::from(step);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / not_zero(numerator * d + b);
        c = not_zero(b + numerator / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() <= FRACTION_CONVERGED {
            return Some((poisson_factor(a, x) * a * fraction).clamp(0.0, 1.0));
        }
    }
    None
}

/// `x^a e^-x / Gamma(a + 1)`: for whole `a` the Poisson probability of `a` events with mean `x`.
fn poisson_factor(a: f64, x: f64) -> f64 {
    (-stirling_error(a) - deviance(a, x)).exp() / (std::f64::consts::TAU * a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, SERIES_FROM, bisect, gamma_lower, gamma_upper, limit_by_series};

    #[test]
    fn shape_one_is_the_exponential() {
        for x in [1e-9_f64, 0.5, 1.0, 3.0, 40.0, 700.0] {
            assert!(gamma_upper(1.0, x).is_some_and(|q| (q / (-x).exp() - 1.0).abs() < 1e-13));
            assert!(gamma_lower(1.0, x).is_some_and(|p| (p / -(-x).exp_m1() - 1.0).abs() < 1e-13));
        }
    }

    #[test]
    fn one_degree_of_freedom_is_the_normal() {
        // Beyond 1.96 on both sides lies 0.05; 3.84 is the familiar limit of chi-square.
        let z = ConfidenceLevel::P95.z();
        assert!(gamma_upper(0.5, z * z / 2.0).is_some_and(|q| (q - 0.05).abs() < 1e-14));
    }

    #[test]
    fn far_out_the_tail_is_zero() {
        assert_eq!(gamma_upper(0.5, 1e30), Some(0.0));
        assert_eq!(gamma_lower(2.0, 1e30), Some(1.0));
        assert_eq!(gamma_upper(2.0, 0.0), Some(1.0));
    }

    #[test]
    fn halving_and_series_meet() {
        let tail = ConfidenceLevel::P99.outside() / 2.0;
        let z = ConfidenceLevel::P99.z();
        let lower = bisect(0.0, 2e6, 1200, |x| Some(gamma_lower(SERIES_FROM, x)? < tail));
        assert!(lower.is_some_and(|x| (x / limit_by_series(SERIES_FROM, -z) - 1.0).abs() < 1e-11));
        let upper = bisect(0.0, 2e6, 1200, |x| Some(gamma_upper(SERIES_FROM, x)? > tail));
        assert!(upper.is_some_and(|x| (x / limit_by_series(SERIES_FROM, z) - 1.0).abs() < 1e-11));
    }
}
