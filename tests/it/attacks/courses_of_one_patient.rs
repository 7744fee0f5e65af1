//! Six courses, one patient.

use registat::{Condition, Table, count, share};

use super::*;

fn persons() -> Vec<Person> {
    let mut persons = units(&[(BODO, 20), (DOKKA, 25), (EGERSUND, 30)]);
    for month in 1..=6 {
        persons.push(person(ALTA, WOMAN).with(|person| {
            person.patient = Some("comes often".to_owned());
            person.visit = format!("10.{month:02}.2024");
        }));
    }
    persons
}

#[test]
fn six_courses_of_one_patient_are_a_group_of_one() {
    let persons = persons();
    let naive = hidden_one_by_one(&by_unit(&persons, |_| true));
    assert_eq!(naive[0], Some(6), "counted by courses nothing seems small");

    let release = release(&persons, &counts_by_hospital("t"));
    let mut ours = counts(&Sheet::read(&release, "t").counts("Courses"));
    fill(&mut ours);
    assert_eq!(ours[0], None, "{ours:?}");
    assert!(rest(&ours).is_none_or(|rest| rest > 6), "not even together with nobody else: {ours:?}");
}

#[test]
fn a_share_of_the_courses_of_few_patients_is_hidden() {
    // Ten courses of two patients work, thirty patients do not.
    let mut persons = person(ALTA, MAN).times(30);
    for number in 0..10 {
        persons.push(person(ALTA, MAN).with(|person| {
            person.patient = Some(format!("works {}", number % 2));
            person.working = true;
        }));
    }
    let table = Table::new("t").stat(count()).stat(share(Condition::level("working", [1])));
    let sheet = Sheet::read(&release(&persons, &table), "t");
    assert_eq!(sheet.count("All", "Courses"), Some(40));
    assert_eq!(sheet.number("All", "Share"), None);
}
