//! Bars of a distribution with their percentages, a colour per series: upright where names and numbers have
//! room, otherwise lying.

use super::board::Board;
use super::layout::{Page, widest};
use super::legend::{Entry, Swatch};
use super::palette::{SMALL, series_ink};
use super::picture::{Anchor, wide};
use super::units::{UnitRow, unit_rows};
use super::upright::{Upright, slot_of};
use crate::error::Error;
use crate::protect::{Mark, ReleasedChart, Series};
use crate::render::numbers::{count, on_axis};
use crate::render::words::words;
use crate::schema::{Language, RowKind};

/// The share of a row's place that its bars take.
const FILLED: f64 = 0.82;

pub(super) fn svg(chart: &ReleasedChart, language: Language) -> Result<String, Error> {
    let mut rows = unit_rows(chart);
    rows.retain(|unit| unit.row.kind() == RowKind::Item);
    let mut page = Page::new(chart, language);
    if rows.is_empty() || chart.series().is_empty() {
        return page.empty(&rows);
    }
    let series = chart.series().iter().enumerate();
    let entries: Vec<Entry> =
        series.map(|(place, series)| entry(chart, &rows, (place, series), language)).collect();
    page.legend(&entries);
    if upright_fits(&page, &rows) { upright(page, rows) } else { lying(page, rows) }
}

fn upright(page: Page<'_>, rows: Vec<UnitRow<'_>>) -> Result<String, Error> {
    let (chart, language) = (page.chart, page.language);
    let mut plot = Upright::open(page, rows);
    let bar = plot.slot * FILLED / chart.series().len().max(1) as f64;
    for row in 0..plot.rows.len() {
        let start = plot.center(row) - plot.slot * FILLED / 2.0;
        let marks = plot.rows.get(row).map(|unit| unit.marks.clone()).unwrap_or_default();
        for (place, mark) in marks.into_iter().enumerate() {
            if let Mark::Shown { value, .. } = mark {
                let left = start + place as f64 * bar;
                let (base, end) = (plot.scale.base(), plot.scale.place(value));
                let picture = &mut plot.page.picture;
                picture.rectangle((left + 1.0, base), (left + bar - 1.0, end), series_ink(place));
                let text = on_axis(value, chart.axis(), language);
                picture.text(&text, (left + bar / 2.0, end.min(base) - 9.0), Anchor::Middle, SMALL);
            }
        }
    }
    plot.close()
}

fn lying(page: Page<'_>, rows: Vec<UnitRow<'_>>) -> Result<String, Error> {
    let (chart, language) = (page.chart, page.language);
    let series = chart.series().len();
    let beside = widest_value(&page, &rows) + 16.0;
    let mut board = Board::open(page, rows, &[], (series, beside));
    for row in 0..board.rows.len() {
        let marks = board.rows.get(row).map(|unit| unit.marks.clone()).unwrap_or_default();
        for (place, mark) in marks.into_iter().enumerate() {
            let y = board.line(row, place);
            let Mark::Shown { value, .. } = mark else {
                board.say_hidden(y, mark);
                continue;
            };
            let (base, end) = (board.scale.base(), board.scale.place(value));
            let picture = &mut board.page.picture;
            picture.rectangle((base, y - 7.5), (end, y + 7.5), series_ink(place));
            let text = on_axis(value, chart.axis(), language);
            picture.text(&text, (end.max(base) + 6.0, y), Anchor::Start, SMALL);
        }
    }
    board.close()
}

/// Names on at most two lines without broken words, and every number as wide as its bar.
fn upright_fits(page: &Page<'_>, rows: &[UnitRow<'_>]) -> bool {
    let slot = slot_of(page, rows);
    let names = || rows.iter().map(|unit| unit.row.label().text(page.language));
    let bar = slot * FILLED / page.chart.series().len().max(1) as f64;
    widest(names().flat_map(|name| name.split(' ')), SMALL) + 10.0 <= slot
        && widest(names(), SMALL) <= 1.6 * slot
        && widest_value(page, rows) + 4.0 <= bar
}

fn widest_value(page: &Page<'_>, rows: &[UnitRow<'_>]) -> f64 {
    let marks = rows.iter().flat_map(|unit| unit.marks.iter());
    let values = marks.filter_map(|mark| match mark {
        Mark::Shown { value, .. } => Some(on_axis(*value, page.chart.axis(), page.language)),
        _ => None,
    });
    values.map(|text| wide(&text, SMALL)).fold(0.0, f64::max)
}

/// The name of a series, with its N where every shown bar rests on the same.
fn entry(
    chart: &ReleasedChart,
    rows: &[UnitRow<'_>],
    (place, series): (usize, &Series),
    language: Language,
) -> Entry {
    let label = series.label().text(language);
    let mut numbers = rows.iter().filter_map(|unit| match unit.marks.get(place) {
        Some(Mark::Shown { n, .. }) => Some(*n),
        _ => None,
    });
    let first = numbers.next().flatten().filter(|_| chart.axis().is_percent());
    let common = first.filter(|first| numbers.all(|next| next == Some(*first)));
    let text = match common {
        Some(n) => format!("{label} ({} = {})", words(language).n, count(n, language)),
        None => label.to_owned(),
    };
    Entry { swatch: Swatch::Area(series_ink(place)), text }
}
