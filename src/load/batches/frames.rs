//! Frames that the caller has or makes, one after the other.

use std::collections::BTreeSet;
use std::path::PathBuf;

use polars::prelude::DataFrame;

use super::{Batch, Piece, Pieces, Table, distinct};
use crate::error::Error;

/// A frame of more rows is read in several pieces, so that several threads can.
const MOST_ROWS: usize = 1 << 18;

/// Frames of the same columns. The first one is looked at before any is counted.
pub(crate) struct Frames {
    columns: BTreeSet<String>,
    first: Option<DataFrame>,
    others: Box<dyn Iterator<Item = Result<DataFrame, Error>> + Send>,
}

struct Slices {
    wanted: Vec<String>,
    frame: Option<DataFrame>,
    others: Box<dyn Iterator<Item = Result<DataFrame, Error>> + Send>,
    /// Rows of the frame at hand that were given out.
    done: usize,
    /// The number of the next row.
    next: u64,
}

impl Frames {
    pub(crate) fn new(
        mut frames: Box<dyn Iterator<Item = Result<DataFrame, Error>> + Send>,
    ) -> Result<Self, Error> {
        let first = frames.next().transpose()?;
        let first = first.ok_or_else(|| Error::load("there is no frame to count"))?;
        let columns = distinct(first.get_column_names().iter().map(|name| name.to_string()))?;
        Ok(Self { columns, first: Some(first), others: frames })
    }
}

impl Table for Frames {
    fn columns(&self) -> BTreeSet<String> {
        self.columns.clone()
    }

    fn rows(&self) -> Option<u64> {
        None
    }

    fn path(&self) -> Option<PathBuf> {
        None
    }

    fn pieces(self: Box<Self>, wanted: BTreeSet<String>) -> Box<dyn Pieces> {
        let wanted = wanted.into_iter().collect();
        Box::new(Slices { wanted, frame: self.first, others: self.others, done: 0, next: 1 })
    }
}

impl Pieces for Slices {
    fn next_piece(&mut self) -> Result<Option<Box<dyn Piece>>, Error> {
        loop {
            let Some(frame) = &self.frame else { return Ok(None) };
            let rows = (frame.height() - self.done).min(MOST_ROWS);
            if rows == 0 {
                self.frame = self.others.next().transpose()?;
                self.done = 0;
                continue;
            }
            let wanted = frame.select(self.wanted.iter().map(String::as_str));
            let wanted = wanted.map_err(|_| Error::load("a later frame lacks columns of the first one"))?;
            let batch = Batch { frame: wanted.slice(self.done as i64, rows), first: self.next, lines: None };
            self.done += rows;
            self.next += rows as u64;
            return Ok(Some(Box::new(batch)));
        }
    }
}

impl Piece for Batch {
    fn read(self: Box<Self>) -> Result<Batch, Error> {
        Ok(*self)
    }
}
