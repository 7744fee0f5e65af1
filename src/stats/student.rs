//! Tail probability of Student's t distribution.

use super::special::{gamma_upper, incomplete_beta};

/// From this many degrees of freedom on, t is expanded around the normal distribution.
pub(super) const SERIES_FROM: f64 = 1000.0;

/// Half the squared normal deviate beyond which no probability is left in a float.
const NOTHING_BEYOND: f64 = 700.0;

/// The two-sided p value: probability of a t at least as far from 0 as `t`. Degrees of freedom need
/// not be whole. `None` if `t` is not a number, or the degrees of freedom are below 1 or not finite.
pub(super) fn two_sided_p(t: f64, degrees_of_freedom: f64) -> Option<f64> {
    let df = Some(degrees_of_freedom).filter(|df| *df >= 1.0 && df.is_finite())?;
    let distance = Some(t.abs()).filter(|distance| !distance.is_nan())?;
    let p = if (distance * distance).is_infinite() {
        0.0
    } else if df >= SERIES_FROM {
        beyond_by_normal(distance, df)?
    } else {
        beyond_by_beta(distance, df)?
    };
    Some(p.clamp(0.0, 1.0))
}

/// `P(|T| > t) = I(df/2, 1/2)` at `df / (df + t^2)`, for t from 0; below 1 by the complement,
/// which keeps the digits of a small t.
pub(super) fn beyond_by_beta(t: f64, df: f64) -> Option<f64> {
    let square = t * t;
    let sum = df + square;
    let p = if square < 1.0 {
        1.0 - incomplete_beta(0.5, df / 2.0, square / sum, df / sum)?
    } else {
        incomplete_beta(df / 2.0, 0.5, df / sum, square / sum)?
    };
    p.is_finite().then_some(p)
}

/// `P(|T| > t)` by the normal deviate that corresponds to t (Hill 1970, Algorithm 395, Commun ACM
/// 13:617).
fn beyond_by_normal(t: f64, df: f64) -> Option<f64> {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let y = a * (t * t / df).ln_1p();
    let inner = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b);
    let deviate = ((inner + y + 3.0) / b + 1.0) * y.sqrt();
    let half_square = deviate * deviate / 2.0;
    if half_square == 0.0 {
        Some(1.0)
    } else if half_square > NOTHING_BEYOND {
        Some(0.0)
    } else {
        // The upper gamma ratio at 1/2: the complementary error function of statrs has ten digits only.
        gamma_upper(0.5, half_square).filter(|p| p.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::{beyond_by_beta, beyond_by_normal, two_sided_p};

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for t in [1e-9_f64, 0.3, 0.999, 1.0, 2.5, 40.0, 1e6] {
            let cauchy = std::f64::consts::FRAC_2_PI * (1.0 / t).atan();
            assert!(two_sided_p(t, 1.0).is_some_and(|p| (p / cauchy - 1.0).abs() < 1e-12));
            // 1 - t / sqrt(2 + t^2), without its cancellation.
            let root = (2.0_f64 + t * t).sqrt();
            let two = 2.0 / (root * (root + t));
            assert!(two_sided_p(-t, 2.0).is_some_and(|p| (p / two - 1.0).abs() < 1e-12));
        }
    }

    #[test]
    fn probabilities_agree_with_forty_digit_arithmetic() {
        let known = [
            (0.01, 12.5, 0.992_179_121_306_915_9),
            (1.7, 37.25, 0.097_467_697_324_206_51),
            (10.0, 250.0, 5.062_417_161_445_783e-20),
            (2.0, 1000.0, 0.045_770_346_493_251_64),
            (5.0, 1000.0, 6.767_256_364_648_63e-7),
            (8.0, 1000.5, 3.424_996_711_173_926e-15),
            (3.0, 1e6, 0.002_699_862_541_421_797),
        ];
        for (t, df, value) in known {
            assert!(two_sided_p(t, df).is_some_and(|p| (p / value - 1.0).abs() < 1e-11));
        }
    }

    #[test]
    fn beta_and_normal_meet() {
        for t in [0.0, 1e-6, 0.5, 1.0, 2.0, 4.0, 8.0] {
            let both = beyond_by_beta(t, 1000.0).zip(beyond_by_normal(t, 1000.0));
            assert!(both.is_some_and(|(beta, normal)| (normal / beta - 1.0).abs() < 1e-11));
        }
    }

    #[test]
    fn extreme_arguments_stay_probabilities() {
        for t in [0.0, 1e-200, 1.0, 1e9, 1e160, f64::MAX, f64::INFINITY] {
            for df in [1.0, 1.5, 999.9, 1e6, 1e19, f64::MAX] {
                assert!(two_sided_p(t, df).is_some_and(|p| (0.0..=1.0).contains(&p)), "{t} {df}");
            }
        }
        assert_eq!(two_sided_p(f64::NAN, 5.0), None);
        for df in [0.0, 0.9, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(two_sided_p(1.0, df), None);
        }
    }
}
