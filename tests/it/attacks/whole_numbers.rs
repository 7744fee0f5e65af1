//! Numbers come whole: tables by three variables can leave room for halves where only one whole number fits.

use registat::{Condition, Table, count, dim};

use super::worlds::holes;
use super::*;

/// Patients by unit, band of age and education.
static SIZES: [[[i64; 3]; 3]; 5] = [
    [[3, 3, 23], [2, 2, 27], [3, 3, 27]],
    [[4, 29, 3], [3, 4, 29], [29, 4, 4]],
    [[16, 3, 3], [4, 3, 14], [3, 30, 3]],
    [[21, 12, 20], [27, 24, 25], [24, 30, 26]],
    [[16, 23, 15], [13, 16, 27], [18, 20, 25]],
];

/// The only change of small numbers that leaves every total of two of the three variables as it is. The twos of the first
/// unit can move by one, but not by two.
static CHANGE: [[[i64; 3]; 3]; 3] = [
    [[-1, 1, 0], [2, -2, 0], [-1, 1, 0]],
    [[1, 0, -1], [-1, 1, 0], [0, -1, 1]],
    [[0, -1, 1], [-1, 1, 0], [1, 0, -1]],
];

fn persons() -> Vec<Person> {
    let mut persons = Vec::new();
    for ((unit, _), by_age) in UNITS.iter().zip(SIZES) {
        for (age, by_education) in [30, 50, 70].into_iter().zip(by_age) {
            for (education, size) in (1..).zip(by_education) {
                let one = person(*unit, WOMAN).with(|person| {
                    person.age = Some(age);
                    person.education = education;
                });
                persons.extend(one.times(size as usize));
            }
        }
    }
    persons
}

/// Units by age: of everyone, or of one level of education.
fn by_hand(education: Option<usize>) -> Square {
    let size = |sizes: &[i64; 3]| education.map_or(sizes.iter().sum::<i64>(), |level| sizes[level]);
    let inner: Vec<Vec<i64>> = SIZES.iter().map(|by_age| by_age.iter().map(&size).collect()).collect();
    with_totals(&inner).iter().map(|row| hidden_one_by_one(row)).collect()
}

/// The numbers of these places that have no other choice in whole numbers. Four tables stand below each other: of everyone,
/// and of each level of education.
fn attack(tables: &[Counts], places: &[usize]) -> Vec<i64> {
    let mut worlds = Worlds::new(tables.iter().flatten().copied(), 1);
    for line in 0..24 {
        worlds.add_up((0..4).map(|column| 4 * line + column).collect());
        worlds.add_up([24, 48, 72, 0].map(|table| table + line).to_vec());
    }
    for table in [0, 24, 48, 72] {
        for column in 0..4 {
            worlds.add_up((0..6).map(|row| table + 4 * row + column).collect());
        }
    }
    worlds.known(places.iter().copied())
}

#[test]
fn whole_numbers_give_away_what_halves_would_not_unless_more_is_hidden() {
    let naive: Square = [None, Some(0), Some(1), Some(2)].map(by_hand).concat();
    let small_places = holes(&naive);
    assert_eq!(small_places.len(), 18);
    // Half of the change fits in both directions, as far as totals and bounds go; all of it does not.
    let adds_up = |at: &dyn Fn(usize) -> i64| (0..3).map(at).sum::<i64>() == 0;
    assert!((0..9_usize).map(|line| (line / 3, line % 3)).all(|(a, b)| {
        adds_up(&|c| CHANGE[a][b][c]) && adds_up(&|c| CHANGE[a][c][b]) && adds_up(&|c| CHANGE[c][a][b])
    }));
    let numbers = SIZES.as_flattened().as_flattened().iter().zip(CHANGE.as_flattened().as_flattened());
    numbers.for_each(|(size, change)| assert!(2 * size - change.abs() >= 2));
    let found = attack(&naive, &small_places);
    assert_eq!(found.len(), small_places.len());
    assert!(found.iter().all(|number| is_small(*number)), "{found:?}");

    let bands = || dim("age").bands([0, 40, 60]).total();
    let table = |id: &str| Table::new(id).rows(hospitals()).cols(bands()).stat(count());
    let of_level = |level: i64| table(&format!("level_{level}")).only(Condition::level("education", [level]));
    let plan = (1..=3).fold(Plan::new().table(table("everyone")), |plan, level| plan.table(of_level(level)));
    let release = release(&persons(), plan);
    let ours = ["everyone", "level_1", "level_2", "level_3"].map(|id| square(&read(&release, id))).concat();
    assert!(attack(&ours, &small_places).is_empty(), "{ours:?}");
}
