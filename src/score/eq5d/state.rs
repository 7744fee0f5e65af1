//! A health state: the levels of the five dimensions, and the EQ VAS beside them.

use std::fmt;

use crate::error::Error;

/// Version of the questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EqVersion {
    /// EQ-5D-3L: levels 1 to 3, 243 states.
    ThreeLevel,
    /// EQ-5D-5L: levels 1 to 5, 3125 states.
    FiveLevel,
}

impl EqVersion {
    /// The worst level, 3 or 5.
    pub fn worst_level(&self) -> u8 {
        match self {
            EqVersion::ThreeLevel => 3,
            EqVersion::FiveLevel => 5,
        }
    }
}

/// A complete health state: mobility, self-care, usual activities, pain or discomfort, anxiety or
/// depression, in this order. Level 1 is no problem.
///
/// A form with any dimension missing has no state. The `Debug` form hides the levels, because they
/// belong to one patient.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HealthState {
    levels: [u8; 5],
    version: EqVersion,
}

impl HealthState {
    /// The state with these levels.
    ///
    /// # Errors
    ///
    /// If a level is below 1 or above the version's worst level.
    pub fn new(levels: [u8; 5], version: EqVersion) -> Result<HealthState, Error> {
        if levels.iter().all(|level| (1..=version.worst_level()).contains(level)) {
            Ok(HealthState { levels, version })
        } else {
            Err(Error::score("a health state has a level outside its EQ-5D version"))
        }
    }

    /// The state written as five digits, such as `11223`.
    ///
    /// # Errors
    ///
    /// If the text is not five digits or a level lies outside the version.
    ///
    /// ```
    /// use registat::{EqVersion, HealthState};
    ///
    /// let state = HealthState::parse("11223", EqVersion::FiveLevel)?;
    /// assert_eq!(state.levels(), [1, 1, 2, 2, 3]);
    /// assert!(HealthState::parse("11224", EqVersion::ThreeLevel).is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(text: &str, version: EqVersion) -> Result<HealthState, Error> {
        let digits: Option<Vec<u8>> =
            text.chars().map(|digit| digit.to_digit(10).and_then(|level| u8::try_from(level).ok())).collect();
        let levels: Option<[u8; 5]> = digits.and_then(|levels| levels.try_into().ok());
        match levels {
            Some(levels) => HealthState::new(levels, version),
            None => Err(Error::score("a health state is written as five digits")),
        }
    }

    /// The levels, in the order of the dimensions.
    pub fn levels(&self) -> [u8; 5] {
        self.levels
    }

    /// The version of the questionnaire.
    pub fn version(&self) -> EqVersion {
        self.version
    }

    /// Sum of the levels (level sum score): 5 is full health. A description, not a value.
    pub fn level_sum(&self) -> u8 {
        self.levels.iter().sum()
    }

    /// The highest level of any dimension, the worst: 1 is full health.
    pub fn highest_level(&self) -> u8 {
        self.levels.into_iter().fold(1, u8::max)
    }

    /// How many dimensions are at each level, from level 1 (level frequency): `[5, 0, 0, 0, 0]` is full
    /// health. Written as a string of digits it is the LFS.
    ///
    /// ```
    /// use registat::{EqVersion, HealthState};
    ///
    /// assert_eq!(HealthState::parse("25532", EqVersion::FiveLevel)?.level_frequency(), [0, 2, 1, 0, 2]);
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn level_frequency(&self) -> Vec<u8> {
        let at = |level: u8| self.levels.iter().filter(|own| **own == level).count() as u8;
        (1..=self.version.worst_level()).map(at).collect()
    }
}

/// The EQ VAS, 0 (worst imaginable health) to 100 (best); `None` stays `None`.
///
/// # Errors
///
/// If the value is outside 0 to 100.
///
/// ```
/// use registat::eq_vas;
///
/// assert_eq!(eq_vas(Some(75))?, Some(75));
/// assert!(eq_vas(Some(101)).is_err());
/// # Ok::<(), registat::Error>(())
/// ```
pub fn eq_vas(value: Option<i64>) -> Result<Option<u8>, Error> {
    let Some(value) = value else {
        return Ok(None);
    };
    match u8::try_from(value) {
        Ok(score) if score <= 100 => Ok(Some(score)),
        _ => Err(Error::score("an EQ VAS lies outside 0 to 100")),
    }
}

impl fmt::Debug for HealthState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HealthState(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{EqVersion, HealthState, eq_vas};

    #[test]
    fn text_that_is_no_state_is_refused() {
        for text in ["", "1111", "111111", "1111x", "01111", "11116", "-1111", "1 111"] {
            assert!(HealthState::parse(text, EqVersion::FiveLevel).is_err());
        }
    }

    #[test]
    fn the_level_sum_counts_every_dimension() {
        let sum = HealthState::parse("12345", EqVersion::FiveLevel).map(|s| s.level_sum());
        assert!(matches!(sum, Ok(15)));
    }

    #[test]
    fn the_visual_scale_keeps_its_ends() {
        assert!(matches!(eq_vas(None), Ok(None)));
        assert!(matches!(eq_vas(Some(0)), Ok(Some(0))));
        assert!(matches!(eq_vas(Some(100)), Ok(Some(100))));
        assert!(eq_vas(Some(-1)).is_err());
    }
}
