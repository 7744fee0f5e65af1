//! A hospital knows its own patients, and subtracts them.

use super::worlds::holes;
use super::*;

/// Patients of the units, by education.
const SIZES: [[i64; 3]; 5] = [[3, 4, 20], [4, 3, 25], [15, 12, 18], [22, 30, 16], [14, 25, 19]];

fn persons() -> Vec<Person> {
    by_education_of(&SIZES)
}

/// The small numbers of other hospitals that a hospital works out which knows its own row.
fn attack(table: &[Counts], truth: &[Vec<i64>], insider: usize) -> Vec<i64> {
    let columns = truth[insider].len();
    let mut worlds = Worlds::of_square(table, 1);
    for (column, number) in truth[insider].iter().enumerate() {
        worlds.limit(insider * columns + column, *number, *number);
    }
    let others = holes(table).into_iter().filter(|place| place / columns != insider);
    worlds.known(others).into_iter().filter(|number| is_small(*number)).collect()
}

#[test]
fn a_hospital_works_out_another_one_unless_it_is_taken_for_an_insider() {
    let inner: Vec<Vec<i64>> = SIZES.iter().map(|sizes| sizes.to_vec()).collect();
    let truth = with_totals(&inner);
    let naive: Square = truth.iter().map(|row| hidden_one_by_one(row)).collect();
    assert!(Worlds::of_square(&naive, 1).known(holes(&naive)).is_empty(), "an outsider does not");
    assert_eq!(attack(&naive, &truth, 0), [4, 3], "Alta works out Bodø");
    assert_eq!(attack(&naive, &truth, 1), [3, 4], "Bodø works out Alta");

    let policy = five().with_insider("hospital");
    let release = release_under(&policy, &persons(), &counts_by_hospital_and("t", "education"));
    let ours = square(&read(&release, "t"));
    assert_eq!([ours[0][0], ours[0][1], ours[1][0], ours[1][1]], [None; 4]);
    for (insider, (_, name)) in UNITS.iter().enumerate() {
        assert!(attack(&ours, &truth, insider).is_empty(), "{name}: {ours:?}");
    }
}
