//! The plot of the charts with one row per unit: names to the left, numbers to the right, values across.

use super::axis::Scale;
use super::fonts::wrapped;
use super::layout::{MARGIN, Page, WIDTH, widest};
use super::palette::{BODY, FAINT, GOAL_ZONE, GREY, GRID, MINIMUM_ZONE, NOTE, SMALL, STRONG};
use super::picture::{Anchor, wide};
use super::units::{UnitRow, has_n};
use crate::error::Error;
use crate::protect::Mark;
use crate::render::marks::Hidden;
use crate::render::numbers::{count, on_axis};
use crate::render::words::words;

const NAMES: f64 = 290.0;
const LINE: f64 = 20.0;
const HEADS: f64 = 78.0;

/// A column in the right margin: for every row one text per line.
pub(super) struct MarginColumn {
    pub(super) head: Vec<String>,
    pub(super) cells: Vec<Vec<String>>,
}

/// A page with its plot laid out; what is left is to draw the marks.
pub(super) struct Board<'c> {
    pub(super) page: Page<'c>,
    pub(super) rows: Vec<UnitRow<'c>>,
    pub(super) scale: Scale,
    pub(super) top: f64,
    pub(super) bottom: f64,
    left: f64,
    lines: usize,
    row_height: f64,
}

impl<'c> Board<'c> {
    /// Lays the plot out for rows of `lines` lines, `beside` pixels left free to the right of the axis.
    pub(super) fn open(
        page: Page<'c>,
        rows: Vec<UnitRow<'c>>,
        margin: &[MarginColumn],
        (lines, beside): (usize, f64),
    ) -> Self {
        let name_lines: Vec<Vec<String>> = rows.iter().map(|unit| name(&page, unit)).collect();
        let names = widest(name_lines.iter().flatten().map(String::as_str), STRONG);
        let most_lines = name_lines.iter().map(Vec::len).max().unwrap_or(1);
        let needed = (lines as f64 * LINE + 4.0).max(most_lines as f64 * BODY.leading() + 6.0);
        let widths: Vec<f64> = margin.iter().map(margin_width).collect();
        let head_lines = margin.iter().map(|column| column.head.len()).max().unwrap_or_default();

        let left = MARGIN + names + 12.0;
        let right = WIDTH - MARGIN - widths.iter().sum::<f64>() - beside;
        let top = page.y + head_lines as f64 * SMALL.leading() + 6.0;
        let bottom = top + rows.len() as f64 * needed;
        let scale = Scale::of(page.chart, &rows).between(left, right);
        let mut board = Self { page, rows, scale, top, bottom, left, lines, row_height: needed };
        board.draw_zones();
        board.draw_axis(right);
        board.draw_names(&name_lines);
        board.draw_margin(margin, &widths);
        board
    }

    /// The middle of a line of a row.
    pub(super) fn line(&self, row: usize, line: usize) -> f64 {
        let start = self.top + row as f64 * self.row_height;
        let height = (self.row_height - 4.0) / self.lines.max(1) as f64;
        start + 2.0 + (line as f64 + 0.5) * height
    }

    /// Instead of a mark: the word that says why there is none, at the start of the row.
    pub(super) fn say_hidden(&mut self, y: f64, mark: Mark) {
        if let Some(hidden) = Hidden::of_mark(mark) {
            let word = hidden.word(self.page.language);
            self.page.picture.text(word, (self.left + 6.0, y), Anchor::Start, NOTE);
        }
    }

    /// Finishes the page.
    pub(super) fn close(mut self) -> Result<String, Error> {
        self.page.y = self.bottom + 22.0;
        let label = self.page.chart.axis().label().text(self.page.language);
        let (from, to) = (self.left, self.scale.place(self.scale.ends().1));
        for line in wrapped(label, to - from, BODY.size, BODY.weight) {
            self.page.y += BODY.leading();
            self.page.picture.text(&line, (f64::midpoint(from, to), self.page.y - 2.0), Anchor::Middle, BODY);
        }
        self.page.y += 6.0;
        self.page.finish(&self.rows)
    }

    fn draw_zones(&mut self) {
        let Some(goal) = self.page.chart.goal() else { return };
        let (lower, upper) = self.scale.ends();
        let best = if goal.higher_is_better() { upper } else { lower };
        let zone = |value: f64| self.scale.place(value);
        let picture = &mut self.page.picture;
        picture.rectangle((zone(goal.goal()), self.top), (zone(best), self.bottom), GOAL_ZONE);
        if let Some(minimum) = goal.minimum() {
            picture.rectangle((zone(minimum), self.top), (zone(goal.goal()), self.bottom), MINIMUM_ZONE);
        }
    }

    fn draw_axis(&mut self, right: f64) {
        let picture = &mut self.page.picture;
        for (x, text) in self.scale.ticks(self.page.language) {
            picture.line([(x, self.top), (x, self.bottom)], 1.0, GRID);
            picture.line([(x, self.bottom), (x, self.bottom + 4.0)], 1.0, GREY);
            picture.text(&text, (x, self.bottom + 13.0), Anchor::Middle, SMALL);
        }
        picture.line([(self.left, self.bottom), (right, self.bottom)], 1.0, GREY);
        let base = self.scale.base();
        picture.line([(base, self.top), (base, self.bottom)], 1.0, GREY);
    }

    fn draw_names(&mut self, names: &[Vec<String>]) {
        for (row, (unit, name)) in self.rows.iter().zip(names).enumerate() {
            let lettering = match (unit.is_total(), unit.value()) {
                (true, _) => STRONG,
                (false, Some(_)) => BODY,
                (false, None) => FAINT,
            };
            let middle = self.top + (row as f64 + 0.5) * self.row_height;
            self.page.picture.lines(name, (self.left - 10.0, middle), Anchor::End, lettering);
        }
    }

    fn draw_margin(&mut self, margin: &[MarginColumn], widths: &[f64]) {
        let mut right = WIDTH - MARGIN;
        for (column, width) in margin.iter().zip(widths).rev() {
            let height = column.head.len() as f64 * SMALL.leading();
            let middle = self.top - 4.0 - height / 2.0;
            self.page.picture.lines(&column.head, (right, middle), Anchor::End, SMALL);
            for (row, texts) in column.cells.iter().enumerate() {
                for (line, text) in texts.iter().enumerate() {
                    let y = self.line(row, line);
                    self.page.picture.text(text, (right, y), Anchor::End, SMALL);
                }
            }
            right -= width;
        }
    }
}

/// One column of N per series that has any.
pub(super) fn n_per_series(page: &Page<'_>, rows: &[UnitRow<'_>]) -> Vec<MarginColumn> {
    let series = page.chart.series().iter().enumerate().filter(|(series, _)| has_n(rows, *series));
    series
        .map(|(place, series)| MarginColumn {
            head: n_head(page, series.label().text(page.language)),
            cells: rows.iter().map(|unit| vec![n_text(page, unit, place)]).collect(),
        })
        .collect()
}

/// One column of N with a line per series.
pub(super) fn n_per_line(page: &Page<'_>, rows: &[UnitRow<'_>]) -> Vec<MarginColumn> {
    let series = page.chart.series().len();
    if !(0..series).any(|place| has_n(rows, place)) {
        return Vec::new();
    }
    let cells = rows.iter().map(|unit| (0..series).map(|place| n_text(page, unit, place)).collect());
    vec![MarginColumn { head: vec![words(page.language).n.to_owned()], cells: cells.collect() }]
}

/// The room that the values beside the marks of the first series take.
pub(super) fn room_for_values(page: &Page<'_>, rows: &[UnitRow<'_>]) -> f64 {
    let values = rows.iter().filter_map(UnitRow::value);
    let texts = values.map(|value| on_axis(value, page.chart.axis(), page.language));
    texts.map(|text| wide(&text, STRONG)).fold(0.0, f64::max) + 26.0
}

fn n_head(page: &Page<'_>, label: &str) -> Vec<String> {
    let mut head = vec![words(page.language).n.to_owned()];
    head.extend(wrapped(label, HEADS, SMALL.size, SMALL.weight));
    head
}

fn n_text(page: &Page<'_>, unit: &UnitRow<'_>, series: usize) -> String {
    let mark = unit.marks.get(series).copied().unwrap_or(Mark::NotApplicable);
    let symbol = |hidden: Hidden| hidden.symbol(page.language).to_owned();
    match mark {
        Mark::Shown { n: Some(n), .. } => count(n, page.language),
        Mark::Shown { n: None, .. } => symbol(unit.hidden_n()),
        hidden => Hidden::of_mark(hidden).map_or_else(String::new, symbol),
    }
}

fn name(page: &Page<'_>, unit: &UnitRow<'_>) -> Vec<String> {
    wrapped(unit.row.label().text(page.language), NAMES, STRONG.size, STRONG.weight)
}

fn margin_width(column: &MarginColumn) -> f64 {
    let texts = column.head.iter().chain(column.cells.iter().flatten());
    widest(texts.map(String::as_str), SMALL) + 14.0
}
