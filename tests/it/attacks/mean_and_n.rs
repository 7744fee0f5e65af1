//! Means times N are sums, and sums can be subtracted.

use registat::{Table, mean};

use super::*;

/// How many patients are behind the hidden rows and what their values add up to.
fn attack(numbers: &Seen, means: &[Option<f64>]) -> Option<(i64, f64)> {
    let hidden = rest(numbers)?;
    let sums: Vec<Option<f64>> =
        numbers.iter().zip(means).map(|(n, mean)| Some((*n)? as f64 * (*mean).unwrap_or_default())).collect();
    let (total, parts) = sums.split_last()?;
    Some((hidden, (*total)? - parts.iter().flatten().sum::<f64>()))
}

#[test]
fn the_national_mean_gives_away_the_only_hidden_unit_unless_more_is_hidden() {
    let mut persons = person(ALTA, MAN).with(|person| person.pain = 9).times(1);
    persons.extend(person(BODO, MAN).with(|person| person.pain = 4).times(10));
    persons.extend(person(DOKKA, MAN).with(|person| person.pain = 6).times(10));
    let numbers = hidden_one_by_one(&by_unit(&persons, |_| true));
    let national = (persons.iter().map(|person| person.pain as f64).sum::<f64>() / 2.1).round() / 10.0;
    let means = [None, Some(4.0), Some(6.0), None, None, Some(national)];
    let (n, sum) = attack(&numbers, &means).unwrap();
    assert_eq!(n, 1);
    assert!(
        (sum - 9.0).abs() <= 0.05 * 21.0,
        "the patient's answer, within the rounding of the national mean"
    );

    let release = release(&persons, &Table::new("t").rows(hospitals()).stat(mean("pain_rest")));
    let sheet = Sheet::read(&release, "t");
    let means: Vec<Option<f64>> = sheet.labels().iter().map(|row| sheet.number(row, "Mean")).collect();
    assert_eq!((sheet.count("Alta", "N"), means[0]), (None, None));
    let found = attack(&counts(&sheet.counts("N")), &means);
    assert!(found.is_none_or(|(n, _)| n >= THRESHOLD as i64), "{found:?}");
}
