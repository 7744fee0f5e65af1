//! From files or frames to typed, checked columns: each cell is read as the codebook says, never guessed.
//!
//! The way through the folder: a [`Loader`] takes one source per form; `delimited`, `parquet_file` and
//! `typed_frame` turn each into raw columns; `layout` compares the header with the codebook; `check` and
//! `value` decode every cell; `linkage` compares the forms with each other; what was noticed and not refused
//! is in [`Findings`].

mod batches;
mod check;
mod csv_format;
mod delimited;
mod findings;
mod layout;
mod linkage;
mod loader;
pub(crate) mod number;
mod parquet_file;
mod quoting;
mod raw;
mod registry;
mod source;
mod text_encoding;
mod typed_frame;
mod value;

#[cfg(feature = "lazy")]
pub(crate) use batches::LazyTable;
pub(crate) use batches::{Batch, Frames, ParquetTable, Pieces, Table as Batched, TextTable};
pub use csv_format::{CsvFormat, Encoding};
pub use findings::{Finding, FindingKind, Findings};
pub use loader::{BadValues, Loader};
pub use registry::Registry;
