//! Nearly all: those who are missing from a percentage are a small group as well.

use registat::{Condition, Table, share};

use super::*;

/// Those of whom the condition does not hold, as far as N and percentage tell.
fn attack(denominators: &Seen, percentages: &[Option<f64>]) -> Vec<i64> {
    let others = |(n, percent): (&Option<i64>, &Option<f64>)| match (*n)? {
        0 => Some(0),
        n => Some(n - (n as f64 * (*percent)? / 100.0).round() as i64),
    };
    let mut others: Counts = denominators.iter().zip(percentages).map(others).collect();
    fill(&mut others);
    small(&others)
}

#[test]
fn a_percentage_near_the_whole_gives_away_the_others_unless_it_is_protected() {
    let mut persons = Vec::new();
    for (unit, working, others) in [(ALTA, 38, 2), (BODO, 20, 20), (DOKKA, 10, 40), (EGERSUND, 33, 27)] {
        persons.extend(person(unit, MAN).with(|person| person.working = true).times(working));
        persons.extend(person(unit, MAN).times(others));
    }
    let patients = by_unit(&persons, |_| true);
    let working = by_unit(&persons, |person| person.working);
    // By hand the numerators are checked: none of those printed is small.
    let one_decimal = |(of, among): (&i64, &i64)| {
        (*among > 0 && !is_small(*of)).then(|| (1000.0 * *of as f64 / *among as f64).round() / 10.0)
    };
    let percentages: Vec<Option<f64>> = working.iter().zip(&patients).map(one_decimal).collect();
    assert_eq!(attack(&hidden_one_by_one(&patients), &percentages), [2]);

    let table = Table::new("t").rows(hospitals()).stat(share(Condition::level("working", [1])));
    let sheet = Sheet::read(&release(&persons, &table), "t");
    let percentages: Vec<Option<f64>> = sheet.labels().iter().map(|row| sheet.number(row, "Share")).collect();
    assert_eq!(percentages[0], None);
    assert!(attack(&counts(&sheet.counts("N")), &percentages).is_empty(), "{percentages:?}");
}
