//! Which columns a form has: what the codebook names, compared with the header that was found.

use std::collections::BTreeSet;

use super::findings::{FindingKind, Findings};
use super::source::Source;
use crate::error::{Error, nearest};
use crate::schema::{Codebook, Form, Instrument, Kind, Variable};

/// The columns of one form that are read, in the order of the codebook: first variables, then items.
pub(super) struct Layout<'c> {
    pub(super) fields: Vec<Field<'c>>,
    /// Every column name that the codebook knows on this form, those included that are never read.
    known: BTreeSet<&'c str>,
}

/// One column of the source and the column of the frame that it becomes.
pub(super) struct Field<'c> {
    pub(super) column: &'c str,
    pub(super) name: String,
    pub(super) target: Target<'c>,
    is_required: bool,
}

/// What a field holds.
#[derive(Clone, Copy)]
pub(super) enum Target<'c> {
    Variable(&'c Variable),
    Item(&'c Instrument),
}

impl<'c> Field<'c> {
    /// The variable or instrument, as the codebook calls it.
    pub(super) fn id(&self) -> &'c str {
        match self.target {
            Target::Variable(variable) => &variable.id,
            Target::Item(instrument) => &instrument.id,
        }
    }
}

impl<'c> Layout<'c> {
    pub(super) fn new(codebook: &'c Codebook, form: &'c Form) -> Self {
        let structural = [&form.key, &form.course, &form.patient, &form.status, &form.date];
        let read = codebook.variables.iter().filter(|variable| variable.kind != Kind::FreeText);
        let variables = read.filter(|variable| variable.is_on(&form.id)).map(|variable| Field {
            column: variable.column.as_str(),
            name: variable.id.clone(),
            target: Target::Variable(variable),
            is_required: variable.required || structural.contains(&&variable.id),
        });
        let mut fields: Vec<Field<'c>> = variables.collect();
        for instrument in codebook.instruments.iter().filter(|instrument| instrument.forms.contains(&form.id))
        {
            fields.extend(instrument.columns.iter().enumerate().map(|(item, column)| Field {
                column: column.as_str(),
                name: instrument.item_name(item),
                target: Target::Item(instrument),
                is_required: true,
            }));
        }
        Self { fields, known: codebook.columns_of(&form.id).collect() }
    }

    /// The field of a variable, unless it is free text.
    pub(super) fn field(&self, id: &str) -> Option<&Field<'c>> {
        self.fields
            .iter()
            .find(|field| matches!(field.target, Target::Variable(variable) if variable.id == id))
    }

    /// Compares a header with the codebook; gives the columns to read.
    pub(super) fn check_header(
        &self,
        header: &[String],
        source: &Source<'_>,
        findings: &mut Findings,
    ) -> Result<BTreeSet<String>, Error> {
        // Without one known name the first record may be data, which no message may quote.
        if !header.iter().any(|name| self.known.contains(name.as_str())) {
            let message = "no column of the codebook is there; is the header or the delimiter wrong?";
            return Err(source.error(message));
        }
        let mut present = BTreeSet::new();
        for name in header.iter().filter(|name| !name.is_empty()) {
            if !present.insert(name.as_str()) {
                return Err(source.error("two columns have this name; rename or remove one").at_column(name));
            }
        }
        let unknown: Vec<&str> = present.iter().copied().filter(|name| !self.known.contains(name)).collect();
        let is_missing = |field: &&Field<'_>| field.is_required && !present.contains(field.column);
        if let Some(field) = self.fields.iter().find(is_missing) {
            let message = match nearest(field.column, unknown.iter().copied()) {
                Some(near) => format!("the column is missing; the nearest column that is there is `{near}`"),
                None => "the column is missing".to_owned(),
            };
            return Err(source.error(message).at_column(field.column).of_variable(field.id()));
        }
        for name in unknown {
            let finding = source.finding(FindingKind::UnknownColumn).of_variable(name);
            findings.note(match nearest(name, self.known.iter().copied()) {
                Some(near) => {
                    let advice = FindingKind::UnknownColumn.advice();
                    finding.advising(format!("{advice}; the nearest that it knows is `{near}`"))
                }
                None => finding,
            });
        }
        let read = self.fields.iter().map(|field| field.column).filter(|column| present.contains(column));
        Ok(read.map(str::to_owned).collect())
    }
}
