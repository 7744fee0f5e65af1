//! The same query by the grouping of polars that works on whole frames.
#![allow(deprecated, reason = "the other grouping of polars needs its `lazy` feature")]

use std::error::Error;
use std::fs::File;
use std::path::Path;

use registat::polars::prelude::{DataFrame, ParquetReader, QuantileMethod, SerReader};

use super::query::{KEYS, MEASURES};

/// Number of groups, and the sum of all medians.
pub fn run(file: &Path, with_quantiles: bool) -> Result<(usize, f64), Box<dyn Error>> {
    let columns = KEYS.iter().chain(&MEASURES).map(|name| (*name).to_owned()).collect();
    let frame = ParquetReader::new(File::open(file)?).with_columns(Some(columns)).finish()?;
    let groups = frame.group_by(KEYS)?;
    let groups = groups.select(MEASURES);
    let mut results = vec![groups.count()?, groups.mean()?, groups.std(1)?];
    let mut sum = 0.0;
    if with_quantiles {
        let medians = groups.median()?;
        sum = total(&medians)?;
        results.push(medians);
        for quantile in [0.25, 0.75] {
            results.push(groups.quantile(quantile, QuantileMethod::Linear)?);
        }
    }
    Ok((results.first().map_or(0, DataFrame::height), sum))
}

fn total(medians: &DataFrame) -> Result<f64, Box<dyn Error>> {
    let mut sum = 0.0;
    for measure in MEASURES {
        let column = medians.column(&format!("{measure}_median"))?;
        sum += column.f64()?.iter().flatten().sum::<f64>();
    }
    Ok(sum)
}
