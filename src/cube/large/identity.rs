//! What two partial cubes must share to be merged, in a form that files hold and messages can explain.

use serde::{Deserialize, Serialize};

use super::shape::Shape;
use crate::cohort::{Derived, Region};
use crate::error::Error;

/// What was counted, of whom, and by what.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    /// A hash of everything that the codebook says.
    codebook: String,
    /// A hash of the key by which patients are told apart; nothing where each row is another patient.
    patients: Option<String>,
    /// Window and conditions.
    selection: String,
    axes: Vec<(Derived, Vec<Region>)>,
    measures: Vec<(String, String)>,
    /// A hash of the tables and charts.
    plan: String,
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

impl Identity {
    pub(super) fn of(shape: &Shape) -> Self {
        let cohort = &shape.cohort;
        let measure = |measure: &super::shape::Measure| {
            let support = format!("{} {:?}", measure.support.per_unit, measure.support.values());
            (measure.name(), hash(&support))
        };
        Self {
            codebook: hash(&format!("{:?}", shape.codebook())),
            patients: shape.patients.map(|key| blake3::hash(&key.0).to_hex().to_string()),
            selection: format!("{:?} {:?}", cohort.window, cohort.conditions),
            axes: shape.axes.iter().map(|axis| (axis.derived.clone(), axis.regions.clone())).collect(),
            measures: shape.measures.iter().map(measure).collect(),
            plan: hash(&format!("{:?}", shape.plan)),
        }
    }

    /// Refuses another identity, with the first thing that differs.
    pub(super) fn check(&self, other: &Self) -> Result<(), Error> {
        let differs = |what: &str| Err(Error::cube(format!("the two partial cubes differ: {what}")));
        if self.codebook != other.codebook {
            return differs("they were counted by different codebooks");
        }
        if self.selection != other.selection {
            return differs("they were counted with different windows or conditions");
        }
        if self.patients.is_some() != other.patients.is_some() {
            return differs("one tells patients apart, the other takes each row for another patient");
        }
        if self.patients != other.patients {
            return differs("their patients were hashed with different keys");
        }
        let is_in = |axes: &[(Derived, Vec<Region>)], derived: &Derived| {
            axes.iter().any(|(known, _)| known == derived)
        };
        for (derived, regions) in &self.axes {
            if !is_in(&other.axes, derived) {
                return differs(&format!("only one is by `{}`", derived.name()));
            }
            if !other.axes.iter().any(|(known, others)| known == derived && others == regions) {
                return differs(&format!("`{}` is grouped differently", derived.name()));
            }
        }
        if let Some((derived, _)) = other.axes.iter().find(|(derived, _)| !is_in(&self.axes, derived)) {
            return differs(&format!("only one is by `{}`", derived.name()));
        }
        for (one, other) in [(self, other), (other, self)] {
            if let Some((name, _)) = one.measures.iter().find(|measure| !other.measures.contains(measure)) {
                return differs(&format!("only one counts the values of `{name}` in this way"));
            }
        }
        if self != other {
            return differs("they were counted for different tables or charts");
        }
        Ok(())
    }
}
