//! A percentage with one decimal beside its N is the count.

use registat::{Condition, Table, share};

use super::*;

/// The numerators, as far as N and percentage tell them, and the one that the total tells.
fn attack(denominators: &Seen, percentages: &[Option<f64>]) -> Counts {
    let numerator = |(n, percent): (&Option<i64>, &Option<f64>)| match (*n)? {
        0 => Some(0),
        n => Some((n as f64 * (*percent)? / 100.0).round() as i64),
    };
    let mut numerators: Counts = denominators.iter().zip(percentages).map(numerator).collect();
    fill(&mut numerators);
    numerators
}

#[test]
fn a_percentage_gives_away_a_small_numerator_unless_it_is_protected() {
    let mut persons = Vec::new();
    for (unit, working, others) in [(ALTA, 2, 38), (BODO, 20, 20), (DOKKA, 10, 40), (EGERSUND, 33, 27)] {
        persons.extend(person(unit, MAN).with(|person| person.working = true).times(working));
        persons.extend(person(unit, MAN).times(others));
    }
    let patients = by_unit(&persons, |_| true);
    let working = by_unit(&persons, |person| person.working);
    // By hand the denominators are checked, as most programs do: none of them is small.
    let one_decimal = |(of, among): (&i64, &i64)| {
        (*among > 0).then(|| (1000.0 * *of as f64 / *among as f64).round() / 10.0)
    };
    let percentages: Vec<Option<f64>> = working.iter().zip(&patients).map(one_decimal).collect();
    assert_eq!(small(&attack(&hidden_one_by_one(&patients), &percentages)), [2]);

    let table = Table::new("t").rows(hospitals()).stat(share(Condition::level("working", [1])));
    let sheet = Sheet::read(&release(&persons, &table), "t");
    let denominators = counts(&sheet.counts("N"));
    let percentages: Vec<Option<f64>> = sheet.labels().iter().map(|row| sheet.number(row, "Share")).collect();
    let numerators = attack(&denominators, &percentages);
    assert_eq!(percentages[0], None);
    assert!(small(&numerators).is_empty(), "{numerators:?}");
}
