//! How far a reader must believe that a cell could be moved: a simplex method in whole numbers.
//! A numeric kernel: it indexes by the cells, rows and columns of one dictionary.
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;

use super::dictionary::{Dictionary, Place};

/// How far a cell may change. Both are at least 0: no change at all is always possible.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) down: i64,
    /// `None` for any amount.
    pub(super) up: Option<i64>,
}

/// A consequence of the equations: in all their solutions the change of the cell in question, in the direction in
/// question, is the sum of factor / denominator times the change of other cells.
pub(super) struct Combination {
    pub(super) factors: Vec<(usize, i64)>,
    /// Always positive.
    pub(super) denominator: i64,
}

/// The end of an attempt to move a cell.
pub(super) enum Reach {
    /// It can be moved as far as was asked.
    Enough,
    /// It cannot: every cell of the combination is at the end of its room, which is the proof.
    Short(Combination),
}

/// Steps without progress after which the choice follows Bland's rule, under which the simplex method cannot cycle.
const PATIENCE: usize = 30;

/// A change of cells within their rooms that satisfies all equations, moved along the edges of what is possible.
///
/// Columns always have whole-number values, an end of their room or 0; a row's value is kept as a numerator over the
/// dictionary's denominator. One dictionary serves all cells and all rooms: only the objective changes.
///
/// Sizes: rooms are at most 2^36 (`component` sees to it), entries 2^30, columns 2^20. Numerators are then below
/// 2^89, and products with entries fit 128 bits.
pub(super) struct Attacker {
    dictionary: Dictionary,
    rooms: Vec<Room>,
    values: Vec<i128>,
    numerators: Vec<i128>,
}

/// How far a column can be moved before a cell is at the end of its room: amount / per.
#[derive(Clone, Copy)]
struct Limit {
    amount: i128,
    /// Always positive.
    per: i128,
    cell: usize,
    /// The row of that cell; `None` for the column itself.
    row: Option<usize>,
}

impl Attacker {
    /// `None` where numbers become too large.
    pub(super) fn new(cells: usize, equations: &[Vec<(usize, i64)>]) -> Option<Self> {
        let dictionary = Dictionary::new(cells, equations)?;
        let (rows, columns) = (dictionary.basics.len(), dictionary.columns.len());
        let rooms = vec![Room { down: 0, up: Some(0) }; cells];
        Some(Self { dictionary, rooms, values: vec![0; columns], numerators: vec![0; rows] })
    }

    /// Takes new rooms, one per cell, and starts from no change.
    pub(super) fn face(&mut self, rooms: Vec<Room>) {
        self.rooms = rooms;
        self.values.fill(0);
        self.numerators.fill(0);
    }

    /// Moves a cell up (sign 1) or down (sign -1) as far as was asked, or as far as it goes. `None` where numbers
    /// become too large.
    pub(super) fn reach(&mut self, cell: usize, sign: i64, by: i64) -> Option<Reach> {
        let mut standstill = 0;
        loop {
            let (weights, moved) = self.objective(cell, sign);
            let missing = i128::from(by) * i128::from(self.dictionary.denominator) - moved;
            if missing <= 0 {
                return Some(Reach::Enough);
            }
            let Some((column, is_up)) = self.entering(&weights, standstill > PATIENCE) else {
                return Some(Reach::Short(self.combination(&weights)));
            };
            let rate = i128::from(weights[column].abs());
            match self.limit(column, is_up) {
                Some(limit) if limit.amount * rate < missing * limit.per => {
                    standstill = if limit.amount > 0 { 0 } else { standstill + 1 };
                    self.step(column, is_up, limit)?;
                }
                // The step to what was asked is within all rooms; there is no need to make it.
                _ => return Some(Reach::Enough),
            }
        }
    }

    /// What each column contributes to the cell in that direction, and how far the cell has come; both over the
    /// denominator.
    fn objective(&self, cell: usize, sign: i64) -> (Vec<i64>, i128) {
        let denominator = self.dictionary.denominator;
        match self.dictionary.place(cell) {
            Place::Row(row) => {
                let weights = self.dictionary.entries[row].iter().map(|entry| sign * entry).collect();
                (weights, i128::from(sign) * self.numerators[row])
            }
            Place::Column(column) => {
                let mut weights = vec![0; self.values.len()];
                weights[column] = sign * denominator;
                (weights, i128::from(sign * denominator) * self.values[column])
            }
        }
    }

    /// A column whose change moves the cell on, and whether the change is upwards: the one with the largest weight,
    /// or, to be sure not to go round in circles, the one with the lowest cell (Bland).
    fn entering(&self, weights: &[i64], is_careful: bool) -> Option<(usize, bool)> {
        let useful = weights.iter().enumerate().filter(|(column, weight)| {
            let room = self.rooms[self.dictionary.columns[*column]];
            let value = self.values[*column];
            match weight.signum() {
                1 => room.up.is_none_or(|up| value < i128::from(up)),
                -1 => value > -i128::from(room.down),
                _ => false,
            }
        });
        let best = useful.min_by_key(|(column, weight)| {
            let size = if is_careful { 0 } else { weight.abs() };
            (Reverse(size), self.dictionary.columns[*column])
        });
        best.map(|(column, weight)| (column, *weight > 0))
    }

    /// What stops a column first; of several the lowest cell (Bland). `None` if nothing does.
    fn limit(&self, column: usize, is_up: bool) -> Option<Limit> {
        let cell = self.dictionary.columns[column];
        let room = self.rooms[cell];
        let end = if is_up { room.up } else { Some(room.down) };
        let value = if is_up { self.values[column] } else { -self.values[column] };
        let mut first = end.map(|end| Limit { amount: i128::from(end) - value, per: 1, cell, row: None });
        let denominator = i128::from(self.dictionary.denominator);
        for (row, cell) in self.dictionary.basics.iter().enumerate() {
            let entry = self.dictionary.entries[row][column];
            if entry == 0 {
                continue;
            }
            let room = self.rooms[*cell];
            let (end, numerator) = if (entry > 0) == is_up {
                (room.up, self.numerators[row])
            } else {
                (Some(room.down), -self.numerators[row])
            };
            let Some(end) = end else { continue };
            let amount = i128::from(end) * denominator - numerator;
            let limit = Limit { amount, per: i128::from(entry.abs()), cell: *cell, row: Some(row) };
            if first.is_none_or(|first| limit.is_before(first)) {
                first = Some(limit);
            }
        }
        first
    }

    /// Moves a column up to its limit. What is at the end of its room then is or becomes a column.
    fn step(&mut self, column: usize, is_up: bool, limit: Limit) -> Option<()> {
        let Some(row) = limit.row else {
            let by = if is_up { limit.amount } else { -limit.amount };
            for (numerator, entries) in self.numerators.iter_mut().zip(&self.dictionary.entries) {
                *numerator += i128::from(entries[column]) * by;
            }
            self.values[column] += by;
            return Some(());
        };
        let pivot = self.dictionary.entries[row][column];
        let room = self.rooms[limit.cell];
        let end = if (pivot > 0) == is_up { i128::from(room.up?) } else { -i128::from(room.down) };
        let (pivot, old) = (i128::from(pivot), i128::from(self.dictionary.denominator));
        // With w / D the row's value, the column moves by (end - w / D) / (pivot / D) = gap / pivot, and another row's
        // numerator over the new denominator |pivot| is (w' + T' gap / pivot) |pivot| / D, T' its entry in the column.
        let gap = end * old - self.numerators[row];
        let sign = pivot.signum();
        let rows = self.numerators.iter_mut().zip(&self.dictionary.entries).enumerate();
        for (_, (numerator, entries)) in rows.filter(|(other, _)| *other != row) {
            *numerator = sign * ((*numerator * pivot + i128::from(entries[column]) * gap) / old);
        }
        self.numerators[row] = pivot.abs() * self.values[column] + sign * gap;
        self.values[column] = end;
        self.dictionary.pivot(row, column)
    }

    fn combination(&self, weights: &[i64]) -> Combination {
        let all = self.dictionary.columns.iter().copied().zip(weights.iter().copied());
        let factors = all.filter(|(_, weight)| *weight != 0).collect();
        Combination { factors, denominator: self.dictionary.denominator }
    }
}

impl Limit {
    fn is_before(self, other: Self) -> bool {
        let (mine, theirs) = (self.amount * other.per, other.amount * self.per);
        mine < theirs || (mine == theirs && self.cell < other.cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_moves_as_far_as_its_neighbours_let_it() {
        // 0 + 1 = 2, all may move: 0 rises by what 1 falls and 2 rises.
        let mut attacker = Attacker::new(3, &[vec![(0, 1), (1, 1), (2, -1)]]).unwrap();
        let room = |down: i64, up: i64| Room { down, up: Some(up) };
        attacker.face(vec![room(0, 9), room(2, 0), room(0, 3)]);
        assert!(matches!(attacker.reach(0, 1, 5), Some(Reach::Enough)));
        let Some(Reach::Short(proof)) = attacker.reach(0, 1, 6) else { panic!("5 is all there is") };
        let reached: i64 = proof.factors.iter().map(|(cell, factor)| factor * [9, -2, 3][*cell]).sum();
        assert_eq!((reached, proof.denominator), (5, 1), "the proof gives the very amount");
        assert!(matches!(attacker.reach(0, -1, 1), Some(Reach::Short(_))));
    }

    #[test]
    fn a_cell_without_an_end_can_move_any_amount() {
        let mut attacker = Attacker::new(2, &[vec![(0, 1), (1, -1)]]).unwrap();
        attacker.face(vec![Room { down: 0, up: None }; 2]);
        assert!(matches!(attacker.reach(0, 1, 1 << 30), Some(Reach::Enough)));
        assert!(matches!(attacker.reach(1, -1, 1), Some(Reach::Short(_))));
    }
}
