//! The codebook: everything that is particular to one register, as data.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::instrument::Instrument;
use super::label::Label;
use super::specification;
use super::units::UnitTree;
use super::variable::{Kind, Variable};
use crate::error::{Error, unknown};

/// Forms, variables, instruments and units of one register, read from TOML and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    pub(crate) register: Register,
    #[serde(rename = "form")]
    pub(crate) forms: Vec<Form>,
    #[serde(rename = "variable")]
    pub(crate) variables: Vec<Variable>,
    #[serde(default, rename = "instrument")]
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) units: UnitTree,
}

/// The register itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub(crate) id: String,
    pub(crate) name: Label,
    /// The credit that every delivery must carry.
    pub(crate) credit: Label,
    /// How its patients are called in a sentence ("patients with back or neck pain").
    pub(crate) population: Label,
}

/// One form: what it is for and which of its variables tie it to a course.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub(crate) id: String,
    pub(crate) label: Label,
    pub(crate) purpose: Purpose,
    /// Months after the visit, for a follow-up form.
    pub(crate) months: Option<u32>,
    pub(crate) key: String,
    pub(crate) course: String,
    pub(crate) patient: String,
    pub(crate) status: String,
    #[serde(rename = "final")]
    pub(crate) final_status: i64,
    pub(crate) date: String,
    /// On a follow-up form: the variable of the course form with the day it was sent.
    pub(crate) sent: Option<String>,
    /// On the course form: the variable with the unit's code.
    pub(crate) unit: Option<String>,
}

/// What a form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Purpose {
    /// The clinician's form: there is one per course and it carries unit and visit date.
    Course,
    /// The patient's form at the visit.
    Baseline,
    /// A patient's form some months later.
    FollowUp,
}

impl Codebook {
    /// Reads and checks a codebook.
    ///
    /// # Errors
    /// An unknown key, a level without a label, overlapping codes, a form or variable that is named and not there.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let codebook: Self =
            toml::from_str(text).map_err(|error| Error::toml(Error::schema, text, &error))?;
        codebook.validate()?;
        Ok(codebook)
    }

    /// Reads and checks a codebook file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_toml)
    }

    /// The register's name, credit line and population.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// All forms, in the order of the codebook.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// All variables, in the order of the codebook.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// All instruments, in the order of the codebook.
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// The unit hierarchy.
    pub fn units(&self) -> &UnitTree {
        &self.units
    }

    pub(crate) fn form(&self, id: &str) -> Result<&Form, Error> {
        let known = || self.forms.iter().map(|form| form.id.as_str());
        self.forms
            .iter()
            .find(|form| form.id == id)
            .ok_or_else(|| Error::schema(unknown("form", id, known())))
    }

    pub(crate) fn variable(&self, id: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.id == id)
    }

    pub(crate) fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments.iter().find(|instrument| instrument.id == id)
    }

    pub(crate) fn of_purpose(&self, purpose: Purpose) -> impl Iterator<Item = &Form> {
        self.forms.iter().filter(move |form| form.purpose == purpose)
    }

    /// Every column name that a form may have, with the items and stored scores of its instruments.
    pub(crate) fn columns_of<'c>(&'c self, form: &'c str) -> impl Iterator<Item = &'c str> {
        let variables = self.variables.iter().filter(move |variable| variable.is_on(form));
        let instruments = self
            .instruments
            .iter()
            .filter(move |instrument| instrument.forms.iter().any(|known| known == form));
        let items = instruments.flat_map(|instrument| {
            instrument.columns.iter().chain(&instrument.stored_score).map(String::as_str)
        });
        variables.map(|variable| variable.column.as_str()).chain(items)
    }

    fn validate(&self) -> Result<(), Error> {
        self.units.validate()?;
        for form in &self.forms {
            self.validate_form(form)?;
        }
        if self.of_purpose(Purpose::Course).count() != 1 || self.of_purpose(Purpose::Baseline).count() != 1 {
            return Err(Error::schema("a codebook has exactly one `course` form and one `baseline` form"));
        }
        let mut ids = BTreeSet::new();
        for variable in &self.variables {
            if !ids.insert(variable.id.as_str()) {
                return Err(Error::schema("two variables have this name").of_variable(&variable.id));
            }
            self.validate_variable(variable).map_err(|error| error.of_variable(&variable.id))?;
        }
        for instrument in &self.instruments {
            if !ids.insert(instrument.id.as_str()) {
                return Err(
                    Error::schema("an instrument and a variable share this name").of_variable(&instrument.id)
                );
            }
            self.validate_instrument(instrument).map_err(|error| error.of_variable(&instrument.id))?;
        }
        Ok(())
    }

    fn validate_form(&self, form: &Form) -> Result<(), Error> {
        let named = [
            Some(&form.key),
            Some(&form.course),
            Some(&form.patient),
            Some(&form.status),
            Some(&form.date),
            form.unit.as_ref(),
        ];
        for id in named.into_iter().flatten() {
            let known = || self.variables.iter().map(|variable| variable.id.as_str());
            let variable =
                self.variable(id).ok_or_else(|| Error::schema(unknown("variable", id, known())))?;
            let is_key = [&form.key, &form.course, &form.patient].contains(&id);
            if is_key && variable.kind != Kind::Identifier {
                return Err(Error::schema("it links forms, so its kind is `identifier`").of_variable(id));
            }
            if !variable.is_on(&form.id) {
                return Err(Error::schema(format!("form `{}` uses it and it is not on that form", form.id))
                    .of_variable(id));
            }
        }
        if let Some(sent) = form.sent.as_deref().filter(|sent| self.variable(sent).is_none()) {
            let known = self.variables.iter().map(|variable| variable.id.as_str());
            return Err(Error::schema(unknown("variable", sent, known)));
        }
        if form.label.is_blank() {
            return Err(Error::schema(format!("form `{}` lacks a label", form.id)));
        }
        match form.purpose {
            Purpose::Course if form.unit.is_none() => {
                Err(Error::schema("the course form must name its `unit` variable"))
            }
            Purpose::FollowUp if form.months.is_none() => {
                Err(Error::schema(format!("follow-up form `{}` must state its `months`", form.id)))
            }
            _ => Ok(()),
        }
    }

    fn validate_variable(&self, variable: &Variable) -> Result<(), Error> {
        for form in variable
            .forms
            .iter()
            .chain(variable.codings.iter().flat_map(|coding| coding.forms.iter().flatten()))
        {
            self.form(form)?;
        }
        if variable.label.is_blank() {
            return Err(Error::schema("it lacks a label"));
        }
        let mut codes: BTreeSet<i64> = variable.missing.iter().copied().collect();
        for level in &variable.levels {
            if level.label.is_blank() {
                return Err(Error::schema("one of its levels lacks a label"));
            }
            if !codes.insert(level.code) {
                return Err(Error::schema("two of its levels, or a level and a missing code, share a code"));
            }
        }
        let is_unit = variable.role == super::variable::Role::Unit;
        if variable.kind == Kind::Category && variable.levels.is_empty() && !is_unit {
            return Err(Error::schema("a category needs levels"));
        }
        if variable.min.zip(variable.max).is_some_and(|(min, max)| min > max) {
            return Err(Error::schema("`min` is above `max`"));
        }
        if variable.codings.iter().any(|coding| coding.recode.keys().any(|code| code.parse::<i64>().is_err()))
        {
            return Err(Error::schema("the keys of `recode` are codes, whole numbers"));
        }
        Ok(())
    }

    fn validate_instrument(&self, instrument: &Instrument) -> Result<(), Error> {
        for form in &instrument.forms {
            self.form(form)?;
        }
        if instrument.label.is_blank() {
            return Err(Error::schema("it lacks a label"));
        }
        if instrument.columns.len() != instrument.scoring.items() {
            return Err(Error::schema(
                "the number of `columns` is not the number of items of its scoring rule",
            ));
        }
        let lowest = instrument.first_code;
        let highest = lowest + instrument.scoring.highest_answer();
        if instrument.missing.iter().any(|code| (lowest..=highest).contains(code)) {
            return Err(Error::schema("a missing code is also an answer"));
        }
        Ok(())
    }
}

impl Register {
    /// The short name, as file names use it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The printed name.
    pub fn name(&self) -> &Label {
        &self.name
    }

    /// The credit line that every delivery carries.
    pub fn credit(&self) -> &Label {
        &self.credit
    }

    /// How the register's patients are called in a sentence.
    pub fn population(&self) -> &Label {
        &self.population
    }
}

impl Form {
    /// The name of the form, which is also the stem of its file.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// What the form is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Months after the visit, for a follow-up form.
    pub fn months(&self) -> Option<u32> {
        self.months
    }
}
