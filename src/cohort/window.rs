//! Reporting windows and the unit of analysis.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::schema::Date;

/// The period that a table speaks of. Three kinds coexist in one annual report, so every table states its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Window {
    /// Every visit of the register.
    All,
    /// Visits from the first to the last day, both included.
    Visits {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// Visits of one calendar year.
    VisitYear(i32),
    /// Visits from 1 July of the year before to 30 June of this year: those whose six-month form was due in the year.
    JulyToJune(i32),
    /// Visits whose follow-up some months later was due in a calendar year.
    DueYear {
        /// The calendar year.
        year: i32,
        /// Months after the visit.
        months: u32,
    },
}

impl Window {
    /// The window of a report's year: years up to 0 count back from it, so that a specification is written once.
    pub(crate) fn in_report_year(self, report: i32) -> Self {
        let absolute = |year: i32| if year <= 0 { report + year } else { year };
        match self {
            Self::VisitYear(year) => Self::VisitYear(absolute(year)),
            Self::JulyToJune(year) => Self::JulyToJune(absolute(year)),
            Self::DueYear { year, months } => Self::DueYear { year: absolute(year), months },
            other => other,
        }
    }

    /// The year by which the window is called, if by one.
    pub(crate) fn report_year(self) -> Option<i32> {
        match self {
            Self::VisitYear(year) | Self::JulyToJune(year) | Self::DueYear { year, .. } => Some(year),
            Self::All | Self::Visits { .. } => None,
        }
    }

    /// First and last day of the visits, both included; `None` for every visit.
    ///
    /// # Errors
    /// When the window ends before it begins, or its year is no year.
    pub(crate) fn visits(self) -> Result<Option<(Date, Date)>, Error> {
        let (first, last) = match self {
            Self::All => return Ok(None),
            Self::Visits { first, last } => (first, last),
            Self::VisitYear(year) => (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?),
            Self::JulyToJune(year) => (Date::new(year - 1, 7, 1)?, Date::new(year, 6, 30)?),
            Self::DueYear { year, months } => {
                let (begin, end) = (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?);
                (first_due(begin, months), first_due(end.day_after(), months).day_before())
            }
        };
        if last < first {
            return Err(Error::cohort("the window ends before it begins"));
        }
        Ok(Some((first, last)))
    }
}

/// The first visit whose follow-up is due on `due` or later. Month ends make several visits due on one day, so the
/// calendar is searched from a little before.
fn first_due(due: Date, months: u32) -> Date {
    let mut visit = due.minus_months(months);
    while visit.day_before().plus_months(months) >= due {
        visit = visit.day_before();
    }
    while visit.plus_months(months) < due {
        visit = visit.day_after();
    }
    visit
}

/// What is counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UnitOfAnalysis {
    /// Every course of treatment.
    #[default]
    Course,
    /// Every patient, with the newest course of the window.
    Patient,
    /// Every answered form of one kind, by the form's name.
    Form(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_year_holds_exactly_the_visits_due_in_it() {
        let (first, last) = Window::DueYear { year: 2025, months: 6 }.visits().unwrap().unwrap();
        assert_eq!(first, Date::new(2024, 7, 1).unwrap());
        assert_eq!(last, Date::new(2025, 6, 30).unwrap());
        // 31 August and 28 February: the follow-ups of 28 to 31 August are all due on the last day of February.
        let due = Date::new(2025, 2, 28).unwrap();
        assert_eq!(first_due(due, 6), Date::new(2024, 8, 28).unwrap());
        assert_eq!(first_due(due.day_after(), 6), Date::new(2024, 9, 1).unwrap());
    }

    #[test]
    fn a_window_that_ends_before_it_begins_is_refused() {
        let backwards =
            Window::Visits { first: Date::new(2025, 2, 1).unwrap(), last: Date::new(2025, 1, 1).unwrap() };
        assert!(backwards.visits().is_err());
    }
}
