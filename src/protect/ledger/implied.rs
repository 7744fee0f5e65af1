//! What earlier releases tell without having printed it: counts that follow from theirs by the equations of today.
//!
//! An edition that printed men and women but no total has printed the total all the same. If a man and a woman came since,
//! each of the two counts is protected for its own sake; a new total beside the old sum would still give away that two came.
//! Identities add up as counts do, so what follows is compared like what was printed. A numeric kernel: it indexes by the
//! cell and equation numbers of one cube.
#![allow(clippy::indexing_slicing)]

use super::published::PublishedCell;
use crate::cube::{CellId, Cube};

/// What is known of a group as it was: how many records, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    records: u64,
    identity: u128,
}

impl Known {
    const NOTHING: Self = Self { records: 0, identity: 0 };

    fn plus(self, other: Self) -> Option<Self> {
        let records = self.records.checked_add(other.records)?;
        Some(Self { records, identity: self.identity.wrapping_add(other.identity) })
    }

    fn minus(self, other: Self) -> Option<Self> {
        let records = self.records.checked_sub(other.records)?;
        Some(Self { records, identity: self.identity.wrapping_sub(other.identity) })
    }
}

/// One equation with everything that it ties together.
struct Tie<'c> {
    whole: CellId,
    parts: &'c [CellId],
}

/// Counts that earlier releases imply, one release at a time and all together, of groups whose records have changed since;
/// of unchanged groups the equations say it by themselves. `earlier` are the counts of the cells that were added to the cube.
///
/// Found is what follows by adding up and subtracting along one equation after the other. Groups of which nobody is left
/// are taken to have been empty, as a reader would.
pub(in crate::protect) fn implied_counts(
    cube: &Cube,
    earlier: &[PublishedCell],
) -> Vec<(CellId, PublishedCell)> {
    let printed: Vec<(CellId, &PublishedCell)> = cube.added.iter().copied().zip(earlier).collect();
    let is_restated =
        |(cell, published): &(CellId, &PublishedCell)| cube.cell(*cell).identity != published.identity;
    if !printed.iter().any(is_restated) {
        return Vec::new();
    }
    let ties: Vec<Tie<'_>> = cube
        .equations_by_definition()
        .iter()
        .map(|equation| Tie { whole: equation.whole, parts: &equation.parts })
        .collect();
    let empty: Vec<bool> = cube.cells.iter().map(|cell| cell.records == 0).collect();
    let mut releases: Vec<&[(CellId, &PublishedCell)]> =
        printed.chunk_by(|one, next| one.1.number == next.1.number).collect();
    if releases.len() > 1 {
        releases.push(&printed);
    }
    let mut implied = Vec::new();
    for counts in releases.into_iter().filter(|counts| counts.iter().any(is_restated)) {
        let Some((_, newest)) = counts.last() else { continue };
        let known = counts.iter().map(|(cell, published)| {
            (*cell, Known { records: published.records, identity: published.identity })
        });
        for (cell, then) in follow(&ties, &empty, known) {
            if cube.cell(cell).identity != then.identity {
                implied.push((
                    cell,
                    PublishedCell {
                        constraints: cube.resolved.grid.constraints(cell),
                        identity: then.identity,
                        records: then.records,
                        patients: None,
                        release: newest.release.clone(),
                        number: newest.number,
                    },
                ));
            }
        }
    }
    implied
}

/// What follows from known cells: as long as an equation lacks one member only, that one is known too. Of two statements
/// about one cell the later one counts.
fn follow(
    ties: &[Tie<'_>],
    empty: &[bool],
    printed: impl Iterator<Item = (CellId, Known)>,
) -> Vec<(CellId, Known)> {
    let mut known: Vec<Option<Known>> = empty.iter().map(|empty| empty.then_some(Known::NOTHING)).collect();
    for (cell, then) in printed {
        known[cell] = Some(then);
    }
    let mut ties_of: Vec<Vec<usize>> = vec![Vec::new(); known.len()];
    for (number, tie) in ties.iter().enumerate() {
        for cell in tie.parts.iter().chain([&tie.whole]) {
            ties_of[*cell].push(number);
        }
    }
    let mut found = Vec::new();
    let mut waiting: Vec<usize> = (0..ties.len()).rev().collect();
    while let Some(number) = waiting.pop() {
        if let Some((cell, then)) = missing_member(&ties[number], &known) {
            known[cell] = Some(then);
            found.push((cell, then));
            waiting.extend(&ties_of[cell]);
        }
    }
    found
}

/// The only unknown member of an equation, and what it must have been; none if that is less than nothing, because the
/// known ones are of different days.
fn missing_member(tie: &Tie<'_>, known: &[Option<Known>]) -> Option<(CellId, Known)> {
    let mut unknown = tie.parts.iter().chain([&tie.whole]).filter(|cell| known[**cell].is_none());
    let cell = *unknown.next()?;
    if unknown.next().is_some() {
        return None;
    }
    let mut parts = tie.parts.iter().filter_map(|part| known[*part]);
    let sum = parts.try_fold(Known::NOTHING, Known::plus)?;
    match known[tie.whole] {
        None => Some((cell, sum)),
        Some(whole) => Some((cell, whole.minus(sum)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(records: u64) -> Known {
        // Any additive stand-in for a hash will do.
        Known { records, identity: u128::from(records).wrapping_mul(u128::MAX / 3) }
    }

    /// 0 = 1 + 2 and 2 = 3 + 4.
    const TIES: [Tie<'static>; 2] = [Tie { whole: 0, parts: &[1, 2] }, Tie { whole: 2, parts: &[3, 4] }];

    #[test]
    fn sums_and_remainders_follow_along_several_equations() {
        let nobody = [false; 5];
        let up = follow(&TIES, &nobody, [(1, of(20)), (3, of(7)), (4, of(9))].into_iter());
        assert_eq!(up, [(2, of(16)), (0, of(36))]);
        let down = follow(&TIES, &nobody, [(0, of(36)), (1, of(20)), (3, of(7))].into_iter());
        assert_eq!(down, [(2, of(16)), (4, of(9))]);
    }

    #[test]
    fn two_unknown_members_stay_unknown_unless_one_is_empty() {
        let printed = [(0, of(36)), (3, of(7))];
        assert!(follow(&TIES, &[false; 5], printed.into_iter()).is_empty());
        let nobody_in_1 = [false, true, false, false, false];
        assert_eq!(
            follow(&TIES, &nobody_in_1, printed.into_iter()),
            [(2, of(36)), (4, of(29))],
            "0 and 2 are the same group"
        );
    }

    #[test]
    fn numbers_of_different_days_that_contradict_each_other_imply_nothing() {
        let printed = [(0, of(10)), (1, of(20))];
        assert!(follow(&TIES, &[false; 5], printed.into_iter()).is_empty());
    }

    #[test]
    fn the_later_of_two_statements_counts() {
        let printed = [(3, of(7)), (4, of(9)), (4, of(12))];
        assert_eq!(follow(&TIES, &[false; 5], printed.into_iter()), [(2, of(19))]);
    }
}
