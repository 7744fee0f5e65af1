//! Civil dates: no clock, no time zone.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// A calendar day.
///
/// ```
/// use registat::Date;
///
/// let visit = Date::new(2024, 8, 31)?;
/// assert_eq!(visit.plus_months(6), Date::new(2025, 2, 28)?);
/// assert!(Date::parse("31.02.2024").is_none());
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// A day of the Gregorian calendar.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, Error> {
        NaiveDate::from_ymd_opt(year, month, day)
            .map(Self)
            .ok_or_else(|| Error::schema("no such calendar day"))
    }

    /// Reads `dd.mm.yyyy` or ISO `yyyy-mm-dd` (a time of day after it is ignored).
    pub fn parse(text: &str) -> Option<Self> {
        let day = text.split([' ', 'T']).next().unwrap_or_default();
        ["%d.%m.%Y", "%Y-%m-%d"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(day, form).ok())
            .filter(|date| (1900..=2200).contains(&date.year()))
            .map(Self)
    }

    /// Days since 1 January 1970, as polars counts them.
    pub fn days(self) -> i32 {
        self.0.to_epoch_days()
    }

    pub(crate) fn from_days(days: i32) -> Option<Self> {
        NaiveDate::from_epoch_days(days).map(Self)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The same day some calendar months later; the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX))
    }

    /// The same day some calendar months earlier; the last day of a shorter month.
    #[must_use]
    pub fn minus_months(self, months: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN))
    }

    /// The day before.
    #[must_use]
    pub fn day_before(self) -> Self {
        Self(self.0.pred_opt().unwrap_or(NaiveDate::MIN))
    }

    /// The day after.
    #[must_use]
    pub fn day_after(self) -> Self {
        Self(self.0.succ_opt().unwrap_or(NaiveDate::MAX))
    }

    /// `31.12.2025`, as both languages of a Norwegian report print it.
    pub fn text(self) -> String {
        self.0.format("%d.%m.%Y").to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a date is written \"yyyy-mm-dd\""))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
