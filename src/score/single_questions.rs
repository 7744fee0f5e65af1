//! Questions that stand alone: perceived effect, satisfaction, analgesics, expectation of work, ticked pain regions.
//!
//! Codes are those of the Norwegian neck and back register; 0 is no answer.

use crate::error::Error;

/// Highest answers of the questions.
const EFFECT: u8 = 7;
const SATISFACTION: u8 = 5;
const ANALGESICS: u8 = 4;
const EXPECTATION: u8 = 6;

/// Regions of the body map.
const REGIONS: usize = 32;

/// What counts as which effect of the treatment. Answers run from 1, completely well, over 4, no change, to 7, worse than
/// ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EffectDefinition {
    /// Benefit as the Norwegian neck and back register counts it: 1 to 3.
    BenefitNnrr,
    /// Success as papers of the Norwegian spine surgery register count it: 1 and 2 (Solberg 2013,
    /// doi 10.3109/17453674.2013.786634).
    SuccessNorspine,
    /// Failure: unchanged or worse, 4 to 7 (Werner 2017, doi 10.1007/s00586-017-5185-5).
    FailureWerner2017,
    /// Worsening: 6 and 7 (Werner 2017).
    WorseningWerner2017,
}

/// Whether an answer counts under a definition; `None` without an answer.
///
/// # Errors
///
/// If the code is above 7.
///
/// ```
/// use registat::{EffectDefinition, perceived_effect};
///
/// assert_eq!(perceived_effect(3, EffectDefinition::BenefitNnrr)?, Some(true));
/// assert_eq!(perceived_effect(3, EffectDefinition::SuccessNorspine)?, Some(false));
/// assert_eq!(perceived_effect(0, EffectDefinition::BenefitNnrr)?, None);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn perceived_effect(code: u8, definition: EffectDefinition) -> Result<Option<bool>, Error> {
    let counted = match definition {
        EffectDefinition::BenefitNnrr => 1..=3,
        EffectDefinition::SuccessNorspine => 1..=2,
        EffectDefinition::FailureWerner2017 => 4..=7,
        EffectDefinition::WorseningWerner2017 => 6..=7,
    };
    Ok(answer(code, EFFECT)?.map(|code| counted.contains(&code)))
}

/// Whether a patient is satisfied or neutral with the treatment: 1 to 3 of 1 (satisfied) to 5 (dissatisfied). The register's
/// name of this indicator speaks of dissatisfaction, its code counts satisfaction. `None` without an answer.
///
/// # Errors
///
/// If the code is above 5.
pub fn satisfied_or_neutral(code: u8) -> Result<Option<bool>, Error> {
    Ok(answer(code, SATISFACTION)?.map(|code| code <= 3))
}

/// Whether a patient takes analgesics every day: 4 of 1 (not in the last four weeks) to 4. `None` without an answer.
///
/// # Errors
///
/// If the code is above 4.
pub fn daily_analgesics(code: u8) -> Result<Option<bool>, Error> {
    Ok(answer(code, ANALGESICS)?.map(|code| code == 4))
}

/// Whether a patient expects to be back at usual work within three months: 0 to 2 of the last work item of the fear-avoidance
/// questionnaire, 0 to 6. It foretells sick leave best (Aasdahl 2020, doi 10.1097/brs.0000000000003188). `None` stays `None`.
///
/// # Errors
///
/// If the answer is above 6.
pub fn expects_to_work(answer: Option<u8>) -> Result<Option<bool>, Error> {
    if answer.is_some_and(|answer| answer > EXPECTATION) {
        return Err(Error::score("the item is answered 0 to 6"));
    }
    Ok(answer.map(|answer| answer <= 2))
}

/// How many of the 32 regions of the body map are ticked, front and back, left and right. The register stores a count beside
/// the ticks, presumably of the same; its documents do not say so, so compare before relying on it.
pub fn pain_regions(ticked: &[bool; REGIONS]) -> u8 {
    ticked.iter().map(|is_ticked| u8::from(*is_ticked)).sum()
}

/// Whether the count that a form stores beside the ticks equals the ticks: a check of the form, not
/// of the patient. See [`pain_regions`].
///
/// # Errors
///
/// If the stored count is above 32.
///
/// ```
/// use registat::pain_region_count_agrees;
///
/// let mut ticked = [false; 32];
/// ticked[..3].fill(true);
/// assert!(pain_region_count_agrees(&ticked, 3)?);
/// assert!(!pain_region_count_agrees(&ticked, 4)?);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn pain_region_count_agrees(ticked: &[bool; REGIONS], stored: u8) -> Result<bool, Error> {
    if usize::from(stored) > REGIONS {
        return Err(Error::score("a body map has 32 regions"));
    }
    Ok(pain_regions(ticked) == stored)
}

fn answer(code: u8, highest: u8) -> Result<Option<u8>, Error> {
    match code {
        0 => Ok(None),
        code if code <= highest => Ok(Some(code)),
        _ => Err(Error::score("a code is above the highest answer of its question")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_each_question_counts_as_documented() {
        let counted = |definition| {
            (1..=7)
                .filter(|code| perceived_effect(*code, definition).unwrap() == Some(true))
                .collect::<Vec<u8>>()
        };
        assert_eq!(counted(EffectDefinition::FailureWerner2017), [4, 5, 6, 7]);
        assert_eq!(counted(EffectDefinition::WorseningWerner2017), [6, 7]);
        let satisfied: Vec<_> = (0..=5).map(|code| satisfied_or_neutral(code).unwrap()).collect();
        assert_eq!(satisfied, [None, Some(true), Some(true), Some(true), Some(false), Some(false)]);
        assert_eq!(
            (1..=4).map(|code| daily_analgesics(code).unwrap()).filter(|daily| *daily == Some(true)).count(),
            1
        );
        assert_eq!(expects_to_work(Some(2)).unwrap(), Some(true));
        assert_eq!(expects_to_work(Some(3)).unwrap(), Some(false));
        assert_eq!(expects_to_work(None).unwrap(), None);
        assert!(
            perceived_effect(8, EffectDefinition::BenefitNnrr).is_err() && satisfied_or_neutral(6).is_err()
        );
        assert!(daily_analgesics(5).is_err() && expects_to_work(Some(7)).is_err());
    }

    #[test]
    fn regions_are_counted_from_none_to_all() {
        assert_eq!((pain_regions(&[false; 32]), pain_regions(&[true; 32])), (0, 32));
        assert!(pain_region_count_agrees(&[true; 32], 32).unwrap());
        assert!(pain_region_count_agrees(&[true; 32], 33).is_err());
    }
}
