//! A row for all other units, of which there is only one.

use registat::{Block, Condition, Label, Plan, Table, count};

use super::*;

/// A row of several units together.
fn pool(name: &str, units: impl IntoIterator<Item = i64>) -> Block {
    Block::Condition { label: Label::same(name), holds: Condition::level("unit", units) }
}

/// The small units of a pool that nothing else fits. Each hidden one has somebody, as zeros are printed.
fn attack(members: &Seen, pool: Option<i64>) -> Vec<i64> {
    let mut worlds = Worlds::new(members.iter().copied().chain([pool]), 1);
    worlds.add_up((0..=members.len()).collect());
    let mut found = worlds.known(0..members.len());
    found.retain(|number| is_small(*number));
    found
}

#[test]
fn a_pool_of_one_unit_is_that_unit_unless_both_are_known_as_one_group() {
    // Nobody came to the last unit, so that the other units are the first one.
    let persons = units(&[(ALTA, 3), (BODO, 20), (DOKKA, 30), (EGERSUND, 40)]);
    let line = by_unit(&persons, |_| true);
    let naive = hidden_one_by_one(&line);
    // By hand, what is too small for a row of its own is pooled, and the pool is printed with its number.
    assert_eq!(attack(&[naive[0], naive[4]], Some(line[0] + line[4])), [3]);

    let table = Table::new("t").rows(hospitals()).block(pool("Other units", [ALTA, FLORO])).stat(count());
    let sheet = read(&release(&persons, &table), "t");
    let ours = counts(&sheet.counts("Courses"));
    let pool = counts(&[sheet.count("Other units", "Courses")])[0];
    assert_eq!((ours[0], pool), (None, None), "hidden under both names");
    assert_eq!(ours[4], Some(0));
    assert!(attack(&[ours[0], ours[4]], pool).is_empty(), "{ours:?}");
}

/// The unit that is in one pool and not in the other one.
fn attack_between(three: Option<i64>, two: Option<i64>) -> Option<i64> {
    Some(three? - two?).filter(|number| is_small(*number))
}

#[test]
fn two_pools_give_away_the_unit_between_them_unless_they_are_protected_together() {
    let persons = units(&[(ALTA, 4), (BODO, 3), (DOKKA, 30), (EGERSUND, 40), (FLORO, 2)]);
    let line = by_unit(&persons, |_| true);
    let pools = [line[0] + line[1] + line[4], line[0] + line[1]];
    let naive = hidden_one_by_one(&pools);
    assert_eq!(naive, [Some(9), Some(7)], "two units and enough patients in each");
    assert_eq!(attack_between(naive[0], naive[1]), Some(2));

    let three = Table::new("three").block(pool("Small units", [ALTA, BODO, FLORO])).stat(count());
    let two = Table::new("two").block(pool("Northern units", [ALTA, BODO])).stat(count());
    let release = release(&persons, Plan::new().table(three).table(two));
    let [three, two] = ["three", "two"].map(|id| column_of(&release, id, "Courses")[0]);
    assert!(three.is_some() || two.is_some(), "one of the two can be printed");
    assert_eq!(attack_between(three, two), None);
}
