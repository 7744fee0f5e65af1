//! A line per series over periods, with confidence intervals; no line crosses a number that is not shown.

use super::layout::Page;
use super::legend::{Entry, Swatch, interval_entry};
use super::markers::{Marker, marker, whisker};
use super::palette::series_ink;
use super::picture::Point;
use super::units::unit_rows;
use super::upright::Upright;
use crate::error::Error;
use crate::protect::{Mark, ReleasedChart};
use crate::schema::{Language, RowKind};

/// Between the points of two series at one time, so that their intervals do not lie on each other.
const APART: f64 = 7.0;

pub(super) fn svg(chart: &ReleasedChart, language: Language) -> Result<String, Error> {
    let mut rows = unit_rows(chart);
    rows.retain(|unit| unit.row.kind() == RowKind::Item);
    let mut page = Page::new(chart, language);
    if rows.is_empty() || chart.series().is_empty() {
        return page.empty(&rows);
    }
    let series = chart.series().iter().enumerate();
    let mut entries: Vec<Entry> = series
        .map(|(place, series)| Entry {
            swatch: Swatch::LineAndPoint(Marker::of_series(place), series_ink(place)),
            text: series.label().text(language).to_owned(),
        })
        .collect();
    entries.extend(interval_entry(chart, &rows, language));
    page.legend(&entries);
    let mut plot = Upright::open(page, rows);
    for place in 0..chart.series().len() {
        draw_series(&mut plot, place, chart.series().len());
    }
    plot.close()
}

fn draw_series(plot: &mut Upright<'_>, place: usize, series: usize) {
    let ink = series_ink(place);
    let apart = APART.min(plot.slot * 0.8 / series.max(1) as f64);
    let aside = (place as f64 - (series as f64 - 1.0) / 2.0) * apart;
    let points: Vec<Option<Shown>> =
        (0..plot.rows.len()).map(|row| shown(plot, (row, place), aside)).collect();
    let picture = &mut plot.page.picture;
    for run in points.split(Option::is_none) {
        let line: Vec<Point> = run.iter().flatten().map(|shown| shown.at).collect();
        if line.len() > 1 {
            picture.line(line, 2.0, ink);
        }
    }
    for shown in points.iter().flatten() {
        if let Some((lower, upper)) = shown.limits {
            whisker(picture, lower, upper, ink);
        }
        marker(picture, Marker::of_series(place), shown.at, ink);
    }
}

/// A point of a line with the ends of its interval.
struct Shown {
    at: Point,
    limits: Option<(Point, Point)>,
}

fn shown(plot: &Upright<'_>, (row, place): (usize, usize), aside: f64) -> Option<Shown> {
    let x = plot.center(row) + aside;
    match plot.rows.get(row)?.marks.get(place)? {
        Mark::Shown { value, interval, .. } => Some(Shown {
            at: (x, plot.scale.place(*value)),
            limits: interval
                .map(|(lower, upper)| ((x, plot.scale.place(lower)), (x, plot.scale.place(upper)))),
        }),
        _ => None,
    }
}
