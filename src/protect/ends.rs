//! How far counts must be able to move, and which ends of that no world reaches yet.

use std::collections::{BTreeMap, VecDeque};

use super::world::Move;

/// How far a variable must move to reach each end of its interval: down (not above 0) and up (not below 0).
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) down: i64,
    pub(super) up: i64,
}

/// One end that is to be reached: which variable, and how far it must move, never by 0.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) variable: usize,
    pub(super) by: i64,
}

/// The ends that no world reaches yet, by variable.
pub(super) struct Open(BTreeMap<usize, Ends>);

/// Ends that are searched for, several at a time.
pub(super) struct Queue {
    ends: VecDeque<End>,
    together: usize,
}

impl Ends {
    /// For the least and the most that must stay possible of a count, and the least that a reader takes it for.
    pub(super) fn of((least, most): (u64, u64), count: u64, lower: u64) -> Self {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX / 4);
        let count = signed(count);
        Self { down: (signed(least.max(lower)) - count).min(0), up: (signed(most) - count).max(0) }
    }
}

impl End {
    pub(super) fn is_reached_by(&self, world: &Move) -> bool {
        let change = world.changes.get(&self.variable).copied().unwrap_or_default();
        if self.by > 0 { change >= self.by } else { change <= self.by }
    }
}

impl Open {
    pub(super) fn new(ends: impl Iterator<Item = (usize, Ends)>) -> Self {
        Self(ends.collect())
    }

    /// Takes off the ends that a world reaches.
    pub(super) fn close(&mut self, world: &Move) {
        for (variable, change) in &world.changes {
            if let Some(ends) = self.0.get_mut(variable) {
                if *change >= ends.up {
                    ends.up = 0;
                }
                if *change <= ends.down {
                    ends.down = 0;
                }
            }
        }
    }

    pub(super) fn contains(&self, end: &End) -> bool {
        self.0.get(&end.variable).is_some_and(|ends| if end.by > 0 { ends.up != 0 } else { ends.down != 0 })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = End> {
        let both = self
            .0
            .iter()
            .flat_map(|(variable, ends)| [ends.up, ends.down].map(|by| End { variable: *variable, by }));
        both.filter(|end| end.by != 0)
    }
}

impl Queue {
    /// Ends that stand beside each other come at different times: searches at the same time would find the same.
    pub(super) fn new(ends: impl Iterator<Item = End>, together: usize) -> Self {
        let ends: Vec<End> = ends.collect();
        let each = ends.len().div_ceil(together).max(1);
        let at = |place: usize| ends.chunks(each).filter_map(move |chunk| chunk.get(place).copied());
        Self { ends: (0..each).flat_map(at).collect(), together }
    }

    /// The next ones of those that are still open; none when all are done.
    pub(super) fn next(&mut self, open: &Open) -> Vec<End> {
        let left = std::iter::from_fn(|| self.ends.pop_front());
        left.filter(|end| open.contains(end)).take(self.together).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Open {
        Open::new([(3, Ends::of((1, 4), 2, 0)), (5, Ends::of((1, 4), 4, 0))].into_iter())
    }

    fn ends(of: impl Iterator<Item = End>) -> Vec<(usize, i64)> {
        of.map(|end| (end.variable, end.by)).collect()
    }

    #[test]
    fn a_world_closes_the_ends_that_it_reaches() {
        let mut open = open();
        assert_eq!(ends(open.iter()), [(3, 2), (3, -1), (5, -3)]);
        let world = Move { changes: [(3, -2), (5, -2), (9, 4)].into() };
        open.close(&world);
        assert_eq!(ends(open.iter()), [(3, 2), (5, -3)]);
        assert!(End { variable: 3, by: -1 }.is_reached_by(&world));
        assert!(!End { variable: 5, by: -3 }.is_reached_by(&world));
    }

    #[test]
    fn neighbours_wait_for_each_other_and_what_is_closed_is_not_searched() {
        let mut open = open();
        let mut queue = Queue::new(open.iter(), 2);
        assert_eq!(ends(queue.next(&open).into_iter()), [(3, 2), (5, -3)]);
        open.close(&Move { changes: [(3, -1)].into() });
        assert!(queue.next(&open).is_empty());
    }
}
