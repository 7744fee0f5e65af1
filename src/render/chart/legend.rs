//! The key of a figure, outside the plot, in as many lines as it needs.

use super::axis::Scale;
use super::fonts::wrapped;
use super::layout::{MARGIN, WIDTH};
use super::markers::{Marker, marker, ring, whisker};
use super::palette::{DARK, GOAL_ZONE, Ink, MINIMUM_ZONE, SMALL};
use super::picture::{Anchor, Picture, wide};
use super::units::UnitRow;
use crate::protect::{Mark, ReleasedChart};
use crate::render::words::{confidence_interval, words};
use crate::schema::{Head, Language};

const SWATCH: f64 = 22.0;

/// How a swatch looks.
#[derive(Clone, Copy)]
pub(super) enum Swatch {
    Area(Ink),
    Dot(Ink),
    Ring(Ink),
    Point(Marker, Ink),
    LineAndPoint(Marker, Ink),
    DashedLine(Ink),
    Whisker,
}

/// One line of the key.
pub(super) struct Entry {
    pub(super) swatch: Swatch,
    pub(super) text: String,
}

/// Draws the key from `top` and gives where it ends.
pub(super) fn draw_legend(picture: &mut Picture, entries: &[Entry], top: f64) -> f64 {
    let leading = SMALL.leading() + 4.0;
    let (mut x, mut y) = (MARGIN, top + leading / 2.0);
    for entry in entries {
        let lines = wrapped(&entry.text, WIDTH - 2.0 * MARGIN - SWATCH - 6.0, SMALL.size, SMALL.weight);
        let width = lines.iter().map(|line| wide(line, SMALL)).fold(0.0, f64::max);
        let taken = SWATCH + 6.0 + width + 20.0;
        if x > MARGIN && x + taken - 20.0 > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + leading);
        }
        draw_swatch(picture, entry.swatch, x, y);
        for (place, line) in lines.iter().enumerate() {
            if place > 0 {
                y += leading;
            }
            picture.text(line, (x + SWATCH + 6.0, y), Anchor::Start, SMALL);
        }
        x += taken;
    }
    y + leading / 2.0
}

fn draw_swatch(picture: &mut Picture, swatch: Swatch, x: f64, y: f64) {
    let center = (x + SWATCH / 2.0, y);
    match swatch {
        Swatch::Area(ink) => picture.rectangle((x, y - 6.0), (x + SWATCH, y + 6.0), ink),
        Swatch::Dot(ink) => picture.disc(center, 4.0, ink),
        Swatch::Ring(ink) => ring(picture, center, ink),
        Swatch::Point(shape, ink) => marker(picture, shape, center, ink),
        Swatch::LineAndPoint(shape, ink) => {
            picture.line([(x, y), (x + SWATCH, y)], 2.0, ink);
            marker(picture, shape, center, ink);
        }
        Swatch::DashedLine(ink) => {
            for start in [0.0, 8.0, 16.0] {
                picture.line([(x + start, y), (x + start + 5.0, y)], 1.5, ink);
            }
        }
        Swatch::Whisker => whisker(picture, (x, y), (x + SWATCH, y), DARK),
    }
}

/// The entry for confidence intervals, if any is drawn.
pub(super) fn interval_entry(
    chart: &ReleasedChart,
    rows: &[UnitRow<'_>],
    language: Language,
) -> Option<Entry> {
    let drawn = |mark: &Mark| matches!(mark, Mark::Shown { interval: Some(_), .. });
    if !rows.iter().any(|unit| unit.marks.iter().any(drawn)) {
        return None;
    }
    let level = chart.table().columns().iter().find_map(|column| match column.head() {
        Head::Interval { percent } => Some(percent),
        _ => None,
    })?;
    Some(Entry { swatch: Swatch::Whisker, text: confidence_interval(level, language) })
}

/// The entries for the zones of goal and minimum.
pub(super) fn goal_entries(chart: &ReleasedChart, scale: &Scale, language: Language) -> Vec<Entry> {
    let Some(goal) = chart.goal() else { return Vec::new() };
    let words = words(language);
    let sign = if goal.higher_is_better() { "≥" } else { "≤" };
    let limit = |value: f64| format!("{sign} {}", scale.printed(value, language));
    let mut entries = vec![Entry {
        swatch: Swatch::Area(GOAL_ZONE),
        text: format!("{} ({})", words.goal_reached, limit(goal.goal())),
    }];
    if let Some(minimum) = goal.minimum() {
        entries.push(Entry {
            swatch: Swatch::Area(MINIMUM_ZONE),
            text: format!("{} ({})", words.minimum_reached, limit(minimum)),
        });
    }
    entries
}
