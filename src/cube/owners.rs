//! Whose records the cells hold: for each of some groups of records, how many in every cell.
//! A numeric kernel: it indexes by the cells of one grid.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use super::count::{CellCount, Cube};
use super::grid::CellId;
use super::walk::{Memberships, Walk};
use crate::cohort::{Derived, Region};
use crate::error::Error;

/// What one owner has a share in: its records in each cell, where it has any.
pub(crate) type Owned = BTreeMap<CellId, u64>;

impl Cube {
    /// For each owner, given as a region of a variable, its records in every cell. Of a piece left over between nested cells,
    /// which is small wherever it matters, its patients.
    pub(crate) fn owned(&self, derived: &Derived, owners: &[Region]) -> Result<Vec<Owned>, Error> {
        if let Some(crossings) = &self.crossings {
            return crossings.owned(self, derived, owners);
        }
        let courses = &self.cohort.courses;
        let mut deriver = courses.deriver();
        let owner_of = deriver.column(derived)?;
        let grid = &self.resolved.grid;
        let memberships = Memberships::new(grid, |derived| deriver.column(derived))?;
        let mut walk = Walk::new(grid.keys(), &memberships)?;
        let mut owned = vec![Owned::new(); owners.len()];
        let mut patients = vec![BTreeSet::new(); owners.len()];
        let mut inside = Vec::new();
        for (record, patient) in courses.patients().iter().enumerate() {
            let value = owner_of.values.get(record).copied().flatten();
            let mut known = owners.iter().zip(owned.iter_mut().zip(&mut patients));
            let Some((_, (cells, own))) = known.find(|(owner, _)| owner.contains(value)) else { continue };
            inside.clear();
            walk.cells_of(record, &mut inside);
            inside.iter().for_each(|cell| *cells.entry(*cell).or_default() += 1);
            own.insert(*patient);
        }
        for (cell, piece) in self.cells.iter().enumerate().skip(grid.len()) {
            if piece.patients as usize <= CellCount::FEW {
                for (cells, own) in owned.iter_mut().zip(&patients) {
                    let here = piece.few.iter().filter(|patient| own.contains(*patient)).count() as u64;
                    if here > 0 {
                        cells.insert(cell, here);
                    }
                }
            }
        }
        Ok(owned)
    }
}
