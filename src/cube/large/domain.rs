//! What the numbers and texts of one column of a flat table mean.

use std::collections::{BTreeSet, HashMap};

use super::support::Support;
use crate::load::number;
use crate::schema::{Codebook, Date, Instrument, Kind, Label, Language, Variable};

/// A number as a column holds it, in whole units or, where the domain has decimals, in parts of a unit.
pub(super) type Key = i64;

/// How a column is read. Reading gives a value (a code, a day, steps of a score, thousandths of a decimal), or missing, or
/// finds that the column cannot hold this.
pub(super) struct Domain {
    meaning: Meaning,
    missing: BTreeSet<Key>,
    /// Names of codes, for columns of text.
    labels: Labels,
}

/// The names of codes; a name of two codes is none.
#[derive(Default)]
struct Labels(HashMap<String, Option<Key>>);

enum Meaning {
    Codes(BTreeSet<i64>),
    /// A box: not ticked is no.
    Tick,
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// Limits in thousandths.
    Decimal {
        min: Option<i64>,
        max: Option<i64>,
    },
    Day,
    Score(Support),
    /// An answer to an item; its lowest code stands for 0.
    Item {
        first: i64,
        highest: i64,
    },
}

impl Domain {
    fn new(meaning: Meaning) -> Self {
        Self { meaning, missing: BTreeSet::new(), labels: Labels::default() }
    }

    pub(super) fn of_variable(variable: &Variable, codebook: &Codebook) -> Self {
        let mut labels = Labels::default();
        let meaning = match variable.kind() {
            Kind::Category if variable.levels().is_empty() => {
                for node in &codebook.units().nodes {
                    if let Some(code) = node.code {
                        labels.add(&node.id, code);
                        labels.add_label(&node.label, code);
                    }
                }
                Meaning::Codes(codebook.units().codes().collect())
            }
            Kind::Category => {
                variable.levels().iter().for_each(|level| labels.add_label(&level.label, level.code));
                Meaning::Codes(variable.levels().iter().map(|level| level.code()).collect())
            }
            Kind::Tick => Meaning::Tick,
            Kind::Decimal => {
                let thousandths = |limit: i64| limit.saturating_mul(1000);
                Meaning::Decimal { min: variable.min.map(thousandths), max: variable.max.map(thousandths) }
            }
            Kind::Date => Meaning::Day,
            _ => Meaning::Integer { min: variable.min, max: variable.max },
        };
        let scale = if variable.kind() == Kind::Decimal { 1000 } else { 1 };
        let missing = variable.missing.iter().map(|code| code.saturating_mul(scale)).collect();
        Self { meaning, missing, labels }
    }

    pub(super) fn of_visits() -> Self {
        Self::new(Meaning::Day)
    }

    pub(super) fn of_flag() -> Self {
        Self::new(Meaning::Tick)
    }

    pub(super) fn of_score(support: Support) -> Self {
        Self::new(Meaning::Score(support))
    }

    pub(super) fn of_item(instrument: &Instrument) -> Self {
        let highest = instrument.scoring().highest_answer();
        let meaning = Meaning::Item { first: instrument.first_code, highest };
        Self { missing: instrument.missing.iter().copied().collect(), ..Self::new(meaning) }
    }

    /// Keys to a unit.
    pub(super) fn keys_per_unit(&self) -> i64 {
        match &self.meaning {
            Meaning::Decimal { .. } => 1000,
            Meaning::Score(support) => support.keys_per_unit,
            _ => 1,
        }
    }

    pub(super) fn is_day(&self) -> bool {
        matches!(self.meaning, Meaning::Day)
    }

    /// Codes that mean missing.
    pub(super) fn missing(&self) -> &BTreeSet<Key> {
        &self.missing
    }

    /// What an empty field means.
    pub(super) fn of_null(&self) -> Option<i64> {
        matches!(self.meaning, Meaning::Tick).then_some(0)
    }

    /// What a number means; nothing where the column cannot hold it.
    pub(super) fn of_key(&self, key: Key) -> Option<Option<i64>> {
        if self.missing.contains(&key) {
            return Some(None);
        }
        let within = |min: &Option<i64>, max: &Option<i64>| {
            min.is_none_or(|min| key >= min) && max.is_none_or(|max| key <= max)
        };
        match &self.meaning {
            Meaning::Codes(codes) => codes.contains(&key).then_some(Some(key)),
            Meaning::Tick => (0..=1).contains(&key).then_some(Some(key)),
            Meaning::Integer { min, max } | Meaning::Decimal { min, max } => {
                within(min, max).then_some(Some(key))
            }
            Meaning::Day => is_day(key).then_some(Some(key)),
            Meaning::Score(support) => support.nearest(key).map(Some),
            Meaning::Item { first, highest } => {
                let answer = key.checked_sub(*first)?;
                (0..=*highest).contains(&answer).then_some(Some(answer))
            }
        }
    }

    /// What a text means: nothing at all where it cannot be read. The decimal mark may be a comma or a point.
    pub(super) fn key_of_text(&self, text: &str, mark: Option<u8>) -> Option<Key> {
        if let Some(code) = self.labels.0.get(text) {
            return *code;
        }
        match &self.meaning {
            Meaning::Day => Date::parse(text).map(|date| i64::from(date.days())),
            Meaning::Tick if text.eq_ignore_ascii_case("true") => Some(1),
            Meaning::Tick if text.eq_ignore_ascii_case("false") => Some(0),
            Meaning::Decimal { .. } | Meaning::Score(_) => {
                number::decimal(text, mark).and_then(|number| self.key_of_real(number))
            }
            _ => number::whole(text, mark),
        }
    }

    /// A floating-point number as a key; nothing where a whole number is needed and it is none.
    #[inline]
    pub(super) fn key_of_real(&self, number: f64) -> Option<Key> {
        key_of_real(number, self.keys_per_unit())
    }

    /// All keys that can be read, and a few more, where they are far fewer than those between the limits.
    pub(super) fn candidates(&self) -> Option<Vec<Key>> {
        match &self.meaning {
            Meaning::Score(support) => Some(support.keys_near().collect()),
            _ => None,
        }
    }

    /// The keys outside which nothing can be read, where they are known.
    pub(super) fn limits(&self) -> Option<(Key, Key)> {
        let (low, high) = match &self.meaning {
            Meaning::Codes(codes) => (*codes.first()?, *codes.last()?),
            Meaning::Tick => (0, 1),
            Meaning::Integer { min, max } | Meaning::Decimal { min, max } => ((*min)?, (*max)?),
            Meaning::Day => day_limits()?,
            Meaning::Score(support) => support.keys()?,
            Meaning::Item { first, highest } => (*first, first.saturating_add(*highest)),
        };
        let missing = || self.missing.iter().copied();
        Some((missing().chain([low]).min()?, missing().chain([high]).max()?))
    }
}

impl Labels {
    fn add(&mut self, name: &str, code: Key) {
        // Of a level called `2` the code is meant where a field says `2`.
        if number::whole(name, None).is_none() {
            let known = self.0.entry(name.to_owned()).or_insert(Some(code));
            *known = known.filter(|known| *known == code);
        }
    }

    fn add_label(&mut self, label: &Label, code: Key) {
        self.add(label.text(Language::Bokmal), code);
        self.add(label.text(Language::English), code);
    }
}

/// A float in keys of so many to a unit: halves away from zero, as `round` does. Nothing where it is not a number, where it is so
/// large that floats no longer tell neighbouring whole numbers apart, or where keys are whole units and it is not whole.
#[inline]
pub(super) fn key_of_real(number: f64, keys_per_unit: i64) -> Option<Key> {
    // Added to a smaller number, it leaves no room for a fraction: the sum is rounded to a whole one.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    const LARGEST: f64 = 2_251_799_813_685_248.0;
    let scaled = number * keys_per_unit as f64;
    let rounded = scaled + ROUNDER;
    let rest = scaled - (rounded - ROUNDER);
    let key = (rounded.to_bits() as i64).wrapping_sub(ROUNDER.to_bits() as i64);
    // Halves were rounded to the even neighbour.
    let key =
        if rest.abs() == 0.5 && (rest > 0.0) == (scaled > 0.0) { key + rest.signum() as i64 } else { key };
    (scaled.abs() < LARGEST && (keys_per_unit != 1 || rest == 0.0)).then_some(key)
}

fn day_limits() -> Option<(i64, i64)> {
    let day = |year, month, day| Date::new(year, month, day).ok().map(|date| i64::from(date.days()));
    Some((day(1900, 1, 1)?, day(2200, 12, 31)?))
}

fn is_day(key: i64) -> bool {
    day_limits().is_some_and(|(first, last)| (first..=last).contains(&key))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn floats_are_rounded_as_the_library_rounds(number in -3e6..3e6, halves in -4_000_000..4_000_000_i64) {
            for number in [number, halves as f64 / 2.0, halves as f64 / 2000.0] {
                prop_assert_eq!(key_of_real(number, 1000), Some((number * 1000.0).round() as i64));
                prop_assert_eq!(key_of_real(number, 1), (number.fract() == 0.0).then_some(number as i64));
            }
        }
    }

    #[test]
    fn what_is_no_number_or_too_large_is_no_key() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1e16, 4_503_599_627_370_496.0] {
            assert_eq!(key_of_real(number, 1), None);
            assert_eq!(key_of_real(number, 1000), None);
        }
    }
}
