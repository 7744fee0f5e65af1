//! Publishing hidden cells again that the worlds at the ends of demanded intervals do not need.
//! A numeric kernel: it indexes by the variable numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;
use std::collections::{BTreeSet, VecDeque};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::ends::{End, Open};
use super::interval::{FEW_ATTEMPTS, Intervals, Widening};
use super::publish::{KernelCheck, Publishing};
use super::secondary::TOGETHER;
use super::tableau::Tableau;
use super::world::Move;

impl Widening<'_> {
    /// Publishes again what the worlds do not need. They look at cells only: sums that a line gives away are not seen here.
    pub(super) fn trim(&self, hidden: &mut [bool], secrets: &[usize], intervals: &mut Intervals) {
        self.publish_unused(hidden, &intervals.worlds);
        if self.problem.improvements > 0 {
            self.publish_replaceable(hidden, secrets, &mut intervals.worlds);
        }
    }

    /// A hidden cell that no world changes protects nothing: with it printed every world still stands.
    fn publish_unused(&self, hidden: &mut [bool], worlds: &[Move]) {
        let used: BTreeSet<usize> = worlds.iter().flat_map(|world| world.changes.keys().copied()).collect();
        for (variable, hidden) in hidden.iter_mut().enumerate() {
            *hidden &= used.contains(&variable) || self.problem.flags.is_primary(variable);
        }
    }

    /// Publishes hidden cells, dearest first, where every world that changes them can be replaced by others that do not.
    fn publish_replaceable(&self, hidden: &mut [bool], secrets: &[usize], worlds: &mut Vec<Move>) {
        let flags = self.problem.flags;
        let mut candidates: Vec<usize> =
            (0..hidden.len()).filter(|one| flags.is_secondary(hidden, *one)).collect();
        candidates.sort_by_key(|one| (Reverse(self.problem.cost[*one]), *one));
        let mut candidates = VecDeque::from(candidates);
        let mut unknown = self.problem.unknown(hidden);
        let mut searches = vec![self.tableaus(&unknown); TOGETHER];
        let mut random = ChaCha8Rng::seed_from_u64(self.problem.seed);
        let mut check = KernelCheck::new(Publishing::new(self.problem, &mut random), hidden);
        loop {
            // A secret that the equations determine has no second world: what is quickly seen spares the search.
            let left = std::iter::from_fn(|| candidates.pop_front());
            let harmless = left.filter(|candidate| !check.gives_something_away(hidden, *candidate));
            let candidates_now: Vec<usize> = harmless.take(TOGETHER).collect();
            if candidates_now.is_empty() {
                return;
            }
            let found = searches.par_iter_mut().zip(&candidates_now).map(|(tableaus, candidate)| {
                self.worlds_instead(*candidate, secrets, worlds, tableaus, &unknown)
            });
            for (candidate, instead) in candidates_now.iter().zip(found.collect::<Vec<_>>()) {
                let Some(instead) = instead else { continue };
                // Others of the same time may have been printed since.
                if check.gives_something_away(hidden, *candidate) {
                    continue;
                }
                let all = worlds.iter().chain(&instead);
                let without = all.filter(|world| !world.changes.contains_key(candidate));
                let open = self.open(changed_with(*candidate, secrets, worlds), without);
                let mut changed = instead.iter().flat_map(|world| world.changes.keys());
                if !changed.all(|one| unknown[*one]) || open.iter().next().is_some() {
                    candidates.push_front(*candidate);
                    continue;
                }
                hidden[*candidate] = false;
                unknown[*candidate] = false;
                check.print(hidden, *candidate);
                searches.iter_mut().for_each(|tableaus| hold(tableaus, *candidate, true));
                worlds.retain(|world| !world.changes.contains_key(candidate));
                worlds.extend(instead);
            }
        }
    }

    /// Worlds that leave a cell as it is, for all ends that only worlds which change it reach; nothing if one is not found.
    fn worlds_instead(
        &self,
        candidate: usize,
        secrets: &[usize],
        worlds: &[Move],
        tableaus: &mut [Tableau],
        unknown: &[bool],
    ) -> Option<Vec<Move>> {
        let without = worlds.iter().filter(|world| !world.changes.contains_key(&candidate));
        let open = self.open(changed_with(candidate, secrets, worlds), without);
        // What stands beside the cell needs it most: there it shows soonest that nothing else will do.
        let lines = &self.problem.system.lines_of[candidate];
        let mut ends: Vec<End> = open.iter().collect();
        ends.sort_by_key(|end| {
            let mut its_own = self.problem.system.lines_of[end.variable].iter();
            !its_own.any(|line| lines.contains(line))
        });
        let mut unknown = unknown.to_vec();
        unknown[candidate] = false;
        hold(tableaus, candidate, true);
        let instead = self.worlds_for(&ends, open, tableaus, &unknown);
        hold(tableaus, candidate, false);
        instead
    }

    /// Worlds for all ends, or nothing if one cannot be reached.
    fn worlds_for(
        &self,
        ends: &[End],
        mut open: Open,
        tableaus: &mut [Tableau],
        unknown: &[bool],
    ) -> Option<Vec<Move>> {
        let mut worlds = Vec::new();
        for end in ends {
            if open.contains(end) {
                let mut all = tableaus.iter_mut();
                let world = all.find_map(|tableau| self.world_in(tableau, end, unknown, FEW_ATTEMPTS));
                let world = world.or_else(|| self.world_of_hidden(end, unknown))?;
                open.close(&world);
                worlds.push(world);
            }
        }
        Some(worlds)
    }
}

/// The secrets that worlds change together with a cell.
fn changed_with(cell: usize, secrets: &[usize], worlds: &[Move]) -> impl Iterator<Item = usize> {
    let with = worlds.iter().filter(move |world| world.changes.contains_key(&cell));
    let changed = with.flat_map(|world| world.changes.keys().copied());
    changed.filter(|one| secrets.binary_search(one).is_ok())
}

fn hold(tableaus: &mut [Tableau], cell: usize, is_held: bool) {
    for tableau in tableaus {
        if let Some(place) = tableau.place_of(cell) {
            tableau.hold(place, is_held);
        }
    }
}
