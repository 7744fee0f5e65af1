//! One cell, read by what the codebook says of its variable.

use super::findings::FindingKind;
use super::raw::{Cell, Unreadable};
use crate::schema::{Codebook, Date, Instrument, Kind, Role, Variable};

/// What reading a cell depends on besides its variable.
#[derive(Clone, Copy)]
pub(super) struct Context<'c> {
    pub(super) codebook: &'c Codebook,
    pub(super) form: &'c str,
    /// The decimal mark; nothing where the source does not state one, and then comma and point both serve.
    pub(super) mark: Option<u8>,
}

/// A value, nothing for "not answered", or the kind of defect.
pub(super) type Reading<T> = Result<Option<T>, FindingKind>;

impl Context<'_> {
    /// A category, tick or integer as the value that its code stands for.
    pub(super) fn code(self, cell: Cell<'_>, variable: &Variable, date: Option<Date>) -> Reading<i64> {
        let is_tick = variable.kind == Kind::Tick;
        let written = if is_tick {
            cell.tick(self.mark).map_err(|Unreadable| FindingKind::UnknownCode)?
        } else {
            cell.whole(self.mark).map_err(|Unreadable| FindingKind::BadNumber)?
        };
        let Some(code) = written else {
            return Ok(is_tick.then_some(0));
        };
        let Some(value) = variable.decode(code, self.form, date) else {
            return Ok(None);
        };
        match variable.kind {
            Kind::Category if !self.is_level(variable, value) => Err(FindingKind::UnknownCode),
            Kind::Tick if !(0..=1).contains(&value) => Err(FindingKind::UnknownCode),
            Kind::Integer if !is_within(variable, value as f64) => Err(FindingKind::OutOfRange),
            _ => Ok(Some(value)),
        }
    }

    /// A decimal number; missing codes are whole numbers there too.
    pub(super) fn decimal(self, cell: Cell<'_>, variable: &Variable, date: Option<Date>) -> Reading<f64> {
        let written = cell.decimal(self.mark).map_err(|Unreadable| FindingKind::BadNumber)?;
        let Some(number) = written else {
            return Ok(None);
        };
        let value = match Cell::Real(number).whole(self.mark) {
            Ok(Some(code)) => match variable.decode(code, self.form, date) {
                Some(value) => value as f64,
                None => return Ok(None),
            },
            _ => number,
        };
        if is_within(variable, value) { Ok(Some(value)) } else { Err(FindingKind::OutOfRange) }
    }

    /// A calendar day, counted as polars counts it.
    pub(super) fn day(self, cell: Cell<'_>) -> Reading<i32> {
        let date = cell.day().map_err(|Unreadable| FindingKind::BadDate)?;
        Ok(date.map(Date::days))
    }

    /// The text of an identifier.
    pub(super) fn identifier(self, cell: Cell<'_>) -> Reading<String> {
        let text = cell.identifier().map_err(|Unreadable| FindingKind::BadNumber)?;
        Ok(text.map(|text| text.into_owned()))
    }

    /// An answer to an item, counted from 0.
    pub(super) fn answer(self, cell: Cell<'_>, instrument: &Instrument) -> Reading<i64> {
        let written = cell.whole(self.mark).map_err(|Unreadable| FindingKind::BadNumber)?;
        let Some(code) = written.filter(|code| !instrument.missing.contains(code)) else {
            return Ok(None);
        };
        let answer = code.checked_sub(instrument.first_code);
        match answer.filter(|answer| (0..=instrument.scoring.highest_answer()).contains(answer)) {
            Some(answer) => Ok(Some(answer)),
            None => Err(FindingKind::OutOfRange),
        }
    }

    fn is_level(self, variable: &Variable, value: i64) -> bool {
        if variable.levels.is_empty() && variable.role == Role::Unit {
            self.codebook.units().node_of_code(value).is_some()
        } else {
            variable.levels.iter().any(|level| level.code == value)
        }
    }
}

fn is_within(variable: &Variable, value: f64) -> bool {
    variable.min.is_none_or(|min| value >= min as f64) && variable.max.is_none_or(|max| value <= max as f64)
}
