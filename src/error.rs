//! The one error of the crate: where, what, and what to do, never a value.

use std::fmt;
use std::path::Path;

/// What went wrong, where, and what to do about it.
///
/// An `Error` names file, line, column, variable and kind. It never holds a value read from a form, a count or any
/// other number from inside; it therefore also wraps no other error, whose text could quote one.
///
/// Callers decide with the predicates ([`is_input`](Error::is_input), [`is_refusal`](Error::is_refusal), ...); the
/// sentence itself is for people.
///
/// ```
/// use registat::Codebook;
///
/// let error = Codebook::from_toml("[register]\nid = 'x'\ncolour = 'red'").unwrap_err();
/// assert!(error.is_specification());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
    place: Place,
}

/// Mirrors the folders of `src`, so that a message leads to the code that spoke.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Schema,
    Load,
    Score,
    Cohort,
    Stats,
    Cube,
    Policy,
    Refusal,
    Ledger,
    Audit,
    Render,
    Report,
    File,
    Stopped,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Place {
    file: Option<String>,
    line: Option<u64>,
    column: Option<String>,
    variable: Option<String>,
}

impl Error {
    #[cold]
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: Place::default() }
    }

    pub(crate) fn schema(message: impl Into<String>) -> Self {
        Self::new(Kind::Schema, message)
    }

    pub(crate) fn load(message: impl Into<String>) -> Self {
        Self::new(Kind::Load, message)
    }

    pub(crate) fn score(message: impl Into<String>) -> Self {
        Self::new(Kind::Score, message)
    }

    pub(crate) fn cohort(message: impl Into<String>) -> Self {
        Self::new(Kind::Cohort, message)
    }

    pub(crate) fn stats(message: impl Into<String>) -> Self {
        Self::new(Kind::Stats, message)
    }

    pub(crate) fn cube(message: impl Into<String>) -> Self {
        Self::new(Kind::Cube, message)
    }

    pub(crate) fn policy(message: impl Into<String>) -> Self {
        Self::new(Kind::Policy, message)
    }

    pub(crate) fn refusal(message: impl Into<String>) -> Self {
        Self::new(Kind::Refusal, message)
    }

    pub(crate) fn ledger(message: impl Into<String>) -> Self {
        Self::new(Kind::Ledger, message)
    }

    pub(crate) fn audit(message: impl Into<String>) -> Self {
        Self::new(Kind::Audit, message)
    }

    pub(crate) fn render(message: impl Into<String>) -> Self {
        Self::new(Kind::Render, message)
    }

    pub(crate) fn report(message: impl Into<String>) -> Self {
        Self::new(Kind::Report, message)
    }

    /// Work that its observer stopped.
    pub(crate) fn stopped() -> Self {
        Self::new(Kind::Stopped, "stopped as the observer asked; nothing was kept")
    }

    /// A file that could not be read or written: the operating system's reason, which names no content.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::new(Kind::File, format!("{}", error.kind())).in_file(path)
    }

    /// A specification file that does not fit its format. `toml` quotes the offending line in its own display, and a
    /// policy or codebook line is no patient value; only its one-line message and the line number are kept all the same.
    pub(crate) fn toml(kind: fn(String) -> Self, text: &str, error: &toml::de::Error) -> Self {
        let made = kind(error.message().to_owned());
        match error.span() {
            Some(span) => {
                let before = text.as_bytes().iter().take(span.start);
                made.at_line(1 + before.filter(|byte| **byte == b'\n').count() as u64)
            }
            None => made,
        }
    }

    #[must_use]
    pub(crate) fn in_file(mut self, path: &Path) -> Self {
        self.place.file.get_or_insert(path.display().to_string());
        self
    }

    #[must_use]
    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.place.line.get_or_insert(line);
        self
    }

    /// Counts lines anew where the error names one.
    #[must_use]
    pub(crate) fn with_line(mut self, line: impl FnOnce(u64) -> u64) -> Self {
        self.place.line = self.place.line.map(line);
        self
    }

    #[must_use]
    pub(crate) fn at_column(mut self, column: impl Into<String>) -> Self {
        self.place.column.get_or_insert(column.into());
        self
    }

    #[must_use]
    pub(crate) fn of_variable(mut self, variable: impl Into<String>) -> Self {
        self.place.variable.get_or_insert(variable.into());
        self
    }

    /// The forms themselves could not be used: a file, a column or a row is not what the codebook says.
    pub fn is_input(&self) -> bool {
        matches!(self.kind, Kind::Load | Kind::File)
    }

    /// A codebook, policy, table, report or request asks for something that does not exist or contradicts itself.
    pub fn is_specification(&self) -> bool {
        matches!(
            self.kind,
            Kind::Schema
                | Kind::Score
                | Kind::Cohort
                | Kind::Stats
                | Kind::Cube
                | Kind::Policy
                | Kind::Render
                | Kind::Report
        )
    }

    /// Protection was refused: what was asked for cannot be printed safely. Nothing was released.
    pub fn is_refusal(&self) -> bool {
        self.kind == Kind::Refusal
    }

    /// The ledger is damaged, locked for too long, of another version, or belongs to other data.
    pub fn is_ledger(&self) -> bool {
        self.kind == Kind::Ledger
    }

    /// The observer stopped the work; nothing was kept of it.
    pub fn is_stopped(&self) -> bool {
        self.kind == Kind::Stopped
    }

    /// A certificate cannot be read, or does not prove what it claims of a release.
    pub fn is_audit(&self) -> bool {
        self.kind == Kind::Audit
    }

    /// The file that the error is about, if it is about one.
    pub fn file_name(&self) -> Option<&str> {
        self.place.file.as_deref()
    }

    /// The line (from 1) that the error is about, if it is about one.
    pub fn line(&self) -> Option<u64> {
        self.place.line
    }

    /// The column of the file that the error is about, by its name in the file.
    pub fn column(&self) -> Option<&str> {
        self.place.column.as_deref()
    }

    /// The variable of the codebook that the error is about.
    pub fn variable(&self) -> Option<&str> {
        self.place.variable.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        let mut parts = Vec::new();
        parts.extend(place.file.clone());
        parts.extend(place.line.map(|line| format!("line {line}")));
        parts.extend(place.column.as_ref().map(|column| format!("column `{column}`")));
        parts.extend(place.variable.as_ref().map(|variable| format!("variable `{variable}`")));
        if !parts.is_empty() {
            write!(f, "{}: ", parts.join(", "))?;
        }
        f.write_str(&self.message)
    }
}

/// The same sentence as `Display`: there is nothing more inside.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {}

/// The spelling among `known` that is nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wanted = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (edits(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= 1 + wanted.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `unknown table `x`; the nearest is `y``: one wording for every unknown name.
pub(crate) fn unknown<'k>(what: &str, name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("unknown {what} `{name}`; the nearest known is `{near}`"),
        None => format!("unknown {what} `{name}`"),
    }
}

/// Levenshtein distance, one row at a time.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            let up = *cell;
            left = (diagonal + usize::from(x != y)).min(up + 1).min(left + 1);
            diagonal = up;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_counts_single_changes() {
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("sex", "sex"), 0);
    }

    #[test]
    fn nearest_names_only_what_could_be_meant() {
        assert_eq!(nearest("PatinetAge", ["PatientAge", "UnitId"]), Some("PatientAge"));
        assert_eq!(nearest("zzz", ["PatientAge", "UnitId"]), None);
    }
}
