//! Flat tables in pieces: a file or a row of frames, read a bounded number of rows at a time and never held as a whole.

mod delimited;
mod frames;
#[cfg(feature = "lazy")]
mod lazy;
mod parquet;

use std::collections::BTreeSet;
use std::path::PathBuf;

use polars::prelude::DataFrame;

pub(crate) use self::delimited::TextTable;
pub(crate) use self::frames::Frames;
#[cfg(feature = "lazy")]
pub(crate) use self::lazy::LazyTable;
pub(crate) use self::parquet::ParquetTable;
use crate::error::Error;

/// Some rows of a flat table, with the columns that were wanted.
pub(crate) struct Batch {
    pub(crate) frame: DataFrame,
    /// The number of the first row as messages count them: from 1, or the line of a file of text.
    pub(crate) first: u64,
    /// The line of every row, where they do not simply follow each other.
    pub(crate) lines: Option<Vec<u64>>,
}

/// A piece that is still to be read. Finding the next piece is quick and happens in turn; reading one happens on any thread.
pub(crate) trait Piece: Send {
    fn read(self: Box<Self>) -> Result<Batch, Error>;
}

/// The pieces of a table, in order.
pub(crate) trait Pieces: Send {
    fn next_piece(&mut self) -> Result<Option<Box<dyn Piece>>, Error>;
}

/// A flat table that was opened and not yet read.
pub(crate) trait Table {
    /// The names of its columns.
    fn columns(&self) -> BTreeSet<String>;

    /// How many rows it has, where that is known without reading it.
    fn rows(&self) -> Option<u64>;

    /// More rows than this it cannot have; nothing where only reading the rows would tell.
    fn rows_at_most(&self) -> Result<Option<u64>, Error> {
        Ok(self.rows())
    }

    /// Where it is, for messages.
    fn path(&self) -> Option<PathBuf>;

    /// The decimal mark of its texts, where it is stated.
    fn decimal_mark(&self) -> Option<u8> {
        None
    }

    /// Begins to read these columns, which it has.
    fn pieces(self: Box<Self>, wanted: BTreeSet<String>) -> Box<dyn Pieces>;
}

/// What every source says of a column that is there twice.
fn distinct(names: impl IntoIterator<Item = String>) -> Result<BTreeSet<String>, Error> {
    let mut known = BTreeSet::new();
    for name in names {
        if !name.is_empty() && !known.insert(name.clone()) {
            return Err(Error::load("two columns have this name; rename or remove one").at_column(name));
        }
    }
    Ok(known)
}
