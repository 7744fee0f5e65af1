//! The limits of a confidence interval belong to one count of one number only.

use registat::{Condition, ConfidenceLevel, Table, share, wilson};

use super::*;

/// Lower and upper limit in percent, as printed.
type Limits = (f64, f64);

/// More patients than any row has.
const MOST: i64 = 220;

fn limits(some: i64, n: i64) -> Option<Limits> {
    let interval = wilson(some as u64, n as u64, ConfidenceLevel::P95)?;
    let one_decimal = |share: f64| (1000.0 * share).round() / 10.0;
    Some((one_decimal(interval.lower), one_decimal(interval.upper)))
}

/// The small numbers that printed limits tell: those who count, those who do not, and all of a row, where only one pair of
/// numbers has these limits.
fn attack(printed: &[Option<Limits>]) -> Vec<i64> {
    let pairs: Vec<(i64, i64)> = (1..=MOST).flat_map(|n| (0..=n).map(move |some| (some, n))).collect();
    let mut found: Vec<i64> = Vec::new();
    for row in printed.iter().flatten() {
        let same = |limits: Limits| (limits.0 - row.0).abs() < 0.01 && (limits.1 - row.1).abs() < 0.01;
        let fitting: Vec<&(i64, i64)> =
            pairs.iter().filter(|(some, n)| limits(*some, *n).is_some_and(same)).collect();
        if let [(some, n)] = fitting.as_slice() {
            found.extend([*some, n - some, *n].into_iter().filter(|number| is_small(*number)));
        }
    }
    found
}

#[test]
fn limits_give_away_what_is_hidden_beside_them_unless_they_are_hidden_too() {
    let persons = working_and_others(&[
        (ALTA, 2, 38),
        (BODO, 1, 2),
        (DOKKA, 46, 4),
        (EGERSUND, 20, 25),
        (FLORO, 30, 30),
    ]);
    let patients = by_unit(&persons, |_| true);
    let working = by_unit(&persons, |person| person.working);
    // By hand counts and shares are hidden, and the whiskers of the chart stay.
    let naive: Vec<Option<Limits>> =
        working.iter().zip(&patients).map(|(some, n)| limits(*some, *n)).collect();
    assert_eq!(attack(&naive), [2, 1, 2, 3, 4]);

    let table = Table::new("t").rows(hospitals()).stat(share(Condition::level("working", [1])).ci());
    let sheet = read(&release(&persons, &table), "t");
    let [lower, upper] = ["95% CI / lower", "95% CI / upper"].map(|head| numbers_of(&sheet, head));
    let ours: Vec<Option<Limits>> =
        lower.iter().zip(&upper).map(|(lower, upper)| (*lower).zip(*upper)).collect();
    assert_eq!(ours[..3].iter().flatten().count(), 0);
    assert!(ours[3..].iter().flatten().count() > 0, "what gives nobody away is printed");
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
