//! Parquet files, one row group at a time.

use std::collections::BTreeSet;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::io::parquet::metadata::{FileMetadata, FileMetadataRef};
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
    /// The same without its row groups: a file may have thousands.
    without_groups: FileMetadata,
}

struct RowGroups {
    file: Arc<Opened>,
    wanted: Arc<Vec<String>>,
    /// The pieces that are left, the next one last.
    left: Vec<Place>,
}

/// Where a piece lies: its row group, rows within it, and the number of its first row in the file.
#[derive(Clone, Copy)]
struct Place {
    group: usize,
    start: usize,
    rows: usize,
    first: u64,
}

struct Rows {
    file: Arc<Opened>,
    wanted: Arc<Vec<String>>,
    place: Place,
}

impl ParquetTable {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let mut reader = ParquetReader::new(open(path)?);
        let metadata = quietly(|| reader.get_metadata().cloned()).ok_or_else(|| damaged(path))?;
        let schema = quietly(|| reader.schema()).ok_or_else(|| damaged(path))?;
        let columns = distinct(schema.iter_names().map(|name| name.to_string()));
        let columns = columns.map_err(|error| error.in_file(path))?;
        let without_groups = FileMetadata { row_groups: Vec::new(), ..FileMetadata::clone(&metadata) };
        let file = Arc::new(Opened { path: path.to_owned(), metadata, without_groups });
        Ok(Self { file, columns })
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
        let mut first = 1;
        for (group, metadata) in self.file.metadata.row_groups.iter().enumerate() {
            for start in (0..metadata.num_rows()).step_by(MOST_ROWS) {
                let rows = (metadata.num_rows() - start).min(MOST_ROWS);
                left.push(Place { group, start, rows, first });
                first += rows as u64;
            }
        }
        left.reverse();
        Box::new(RowGroups { file: self.file, wanted: Arc::new(wanted.into_iter().collect()), left })
    }
}

impl Pieces for RowGroups {
    fn next_piece(&mut self) -> Result<Option<Box<dyn Piece>>, Error> {
        let Some(place) = self.left.pop() else { return Ok(None) };
        Ok(Some(Box::new(Rows { file: Arc::clone(&self.file), wanted: Arc::clone(&self.wanted), place })))
    }
}

impl Piece for Rows {
    fn read(self: Box<Self>) -> Result<Batch, Error> {
        let Self { file, wanted, place } = *self;
        let path = &file.path;
        // The reader looks at every row group before the one that is wanted: it is told of this one only.
        let mut metadata = file.without_groups.clone();
        metadata.row_groups.extend(file.metadata.row_groups.get(place.group).cloned());
        metadata.num_rows = metadata.row_groups.iter().map(|group| group.num_rows()).sum();
        let mut reader = ParquetReader::new(open(path)?);
        reader.set_metadata(Arc::new(metadata));
        let reader = reader
            .with_columns(Some(wanted.to_vec()))
            .with_slice(Some((place.start, place.rows)))
            .read_parallel(ParallelStrategy::None);
        let frame = quietly(|| reader.finish()).ok_or_else(|| damaged(path))?;
        Ok(Batch { frame, first: place.first, lines: None })
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
