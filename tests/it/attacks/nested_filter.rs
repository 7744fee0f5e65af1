//! Everyone, minus everyone but a few.

use registat::{Condition, Plan, Time};

use super::*;

fn up_to_65() -> Condition {
    Condition::Within { variable: "age".to_owned(), from: 0, to: 65, at: Time::BASELINE }
}

fn persons() -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, younger, older) in [(ALTA, 30, 3), (BODO, 20, 10), (DOKKA, 25, 12), (EGERSUND, 31, 17)] {
        persons.extend(person(unit, MAN).times(younger));
        persons.extend(person(unit, MAN).with(|person| person.age = Some(70)).times(older));
    }
    persons
}

fn attack(everyone: &Seen, younger: &Seen) -> Vec<i64> {
    let (mut everyone, mut younger) = (everyone.to_vec(), younger.to_vec());
    fill(&mut everyone);
    fill(&mut younger);
    small_differences(&everyone, &younger)
}

#[test]
fn a_filter_gives_away_those_outside_it_unless_they_are_protected_too() {
    let persons = persons();
    let everyone = hidden_one_by_one(&by_unit(&persons, |_| true));
    let younger = hidden_one_by_one(&by_unit(&persons, |person| person.age <= Some(65)));
    assert!(everyone.iter().chain(&younger).all(Option::is_some), "nothing printed is small");
    assert_eq!(attack(&everyone, &younger), [3]);

    let plan = Plan::new()
        .table(counts_by_hospital("everyone"))
        .table(counts_by_hospital("younger").only(up_to_65()));
    let release = release(&persons, plan);
    let column = |id: &str| counts(&Sheet::read(&release, id).counts("Courses"));
    let (everyone, younger) = (column("everyone"), column("younger"));
    assert!(attack(&everyone, &younger).is_empty(), "{everyone:?} {younger:?}");
}

#[test]
fn a_filter_of_the_same_people_under_two_names_is_one_group() {
    // Only men come: "men" is everyone, so what is hidden there is hidden here.
    let mut persons = units(&[(BODO, 30), (DOKKA, 40), (EGERSUND, 50)]);
    persons.extend(person(ALTA, MAN).times(3));
    persons.iter_mut().for_each(|person| person.sex = MAN);
    let plan = Plan::new()
        .table(counts_by_hospital("everyone"))
        .table(counts_by_hospital("men").only(Condition::level("sex", [MAN])));
    let release = release(&persons, plan);
    let column = |id: &str| Sheet::read(&release, id).counts("Courses");
    assert_eq!(column("everyone"), column("men"));
    assert_eq!(column("everyone")[0], None);
}
