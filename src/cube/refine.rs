//! Which cells are sums of which: the equations that every reader knows.
//!
//! Two cells that differ on one axis only belong to one *line*. On a line every region is the union of smaller ones;
//! where the printed regions do not add up by themselves (a filter beside the whole, July-June beside a calendar year,
//! age in tens beside three groups) the missing pieces become cells of their own, which nobody prints. Afterwards every
//! region of a line is the sum of its parts, and the difference of any two groupings is a sum of pieces.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

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
    let mut patterns = Patterns::new();
    for _ in 0..MOST_ROUNDS {
        let before = grid.len();
        let mut equations = Vec::new();
        for line in lines(grid) {
            refine_line(grid, &line, &mut patterns, &mut equations)?;
        }
        if grid.len() == before {
            equations.sort_unstable();
            equations.dedup();
            return Ok(equations);
        }
    }
    Err(Error::cube("the periods, bands and filters of the tables cut each other into too many pieces"))
}

/// Cells that differ on one axis only.
struct Line {
    axis: u16,
    /// What they share.
    rest: Key,
    /// Ascending.
    members: Vec<CellId>,
}

fn lines(grid: &Grid) -> Vec<Line> {
    let mut known: HashMap<(u16, Key), Vec<CellId>> = HashMap::new();
    for (cell, key) in grid.keys().iter().enumerate() {
        for (place, (axis, _)) in key.iter().enumerate() {
            let mut rest = key.clone();
            rest.remove(place);
            known.entry((*axis, rest)).or_default().push(cell);
        }
    }
    let mut lines = Vec::with_capacity(known.len());
    for ((axis, rest), mut members) in known {
        if let Some(whole) = grid.find(&rest) {
            members.insert(members.partition_point(|member| *member < whole), whole);
        }
        if members.len() > 1 {
            lines.push(Line { axis, rest, members });
        }
    }
    // New cells are numbered in this order.
    lines.sort_unstable_by(|one, other| (one.axis, &one.rest).cmp(&(other.axis, &other.rest)));
    lines
}

/// How the regions of a line add up, by its axis and the regions of its members. Most lines of a report have the regions of
/// another line.
type Patterns = HashMap<(u16, Vec<Option<u16>>), Vec<Split>>;

/// A member of a line as the sum of others and of new pieces.
struct Split {
    /// Its place in the line.
    whole: usize,
    parts: Vec<usize>,
    pieces: Vec<u16>,
}

fn refine_line(
    grid: &mut Grid,
    line: &Line,
    patterns: &mut Patterns,
    equations: &mut Vec<Equation>,
) -> Result<(), Error> {
    let regions: Vec<Option<u16>> =
        line.members.iter().map(|cell| grid.region_id_on(*cell, line.axis)).collect();
    let splits = match patterns.entry((line.axis, regions)) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(new) => {
            let splits = split(grid, line.axis, &new.key().1)?;
            new.insert(splits)
        }
    };
    for Split { whole, parts, pieces } in splits {
        let member = |place: &usize| line.members.get(*place).copied();
        let mut parts: Vec<CellId> = parts.iter().filter_map(member).collect();
        for piece in pieces {
            let mut key = line.rest.clone();
            key.push((line.axis, *piece));
            parts.push(grid.cell_of_key(key)?);
        }
        parts.sort_unstable();
        equations.extend(member(whole).map(|whole| Equation { whole, parts }));
    }
    Ok(())
}

fn split(grid: &mut Grid, axis: u16, regions: &[Option<u16>]) -> Result<Vec<Split>, Error> {
    let region_of = |id: &Option<u16>| match id {
        Some(id) => grid.region_of(axis, *id).cloned().unwrap_or_default(),
        None => Region::everything(),
    };
    let line: Vec<(usize, Region)> = regions.iter().map(region_of).enumerate().collect();
    let line: Vec<(usize, Region)> = line.into_iter().filter(|(_, region)| !region.is_empty()).collect();
    let mut splits = Vec::new();
    for (whole, region) in &line {
        let chosen = largest_disjoint_parts(region, &line);
        let parts: Vec<usize> = chosen.iter().map(|(place, _)| *place).collect();
        let covered = chosen.iter().fold(Region::default(), |sum, (_, part)| sum.union(part));
        let pieces = cut(region.without(&covered), &line);
        if parts.is_empty() && pieces.len() <= 1 {
            continue;
        }
        let pieces = pieces.iter().map(|piece| grid.region(axis, piece)).collect::<Result<_, _>>()?;
        splits.push(Split { whole: *whole, parts, pieces });
    }
    Ok(splits)
}

/// The largest regions inside `region`, as many as do not overlap: the units of a region rather than their wards.
fn largest_disjoint_parts<'l>(region: &Region, line: &'l [(usize, Region)]) -> Vec<&'l (usize, Region)> {
    let inside: Vec<&(usize, Region)> =
        line.iter().filter(|(_, part)| part != region && part.is_within(region)).collect();
    let mut chosen: Vec<&(usize, Region)> = Vec::new();
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
fn cut(left: Region, line: &[(usize, Region)]) -> Vec<Region> {
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
