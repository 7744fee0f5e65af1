//! Crosswalk from EQ-5D-5L to three-level values (van Hout 2012, doi 10.1016/j.jval.2012.02.008).
//!
//! Each five-level answer stands for a spread over three-level answers, dimension by dimension; the
//! value of a state is the expected three-level value. The published probabilities are shares of
//! 3691 respondents and are kept as the counts behind them, so the expectation is exact.

use crate::error::Error;

use super::state::{EqVersion, HealthState};
use super::tariff::Tariff;
use super::value_sets::ValueSet;

/// The spread of one answer: counts at the three-level levels 1, 2, 3.
type Spread = [i128; 3];

/// Five-level answers 1, 3 and 5 correspond to 1, 2 and 3 with certainty.
const CERTAIN_1: Spread = [1, 0, 0];
const CERTAIN_2: Spread = [0, 1, 0];
const CERTAIN_3: Spread = [0, 0, 1];

/// Spreads per dimension (mobility, self-care, usual activities, pain, anxiety) and five-level
/// level. In decimals: level 2 is at 1 with probability 0.1773, 0.1673, 0.1978, 0.1989, 0.2066;
/// level 4 is at 3 with probability 0.0721, 0.2431, 0.3284, 0.3995, 0.4907.
const SPREADS: [[Spread; 5]; 5] = [
    [CERTAIN_1, [119, 552, 0], CERTAIN_2, [0, 193, 15], CERTAIN_3],
    [CERTAIN_1, [41, 204, 0], CERTAIN_2, [0, 109, 35], CERTAIN_3],
    [CERTAIN_1, [163, 661, 0], CERTAIN_2, [0, 137, 67], CERTAIN_3],
    [CERTAIN_1, [211, 850, 0], CERTAIN_2, [0, 239, 159], CERTAIN_3],
    [CERTAIN_1, [219, 841, 0], CERTAIN_2, [0, 82, 79], CERTAIN_3],
];

/// The expected three-level value of a five-level state, not rounded, 1 for full health.
///
/// The tables that EuroQol distributes are rounded; they are [`ValueSet::CrosswalkUk2012`] and its
/// siblings. Use this for three-level sets outside those tables.
///
/// # Errors
///
/// If the value set is not a three-level set or the state is not a five-level state.
///
/// ```
/// use registat::{EqVersion, HealthState, ValueSet, crosswalk_2012};
///
/// // United Kingdom, state 11112: 0.879 in the official table.
/// let state = HealthState::parse("11112", EqVersion::FiveLevel)?;
/// let value = crosswalk_2012(ValueSet::UkTtoMvhA1, &state)?;
/// assert!((value - 0.879_403_774).abs() < 1e-9);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn crosswalk_2012(target: ValueSet, state: &HealthState) -> Result<f64, Error> {
    if state.version() != EqVersion::FiveLevel {
        return Err(Error::score("the crosswalk starts from a five-level health state"));
    }
    let tariff =
        target.three_level().ok_or_else(|| Error::score("the crosswalk leads to a three-level value set"))?;
    let (millionths, divisor) = expected_millionths(tariff, state.levels())
        .ok_or_else(|| Error::score("the crosswalk has no value for this state"))?;
    Ok(millionths as f64 / (divisor as f64 * 1e6))
}

/// The value of the official table, in thousandths: the expected value rounded to four decimals and
/// then to three, halves away from zero both times. Rounding once misses up to 216 of 3125 states.
pub(super) fn official_thousandths(tariff: &Tariff<3>, levels: [u8; 5]) -> Option<i64> {
    let (millionths, divisor) = expected_millionths(tariff, levels)?;
    // The size in ten-thousandths is size / (100 * divisor).
    let ten_thousandths = (millionths.abs() + 50 * divisor) / (100 * divisor);
    let thousandths = (ten_thousandths + 5) / 10;
    i64::try_from(thousandths * millionths.signum()).ok()
}

/// The expected value in millionths, as an exact fraction: numerator and positive divisor.
///
/// With five answers the divisor is at most 1.6e14 and the numerator at most 1e21 in size, far
/// inside 128 bits.
fn expected_millionths(tariff: &Tariff<3>, levels: [u8; 5]) -> Option<(i128, i128)> {
    let mut divisor: i128 = 1;
    let mut all_at_1: i128 = 1;
    let mut none_at_3: i128 = 1;
    // Running sum of the expected steps, as a fraction over `divisor`.
    let mut steps: i128 = 0;
    for ((spreads, values), level) in SPREADS.iter().zip(&tariff.steps).zip(levels) {
        let spread = spreads.get(usize::from(level).checked_sub(1)?)?;
        let [at_1, at_2, at_3] = *spread;
        let total = at_1 + at_2 + at_3;
        let step: i128 = spread.iter().zip(values).map(|(count, &value)| count * i128::from(value)).sum();
        steps = steps * total + step * divisor;
        divisor *= total;
        all_at_1 *= at_1;
        none_at_3 *= at_1 + at_2;
    }
    let sum = i128::from(tariff.start) * divisor
        + i128::from(tariff.any_problem) * (divisor - all_at_1)
        + i128::from(tariff.any_worst) * (divisor - none_at_3)
        + steps;
    Some((sum, divisor))
}

#[cfg(test)]
mod tests {
    use super::{EqVersion, HealthState, SPREADS, ValueSet, crosswalk_2012};

    #[test]
    fn spreads_are_the_published_probabilities() {
        let at_1 = [0.177347242921013, 0.16734693877551, 0.197815533980583];
        for (spreads, published) in SPREADS.iter().zip(at_1) {
            let share = spreads.get(1).map(|[a, b, c]| *a as f64 / (a + b + c) as f64);
            assert!(share.is_some_and(|s| (s - published).abs() < 1e-14));
        }
    }

    #[test]
    fn only_three_level_sets_and_five_level_states_fit() {
        let three = HealthState::parse("11111", EqVersion::ThreeLevel);
        assert!(three.is_ok_and(|s| crosswalk_2012(ValueSet::UkTtoMvhA1, &s).is_err()));
        let five = HealthState::parse("11111", EqVersion::FiveLevel);
        assert!(five.is_ok_and(|s| crosswalk_2012(ValueSet::Norway2025, &s).is_err()));
    }
}
