//! Plain text: columns aligned by characters, numbers to the right.

use std::iter::repeat_n;

use super::heads::{Span, levels};
use super::{cell_text, lines_below};
use crate::protect::{ReleasedTable, Row};
use crate::schema::{Language, RowKind};

const GAP: usize = 2;

impl ReleasedTable {
    /// The table as plain text with aligned columns, its notes below.
    pub fn to_text(&self, language: Language) -> String {
        let levels = levels(self.columns(), language);
        let rows: Vec<(String, Vec<String>)> = self.rows().iter().map(|row| texts(row, language)).collect();
        let stub = self.stub().text(language);
        let names = rows.iter().map(|(name, _)| name.as_str()).chain([stub]);
        let name_width = names.map(width).max().unwrap_or_default();
        let widths = column_widths(self.columns().len(), &levels, &rows);
        let rule = "─".repeat(name_width + widths.iter().map(|width| width + GAP).sum::<usize>());

        let mut lines = vec![self.title().text(language).to_owned(), rule.clone()];
        let lowest = levels.len().saturating_sub(1);
        for (depth, level) in levels.iter().enumerate() {
            let name = if depth == lowest { stub } else { "" };
            lines.push(head_line(name, name_width, level, &widths));
        }
        lines.push(rule.clone());
        for (row, (name, cells)) in self.rows().iter().zip(&rows) {
            if row.kind() == RowKind::Total && self.rows().len() > 1 {
                lines.push(rule.clone());
            }
            lines.push(line(name, name_width, cells.iter().zip(widths.iter().copied())));
        }
        lines.push(rule);
        lines.extend(lines_below(self, language));
        lines.push(String::new());
        lines.join("\n")
    }
}

fn texts(row: &Row, language: Language) -> (String, Vec<String>) {
    let name = format!("{}{}", "  ".repeat(usize::from(row.depth())), row.label().text(language));
    (name, row.cells().iter().map(|cell| cell_text(cell, language)).collect())
}

/// Wide enough for every cell, and for every head over the columns that it spans.
fn column_widths(columns: usize, levels: &[Vec<Span>], rows: &[(String, Vec<String>)]) -> Vec<usize> {
    let mut widths: Vec<usize> = repeat_n(0, columns).collect();
    for (_, cells) in rows {
        for (widest, cell) in widths.iter_mut().zip(cells) {
            *widest = (*widest).max(width(cell));
        }
    }
    for level in levels.iter().rev() {
        let mut start = 0;
        for span in level {
            let missing = width(&span.text).saturating_sub(spanned(&widths, start, span.columns));
            start += span.columns;
            if let Some(last) = start.checked_sub(1).and_then(|last| widths.get_mut(last)) {
                *last += missing;
            }
        }
    }
    widths
}

fn head_line(name: &str, name_width: usize, level: &[Span], widths: &[usize]) -> String {
    let mut start = 0;
    let mut cells = Vec::new();
    for span in level {
        cells.push((&span.text, spanned(widths, start, span.columns)));
        start += span.columns;
    }
    line(name, name_width, cells)
}

fn line<'t>(name: &str, name_width: usize, cells: impl IntoIterator<Item = (&'t String, usize)>) -> String {
    let mut line = format!("{name:<name_width$}");
    for (text, width) in cells {
        line.extend(repeat_n(' ', GAP));
        line.push_str(&format!("{text:>width$}"));
    }
    line.trim_end().to_owned()
}

/// Characters of neighbouring columns with the gaps between them.
fn spanned(widths: &[usize], start: usize, columns: usize) -> usize {
    let covered: usize = widths.iter().skip(start).take(columns).sum();
    covered + GAP * columns.saturating_sub(1)
}

fn width(text: &str) -> usize {
    text.chars().count()
}
