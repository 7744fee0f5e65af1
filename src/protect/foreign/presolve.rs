//! Plain conclusions before any program is solved: bounds tightened relation by relation, and the components that are left.
//! A numeric kernel: it indexes by the numbers of one collection of tables.
#![allow(clippy::indexing_slicing)]

use super::{HoledTables, Relation};
use crate::error::Error;

/// How often all relations are gone through. A conclusion that needs more is left to the programs.
const ROUNDS: usize = 60;
/// Bounds beyond this are not kept: what they would add is left to the programs.
const FARTHEST: i128 = 1 << 50;

/// The tightest bounds found for each cell, in exact arithmetic. Each holds in every world that fits, so an end that one
/// world reaches is the end of the feasible interval.
pub(super) struct Presolved<'t> {
    pub(super) lower: Vec<i128>,
    pub(super) upper: Vec<Option<i128>>,
    relations: &'t [Relation],
}

impl<'t> Presolved<'t> {
    /// Tightens bounds until nothing changes. Over the whole numbers a bound moves inwards to the next whole number, over the
    /// real numbers it is kept at a whole number outside.
    pub(super) fn new(tables: &'t HoledTables, is_whole: bool) -> Result<Self, Error> {
        tables.check_sizes()?;
        let mut presolved = Self {
            lower: tables.cells.iter().map(|cell| i128::from(cell.least)).collect(),
            upper: tables.cells.iter().map(|cell| cell.most.map(i128::from)).collect(),
            relations: &tables.relations,
        };
        for _ in 0..ROUNDS {
            let mut has_changed = false;
            for (number, relation) in tables.relations.iter().enumerate() {
                let changed = presolved.tighten(relation, is_whole);
                has_changed |= changed.map_err(|Contradiction| tables.impossible(number))?;
            }
            if !has_changed {
                break;
            }
        }
        Ok(presolved)
    }

    pub(super) fn is_fixed(&self, cell: usize) -> bool {
        self.upper[cell] == Some(self.lower[cell])
    }

    /// Cells that were not known exactly and now are, with their value.
    pub(super) fn fixed<'s>(&'s self, tables: &'s HoledTables) -> impl Iterator<Item = (usize, f64)> + 's {
        let cells = tables.cells.iter().enumerate();
        let fixed = cells.filter(move |(cell, shown)| !shown.is_exact() && self.is_fixed(*cell));
        fixed.map(move |(cell, _)| (cell, self.lower[cell] as f64))
    }

    /// Open cells that relations tie together, and the relations that do, each component by itself.
    pub(super) fn components(&self) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut leader: Vec<usize> = (0..self.lower.len()).collect();
        for relation in self.relations {
            let mut open = relation.terms.iter().map(|(cell, _)| *cell).filter(|cell| !self.is_fixed(*cell));
            if let Some(first) = open.next() {
                for other in open {
                    let (one, two) = (root(&mut leader, first), root(&mut leader, other));
                    leader[one.max(two)] = one.min(two);
                }
            }
        }
        let mut place = vec![None; self.lower.len()];
        let mut components: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for cell in (0..self.lower.len()).filter(|cell| !self.is_fixed(*cell)) {
            let first = root(&mut leader, cell);
            let component = *place[first].get_or_insert(components.len());
            if component == components.len() {
                components.push((Vec::new(), Vec::new()));
            }
            components[component].0.push(cell);
        }
        for (number, relation) in self.relations.iter().enumerate() {
            let open = relation.terms.iter().find(|(cell, _)| !self.is_fixed(*cell));
            if let Some((cell, _)) = open
                && let Some(component) = place[root(&mut leader, *cell)]
            {
                components[component].1.push(number);
            }
        }
        components
    }

    /// What one relation says of each of its cells, given what the others can be.
    fn tighten(&mut self, relation: &Relation, is_whole: bool) -> Result<bool, Contradiction> {
        let least = relation.least.map(i128::from);
        let most = relation.most.map(i128::from);
        let smallest = Activity::of(relation, |cell, factor| self.end(cell, factor, false));
        let largest = Activity::of(relation, |cell, factor| self.end(cell, factor, true));
        let is_above = smallest.sum().zip(most).is_some_and(|(smallest, most)| smallest > most);
        let is_below = largest.sum().zip(least).is_some_and(|(largest, least)| largest < least);
        if is_above || is_below {
            return Err(Contradiction);
        }
        let mut has_changed = false;
        for (cell, factor) in &relation.terms {
            let factor = i128::from(*factor);
            // The bounds used are those from before this relation: still true, and each term leaves out its own part.
            let room = smallest.without(self.end(*cell, factor, false));
            let need = largest.without(self.end(*cell, factor, true));
            let at_most = most.zip(room).map(|(most, others)| most - others);
            let at_least = least.zip(need).map(|(least, others)| least - others);
            let (above, below) = if factor > 0 { (at_most, at_least) } else { (at_least, at_most) };
            let upper = above.map(|sum| if is_whole { floor(sum, factor) } else { ceiling(sum, factor) });
            let lower = below.map(|sum| if is_whole { ceiling(sum, factor) } else { floor(sum, factor) });
            has_changed |= self.narrow(*cell, lower, upper)?;
        }
        Ok(has_changed)
    }

    fn narrow(
        &mut self,
        cell: usize,
        lower: Option<i128>,
        upper: Option<i128>,
    ) -> Result<bool, Contradiction> {
        let mut has_changed = false;
        if let Some(lower) = lower.filter(|lower| lower.abs() <= FARTHEST)
            && lower > self.lower[cell]
        {
            self.lower[cell] = lower;
            has_changed = true;
        }
        if let Some(upper) = upper.filter(|upper| upper.abs() <= FARTHEST)
            && self.upper[cell].is_none_or(|known| upper < known)
        {
            self.upper[cell] = Some(upper);
            has_changed = true;
        }
        match self.upper[cell] {
            Some(upper) if upper < self.lower[cell] => Err(Contradiction),
            _ => Ok(has_changed),
        }
    }

    /// The smallest or largest that a cell times its factor can be; `None` where it has no end.
    fn end(&self, cell: usize, factor: i128, is_largest: bool) -> Option<i128> {
        let bound = if (factor > 0) == is_largest { self.upper[cell] } else { Some(self.lower[cell]) };
        bound.map(|bound| factor * bound)
    }
}

/// A relation cannot hold.
struct Contradiction;

/// The sum of the ends of the terms of a relation, and how many of them have none.
struct Activity {
    finite: i128,
    open: usize,
}

impl Activity {
    fn of(relation: &Relation, end: impl Fn(usize, i128) -> Option<i128>) -> Self {
        let mut activity = Self { finite: 0, open: 0 };
        for (cell, factor) in &relation.terms {
            match end(*cell, i128::from(*factor)) {
                Some(end) => activity.finite += end,
                None => activity.open += 1,
            }
        }
        activity
    }

    fn sum(&self) -> Option<i128> {
        (self.open == 0).then_some(self.finite)
    }

    /// The sum of the others.
    fn without(&self, one: Option<i128>) -> Option<i128> {
        match (one, self.open) {
            (Some(end), 0) => Some(self.finite - end),
            (None, 1) => Some(self.finite),
            _ => None,
        }
    }
}

/// The number that stands for a component, found anew and remembered.
fn root(leader: &mut [usize], cell: usize) -> usize {
    let mut at = cell;
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}

fn floor(sum: i128, factor: i128) -> i128 {
    if factor < 0 { (-sum).div_euclid(-factor) } else { sum.div_euclid(factor) }
}

fn ceiling(sum: i128, factor: i128) -> i128 {
    -floor(-sum, factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::foreign::Bounds;

    #[test]
    fn quotients_round_the_stated_way_for_every_sign() {
        assert_eq!([floor(7, 2), floor(-7, 2), floor(7, -2), floor(-7, -2)], [3, -4, -4, 3]);
        assert_eq!([ceiling(7, 2), ceiling(-7, 2), ceiling(7, -2), ceiling(-7, -2)], [4, -3, -3, 4]);
    }

    #[test]
    fn a_remainder_of_nothing_fixes_every_hole_of_its_line() {
        let mut tables = HoledTables::new();
        let total = tables.cell(Bounds::exactly(0));
        let holes = [tables.cell(Bounds::HOLE), tables.cell(Bounds::HOLE)];
        tables.equation("row", total, holes).unwrap();
        let presolved = Presolved::new(&tables, false).unwrap();
        assert_eq!(presolved.fixed(&tables).collect::<Vec<_>>(), [(1, 0.0), (2, 0.0)]);
        assert!(presolved.components().is_empty());
    }

    #[test]
    fn relations_split_the_open_cells_into_components() {
        let mut tables = HoledTables::new();
        let totals = [tables.cell(Bounds::exactly(9)), tables.cell(Bounds::exactly(7))];
        let holes: Vec<usize> = (0..5).map(|_| tables.cell(Bounds::HOLE)).collect();
        tables.equation("first", totals[0], [holes[0], holes[3]]).unwrap();
        tables.equation("second", totals[1], [holes[1], holes[2]]).unwrap();
        let presolved = Presolved::new(&tables, true).unwrap();
        let expected: [(Vec<usize>, Vec<usize>); 3] =
            [(vec![2, 5], vec![0]), (vec![3, 4], vec![1]), (vec![6], Vec::new())];
        assert_eq!(presolved.components(), expected);
        assert_eq!(presolved.upper[2], Some(9));
        assert_eq!(presolved.upper[6], None);
    }

    #[test]
    fn a_relation_that_cannot_hold_is_named() {
        let mut tables = HoledTables::new();
        let cells = [1, 2, 4].map(|number| tables.cell(Bounds::exactly(number)));
        tables.equation("row total of Alta", cells[2], [cells[0], cells[1]]).unwrap();
        let error = Presolved::new(&tables, false).err().unwrap().to_string();
        assert!(error.contains("row total of Alta"), "{error}");
        assert!(!error.contains(|letter: char| letter.is_ascii_digit()));
    }
}
