//! What loading noticed and did not refuse: the data-quality report, in positions and kinds, never values.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// Positions kept of findings alike in form, variable and kind; the rest are only tallied.
const POSITIONS_KEPT: u64 = 1_000;

/// What kind of defect a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// A column that the codebook does not know; it was not read.
    UnknownColumn,
    /// A code that is no level of its variable; it was taken as missing.
    UnknownCode,
    /// A number outside the range of its variable; it was taken as missing.
    OutOfRange,
    /// Something that is no calendar day; it was taken as missing.
    BadDate,
    /// Something that is no number; it was taken as missing.
    BadNumber,
    /// Two rows of a form with the same form key.
    DuplicateKey,
    /// A form answered more than once for one course; the later date counts.
    DuplicateForm,
    /// A patient's form whose course is not in the course form.
    FormWithoutCourse,
    /// A course without the patient's form at the visit.
    CourseWithoutBaseline,
    /// A form that is not final; it was left out.
    NotFinal,
    /// The encoding was not stated and the file is not UTF-8; it was read as Latin-1 (Windows-1252).
    EncodingRecognised,
    /// A visit on a day on which the unit did not take part in the register.
    UnitOutsidePeriod,
}

impl FindingKind {
    /// The name that files and reports use.
    pub fn id(self) -> &'static str {
        match self {
            Self::UnknownColumn => "unknown-column",
            Self::UnknownCode => "unknown-code",
            Self::OutOfRange => "out-of-range",
            Self::BadDate => "bad-date",
            Self::BadNumber => "bad-number",
            Self::DuplicateKey => "duplicate-key",
            Self::DuplicateForm => "duplicate-form",
            Self::FormWithoutCourse => "form-without-course",
            Self::CourseWithoutBaseline => "course-without-baseline",
            Self::NotFinal => "not-final",
            Self::EncodingRecognised => "encoding-recognised",
            Self::UnitOutsidePeriod => "unit-outside-period",
        }
    }

    /// What to do about it: the same sentence for an error and for a finding.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::UnknownColumn => "the codebook does not know this column; it is not read",
            Self::UnknownCode => "the code is not in the codebook; add the level or correct the export",
            Self::OutOfRange => "the number is outside the range that the codebook states",
            Self::BadDate => "not a calendar day; write dd.mm.yyyy or yyyy-mm-dd",
            Self::BadNumber => "not a number as the format states it; check the decimal mark",
            Self::DuplicateKey => "an earlier row has the same form key",
            Self::DuplicateForm => "the course has another form of this kind; the later date counts",
            Self::FormWithoutCourse => "its course is not in the course form",
            Self::CourseWithoutBaseline => "the patient's form at the visit is not there",
            Self::NotFinal => "the form is not final; it is left out",
            Self::EncodingRecognised => "not UTF-8; it is read as Latin-1 (Windows-1252). State the encoding",
            Self::UnitOutsidePeriod => "the unit did not take part in the register on the day of the visit",
        }
    }
}

/// One thing that loading noticed: where it is and what to do about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    form: String,
    variable: Option<String>,
    kind: FindingKind,
    file: Option<String>,
    line: Option<u64>,
    advice: String,
}

impl Finding {
    pub(super) fn new(form: &str, kind: FindingKind) -> Self {
        let advice = kind.advice().to_owned();
        Self { form: form.to_owned(), variable: None, kind, file: None, line: None, advice }
    }

    #[must_use]
    pub(super) fn of_variable(mut self, variable: &str) -> Self {
        self.variable = Some(variable.to_owned());
        self
    }

    #[must_use]
    pub(super) fn in_file(mut self, path: Option<&Path>) -> Self {
        self.file = path.map(|path| path.display().to_string());
        self
    }

    #[must_use]
    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub(super) fn advising(mut self, advice: String) -> Self {
        self.advice = advice;
        self
    }

    /// The form that it is about.
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The variable or instrument that it is about; for an unknown column, the name of the column.
    pub fn variable(&self) -> Option<&str> {
        self.variable.as_deref()
    }

    /// What kind of defect it is.
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// The file, if the form came from one.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The line of the file (from 1), or the row of a frame or Parquet file (from 1).
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// What to do about it.
    pub fn advice(&self) -> &str {
        &self.advice
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => f.write_str(file)?,
            None => write!(f, "form `{}`", self.form)?,
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        match (&self.variable, self.kind) {
            (Some(column), FindingKind::UnknownColumn) => write!(f, ", column `{column}`")?,
            (Some(variable), _) => write!(f, ", variable `{variable}`")?,
            (None, _) => {}
        }
        write!(f, ": {}", self.advice)
    }
}

/// The same sentence as `Display`: there is nothing more inside.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finding({self})")
    }
}

/// Everything that loading noticed and did not refuse.
///
/// Of findings alike in form, variable and kind only the first 1,000 positions are kept.
#[derive(Clone, Default)]
pub struct Findings {
    forms: Vec<String>,
    list: Vec<Finding>,
    tallies: BTreeMap<(String, String, FindingKind), (u64, BTreeSet<u64>)>,
}

/// How often one kind of finding concerns one variable of one form, and whom: still unprotected.
pub(crate) struct FindingTally {
    pub form: String,
    pub variable: String,
    pub kind: FindingKind,
    pub rows: u64,
    /// Truncated hashes of the patients' keys.
    pub patients: BTreeSet<u64>,
}

impl Findings {
    pub(super) fn new(forms: Vec<String>) -> Self {
        Self { forms, ..Self::default() }
    }

    /// Notes something about a whole file or column.
    pub(super) fn note(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Notes something about one row, and so about one patient.
    pub(super) fn note_row(&mut self, patient: u64, finding: Finding) {
        let variable = finding.variable.clone().unwrap_or_default();
        let (rows, patients) =
            self.tallies.entry((finding.form.clone(), variable, finding.kind)).or_default();
        *rows += 1;
        patients.insert(patient);
        if *rows <= POSITIONS_KEPT {
            self.list.push(finding);
        }
    }

    /// How many findings there are to look at.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was noticed.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings, in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// The row-level findings counted, in the order of the codebook's forms, then by variable and kind: an
    /// order that does not depend on the data.
    pub(crate) fn tallies(&self) -> Vec<FindingTally> {
        let mut tallies: Vec<FindingTally> = self
            .tallies
            .iter()
            .map(|((form, variable, kind), (rows, patients))| FindingTally {
                form: form.clone(),
                variable: variable.clone(),
                kind: *kind,
                rows: *rows,
                patients: patients.clone(),
            })
            .collect();
        tallies.sort_by_key(|tally| self.forms.iter().position(|form| *form == tally.form));
        tallies
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Findings(..)")
    }
}
