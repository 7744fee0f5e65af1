//! Denominators kept by reason: who could have answered, who was asked, who did, whose answer could be scored.

use std::fmt;

use super::condition::Condition;
use super::derived::Derived;
use super::selection::Cohort;
use super::time::Time;
use crate::error::Error;
use crate::schema::Date;

/// How the courses of a cohort come down to those with a score. Inside: these are raw numbers; in print the same
/// come from shares of [`Condition::Sent`], [`Condition::Answered`] and [`Condition::Scored`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Denominators {
    /// Courses of the cohort.
    pub courses: u64,
    /// Of those, the follow-up was not due yet on the day the data were drawn.
    pub not_due: u64,
    /// Due, and never sent.
    pub not_sent: u64,
    /// Sent, and not answered.
    pub not_answered: u64,
    /// Answered, and too few items to be scored.
    pub not_scored: u64,
    /// Scored.
    pub scored: u64,
}

impl Denominators {
    /// Courses whose follow-up was due.
    pub fn eligible(&self) -> u64 {
        self.courses - self.not_due
    }

    /// Eligible courses that were asked.
    pub fn sent(&self) -> u64 {
        self.eligible() - self.not_sent
    }

    /// Courses that answered.
    pub fn answered(&self) -> u64 {
        self.sent() - self.not_answered
    }
}

/// Only the type's name: the numbers are confidential.
impl fmt::Debug for Denominators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Denominators(..)")
    }
}

impl Cohort {
    /// Counts the courses of this cohort by what became of one instrument at one time. Every course has exactly one
    /// reason; a form that was answered counts as sent whether or not a day of sending was noted.
    ///
    /// # Errors
    /// When the codebook has no such instrument or the register no such form.
    pub fn denominators(&self, instrument: &str, at: Time) -> Result<Denominators, Error> {
        let mut deriver = self.courses.deriver();
        let scored = Condition::Scored { instrument: instrument.to_owned(), times: vec![at] };
        let mut flags = Vec::new();
        for condition in [scored, Condition::Answered { at }, Condition::Sent { at }] {
            flags.push(deriver.column(&Derived::Holds(condition))?.values);
        }
        let mut within = vec![true; self.courses.len()];
        for condition in &self.conditions {
            let column = deriver.column(&Derived::Holds(condition.clone()))?;
            for (keep, truth) in within.iter_mut().zip(column.values.iter()) {
                *keep &= *truth == Some(1);
            }
        }
        let window = self.window.visits()?;
        let mut counted =
            Denominators { courses: 0, not_due: 0, not_sent: 0, not_answered: 0, not_scored: 0, scored: 0 };
        for (course, visit) in self.courses.visits().iter().enumerate() {
            let in_window = window.is_none_or(|(first, last)| (first..=last).contains(visit));
            if !in_window || !within.get(course).copied().unwrap_or(false) {
                continue;
            }
            counted.courses += 1;
            let mut reached = flags.iter().map(|column| column.get(course).copied().flatten() == Some(1));
            let reason = match (reached.next(), reached.next(), reached.next()) {
                (Some(true), ..) => &mut counted.scored,
                (_, Some(true), _) => &mut counted.not_scored,
                _ if self.is_not_due(*visit, at) => &mut counted.not_due,
                (_, _, Some(true)) => &mut counted.not_answered,
                _ => &mut counted.not_sent,
            };
            *reason += 1;
        }
        Ok(counted)
    }

    fn is_not_due(&self, visit: Date, at: Time) -> bool {
        self.extracted.is_some_and(|day| visit.plus_months(at.in_months()) > day)
    }
}
