//! Whose records the cells of a large cohort hold, where readers inside know their own.
//! A numeric kernel: it indexes by the numbers of crossings and cells that the shape made.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use super::distinct::{self, Places};
use super::partial::{PartialCube, Patients};
use super::patients::crossing_of;
use super::rollup::ranges;
use crate::cohort::{Derived, Region};
use crate::cube::count::{CellCount, Cube};
use crate::cube::owners::Owned;
use crate::error::Error;

impl PartialCube {
    /// For each owner its records in every cell of a cube that was rolled up from these crossings.
    pub(in crate::cube) fn owned(
        &self,
        cube: &Cube,
        derived: &Derived,
        owners: &[Region],
    ) -> Result<Vec<Owned>, Error> {
        let is_told = owners.iter().all(|owner| self.shape.tells(derived, owner));
        if !is_told || matches!(self.patients, Patients::AtLeast(_)) {
            return Err(Error::cube(
                "the policy looks at readers inside, and this large cohort does not tell whose courses are whose: count it \
                 with the unit's column, or protect by a policy without readers inside",
            ));
        }
        let grid = &cube.resolved.grid;
        let inside = self.inside(grid, &self.parted(grid), &self.groups())?;
        let units = self.values_on(derived, &self.records.keys, false);
        let owner_of =
            |crossing: usize| owners.iter().position(|owner| owner.contains(units.values[crossing]));
        let mut owned = vec![Owned::new(); owners.len()];
        for (crossing, records) in self.records.counts.iter().enumerate() {
            let Some(owner) = owner_of(crossing) else { continue };
            for cell in inside.cells(crossing) {
                *owned[owner].entry(cell).or_default() += *records;
            }
        }
        let patients = self.patients_of(owners.len(), owner_of, &cube.cells[grid.len()..])?;
        for (cell, piece) in cube.cells.iter().enumerate().skip(grid.len()) {
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

    /// Which patients of small pieces each owner has seen, anywhere.
    fn patients_of(
        &self,
        owners: usize,
        owner_of: impl Fn(usize) -> Option<usize>,
        pieces: &[CellCount],
    ) -> Result<Vec<BTreeSet<u32>>, Error> {
        let wanted: BTreeSet<u32> = pieces.iter().flat_map(|piece| piece.few.iter().copied()).collect();
        let mut patients = vec![BTreeSet::new(); owners];
        match &self.patients {
            Patients::EachRecord => {
                for (crossing, few) in ranges(&self.records.counts)?.into_iter().enumerate() {
                    if let Some(owner) = owner_of(crossing) {
                        patients[owner].extend(wanted.range(few));
                    }
                }
            }
            Patients::Met(pairs) => {
                let places = Places::new(&self.records.keys);
                for (number, pairs) in
                    pairs.parts().flat_map(distinct::numbered).filter(|(number, _)| wanted.contains(number))
                {
                    for owner in pairs.iter().filter_map(|pair| owner_of(places.of(crossing_of(*pair))?)) {
                        patients[owner].insert(number);
                    }
                }
            }
            Patients::AtLeast(_) => {}
        }
        Ok(patients)
    }
}
