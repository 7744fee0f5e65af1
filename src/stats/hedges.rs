//! Hedges' correction of standardised differences for small samples.

use statrs::function::gamma::ln_gamma;

/// From this many degrees of freedom on, the ratio of gamma functions comes from its series: logarithms
/// of large gamma functions lose digits in their difference.
const SERIES_FROM: u64 = 200;

/// The factor J by which a standardised mean difference is multiplied to remove its bias, from 0 to 1.
///
/// `J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m - 1)/2))` with `m` degrees of freedom of the standard
/// deviation in the denominator (Hedges 1981, J Educ Stat 6:107, exact form). The usual approximation
/// `1 - 3/(4m - 1)` is not used. J approaches 1 as m grows. `None` below 2 degrees of freedom, where
/// the difference has no expectation to correct.
///
/// ```
/// use registat::hedges_correction;
///
/// // Closed form J(2) = 1 / sqrt(pi); J(10) by 40-digit arithmetic.
/// assert!(hedges_correction(2).is_some_and(|j| (j - 0.564_189_583_547_756).abs() < 1e-14));
/// assert!(hedges_correction(10).is_some_and(|j| (j - 0.922_745_608_053_087).abs() < 1e-14));
/// assert_eq!(hedges_correction(1), None);
/// ```
pub fn hedges_correction(degrees_of_freedom: u64) -> Option<f64> {
    let m = degrees_of_freedom as f64;
    match degrees_of_freedom {
        0 | 1 => None,
        SERIES_FROM.. => Some(by_series(m)),
        _ => Some((ln_gamma(m / 2.0) - ln_gamma((m - 1.0) / 2.0)).exp() / (m / 2.0).sqrt()),
    }
}

/// The same by `Gamma(x + 1/2) / Gamma(x) = sqrt(x) (1 - 1/(8x) + 1/(128x^2) + ...)` at
/// `x = (m - 1)/2` (Graham, Knuth and Patashnik, Concrete Mathematics, exercise 9.60).
fn by_series(m: f64) -> f64 {
    let r = 2.0 / (m - 1.0);
    let fourth = -21.0 / 32_768.0 - 399.0 / 262_144.0 * r;
    let ratio = 1.0 + r * (-1.0 / 8.0 + r * (1.0 / 128.0 + r * (5.0 / 1024.0 + r * fourth)));
    ((m - 1.0) / m).sqrt() * ratio
}

#[cfg(test)]
mod tests {
    use super::{by_series, hedges_correction};

    #[test]
    fn whole_and_half_gammas_have_closed_forms() {
        let pi = std::f64::consts::PI;
        let closed = [
            (2, 1.0 / pi.sqrt()),
            (3, (pi / 6.0).sqrt()),
            (4, (2.0 / pi).sqrt()),
            (5, 1.5 * (pi / 10.0).sqrt()),
        ];
        for (m, value) in closed {
            assert!(hedges_correction(m).is_some_and(|j| (j / value - 1.0).abs() < 1e-13));
        }
    }

    #[test]
    fn gamma_and_series_meet() {
        let gamma = hedges_correction(199);
        assert!(gamma.is_some_and(|j| (by_series(199.0) / j - 1.0).abs() < 1e-12));
    }

    #[test]
    fn the_correction_grows_towards_one() {
        let mut before = 0.0;
        for m in 2..400 {
            let j = hedges_correction(m).unwrap_or(0.0);
            assert!(before < j && j < 1.0);
            before = j;
        }
        for m in [1_000_000_000_000_000, u64::MAX] {
            assert!(hedges_correction(m).is_some_and(|j| (1.0 - j).abs() < 1e-14));
        }
        assert_eq!(hedges_correction(0), None);
    }
}
