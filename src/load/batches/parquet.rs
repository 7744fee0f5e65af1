//! Parquet files, one row group at a time.

use std::collections::BTreeSet;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::io::parquet::metadata::FileMetadataRef;
use polars::prelude::{ParallelStrategy, ParquetReader, PolarsResult, SerReader};

use super::{Batch, Piece, Pieces, Table, distinct};
use crate::error::Error;

/// A row group of more rows is read in several pieces.
const MOST_ROWS: usize = 1 << 20;

/// An opened file.
pub(crate) struct ParquetTable {
    file: Arc<Opened>,
    columns: BTreeSet<String>,
}

struct Opened {
    path: PathBuf,
    metadata: FileMetadataRef,
}

struct RowGroups {
    file: Arc<Opened>,
    wanted: Arc<Vec<String>>,
    /// First row and number of rows of each piece, the next one last.
    left: Vec<(usize, usize)>,
}

struct Rows {
    file: Arc<Opened>,
    wanted: Arc<Vec<String>>,
    first: usize,
    rows: usize,
}

impl ParquetTable {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let mut reader = ParquetReader::new(open(path)?);
        let metadata = quietly(|| reader.get_metadata().cloned()).ok_or_else(|| damaged(path))?;
        let schema = quietly(|| reader.schema()).ok_or_else(|| damaged(path))?;
        let columns = distinct(schema.iter_names().map(|name| name.to_string()));
        let columns = columns.map_err(|error| error.in_file(path))?;
        Ok(Self { file: Arc::new(Opened { path: path.to_owned(), metadata }), columns })
    }
}

impl Table for ParquetTable {
    fn columns(&self) -> BTreeSet<String> {
        self.columns.clone()
    }

    fn rows(&self) -> Option<u64> {
        Some(self.file.metadata.num_rows as u64)
    }

    fn path(&self) -> Option<PathBuf> {
        Some(self.file.path.clone())
    }

    fn pieces(self: Box<Self>, wanted: BTreeSet<String>) -> Box<dyn Pieces> {
        let mut left = Vec::new();
        let mut first = 0;
        for group in &self.file.metadata.row_groups {
            let end = first + group.num_rows();
            while first < end {
                let rows = (end - first).min(MOST_ROWS);
                left.push((first, rows));
                first += rows;
            }
        }
        left.reverse();
        Box::new(RowGroups { file: self.file, wanted: Arc::new(wanted.into_iter().collect()), left })
    }
}

impl Pieces for RowGroups {
    fn next_piece(&mut self) -> Result<Option<Box<dyn Piece>>, Error> {
        let Some((first, rows)) = self.left.pop() else { return Ok(None) };
        Ok(Some(Box::new(Rows {
            file: Arc::clone(&self.file),
            wanted: Arc::clone(&self.wanted),
            first,
            rows,
        })))
    }
}

impl Piece for Rows {
    fn read(self: Box<Self>) -> Result<Batch, Error> {
        let path = &self.file.path;
        let mut reader = ParquetReader::new(open(path)?);
        reader.set_metadata(Arc::clone(&self.file.metadata));
        let reader = reader
            .with_columns(Some(self.wanted.to_vec()))
            .with_slice(Some((self.first, self.rows)))
            .read_parallel(ParallelStrategy::None);
        let frame = quietly(|| reader.finish()).ok_or_else(|| damaged(path))?;
        Ok(Batch { frame, first: self.first as u64 + 1, lines: None })
    }
}

fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|error| Error::file(path, &error))
}

fn damaged(path: &Path) -> Error {
    Error::load("not a readable Parquet file; it may be truncated, or of another format").in_file(path)
}

/// A damaged file may make the reader fail or, in places, panic; either way nothing of its text is passed on.
fn quietly<T>(work: impl FnOnce() -> PolarsResult<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()?.ok()
}
