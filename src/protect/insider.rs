//! What insiders know: each unit, all of its own patients.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::Policy;
use super::system::System;
use crate::cohort::{Derived, Region, Time};
use crate::cube::{CellId, Cube};
use crate::error::Error;
use crate::schema::Purpose;

/// A unit that knows its own patients.
#[derive(Clone, Default)]
pub(super) struct Insider {
    /// Record sets that hold its patients only, by what they mean: it knows their counts.
    pub(super) known: BTreeSet<usize>,
    /// How many of its own records are in each record set: it is no smaller.
    pub(super) own: BTreeMap<usize, u64>,
}

impl Insider {
    /// For each unit of the policy's insider dimension what it knows; none without such a dimension.
    ///
    /// # Errors
    /// When the codebook has no such dimension.
    pub(super) fn all(cube: &Cube, policy: &Policy, system: &System) -> Result<Vec<Self>, Error> {
        let Some(dimension) = policy.insider() else { return Ok(Vec::new()) };
        let (variable, units) = units_of(cube, dimension)?;
        let grid = &cube.resolved.grid;
        let is_unit = |derived: &Derived| matches!(derived, Derived::Variable { id, .. } if *id == variable);
        let axes = (0_u16..).zip(grid.axes()).filter(|(_, axis)| is_unit(&axis.derived));
        let axes: Vec<u16> = axes.map(|(axis, _)| axis).collect();
        let unit = Derived::Variable { id: variable.clone(), at: Time::BASELINE };
        let owned = cube.owned(&unit, &units)?;
        let set = |cell: &CellId| system.variable_of.get(*cell).copied();
        let insiders = units.iter().zip(&owned).map(|(unit, owned)| {
            let is_own = |cell: &CellId| axes.iter().any(|axis| grid.region_on(*cell, *axis).is_within(unit));
            let mut own: BTreeMap<usize, u64> = BTreeMap::new();
            for (cell, records) in owned {
                if let Some(set) = set(cell) {
                    let known = own.entry(set).or_default();
                    *known = (*known).max(*records);
                }
            }
            Self { known: (0..grid.len()).filter(is_own).filter_map(|cell| set(&cell)).collect(), own }
        });
        Ok(insiders.filter(|insider| !insider.known.is_empty()).collect())
    }

    /// Whether a record set holds others' records, and not only by what it means.
    pub(super) fn is_about_others(&self, set: usize, records: u64) -> bool {
        !self.known.contains(&set) && self.own.get(&set).is_none_or(|own| *own < records)
    }
}

/// The variable that tells the units apart, and the region of each.
fn units_of(cube: &Cube, dimension: &str) -> Result<(String, Vec<Region>), Error> {
    let codebook = cube.cohort.courses.codebook();
    let tree = codebook.units();
    if tree.levels().iter().any(|level| level == dimension) {
        let course = codebook.of_purpose(Purpose::Course).next();
        let variable = course.and_then(|form| form.unit.as_deref()).ok_or_else(no_dimension)?;
        let regions = tree.of_level(dimension).map(|node| Region::codes(tree.codes_below(node.id())));
        return Ok((variable.to_owned(), regions.collect()));
    }
    let variable = codebook.variable(dimension).ok_or_else(no_dimension)?;
    let regions = variable.levels().iter().map(|level| Region::codes([level.code()]));
    Ok((variable.id().to_owned(), regions.collect()))
}

fn no_dimension() -> Error {
    Error::policy("`insider` names no level of units and no variable of the codebook")
}
