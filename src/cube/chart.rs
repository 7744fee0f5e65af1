//! `Chart`: one row variable and several series of one statistic.

use serde::Deserialize;

use super::statistic::Statistic;
use super::table::Block;
use crate::cohort::{Condition, Indicators, UnitOfAnalysis, Window};
use crate::error::Error;
use crate::schema::{ChartKind, Goal, Label};

/// The specification of one chart, typed or read from TOML. A chart is a table that is drawn: it goes through the same
/// counting and protection, and its numbers can be had as a table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub(crate) id: String,
    pub(super) kind: ChartKind,
    #[serde(default)]
    pub(crate) title: Option<Label>,
    #[serde(default)]
    pub(super) definition: Option<Label>,
    #[serde(default)]
    pub(super) axis: Option<Label>,
    #[serde(default = "every_visit")]
    pub(super) window: Window,
    #[serde(default)]
    pub(super) only: Vec<Condition>,
    #[serde(default)]
    pub(super) counts: UnitOfAnalysis,
    #[serde(default)]
    pub(super) goal: Option<Goal>,
    #[serde(default)]
    pub(super) rows: Vec<Block>,
    #[serde(default)]
    pub(super) series: Vec<SeriesSpec>,
}

fn every_visit() -> Window {
    Window::All
}

/// One series: a statistic, perhaps of a period or a part of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesSpec {
    /// The year of its window if not said.
    #[serde(default)]
    pub(super) label: Option<Label>,
    #[serde(default)]
    pub(super) window: Option<Window>,
    /// The year of an indicator, instead of a window: which visits that is, its dating rule says.
    #[serde(default)]
    pub(super) year: Option<i32>,
    #[serde(default)]
    pub(super) only: Option<Condition>,
    pub(super) stat: Statistic,
}

impl SeriesSpec {
    /// A series of one statistic.
    pub fn new(label: Label, stat: Statistic) -> Self {
        Self { label: Some(label), window: None, year: None, only: None, stat }
    }

    /// Its own period.
    #[must_use]
    pub fn visits(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// Only those of whom a condition is true.
    #[must_use]
    pub fn only(mut self, condition: Condition) -> Self {
        self.only = Some(condition);
        self
    }
}

impl Chart {
    /// An empty chart with a stable name.
    pub fn new(id: impl Into<String>, kind: ChartKind) -> Self {
        Self {
            id: id.into(),
            kind,
            title: None,
            definition: None,
            axis: None,
            window: Window::All,
            only: Vec::new(),
            counts: UnitOfAnalysis::Course,
            goal: None,
            rows: Vec::new(),
            series: Vec::new(),
        }
    }

    /// The printed title.
    #[must_use]
    pub fn title(mut self, title: Label) -> Self {
        self.title = Some(title);
        self
    }

    /// The period. It narrows the cohort's own; a series may have another.
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

    /// What a unit should reach.
    #[must_use]
    pub fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    /// Adds rows of any kind.
    #[must_use]
    pub fn rows(mut self, rows: impl Into<Block>) -> Self {
        self.rows.push(rows.into());
        self
    }

    /// Adds a series; the first one is the current one.
    #[must_use]
    pub fn series(mut self, series: SeriesSpec) -> Self {
        self.series.push(series);
        self
    }

    /// The name of the chart.
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
        for series in &mut self.series {
            if let Some(window) = &mut series.window {
                *window = window.in_report_year(year);
            }
            series.year = series.year.map(|back| if back <= 0 { year + back } else { back });
        }
    }

    /// Puts definitions in the place of indicators' names: what is counted, of which visits, and what a unit should reach.
    pub(super) fn define(&mut self, indicators: &Indicators) -> Result<(), Error> {
        for series in &mut self.series {
            series.stat.define(indicators)?;
            let Some(year) = series.year.take() else { continue };
            let Some(indicator) = &series.stat.indicator else {
                return Err(Error::cube("`year` belongs to an indicator; other series state a `window`"));
            };
            if series.window.is_some() {
                return Err(Error::cube("a series states `year` or `window`, not both"));
            }
            series.window = Some(indicator.window(year));
        }
        let first = self.series.first().and_then(|series| series.stat.indicator.as_ref());
        if self.goal.is_none()
            && let Some(indicator) = first
            && self.series.iter().all(|series| series.stat.indicator.as_ref() == Some(indicator))
        {
            self.goal = indicator.goal();
        }
        Ok(())
    }
}
