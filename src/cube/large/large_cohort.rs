//! `LargeCohort`: courses that are counted as they are read and never held.

use std::fmt;
use std::sync::Arc;

use super::counting::Counting;
use super::patients::PatientKey;
use super::shape::Shape;
use crate::cohort::{Cohort, Condition, Courses, Window};
use crate::cube::Plan;
use crate::error::Error;
use crate::schema::{Codebook, Date};

/// The courses of a flat table, with the window and conditions that every table made of it inherits.
///
/// Where a [`Cohort`] links forms and holds them, a large cohort is a [`FlatTable`](crate::FlatTable) of which each row is one
/// course: some hundred million of them are counted in bounded memory. What comes out is a [`Cube`](crate::Cube), protected and
/// printed like any other.
///
/// ```
/// use registat::polars::prelude::df;
/// use registat::{Codebook, FlatTable, Language, LargeCohort, Policy, Table, Time, count, dim, mean};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let codebook = Codebook::open("data-samples/nnrr/codebook.toml")?;
/// let table = Table::new("by_sex").rows(dim("sex").total()).stat(count()).stat(mean("odi").at(Time::BASELINE));
///
/// let rows = 0..4_000_i64;
/// let frame = df!(
///     "sex" => rows.clone().map(|row| 1 + row % 2).collect::<Vec<i64>>(),
///     "odi" => rows.map(|row| row % 51 * 2).collect::<Vec<i64>>(),
/// )?;
/// let cohort = LargeCohort::new(codebook).one_course_per_patient().without_units();
/// let cube = cohort.count(&table)?.run(FlatTable::frame(frame)?)?.into_cube()?;
/// let release = cube.protect(&Policy::norwegian_register())?;
/// assert!(release.table("by_sex")?.to_text(Language::English).contains("2,000"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct LargeCohort {
    codebook: Codebook,
    window: Window,
    conditions: Vec<Condition>,
    extracted: Option<Date>,
    patients: Option<PatientKey>,
    by_unit: bool,
}

impl LargeCohort {
    /// Every course of a table, described by a codebook. Patients are told apart by the codebook's patient column; readers
    /// inside are taken to know the courses of their own unit, by its unit column.
    pub fn new(codebook: Codebook) -> Self {
        Self {
            codebook,
            window: Window::All,
            conditions: Vec::new(),
            extracted: None,
            patients: Some(PatientKey([0; 32])),
            by_unit: true,
        }
    }

    /// Keeps the visits of a window. A table may narrow it further.
    pub fn visits(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Keeps the courses of which a condition is true.
    pub fn only(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// States the day the data were drawn, which every page prints.
    pub fn extracted(mut self, day: Date) -> Self {
        self.extracted = Some(day);
        self
    }

    /// States that no two rows are of one patient, so that the table needs no patient column and no memory for patients.
    pub fn one_course_per_patient(mut self) -> Self {
        self.patients = None;
        self
    }

    /// The key by which patients' identifiers are hashed. Sites whose counts are merged use the same one, and keep it: with it,
    /// identifiers can be tried out against a saved partial cube.
    pub fn patient_key(mut self, key: [u8; 32]) -> Self {
        self.patients = Some(PatientKey(key));
        self
    }

    /// Does not cross everything by the treating unit. A policy that looks at readers inside then needs tables by the unit, or
    /// refuses.
    pub fn without_units(mut self) -> Self {
        self.by_unit = false;
        self
    }

    /// Makes a plan ready to be counted.
    ///
    /// # Errors
    /// When the plan or a condition names something that the codebook lacks, the window is impossible, the plan counts patients'
    /// newest courses, or it crosses more than 2^44 groups.
    pub fn count(&self, plan: impl Into<Plan>) -> Result<Counting, Error> {
        self.window.visits()?;
        let nobody = Courses::none_of(&self.codebook);
        for condition in &self.conditions {
            nobody.deriver().check(condition)?;
        }
        let cohort = Cohort {
            courses: Arc::new(nobody),
            window: self.window,
            conditions: self.conditions.clone(),
            extracted: self.extracted,
        };
        Ok(Counting::new(Shape::new(cohort, plan.into(), self.patients, self.by_unit)?))
    }
}

/// Only the type's name.
impl fmt::Debug for LargeCohort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LargeCohort(..)")
    }
}
