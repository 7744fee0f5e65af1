//! Hopkins Symptom Checklist, ten items: symptoms of anxiety and depression.

use super::items::MissingItems;
use super::ratio::Ratio;
use crate::error::Error;

/// Items of the short form.
const ITEMS: usize = 10;

/// The mean of the answered items, 1 (not at all) to 4 (extremely); `None` where the policy asks for more answers.
///
/// Items are answered 1 to 4; `None` is an unanswered item. The register's own code has no rule for missing items;
/// Norwegian surveys ask for seven of ten.
///
/// # Errors
///
/// If an answer is not 1 to 4.
///
/// ```
/// use registat::{MissingItems, Ratio, hopkins_10, is_hopkins_case};
///
/// let items = [2, 2, 3, 3, 1, 1, 4, 3, 1, 2].map(Some);
/// let mean = hopkins_10(&items, MissingItems::AtLeast(7))?;
/// assert_eq!(mean, Ratio::new(22, 10));
/// assert!(mean.is_some_and(is_hopkins_case));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn hopkins_10(items: &[Option<u8>; ITEMS], policy: MissingItems) -> Result<Option<Ratio>, Error> {
    if items.iter().flatten().any(|item| !(1..=4).contains(item)) {
        return Err(Error::score("an item of the Hopkins checklist is answered 1 to 4"));
    }
    let answered = items.iter().flatten().count() as i64;
    let sum: i64 = items.iter().flatten().map(|item| i64::from(*item)).sum();
    Ok(if policy.allows(answered, ITEMS as i64) { Ratio::new(sum, answered) } else { None })
}

/// Whether a mean speaks of considerable symptoms: 1.85 or more (Strand and others 2003, Nord J Psychiatry 57:113).
pub fn is_hopkins_case(mean: Ratio) -> bool {
    Ratio::new(185, 100).is_some_and(|cut| mean >= cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_on_the_cut_is_a_case() {
        assert!(Ratio::new(37, 20).is_some_and(is_hopkins_case));
        assert!(!Ratio::new(184, 100).is_some_and(is_hopkins_case));
    }

    #[test]
    fn policies_ask_for_answers_and_other_codes_are_refused() {
        let mut items = [Some(4); 10];
        items[0] = None;
        assert!(hopkins_10(&items, MissingItems::Complete).unwrap().is_none());
        assert_eq!(hopkins_10(&items, MissingItems::AtLeast(9)).unwrap(), Some(Ratio::whole(4)));
        assert!(hopkins_10(&[None; 10], MissingItems::ProrateAny).unwrap().is_none());
        for wrong in [0, 5] {
            items[0] = Some(wrong);
            assert!(hopkins_10(&items, MissingItems::ProrateAny).is_err());
        }
    }
}
