//! Demanded intervals: for every small group, whole-number worlds at both ends of what must stay possible.
//! A numeric kernel: it indexes by the numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::flags::Flags;
use super::moves::{Freedom, lightest_change, neighbourhood, whole_change, whole_numbers};
use super::publish::{KernelCheck, Publishing};
use super::secondary::Problem;
use super::system::System;
use super::tableau::{Reach, Tableau};
use super::world::{Move, holds};

/// The outcome for a choice of hidden cells.
#[derive(Default)]
pub(super) struct Intervals {
    /// Second worlds, each checked in whole numbers.
    pub(super) worlds: Vec<Move>,
    /// Variables for which an end of the demanded interval was not reached by a whole-number world.
    pub(super) narrow: Vec<usize>,
}

/// Hidden cells looked at around a small group, in growing circles, and beside them printed cells, nearest first, that may
/// be hidden for it. A small rectangle is near; in a crossing of four variables the opposite corner of a box is not. The middle one
/// spares time where very many cells are hidden, and a few more cells are hidden for it.
const CIRCLES: [(usize, usize); 3] = [(600, 500), (1400, 900), (2500, 1500)];
/// Attempts at a world in one tableau, and in one of more than `LARGE` cells, where each takes long.
const ATTEMPTS: usize = 8;
const ATTEMPTS_IN_LARGE: usize = 2;
const LARGE: usize = 2500;
/// What it weighs in a search to move a cell that is hidden already; one that is not weighs as much as hiding it costs.
const FREE: f64 = 0.05;

/// Widening: what is hidden, what each cell can be, and which ends are still open.
pub(super) struct Widening<'p> {
    problem: &'p Problem<'p>,
    ends: BTreeMap<usize, Ends>,
    lower: Vec<u64>,
    /// No count moves further than this in a world.
    far: u64,
}

/// How far a variable must move to reach each end of its interval: down (not above 0) and up (not below 0).
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) down: i64,
    pub(super) up: i64,
}

impl Ends {
    /// For the least and the most that must stay possible of a count, and the least that a reader takes it for.
    pub(super) fn of((least, most): (u64, u64), count: u64, lower: u64) -> Self {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX / 4);
        let count = signed(count);
        Self { down: (signed(least.max(lower)) - count).min(0), up: (signed(most) - count).max(0) }
    }
}

impl<'p> Widening<'p> {
    /// For each secret the least and the most that must stay possible, and for each variable the least that a reader takes it for.
    pub(super) fn new(
        problem: &'p Problem<'p>,
        demanded: BTreeMap<usize, (u64, u64)>,
        lower: Vec<u64>,
    ) -> Self {
        let far = demanded.values().map(|(least, most)| most - least).max().unwrap_or_default() + 3;
        let records = |variable: usize| problem.system.variables[variable].records;
        let ends = demanded
            .into_iter()
            .map(|(variable, demand)| (variable, Ends::of(demand, records(variable), lower[variable])));
        Self { problem, ends: ends.collect(), lower, far }
    }

    fn system(&self) -> &System {
        self.problem.system
    }

    fn flags(&self) -> &Flags {
        self.problem.flags
    }

    fn ends(&self, variable: usize) -> Ends {
        self.ends.get(&variable).copied().unwrap_or_default()
    }

    /// Hides more until a whole-number world reaches both demanded ends of every secret, or nothing more can be hidden.
    pub(super) fn widen(&self, hidden: &mut [bool], secrets: &[usize]) -> Intervals {
        let mut open: BTreeMap<usize, Ends> =
            secrets.iter().map(|secret| (*secret, self.ends(*secret))).collect();
        let mut worlds = Vec::new();
        let mut narrow = BTreeSet::new();
        let unknown = self.problem.unknown(hidden);
        for tableau in &mut self.tableaus(&unknown) {
            let within: Vec<usize> =
                secrets.iter().copied().filter(|secret| tableau.place_of(*secret).is_some()).collect();
            for secret in within {
                for is_up in [true, false] {
                    let end = open.get(&secret).map_or(0, |ends| if is_up { ends.up } else { ends.down });
                    if end != 0
                        && let Some(world) = self.world_in(tableau, secret, end, &unknown)
                    {
                        close(&mut open, &world);
                        worlds.push(world);
                    }
                }
            }
        }
        let mut unknown = unknown;
        for secret in secrets {
            for is_up in [true, false] {
                let end = open.get(secret).map_or(0, |ends| if is_up { ends.up } else { ends.down });
                if end == 0 {
                    continue;
                }
                match self.world_with_choice(*secret, end, hidden, &mut unknown) {
                    Some(world) => {
                        close(&mut open, &world);
                        worlds.push(world);
                    }
                    None => {
                        narrow.insert(*secret);
                    }
                }
            }
        }
        Intervals { worlds, narrow: narrow.into_iter().collect() }
    }

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
            *hidden &= used.contains(&variable) || self.flags().is_primary(variable);
        }
    }

    /// Publishes hidden cells, dearest first, where every world that changes them can be replaced by others that do not.
    fn publish_replaceable(&self, hidden: &mut [bool], secrets: &[usize], worlds: &mut Vec<Move>) {
        let mut candidates: Vec<usize> =
            (0..hidden.len()).filter(|one| hidden[*one] && !self.flags().is_primary(*one)).collect();
        candidates.sort_by_key(|one| (Reverse(self.problem.cost[*one]), *one));
        let mut unknown = self.problem.unknown(hidden);
        let mut tableaus = self.tableaus(&unknown);
        let mut random = ChaCha8Rng::seed_from_u64(self.problem.seed);
        let mut check = KernelCheck::new(Publishing::new(self.problem, &mut random), hidden);
        for candidate in candidates {
            // A secret that the equations determine has no second world: what is quickly seen spares the search.
            if check.gives_something_away(hidden, candidate) {
                continue;
            }
            let (without, with): (Vec<Move>, Vec<Move>) =
                worlds.drain(..).partition(|world| !world.changes.contains_key(&candidate));
            let mut open: BTreeMap<usize, Ends> = with
                .iter()
                .flat_map(|world| world.changes.keys())
                .filter(|variable| secrets.binary_search(variable).is_ok())
                .map(|secret| (*secret, self.ends(*secret)))
                .collect();
            without.iter().for_each(|world| close(&mut open, world));
            unknown[candidate] = false;
            hold(&mut tableaus, candidate, true);
            match self.worlds_for(&mut tableaus, open, &unknown) {
                Some(replacing) => {
                    hidden[candidate] = false;
                    check.print(hidden, candidate);
                    worlds.extend(without.into_iter().chain(replacing));
                }
                None => {
                    unknown[candidate] = true;
                    hold(&mut tableaus, candidate, false);
                    worlds.extend(without.into_iter().chain(with));
                }
            }
        }
    }

    /// One tableau for each set of unknown cells that equations connect.
    fn tableaus(&self, unknown: &[bool]) -> Vec<Tableau> {
        let mut seen = vec![false; unknown.len()];
        let mut tableaus = Vec::new();
        for start in 0..unknown.len() {
            if !unknown[start] || seen[start] {
                continue;
            }
            let cells = neighbourhood(self.system(), unknown, start, usize::MAX);
            cells.iter().for_each(|cell| seen[*cell] = true);
            tableaus.extend(self.tableau(cells.into_iter().collect(), |_| 1.0));
        }
        tableaus
    }

    fn tableau(&self, cells: Vec<usize>, weight: impl Fn(usize) -> f64) -> Option<Tableau> {
        let room =
            |variable: usize| self.system().variables[variable].records.saturating_sub(self.lower[variable]);
        Tableau::new(self.system(), cells, room, weight)
    }

    /// A world found in a tableau, checked like any other.
    fn world_in(&self, tableau: &mut Tableau, target: usize, by: i64, unknown: &[bool]) -> Option<Move> {
        let place = tableau.place_of(target)?;
        let attempts = if tableau.len() > LARGE { ATTEMPTS_IN_LARGE } else { ATTEMPTS };
        if tableau.reach(place, by, attempts) != Reach::Found {
            return None;
        }
        let world = Move { changes: tableau.changes().collect() };
        self.is_world(&world, target, by, unknown).then_some(world)
    }

    /// Worlds for all open ends, or nothing if one cannot be reached.
    fn worlds_for(
        &self,
        tableaus: &mut [Tableau],
        mut open: BTreeMap<usize, Ends>,
        unknown: &[bool],
    ) -> Option<Vec<Move>> {
        let mut worlds = Vec::new();
        let secrets: Vec<usize> = open.keys().copied().collect();
        for secret in secrets {
            for is_up in [true, false] {
                let end = open.get(&secret).map_or(0, |ends| if is_up { ends.up } else { ends.down });
                if end != 0 {
                    let mut all = tableaus.iter_mut();
                    let world = all.find_map(|tableau| self.world_in(tableau, secret, end, unknown))?;
                    close(&mut open, &world);
                    worlds.push(world);
                }
            }
        }
        Some(worlds)
    }

    /// A world in which a variable has moved by so much. Further cells may be hidden for it; they are, if that helps.
    fn world_with_choice(
        &self,
        target: usize,
        by: i64,
        hidden: &mut [bool],
        unknown: &mut [bool],
    ) -> Option<Move> {
        let world = self.world_near(target, by, hidden, unknown)?;
        for variable in world.changes.keys() {
            hidden[*variable] |= !unknown[*variable];
            unknown[*variable] = true;
        }
        Some(world)
    }

    /// The hidden cells near by may do; else the lightest world that hides more.
    fn world_near(&self, target: usize, by: i64, hidden: &[bool], unknown: &[bool]) -> Option<Move> {
        let weight = |variable: usize| {
            let cost = if unknown[variable] { FREE } else { self.problem.cost[variable] as f64 };
            cost * (1.0 + jitter(variable))
        };
        let near = neighbourhood(self.system(), unknown, target, CIRCLES[0].0);
        if let Some(mut tableau) = self.tableau(near.iter().copied().collect(), weight)
            && let Some(world) = self.world_in(&mut tableau, target, by, unknown)
        {
            return Some(world);
        }
        let (mut widest, mut any_choice) = (near, unknown.to_vec());
        let is_large = unknown.iter().filter(|unknown| **unknown).count() > LARGE;
        let [small, middle, wide] = CIRCLES;
        for (around, choices) in [Some(small), is_large.then_some(middle), Some(wide)].into_iter().flatten() {
            let mut near = neighbourhood(self.system(), unknown, target, around);
            let mut could_be_unknown = unknown.to_vec();
            for choice in self.choices(target, hidden, unknown, choices) {
                could_be_unknown[choice] = true;
                near.insert(choice);
            }
            let world = self.whole_number_world(target, by, &near, &could_be_unknown, weight);
            if world.is_some() {
                return world;
            }
            widest = near;
            any_choice = could_be_unknown;
        }
        // Rather a world through more cells than needed than none.
        let mut tableau = self.tableau(widest.into_iter().collect(), weight)?;
        self.world_in(&mut tableau, target, by, &any_choice)
    }

    /// The lightest world within a neighbourhood. Where the linear program answers in halves or thirds, the cells that it moved
    /// may do in another way; else whole numbers are demanded of it.
    fn whole_number_world(
        &self,
        target: usize,
        by: i64,
        near: &BTreeSet<usize>,
        unknown: &[bool],
        weight: impl Fn(usize) -> f64,
    ) -> Option<Move> {
        let freedom = |variable: usize| self.freedom(variable, &weight);
        let is_world = |world: &Move| self.is_world(world, target, by, unknown);
        let moved = lightest_change(self.system(), near, target, by as f64, freedom)?;
        let found = whole_numbers(&moved).filter(is_world);
        found.or_else(|| self.world_around(target, by, &moved, unknown, &weight)).or_else(|| {
            let moved = whole_change(self.system(), near, target, by as f64, freedom)?;
            whole_numbers(&moved).filter(is_world)
        })
    }

    /// A world in whole numbers, of the hidden cells near by and those that a fractional answer would hide.
    fn world_around(
        &self,
        target: usize,
        by: i64,
        moved: &BTreeMap<usize, f64>,
        could_be_unknown: &[bool],
        weight: impl Fn(usize) -> f64,
    ) -> Option<Move> {
        let moves = |variable: usize| moved.get(&variable).is_some_and(|change| change.abs() > 1e-6);
        let is_free = |cell: usize| weight(cell) < 2.0 * FREE;
        let cells: Vec<usize> = moved.keys().copied().filter(|cell| moves(*cell) || is_free(*cell)).collect();
        let mut tableau = self.tableau(cells, weight)?;
        self.world_in(&mut tableau, target, by, could_be_unknown)
    }

    fn is_world(&self, world: &Move, target: usize, by: i64, unknown: &[bool]) -> bool {
        let change = world.changes.get(&target).copied().unwrap_or_default();
        let reaches = if by > 0 { change >= by } else { change <= by };
        reaches && holds(self.system(), world, unknown, Some(&self.lower))
    }

    /// Printed cells that could be hidden, nearest first.
    fn choices(&self, target: usize, hidden: &[bool], unknown: &[bool], most: usize) -> Vec<usize> {
        let mut seen = BTreeSet::from([target]);
        let mut queue = VecDeque::from([target]);
        let mut choices = Vec::new();
        while let Some(variable) = queue.pop_front() {
            for line in &self.system().lines_of[variable] {
                for member in self.system().lines[*line].members() {
                    let can_hide = self.flags().can_hide(self.system(), hidden, member);
                    if (can_hide || unknown[member]) && seen.insert(member) {
                        queue.push_back(member);
                        if can_hide {
                            choices.push(member);
                        }
                        if choices.len() >= most {
                            return choices;
                        }
                    }
                }
            }
        }
        choices
    }

    /// No variable moves further than a small count can.
    fn freedom(&self, variable: usize, weight: impl Fn(usize) -> f64) -> Freedom {
        let far = self.far as f64;
        let room = self.system().variables[variable].records.saturating_sub(self.lower[variable]);
        Freedom { up: far, down: far.min(room as f64), weight: weight(variable) }
    }
}

fn hold(tableaus: &mut [Tableau], cell: usize, is_held: bool) {
    for tableau in tableaus {
        if let Some(place) = tableau.place_of(cell) {
            tableau.hold(place, is_held);
        }
    }
}

/// A small number that differs between variables, the same on every machine: ties broken alike make whole answers.
fn jitter(variable: usize) -> f64 {
    let mixed = (variable as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 44) as f64 / (1 << 20) as f64
}

/// Takes off the ends that a world reaches.
fn close(open: &mut BTreeMap<usize, Ends>, world: &Move) {
    for (variable, change) in &world.changes {
        if let Some(ends) = open.get_mut(variable) {
            if *change >= ends.up {
                ends.up = 0;
            }
            if *change <= ends.down {
                ends.down = 0;
            }
        }
    }
}
