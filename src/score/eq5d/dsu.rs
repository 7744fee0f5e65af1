//! The mapping of the NICE Decision Support Unit between the versions of EQ-5D (Hernandez Alava, Pudney and Wailoo 2023,
//! doi 10.1007/s40273-022-01218-7; EEPRU data set): expected values by state, age band and sex.
//!
//! The tables are those of the R package eq5d (MIT), kept as little-endian 32-bit whole numbers of billionths: states in the
//! order of their digits, within a state the age bands from the youngest, within a band men before women.

use super::state::{EqVersion, HealthState};
use crate::error::Error;

/// Values of the UK time trade-off set of the three-level version, for five-level states.
static TO_THREE_LEVEL: &[u8] = include_bytes!("dsu_5l_to_3l_uk.bin");

/// Values of the England 2018 set of the five-level version, for three-level states.
static TO_FIVE_LEVEL: &[u8] = include_bytes!("dsu_3l_to_5l_england.bin");

/// Age bands of the mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeBand {
    /// 18 to 34 years.
    From18,
    /// 35 to 44 years.
    From35,
    /// 45 to 54 years.
    From45,
    /// 55 to 64 years.
    From55,
    /// 65 years and more.
    From65,
}

impl AgeBand {
    /// The band of an age in completed years; `None` below 18.
    pub fn of(years: u32) -> Option<AgeBand> {
        match years {
            0..18 => None,
            18..35 => Some(AgeBand::From18),
            35..45 => Some(AgeBand::From35),
            45..55 => Some(AgeBand::From45),
            55..65 => Some(AgeBand::From55),
            65.. => Some(AgeBand::From65),
        }
    }
}

/// Sex, as the mapping has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Men.
    Male,
    /// Women.
    Female,
}

/// The expected value in the other version: of a five-level state by the UK three-level set (MVH A1), of a three-level state
/// by the England five-level set (2018). Nine decimals, as distributed.
///
/// # Errors
///
/// None that a state can cause: the tables hold every state.
///
/// ```
/// use registat::{AgeBand, EqVersion, HealthState, Sex, dsu_mapping};
///
/// // Test suite of the R package eq5d: 0.761 for a woman of 50 years.
/// let state = HealthState::parse("24112", EqVersion::FiveLevel)?;
/// let value = AgeBand::of(50).map(|age| dsu_mapping(&state, age, Sex::Female)).transpose()?;
/// assert!(value.is_some_and(|value| (value - 0.761).abs() < 6e-4));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn dsu_mapping(state: &HealthState, age: AgeBand, sex: Sex) -> Result<f64, Error> {
    let (table, base) = match state.version() {
        EqVersion::FiveLevel => (TO_THREE_LEVEL, 5),
        EqVersion::ThreeLevel => (TO_FIVE_LEVEL, 3),
    };
    let number = state.levels().into_iter().fold(0, |number, level| number * base + usize::from(level) - 1);
    let place = 4 * (10 * number + 2 * age as usize + sex as usize);
    let bytes = table.get(place..place + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    let billionths = bytes.map(i32::from_le_bytes);
    let value = billionths.ok_or_else(|| Error::score("the mapping has no value for this state"))?;
    Ok(f64::from(value) / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_hold_every_state_age_and_sex() {
        assert_eq!((TO_THREE_LEVEL.len(), TO_FIVE_LEVEL.len()), (4 * 31_250, 4 * 2_430));
        for (digits, version) in [("11111", EqVersion::FiveLevel), ("33333", EqVersion::ThreeLevel)] {
            let state = HealthState::parse(digits, version).unwrap();
            for age in [18, 34, 35, 44, 45, 54, 55, 64, 65, 120] {
                let value = dsu_mapping(&state, AgeBand::of(age).unwrap(), Sex::Male).unwrap();
                assert!((-1.0..1.0).contains(&value));
            }
        }
        assert_eq!(AgeBand::of(17), None);
    }
}
