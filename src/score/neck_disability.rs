//! Neck Disability Index: ten sections about neck pain, scored in percent or on 0 to 50.

use crate::error::Error;

use super::items::{MissingItems, score_items};
use super::ratio::Ratio;

/// Highest answer of a section.
const HIGHEST: u8 = 5;

/// Disability bands of the Neck Disability Index (Vernon), defined on the raw 0-50 scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeckBand {
    /// Raw score below 5, that is below 10 percent: no disability.
    None,
    /// Raw score from 5, below 15.
    Mild,
    /// Raw score from 15, below 25.
    Moderate,
    /// Raw score from 25, below 35.
    Severe,
    /// Raw score from 35, that is from 70 percent: complete disability.
    Complete,
}

impl NeckBand {
    /// The band of a score in percent, as [`neck_disability`] gives it.
    ///
    /// The published bands are raw scores; a percentage is halved before it is placed.
    ///
    /// ```
    /// use registat::{NeckBand, Ratio};
    ///
    /// // 32 percent is a raw score of 16.
    /// assert_eq!(NeckBand::of(Ratio::whole(32)), NeckBand::Moderate);
    /// ```
    pub fn of(percent: Ratio) -> NeckBand {
        if percent < Ratio::whole(2 * 5) {
            NeckBand::None
        } else if percent < Ratio::whole(2 * 15) {
            NeckBand::Mild
        } else if percent < Ratio::whole(2 * 25) {
            NeckBand::Moderate
        } else if percent < Ratio::whole(2 * 35) {
            NeckBand::Severe
        } else {
            NeckBand::Complete
        }
    }

    /// A stable name for machines: `none`, `mild`, `moderate`, `severe` or `complete`.
    pub fn name(&self) -> &'static str {
        match self {
            NeckBand::None => "none",
            NeckBand::Mild => "mild",
            NeckBand::Moderate => "moderate",
            NeckBand::Severe => "severe",
            NeckBand::Complete => "complete",
        }
    }
}

/// The neck score in percent, 0 (no disability) to 100, from ten sections answered 0 to 5.
///
/// `100 * sum / (5 * number answered)`, the same as replacing a gap by the mean of the answered
/// sections (Vernon); `None` where the policy asks for more answers. Sections in order: pain
/// intensity, personal care, lifting, reading, headaches, concentration, work, driving, sleeping,
/// recreation.
///
/// # Errors
///
/// If a section is above 5.
///
/// ```
/// use registat::{MissingItems, Ratio, neck_disability, neck_raw50};
///
/// // Printed on the scoring sheet: 16 of 50 points are 32 percent.
/// let sections = [2, 2, 2, 2, 2, 2, 1, 1, 1, 1].map(Some);
/// let percent = neck_disability(&sections, MissingItems::ProrateAny)?;
/// assert_eq!(percent, Some(Ratio::whole(32)));
/// assert_eq!(percent.and_then(neck_raw50), Some(Ratio::whole(16)));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn neck_disability(sections: &[Option<u8>; 10], policy: MissingItems) -> Result<Option<Ratio>, Error> {
    score_items(sections, HIGHEST, policy).map(|score| score.percent())
}

/// The neck score on the raw 0-50 scale: half the percentage. `None` only for a fraction too fine
/// for 64 bits, which no form produces.
///
/// ```
/// use registat::{Ratio, neck_raw50};
///
/// assert_eq!(neck_raw50(Ratio::whole(32)), Some(Ratio::whole(16)));
/// ```
pub fn neck_raw50(percent: Ratio) -> Option<Ratio> {
    Ratio::new(percent.numerator(), percent.denominator().checked_mul(2)?)
}

#[cfg(test)]
mod tests {
    use super::super::ratio::Ratio;
    use super::{MissingItems, NeckBand, neck_disability};

    #[test]
    fn band_bounds_are_exclusive_above() {
        assert_eq!(NeckBand::of(Ratio::ZERO), NeckBand::None);
        assert_eq!(NeckBand::of(Ratio::whole(10)), NeckBand::Mild);
        assert_eq!(NeckBand::of(Ratio::whole(70)), NeckBand::Complete);
        assert_eq!(Ratio::new(6999, 100).map(NeckBand::of), Some(NeckBand::Severe));
    }

    #[test]
    fn a_section_above_five_is_refused() {
        assert!(neck_disability(&[Some(6); 10], MissingItems::ProrateAny).is_err());
    }
}
