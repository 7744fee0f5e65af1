//! A second world, and what it means that it fits everything printed.

use std::collections::BTreeMap;

use super::system::System;

/// A second world, as what it changes of the true one.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) changes: BTreeMap<usize, i64>,
}

/// Whether the moved world reproduces everything printed: no printed number changes, every equation still holds, and every
/// count is still possible. Whole-number arithmetic only, however the move was found.
pub(super) fn holds(system: &System, moved: &Move, unknown: &[bool], lower: Option<&[u64]>) -> bool {
    let change = |variable: usize| i128::from(moved.changes.get(&variable).copied().unwrap_or(0));
    let keeps_what_is_printed = moved
        .changes
        .iter()
        .all(|(variable, by)| *by == 0 || unknown.get(*variable).copied().unwrap_or(false));
    // A line without a changed member holds as it did before.
    let mut lines: Vec<usize> = Vec::new();
    for variable in moved.changes.keys() {
        lines.extend(system.lines_of.get(*variable).into_iter().flatten());
    }
    lines.sort_unstable();
    lines.dedup();
    let keeps_every_equation = lines.iter().filter_map(|line| system.lines.get(*line)).all(|line| {
        let parts: i128 = line.parts.iter().map(|part| change(*part)).sum();
        change(line.whole) == parts
    });
    let keeps_counts_possible = lower.is_none_or(|lower| {
        moved.changes.keys().all(|variable| {
            let size = system.variables.get(*variable).map(|set| i128::from(set.records));
            let least = lower.get(*variable).map(|least| i128::from(*least));
            size.zip(least).is_some_and(|(size, least)| size + change(*variable) >= least)
        })
    });
    keeps_what_is_printed && keeps_every_equation && keeps_counts_possible
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::system::Line;

    #[test]
    fn a_move_that_breaks_an_equation_a_printed_number_or_a_count_is_rejected() {
        let system = System::of_counts(&[2, 8, 10], vec![Line { whole: 2, parts: vec![0, 1] }]);
        let unknown = [true, true, false];
        let lower = [1, 1, 0];
        let moved = |changes: &[(usize, i64)]| Move { changes: changes.iter().copied().collect() };
        assert!(holds(&system, &moved(&[(0, 1), (1, -1)]), &unknown, Some(&lower)));
        assert!(!holds(&system, &moved(&[(0, 1)]), &unknown, Some(&lower)), "equation");
        assert!(!holds(&system, &moved(&[(0, 1), (2, 1)]), &unknown, Some(&lower)), "printed number");
        assert!(!holds(&system, &moved(&[(0, -2), (1, 2)]), &unknown, Some(&lower)), "count");
        assert!(holds(&system, &moved(&[(0, -2), (1, 2)]), &unknown, None));
    }
}
