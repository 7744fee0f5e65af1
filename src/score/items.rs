//! Sum scores of questionnaires with equally weighted items, and what to do about gaps.

use std::fmt;

use crate::error::{Error, unknown};

use super::ratio::Ratio;

/// How many items must be answered for a score to exist.
///
/// Where a score exists it is always rescaled to the answered items:
/// `100 * sum / (maximum per item * number answered)`. No policy scores an empty form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MissingItems {
    /// At least one item: the developers' proportional rule of the Oswestry index.
    #[default]
    ProrateAny,
    /// At least this many items; 8 or 9 of 10 are common study conventions.
    AtLeast(u8),
    /// Every item.
    Complete,
}

impl MissingItems {
    /// The policy called `prorate_any`, `complete`, or `min` and a number, such as `min8`.
    ///
    /// # Errors
    ///
    /// If the name is none of these.
    ///
    /// ```
    /// use registat::MissingItems;
    ///
    /// assert_eq!(MissingItems::parse("min8")?, MissingItems::AtLeast(8));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(name: &str) -> Result<MissingItems, Error> {
        match name {
            "prorate_any" => Ok(MissingItems::ProrateAny),
            "complete" => Ok(MissingItems::Complete),
            _ => name
                .strip_prefix("min")
                .and_then(|count| count.parse().ok())
                .map(MissingItems::AtLeast)
                .ok_or_else(|| {
                    let known = ["prorate_any", "min8", "min9", "complete"];
                    Error::score(unknown("policy for missing items", name, known))
                }),
        }
    }

    /// The name that [`MissingItems::parse`] reads.
    pub fn name(&self) -> String {
        match self {
            MissingItems::ProrateAny => "prorate_any".to_string(),
            MissingItems::AtLeast(count) => format!("min{count}"),
            MissingItems::Complete => "complete".to_string(),
        }
    }

    /// Whether a form with `answered` of `items` items gets a score.
    pub(super) fn allows(&self, answered: i64, items: i64) -> bool {
        let needed = match self {
            MissingItems::ProrateAny => 1,
            MissingItems::AtLeast(count) => i64::from(*count),
            MissingItems::Complete => items,
        };
        answered > 0 && answered >= needed
    }
}

/// A scored form: how much was answered, and the percentage where the policy allows one.
///
/// The `Debug` form hides the content, because it belongs to one patient.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ItemScore {
    answered: u32,
    raw_sum: u32,
    percent: Option<Ratio>,
}

impl ItemScore {
    /// Number of answered items.
    pub fn answered(&self) -> u32 {
        self.answered
    }

    /// Sum of the answered items, not rescaled.
    pub fn raw_sum(&self) -> u32 {
        self.raw_sum
    }

    /// Percent of the maximum over the answered items, 0 to 100; `None` where the policy asks
    /// for more answers.
    pub fn percent(&self) -> Option<Ratio> {
        self.percent
    }
}

/// Scores items that run from 0 to `max_per_item` each; `None` is an unanswered item.
///
/// # Errors
///
/// If an item is above `max_per_item`, if `max_per_item` is zero, or if there are more items than
/// fit a 32-bit sum.
///
/// ```
/// use registat::{MissingItems, Ratio, score_items};
///
/// // Printed example of the scoring sheets: 16 of 50 points are 32 percent.
/// let items = [2, 2, 2, 2, 2, 2, 1, 1, 1, 1].map(Some);
/// let score = score_items(&items, 5, MissingItems::ProrateAny)?;
/// assert_eq!(score.answered(), 10);
/// assert_eq!(score.percent(), Some(Ratio::whole(32)));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn score_items(items: &[Option<u8>], max_per_item: u8, policy: MissingItems) -> Result<ItemScore, Error> {
    if max_per_item == 0 {
        return Err(Error::score("an item needs a maximum above zero"));
    }
    if items.iter().flatten().any(|&item| item > max_per_item) {
        return Err(Error::score("an item lies above the highest answer of the questionnaire"));
    }
    let too_many = || Error::score("too many items for one questionnaire");
    let total = u32::try_from(items.len()).map_err(|_| too_many())?;
    let answered = u32::try_from(items.iter().flatten().count()).map_err(|_| too_many())?;
    let sum: u64 = items.iter().flatten().map(|&item| u64::from(item)).sum();
    let raw_sum = u32::try_from(sum).map_err(|_| too_many())?;

    let percent = if policy.allows(i64::from(answered), i64::from(total)) {
        Ratio::new(100 * i64::from(raw_sum), i64::from(max_per_item) * i64::from(answered))
    } else {
        None
    };
    Ok(ItemScore { answered, raw_sum, percent })
}

impl fmt::Debug for ItemScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemScore(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{MissingItems, score_items};

    #[test]
    fn an_empty_form_has_no_score_under_any_policy() {
        for policy in [MissingItems::ProrateAny, MissingItems::AtLeast(0), MissingItems::Complete] {
            let (nothing, gaps): ([Option<u8>; 0], [Option<u8>; 2]) = ([], [None, None]);
            for items in [nothing.as_slice(), gaps.as_slice()] {
                let percent = score_items(items, 5, policy).map(|score| score.percent());
                assert!(matches!(percent, Ok(None)));
            }
        }
    }

    #[test]
    fn items_above_the_maximum_are_refused() {
        assert!(score_items(&[Some(6)], 5, MissingItems::ProrateAny).is_err());
        assert!(score_items(&[Some(0)], 0, MissingItems::ProrateAny).is_err());
    }

    #[test]
    fn names_of_policies_read_back() {
        for name in ["prorate_any", "min8", "min9", "complete"] {
            let policy = MissingItems::parse(name).ok();
            assert_eq!(policy.map(|policy| policy.name()), Some(name.to_string()));
        }
        assert!(MissingItems::parse("min").is_err());
        assert!(MissingItems::parse("some").is_err());
    }
}
