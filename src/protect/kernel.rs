//! Which unknown cells the equations determine: random vectors of the kernel of the equation matrix.
//!
//! A cell is determined by the equations exactly if *every* kernel vector is zero there. One random kernel vector over a
//! field of 2^61 - 1 elements is zero at an undetermined cell with probability 2^-61, and then errs to the safe side.
//! Two cells determine each other exactly if their values are proportional in every vector. A numeric kernel: it indexes
//! its own vectors with the numbers that it handed out itself.
#![allow(clippy::indexing_slicing)]

use rand::{Rng, RngExt};

use super::field::Element;
use super::system::System;

/// Entries of a row: unknown and factor, sorted by unknown.
pub(super) type Row = Vec<(u32, Element)>;

/// Row-reduced equations over the unknown variables: each solved one as a combination of others.
pub(super) struct Elimination {
    /// The unknown variables, by their number in the system; vectors have one entry for each.
    pub(super) unknowns: Vec<usize>,
    /// In the order of elimination; a pivot's row names only free unknowns and pivots that come later.
    pub(super) pivots: Vec<(u32, Row)>,
    pub(super) free: Vec<u32>,
}

impl Elimination {
    /// Eliminates the unknown variables from the lines; known variables are constants and drop out.
    pub(super) fn new(system: &System, unknown: &[bool]) -> Self {
        Self::within(system, (0..system.len()).filter(|variable| unknown[*variable]).collect())
    }

    /// The same for some variables, in ascending order, as if all others were known: the kernel of a part of the system. Its
    /// vectors are kernel vectors of the whole, zero outside the part.
    pub(super) fn within(system: &System, unknowns: Vec<usize>) -> Self {
        let mut lines: Vec<usize> =
            unknowns.iter().flat_map(|variable| system.lines_of[*variable].iter().copied()).collect();
        lines.sort_unstable();
        lines.dedup();
        // Of many, the place of each is written down; of few, it is searched for.
        let table = (unknowns.len() > system.len() / 16).then(|| {
            let mut places = vec![None; system.len()];
            unknowns.iter().zip(0_u32..).for_each(|(variable, place)| places[*variable] = Some(place));
            places
        });
        let place = |variable: usize| match &table {
            Some(places) => places[variable],
            None => unknowns.binary_search(&variable).ok().map(|place| place as u32),
        };
        let rows = lines.into_iter().map(|line| {
            let line = &system.lines[line];
            let parts = line.parts.iter().map(|part| (*part, Element::MINUS_ONE));
            let terms = parts.chain([(line.whole, Element::ONE)]);
            let mut row: Row =
                terms.filter_map(|(variable, sign)| place(variable).map(|place| (place, sign))).collect();
            row.sort_unstable_by_key(|(unknown, _)| *unknown);
            row
        });
        let mut work = Work::new(rows.collect(), unknowns.len());
        work.peel();
        work.core();
        let free = (0..unknowns.len() as u32).filter(|unknown| work.column_open[*unknown as usize]).collect();
        Self { unknowns, pivots: work.pivots, free }
    }

    /// A random kernel vector: free unknowns at random, pivots by back-substitution.
    pub(super) fn draw(&self, random: &mut impl Rng) -> Vec<Element> {
        let mut vector = vec![Element::ZERO; self.unknowns.len()];
        for unknown in &self.free {
            vector[*unknown as usize] = Element::new(random.random::<u64>());
        }
        for (pivot, row) in self.pivots.iter().rev() {
            let terms = row.iter().map(|(other, factor)| factor.times(vector[*other as usize]));
            vector[*pivot as usize] = terms.fold(Element::ZERO, Element::plus);
        }
        vector
    }
}

/// Rows under elimination.
struct Work {
    rows: Vec<Row>,
    /// Where a row is reduced.
    reduced: Row,
    row_open: Vec<bool>,
    column_open: Vec<bool>,
    rows_of: Vec<Vec<u32>>,
    pivots: Vec<(u32, Row)>,
}

/// Rows by their length, the shortest first and of those the one that came last.
#[derive(Default)]
struct Shortest {
    of_length: Vec<Vec<u32>>,
    /// No row is shorter.
    least: usize,
}

impl Shortest {
    fn push(&mut self, length: usize, row: u32) {
        if length >= self.of_length.len() {
            self.of_length.resize_with(length + 1, Vec::new);
        }
        self.of_length[length].push(row);
        self.least = self.least.min(length);
    }

    fn pop(&mut self) -> Option<(usize, u32)> {
        while let Some(rows) = self.of_length.get_mut(self.least) {
            if let Some(row) = rows.pop() {
                return Some((self.least, row));
            }
            self.least += 1;
        }
        None
    }
}

/// How many open entries a row (or column) has, and the exclusive or of their numbers: with one left, that is its number.
#[derive(Clone, Copy, Default)]
struct Tally {
    count: u32,
    mixed: u32,
}

impl Tally {
    fn add(&mut self, number: u32) {
        self.count += 1;
        self.mixed ^= number;
    }

    fn remove(&mut self, number: u32) {
        self.count -= 1;
        self.mixed ^= number;
    }
}

impl Work {
    fn new(rows: Vec<Row>, unknowns: usize) -> Self {
        let mut rows_of = vec![Vec::new(); unknowns];
        for (number, row) in rows.iter().enumerate() {
            for (unknown, _) in row {
                rows_of[*unknown as usize].push(number as u32);
            }
        }
        let row_open = vec![true; rows.len()];
        Self {
            rows,
            reduced: Row::new(),
            row_open,
            column_open: vec![true; unknowns],
            rows_of,
            pivots: Vec::new(),
        }
    }

    /// Rows with one open unknown (it is determined) and unknowns in one open row (that row can wait) cost no fill-in, and
    /// most of a report's equations are such.
    fn peel(&mut self) {
        let mut in_row = vec![Tally::default(); self.rows.len()];
        let mut in_column = vec![Tally::default(); self.column_open.len()];
        for (number, row) in self.rows.iter().enumerate() {
            for (unknown, _) in row {
                in_row[number].add(*unknown);
                in_column[*unknown as usize].add(number as u32);
            }
        }
        let single = |tallies: &[Tally]| {
            let all = tallies.iter().enumerate().filter(|(_, tally)| tally.count == 1);
            all.map(|(number, _)| number as u32).collect::<Vec<u32>>()
        };
        let mut single_rows = single(&in_row);
        let mut single_columns = single(&in_column);
        loop {
            if let Some(row) = single_rows.pop() {
                if !self.row_open[row as usize] || in_row[row as usize].count != 1 {
                    continue;
                }
                let unknown = in_row[row as usize].mixed;
                self.column_open[unknown as usize] = false;
                self.pivots.push((unknown, Row::new()));
                for other in &self.rows_of[unknown as usize] {
                    if self.row_open[*other as usize] {
                        let tally = &mut in_row[*other as usize];
                        tally.remove(unknown);
                        match tally.count {
                            0 => self.row_open[*other as usize] = false,
                            1 => single_rows.push(*other),
                            _ => {}
                        }
                    }
                }
            } else if let Some(column) = single_columns.pop() {
                let row = in_column[column as usize].mixed;
                let is_single = self.column_open[column as usize] && in_column[column as usize].count == 1;
                if !is_single || !self.row_open[row as usize] {
                    continue;
                }
                self.row_open[row as usize] = false;
                for (unknown, _) in &self.rows[row as usize] {
                    let tally = &mut in_column[*unknown as usize];
                    tally.remove(row);
                    if self.column_open[*unknown as usize] && tally.count == 1 {
                        single_columns.push(*unknown);
                    }
                }
                let entries = std::mem::take(&mut self.rows[row as usize]);
                self.solve_for(column, entries);
            } else {
                return;
            }
        }
    }

    /// Keeps a row, solved for one of its unknowns. Unknowns that are determined by then are zero and stay zero.
    fn solve_for(&mut self, pivot: u32, mut entries: Row) {
        let factor = entries.iter().find(|(unknown, _)| *unknown == pivot).map(|(_, factor)| *factor);
        let scale = factor.unwrap_or_default().inverse().negated();
        entries.retain(|(unknown, _)| *unknown != pivot);
        entries.iter_mut().for_each(|(_, factor)| *factor = factor.times(scale));
        self.pivots.push((pivot, entries));
        self.column_open[pivot as usize] = false;
    }

    /// What peeling leaves: shortest row first, its rarest unknown as pivot (Markowitz's rule, rows before columns). A factor
    /// of 1 or -1 goes before: then whole numbers stay whole.
    fn core(&mut self) {
        let mut times_used = vec![0_u32; self.column_open.len()];
        let mut shortest = Shortest::default();
        self.rows_of.iter_mut().for_each(Vec::clear);
        for number in 0..self.rows.len() {
            if !self.row_open[number] {
                continue;
            }
            let open = &self.column_open;
            self.rows[number].retain(|(unknown, _)| open[*unknown as usize]);
            for (unknown, _) in &self.rows[number] {
                times_used[*unknown as usize] += 1;
                self.rows_of[*unknown as usize].push(number as u32);
            }
            shortest.push(self.rows[number].len(), number as u32);
        }
        while let Some((length, number)) = shortest.pop() {
            let number = number as usize;
            if !self.row_open[number] || self.rows[number].len() != length {
                continue;
            }
            self.row_open[number] = false;
            let row = std::mem::take(&mut self.rows[number]);
            let rarest = row
                .iter()
                .min_by_key(|(unknown, factor)| (!factor.is_unit(), times_used[*unknown as usize], *unknown));
            let Some(&(pivot, factor)) = rarest else { continue };
            for (unknown, _) in &row {
                times_used[*unknown as usize] -= 1;
            }
            let scale = factor.inverse();
            for other in std::mem::take(&mut self.rows_of[pivot as usize]) {
                if !self.row_open[other as usize] {
                    continue;
                }
                let found = self.rows[other as usize].binary_search_by_key(&pivot, |(unknown, _)| *unknown);
                let Ok(place) = found else { continue };
                let by = self.rows[other as usize][place].1.times(scale);
                self.subtract(other, &row, by, &mut times_used);
                shortest.push(self.rows[other as usize].len(), other);
            }
            self.solve_for(pivot, row);
        }
    }

    /// A row minus a multiple of the pivot row, merged in one walk over both.
    fn subtract(&mut self, number: u32, pivot_row: &Row, by: Element, times_used: &mut [u32]) {
        let mut row = std::mem::take(&mut self.rows[number as usize]);
        let reduced = &mut self.reduced;
        let (mut left, mut right) = (row.iter().copied().peekable(), pivot_row.iter().copied().peekable());
        loop {
            match (left.peek().copied(), right.peek().copied()) {
                (None, None) => break,
                (Some(entry), other) if other.is_none_or(|other| entry.0 < other.0) => {
                    reduced.push(entry);
                    left.next();
                }
                (Some(entry), Some(other)) if entry.0 == other.0 => {
                    let difference = entry.1.minus(other.1.times(by));
                    if difference.is_zero() {
                        times_used[entry.0 as usize] -= 1;
                    } else {
                        reduced.push((entry.0, difference));
                    }
                    left.next();
                    right.next();
                }
                (_, Some(other)) => {
                    reduced.push((other.0, other.1.times(by).negated()));
                    times_used[other.0 as usize] += 1;
                    self.rows_of[other.0 as usize].push(number);
                    right.next();
                }
                (Some(_), None) => break,
            }
        }
        // The storage of the one serves the next.
        std::mem::swap(&mut row, reduced);
        reduced.clear();
        self.rows[number as usize] = row;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::protect::system::Line;

    fn determined(system: &System, unknown: &[usize]) -> Vec<usize> {
        let flags: Vec<bool> = (0..system.len()).map(|variable| unknown.contains(&variable)).collect();
        let elimination = Elimination::new(system, &flags);
        let vector = elimination.draw(&mut ChaCha8Rng::seed_from_u64(1));
        let zeros = elimination.unknowns.iter().zip(vector).filter(|(_, value)| value.is_zero());
        zeros.map(|(variable, _)| *variable).collect()
    }

    #[test]
    fn one_hole_per_line_is_determined_and_two_by_two_holes_are_not() {
        // 0 1 | 4     rows 4 = 0 + 1, 5 = 2 + 3; columns 6 = 0 + 2, 7 = 1 + 3
        // 2 3 | 5
        let lines = vec![
            Line { whole: 4, parts: vec![0, 1] },
            Line { whole: 5, parts: vec![2, 3] },
            Line { whole: 6, parts: vec![0, 2] },
            Line { whole: 7, parts: vec![1, 3] },
        ];
        let system = System::of_counts(&[1, 2, 3, 4, 3, 7, 4, 6], lines);
        assert_eq!(determined(&system, &[0]), [0]);
        assert_eq!(determined(&system, &[0, 1]), [0, 1]);
        assert!(determined(&system, &[0, 1, 2, 3]).is_empty());
        assert_eq!(determined(&system, &[0, 1, 2]), [0, 1, 2]);
    }

    #[test]
    fn kernel_vectors_satisfy_every_line() {
        // A 4 x 4 x 2 crossing with all two-way margins, everything unknown: nothing can be peeled but the core is full.
        let inner = |i: usize, j: usize, k: usize| (i * 4 + j) * 2 + k;
        let mut lines = Vec::new();
        let mut next = 32;
        for i in 0..4 {
            for j in 0..4 {
                lines.push(Line { whole: next, parts: (0..2).map(|k| inner(i, j, k)).collect() });
                next += 1;
            }
            for k in 0..2 {
                lines.push(Line { whole: next, parts: (0..4).map(|j| inner(i, j, k)).collect() });
                lines.push(Line { whole: next + 1, parts: (0..4).map(|j| inner(j, i, k)).collect() });
                next += 2;
            }
        }
        let system = System::of_counts(&vec![1; next], lines);
        let unknown: Vec<bool> = (0..next).map(|variable| variable < 32).collect();
        let elimination = Elimination::new(&system, &unknown);
        let vector = elimination.draw(&mut ChaCha8Rng::seed_from_u64(3));
        // 4 x 4 x 2 with two-way margins fixed leaves (4-1)(4-1)(2-1) degrees of freedom.
        assert_eq!(elimination.free.len(), 9);
        for line in &system.lines {
            let sum = line.parts.iter().fold(Element::ZERO, |sum, part| sum.plus(vector[*part]));
            assert!(sum.is_zero());
        }
    }
}
