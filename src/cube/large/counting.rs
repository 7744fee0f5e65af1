//! Counting a flat table: how it is counted is decided and said before the first row is read; then every core takes piece
//! after piece.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, thread};

use super::counters::Counter;
use super::flat_table::FlatTable;
use super::partial::{PartialCube, Patients};
use super::partial_file;
use super::patients::{Meetings, Room};
use super::reading::{Counts, Reading};
use super::shape::Shape;
use crate::error::Error;
use crate::load::{BadValues, Batched, Pieces};
use crate::observer::Observer;

/// A plan made ready to be counted over a large cohort.
///
/// ```
/// use registat::{Codebook, LargeCohort, Table, Time, count, dim, mean};
///
/// # fn main() -> Result<(), registat::Error> {
/// let codebook = Codebook::open("data-samples/nnrr/codebook.toml")?;
/// let table = Table::new("by_sex").rows(dim("sex").total()).stat(count()).stat(mean("odi").at(Time::BASELINE));
/// let counting = LargeCohort::new(codebook).one_course_per_patient().without_units().count(&table)?;
/// assert!(counting.describe().starts_with("1 variable crosses"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Counting {
    pub(super) shape: Arc<Shape>,
    threads: usize,
    memory: u64,
    bad_values: BadValues,
}

/// 512 MiB.
const MEMORY: u64 = 512 << 20;

impl Counting {
    pub(super) fn new(shape: Shape) -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        Self { shape: Arc::new(shape), threads, memory: MEMORY, bad_values: BadValues::default() }
    }

    /// On how many threads to count; as many as the machine has unless stated. The result is the same for any number.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// How many bytes counters and patients may take together, 512 MiB unless stated. The rows that are being read take some
    /// megabytes for each thread besides. Where counters for every possible group do not fit, the groups that occur are kept
    /// sorted, which is slower; where these do not fit either, counting ends with an error. Distinct patients take 32 bytes for
    /// each row, beside the counters: where the number of rows is known and they might not fit, nothing is counted.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// What to do with values that the codebook does not allow; they are refused unless stated.
    pub fn bad_values(mut self, bad_values: BadValues) -> Self {
        self.bad_values = bad_values;
        self
    }

    /// How the plan will be counted, in English, for the staff: what is crossed, and which counters are dense.
    pub fn describe(&self) -> String {
        let shape = &self.shape;
        let plan = Layout::of(self);
        let axes = shape.axes.iter().filter(|axis| !axis.is_answered).count();
        let mut lines = vec![format!(
            "{axes} {} into {} groups; {} threads, {} bytes of memory",
            if axes == 1 { "variable crosses" } else { "variables cross" },
            shape.groups,
            self.threads,
            self.memory
        )];
        let kind = |is_dense: bool| if is_dense { "dense" } else { "sorted" };
        lines.push(format!(
            "records by what was answered: {} groups, {} counters",
            shape.crossings,
            kind(plan.records)
        ));
        for (measure, is_dense) in shape.measures.iter().zip(&plan.measures) {
            let values = measure.support.len();
            lines.push(format!("{}: {values} values, {} counters", measure.name(), kind(*is_dense)));
        }
        lines.push(match shape.patients {
            Some(_) => "patients: told apart".to_owned(),
            None => "patients: one for each row".to_owned(),
        });
        lines.join("\n")
    }

    /// Counts a table.
    ///
    /// # Errors
    /// When the table cannot be read, lacks a column, holds a value that the codebook does not allow, or when the groups do not
    /// fit the memory. Nothing is kept then.
    pub fn run(&self, table: FlatTable) -> Result<PartialCube, Error> {
        self.run_observed(table, &mut ())
    }

    /// Counts a table and tells an observer of the rows that are done, who may stop it.
    ///
    /// # Errors
    /// As [`run`](Self::run), and [`Error::is_stopped`] when the observer stopped it.
    pub fn run_observed(
        &self,
        table: FlatTable,
        observer: &mut (dyn Observer + Send),
    ) -> Result<PartialCube, Error> {
        let table = table.0;
        let path = table.path();
        let counted = self.count(table, observer);
        counted.map_err(|error| match path {
            Some(path) if error.is_input() => error.in_file(&path),
            _ => error,
        })
    }

    /// Reads what [`PartialCube::save`] wrote, if it was counted by the same plan and codebook.
    ///
    /// # Errors
    /// When the file cannot be read, is damaged, or was counted by something else; the error says what differs.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<PartialCube, Error> {
        partial_file::load(path.as_ref(), &self.shape)
    }

    fn count(
        &self,
        table: Box<dyn Batched>,
        observer: &mut (dyn Observer + Send),
    ) -> Result<PartialCube, Error> {
        let mark = table.decimal_mark();
        let reading =
            Reading::new(&self.shape, &table.columns(), self.shape.patients, mark, self.bad_values)?;
        let of = table.rows();
        let layout = Layout::of(self);
        if let Some(room) = &layout.patients {
            table.rows_at_most()?.map_or(Ok(()), |rows| room.check(rows))?;
        }
        let work = Mutex::new(Work {
            pieces: table.pieces(reading.wanted()),
            handed_out: 0,
            failure: None,
            observer,
            rows: 0,
            of,
            is_stopped: false,
        });
        let counts = thread::scope(|scope| {
            let counts = layout.counts(self);
            let others: Vec<_> = (1..self.threads)
                .map(|_| {
                    let counts = counts.another();
                    scope.spawn(|| take_pieces(&work, &reading, counts))
                })
                .collect();
            let mut counts = take_pieces(&work, &reading, counts);
            for other in others {
                // A thread ends without a result only where it panicked; its message is not passed on.
                let other = other.join().map_err(|_| Error::cube("counting stopped before its end"))?;
                counts.join(other)?;
            }
            Ok::<_, Error>(counts)
        });
        let work = work.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, error)) = work.failure {
            return Err(error);
        }
        if work.is_stopped {
            return Err(Error::stopped());
        }
        let counts = counts?;
        Ok(PartialCube {
            shape: Arc::clone(&self.shape),
            rows: counts.rows,
            records: counts.records.into_runs(),
            measures: counts.measures.into_iter().map(Counter::into_runs).collect(),
            patients: match counts.meetings {
                Some(meetings) => Patients::Met(meetings.into_pairs()),
                None => Patients::EachRecord,
            },
            taken_as_missing: counts.taken_as_missing,
        })
    }
}

/// Which counters are dense.
struct Layout {
    records: bool,
    measures: Vec<bool>,
    /// Bytes for the sorted counters of one thread, each.
    sorted: u64,
    /// For the patients of all threads, where they are told apart.
    patients: Option<Arc<Room>>,
}

impl Layout {
    /// Half of the memory is for dense counters, smallest first; what they leave is for what is sorted.
    fn of(counting: &Counting) -> Self {
        let threads = counting.threads as u64;
        let shape = &counting.shape;
        let room = counting.memory / 2;
        let mut left = room;
        let mut is_dense = |groups: u64, bins: usize| {
            let bytes = Counter::dense_bytes(groups, bins, threads);
            let fits = bytes <= left;
            if fits {
                left -= bytes;
            }
            fits
        };
        let records = is_dense(shape.crossings, 1);
        let mut order: Vec<usize> = (0..shape.measures.len()).collect();
        let bins = |measure: usize| shape.measures.get(measure).map_or(0, super::shape::Measure::bins);
        order.sort_by_key(|measure| bins(*measure));
        let mut measures = vec![false; order.len()];
        for measure in order {
            if let Some(dense) = measures.get_mut(measure) {
                *dense = is_dense(shape.groups, bins(measure));
            }
        }
        let sorted = measures.iter().filter(|is_dense| !**is_dense).count() + usize::from(!records);
        let shares = (sorted + usize::from(counting.shape.patients.is_some())).max(1) as u64;
        let share = (counting.memory - (room - left)) / threads / shares;
        let patients = shape.patients.map(|_| Arc::new(Room::new(share * threads)));
        Self { records, measures, sorted: share, patients }
    }

    fn counts(&self, counting: &Counting) -> Counts {
        let counter = |is_dense: bool, groups: u64, bins: usize| {
            if is_dense { Counter::dense(groups, bins) } else { Counter::sorted(bins, self.sorted) }
        };
        let shape = &counting.shape;
        let measures = shape.measures.iter().zip(&self.measures);
        Counts {
            rows: 0,
            records: counter(self.records, shape.crossings, 1),
            measures: measures
                .map(|(measure, is_dense)| counter(*is_dense, shape.groups, measure.bins()))
                .collect(),
            meetings: self.patients.as_ref().map(Meetings::new),
            taken_as_missing: Default::default(),
        }
    }
}

/// What the threads share: the next piece, and how far they are.
struct Work<'o> {
    pieces: Box<dyn Pieces>,
    handed_out: u64,
    /// The first piece that failed, and how. Pieces are handed out in order and each is finished, so that the first one that
    /// fails is the same for any number of threads.
    failure: Option<(u64, Error)>,
    observer: &'o mut (dyn Observer + Send),
    rows: u64,
    of: Option<u64>,
    is_stopped: bool,
}

impl Work<'_> {
    fn fail(&mut self, piece: u64, error: Error) {
        if self.failure.as_ref().is_none_or(|(known, _)| piece < *known) {
            self.failure = Some((piece, error));
        }
    }
}

fn lock<'w, 'o>(work: &'w Mutex<Work<'o>>) -> MutexGuard<'w, Work<'o>> {
    work.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take_pieces(work: &Mutex<Work<'_>>, reading: &Reading<'_>, mut counts: Counts) -> Counts {
    loop {
        let (number, piece) = {
            let mut work = lock(work);
            if work.failure.is_some() || work.is_stopped {
                return counts;
            }
            let number = work.handed_out;
            work.handed_out += 1;
            match work.pieces.next_piece() {
                Ok(Some(piece)) => (number, piece),
                Ok(None) => break,
                Err(error) => {
                    work.fail(number, error);
                    return counts;
                }
            }
        };
        let rows = piece.read().and_then(|batch| reading.count(&batch, &mut counts));
        let mut work = lock(work);
        match rows {
            Ok(rows) => {
                work.rows += rows;
                let (rows, of) = (work.rows, work.of);
                // Who stopped the run hears no more of it.
                work.is_stopped = work.is_stopped || work.observer.rows(rows, of) == ControlFlow::Break(());
            }
            Err(error) => work.fail(number, error),
        }
    }
    // Here, each thread its own.
    if let Some(meetings) = &mut counts.meetings {
        meetings.settle();
    }
    counts
}

/// What is counted is a matter of the plan; that it is, and nothing more, is shown.
impl fmt::Debug for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counting(..)")
    }
}
