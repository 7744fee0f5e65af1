//! The cells of everything printed: each is a box, a region on some of the axes and everything on the others.

use std::collections::{BTreeMap, HashMap};

use crate::cohort::{Derived, Region};
use crate::error::Error;
use crate::schema::Codebook;

/// The number of a cell within its grid.
pub(crate) type CellId = usize;

/// What a cell is made of: an (axis, region) pair per restricted axis, sorted by axis.
pub(crate) type Key = Vec<(u16, u16)>;

/// A variable with every region that some cell uses on it.
pub(crate) struct Axis {
    pub(crate) derived: Derived,
    pub(crate) regions: Vec<Region>,
    region_ids: HashMap<Region, u16>,
}

/// Restrictions that make up one cell; a variable restricted twice keeps what both allow.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Constraints(BTreeMap<Derived, Region>);

impl Constraints {
    pub(crate) fn and(mut self, derived: Derived, region: Region) -> Self {
        self.restrict(derived, region);
        self
    }

    pub(crate) fn restrict(&mut self, derived: Derived, region: Region) {
        match self.0.get_mut(&derived) {
            Some(known) => *known = known.intersection(&region),
            None => {
                self.0.insert(derived, region);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Derived, &Region)> {
        self.0.iter()
    }
}

impl FromIterator<(Derived, Region)> for Constraints {
    fn from_iter<I: IntoIterator<Item = (Derived, Region)>>(parts: I) -> Self {
        let mut all = Self::default();
        for (derived, region) in parts {
            all.restrict(derived, region);
        }
        all
    }
}

/// All cells, each once, however many tables print it.
#[derive(Default)]
pub(crate) struct Grid {
    axes: Vec<Axis>,
    axis_ids: HashMap<Derived, u16>,
    keys: Vec<Key>,
    cell_ids: HashMap<Key, CellId>,
}

impl Grid {
    /// More cells than this are a mistake in a specification rather than a report.
    const MOST_CELLS: usize = 4_000_000;

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn axes(&self) -> &[Axis] {
        &self.axes
    }

    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The cell with these restrictions, made if it is new.
    pub(crate) fn cell(&mut self, constraints: &Constraints) -> Result<CellId, Error> {
        let mut key = Key::new();
        for (derived, region) in constraints.iter() {
            if !region.is_everything() {
                let axis = self.axis(derived)?;
                key.push((axis, self.region(axis, region)?));
            }
        }
        self.cell_of_key(key)
    }

    pub(crate) fn cell_of_key(&mut self, mut key: Key) -> Result<CellId, Error> {
        key.sort_unstable();
        if let Some(known) = self.cell_ids.get(&key) {
            return Ok(*known);
        }
        if self.keys.len() >= Self::MOST_CELLS {
            return Err(Error::cube("the tables have too many cells; drop a dimension or merge levels"));
        }
        let id = self.keys.len();
        self.keys.push(key.clone());
        self.cell_ids.insert(key, id);
        Ok(id)
    }

    pub(crate) fn find(&self, key: &Key) -> Option<CellId> {
        self.cell_ids.get(key).copied()
    }

    pub(crate) fn region(&mut self, axis: u16, region: &Region) -> Result<u16, Error> {
        let too_many = || Error::cube("a variable is grouped in too many ways");
        let axis = self.axes.get_mut(usize::from(axis)).ok_or_else(too_many)?;
        if let Some(known) = axis.region_ids.get(region) {
            return Ok(*known);
        }
        let id = u16::try_from(axis.regions.len()).map_err(|_| too_many())?;
        axis.regions.push(region.clone());
        axis.region_ids.insert(region.clone(), id);
        Ok(id)
    }

    fn axis(&mut self, derived: &Derived) -> Result<u16, Error> {
        if let Some(known) = self.axis_ids.get(derived) {
            return Ok(*known);
        }
        let id =
            u16::try_from(self.axes.len()).map_err(|_| Error::cube("the tables use too many variables"))?;
        self.axes.push(Axis { derived: derived.clone(), regions: Vec::new(), region_ids: HashMap::new() });
        self.axis_ids.insert(derived.clone(), id);
        Ok(id)
    }

    /// The number of the axis of a variable, where some cell uses it.
    pub(crate) fn axis_of(&self, derived: &Derived) -> Option<u16> {
        self.axis_ids.get(derived).copied()
    }

    /// The number of the region that a cell has on an axis; nothing where the cell says nothing.
    pub(crate) fn region_id_on(&self, cell: CellId, axis: u16) -> Option<u16> {
        let key = self.keys.get(cell)?;
        key.iter().find(|(known, _)| *known == axis).map(|(_, region)| *region)
    }

    /// A region of an axis by its number.
    pub(crate) fn region_of(&self, axis: u16, region: u16) -> Option<&Region> {
        self.axes.get(usize::from(axis))?.regions.get(usize::from(region))
    }

    /// The region that a cell has on an axis: everything where the cell says nothing.
    pub(crate) fn region_on(&self, cell: CellId, axis: u16) -> Region {
        let region = self.region_id_on(cell, axis).and_then(|region| self.region_of(axis, region));
        region.cloned().unwrap_or_else(Region::everything)
    }

    /// The restrictions of a cell, for the ledger.
    pub(crate) fn constraints(&self, cell: CellId) -> Constraints {
        let key = self.keys.get(cell).map(Vec::as_slice).unwrap_or_default();
        key.iter()
            .filter_map(|(axis, region)| {
                let axis = self.axes.get(usize::from(*axis))?;
                Some((axis.derived.clone(), axis.regions.get(usize::from(*region))?.clone()))
            })
            .collect()
    }

    /// Whether a cell is a group that only failing to answer defines: those identify nobody by themselves.
    pub(crate) fn is_unanswered(&self, cell: CellId, codebook: &Codebook) -> bool {
        self.constraints(cell).iter().any(|(derived, region)| derived.is_unanswered(region, codebook))
    }
}
