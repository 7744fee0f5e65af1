//! Where every zero is printed, a hidden number is at least one.

use super::*;

/// Hidden numbers that add up to their own number are all one.
fn all_are_one(line: &Seen) -> bool {
    let holes = line.iter().rev().skip(1).filter(|number| number.is_none()).count();
    rest(line) == Some(holes as i64)
}

#[test]
fn holes_that_add_up_to_their_number_are_all_one_unless_more_is_hidden() {
    let persons = units(&[(ALTA, 1), (BODO, 1), (DOKKA, 30), (EGERSUND, 40)]);
    let naive = hidden_one_by_one(&by_unit(&persons, |_| true));
    assert!(all_are_one(&naive));

    let release = release(&persons, &counts_by_hospital("t"));
    let ours = counts(&Sheet::read(&release, "t").counts("Courses"));
    assert_eq!(ours[4], Some(0), "a zero is printed");
    assert!(!all_are_one(&ours), "{ours:?}");
    assert!(rest(&ours).is_none_or(|rest| rest >= THRESHOLD as i64), "{ours:?}");
}
