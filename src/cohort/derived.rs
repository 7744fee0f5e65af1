//! What can be said of a course: variables, scores, changes, conditions. One whole-number column each.

use std::collections::HashMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::records::{Records, per_unit};
use super::region::Region;
use super::time::Time;
use crate::error::{Error, unknown};
use crate::schema::{Codebook, Date, Form, Instrument, Kind, Purpose, Variable};
use crate::score::{Direction, Outcome, Ratio, ResponderRule};

/// A column over the courses. Its JSON is its identity: two tables that group by the same `Derived` group by the same
/// thing, whatever their labels, and so does a release of last year in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Derived {
    /// Day of the visit.
    Visit,
    /// A variable's code, whole number or day.
    Variable { id: String, at: Time },
    /// Whether the course is its patient's newest between two days (as days since 1970).
    Newest { first: i32, last: i32 },
    /// 1, 0 or missing: whether a condition holds.
    Holds(Condition),
    /// A score in steps of its exact grid.
    Score { instrument: String, at: Time },
    /// Follow-up minus baseline, in the same steps.
    Change { instrument: String, from: Time, to: Time },
}

/// A column: one whole number, or missing, per course; `per_unit` of them make one printed unit.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) values: Rc<Vec<Option<i64>>>,
    pub(crate) per_unit: i64,
}

impl Derived {
    /// What a message calls it: a name of the codebook, never a level.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Visit => "visit date",
            Self::Variable { id, .. } => id,
            Self::Newest { .. } => "newest course of the patient",
            Self::Holds(condition) => condition.name(),
            Self::Score { instrument, .. } | Self::Change { instrument, .. } => instrument,
        }
    }

    /// Whether belonging to this region only says that something was not answered, which by itself identifies nobody. A
    /// region of codes that the codebook lacks holds nobody, so what counts is what is left of it among those it has.
    pub(crate) fn is_unanswered(&self, region: &Region, codebook: &Codebook) -> bool {
        match self {
            Self::Holds(condition) if condition.is_about_answering() => !region.contains(Some(1)),
            Self::Holds(_) => {
                region.intersection(&Region::codes([0, 1]).union(&Region::missing())).is_only_missing()
            }
            Self::Variable { id, .. } => region.intersection(&possible(id, codebook)).is_only_missing(),
            _ => region.is_only_missing(),
        }
    }
}

/// The values that a variable can have, and missing.
fn possible(id: &str, codebook: &Codebook) -> Region {
    let codes = match codebook.variable(id) {
        Some(variable) if variable.kind() == Kind::Tick => Region::codes([0, 1]),
        Some(variable) if variable.kind() == Kind::Category && variable.levels().is_empty() => {
            Region::codes(codebook.units().codes())
        }
        Some(variable) if variable.kind() == Kind::Category => {
            Region::codes(variable.levels().iter().map(|level| level.code()))
        }
        _ => Region::everything(),
    };
    codes.union(&Region::missing())
}

/// Computes columns, each once.
pub(crate) struct Deriver<'c> {
    records: &'c dyn Records,
    known: HashMap<Derived, Column>,
}

impl<'c> Deriver<'c> {
    pub(crate) fn new(records: &'c dyn Records) -> Self {
        Self { records, known: HashMap::new() }
    }

    /// Checks that a condition names only what there is.
    pub(crate) fn check(&mut self, condition: &Condition) -> Result<(), Error> {
        self.column(&Derived::Holds(condition.clone())).map(drop)
    }

    pub(crate) fn column(&mut self, derived: &Derived) -> Result<Column, Error> {
        if let Some(known) = self.known.get(derived) {
            return Ok(known.clone());
        }
        let (values, per_unit) = match derived {
            Derived::Visit => (self.records.visits()?, 1),
            Derived::Variable { id, at } => self.variable(id, *at)?,
            Derived::Newest { first, last } => (self.records.newest(*first, *last)?, 1),
            Derived::Holds(condition) => (self.holds(condition)?, 1),
            Derived::Score { instrument, at } => self.score(instrument, *at)?,
            Derived::Change { instrument, from, to } => {
                let before = self.score_column(instrument, *from)?;
                let after = self.score_column(instrument, *to)?;
                let change = before.values.iter().zip(after.values.iter());
                (change.map(|(before, after)| Some((*after)? - (*before)?)).collect(), before.per_unit)
            }
        };
        let column = Column { values: Rc::new(values), per_unit };
        self.known.insert(derived.clone(), column.clone());
        Ok(column)
    }

    fn score_column(&mut self, instrument: &str, at: Time) -> Result<Column, Error> {
        self.column(&Derived::Score { instrument: instrument.to_owned(), at })
    }

    /// The forms that hold what was known at a time: at the visit both the patient's and the clinician's.
    fn forms_at(&self, at: Time) -> impl Iterator<Item = &'c Form> + use<'c> {
        self.records.codebook().forms().iter().filter(move |form| match form.purpose() {
            Purpose::FollowUp => form.months() == Some(at.in_months()),
            _ => at == Time::BASELINE,
        })
    }

    fn patient_form(&self, at: Time) -> Result<&'c Form, Error> {
        let form = self.forms_at(at).find(|form| form.purpose() != Purpose::Course);
        form.ok_or_else(|| {
            Error::cohort(format!("the register has no form {} months after the visit", at.in_months()))
        })
    }

    fn find_variable(&self, id: &str, at: Time) -> Result<(&'c Variable, &'c Form), Error> {
        let codebook = self.records.codebook();
        let variable = codebook.variable(id).ok_or_else(|| {
            Error::cohort(unknown("variable", id, codebook.variables().iter().map(Variable::id)))
        })?;
        if matches!(variable.kind(), Kind::Identifier | Kind::FreeText) {
            return Err(Error::cohort("identifiers and free text are never tabulated").of_variable(id));
        }
        let form = self.forms_at(at).find(|form| variable.is_on(form.id()));
        let form = form.ok_or_else(|| {
            let months = at.in_months();
            Error::cohort(format!("it is not asked {months} months after the visit")).of_variable(id)
        })?;
        Ok((variable, form))
    }

    fn find_instrument(&self, id: &str) -> Result<&'c Instrument, Error> {
        let codebook = self.records.codebook();
        codebook.instrument(id).ok_or_else(|| {
            Error::cohort(unknown("instrument", id, codebook.instruments().iter().map(Instrument::id)))
        })
    }

    fn find_instrument_on_form(&self, id: &str, at: Time) -> Result<(&'c Instrument, &'c Form), Error> {
        let (instrument, form) = (self.find_instrument(id)?, self.patient_form(at)?);
        if instrument.forms.iter().any(|known| known == form.id()) {
            Ok((instrument, form))
        } else {
            Err(Error::cohort(format!("it is not on form `{}`", form.id())).of_variable(id))
        }
    }

    fn variable(&self, id: &str, at: Time) -> Result<(Vec<Option<i64>>, i64), Error> {
        let (variable, form) = self.find_variable(id, at)?;
        Ok((self.records.variable(variable, form, at)?, per_unit(variable)))
    }

    fn score(&self, id: &str, at: Time) -> Result<(Vec<Option<i64>>, i64), Error> {
        let (instrument, form) = self.find_instrument_on_form(id, at)?;
        Ok((self.records.score(instrument, form, at)?, instrument.scoring().per_unit()))
    }

    fn holds(&mut self, condition: &Condition) -> Result<Vec<Option<i64>>, Error> {
        let flag = |truth: bool| i64::from(truth);
        Ok(match condition {
            Condition::Level { variable, is, at } => {
                self.check_levels(variable, is, *at)?;
                let column = self.variable(variable, *at)?.0;
                column.into_iter().map(|code| code.map(|code| flag(is.contains(&code)))).collect()
            }
            Condition::Within { variable, from, to, at } => {
                let (column, per_unit) = self.variable(variable, *at)?;
                let limits = from.saturating_mul(per_unit)..=to.saturating_mul(per_unit);
                column.into_iter().map(|value| value.map(|value| flag(limits.contains(&value)))).collect()
            }
            Condition::Sent { at } => {
                let form = self.patient_form(*at)?;
                let answered = self.records.has_form(form)?.into_iter();
                match &form.sent {
                    Some(variable) => {
                        let days = self.variable(variable, Time::BASELINE)?.0;
                        let pairs = days.into_iter().zip(answered);
                        pairs.map(|(day, answered)| Some(flag(answered || day.is_some()))).collect()
                    }
                    None => answered.map(|answered| Some(flag(answered))).collect(),
                }
            }
            Condition::Answered { at } => {
                let form = self.patient_form(*at)?;
                let answered = self.records.has_form(form)?.into_iter();
                answered.map(|answered| Some(flag(answered))).collect()
            }
            Condition::ItemAnswered { instrument, item, at } => {
                let (known, form) = self.find_instrument_on_form(instrument, *at)?;
                let place = item.checked_sub(1).filter(|place| *place < known.scoring().items());
                let place = place.ok_or_else(|| {
                    Error::cohort("the instrument has no item of this number").of_variable(instrument)
                })?;
                let answers = self.records.item(known, form, *at, place)?;
                answers.into_iter().map(|answer| Some(flag(answer.is_some()))).collect()
            }
            Condition::Scored { instrument, times } => {
                let scored = self.all_scored(instrument, times)?;
                scored.into_iter().map(|scored| Some(flag(scored))).collect()
            }
            Condition::Improved { instrument, at_least, percent, times } => {
                let direction = if self.find_instrument(instrument)?.scoring().lower_is_better() {
                    Direction::LowerIsBetter
                } else {
                    Direction::HigherIsBetter
                };
                let amount = |amount: super::condition::Amount| Ratio::new(amount.in_thousandths(), 1000);
                let rule = match (at_least, percent) {
                    (Some(points), None) => amount(*points).map(ResponderRule::AtLeast),
                    (None, Some(percent)) => {
                        amount(*percent).map(|percent| ResponderRule::Relative { percent })
                    }
                    _ => None,
                };
                let rule = rule.ok_or_else(|| {
                    Error::cohort("`improved` states either `at_least` or `percent`").of_variable(instrument)
                })?;
                let before = self.score_column(instrument, times.0)?;
                let after = self.score_column(instrument, times.1)?;
                let pairs = before.values.iter().zip(after.values.iter());
                pairs
                    .map(|(first, second)| {
                        let first = Ratio::new((*first)?, before.per_unit)?;
                        let second = Ratio::new((*second)?, after.per_unit)?;
                        match rule.judge(direction, first, second) {
                            Outcome::Responder => Some(1),
                            Outcome::NonResponder => Some(0),
                            Outcome::Undefined => None,
                        }
                    })
                    .collect()
            }
            Condition::AtMost { instrument, points, times } => {
                self.compare(instrument, *points, times, |score, limit| score <= limit)?
            }
            Condition::AtLeast { instrument, points, times } => {
                self.compare(instrument, *points, times, |score, limit| score >= limit)?
            }
            Condition::Among { holds, of } => {
                let (holds, of) = (self.holds(holds)?, self.holds(of)?);
                holds.into_iter().zip(of).map(|(truth, of)| truth.filter(|_| of == Some(1))).collect()
            }
            Condition::All(parts) => self.combine(parts, 0)?,
            Condition::Any(parts) => self.combine(parts, 1)?,
            Condition::Not(part) => {
                self.holds(part)?.into_iter().map(|truth| truth.map(|truth| 1 - truth)).collect()
            }
        })
    }

    /// Whether the last score stands in a relation to a limit, of those who are scored at all times. Exact: steps / per_unit
    /// and thousandths / 1000 are compared cross-multiplied.
    fn compare(
        &mut self,
        instrument: &str,
        points: super::condition::Amount,
        times: &[Time],
        holds: fn(i128, i128) -> bool,
    ) -> Result<Vec<Option<i64>>, Error> {
        let last = *times.last().ok_or_else(|| {
            Error::cohort("`at_most` and `at_least` name the times that are scored").of_variable(instrument)
        })?;
        let scored = self.all_scored(instrument, times)?;
        let column = self.score_column(instrument, last)?;
        let limit = i128::from(points.in_thousandths()) * i128::from(column.per_unit);
        let pairs = column.values.iter().zip(scored);
        Ok(pairs
            .map(|(score, scored)| {
                let score = score.filter(|_| scored)?;
                Some(i64::from(holds(i128::from(score) * 1000, limit)))
            })
            .collect())
    }

    /// Kleene's three-valued `and` (a single 0 decides) and `or` (a single 1 decides).
    fn combine(&mut self, parts: &[Condition], decisive: i64) -> Result<Vec<Option<i64>>, Error> {
        let mut truths = vec![Some(1 - decisive); self.records.len()];
        for part in parts {
            let column = self.holds(part)?;
            for (truth, next) in truths.iter_mut().zip(column) {
                *truth = if *truth == Some(decisive) || next == Some(decisive) {
                    Some(decisive)
                } else {
                    truth.and(next)
                };
            }
        }
        Ok(truths)
    }

    fn all_scored(&mut self, instrument: &str, times: &[Time]) -> Result<Vec<bool>, Error> {
        let mut scored = vec![true; self.records.len()];
        for at in times {
            let column = self.score_column(instrument, *at)?;
            for (flag, score) in scored.iter_mut().zip(column.values.iter()) {
                *flag &= score.is_some();
            }
        }
        Ok(scored)
    }

    fn check_levels(&self, id: &str, codes: &[i64], at: Time) -> Result<(), Error> {
        let (variable, _) = self.find_variable(id, at)?;
        let units = self.records.codebook().units();
        let known = |code: &i64| match variable.kind() {
            Kind::Category if variable.levels().is_empty() => units.node_of_code(*code).is_some(),
            Kind::Category => variable.levels().iter().any(|level| level.code() == *code),
            Kind::Tick => (0..=1).contains(code),
            _ => true,
        };
        if codes.iter().all(known) {
            return Ok(());
        }
        Err(Error::cohort("a condition names a code that the codebook lacks").of_variable(id))
    }

    /// Refuses a period that mixes two scales of one measure.
    pub(crate) fn check_scale(&self, id: &str, visits: Option<(Date, Date)>) -> Result<(), Error> {
        let codebook = self.records.codebook();
        let mixed = || {
            Error::cohort("the period mixes two scales of this measure; choose a period within one scale")
                .of_variable(id)
        };
        if let Some(instrument) = codebook.instrument(id) {
            let after_start =
                instrument.from.is_none_or(|from| visits.is_some_and(|(first, _)| first >= from));
            let before_end =
                instrument.until.is_none_or(|until| visits.is_some_and(|(_, last)| last <= until));
            return if after_start && before_end { Ok(()) } else { Err(mixed()) };
        }
        let scales = codebook.variable(id).map(|variable| variable.scales.as_slice()).unwrap_or_default();
        if scales.is_empty() {
            return Ok(());
        }
        let within_one = |(first, last): (Date, Date)| {
            scales.iter().any(|scale| scale.covers(first) && scale.covers(last))
        };
        if visits.is_some_and(within_one) { Ok(()) } else { Err(mixed()) }
    }
}
