//! The same patients under another label.

use registat::{Plan, Table, Window, count};

use super::*;

/// The women of a new unit: its visits of the year are all that it ever had.
fn attack_new_unit(sexes: &Seen, year: Option<i64>) -> Option<i64> {
    match sexes {
        [Some(men), None] => Some(year? - men),
        [_, women] => *women,
        _ => None,
    }
}

#[test]
fn a_year_gives_away_what_a_new_unit_hides_unless_both_are_known_as_one_group() {
    let mut persons = men_and_women(&[(BODO, 15, 12), (DOKKA, 18, 16), (EGERSUND, 22, 27)]);
    persons.iter_mut().for_each(|person| person.visit = "15.03.2023".to_owned());
    persons.extend(men_and_women(&[(ALTA, 20, 3), (BODO, 10, 11), (DOKKA, 13, 9), (EGERSUND, 14, 8)]));
    let at_alta = |is_in: &dyn Fn(&Person) -> bool| by_unit(&persons, is_in)[0];
    let sexes = [MAN, WOMAN].map(|sex| at_alta(&|person| person.sex == sex));
    let year = at_alta(&|person| person.visit.ends_with("2024"));
    assert_eq!(year, at_alta(&|_| true), "all of them came in the year");
    assert_eq!(attack_new_unit(&hidden_one_by_one(&sexes), Some(year)), Some(3));

    let of_all_years = Table::new("sexes").rows("hospital").cols("sex").stat(count());
    let of_the_year = Table::new("year").rows("hospital").visits(Window::VisitYear(2024)).stat(count());
    let release = release(&persons, Plan::new().table(of_all_years).table(of_the_year));
    let sheet = read(&release, "sexes");
    let sexes = counts(&["Man / Courses", "Woman / Courses"].map(|head| sheet.count("Alta", head)));
    let year = column_of(&release, "year", "Courses")[0];
    assert_eq!(sexes[1], None);
    let found = attack_new_unit(&sexes, year);
    assert!(found.is_none_or(|number| !is_small(number)), "{sexes:?} {year:?}");
}

/// The units, the north being the only one of its units that anybody came to.
fn attack_only_unit(units: &Seen, north: Option<i64>) -> Vec<i64> {
    let mut units = units.to_vec();
    units[1] = units[1].or(north);
    fill(&mut units);
    small(&units)
}

#[test]
fn a_region_gives_away_its_only_unit_and_with_it_a_small_one_unless_both_are_known_as_one_group() {
    let persons = units(&[(BODO, 17), (DOKKA, 30), (EGERSUND, 3), (FLORO, 40)]);
    let line = by_unit(&persons, |_| true);
    let mut naive = hidden_one_by_one(&line);
    // By hand, another unit is hidden with the small one; nobody looks at the other table.
    naive[1] = None;
    assert!(attack_only_unit(&naive, None).is_empty());
    let north = hidden_one_by_one(&[line[0] + line[1]])[0];
    assert_eq!(attack_only_unit(&naive, north), [3]);

    let regions = Table::new("regions").rows("region").stat(count());
    let release = release(&persons, Plan::new().table(counts_by_hospital("units")).table(regions));
    let (ours, north) =
        (column_of(&release, "units", "Courses"), column_of(&release, "regions", "Courses")[0]);
    assert_eq!(ours[3], None);
    assert_eq!(ours[1], north, "printed twice or hidden twice");
    assert!(attack_only_unit(&ours, north).is_empty(), "{ours:?} {north:?}");
}
