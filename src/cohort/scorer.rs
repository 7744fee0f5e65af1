//! An instrument of the codebook, ready to score forms.

use crate::error::Error;
use crate::schema::{Instrument, Scoring};
use crate::score::{
    EqVersion, FearAvoidanceMissing, HealthState, MissingItems, PainCoding, Ratio, ValueSet, eq_vas,
    fear_avoidance_physical, fear_avoidance_work, hopkins_10, neck_disability, oswestry, pain_nrs,
};

/// A scoring rule with what the codebook says about missing items and the value set.
pub(crate) struct Scorer {
    rule: Rule,
    /// Steps of the score per whole unit.
    per_unit: i64,
}

#[derive(Clone, Copy)]
enum Rule {
    Oswestry(MissingItems),
    NeckDisability(MissingItems),
    Eq5d(EqVersion, ValueSet),
    EqVas,
    PainNrs,
    Hopkins(MissingItems),
    FearAvoidancePhysical(FearAvoidanceMissing),
    FearAvoidanceWork(FearAvoidanceMissing),
}

impl Scorer {
    /// Reads the names of the policy and of the value set.
    pub(crate) fn of(instrument: &Instrument) -> Result<Self, Error> {
        let missing = || MissingItems::parse(&instrument.missing_items);
        let one_missing = || FearAvoidanceMissing::parse(&instrument.missing_items);
        let value_set = || {
            let name = instrument.value_set.as_deref();
            ValueSet::parse(name.ok_or_else(|| Error::cohort("the codebook states no `value_set`"))?)
        };
        let rule = match instrument.scoring() {
            Scoring::Oswestry => Rule::Oswestry(missing()?),
            Scoring::NeckDisability => Rule::NeckDisability(missing()?),
            Scoring::Eq5d5l => Rule::Eq5d(EqVersion::FiveLevel, value_set()?),
            Scoring::Eq5d3l => Rule::Eq5d(EqVersion::ThreeLevel, value_set()?),
            Scoring::EqVas => Rule::EqVas,
            Scoring::PainNrs => Rule::PainNrs,
            Scoring::Hopkins10 => Rule::Hopkins(missing()?),
            Scoring::FearAvoidancePhysical => Rule::FearAvoidancePhysical(one_missing()?),
            Scoring::FearAvoidanceWork => Rule::FearAvoidanceWork(one_missing()?),
        };
        Ok(Self { rule, per_unit: instrument.scoring().per_unit() })
    }

    /// The score of one form in steps of its exact grid. Answers are counted from 0, as the loader stores them.
    pub(crate) fn steps(&self, answers: impl Iterator<Item = Option<i64>>) -> Result<Option<i64>, Error> {
        let answers: Vec<Option<u8>> =
            answers.map(|answer| answer.and_then(|answer| u8::try_from(answer).ok())).collect();
        let score = self.score(&answers)?;
        Ok(score.and_then(|score| {
            let scaled = score.numerator().checked_mul(self.per_unit)?;
            (scaled % score.denominator() == 0).then(|| scaled / score.denominator())
        }))
    }

    fn score(&self, answers: &[Option<u8>]) -> Result<Option<Ratio>, Error> {
        let whole = |score: i64| Ratio::whole(score);
        let single = || answers.first().copied().flatten().map(i64::from);
        match self.rule {
            Rule::Oswestry(policy) => oswestry(&items(answers.iter().copied())?, policy),
            Rule::NeckDisability(policy) => neck_disability(&items(answers.iter().copied())?, policy),
            Rule::Hopkins(policy) => hopkins_10(&items(from_one(answers))?, policy),
            Rule::FearAvoidancePhysical(missing) => {
                fear_avoidance_physical(&items(answers.iter().copied())?, missing)
            }
            Rule::FearAvoidanceWork(missing) => {
                fear_avoidance_work(&items(answers.iter().copied())?, missing)
            }
            Rule::Eq5d(version, value_set) => {
                let levels: [Option<u8>; 5] = items(from_one(answers))?;
                let [Some(a), Some(b), Some(c), Some(d), Some(e)] = levels else { return Ok(None) };
                value_set.index(&HealthState::new([a, b, c, d, e], version)?).map(Some)
            }
            Rule::EqVas => Ok(eq_vas(single())?.map(i64::from).map(whole)),
            Rule::PainNrs => Ok(pain_nrs(single(), PainCoding::Plain)?.map(i64::from).map(whole)),
        }
    }
}

/// Answers of an instrument whose lowest answer is 1.
fn from_one(answers: &[Option<u8>]) -> impl Iterator<Item = Option<u8>> {
    answers.iter().map(|answer| answer.and_then(|answer| answer.checked_add(1)))
}

fn items<const N: usize>(mut answers: impl Iterator<Item = Option<u8>>) -> Result<[Option<u8>; N], Error> {
    let mut items = [None; N];
    for item in &mut items {
        *item = answers.next().ok_or_else(wrong_number)?;
    }
    if answers.next().is_none() { Ok(items) } else { Err(wrong_number()) }
}

fn wrong_number() -> Error {
    Error::cohort("the instrument has another number of items than its scoring rule")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scorer(text: &str) -> Result<Scorer, Error> {
        let head = "id = \"x\"\nlabel = { nb = \"X\", en = \"X\" }\nforms = []\ncolumns = []\n";
        Scorer::of(&toml::from_str::<Instrument>(&format!("{head}{text}")).unwrap())
    }

    /// The score in units, of answers as the form system codes them.
    fn score(rule: &str, first_code: i64, codes: &[i64]) -> Option<f64> {
        let scorer = scorer(rule).unwrap();
        let answers = codes.iter().map(|code| (*code >= first_code).then(|| code - first_code));
        scorer.steps(answers).unwrap().map(|steps| steps as f64 / scorer.per_unit as f64)
    }

    #[test]
    fn every_rule_of_a_codebook_scores_the_codes_of_its_form() {
        let odi = "scoring = \"oswestry\"\nmissing_items = \"prorate_any\"";
        assert_eq!(score(odi, 1, &[3, 3, 3, 3, 3, 3, 2, 2, 2, 2]), Some(32.0));
        let ndi = "scoring = \"neck-disability\"\nmissing_items = \"min8\"";
        assert_eq!(score(ndi, 1, &[6, 6, 6, 6, 1, 1, 1, 1, 0, 0]), Some(50.0));
        assert_eq!(score(ndi, 1, &[6, 6, 6, 6, 1, 1, 1, 0, 0, 0]), None);
        let hopkins = "scoring = \"hopkins-10\"\nmissing_items = \"min7\"";
        assert_eq!(score(hopkins, 1, &[2, 2, 3, 3, 1, 1, 4, 3, 1, 2]), Some(2.2));
        assert_eq!(score(hopkins, 1, &[1, 1, 1, 1, 1, 1, 2, 0, 0, 0]), Some(2880.0 / 2520.0));
        assert_eq!(score(hopkins, 1, &[1, 1, 1, 1, 1, 1, 0, 0, 0, 0]), None);
        let physical = "scoring = \"fear-avoidance-physical\"\nmissing_items = \"max1_missing_prorate\"";
        assert_eq!(score(physical, 0, &[4, 6, 5, 2]), Some(17.0));
        assert_eq!(score(physical, 0, &[4, 6, 5, -1]), Some(20.0));
        assert_eq!(score(physical, 0, &[4, 6, -1, -1]), None);
        let work = "scoring = \"fear-avoidance-work\"";
        assert_eq!(score(work, 0, &[6, 6, 6, 6, 6, 6, 6]), Some(42.0));
        assert_eq!(score(work, 0, &[6, 6, 6, 6, 6, 6, -1]), None);
        let eq5d = "scoring = \"eq5d-5l\"\nvalue_set = \"norway_2025\"";
        assert_eq!(score(eq5d, 1, &[1, 1, 1, 1, 1]), Some(1.0));
        assert_eq!(score(eq5d, 1, &[1, 1, 1, 1, 0]), None);
        assert_eq!(score("scoring = \"eq-vas\"", 0, &[100]), Some(100.0));
        assert_eq!(score("scoring = \"pain-nrs\"", 0, &[10]), Some(10.0));
    }

    #[test]
    fn a_policy_of_another_instrument_and_a_wrong_number_of_items_are_refused() {
        assert!(scorer("scoring = \"oswestry\"\nmissing_items = \"max1_missing_prorate\"").is_err());
        assert!(scorer("scoring = \"fear-avoidance-work\"\nmissing_items = \"min8\"").is_err());
        assert!(scorer("scoring = \"eq5d-5l\"").is_err());
        let hopkins = scorer("scoring = \"hopkins-10\"").unwrap();
        assert!(hopkins.steps([Some(1); 9].into_iter()).is_err());
        assert!(hopkins.steps([Some(4); 10].into_iter()).is_err());
    }
}
