//! A frame with types of its own, from Parquet or from the caller, as raw columns.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, DataType, PolarsResult, Series, TimeUnit};

use super::findings::Findings;
use super::layout::Layout;
use super::raw::{RawColumn, RawTable, TextColumn};
use super::source::Source;
use crate::error::Error;

/// Reads a caller's frame.
pub(super) fn read(
    frame: &DataFrame,
    layout: &Layout<'_>,
    source: &Source<'_>,
    findings: &mut Findings,
) -> Result<RawTable, Error> {
    let header: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let wanted = layout.check_header(&header, source, findings)?;
    raw_table(frame, &wanted, source)
}

/// The wanted columns of a frame. Its rows are counted from 1, as lines would be.
pub(super) fn raw_table(
    frame: &DataFrame,
    wanted: &BTreeSet<String>,
    source: &Source<'_>,
) -> Result<RawTable, Error> {
    if frame.height() == 0 {
        return Err(source.error("there are no rows"));
    }
    let mut columns = BTreeMap::new();
    for name in wanted {
        let missing = || source.error("the column cannot be read").at_column(name);
        let column = frame.column(name).map_err(|_| missing())?;
        let raw = raw_column(column.as_materialized_series())
            .map_err(|reason| source.error(reason).at_column(name))?;
        columns.insert(name.clone(), raw);
    }
    Ok(RawTable { columns, lines: (1..=frame.height() as u64).collect() })
}

/// The error is a fixed text: polars' own would quote values.
fn raw_column(series: &Series) -> Result<RawColumn, &'static str> {
    const UNSUITABLE: &str = "the column's type fits no form; convert it to text, number or date";
    let unsuitable = |_| UNSUITABLE;
    match series.dtype() {
        DataType::String => texts(series).map(RawColumn::Text).map_err(unsuitable),
        DataType::Null => Ok(RawColumn::Whole(vec![None; series.len()])),
        DataType::Boolean => {
            let boxes = series.bool().map_err(unsuitable)?;
            Ok(RawColumn::Whole(boxes.iter().map(|ticked| ticked.map(i64::from)).collect()))
        }
        DataType::Date => {
            let days = series.to_physical_repr().i32().map(|days| days.to_vec());
            Ok(RawColumn::Day(days.map_err(unsuitable)?))
        }
        DataType::Datetime(unit, None) => {
            let instants = series.to_physical_repr().i64().map(|instants| instants.to_vec());
            let per_day = ticks_per_day(*unit);
            let instants = instants.map_err(unsuitable)?.into_iter();
            Ok(RawColumn::Day(instants.map(|instant| instant.map(|at| day_of(at, per_day))).collect()))
        }
        DataType::Datetime(_, Some(_)) => Err("the column has a time zone; convert it to local dates"),
        kind if kind.is_integer() => {
            let numbers = series.strict_cast(&DataType::Int64);
            let numbers = numbers.map_err(|_| "the column holds integers too large to be codes or counts")?;
            numbers.i64().map(|numbers| RawColumn::Whole(numbers.to_vec())).map_err(unsuitable)
        }
        kind if kind.is_float() => {
            let numbers = series.cast(&DataType::Float64).map_err(unsuitable)?;
            numbers.f64().map(|numbers| RawColumn::Real(numbers.to_vec())).map_err(unsuitable)
        }
        kind if kind.is_categorical() || kind.is_enum() => {
            // By the strings, never by the codes: those are shared between columns and change with time.
            let strings = series.cast(&DataType::String).map_err(unsuitable)?;
            texts(&strings).map(RawColumn::Text).map_err(unsuitable)
        }
        _ => Err(UNSUITABLE),
    }
}

fn texts(series: &Series) -> PolarsResult<TextColumn> {
    let mut column = TextColumn::default();
    for text in series.str()?.iter() {
        column.push(text.unwrap_or_default());
    }
    Ok(column)
}

fn ticks_per_day(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Nanoseconds => 86_400_000_000_000,
        TimeUnit::Microseconds => 86_400_000_000,
        TimeUnit::Milliseconds => 86_400_000,
    }
}

/// A day beyond all calendars stands for one that cannot be represented; it is refused as a date later.
fn day_of(instant: i64, per_day: i64) -> i32 {
    i32::try_from(instant.div_euclid(per_day)).unwrap_or(i32::MAX)
}
