//! What derived columns are computed from: the linked courses of a register, or a batch of rows that hold whole courses.

use std::ops::Range;
use std::thread;

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

    /// How many threads may score these records: one where other batches are scored beside them.
    fn threads(&self) -> usize {
        1
    }

    /// Scores in steps of the instrument's exact grid.
    fn score(&self, instrument: &Instrument, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        score_items(self, instrument, form, at)
    }
}

/// Fewer records than this are scored before another thread has started.
const WORTH_A_THREAD: usize = 4_000;

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
    in_parts(records.len(), records.threads(), |part| part.map(score).collect::<Result<Vec<_>, _>>())
}

/// Joins what is made of parts of the records, each part on a thread of its own.
fn in_parts(
    records: usize,
    threads: usize,
    make: impl Fn(Range<usize>) -> Result<Vec<Option<i64>>, Error> + Sync,
) -> Result<Vec<Option<i64>>, Error> {
    let parts = threads.min(records / WORTH_A_THREAD).max(1);
    let part = |number: usize| records * number / parts..records * (number + 1) / parts;
    let make = &make;
    thread::scope(|scope| {
        let later: Vec<_> = (1..parts).map(|number| scope.spawn(move || make(part(number)))).collect();
        let mut whole = make(part(0))?;
        for more in later {
            // A thread ends without a result only where it panicked; its message is not passed on.
            whole.extend(more.join().map_err(|_| Error::cohort("scoring stopped before its end"))??);
        }
        Ok(whole)
    })
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

    fn threads(&self) -> usize {
        thread::available_parallelism().map_or(1, usize::from)
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
