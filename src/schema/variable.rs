//! One variable of a form: its column, kind, codes, range and role.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::date::Date;
use super::label::Label;

/// A variable of the codebook: one column of one or more forms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub(crate) id: String,
    pub(crate) column: String,
    pub(crate) forms: Vec<String>,
    pub(crate) kind: Kind,
    pub(crate) role: Role,
    pub(crate) label: Label,
    #[serde(default)]
    pub(crate) levels: Vec<Level>,
    #[serde(default)]
    pub(crate) missing: Vec<i64>,
    #[serde(default, rename = "coding")]
    pub(crate) codings: Vec<Coding>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) unit: Option<Label>,
    #[serde(default, rename = "scale")]
    pub(crate) scales: Vec<ScaleBreak>,
    #[serde(default = "yes")]
    pub(crate) required: bool,
}

fn yes() -> bool {
    true
}

/// How a column is written and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Text that names a patient, a course or a form.
    Identifier,
    /// An integer code with a closed list of levels.
    Category,
    /// A box that is ticked (1) or not (0 or empty): not ticked means no, never missing.
    Tick,
    /// A whole number within `min..=max`.
    Integer,
    /// A decimal number within `min..=max`.
    Decimal,
    /// A calendar day.
    Date,
    /// Free text: the column is known and never read.
    FreeText,
}

/// What a variable can do to a patient's privacy, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Role {
    /// Names a patient, a course or a form; never a row or column of a table.
    Identifier,
    /// The treating unit.
    Unit,
    /// Known to others, such as age or sex.
    QuasiIdentifier,
    /// Harmful when known, such as a diagnosis.
    Sensitive,
    /// What the register measures.
    Outcome,
    /// What the register's own work needs: status and dates.
    Administrative,
    /// Never read.
    FreeText,
}

/// One level of a category: its code in the file and its printed name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub(crate) code: i64,
    pub(crate) label: Label,
}

impl Level {
    /// The code in the export.
    pub fn code(&self) -> i64 {
        self.code
    }

    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }
}

/// How some forms, or forms of some period, were coded differently.
///
/// The older follow-up form stored pain as 0 = not answered and 11 = the value zero: `missing = [0]`,
/// `recode = { 11 = 0 }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    pub(crate) forms: Option<Vec<String>>,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
    #[serde(default)]
    pub(crate) missing: Vec<i64>,
    #[serde(default)]
    pub(crate) recode: BTreeMap<String, i64>,
}

impl Coding {
    /// Whether it speaks of a form answered on this day.
    pub(crate) fn covers(&self, form: &str, date: Option<Date>) -> bool {
        let right_form = self.forms.as_ref().is_none_or(|forms| forms.iter().any(|known| known == form));
        let after_start = self.from.is_none_or(|from| date.is_some_and(|date| date >= from));
        let before_end = self.until.is_none_or(|until| date.is_some_and(|date| date <= until));
        right_form && after_start && before_end
    }
}

/// A period in which a score was stored on one scale. Numbers of two scales are never pooled or compared.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleBreak {
    pub(crate) name: String,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
    pub(crate) min: i64,
    pub(crate) max: i64,
}

impl ScaleBreak {
    pub(crate) fn covers(&self, date: Date) -> bool {
        self.from.is_none_or(|from| date >= from) && self.until.is_none_or(|until| date <= until)
    }
}

impl Variable {
    /// The name that specifications use.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of the column in the export.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// How the column is written.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What the variable can do to a patient's privacy.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The levels of a category, in printed order.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    pub(crate) fn is_on(&self, form: &str) -> bool {
        self.forms.iter().any(|known| known == form)
    }

    /// The value that a code stands for on this form and day: `None` when it means "not answered".
    pub(crate) fn decode(&self, code: i64, form: &str, date: Option<Date>) -> Option<i64> {
        let coding = self.codings.iter().find(|coding| coding.covers(form, date));
        let missing = coding.map_or(&self.missing, |coding| &coding.missing);
        if missing.contains(&code) {
            return None;
        }
        let recoded = coding.and_then(|coding| coding.recode.get(&code.to_string()));
        Some(recoded.copied().unwrap_or(code))
    }
}
