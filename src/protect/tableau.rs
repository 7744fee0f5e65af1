//! Whole-number moves from a tableau of the kernel that starts at the true table.
//!
//! The kernel of the equations, restricted to some unknown cells, is written as a tableau: each dependent cell is a
//! combination of free ones. Every such tableau holds at the true table, whatever cells are the free ones, so looking for a
//! world "in which this cell has moved so far" needs no first phase: it starts at the truth, steps along columns of the
//! tableau in whole numbers while every count stays possible, and exchanges a blocking cell for the one that should move (a
//! pivot, as in the simplex method) where no column leads on. Entries are nearly always 0, 1 or -1 and pivots are made on 1
//! and -1 only, so whole numbers stay whole. The next search starts at the truth again, in the tableau that the last one
//! left. What is found is checked in whole numbers by [`super::world`]; what is not found may still exist.
//! A numeric kernel: it indexes by its own numbers.
#![allow(clippy::indexing_slicing)]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::kernel::Elimination;
use super::system::System;

/// Entries beyond this stand for a tableau that is no longer worth walking in.
const LARGEST: i32 = 1 << 20;

/// Exchanges of free cells before an attempt is given up.
const PIVOTS: usize = 60;

/// The kernel of some cells, in the basis that the last search left.
pub(super) struct Tableau {
    /// The cells, by their number in the system, ascending.
    cells: Vec<usize>,
    /// How far each can go down from the truth.
    room: Vec<i64>,
    /// One column per free cell, with one entry per dependent cell.
    columns: Vec<Vec<i32>>,
    dependent: Vec<usize>,
    free: Vec<usize>,
    /// Where a cell stands.
    place: Vec<Place>,
    /// How far each cell has moved from the truth.
    moved: Vec<i64>,
    /// Cells that must stand still in the present search.
    held: Vec<bool>,
    random: ChaCha8Rng,
}

#[derive(Clone, Copy)]
enum Place {
    Row(usize),
    Column(usize),
    /// Fixed by the equations among these cells.
    Still,
}

/// A way on: a column, the direction, how far in whole steps, and which row blocks then.
struct Way {
    column: usize,
    direction: i64,
    steps: i64,
    gain: i64,
    blocking: Option<usize>,
    length: usize,
}

impl Tableau {
    /// The kernel of these cells (in ascending order), all others standing still. `None` where its entries are no whole
    /// numbers.
    pub(super) fn new(system: &System, cells: Vec<usize>, room: impl Fn(usize) -> u64) -> Option<Self> {
        let elimination = Elimination::within(system, cells);
        let (cells, size) = (elimination.unknowns, elimination.free.len());
        let mut place = vec![Place::Still; cells.len()];
        let free: Vec<usize> = elimination.free.iter().map(|cell| *cell as usize).collect();
        for (column, cell) in free.iter().enumerate() {
            place[*cell] = Place::Column(column);
        }
        let mut rows: Vec<Vec<(u32, i32)>> = Vec::new();
        let mut dependent = Vec::new();
        let mut sum = vec![0_i32; size];
        let mut used: Vec<u32> = Vec::new();
        for (pivot, terms) in elimination.pivots.iter().rev() {
            for (other, factor) in terms {
                let (factor, 1) = factor.small_fraction()? else { return None };
                let factor = factor as i32;
                match place[*other as usize] {
                    Place::Column(column) => {
                        sum[column] += factor;
                        used.push(column as u32);
                    }
                    Place::Row(known) => {
                        for (column, value) in &rows[known] {
                            sum[*column as usize] +=
                                factor.checked_mul(*value).filter(|v| v.abs() < LARGEST)?;
                            used.push(*column);
                        }
                    }
                    Place::Still => {}
                }
            }
            used.sort_unstable();
            used.dedup();
            let mut row = Vec::with_capacity(used.len());
            for column in used.drain(..) {
                let value = std::mem::take(&mut sum[column as usize]);
                if value != 0 {
                    row.push((column, value));
                }
            }
            if !row.is_empty() {
                place[*pivot as usize] = Place::Row(rows.len());
                rows.push(row);
                dependent.push(*pivot as usize);
            }
        }
        let mut columns = vec![vec![0_i32; rows.len()]; size];
        for (number, row) in rows.iter().enumerate() {
            for (column, value) in row {
                columns[*column as usize][number] = *value;
            }
        }
        let room = cells.iter().map(|cell| i64::try_from(room(*cell)).unwrap_or(i64::MAX / 4)).collect();
        let (moved, held) = (vec![0; cells.len()], vec![false; cells.len()]);
        Some(Self {
            cells,
            room,
            columns,
            dependent,
            free,
            place,
            moved,
            held,
            random: ChaCha8Rng::seed_from_u64(0x7AB),
        })
    }

    /// The place of a cell among these cells.
    pub(super) fn place_of(&self, cell: usize) -> Option<usize> {
        self.cells.binary_search(&cell).ok()
    }

    /// Lets a cell stand still in the searches to come, or move again.
    pub(super) fn hold(&mut self, place: usize, is_held: bool) {
        self.held[place] = is_held;
    }

    /// Moves a cell by at least so much, from the truth. Says whether a whole-number world was found.
    pub(super) fn reach(&mut self, target: usize, by: i64, attempts: usize) -> bool {
        (0..attempts).any(|attempt| self.attempt(target, by, attempt > 0))
    }

    fn attempt(&mut self, target: usize, by: i64, is_blurred: bool) -> bool {
        self.moved.fill(0);
        let sign = by.signum();
        let mut pivots = 0;
        loop {
            let missing = by.abs() - sign * self.moved[target];
            if missing <= 0 {
                return true;
            }
            let mut best: Option<Way> = None;
            for mut way in self.ways(target, sign, missing) {
                if is_blurred {
                    way.length = self.random.random_range(0..1 + way.length);
                    way.steps = self.random.random_range(way.steps.min(1)..=way.steps);
                }
                if best.as_ref().is_none_or(|known| way.is_better_than(known, missing)) {
                    best = Some(way);
                }
            }
            let Some(way) = best else { return false };
            if way.steps > 0 {
                self.walk(&way);
                continue;
            }
            let Some(row) = way.blocking else { return false };
            pivots += 1;
            if pivots > PIVOTS || !self.pivot(row, way.column) {
                return false;
            }
        }
    }

    /// Each cell that the last search moved, and how far.
    pub(super) fn changes(&self) -> impl Iterator<Item = (usize, i64)> {
        let both = self.cells.iter().copied().zip(self.moved.iter().copied());
        both.filter(|(_, change)| *change != 0)
    }

    /// The columns that move the target the right way.
    fn ways(&self, target: usize, sign: i64, missing: i64) -> Vec<Way> {
        match self.place[target] {
            Place::Still => Vec::new(),
            Place::Column(column) => self.way(column, sign, 1, missing).into_iter().collect(),
            Place::Row(row) => {
                let entries = self.columns.iter().enumerate().map(|(column, entries)| (column, entries[row]));
                let used = entries.filter(|(_, entry)| *entry != 0);
                used.filter_map(|(column, entry)| {
                    let entry = i64::from(entry);
                    self.way(column, entry.signum() * sign, entry.abs(), missing)
                })
                .collect()
            }
        }
    }

    /// How far a column leads in whole steps.
    fn way(&self, column: usize, direction: i64, gain: i64, missing: i64) -> Option<Way> {
        let cell = self.free[column];
        let own = if direction < 0 { self.room[cell] + self.moved[cell] } else { i64::MAX };
        if self.held[cell] || own <= 0 {
            return None;
        }
        let wanted = (missing + gain - 1) / gain;
        let mut way = Way { column, direction, steps: wanted.min(own), gain, blocking: None, length: 0 };
        let mut is_unit_pivot = false;
        for (row, (entry, cell)) in self.columns[column].iter().zip(&self.dependent).enumerate() {
            if *entry == 0 {
                continue;
            }
            way.length += 1;
            let slope = i64::from(*entry) * direction;
            let steps = match (self.held[*cell], slope < 0) {
                (true, _) => 0,
                (false, true) => (self.room[*cell] + self.moved[*cell]) / -slope,
                (false, false) => continue,
            };
            let is_unit = entry.abs() == 1;
            if steps < way.steps
                || (steps == way.steps && is_unit && !is_unit_pivot && way.blocking.is_some())
            {
                way.steps = steps;
                way.blocking = Some(row);
                is_unit_pivot = is_unit;
            }
        }
        (way.steps > 0 || is_unit_pivot).then_some(way)
    }

    fn walk(&mut self, way: &Way) {
        let by = way.direction * way.steps;
        self.moved[self.free[way.column]] += by;
        for (entry, cell) in self.columns[way.column].iter().zip(&self.dependent) {
            if *entry != 0 {
                self.moved[*cell] += i64::from(*entry) * by;
            }
        }
    }

    /// Exchanges a dependent cell for a free one, on an entry of 1 or -1. Says whether the tableau is still worth walking in.
    fn pivot(&mut self, row: usize, column: usize) -> bool {
        let mut pivot_column = std::mem::take(&mut self.columns[column]);
        let pivot = pivot_column[row];
        let mut is_sound = true;
        // leaving = ... + pivot * entering, so entering = pivot * (leaving - ...), pivot being 1 or -1.
        for (number, other) in self.columns.iter_mut().enumerate() {
            if number == column || other[row] == 0 {
                continue;
            }
            let factor = -pivot * other[row];
            for (entry, value) in other.iter_mut().zip(&pivot_column) {
                *entry += factor * value;
                is_sound &= entry.abs() < LARGEST;
            }
            other[row] = factor;
        }
        for entry in &mut pivot_column {
            *entry *= pivot;
        }
        pivot_column[row] = pivot;
        self.columns[column] = pivot_column;
        let (leaving, entering) = (self.dependent[row], self.free[column]);
        self.dependent[row] = entering;
        self.free[column] = leaving;
        self.place[entering] = Place::Row(row);
        self.place[leaving] = Place::Column(column);
        is_sound
    }
}

impl Way {
    /// What finishes is best, by few cells; then what leads furthest; then a pivot in a short column.
    fn is_better_than(&self, other: &Self, missing: i64) -> bool {
        let key = |way: &Self| {
            let progress = way.steps * way.gain;
            let finishes = progress >= missing;
            (std::cmp::Reverse(finishes), if finishes { 0 } else { -progress }, way.length, way.column)
        };
        key(self) < key(other)
    }
}
