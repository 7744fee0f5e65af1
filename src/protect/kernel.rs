//! Which unknown cells the equations determine: random vectors of the kernel of the equation matrix.
//!
//! A cell is determined by the equations exactly if *every* kernel vector is zero there. One random kernel vector over a
//! field of 2^61 - 1 elements is zero at an undetermined cell with probability 2^-61, and then errs to the safe side.
//! Two cells determine each other exactly if their values are proportional in every vector. A numeric kernel: it indexes
//! its own vectors with variable numbers that the system checked when it was built.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, RngExt};

use super::field::Element;
use super::system::Line;

/// Row-reduced equations over the unknown variables: each solved variable as a combination of others.
pub(super) struct Elimination {
    variables: usize,
    /// In the order of elimination; a pivot's row names only free variables and pivots that come later.
    pivots: Vec<(usize, Vec<(usize, Element)>)>,
    free: Vec<usize>,
}

impl Elimination {
    /// Eliminates the unknown variables from the lines; known variables are constants and drop out.
    pub(super) fn new(variables: usize, lines: &[Line], unknown: &[bool]) -> Self {
        let mut work = Work::new(variables, lines, unknown);
        work.peel();
        work.core();
        let pivots = work.pivots;
        let mut is_free = unknown.to_vec();
        for (pivot, _) in &pivots {
            is_free[*pivot] = false;
        }
        let free = (0..variables).filter(|variable| is_free[*variable]).collect();
        Self { variables, pivots, free }
    }

    /// A random kernel vector: free variables at random, pivots by back-substitution. Known variables are zero.
    pub(super) fn draw(&self, random: &mut impl Rng) -> Vec<Element> {
        let mut vector = vec![Element::ZERO; self.variables];
        for variable in &self.free {
            vector[*variable] = Element::new(random.random::<u64>());
        }
        for (pivot, row) in self.pivots.iter().rev() {
            let sum =
                row.iter().fold(Element::ZERO, |sum, (other, factor)| sum.plus(factor.times(vector[*other])));
            vector[*pivot] = sum;
        }
        vector
    }
}

/// Rows under elimination, with the rows of each column.
struct Work {
    rows: Vec<BTreeMap<usize, Element>>,
    rows_of: Vec<BTreeSet<usize>>,
    pivots: Vec<(usize, Vec<(usize, Element)>)>,
}

impl Work {
    fn new(variables: usize, lines: &[Line], unknown: &[bool]) -> Self {
        let mut rows = Vec::with_capacity(lines.len());
        let mut rows_of = vec![BTreeSet::new(); variables];
        for line in lines {
            let mut row: BTreeMap<usize, Element> = BTreeMap::new();
            let terms =
                line.parts.iter().map(|part| (*part, Element::MINUS_ONE)).chain([(line.whole, Element::ONE)]);
            for (variable, sign) in terms.filter(|(variable, _)| unknown[*variable]) {
                let entry = row.entry(variable).or_default();
                *entry = entry.plus(sign);
            }
            row.retain(|_, factor| !factor.is_zero());
            for variable in row.keys() {
                rows_of[*variable].insert(rows.len());
            }
            rows.push(row);
        }
        Self { rows, rows_of, pivots: Vec::new() }
    }

    /// Rows with one unknown (it is determined) and variables in one row (that row can wait) cost no fill-in, and most of
    /// a report's equations are such.
    fn peel(&mut self) {
        let mut single_rows: Vec<usize> =
            (0..self.rows.len()).filter(|row| self.rows[*row].len() == 1).collect();
        let mut single_columns: Vec<usize> =
            (0..self.rows_of.len()).filter(|column| self.rows_of[*column].len() == 1).collect();
        loop {
            if let Some(row) = single_rows.pop() {
                let Some((&variable, _)) = self.rows[row].first_key_value() else { continue };
                self.pivots.push((variable, Vec::new()));
                for other in std::mem::take(&mut self.rows_of[variable]) {
                    self.rows[other].remove(&variable);
                    match self.rows[other].len() {
                        1 => single_rows.push(other),
                        _ => continue,
                    }
                }
            } else if let Some(column) = single_columns.pop() {
                let Some(&row) = self.rows_of[column].first() else { continue };
                if self.rows_of[column].len() != 1 {
                    continue;
                }
                for variable in self.take_row_as_pivot(row, column) {
                    if self.rows_of[variable].len() == 1 {
                        single_columns.push(variable);
                    }
                }
            } else {
                return;
            }
        }
    }

    /// Moves a row out of the system, solved for one of its variables. Returns the row's other variables.
    fn take_row_as_pivot(&mut self, row: usize, pivot: usize) -> Vec<usize> {
        let entries = std::mem::take(&mut self.rows[row]);
        let scale = entries.get(&pivot).copied().unwrap_or_default().inverse().negated();
        let mut others = Vec::with_capacity(entries.len());
        let mut solved = Vec::with_capacity(entries.len());
        for (variable, factor) in entries {
            self.rows_of[variable].remove(&row);
            if variable != pivot {
                others.push(variable);
                solved.push((variable, factor.times(scale)));
            }
        }
        self.pivots.push((pivot, solved));
        others
    }

    /// What peeling leaves: shortest row first, its rarest variable as pivot (Markowitz's rule, rows before columns).
    fn core(&mut self) {
        let mut by_length: BTreeSet<(usize, usize)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.is_empty())
            .map(|(id, row)| (row.len(), id))
            .collect();
        while let Some((_, row)) = by_length.pop_first() {
            let rarest =
                self.rows[row].keys().min_by_key(|variable| (self.rows_of[**variable].len(), **variable));
            let Some(&pivot) = rarest else { continue };
            let entries: Vec<(usize, Element)> =
                self.rows[row].iter().map(|(id, factor)| (*id, *factor)).collect();
            let scale = self.rows[row][&pivot].inverse();
            let others: Vec<usize> =
                self.rows_of[pivot].iter().copied().filter(|other| *other != row).collect();
            for other in others {
                by_length.remove(&(self.rows[other].len(), other));
                let factor = self.rows[other][&pivot].times(scale);
                for (variable, entry) in &entries {
                    let cell = self.rows[other].entry(*variable).or_default();
                    *cell = cell.minus(entry.times(factor));
                    if cell.is_zero() {
                        self.rows[other].remove(variable);
                        self.rows_of[*variable].remove(&other);
                    } else {
                        self.rows_of[*variable].insert(other);
                    }
                }
                if !self.rows[other].is_empty() {
                    by_length.insert((self.rows[other].len(), other));
                }
            }
            self.take_row_as_pivot(row, pivot);
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn determined(variables: usize, lines: &[Line], unknown: &[usize]) -> Vec<usize> {
        let flags: Vec<bool> = (0..variables).map(|variable| unknown.contains(&variable)).collect();
        let vector = Elimination::new(variables, lines, &flags).draw(&mut ChaCha8Rng::seed_from_u64(1));
        unknown.iter().copied().filter(|variable| vector[*variable].is_zero()).collect()
    }

    #[test]
    fn one_hole_per_line_is_determined_and_two_by_two_holes_are_not() {
        // 0 1 | 4     rows 4 = 0 + 1, 5 = 2 + 3; columns 6 = 0 + 2, 7 = 1 + 3
        // 2 3 | 5
        let lines = [
            Line { whole: 4, parts: vec![0, 1] },
            Line { whole: 5, parts: vec![2, 3] },
            Line { whole: 6, parts: vec![0, 2] },
            Line { whole: 7, parts: vec![1, 3] },
        ];
        assert_eq!(determined(8, &lines, &[0]), [0]);
        assert_eq!(determined(8, &lines, &[0, 1]), [0, 1]);
        assert!(determined(8, &lines, &[0, 1, 2, 3]).is_empty());
        assert_eq!(determined(8, &lines, &[0, 1, 2]), [0, 1, 2]);
    }
}
