//! Change of health by the Pareto principle: better, worse, or better in some dimensions and worse in others.

use std::fmt;

use super::profile::Dimension;
use super::state::HealthState;
use crate::error::Error;

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

/// How many patients changed in which way, over all and in each dimension. Any order of adding and merging gives the same
/// counts. The `Debug` form hides them.
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
        let class = ParetianChange::between(before, after)?;
        add_one(&mut self.overall, class);
        for (dimension, counts) in Dimension::ALL.into_iter().zip(&mut self.dimensions) {
            let (before, after) = (dimension.level(before), dimension.level(after));
            let class = match after.cmp(&before) {
                std::cmp::Ordering::Less => ParetianChange::Improved,
                std::cmp::Ordering::Greater => ParetianChange::Worsened,
                std::cmp::Ordering::Equal if before == 1 => ParetianChange::NoProblems,
                std::cmp::Ordering::Equal => ParetianChange::NoChange,
            };
            add_one(counts, class);
        }
        Ok(())
    }

    /// Adds another group.
    pub fn merge(&mut self, other: &HealthChange) {
        let all = self.overall.iter_mut().chain(self.dimensions.iter_mut().flatten());
        let others = other.overall.iter().chain(other.dimensions.iter().flatten());
        all.zip(others).for_each(|(count, more)| *count += more);
    }

    /// Number of patients.
    pub fn n(&self) -> u64 {
        self.overall.iter().sum()
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

    /// The probability of superiority in a dimension, `(improved + unchanged / 2) / n`: a half where as many got better as
    /// worse. Those without problems both times are unchanged. `None` without patients.
    pub fn probability_of_superiority(&self, dimension: Dimension) -> Option<f64> {
        let count = |class| u128::from(self.count_in(dimension, class));
        let unchanged = count(ParetianChange::NoChange) + count(ParetianChange::NoProblems);
        let doubled = 2 * count(ParetianChange::Improved) + unchanged;
        let n = self.n();
        (n > 0).then(|| doubled as f64 / (2 * u128::from(n)) as f64)
    }
}

fn add_one(counts: &mut [u64; 5], class: ParetianChange) {
    if let Some(count) = counts.get_mut(class.place()) {
        *count += 1;
    }
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
        assert_eq!(HealthChange::new().probability_of_superiority(Dimension::Pain), None);
    }

    #[test]
    fn versions_are_not_compared() {
        let three = HealthState::parse("11111", EqVersion::ThreeLevel).unwrap();
        let five = HealthState::parse("11111", EqVersion::FiveLevel).unwrap();
        let mut change = HealthChange::new();
        assert!(change.add(&three, &five).is_err() && change.n() == 0);
    }
}
