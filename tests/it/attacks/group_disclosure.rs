//! All of a group, or all but one, have the same answer: whoever is known to be in the group has given it.

use registat::{Condition, Table, share};

use super::worlds::holes;
use super::*;

/// Patients of the units, by education. All of Alta have the highest level, and all of Bodø but one.
const SIZES: [[i64; 3]; 5] = [[0, 0, 12], [0, 1, 15], [11, 14, 18], [22, 30, 16], [14, 25, 19]];

fn by_education() -> Vec<Person> {
    by_education_of(&SIZES)
}

/// The rows and columns of a table in which, in every world, at most one patient of the row is not in the column.
fn attack(table: &[Counts]) -> Vec<(usize, usize)> {
    let columns = table.first().map_or(0, Vec::len);
    let mut found = Vec::new();
    for row in 0..table.len() {
        for column in 0..columns - 1 {
            // A row of its own below the table: the others of this row.
            let printed = table.iter().flatten().copied().chain([None]);
            let mut worlds = Worlds::new(printed, 0);
            for line in 0..table.len() {
                worlds.add_up((0..columns).map(|column| line * columns + column).collect());
            }
            for line in 0..columns {
                worlds.add_up((0..table.len()).map(|row| row * columns + line).collect());
            }
            let others = table.len() * columns;
            worlds.add_up(vec![others, row * columns + column, (row + 1) * columns - 1]);
            worlds.limit(row * columns + column, 1, i64::MAX);
            let someone_is = worlds.any().is_some();
            worlds.limit(others, 2, i64::MAX);
            if someone_is && worlds.any().is_none() {
                found.push((row, column));
            }
        }
    }
    found
}

#[test]
fn a_row_with_one_answer_gives_away_everyone_in_it_unless_the_variable_is_sensitive() {
    let inner: Vec<Vec<i64>> = SIZES.iter().map(|sizes| sizes.to_vec()).collect();
    let naive: Square = with_totals(&inner).iter().map(|row| hidden_one_by_one(row)).collect();
    assert_eq!(holes(&naive).len(), 1);
    assert_eq!(attack(&naive), [(0, 2), (1, 2)]);

    let policy = Policy::threshold_of(5).unwrap().with_sensitive("education");
    let release = release_under(&policy, &by_education(), &counts_by_hospital_and("t", "education"));
    let ours = square(&read(&release, "t"));
    assert!(attack(&ours).is_empty(), "{ours:?}");
}

/// The rows in which a share says that at most one patient differs from the others.
fn attack_on_shares(numbers: &Seen, shares: &[Option<f64>]) -> Vec<usize> {
    let is_disclosed = |row: &usize| match (numbers[*row], shares[*row]) {
        (Some(0), _) | (_, None) => false,
        (Some(n), Some(share)) => {
            let some = (n as f64 * share / 100.0).round() as i64;
            some.min(n - some) <= 1
        }
        (None, Some(share)) => share == 0.0 || share == 100.0,
    };
    (0..numbers.len()).filter(is_disclosed).collect()
}

#[test]
fn a_share_of_nobody_or_everybody_gives_away_everyone_unless_the_variable_is_sensitive() {
    let mut persons = Vec::new();
    for (unit, working, others) in [(ALTA, 12, 0), (BODO, 0, 20), (DOKKA, 29, 1), (EGERSUND, 33, 27)] {
        persons.extend(person(unit, MAN).with(|person| person.working = true).times(working));
        persons.extend(person(unit, MAN).times(others));
    }
    let patients = by_unit(&persons, |_| true);
    let working = by_unit(&persons, |person| person.working);
    let percent = |(of, among): (&i64, &i64)| {
        (*among > 0).then(|| (1000.0 * *of as f64 / *among as f64).round() / 10.0)
    };
    let shares: Vec<Option<f64>> = working.iter().zip(&patients).map(percent).collect();
    assert_eq!(attack_on_shares(&hidden_one_by_one(&patients), &shares), [0, 1, 2]);

    let table = Table::new("t").rows("hospital").stat(share(Condition::level("working", [1])));
    let policy = Policy::threshold_of(5).unwrap().with_sensitive("working");
    let sheet = read(&release_under(&policy, &persons, &table), "t");
    let (numbers, shares) = (counts(&sheet.counts("N")), numbers_of(&sheet, "Share"));
    assert_eq!(shares[3], Some(55.0), "what gives nobody away is printed");
    assert!(attack_on_shares(&numbers, &shares).is_empty(), "{shares:?}");
}
