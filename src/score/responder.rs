//! Rules that call a patient improved, or a result acceptable, decided in exact arithmetic.

use super::ratio::Ratio;

/// Which way a score improves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// A lower score is better: disability, pain.
    LowerIsBetter,
    /// A higher score is better: health state values, EQ VAS.
    HigherIsBetter,
}

/// What a rule says about one patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The rule is met.
    Responder,
    /// The rule is not met.
    NonResponder,
    /// The rule says nothing; the patient belongs in no denominator.
    Undefined,
}

impl Outcome {
    fn from_met(met: bool) -> Outcome {
        if met { Outcome::Responder } else { Outcome::NonResponder }
    }
}

/// A threshold rule on a score before and after. Improvement is before minus after where lower is
/// better, after minus before where higher is better.
///
/// ```
/// use registat::{Direction, Outcome, Ratio, ResponderRule};
///
/// // Minimal important change of the Oswestry index (Ostelo 2008): 10 points, or 30 percent.
/// let points = ResponderRule::AtLeast(Ratio::whole(10));
/// let percent = ResponderRule::Relative { percent: Ratio::whole(30) };
/// let (before, after) = (Ratio::whole(40), Ratio::whole(30));
/// assert_eq!(points.judge(Direction::LowerIsBetter, before, after), Outcome::Responder);
/// assert_eq!(percent.judge(Direction::LowerIsBetter, before, after), Outcome::NonResponder);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponderRule {
    /// Improvement of at least this many points.
    AtLeast(Ratio),
    /// Improvement of more than this many points.
    MoreThan(Ratio),
    /// Improvement of less than this many points, worsening included: a failure rule.
    LessThan(Ratio),
    /// Improvement of at least this percentage of the score before. Undefined unless the score
    /// before is above zero.
    Relative {
        /// Percent of the score before.
        percent: Ratio,
    },
    /// Improvement of less than this percentage of the score before, worsening included: a failure
    /// rule. Undefined unless the score before is above zero.
    RelativeLessThan {
        /// Percent of the score before.
        percent: Ratio,
    },
    /// Score after at most this.
    FinalAtMost(Ratio),
    /// Score after below this.
    FinalBelow(Ratio),
    /// Score after at least this.
    FinalAtLeast(Ratio),
    /// Score after above this.
    FinalAbove(Ratio),
}

impl ResponderRule {
    /// Judges one patient. The final-score rules look at `after` alone, whatever the direction.
    ///
    /// Undefined for a relative rule where `before` is not above zero, and where a difference of
    /// fractions does not fit 64 bits, which no score comes near.
    pub fn judge(&self, direction: Direction, before: Ratio, after: Ratio) -> Outcome {
        let improvement = match direction {
            Direction::LowerIsBetter => before.checked_sub(after),
            Direction::HigherIsBetter => after.checked_sub(before),
        };
        let met = match *self {
            ResponderRule::AtLeast(points) => improvement.map(|i| i >= points),
            ResponderRule::MoreThan(points) => improvement.map(|i| i > points),
            ResponderRule::LessThan(points) => improvement.map(|i| i < points),
            ResponderRule::Relative { percent } => improvement.and_then(|i| is_share_of(i, before, percent)),
            ResponderRule::RelativeLessThan { percent } => {
                improvement.and_then(|i| is_share_of(i, before, percent)).map(|reached| !reached)
            }
            ResponderRule::FinalAtMost(limit) => Some(after <= limit),
            ResponderRule::FinalBelow(limit) => Some(after < limit),
            ResponderRule::FinalAtLeast(limit) => Some(after >= limit),
            ResponderRule::FinalAbove(limit) => Some(after > limit),
        };
        met.map_or(Outcome::Undefined, Outcome::from_met)
    }

    /// A stable name for machines, such as `at_least_10_points`; printed words live elsewhere.
    ///
    /// ```
    /// use registat::{Ratio, ResponderRule};
    ///
    /// assert_eq!(ResponderRule::AtLeast(Ratio::whole(10)).describe(), "at_least_10_points");
    /// ```
    pub fn describe(&self) -> String {
        match *self {
            ResponderRule::AtLeast(points) => format!("at_least_{}_points", id_text(points)),
            ResponderRule::MoreThan(points) => format!("more_than_{}_points", id_text(points)),
            ResponderRule::LessThan(points) => format!("less_than_{}_points", id_text(points)),
            ResponderRule::Relative { percent } => {
                format!("at_least_{}_percent_of_before", id_text(percent))
            }
            ResponderRule::RelativeLessThan { percent } => {
                format!("less_than_{}_percent_of_before", id_text(percent))
            }
            ResponderRule::FinalAtMost(limit) => format!("final_at_most_{}", id_text(limit)),
            ResponderRule::FinalBelow(limit) => format!("final_below_{}", id_text(limit)),
            ResponderRule::FinalAtLeast(limit) => format!("final_at_least_{}", id_text(limit)),
            ResponderRule::FinalAbove(limit) => format!("final_above_{}", id_text(limit)),
        }
    }
}

/// Whether `improvement / before >= percent / 100`; `None` unless `before` is above zero.
fn is_share_of(improvement: Ratio, before: Ratio, percent: Ratio) -> Option<bool> {
    if before <= Ratio::ZERO {
        return None;
    }
    let left = i128::from(improvement.numerator())
        .checked_mul(i128::from(before.denominator()))?
        .checked_mul(i128::from(percent.denominator()))?
        .checked_mul(100)?;
    let right = i128::from(percent.numerator())
        .checked_mul(i128::from(before.numerator()))?
        .checked_mul(i128::from(improvement.denominator()))?;
    Some(left >= right)
}

/// A threshold in a machine name: `10`, or `5_over_2`.
fn id_text(threshold: Ratio) -> String {
    if threshold.denominator() == 1 {
        threshold.numerator().to_string()
    } else {
        format!("{}_over_{}", threshold.numerator(), threshold.denominator())
    }
}

/// What becomes of patients whose score before is exactly zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ZeroBaseline {
    /// As the rule itself says: a relative rule is undefined, any other applies.
    #[default]
    AsRule,
    /// Undefined under every rule: they cannot improve and leave the denominator.
    Exclude,
    /// Not a responder under any rule; some programs do this without saying so.
    NonResponder,
}

/// A rule with the direction of its score and its treatment of zero before.
///
/// ```
/// use registat::{Direction, Outcome, Ratio, ResponderCriterion, ResponderRule, ZeroBaseline};
///
/// // Pain on a 0-10 scale: 2 points, those without pain before left out.
/// let rule = ResponderRule::AtLeast(Ratio::whole(2));
/// let pain = ResponderCriterion::new(rule, Direction::LowerIsBetter)
///     .zero_baseline(ZeroBaseline::Exclude);
/// assert_eq!(pain.judge(Ratio::whole(10), Ratio::whole(8)), Outcome::Responder);
/// assert_eq!(pain.judge(Ratio::ZERO, Ratio::ZERO), Outcome::Undefined);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResponderCriterion {
    rule: ResponderRule,
    direction: Direction,
    zero_baseline: ZeroBaseline,
}

impl ResponderCriterion {
    /// The rule for a score that improves in the given direction, zero before as the rule says.
    pub fn new(rule: ResponderRule, direction: Direction) -> ResponderCriterion {
        ResponderCriterion { rule, direction, zero_baseline: ZeroBaseline::AsRule }
    }

    /// Sets what becomes of patients whose score before is zero.
    #[must_use]
    pub fn zero_baseline(mut self, choice: ZeroBaseline) -> ResponderCriterion {
        self.zero_baseline = choice;
        self
    }

    /// The rule.
    pub fn rule(&self) -> ResponderRule {
        self.rule
    }

    /// The direction in which the score improves.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Judges one patient, exactly.
    pub fn judge(&self, before: Ratio, after: Ratio) -> Outcome {
        match self.zero_baseline {
            ZeroBaseline::Exclude if before == Ratio::ZERO => Outcome::Undefined,
            ZeroBaseline::NonResponder if before == Ratio::ZERO => Outcome::NonResponder,
            _ => self.rule.judge(self.direction, before, after),
        }
    }

    /// A stable name for machines: the rule's, and a suffix where zero before is treated apart.
    pub fn describe(&self) -> String {
        let suffix = match self.zero_baseline {
            ZeroBaseline::AsRule => "",
            ZeroBaseline::Exclude => "_excluding_zero_before",
            ZeroBaseline::NonResponder => "_zero_before_not_responder",
        };
        format!("{}{suffix}", self.rule.describe())
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Outcome, Ratio, ResponderCriterion, ResponderRule, ZeroBaseline};

    #[test]
    fn a_drop_of_thirty_percent_is_met_where_floats_miss_it() {
        // 15 points of 7 sections to 12 points of 8: floats give 0.29999999999999993.
        let rule = ResponderRule::Relative { percent: Ratio::whole(30) };
        let scores = Ratio::new(1500, 35).zip(Ratio::new(1200, 40));
        let outcome = scores.map(|(b, a)| rule.judge(Direction::LowerIsBetter, b, a));
        assert_eq!(outcome, Some(Outcome::Responder));
    }

    #[test]
    fn less_than_a_percentage_is_the_complement_and_undefined_at_zero() {
        let percent = Ratio::whole(33);
        let failure = ResponderRule::RelativeLessThan { percent };
        let judge = |before, after| {
            failure.judge(Direction::LowerIsBetter, Ratio::whole(before), Ratio::whole(after))
        };
        assert_eq!(judge(100, 67), Outcome::NonResponder);
        assert_eq!(judge(100, 68), Outcome::Responder);
        assert_eq!(judge(40, 60), Outcome::Responder);
        assert_eq!(judge(0, 0), Outcome::Undefined);
        assert_eq!(failure.describe(), "less_than_33_percent_of_before");
    }

    #[test]
    fn direction_turns_the_sign() {
        let rule = ResponderRule::MoreThan(Ratio::ZERO);
        let (low, high) = (Ratio::whole(1), Ratio::whole(2));
        assert_eq!(rule.judge(Direction::HigherIsBetter, low, high), Outcome::Responder);
        assert_eq!(rule.judge(Direction::LowerIsBetter, low, high), Outcome::NonResponder);
        assert_eq!(rule.judge(Direction::LowerIsBetter, low, low), Outcome::NonResponder);
    }

    #[test]
    fn relative_change_from_zero_is_undefined_unless_told_otherwise() {
        let rule = ResponderRule::Relative { percent: Ratio::whole(30) };
        let plain = ResponderCriterion::new(rule, Direction::LowerIsBetter);
        assert_eq!(plain.judge(Ratio::ZERO, Ratio::ZERO), Outcome::Undefined);
        let counted = plain.zero_baseline(ZeroBaseline::NonResponder);
        assert_eq!(counted.judge(Ratio::ZERO, Ratio::ZERO), Outcome::NonResponder);
        assert_eq!(plain.judge(Ratio::whole(10), Ratio::whole(7)), Outcome::Responder);
    }

    #[test]
    fn machine_names_are_stable() {
        let half = Ratio::new(5, 2).map(ResponderRule::AtLeast).map(|rule| rule.describe());
        assert_eq!(half.as_deref(), Some("at_least_5_over_2_points"));
        let pain = ResponderRule::AtLeast(Ratio::whole(2));
        let pain =
            ResponderCriterion::new(pain, Direction::LowerIsBetter).zero_baseline(ZeroBaseline::Exclude);
        assert_eq!(pain.describe(), "at_least_2_points_excluding_zero_before");
    }
}
