//! Two hidden numbers that together are still a small group.

use super::*;

#[test]
fn two_holes_give_away_a_small_group_unless_more_is_hidden() {
    let persons = units(&[(ALTA, 1), (BODO, 2), (DOKKA, 30), (EGERSUND, 40), (FLORO, 50)]);
    let naive = hidden_one_by_one(&by_unit(&persons, |_| true));
    assert_eq!(rest(&naive), Some(3));

    let release = release(&persons, &counts_by_hospital("t"));
    let ours = counts(&Sheet::read(&release, "t").counts("Courses"));
    assert_eq!((ours[0], ours[1]), (None, None));
    assert!(rest(&ours).is_none_or(|rest| rest >= THRESHOLD as i64), "{ours:?}");
}
