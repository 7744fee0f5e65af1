//! Difference of two independent means in units of a standard deviation.

use super::hedges::hedges_correction;
use super::sample_summary::SampleSummary;

/// Cohen's d: difference of the means, first minus second, over their
/// [pooled](SampleSummary::pooled_sd) standard deviation (Cohen 1988). Without unit.
///
/// `None` if both standard deviations are 0, or the quotient is no finite number.
///
/// ```
/// use registat::{SampleSummary, cohen_d};
///
/// // Row ts-3 of the two-sample vectors, two programs agree.
/// let a = SampleSummary::new(8, 5.421_25, 2.256_612_109_8)?;
/// let b = SampleSummary::new(20, 3.929_5, 3.086_978_551_7)?;
/// assert!(cohen_d(&a, &b).is_some_and(|d| (d - 0.516_711_195_3).abs() < 1e-9));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn cohen_d(a: &SampleSummary, b: &SampleSummary) -> Option<f64> {
    over(a.mean() - b.mean(), a.pooled_sd(b))
}

/// Hedges' g: Cohen's d times [`hedges_correction`] with `n1 + n2 - 2` degrees of freedom, which removes
/// the bias of small samples (Hedges 1981, J Educ Stat 6:107). Without unit. `None` where [`cohen_d`] is.
///
/// ```
/// use registat::{SampleSummary, hedges_g};
///
/// // Row ts-3 of the two-sample vectors, two programs agree.
/// let a = SampleSummary::new(8, 5.421_25, 2.256_612_109_8)?;
/// let b = SampleSummary::new(20, 3.929_5, 3.086_978_551_7)?;
/// assert!(hedges_g(&a, &b).is_some_and(|g| (g - 0.501_636_827_7).abs() < 1e-9));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn hedges_g(a: &SampleSummary, b: &SampleSummary) -> Option<f64> {
    let degrees_of_freedom = a.n().saturating_sub(1).saturating_add(b.n().saturating_sub(1));
    Some(cohen_d(a, b)? * hedges_correction(degrees_of_freedom)?)
}

/// The standardised mean difference that describes balance between two groups:
/// `(m1 - m2) / sqrt((s1^2 + s2^2)/2)`, first minus second (Austin 2009, Commun Stat Simul Comput
/// 38:1228). Without unit.
///
/// Unlike Cohen's d it does not depend on the sizes of the groups, and unlike a p value it does not grow
/// with them. An absolute value above 0.1 is the usual sign of imbalance. `None` if both standard
/// deviations are 0, or the quotient is no finite number.
///
/// ```
/// use registat::{SampleSummary, standardised_mean_difference};
///
/// // Row ts-3 of the two-sample vectors, two programs agree.
/// let a = SampleSummary::new(8, 5.421_25, 2.256_612_109_8)?;
/// let b = SampleSummary::new(20, 3.929_5, 3.086_978_551_7)?;
/// let smd = standardised_mean_difference(&a, &b);
/// assert!(smd.is_some_and(|smd| (smd - 0.551_710_936_6).abs() < 1e-9));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn standardised_mean_difference(a: &SampleSummary, b: &SampleSummary) -> Option<f64> {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    over(a.mean() - b.mean(), (a.sd() * half).hypot(b.sd() * half))
}

fn over(difference: f64, deviation: f64) -> Option<f64> {
    let quotient = difference / deviation;
    (deviation > 0.0 && deviation.is_finite() && quotient.is_finite()).then_some(quotient)
}

#[cfg(test)]
mod tests {
    use super::{SampleSummary, cohen_d, hedges_g, standardised_mean_difference};
    use crate::error::Error;

    #[test]
    fn nothing_is_standardised_by_a_zero_deviation() -> Result<(), Error> {
        let (a, b) = (SampleSummary::new(3, 5.0, 0.0)?, SampleSummary::new(4, 2.0, 0.0)?);
        for method in [cohen_d, hedges_g, standardised_mean_difference] {
            assert_eq!(method(&a, &b), None);
            assert_eq!(method(&a, &a), None);
        }
        Ok(())
    }

    #[test]
    fn equal_sizes_make_pooled_and_unpooled_equal() -> Result<(), Error> {
        let (a, b) = (SampleSummary::new(30, 5.0, 2.0)?, SampleSummary::new(30, 2.0, 4.0)?);
        let difference = cohen_d(&a, &b).zip(standardised_mean_difference(&a, &b));
        assert!(difference.is_some_and(|(d, smd)| (d - smd).abs() < 1e-14));
        Ok(())
    }

    #[test]
    fn numbers_at_the_end_of_the_range_give_a_finite_result_or_none() -> Result<(), Error> {
        for (mean, sd) in [(f64::MAX, 1.0), (1.0, f64::MAX), (1.0, 1e-320), (f64::MAX, 1e-320)] {
            let (a, b) = (SampleSummary::new(u64::MAX, mean, sd)?, SampleSummary::new(u64::MAX, -mean, sd)?);
            for method in [cohen_d, hedges_g, standardised_mean_difference] {
                assert!(method(&a, &b).is_none_or(f64::is_finite));
            }
        }
        Ok(())
    }
}
