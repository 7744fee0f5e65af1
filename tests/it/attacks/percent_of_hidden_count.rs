//! A percentage that stays where its count is hidden is the count, and so is one of a hidden number of patients.

use registat::{Condition, Table, share};

use super::*;

/// The small numbers that percentages with one decimal tell: hidden numbers of patients, and how many are counted, or not
/// counted, of a printed one.
fn attack(numbers: &Seen, percentages: &[Option<f64>]) -> Vec<i64> {
    let mut found: Vec<i64> = Vec::new();
    for (n, percent) in numbers.iter().zip(percentages) {
        let Some(percent) = percent else { continue };
        match n {
            Some(n) => {
                let some = (*n as f64 * percent / 100.0).round() as i64;
                found.extend([some, n - some].into_iter().filter(|number| is_small(*number)));
            }
            None => {
                let fits = |n: &i64| {
                    let exact = |some: i64| 100.0 * some as f64 / *n as f64;
                    (0..=*n).any(|some| (exact(some) - percent).abs() <= 0.05)
                };
                let possible: Vec<i64> = (1..THRESHOLD as i64).filter(fits).collect();
                found.extend(possible.first().filter(|_| possible.len() == 1));
            }
        }
    }
    found
}

#[test]
fn a_percentage_tells_the_count_that_is_hidden_beside_it_unless_it_is_hidden_too() {
    let persons =
        working_and_others(&[(ALTA, 1, 2), (BODO, 3, 1), (DOKKA, 2, 38), (EGERSUND, 47, 3), (FLORO, 15, 15)]);
    let patients = by_unit(&persons, |_| true);
    let working = by_unit(&persons, |person| person.working);
    // By hand only counts are hidden.
    let percent = |(of, among): (&i64, &i64)| Some((1000.0 * *of as f64 / *among as f64).round() / 10.0);
    let percentages: Vec<Option<f64>> = working.iter().zip(&patients).map(percent).collect();
    // A third is of three, three quarters are of four; two of 40, and three of 50 who are not counted.
    assert_eq!(attack(&hidden_one_by_one(&patients), &percentages), [3, 4, 2, 3]);

    let table = Table::new("t").rows(hospitals()).stat(share(Condition::level("working", [1])));
    let sheet = read(&release(&persons, &table), "t");
    let percentages = numbers_of(&sheet, "Share");
    assert!(percentages[..4].iter().all(Option::is_none), "{percentages:?}");
    let found = attack(&counts(&sheet.counts("N")), &percentages);
    assert!(found.is_empty(), "{percentages:?}");
}
