//! The exact check against enumeration: on small linked tables every whole-number world is listed.

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::audit::Attack;
use super::choice::Task;
use super::flags::Flags;
use super::interval::Widening;
use super::rules::{Cost, Zeros};
use super::secondary::Problem;
use super::system::{Line, System};

/// A random system: two tables `a x b` and `a x c` with all margins, tied by the margin of `a`, whose levels fall in two
/// groups. Counts are small, so that zeros, ones and small sums are common.
fn linked_tables(random: &mut ChaCha8Rng) -> System {
    let (a, b, c) = (random.random_range(2..4_usize), random.random_range(2..4_usize), 2_usize);
    let mut counts: Vec<u64> = Vec::new();
    let mut lines = Vec::new();
    let mut push = |count: u64| {
        counts.push(count);
        counts.len() - 1
    };
    let inner: Vec<Vec<Vec<u64>>> = (0..a)
        .map(|_| (0..b).map(|_| (0..c).map(|_| random.random_range(0..4_u64)).collect()).collect())
        .collect();
    let of = |i: Option<usize>, j: Option<usize>, k: Option<usize>| -> u64 {
        let within = |wanted: Option<usize>, index: usize| wanted.is_none_or(|wanted| wanted == index);
        let mut sum = 0;
        for (x, plane) in inner.iter().enumerate().filter(|(x, _)| within(i, *x)) {
            let _ = x;
            for (y, row) in plane.iter().enumerate().filter(|(y, _)| within(j, *y)) {
                let _ = y;
                sum += row
                    .iter()
                    .enumerate()
                    .filter(|(z, _)| within(k, *z))
                    .map(|(_, count)| count)
                    .sum::<u64>();
            }
        }
        sum
    };
    let rows: Vec<usize> = (0..a).map(|i| push(of(Some(i), None, None))).collect();
    let total = push(of(None, None, None));
    for levels in [b, c] {
        let cell = |i: Option<usize>, level: usize| {
            if levels == b { of(i, Some(level), None) } else { of(i, None, Some(level)) }
        };
        let cells: Vec<Vec<usize>> =
            (0..a).map(|i| (0..levels).map(|level| push(cell(Some(i), level))).collect()).collect();
        let margins: Vec<usize> = (0..levels).map(|level| push(cell(None, level))).collect();
        for (i, row) in cells.iter().enumerate() {
            lines.push(Line { whole: rows[i], parts: row.clone() });
        }
        for (level, margin) in margins.iter().enumerate() {
            lines.push(Line { whole: *margin, parts: cells.iter().map(|row| row[level]).collect() });
        }
        lines.push(Line { whole: total, parts: margins });
        if b == c {
            break;
        }
    }
    lines.push(Line { whole: total, parts: rows });
    System::of_counts(&counts, lines)
}

/// Every world: values of the unknown variables, not below their lower bounds, that satisfy all lines.
fn worlds(system: &System, unknown: &[bool], lower: &[u64]) -> Vec<Vec<u64>> {
    let mut found = Vec::new();
    let start: Vec<Option<u64>> = (0..system.len())
        .map(|variable| (!unknown[variable]).then(|| system.variables[variable].records))
        .collect();
    extend(system, lower, start, &mut found);
    found
}

fn extend(system: &System, lower: &[u64], mut world: Vec<Option<u64>>, found: &mut Vec<Vec<u64>>) {
    // Lines with one open member decide it; repeat until none is left.
    loop {
        let mut progress = false;
        for line in &system.lines {
            let open: Vec<usize> = line.members().filter(|member| world[*member].is_none()).collect();
            let parts: u64 = line.parts.iter().filter_map(|part| world[*part]).sum();
            match (open.as_slice(), world[line.whole]) {
                ([], Some(whole)) if whole != parts => return,
                ([variable], None) if *variable == line.whole => world[*variable] = Some(parts),
                ([variable], Some(whole)) => match whole.checked_sub(parts) {
                    Some(rest) if rest >= lower[*variable] => world[*variable] = Some(rest),
                    _ => return,
                },
                _ => continue,
            }
            progress |= !open.is_empty();
        }
        if !progress {
            break;
        }
    }
    // The open member with the smallest range that a line with a known whole gives.
    let mut best: Option<(u64, usize)> = None;
    for line in &system.lines {
        let Some(whole) = world[line.whole] else { continue };
        let parts: u64 = line.parts.iter().filter_map(|part| world[*part]).sum();
        let Some(room) = whole.checked_sub(parts) else { return };
        for part in line.parts.iter().filter(|part| world[**part].is_none()) {
            if best.is_none_or(|(least, _)| room < least) {
                best = Some((room, *part));
            }
        }
    }
    // Where even the totals are hidden nothing bounds a cell; a few more than there are is enough to see two values.
    let unbounded =
        || world.iter().position(Option::is_none).map(|open| (system.variables[open].records + 2, open));
    let Some((room, variable)) = best.or_else(unbounded) else {
        if let Some(complete) = world.into_iter().collect() {
            found.push(complete);
        }
        return;
    };
    for value in lower[variable]..=room {
        let mut next = world.clone();
        next[variable] = Some(value);
        extend(system, lower, next, found);
    }
}

fn takes_two_values(worlds: &[Vec<u64>], variable: usize) -> bool {
    worlds.iter().map(|world| world[variable]).collect::<BTreeSet<_>>().len() > 1
}

#[test]
fn the_audit_finds_exactly_the_cells_that_enumeration_finds() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut exposed, mut safe) = (0, 0);
    for _ in 0..400 {
        let system = linked_tables(&mut random);
        let zeros_known = random.random_bool(0.5);
        let hide: Vec<bool> = system
            .variables
            .iter()
            .map(|set| set.records < 5 && (set.records > 0 || !zeros_known) && random.random_bool(0.8))
            .collect();
        let lower: Vec<u64> = vec![u64::from(zeros_known); system.len()];
        let secrets: Vec<usize> = (0..system.len()).filter(|variable| hide[*variable]).collect();
        let attack = Attack { system: &system, unknown: hide.clone(), lower: Some(lower.clone()) };
        let exposed_cells = attack.exposed(&secrets);
        let all = worlds(&system, &hide, &lower);
        assert!(!all.is_empty(), "the true table is a world");
        for variable in secrets {
            let is_safe = takes_two_values(&all, variable);
            assert_eq!(!exposed_cells.contains(&variable), is_safe);
            *(if is_safe { &mut safe } else { &mut exposed }) += 1;
        }
    }
    assert!(exposed > 200 && safe > 200, "both outcomes must be common for the comparison to mean anything");
}

#[test]
fn what_is_chosen_leaves_every_small_cell_two_values_and_gives_no_small_sum() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let (mut protected, mut refused) = (0, 0);
    for _ in 0..400 {
        let system = linked_tables(&mut random);
        let threshold = random.random_range(3..6_u64);
        let zeros = if random.random_bool(0.5) { Zeros::Shown } else { Zeros::Protected };
        let small = |records: u64| records < threshold && (records > 0 || zeros == Zeros::Protected);
        let sensitive: Vec<bool> = system.variables.iter().map(|set| small(set.records)).collect();
        let flags = Flags::all_printed(sensitive.clone());
        let secrets = flags.secrets();
        let lower = vec![u64::from(zeros == Zeros::Shown); system.len()];
        let task = Task {
            system: &system,
            flags: &flags,
            cost: &Problem::costs(&system, Cost::Log),
            least: threshold,
            lower: Some(lower.clone()),
            demanded: BTreeMap::new(),
            insiders: Vec::new(),
            respondents: 0,
            seed: 0,
        };
        let Ok(chosen) = task.choose() else {
            refused += 1;
            continue;
        };
        let hidden = chosen.hidden;
        let all = worlds(&system, &hidden, &lower);
        for variable in secrets {
            assert!(hidden[variable] && takes_two_values(&all, variable));
            protected += 1;
        }
        for line in &system.lines {
            let rest: Vec<usize> = line.parts.iter().copied().filter(|part| hidden[*part]).collect();
            if !hidden[line.whole] && rest.iter().any(|part| sensitive[*part]) {
                assert!(
                    system.patients_of(rest.iter().copied()) >= threshold,
                    "a line gives away a small sum"
                );
            }
        }
    }
    assert!(protected > 500, "few small cells: {protected}");
    assert!(refused < 200, "refused too often: {refused}");
}

#[test]
fn under_a_demanded_interval_every_small_cell_reaches_both_ends_in_some_world() {
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let mut reached = 0;
    for _ in 0..150 {
        let system = linked_tables(&mut random);
        let threshold = random.random_range(3..5_u64);
        let zeros_known = random.random_bool(0.5);
        let sensitive: Vec<bool> =
            system.variables.iter().map(|set| (1..threshold).contains(&set.records)).collect();
        let flags = Flags::all_printed(sensitive);
        let cost = Problem::costs(&system, Cost::Log);
        let problem =
            Problem { system: &system, flags: &flags, least_sum: 0, cost: &cost, improvements: 5, seed: 0 };
        let Ok(mut hidden) = problem.solve() else { continue };
        let lower: Vec<u64> =
            system.variables.iter().map(|set| u64::from(zeros_known && set.records > 0)).collect();
        let secrets = flags.secrets();
        let demanded = secrets.iter().map(|secret| (*secret, (1, threshold - 1))).collect();
        let widening = Widening::new(&problem, demanded, lower.clone());
        let mut intervals = widening.widen(&mut hidden, &secrets);
        widening.trim(&mut hidden, &secrets, &mut intervals);
        let all = worlds(&system, &hidden, &lower);
        for secret in secrets.into_iter().filter(|secret| !intervals.narrow.contains(secret)) {
            let values: BTreeSet<u64> = all.iter().map(|world| world[secret]).collect();
            assert!(values.contains(&1) && values.contains(&(threshold - 1)));
            reached += 1;
        }
    }
    assert!(reached > 200, "{reached}");
}
