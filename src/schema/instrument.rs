//! An instrument: the columns of its items and how they are scored.

use serde::Deserialize;

use super::date::Date;
use super::label::Label;

/// A questionnaire whose items are scored together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    pub(crate) id: String,
    pub(crate) label: Label,
    pub(crate) scoring: Scoring,
    pub(crate) forms: Vec<String>,
    pub(crate) columns: Vec<String>,
    /// The code of the lowest answer: 1 in the register, where items are stored as 1 to 6.
    #[serde(default)]
    pub(crate) first_code: i64,
    #[serde(default)]
    pub(crate) missing: Vec<i64>,
    /// The missing-item policy by name; instruments that need every item state `complete`.
    #[serde(default = "complete")]
    pub(crate) missing_items: String,
    pub(crate) value_set: Option<String>,
    /// How the value set is called in print.
    pub(crate) value_set_label: Option<Label>,
    /// The column that holds the form system's own score: known, so that it is no surprise, and never used.
    pub(crate) stored_score: Option<String>,
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

fn complete() -> String {
    "complete".to_owned()
}

/// The scoring rule of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Scoring {
    /// Oswestry Disability Index 2.1a: ten items 0-5, percent 0-100, lower is better.
    Oswestry,
    /// Neck Disability Index: ten items 0-5, percent 0-100, lower is better.
    NeckDisability,
    /// EQ-5D-5L index by a value set, higher is better.
    #[serde(rename = "eq5d-5l")]
    Eq5d5l,
    /// EQ-5D-3L index by a value set, higher is better.
    #[serde(rename = "eq5d-3l")]
    Eq5d3l,
    /// EQ VAS 0-100, higher is better.
    EqVas,
    /// Pain numeric rating scale 0-10, lower is better.
    PainNrs,
    /// Hopkins Symptom Checklist: mean of ten items, 1-4, lower is better.
    #[serde(rename = "hopkins-10")]
    Hopkins10,
    /// Fear-avoidance beliefs about physical activity: sum of four items 0-6, 0-24, lower is better.
    FearAvoidancePhysical,
    /// Fear-avoidance beliefs about work: sum of seven items 0-6, 0-42, lower is better.
    FearAvoidanceWork,
}

impl Scoring {
    /// How many item columns the rule needs.
    pub(crate) fn items(self) -> usize {
        match self {
            Self::Oswestry | Self::NeckDisability | Self::Hopkins10 => 10,
            Self::Eq5d5l | Self::Eq5d3l => 5,
            Self::EqVas | Self::PainNrs => 1,
            Self::FearAvoidancePhysical => 4,
            Self::FearAvoidanceWork => 7,
        }
    }

    /// Steps of a score per whole unit: every possible score is a whole number of steps. 2520 is divisible by every
    /// number of answered items from 1 to 10.
    pub(crate) fn per_unit(self) -> i64 {
        match self {
            Self::Oswestry
            | Self::NeckDisability
            | Self::Hopkins10
            | Self::FearAvoidancePhysical
            | Self::FearAvoidanceWork => 2520,
            Self::Eq5d5l | Self::Eq5d3l => 1_000_000,
            Self::EqVas | Self::PainNrs => 1,
        }
    }

    /// The printed range of the score.
    pub(crate) fn range(self) -> (f64, f64) {
        match self {
            Self::Oswestry | Self::NeckDisability | Self::EqVas => (0.0, 100.0),
            Self::Eq5d5l | Self::Eq5d3l => (-1.0, 1.0),
            Self::PainNrs => (0.0, 10.0),
            Self::Hopkins10 => (1.0, 4.0),
            Self::FearAvoidancePhysical => (0.0, 24.0),
            Self::FearAvoidanceWork => (0.0, 42.0),
        }
    }

    /// The highest code of an item, counted from 0 after `first_code` is taken off.
    pub(crate) fn highest_answer(self) -> i64 {
        match self {
            Self::Oswestry | Self::NeckDisability => 5,
            Self::Eq5d5l => 4,
            Self::Eq5d3l => 2,
            Self::EqVas => 100,
            Self::PainNrs => 10,
            Self::Hopkins10 => 3,
            Self::FearAvoidancePhysical | Self::FearAvoidanceWork => 6,
        }
    }

    /// Decimals that a mean of the score is printed with.
    pub(crate) fn decimals(self) -> u8 {
        match self {
            Self::Eq5d5l | Self::Eq5d3l | Self::Hopkins10 => 2,
            _ => 1,
        }
    }

    pub(crate) fn lower_is_better(self) -> bool {
        !matches!(self, Self::Eq5d5l | Self::Eq5d3l | Self::EqVas)
    }
}

impl Instrument {
    /// The name that specifications use.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The scoring rule.
    pub fn scoring(&self) -> Scoring {
        self.scoring
    }

    /// The name of the frame's column that holds one item, from 0.
    pub(crate) fn item_name(&self, item: usize) -> String {
        format!("{}.{}", self.id, item + 1)
    }
}
