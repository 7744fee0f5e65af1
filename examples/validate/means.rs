//! Means, changes and quantiles.

use std::path::Path;

use registat::{
    ConfidenceLevel, Histogram, MeanDifference, Moments, PairedChange, PairedEffect, PairedMoments,
    QuantileType, SampleSummary, cohen_d, hedges_g, standardised_mean_difference,
};

use crate::case::{Checked, Failure, Row, beside, number, same, text, undefined};

/// Steps to the unit that hold every value of the files, which have five decimals at most.
const GRID: u64 = 100_000;

/// Decimal numbers in whole steps, digit by digit.
fn steps(row: &Row, column: &str) -> Result<Vec<i64>, Failure> {
    let of = |decimal: &str| {
        let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
        let fits = part.len() <= 5;
        fits.then(|| format!("{whole}{part:0<5}").parse().ok()).flatten()
    };
    let values: Option<Vec<i64>> = text(row, column)?.split(' ').map(of).collect();
    values.ok_or_else(|| format!("column `{column}` is no list of numbers of five decimals").into())
}

fn moments(values: &[i64]) -> Result<Moments, Failure> {
    let mut moments = Moments::new(GRID)?;
    values.iter().for_each(|value| moments.add(*value));
    Ok(moments)
}

pub fn mean(row: &Row, _: &Path) -> Checked {
    let moments = moments(&steps(row, "values")?)?;
    let interval = moments.mean_interval(ConfidenceLevel::new(number(row, "conf")?)?);
    Ok(vec![
        same(row, "n", &moments.n().to_string())?,
        beside(row, "mean", moments.mean())?,
        beside(row, "sd", moments.sd())?,
        beside(row, "lower", interval.map(|interval| interval.lower))?,
        beside(row, "upper", interval.map(|interval| interval.upper))?,
    ])
}

pub fn quantile(row: &Row, _: &Path) -> Checked {
    let kind = QuantileType::from_number(number(row, "type")?).ok_or("unknown type of quantile")?;
    let mut histogram = Histogram::new(GRID)?;
    steps(row, "x")?.into_iter().for_each(|value| histogram.add(value));
    Ok(vec![beside(row, "value", histogram.quantile(number(row, "p")?, kind)?)?])
}

pub fn paired(row: &Row, _: &Path) -> Checked {
    let mut pairs = PairedMoments::new(GRID)?;
    let (before, after) = (steps(row, "pre")?, steps(row, "post")?);
    before.into_iter().zip(after).for_each(|(before, after)| pairs.add(before, after));
    let change = PairedChange::from_pairs(&pairs, ConfidenceLevel::P95).ok_or_else(undefined)?;
    let effect = PairedEffect::from_pairs(&pairs).ok_or_else(undefined)?;
    Ok(vec![
        same(row, "n", &change.n.to_string())?,
        beside(row, "mean_pre", pairs.baseline().mean())?,
        beside(row, "sd_pre", pairs.baseline().sd())?,
        beside(row, "mean_post", pairs.follow_up().mean())?,
        beside(row, "sd_post", pairs.follow_up().sd())?,
        beside(row, "mean_change", Some(change.mean))?,
        beside(row, "sd_change", Some(change.sd))?,
        beside(row, "se", Some(change.standard_error()))?,
        beside(row, "lower95", Some(change.interval.lower))?,
        beside(row, "upper95", Some(change.interval.upper))?,
        beside(row, "t", change.t_statistic())?,
        beside(row, "p_value", change.p_value())?,
        beside(row, "srm", effect.standardised_response_mean)?,
        beside(row, "es_baseline_sd", effect.baseline_effect_size)?,
        beside(row, "d_av", effect.average_effect_size)?,
        beside(row, "pearson_r", pairs.pearson_r())?,
    ])
}

pub fn two_samples(row: &Row, _: &Path) -> Checked {
    let summary = |column: &str| -> Result<SampleSummary, Failure> {
        SampleSummary::from_moments(&moments(&steps(row, column)?)?).ok_or_else(undefined)
    };
    let (a, b) = (summary("a")?, summary("b")?);
    let welch = MeanDifference::welch(&a, &b, ConfidenceLevel::P95).ok_or_else(undefined)?;
    let pooled = MeanDifference::pooled(&a, &b, ConfidenceLevel::P95).ok_or_else(undefined)?;
    Ok(vec![
        beside(row, "mean_a", Some(a.mean()))?,
        beside(row, "sd_a", Some(a.sd()))?,
        beside(row, "mean_b", Some(b.mean()))?,
        beside(row, "sd_b", Some(b.sd()))?,
        beside(row, "diff", Some(welch.difference))?,
        beside(row, "welch_df", Some(welch.degrees_of_freedom))?,
        beside(row, "welch_lower95", Some(welch.interval.lower))?,
        beside(row, "welch_upper95", Some(welch.interval.upper))?,
        beside(row, "welch_t", welch.t_statistic())?,
        beside(row, "welch_p", welch.p_value())?,
        beside(row, "pooled_lower95", Some(pooled.interval.lower))?,
        beside(row, "pooled_upper95", Some(pooled.interval.upper))?,
        beside(row, "cohen_d_pooled", cohen_d(&a, &b))?,
        beside(row, "hedges_g", hedges_g(&a, &b))?,
        beside(row, "smd_unpooled", standardised_mean_difference(&a, &b))?,
    ])
}
