//! Flat tables: one row is one whole course, with a column for everything that is known of it.
//!
//! A variable at the visit has the column of its name, one asked six months later `name_6`; scores and `answered_6` likewise.
//! Where a score has no column it is computed from those of its items, `odi.1` to `odi.10` or `odi_6.1`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use polars::prelude::DataFrame;

use super::column::{self, Field};
use super::domain::Domain;
use super::support::Support;
use crate::cohort::{Records, Time, score_items};
use crate::error::{Error, unknown};
use crate::load::BadValues;
use crate::schema::{Codebook, Form, Instrument, Purpose, Variable};

/// The columns that are read, with what they mean.
pub(super) type Columns = BTreeMap<String, Arc<Domain>>;

/// The column of something at a time.
pub(super) fn name_at(id: &str, at: Time) -> String {
    if at == Time::BASELINE { id.to_owned() } else { format!("{id}_{}", at.in_months()) }
}

fn item_at(instrument: &Instrument, at: Time, item: usize) -> String {
    format!("{}.{}", name_at(instrument.id(), at), item + 1)
}

fn answered_at(form: &Form) -> String {
    format!("answered_{}", form.months().unwrap_or_default())
}

/// The variable that dates the visit.
pub(super) fn visit_variable(codebook: &Codebook) -> Option<&str> {
    codebook.of_purpose(Purpose::Course).next().map(|form| form.date.as_str())
}

fn no_newest() -> Error {
    Error::cube(
        "patients' newest courses are not told apart in a flat table: count courses, or mark them in a column",
    )
}

/// A table without rows that notes which columns are asked for.
pub(super) struct Probe<'c> {
    codebook: &'c Codebook,
    available: &'c BTreeSet<String>,
    asked: RefCell<Columns>,
}

impl<'c> Probe<'c> {
    pub(super) fn new(codebook: &'c Codebook, available: &'c BTreeSet<String>) -> Self {
        Self { codebook, available, asked: RefCell::default() }
    }

    /// Notes a column.
    pub(super) fn ask(
        &self,
        name: String,
        domain: impl FnOnce() -> Result<Domain, Error>,
    ) -> Result<(), Error> {
        if !self.available.contains(&name) {
            let known = self.available.iter().map(String::as_str);
            return Err(Error::load(unknown("column", &name, known)).at_column(name));
        }
        if !self.asked.borrow().contains_key(&name) {
            let domain = Arc::new(domain()?);
            self.asked.borrow_mut().insert(name, domain);
        }
        Ok(())
    }

    pub(super) fn asked(self) -> Columns {
        self.asked.into_inner()
    }
}

impl Records for Probe<'_> {
    fn codebook(&self) -> &Codebook {
        self.codebook
    }

    fn len(&self) -> usize {
        0
    }

    fn visits(&self) -> Result<Vec<Option<i64>>, Error> {
        let name = visit_variable(self.codebook).unwrap_or_default().to_owned();
        self.ask(name, || Ok(Domain::of_visits()))?;
        Ok(Vec::new())
    }

    fn newest(&self, _: i32, _: i32) -> Result<Vec<Option<i64>>, Error> {
        Err(no_newest())
    }

    fn has_form(&self, form: &Form) -> Result<Vec<bool>, Error> {
        if form.purpose() == Purpose::FollowUp {
            self.ask(answered_at(form), || Ok(Domain::of_flag()))?;
        }
        Ok(Vec::new())
    }

    fn variable(&self, variable: &Variable, _: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        self.ask(name_at(variable.id(), at), || Ok(Domain::of_variable(variable, self.codebook)))?;
        Ok(Vec::new())
    }

    fn item(
        &self,
        instrument: &Instrument,
        _: &Form,
        at: Time,
        item: usize,
    ) -> Result<Vec<Option<i64>>, Error> {
        self.ask(item_at(instrument, at, item), || Ok(Domain::of_item(instrument)))?;
        Ok(Vec::new())
    }

    fn score(&self, instrument: &Instrument, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        let name = name_at(instrument.id(), at);
        if self.available.contains(&name) {
            self.ask(name, || Support::of_instrument(instrument).map(Domain::of_score))?;
            return Ok(Vec::new());
        }
        score_items(self, instrument, form, at)
    }
}

/// Some rows of a flat table.
pub(super) struct Rows<'c> {
    pub(super) codebook: &'c Codebook,
    pub(super) columns: &'c Columns,
    pub(super) frame: &'c DataFrame,
    /// The number of the first row, as messages count them.
    pub(super) first: u64,
    pub(super) mark: Option<u8>,
    pub(super) bad_values: BadValues,
    /// How many fields of each column were taken as missing.
    pub(super) taken_as_missing: RefCell<BTreeMap<String, u64>>,
}

impl Rows<'_> {
    /// A column as its domain reads it.
    pub(super) fn column(&self, name: &str) -> Result<Vec<Option<i64>>, Error> {
        let none = || Error::load("the column was not read").at_column(name);
        let domain = self.columns.get(name).ok_or_else(none)?;
        let column = self.frame.column(name).map_err(|_| none())?;
        let mut values = Vec::with_capacity(self.frame.height());
        let mut bad = None;
        let mut bad_fields = 0;
        let mut add = |field: Field| {
            let value = match field {
                Field::Empty => Some(domain.of_null()),
                Field::Number(key) => domain.of_key(key),
                Field::Bad => None,
            };
            if value.is_none() {
                bad.get_or_insert(values.len() as u64);
                bad_fields += 1;
            }
            values.push(value.flatten());
        };
        column::read(column.as_materialized_series(), domain, self.mark, &mut add)
            .map_err(|error| error.at_column(name))?;
        if let Some(row) = bad {
            self.judge(name, row, bad_fields)?;
        }
        Ok(values)
    }

    /// What comes of fields that their column cannot hold.
    pub(super) fn judge(&self, name: &str, row: u64, fields: u64) -> Result<(), Error> {
        if self.bad_values == BadValues::AsMissing {
            // A column may be read for an axis and for a measure; its fields are counted once.
            self.taken_as_missing.borrow_mut().insert(name.to_owned(), fields);
            return Ok(());
        }
        let message = "a value that the codebook does not allow; correct it, or take such values as missing";
        Err(Error::load(message).at_line(self.first + row).at_column(name))
    }
}

impl Records for Rows<'_> {
    fn codebook(&self) -> &Codebook {
        self.codebook
    }

    fn len(&self) -> usize {
        self.frame.height()
    }

    fn visits(&self) -> Result<Vec<Option<i64>>, Error> {
        self.column(visit_variable(self.codebook).unwrap_or_default())
    }

    fn newest(&self, _: i32, _: i32) -> Result<Vec<Option<i64>>, Error> {
        Err(no_newest())
    }

    /// Every row is a course, whose first forms are there.
    fn has_form(&self, form: &Form) -> Result<Vec<bool>, Error> {
        if form.purpose() != Purpose::FollowUp {
            return Ok(vec![true; self.len()]);
        }
        Ok(self.column(&answered_at(form))?.into_iter().map(|answered| answered == Some(1)).collect())
    }

    fn variable(&self, variable: &Variable, _: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        self.column(&name_at(variable.id(), at))
    }

    fn item(
        &self,
        instrument: &Instrument,
        _: &Form,
        at: Time,
        item: usize,
    ) -> Result<Vec<Option<i64>>, Error> {
        self.column(&item_at(instrument, at, item))
    }

    fn score(&self, instrument: &Instrument, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        let name = name_at(instrument.id(), at);
        if self.columns.contains_key(&name) {
            return self.column(&name);
        }
        score_items(self, instrument, form, at)
    }
}
