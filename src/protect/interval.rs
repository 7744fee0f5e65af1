//! Demanded intervals: for every small group, whole-number worlds at both ends of what must stay possible.
//! A numeric kernel: it indexes by the numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rayon::iter::{
    IndexedParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator,
};

use super::ends::{End, Ends, Open, Queue};
use super::flags::Flags;
use super::moves::{Freedom, lightest_change, neighbourhood, whole_change, whole_numbers};
use super::secondary::{Problem, TOGETHER};
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
/// More hidden cells than this are very many.
const LARGE: usize = 2500;
/// Cells around a small group that a search without further cells looks at.
const AROUND: usize = 1000;
/// Attempts at a world in one tableau.
const ATTEMPTS: usize = 8;
/// The same where another way is tried after it.
pub(super) const FEW_ATTEMPTS: usize = 2;
/// What it weighs in a search to move a cell that is hidden already; one that is not weighs as much as hiding it costs.
const FREE: f64 = 0.05;

/// Widening: what is hidden, what each cell can be, and which ends are still open.
pub(super) struct Widening<'p> {
    pub(super) problem: &'p Problem<'p>,
    ends: BTreeMap<usize, Ends>,
    lower: Vec<u64>,
    /// No count moves further than this in a world.
    far: u64,
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

    /// The ends of some secrets that none of some worlds reaches.
    pub(super) fn open<'w>(
        &self,
        secrets: impl Iterator<Item = usize>,
        worlds: impl Iterator<Item = &'w Move>,
    ) -> Open {
        let mut open =
            Open::new(secrets.map(|secret| (secret, self.ends.get(&secret).copied().unwrap_or_default())));
        worlds.for_each(|world| open.close(world));
        open
    }

    /// Hides more until a whole-number world reaches both demanded ends of every secret, or nothing more can be hidden.
    pub(super) fn widen(&self, hidden: &mut [bool], secrets: &[usize]) -> Intervals {
        let mut open = self.open(secrets.iter().copied(), std::iter::empty());
        let mut unknown = self.problem.unknown(hidden);
        let mut worlds = self.worlds_of_what_is_hidden(&mut open, &unknown);
        let together = Queue::new(open.iter(), TOGETHER);
        let missed = self.reach(together, hidden, &mut unknown, &mut open, &mut worlds);
        // What was hidden for others may help these now.
        let singly = Queue::new(missed.into_iter(), 1);
        let missed = self.reach(singly, hidden, &mut unknown, &mut open, &mut worlds);
        let narrow: BTreeSet<usize> = missed.into_iter().map(|end| end.variable).collect();
        Intervals { worlds, narrow: narrow.into_iter().collect() }
    }

    /// Worlds for ends, for which more is hidden where needed; gives the ends that were missed.
    fn reach(
        &self,
        mut queue: Queue,
        hidden: &mut [bool],
        unknown: &mut [bool],
        open: &mut Open,
        worlds: &mut Vec<Move>,
    ) -> Vec<End> {
        let mut missed = Vec::new();
        loop {
            let ends = queue.next(open);
            if ends.is_empty() {
                return missed;
            }
            let found = ends.par_iter().map(|end| self.world_near(end, hidden, unknown));
            for (end, world) in ends.iter().zip(found.collect::<Vec<_>>()) {
                match world {
                    Some(world) if open.contains(end) => {
                        hide_what_moves(&world, hidden, unknown);
                        open.close(&world);
                        worlds.push(world);
                    }
                    Some(_) => {}
                    None => missed.push(*end),
                }
            }
        }
    }

    /// Worlds for ends that need no more than what is hidden.
    fn worlds_of_what_is_hidden(&self, open: &mut Open, unknown: &[bool]) -> Vec<Move> {
        let mut worlds = Vec::new();
        for tableau in self.tableaus(unknown) {
            let within = open.iter().filter(|end| tableau.place_of(end.variable).is_some());
            let mut queue = Queue::new(within, TOGETHER);
            let mut tableaus = vec![tableau; TOGETHER];
            loop {
                let ends = queue.next(open);
                if ends.is_empty() {
                    break;
                }
                let searches = tableaus.par_iter_mut().zip(&ends);
                let found = searches.map(|(tableau, end)| self.world_in(tableau, end, unknown, FEW_ATTEMPTS));
                for (end, world) in ends.iter().zip(found.collect::<Vec<_>>()) {
                    if let Some(world) = world.filter(|_| open.contains(end)) {
                        open.close(&world);
                        worlds.push(world);
                    }
                }
            }
        }
        worlds
    }

    /// One tableau for each set of unknown cells that equations connect.
    pub(super) fn tableaus(&self, unknown: &[bool]) -> Vec<Tableau> {
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
    pub(super) fn world_in(
        &self,
        tableau: &mut Tableau,
        end: &End,
        unknown: &[bool],
        attempts: usize,
    ) -> Option<Move> {
        let place = tableau.place_of(end.variable)?;
        if tableau.reach(place, end.by, attempts) != Reach::Found {
            return None;
        }
        let world = Move { changes: tableau.changes().collect() };
        self.is_world(&world, end, unknown).then_some(world)
    }

    /// A world that needs no more than what is hidden, by a linear program.
    pub(super) fn world_of_hidden(&self, end: &End, unknown: &[bool]) -> Option<Move> {
        let near = neighbourhood(self.system(), unknown, end.variable, AROUND);
        self.whole_number_world(end, &near, unknown, |variable| FREE * (1.0 + jitter(variable)))
    }

    /// A world that reaches an end. The hidden cells near by may do; else the lightest world that hides more.
    fn world_near(&self, end: &End, hidden: &[bool], unknown: &[bool]) -> Option<Move> {
        let target = end.variable;
        let weight = |variable: usize| {
            let cost = if unknown[variable] { FREE } else { self.problem.cost[variable] as f64 };
            cost * (1.0 + jitter(variable))
        };
        let near = neighbourhood(self.system(), unknown, target, CIRCLES[0].0);
        if let Some(mut tableau) = self.tableau(near.iter().copied().collect(), weight)
            && let Some(world) = self.world_in(&mut tableau, end, unknown, ATTEMPTS)
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
            let world = self.whole_number_world(end, &near, &could_be_unknown, weight);
            if world.is_some() {
                return world;
            }
            widest = near;
            any_choice = could_be_unknown;
        }
        // Rather a world through more cells than needed than none.
        let mut tableau = self.tableau(widest.into_iter().collect(), weight)?;
        self.world_in(&mut tableau, end, &any_choice, ATTEMPTS)
    }

    /// The lightest world within a neighbourhood. Where the linear program answers in halves or thirds, the cells that it moved
    /// may do in another way; else whole numbers are demanded of it.
    fn whole_number_world(
        &self,
        end: &End,
        near: &BTreeSet<usize>,
        unknown: &[bool],
        weight: impl Fn(usize) -> f64,
    ) -> Option<Move> {
        let freedom = |variable: usize| self.freedom(variable, &weight);
        let is_world = |world: &Move| self.is_world(world, end, unknown);
        let (target, by) = (end.variable, end.by as f64);
        let moved = lightest_change(self.system(), near, target, by, freedom)?;
        let found = whole_numbers(&moved).filter(is_world);
        found.or_else(|| self.world_around(end, &moved, unknown, &weight)).or_else(|| {
            let moved = whole_change(self.system(), near, target, by, freedom)?;
            whole_numbers(&moved).filter(is_world)
        })
    }

    /// A world in whole numbers, of the hidden cells near by and those that a fractional answer would hide.
    fn world_around(
        &self,
        end: &End,
        moved: &BTreeMap<usize, f64>,
        could_be_unknown: &[bool],
        weight: impl Fn(usize) -> f64,
    ) -> Option<Move> {
        let moves = |variable: usize| moved.get(&variable).is_some_and(|change| change.abs() > 1e-6);
        let is_free = |cell: usize| weight(cell) < 2.0 * FREE;
        let cells: Vec<usize> = moved.keys().copied().filter(|cell| moves(*cell) || is_free(*cell)).collect();
        let mut tableau = self.tableau(cells, weight)?;
        self.world_in(&mut tableau, end, could_be_unknown, ATTEMPTS)
    }

    fn is_world(&self, world: &Move, end: &End, unknown: &[bool]) -> bool {
        end.is_reached_by(world) && holds(self.system(), world, unknown, Some(&self.lower))
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

fn hide_what_moves(world: &Move, hidden: &mut [bool], unknown: &mut [bool]) {
    for variable in world.changes.keys() {
        hidden[*variable] |= !unknown[*variable];
        unknown[*variable] = true;
    }
}

/// A small number that differs between variables, the same on every machine: ties broken alike make whole answers.
fn jitter(variable: usize) -> f64 {
    let mixed = (variable as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 44) as f64 / (1 << 20) as f64
}
