//! Numbers that are rounded by themselves do not add up, and an exact percentage of a rounded number undoes the rounding.

use registat::{RoundingMethod, RoundingScope, SeparateRounding, SmallCountRounding};

use super::*;

/// What small counts are rounded to: nothing, or this.
const BASE: i64 = 5;

/// To the nearest multiple of the base, as is done by hand.
fn by_itself(number: i64) -> i64 {
    (number + BASE / 2) / BASE * BASE
}

/// The numbers that are printed as this when each is rounded by itself.
fn behind_by_itself(printed: i64) -> (i64, i64) {
    ((printed - BASE / 2).max(0), printed + BASE / 2)
}

/// The counts that are printed as this when only small ones are rounded: nothing can be any small count or nothing, the base
/// any small count or itself, and anything else is as it is.
fn behind_small_counts(printed: i64) -> (i64, i64) {
    match printed {
        0 => (0, BASE - 1),
        BASE => (1, BASE),
        other => (other, other),
    }
}

/// The small parts that have no other choice, of parts and their total between bounds.
fn attack(bounds: &[(i64, i64)]) -> Vec<i64> {
    let mut worlds = Worlds::new(vec![None; bounds.len()], 0);
    worlds.add_up((0..bounds.len()).collect());
    for (place, (least, most)) in bounds.iter().enumerate() {
        worlds.limit(place, *least, *most);
    }
    let known = worlds.known(0..bounds.len() - 1);
    known.into_iter().filter(|number| is_small(*number)).collect()
}

#[test]
fn parts_and_total_rounded_by_themselves_give_the_parts_away_and_those_that_add_up_do_not() {
    let counts = [2, 2, 2, 2, 8];
    let naive = counts.map(by_itself);
    assert_eq!(naive, [0, 0, 0, 0, 10]);
    assert_eq!(attack(&naive.map(behind_by_itself)), [2, 2, 2, 2], "only twos add up to 8 or more");
    let same = counts.map(|count| count as u64);
    let mut separate = SeparateRounding::new(same, RoundingMethod::NearestMultiple, 5).unwrap();
    separate.equation(4, 0..4).unwrap();
    assert_eq!(separate.audit(5).unwrap().exposed().count(), 4, "the audit finds it too");

    let mut table = SmallCountRounding::new([2; 4], 5).unwrap().scope(RoundingScope::EverySmall);
    for part in 0..4 {
        table.publish([part]).unwrap();
    }
    table.publish(0..4).unwrap();
    let rounded = table.round().unwrap();
    let printed: Vec<i64> = rounded.published().iter().map(|count| *count as i64).collect();
    assert_eq!(printed[4], printed[..4].iter().sum::<i64>());
    let mut bounds: Vec<(i64, i64)> = printed.iter().map(|count| behind_small_counts(*count)).collect();
    // Of the true total the printed one says no more than the parts do.
    bounds[4] = (0, i64::MAX);
    assert!(attack(&bounds).is_empty(), "{printed:?}");
    assert!(rounded.audit(&[]).unwrap().is_safe());
}

/// The small count that a percentage with one decimal tells, of a whole between bounds.
fn attack_on_percentage(whole: (i64, i64), percent: f64) -> Vec<i64> {
    let pairs = (whole.0..=whole.1).flat_map(|whole| (0..=whole).map(move |part| (part, whole)));
    let fits = |(part, whole): &(i64, i64)| (100.0 * *part as f64 / *whole as f64 - percent).abs() <= 0.05;
    let found: Vec<(i64, i64)> = pairs.filter(fits).collect();
    let [(part, _)] = found.as_slice() else { return Vec::new() };
    [*part].into_iter().filter(|part| is_small(*part)).collect()
}

#[test]
fn an_exact_percentage_of_a_rounded_number_gives_both_away_and_one_of_rounded_numbers_does_not() {
    let percent = |part: i64, whole: i64| (1000.0 * part as f64 / whole as f64).round() / 10.0;
    assert_eq!(by_itself(38), 40);
    assert_eq!(attack_on_percentage(behind_by_itself(40), percent(2, 38)), [2]);

    let mut table = SmallCountRounding::new([2, 36], 5).unwrap().scope(RoundingScope::EverySmall);
    table.publish([0]).unwrap();
    table.publish([0, 1]).unwrap();
    let rounded = table.round().unwrap();
    let [part, whole] = [0, 1].map(|cell| rounded.published()[cell] as i64);
    let (least, most) = behind_small_counts(part);
    let found = attack_on_percentage((whole - part + least, whole - part + most), percent(part, whole));
    assert!(found.is_empty(), "{part} of {whole}");
}
