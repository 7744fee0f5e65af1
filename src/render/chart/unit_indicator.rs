//! One bar per unit for the current period, earlier periods as dots, the total in its own colour.

use super::axis::Scale;
use super::board::{Board, n_per_series, room_for_values};
use super::layout::Page;
use super::legend::{Entry, Swatch, goal_entries, interval_entry};
use super::markers::{ring, whisker};
use super::palette::{DARK, Ink, NATIONAL, STRONG, UNIT};
use super::picture::Anchor;
use super::units::{UnitRow, best_first};
use crate::error::Error;
use crate::protect::{Mark, ReleasedChart};
use crate::render::numbers::on_axis;
use crate::schema::Language;

const HALF_BAR: f64 = 8.0;

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
    for row in 0..board.rows.len() {
        draw_row(&mut board, row);
    }
    board.close()
}

fn draw_row(board: &mut Board<'_>, row: usize) {
    let y = board.line(row, 0);
    let Some(unit) = board.rows.get(row) else { return };
    let ink = bar_ink(unit);
    let marks = unit.marks.clone();
    let (current, earlier) = match marks.split_first() {
        Some((Mark::Shown { value, interval, .. }, earlier)) => ((*value, *interval), earlier),
        Some((hidden, _)) => return board.say_hidden(y, *hidden),
        None => return,
    };
    let (value, interval) = current;
    let (scale, language) = (board.scale, board.page.language);
    let picture = &mut board.page.picture;
    picture.rectangle((scale.base(), y - HALF_BAR), (scale.place(value), y + HALF_BAR), ink);
    let mut end = scale.place(value).max(scale.base());
    if let Some((lower, upper)) = interval {
        whisker(picture, (scale.place(lower), y), (scale.place(upper), y), DARK);
        end = end.max(scale.place(upper));
    }
    for (place, mark) in earlier.iter().enumerate() {
        if let Mark::Shown { value, .. } = mark {
            let center = (scale.place(*value), y);
            match earlier_swatch(place) {
                Swatch::Ring(ink) => ring(picture, center, ink),
                _ => picture.disc(center, 4.0, DARK),
            }
            end = end.max(center.0 + 4.5);
        }
    }
    let text = on_axis(value, board.page.chart.axis(), language);
    board.page.picture.text(&text, (end + 7.0, y), Anchor::Start, STRONG);
}

fn entries(chart: &ReleasedChart, rows: &[UnitRow<'_>], language: Language) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut series = chart.series().iter().map(|series| series.label().text(language));
    if let Some(current) = series.next() {
        entries.push(Entry { swatch: Swatch::Area(UNIT), text: current.to_owned() });
        if let Some(total) = rows.iter().find(|unit| unit.is_total()) {
            let text = format!("{}, {current}", total.row.label().text(language));
            entries.push(Entry { swatch: Swatch::Area(NATIONAL), text });
        }
    }
    for (place, label) in series.enumerate() {
        entries.push(Entry { swatch: earlier_swatch(place), text: label.to_owned() });
    }
    entries.extend(interval_entry(chart, rows, language));
    entries.extend(goal_entries(chart, &Scale::of(chart, rows), language));
    entries
}

/// Earlier periods: filled, then open.
fn earlier_swatch(place: usize) -> Swatch {
    if place.is_multiple_of(2) { Swatch::Dot(DARK) } else { Swatch::Ring(DARK) }
}

fn bar_ink(unit: &UnitRow<'_>) -> Ink {
    if unit.is_total() { NATIONAL } else { UNIT }
}
