//! The values that a measure can have: a finite, sorted list, so that a histogram is a row of counters.

use std::collections::BTreeSet;

use crate::cohort::{Scorer, per_unit};
use crate::error::Error;
use crate::schema::{Instrument, Kind, Scoring, Variable};

/// More values than this are not counted one by one.
const MOST: usize = 60_000;

/// Sorted possible values in steps; `per_unit` steps make one printed unit. A value's place in the list is its bin.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Support {
    values: Vec<i64>,
    pub(super) per_unit: i64,
    /// Stored numbers are read to so many parts of a unit.
    pub(super) keys_per_unit: i64,
    /// How far a stored number may lie from the value that it stands for, in these parts.
    tolerance: i64,
}

impl Support {
    /// Every score that an instrument's rule and its policy for missing items can give.
    pub(super) fn of_instrument(instrument: &Instrument) -> Result<Self, Error> {
        let scorer = Scorer::of(instrument).map_err(|error| error.of_variable(instrument.id()))?;
        let scoring = instrument.scoring();
        let mut values = BTreeSet::new();
        for answers in possible_answers(scoring) {
            let steps =
                scorer.steps(answers.into_iter()).map_err(|error| error.of_variable(instrument.id()))?;
            values.extend(steps);
        }
        // Scores are stored with two decimals or more, indices with all that their value set has.
        let (keys_per_unit, tolerance) = match scoring.per_unit() {
            2520 => (1000, 5),
            per_unit => (per_unit.max(1000), 0),
        };
        let values = values.into_iter().collect();
        Ok(Self { values, per_unit: scoring.per_unit(), keys_per_unit, tolerance })
    }

    /// Every value of a variable within its limits, or every code.
    pub(super) fn of_variable(variable: &Variable, mut codes: Vec<i64>) -> Result<Self, Error> {
        let per_unit = per_unit(variable);
        let values: Vec<i64> = match (variable.kind(), variable.min, variable.max) {
            (Kind::Category | Kind::Tick, ..) => {
                codes.sort_unstable();
                codes.dedup();
                codes
            }
            (Kind::Integer | Kind::Decimal, Some(min), Some(max)) => {
                let (min, max) = (min.saturating_mul(per_unit), max.saturating_mul(per_unit));
                if max.saturating_sub(min) >= MOST as i64 {
                    return Err(Error::cube(
                        "its limits are too wide for a large cohort: narrow `min` and `max` in the codebook",
                    )
                    .of_variable(variable.id()));
                }
                (min..=max).collect()
            }
            _ => {
                return Err(Error::cube(
                    "its values cannot be counted in a large cohort: state `min` and `max` in the codebook",
                )
                .of_variable(variable.id()));
            }
        };
        Ok(Self { values, per_unit, keys_per_unit: per_unit, tolerance: 0 })
    }

    /// Every difference between a later and an earlier value.
    pub(super) fn of_change(&self) -> Option<Self> {
        let mut differences = BTreeSet::new();
        for earlier in &self.values {
            differences.extend(self.values.iter().map(|later| later - earlier));
            if differences.len() > MOST {
                return None;
            }
        }
        Some(Self { values: differences.into_iter().collect(), tolerance: 0, ..*self })
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The bin of a value in steps.
    pub(super) fn bin(&self, steps: i64) -> Option<u16> {
        self.values.binary_search(&steps).ok().map(|bin| bin as u16)
    }

    /// The values by bin, in steps.
    pub(super) fn values(&self) -> &[i64] {
        &self.values
    }

    /// The value that a stored number stands for, in steps: the nearest, if it is near enough.
    pub(super) fn nearest(&self, key: i64) -> Option<i64> {
        let (per_unit, keys) = (i128::from(self.per_unit), i128::from(self.keys_per_unit));
        let wanted = i128::from(key) * per_unit;
        let away = |steps: i64| (i128::from(steps) * keys - wanted).abs();
        let after = self.values.partition_point(|steps| i128::from(*steps) * keys < wanted);
        let around = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let near = around.filter_map(|at| self.values.get(at).copied()).min_by_key(|steps| away(*steps))?;
        (away(near) <= i128::from(self.tolerance) * per_unit).then_some(near)
    }

    /// Every stored number that stands for a value, and its neighbours.
    pub(super) fn keys_near(&self) -> impl Iterator<Item = i64> {
        let reach = self.tolerance + 1;
        self.values.iter().flat_map(move |steps| {
            let near = i128::from(*steps) * i128::from(self.keys_per_unit) / i128::from(self.per_unit);
            let near = i64::try_from(near).unwrap_or_default();
            near - reach..=near + reach
        })
    }

    /// Lowest and highest stored number that can stand for a value.
    pub(super) fn keys(&self) -> Option<(i64, i64)> {
        let at = |steps: i64| {
            i64::try_from(i128::from(steps) * i128::from(self.keys_per_unit) / i128::from(self.per_unit)).ok()
        };
        let (first, last) = self.values.first().zip(self.values.last())?;
        Some((at(*first)? - 1 - self.tolerance, at(*last)? + 1 + self.tolerance))
    }
}

/// Answers, counted from 0, that give every score of a rule: sums depend on how many items are answered and on nothing else,
/// an EQ-5D index on the whole state.
fn possible_answers(scoring: Scoring) -> Vec<Vec<Option<i64>>> {
    let (items, highest) = (scoring.items(), scoring.highest_answer());
    if matches!(scoring, Scoring::Eq5d5l | Scoring::Eq5d3l) {
        let mut states = vec![Vec::new()];
        for _ in 0..items {
            let longer = |state: &Vec<Option<i64>>| {
                (0..=highest).map(|answer| [state.as_slice(), &[Some(answer)]].concat()).collect::<Vec<_>>()
            };
            states = states.iter().flat_map(longer).collect();
        }
        return states;
    }
    let mut patterns = Vec::new();
    for answered in 1..=items {
        for sum in 0..=highest * answered as i64 {
            let mut left = sum;
            let mut next = || {
                let answer = left.min(highest);
                left -= answer;
                Some(answer)
            };
            patterns.push((0..items).map(|item| if item < answered { next() } else { None }).collect());
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instrument(text: &str) -> Instrument {
        let head = "id = 'x'\nlabel = { nb = 'X', en = 'X' }\nforms = []\ncolumns = []\n";
        toml::from_str(&format!("{head}{text}")).unwrap()
    }

    #[test]
    fn a_complete_questionnaire_has_a_score_for_every_sum() {
        let odi = Support::of_instrument(&instrument("scoring = 'oswestry'")).unwrap();
        assert_eq!(odi.values(), (0..=50).map(|sum| sum * 2 * 2520).collect::<Vec<_>>());
        assert_eq!(odi.nearest(22_000), Some(22 * 2520));
        assert_eq!(odi.nearest(22_005), Some(22 * 2520));
        assert_eq!(odi.nearest(22_006), None);
        assert_eq!(odi.bin(22 * 2520), Some(11));
        assert_eq!(odi.of_change().unwrap().len(), 101);
    }

    #[test]
    fn prorated_scores_are_found_from_two_decimals_on() {
        let odi = instrument("scoring = 'oswestry'\nmissing_items = 'min8'");
        let odi = Support::of_instrument(&odi).unwrap();
        // 10 of 45 points.
        assert_eq!(odi.nearest(22_220), Some(56_000));
        assert_eq!(odi.nearest(22_222), Some(56_000));
        assert_eq!(odi.nearest(33_000), None, "a rounded score is no score");
        // Looking near the values misses none.
        let (low, high) = odi.keys().unwrap();
        let near: BTreeSet<i64> = odi.keys_near().filter(|key| odi.nearest(*key).is_some()).collect();
        assert_eq!(near, (low..=high).filter(|key| odi.nearest(*key).is_some()).collect());
        let gaps = odi.values().windows(2).map(|pair| pair[1] - pair[0]);
        assert!(gaps.min().unwrap() * 1000 > 2 * 5 * 2520, "no stored number is near two scores");
    }

    #[test]
    fn an_index_has_one_value_for_every_state() {
        let index = instrument("scoring = 'eq5d-5l'\nvalue_set = 'norway_2025'");
        let index = Support::of_instrument(&index).unwrap();
        assert!(index.len() > 500 && index.len() <= 3125);
        assert_eq!(index.nearest(1_000_000), Some(1_000_000));
        assert_eq!(index.nearest(935_015), Some(935_015), "one moderate problem with mobility");
        assert_eq!(index.nearest(935_000), None, "three decimals may stand for several states");
        assert_eq!(index.values().last(), Some(&1_000_000));
        let vas = Support::of_instrument(&instrument("scoring = 'eq-vas'")).unwrap();
        assert_eq!(vas.values(), (0..=100).collect::<Vec<_>>());
        assert_eq!(vas.nearest(99_500), None);
    }
}
