//! A table, and the same table once a mistake in it was corrected.

use registat::Ledger;

use super::*;

fn before() -> Vec<Person> {
    units(&[(ALTA, 40), (BODO, 30), (DOKKA, 25), (EGERSUND, 50)])
}

/// One patient was entered under the wrong unit.
fn moved() -> Vec<Person> {
    let mut persons = before();
    persons[39].unit = BODO;
    persons
}

/// Two patients of the last unit withdrew their consent.
fn withdrawn() -> Vec<Person> {
    let mut persons = before();
    persons.truncate(persons.len() - 2);
    persons
}

/// How many came and went, where these are few.
fn attack(first: &Seen, second: &Seen) -> Vec<i64> {
    let (mut first, mut second) = (first.to_vec(), second.to_vec());
    fill(&mut first);
    fill(&mut second);
    let mut found = small_differences(&second, &first);
    found.extend(small_differences(&first, &second));
    found
}

/// Both releases as printed, entered in one ledger; a second one that is refused prints nothing.
fn released(before: &[Person], after: &[Person]) -> (Counts, Counts) {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), REGISTER).unwrap();
    let table = counts_by_hospital("t");
    let first = publish(before, &table, &mut ledger, "first").unwrap();
    let first = column_of(&first, "t", "Courses");
    let second = match publish(after, &table, &mut ledger, "corrected") {
        Ok(second) => column_of(&second, "t", "Courses"),
        Err(error) => {
            assert!(error.is_refusal(), "{error}");
            vec![None; first.len()]
        }
    };
    (first, second)
}

#[test]
fn a_patient_who_was_moved_is_seen_in_two_units_unless_the_ledger_is_asked() {
    let (before, after) = (before(), moved());
    let by_hand = |persons: &[Person]| hidden_one_by_one(&by_unit(persons, |_| true));
    assert_eq!(attack(&by_hand(&before), &by_hand(&after)), [1, 1], "one more in Bodø, one fewer in Alta");

    let (first, second) = released(&before, &after);
    assert_eq!(first, by_hand(&before));
    assert!(attack(&first, &second).is_empty(), "{first:?} {second:?}");
    assert_eq!(second[2], first[2], "what was right is printed as before");
}

#[test]
fn patients_who_were_withdrawn_are_seen_unless_the_ledger_is_asked() {
    let (before, after) = (before(), withdrawn());
    let by_hand = |persons: &[Person]| hidden_one_by_one(&by_unit(persons, |_| true));
    assert_eq!(attack(&by_hand(&before), &by_hand(&after)), [2, 2], "in Egersund, and in all");

    let (first, second) = released(&before, &after);
    assert_eq!(first, by_hand(&before));
    assert!(attack(&first, &second).is_empty(), "{first:?} {second:?}");
}
