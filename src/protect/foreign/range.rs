//! The feasible intervals of one component: linear programs that share their solutions, then whole-number ones where needed.
//!
//! An end is settled as soon as any world found on the way reaches a bound that holds in every world. A whole-number end
//! counts only with a world that was checked in exact arithmetic. A numeric kernel: it indexes by the numbers of one
//! component.
#![allow(clippy::indexing_slicing)]

use microlp::OptimizationDirection;

use super::bounds::{FeasibleInterval, TOLERANCE};
use super::presolve::Presolved;
use super::program::{Answer, Question, Row, System, gave_up};
use super::{HoledTables, Relation};
use crate::error::Error;

/// Programs with random weights on all cells at once, before each open end has one of its own.
const SHARED_ROUNDS: u64 = 3;
/// Whole numbers up to here are floats.
const FARTHEST: f64 = 9_007_199_254_740_992.0;

/// Open cells tied together by relations. Each cell is counted from its lower bound.
pub(super) struct Component<'t> {
    tables: &'t HoledTables,
    cells: Vec<usize>,
    lower: Vec<i128>,
    system: System,
}

/// What the worlds found so far have shown: the smallest and largest distance of each cell from its lower bound.
struct Seen {
    real: Vec<(f64, f64)>,
    whole: Vec<Option<(i128, i128)>>,
}

/// The ends of one cell over the real numbers.
#[derive(Clone, Copy)]
struct Ends {
    lo: f64,
    hi: Option<f64>,
}

impl<'t> Component<'t> {
    pub(super) fn new(
        tables: &'t HoledTables,
        presolved: &Presolved<'_>,
        cells: Vec<usize>,
        relations: Vec<usize>,
    ) -> Self {
        let row = |number: usize| -> Option<Row> {
            let Relation { terms, least, most, .. } = tables.relations.get(number)?;
            let base: i128 =
                terms.iter().map(|(cell, factor)| i128::from(*factor) * presolved.lower[*cell]).sum();
            let place = |cell: &usize| cells.binary_search(cell).ok();
            let open = terms.iter().filter_map(|(cell, factor)| Some((place(cell)?, i128::from(*factor))));
            Some(Row {
                relation: number,
                terms: open.collect(),
                least: least.map(|least| i128::from(least) - base),
                most: most.map(|most| i128::from(most) - base),
            })
        };
        let rows = relations.into_iter().filter_map(row).collect();
        let lower: Vec<i128> = cells.iter().map(|cell| presolved.lower[*cell]).collect();
        let bounds = cells.iter().zip(&lower);
        let room = bounds.map(|(cell, lower)| Some(presolved.upper[*cell]? - lower)).collect();
        Self { tables, cells, lower, system: System { room, rows } }
    }

    /// The feasible interval of each cell.
    pub(super) fn intervals(&self, node_limit: Option<u64>) -> Result<Vec<FeasibleInterval>, Error> {
        let mut seen = Seen::nothing(self.cells.len());
        let mut intervals = Vec::with_capacity(self.cells.len());
        if self.system.rows.is_empty() {
            let ends = self.system.room.iter().map(|room| Ends { lo: 0.0, hi: room.map(|room| room as f64) });
            let is_whole = node_limit.is_some();
            intervals.extend(ends.enumerate().map(|(at, ends)| self.interval(at, ends, is_whole)));
            return Ok(intervals);
        }
        self.look_around(&mut seen)?;
        let mut ends = Vec::with_capacity(self.cells.len());
        for at in 0..self.cells.len() {
            ends.push(self.real_ends(at, &mut seen)?);
        }
        for (at, ends) in ends.into_iter().enumerate() {
            let (ends, is_whole) = match node_limit {
                Some(node_limit) => self.whole_ends(at, ends, node_limit, &mut seen)?,
                None => (ends, false),
            };
            intervals.push(self.interval(at, ends, is_whole));
        }
        Ok(intervals)
    }

    fn interval(&self, at: usize, ends: Ends, is_whole: bool) -> FeasibleInterval {
        let base = self.lower[at] as f64;
        FeasibleInterval {
            cell: self.cells[at],
            lo: base + ends.lo,
            hi: ends.hi.map(|hi| base + hi),
            is_whole,
        }
    }

    /// Worlds far out in random directions: most ends are reached by one of them.
    fn look_around(&self, seen: &mut Seen) -> Result<(), Error> {
        for round in 0..SHARED_ROUNDS {
            let weights: Vec<f64> = (0..self.cells.len()).map(|at| 1.0 + jitter(at as u64, round)).collect();
            let limited: Vec<f64> = weights
                .iter()
                .zip(&self.system.room)
                .map(|(weight, room)| if room.is_some() { *weight } else { 0.0 })
                .collect();
            for (direction, weights) in
                [(OptimizationDirection::Minimize, &weights), (OptimizationDirection::Maximize, &limited)]
            {
                match self.ask(direction, weights, None)? {
                    Answer::World(world, _) => self.learn(&world, seen),
                    Answer::Impossible => return Err(self.contradiction()),
                    Answer::Unbounded | Answer::OutOfReach => {}
                }
            }
        }
        Ok(())
    }

    fn real_ends(&self, at: usize, seen: &mut Seen) -> Result<Ends, Error> {
        let lo = if seen.real[at].0 < TOLERANCE {
            0.0
        } else {
            self.real_end(at, OptimizationDirection::Minimize, seen)?.unwrap_or(0.0)
        };
        let hi = match self.system.room[at].map(|room| room as f64) {
            Some(room) if seen.real[at].1 > room - TOLERANCE => Some(room),
            _ => self.real_end(at, OptimizationDirection::Maximize, seen)?,
        };
        Ok(Ends { lo, hi })
    }

    /// The end in one direction; `None` where there is none.
    fn real_end(
        &self,
        at: usize,
        direction: OptimizationDirection,
        seen: &mut Seen,
    ) -> Result<Option<f64>, Error> {
        match self.ask(direction, &self.only(at), None)? {
            Answer::World(world, _) => {
                self.learn(&world, seen);
                Ok(Some(simplest(world[at])))
            }
            Answer::Unbounded => Ok(None),
            Answer::Impossible => Err(self.contradiction()),
            Answer::OutOfReach => Err(gave_up()),
        }
    }

    /// The ends over the whole numbers, and whether both were proven within the limit.
    fn whole_ends(
        &self,
        at: usize,
        real: Ends,
        node_limit: u64,
        seen: &mut Seen,
    ) -> Result<(Ends, bool), Error> {
        let lo = self.whole_end(at, Some(real.lo), false, node_limit, seen)?;
        let hi = self.whole_end(at, real.hi, true, node_limit, seen)?;
        let is_whole = lo.is_some() && (hi.is_some() || real.hi.is_none());
        Ok((Ends { lo: lo.unwrap_or(real.lo), hi: hi.or(real.hi) }, is_whole))
    }

    /// One end over the whole numbers, reached by a checked world; `None` where the limit was reached first or there is no
    /// such end.
    fn whole_end(
        &self,
        at: usize,
        real: Option<f64>,
        is_upper: bool,
        node_limit: u64,
        seen: &mut Seen,
    ) -> Result<Option<f64>, Error> {
        let Some(real) = real else { return Ok(None) };
        let target = if is_upper { (real + TOLERANCE).floor() } else { (real - TOLERANCE).ceil() };
        let best = |seen: &Seen| {
            seen.whole[at].map(|(least, most)| if is_upper { most as f64 } else { least as f64 })
        };
        if best(seen) == Some(target) {
            return Ok(best(seen));
        }
        let direction =
            if is_upper { OptimizationDirection::Maximize } else { OptimizationDirection::Minimize };
        match self.ask(direction, &self.only(at), Some(node_limit))? {
            Answer::World(world, is_best) => {
                self.learn(&world, seen);
                // The world counts if it stands in exact arithmetic and is the one whose end was proven.
                let reached = world[at].round();
                Ok(best(seen).filter(|known| is_best && *known == reached))
            }
            Answer::Impossible => Err(self.contradiction()),
            Answer::Unbounded | Answer::OutOfReach => Ok(None),
        }
    }

    fn ask(
        &self,
        direction: OptimizationDirection,
        weights: &[f64],
        node_limit: Option<u64>,
    ) -> Result<Answer, Error> {
        self.system.ask(&Question { direction, weights, rows: self.system.rows.len(), node_limit })
    }

    /// The objective that looks at one cell only.
    fn only(&self, at: usize) -> Vec<f64> {
        let mut weights = vec![0.0; self.cells.len()];
        weights[at] = 1.0;
        weights
    }

    /// Remembers what a world shows, and what its whole-number neighbour shows if that fits too.
    fn learn(&self, world: &[f64], seen: &mut Seen) {
        for (ends, value) in seen.real.iter_mut().zip(world) {
            *ends = (ends.0.min(*value), ends.1.max(*value));
        }
        // Beyond this a float is no longer one whole number.
        if world.iter().any(|value| value.abs() > FARTHEST) {
            return;
        }
        let rounded: Vec<i128> = world.iter().map(|value| value.round() as i128).collect();
        if self.system.fits(&rounded) {
            for (ends, value) in seen.whole.iter_mut().zip(&rounded) {
                let (least, most) = ends.unwrap_or((*value, *value));
                *ends = Some((least.min(*value), most.max(*value)));
            }
        }
    }

    /// Names the first relation that cannot hold together with those before it, found by halving.
    fn contradiction(&self) -> Error {
        let weights = vec![0.0; self.cells.len()];
        let direction = OptimizationDirection::Minimize;
        let is_possible = |rows: usize| {
            let answer = self.system.ask(&Question { direction, weights: &weights, rows, node_limit: None });
            !matches!(answer, Ok(Answer::Impossible))
        };
        // `possible` rows hold together, `impossible` do not. Over whole numbers all may hold over the real ones; the last
        // relation then stands for the component.
        let (mut possible, mut impossible) = (0, self.system.rows.len());
        while possible + 1 < impossible {
            let middle = possible.midpoint(impossible);
            if is_possible(middle) {
                possible = middle;
            } else {
                impossible = middle;
            }
        }
        let relation = self.system.rows.get(possible).map_or(usize::MAX, |row| row.relation);
        self.tables.impossible(relation)
    }
}

impl Seen {
    fn nothing(cells: usize) -> Self {
        Self { real: vec![(f64::INFINITY, f64::NEG_INFINITY); cells], whole: vec![None; cells] }
    }
}

/// The simplest fraction that a computed end stands for: the corners of such programs are halves, thirds and the like.
fn simplest(end: f64) -> f64 {
    let mut fractions = (1..=12_u32).map(f64::from).map(|parts| (end * parts).round() / parts);
    fractions.find(|fraction| (fraction - end).abs() < TOLERANCE).unwrap_or(end)
}

/// A number from 0 to 1 that differs between cells and rounds, the same on every machine.
fn jitter(at: u64, round: u64) -> f64 {
    let mixed = (at + 1 + (round << 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 44) as f64 / f64::from(1 << 20)
}
