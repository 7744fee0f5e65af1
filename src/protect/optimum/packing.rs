//! A bound on the cost of protection in whole numbers, cheap enough for systems of any size.
//! A numeric kernel: it indexes by the variables of one system and by its own list of lines.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use super::terms;
use crate::protect::system::System;

/// What the secondaries of every protecting pattern cost at least. Primaries are what must be protected, `unknown`
/// what the reader lacks in any case, primaries or not.
///
/// In a line in which a primary is the only unknown, one of the others must be hidden, else the line determines it.
/// Give every such line l a price `u_l >= 0` so that for each variable i that may be hidden the prices of its lines
/// add up to at most its cost. Then the sum of all prices is a bound, for with H the secondaries of a protecting
/// pattern
///
/// > sum_l u_l <= sum_l u_l |H in l| = sum over i in H of (prices of i's lines) <= sum over i in H of cost_i:
///
/// weak duality. Lines of which no two share a variable that may be hidden are the special case in which each can be
/// priced at its cheapest one.
pub(in crate::protect) fn packing_bound(
    system: &System,
    primary: &[bool],
    unknown: &[bool],
    may_hide: &[bool],
    cost: &[u64],
) -> u64 {
    let mut lines = Vec::new();
    for line in &system.lines {
        let members: Vec<usize> = terms(line).into_iter().map(|(variable, _)| variable).collect();
        let is_unknown = |variable: usize| primary[variable] || unknown[variable];
        let mut lacking = members.iter().filter(|variable| is_unknown(**variable));
        if let (Some(alone), None) = (lacking.next(), lacking.next())
            && primary[*alone]
        {
            let helps = |variable: &usize| may_hide[*variable] && !is_unknown(*variable);
            lines.push(members.into_iter().filter(helps).collect());
        }
    }
    dual_bound(lines, cost)
}

/// The largest sum of prices found, for lines given by what could be hidden in each. Lines without any are left out:
/// nothing protects their primary, and no bound is needed.
///
/// Prices are in halves, as the best ones often are: of three lines of which each two share a variable each gets one
/// half.
pub(super) fn dual_bound(mut lines: Vec<Vec<usize>>, cost: &[u64]) -> u64 {
    lines.retain(|line| !line.is_empty());
    lines.sort_by_key(Vec::len);
    let mut prices = Prices::new(lines, cost);
    for line in 0..prices.lines.len() {
        prices.raise(line);
    }
    for _ in 0..PASSES {
        if !prices.improve() {
            break;
        }
    }
    let sum: u128 = prices.price.iter().copied().map(u128::from).sum();
    u64::try_from(sum.div_ceil(2)).unwrap_or(u64::MAX)
}

/// How often all lines are looked at again.
const PASSES: usize = 20;

/// Prices, and what is left of each variable's cost, both in halves.
struct Prices {
    lines: Vec<Vec<usize>>,
    lines_of: BTreeMap<usize, Vec<usize>>,
    price: Vec<u64>,
    left: BTreeMap<usize, u64>,
}

impl Prices {
    fn new(lines: Vec<Vec<usize>>, cost: &[u64]) -> Self {
        let mut lines_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, line) in lines.iter().enumerate() {
            for variable in line {
                lines_of.entry(*variable).or_default().push(number);
            }
        }
        let left = lines_of.keys().map(|variable| (*variable, cost[*variable].saturating_mul(2))).collect();
        Self { price: vec![0; lines.len()], lines, lines_of, left }
    }

    /// Raises a line's price as far as what is left allows; returns by how much.
    fn raise(&mut self, line: usize) -> u64 {
        let left = self.lines[line].iter().filter_map(|variable| self.left.get(variable));
        let by = left.min().copied().unwrap_or(0);
        self.pay(line, by);
        by
    }

    fn pay(&mut self, line: usize, by: u64) {
        self.price[line] += by;
        for variable in &self.lines[line] {
            if let Some(left) = self.left.get_mut(variable) {
                *left -= by;
            }
        }
    }

    fn take_back(&mut self, line: usize, by: u64) {
        self.price[line] -= by;
        for variable in &self.lines[line] {
            if let Some(left) = self.left.get_mut(variable) {
                *left += by;
            }
        }
    }

    /// Lowers one price after the other, wholly or by one half, where that lets its neighbours rise by more.
    fn improve(&mut self) -> bool {
        let mut is_better = false;
        for line in 0..self.lines.len() {
            let neighbours: BTreeSet<usize> = self.lines[line]
                .iter()
                .filter_map(|variable| self.lines_of.get(variable))
                .flatten()
                .copied()
                .filter(|other| *other != line)
                .collect();
            for is_whole in [true, false] {
                let lowered = if is_whole { self.price[line] } else { self.price[line].min(1) };
                self.take_back(line, lowered);
                let raised: Vec<(usize, u64)> =
                    neighbours.iter().map(|other| (*other, self.raise(*other))).collect();
                let back = self.raise(line);
                let gained: u128 = raised.iter().map(|(_, by)| u128::from(*by)).sum();
                if gained + u128::from(back) > u128::from(lowered) {
                    is_better = true;
                    continue;
                }
                self.take_back(line, back);
                for (other, by) in raised {
                    self.take_back(other, by);
                }
                self.pay(line, lowered);
            }
        }
        is_better
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_apart_are_priced_at_their_cheapest_member() {
        assert_eq!(dual_bound(vec![vec![0, 1], vec![2, 3, 4]], &[7, 3, 9, 5, 6]), 8);
        assert_eq!(dual_bound(vec![vec![0, 1], vec![]], &[2, 4]), 2);
        assert_eq!(dual_bound(Vec::new(), &[]), 0);
    }

    #[test]
    fn three_lines_of_which_each_two_share_a_member_need_two_of_them() {
        assert_eq!(dual_bound(vec![vec![0, 1], vec![1, 2], vec![0, 2]], &[1, 1, 1]), 2);
    }

    #[test]
    fn a_greedy_choice_is_undone_where_its_neighbours_are_worth_more() {
        // The shortest line blocks two others that together are worth twice as much.
        assert_eq!(dual_bound(vec![vec![0, 1], vec![0, 2, 4], vec![1, 3, 5]], &[5, 5, 5, 5, 5, 5]), 10);
    }
}
