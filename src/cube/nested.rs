//! Printed cells that lie within others, whatever variables they are about, and what is left over between the two.
//!
//! `refine` relates cells by what they mean, one axis at a time. Two filters by different variables are not related by
//! meaning, and yet their records may be: where everyone up to 65 is a man and all men but three are up to 65, the two
//! printed numbers differ by three people. Such pairs are found by the record sets themselves. The left-over piece becomes a
//! cell beyond the grid, and `whole = part + left over` an equation.
//!
//! A numeric kernel: it indexes by the numbers of cells, sets and pieces that it made itself.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::count::CellCount;
use super::grid::{CellId, Grid};
use super::refine::Equation;
use super::subsets::{Weights, meet_patients, near_others, nested_pairs, unite_patients};
use super::walk::{Memberships, Walk};
use crate::error::Error;
use crate::schema::Codebook;

/// What the counting pass knows.
pub(super) struct Counted<'c> {
    pub(super) grid: &'c Grid,
    pub(super) codebook: &'c Codebook,
    pub(super) members: Members<'c>,
    pub(super) cells: &'c [CellCount],
    pub(super) equations: &'c [Equation],
    /// The cells whose counts are printed, now or earlier.
    pub(super) printed: &'c BTreeSet<CellId>,
}

/// What cells are made of.
#[derive(Clone, Copy)]
pub(super) enum Members<'c> {
    /// Single records, sorted by patient.
    Records {
        /// The patient of each.
        patients: &'c [u32],
        memberships: &'c Memberships,
    },
    /// Groups of records that no cell parts.
    Crossings(&'c dyn Crossings),
}

/// Groups of records that no cell parts.
pub(super) trait Crossings {
    /// How many records each group has.
    fn records(&self) -> &[u64];

    /// Appends the cells that a group lies in, each once.
    fn cells(&self, group: usize, found: &mut Vec<CellId>);

    /// Appends the patients of a group, all of them where they are few, in ascending order.
    fn patients(&self, group: usize, found: &mut Vec<u32>);
}

/// Appends the sets that a member lies in.
type SetsOf<'c> = Box<dyn FnMut(usize, &mut Vec<usize>) + 'c>;

impl<'c> Members<'c> {
    fn weights(self) -> Weights<'c> {
        match self {
            Self::Records { patients, .. } => Weights::Equal(patients.len()),
            Self::Crossings(crossings) => Weights::Each(crossings.records()),
        }
    }

    /// Finds members in sets, of which these are one cell each.
    fn sets_of(self, grid: &Grid, sets: &[CellId]) -> Result<SetsOf<'c>, Error> {
        match self {
            Self::Records { memberships, .. } => {
                let mut walk = Walk::new(sets.iter().map(|cell| &grid.keys()[*cell]), memberships)?;
                Ok(Box::new(move |record, found| walk.cells_of(record, found)))
            }
            Self::Crossings(crossings) => {
                let mut set_of = vec![usize::MAX; grid.len()];
                sets.iter().enumerate().for_each(|(set, cell)| set_of[*cell] = set);
                Ok(Box::new(move |group, found| {
                    crossings.cells(group, found);
                    found.retain_mut(|cell| {
                        *cell = set_of[*cell];
                        *cell < usize::MAX
                    });
                }))
            }
        }
    }
}

/// What pairs of nested cells add to a cube.
pub(super) struct Nested {
    /// Cells beyond the grid, those of fewest patients first.
    pub(super) cells: Vec<CellCount>,
    /// What each of them is left over from.
    pub(super) left_over: Vec<LeftOver>,
    /// The part first, what is left over last.
    pub(super) equations: Vec<Equation>,
}

/// The records of a whole that are not in a part of it.
#[derive(Clone, Copy)]
pub(super) struct LeftOver {
    pub(super) whole: CellId,
    pub(super) part: CellId,
    /// Whether whole and part differ by nothing but answering, under every name that is printed of them.
    pub(super) is_unanswered: bool,
}

/// The third member of an equation: a cell of the grid with the same records, or a new piece.
enum Rest {
    Cell(CellId),
    Piece(usize),
}

/// What tells record sets apart: the sum of keyed hashes and the number of records.
type Identity = (u128, u64);

fn identity_of(count: &CellCount) -> Identity {
    (count.identity, count.records)
}

impl Nested {
    /// Compares all printed cells.
    pub(super) fn find(counted: &Counted<'_>) -> Result<Self, Error> {
        let size_of = |names: &Vec<CellId>| counted.cells[names[0]].records;
        let sets = printed_sets(counted);
        let near = near_others(&sets.iter().map(size_of).collect::<Vec<u64>>());
        let sets: Vec<Vec<CellId>> =
            sets.into_iter().zip(near).filter(|(_, near)| *near).map(|(names, _)| names).collect();
        let sizes: Vec<u64> = sets.iter().map(size_of).collect();
        let cells: Vec<CellId> = sets.iter().map(|names| names[0]).collect();
        let sets_of = counted.members.sets_of(counted.grid, &cells)?;
        let pairs = nested_pairs(&sizes, counted.members.weights(), sets_of)?;
        let mut pieces = Pieces::new(counted);
        for pair in pairs {
            pieces.add(counted, pair, &sets);
        }
        pieces.meet_patients(counted, &cells)?;
        Ok(pieces.sorted(counted.cells.len()))
    }
}

/// The printed cells that hold anyone, gathered by their records: every set with all its names.
fn printed_sets(counted: &Counted<'_>) -> Vec<Vec<CellId>> {
    let mut sets: BTreeMap<Identity, Vec<CellId>> = BTreeMap::new();
    for cell in counted.printed {
        let count = &counted.cells[*cell];
        if count.records > 0 {
            sets.entry(identity_of(count)).or_default().push(*cell);
        }
    }
    // By their first names: the order must not hang on the key of the identities.
    let mut sets: Vec<Vec<CellId>> = sets.into_values().collect();
    sets.sort_unstable();
    sets
}

/// The pieces left over, each record set once, and the equations that they stand in.
struct Pieces<'c> {
    answering: Answering<'c>,
    known: HashMap<Identity, Known>,
    /// Wholes that an equation by definition makes of exactly two parts, with these.
    tied: BTreeSet<(CellId, [CellId; 2])>,
    piece_of: HashMap<Identity, usize>,
    counts: Vec<CellCount>,
    /// The sets that each piece is counted by.
    pairs: Vec<(usize, usize)>,
    left_over: Vec<LeftOver>,
    equations: Vec<(CellId, CellId, Rest)>,
}

/// A record set of the grid.
#[derive(Clone, Copy)]
struct Known {
    cell: CellId,
    /// Whether all its names are of groups that only failing to answer defines.
    is_unanswered: bool,
}

impl<'c> Pieces<'c> {
    fn new(counted: &Counted<'c>) -> Self {
        let answering = Answering::new(counted.grid, counted.codebook);
        let mut known: HashMap<Identity, Known> = HashMap::new();
        for (cell, count) in counted.cells.iter().enumerate().filter(|(_, count)| count.records > 0) {
            let set = known.entry(identity_of(count)).or_insert(Known { cell, is_unanswered: true });
            set.is_unanswered &= answering.unanswered[cell];
        }
        let name = |cell: CellId| known.get(&identity_of(&counted.cells[cell])).map(|set| set.cell);
        let mut tied = BTreeSet::new();
        for equation in counted.equations {
            let mut parts: Vec<CellId> = equation.parts.iter().filter_map(|part| name(*part)).collect();
            parts.sort_unstable();
            if let (Some(whole), [first, second]) = (name(equation.whole), parts.as_slice()) {
                tied.insert((whole, [*first, *second]));
            }
        }
        Self {
            answering,
            known,
            tied,
            piece_of: HashMap::new(),
            counts: Vec::new(),
            pairs: Vec::new(),
            left_over: Vec::new(),
            equations: Vec::new(),
        }
    }

    fn add(&mut self, counted: &Counted<'_>, (whole, part): (usize, usize), sets: &[Vec<CellId>]) {
        let (wholes, parts) = (&sets[whole], &sets[part]);
        let (whole_cell, part_cell) = (wholes[0], parts[0]);
        let count = counted.cells[whole_cell].without(&counted.cells[part_cell]);
        let same = self.known.get(&identity_of(&count)).copied();
        let identified = same.filter(|same| !same.is_unanswered).map(|same| same.cell);
        let rest = match identified {
            Some(cell) => Rest::Cell(cell),
            None => {
                let left_over = self.answering.left_over(wholes, parts);
                match same {
                    Some(same) if left_over.is_unanswered => Rest::Cell(same.cell),
                    // Also where the grid knows these records as unanswered only: this pair says more of them.
                    _ => Rest::Piece(self.piece(count, (whole, part), left_over)),
                }
            }
        };
        if let Rest::Cell(cell) = rest {
            let name = |cell: CellId| {
                let records = identity_of(&counted.cells[cell]);
                self.known.get(&records).map_or(cell, |set| set.cell)
            };
            let mut parts = [name(part_cell), cell];
            parts.sort_unstable();
            if self.tied.contains(&(name(whole_cell), parts)) {
                return;
            }
        }
        self.equations.push((whole_cell, part_cell, rest));
    }

    /// The number of a piece with these records. Of several pairs that leave it over, it is named by one that identifies.
    fn piece(&mut self, count: CellCount, sets: (usize, usize), left_over: LeftOver) -> usize {
        let identity = identity_of(&count);
        if let Some(piece) = self.piece_of.get(&identity).copied() {
            if self.left_over[piece].is_unanswered && !left_over.is_unanswered {
                self.left_over[piece] = left_over;
            }
            return piece;
        }
        let piece = self.counts.len();
        self.piece_of.insert(identity, piece);
        self.counts.push(count);
        self.pairs.push(sets);
        self.left_over.push(left_over);
        piece
    }

    /// Counts the patients of the pieces, with a walk over the few sets that they are left over from; `cells` are a cell of
    /// each set.
    fn meet_patients(&mut self, counted: &Counted<'_>, cells: &[CellId]) -> Result<(), Error> {
        let mut sets: Vec<usize> = self.pairs.iter().flat_map(|(whole, part)| [*whole, *part]).collect();
        sets.sort_unstable();
        sets.dedup();
        if sets.is_empty() {
            return Ok(());
        }
        let place = |set: usize| sets.partition_point(|known| *known < set);
        let pairs: Vec<(usize, usize)> =
            self.pairs.iter().map(|(whole, part)| (place(*whole), place(*part))).collect();
        let cells: Vec<CellId> = sets.iter().map(|set| cells[*set]).collect();
        let sets_of = counted.members.sets_of(counted.grid, &cells)?;
        match counted.members {
            Members::Records { patients, .. } => {
                meet_patients(&pairs, &mut self.counts, sets.len(), patients, sets_of);
            }
            Members::Crossings(crossings) => {
                let patients_of = |group: usize, found: &mut Vec<u32>| crossings.patients(group, found);
                let groups = crossings.records().len();
                unite_patients(&pairs, &mut self.counts, sets.len(), groups, patients_of, sets_of);
            }
        }
        Ok(())
    }

    /// The pieces as cells that follow those of the grid.
    fn sorted(self, grid: usize) -> Nested {
        let mut order: Vec<usize> = (0..self.counts.len()).collect();
        order.sort_unstable_by_key(|piece| {
            let LeftOver { whole, part, .. } = self.left_over[*piece];
            (self.counts[*piece].patients, whole, part)
        });
        let mut cell_of = vec![0; order.len()];
        for (place, piece) in order.iter().enumerate() {
            cell_of[*piece] = grid + place;
        }
        let equations: BTreeSet<Equation> = self
            .equations
            .iter()
            .map(|(whole, part, rest)| {
                let rest = match rest {
                    Rest::Cell(cell) => *cell,
                    Rest::Piece(piece) => cell_of[*piece],
                };
                Equation { whole: *whole, parts: vec![*part, rest] }
            })
            .collect();
        Nested {
            cells: order.iter().map(|piece| self.counts[*piece].clone()).collect(),
            left_over: order.iter().map(|piece| self.left_over[*piece]).collect(),
            equations: equations.into_iter().collect(),
        }
    }
}

/// Whether what is left over of a cell beside another only failed to answer.
struct Answering<'c> {
    grid: &'c Grid,
    codebook: &'c Codebook,
    unanswered: Vec<bool>,
    /// By axis, region of the whole, and region of the part.
    known: HashMap<(u16, Option<u16>, u16), bool>,
}

impl<'c> Answering<'c> {
    fn new(grid: &'c Grid, codebook: &'c Codebook) -> Self {
        let unanswered = (0..grid.len()).map(|cell| grid.is_unanswered(cell, codebook)).collect();
        Self { grid, codebook, unanswered, known: HashMap::new() }
    }

    /// Names a piece by two of the names of its whole and its part: by a pair that identifies, if there is one.
    fn left_over(&mut self, wholes: &[CellId], parts: &[CellId]) -> LeftOver {
        let mut names = wholes.iter().flat_map(|whole| parts.iter().map(move |part| (*whole, *part)));
        let identifying = names.find(|(whole, part)| !self.explains(*whole, *part));
        let (whole, part) = identifying.unwrap_or((wholes[0], parts[0]));
        LeftOver { whole, part, is_unanswered: identifying.is_none() }
    }

    /// Whoever is in the whole but not in the part lies outside the part on some axis that the part restricts. If on every
    /// such axis only those without an answer do, not answering explains the difference; so it does if it made the whole.
    fn explains(&mut self, whole: CellId, part: CellId) -> bool {
        let grid = self.grid;
        self.unanswered[whole]
            || grid.keys()[part].iter().all(|(axis, region)| self.explains_on(*axis, whole, *region))
    }

    fn explains_on(&mut self, axis: u16, whole: CellId, region: u16) -> bool {
        let (grid, codebook) = (self.grid, self.codebook);
        let on_axis = grid.keys()[whole].iter().find(|(known, _)| *known == axis);
        let of_whole = on_axis.map(|(_, region)| *region);
        *self.known.entry((axis, of_whole, region)).or_insert_with(|| {
            let of_axis = &grid.axes()[usize::from(axis)];
            let outside = grid.region_on(whole, axis).without(&of_axis.regions[usize::from(region)]);
            outside.is_empty() || of_axis.derived.is_unanswered(&outside, codebook)
        })
    }
}
