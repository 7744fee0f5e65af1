//! The solutions of homogeneous equations as functions of some of their unknowns, in whole numbers.
//! A numeric kernel: it indexes its own table by the rows and columns that it handed out itself.
#![allow(clippy::indexing_slicing)]

/// No entry of a table is larger. Products of two and their differences then fit 64 bits with room to spare.
const LARGEST: i64 = 1 << 30;

/// A dictionary in the sense of the simplex method: in every solution `x` of the equations
///
/// > x of row r = sum over columns c of entries\[r\]\[c\] / denominator times x of column c,
///
/// and the columns' cells can take any values. Pivoting is fraction-free (Edmonds, "Systems of distinct
/// representatives and linear algebra", 1967; Bareiss 1968): entries and denominator are minors of the original
/// whole-number matrix, so that every division is without remainder. In a two-way table the denominator stays 1.
pub(super) struct Dictionary {
    /// The cell of each row.
    pub(super) basics: Vec<usize>,
    /// The cell of each column.
    pub(super) columns: Vec<usize>,
    pub(super) entries: Vec<Vec<i64>>,
    /// Always positive.
    pub(super) denominator: i64,
    place: Vec<Place>,
}

/// Where a cell is.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Row(usize),
    Column(usize),
}

impl Dictionary {
    /// For equations `sum of factor times cell = 0` over so many cells. `None` where numbers become too large.
    ///
    /// Each equation starts as a row of its own, `slack = sum of factor times cell`; pivoting a slack into a column
    /// and dropping that column sets it to zero. A row without entries by then is an equation that followed from
    /// others.
    pub(super) fn new(cells: usize, equations: &[Vec<(usize, i64)>]) -> Option<Self> {
        let dense = |equation: &Vec<(usize, i64)>| {
            let mut entries = vec![0_i64; cells];
            for (cell, factor) in equation {
                entries[*cell] += factor;
            }
            entries
        };
        let all = cells + equations.len();
        let mut dictionary = Self {
            basics: (cells..all).collect(),
            columns: (0..cells).collect(),
            entries: equations.iter().map(dense).collect(),
            denominator: 1,
            place: vec![Place::Row(0); all],
        };
        let mut order: Vec<usize> = (0..equations.len()).collect();
        order.sort_by_key(|row| equations[*row].len());
        for row in order {
            let Some(column) = dictionary.best_column(row) else { continue };
            dictionary.pivot(row, column)?;
            dictionary.columns.swap_remove(column);
            for entries in &mut dictionary.entries {
                entries.swap_remove(column);
            }
        }
        let Self { basics, columns, entries, denominator, .. } = dictionary;
        let kept = basics.into_iter().zip(entries).filter(|(cell, _)| *cell < cells);
        let (basics, entries): (Vec<usize>, Vec<Vec<i64>>) = kept.unzip();
        let mut place = vec![Place::Row(0); cells];
        for (row, cell) in basics.iter().enumerate() {
            place[*cell] = Place::Row(row);
        }
        for (column, cell) in columns.iter().enumerate() {
            place[*cell] = Place::Column(column);
        }
        Some(Self { basics, columns, entries, denominator, place })
    }

    /// A column in which a row can be solved: one that keeps the denominator if there is one, with few entries.
    fn best_column(&self, row: usize) -> Option<usize> {
        let filled = |column: usize| self.entries.iter().filter(|entries| entries[column] != 0).count();
        let entries = self.entries[row].iter().enumerate().filter(|(_, entry)| **entry != 0);
        let best = entries.min_by_key(|(column, entry)| {
            (entry.abs() != self.denominator, filled(*column), self.columns[*column])
        });
        best.map(|(column, _)| column)
    }

    pub(super) fn place(&self, cell: usize) -> Place {
        self.place[cell]
    }

    /// Exchanges the cells of a row and a column whose entry `a` is not zero.
    ///
    /// With `D` the denominator, row r says `D x_r = sum_c T_rc x_c + a x_e`, so `a x_e = D x_r - sum_c T_rc x_c`.
    /// Put into another row i: `a x_i = sum_c (T_ic a - T_ie T_rc) / D x_c + T_ie x_r`. The new denominator is `a`,
    /// or both sides are negated. `None` where an entry becomes too large; the dictionary is of no use then.
    pub(super) fn pivot(&mut self, row: usize, column: usize) -> Option<()> {
        let by = self.entries[row][column];
        let (sign, old, new) = (by.signum(), self.denominator, by.abs());
        let mut solved = std::mem::take(&mut self.entries[row]);
        let mut largest = new;
        for (number, entries) in self.entries.iter_mut().enumerate() {
            let factor = if number == row { 0 } else { entries[column] };
            if number == row || (factor == 0 && new == old) {
                continue;
            }
            for (entry, other) in entries.iter_mut().zip(&solved) {
                *entry = sign * ((*entry * by - factor * *other) / old);
                largest = largest.max(entry.abs());
            }
            entries[column] = sign * factor;
        }
        for entry in &mut solved {
            *entry *= -sign;
        }
        solved[column] = sign * old;
        self.entries[row] = solved;
        self.denominator = new;
        let (leaving, entering) = (self.basics[row], self.columns[column]);
        self.basics[row] = entering;
        self.columns[column] = leaving;
        self.place[entering] = Place::Row(row);
        self.place[leaving] = Place::Column(column);
        (largest <= LARGEST).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether columns set to given numbers, and rows computed from them, satisfy every equation.
    fn solves(dictionary: &Dictionary, equations: &[Vec<(usize, i64)>], cells: usize) -> bool {
        let mut values = vec![0_i64; cells];
        for (number, cell) in dictionary.columns.iter().enumerate() {
            values[*cell] = dictionary.denominator * (7 * number as i64 * number as i64 - 11);
        }
        for (row, cell) in dictionary.basics.iter().enumerate() {
            let terms = dictionary.entries[row].iter().zip(&dictionary.columns);
            let sum: i64 = terms.map(|(entry, column)| entry * values[*column]).sum();
            assert_eq!(sum % dictionary.denominator, 0);
            values[*cell] = sum / dictionary.denominator;
        }
        equations.iter().all(|row| row.iter().map(|(cell, factor)| factor * values[*cell]).sum::<i64>() == 0)
    }

    #[test]
    fn every_dictionary_on_the_way_describes_the_same_solutions() {
        // Three sums of two out of three: their matrix has determinant 2. The last equation follows from the others.
        let equations = vec![
            vec![(0, 1), (1, 1), (3, -1)],
            vec![(1, 1), (2, 1), (4, -1)],
            vec![(0, 1), (2, 1), (5, -1)],
            vec![(0, 2), (1, 2), (2, 2), (3, -1), (4, -1), (5, -1)],
        ];
        let mut dictionary = Dictionary::new(6, &equations).unwrap();
        assert_eq!((dictionary.basics.len(), dictionary.columns.len()), (3, 3));
        let mut denominators = Vec::new();
        for step in 0..40_usize {
            assert!(solves(&dictionary, &equations, 6));
            denominators.push(dictionary.denominator);
            let (row, first) = (step % 3, step / 3);
            let column = (0..3).map(|shift| (first + shift) % 3).find(|c| dictionary.entries[row][*c] != 0);
            dictionary.pivot(row, column.unwrap()).unwrap();
        }
        assert!(denominators.contains(&1) && denominators.contains(&2));
    }
}
