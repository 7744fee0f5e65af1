//! Fear-Avoidance Beliefs Questionnaire: beliefs about physical activity and about work.

use std::fmt;

use super::ratio::Ratio;
use crate::error::{Error, unknown};

/// Highest answer of an item.
const HIGHEST: u8 = 6;

/// Where the scored items stand, from 0, in the whole form of 16 items (Waddell and others 1993, Pain 52:157).
const PHYSICAL: [usize; 4] = [1, 2, 3, 4];
const WORK: [usize; 7] = [5, 6, 8, 9, 10, 11, 14];

/// What becomes of unanswered items of a subscale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FearAvoidanceMissing {
    /// A sum needs every item: the original rule.
    #[default]
    Complete,
    /// At most one item of a subscale may be missing; it counts as the mean of the others.
    OneMissing,
}

impl FearAvoidanceMissing {
    /// The policy called `complete` or `max1_missing_prorate`.
    ///
    /// # Errors
    ///
    /// If the name is neither.
    pub fn parse(name: &str) -> Result<FearAvoidanceMissing, Error> {
        match name {
            "complete" => Ok(FearAvoidanceMissing::Complete),
            "max1_missing_prorate" => Ok(FearAvoidanceMissing::OneMissing),
            _ => Err(Error::score(unknown(
                "policy for missing items",
                name,
                ["complete", "max1_missing_prorate"],
            ))),
        }
    }
}

/// Bands as the Norwegian register prints them, upper ends not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FearAvoidanceBand {
    /// Physical activity below 14, work below 20.
    Low,
    /// Physical activity from 14 to below 17, work from 20 to below 25.
    Moderate,
    /// Physical activity from 17, work from 25.
    High,
}

impl FearAvoidanceBand {
    /// A stable name for machines: `low`, `moderate` or `high`.
    pub fn name(self) -> &'static str {
        match self {
            FearAvoidanceBand::Low => "low",
            FearAvoidanceBand::Moderate => "moderate",
            FearAvoidanceBand::High => "high",
        }
    }

    /// The band of a sum about physical activity.
    pub fn of_physical(sum: Ratio) -> FearAvoidanceBand {
        FearAvoidanceBand::between(sum, 14, 17)
    }

    /// The band of a sum about work.
    pub fn of_work(sum: Ratio) -> FearAvoidanceBand {
        FearAvoidanceBand::between(sum, 20, 25)
    }

    fn between(sum: Ratio, moderate: i64, high: i64) -> FearAvoidanceBand {
        if sum < Ratio::whole(moderate) {
            FearAvoidanceBand::Low
        } else if sum < Ratio::whole(high) {
            FearAvoidanceBand::Moderate
        } else {
            FearAvoidanceBand::High
        }
    }
}

/// The two sums of a form; a higher sum is more fear. `None` where too much is unanswered. The `Debug` form hides them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FearAvoidance {
    /// Beliefs about physical activity: four items, 0 to 24.
    pub physical: Option<Ratio>,
    /// Beliefs about work: seven items, 0 to 42.
    pub work: Option<Ratio>,
}

/// Scores the whole form of 16 items, answered 0 to 6.
///
/// # Errors
///
/// If an answer is above 6.
///
/// ```
/// use registat::{FearAvoidanceBand, FearAvoidanceMissing, Ratio, fear_avoidance_16};
///
/// let items = [5, 4, 6, 5, 2, 6, 1, 2, 4, 3, 5, 0, 5, 6, 2, 2].map(Some);
/// let sums = fear_avoidance_16(&items, FearAvoidanceMissing::Complete)?;
/// assert_eq!(sums.physical, Some(Ratio::whole(17)));
/// assert_eq!(sums.work.map(FearAvoidanceBand::of_work), Some(FearAvoidanceBand::Moderate));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn fear_avoidance_16(
    items: &[Option<u8>; 16],
    missing: FearAvoidanceMissing,
) -> Result<FearAvoidance, Error> {
    let at = |place: &usize| items.get(*place).copied().flatten();
    check(items)?;
    Ok(FearAvoidance {
        physical: sum(PHYSICAL.iter().map(at), missing),
        work: sum(WORK.iter().map(at), missing),
    })
}

/// Scores a form that holds the eleven scored items only, as the Norwegian register's does: four about physical activity, then
/// seven about work.
///
/// # Errors
///
/// If an answer is above 6.
pub fn fear_avoidance_11(
    items: &[Option<u8>; 11],
    missing: FearAvoidanceMissing,
) -> Result<FearAvoidance, Error> {
    check(items)?;
    let (physical, work) = items.split_at(PHYSICAL.len());
    Ok(FearAvoidance {
        physical: sum(physical.iter().copied(), missing),
        work: sum(work.iter().copied(), missing),
    })
}

/// The sum of the four items about physical activity, 0 to 24; `None` where too much is unanswered.
///
/// # Errors
///
/// If an answer is above 6.
pub fn fear_avoidance_physical(
    items: &[Option<u8>; 4],
    missing: FearAvoidanceMissing,
) -> Result<Option<Ratio>, Error> {
    check(items)?;
    Ok(sum(items.iter().copied(), missing))
}

/// The sum of the seven items about work, 0 to 42; `None` where too much is unanswered.
///
/// # Errors
///
/// If an answer is above 6.
pub fn fear_avoidance_work(
    items: &[Option<u8>; 7],
    missing: FearAvoidanceMissing,
) -> Result<Option<Ratio>, Error> {
    check(items)?;
    Ok(sum(items.iter().copied(), missing))
}

fn check(items: &[Option<u8>]) -> Result<(), Error> {
    if items.iter().flatten().any(|item| *item > HIGHEST) {
        return Err(Error::score("an item of the fear-avoidance questionnaire is answered 0 to 6"));
    }
    Ok(())
}

fn sum(items: impl Iterator<Item = Option<u8>>, missing: FearAvoidanceMissing) -> Option<Ratio> {
    let (mut total, mut answered, mut sum) = (0, 0, 0);
    for item in items {
        total += 1;
        if let Some(item) = item {
            answered += 1;
            sum += i64::from(item);
        }
    }
    let allowed = match missing {
        FearAvoidanceMissing::Complete => 0,
        FearAvoidanceMissing::OneMissing => 1,
    };
    if total - answered > allowed { None } else { Ratio::new(sum * total, answered) }
}

impl fmt::Debug for FearAvoidance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FearAvoidance(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_missing_item_counts_as_the_mean_of_the_others() {
        let mut items = [Some(3); 11];
        items[1] = None;
        let strict = fear_avoidance_11(&items, FearAvoidanceMissing::Complete).unwrap();
        assert!(strict.physical.is_none() && strict.work == Some(Ratio::whole(21)));
        let lenient = fear_avoidance_11(&items, FearAvoidanceMissing::OneMissing).unwrap();
        assert_eq!(lenient.physical, Some(Ratio::whole(12)));
        items[2] = None;
        assert!(fear_avoidance_11(&items, FearAvoidanceMissing::OneMissing).unwrap().physical.is_none());
        items[2] = Some(7);
        assert!(fear_avoidance_11(&items, FearAvoidanceMissing::OneMissing).is_err());
    }

    #[test]
    fn bands_begin_on_their_lower_end() {
        let physical = |sum| FearAvoidanceBand::of_physical(Ratio::whole(sum)).name();
        assert_eq!([13, 14, 16, 17, 24].map(physical), ["low", "moderate", "moderate", "high", "high"]);
        let work = |sum| FearAvoidanceBand::of_work(Ratio::whole(sum)).name();
        assert_eq!([19, 20, 24, 25, 42].map(work), ["low", "moderate", "moderate", "high", "high"]);
    }
}
