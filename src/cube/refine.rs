//! Which cells are sums of which: the equations that every reader knows.
//!
//! Two cells that differ on one axis only belong to one *line*. On a line every region is the union of smaller ones;
//! where the printed regions do not add up by themselves (a filter beside the whole, July-June beside a calendar year,
//! age in tens beside three groups) the missing pieces become cells of their own, which nobody prints. Afterwards every
//! region of a line is the sum of its parts, and the difference of any two groupings is a sum of pieces.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::{CellId, Grid, Key};
use crate::cohort::Region;
use crate::error::Error;

/// `whole` has exactly the records of all `parts` together, and no two parts share a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Equation {
    pub(crate) whole: CellId,
    pub(crate) parts: Vec<CellId>,
}

/// New pieces open new lines; three rounds reach the pieces of pieces that real reports have, and a further round is
/// only run while it still finds something.
const MOST_ROUNDS: usize = 6;

/// Finds every equation among the cells of a grid, adding the pieces that the equations need.
pub(crate) fn refine(grid: &mut Grid) -> Result<Vec<Equation>, Error> {
    let mut equations = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let before = grid.len();
        equations.clear();
        for ((axis, rest), members) in lines(grid) {
            refine_line(grid, axis, &rest, &members, &mut equations)?;
        }
        if grid.len() == before {
            return Ok(equations.into_iter().collect());
        }
    }
    Err(Error::cube("the periods, bands and filters of the tables cut each other into too many pieces"))
}

/// Cells by the axis on which they differ and what they share.
fn lines(grid: &Grid) -> BTreeMap<(u16, Key), BTreeSet<CellId>> {
    let mut lines: BTreeMap<(u16, Key), BTreeSet<CellId>> = BTreeMap::new();
    for (cell, key) in grid.keys().iter().enumerate() {
        for (place, (axis, _)) in key.iter().enumerate() {
            let mut rest = key.clone();
            rest.remove(place);
            lines.entry((*axis, rest)).or_default().insert(cell);
        }
    }
    for ((_, rest), members) in &mut lines {
        members.extend(grid.find(rest));
    }
    lines.retain(|_, members| members.len() > 1);
    lines
}

fn refine_line(
    grid: &mut Grid,
    axis: u16,
    rest: &Key,
    members: &BTreeSet<CellId>,
    equations: &mut BTreeSet<Equation>,
) -> Result<(), Error> {
    let line: Vec<(CellId, Region)> = members
        .iter()
        .map(|cell| (*cell, grid.region_on(*cell, axis)))
        .filter(|(_, region)| !region.is_empty())
        .collect();
    for (whole, region) in &line {
        let chosen = largest_disjoint_parts(region, &line);
        let mut parts: Vec<CellId> = chosen.iter().map(|(cell, _)| *cell).collect();
        let covered = chosen.iter().fold(Region::default(), |sum, (_, part)| sum.union(part));
        let pieces = cut(region.without(&covered), &line);
        if parts.is_empty() && pieces.len() <= 1 {
            continue;
        }
        for piece in pieces {
            let mut key = rest.clone();
            key.push((axis, grid.region(axis, &piece)?));
            parts.push(grid.cell_of_key(key)?);
        }
        parts.sort_unstable();
        equations.insert(Equation { whole: *whole, parts });
    }
    Ok(())
}

/// The largest regions inside `region`, as many as do not overlap: the units of a region rather than their wards.
fn largest_disjoint_parts<'l>(region: &Region, line: &'l [(CellId, Region)]) -> Vec<&'l (CellId, Region)> {
    let inside: Vec<&(CellId, Region)> =
        line.iter().filter(|(_, part)| part != region && part.is_within(region)).collect();
    let mut chosen: Vec<&(CellId, Region)> = Vec::new();
    for candidate in &inside {
        let is_largest =
            !inside.iter().any(|(_, other)| *other != candidate.1 && candidate.1.is_within(other));
        if is_largest && chosen.iter().all(|(_, known)| !known.meets(&candidate.1)) {
            chosen.push(candidate);
        }
    }
    chosen
}

/// Cuts what is left along the edges of every other region of the line.
fn cut(left: Region, line: &[(CellId, Region)]) -> Vec<Region> {
    if left.is_empty() {
        return Vec::new();
    }
    let mut pieces = vec![left];
    for (_, region) in line {
        let mut next = Vec::with_capacity(pieces.len() + 1);
        for piece in pieces {
            next.push(piece.intersection(region));
            next.push(piece.without(region));
        }
        next.retain(|piece| !piece.is_empty());
        pieces = next;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::Derived;
    use crate::cube::grid::Constraints;

    fn days(grid: &mut Grid, first: i64, last: i64) -> CellId {
        grid.cell(&Constraints::default().and(Derived::Visit, Region::range(first, last))).unwrap()
    }

    #[test]
    fn shifted_windows_are_cut_into_common_pieces() {
        let mut grid = Grid::default();
        let calendar = days(&mut grid, 0, 364);
        let shifted = days(&mut grid, 180, 540);
        let equations = refine(&mut grid).unwrap();
        let first_half = days(&mut grid, 0, 179);
        let common = days(&mut grid, 180, 364);
        let later = days(&mut grid, 365, 540);
        assert_eq!(grid.len(), 5);
        let mut expected = [
            Equation { whole: calendar, parts: vec![first_half, common] },
            Equation { whole: shifted, parts: vec![common, later] },
        ];
        for equation in &mut expected {
            equation.parts.sort_unstable();
            assert!(equations.contains(equation));
        }
    }

    #[test]
    fn a_filter_beside_the_whole_makes_its_complement_a_cell() {
        let mut grid = Grid::default();
        let sex = Derived::Variable { id: "sex".to_owned(), at: crate::cohort::Time::BASELINE };
        let women = grid.cell(&Constraints::default().and(sex, Region::codes([2]))).unwrap();
        let all = grid.cell(&Constraints::default()).unwrap();
        let equations = refine(&mut grid).unwrap();
        assert_eq!(grid.len(), 3);
        assert_eq!(equations, vec![Equation { whole: all, parts: vec![women, 2] }]);
    }
}
