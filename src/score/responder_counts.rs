//! How many patients a rule called what.

use std::fmt;

use super::ratio::Ratio;
use super::responder::{Outcome, ResponderCriterion, ResponderRule};

/// How many patients a rule called what. Any order of adding and merging gives the same counts. The
/// `Debug` form hides them.
///
/// ```
/// use registat::{Measure, NamedRule, Ratio, ResponderCounts};
///
/// // 10 points of the Oswestry index: from 8 they cannot be reached.
/// let points = NamedRule::parse("odi_mic_ostelo2008_points")?;
/// let mut counts = ResponderCounts::new();
/// for (before, after) in [(40, 30), (40, 35), (8, 0)] {
///     let (before, after) = (Ratio::whole(before), Ratio::whole(after));
///     counts.add(&points.criterion(), before, after, points.measure().best());
/// }
/// assert_eq!((counts.responders(), counts.judged(), counts.could_not()), (1, 3, 1));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct ResponderCounts {
    responders: u64,
    non_responders: u64,
    undefined: u64,
    could_not: u64,
}

impl ResponderCounts {
    /// Nobody yet.
    pub fn new() -> ResponderCounts {
        ResponderCounts::default()
    }

    /// Judges one patient by a criterion and counts the outcome. `best` is the best score of the
    /// scale, as [`Measure::best`](crate::Measure::best) gives it.
    pub fn add(&mut self, criterion: &ResponderCriterion, before: Ratio, after: Ratio, best: Ratio) {
        match criterion.judge(before, after) {
            Outcome::Responder => self.responders += 1,
            Outcome::NonResponder => {
                self.non_responders += 1;
                let is_out_of_reach = criterion.judge(before, best) == Outcome::NonResponder;
                self.could_not += u64::from(asks_for_improvement(criterion.rule()) && is_out_of_reach);
            }
            Outcome::Undefined => self.undefined += 1,
        }
    }

    /// Adds the counts of another group.
    pub fn merge(&mut self, other: &ResponderCounts) {
        self.responders += other.responders;
        self.non_responders += other.non_responders;
        self.undefined += other.undefined;
        self.could_not += other.could_not;
    }

    /// Patients who meet the rule.
    pub fn responders(&self) -> u64 {
        self.responders
    }

    /// Patients who do not meet the rule.
    pub fn non_responders(&self) -> u64 {
        self.non_responders
    }

    /// Responders and non-responders: the denominator.
    pub fn judged(&self) -> u64 {
        self.responders + self.non_responders
    }

    /// Patients of whom the rule says nothing, such as a relative change from zero.
    pub fn undefined(&self) -> u64 {
        self.undefined
    }

    /// Non-responders whom even the best score would not have made responders: their score before
    /// was too good. Always 0 for rules that do not ask for an improvement: rules of failure, which
    /// the best score is meant to escape, and rules of the score after.
    pub fn could_not(&self) -> u64 {
        self.could_not
    }
}

/// Whether a rule is met by enough improvement.
fn asks_for_improvement(rule: ResponderRule) -> bool {
    match rule {
        ResponderRule::AtLeast(_) | ResponderRule::MoreThan(_) | ResponderRule::Relative { .. } => true,
        ResponderRule::LessThan(_)
        | ResponderRule::RelativeLessThan { .. }
        | ResponderRule::FinalAtMost(_)
        | ResponderRule::FinalBelow(_)
        | ResponderRule::FinalAtLeast(_)
        | ResponderRule::FinalAbove(_) => false,
    }
}

impl fmt::Debug for ResponderCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponderCounts(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::named_rules::NamedRule;
    use super::{Ratio, ResponderCounts};

    fn count(id: &str, pairs: &[(i64, i64)]) -> ResponderCounts {
        let rule = NamedRule::parse(id).unwrap();
        let mut counts = ResponderCounts::new();
        for (before, after) in pairs {
            let (before, after) = (Ratio::new(*before, 10).unwrap(), Ratio::new(*after, 10).unwrap());
            counts.add(&rule.criterion(), before, after, rule.measure().best());
        }
        counts
    }

    #[test]
    fn those_who_were_too_well_to_improve_are_counted() {
        let counts = count("odi_improved_nnrr_points", &[(80, 0), (100, 0), (400, 350), (0, 0)]);
        assert_eq!((counts.responders(), counts.non_responders(), counts.judged()), (1, 3, 4));
        assert_eq!((counts.undefined(), counts.could_not()), (0, 2));
        // An index of 0.9 cannot rise by 0.3; one of 0.7 can.
        let counts = count("eq5d_success_solberg2013", &[(9, 10), (7, 8)]);
        assert_eq!((counts.judged(), counts.could_not()), (2, 1));
    }

    #[test]
    fn failure_and_final_scores_are_out_of_nobodys_reach() {
        for id in ["odi_failure_werner2017_points", "odi_failure_werner2017_percent", "odi_severe_nkr"] {
            let counts = count(id, &[(600, 550), (600, 100), (50, 0)]);
            assert_eq!((counts.judged(), counts.could_not()), (3, 0), "{id}");
        }
    }

    #[test]
    fn a_relative_change_from_zero_is_undefined_or_as_the_rule_says() {
        let mut counts = count("odi_mic_ostelo2008_percent", &[(0, 0), (0, 100)]);
        assert_eq!((counts.judged(), counts.undefined(), counts.could_not()), (0, 2, 0));
        let portal = count("odi_improved_nnrr_percent", &[(0, 0)]);
        assert_eq!((portal.judged(), portal.undefined(), portal.could_not()), (1, 0, 1));
        counts.merge(&portal);
        assert_eq!((counts.judged(), counts.undefined(), counts.could_not()), (1, 2, 1));
        assert_eq!(format!("{counts:?}"), "ResponderCounts(..)");
    }
}
