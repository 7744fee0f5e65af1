//! Proportions, counts and tables against other programs' outputs: every row of every file.
use std::collections::{BTreeMap, BTreeSet};

use registat::{
    ChiSquareTest, ConfidenceLevel, ContinuityCorrection, DifferenceMethod, FisherTest, Interval,
    PValueAdjustment, PoissonMethod, Proportion, ProportionDifference, ProportionMethod, RiskRatio,
    smd_binary,
};

type Row = BTreeMap<String, String>;

/// The rows of a file under tests/data/vectors.
fn rows(name: &str) -> Vec<Row> {
    let file = format!("{}/tests/data/vectors/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(!rows.is_empty());
    rows
}

fn count(row: &Row, column: &str) -> u64 {
    row[column].parse().unwrap()
}

fn level(row: &Row) -> ConfidenceLevel {
    ConfidenceLevel::new(row["conf"].parse().unwrap()).unwrap()
}

fn group(row: &Row, successes: &str, n: &str) -> Proportion {
    Proportion::new(count(row, successes), count(row, n)).unwrap()
}

/// Equal within 1e-9 of the value, beside half a unit of the tenth decimal that is printed last.
fn assert_close(value: f64, printed: &str, what: &str, row: &Row) {
    let expected: f64 = printed.parse().unwrap();
    let tolerance = 1e-9 * expected.abs() + 0.51e-10;
    assert!((value - expected).abs() <= tolerance, "{} {what}", row["id"]);
}

fn assert_limits(interval: Interval, row: &Row) {
    assert_close(interval.lower, &row["lower"], "lower", row);
    assert_close(interval.upper, &row["upper"], "upper", row);
}

#[test]
fn proportion_limits_equal_every_vector() {
    let mut seen = BTreeSet::new();
    for row in rows("proportion_ci") {
        let method = ProportionMethod::parse(&row["method"]).unwrap();
        seen.insert(method.name());
        assert_limits(method.interval(count(&row, "x"), count(&row, "n"), level(&row)).unwrap(), &row);
        assert_limits(group(&row, "x", "n").interval(method, level(&row)).unwrap(), &row);
    }
    assert_eq!(seen, BTreeSet::from(ProportionMethod::ALL.map(ProportionMethod::name)));
}

#[test]
fn differences_of_proportions_equal_every_vector() {
    for row in rows("proportion_diff_ci") {
        let method = DifferenceMethod::parse(&row["method"]).unwrap();
        let (first, second) = (group(&row, "x1", "n1"), group(&row, "x2", "n2"));
        let found = ProportionDifference::of(&first, &second, method, level(&row)).unwrap();
        assert_close(found.difference, &row["diff"], "difference", &row);
        assert_limits(found.interval, &row);
    }
}

#[test]
fn tests_of_proportions_equal_every_vector() {
    for row in rows("proportion_test") {
        let correction = ContinuityCorrection::parse(&row["correction"]).unwrap();
        let counts = |column: &str| row[column].split(' ').map(|text| text.parse().unwrap()).collect();
        let (successes, sizes): (Vec<u64>, Vec<u64>) = (counts("x"), counts("n"));
        assert_eq!(successes.len(), sizes.len());
        let groups: Vec<Proportion> =
            successes.into_iter().zip(sizes).map(|(x, n)| Proportion::new(x, n).unwrap()).collect();
        let test = ChiSquareTest::of(&groups, correction).unwrap();
        assert_close(test.statistic, &row["chisq"], "statistic", &row);
        assert_eq!(test.degrees_of_freedom, count(&row, "df"), "{}", row["id"]);
        assert_close(test.p_value, &row["p_value"], "p-value", &row);
    }
}

#[test]
fn adjusted_p_values_equal_every_vector() {
    for row in rows("p_adjust") {
        let adjustment = PValueAdjustment::parse(&row["method"]).unwrap();
        let p_values: Vec<f64> = row["p"].split(' ').map(|text| text.parse().unwrap()).collect();
        let adjusted = adjustment.adjust(&p_values).unwrap();
        let expected: Vec<&str> = row["adjusted"].split(' ').collect();
        assert_eq!(adjusted.len(), expected.len(), "{}", row["id"]);
        for (value, printed) in adjusted.into_iter().zip(expected) {
            assert_close(value, printed, "adjusted", &row);
        }
    }
}

#[test]
fn standardised_differences_equal_every_vector() {
    for row in rows("smd_binary") {
        assert_eq!(row["kind"], "binary", "{}", row["id"]);
        let smd = smd_binary(&group(&row, "x1", "n1"), &group(&row, "x2", "n2")).unwrap();
        assert_close(smd, &row["smd"], "smd", &row);
    }
}

#[test]
fn fisher_tests_equal_every_vector() {
    for row in rows("fisher_or") {
        let cell = |column| count(&row, column);
        let first = Proportion::new(cell("a"), cell("a") + cell("b")).unwrap();
        let second = Proportion::new(cell("c"), cell("c") + cell("d")).unwrap();
        let test = FisherTest::of(&first, &second, ConfidenceLevel::P95).unwrap();
        assert_close(test.p_value, &row["p_value"], "p-value", &row);
        assert_close(test.lower, &row["lower95"], "lower", &row);
        let bounded_or_not = [
            (test.odds_ratio, "or_conditional_mle"),
            (test.upper, "upper95"),
            (test.sample_odds_ratio, "or_sample"),
        ];
        for (value, column) in bounded_or_not {
            match (value, row[column].as_str()) {
                (None, printed) => assert_eq!(printed, "Inf", "{} {column}", row["id"]),
                (Some(value), printed) => assert_close(value, printed, column, &row),
            }
        }
    }
}

#[test]
fn limits_of_counts_equal_every_vector() {
    let mut seen = BTreeSet::new();
    for row in rows("poisson_ci") {
        let method = PoissonMethod::parse(&row["method"]).unwrap();
        seen.insert(method.name());
        assert_limits(method.interval(count(&row, "o"), level(&row)).unwrap(), &row);
    }
    assert_eq!(seen, BTreeSet::from(PoissonMethod::ALL.map(PoissonMethod::name)));
}

/// The row on a risk ratio; the other published row is about means. Its tolerance, stated there, is
/// that of the printed decimals.
#[test]
fn the_published_risk_ratio_comes_out() {
    let rows: BTreeMap<String, Row> =
        rows("published_followup_examples").into_iter().map(|row| (row["id"].clone(), row)).collect();
    assert_eq!(rows.keys().collect::<Vec<_>>(), ["pub-1", "pub-2"]);
    let row = &rows["pub-1"];
    assert_eq!(row["input"], "smokers non-respondents 41/140 vs respondents 70/334");
    assert_eq!(row["expected"], "RR 1.40 (1.01 to 1.95)");
    let tolerance: f64 = row["tolerance"].parse().unwrap();
    let (first, second) = (Proportion::new(41, 140).unwrap(), Proportion::new(70, 334).unwrap());
    let found = RiskRatio::of(&first, &second, ConfidenceLevel::P95).unwrap();
    for (value, printed) in [(found.ratio, 1.40), (found.interval.lower, 1.01), (found.interval.upper, 1.95)]
    {
        assert!((value - printed).abs() <= tolerance);
    }
}
