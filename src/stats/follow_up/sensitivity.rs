//! What those who did not answer could do to an indicator.

use std::fmt;

use crate::error::Error;

/// Courses that are alike at baseline: how many there are, how many answered, how many of these reached the indicator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WeightingClass {
    eligible: u64,
    answered: u64,
    reached: u64,
}

impl WeightingClass {
    /// So many courses, answers and successes.
    ///
    /// # Errors
    ///
    /// If there are more answers than courses, or more successes than answers.
    pub fn new(eligible: u64, answered: u64, reached: u64) -> Result<WeightingClass, Error> {
        if answered <= eligible && reached <= answered {
            Ok(WeightingClass { eligible, answered, reached })
        } else {
            Err(Error::stats(
                "a class has at most as many answers as courses, and as many successes as answers",
            ))
        }
    }
}

/// An indicator as answered, and what it would be if those who did not answer had reached it, had not, or were like the
/// answered courses of their class. Shares, `None` where undefined. The `Debug` form hides them.
///
/// ```
/// use registat::{NonResponseSensitivity, WeightingClass};
///
/// // Young: half answered, of whom a half got better; old: all answered, of whom a quarter got better.
/// let classes = [WeightingClass::new(40, 20, 10)?, WeightingClass::new(40, 40, 10)?];
/// let indicator = NonResponseSensitivity::of(&classes);
/// assert_eq!(indicator.observed, Some(20.0 / 60.0));
/// assert_eq!((indicator.worst, indicator.best), (Some(20.0 / 80.0), Some(40.0 / 80.0)));
/// assert_eq!(indicator.weighted, Some(30.0 / 80.0));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct NonResponseSensitivity {
    /// Successes by answers.
    pub observed: Option<f64>,
    /// Nobody of those who did not answer reached it (Manski's lower bound; Horowitz and Manski 2000, J Am Stat Assoc 95:77).
    pub worst: Option<f64>,
    /// All of them did (the upper bound).
    pub best: Option<f64>,
    /// Each answer weighted by courses over answers of its class: inverse-probability weighting with weighting classes (Little
    /// 1986, Int Stat Rev 54:139). `None` while a class with courses has no answer: see
    /// [`classes_without_answers`](Self::classes_without_answers), and merge it with another.
    pub weighted: Option<f64>,
    /// Classes with courses and no answer; nothing is known of them.
    pub classes_without_answers: usize,
}

impl NonResponseSensitivity {
    /// Of all classes together.
    pub fn of(classes: &[WeightingClass]) -> NonResponseSensitivity {
        let total = |count: fn(&WeightingClass) -> u64| {
            classes.iter().map(|class| u128::from(count(class))).sum::<u128>()
        };
        let (eligible, answered) = (total(|class| class.eligible), total(|class| class.answered));
        let reached = total(|class| class.reached);
        let share = |of: u128, among: u128| (among > 0).then(|| of as f64 / among as f64);
        let without = classes.iter().filter(|class| class.eligible > 0 && class.answered == 0).count();
        // Each class weighs reached * eligible / answered: whole parts are summed exactly, remainders in one order, so
        // that the order of the classes changes no digit.
        let mut ordered: Vec<&WeightingClass> = classes.iter().filter(|class| class.answered > 0).collect();
        ordered.sort_by_key(|class| (class.eligible, class.answered, class.reached));
        let (mut whole, mut remainders) = (0_u128, 0.0);
        for class in ordered {
            let product = u128::from(class.reached) * u128::from(class.eligible);
            let answered = u128::from(class.answered);
            whole += product / answered;
            remainders += (product % answered) as f64 / answered as f64;
        }
        let weighted = whole as f64 + remainders;
        let (worst, best) = (share(reached, eligible), share(reached + (eligible - answered), eligible));
        // The share lies between the ends; rounding of large counts must not carry it past them.
        let within = |(worst, best): (f64, f64)| (weighted / eligible as f64).max(worst).min(best);
        NonResponseSensitivity {
            observed: share(reached, answered),
            worst,
            best,
            weighted: worst.zip(best).filter(|_| without == 0).map(within),
            classes_without_answers: without,
        }
    }
}

impl fmt::Debug for WeightingClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeightingClass(..)")
    }
}

impl fmt::Debug for NonResponseSensitivity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NonResponseSensitivity(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn class(eligible: u64, answered: u64, reached: u64) -> WeightingClass {
        WeightingClass::new(eligible, answered, reached).unwrap()
    }

    #[test]
    fn a_class_without_answers_is_named_and_not_guessed() {
        let indicator = NonResponseSensitivity::of(&[class(10, 5, 2), class(7, 0, 0), class(0, 0, 0)]);
        assert_eq!((indicator.weighted, indicator.classes_without_answers), (None, 1));
        assert!(indicator.worst.is_some() && indicator.best.is_some());
        let empty = NonResponseSensitivity::of(&[]);
        assert!(empty.observed.is_none() && empty.worst.is_none() && empty.weighted.is_none());
        assert!(WeightingClass::new(1, 2, 0).is_err() && WeightingClass::new(2, 1, 2).is_err());
        let huge = NonResponseSensitivity::of(&[class(u64::MAX, u64::MAX, u64::MAX); 3]);
        assert_eq!(huge.weighted, Some(1.0));
    }

    #[test]
    fn rounding_of_huge_classes_does_not_pass_the_ends() {
        for answered in (1..2000).map(|step| u64::MAX / 2 - step * 7_919) {
            let all = NonResponseSensitivity::of(&[class(u64::MAX, answered, answered), class(3, 3, 3)]);
            assert_eq!((all.weighted, all.best), (Some(1.0), Some(1.0)));
            let none = NonResponseSensitivity::of(&[class(u64::MAX, answered, 0)]);
            assert_eq!((none.weighted, none.worst), (Some(0.0), Some(0.0)));
        }
    }

    proptest! {
        #[test]
        fn the_weighted_share_lies_between_the_ends(
            counts in prop_oneof![
                prop::collection::vec((1_u64..50, 0_u64..50, 0_u64..50), 1..8),
                prop::collection::vec((1..=u64::MAX / 2, any::<u64>(), any::<u64>()), 1..8),
            ],
        ) {
            let classes: Vec<WeightingClass> = counts
                .iter()
                .map(|(eligible, answered, reached)| {
                    let answered = 1 + answered % eligible;
                    class(*eligible, answered, reached % (answered + 1))
                })
                .collect();
            let indicator = NonResponseSensitivity::of(&classes);
            let weighted = indicator.weighted.unwrap();
            prop_assert!(indicator.worst.unwrap() <= weighted);
            prop_assert!(weighted <= indicator.best.unwrap());
            let reversed: Vec<WeightingClass> = classes.into_iter().rev().collect();
            prop_assert!(NonResponseSensitivity::of(&reversed) == indicator);
        }
    }
}
