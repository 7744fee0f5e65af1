//! Course linkage: one clinician form, its newest baseline form and its newest follow-up forms.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use polars::prelude::{DataFrame, DataType};

use super::derived::Deriver;
use crate::error::Error;
use crate::load::Registry;
use crate::schema::{Codebook, Date, Form, Purpose};

/// All courses of a register, sorted by patient and visit, with the row of each form that belongs to them.
pub(crate) struct Courses {
    codebook: Codebook,
    frames: BTreeMap<String, DataFrame>,
    rows: BTreeMap<String, Vec<Option<usize>>>,
    keys: Vec<String>,
    patients: Vec<u32>,
    visits: Vec<Date>,
    flow: Flow,
}

/// Which forms make up the courses, and which were left out because of what. Inside: these are raw numbers.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Flow {
    used: BTreeMap<String, u64>,
    duplicates: BTreeMap<String, u64>,
    without_course: BTreeMap<String, u64>,
    without_baseline: u64,
    without_visit_date: u64,
}

impl Flow {
    /// Forms of this kind that belong to a course.
    pub fn used(&self, form: &str) -> u64 {
        self.used.get(form).copied().unwrap_or_default()
    }

    /// Forms of this kind left out because the course has a newer one.
    pub fn duplicates(&self, form: &str) -> u64 {
        self.duplicates.get(form).copied().unwrap_or_default()
    }

    /// Forms of this kind left out because their course does not exist.
    pub fn without_course(&self, form: &str) -> u64 {
        self.without_course.get(form).copied().unwrap_or_default()
    }

    /// Clinician forms left out because the patient's baseline form is missing.
    pub fn without_baseline(&self) -> u64 {
        self.without_baseline
    }

    /// Clinician forms left out because they bear no visit date.
    pub fn without_visit_date(&self) -> u64 {
        self.without_visit_date
    }
}

/// Only the type's name: the numbers are confidential.
impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flow(..)")
    }
}

/// One form's linking columns, row by row.
struct Links {
    courses: Vec<Option<String>>,
    patients: Vec<Option<String>>,
    dates: Vec<Option<i64>>,
}

struct Draft {
    key: String,
    patient: String,
    visit: Date,
    row: usize,
}

impl Courses {
    /// Links the forms of a register.
    pub(crate) fn link(registry: &Registry) -> Result<Self, Error> {
        let codebook = registry.codebook().clone();
        let mut flow = Flow::default();
        let mut frames = BTreeMap::new();
        let mut newest: BTreeMap<String, HashMap<String, usize>> = BTreeMap::new();
        let mut drafts = Vec::new();
        for form in codebook.forms() {
            let frame = registry
                .form(form.id())
                .ok_or_else(|| Error::cohort(format!("form `{}` was not loaded", form.id())))?;
            let links = Links::read(frame, form)?;
            let rows = links.newest_rows(form, &mut flow);
            if form.purpose() == Purpose::Course {
                drafts = links.drafts(&rows, &mut flow);
            }
            newest.insert(form.id().to_owned(), rows);
            frames.insert(form.id().to_owned(), frame.clone());
        }
        let baseline = codebook.of_purpose(Purpose::Baseline).next().map(Form::id).unwrap_or_default();
        let has_baseline =
            |draft: &Draft| newest.get(baseline).is_some_and(|rows| rows.contains_key(&draft.key));
        let all = drafts.len();
        for (form, rows) in &newest {
            let keys: std::collections::HashSet<&str> =
                drafts.iter().map(|draft| draft.key.as_str()).collect();
            let lost = rows.keys().filter(|key| !keys.contains(key.as_str())).count();
            flow.without_course.insert(form.clone(), lost as u64);
        }
        drafts.retain(has_baseline);
        flow.without_baseline = (all - drafts.len()) as u64;
        drafts.sort_by(|a, b| (&a.patient, a.visit, &a.key).cmp(&(&b.patient, b.visit, &b.key)));
        Ok(Self::assemble(codebook, frames, &newest, drafts, flow))
    }

    fn assemble(
        codebook: Codebook,
        frames: BTreeMap<String, DataFrame>,
        newest: &BTreeMap<String, HashMap<String, usize>>,
        drafts: Vec<Draft>,
        mut flow: Flow,
    ) -> Self {
        let mut rows = BTreeMap::new();
        for form in codebook.forms() {
            let linked: Vec<Option<usize>> = match form.purpose() {
                Purpose::Course => drafts.iter().map(|draft| Some(draft.row)).collect(),
                _ => {
                    let known = newest.get(form.id());
                    drafts.iter().map(|draft| known.and_then(|rows| rows.get(&draft.key)).copied()).collect()
                }
            };
            flow.used.insert(form.id().to_owned(), linked.iter().flatten().count() as u64);
            rows.insert(form.id().to_owned(), linked);
        }
        let mut patients = Vec::with_capacity(drafts.len());
        let mut previous: Option<&str> = None;
        let mut number = 0_u32;
        for draft in &drafts {
            if previous.is_some_and(|patient| patient != draft.patient) {
                number += 1;
            }
            previous = Some(&draft.patient);
            patients.push(number);
        }
        let visits = drafts.iter().map(|draft| draft.visit).collect();
        let keys = drafts.into_iter().map(|draft| draft.key).collect();
        Self { codebook, frames, rows, keys, patients, visits, flow }
    }

    pub(crate) fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The register's key of each course: the identity of a record.
    pub(crate) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// A number for the patient of each course; courses of one patient are neighbours.
    pub(crate) fn patients(&self) -> &[u32] {
        &self.patients
    }

    pub(crate) fn visits(&self) -> &[Date] {
        &self.visits
    }

    pub(crate) fn flow(&self) -> &Flow {
        &self.flow
    }

    /// The codebook without any course: what a condition names can be checked against it at no cost.
    pub(crate) fn none_of(codebook: &Codebook) -> Self {
        Self {
            codebook: codebook.clone(),
            frames: BTreeMap::new(),
            rows: BTreeMap::new(),
            keys: Vec::new(),
            patients: Vec::new(),
            visits: Vec::new(),
            flow: Flow::default(),
        }
    }

    pub(crate) fn deriver(&self) -> Deriver<'_> {
        Deriver::new(self)
    }

    /// Courses are sorted by patient and visit, so the newest of a window is the last of its patient's run in it.
    pub(crate) fn newest_between(&self, first: i32, last: i32) -> Vec<Option<i64>> {
        let mut flags = vec![Some(0); self.len()];
        let mut newest: BTreeMap<u32, usize> = BTreeMap::new();
        for (course, (patient, visit)) in self.patients.iter().zip(&self.visits).enumerate() {
            if (first..=last).contains(&visit.days()) {
                newest.insert(*patient, course);
            }
        }
        for course in newest.into_values() {
            if let Some(flag) = flags.get_mut(course) {
                *flag = Some(1);
            }
        }
        flags
    }

    /// Which courses have this form.
    pub(crate) fn has_form<'c>(&'c self, form: &str) -> impl Iterator<Item = bool> + use<'c> {
        self.rows.get(form).into_iter().flatten().map(Option::is_some)
    }

    /// One column of one form, course by course, as whole numbers: codes, days, or thousandths of a decimal.
    pub(crate) fn column(&self, form: &str, name: &str) -> Result<Vec<Option<i64>>, Error> {
        if self.keys.is_empty() {
            return Ok(Vec::new());
        }
        let missing = || Error::cohort(format!("form `{form}` has no such column")).of_variable(name);
        let frame = self.frames.get(form).ok_or_else(missing)?;
        let values = integers(frame, name)?;
        let rows = self.rows.get(form).ok_or_else(missing)?;
        Ok(rows.iter().map(|row| row.and_then(|row| values.get(row).copied().flatten())).collect())
    }
}

impl Links {
    fn read(frame: &DataFrame, form: &Form) -> Result<Self, Error> {
        Ok(Self {
            courses: texts(frame, &form.course)?,
            patients: texts(frame, &form.patient)?,
            dates: integers(frame, &form.date)?,
        })
    }

    /// The newest row of each course; of two of one day the later row.
    fn newest_rows(&self, form: &Form, flow: &mut Flow) -> HashMap<String, usize> {
        let mut newest: HashMap<String, usize> = HashMap::new();
        let mut duplicates = 0;
        for (row, course) in self.courses.iter().enumerate() {
            let Some(course) = course else { continue };
            let date = |row: usize| self.dates.get(row).copied().flatten();
            match newest.get_mut(course) {
                Some(known) => {
                    duplicates += 1;
                    if date(row) >= date(*known) {
                        *known = row;
                    }
                }
                None => {
                    newest.insert(course.clone(), row);
                }
            }
        }
        flow.duplicates.insert(form.id().to_owned(), duplicates);
        newest
    }

    fn drafts(&self, rows: &HashMap<String, usize>, flow: &mut Flow) -> Vec<Draft> {
        let mut drafts = Vec::with_capacity(rows.len());
        for (key, row) in rows {
            let patient = self.patients.get(*row).cloned().flatten();
            let visit = self.dates.get(*row).copied().flatten();
            let visit = visit.and_then(|days| i32::try_from(days).ok()).and_then(Date::from_days);
            match (patient, visit) {
                (Some(patient), Some(visit)) => {
                    drafts.push(Draft { key: key.clone(), patient, visit, row: *row })
                }
                _ => flow.without_visit_date += 1,
            }
        }
        drafts
    }
}

fn texts(frame: &DataFrame, name: &str) -> Result<Vec<Option<String>>, Error> {
    let wrong = || Error::cohort("the frame lacks this text column").of_variable(name);
    let column = frame.column(name).map_err(|_| wrong())?;
    let values = column.str().map_err(|_| wrong())?;
    Ok(values.iter().map(|value| value.map(str::to_owned)).collect())
}

fn integers(frame: &DataFrame, name: &str) -> Result<Vec<Option<i64>>, Error> {
    let wrong = || Error::cohort("the frame lacks this number column").of_variable(name);
    let column = frame.column(name).map_err(|_| wrong())?;
    if column.dtype().is_float() {
        let values = column.f64().map_err(|_| wrong())?;
        return Ok(values.iter().map(|value| value.map(|value| (value * 1000.0).round() as i64)).collect());
    }
    let whole = column.cast(&DataType::Int64).map_err(|_| wrong())?;
    let values = whole.i64().map_err(|_| wrong())?;
    Ok(values.iter().collect())
}
