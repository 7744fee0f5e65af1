//! Means and standard deviations are sums of squares: of two patients they are both answers.

use registat::{Table, mean};

use super::*;

/// Two patients in the first unit, and two small units that are large enough to be printed.
const PAINS: [(i64, &[i64]); 3] = [(ALTA, &[3, 10]), (BODO, &[4, 4, 5, 5, 6]), (DOKKA, &[5, 5, 6, 6, 7, 7])];

fn persons() -> Vec<Person> {
    let one = |unit: i64, pain: i64| person(unit, MAN).with(|person| person.pain = pain);
    PAINS.iter().flat_map(|(unit, pains)| pains.iter().map(move |pain| one(*unit, *pain))).collect()
}

fn one_decimal(number: f64) -> f64 {
    (10.0 * number).round() / 10.0
}

/// Number, mean and standard deviation of a row as printed.
type Row = (Option<i64>, Option<f64>, Option<f64>);

fn by_hand(pains: &[i64]) -> Row {
    let n = pains.len() as f64;
    let mean = pains.iter().sum::<i64>() as f64 / n;
    let squares: f64 = pains.iter().map(|pain| (*pain as f64 - mean).powi(2)).sum();
    (Some(pains.len() as i64), Some(one_decimal(mean)), Some(one_decimal((squares / (n - 1.0)).sqrt())))
}

/// The sum and the sum of squares of the answers of a row, from and to, as far as its rounded numbers tell.
fn sums(row: &Row) -> Option<[(i64, i64); 2]> {
    let n = row.0? as f64;
    if n == 0.0 {
        return Some([(0, 0); 2]);
    }
    let (mean, deviation) = (row.1?, row.2?);
    let sum = ((n * (mean - 0.05)).ceil(), (n * (mean + 0.05)).floor());
    let squares = |sum: f64, deviation: f64| (n - 1.0) * deviation.powi(2) + sum.powi(2) / n;
    let least = squares(sum.0, (deviation - 0.05).max(0.0)).ceil();
    let most = squares(sum.1, deviation + 0.05).floor();
    Some([(sum.0 as i64, sum.1 as i64), (least as i64, most as i64)])
}

/// Every pair of answers that two hidden patients may have given; the total stands last.
fn attack(rows: &[Row]) -> Vec<(i64, i64)> {
    let numbers: Counts = rows.iter().map(|row| row.0).collect();
    let (Some(2), Some((total, parts))) = (rest(&numbers), rows.split_last()) else { return Vec::new() };
    let Some(total) = sums(total) else { return Vec::new() };
    let parts: Vec<[(i64, i64); 2]> = parts.iter().filter_map(sums).collect();
    let fits = |which: usize, value: i64| {
        let least = total[which].0 - parts.iter().map(|part| part[which].1).sum::<i64>();
        let most = total[which].1 - parts.iter().map(|part| part[which].0).sum::<i64>();
        (least..=most).contains(&value)
    };
    let pairs = (0..=10).flat_map(|low| (low..=10).map(move |high| (low, high)));
    pairs.filter(|(low, high)| fits(0, low + high) && fits(1, low * low + high * high)).collect()
}

#[test]
fn deviations_give_away_both_answers_of_two_patients_unless_more_is_hidden() {
    let everyone: Vec<i64> = PAINS.iter().flat_map(|(_, pains)| pains.iter().copied()).collect();
    let nobody = (Some(0), None, None);
    let [_, bodo, dokka] = PAINS.map(|(_, pains)| by_hand(pains));
    let naive = [(None, None, None), bodo, dokka, nobody, nobody, by_hand(&everyone)];
    assert_eq!(attack(&naive), [(3, 10)]);

    let table = Table::new("t").rows(hospitals()).stat(mean("pain_rest").sd());
    let sheet = read(&release(&persons(), &table), "t");
    let ours: Vec<Row> = counts(&sheet.counts("N"))
        .into_iter()
        .zip(numbers_of(&sheet, "Mean"))
        .zip(numbers_of(&sheet, "SD"))
        .map(|((n, mean), deviation)| (n, mean, deviation))
        .collect();
    assert_eq!(ours[0], (None, None, None));
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
