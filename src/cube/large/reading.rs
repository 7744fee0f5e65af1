//! From the rows of a flat table to counters: in blocks that fit the processor's cache, column by column.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use polars::prelude::DataType;

use super::classes::{BAD, Classes};
use super::column;
use super::counters::Counter;
use super::crossings::Crossings;
use super::patients::{Meetings, PatientKey};
use super::rows::{Columns, Probe, Rows, name_at, visit_variable};
use super::shape::{Crossed, Measure, Shape};
use crate::cohort::{Derived, Deriver};
use crate::error::Error;
use crate::load::{BadValues, Batch};
use crate::schema::Purpose;

/// Rows of a block: its crossings and classes stay in the cache while measure after measure is counted, and so do the counters that
/// its rows have in common.
const BLOCK: usize = 65_536;

/// How each axis and measure comes out of a table's columns.
pub(super) struct Reading<'s> {
    shape: &'s Shape,
    pub(super) columns: Columns,
    axes: Vec<Reader>,
    measures: Vec<Reader>,
    /// The column that names the patient, where patients are told apart.
    patient: Option<(String, PatientKey)>,
    mark: Option<u8>,
    bad_values: BadValues,
}

/// Sorts rows into atoms or bins.
enum Reader {
    /// By one column, through a table of its numbers.
    Column(Source),
    /// By the difference of two columns of the same classes.
    Change { before: Source, after: Source, bins: Vec<u16>, classes: usize },
    /// By whatever a cohort of forms derives in the same way.
    Derived,
}

struct Source {
    column: String,
    classes: Classes,
    /// What a field becomes that the column cannot hold, when such are taken as missing.
    missing: u16,
}

/// What is known of the records of a block.
struct Block {
    crossings: Crossings,
    classes: Vec<u16>,
}

/// What one thread counts.
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) records: Counter,
    pub(super) measures: Vec<Counter>,
    pub(super) meetings: Option<Meetings>,
    pub(super) taken_as_missing: BTreeMap<String, u64>,
}

impl Counts {
    /// For another thread that counts the same.
    pub(super) fn another(&self) -> Self {
        Self {
            rows: 0,
            records: self.records.another(),
            measures: self.measures.iter().map(Counter::another).collect(),
            meetings: self.meetings.as_ref().map(Meetings::another),
            taken_as_missing: BTreeMap::new(),
        }
    }

    /// Adds what another thread counted.
    pub(super) fn join(&mut self, other: Self) -> Result<(), Error> {
        self.rows += other.rows;
        self.records.join(other.records)?;
        for (measure, other) in self.measures.iter_mut().zip(other.measures) {
            measure.join(other)?;
        }
        if let (Some(meetings), Some(other)) = (&mut self.meetings, other.meetings) {
            meetings.join(other);
        }
        for (column, fields) in other.taken_as_missing {
            *self.taken_as_missing.entry(column).or_default() += fields;
        }
        Ok(())
    }
}

impl<'s> Reading<'s> {
    /// Finds the columns that a shape needs among those of a table.
    pub(super) fn new(
        shape: &'s Shape,
        available: &BTreeSet<String>,
        patient: Option<PatientKey>,
        mark: Option<u8>,
        bad_values: BadValues,
    ) -> Result<Self, Error> {
        let probe = Probe::new(shape.codebook(), available);
        let mut deriver = Deriver::new(&probe);
        let all = shape.axes.iter().map(|axis| &axis.derived);
        for derived in all.chain(shape.measures.iter().map(|measure| &measure.derived)) {
            deriver.column(derived)?;
        }
        let columns = probe.asked();
        let axes = shape.axes.iter().map(|axis| of_axis(axis, shape, &columns)).collect();
        let measures = shape.measures.iter().map(|measure| of_measure(measure, shape, &columns)).collect();
        let patient = match patient {
            Some(key) => Some((patient_column(shape, available)?, key)),
            None => None,
        };
        Ok(Self { shape, columns, axes, measures, patient, mark, bad_values })
    }

    /// The columns that are to be read.
    pub(super) fn wanted(&self) -> BTreeSet<String> {
        let patient = self.patient.iter().map(|(column, _)| column.clone());
        self.columns.keys().cloned().chain(patient).collect()
    }

    /// Counts a batch; gives the number of its rows.
    pub(super) fn count(&self, batch: &Batch, counts: &mut Counts) -> Result<u64, Error> {
        let height = batch.frame.height();
        let mut block = Block {
            crossings: Crossings::of(self.shape.crossings, self.shape.groups),
            classes: Vec::with_capacity(BLOCK),
        };
        for start in (0..height).step_by(BLOCK) {
            let frame = batch.frame.slice(start as i64, BLOCK);
            let rows = Rows {
                codebook: self.shape.codebook(),
                columns: &self.columns,
                frame: &frame,
                first: start as u64,
                mark: self.mark,
                bad_values: self.bad_values,
                taken_as_missing: RefCell::default(),
            };
            let counted = self.count_block(&rows, &mut block, counts);
            counted.map_err(|error| in_batch(error, batch))?;
            for (column, fields) in rows.taken_as_missing.into_inner() {
                *counts.taken_as_missing.entry(column).or_default() += fields;
            }
        }
        counts.rows += height as u64;
        Ok(height as u64)
    }

    fn count_block(&self, rows: &Rows<'_>, block: &mut Block, counts: &mut Counts) -> Result<(), Error> {
        let Block { crossings, classes } = block;
        let mut deriver = Deriver::new(rows);
        crossings.begin(rows.frame.height());
        let axes = self.shape.axes.iter().zip(&self.axes);
        for (axis, reader) in axes.filter(|(axis, _)| !axis.is_answered) {
            match reader {
                Reader::Column(source) => source.classes_of(rows, classes)?,
                Reader::Change { .. } | Reader::Derived => {
                    let column = deriver.column(&axis.derived)?;
                    classes.clear();
                    classes.extend(column.values.iter().map(|value| axis.atoms.of_value(*value)));
                }
            }
            crossings.add(classes, axis.stride);
        }
        for ((measure, reader), counter) in
            self.shape.measures.iter().zip(&self.measures).zip(&mut counts.measures)
        {
            match reader {
                Reader::Column(source) => source.classes_of(rows, classes)?,
                Reader::Change { before, after, bins, classes: width } => {
                    let mut earlier = Vec::with_capacity(rows.frame.height());
                    before.classes_of(rows, &mut earlier)?;
                    after.classes_of(rows, classes)?;
                    for (class, earlier) in classes.iter_mut().zip(earlier) {
                        let pair = usize::from(earlier) * width + usize::from(*class);
                        *class = bins.get(pair).copied().unwrap_or_else(|| measure.missing());
                    }
                }
                Reader::Derived => {
                    let column = deriver.column(&measure.derived)?;
                    classes.clear();
                    for value in column.values.iter() {
                        let bin = value.map_or(Some(measure.missing()), |steps| measure.support.bin(steps));
                        classes.push(bin.ok_or_else(|| {
                            Error::cube("a value is none of those that the codebook makes possible")
                                .of_variable(measure.name())
                        })?);
                    }
                }
            }
            counter.add(crossings, classes)?;
            if let Some(axis) = measure.answered.and_then(|axis| self.shape.axes.get(axis)) {
                crossings.add_answers(classes, measure.missing(), axis.answered());
            }
        }
        counts.records.add_records(crossings)?;
        if let (Some((column, key)), Some(meetings)) = (&self.patient, &mut counts.meetings) {
            meet(rows, column, *key, crossings, meetings)?;
        }
        Ok(())
    }
}

impl Source {
    fn classes_of(&self, rows: &Rows<'_>, classes: &mut Vec<u16>) -> Result<(), Error> {
        let none = || Error::load("the column was not read").at_column(&self.column);
        let domain = rows.columns.get(&self.column).ok_or_else(none)?;
        let column = rows.frame.column(&self.column).map_err(|_| none())?;
        column::classify(column.as_materialized_series(), domain, rows.mark, &self.classes, classes)
            .map_err(|error| error.at_column(&self.column))?;
        // Without a way out of the loop it takes many at a time.
        let is_any_bad = classes.iter().fold(false, |any, class| any | (*class == BAD));
        let first = is_any_bad.then(|| classes.iter().position(|class| *class == BAD)).flatten();
        if let Some(row) = first {
            let fields = classes.iter().filter(|class| **class == BAD).count() as u64;
            rows.judge(&self.column, row as u64, fields)?;
            let bad = classes.iter_mut().filter(|class| **class == BAD);
            bad.for_each(|class| *class = self.missing);
        }
        Ok(())
    }
}

/// Errors within a block count rows from the batch's first one; here they get the numbers of the source.
fn in_batch(error: Error, batch: &Batch) -> Error {
    error.with_line(|row| {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        match &batch.lines {
            Some(lines) => lines.get(row).copied().unwrap_or(batch.first),
            None => batch.first + row as u64,
        }
    })
}

/// The column of a variable, score or visit, if a single column tells it.
fn column_of(derived: &Derived, shape: &Shape, columns: &Columns) -> Option<String> {
    let name = match derived {
        Derived::Visit => visit_variable(shape.codebook())?.to_owned(),
        Derived::Variable { id, at } => name_at(id, *at),
        Derived::Score { instrument, at } => name_at(instrument, *at),
        _ => return None,
    };
    columns.contains_key(&name).then_some(name)
}

fn of_axis(axis: &Crossed, shape: &Shape, columns: &Columns) -> Reader {
    let column = column_of(&axis.derived, shape, columns);
    let Some((column, domain)) = column.and_then(|name| Some((name.clone(), columns.get(&name)?))) else {
        return Reader::Derived;
    };
    let atoms = Arc::clone(&axis.atoms);
    let missing = atoms.of_value(None);
    let classes = Classes::new(Arc::clone(domain), move |value| Some(atoms.of_value(value)));
    Reader::Column(Source { column, classes, missing })
}

fn of_measure(measure: &Measure, shape: &Shape, columns: &Columns) -> Reader {
    if let Some(source) = binned(&measure.derived, &measure.support, shape, columns) {
        return Reader::Column(source);
    }
    change(measure, shape, columns).unwrap_or(Reader::Derived)
}

fn binned(
    derived: &Derived,
    support: &Arc<super::support::Support>,
    shape: &Shape,
    columns: &Columns,
) -> Option<Source> {
    let column = column_of(derived, shape, columns)?;
    let domain = columns.get(&column)?;
    let missing = support.len() as u16;
    let support = Arc::clone(support);
    let classes = Classes::new(Arc::clone(domain), move |value| match value {
        Some(steps) => support.bin(steps),
        None => Some(support.len() as u16),
    });
    Some(Source { column, classes, missing })
}

/// More pairs of an earlier and a later value than this are not looked up in a table.
const MOST_PAIRS: usize = 1 << 22;

/// A change between two scores that have columns of their own: a table of the bin of every pair of scores.
fn change(measure: &Measure, shape: &Shape, columns: &Columns) -> Option<Reader> {
    let Derived::Change { instrument, from, to } = &measure.derived else { return None };
    let known = shape.codebook().instrument(instrument)?;
    let scores = Arc::new(super::support::Support::of_instrument(known).ok()?);
    let score = |at| Derived::Score { instrument: instrument.clone(), at };
    let before = binned(&score(*from), &scores, shape, columns)?;
    let after = binned(&score(*to), &scores, shape, columns)?;
    let width = scores.len() + 1;
    if width * width > MOST_PAIRS {
        return None;
    }
    let mut bins = vec![measure.missing(); width * width];
    for (first, row) in scores.values().iter().zip(bins.chunks_mut(width)) {
        for (second, bin) in scores.values().iter().zip(row) {
            *bin = measure.support.bin(second - first)?;
        }
    }
    Some(Reader::Change { before, after, bins, classes: width })
}

/// The column of the variable that names the patient on the course form.
fn patient_column(shape: &Shape, available: &BTreeSet<String>) -> Result<String, Error> {
    let form = shape.codebook().of_purpose(Purpose::Course).next();
    let column = form.map(|form| form.patient.clone()).unwrap_or_default();
    if available.contains(&column) {
        return Ok(column);
    }
    let message = "the table lacks the column that names the patient; add it, or state that each row is another patient";
    Err(Error::load(message).at_column(column))
}

/// Notes which patient was met in which crossing. An identifier is the same whether a column holds it as number or text.
fn meet(
    rows: &Rows<'_>,
    name: &str,
    key: PatientKey,
    crossings: &Crossings,
    meetings: &mut Meetings,
) -> Result<(), Error> {
    let unsuitable =
        |_| Error::load("the column names no patients; convert it to text or whole numbers").at_column(name);
    let column = rows.frame.column(name).map_err(unsuitable)?;
    let series = column.as_materialized_series();
    let mut last = (None, 0);
    let mut text = String::new();
    // Those without a name may be one and the same.
    const UNKNOWN: u128 = 0;
    let mut hashes = Vec::with_capacity(series.len());
    if series.dtype().is_integer() {
        let numbers = series.strict_cast(&DataType::Int64).map_err(unsuitable)?;
        for number in numbers.i64().map_err(unsuitable)?.iter() {
            if last.0 != Some(number) {
                text.clear();
                let hash = |number: i64| {
                    let _ = write!(text, "{number}");
                    key.hash(text.as_bytes())
                };
                last = (Some(number), number.map_or(UNKNOWN, hash));
            }
            hashes.push(last.1);
        }
    } else {
        let texts = series.cast(&DataType::String).map_err(unsuitable)?;
        for text in texts.str().map_err(unsuitable)?.iter() {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            hashes.push(text.map_or(UNKNOWN, |text| key.hash(text.as_bytes())));
        }
    }
    if let Some(row) = hashes.iter().position(|hash| *hash == UNKNOWN) {
        let unknown = hashes.iter().filter(|hash| **hash == UNKNOWN).count();
        rows.judge(name, row as u64, unknown as u64)?;
    }
    let mut hashes = hashes.into_iter();
    crossings.each(|crossing| meetings.add(hashes.next().unwrap_or(UNKNOWN), crossing));
    meetings.settle_if_full()
}
