//! What the audit claims of one sensitive record set, and what it rests on.

use super::world::Move;

/// One sensitive record set: what must stay possible, and how far that was shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// The record set, by its number in the system.
    pub(super) variable: usize,
    /// The least count that a reader must not be able to rule out.
    pub(super) least: u64,
    /// The greatest count that a reader must not be able to rule out.
    pub(super) most: u64,
    /// The world (by its number) in which the count is `least` or lower; `None` where the truth is that low itself or no
    /// world was found.
    pub(super) low: Option<usize>,
    /// The world in which the count is `most` or higher, likewise.
    pub(super) high: Option<usize>,
    pub(super) status: Status,
}

/// How a claim ended. What neither holds for is refused and never reaches a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Whole-number worlds at both ends of the demanded interval are kept.
    Proven,
    /// Two whole-number worlds differ in the count, but an end of the demanded interval was not reached.
    Bounded,
}

impl Claim {
    /// What a set of worlds shows of a record set: the ends of the demanded interval that one of them, or the truth, reaches.
    pub(super) fn of(variable: usize, count: u64, (least, most): (u64, u64), worlds: &[Move]) -> Self {
        let change = |world: &Move| world.changes.get(&variable).copied().unwrap_or_default();
        let in_world = |world: &Move| i128::from(count) + i128::from(change(world));
        let low = worlds.iter().position(|world| change(world) != 0 && in_world(world) <= i128::from(least));
        let high = worlds.iter().position(|world| change(world) != 0 && in_world(world) >= i128::from(most));
        let low = low.filter(|_| count > least);
        let high = high.filter(|_| count < most);
        let is_proven = (count <= least || low.is_some()) && (count >= most || high.is_some());
        let status = if is_proven { Status::Proven } else { Status::Bounded };
        Self { variable, least, most, low, high, status }
    }
}
