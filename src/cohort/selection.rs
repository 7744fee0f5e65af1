//! `Cohort`: the courses of a register, and the part of them that is asked about.

use std::fmt;
use std::sync::Arc;

use super::condition::Condition;
use super::courses::{Courses, Flow};
use super::window::Window;
use crate::cube::{Cube, Plan};
use crate::error::Error;
use crate::load::Registry;
use crate::schema::Date;

/// Courses linked to their forms, with the window and conditions that every table made of it inherits.
///
/// The courses outside the selection stay in the cohort: they are what a difference between two tables could give away.
#[derive(Clone)]
pub struct Cohort {
    pub(crate) courses: Arc<Courses>,
    pub(crate) window: Window,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) extracted: Option<Date>,
}

/// Chooses the courses that a cohort is about.
pub struct CohortBuilder {
    courses: Result<Courses, Error>,
    window: Window,
    conditions: Vec<Condition>,
    extracted: Option<Date>,
}

impl Registry {
    /// Starts a selection of this register's courses.
    pub fn cohort(&self) -> CohortBuilder {
        CohortBuilder {
            courses: Courses::link(self),
            window: Window::All,
            conditions: Vec::new(),
            extracted: None,
        }
    }
}

impl CohortBuilder {
    /// Keeps the visits of a window. A table may narrow it further.
    #[must_use]
    pub fn visits(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Keeps the courses of which a condition is true.
    #[must_use]
    pub fn only(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// States the day the data were drawn, which every page prints.
    #[must_use]
    pub fn extracted(mut self, day: Date) -> Self {
        self.extracted = Some(day);
        self
    }

    /// Checks the selection.
    ///
    /// # Errors
    /// When a form lacks what links it to a course, the window is impossible, or a condition names a variable, level or
    /// instrument that the codebook lacks.
    pub fn build(self) -> Result<Cohort, Error> {
        let courses = self.courses?;
        self.window.visits()?;
        let mut deriver = courses.deriver();
        for condition in &self.conditions {
            deriver.check(condition)?;
        }
        Ok(Cohort {
            courses: Arc::new(courses),
            window: self.window,
            conditions: self.conditions,
            extracted: self.extracted,
        })
    }
}

impl Cohort {
    /// Counts everything that a plan needs, in one pass over the courses.
    ///
    /// # Errors
    /// When the plan names something that the codebook lacks, mixes scales over a break, or is too large.
    pub fn aggregate(&self, plan: impl Into<Plan>) -> Result<Cube, Error> {
        Cube::count(self.clone(), plan.into(), &[])
    }

    /// How the courses came about: which forms were left out, and why. Inside: not for print.
    pub fn flow(&self) -> &Flow {
        self.courses.flow()
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for Cohort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cohort(..)")
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for CohortBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CohortBuilder(..)")
    }
}
