//! Cells that move together or not at all, before a program is asked: with all others standing still, a line of one moving cell
//! stops it, and a line of two ties them. What is left is a smaller program with the same answers.
//! A numeric kernel: it indexes by its own numbers.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use super::system::System;

/// A sum of groups that stays as it is: group and factor, by group.
pub(super) type Balance = BTreeMap<usize, i64>;

/// Cells of the system that move by the same amount, each with its direction: 1 or -1.
pub(super) type Group = Vec<(usize, i64)>;

/// Cells in groups that move by the same amount, some in the other direction.
pub(super) struct Tied {
    /// Empty where the cells have joined another group, or cannot move.
    pub(super) groups: Vec<Group>,
    /// What the lines say of the groups.
    pub(super) balances: BTreeSet<Balance>,
}

impl Tied {
    /// Groups of some cells, while all others stand still.
    pub(super) fn new(system: &System, cells: &BTreeSet<usize>) -> Self {
        let place: BTreeMap<usize, usize> = cells.iter().copied().zip(0..).collect();
        let lines: BTreeSet<usize> =
            cells.iter().flat_map(|cell| system.lines_of[*cell].iter().copied()).collect();
        let mut lines_of = vec![Vec::new(); cells.len()];
        let mut balances: Vec<Balance> = Vec::with_capacity(lines.len());
        for line in lines.into_iter().map(|line| &system.lines[line]) {
            let signed = line.parts.iter().map(|part| (part, -1)).chain([(&line.whole, 1)]);
            let balance: Balance =
                signed.filter_map(|(cell, sign)| Some((*place.get(cell)?, sign))).collect();
            balance.keys().for_each(|group| lines_of[*group].push(balances.len()));
            balances.push(balance);
        }
        let mut groups: Vec<Group> = cells.iter().map(|cell| vec![(*cell, 1)]).collect();
        let mut short: Vec<usize> = (0..balances.len()).filter(|line| balances[*line].len() <= 2).collect();
        while let Some(line) = short.pop() {
            let mut terms = balances[line].iter().map(|(group, factor)| (*group, *factor));
            let (joining, into) = match (terms.next(), terms.next(), terms.next()) {
                (Some((stopped, _)), None, _) => (stopped, None),
                (Some(one), Some(other), None) if one.1.abs() == other.1.abs() => {
                    // The one in fewer lines joins: less to rewrite.
                    let by_lines = |(group, _): &(usize, i64)| lines_of[*group].len();
                    let (joining, into) =
                        if by_lines(&one) < by_lines(&other) { (one, other) } else { (other, one) };
                    (joining.0, Some((into.0, -joining.1.signum() * into.1.signum())))
                }
                _ => continue,
            };
            for line in std::mem::take(&mut lines_of[joining]) {
                let Some(factor) = balances[line].remove(&joining) else { continue };
                if let Some((into, direction)) = into {
                    let sum = balances[line].entry(into).or_insert(0);
                    *sum += factor * direction;
                    if *sum == 0 {
                        balances[line].remove(&into);
                    } else {
                        lines_of[into].push(line);
                    }
                }
                if balances[line].len() <= 2 {
                    short.push(line);
                }
            }
            let members = std::mem::take(&mut groups[joining]);
            if let Some((into, direction)) = into {
                groups[into].extend(members.into_iter().map(|(cell, sign)| (cell, sign * direction)));
            }
        }
        let balances = balances.into_iter().filter(|balance| !balance.is_empty()).map(leading_positive);
        Self { groups, balances: balances.collect() }
    }
}

/// The same balance whichever side it was written from.
fn leading_positive(balance: Balance) -> Balance {
    let sign = balance.values().next().map_or(1, |factor| factor.signum());
    balance.into_iter().map(|(group, factor)| (group, sign * factor)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::system::Line;

    #[test]
    fn a_line_of_one_stops_a_cell_and_lines_of_two_tie_cells_in_either_direction() {
        // 0 + 1 = 4 (printed), 1 + 2 = 5 (printed), 2 + 6 = 3, 7 is the only unknown part of 8.
        let lines = vec![
            Line { whole: 4, parts: vec![0, 1] },
            Line { whole: 5, parts: vec![1, 2] },
            Line { whole: 3, parts: vec![2, 6] },
            Line { whole: 8, parts: vec![7] },
        ];
        let system = System::of_counts(&[1, 2, 3, 7, 3, 5, 4, 6, 6], lines);
        let tied = Tied::new(&system, &BTreeSet::from([0, 1, 2, 3, 6, 7]));
        let mut groups = tied.groups.clone();
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.retain(|group| !group.is_empty());
        groups.sort_unstable();
        assert_eq!(groups.len(), 3, "0, 1 and 2 together; 3; 6: {groups:?}");
        let directions: Vec<i64> = groups[0].iter().map(|(_, direction)| *direction).collect();
        assert_eq!(groups[0].iter().map(|(cell, _)| *cell).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(directions == [1, -1, 1] || directions == [-1, 1, -1]);
        assert_eq!(tied.balances.len(), 1, "3 less 2 less 6");
    }
}
