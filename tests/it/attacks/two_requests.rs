//! Two requests by different people, each of them harmless.

use registat::{Condition, Ledger, Table};

use super::worlds::holes;
use super::*;

fn everyone() -> Table {
    counts_by_hospital("everyone")
}

fn women() -> Table {
    counts_by_hospital("women").only(Condition::level("sex", [WOMAN]))
}

/// The men, unit by unit and in all, where nothing else fits what the two were told.
fn attack(everyone: &Seen, women: &Seen) -> Vec<i64> {
    let columns = everyone.len();
    let table: Square = vec![women.to_vec(), vec![None; columns], everyone.to_vec()];
    let mut worlds = Worlds::of_square(&table, 0);
    // Nobody printed the men. What was hidden from the two is not zero, as zeros are printed.
    for place in holes(&table).into_iter().filter(|place| place / columns != 1) {
        worlds.limit(place, 1, 10_000);
    }
    let mut men = worlds.known(columns..2 * columns);
    men.retain(|number| is_small(*number));
    men
}

#[test]
fn two_harmless_answers_give_away_those_between_them_unless_the_ledger_is_asked() {
    let persons = men_and_women(&[(ALTA, 3, 30), (BODO, 10, 20), (DOKKA, 12, 25), (EGERSUND, 17, 31)]);
    let all = hidden_one_by_one(&by_unit(&persons, |_| true));
    let some = hidden_one_by_one(&by_unit(&persons, |person| person.sex == WOMAN));
    assert!(all.iter().chain(&some).all(Option::is_some), "nothing printed is small");
    assert_eq!(attack(&all, &some), [3]);

    for (first, second) in [(everyone(), women()), (women(), everyone())] {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), REGISTER).unwrap();
        let mut answer = |table: &Table, who: &str| {
            let release = publish(&persons, table, &mut ledger, who).unwrap();
            column_of(&release, table.id(), "Courses")
        };
        let (one, other) = (answer(&first, "a student"), answer(&second, "a journalist"));
        assert!(one.iter().all(Option::is_some), "whoever asks first is told everything: {one:?}");
        assert_eq!(other[0], None, "{other:?}");
        let found = if first.id() == "everyone" { attack(&one, &other) } else { attack(&other, &one) };
        assert!(found.is_empty(), "{one:?} {other:?}");
    }
}
