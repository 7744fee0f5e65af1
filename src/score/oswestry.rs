//! Oswestry Disability Index 2.1a: ten sections about back pain, scored in percent.

use crate::error::Error;

use super::items::{MissingItems, score_items};
use super::ratio::Ratio;

/// Highest answer of a section.
const HIGHEST: u8 = 5;

/// Disability bands of the Oswestry index (Fairbank), upper bounds inclusive.
///
/// The printed bands are whole numbers (0-20, 21-40, ...); a score between two of them belongs to
/// the higher band, so 20.5 percent is moderate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OswestryBand {
    /// At most 20 percent.
    Minimal,
    /// Above 20, at most 40 percent.
    Moderate,
    /// Above 40, at most 60 percent.
    Severe,
    /// Above 60, at most 80 percent.
    Crippled,
    /// Above 80 percent: bed-bound or exaggerating.
    BedBound,
}

impl OswestryBand {
    /// The band of a score in percent.
    ///
    /// ```
    /// use registat::{OswestryBand, Ratio};
    ///
    /// assert_eq!(OswestryBand::of(Ratio::whole(20)), OswestryBand::Minimal);
    /// assert_eq!(OswestryBand::of(Ratio::whole(21)), OswestryBand::Moderate);
    /// ```
    pub fn of(percent: Ratio) -> OswestryBand {
        if percent <= Ratio::whole(20) {
            OswestryBand::Minimal
        } else if percent <= Ratio::whole(40) {
            OswestryBand::Moderate
        } else if percent <= Ratio::whole(60) {
            OswestryBand::Severe
        } else if percent <= Ratio::whole(80) {
            OswestryBand::Crippled
        } else {
            OswestryBand::BedBound
        }
    }

    /// A stable name for machines: `minimal`, `moderate`, `severe`, `crippled` or `bedbound`.
    pub fn name(&self) -> &'static str {
        match self {
            OswestryBand::Minimal => "minimal",
            OswestryBand::Moderate => "moderate",
            OswestryBand::Severe => "severe",
            OswestryBand::Crippled => "crippled",
            OswestryBand::BedBound => "bedbound",
        }
    }
}

/// The Oswestry score in percent, 0 (no disability) to 100, from ten sections answered 0 to 5.
///
/// `100 * sum / (5 * number answered)`, the developers' proportional rule; `None` where the policy
/// asks for more answers. Sections in order: pain intensity, personal care, lifting, walking,
/// sitting, standing, sleeping, sex life, social life, travelling. A register that stores 1 to 6
/// with 0 for no answer subtracts one first.
///
/// # Errors
///
/// If a section is above 5.
///
/// ```
/// use registat::{MissingItems, Ratio, oswestry};
///
/// // Printed on the scoring sheet: one section missed, 16 of 45 points (35.5 percent, cut off).
/// let mut sections = [2, 2, 2, 2, 2, 2, 2, 0, 1, 1].map(Some);
/// sections[7] = None;
/// assert_eq!(oswestry(&sections, MissingItems::ProrateAny)?, Ratio::new(1600, 45));
/// assert_eq!(oswestry(&sections, MissingItems::Complete)?, None);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn oswestry(sections: &[Option<u8>; 10], policy: MissingItems) -> Result<Option<Ratio>, Error> {
    score_items(sections, HIGHEST, policy).map(|score| score.percent())
}

#[cfg(test)]
mod tests {
    use super::super::ratio::Ratio;
    use super::{MissingItems, OswestryBand, oswestry};

    #[test]
    fn band_bounds_are_inclusive_above() {
        let just_above = Ratio::new(2001, 100).map(OswestryBand::of);
        assert_eq!(just_above, Some(OswestryBand::Moderate));
        assert_eq!(OswestryBand::of(Ratio::whole(80)), OswestryBand::Crippled);
        assert_eq!(OswestryBand::of(Ratio::whole(100)), OswestryBand::BedBound);
    }

    #[test]
    fn a_section_above_five_is_refused() {
        assert!(oswestry(&[Some(6); 10], MissingItems::ProrateAny).is_err());
    }
}
