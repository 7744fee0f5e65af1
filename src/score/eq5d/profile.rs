//! Profiles of a group: how often each state and each level occurs, and how much the states tell apart.

use std::collections::BTreeMap;
use std::fmt;

use super::state::{EqVersion, HealthState};
use crate::error::Error;

/// The five dimensions, in the order of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Mobility.
    Mobility,
    /// Self-care.
    SelfCare,
    /// Usual activities.
    UsualActivities,
    /// Pain or discomfort.
    Pain,
    /// Anxiety or depression.
    Anxiety,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Dimension; 5] = [
        Dimension::Mobility,
        Dimension::SelfCare,
        Dimension::UsualActivities,
        Dimension::Pain,
        Dimension::Anxiety,
    ];

    /// The level of a state in this dimension, from 1.
    pub fn level(self, state: &HealthState) -> u8 {
        let [mobility, self_care, usual, pain, anxiety] = state.levels();
        match self {
            Dimension::Mobility => mobility,
            Dimension::SelfCare => self_care,
            Dimension::UsualActivities => usual,
            Dimension::Pain => pain,
            Dimension::Anxiety => anxiety,
        }
    }
}

/// How often each health state of a version occurs. Any order of adding and merging gives the same counts. The `Debug`
/// form hides them.
///
/// ```
/// use registat::{Dimension, EqVersion, HealthProfiles, HealthState};
///
/// let mut profiles = HealthProfiles::new(EqVersion::FiveLevel);
/// for digits in ["11111", "11111", "11231", "21232"] {
///     profiles.add(&HealthState::parse(digits, EqVersion::FiveLevel)?)?;
/// }
/// assert_eq!(profiles.level_counts(Dimension::Pain), [2, 0, 2, 0, 0]);
/// assert_eq!(profiles.with_problems(Dimension::Mobility), 1);
/// assert_eq!(profiles.full_health(), 2);
/// // Two, one and one of four: 1.5 bits.
/// assert_eq!(profiles.informativity().map(|i| i.shannon), Some(1.5));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct HealthProfiles {
    version: EqVersion,
    counts: BTreeMap<[u8; 5], u64>,
}

/// How much a set of answers tells patients apart (Shannon 1948; for EQ-5D Janssen and others 2007, Med Care 45:259).
#[derive(Clone, Copy, PartialEq)]
pub struct Informativity {
    /// Shannon's index H in bits, `-sum p log2 p`: 0 where all answered alike.
    pub shannon: f64,
    /// Shannon's evenness J, H by its largest possible value: 1 where every level or state is as frequent.
    pub evenness: f64,
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
        if state.version() != self.version {
            return Err(Error::score("states of two versions of EQ-5D are not counted together"));
        }
        *self.counts.entry(state.levels()).or_default() += 1;
        Ok(())
    }

    /// Adds the states of another group.
    ///
    /// # Errors
    ///
    /// If they are of the other version; nothing is added then.
    pub fn merge(&mut self, other: &HealthProfiles) -> Result<(), Error> {
        if self.version != other.version {
            return Err(Error::score("states of two versions of EQ-5D are not counted together"));
        }
        for (levels, count) in &other.counts {
            *self.counts.entry(*levels).or_default() += count;
        }
        Ok(())
    }

    /// Number of states counted.
    pub fn n(&self) -> u64 {
        self.counts.values().sum()
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

    /// How many are in full health, 11111: the ceiling of the instrument.
    pub fn full_health(&self) -> u64 {
        self.count_where(|state| state.level_sum() == 5)
    }

    /// How many are in the worst state.
    pub fn worst(&self) -> u64 {
        self.count_where(|state| state.levels().iter().all(|level| *level == self.version.worst_level()))
    }

    /// The most frequent states with their counts, most frequent first, equally frequent ones by their digits.
    pub fn most_frequent(&self, most: usize) -> Vec<(HealthState, u64)> {
        let mut states: Vec<(HealthState, u64)> = self.states().collect();
        // A stable sort: equals stay in the order of their digits.
        states.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        states.truncate(most);
        states
    }

    /// How much one dimension tells apart; `None` without states.
    pub fn informativity_of(&self, dimension: Dimension) -> Option<Informativity> {
        informativity(&self.level_counts(dimension), f64::from(self.version.worst_level()))
    }

    /// How much the whole states tell apart; `None` without states.
    pub fn informativity(&self) -> Option<Informativity> {
        let counts: Vec<u64> = self.counts.values().copied().collect();
        informativity(&counts, f64::from(self.version.worst_level()).powi(5))
    }

    /// The Health State Density Index (Zamora and others 2018): 1 where every state that occurs is as frequent, towards 0
    /// where nearly all are in one of many. Twice the area over the curve of the cumulative share of patients by the
    /// cumulative share of states, most frequent first. `None` without states.
    pub fn density_index(&self) -> Option<f64> {
        let mut counts: Vec<u64> = self.counts.values().copied().collect();
        counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
        let (n, states) = (u128::from(self.n()), counts.len() as u128);
        // Twice the area, in units of one patient and one state: whole numbers.
        let (mut before, mut doubled) = (0_u128, 0_u128);
        for count in counts {
            let after = before + u128::from(count);
            doubled += before + after;
            before = after;
        }
        (n > 0).then(|| 2.0 - doubled as f64 / (n * states) as f64)
    }

    fn states(&self) -> impl Iterator<Item = (HealthState, u64)> {
        let states = self.counts.iter();
        states.filter_map(|(levels, count)| Some((HealthState::new(*levels, self.version).ok()?, *count)))
    }

    fn count_where(&self, holds: impl Fn(&HealthState) -> bool) -> u64 {
        self.states().filter(|(state, _)| holds(state)).map(|(_, count)| count).sum()
    }
}

fn informativity(counts: &[u64], possible: f64) -> Option<Informativity> {
    let n: u64 = counts.iter().sum();
    if n == 0 {
        return None;
    }
    let shares = counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / n as f64);
    // From zero on: an empty or uniform sum would be minus zero.
    let shannon = shares.fold(0.0, |sum, share| sum - share * share.log2());
    Some(Informativity { shannon, evenness: (shannon / possible.log2()).min(1.0) })
}

impl fmt::Debug for HealthProfiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HealthProfiles(..)")
    }
}

impl fmt::Debug for Informativity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Informativity(..)")
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
    fn nobody_and_everybody_alike_are_the_ends_of_the_indices() {
        let nobody = profiles(&[]);
        assert!(nobody.informativity().is_none() && nobody.density_index().is_none());
        assert!(nobody.informativity_of(Dimension::Pain).is_none() && nobody.most_frequent(3).is_empty());
        let alike = profiles(&["21321"; 7]);
        let uniform = alike.informativity().unwrap();
        assert!(uniform.shannon == 0.0 && uniform.shannon.is_sign_positive() && uniform.evenness == 0.0);
        assert_eq!(alike.density_index(), Some(1.0));
    }

    #[test]
    fn versions_do_not_mix_and_merging_adds() {
        let mut some = profiles(&["11111", "33333"]);
        assert!(some.merge(&HealthProfiles::new(EqVersion::FiveLevel)).is_err());
        assert!(some.add(&HealthState::parse("11111", EqVersion::FiveLevel).unwrap()).is_err());
        some.merge(&profiles(&["33333", "22222"])).unwrap();
        assert!(some == profiles(&["33333", "11111", "22222", "33333"]));
        assert_eq!((some.full_health(), some.worst(), some.n()), (1, 2, 4));
        let digits = |(state, count): &(HealthState, u64)| (state.levels(), *count);
        let frequent: Vec<_> = some.most_frequent(2).iter().map(digits).collect();
        assert_eq!(frequent, [([3; 5], 2), ([1; 5], 1)]);
    }
}
