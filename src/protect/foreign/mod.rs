//! Tables that someone else made, as their reader sees them: some numbers, some holes, and equations between them.
//!
//! Nothing here knows what stands in a hole. What each one can be follows from the printed numbers alone: `presolve` draws
//! the plain conclusions, `range` solves what is left as linear and whole-number programs, `rank` says what the equations
//! give away without any bound. `percentage`, `records`, `groups` and `bands` are the small attacks on printed statistics.

mod bands;
mod bounds;
mod groups;
mod percentage;
mod presolve;
mod printed_number;
mod program;
mod range;
mod rank;
mod records;

use std::collections::BTreeSet;
use std::fmt;

pub use bands::BandedCounts;
pub use bounds::{Bounds, FeasibleInterval};
pub use groups::{AttributeDisclosure, group_disclosure, within_group_disclosure};
pub use percentage::feasible_counts;
pub use printed_number::PrintedNumber;
pub use records::{RecordSolutions, record_solutions};

use presolve::Presolved;
use range::Component;

use crate::error::Error;

/// Published tables with holes: what is known of each cell, and linear relations with whole coefficients between them.
///
/// Each cell stands once, however many tables print it. The attack is the one of the auditing literature (Fischetti and
/// Salazar-González, Management Science 2001): the smallest and the largest value of each hole over all worlds that fit.
///
/// ```
/// use registat::{Bounds, HoledTables};
///
/// // 15 = 10 + 3 + two holes, where zeros are printed: both holes are 1.
/// let mut tables = HoledTables::new();
/// let whole = tables.cell(Bounds::exactly(15));
/// let parts = [Bounds::exactly(10), Bounds::exactly(3), Bounds::POSITIVE_HOLE, Bounds::POSITIVE_HOLE];
/// let parts = parts.map(|part| tables.cell(part));
/// tables.equation("row total", whole, parts)?;
/// let feasible = tables.feasible()?;
/// assert!(feasible.iter().all(|hole| hole.only_whole_number() == Some(1)));
/// assert!(tables.determined_by_equations()?.is_empty());
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct HoledTables {
    cells: Vec<Bounds>,
    relations: Vec<Relation>,
}

/// A sum of cells, each with a coefficient, and what it lies between.
#[derive(Clone)]
struct Relation {
    name: String,
    terms: Vec<(usize, i64)>,
    least: Option<i64>,
    most: Option<i64>,
}

/// Numbers beyond this are refused: up to here sums and products are exact in 128 bits, and floats are whole numbers.
const GREATEST: i64 = 1 << 48;

impl HoledTables {
    /// No cell yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a cell and returns its number: the first is 0, the next 1.
    pub fn cell(&mut self, bounds: Bounds) -> usize {
        self.cells.push(bounds);
        self.cells.len() - 1
    }

    /// One cell is the sum of others. The name is for error messages: `row total of Bodø`.
    ///
    /// # Errors
    /// When a cell is not there or stands twice in the equation.
    pub fn equation(
        &mut self,
        name: &str,
        whole: usize,
        parts: impl IntoIterator<Item = usize>,
    ) -> Result<(), Error> {
        let parts = parts.into_iter().map(|part| (part, -1));
        self.relation(name, parts.chain([(whole, 1)]), Some(0), Some(0))
    }

    /// A sum of cells times whole coefficients that lies between two numbers, both included; an equation where they are the
    /// same. `None` leaves a side open.
    ///
    /// # Errors
    /// When a cell is not there or stands twice, or a number is beyond 2^48.
    pub fn relation(
        &mut self,
        name: &str,
        terms: impl IntoIterator<Item = (usize, i64)>,
        least: Option<i64>,
        most: Option<i64>,
    ) -> Result<(), Error> {
        let terms: Vec<(usize, i64)> = terms.into_iter().filter(|(_, factor)| *factor != 0).collect();
        let mut seen = BTreeSet::new();
        for (cell, _) in &terms {
            if *cell >= self.cells.len() {
                return Err(Error::policy(format!("`{name}` names a cell that is not there")));
            }
            if !seen.insert(*cell) {
                return Err(Error::policy(format!("`{name}` names a cell twice")));
            }
        }
        let mut numbers = terms.iter().map(|(_, factor)| *factor).chain(least).chain(most);
        if numbers.any(|number| number.unsigned_abs() > GREATEST.unsigned_abs()) {
            return Err(Error::policy(format!("`{name}` has a number that is too large to be checked")));
        }
        self.relations.push(Relation { name: name.to_owned(), terms, least, most });
        Ok(())
    }

    /// A percentage as printed: one cell is so many per cent of another, neither of which need be known. A share printed
    /// with `d` decimals lies within half a unit of its last digit: 2·10^d·100·count is from (2p - 1)·of to (2p + 1)·of,
    /// where p are its digits without the point.
    ///
    /// # Errors
    /// As [`relation`](Self::relation), and when the percentage has too many digits.
    pub fn percentage(
        &mut self,
        name: &str,
        count: usize,
        of: usize,
        percent: PrintedNumber,
    ) -> Result<(), Error> {
        let (below, above) = percent.half_units();
        let unit = percent.units_per_one().checked_mul(200);
        let (Some(unit), Some(below), Some(above)) = (unit, below.checked_neg(), above.checked_neg()) else {
            return Err(Error::policy(format!("`{name}` has too many digits")));
        };
        self.relation(name, [(count, unit), (of, below)], Some(0), None)?;
        self.relation(name, [(count, unit), (of, above)], None, Some(0))?;
        self.relation(name, [(of, 1), (count, -1)], Some(0), None)
    }

    /// What each cell that is not known exactly can be over the real numbers, in the order of the cells. Counts may leave
    /// less: see [`feasible_whole`](Self::feasible_whole).
    ///
    /// # Errors
    /// When no world fits the tables (with the name of a relation that cannot hold), or a number is too large.
    pub fn feasible(&self) -> Result<Vec<FeasibleInterval>, Error> {
        self.intervals(None)
    }

    /// What each cell that is not known exactly can be if all of them are whole numbers. Both ends of an interval are those
    /// of worlds checked in whole-number arithmetic. Where the search for one takes more than `node_limit` nodes of branch
    /// and bound, the interval is the one over the real numbers and says so: [`FeasibleInterval::is_whole`].
    ///
    /// # Errors
    /// As [`feasible`](Self::feasible).
    pub fn feasible_whole(&self, node_limit: u64) -> Result<Vec<FeasibleInterval>, Error> {
        self.intervals(Some(node_limit))
    }

    fn intervals(&self, node_limit: Option<u64>) -> Result<Vec<FeasibleInterval>, Error> {
        let presolved = Presolved::new(self, node_limit.is_some())?;
        let mut found: Vec<FeasibleInterval> = presolved
            .fixed(self)
            .map(|(cell, value)| FeasibleInterval {
                cell,
                lo: value,
                hi: Some(value),
                is_whole: node_limit.is_some(),
            })
            .collect();
        for (cells, rows) in presolved.components() {
            found.extend(Component::new(self, &presolved, cells, rows).intervals(node_limit)?);
        }
        found.sort_unstable_by_key(|interval| interval.cell);
        Ok(found)
    }

    /// The cells, not known themselves, that the equations alone determine, whatever bounds there are: those whose unit
    /// vector is a combination of the equations. Eliminated exactly modulo two primes of 61 bits.
    ///
    /// # Errors
    /// When the equations contradict each other (with the name of one of them), or a number is too large.
    pub fn determined_by_equations(&self) -> Result<Vec<usize>, Error> {
        self.check_sizes()?;
        rank::determined(self)
    }

    fn check_sizes(&self) -> Result<(), Error> {
        let mut numbers = self.cells.iter().flat_map(|cell| [Some(cell.least), cell.most]).flatten();
        if numbers.any(|number| number.unsigned_abs() > GREATEST.unsigned_abs()) {
            return Err(Error::policy("a number of the tables is too large to be checked"));
        }
        Ok(())
    }

    fn impossible(&self, relation: usize) -> Error {
        let name = self.relations.get(relation).map_or("", |relation| relation.name.as_str());
        Error::policy(format!(
            "no numbers fit the tables: `{name}` cannot hold together with the others; check its cells, \
             which of them are totals, and the bounds of its holes"
        ))
    }
}

/// How many cells and relations there are: their numbers may be confidential.
impl fmt::Debug for HoledTables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HoledTables({} cells, {} relations)", self.cells.len(), self.relations.len())
    }
}
