//! Whole-number moves from a basis of the kernel, starting at the true table.
//!
//! The kernel of the equations, restricted to some unknown cells, is kept as a basis of whole-number vectors, one for each
//! *free* cell: a vector is zero at all free cells but its own. Every such basis holds at the true table, whichever cells
//! are the free ones, so looking for a world "in which this cell has moved so far" needs no first phase: it starts at the
//! truth, steps along vectors in whole numbers while every count stays possible, and where no vector leads on makes a
//! blocking cell free in place of another (a pivot, as in the simplex method). Vectors have no common factor, so whole
//! numbers stay whole at any pivot. The next search starts at the truth again, in the basis that the last one left.
//!
//! Where every vector that could move the target is stopped by its own free cell, no world leads further: the target is a
//! sum of free cells there, each at its limit. That is said, and spares further searches. What is found is checked in whole
//! numbers by [`super::world`].
//! A numeric kernel: it indexes by its own numbers.
#![allow(clippy::indexing_slicing)]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::kernel::Elimination;
use super::system::System;

/// A basis with greater entries than this is given up for the first one: its vectors lead through too many cells, and take
/// whole steps too seldom.
const LARGEST: i32 = 32;

/// Exchanges of free cells before an attempt is given up.
const PIVOTS: usize = 300;

/// Cell and whole-number factor, by cell.
type Vector = Vec<(u32, i32)>;

/// The kernel of some cells, in the basis that the last search left.
#[derive(Clone)]
pub(super) struct Tableau {
    /// The cells, by their number in the system, ascending.
    cells: Vec<usize>,
    standing: Vec<Standing>,
    basis: Basis,
    /// The basis that elimination left.
    first: Basis,
    random: ChaCha8Rng,
    /// Changes with every exchange, and with it the order in which equals are taken.
    salt: u64,
}

/// What a search asks of a cell, in one place: the searches spend their time on fetching it.
#[derive(Clone)]
struct Standing {
    /// How far it can go down from the truth.
    room: i64,
    /// How far it has moved from the truth.
    moved: i64,
    /// What it weighs to move it.
    weight: f64,
    /// Whether it must stand still in the present search.
    is_held: bool,
}

#[derive(Clone)]
struct Basis {
    vectors: Vec<Vector>,
    /// The free cell of each vector.
    free: Vec<u32>,
    /// For each cell the vectors that move it.
    vectors_of: Vec<Vec<u32>>,
}

/// How a search ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The cell has moved so far; [`Tableau::changes`] is the world.
    Found,
    /// No world of these cells moves it so far, not even in fractions.
    Impossible,
    /// The search was given up.
    Unknown,
}

/// A way on: a vector, the direction, how far in whole steps, and which cell blocks then.
struct Way {
    vector: usize,
    direction: i64,
    steps: i64,
    gain: i64,
    blocking: Option<u32>,
    /// What the cells weigh that have not moved yet.
    weight: f64,
}

impl Tableau {
    /// The kernel of these cells (in ascending order), all others standing still. `None` where elimination leaves fractions.
    pub(super) fn new(
        system: &System,
        cells: Vec<usize>,
        room: impl Fn(usize) -> u64,
        weight: impl Fn(usize) -> f64,
    ) -> Option<Self> {
        let elimination = Elimination::within(system, cells);
        let (cells, free) = (elimination.unknowns, elimination.free);
        // Each cell as a sum of free ones.
        let mut sums: Vec<Vector> = vec![Vec::new(); cells.len()];
        for (vector, cell) in free.iter().enumerate() {
            sums[*cell as usize].push((vector as u32, 1));
        }
        let mut total = vec![0_i32; free.len()];
        let mut used: Vec<u32> = Vec::new();
        for (pivot, terms) in elimination.pivots.iter().rev() {
            for (other, factor) in terms {
                let (factor, 1) = factor.small_fraction()? else { return None };
                let factor = i32::try_from(factor).ok()?;
                for (vector, value) in &sums[*other as usize] {
                    total[*vector as usize] += factor.checked_mul(*value).filter(|v| v.abs() < LARGEST)?;
                    used.push(*vector);
                }
            }
            used.sort_unstable();
            used.dedup();
            for vector in used.drain(..) {
                let value = std::mem::take(&mut total[vector as usize]);
                if value != 0 {
                    sums[*pivot as usize].push((vector, value));
                }
            }
        }
        let mut basis = vec![Vector::new(); free.len()];
        for (cell, sum) in sums.iter().enumerate() {
            for (vector, value) in sum {
                basis[*vector as usize].push((cell as u32, *value));
            }
        }
        let vectors_of = sums.into_iter().map(|sum| sum.into_iter().map(|(vector, _)| vector).collect());
        let basis = Basis { vectors: basis, free, vectors_of: vectors_of.collect() };
        let standing = |cell: &usize| Standing {
            room: i64::try_from(room(*cell)).unwrap_or(i64::MAX / 4),
            moved: 0,
            weight: weight(*cell),
            is_held: false,
        };
        Some(Self {
            standing: cells.iter().map(standing).collect(),
            first: basis.clone(),
            basis,
            random: ChaCha8Rng::seed_from_u64(0x7AB),
            salt: 0,
            cells,
        })
    }

    /// The place of a cell among these cells.
    pub(super) fn place_of(&self, cell: usize) -> Option<usize> {
        self.cells.binary_search(&cell).ok()
    }

    /// Lets a cell stand still in the searches to come, or move again.
    pub(super) fn hold(&mut self, place: usize, is_held: bool) {
        self.standing[place].is_held = is_held;
    }

    /// Moves a cell by at least so much, from the truth.
    pub(super) fn reach(&mut self, target: usize, by: i64, attempts: usize) -> Reach {
        let mut outcomes = (0..attempts).map(|attempt| self.attempt(target, by, attempt > 0));
        outcomes.find(|outcome| *outcome != Reach::Unknown).unwrap_or(Reach::Unknown)
    }

    fn attempt(&mut self, target: usize, by: i64, is_blurred: bool) -> Reach {
        self.standing.iter_mut().for_each(|cell| cell.moved = 0);
        let sign = by.signum();
        let mut pivots = 0;
        loop {
            let missing = by.abs() - sign * self.standing[target].moved;
            if missing <= 0 {
                return Reach::Found;
            }
            let mut best: Option<Way> = None;
            let mut is_limit = true;
            for place in 0..self.basis.vectors_of[target].len() {
                let vector = self.basis.vectors_of[target][place] as usize;
                let Ok(mut way) = self.way(vector, target, sign, missing) else { continue };
                is_limit = false;
                if way.steps == 0 && way.blocking.is_none() {
                    continue;
                }
                if is_blurred || way.steps == 0 {
                    way.weight *= self.random.random_range(0.0..1.0);
                    way.steps = self.random.random_range(way.steps.min(1)..=way.steps);
                }
                if best.as_ref().is_none_or(|known| way.is_better_than(known, missing)) {
                    best = Some(way);
                }
            }
            let Some(way) = best else { return if is_limit { Reach::Impossible } else { Reach::Unknown } };
            if way.steps > 0 {
                let by = way.direction * way.steps;
                for (cell, factor) in &self.basis.vectors[way.vector] {
                    self.standing[*cell as usize].moved += i64::from(*factor) * by;
                }
                continue;
            }
            let Some(blocking) = way.blocking else { return Reach::Unknown };
            pivots += 1;
            self.salt += 1;
            if pivots > PIVOTS {
                return Reach::Unknown;
            }
            if self.basis.pivot(way.vector, blocking).is_none() {
                self.basis.clone_from(&self.first);
                return Reach::Unknown;
            }
        }
    }

    /// Each cell that the last search moved, and how far.
    pub(super) fn changes(&self) -> impl Iterator<Item = (usize, i64)> {
        let both = self.cells.iter().copied().zip(self.standing.iter().map(|cell| cell.moved));
        both.filter(|(_, change)| *change != 0)
    }

    /// How far a vector leads in whole steps towards moving the target. An error if its own free cell allows nothing.
    fn way(&self, vector: usize, target: usize, sign: i64, missing: i64) -> Result<Way, ()> {
        let entries = &self.basis.vectors[vector];
        let factor = |cell: u32| {
            let at = entries.binary_search_by_key(&cell, |(cell, _)| *cell);
            at.map_or(0, |at| i64::from(entries[at].1))
        };
        let towards = factor(target as u32);
        let (direction, gain) = (towards.signum() * sign, towards.abs());
        let free = self.basis.free[vector];
        let own = factor(free) * direction;
        let standing = &self.standing[free as usize];
        if gain == 0 || standing.is_held || (own < 0 && standing.room + standing.moved <= 0) {
            return Err(());
        }
        let steps = (missing + gain - 1) / gain;
        let mut way = Way { vector, direction, steps, gain, blocking: None, weight: 0.0 };
        let mut best = (false, 0);
        for (cell, factor) in entries {
            let Standing { room, moved, weight, is_held } = self.standing[*cell as usize];
            if moved == 0 {
                way.weight += weight;
            }
            let slope = i64::from(*factor) * direction;
            let steps = match (is_held, slope) {
                (true, _) => 0,
                // Nearly always, and without a division.
                (false, -1) => room + moved,
                (false, ..-1) => (room + moved) / -slope,
                (false, 0..) => continue,
            };
            if steps > way.steps || (steps == way.steps && way.blocking.is_none()) {
                continue;
            }
            // Of several that block, one with a factor of 1, and otherwise any: a fixed choice could go round in circles.
            let order = (factor.abs() == 1, shuffled(*cell, self.salt));
            if steps < way.steps || order > best {
                way.steps = steps;
                way.blocking = Some(*cell).filter(|cell| *cell != free);
                best = order;
            }
        }
        Ok(way)
    }
}

impl Basis {
    /// Makes a cell of a vector its free cell: no other vector moves it then. `None` if the basis has become unsound.
    fn pivot(&mut self, vector: usize, cell: u32) -> Option<()> {
        let pivot_vector = std::mem::take(&mut self.vectors[vector]);
        let at = pivot_vector.binary_search_by_key(&cell, |(cell, _)| *cell).ok()?;
        let pivot = pivot_vector[at].1;
        for other in self.vectors_of[cell as usize].clone() {
            let other = other as usize;
            if other == vector {
                continue;
            }
            let Ok(at) = self.vectors[other].binary_search_by_key(&cell, |(cell, _)| *cell) else { continue };
            let entry = self.vectors[other][at].1;
            let common = greatest_common_divisor(pivot, entry);
            let (times, less) = (pivot.abs() / common, entry * pivot.signum() / common);
            let before = std::mem::take(&mut self.vectors[other]);
            self.vectors[other] = self.combined(other as u32, before, times, &pivot_vector, less)?;
        }
        self.vectors[vector] = pivot_vector;
        self.free[vector] = cell;
        Some(())
    }

    /// `times` one vector less `less` times another, without a common factor; the lists of vectors by cell follow.
    fn combined(&mut self, number: u32, of: Vector, times: i32, with: &Vector, less: i32) -> Option<Vector> {
        let mut sum = Vector::with_capacity(of.len() + with.len());
        let (mut left, mut right) = (of.into_iter().peekable(), with.iter().copied().peekable());
        loop {
            let (cell, value) = match (left.peek().copied(), right.peek().copied()) {
                (None, None) => break,
                (Some((cell, value)), other) if other.is_none_or(|(other, _)| cell < other) => {
                    left.next();
                    (cell, times * value)
                }
                (Some((cell, value)), Some((other, taken))) if cell == other => {
                    left.next();
                    right.next();
                    let value = times * value - less * taken;
                    if value == 0 {
                        self.vectors_of[cell as usize].retain(|vector| *vector != number);
                        continue;
                    }
                    (cell, value)
                }
                (_, Some((cell, taken))) => {
                    right.next();
                    self.vectors_of[cell as usize].push(number);
                    (cell, -less * taken)
                }
                (Some(_), None) => break,
            };
            if value.abs() >= LARGEST {
                return None;
            }
            sum.push((cell, value));
        }
        if times > 1 {
            let common = sum.iter().fold(0, |common, (_, value)| greatest_common_divisor(common, *value));
            sum.iter_mut().for_each(|(_, value)| *value /= common.max(1));
        }
        Some(sum)
    }
}

/// Never negative; the other number if one is zero.
fn greatest_common_divisor(a: i32, b: i32) -> i32 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Way {
    /// What finishes is best, by light cells; then what leads furthest; then a pivot in a light vector.
    fn is_better_than(&self, other: &Self, missing: i64) -> bool {
        let key = |way: &Self| {
            let progress = way.steps * way.gain;
            let finishes = progress >= missing;
            (std::cmp::Reverse(finishes), if finishes { 0 } else { -progress })
        };
        key(self)
            .cmp(&key(other))
            .then(self.weight.total_cmp(&other.weight))
            .then(self.vector.cmp(&other.vector))
            .is_lt()
    }
}

/// A number that differs between cells, the same on every machine.
fn shuffled(cell: u32, salt: u64) -> u64 {
    (u64::from(cell) ^ (salt << 32)).wrapping_add(salt).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::moves::{Freedom, lightest_change};
    use crate::protect::system::Line;
    use crate::protect::world::{Move, holds};

    /// A table of three by three by two; all inner cells unknown, all margins of one dimension known.
    fn box_table(random: &mut ChaCha8Rng) -> System {
        let cell = |a: usize, b: usize, c: usize| 6 * a + 2 * b + c;
        let mut counts: Vec<u64> = (0..18).map(|_| random.random_range(0..4)).collect();
        let mut lines = Vec::new();
        let mut margin = |parts: Vec<usize>, counts: &mut Vec<u64>| {
            let sum = parts.iter().map(|part| counts[*part]).sum();
            lines.push(Line { whole: counts.len(), parts });
            counts.push(sum);
        };
        for b in 0..3 {
            for c in 0..2 {
                margin((0..3).map(|a| cell(a, b, c)).collect(), &mut counts);
                margin((0..3).map(|a| cell(b, a, c)).collect(), &mut counts);
            }
            (0..3).for_each(|a| margin(vec![cell(a, b, 0), cell(a, b, 1)], &mut counts));
        }
        System::of_counts(&counts, lines)
    }

    #[test]
    fn what_is_found_holds_and_what_is_impossible_has_no_linear_solution() {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let (mut found, mut impossible) = (0, 0);
        for _ in 0..40 {
            let system = box_table(&mut random);
            let unknown: Vec<bool> = (0..system.len()).map(|one| one < 18).collect();
            let room = |one: usize| system.variables[one].records;
            let mut tableau = Tableau::new(&system, (0..18).collect(), room, |_| 1.0).unwrap();
            for (target, by) in (0..18).flat_map(|target| [(target, 1), (target, 2), (target, -1)]) {
                match tableau.reach(target, by, 8) {
                    Reach::Found => {
                        let world = Move { changes: tableau.changes().collect() };
                        assert!(holds(&system, &world, &unknown, Some(&vec![0; system.len()])));
                        assert!(world.changes[&target] * by.signum() >= by.abs());
                        found += 1;
                    }
                    Reach::Impossible => {
                        let freedom = |one: usize| Freedom { up: 99.0, down: room(one) as f64, weight: 1.0 };
                        let near = (0..18).collect();
                        assert!(lightest_change(&system, &near, target, by as f64, freedom).is_none());
                        impossible += 1;
                    }
                    Reach::Unknown => {}
                }
            }
        }
        assert!(found > 100 && impossible > 100);
    }
}
