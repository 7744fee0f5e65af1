//! What a large cohort is counted by: the crossing of all axes of a plan, and the measures whose values are counted in it.

use std::sync::Arc;

use super::atoms::Atoms;
use super::patients::PatientKey;
use super::rows::name_at;
use super::support::Support;
use crate::cohort::{Cohort, Condition, Derived, Region, Time};
use crate::cube::resolve::{Resolved, resolve};
use crate::cube::sheet::{Plan, Quantity};
use crate::error::Error;
use crate::schema::{Codebook, Kind, Purpose};

/// The axes and measures of a plan. Two partial cubes of equal shapes can be merged.
pub(super) struct Shape {
    pub(super) cohort: Cohort,
    pub(super) plan: Plan,
    /// How patients are told apart; nothing where each row is another patient.
    pub(super) patients: Option<PatientKey>,
    pub(super) axes: Vec<Crossed>,
    pub(super) measures: Vec<Measure>,
    /// How many crossings of atoms there are.
    pub(super) crossings: u64,
    /// How many there are of the axes in front, those of `is_answered` left out: values are counted in these.
    pub(super) groups: u64,
}

/// An axis, its regions and their atoms.
pub(super) struct Crossed {
    pub(super) derived: Derived,
    pub(super) regions: Vec<Region>,
    pub(super) atoms: Arc<Atoms>,
    /// How far apart the crossings of neighbouring atoms are.
    pub(super) stride: u64,
    /// Whether the axis only parts those who have a value of some measure from those who do not. Such axes come last.
    pub(super) is_answered: bool,
}

impl Crossed {
    /// What the axis adds to the crossing of a record that has a value of its measure, and of one that has none.
    pub(super) fn answered(&self) -> (u64, u64) {
        let without = if matches!(self.derived, Derived::Holds(_)) { Some(0) } else { None };
        let add = |value| u64::from(self.atoms.of_value(value)) * self.stride;
        (add(ANSWERED), add(without))
    }

    /// Whether a crossing says of its records that they have a value, or have none.
    pub(super) fn agrees(&self, crossing: u64, has_value: bool) -> bool {
        let (with, without) = self.answered();
        crossing / self.stride % self.atoms.len() as u64 * self.stride
            == if has_value { with } else { without }
    }
}

/// What an axis says of a record that has a value of its measure: that it is scored, or any value at all.
pub(super) const ANSWERED: Option<i64> = Some(1);

/// A value whose statistics are printed. Its bins are its possible values, and one more for missing.
pub(super) struct Measure {
    pub(super) derived: Derived,
    pub(super) support: Arc<Support>,
    /// The axis that parts those who have a value from those who do not, if nothing else is asked of it.
    pub(super) answered: Option<usize>,
}

impl Measure {
    /// The bin of missing.
    pub(super) fn missing(&self) -> u16 {
        self.support.len() as u16
    }

    /// How many bins there are, the one of missing included.
    pub(super) fn bins(&self) -> usize {
        self.support.len() + 1
    }

    /// What files and queries call it.
    pub(super) fn name(&self) -> String {
        match &self.derived {
            Derived::Score { instrument, at } => name_at(instrument, *at),
            Derived::Variable { id, at } => name_at(id, *at),
            Derived::Change { instrument, from, to } => {
                format!("{}_minus_{}", name_at(instrument, *to), name_at(instrument, *from))
            }
            other => other.name().to_owned(),
        }
    }
}

impl Shape {
    /// More crossings than this leave no room for a value or a patient beside them in one number.
    const MOST_CROSSINGS: u64 = 1 << 44;

    /// Resolves a plan. Readers inside see their own unit's courses: with `by_unit` everything is crossed by the unit, whatever
    /// the tables are by.
    pub(super) fn new(
        cohort: Cohort,
        plan: Plan,
        patients: Option<PatientKey>,
        by_unit: bool,
    ) -> Result<Self, Error> {
        let resolved = resolve(&cohort, &plan)?;
        let codebook = cohort.courses.codebook();
        let mut axes: Vec<(Derived, Vec<Region>)> =
            resolved.grid.axes().iter().map(|axis| (axis.derived.clone(), axis.regions.clone())).collect();
        if let Some(unit) = unit_variable(codebook).filter(|_| by_unit) {
            let derived = Derived::Variable { id: unit.to_owned(), at: Time::BASELINE };
            let each = codebook.units().codes().map(|code| Region::codes([code]));
            match axes.iter_mut().find(|(known, _)| *known == derived) {
                Some((_, regions)) => regions.extend(each),
                None => axes.push((derived, each.collect())),
            }
        }
        if axes.iter().any(|(derived, _)| matches!(derived, Derived::Newest { .. })) {
            return Err(Error::cube(
                "a large cohort counts courses: the newest course of each patient is known to a cohort of forms only",
            ));
        }
        let mut measures = measures(&resolved, codebook)?;
        let is_answered = |derived: &Derived, regions: &[Region]| only_answering(derived, regions, &resolved);
        // Stable: otherwise the order of the plan.
        axes.sort_by_key(|(derived, regions)| is_answered(derived, regions));
        let (mut crossings, mut groups): (u64, u64) = (1, 1);
        let mut crossed = Vec::with_capacity(axes.len());
        for (derived, regions) in axes {
            let too_many = || {
                Error::cube(
                    "the plan crosses too many groups for one pass; split it into plans of fewer variables",
                )
            };
            let atoms = Atoms::of(&regions).ok_or_else(too_many)?;
            let stride = crossings;
            let next = crossings.checked_mul(atoms.len() as u64).filter(|next| *next <= Self::MOST_CROSSINGS);
            crossings = next.ok_or_else(too_many)?;
            let is_answered = is_answered(&derived, &regions);
            if is_answered {
                for measure in measures.iter_mut().filter(|measure| is_of(&derived, &measure.derived)) {
                    measure.answered = Some(crossed.len());
                }
            } else {
                groups = crossings;
            }
            crossed.push(Crossed { derived, regions, atoms: Arc::new(atoms), stride, is_answered });
        }
        Ok(Self { cohort, plan, patients, axes: crossed, measures, crossings, groups })
    }

    pub(super) fn codebook(&self) -> &Codebook {
        self.cohort.courses.codebook()
    }

    /// Whether a region of an axis is a union of its atoms, so that the crossings tell who is in it.
    pub(super) fn tells(&self, derived: &Derived, region: &Region) -> bool {
        let axis = self.axes.iter().find(|axis| axis.derived == *derived);
        axis.is_some_and(|axis| axis.atoms.tell(region))
    }
}

/// The variable of the treating unit.
pub(super) fn unit_variable(codebook: &Codebook) -> Option<&str> {
    codebook.of_purpose(Purpose::Course).next().and_then(|form| form.unit.as_deref())
}

/// Whether an axis is about who has a value.
fn is_of(axis: &Derived, value: &Derived) -> bool {
    let Derived::Holds(Condition::Scored { instrument, times }) = axis else { return axis == value };
    let is_scored_at = |at: &[Time]| {
        let mut at = at.to_vec();
        at.sort_unstable();
        *times == at
    };
    match value {
        Derived::Score { instrument: scored, at } => scored == instrument && is_scored_at(&[*at]),
        Derived::Change { instrument: scored, from, to } => {
            scored == instrument && is_scored_at(&[*from, *to])
        }
        _ => false,
    }
}

/// Whether an axis only tells who has a value of a measure: then the values need not be counted apart for those who have one and
/// those who do not.
fn only_answering(derived: &Derived, regions: &[Region], resolved: &Resolved) -> bool {
    let missing = Region::missing();
    let answered = Region::everything().without(&missing);
    let parts_answers = |region: &Region| match derived {
        Derived::Holds(_) => true,
        _ => *region == missing || *region == answered,
    };
    regions.iter().all(parts_answers)
        && resolved.values.iter().any(|value| is_of(derived, &value.derived))
        && !is_asked_by_others(derived, resolved)
}

/// Whether a cell that needs values asks of an axis anything but that these values are there.
pub(super) fn is_asked_by_others(derived: &Derived, resolved: &Resolved) -> bool {
    let grid = &resolved.grid;
    let Some(axis) = grid.axis_of(derived) else { return false };
    resolved.printed().iter().any(|(cell, quantity)| {
        let (Quantity::Sum(value) | Quantity::Squares(value) | Quantity::Order(value)) = quantity else {
            return false;
        };
        let asked = grid.region_id_on(*cell, axis).and_then(|region| grid.region_of(axis, region));
        let is_own = || resolved.values.get(*value).is_some_and(|value| is_of(derived, &value.derived));
        asked.is_some_and(|region| !region.contains(ANSWERED) || !is_own())
    })
}

fn measures(resolved: &Resolved, codebook: &Codebook) -> Result<Vec<Measure>, Error> {
    let printed = resolved.printed();
    let is_counted = |number: usize| {
        printed.iter().any(|(_, quantity)| {
            matches!(quantity, Quantity::Sum(value) | Quantity::Squares(value) | Quantity::Order(value)
                if *value == number)
        })
    };
    let counted = resolved.values.iter().enumerate().filter(|(number, _)| is_counted(*number));
    let measures = counted.map(|(_, value)| {
        let support = Arc::new(support(&value.derived, codebook)?);
        Ok(Measure { derived: value.derived.clone(), support, answered: None })
    });
    measures.collect()
}

fn support(derived: &Derived, codebook: &Codebook) -> Result<Support, Error> {
    let instrument = |id: &str| {
        codebook
            .instrument(id)
            .ok_or_else(|| Error::cube("the codebook lacks the instrument").of_variable(id))
    };
    match derived {
        Derived::Score { instrument: id, .. } => Support::of_instrument(instrument(id)?),
        Derived::Change { instrument: id, .. } => {
            let changes = Support::of_instrument(instrument(id)?)?.of_change();
            changes
                .ok_or_else(|| Error::cube("the instrument has too many different changes").of_variable(id))
        }
        Derived::Variable { id, .. } => {
            let variable = codebook.variable(id);
            let variable =
                variable.ok_or_else(|| Error::cube("the codebook lacks the variable").of_variable(id))?;
            let codes: Vec<i64> = match variable.kind() {
                Kind::Tick => vec![0, 1],
                _ if variable.levels().is_empty() => codebook.units().codes().collect(),
                _ => variable.levels().iter().map(|level| level.code()).collect(),
            };
            Support::of_variable(variable, codes)
        }
        _ => Err(Error::cube("only scores, changes and variables have means")),
    }
}
