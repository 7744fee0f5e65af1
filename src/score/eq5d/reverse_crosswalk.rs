//! Reverse crosswalk from EQ-5D-3L to five-level values (van Hout and Shaw 2021, doi 10.1016/j.jval.2021.03.009, model 7).
//!
//! For each dimension an ordinal logit model of all five three-level answers gives the probabilities of the five levels; the
//! value of a state is the expected five-level value. It puts forms of the older version on the scale of the newer one. Full
//! health becomes a little less than 1, so means are not comparable at the ceiling.

use super::state::{EqVersion, HealthState};
use super::tariff::Tariff;
use super::value_sets::ValueSet;
use crate::error::Error;

/// Thresholds between levels 1 and 2, 2 and 3, 3 and 4, 4 and 5, for each five-level dimension.
const THRESHOLDS: [[f64; 4]; 5] = [
    [3.9330411, 9.4717306, 12.1346371, 18.1184139],
    [6.0909197, 11.6732344, 14.6083154, 18.4812059],
    [3.291334, 8.821973, 11.940403, 16.473542],
    [2.2426208, 7.4418477, 10.2161947, 14.4730928],
    [2.0269633, 6.4284401, 9.0011453, 13.1307958],
];

/// For each five-level dimension, what levels 2 and 3 of each three-level answer add.
const EFFECTS: [[[f64; 2]; 5]; 5] = [
    [
        [8.0193592, 14.9964848],
        [1.4994075, 2.1646608],
        [0.9035283, 2.0627231],
        [0.4723073, 2.235079],
        [-0.0191942, -0.2865895],
    ],
    [
        [2.221389, 4.0764578],
        [7.9572977, 13.8167089],
        [0.9956278, 2.6065086],
        [-0.0627564, 0.0888821],
        [0.4799309, 0.7731062],
    ],
    [
        [0.905625, 2.901183],
        [1.421035, 2.513473],
        [7.361279, 12.812377],
        [0.250118, 1.096261],
        [0.678046, 1.766627],
    ],
    [
        [0.7710276, 0.9528519],
        [0.8178065, 1.1696367],
        [0.7909648, 1.0558892],
        [6.2389643, 10.930359],
        [0.0913747, 0.5466025],
    ],
    [
        [-0.225499, 0.0524991],
        [0.2402093, 0.1877711],
        [0.5413928, 1.3510751],
        [0.0306644, 0.0190038],
        [6.0459337, 11.5165953],
    ],
];

/// The expected five-level value of a three-level state, not rounded.
///
/// # Errors
///
/// If the value set is not a five-level set of its own (a crosswalk is none) or the state is not a three-level state.
///
/// ```
/// use registat::{EqVersion, HealthState, ValueSet, reverse_crosswalk_2021};
///
/// // Norway: full health of the older version is worth 0.984.
/// let state = HealthState::parse("11111", EqVersion::ThreeLevel)?;
/// let value = reverse_crosswalk_2021(ValueSet::Norway2025, &state)?;
/// assert!((value - 0.984_093_863).abs() < 1e-9);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn reverse_crosswalk_2021(target: ValueSet, state: &HealthState) -> Result<f64, Error> {
    if state.version() != EqVersion::ThreeLevel {
        return Err(Error::score("the reverse crosswalk starts from a three-level health state"));
    }
    let tariff = target
        .five_level()
        .ok_or_else(|| Error::score("the reverse crosswalk leads to a five-level value set"))?;
    let spreads =
        THRESHOLDS.iter().zip(&EFFECTS).map(|(thresholds, effects)| spread(thresholds, effects, state));
    Ok(expected(tariff, &spreads.collect::<Vec<_>>()))
}

/// The probabilities of levels 1 to 5 of one dimension.
fn spread(thresholds: &[f64; 4], effects: &[[f64; 2]; 5], state: &HealthState) -> [f64; 5] {
    let answers = effects.iter().zip(state.levels());
    let shift: f64 = answers
        .map(|([at_2, at_3], level)| match level {
            2 => *at_2,
            3 => *at_3,
            _ => 0.0,
        })
        .sum();
    let [one, two, three, four] = thresholds.map(|threshold| 1.0 / (1.0 + (shift - threshold).exp()));
    [one, two - one, three - two, four - three, 1.0 - four]
}

/// The expected value; the terms that depend on several dimensions by the probability that they apply.
fn expected(tariff: &Tariff<5>, spreads: &[[f64; 5]]) -> f64 {
    let (mut all_at_1, mut none_at_5, mut steps) = (1.0, 1.0, 0.0);
    for ([one, two, three, four, five], values) in spreads.iter().zip(&tariff.steps) {
        let probabilities = [one, two, three, four, five];
        steps += probabilities.into_iter().zip(values).map(|(p, value)| p * *value as f64).sum::<f64>();
        all_at_1 *= one;
        none_at_5 *= one + two + three + four;
    }
    let sum = tariff.start as f64
        + tariff.any_problem as f64 * (1.0 - all_at_1)
        + tariff.any_worst as f64 * (1.0 - none_at_5)
        + steps;
    sum / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_add_up_and_follow_the_own_answer() {
        for digits in ["11111", "33333", "12321"] {
            let state = HealthState::parse(digits, EqVersion::ThreeLevel).unwrap();
            for ((thresholds, effects), level) in THRESHOLDS.iter().zip(&EFFECTS).zip(state.levels()) {
                let spread = spread(thresholds, effects, &state);
                assert!((spread.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                let likeliest = (0..5).max_by(|a, b| spread[*a].total_cmp(&spread[*b])).unwrap() as u8;
                assert!(likeliest.abs_diff(2 * (level - 1)) <= 1);
            }
        }
    }

    #[test]
    fn only_five_level_sets_and_three_level_states_fit() {
        let three = HealthState::parse("11111", EqVersion::ThreeLevel).unwrap();
        let five = HealthState::parse("11111", EqVersion::FiveLevel).unwrap();
        assert!(reverse_crosswalk_2021(ValueSet::Norway2025, &five).is_err());
        assert!(reverse_crosswalk_2021(ValueSet::UkTtoMvhA1, &three).is_err());
        assert!(reverse_crosswalk_2021(ValueSet::CrosswalkUk2012, &three).is_err());
    }
}
