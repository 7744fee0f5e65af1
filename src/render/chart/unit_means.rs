//! One point with its confidence interval per unit, a dashed line at the total.

use super::axis::Scale;
use super::board::{Board, n_per_series, room_for_values};
use super::layout::Page;
use super::legend::{Entry, Swatch, goal_entries, interval_entry};
use super::markers::{Marker, dashed, marker, ring, whisker};
use super::palette::{GREY, NATIONAL, STRONG, UNIT};
use super::picture::Anchor;
use super::units::{UnitRow, best_first};
use crate::error::Error;
use crate::protect::{Mark, ReleasedChart};
use crate::render::numbers::on_axis;
use crate::schema::Language;

pub(super) fn svg(chart: &ReleasedChart, language: Language) -> Result<String, Error> {
    let rows = best_first(chart);
    let mut page = Page::new(chart, language);
    if rows.is_empty() {
        return page.empty(&rows);
    }
    page.legend(&entries(chart, &rows, language));
    let margin = n_per_series(&page, &rows);
    let beside = room_for_values(&page, &rows);
    let mut board = Board::open(page, rows, &margin, (1, beside));
    if let Some(total) = board.rows.iter().find(|unit| unit.is_total()).and_then(UnitRow::value) {
        let (x, top, bottom) = (board.scale.place(total), board.top, board.bottom);
        dashed(&mut board.page.picture, x, top, bottom, NATIONAL);
    }
    for row in 0..board.rows.len() {
        draw_row(&mut board, row);
    }
    board.close()
}

fn draw_row(board: &mut Board<'_>, row: usize) {
    let y = board.line(row, 0);
    let Some(unit) = board.rows.get(row) else { return };
    let ink = if unit.is_total() { NATIONAL } else { UNIT };
    let marks = unit.marks.clone();
    let (value, interval, earlier) = match marks.split_first() {
        Some((Mark::Shown { value, interval, .. }, earlier)) => (*value, *interval, earlier),
        Some((hidden, _)) => return board.say_hidden(y, *hidden),
        None => return,
    };
    let scale = board.scale;
    let picture = &mut board.page.picture;
    let mut end = scale.place(value);
    for mark in earlier {
        if let Mark::Shown { value, .. } = mark {
            ring(picture, (scale.place(*value), y), GREY);
            end = end.max(scale.place(*value));
        }
    }
    if let Some((lower, upper)) = interval {
        whisker(picture, (scale.place(lower), y), (scale.place(upper), y), ink);
        end = end.max(scale.place(upper));
    }
    marker(picture, Marker::Disc, (scale.place(value), y), ink);
    let text = on_axis(value, board.page.chart.axis(), board.page.language);
    board.page.picture.text(&text, (end + 9.0, y), Anchor::Start, STRONG);
}

fn entries(chart: &ReleasedChart, rows: &[UnitRow<'_>], language: Language) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (place, series) in chart.series().iter().enumerate() {
        let swatch = if place == 0 { Swatch::Dot(UNIT) } else { Swatch::Ring(GREY) };
        entries.push(Entry { swatch, text: series.label().text(language).to_owned() });
    }
    if let Some(total) = rows.iter().find(|unit| unit.is_total()) {
        let text = total.row.label().text(language).to_owned();
        entries.push(Entry { swatch: Swatch::DashedLine(NATIONAL), text });
    }
    entries.extend(interval_entry(chart, rows, language));
    entries.extend(goal_entries(chart, &Scale::of(chart, rows), language));
    entries
}
