//! Units, their regions and the country, each in a table of its own.

use registat::{Plan, Table, count};

use super::*;

/// The small numbers that nothing else fits, given that units make up regions and regions the country.
fn attack(units: &Seen, regions: &Seen, country: Option<i64>) -> Vec<i64> {
    let mut worlds = Worlds::new(units.iter().chain(regions).copied().chain([country]), 1);
    worlds.add_up(vec![0, 1, 5]);
    worlds.add_up(vec![2, 3, 4, 6]);
    worlds.add_up(vec![5, 6, 7]);
    let mut found = worlds.known(0..8);
    found.retain(|number| is_small(*number));
    found
}

/// Each of the three hides its own small numbers.
fn by_hand(persons: &[Person]) -> (Counts, Counts, Option<i64>) {
    let line = by_unit(persons, |_| true);
    let (units, country) = (&line[..5], line[5]);
    let regions: [i64; 2] = [units[..2].iter().sum(), units[2..].iter().sum()];
    (hidden_one_by_one(units), hidden_one_by_one(&regions), (!is_small(country)).then_some(country))
}

fn ours(persons: &[Person]) -> (Counts, Counts, Option<i64>) {
    let units = Table::new("units").rows("hospital").stat(count());
    let regions = Table::new("regions").rows("region").stat(count());
    let country = Table::new("country").stat(count());
    let release = release(persons, Plan::new().table(units).table(regions).table(country));
    let column = |id: &str| column_of(&release, id, "Courses");
    (column("units"), column("regions"), column("country")[0])
}

#[test]
fn regions_give_away_the_only_hidden_unit_of_each_unless_they_are_protected_together() {
    let persons = units(&[(ALTA, 3), (BODO, 30), (DOKKA, 25), (EGERSUND, 40), (FLORO, 4)]);
    let (units, regions, country) = by_hand(&persons);
    assert_eq!((regions[0], regions[1], country), (Some(33), Some(69), Some(102)));
    assert_eq!(attack(&units, &regions, country), [3, 4]);

    let (units, regions, country) = ours(&persons);
    assert_eq!((units[0], units[4]), (None, None));
    assert!(attack(&units, &regions, country).is_empty(), "{units:?} {regions:?} {country:?}");
}

#[test]
fn the_country_gives_away_a_small_region_unless_more_is_hidden() {
    let persons = units(&[(ALTA, 2), (BODO, 2), (DOKKA, 30), (EGERSUND, 25), (FLORO, 40)]);
    let (units, regions, country) = by_hand(&persons);
    assert_eq!(attack(&units, &regions, country), [4], "the region, if not its units");

    let (units, regions, country) = ours(&persons);
    assert_eq!(regions[0], None);
    assert!(attack(&units, &regions, country).is_empty(), "{units:?} {regions:?} {country:?}");
}
