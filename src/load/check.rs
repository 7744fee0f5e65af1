//! One form from raw columns to its frame: which rows are final, and every cell of those checked.

use polars::prelude::{Column, DataFrame, DataType, PlSmallStr};

use super::findings::{FindingKind, Findings};
use super::layout::{Field, Layout, Target};
use super::loader::BadValues;
use super::raw::{Cell, RawColumn, RawTable};
use super::source::Source;
use super::value::{Context, Reading};
use crate::error::Error;
use crate::schema::{Date, Kind, Purpose};

/// A form whose cells are checked, and what comparing it with the other forms needs.
pub(super) struct CheckedForm<'c> {
    pub(super) source: Source<'c>,
    pub(super) rows: Vec<FinalRow>,
    pub(super) frame: DataFrame,
}

/// A row that is kept. Keys stand as hashes: they are only ever compared.
pub(super) struct FinalRow {
    row: usize,
    pub(super) line: u64,
    pub(super) patient: u64,
    pub(super) key: Option<u128>,
    pub(super) course: Option<u128>,
    pub(super) date: Option<Date>,
}

/// The check of one form while it runs.
pub(super) struct Check<'a, 'c> {
    pub(super) layout: &'a Layout<'c>,
    pub(super) table: &'a RawTable,
    pub(super) source: &'a Source<'c>,
    pub(super) context: Context<'c>,
    pub(super) bad_values: BadValues,
    pub(super) findings: &'a mut Findings,
    /// Columns are read one after the other, and the error to report is that of the first row.
    pub(super) earliest: Option<(usize, Error)>,
}

impl<'a, 'c> Check<'a, 'c> {
    /// Checks the form.
    pub(super) fn run(mut self) -> Result<(Vec<FinalRow>, DataFrame), Error> {
        let rows = self.final_rows()?;
        let layout = self.layout;
        let mut columns = Vec::with_capacity(layout.fields.len());
        for field in &layout.fields {
            columns.push(self.column(field, &rows)?);
        }
        if let Some((_, error)) = self.earliest {
            return Err(error);
        }
        let frame = DataFrame::new(rows.len(), columns);
        let frame = frame.map_err(|_| self.source.error("its columns do not make a frame"))?;
        Ok((rows, frame))
    }

    /// The rows whose status is final; the values of all others are not looked at.
    fn final_rows(&mut self) -> Result<Vec<FinalRow>, Error> {
        let (form, layout, table) = (self.source.form, self.layout, self.table);
        let status = self.context.codebook.variable(&form.status);
        let (Some(field), Some(status)) = (layout.field(&form.status), status) else {
            let message = "the form's status must be a variable that is read, not free text";
            return Err(self.source.error(message).of_variable(&form.status));
        };
        let column = |id: &str| layout.field(id).and_then(|field| table.column(field.column));
        let (statuses, dates) = (column(&form.status), column(&form.date));
        let (patients, keys, courses) = (column(&form.patient), column(&form.key), column(&form.course));
        let mut rows = Vec::new();
        for (row, line) in table.lines.iter().enumerate() {
            let candidate = FinalRow {
                row,
                line: *line,
                // Half of the hash is enough to tell patients apart where they are only counted.
                patient: hash_of(patients, row).unwrap_or_default() as u64,
                key: hash_of(keys, row),
                course: hash_of(courses, row),
                date: cell_of(dates, row).day().ok().flatten(),
            };
            match cell_of(statuses, row).whole(self.context.mark) {
                Ok(code) => {
                    let decoded = code.and_then(|code| status.decode(code, &form.id, candidate.date));
                    if decoded == Some(form.final_status) {
                        rows.push(candidate);
                    } else {
                        self.note(&candidate, field, FindingKind::NotFinal);
                    }
                }
                Err(_) => self.reject(&candidate, field, FindingKind::BadNumber),
            }
        }
        Ok(rows)
    }

    /// The frame's column of one field.
    fn column(&mut self, field: &Field<'c>, rows: &[FinalRow]) -> Result<Column, Error> {
        let context = self.context;
        let name = PlSmallStr::from_str(&field.name);
        let column = match field.target {
            Target::Item(instrument) => {
                Column::new(name, self.gather(field, rows, |cell, _| context.answer(cell, instrument)))
            }
            Target::Variable(variable) => match variable.kind {
                Kind::Identifier => {
                    let texts = self.gather(field, rows, |cell, _| context.identifier(cell));
                    self.require_identity(field, rows, &texts);
                    Column::new(name, texts)
                }
                Kind::Category | Kind::Tick | Kind::Integer => {
                    let read = |cell: Cell<'a>, date| context.code(cell, variable, date);
                    Column::new(name, self.gather(field, rows, read))
                }
                Kind::Decimal => {
                    let read = |cell: Cell<'a>, date| context.decimal(cell, variable, date);
                    Column::new(name, self.gather(field, rows, read))
                }
                Kind::Date => {
                    let days = Column::new(name, self.gather(field, rows, |cell, _| context.day(cell)));
                    let dates = days.cast(&DataType::Date);
                    dates
                        .map_err(|_| self.source.error("it is no column of dates").at_column(field.column))?
                }
                // The layout has no such field; should it ever get one, its text still stays unread.
                Kind::FreeText => Column::new(name, vec![None::<i64>; rows.len()]),
            },
        };
        Ok(column)
    }

    /// Reads one column; what cannot be read is refused or taken as missing. An absent column is all missing.
    fn gather<T>(
        &mut self,
        field: &Field<'c>,
        rows: &[FinalRow],
        read: impl Fn(Cell<'a>, Option<Date>) -> Reading<T>,
    ) -> Vec<Option<T>> {
        let table = self.table;
        let Some(raw) = table.column(field.column) else {
            return rows.iter().map(|_| None).collect();
        };
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            values.push(match read(raw.cell(row.row), row.date) {
                Ok(value) => value,
                Err(kind) => {
                    self.reject(row, field, kind);
                    None
                }
            });
        }
        values
    }

    /// Without patient or form key a row is nobody's, and no count of persons would be right. A patient's
    /// form without a course is found when the forms are compared.
    fn require_identity(&mut self, field: &Field<'c>, rows: &[FinalRow], texts: &[Option<String>]) {
        let form = self.source.form;
        let is_course = form.purpose == Purpose::Course && field.name == form.course;
        if field.name != form.key && field.name != form.patient && !is_course {
            return;
        }
        if let Some((row, _)) = rows.iter().zip(texts).find(|(_, text)| text.is_none()) {
            let error = self.source.error("a final form must have this identifier, and it is empty");
            self.keep_earliest(
                row.row,
                error.at_line(row.line).at_column(field.column).of_variable(field.id()),
            );
        }
    }

    fn reject(&mut self, row: &FinalRow, field: &Field<'c>, kind: FindingKind) {
        match self.bad_values {
            BadValues::AsMissing => self.note(row, field, kind),
            BadValues::Refuse => {
                let error = self.source.error(kind.advice()).at_line(row.line);
                self.keep_earliest(row.row, error.at_column(field.column).of_variable(field.id()));
            }
        }
    }

    fn keep_earliest(&mut self, row: usize, error: Error) {
        if self.earliest.as_ref().is_none_or(|(first, _)| row < *first) {
            self.earliest = Some((row, error));
        }
    }

    fn note(&mut self, row: &FinalRow, field: &Field<'c>, kind: FindingKind) {
        let finding = self.source.finding(kind).of_variable(field.id()).at_line(row.line);
        self.findings.note_row(row.patient, finding);
    }
}

fn cell_of(column: Option<&RawColumn>, row: usize) -> Cell<'_> {
    column.map_or(Cell::Empty, |column| column.cell(row))
}

fn hash_of(column: Option<&RawColumn>, row: usize) -> Option<u128> {
    let text = cell_of(column, row).identifier().ok().flatten()?;
    Some(fingerprint(&text))
}

/// The first half of a hash: long enough that two keys never meet.
fn fingerprint(text: &str) -> u128 {
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes().iter().take(16).fold(0_u128, |number, byte| (number << 8) | u128::from(*byte))
}
