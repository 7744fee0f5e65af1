//! Where the rows of a large cohort come from.

use std::fmt;
use std::path::Path;

use polars::prelude::DataFrame;

use crate::error::Error;
#[cfg(feature = "lazy")]
use crate::load::LazyTable;
use crate::load::{Batched, CsvFormat, Frames, ParquetTable, TextTable};

/// A table of which each row is one whole course, read some rows at a time.
///
/// Columns are called as the codebook calls its variables and instruments. What was asked at the visit has the plain name
/// (`sex`, `odi`), what was asked some months later the months behind it (`odi_6`, `satisfaction_12`). A score is read from its
/// column; where there is none, it is computed from the columns of its items (`odi.1` to `odi.10`, `odi_6.1`), coded as on the
/// form. `answered_6` says whether a follow-up form came back: 1 or true if it did.
///
/// Values are the codes of the codebook, or the names of its levels and units in text and categorical columns. Empty fields and
/// the codebook's missing codes are missing. Scores are stored with at least two decimals, EQ-5D indices with all that their
/// value set has: numbers that are rounded further stand for more than one score and are not allowed. A course without a date of
/// its visit lies in no window but [`Window::All`](crate::Window::All).
#[must_use]
pub struct FlatTable(pub(super) Box<dyn Batched>);

impl FlatTable {
    /// A Parquet file, read by row groups.
    ///
    /// # Errors
    /// When the file cannot be opened or is no Parquet file.
    pub fn parquet(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self(Box::new(ParquetTable::open(path.as_ref())?)))
    }

    /// A file of delimited text, read some megabytes at a time.
    ///
    /// # Errors
    /// When the file cannot be opened or has no readable header.
    pub fn csv(path: impl AsRef<Path>, format: CsvFormat) -> Result<Self, Error> {
        Ok(Self(Box::new(TextTable::open(path.as_ref(), format)?)))
    }

    /// A frame in memory.
    ///
    /// # Errors
    /// When two of its columns have one name.
    pub fn frame(frame: DataFrame) -> Result<Self, Error> {
        Self::frames([frame])
    }

    /// Frames of the same columns, one after the other: whatever makes them need not hold them all.
    ///
    /// # Errors
    /// When there is none.
    pub fn frames<I>(frames: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item = DataFrame>,
        I::IntoIter: Send + 'static,
    {
        Self::try_frames(frames.into_iter().map(Ok))
    }

    /// Frames whose making can fail; the first failure ends the counting.
    ///
    /// # Errors
    /// When there is none, or the first one failed.
    pub fn try_frames<I>(frames: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item = Result<DataFrame, Error>>,
        I::IntoIter: Send + 'static,
    {
        Ok(Self(Box::new(Frames::new(Box::new(frames.into_iter()))?)))
    }

    /// A lazy frame, through the streaming engine of polars: what it reads and joins need not fit the memory. With the `lazy`
    /// feature of this crate only, which brings the engine's network code into the program.
    ///
    /// # Errors
    /// When the frame's columns cannot be known, or two of them have one name. What fails later ends the counting.
    #[cfg(feature = "lazy")]
    pub fn lazy(frame: polars::prelude::LazyFrame) -> Result<Self, Error> {
        Ok(Self(Box::new(LazyTable::new(frame)?)))
    }
}

/// Holds rows, so it shows nothing.
impl fmt::Debug for FlatTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FlatTable(..)")
    }
}
