//! Which small counts go up to the base, so that the sums printed of them stay as near as possible to the truth.
//!
//! After Langsrud and Heldal, "An Algorithm for Small Count Rounding of Tabular Data" (Privacy in Statistical Databases,
//! 2018): counts go up one by one, always the one that the remaining differences ask for most. Here the sum of squares itself
//! decides, in whole numbers, and single changes and exchanges improve what was found.
//!
//! A numeric kernel: it indexes by the numbers of candidates and published cells that it handed out itself.
#![allow(clippy::indexing_slicing)]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Small counts that are looked at together when the next one to go up is chosen. All of them would take quadratic time.
const CHUNK: usize = 512;
/// Up to so many small counts, every pair is tried for an exchange.
const ALL_PAIRS: usize = 200;
/// Beyond that, so many partners of each, from the narrowest sums it is part of.
const PARTNERS: usize = 32;
/// Partners from one sum.
const PARTNERS_OF_ONE_SUM: usize = 12;
/// Rounds of improvement; each makes the sum of squares smaller, so this bounds time only.
const ROUNDS: usize = 60;
/// Rounds of exchanges among them, where not every pair is tried.
const EXCHANGES: usize = 8;
/// Disturbances of what was found, after which it is improved again: at most so many, and fewer where a round costs more.
const DISTURBANCES: usize = 40;
const DISTURBANCE_COST: usize = 2_000_000;

/// The small counts that are to be 0 or the base.
pub(super) struct Candidates {
    base: i64,
    counts: Vec<i64>,
    /// The published cells that each is part of, those with the fewest candidates first.
    sums_of: Vec<Vec<usize>>,
    /// The candidates in each published cell.
    members: Vec<Vec<usize>>,
}

/// A choice, and how far each published cell then is from the truth.
#[derive(Clone)]
struct Choice {
    up: Vec<bool>,
    difference: Vec<i64>,
}

impl Candidates {
    /// Counts below the base, and for each the published cells (numbers below `cells`) that it is part of.
    pub(super) fn new(base: i64, counts: Vec<i64>, mut sums_of: Vec<Vec<usize>>, cells: usize) -> Self {
        let mut members = vec![Vec::new(); cells];
        for (candidate, sums) in sums_of.iter().enumerate() {
            for sum in sums {
                members[*sum].push(candidate);
            }
        }
        for sums in &mut sums_of {
            sums.sort_unstable_by_key(|sum| (members[*sum].len(), *sum));
        }
        Self { base, counts, sums_of, members }
    }

    /// Whether each goes up to the base: the best found from a number of starts. The smallest sum of squared differences wins,
    /// then the smallest greatest difference, then the first found.
    pub(super) fn choose(&self, starts: usize, seed: u64) -> Vec<bool> {
        if self.counts.is_empty() {
            return Vec::new();
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..self.counts.len()).collect();
        let mut best: Option<((i128, u64), Choice)> = None;
        for start in 0..starts.max(1) {
            // The first start is what rounding each by itself gives, so the result is never worse than that.
            let mut choice = if start == 0 { self.nearest() } else { self.forward(&order) };
            shuffle(&mut order, &mut random);
            self.improve(&mut choice, &order, &mut random);
            self.disturb(&mut choice, &order, &mut random);
            let loss = choice.loss();
            if best.as_ref().is_none_or(|(least, _)| loss < *least) {
                best = Some((loss, choice));
            }
        }
        best.map(|(_, choice)| choice.up).unwrap_or_default()
    }

    /// Each by itself, halves up.
    fn nearest(&self) -> Choice {
        let mut choice = self.untouched();
        for candidate in 0..self.counts.len() {
            self.enter(candidate, &mut choice);
            if 2 * self.counts[candidate] >= self.base {
                self.flip(candidate, &mut choice);
            }
        }
        choice
    }

    /// One by one: of a chunk of candidates, the one that takes most off the sum of squares goes up, while there is one.
    /// Candidates of later chunks count as they truly are.
    fn forward(&self, order: &[usize]) -> Choice {
        let mut choice = self.untouched();
        for chunk in order.chunks(CHUNK) {
            for candidate in chunk {
                self.enter(*candidate, &mut choice);
            }
            let mut open = chunk.to_vec();
            loop {
                let gains = open.iter().enumerate().map(|(place, one)| (self.gain(*one, &choice), place));
                match gains.min() {
                    Some((gain, place)) if gain < 0 => {
                        let candidate = open.swap_remove(place);
                        self.flip(candidate, &mut choice);
                    }
                    _ => break,
                }
            }
        }
        // What nothing is printed of has no difference to decide by.
        for candidate in (0..self.counts.len()).filter(|one| self.sums_of[*one].is_empty()) {
            choice.up[candidate] = 2 * self.counts[candidate] >= self.base;
        }
        choice
    }

    fn untouched(&self) -> Choice {
        Choice { up: vec![false; self.counts.len()], difference: vec![0; self.members.len()] }
    }

    /// From the true count down to 0.
    fn enter(&self, candidate: usize, choice: &mut Choice) {
        for sum in &self.sums_of[candidate] {
            choice.difference[*sum] -= self.counts[candidate];
        }
    }

    /// How much a candidate changes when it is flipped.
    fn step(&self, candidate: usize, choice: &Choice) -> i64 {
        if choice.up[candidate] { -self.base } else { self.base }
    }

    fn flip(&self, candidate: usize, choice: &mut Choice) {
        let step = self.step(candidate, choice);
        for sum in &self.sums_of[candidate] {
            choice.difference[*sum] += step;
        }
        choice.up[candidate] = !choice.up[candidate];
    }

    /// What flipping a candidate adds to the sum of squares. Differences are at most the base times the number of
    /// candidates, far from what 64 bits hold.
    fn gain(&self, candidate: usize, choice: &Choice) -> i64 {
        let step = self.step(candidate, choice);
        self.sums_of[candidate].iter().map(|sum| step * (2 * choice.difference[*sum] + step)).sum()
    }

    /// In how many published cells two candidates stand together. Both lists are sorted by the same key.
    fn together(&self, one: usize, other: usize) -> i64 {
        let key = |sum: &usize| (self.members[*sum].len(), *sum);
        let mut left = self.sums_of[one].iter().peekable();
        let mut right = self.sums_of[other].iter().peekable();
        let mut common = 0;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            let order = key(a).cmp(&key(b));
            if order.is_le() {
                left.next();
            }
            if order.is_ge() {
                right.next();
            }
            common += i64::from(order.is_eq());
        }
        common
    }

    /// Single flips and exchanges of one that is up against one that is down, while they help.
    fn improve(&self, choice: &mut Choice, order: &[usize], random: &mut ChaCha8Rng) {
        let mut exchanges = if self.counts.len() <= ALL_PAIRS { ROUNDS } else { EXCHANGES };
        for _ in 0..ROUNDS {
            let mut has_improved = false;
            for candidate in order {
                if self.gain(*candidate, choice) < 0 {
                    self.flip(*candidate, choice);
                    has_improved = true;
                }
            }
            if has_improved {
                continue;
            }
            if exchanges == 0 || !self.exchange(choice, order, random) {
                return;
            }
            exchanges -= 1;
        }
    }

    /// One round of exchanges. Whether any helped.
    fn exchange(&self, choice: &mut Choice, order: &[usize], random: &mut ChaCha8Rng) -> bool {
        let mut has_improved = false;
        for candidate in order {
            let own = self.gain(*candidate, choice);
            let mut best: Option<(i64, usize)> = None;
            for partner in self.partners(*candidate, random) {
                if choice.up[partner] == choice.up[*candidate] {
                    continue;
                }
                let common = 2 * self.base * self.base * self.together(*candidate, partner);
                let gain = own + self.gain(partner, choice) - common;
                if gain < 0 && best.is_none_or(|(least, _)| gain < least) {
                    best = Some((gain, partner));
                }
            }
            if let Some((_, partner)) = best {
                self.flip(*candidate, choice);
                self.flip(partner, choice);
                has_improved = true;
            }
        }
        has_improved
    }

    /// Candidates to exchange with: all where they are few, else some from the narrowest sums.
    fn partners(&self, candidate: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
        if self.counts.len() <= ALL_PAIRS {
            return (0..self.counts.len()).filter(|other| *other != candidate).collect();
        }
        let mut partners = Vec::with_capacity(PARTNERS);
        for sum in &self.sums_of[candidate] {
            let members = &self.members[*sum];
            let most = PARTNERS_OF_ONE_SUM.min(PARTNERS - partners.len());
            if most == 0 {
                break;
            }
            let (before, after) = members.split_at(random.random_range(0..members.len()));
            partners.extend(after.iter().chain(before).take(most).filter(|other| **other != candidate));
        }
        partners
    }

    /// Flips a few candidates of one published cell, improves, and keeps what is no worse.
    fn disturb(&self, choice: &mut Choice, order: &[usize], random: &mut ChaCha8Rng) {
        let number = self.counts.len();
        let entries: usize = self.sums_of.iter().map(Vec::len).sum();
        let partners = if number <= ALL_PAIRS { number } else { PARTNERS };
        let rounds = (DISTURBANCE_COST / (entries.max(1) * partners.max(1))).min(DISTURBANCES);
        for _ in 0..rounds {
            let centre = random.random_range(0..number);
            let sums = &self.sums_of[centre];
            if sums.is_empty() {
                continue;
            }
            let members = &self.members[sums[random.random_range(0..sums.len())]];
            let mut tried = choice.clone();
            self.flip(centre, &mut tried);
            for _ in 0..random.random_range(1..4) {
                self.flip(members[random.random_range(0..members.len())], &mut tried);
            }
            self.improve(&mut tried, order, random);
            if tried.loss() <= choice.loss() {
                *choice = tried;
            }
        }
    }
}

impl Choice {
    /// The sum of squared differences, then the greatest one.
    fn loss(&self) -> (i128, u64) {
        let squares = self.difference.iter().map(|one| i128::from(*one) * i128::from(*one)).sum();
        (squares, self.difference.iter().map(|one| one.unsigned_abs()).max().unwrap_or_default())
    }
}

/// Fisher and Yates.
fn shuffle(order: &mut [usize], random: &mut ChaCha8Rng) {
    for last in (1..order.len()).rev() {
        order.swap(last, random.random_range(0..=last));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All margins of a crossed table, as the published cells of each inner cell.
    fn sums_of(shape: &[usize], random: &mut ChaCha8Rng) -> (Vec<i64>, Vec<Vec<usize>>, usize) {
        let inner: usize = shape.iter().product();
        let mut sums_of = vec![Vec::new(); inner];
        let mut cells = 0;
        for kept in 0..1_usize << shape.len() {
            let mut width = 1;
            for (cell, sums) in sums_of.iter_mut().enumerate() {
                let (mut rest, mut place) = (cell, 0);
                width = 1;
                for (dimension, levels) in shape.iter().enumerate() {
                    if (kept >> dimension) & 1 == 1 {
                        place += rest % levels * width;
                        width *= levels;
                    }
                    rest /= levels;
                }
                sums.push(cells + place);
            }
            cells += width;
        }
        ((0..inner).map(|_| random.random_range(1..5)).collect(), sums_of, cells)
    }

    fn loss(candidates: &Candidates, up: &[bool]) -> (i128, u64) {
        let mut choice = candidates.untouched();
        for (candidate, up) in up.iter().enumerate() {
            candidates.enter(candidate, &mut choice);
            if *up {
                candidates.flip(candidate, &mut choice);
            }
        }
        choice.loss()
    }

    #[test]
    fn the_optimum_is_met_in_most_tiny_tables_and_nearly_met_in_all() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let (mut met, mut tables) = (0, 0);
        let shapes: [&[usize]; 4] = [&[3, 4], &[2, 5], &[2, 2, 3], &[2, 2, 2]];
        for (round, shape) in shapes.into_iter().cycle().take(60).enumerate() {
            let (counts, sums, cells) = sums_of(shape, &mut random);
            let number = counts.len();
            let candidates = Candidates::new(5, counts, sums, cells);
            let choices = (0..1_u32 << number)
                .map(|bits| (0..number).map(|one| (bits >> one) & 1 == 1).collect::<Vec<bool>>());
            let optimum = choices.map(|up| loss(&candidates, &up).0).min().unwrap();
            let found = loss(&candidates, &candidates.choose(8, round as u64)).0;
            assert!(found >= optimum && found * 10 <= optimum * 12, "{shape:?} {found} {optimum}");
            met += usize::from(found == optimum);
            tables += 1;
        }
        assert!(met * 10 >= tables * 9, "{met} of {tables}");
    }

    #[test]
    fn gains_are_the_changes_of_the_sum_of_squares() {
        let mut random = ChaCha8Rng::seed_from_u64(8);
        let (counts, sums, cells) = sums_of(&[3, 3, 2], &mut random);
        let candidates = Candidates::new(5, counts, sums, cells);
        let mut choice = candidates.nearest();
        for _ in 0..50 {
            let (one, other) = (random.random_range(0..18), random.random_range(0..18));
            let before = choice.loss().0;
            let gain = i128::from(candidates.gain(one, &choice));
            candidates.flip(one, &mut choice);
            assert_eq!(choice.loss().0, before + gain);
            if one != other && choice.up[one] == choice.up[other] {
                // `one` was unlike `other`: together they are an exchange.
                let mut from = choice.clone();
                candidates.flip(one, &mut from);
                let common = i128::from(2 * 25 * candidates.together(one, other));
                let expected = before + gain + i128::from(candidates.gain(other, &from)) - common;
                candidates.flip(other, &mut choice);
                assert_eq!(choice.loss().0, expected);
            }
        }
    }

    #[test]
    fn the_result_is_the_same_for_a_seed_and_never_worse_than_rounding_each_by_itself() {
        let mut random = ChaCha8Rng::seed_from_u64(9);
        let shapes: [&[usize]; 4] = [&[6, 7], &[5, 4, 3], &[3, 4, 2, 3], &[9, 9, 9]];
        for shape in shapes {
            let (counts, sums, cells) = sums_of(shape, &mut random);
            let candidates = Candidates::new(5, counts, sums, cells);
            let chosen = candidates.choose(3, 1);
            assert_eq!(chosen, candidates.choose(3, 1));
            assert!(loss(&candidates, &chosen).0 < candidates.nearest().loss().0, "{shape:?}");
        }
    }
}
