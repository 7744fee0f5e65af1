//! A chapter of a report: a title, some words, and the names of its tables and figures.

use serde::Deserialize;

use crate::error::{Error, unknown};
use crate::protect::{Release, ReleasedChart, ReleasedTable};
use crate::schema::Label;

/// A chapter of a report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    title: Label,
    #[serde(default)]
    text: Vec<Label>,
    #[serde(default)]
    contents: Vec<String>,
}

/// A table or a figure of a release.
#[derive(Clone, Copy)]
pub(super) enum Item<'r> {
    Table(&'r ReleasedTable),
    Figure(&'r ReleasedChart),
}

impl Section {
    /// The chapter's title.
    pub fn title(&self) -> &Label {
        &self.title
    }

    /// The chapter's paragraphs.
    pub fn text(&self) -> &[Label] {
        &self.text
    }

    /// The chapter's tables and figures, in order.
    pub(super) fn items<'r>(&self, release: &'r Release) -> Result<Vec<Item<'r>>, Error> {
        self.contents.iter().map(|id| find(release, id)).collect()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.contents.iter().map(String::as_str)
    }
}

fn find<'r>(release: &'r Release, id: &str) -> Result<Item<'r>, Error> {
    if let Ok(table) = release.table(id) {
        return Ok(Item::Table(table));
    }
    if let Ok(chart) = release.chart(id) {
        return Ok(Item::Figure(chart));
    }
    let tables = release.tables().iter().map(ReleasedTable::id);
    let known = tables.chain(release.charts().iter().map(ReleasedChart::id));
    Err(Error::report(unknown("table or figure", id, known)))
}
