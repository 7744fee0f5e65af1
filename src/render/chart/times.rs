//! Means with confidence intervals at several times, a group of points per unit.

use super::board::{Board, n_per_line};
use super::layout::{MARGIN, Page, WIDTH};
use super::legend::{Entry, Swatch, interval_entry};
use super::markers::{Marker, marker, whisker};
use super::palette::{GRID, SMALL, series_ink};
use super::picture::{Anchor, wide};
use super::units::{UnitRow, unit_rows};
use crate::error::Error;
use crate::protect::{Mark, ReleasedChart};
use crate::render::numbers::on_axis;
use crate::schema::Language;

pub(super) fn svg(chart: &ReleasedChart, language: Language) -> Result<String, Error> {
    let rows = unit_rows(chart);
    let series = chart.series().len();
    let mut page = Page::new(chart, language);
    if rows.is_empty() || series == 0 {
        return page.empty(&rows);
    }
    let labels = chart.series().iter().enumerate();
    let mut entries: Vec<Entry> = labels
        .map(|(place, series)| Entry {
            swatch: Swatch::Point(Marker::of_series(place), series_ink(place)),
            text: series.label().text(language).to_owned(),
        })
        .collect();
    entries.extend(interval_entry(chart, &rows, language));
    page.legend(&entries);
    let margin = n_per_line(&page, &rows);
    let beside = values_width(&page, &rows) + 26.0;
    let mut board = Board::open(page, rows, &margin, (series, beside));
    for row in 0..board.rows.len() {
        separate(&mut board, row);
        for place in 0..series {
            draw_point(&mut board, row, place);
        }
    }
    board.close()
}

fn draw_point(board: &mut Board<'_>, row: usize, place: usize) {
    let y = board.line(row, place);
    let mark = board.rows.get(row).and_then(|unit| unit.marks.get(place)).copied();
    let (value, interval) = match mark {
        Some(Mark::Shown { value, interval, .. }) => (value, interval),
        Some(hidden) => return board.say_hidden(y, hidden),
        None => return,
    };
    let (scale, ink) = (board.scale, series_ink(place));
    let picture = &mut board.page.picture;
    let mut end = scale.place(value);
    if let Some((lower, upper)) = interval {
        whisker(picture, (scale.place(lower), y), (scale.place(upper), y), ink);
        end = end.max(scale.place(upper));
    }
    marker(picture, Marker::of_series(place), (scale.place(value), y), ink);
    let text = on_axis(value, board.page.chart.axis(), board.page.language);
    board.page.picture.text(&text, (end + 9.0, y), Anchor::Start, SMALL);
}

/// A thin line between units.
fn separate(board: &mut Board<'_>, row: usize) {
    if row > 0 {
        let y = f64::midpoint(board.line(row, 0), board.line(row - 1, board.page.chart.series().len() - 1));
        board.page.picture.line([(MARGIN, y), (WIDTH - MARGIN, y)], 1.0, GRID);
    }
}

fn values_width(page: &Page<'_>, rows: &[UnitRow<'_>]) -> f64 {
    let marks = rows.iter().flat_map(|unit| unit.marks.iter());
    let values = marks.filter_map(|mark| match mark {
        Mark::Shown { value, .. } => Some(on_axis(*value, page.chart.axis(), page.language)),
        _ => None,
    });
    values.map(|text| wide(&text, SMALL)).fold(0.0, f64::max)
}
