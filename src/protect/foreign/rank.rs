//! Which cells the equations alone determine: the reduced equations, exactly, modulo two primes.
//!
//! A cell is determined if its unit vector is a combination of the equations, which shows as a reduced equation that names
//! no other cell. Modulo a prime this can differ from the rational numbers only where the prime divides a minor of the
//! equations; two primes of 61 bits that both do are not met by accident, and a cell that either of them finds counts.

use std::collections::{BTreeMap, BTreeSet};

use super::{HoledTables, Relation};
use crate::error::Error;

/// 2^61 - 1 and 2^61 - 31.
const PRIMES: [u64; 2] = [(1 << 61) - 1, (1 << 61) - 31];

/// Cells that are not known themselves and that the equations determine.
pub(super) fn determined(tables: &HoledTables) -> Result<Vec<usize>, Error> {
    let mut found = BTreeSet::new();
    for prime in PRIMES {
        found.extend(determined_modulo(tables, prime)?);
    }
    Ok(found.into_iter().collect())
}

fn determined_modulo(tables: &HoledTables, prime: u64) -> Result<Vec<usize>, Error> {
    let is_equation = |relation: &Relation| relation.least.is_some() && relation.least == relation.most;
    let relations = tables.relations.iter().enumerate();
    let equations = relations.filter(|(_, relation)| is_equation(relation));
    let mut rows: Vec<(usize, Row)> =
        equations.map(|(number, relation)| (number, Row::new(tables, relation, prime))).collect();
    // Short equations first: they determine cells before anything has to be filled in.
    rows.sort_by_key(|(number, row)| (row.entries.len(), *number));
    let mut solved: BTreeMap<usize, Row> = BTreeMap::new();
    for (number, mut row) in rows {
        let pivots: Vec<usize> =
            row.entries.keys().copied().filter(|cell| solved.contains_key(cell)).collect();
        for pivot in pivots {
            if let Some(equation) = solved.get(&pivot) {
                row.eliminate(pivot, equation, prime);
            }
        }
        let first = row.entries.first_key_value().map(|(cell, factor)| (*cell, *factor));
        let Some((pivot, factor)) = first else {
            if row.constant != 0 {
                return Err(tables.impossible(number));
            }
            continue;
        };
        row.scale(inverse(factor, prime), prime);
        for equation in solved.values_mut() {
            equation.eliminate(pivot, &row, prime);
        }
        solved.insert(pivot, row);
    }
    Ok(solved.into_iter().filter(|(_, row)| row.entries.len() == 1).map(|(cell, _)| cell).collect())
}

/// An equation over cells that are not known, modulo a prime: the entries sum up to the constant.
struct Row {
    entries: BTreeMap<usize, u64>,
    constant: u64,
}

impl Row {
    fn new(tables: &HoledTables, relation: &Relation, prime: u64) -> Self {
        let mut entries = BTreeMap::new();
        let mut constant = i128::from(relation.least.unwrap_or_default());
        for (cell, factor) in &relation.terms {
            match tables.cells.get(*cell) {
                Some(shown) if shown.is_exact() => {
                    constant -= i128::from(*factor) * i128::from(shown.least);
                }
                _ => {
                    entries.insert(*cell, residue(i128::from(*factor), prime));
                }
            }
        }
        Self { entries, constant: residue(constant, prime) }
    }

    /// Takes off so much of an equation solved for a cell that the cell is gone.
    fn eliminate(&mut self, pivot: usize, equation: &Self, prime: u64) {
        let Some(by) = self.entries.get(&pivot).copied() else { return };
        for (cell, factor) in &equation.entries {
            let less = times(by, *factor, prime);
            let entry = self.entries.entry(*cell).or_default();
            *entry = minus(*entry, less, prime);
            if *entry == 0 {
                self.entries.remove(cell);
            }
        }
        self.constant = minus(self.constant, times(by, equation.constant, prime), prime);
    }

    fn scale(&mut self, by: u64, prime: u64) {
        self.entries.values_mut().for_each(|entry| *entry = times(*entry, by, prime));
        self.constant = times(self.constant, by, prime);
    }
}

/// The remainder from 0 to the prime less 1: it fits 64 bits.
fn residue(number: i128, prime: u64) -> u64 {
    number.rem_euclid(i128::from(prime)) as u64
}

fn times(one: u64, other: u64, prime: u64) -> u64 {
    (u128::from(one) * u128::from(other) % u128::from(prime)) as u64
}

fn minus(one: u64, other: u64, prime: u64) -> u64 {
    if one >= other { one - other } else { one + (prime - other) }
}

/// The inverse by Fermat's little theorem.
fn inverse(number: u64, prime: u64) -> u64 {
    let (mut result, mut power, mut exponent) = (1, number, prime - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, power, prime);
        }
        power = times(power, power, prime);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::foreign::Bounds;

    #[test]
    fn inverses_hold_modulo_both_primes() {
        for prime in PRIMES {
            for number in [1, 2, 3, 200, prime - 1, 123_456_789_123_456_789] {
                assert_eq!(times(number, inverse(number, prime), prime), 1);
            }
        }
    }

    #[test]
    fn coefficients_other_than_one_and_contradictions_are_seen() {
        let mut tables = HoledTables::new();
        let one = tables.cell(Bounds::HOLE);
        let other = tables.cell(Bounds::HOLE);
        tables.relation("sum", [(one, 1), (other, 1)], Some(10), Some(10)).unwrap();
        assert!(tables.determined_by_equations().unwrap().is_empty());
        tables.relation("weighted sum", [(one, 2), (other, 3)], Some(24), Some(24)).unwrap();
        assert_eq!(tables.determined_by_equations().unwrap(), [one, other]);
        tables.relation("another sum", [(one, 1), (other, 2)], Some(15), Some(15)).unwrap();
        let error = tables.determined_by_equations().unwrap_err().to_string();
        assert!(error.contains("another sum"), "{error}");
    }
}
