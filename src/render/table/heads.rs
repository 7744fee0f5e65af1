//! The head of a table: what neighbouring columns share stands above them once.

use crate::protect::Column;
use crate::render::words::head;
use crate::schema::{Label, Language};

/// A text over one or more neighbouring columns.
#[derive(Debug, PartialEq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) columns: usize,
}

/// The levels of the head from the top: groups and statistics where a column has one, then the heads.
pub(super) fn levels(columns: &[Column], language: Language) -> Vec<Vec<Span>> {
    let text =
        |label: Option<&Label>| label.map_or_else(String::new, |label| label.text(language).to_owned());
    let mut levels = Vec::new();
    if columns.iter().any(|column| column.group().is_some()) {
        let spans = spans(columns, |one, next| one.group() == next.group());
        levels.push(
            spans.into_iter().map(|(first, columns)| Span { text: text(first.group()), columns }).collect(),
        );
    }
    if columns.iter().any(|column| column.statistic().is_some()) {
        let alike = |one: &Column, next: &Column| {
            one.statistic().is_some() && one.group() == next.group() && one.statistic() == next.statistic()
        };
        let spans = spans(columns, alike);
        let spans = spans.into_iter().map(|(first, columns)| Span { text: text(first.statistic()), columns });
        levels.push(spans.collect());
    }
    levels.push(
        columns.iter().map(|column| Span { text: head(column.head(), language), columns: 1 }).collect(),
    );
    levels
}

/// The whole head of a column on one line, for formats with one line of heads: `Women / ODI / Mean`.
pub(super) fn full_head(column: &Column, language: Language) -> String {
    let labels = [column.group(), column.statistic()];
    let mut parts: Vec<String> =
        labels.into_iter().flatten().map(|label| label.text(language).to_owned()).collect();
    parts.push(head(column.head(), language));
    parts.join(" / ")
}

/// Runs of columns that are alike: the first of each run and how many there are.
fn spans(columns: &[Column], alike: impl Fn(&Column, &Column) -> bool) -> Vec<(&Column, usize)> {
    let mut spans: Vec<(&Column, usize)> = Vec::new();
    for column in columns {
        match spans.last_mut() {
            Some((first, width)) if alike(first, column) => *width += 1,
            _ => spans.push((column, 1)),
        }
    }
    spans
}
