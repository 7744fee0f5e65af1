//! A total that one table leaves out is the sum of a row of another table.

use registat::{Plan, Table, count};

use super::*;

/// The hidden one of two numbers whose sum another table prints in parts.
fn attack(sexes: &Seen, education: &Seen) -> Option<i64> {
    let total: i64 = education.iter().copied().collect::<Option<Vec<i64>>>()?.iter().sum();
    match sexes {
        [None, Some(other)] | [Some(other), None] => Some(total - other),
        _ => None,
    }
}

fn persons() -> Vec<Person> {
    let mut persons = men_and_women(&[(ALTA, 20, 3), (BODO, 18, 24), (DOKKA, 30, 33), (EGERSUND, 21, 27)]);
    for (number, person) in persons.iter_mut().enumerate() {
        person.education = 1 + number as i64 % 3;
    }
    persons
}

#[test]
fn a_second_table_gives_away_what_the_first_one_hides_unless_they_are_protected_together() {
    let persons = persons();
    let at_alta = |is_in: &dyn Fn(&Person) -> bool| by_unit(&persons, is_in)[0];
    let sexes = [MAN, WOMAN].map(|sex| at_alta(&|person| person.sex == sex));
    let education = [1, 2, 3].map(|level| at_alta(&|person| person.education == level));
    assert_eq!(attack(&hidden_one_by_one(&sexes), &hidden_one_by_one(&education)), Some(3));

    let by = |variable: &str| Table::new(variable).rows("hospital").cols(variable).stat(count());
    let release = release(&persons, Plan::new().table(by("sex")).table(by("education")));
    let (sexes, education) = (Sheet::read(&release, "sex"), Sheet::read(&release, "education"));
    for (one, other) in sexes.grid().iter().zip(education.grid()) {
        let found = attack(&counts(one), &counts(&other));
        assert!(found.is_none_or(|number| !is_small(number)), "{one:?} {other:?}");
    }
    assert_eq!(sexes.count("Alta", "Woman / Courses"), None);
}
