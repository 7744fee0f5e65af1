//! The optimum against enumeration of all patterns, and against a minimum that was proven elsewhere.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem as Program};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::protect::kernel::Elimination;

/// More than any of these cases needs.
const NODES: usize = 20_000;

/// A crossing of variables with all margins, each variable's last level being its total; and its inner cells.
fn crossing(levels: &[usize], random: &mut impl Rng) -> (System, Vec<usize>) {
    let mut strides = Vec::new();
    let mut size = 1_usize;
    for levels in levels {
        strides.push(size);
        size *= levels + 1;
    }
    let digit = |cell: usize, axis: usize| cell / strides[axis] % (levels[axis] + 1);
    let is_inner = |cell: &usize| (0..levels.len()).all(|axis| digit(*cell, axis) < levels[axis]);
    let inner: Vec<usize> = (0..size).filter(is_inner).collect();
    let mut counts = vec![0_u64; size];
    for cell in inner.iter().copied() {
        let count = [0, 1, 2, 3, 4, 5, 7, 9, 12][random.random_range(0..9_usize)];
        for totals in 0..1_usize << levels.len() {
            let up = |axis: usize| if (totals >> axis) & 1 == 1 { levels[axis] } else { digit(cell, axis) };
            let margin: usize = (0..levels.len()).map(|axis| strides[axis] * up(axis)).sum();
            counts[margin] += count;
        }
    }
    let mut lines = Vec::new();
    for cell in 0..size {
        for (axis, levels) in levels.iter().enumerate() {
            if digit(cell, axis) == *levels {
                let first = cell - strides[axis] * levels;
                let parts = (0..*levels).map(|level| first + strides[axis] * level).collect();
                lines.push(Line { whole: cell, parts });
            }
        }
    }
    (System::of_counts(&counts, lines), inner)
}

/// Some counts and sums of random selections of them: equations of no table, in which moves by halves and thirds occur.
fn sums(random: &mut impl Rng) -> System {
    let cells = random.random_range(4..7_usize);
    let mut counts: Vec<u64> = (0..cells).map(|_| random.random_range(0..8_u64)).collect();
    let mut lines = Vec::new();
    for _ in 0..random.random_range(4..7_usize) {
        let mut parts: Vec<usize> = (0..cells).filter(|_| random.random_bool(0.5)).collect();
        parts.truncate(4);
        if parts.len() >= 2 {
            lines.push(Line { whole: counts.len(), parts: parts.clone() });
            counts.push(parts.iter().map(|part| counts[*part]).sum());
        }
    }
    System::of_counts(&counts, lines)
}

/// Keeps some of these numbers, at most so many.
fn some(mut numbers: Vec<usize>, most: usize, random: &mut impl Rng) -> Vec<usize> {
    while numbers.len() > most {
        numbers.swap_remove(random.random_range(0..numbers.len()));
    }
    numbers.sort_unstable();
    numbers
}

fn flags(numbers: &[usize], size: usize) -> Vec<bool> {
    (0..size).map(|number| numbers.contains(&number)).collect()
}

/// Whether a pattern meets the demand, by other means: kernel sketches, and one linear program for each end.
fn is_protected(instance: &Instance<'_>, hidden: &[bool]) -> bool {
    let system = instance.system;
    let elimination = Elimination::new(system, hidden);
    let vector = elimination.draw(&mut ChaCha8Rng::seed_from_u64(5));
    let sketch = elimination.unknowns.iter().copied().zip(vector);
    let moves: BTreeMap<usize, bool> = sketch.map(|(variable, value)| (variable, !value.is_zero())).collect();
    match &instance.demand {
        Demanded::Exact => (0..system.len()).filter(|one| instance.primary[*one]).all(|one| moves[&one]),
        Demanded::Ends { ends, lower } => ends.iter().all(|(variable, down, up)| {
            let is_possible = |by: i64| is_possible(system, hidden, lower, *variable, by);
            [*down, *up].into_iter().all(|by| by == 0 || (moves[variable] && is_possible(by)))
        }),
    }
}

/// Whether a real-valued world has moved one variable by so much.
fn is_possible(system: &System, hidden: &[bool], lower: &[u64], target: usize, by: i64) -> bool {
    let mut program = Program::new(OptimizationDirection::Minimize);
    let mut changes = BTreeMap::new();
    for variable in (0..system.len()).filter(|variable| hidden[*variable]) {
        let room = system.variables[variable].records.saturating_sub(lower[variable]) as f64;
        changes.insert(variable, program.add_var(1.0, (-room, 1000.0)));
    }
    for line in &system.lines {
        let terms = terms(line).into_iter();
        let terms: Vec<_> =
            terms.filter_map(|(one, factor)| Some((*changes.get(&one)?, factor as f64))).collect();
        if !terms.is_empty() {
            program.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        }
    }
    program.add_constraint([(changes[&target], 1.0)], ComparisonOp::Eq, by as f64);
    program.solve().is_ok()
}

/// The least cost of a pattern that meets the demand, of all patterns there are.
fn cheapest(instance: &Instance<'_>) -> Option<u64> {
    let free: Vec<usize> = (0..instance.system.len()).filter(|one| instance.may_hide[*one]).collect();
    let pattern = |choice: usize| {
        let mut hidden = instance.primary.to_vec();
        for (number, variable) in free.iter().enumerate() {
            hidden[*variable] |= (choice >> number) & 1 == 1;
        }
        hidden
    };
    let cost = |choice: usize| -> u64 {
        let chosen = free.iter().enumerate().filter(|(number, _)| (choice >> number) & 1 == 1);
        chosen.map(|(_, variable)| instance.cost[*variable]).sum()
    };
    // Hiding more never takes a move away.
    if !is_protected(instance, &pattern((1 << free.len()) - 1)) {
        return None;
    }
    let mut choices: Vec<(u64, usize)> =
        (0..1_usize << free.len()).map(|choice| (cost(choice), choice)).collect();
    choices.sort_unstable();
    let best = choices.into_iter().find(|(_, choice)| is_protected(instance, &pattern(*choice)));
    best.map(|(cost, _)| cost)
}

fn secondary_cost(instance: &Instance<'_>, hidden: &[bool]) -> u64 {
    let chosen = (0..hidden.len()).filter(|one| hidden[*one] && !instance.primary[*one]);
    chosen.map(|one| instance.cost[one]).sum()
}

/// How many instances could be protected at a cost, and how many not at all.
#[derive(Default)]
struct Tally {
    protected: usize,
    impossible: usize,
}

/// Compares with enumeration, for both demands: some small cells are primary, and at most so many others may be hidden.
fn compare(system: &System, eligible: &[usize], most: usize, random: &mut impl Rng, tally: &mut Tally) {
    let counts: Vec<u64> = system.variables.iter().map(|set| set.records).collect();
    let threshold = random.random_range(3..6_u64);
    let is_small = |one: &usize| (1..threshold).contains(&counts[*one]);
    let small: Vec<usize> = eligible.iter().copied().filter(is_small).collect();
    let primaries = random.random_range(1..5_usize);
    let small = some(small, primaries, random);
    if small.is_empty() {
        return;
    }
    let can_help = |one: &usize| counts[*one] > 0 && !small.contains(one);
    let others: Vec<usize> = eligible.iter().copied().filter(can_help).collect();
    let may_hide = flags(&some(others, most, random), counts.len());
    let primary = flags(&small, counts.len());
    let by_number = random.random_bool(0.5);
    let cost: Vec<u64> = counts.iter().map(|count| if by_number { 1 } else { (*count).max(1) }).collect();
    let zeros_known = random.random_bool(0.5);
    let lower: Vec<u64> = counts.iter().map(|count| u64::from(zeros_known && *count > 0)).collect();
    let ends: Vec<(usize, i64, i64)> = small
        .iter()
        .map(|one| (*one, 1 - counts[*one] as i64, threshold as i64 - 1 - counts[*one] as i64))
        .collect();
    for demand in [Demanded::Exact, Demanded::Ends { ends: &ends, lower: &lower }] {
        let instance = Instance { system, primary: &primary, may_hide: &may_hide, cost: &cost, demand };
        let expected = cheapest(&instance).map(|cost| (cost, cost));
        let found = optimum(&instance, None, NODES);
        assert_eq!(found.as_ref().map(|found| (found.cost, found.lower_bound)), expected);
        let Some(found) = found else {
            tally.impossible += 1;
            continue;
        };
        tally.protected += usize::from(found.cost > 0);
        assert!(is_protected(&instance, &found.hidden));
        assert_eq!(secondary_cost(&instance, &found.hidden), found.cost);
        assert!(packing_bound(system, &primary, &primary, &may_hide, &cost) <= found.cost);
        // Without a search the bound is lower, but never wrong.
        let unsearched = optimum(&instance, None, 0).unwrap();
        assert!(unsearched.lower_bound <= found.cost && found.cost <= unsearched.cost);
        assert!(is_protected(&instance, &unsearched.hidden));
        let restarted = optimum(&instance, Some(&unsearched.hidden), NODES).unwrap();
        assert_eq!((restarted.cost, restarted.lower_bound), (found.cost, found.cost));
    }
}

#[test]
fn in_two_way_tables_no_pattern_is_cheaper() {
    let mut random = ChaCha8Rng::seed_from_u64(101);
    let mut tally = Tally::default();
    for _ in 0..150 {
        let levels = [[2, 2], [2, 3], [3, 3]][random.random_range(0..3_usize)];
        let (system, _) = crossing(&levels, &mut random);
        let all: Vec<usize> = (0..system.len()).collect();
        compare(&system, &all, 9, &mut random, &mut tally);
    }
    assert!(tally.protected > 100 && tally.impossible > 0, "both outcomes must occur");
}

#[test]
fn in_three_way_tables_no_pattern_is_cheaper() {
    let mut random = ChaCha8Rng::seed_from_u64(102);
    let mut tally = Tally::default();
    for _ in 0..120 {
        // With all margins shown a cell moves only with a box of others around it.
        let (system, inner) = crossing(&[2, 2, 3], &mut random);
        compare(&system, &inner, 10, &mut random, &mut tally);
    }
    assert!(tally.protected > 50 && tally.impossible > 50, "both outcomes must be common");
}

#[test]
fn in_systems_with_fractional_moves_no_pattern_is_cheaper() {
    let mut random = ChaCha8Rng::seed_from_u64(103);
    let mut tally = Tally::default();
    for _ in 0..200 {
        let system = sums(&mut random);
        let all: Vec<usize> = (0..system.len()).collect();
        compare(&system, &all, 9, &mut random, &mut tally);
    }
    assert!(tally.protected > 100, "few cases");
}

#[test]
fn what_costs_nothing_is_hidden_and_parts_add_up() {
    // Twice the same line: a primary, a dear helper, and the sum, which in the second line costs nothing to hide.
    let lines = vec![Line { whole: 2, parts: vec![0, 1] }, Line { whole: 5, parts: vec![3, 4] }];
    let system = System::of_counts(&[2, 8, 10, 2, 8, 10], lines);
    let primary = [true, false, false, true, false, false];
    let may_hide = [false, true, true, false, true, true];
    let cost = [9, 5, 7, 9, 5, 0];
    let instance = Instance {
        system: &system,
        primary: &primary,
        may_hide: &may_hide,
        cost: &cost,
        demand: Demanded::Exact,
    };
    let found = optimum(&instance, None, NODES).unwrap();
    assert_eq!((found.cost, found.lower_bound), (5, 5));
    assert_eq!(found.hidden, [true, true, false, true, false, true]);
}

#[test]
fn what_is_too_large_for_this_method_keeps_its_start_and_the_cheap_bound() {
    let large = 1_u64 << 33;
    let lines = vec![Line { whole: 2, parts: vec![0, 1] }];
    let system = System::of_counts(&[2, large, large + 2], lines);
    let instance = Instance {
        system: &system,
        primary: &[true, false, false],
        may_hide: &[false, true, true],
        cost: &[1, 4, 6],
        demand: Demanded::Ends { ends: &[(0, -1, 2)], lower: &[0, 0, 0] },
    };
    assert!(optimum(&instance, None, NODES).is_none());
    let kept = optimum(&instance, Some(&[true, false, true]), NODES).unwrap();
    assert_eq!((kept.cost, kept.lower_bound), (6, 4));
    assert_eq!(kept.hidden, [true, false, true]);
}

/// The benchmark instance `a2`: 20 hospitals in 4 regions by 7 age groups, 200 cells of which 40 are small.
fn a2() -> System {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/instances/a2.csv");
    let mut regions: BTreeMap<String, String> = BTreeMap::new();
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in csv::Reader::from_path(path).unwrap().records() {
        let row = row.unwrap();
        let count: u64 = row[3].parse().unwrap();
        regions.insert(row[1].to_owned(), row[0].to_owned());
        for place in [&row[0], &row[1], "all"] {
            for age in [&row[2], "all"] {
                *counts.entry((place.to_owned(), age.to_owned())).or_default() += count;
            }
        }
    }
    // A cell that no row names is empty, and printed as that.
    let numbers: BTreeMap<&(String, String), usize> =
        counts.keys().enumerate().map(|(number, cell)| (cell, number)).collect();
    let mut sums: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (cell, number) in &numbers {
        let (place, age) = (cell.0.clone(), cell.1.clone());
        let total = || (place != "all").then(|| "all".to_owned());
        if let Some(above) = regions.get(&place).cloned().or_else(total) {
            sums.entry((above, age.clone())).or_default().push(*number);
        }
        if age != "all" {
            // Named apart from the sum over places, of which the same cell may be the whole.
            sums.entry((place, "all ages".to_owned())).or_default().push(*number);
        }
    }
    let whole = |(place, age): &(String, String)| {
        let age = if age == "all ages" { "all" } else { age.as_str() };
        numbers[&(place.clone(), age.to_owned())]
    };
    let sums = sums.iter();
    let lines = sums.map(|(cell, parts)| Line { whole: whole(cell), parts: parts.clone() }).collect();
    let counts: Vec<u64> = counts.values().copied().collect();
    System::of_counts(&counts, lines)
}

#[test]
fn the_proven_minima_of_a_benchmark_instance_are_found_and_proven() {
    let system = a2();
    let counts: Vec<u64> = system.variables.iter().map(|set| set.records).collect();
    let primary: Vec<bool> = counts.iter().map(|count| (1..5).contains(count)).collect();
    let may_hide: Vec<bool> = counts.iter().map(|count| *count >= 5).collect();
    assert_eq!(primary.iter().filter(|primary| **primary).count(), 40);
    let lower = vec![0; counts.len()];
    let ends: Vec<(usize, i64, i64)> = (0..counts.len())
        .filter(|one| primary[*one])
        .map(|one| (one, 1 - counts[one] as i64, 4 - counts[one] as i64))
        .collect();
    let number = vec![1; counts.len()];
    for (cost, is_exact, minimum) in
        [(&number, true, 8), (&counts, true, 48), (&number, false, 11), (&counts, false, 71)]
    {
        let demand = if is_exact { Demanded::Exact } else { Demanded::Ends { ends: &ends, lower: &lower } };
        let instance = Instance { system: &system, primary: &primary, may_hide: &may_hide, cost, demand };
        let found = optimum(&instance, None, NODES).unwrap();
        assert_eq!((found.cost, found.lower_bound), (minimum, minimum));
        assert_eq!(secondary_cost(&instance, &found.hidden), minimum);
        assert!(is_protected(&instance, &found.hidden));
        let bound = packing_bound(&system, &primary, &primary, &may_hide, cost);
        assert!(bound <= minimum && (!is_exact || bound == minimum), "lonely lines decide the exact case");
    }
}
