//! Every reference vector of the comparison of units.

use std::collections::{BTreeMap, HashMap};

use registat::{
    CaseMix, ConfidenceLevel, DirectStandardisation, FunnelMethod, Interval, LogisticFit, Overdispersion,
    OverdispersionScale, PoissonMethod, Proportion, StandardisedRatio, Stratum,
};

type Row = HashMap<String, String>;

/// The files print ten decimals.
const PRINTED: f64 = 5.1e-11;

fn rows(file: &str) -> Vec<Row> {
    let path = format!("{}/tests/data/vectors/{file}.csv", env!("CARGO_MANIFEST_DIR"));
    let rows: Vec<Row> = csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect();
    assert!(!rows.is_empty());
    rows
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

fn counts(row: &Row, column: &str) -> Vec<u64> {
    row[column].split(' ').map(|count| count.parse().unwrap()).collect()
}

#[track_caller]
fn assert_close(value: f64, row: &Row, column: &str, relative: f64) {
    let expected = number(row, column);
    assert!(
        (value - expected).abs() <= PRINTED + relative * expected.abs(),
        "{} {column}: {value} for {expected}",
        row["id"]
    );
}

#[test]
fn funnel_limits_equal_every_vector() {
    for row in rows("funnel_limits") {
        let p = number(&row, "p");
        let (is_upper, level) = match row["p"].as_str() {
            "0.025" => (false, ConfidenceLevel::P95),
            "0.975" => (true, ConfidenceLevel::P95),
            "0.001" => (false, ConfidenceLevel::P998),
            "0.999" => (true, ConfidenceLevel::P998),
            _ => panic!("unknown limit {p}"),
        };
        // UKHSA's figures are percentages from a target that was printed to six decimals of a percent.
        let (method, percent, tolerance) = match row["method"].as_str() {
            "phe_percent" => (FunnelMethod::NormalTruncated, 100.0, 1e-5),
            name => (FunnelMethod::parse(name).unwrap(), 1.0, 1e-9),
        };
        let limits =
            method.limits(number(&row, "target"), row["n"].parse().unwrap(), level).unwrap().unwrap();
        let limit = if is_upper { limits.upper } else { limits.lower };
        assert_close(limit * percent, &row, "limit", tolerance);
    }
}

#[test]
fn overdispersion_equals_every_vector() {
    for row in rows("overdispersion") {
        let pairs = counts(&row, "x").into_iter().zip(counts(&row, "n"));
        let units: Vec<Proportion> = pairs.map(|(x, n)| Proportion::new(x, n).unwrap()).collect();
        let scale = OverdispersionScale::parse(&row["scale"]).unwrap();
        let found = Overdispersion::of(&units, scale, number(&row, "winsor")).unwrap().unwrap();
        assert_close(found.overall(), &row, "theta", 1e-9);
        assert_close(found.phi(), &row, "phi", 1e-9);
        assert_close(found.tau_squared(), &row, "tau2", 1e-9);
        assert_close(found.z(&units[0]).unwrap(), &row, "z_first", 1e-9);
        assert_close(found.z(&units[1]).unwrap(), &row, "z_second", 1e-9);
    }
}

#[test]
fn direct_standardisation_equals_every_vector() {
    for row in rows("direct_standardisation") {
        let groups = counts(&row, "count").into_iter().zip(counts(&row, "pop")).zip(counts(&row, "stdpop"));
        let strata: Vec<Stratum> =
            groups.map(|((events, population), standard)| Stratum { events, population, standard }).collect();
        let rate = DirectStandardisation::of(&strata).unwrap().unwrap();
        assert_close(rate.crude(), &row, "crude", 1e-9);
        assert_close(rate.rate(), &row, "dsr", 1e-9);
        let byar = rate.dobson_byar(ConfidenceLevel::P95).unwrap();
        // UKHSA's workbooks print fewer digits than the others.
        let tolerance = if row["origin"] == "reference-test" { 1e-8 } else { 1e-9 };
        assert_close(byar.lower, &row, "dobson_byar_lower95", tolerance);
        assert_close(byar.upper, &row, "dobson_byar_upper95", tolerance);
        if row["fay_feuer_lower95"] != "NA" {
            let gamma = rate.fay_feuer(ConfidenceLevel::P95).unwrap();
            assert_close(gamma.lower, &row, "fay_feuer_lower95", 1e-9);
            assert_close(gamma.upper, &row, "fay_feuer_upper95", 1e-9);
            assert_close(rate.standard_error(), &row, "se_binomial", 1e-9);
        }
    }
}

#[test]
fn standardised_ratios_equal_every_vector() {
    for row in rows("indirect_standardisation") {
        let ratio =
            StandardisedRatio::new(row["observed"].parse().unwrap(), number(&row, "expected")).unwrap();
        let method = match row["method"].as_str() {
            "byars" => PoissonMethod::Byar,
            name => PoissonMethod::parse(name).unwrap(),
        };
        let limits = ratio.interval(method, ConfidenceLevel::new(number(&row, "conf")).unwrap()).unwrap();
        assert_close(ratio.ratio(), &row, "ratio", 1e-8);
        assert_close(limits.lower, &row, "lower", 1e-9);
        assert_close(limits.upper, &row, "upper", 1e-9);
    }
}

/// The courses of each unit of the synthetic data set, and of all.
fn dataset() -> (BTreeMap<String, CaseMix>, CaseMix) {
    let (mut units, mut all) = (BTreeMap::new(), CaseMix::new(3));
    for row in rows("casemix_dataset_1") {
        let factors = ["age", "male", "odi_pre"].map(|factor| number(&row, factor));
        let unit: &mut CaseMix = units.entry(row["unit"].clone()).or_insert_with(|| CaseMix::new(3));
        for courses in [unit, &mut all] {
            courses.add(&factors, row["y"] == "1").unwrap();
        }
    }
    (units, all)
}

#[test]
fn the_case_mix_model_equals_every_vector() {
    let fit = LogisticFit::of(&dataset().1).unwrap();
    for row in rows("logistic_coef") {
        let place = ["(Intercept)", "age", "male", "odi_pre"].iter().position(|term| *term == row["term"]);
        let coefficient = fit.coefficients()[place.unwrap()];
        let wald = coefficient.wald(ConfidenceLevel::P95);
        assert_close(coefficient.estimate, &row, "coef", 1e-8);
        assert_close(coefficient.standard_error, &row, "se", 1e-8);
        assert_close(wald.lower, &row, "wald_lower95", 1e-8);
        assert_close(wald.upper, &row, "wald_upper95", 1e-8);
        assert_close(coefficient.p_value().unwrap(), &row, "p_value", 1e-8);
        // R's confint interpolates the profile: good to about 1e-4, as the file says.
        let Interval { lower, upper } = fit.profile(place.unwrap(), ConfidenceLevel::P95).unwrap();
        let rough = 2e-4 * number(&row, "se");
        assert!((lower - number(&row, "profile_lower95")).abs() <= rough.max(1e-4 * lower.abs()));
        assert!((upper - number(&row, "profile_upper95")).abs() <= rough.max(1e-4 * upper.abs()));
    }
}

#[test]
fn observed_by_expected_equals_every_vector() {
    let (units, all) = dataset();
    let fit = LogisticFit::of(&all).unwrap();
    let overall = all.events() as f64 / all.n() as f64;
    let mut expected = 0.0;
    for row in rows("casemix_oe") {
        let unit = units[&row["unit"]].expected(&fit).unwrap();
        assert_eq!(unit.n().to_string(), row["n"]);
        assert_eq!(unit.observed().to_string(), row["observed"]);
        // R's glm stops a little before the maximum: its fitted values differ in the seventh digit.
        assert_close(unit.expected(), &row, "expected", 1e-6);
        assert_close(unit.ratio().unwrap().ratio(), &row, "oe", 1e-6);
        assert_close(unit.adjusted_rate(overall), &row, "adjusted_rate", 1e-6);
        assert_close(unit.z().unwrap(), &row, "z", 1e-5);
        expected += unit.expected();
    }
    assert!((expected - all.events() as f64).abs() < 1e-9, "the likelihood equation of the intercept");
}

#[test]
fn the_order_of_the_courses_changes_no_digit_of_the_fit() {
    let (units, _) = dataset();
    let (mut forwards, mut backwards) = (CaseMix::new(3), CaseMix::new(3));
    units.values().for_each(|unit| forwards.merge(unit).unwrap());
    units.values().rev().for_each(|unit| backwards.merge(unit).unwrap());
    assert!(LogisticFit::of(&forwards).unwrap() == LogisticFit::of(&backwards).unwrap());
}
