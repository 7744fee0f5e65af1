//! The same query by the grouping of polars that works on whole frames.
#![allow(deprecated, reason = "the other grouping of polars needs its `lazy` feature")]

use std::error::Error;
use std::fs::File;
use std::path::Path;

use registat::polars::prelude::{DataFrame, ParquetReader, QuantileMethod, SerReader};

use super::query::Query;

/// Number of groups, and the sum of all medians.
pub fn run(file: &Path, query: Query) -> Result<(usize, f64), Box<dyn Error>> {
    let columns = query.keys().iter().chain(query.measures()).map(|name| (*name).to_owned()).collect();
    let frame = ParquetReader::new(File::open(file)?).with_columns(Some(columns)).finish()?;
    let groups = frame.group_by(query.keys().iter().copied())?;
    let groups = groups.select(query.measures().iter().copied());
    let mut results = vec![groups.count()?, groups.mean()?, groups.std(1)?];
    let mut sum = 0.0;
    if query.quantiles {
        let medians = groups.median()?;
        sum = total(&medians, query)?;
        results.push(medians);
        for quantile in [0.25, 0.75] {
            results.push(groups.quantile(quantile, QuantileMethod::Linear)?);
        }
    }
    Ok((results.first().map_or(0, DataFrame::height), sum))
}

fn total(medians: &DataFrame, query: Query) -> Result<f64, Box<dyn Error>> {
    let mut sum = 0.0;
    for measure in query.measures() {
        let column = medians.column(&format!("{measure}_median"))?;
        sum += column.f64()?.iter().flatten().sum::<f64>();
    }
    Ok(sum)
}
