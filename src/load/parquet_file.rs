//! Parquet files, read by column so that free text never leaves the file.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use polars::prelude::{ParquetReader, PolarsResult, SerReader};

use super::findings::Findings;
use super::layout::Layout;
use super::raw::RawTable;
use super::source::Source;
use super::typed_frame;
use crate::error::Error;

/// Reads a file into raw columns.
pub(super) fn read(
    path: &Path,
    layout: &Layout<'_>,
    source: &Source<'_>,
    findings: &mut Findings,
) -> Result<RawTable, Error> {
    let file = File::open(path).map_err(|error| Error::file(path, &error))?;
    let damaged = || source.error("not a readable Parquet file; it may be truncated, or of another format");
    let mut reader = ParquetReader::new(file);
    let schema = quietly(|| reader.schema()).ok_or_else(damaged)?;
    let header: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
    let wanted = layout.check_header(&header, source, findings)?;
    let columns: Vec<String> = wanted.iter().cloned().collect();
    let frame = quietly(|| reader.with_columns(Some(columns)).finish()).ok_or_else(damaged)?;
    typed_frame::raw_table(&frame, &wanted, source)
}

/// A damaged file may make the reader fail or, in places, panic; either way nothing of its text is passed on.
fn quietly<T>(work: impl FnOnce() -> PolarsResult<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()?.ok()
}
