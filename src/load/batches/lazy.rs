//! A lazy frame of polars, through its streaming engine: its batches are counted as they come, and the engine waits while they are.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use polars::prelude::{DataFrame, Engine, LazyFrame, PlanCallback, PolarsResult, col};

use super::{Batch, Piece, Pieces, Table, distinct};
use crate::error::Error;

/// Batches that wait to be counted, beside those that the engine is making.
const WAITING: usize = 4;

/// polars' own messages would quote values.
const FAILED: &str = "the lazy frame cannot be computed; collect it to see why";

pub(crate) struct LazyTable {
    frame: LazyFrame,
    columns: BTreeSet<String>,
}

/// A batch, or the end of all.
type Message = Result<Option<DataFrame>, Error>;

struct Streamed {
    batches: Receiver<Message>,
    /// The number of the next row.
    next: u64,
    is_at_end: bool,
}

impl LazyTable {
    pub(crate) fn new(mut frame: LazyFrame) -> Result<Self, Error> {
        let schema = catch_unwind(AssertUnwindSafe(|| frame.collect_schema()));
        let schema = schema.ok().and_then(PolarsResult::ok).ok_or_else(|| Error::load(FAILED))?;
        let columns = distinct(schema.iter_names().map(|name| name.to_string()))?;
        Ok(Self { frame, columns })
    }
}

impl Table for LazyTable {
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
        let (sender, batches) = sync_channel(WAITING);
        let wanted: Vec<_> = wanted.into_iter().map(col).collect();
        let frame = self.frame.select(wanted);
        thread::spawn(move || {
            let is_computed = catch_unwind(AssertUnwindSafe(|| stream(frame, sender.clone())));
            let end = if matches!(is_computed, Ok(Ok(()))) { Ok(None) } else { Err(Error::load(FAILED)) };
            // Whoever counted may have stopped listening.
            let _ = sender.send(end);
        });
        Box::new(Streamed { batches, next: 1, is_at_end: false })
    }
}

fn stream(frame: LazyFrame, sender: SyncSender<Message>) -> PolarsResult<()> {
    // True stops the engine: nobody listens any more.
    let send = PlanCallback::new(move |batch| Ok(sender.send(Ok(Some(batch))).is_err()));
    frame.sink_batches(send, true, None)?.collect_with_engine(Engine::Streaming)?;
    Ok(())
}

impl Pieces for Streamed {
    fn next_piece(&mut self) -> Result<Option<Box<dyn Piece>>, Error> {
        if self.is_at_end {
            return Ok(None);
        }
        let message = self.batches.recv().map_err(|_| Error::load(FAILED))?;
        let Some(frame) = message? else {
            self.is_at_end = true;
            return Ok(None);
        };
        let first = self.next;
        self.next += frame.height() as u64;
        Ok(Some(Box::new(Batch { frame, first, lines: None })))
    }
}
