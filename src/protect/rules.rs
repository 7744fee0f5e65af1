//! The rules of a policy as data: what each of them is, and what holds where a policy does not say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::Date;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Privacy {
    pub(super) threshold: u64,
    #[serde(default)]
    pub(super) zeros: Zeros,
    #[serde(default = "yes")]
    pub(super) complement: bool,
    #[serde(default)]
    pub(super) nonresponse_identifies: bool,
    #[serde(default)]
    pub(super) interval: Possible,
    #[serde(default = "one")]
    pub(super) respondents: u64,
    pub(super) insider: Option<String>,
    pub(super) rounding_base: Option<u64>,
    #[serde(default)]
    pub(super) minimum: Minimum,
    #[serde(default)]
    pub(super) group: Group,
}

pub(super) fn yes() -> bool {
    true
}

pub(super) fn one() -> u64 {
    1
}

/// How zeros are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Zeros {
    /// Every zero is printed; a reader therefore knows that a hidden number is at least 1, and the audit uses it.
    #[default]
    Shown,
    /// A zero is as secret as a small number.
    Protected,
    /// Zeros are printed and no secret: every reader knows which combinations are empty, printed or not.
    Structural,
}

impl Zeros {
    /// Whether every zero is printed, so that a hidden number is at least 1.
    pub(super) fn are_printed(self) -> bool {
        matches!(self, Self::Shown | Self::Structural)
    }
}

/// What must stay possible for the count of a small group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Possible {
    /// Every count from 1 to the threshold less 1.
    #[default]
    All,
    /// A second whole number.
    Two,
}

/// What hiding a further cell costs; the cheapest pattern that protects is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Cost {
    /// One for every place where the cell is printed.
    Cells,
    /// As much as the cell counts: large groups are hidden last.
    Value,
    /// The places where it is printed, totals dearer, and a little more for large counts.
    #[default]
    Log,
}

/// Group disclosure: of a printed group of n patients, a category of a sensitive variable holds c >= 1 with
/// n - c <= `coalition`. Then everyone in the group, or as many as `coalition` of the others together, learns that
/// category of the rest, however large the group is. Source: Handbook on Statistical Disclosure Control, ch. 5.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Group {
    pub(super) sensitive: Vec<String>,
    pub(super) coalition: u64,
}

impl Default for Group {
    fn default() -> Self {
        Self { sensitive: Vec::new(), coalition: one() }
    }
}

/// Fewest patients that a statistic may rest on. Never below the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Minimum {
    pub(super) mean: u64,
    pub(super) deviation: u64,
    pub(super) quantile: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Reliability {
    pub(super) share: u64,
    pub(super) mean: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Coverage {
    pub(super) least_percent: f64,
    pub(super) source: Option<String>,
    pub(super) date: Option<Date>,
    pub(super) private: bool,
    pub(super) units: BTreeMap<String, f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Precision {
    pub(super) share_decimals: u8,
}

impl Default for Precision {
    fn default() -> Self {
        Self { share_decimals: 1 }
    }
}

/// How secondaries are chosen: by which cost, and from which start of the random numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Choice {
    pub(super) cost: Cost,
    pub(super) seed: u64,
}

/// A table whose total rows are printed even where they are small, and why that is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    pub(super) table: String,
    pub(super) reason: String,
}
