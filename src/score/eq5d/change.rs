//! Change of health by the Pareto principle: better, worse, or better in some dimensions and worse in others.

use std::fmt;

use crate::error::Error;

use super::dimension::Dimension;
use super::state::HealthState;

/// The Paretian classification of health change (Devlin, Parkin and Browne 2010, Health Econ 19:886).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParetianChange {
    /// 11111 both times: no problems that could change. Often set apart, and left out of percentages.
    NoProblems,
    /// The same state both times, with problems.
    NoChange,
    /// Better in at least one dimension, worse in none.
    Improved,
    /// Worse in at least one dimension, better in none.
    Worsened,
    /// Better in some and worse in others.
    Mixed,
}

impl ParetianChange {
    /// Every class.
    pub const ALL: [ParetianChange; 5] = [
        ParetianChange::NoProblems,
        ParetianChange::NoChange,
        ParetianChange::Improved,
        ParetianChange::Worsened,
        ParetianChange::Mixed,
    ];

    /// The class of two states of one patient.
    ///
    /// # Errors
    ///
    /// If the states are of different versions.
    ///
    /// ```
    /// use registat::{EqVersion, HealthState, ParetianChange};
    ///
    /// let state = |digits| HealthState::parse(digits, EqVersion::ThreeLevel);
    /// assert_eq!(ParetianChange::between(&state("32233")?, &state("13132")?)?, ParetianChange::Mixed);
    /// assert_eq!(ParetianChange::between(&state("22312")?, &state("22313")?)?, ParetianChange::Worsened);
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn between(before: &HealthState, after: &HealthState) -> Result<ParetianChange, Error> {
        if before.version() != after.version() {
            return Err(Error::score("states of two versions of EQ-5D are not compared"));
        }
        let pairs = || before.levels().into_iter().zip(after.levels());
        let is_better = pairs().any(|(before, after)| after < before);
        let is_worse = pairs().any(|(before, after)| after > before);
        Ok(match (is_better, is_worse) {
            (true, true) => ParetianChange::Mixed,
            (true, false) => ParetianChange::Improved,
            (false, true) => ParetianChange::Worsened,
            (false, false) if before.level_sum() == 5 => ParetianChange::NoProblems,
            (false, false) => ParetianChange::NoChange,
        })
    }

    /// A stable name for machines.
    pub fn name(self) -> &'static str {
        match self {
            ParetianChange::NoProblems => "no_problems",
            ParetianChange::NoChange => "no_change",
            ParetianChange::Improved => "improve",
            ParetianChange::Worsened => "worsen",
            ParetianChange::Mixed => "mixed",
        }
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// How many patients changed in which way, over all and in each dimension.
///
/// Any order of adding and merging gives the same counts. The `Debug` form hides them.
///
/// ```
/// use registat::{EqVersion, HealthChange, HealthState, ParetianChange};
///
/// // Counts per class of the R package eq5d's example data; the states here only stand for their class.
/// let mut change = HealthChange::new();
/// for (before, after, count) in [
///     ("21111", "11111", 46), // improved
///     ("11111", "21111", 11), // worsened
///     ("12111", "21111", 10), // mixed
///     ("21111", "21111", 8),  // no change
///     ("11111", "11111", 2),  // no problems
/// ] {
///     let before = HealthState::parse(before, EqVersion::ThreeLevel)?;
///     let after = HealthState::parse(after, EqVersion::ThreeLevel)?;
///     change.add_many(&before, &after, count)?;
/// }
/// assert_eq!(change.n(), 77);
/// assert_eq!(change.share(ParetianChange::Improved), Some(46.0 / 77.0));
/// assert_eq!(change.share_among_problems(ParetianChange::Improved), Some(46.0 / 75.0));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HealthChange {
    overall: [u64; 5],
    dimensions: [[u64; 5]; 5],
}

impl HealthChange {
    /// Nobody yet.
    pub fn new() -> HealthChange {
        HealthChange::default()
    }

    /// Adds the two states of one patient.
    ///
    /// # Errors
    ///
    /// If the states are of different versions.
    pub fn add(&mut self, before: &HealthState, after: &HealthState) -> Result<(), Error> {
        self.add_many(before, after, 1)
    }

    /// Adds the same two states of `count` patients. A count stays at the largest 64-bit number, which no
    /// register comes near.
    ///
    /// # Errors
    ///
    /// If the states are of different versions.
    pub fn add_many(&mut self, before: &HealthState, after: &HealthState, count: u64) -> Result<(), Error> {
        let class = ParetianChange::between(before, after)?;
        add_to(&mut self.overall, class, count);
        for (dimension, counts) in Dimension::ALL.into_iter().zip(&mut self.dimensions) {
            let (before, after) = (dimension.level(before), dimension.level(after));
            let class = match after.cmp(&before) {
                std::cmp::Ordering::Less => ParetianChange::Improved,
                std::cmp::Ordering::Greater => ParetianChange::Worsened,
                std::cmp::Ordering::Equal if before == 1 => ParetianChange::NoProblems,
                std::cmp::Ordering::Equal => ParetianChange::NoChange,
            };
            add_to(counts, class, count);
        }
        Ok(())
    }

    /// Adds another group.
    pub fn merge(&mut self, other: &HealthChange) {
        let all = self.overall.iter_mut().chain(self.dimensions.iter_mut().flatten());
        let others = other.overall.iter().chain(other.dimensions.iter().flatten());
        all.zip(others).for_each(|(count, more)| *count = count.saturating_add(*more));
    }

    /// Number of patients.
    pub fn n(&self) -> u64 {
        self.overall.iter().copied().fold(0, u64::saturating_add)
    }

    /// How many are in a class.
    pub fn count(&self, class: ParetianChange) -> u64 {
        self.overall.get(class.place()).copied().unwrap_or_default()
    }

    /// How many are in a class of one dimension; nobody is mixed there.
    pub fn count_in(&self, dimension: Dimension, class: ParetianChange) -> u64 {
        let counts = self.dimensions.get(dimension as usize);
        counts.and_then(|counts| counts.get(class.place())).copied().unwrap_or_default()
    }

    /// The share of all patients in a class, from 0 to 1; `None` without patients.
    pub fn share(&self, class: ParetianChange) -> Option<f64> {
        share(self.count(class), self.n())
    }

    /// The share of a class among those with a problem at either time, from 0 to 1: patients in 11111 both
    /// times are left out of the base. `None` without such patients, and for
    /// [`NoProblems`](ParetianChange::NoProblems), which is outside the base.
    pub fn share_among_problems(&self, class: ParetianChange) -> Option<f64> {
        let with_problems = self.n().saturating_sub(self.count(ParetianChange::NoProblems));
        if class == ParetianChange::NoProblems { None } else { share(self.count(class), with_problems) }
    }

    /// The share of all patients in a class of one dimension, from 0 to 1; `None` without patients.
    pub fn share_in(&self, dimension: Dimension, class: ParetianChange) -> Option<f64> {
        share(self.count_in(dimension, class), self.n())
    }

    /// The probability of superiority in a dimension, `(improved + unchanged / 2) / n`: a half where as many
    /// got better as worse. Those without problems both times are unchanged. `None` without patients.
    pub fn probability_of_superiority(&self, dimension: Dimension) -> Option<f64> {
        let count = |class| u128::from(self.count_in(dimension, class));
        let unchanged = count(ParetianChange::NoChange) + count(ParetianChange::NoProblems);
        let doubled = 2 * count(ParetianChange::Improved) + unchanged;
        let n = unchanged + count(ParetianChange::Improved) + count(ParetianChange::Worsened);
        (n > 0).then(|| doubled as f64 / (2 * n) as f64)
    }
}

fn add_to(counts: &mut [u64; 5], class: ParetianChange, more: u64) {
    if let Some(count) = counts.get_mut(class.place()) {
        *count = count.saturating_add(more);
    }
}

fn share(count: u64, n: u64) -> Option<f64> {
    (n > 0).then(|| count as f64 / n as f64)
}

impl fmt::Debug for HealthChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HealthChange(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::EqVersion;

    #[test]
    fn classes_are_disjoint_and_turn_with_the_direction() {
        let levels = 1..=3_u8;
        let states: Vec<HealthState> = levels
            .clone()
            .flat_map(|a| levels.clone().map(move |b| [a, b, 1, 1, 1]))
            .map(|levels| HealthState::new(levels, EqVersion::ThreeLevel).unwrap())
            .collect();
        let mut change = HealthChange::new();
        for before in &states {
            for after in &states {
                change.add(before, after).unwrap();
                let there = ParetianChange::between(before, after).unwrap();
                let back = ParetianChange::between(after, before).unwrap();
                let turned = match there {
                    ParetianChange::Improved => ParetianChange::Worsened,
                    ParetianChange::Worsened => ParetianChange::Improved,
                    same => same,
                };
                assert_eq!(back, turned);
            }
        }
        let n = states.len() as u64 * states.len() as u64;
        assert_eq!(change.n(), n);
        assert_eq!(ParetianChange::ALL.map(|class| change.count(class)).iter().sum::<u64>(), n);
        assert_eq!(change.probability_of_superiority(Dimension::Mobility), Some(0.5));
    }

    #[test]
    fn nobody_has_no_shares_and_huge_counts_stay_finite() {
        let mut change = HealthChange::new();
        assert_eq!(change.probability_of_superiority(Dimension::Pain), None);
        assert_eq!(change.share(ParetianChange::Mixed), None);
        let full = HealthState::parse("11111", EqVersion::ThreeLevel).unwrap();
        change.add_many(&full, &full, u64::MAX).unwrap();
        assert_eq!(change.share_among_problems(ParetianChange::Improved), None);
        assert_eq!(change.share_among_problems(ParetianChange::NoProblems), None);
        change.merge(&change.clone());
        assert_eq!(change.n(), u64::MAX);
        assert_eq!(change.share_in(Dimension::Pain, ParetianChange::NoProblems), Some(1.0));
        assert_eq!(change.probability_of_superiority(Dimension::Pain), Some(0.5));
    }

    #[test]
    fn versions_are_not_compared() {
        let three = HealthState::parse("11111", EqVersion::ThreeLevel).unwrap();
        let five = HealthState::parse("11111", EqVersion::FiveLevel).unwrap();
        let mut change = HealthChange::new();
        assert!(change.add(&three, &five).is_err() && change.n() == 0);
    }
}
