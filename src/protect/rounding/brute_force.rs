//! The audits against enumeration: of small tables every true table is listed that fits what is printed.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

/// Counts, the sets of them that are printed, and those whose true sum is known.
struct Case {
    base: u64,
    counts: Vec<u64>,
    cells: Vec<Vec<usize>>,
    true_sums: Vec<Vec<usize>>,
    scope: RoundingScope,
}

/// What each count could be and was rounded to.
type World = Vec<(u64, u64)>;

fn subset(number: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let chosen: Vec<usize> = (0..number).filter(|_| random.random_range(0..2) == 1).collect();
    if chosen.is_empty() { vec![random.random_range(0..number)] } else { chosen }
}

fn sum(cell: &[usize], values: &[u64]) -> u64 {
    cell.iter().map(|count| values[*count]).sum()
}

impl Case {
    fn draw(random: &mut ChaCha8Rng) -> Self {
        let number = random.random_range(2..5_usize);
        let base = random.random_range(2..4_u64);
        let counts = (0..number).map(|_| random.random_range(0..2 * base)).collect();
        let mut cells: Vec<Vec<usize>> =
            (0..random.random_range(1..4)).map(|_| subset(number, random)).collect();
        // So that every count is part of something printed.
        cells.push((0..number).collect());
        let true_sums = (0..random.random_range(0..3)).map(|_| subset(number, random)).collect();
        let scope =
            if random.random_range(0..2) == 0 { RoundingScope::EverySmall } else { RoundingScope::Necessary };
        Self { base, counts, cells, true_sums, scope }
    }

    fn round(&self) -> RoundedCounts {
        let mut table = SmallCountRounding::new(self.counts.iter().copied(), self.base).unwrap();
        for cell in &self.cells {
            table.publish(cell.iter().copied()).unwrap();
        }
        table.scope(self.scope).round().unwrap()
    }

    /// Every world that fits the printed sums, the rule and the true sums.
    fn worlds(&self, printed: &[u64]) -> Vec<World> {
        let mut worlds = Vec::new();
        self.extend(&mut Vec::new(), printed, &mut worlds);
        worlds
    }

    fn extend(&self, world: &mut World, printed: &[u64], worlds: &mut Vec<World>) {
        let place = world.len();
        for (cell, printed) in self.cells.iter().zip(printed) {
            let known: u64 = cell.iter().filter_map(|count| world.get(*count)).map(|(_, value)| value).sum();
            if known > *printed {
                return;
            }
        }
        if place == self.counts.len() {
            if self.fits(world, printed) {
                worlds.push(world.clone());
            }
            return;
        }
        let most = printed.iter().copied().max().unwrap().max(self.base);
        for count in 0..=most {
            let is_small = (1..self.base).contains(&count);
            let mut rounded = if is_small { vec![0, self.base] } else { vec![count] };
            if is_small && self.scope == RoundingScope::Necessary {
                rounded.push(count);
            }
            for value in rounded {
                world.push((count, value));
                self.extend(world, printed, worlds);
                world.pop();
            }
        }
    }

    fn fits(&self, world: &[(u64, u64)], printed: &[u64]) -> bool {
        let counts: Vec<u64> = world.iter().map(|(count, _)| *count).collect();
        let rounded: Vec<u64> = world.iter().map(|(_, value)| *value).collect();
        let adds_up = self.cells.iter().zip(printed).all(|(cell, printed)| sum(cell, &rounded) == *printed);
        let is_true = self.true_sums.iter().all(|cell| sum(cell, &counts) == sum(cell, &self.counts));
        let stays = |count: &usize| (1..self.base).contains(&rounded[*count]);
        let keeps_apart =
            self.cells.iter().all(|cell| !cell.iter().any(stays) || sum(cell, &counts) >= self.base);
        adds_up && is_true && keeps_apart
    }
}

/// Holds one finding against all values that were listed; whether its ends are exact.
fn check(found: &FeasibleCount, values: impl Iterator<Item = u64> + Clone) -> bool {
    let (least, most) = (values.clone().min().unwrap(), values.max().unwrap());
    assert!(found.least() <= least && most <= found.most(), "{:?} is too narrow", found.cell());
    if found.is_exact() {
        assert_eq!((found.least(), found.most()), (least, most), "{:?}", found.cell());
    }
    match found.verdict() {
        RoundingVerdict::Exposed => assert_eq!(least, most),
        RoundingVerdict::Open => assert!(least < most),
        RoundingVerdict::Undecided => {}
    }
    found.is_exact()
}

#[test]
fn small_count_audits_find_what_enumeration_finds() {
    let mut random = ChaCha8Rng::seed_from_u64(21);
    let (mut audited, mut exact, mut exposed) = (0, 0, 0);
    for _ in 0..120 {
        let case = Case::draw(&mut random);
        let rounded = case.round();
        let worlds = case.worlds(rounded.published());
        let truth: World = case.counts.iter().copied().zip(rounded.inner().iter().copied()).collect();
        assert!(worlds.contains(&truth), "the truth is a world");
        let audit = rounded.audit(&case.true_sums).unwrap();
        for found in audit.counts() {
            let counts = match found.cell() {
                AuditedCell::Inner(count) => vec![count],
                AuditedCell::Published(cell) => case.cells[cell].clone(),
            };
            let value = |world: &World| counts.iter().map(|count| world[*count].0).sum::<u64>();
            exact += usize::from(check(found, worlds.iter().map(value)));
            audited += 1;
        }
        exposed += audit.exposed().count();
    }
    assert!(audited > 60 && exposed > 5 && exposed < audited, "{audited} {exposed}");
    assert!(exact * 20 >= audited * 19, "{exact} of {audited}");
}

#[test]
fn no_printed_cell_is_small_and_each_is_the_sum_of_its_counts() {
    let mut random = ChaCha8Rng::seed_from_u64(22);
    for _ in 0..300 {
        let case = Case::draw(&mut random);
        let rounded = case.round();
        for (cell, printed) in case.cells.iter().zip(rounded.published()) {
            assert_eq!(sum(cell, rounded.inner()), *printed);
            assert!(!(1..case.base).contains(printed));
        }
        for (count, value) in case.counts.iter().zip(rounded.inner()) {
            let is_small = (1..case.base).contains(count);
            assert!(count == value || (is_small && [0, case.base].contains(value)));
            assert!(case.scope == RoundingScope::Necessary || !(1..case.base).contains(value));
        }
    }
}

/// A crossed table with both margins, row by row: inner cells, row totals, column totals, total.
fn crossed(rows: usize, columns: usize, inner: &[u64]) -> Vec<u64> {
    let row = |row: usize| inner[row * columns..(row + 1) * columns].iter().sum::<u64>();
    let column = |column: usize| (0..rows).map(|row| inner[row * columns + column]).sum::<u64>();
    let mut all = inner.to_vec();
    all.extend((0..rows).map(row));
    all.extend((0..columns).map(column));
    all.push(inner.iter().sum());
    all
}

#[test]
fn audits_of_separate_rounding_find_what_enumeration_finds() {
    let mut random = ChaCha8Rng::seed_from_u64(23);
    let (mut audited, mut exact, mut exposed) = (0, 0, 0);
    for round in 0..80 {
        let (rows, columns) = (2, if round % 2 == 0 { 2 } else { 3 });
        let (method, base) = match round % 3 {
            0 => (RoundingMethod::NearestMultiple, 3),
            1 => (RoundingMethod::NearestMultiple, 4),
            _ => (RoundingMethod::Midpoint, 3),
        };
        let again = |count: u64| match method {
            RoundingMethod::NearestMultiple => round_to_base(count, base).unwrap(),
            RoundingMethod::Midpoint => round_to_midpoint(count, base).unwrap(),
        };
        let inner: Vec<u64> = (0..rows * columns).map(|_| random.random_range(0..7)).collect();
        let truth = crossed(rows, columns, &inner);
        let mut table = SeparateRounding::new(truth.iter().copied(), method, base).unwrap();
        let (first_row, first_column) = (rows * columns, rows * columns + rows);
        let total = first_column + columns;
        for row in 0..rows {
            table.equation(first_row + row, row * columns..(row + 1) * columns).unwrap();
        }
        for column in 0..columns {
            table.equation(first_column + column, (0..rows).map(|row| row * columns + column)).unwrap();
        }
        table.equation(total, first_row..first_column).unwrap();
        let mut tables: Vec<Vec<u64>> = vec![Vec::new()];
        for count in &inner {
            let printed = again(*count);
            let values: Vec<u64> = (0..=*count + base).filter(|value| again(*value) == printed).collect();
            let longer = |table: &Vec<u64>| {
                values.iter().map(|value| [table.as_slice(), &[*value]].concat()).collect::<Vec<_>>()
            };
            tables = tables.iter().flat_map(longer).collect();
        }
        let printed = table.printed().to_vec();
        let mut worlds: Vec<Vec<u64>> = tables.iter().map(|inner| crossed(rows, columns, inner)).collect();
        worlds.retain(|world| world.iter().map(|count| again(*count)).eq(printed.iter().copied()));
        assert!(worlds.contains(&truth), "the truth is a world");
        let audit = table.audit(5).unwrap();
        assert_eq!(audit.counts().len(), truth.iter().filter(|count| (1..5).contains(*count)).count());
        for found in audit.counts() {
            let AuditedCell::Published(cell) = found.cell() else { panic!("nothing is behind this table") };
            exact += usize::from(check(found, worlds.iter().map(|world| world[cell])));
            audited += 1;
        }
        exposed += audit.exposed().count();
    }
    assert!(audited > 100 && exposed > 0 && exposed < audited, "{audited} {exposed}");
    assert!(exact * 20 >= audited * 19, "{exact} of {audited}");
}
