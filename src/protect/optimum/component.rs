//! One component of an instance: its equations, its demands, and the inequalities that every protecting pattern
//! satisfies. A numeric kernel: it indexes by the cells of one component, which it numbers itself.
//!
//! Write `y_i = 1` where cell i is hidden and `0` where it is printed, and let `v` be a solution of the homogeneous
//! equations that changes hidden cells only. For a demand on a primary p, the dictionary gives consequences of the
//! equations,
//!
//! > s v_p = sum_i c_i v_i, for all v, with s = 1 for up and s = -1 for down.
//!
//! **Ends.** A pattern meets the demand `s v_p >= d` only if for some `v` the right side is at least d. A hidden cell
//! cannot fall by more than its room, so with `c_i < 0` its term is at most `room_i |c_i| y_i`; with `c_i > 0` its
//! term is 0 if printed and has no bound if hidden. Let G be the cells that are hidden in any case. If `c_i > 0` for
//! one of them nothing follows. Otherwise let `d' = d - sum over G of room_i |c_i|`. If `d' <= 0` nothing follows.
//! Otherwise
//!
//! > sum over the others of a_i y_i >= d', with a_i = d' if c_i > 0 and min(d', room_i |c_i|) if c_i < 0.
//!
//! *Proof.* If a hidden cell has `a_i = d'`, the sum is at least d', as no `a_i` is negative. If none has, every
//! hidden term is at most `a_i y_i`, their sum with those of G is at least d, and G contributes at most `d - d'`. No
//! bound on how far cells rise is needed, so that this holds for tables of any dimension.
//!
//! **Exact.** The pattern must leave some `v` with `v_p != 0`; then some `c_i v_i != 0`, so one cell with `c_i != 0`
//! is hidden: `sum over c_i != 0 of y_i >= 1`, of use if none of these cells is in G.
//!
//! **Completeness.** For a pattern that does not meet a demand, the linear program "most of s v_p" (with rooms as
//! above, no upper bound for hidden cells; for Exact rooms of 1 both ways) ends at a dictionary in which every column
//! is at the end of its room or has weight 0. Then no hidden cell has `c_i > 0` and `sum over hidden of room_i |c_i|
//! < d` (for Exact no hidden cell has `c_i != 0`, since otherwise the optimum would be above 0), and the inequality
//! is violated by this very pattern.
//!
//! **No loose ends.** This one holds for cheapest patterns only, which is enough. In a cheapest pattern every
//! secondary i moves in some solution: otherwise printing it would change no demand and save its cost. So in each
//! equation another member is hidden too: `y_i <= sum of the other members' y`.
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::attacker::{Attacker, Combination, Reach, Room};
use super::packing::dual_bound;
use super::{Demanded, Instance, terms};

/// Shares `y` between 0 and 1 in whole numbers.
const WHOLE: i64 = 1 << 16;
/// Rooms and demanded ends above these are left to other methods, so that all arithmetic is within its types.
const LARGEST_ROOM: i64 = 1 << 32;
const LARGEST_END: i64 = 1 << 20;
/// Equations times cells of a table that is still small.
const LARGEST_TABLE: usize = 1 << 20;
/// An inequality that a linear program's solution misses by less is not worth adding; far above the solver's tolerance.
const SHORTFALL: f64 = 1e-5;

pub(super) struct Component {
    /// The variables of the system that can be hidden; everything else here goes by their places in this list.
    pub(super) cells: Vec<usize>,
    rows: Vec<Vec<(usize, i64)>>,
    /// Hidden in any case.
    pub(super) given: Vec<bool>,
    pub(super) cost: Vec<u64>,
    pub(super) wishes: Vec<Wish>,
    room: Vec<i64>,
    is_exact: bool,
}

/// One demand: a primary and how far it must be able to move in one direction.
pub(super) struct Wish {
    cell: usize,
    sign: i64,
    by: i64,
}

/// An inequality: the sum of factor times `y` is at least so much.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Cut {
    terms: Vec<(usize, i128)>,
    least: i128,
}

impl Component {
    pub(super) fn new(instance: &Instance<'_>, cells: Vec<usize>) -> Self {
        let system = instance.system;
        let place: BTreeMap<usize, usize> =
            cells.iter().enumerate().map(|(place, cell)| (*cell, place)).collect();
        let lines: BTreeSet<usize> =
            cells.iter().flat_map(|cell| system.lines_of[*cell].iter().copied()).collect();
        let within = |line: usize| -> Vec<(usize, i64)> {
            let all = terms(&system.lines[line]).into_iter();
            all.filter_map(|(cell, factor)| Some((*place.get(&cell)?, factor))).collect()
        };
        let rows = lines.into_iter().map(within).filter(|row| !row.is_empty()).collect();
        let lower = |cell: usize| match instance.demand {
            Demanded::Exact => 0,
            Demanded::Ends { lower, .. } => lower[cell],
        };
        let room = |cell: &usize| {
            let room = system.variables[*cell].records.saturating_sub(lower(*cell));
            i64::try_from(room).unwrap_or(i64::MAX)
        };
        let mut wishes = Vec::new();
        match instance.demand {
            Demanded::Exact => {
                let primary = cells.iter().enumerate().filter(|(_, cell)| instance.primary[**cell]);
                wishes.extend(primary.map(|(cell, _)| Wish { cell, sign: 1, by: 1 }));
            }
            Demanded::Ends { ends, .. } => {
                for (variable, down, up) in ends {
                    let Some(cell) = place.get(variable).filter(|_| instance.primary[*variable]) else {
                        continue;
                    };
                    let both = [(1, *up), (-1, down.saturating_neg())].into_iter();
                    let demanded = both.filter(|(_, by)| *by > 0);
                    wishes.extend(demanded.map(|(sign, by)| Wish { cell: *cell, sign, by }));
                }
            }
        }
        // Demands of the same size share their rooms, see `separate`.
        wishes.sort_by_key(|wish| (wish.by, wish.cell, wish.sign));
        Self {
            rows,
            given: cells.iter().map(|cell| instance.is_given(*cell)).collect(),
            cost: cells.iter().map(|cell| instance.cost[*cell]).collect(),
            wishes,
            room: cells.iter().map(room).collect(),
            is_exact: matches!(instance.demand, Demanded::Exact),
            cells,
        }
    }

    /// The reader of this component; `None` where numbers become too large for it.
    pub(super) fn attacker(&self) -> Option<Attacker> {
        let is_small = self.rows.len().saturating_mul(self.cells.len()) <= LARGEST_TABLE
            && (self.is_exact || self.room.iter().all(|room| *room <= LARGEST_ROOM))
            && self.wishes.iter().all(|wish| wish.by <= LARGEST_END);
        if is_small { Attacker::new(self.cells.len(), &self.rows) } else { None }
    }

    /// What of a pattern of the whole system lies here, with what is hidden in any case.
    pub(super) fn part_of(&self, pattern: &[bool]) -> Vec<bool> {
        self.cells.iter().zip(&self.given).map(|(cell, given)| *given || pattern[*cell]).collect()
    }

    pub(super) fn cost_of(&self, hidden: &[bool]) -> u64 {
        let chosen = (0..hidden.len()).filter(|cell| hidden[*cell] && !self.given[*cell]);
        chosen.fold(0_u64, |sum, cell| sum.saturating_add(self.cost[cell]))
    }

    /// A bound on the cost of every pattern that meets the demands, without linear programs.
    pub(super) fn packing(&self) -> u64 {
        let wanted: BTreeSet<usize> = self.wishes.iter().map(|wish| wish.cell).collect();
        let helpers = |row: &Vec<(usize, i64)>| {
            let (given, others): (Vec<usize>, Vec<usize>) =
                row.iter().map(|(cell, _)| *cell).partition(|cell| self.given[*cell]);
            let is_lonely = matches!(given.as_slice(), [alone] if wanted.contains(alone));
            is_lonely.then_some(others)
        };
        dual_bound(self.rows.iter().filter_map(helpers).collect(), &self.cost)
    }

    /// What follows from each equation by itself for each demand.
    pub(super) fn opening_cuts(&self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for wish in &self.wishes {
            for row in &self.rows {
                let Some((_, own)) = row.iter().find(|(cell, _)| *cell == wish.cell) else { continue };
                // own v_p + sum f_i v_i = 0, hence s v_p = sum of (-s sign(own) f_i) / |own| v_i.
                let others = row.iter().filter(|(cell, _)| *cell != wish.cell);
                let factors = others.map(|(cell, factor)| (*cell, -wish.sign * own.signum() * factor));
                let found = Combination { factors: factors.collect(), denominator: own.abs() };
                cuts.extend(self.cut(wish, &found));
            }
        }
        cuts
    }

    /// The inequality that a combination for a demand proves, if it says anything.
    fn cut(&self, wish: &Wish, found: &Combination) -> Option<Cut> {
        if self.is_exact {
            let is_void = found.factors.iter().any(|(cell, _)| self.given[*cell]);
            let terms = found.factors.iter().map(|(cell, _)| (*cell, 1)).collect();
            return if is_void { None } else { Some(Cut::new(terms, 1)) };
        }
        let most_fall = |cell: usize, factor: i64| -i128::from(factor) * i128::from(self.room[cell]);
        let mut least = i128::from(wish.by) * i128::from(found.denominator);
        for (cell, factor) in found.factors.iter().filter(|(cell, _)| self.given[*cell]) {
            if *factor > 0 {
                return None;
            }
            least -= most_fall(*cell, *factor);
        }
        if least <= 0 {
            return None;
        }
        let others = found.factors.iter().filter(|(cell, _)| !self.given[*cell]);
        let terms = others.map(|(cell, factor)| {
            let most = if *factor > 0 { least } else { least.min(most_fall(*cell, *factor)) };
            (*cell, most)
        });
        Some(Cut::new(terms.collect(), least))
    }

    /// Lines in which a secondary would stand alone by these shares.
    pub(super) fn loose_ends(&self, share: &[f64]) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for row in self.rows.iter().filter(|row| row.iter().all(|(cell, _)| !self.given[*cell])) {
            let largest = row.iter().max_by(|one, other| share[one.0].total_cmp(&share[other.0]));
            let Some((alone, _)) = largest else { continue };
            let terms = row.iter().map(|(cell, _)| (*cell, if cell == alone { -1 } else { 1 }));
            let cut = Cut::new(terms.collect(), 0);
            if cut.falls_short(share) {
                cuts.push(cut);
            }
        }
        cuts
    }

    /// Whether a pattern meets every demand.
    pub(super) fn is_safe(&self, attacker: &mut Attacker, hidden: &[bool]) -> Option<bool> {
        Some(self.unmet(attacker, hidden, 1)?.is_empty())
    }

    /// Inequalities that a pattern violates, at least one for each demand that it does not meet.
    pub(super) fn violations(&self, attacker: &mut Attacker, hidden: &[bool]) -> Option<Vec<Cut>> {
        let unmet = self.unmet(attacker, hidden, usize::MAX)?;
        unmet.into_iter().map(|(wish, found)| self.cut(wish, &found)).collect()
    }

    /// The first demands that a pattern does not meet.
    fn unmet(
        &self,
        attacker: &mut Attacker,
        hidden: &[bool],
        most: usize,
    ) -> Option<Vec<(&Wish, Combination)>> {
        let room = |(hidden, room): (&bool, &i64)| match (*hidden, self.is_exact) {
            (false, _) => Room { down: 0, up: Some(0) },
            (true, true) => Room { down: 1, up: Some(1) },
            (true, false) => Room { down: *room, up: None },
        };
        attacker.face(hidden.iter().zip(&self.room).map(room).collect());
        let mut unmet = Vec::new();
        for wish in &self.wishes {
            let Reach::Short(found) = attacker.reach(wish.cell, wish.sign, wish.by)? else { continue };
            // Less than 1, but more than nothing, is a change.
            let is_changed = self.is_exact && found.factors.iter().any(|(cell, _)| hidden[*cell]);
            if !is_changed {
                unmet.push((wish, found));
                if unmet.len() >= most {
                    break;
                }
            }
        }
        Some(unmet)
    }

    /// Inequalities that shares between 0 and 1 violate. How they are looked for, with rooms in proportion to the
    /// shares, decides only which are found: every one of them holds for every protecting pattern. A cell with no
    /// share gets the smallest one, so that of several proofs one that leans on few such cells is found.
    pub(super) fn separate(&self, attacker: &mut Attacker, share: &[f64]) -> Option<Vec<Cut>> {
        let parts: Vec<i64> =
            share.iter().map(|share| ((share * WHOLE as f64).round() as i64).clamp(1, WHOLE)).collect();
        let mut cuts = Vec::new();
        let mut faced = None;
        for wish in &self.wishes {
            if faced != Some(wish.by) {
                let room = |(part, room): (&i64, &i64)| {
                    let down = if self.is_exact { wish.by } else { wish.by.min(*room) };
                    Room { down: down * part, up: Some(wish.by * part) }
                };
                attacker.face(parts.iter().zip(&self.room).map(room).collect());
                faced = Some(wish.by);
            }
            if let Reach::Short(found) = attacker.reach(wish.cell, wish.sign, wish.by * WHOLE)? {
                cuts.extend(self.cut(wish, &found).filter(|cut| cut.falls_short(share)));
            }
        }
        Some(cuts)
    }

    /// Prints, dearest first, what a safe pattern does not need.
    pub(super) fn trim(&self, attacker: &mut Attacker, mut hidden: Vec<bool>) -> Option<Vec<bool>> {
        let mut chosen: Vec<usize> =
            (0..hidden.len()).filter(|cell| hidden[*cell] && !self.given[*cell]).collect();
        chosen.sort_by_key(|cell| (Reverse(self.cost[*cell]), *cell));
        for cell in chosen {
            hidden[cell] = false;
            hidden[cell] = !self.is_safe(attacker, &hidden)?;
        }
        Some(hidden)
    }
}

impl Cut {
    /// In lowest terms, in the order of the cells, so that equal inequalities are equal.
    fn new(mut terms: Vec<(usize, i128)>, mut least: i128) -> Self {
        terms.retain(|(_, factor)| *factor != 0);
        terms.sort_unstable_by_key(|(cell, _)| *cell);
        let factors = terms.iter().map(|(_, factor)| *factor);
        let divisor = factors.fold(least, greatest_common_divisor);
        if divisor > 1 {
            least /= divisor;
            terms.iter_mut().for_each(|(_, factor)| *factor /= divisor);
        }
        Self { terms, least }
    }

    /// Factors and right side as the linear program takes them, the largest number being 1.
    pub(super) fn scaled(&self) -> (impl Iterator<Item = (usize, f64)>, f64) {
        let scale = self.least.max(1) as f64;
        let terms = self.terms.iter().map(move |(cell, factor)| (*cell, *factor as f64 / scale));
        (terms, self.least as f64 / scale)
    }

    /// Whether shares miss it by more than rounding.
    pub(super) fn falls_short(&self, share: &[f64]) -> bool {
        let (terms, least) = self.scaled();
        terms.map(|(cell, factor)| factor * share[cell]).sum::<f64>() < least - SHORTFALL
    }
}

/// Of the absolute values.
fn greatest_common_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
