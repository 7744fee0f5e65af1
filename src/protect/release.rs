//! `Release`: everything that may leave the house, and nothing else. Its one constructor is in this folder.

use std::fmt;

use serde::Serialize;

use super::audit::Audit;
use crate::error::{Error, unknown};
use crate::schema::{Axis, ChartKind, Date, Goal, Head, Label, Note, RowKind};

/// Protected tables and charts.
///
/// A hidden number is *absent* here, not masked: no later code, format, alternative text or sort order can show what is
/// not there. Of a hidden number a release says that it is protected or, where no privacy rule hides it, that it was
/// withheld for reliability or coverage; it never says which protected numbers are small themselves and which protect
/// others.
///
/// There is no way to make a `Release` but [`Cube::protect`](crate::Cube::protect) and its sibling with a ledger; it can
/// be serialised and not be deserialised.
#[must_use]
#[derive(Serialize)]
pub struct Release {
    pub(super) heading: Heading,
    pub(super) tables: Vec<ReleasedTable>,
    pub(super) charts: Vec<ReleasedChart>,
    #[serde(skip)]
    pub(super) audit: Audit,
}

/// What is printed on every page of a release.
#[derive(Clone, Debug, Serialize)]
pub struct Heading {
    pub(super) register: Label,
    pub(super) credit: Label,
    pub(super) population: Label,
    pub(super) extracted: Option<Date>,
    /// Groups of fewer patients than this are protected.
    pub(super) threshold: u64,
    pub(super) policy: String,
}

/// One protected table.
#[derive(Clone, Serialize)]
pub struct ReleasedTable {
    pub(super) id: String,
    pub(super) title: Label,
    pub(super) stub: Label,
    pub(super) notes: Vec<Note>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

/// The head of one column of numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    pub(super) group: Option<Label>,
    pub(super) statistic: Option<Label>,
    pub(super) head: Head,
}

/// One row of numbers.
#[derive(Clone, Serialize)]
pub struct Row {
    pub(super) label: Label,
    pub(super) kind: RowKind,
    pub(super) depth: u8,
    pub(super) cells: Vec<Cell>,
}

/// One printed place. Opaque: what it shows is seen through [`view`](Cell::view).
#[derive(Clone, PartialEq, Serialize)]
pub struct Cell(pub(super) State);

#[derive(Clone, PartialEq, Serialize)]
pub(super) enum State {
    Shown(Printed),
    Protected,
    Unreliable,
    LowCoverage,
    NotApplicable,
}

/// What a reader may see of a place in a table or chart.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum CellView {
    /// The number, rounded to what is printed.
    Shown(Printed),
    /// Hidden for privacy.
    Protected,
    /// Not printed because it rests on too few patients to be compared; no privacy rule hides it.
    Unreliable,
    /// Not printed because the unit reports too few of its patients; no privacy rule hides it.
    LowCoverage,
    /// There is nothing to print: a mean of nobody.
    NotApplicable,
}

/// A number as it is printed: rounded once, when the release was made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Printed {
    /// A count.
    Count(u64),
    /// A number with this many decimals.
    Number {
        /// Rounded to `decimals`.
        value: f64,
        /// Digits after the decimal mark.
        decimals: u8,
    },
    /// A percentage, 0 to 100.
    Percent {
        /// Rounded to `decimals`.
        value: f64,
        /// Digits after the decimal mark.
        decimals: u8,
    },
    /// An interval: quartiles or confidence limits.
    Range {
        /// Rounded to `decimals`.
        lower: f64,
        /// Rounded to `decimals`.
        upper: f64,
        /// Digits after the decimal mark.
        decimals: u8,
        /// Whether the limits are percentages.
        percent: bool,
    },
}

/// One protected chart: its kind and the protected table that it draws.
#[derive(Clone, Serialize)]
pub struct ReleasedChart {
    pub(super) kind: ChartKind,
    pub(super) data: ReleasedTable,
    pub(super) axis: Axis,
    pub(super) goal: Option<Goal>,
    pub(super) series: Vec<Series>,
}

/// One series of a chart: which columns of its table it draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    pub(super) label: Label,
    pub(super) value: usize,
    pub(super) interval: Option<usize>,
    pub(super) n: Option<usize>,
}

/// A mark of a chart: one row in one series.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Mark {
    /// What is drawn.
    Shown {
        /// Position on the value axis.
        value: f64,
        /// Confidence limits.
        interval: Option<(f64, f64)>,
        /// The number behind it.
        n: Option<u64>,
    },
    /// Hidden for privacy.
    Protected,
    /// Rests on too few patients to be compared.
    Unreliable,
    /// The unit reports too few of its patients.
    LowCoverage,
    /// Nothing to draw.
    NotApplicable,
}

impl Release {
    /// One table by its name.
    ///
    /// # Errors
    /// When the release holds no such table; the nearest name is given.
    pub fn table(&self, id: &str) -> Result<&ReleasedTable, Error> {
        let found = self.tables.iter().find(|table| table.id == id);
        found.ok_or_else(|| Error::render(unknown("table", id, self.tables.iter().map(ReleasedTable::id))))
    }

    /// One chart by its name.
    ///
    /// # Errors
    /// When the release holds no such chart; the nearest name is given.
    pub fn chart(&self, id: &str) -> Result<&ReleasedChart, Error> {
        let found = self.charts.iter().find(|chart| chart.id() == id);
        found.ok_or_else(|| Error::render(unknown("chart", id, self.charts.iter().map(ReleasedChart::id))))
    }

    /// All tables, in the order of the specification.
    pub fn tables(&self) -> &[ReleasedTable] {
        &self.tables
    }

    /// All charts, in the order of the specification.
    pub fn charts(&self) -> &[ReleasedChart] {
        &self.charts
    }

    /// What is printed on every page.
    pub fn heading(&self) -> &Heading {
        &self.heading
    }

    /// The independent check of this release. For the staff; it is no part of what is serialised or rendered.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }
}

impl Heading {
    /// The register's name.
    pub fn register(&self) -> &Label {
        &self.register
    }

    /// The credit line.
    pub fn credit(&self) -> &Label {
        &self.credit
    }

    /// How the register's patients are called in a sentence.
    pub fn population(&self) -> &Label {
        &self.population
    }

    /// The day the data were drawn.
    pub fn extracted(&self) -> Option<Date> {
        self.extracted
    }

    /// Groups of fewer patients than this are protected.
    pub fn threshold(&self) -> u64 {
        self.threshold
    }

    /// The name of the policy that protected the release.
    pub fn policy(&self) -> &str {
        &self.policy
    }
}

impl ReleasedTable {
    /// The stable name of the table, used for file names.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The printed title.
    pub fn title(&self) -> &Label {
        &self.title
    }

    /// The head of the column of row names.
    pub fn stub(&self) -> &Label {
        &self.stub
    }

    /// What is printed under the table.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The heads of the columns of numbers.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows, in the order of the codebook; every row has one cell per column.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Column {
    /// What several columns share, such as the level of a column variable.
    pub fn group(&self) -> Option<&Label> {
        self.group.as_ref()
    }

    /// The name of the statistic, where the specification gives one.
    pub fn statistic(&self) -> Option<&Label> {
        self.statistic.as_ref()
    }

    /// What the numbers are.
    pub fn head(&self) -> Head {
        self.head
    }
}

impl Row {
    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// How the row stands to the others.
    pub fn kind(&self) -> RowKind {
        self.kind
    }

    /// How deep the row stands under subtotals: 0 is not indented.
    pub fn depth(&self) -> u8 {
        self.depth
    }

    /// One cell per column.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

impl Cell {
    /// What a reader may see.
    pub fn view(&self) -> CellView {
        match self.0 {
            State::Shown(printed) => CellView::Shown(printed),
            State::Protected => CellView::Protected,
            State::Unreliable => CellView::Unreliable,
            State::LowCoverage => CellView::LowCoverage,
            State::NotApplicable => CellView::NotApplicable,
        }
    }
}

impl ReleasedChart {
    /// The stable name of the chart, used for file names.
    pub fn id(&self) -> &str {
        &self.data.id
    }

    /// The printed title.
    pub fn title(&self) -> &Label {
        &self.data.title
    }

    /// The figure kind.
    pub fn kind(&self) -> ChartKind {
        self.kind
    }

    /// The very numbers that the chart draws, as a table.
    pub fn table(&self) -> &ReleasedTable {
        &self.data
    }

    /// The axis of values.
    pub fn axis(&self) -> &Axis {
        &self.axis
    }

    /// What a unit should reach.
    pub fn goal(&self) -> Option<&Goal> {
        self.goal.as_ref()
    }

    /// The series; the first one is the current one.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// What is drawn for one row in one series.
    pub fn mark(&self, row: &Row, series: &Series) -> Mark {
        let cell = |index: usize| row.cells.get(index).map(Cell::view);
        match cell(series.value) {
            Some(CellView::Shown(printed)) => Mark::Shown {
                value: match printed {
                    Printed::Count(count) => count as f64,
                    Printed::Number { value, .. } | Printed::Percent { value, .. } => value,
                    Printed::Range { lower, upper, .. } => f64::midpoint(lower, upper),
                },
                interval: series.interval.and_then(cell).and_then(|view| match view {
                    CellView::Shown(Printed::Range { lower, upper, .. }) => Some((lower, upper)),
                    _ => None,
                }),
                n: series.n.and_then(cell).and_then(|view| match view {
                    CellView::Shown(Printed::Count(count)) => Some(count),
                    _ => None,
                }),
            },
            Some(CellView::Protected) => Mark::Protected,
            Some(CellView::Unreliable) => Mark::Unreliable,
            Some(CellView::LowCoverage) => Mark::LowCoverage,
            Some(CellView::NotApplicable) | None => Mark::NotApplicable,
        }
    }
}

impl Series {
    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }
}

/// Only how many tables and charts there are: the numbers are printed by the renderers.
impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Release({} tables, {} charts)", self.tables.len(), self.charts.len())
    }
}

impl fmt::Debug for ReleasedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReleasedTable({})", self.id)
    }
}

impl fmt::Debug for ReleasedChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReleasedChart({})", self.id())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Row(..)")
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cell(..)")
    }
}
