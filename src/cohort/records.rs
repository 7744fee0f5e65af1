//! What derived columns are computed from: the linked courses of a register, or a batch of rows that hold whole courses.

use super::courses::Courses;
use super::scorer::Scorer;
use super::time::Time;
use crate::error::Error;
use crate::schema::{Codebook, Form, Instrument, Kind, Variable};

/// Records of courses. Every column is as long as there are records; whole numbers as [`super::Column`] holds them.
pub(crate) trait Records {
    fn codebook(&self) -> &Codebook;

    fn len(&self) -> usize;

    /// Day of the visit.
    fn visits(&self) -> Result<Vec<Option<i64>>, Error>;

    /// 1 where the record is its patient's newest from the first to the last day, otherwise 0.
    fn newest(&self, first: i32, last: i32) -> Result<Vec<Option<i64>>, Error>;

    /// Whether the form was answered.
    fn has_form(&self, form: &Form) -> Result<Vec<bool>, Error>;

    /// Codes, days, whole numbers, or thousandths of a decimal.
    fn variable(&self, variable: &Variable, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error>;

    /// Answers to one item of an instrument, counted from 0; the first item is 0.
    fn item(
        &self,
        instrument: &Instrument,
        form: &Form,
        at: Time,
        item: usize,
    ) -> Result<Vec<Option<i64>>, Error>;

    /// Scores in steps of the instrument's exact grid.
    fn score(&self, instrument: &Instrument, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        score_items(self, instrument, form, at)
    }
}

/// Scores the answers to an instrument's items.
pub(crate) fn score_items<R: Records + ?Sized>(
    records: &R,
    instrument: &Instrument,
    form: &Form,
    at: Time,
) -> Result<Vec<Option<i64>>, Error> {
    let items = (0..instrument.scoring().items()).map(|item| records.item(instrument, form, at, item));
    let items: Vec<Vec<Option<i64>>> = items.collect::<Result<_, _>>()?;
    let scorer = Scorer::of(instrument).map_err(|error| error.of_variable(instrument.id()))?;
    let score = |record: usize| {
        let answers = items.iter().map(|item| item.get(record).copied().flatten());
        scorer.steps(answers).map_err(|error| error.of_variable(instrument.id()))
    };
    (0..records.len()).map(score).collect()
}

/// Steps to the unit of a variable's whole numbers.
pub(crate) fn per_unit(variable: &Variable) -> i64 {
    if variable.kind() == Kind::Decimal { 1000 } else { 1 }
}

impl Records for Courses {
    fn codebook(&self) -> &Codebook {
        Courses::codebook(self)
    }

    fn len(&self) -> usize {
        Courses::len(self)
    }

    fn visits(&self) -> Result<Vec<Option<i64>>, Error> {
        Ok(Courses::visits(self).iter().map(|visit| Some(i64::from(visit.days()))).collect())
    }

    fn newest(&self, first: i32, last: i32) -> Result<Vec<Option<i64>>, Error> {
        Ok(self.newest_between(first, last))
    }

    fn has_form(&self, form: &Form) -> Result<Vec<bool>, Error> {
        Ok(Courses::has_form(self, form.id()).collect())
    }

    fn variable(&self, variable: &Variable, form: &Form, _: Time) -> Result<Vec<Option<i64>>, Error> {
        self.column(form.id(), variable.id())
    }

    fn item(
        &self,
        instrument: &Instrument,
        form: &Form,
        _: Time,
        item: usize,
    ) -> Result<Vec<Option<i64>>, Error> {
        self.column(form.id(), &instrument.item_name(item))
    }
}
