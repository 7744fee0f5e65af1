//! Profiles of a group: how often each state and each level occurs.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use crate::error::Error;

use super::dimension::Dimension;
use super::informativity::{Informativity, density_index, total};
use super::state::{EqVersion, HealthState};

/// How often each health state of a version occurs.
///
/// These are the counts behind the tables of Devlin, Parkin and Janssen 2020 (doi
/// 10.1007/978-3-030-47622-9, chapter 2). Any order of adding and merging gives the same counts. The
/// `Debug` form hides them.
///
/// ```
/// use registat::{Dimension, EqVersion, HealthProfiles, HealthState};
///
/// let mut profiles = HealthProfiles::new(EqVersion::FiveLevel);
/// for digits in ["11111", "11111", "11231", "21232"] {
///     profiles.add(&HealthState::parse(digits, EqVersion::FiveLevel)?)?;
/// }
/// assert_eq!(profiles.level_counts(Dimension::Pain), [2, 0, 2, 0, 0]);
/// assert_eq!(profiles.share_with_problems(Dimension::Mobility), Some(0.25));
/// assert_eq!(profiles.ceiling_share(), Some(0.5));
/// assert_eq!(profiles.share_of_most_frequent(2), Some(0.75));
/// // Two, one and one of four: 1.5 bits.
/// assert_eq!(profiles.informativity().map(|i| i.shannon), Some(1.5));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct HealthProfiles {
    version: EqVersion,
    counts: BTreeMap<[u8; 5], u64>,
}

impl HealthProfiles {
    /// No states yet.
    pub fn new(version: EqVersion) -> HealthProfiles {
        HealthProfiles { version, counts: BTreeMap::new() }
    }

    /// Adds a state.
    ///
    /// # Errors
    ///
    /// If it is of the other version.
    pub fn add(&mut self, state: &HealthState) -> Result<(), Error> {
        self.add_many(state, 1)
    }

    /// Adds the same state `count` times; nothing for a count of 0. A count stays at the largest 64-bit
    /// number, which no register comes near.
    ///
    /// # Errors
    ///
    /// If the state is of the other version.
    pub fn add_many(&mut self, state: &HealthState, count: u64) -> Result<(), Error> {
        self.check(state.version())?;
        self.count(state.levels(), count);
        Ok(())
    }

    /// Adds the states of another group.
    ///
    /// # Errors
    ///
    /// If they are of the other version; nothing is added then.
    pub fn merge(&mut self, other: &HealthProfiles) -> Result<(), Error> {
        self.check(other.version)?;
        for (levels, count) in &other.counts {
            self.count(*levels, *count);
        }
        Ok(())
    }

    /// The version of the questionnaire that is counted.
    pub fn version(&self) -> EqVersion {
        self.version
    }

    /// Number of states counted.
    pub fn n(&self) -> u64 {
        self.count_where(|_| true)
    }

    /// How many answered each level of a dimension, from level 1.
    pub fn level_counts(&self, dimension: Dimension) -> Vec<u64> {
        (1..=self.version.worst_level())
            .map(|level| self.count_where(|state| dimension.level(state) == level))
            .collect()
    }

    /// How many have any problem in a dimension: a level above 1.
    pub fn with_problems(&self, dimension: Dimension) -> u64 {
        self.count_where(|state| dimension.level(state) > 1)
    }

    /// The share with any problem in a dimension, from 0 to 1; `None` without states.
    pub fn share_with_problems(&self, dimension: Dimension) -> Option<f64> {
        self.share(self.with_problems(dimension))
    }

    /// How many are in full health, 11111: the ceiling of the instrument.
    pub fn full_health(&self) -> u64 {
        self.count_where(|state| state.highest_level() == 1)
    }

    /// The share in full health, from 0 to 1; `None` without states.
    pub fn ceiling_share(&self) -> Option<f64> {
        self.share(self.full_health())
    }

    /// How many are in the worst state, 33333 or 55555.
    pub fn worst(&self) -> u64 {
        self.count_where(|state| state.levels().iter().all(|level| *level == self.version.worst_level()))
    }

    /// How many different states occur.
    pub fn distinct(&self) -> usize {
        self.counts.len()
    }

    /// The most frequent states with their counts, most frequent first, equally frequent ones by their
    /// digits.
    pub fn most_frequent(&self, most: usize) -> Vec<(HealthState, u64)> {
        let mut states: Vec<(HealthState, u64)> = self.states().collect();
        // A stable sort: equals stay in the order of their digits.
        states.sort_by_key(|(_, count)| Reverse(*count));
        states.truncate(most);
        states
    }

    /// The share of patients in the `most` most frequent states, from 0 to 1: the cumulative share of that
    /// row of a table. `None` without states.
    pub fn share_of_most_frequent(&self, most: usize) -> Option<f64> {
        let counts: Vec<u64> = self.most_frequent(most).iter().map(|(_, count)| *count).collect();
        self.share(u64::try_from(total(&counts)).unwrap_or(u64::MAX))
    }

    /// How much one dimension tells apart; `None` without states.
    pub fn informativity_of(&self, dimension: Dimension) -> Option<Informativity> {
        Informativity::of(&self.level_counts(dimension), u32::from(self.version.worst_level()))
    }

    /// How much the whole states tell apart, among all 243 or 3125; `None` without states.
    pub fn informativity(&self) -> Option<Informativity> {
        Informativity::of(&self.state_counts(), u32::from(self.version.worst_level()).pow(5))
    }

    /// The Health State Density Index (Zamora and others 2018), from 0 to 1: 1 where every state that occurs
    /// is as frequent, towards 0 where nearly all are in one of many.
    ///
    /// Twice the area over the curve of the cumulative share of patients by the cumulative share of states,
    /// most frequent first. `None` without states.
    pub fn density_index(&self) -> Option<f64> {
        density_index(&self.state_counts())
    }

    fn check(&self, version: EqVersion) -> Result<(), Error> {
        if version == self.version {
            Ok(())
        } else {
            Err(Error::score("states of two versions of EQ-5D are not counted together"))
        }
    }

    fn count(&mut self, levels: [u8; 5], more: u64) {
        if more > 0 {
            let count = self.counts.entry(levels).or_default();
            *count = count.saturating_add(more);
        }
    }

    fn states(&self) -> impl Iterator<Item = (HealthState, u64)> {
        let states = self.counts.iter();
        states.filter_map(|(levels, count)| Some((HealthState::new(*levels, self.version).ok()?, *count)))
    }

    fn state_counts(&self) -> Vec<u64> {
        self.counts.values().copied().collect()
    }

    fn count_where(&self, holds: impl Fn(&HealthState) -> bool) -> u64 {
        let counts = self.states().filter(|(state, _)| holds(state)).map(|(_, count)| count);
        counts.fold(0, u64::saturating_add)
    }

    fn share(&self, count: u64) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| count as f64 / n as f64)
    }
}

impl fmt::Debug for HealthProfiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HealthProfiles(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(states: &[&str]) -> HealthProfiles {
        let mut profiles = HealthProfiles::new(EqVersion::ThreeLevel);
        for digits in states {
            profiles.add(&HealthState::parse(digits, EqVersion::ThreeLevel).unwrap()).unwrap();
        }
        profiles
    }

    #[test]
    fn nobody_has_no_shares_and_no_indices() {
        let nobody = profiles(&[]);
        assert!(nobody.informativity().is_none() && nobody.density_index().is_none());
        assert!(nobody.informativity_of(Dimension::Pain).is_none() && nobody.most_frequent(3).is_empty());
        assert!(nobody.ceiling_share().is_none() && nobody.share_of_most_frequent(0).is_none());
        assert_eq!(nobody.level_counts(Dimension::Pain), [0, 0, 0]);
    }

    #[test]
    fn versions_do_not_mix_and_merging_adds() {
        let mut some = profiles(&["11111", "33333"]);
        assert!(some.merge(&HealthProfiles::new(EqVersion::FiveLevel)).is_err());
        assert!(some.add(&HealthState::parse("11111", EqVersion::FiveLevel).unwrap()).is_err());
        some.merge(&profiles(&["33333", "22222"])).unwrap();
        assert!(some == profiles(&["33333", "11111", "22222", "33333"]));
        assert_eq!((some.full_health(), some.worst(), some.n(), some.distinct()), (1, 2, 4, 3));
        let digits = |(state, count): &(HealthState, u64)| (state.levels(), *count);
        let frequent: Vec<_> = some.most_frequent(2).iter().map(digits).collect();
        assert_eq!(frequent, [([3; 5], 2), ([1; 5], 1)]);
        assert_eq!(some.share_of_most_frequent(usize::MAX), Some(1.0));
    }

    #[test]
    fn huge_counts_stay_finite() {
        let mut many = profiles(&["12321"]);
        let state = HealthState::parse("11111", EqVersion::ThreeLevel).unwrap();
        for count in [0, 1_000_000_000_000_000, u64::MAX, u64::MAX] {
            many.add_many(&state, count).unwrap();
        }
        many.merge(&many.clone()).unwrap();
        assert_eq!(many.n(), u64::MAX);
        assert_eq!(many.ceiling_share(), Some(1.0));
        assert!(many.informativity().is_some_and(|i| i.shannon.is_finite() && i.shannon >= 0.0));
        assert!(many.density_index().is_some_and(|index| (index - 0.5).abs() < 1e-9));
    }
}
