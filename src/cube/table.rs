//! `Table`: rows, columns, a period, conditions, statistics.

use serde::Deserialize;

use super::statistic::Statistic;
use crate::cohort::{Condition, Time, UnitOfAnalysis, Window};
use crate::schema::Label;

/// The specification of one table, typed or read from TOML.
///
/// ```
/// use registat::{Table, Time, count, dim, mean};
///
/// let table = Table::new("odi_by_hospital")
///     .rows(dim("hospital").under("region"))
///     .cols(dim("sex").total())
///     .stat(count())
///     .stat(mean("odi").at(Time::BASELINE).sd().ci());
/// # let _ = table;
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) title: Option<Label>,
    #[serde(default)]
    pub(super) definition: Option<Label>,
    #[serde(default)]
    pub(super) stub: Option<Label>,
    #[serde(default = "every_visit")]
    pub(super) window: Window,
    #[serde(default)]
    pub(super) only: Vec<Condition>,
    #[serde(default)]
    pub(super) counts: UnitOfAnalysis,
    #[serde(default)]
    pub(super) headline: bool,
    #[serde(default)]
    pub(super) rows: Vec<Block>,
    #[serde(default)]
    pub(super) cols: Option<Dim>,
    #[serde(default, rename = "stat")]
    pub(super) stats: Vec<Statistic>,
}

fn every_visit() -> Window {
    Window::All
}

/// Some rows of a table: the levels of a variable, one condition, or periods.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Block {
    /// The levels of a variable.
    Dim(Dim),
    /// Those of whom a condition is true. Several conditions may overlap, as tick boxes do.
    Condition {
        /// The printed name.
        label: Label,
        /// The condition.
        holds: Condition,
    },
    /// Windows, one row each.
    Period {
        /// The printed name; the window's year if not said.
        #[serde(default)]
        label: Option<Label>,
        /// The window.
        window: Window,
    },
}

/// A variable as rows or columns: all its levels in the order of the codebook, none left out because nobody has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dim {
    pub(super) variable: String,
    #[serde(default)]
    pub(super) at: Time,
    #[serde(default)]
    pub(super) under: Option<String>,
    #[serde(default)]
    pub(super) bands: Vec<i64>,
    #[serde(default)]
    pub(super) total: bool,
    #[serde(default)]
    pub(super) total_label: Option<Label>,
    #[serde(default)]
    pub(super) label: Option<Label>,
}

/// A variable of the codebook, or a level of the unit hierarchy, as rows or columns.
pub fn dim(variable: impl Into<String>) -> Dim {
    Dim {
        variable: variable.into(),
        at: Time::BASELINE,
        under: None,
        bands: Vec::new(),
        total: false,
        total_label: None,
        label: None,
    }
}

impl Dim {
    /// When the variable was asked; at the visit if not said.
    #[must_use]
    pub fn at(mut self, time: Time) -> Self {
        self.at = time;
        self
    }

    /// Brings the subtotals of a coarser level of the unit hierarchy with it.
    #[must_use]
    pub fn under(mut self, level: impl Into<String>) -> Self {
        self.under = Some(level.into());
        self
    }

    /// Groups a whole-number variable: each band begins at one of these values and ends before the next; the last one is
    /// open. `bands([0, 40, 60])` makes 0-39, 40-59 and 60+.
    #[must_use]
    pub fn bands(mut self, starts: impl IntoIterator<Item = i64>) -> Self {
        self.bands = starts.into_iter().collect();
        self
    }

    /// Adds the total: everyone, with and without a known level.
    #[must_use]
    pub fn total(mut self) -> Self {
        self.total = true;
        self
    }

    /// Prints another name than the codebook's.
    #[must_use]
    pub fn labelled(mut self, label: Label) -> Self {
        self.label = Some(label);
        self
    }
}

impl From<&str> for Dim {
    fn from(variable: &str) -> Self {
        dim(variable)
    }
}

impl From<Dim> for Block {
    fn from(dim: Dim) -> Self {
        Self::Dim(dim)
    }
}

impl Table {
    /// An empty table with a stable name: letters, digits and `_`, as it also names files.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: None,
            definition: None,
            stub: None,
            window: Window::All,
            only: Vec::new(),
            counts: UnitOfAnalysis::Course,
            headline: false,
            rows: Vec::new(),
            cols: None,
            stats: Vec::new(),
        }
    }

    /// The printed title.
    #[must_use]
    pub fn title(mut self, title: Label) -> Self {
        self.title = Some(title);
        self
    }

    /// What the table's numbers mean, in words, printed under it.
    #[must_use]
    pub fn definition(mut self, definition: Label) -> Self {
        self.definition = Some(definition);
        self
    }

    /// The period. It narrows the cohort's own.
    #[must_use]
    pub fn visits(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Only those of whom a condition is true.
    #[must_use]
    pub fn only(mut self, condition: Condition) -> Self {
        self.only.push(condition);
        self
    }

    /// What is counted once.
    #[must_use]
    pub fn counts(mut self, unit: UnitOfAnalysis) -> Self {
        self.counts = unit;
        self
    }

    /// The counts of this table's total row must be printed: they are never hidden to protect others, and if they cannot be
    /// printed safely the release is refused.
    #[must_use]
    pub fn headline(mut self) -> Self {
        self.headline = true;
        self
    }

    /// Adds the levels of a variable as rows.
    #[must_use]
    pub fn rows(mut self, dim: impl Into<Dim>) -> Self {
        self.rows.push(Block::Dim(dim.into()));
        self
    }

    /// Adds rows of any kind.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.rows.push(block);
        self
    }

    /// The levels of a variable as groups of columns.
    #[must_use]
    pub fn cols(mut self, dim: impl Into<Dim>) -> Self {
        self.cols = Some(dim.into());
        self
    }

    /// Adds a statistic.
    #[must_use]
    pub fn stat(mut self, statistic: Statistic) -> Self {
        self.stats.push(statistic);
        self
    }

    /// The name of the table.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn set_report_year(&mut self, year: i32) {
        self.window = self.window.in_report_year(year);
        for block in &mut self.rows {
            if let Block::Period { window, .. } = block {
                *window = window.in_report_year(year);
            }
        }
    }
}
