//! A resolved table or chart: every printed place, and the cells and quantities that it would give away.

use super::chart::Chart;
use super::grid::CellId;
use super::table::Table;
use crate::cohort::{Derived, Indicators};
use crate::error::Error;
use crate::schema::{Axis, ChartKind, Goal, Head, Label, Note, RowKind};
use crate::stats::ProportionMethod;

/// The tables and charts that are counted and protected together.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(crate) tables: Vec<Table>,
    pub(crate) charts: Vec<Chart>,
}

impl Plan {
    /// An empty plan.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a table.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// Adds a chart.
    #[must_use]
    pub fn chart(mut self, chart: Chart) -> Self {
        self.charts.push(chart);
        self
    }

    /// Puts definitions in the place of the indicators that tables and charts name.
    ///
    /// # Errors
    /// An indicator that is not defined, with the table or chart that names it.
    pub fn with_indicators(mut self, indicators: &Indicators) -> Result<Self, Error> {
        for table in &mut self.tables {
            for stat in &mut table.stats {
                stat.define(indicators).map_err(|error| error.at_column(format!("table {}", table.id)))?;
            }
        }
        for chart in &mut self.charts {
            let id = chart.id.clone();
            chart.define(indicators).map_err(|error| error.at_column(format!("chart {id}")))?;
        }
        Ok(self)
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        let ids = self.tables.iter().map(|table| &table.id).chain(self.charts.iter().map(|chart| &chart.id));
        let mut seen = std::collections::BTreeSet::new();
        for id in ids {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
            if id.is_empty() || !id.chars().all(plain) {
                return Err(Error::cube(format!(
                    "`{id}` names a file too: use letters, digits, `_` and `-`"
                )));
            }
            if !seen.insert(id) {
                return Err(Error::cube(format!("two tables or charts are called `{id}`")));
            }
        }
        Ok(())
    }
}

impl From<&Table> for Plan {
    fn from(table: &Table) -> Self {
        Self::new().table(table.clone())
    }
}

impl From<&Chart> for Plan {
    fn from(chart: &Chart) -> Self {
        Self::new().chart(chart.clone())
    }
}

impl From<&Plan> for Plan {
    fn from(plan: &Plan) -> Self {
        plan.clone()
    }
}

/// A value that statistics are taken of, and how its mean is printed.
#[derive(Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) derived: Derived,
    pub(crate) decimals: u8,
}

/// What of a cell a printed place gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Quantity {
    /// How many records.
    Count,
    /// The sum of a value: a mean beside its n.
    Sum(usize),
    /// The sum of squares of a value: a standard deviation or an interval beside mean and n.
    Squares(usize),
    /// Where the values lie in order: a median or quartile.
    Order(usize),
}

/// One printed place: the statistic and its cells.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Count {
        cell: CellId,
    },
    Patients {
        cell: CellId,
    },
    Share {
        of: CellId,
        among: CellId,
    },
    ShareInterval {
        of: CellId,
        among: CellId,
        method: ProportionMethod,
    },
    Mean {
        cell: CellId,
        value: usize,
    },
    Deviation {
        cell: CellId,
        value: usize,
    },
    MeanInterval {
        cell: CellId,
        value: usize,
    },
    Median {
        cell: CellId,
        value: usize,
    },
    MedianInterval {
        cell: CellId,
        value: usize,
    },
    Quartiles {
        cell: CellId,
        value: usize,
    },
    /// Mean change over the standard deviation of the changes.
    ResponseMean {
        cell: CellId,
        change: usize,
    },
    /// Mean change over the standard deviation of the first scores.
    EffectSize {
        cell: CellId,
        change: usize,
        baseline: usize,
    },
}

impl Place {
    /// Everything that this place gives away when it is printed.
    pub(crate) fn gives_away(self) -> Vec<(CellId, Quantity)> {
        match self {
            Self::Count { cell } | Self::Patients { cell } => vec![(cell, Quantity::Count)],
            Self::Share { of, among } | Self::ShareInterval { of, among, .. } => {
                vec![(of, Quantity::Count), (among, Quantity::Count)]
            }
            Self::Mean { cell, value } => vec![(cell, Quantity::Count), (cell, Quantity::Sum(value))],
            Self::Deviation { cell, value } | Self::MeanInterval { cell, value } => {
                vec![(cell, Quantity::Count), (cell, Quantity::Sum(value)), (cell, Quantity::Squares(value))]
            }
            Self::Median { cell, value }
            | Self::MedianInterval { cell, value }
            | Self::Quartiles { cell, value } => {
                vec![(cell, Quantity::Count), (cell, Quantity::Order(value))]
            }
            Self::ResponseMean { cell, change } => {
                vec![
                    (cell, Quantity::Count),
                    (cell, Quantity::Sum(change)),
                    (cell, Quantity::Squares(change)),
                ]
            }
            Self::EffectSize { cell, change, baseline } => vec![
                (cell, Quantity::Count),
                (cell, Quantity::Sum(change)),
                (cell, Quantity::Sum(baseline)),
                (cell, Quantity::Squares(baseline)),
            ],
        }
    }

    /// The cell whose size says how far the statistic can be relied on.
    pub(crate) fn rests_on(self) -> CellId {
        match self {
            Self::Share { among, .. } | Self::ShareInterval { among, .. } => among,
            Self::Count { cell }
            | Self::Patients { cell }
            | Self::Mean { cell, .. }
            | Self::Deviation { cell, .. }
            | Self::MeanInterval { cell, .. }
            | Self::Median { cell, .. }
            | Self::MedianInterval { cell, .. }
            | Self::Quartiles { cell, .. }
            | Self::ResponseMean { cell, .. }
            | Self::EffectSize { cell, .. } => cell,
        }
    }

    pub(crate) fn is_count(self) -> bool {
        matches!(self, Self::Count { .. } | Self::Patients { .. })
    }

    pub(crate) fn is_share(self) -> bool {
        matches!(self, Self::Share { .. } | Self::ShareInterval { .. })
    }
}

/// One table or chart with all its places.
pub(crate) struct Sheet {
    pub(crate) id: String,
    pub(crate) title: Label,
    pub(crate) stub: Label,
    pub(crate) notes: Vec<Note>,
    /// Whether the counts of the total row must be printed.
    pub(crate) headline: bool,
    pub(crate) columns: Vec<SheetColumn>,
    pub(crate) rows: Vec<SheetRow>,
    pub(crate) chart: Option<SheetChart>,
}

pub(crate) struct SheetColumn {
    pub(crate) group: Option<Label>,
    pub(crate) statistic: Option<Label>,
    pub(crate) head: Head,
}

pub(crate) struct SheetRow {
    pub(crate) label: Label,
    pub(crate) kind: RowKind,
    pub(crate) depth: u8,
    /// The unit that the row is about, if it is about a single one.
    pub(crate) unit: Option<String>,
    pub(crate) places: Vec<Place>,
}

pub(crate) struct SheetChart {
    pub(crate) kind: ChartKind,
    pub(crate) axis: Axis,
    pub(crate) goal: Option<Goal>,
    pub(crate) series: Vec<SheetSeries>,
}

pub(crate) struct SheetSeries {
    pub(crate) label: Label,
    pub(crate) value: usize,
    pub(crate) interval: Option<usize>,
    pub(crate) n: Option<usize>,
}
