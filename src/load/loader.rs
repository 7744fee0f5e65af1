//! The builder that takes one source per form and loads them all.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use polars::prelude::DataFrame;

use super::check::{Check, CheckedForm};
use super::csv_format::CsvFormat;
use super::findings::Findings;
use super::layout::Layout;
use super::registry::Registry;
use super::source::Source;
use super::value::Context;
use super::{delimited, linkage, parquet_file, typed_frame};
use crate::error::{Error, unknown};
use crate::schema::{Codebook, Form};

/// What to do with an unknown code, a number out of range, a bad date or a bad number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadValues {
    /// Loading fails at the first one.
    #[default]
    Refuse,
    /// The value is taken as missing, and a finding says where.
    AsMissing,
}

/// Takes one source for every form of the codebook, consumed step by step.
#[must_use]
pub struct Loader {
    codebook: Codebook,
    inputs: Vec<(String, Input)>,
    bad_values: BadValues,
}

enum Input {
    Csv(PathBuf, CsvFormat),
    Parquet(PathBuf),
    Frame(DataFrame),
}

impl Loader {
    pub(super) fn new(codebook: Codebook) -> Self {
        Self { codebook, inputs: Vec::new(), bad_values: BadValues::default() }
    }

    /// A form from a delimited text file.
    pub fn csv(self, form: &str, path: impl Into<PathBuf>, format: CsvFormat) -> Self {
        self.with(form, Input::Csv(path.into(), format))
    }

    /// A form from a Parquet file.
    pub fn parquet(self, form: &str, path: impl Into<PathBuf>) -> Self {
        self.with(form, Input::Parquet(path.into()))
    }

    /// A form from a frame: strings, integers, floats, booleans and dates are read by the same rules as text.
    pub fn frame(self, form: &str, frame: DataFrame) -> Self {
        self.with(form, Input::Frame(frame))
    }

    /// What to do with values that cannot be what they should be.
    pub fn bad_values(mut self, bad_values: BadValues) -> Self {
        self.bad_values = bad_values;
        self
    }

    /// Reads and checks every form, then compares the forms with each other.
    ///
    /// # Errors
    /// A form without a source or with two; a file that cannot be read as what it should be; a missing
    /// column; and, unless [`BadValues::AsMissing`] is chosen, a value that its variable cannot have. The
    /// error says where, never what.
    pub fn load(self) -> Result<Registry, Error> {
        let Self { codebook, inputs, bad_values } = self;
        let mut by_form = BTreeMap::new();
        for (form, input) in inputs {
            if !codebook.forms.iter().any(|known| known.id == form) {
                let known = codebook.forms.iter().map(|known| known.id.as_str());
                return Err(Error::load(unknown("form", &form, known)));
            }
            if by_form.insert(form.clone(), input).is_some() {
                return Err(Error::load(format!("form `{form}` is given twice")));
            }
        }
        let mut findings = Findings::new(codebook.forms.iter().map(|form| form.id.clone()).collect());
        let mut checked = Vec::new();
        for form in &codebook.forms {
            let input = by_form.remove(&form.id);
            let input =
                input.ok_or_else(|| Error::load(format!("form `{}` has no file or frame", form.id)))?;
            checked.push(load_form(&codebook, form, input, bad_values, &mut findings)?);
        }
        linkage::compare(&codebook, &checked, &mut findings);
        let frames = checked.into_iter().map(|form| (form.source.form.id.clone(), form.frame)).collect();
        Ok(Registry::new(codebook, frames, findings))
    }

    fn with(mut self, form: &str, input: Input) -> Self {
        self.inputs.push((form.to_owned(), input));
        self
    }
}

/// Holds frames, so it shows nothing.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loader(..)")
    }
}

fn load_form<'c>(
    codebook: &'c Codebook,
    form: &'c Form,
    input: Input,
    bad_values: BadValues,
    findings: &mut Findings,
) -> Result<CheckedForm<'c>, Error> {
    let layout = Layout::new(codebook, form);
    let path = match &input {
        Input::Csv(path, _) | Input::Parquet(path) => Some(path.clone()),
        Input::Frame(_) => None,
    };
    let source = Source { form, path };
    let (table, mark) = match input {
        Input::Csv(path, format) => {
            let (_, mark, _) = format.checked().map_err(|error| error.in_file(&path))?;
            (delimited::read(&path, format, &layout, &source, findings)?, Some(mark))
        }
        Input::Parquet(path) => (parquet_file::read(&path, &layout, &source, findings)?, None),
        Input::Frame(frame) => (typed_frame::read(&frame, &layout, &source, findings)?, None),
    };
    let check = Check {
        layout: &layout,
        table: &table,
        source: &source,
        context: Context { codebook, form: &form.id, mark },
        bad_values,
        findings,
        earliest: None,
    };
    let (rows, frame) = check.run()?;
    Ok(CheckedForm { source, rows, frame })
}
