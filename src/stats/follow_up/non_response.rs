//! Whether those who did not answer differ at baseline from those who did.

use std::fmt;

use crate::stats::{
    ConfidenceLevel, FisherTest, MeanDifference, Moments, Proportion, SampleSummary, smd_binary,
    standardised_mean_difference,
};

/// A measured baseline factor of responders and non-responders: Welch's difference and the standardised one. The `Debug`
/// form hides it.
#[derive(Clone, Copy, PartialEq)]
pub struct MeanNonResponse {
    /// Responders minus non-responders, with Welch's interval and test.
    pub difference: MeanDifference,
    /// The difference in standard deviations, for balance; 0.1 is the usual mark (Austin 2009). `None` where nothing varies.
    pub standardised: Option<f64>,
}

impl MeanNonResponse {
    /// `None` where a group has fewer than two values or nothing varies.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, MeanNonResponse, Moments};
    ///
    /// let of = |values: [i64; 4]| {
    ///     let mut moments = Moments::new(1)?;
    ///     values.into_iter().for_each(|value| moments.add(value));
    ///     Ok::<_, registat::Error>(moments)
    /// };
    /// let (answered, not) = (of([50, 60, 55, 63])?, of([40, 45, 52, 47])?);
    /// let age = MeanNonResponse::of(&answered, &not, ConfidenceLevel::P95);
    /// assert!(age.is_some_and(|age| (age.difference.difference - 11.0).abs() < 1e-12));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn of(responders: &Moments, others: &Moments, level: ConfidenceLevel) -> Option<MeanNonResponse> {
        let (a, b) = (SampleSummary::from_moments(responders)?, SampleSummary::from_moments(others)?);
        let difference = MeanDifference::welch(&a, &b, level)?;
        Some(MeanNonResponse { difference, standardised: standardised_mean_difference(&a, &b) })
    }
}

/// A yes or no factor at baseline of responders and non-responders: Fisher's exact odds ratio and the standardised
/// difference. The unanswered are left out before. The `Debug` form hides it.
#[derive(Clone, PartialEq)]
pub struct BinaryNonResponse {
    /// Odds of responders by those of non-responders, with exact limits and p value; `None` where a margin is empty.
    pub fisher: Option<FisherTest>,
    /// The difference in standard deviations; `None` where nothing varies.
    pub standardised: Option<f64>,
}

impl BinaryNonResponse {
    /// Compares the two groups.
    pub fn of(responders: &Proportion, others: &Proportion, level: ConfidenceLevel) -> BinaryNonResponse {
        BinaryNonResponse {
            fisher: FisherTest::of(responders, others, level),
            standardised: smd_binary(responders, others),
        }
    }
}

impl fmt::Debug for MeanNonResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeanNonResponse(..)")
    }
}

impl fmt::Debug for BinaryNonResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BinaryNonResponse(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_groups_do_not_differ_and_empty_ones_are_undefined() {
        let half = Proportion::new(20, 40).unwrap();
        let same = BinaryNonResponse::of(&half, &half, ConfidenceLevel::P95);
        assert_eq!(same.standardised, Some(0.0));
        assert!(same.fisher.is_some());
        let nobody = Proportion::new(0, 0).unwrap();
        let empty = BinaryNonResponse::of(&half, &nobody, ConfidenceLevel::P95);
        assert!(empty.fisher.is_none() && empty.standardised.is_none());
        let none = Moments::new(1).unwrap();
        assert!(MeanNonResponse::of(&none, &none, ConfidenceLevel::P95).is_none());
    }
}
