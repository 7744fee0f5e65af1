//! Columns as they were found, before the codebook has spoken: one cell at a time, whatever the source.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::number;
use crate::schema::Date;

/// The columns of one source that will be read, and the line of each row.
pub(super) struct RawTable {
    pub(super) columns: BTreeMap<String, RawColumn>,
    pub(super) lines: Vec<u64>,
}

impl RawTable {
    pub(super) fn column(&self, name: &str) -> Option<&RawColumn> {
        self.columns.get(name)
    }
}

/// One column in the type in which it came.
pub(super) enum RawColumn {
    Text(TextColumn),
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    /// Days since 1 January 1970.
    Day(Vec<Option<i32>>),
}

/// Texts one after the other in one allocation; the empty text is a missing one.
#[derive(Default)]
pub(super) struct TextColumn {
    text: String,
    ends: Vec<usize>,
}

impl TextColumn {
    /// Adds the next row, without blanks around it.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text.trim());
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }
}

impl RawColumn {
    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        let found = match self {
            Self::Text(texts) => Some(texts.get(row)).filter(|text| !text.is_empty()).map(Cell::Text),
            Self::Whole(numbers) => numbers.get(row).copied().flatten().map(Cell::Whole),
            Self::Real(numbers) => {
                numbers.get(row).copied().flatten().filter(|n| !n.is_nan()).map(Cell::Real)
            }
            Self::Day(days) => days.get(row).copied().flatten().map(Cell::Day),
        };
        found.unwrap_or(Cell::Empty)
    }
}

/// One cell. It has no `Debug`: what it holds is a patient's.
#[derive(Clone, Copy)]
pub(super) enum Cell<'t> {
    Empty,
    Text(&'t str),
    Whole(i64),
    Real(f64),
    Day(i32),
}

/// A cell holds something that cannot be read as asked.
pub(super) struct Unreadable;

impl<'t> Cell<'t> {
    /// The cell as the text of an identifier.
    pub(super) fn identifier(self) -> Result<Option<Cow<'t, str>>, Unreadable> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) => Ok(Some(Cow::Borrowed(text))),
            _ => Ok(self.whole(None)?.map(|number| Cow::Owned(number.to_string()))),
        }
    }

    /// The cell as a whole number.
    pub(super) fn whole(self, mark: Option<u8>) -> Result<Option<i64>, Unreadable> {
        // Beyond this a float no longer tells neighbouring whole numbers apart.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) => number::whole(text, mark).map(Some).ok_or(Unreadable),
            Self::Whole(number) => Ok(Some(number)),
            Self::Real(number) if number.fract() == 0.0 && number.abs() < EXACT => Ok(Some(number as i64)),
            Self::Real(_) | Self::Day(_) => Err(Unreadable),
        }
    }

    /// The cell as the code of a box: the words that databases write for it count as well.
    pub(super) fn tick(self, mark: Option<u8>) -> Result<Option<i64>, Unreadable> {
        match self {
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Ok(Some(1)),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Ok(Some(0)),
            _ => self.whole(mark),
        }
    }

    /// The cell as a decimal number.
    pub(super) fn decimal(self, mark: Option<u8>) -> Result<Option<f64>, Unreadable> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) => number::decimal(text, mark).map(Some).ok_or(Unreadable),
            Self::Whole(number) => Ok(Some(number as f64)),
            Self::Real(number) if number.is_finite() => Ok(Some(number)),
            Self::Real(_) | Self::Day(_) => Err(Unreadable),
        }
    }

    /// The cell as a calendar day.
    pub(super) fn day(self) -> Result<Option<Date>, Unreadable> {
        let date = match self {
            Self::Empty => return Ok(None),
            Self::Text(text) => Date::parse(text),
            Self::Day(days) => Date::from_days(days).filter(|date| (1900..=2200).contains(&date.year())),
            Self::Whole(_) | Self::Real(_) => None,
        };
        date.map(Some).ok_or(Unreadable)
    }
}
