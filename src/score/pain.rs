//! Numeric rating scale of pain, 0 (none) to 10 (worst imaginable).

use crate::error::Error;

/// How a form stores the pain scale. The coding belongs to the form version and is never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PainCoding {
    /// The number itself, 0 to 10.
    Plain,
    /// 0 for no answer, 1 to 10 for the number itself, 11 for "0, no pain".
    ElevenIsZero,
}

/// The pain score, 0 to 10, from a stored code; `None` where nothing was answered.
///
/// # Errors
///
/// If the code does not exist in the coding.
///
/// ```
/// use registat::{PainCoding, pain_nrs};
///
/// assert_eq!(pain_nrs(Some(0), PainCoding::Plain)?, Some(0));
/// assert_eq!(pain_nrs(Some(0), PainCoding::ElevenIsZero)?, None);
/// assert_eq!(pain_nrs(Some(11), PainCoding::ElevenIsZero)?, Some(0));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn pain_nrs(code: Option<i64>, coding: PainCoding) -> Result<Option<u8>, Error> {
    let Some(code) = code else {
        return Ok(None);
    };
    let value = match coding {
        PainCoding::ElevenIsZero if code == 0 => return Ok(None),
        PainCoding::ElevenIsZero if code == 11 => 0,
        PainCoding::Plain | PainCoding::ElevenIsZero => code,
    };
    match u8::try_from(value) {
        Ok(score) if score <= 10 => Ok(Some(score)),
        _ => Err(Error::score("a pain code does not exist in the coding of its form version")),
    }
}

#[cfg(test)]
mod tests {
    use super::{PainCoding, pain_nrs};

    #[test]
    fn every_code_has_one_meaning_per_coding() {
        for code in 1..=10_u8 {
            for coding in [PainCoding::Plain, PainCoding::ElevenIsZero] {
                assert!(matches!(pain_nrs(Some(i64::from(code)), coding), Ok(Some(s)) if s == code));
            }
        }
        assert!(matches!(pain_nrs(None, PainCoding::Plain), Ok(None)));
        assert!(matches!(pain_nrs(None, PainCoding::ElevenIsZero), Ok(None)));
    }

    #[test]
    fn codes_outside_the_coding_are_refused() {
        assert!(pain_nrs(Some(11), PainCoding::Plain).is_err());
        assert!(pain_nrs(Some(-1), PainCoding::Plain).is_err());
        assert!(pain_nrs(Some(12), PainCoding::ElevenIsZero).is_err());
        assert!(pain_nrs(Some(-1), PainCoding::ElevenIsZero).is_err());
    }
}
