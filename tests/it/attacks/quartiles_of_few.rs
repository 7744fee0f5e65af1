//! The median and the quartiles of a few patients are answers of single patients.

use registat::{Table, median};

use super::*;

/// Answers of the first unit, where every quartile is an answer, and sizes of the others.
const PAINS: [i64; 5] = [1, 3, 6, 8, 9];

fn persons() -> Vec<Person> {
    let mut persons = units(&[(BODO, 24), (DOKKA, 35), (EGERSUND, 41), (FLORO, 50)]);
    persons.extend(PAINS.map(|pain| person(ALTA, MAN).with(|person| person.pain = pain)));
    persons
}

/// Number of patients, lower quartile, median and upper quartile of a row as printed.
type Row = (Option<i64>, [Option<f64>; 3]);

/// The answers that can be read off: of 5, 9, 13 ... patients every quartile is one, of an odd number the median is. Of
/// 20 patients or more many share an answer.
fn attack(rows: &[Row]) -> Vec<f64> {
    let answers = |(n, [lower, median, upper]): &Row| match (*n).filter(|n| *n < 20)? % 4 {
        1 => Some(vec![*lower, *median, *upper]),
        3 => Some(vec![*median]),
        _ => None,
    };
    rows.iter().filter_map(answers).flatten().flatten().collect()
}

#[test]
fn quartiles_of_five_patients_are_the_answers_of_three_unless_a_minimum_is_kept() {
    let persons = persons();
    let patients = hidden_one_by_one(&by_unit(&persons, |_| true));
    assert!(patients.iter().all(Option::is_some), "nothing printed is small");
    // Of n sorted answers the quartile p stands at place (n - 1) p, between two of them if that is no whole number.
    let quartiles = |unit: i64| {
        let mut pains: Vec<i64> =
            persons.iter().filter(|person| person.unit == unit).map(|person| person.pain).collect();
        pains.sort_unstable();
        [1, 2, 3].map(|quarter| {
            let place = (pains.len() - 1) * quarter;
            let (low, high) = (pains[place / 4], pains[place.div_ceil(4)]);
            Some(low as f64 + (high - low) as f64 * (place % 4) as f64 / 4.0)
        })
    };
    let naive: Vec<Row> = UNITS.iter().zip(&patients).map(|((unit, _), n)| (*n, quartiles(*unit))).collect();
    assert_eq!(attack(&naive), [3.0, 6.0, 8.0]);

    // The registers' own rules ask for 20 patients.
    let table = Table::new("t").rows(hospitals()).stat(median("pain_rest"));
    let sheet = read(&release_under(&Policy::norwegian_register(), &persons, &table), "t");
    let [lower, middle, upper] =
        ["Quartiles / lower", "Median", "Quartiles / upper"].map(|head| numbers_of(&sheet, head));
    let numbers = counts(&sheet.counts("N"));
    let ours: Vec<Row> =
        (0..numbers.len()).map(|row| (numbers[row], [lower[row], middle[row], upper[row]])).collect();
    assert_eq!((ours[0].0, ours[1].1[1]), (Some(5), Some(5.0)), "the number itself is no secret");
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
