//! Change between two measurements in units of a standard deviation.

use std::fmt;

use super::hedges::hedges_correction;
use super::paired_moments::PairedMoments;

/// Standardised effect sizes of a mean change. They differ in the standard deviation they divide by;
/// always report which one is used.
///
/// Change is follow-up minus baseline, so improvement is negative for disability and pain, positive for
/// health state values. An effect size has no unit, and is `None` if its divisor is 0. The `Debug` form
/// hides the content.
///
/// ```
/// use registat::{PairedEffect, PairedMoments};
///
/// // Row pc-4 of the paired change vectors, two programs agree.
/// let mut pairs = PairedMoments::new(1)?;
/// for (baseline, follow_up) in [(7, 6), (5, 1), (6, 4), (9, 8), (7, 4)] {
///     pairs.add(baseline, follow_up);
/// }
/// let effect = PairedEffect::from_pairs(&pairs);
/// let near = |value: Option<f64>, printed: f64| value.is_some_and(|v| (v - printed).abs() < 1e-9);
/// assert!(effect.is_some_and(|e| near(e.standardised_response_mean, -1.687_322_975_5)));
/// assert!(effect.is_some_and(|e| near(e.baseline_effect_size, -1.483_239_697_4)));
/// assert!(effect.is_some_and(|e| near(e.average_effect_size, -1.037_089_945_7)));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct PairedEffect {
    /// Number of complete pairs.
    pub n: u64,
    /// Mean change over the standard deviation of the change, SRM (Liang, Fossel and Larson 1990, Med
    /// Care 28:632). Also called `d_z`.
    pub standardised_response_mean: Option<f64>,
    /// Mean change over the standard deviation at baseline (Kazis, Anderson and Meenan 1989, Med Care
    /// 27:S178). Also called Glass' delta.
    pub baseline_effect_size: Option<f64>,
    /// Mean change over `sqrt((s1^2 + s2^2)/2)` of the two standard deviations, `d_av` (Cumming 2012,
    /// Understanding the New Statistics).
    pub average_effect_size: Option<f64>,
}

impl PairedEffect {
    /// The effect sizes of the pairs; `None` below two pairs, or where the sums outgrow 128 bits.
    pub fn from_pairs(pairs: &PairedMoments) -> Option<PairedEffect> {
        let differences = pairs.differences();
        let change = differences.mean()?;
        let (before, after) = (pairs.baseline().variance()?, pairs.follow_up().variance()?);
        let over = |deviation: f64| (deviation > 0.0).then_some(change / deviation);
        Some(PairedEffect {
            n: pairs.n(),
            standardised_response_mean: over(differences.sd()?),
            baseline_effect_size: over(before.sqrt()),
            average_effect_size: over(((before + after) / 2.0).sqrt()),
        })
    }

    /// The effect sizes of Hedges' g kind: each multiplied by [`hedges_correction`] with n - 1 degrees
    /// of freedom, against the bias of small samples. `None` below three pairs.
    ///
    /// For pairs n - 1 is the choice of Becker 1988 (Br J Math Stat Psychol 41:257) for the deviation at
    /// baseline and of Cumming 2012; some programs use 2(n - 1) for `d_av`.
    pub fn bias_corrected(&self) -> Option<PairedEffect> {
        let correction = hedges_correction(self.n.checked_sub(1)?)?;
        let corrected = |effect: Option<f64>| effect.map(|effect| effect * correction);
        Some(PairedEffect {
            n: self.n,
            standardised_response_mean: corrected(self.standardised_response_mean),
            baseline_effect_size: corrected(self.baseline_effect_size),
            average_effect_size: corrected(self.average_effect_size),
        })
    }
}

impl fmt::Debug for PairedEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairedEffect(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{PairedEffect, PairedMoments};
    use crate::error::Error;

    fn of(values: &[(i64, i64)]) -> Result<Option<PairedEffect>, Error> {
        let mut pairs = PairedMoments::new(1)?;
        for &(baseline, follow_up) in values {
            pairs.add(baseline, follow_up);
        }
        Ok(PairedEffect::from_pairs(&pairs))
    }

    #[test]
    fn too_few_pairs_have_no_effect_size() -> Result<(), Error> {
        assert_eq!(of(&[])?, None);
        assert_eq!(of(&[(3, 4)])?, None);
        let two = of(&[(3, 4), (5, 1)])?;
        assert!(two.is_some_and(|effect| effect.bias_corrected().is_none()));
        assert_eq!(format!("{two:?}"), "Some(PairedEffect(..))");
        Ok(())
    }

    #[test]
    fn a_zero_deviation_undefines_its_effect_size_only() -> Result<(), Error> {
        let shifted = of(&[(3, 4), (5, 6), (9, 10)])?;
        assert!(shifted.is_some_and(|e| e.standardised_response_mean.is_none()));
        assert!(shifted.is_some_and(|e| e.baseline_effect_size == e.average_effect_size));
        let equal_before = of(&[(5, 4), (5, 6), (5, 11)])?;
        assert!(equal_before.is_some_and(|e| e.baseline_effect_size.is_none()));
        assert!(equal_before.is_some_and(|e| e.average_effect_size.is_some()));
        let constant = of(&[(5, 5), (5, 5), (5, 5)])?;
        assert!(constant.is_some_and(|e| e.average_effect_size.is_none()));
        Ok(())
    }

    #[test]
    fn correction_shrinks_every_effect_size_by_the_same_factor() -> Result<(), Error> {
        let raw = of(&[(3, 4), (5, 1), (9, 2)])?;
        let corrected = raw.and_then(|effect| effect.bias_corrected());
        let factor = 1.0 / std::f64::consts::PI.sqrt();
        for field in [
            |e: PairedEffect| e.standardised_response_mean,
            |e: PairedEffect| e.baseline_effect_size,
            |e: PairedEffect| e.average_effect_size,
        ] {
            let ratio = corrected.and_then(field).zip(raw.and_then(field)).map(|(a, b)| a / b);
            assert!(ratio.is_some_and(|ratio| (ratio / factor - 1.0).abs() < 1e-12));
        }
        Ok(())
    }
}
