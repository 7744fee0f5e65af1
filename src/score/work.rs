//! Work status of several ticks, and return to work.

use std::fmt;

use crate::error::Error;

/// The boxes of the work question; several may be ticked. A form without any tick is not answered. The `Debug` form hides
/// them.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkStatus {
    /// Working.
    pub working: bool,
    /// Sick-listed.
    pub sick_listed: bool,
    /// At home.
    pub at_home: bool,
    /// Pupil or student.
    pub student: bool,
    /// Unemployed.
    pub unemployed: bool,
    /// On work assessment allowance.
    pub work_allowance: bool,
    /// Retired.
    pub retired: bool,
    /// On a disability pension.
    pub disability_pension: bool,
    /// How many percent of full sick leave, where stated.
    pub sick_leave_percent: Option<u8>,
}

/// What is known of a return to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReturnToWork {
    /// Not sick-listed from a job at the visit, or not answered: in no denominator.
    NotConcerned,
    /// Back at work.
    Returned,
    /// Not back.
    NotReturned,
    /// The second definition asks for sick-leave percentages that are not there.
    Undefined,
}

impl WorkStatus {
    /// Whether any box is ticked.
    pub fn is_answered(&self) -> bool {
        self.working
            || self.sick_listed
            || self.at_home
            || self.student
            || self.unemployed
            || self.work_allowance
            || self.retired
            || self.disability_pension
    }

    fn is_fully_back(&self) -> bool {
        self.working && !self.sick_listed && !self.work_allowance
    }
}

/// Return to work, first definition of the Norwegian neck and back register: of those employed and sick-listed at the visit
/// who answered again, those working and neither sick-listed nor on work assessment allowance.
///
/// ```
/// use registat::{ReturnToWork, WorkStatus, return_to_work};
///
/// let before = WorkStatus { sick_listed: true, ..WorkStatus::default() };
/// let after = WorkStatus { working: true, ..WorkStatus::default() };
/// assert_eq!(return_to_work(true, &before, &after), ReturnToWork::Returned);
/// assert_eq!(return_to_work(false, &before, &after), ReturnToWork::NotConcerned);
/// ```
pub fn return_to_work(employed: bool, before: &WorkStatus, after: &WorkStatus) -> ReturnToWork {
    if !(employed && before.sick_listed && after.is_answered()) {
        ReturnToWork::NotConcerned
    } else if after.is_fully_back() {
        ReturnToWork::Returned
    } else {
        ReturnToWork::NotReturned
    }
}

/// Return to work, second definition: also those with a lower percentage of sick leave than at the visit. Undefined for those
/// not fully back of whom a percentage is missing; the register's code does not say what becomes of them.
///
/// # Errors
///
/// If a percentage of sick leave is above 100.
///
/// ```
/// use registat::{ReturnToWork, WorkStatus, return_to_more_work};
///
/// let listed = |percent| WorkStatus { sick_listed: true, sick_leave_percent: percent, ..WorkStatus::default() };
/// let half_back = return_to_more_work(true, &listed(Some(100)), &listed(Some(50)))?;
/// assert_eq!(half_back, ReturnToWork::Returned);
/// let unknown = return_to_more_work(true, &listed(Some(100)), &listed(None))?;
/// assert_eq!(unknown, ReturnToWork::Undefined);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn return_to_more_work(
    employed: bool,
    before: &WorkStatus,
    after: &WorkStatus,
) -> Result<ReturnToWork, Error> {
    let stated = [before.sick_leave_percent, after.sick_leave_percent];
    if stated.into_iter().flatten().any(|percent| percent > 100) {
        return Err(Error::score("a percentage of sick leave lies from 0 to 100"));
    }
    let percentages = before.sick_leave_percent.zip(after.sick_leave_percent);
    Ok(match (return_to_work(employed, before, after), percentages) {
        (ReturnToWork::NotReturned, Some((before, after))) if after < before => ReturnToWork::Returned,
        (ReturnToWork::NotReturned, None) => ReturnToWork::Undefined,
        (other, _) => other,
    })
}

impl fmt::Debug for WorkStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkStatus(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_definition_adds_less_sick_leave_and_names_what_is_missing() {
        let listed = |percent| WorkStatus {
            working: true,
            sick_listed: true,
            sick_leave_percent: percent,
            ..WorkStatus::default()
        };
        let both = |before, after| {
            let (before, after) = (listed(before), listed(after));
            (return_to_work(true, &before, &after), return_to_more_work(true, &before, &after).unwrap())
        };
        use ReturnToWork::{NotReturned, Returned, Undefined};
        assert_eq!(both(Some(100), Some(50)), (NotReturned, Returned));
        assert_eq!(both(Some(50), Some(50)), (NotReturned, NotReturned));
        assert_eq!(both(Some(50), None), (NotReturned, Undefined));
        assert!(return_to_more_work(true, &listed(Some(101)), &listed(Some(50))).is_err());
        assert!(return_to_more_work(false, &listed(None), &listed(Some(255))).is_err());
    }

    #[test]
    fn a_form_without_ticks_is_not_answered() {
        let before = WorkStatus { sick_listed: true, ..WorkStatus::default() };
        assert_eq!(return_to_work(true, &before, &WorkStatus::default()), ReturnToWork::NotConcerned);
        assert!(!WorkStatus::default().is_answered() && before.is_answered());
        let allowance = WorkStatus { working: true, work_allowance: true, ..WorkStatus::default() };
        assert_eq!(return_to_work(true, &before, &allowance), ReturnToWork::NotReturned);
    }
}
