//! Every reference vector of means, paired changes, two-sample comparisons and quantiles.
use std::collections::HashMap;

use registat::{
    ConfidenceLevel, Histogram, MeanDifference, Moments, PairedChange, PairedEffect, PairedMoments,
    QuantileType, SampleSummary, cohen_d, hedges_g, standardised_mean_difference,
};

/// Steps to the unit that hold every value of the vectors, which have five decimals at most.
const GRID: u64 = 100_000;

/// The vectors print ten decimals: half a unit of the last one, next to 1e-9 of the value.
const PRINTED: f64 = 5.1e-11;

type Row = HashMap<String, String>;

fn rows(file: &str, columns: &str) -> Vec<Row> {
    let path = format!("{}/tests/data/vectors/{file}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header.join(","), columns, "every column of {file} is tested");
    let rows: Vec<Row> = reader
        .records()
        .map(|record| header.iter().cloned().zip(record.unwrap().iter().map(str::to_owned)).collect())
        .collect();
    assert!(!rows.is_empty());
    rows
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// A decimal number in whole steps, digit by digit.
fn steps(decimal: &str) -> i64 {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    format!("{whole}{part:0<5}").parse().unwrap()
}

fn values(row: &Row, column: &str) -> Vec<i64> {
    row[column].split(' ').map(steps).collect()
}

fn moments(values: &[i64]) -> Moments {
    let mut moments = Moments::new(GRID).unwrap();
    values.iter().for_each(|&value| moments.add(value));
    moments
}

fn histogram(values: &[i64]) -> Histogram {
    let mut histogram = Histogram::new(GRID).unwrap();
    values.iter().for_each(|&value| histogram.add(value));
    histogram
}

fn summary(values: &[i64]) -> SampleSummary {
    SampleSummary::from_moments(&moments(values)).unwrap()
}

fn assert_column(row: &Row, column: &str, value: Option<f64>) {
    let (expected, value) = (number(row, column), value.unwrap());
    let tolerance = PRINTED + 1e-9 * expected.abs();
    assert!((value - expected).abs() <= tolerance, "{} {column}: {value} for {expected}", row["id"]);
}

#[test]
fn paired_change_agrees_with_every_row() {
    for row in rows(
        "paired_change",
        "id,pre,post,n,mean_pre,sd_pre,mean_post,sd_post,mean_change,sd_change,se,lower95,upper95,t,p_value,\
         srm,es_baseline_sd,d_av,pearson_r,origin,source",
    ) {
        let mut pairs = PairedMoments::new(GRID).unwrap();
        let (before, after) = (values(&row, "pre"), values(&row, "post"));
        assert_eq!(before.len(), after.len());
        before.into_iter().zip(after).for_each(|(baseline, follow_up)| pairs.add(baseline, follow_up));
        let change = PairedChange::from_pairs(&pairs, ConfidenceLevel::P95).unwrap();
        let effect = PairedEffect::from_pairs(&pairs).unwrap();
        assert_eq!(change.n.to_string(), row["n"]);
        assert_column(&row, "mean_pre", pairs.baseline().mean());
        assert_column(&row, "sd_pre", pairs.baseline().sd());
        assert_column(&row, "mean_post", pairs.follow_up().mean());
        assert_column(&row, "sd_post", pairs.follow_up().sd());
        assert_column(&row, "mean_change", Some(change.mean));
        assert_column(&row, "sd_change", Some(change.sd));
        assert_column(&row, "se", Some(change.standard_error()));
        assert_column(&row, "lower95", Some(change.interval.lower));
        assert_column(&row, "upper95", Some(change.interval.upper));
        assert_column(&row, "t", change.t_statistic());
        assert_column(&row, "p_value", change.p_value());
        assert_column(&row, "srm", change.srm());
        assert_column(&row, "srm", effect.standardised_response_mean);
        assert_column(&row, "es_baseline_sd", effect.baseline_effect_size);
        assert_column(&row, "d_av", effect.average_effect_size);
        assert_column(&row, "pearson_r", pairs.pearson_r());
    }
}

#[test]
fn mean_interval_agrees_with_every_row() {
    for row in rows("mean_ci", "id,values,n,mean,sd,lower,upper,conf,origin,source") {
        let moments = moments(&values(&row, "values"));
        let level = ConfidenceLevel::new(number(&row, "conf")).unwrap();
        let interval = moments.mean_interval(level).unwrap();
        assert_eq!(moments.n().to_string(), row["n"]);
        assert_column(&row, "mean", moments.mean());
        assert_column(&row, "sd", moments.sd());
        assert_column(&row, "lower", Some(interval.lower));
        assert_column(&row, "upper", Some(interval.upper));
    }
}

#[test]
fn two_samples_agree_with_every_row() {
    for row in rows(
        "two_sample",
        "id,a,b,mean_a,sd_a,mean_b,sd_b,diff,welch_df,welch_lower95,welch_upper95,welch_t,welch_p,\
         pooled_lower95,pooled_upper95,cohen_d_pooled,hedges_g,smd_unpooled,origin,source",
    ) {
        let (a, b) = (summary(&values(&row, "a")), summary(&values(&row, "b")));
        let welch = MeanDifference::welch(&a, &b, ConfidenceLevel::P95).unwrap();
        let pooled = MeanDifference::pooled(&a, &b, ConfidenceLevel::P95).unwrap();
        assert_column(&row, "mean_a", Some(a.mean()));
        assert_column(&row, "sd_a", Some(a.sd()));
        assert_column(&row, "mean_b", Some(b.mean()));
        assert_column(&row, "sd_b", Some(b.sd()));
        assert_column(&row, "diff", Some(welch.difference));
        assert_column(&row, "diff", Some(pooled.difference));
        assert_column(&row, "welch_df", Some(welch.degrees_of_freedom));
        assert_column(&row, "welch_lower95", Some(welch.interval.lower));
        assert_column(&row, "welch_upper95", Some(welch.interval.upper));
        assert_column(&row, "welch_t", welch.t_statistic());
        assert_column(&row, "welch_p", welch.p_value());
        assert_column(&row, "pooled_lower95", Some(pooled.interval.lower));
        assert_column(&row, "pooled_upper95", Some(pooled.interval.upper));
        assert_column(&row, "cohen_d_pooled", cohen_d(&a, &b));
        assert_column(&row, "hedges_g", hedges_g(&a, &b));
        assert_column(&row, "smd_unpooled", standardised_mean_difference(&a, &b));
    }
}

#[test]
fn quantiles_agree_with_every_row() {
    for row in rows("quantiles", "id,x,p,type,value,origin,source") {
        let kind = QuantileType::from_number(row["type"].parse().unwrap()).expect("a known type");
        let quantile = histogram(&values(&row, "x")).quantile(number(&row, "p"), kind).unwrap();
        assert_column(&row, "value", quantile);
    }
}

/// Row pub-1 is a risk ratio, which is tested with the proportions.
#[test]
fn published_difference_in_age_is_reproduced() {
    let rows = rows("published_followup_examples", "id,what,input,expected,tolerance,origin,source");
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, ["pub-1", "pub-2"], "every row of the file is tested somewhere");
    let row = rows.iter().find(|row| row["id"] == "pub-2").unwrap();
    assert!(row["input"].starts_with("age 63 SD 11.7 n=140 vs 68 SD 9.9 n=334"));
    assert!(row["expected"].ends_with("2.6..6.7 is 2.05"));
    let without_answer = SampleSummary::new(140, 63.0, 11.7).unwrap();
    let with_answer = SampleSummary::new(334, 68.0, 9.9).unwrap();
    for method in [MeanDifference::welch, MeanDifference::pooled] {
        let age = method(&without_answer, &with_answer, ConfidenceLevel::P95).unwrap();
        assert_eq!(age.difference, -5.0);
        assert!((age.interval.width() / 2.0 - 2.05).abs() <= number(row, "tolerance"));
    }
}
