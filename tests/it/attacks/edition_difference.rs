//! Last edition's number minus this edition's.

use registat::{Ledger, Plan};

use super::*;

/// Later forms: one more patient in the first unit.
fn editions() -> (Vec<Person>, Vec<Person>) {
    let before = units(&[(ALTA, 40), (BODO, 30), (DOKKA, 25), (EGERSUND, 50)]);
    let mut after = before.clone();
    after.push(person(ALTA, WOMAN));
    (before, after)
}

fn attack(before: &Seen, after: &Seen) -> Vec<i64> {
    let (mut before, mut after) = (before.to_vec(), after.to_vec());
    fill(&mut before);
    fill(&mut after);
    small_differences(&after, &before)
}

fn column(persons: &[Person], ledger: &mut Ledger, name: &str) -> Option<Counts> {
    let plan = Plan::new().table(counts_by_hospital("t"));
    match publish(persons, plan, ledger, name) {
        Ok(release) => Some(counts(&Sheet::read(&release, "t").counts("Courses"))),
        Err(error) => {
            assert!(error.is_refusal(), "{error}");
            None
        }
    }
}

#[test]
fn two_editions_give_away_a_late_form_unless_the_ledger_is_asked() {
    let (before, after) = editions();
    let all = |persons: &[Person]| hidden_one_by_one(&by_unit(persons, |_| true));
    assert_eq!(attack(&all(&before), &all(&after)), [1, 1], "the unit and the total");

    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), REGISTER).unwrap();
    let first = column(&before, &mut ledger, "edition 2024").unwrap();
    assert_eq!(first, all(&before));
    // Nothing at all is safe too.
    if let Some(second) = column(&after, &mut ledger, "edition 2025") {
        assert!(attack(&first, &second).is_empty(), "{first:?} {second:?}");
        assert_eq!(second[1], first[1], "what did not change is printed as before");
    }
}
