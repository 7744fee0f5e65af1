//! The plot of the charts whose values go upwards: an axis to the left, a place per row along the bottom.

use super::axis::Scale;
use super::fonts::wrapped;
use super::layout::{MARGIN, Page, WIDTH, widest};
use super::palette::{FAINT, GREY, GRID, SMALL};
use super::picture::{Anchor, wide};
use super::units::UnitRow;
use crate::error::Error;
use crate::render::marks::Hidden;
use crate::schema::Language;

const HEIGHT: f64 = 320.0;
/// Room above the highest value, for its label.
const HEADROOM: f64 = 18.0;

/// A page with its plot laid out; what is left is to draw the marks.
pub(super) struct Upright<'c> {
    pub(super) page: Page<'c>,
    pub(super) rows: Vec<UnitRow<'c>>,
    pub(super) scale: Scale,
    pub(super) slot: f64,
    left: f64,
    bottom: f64,
}

impl<'c> Upright<'c> {
    pub(super) fn open(mut page: Page<'c>, rows: Vec<UnitRow<'c>>) -> Self {
        let label = page.chart.axis().label().text(page.language);
        for line in wrapped(label, WIDTH - 2.0 * MARGIN, SMALL.size, SMALL.weight) {
            page.y += SMALL.leading();
            page.picture.text(&line, (MARGIN, page.y - 4.0), Anchor::Start, SMALL);
        }
        let top = page.y + HEADROOM;
        let bottom = top + HEIGHT;
        let scale = Scale::of(page.chart, &rows).between(bottom, top);
        let left = left_of_plot(&page, &scale);
        let slot = slot_width(left, rows.len());
        let mut plot = Self { page, rows, scale, slot, left, bottom };
        plot.draw_axis();
        plot.draw_names();
        plot
    }

    /// The middle of a row's place.
    pub(super) fn center(&self, row: usize) -> f64 {
        self.left + (row as f64 + 0.5) * self.slot
    }

    /// Finishes the page.
    pub(super) fn close(self) -> Result<String, Error> {
        self.page.finish(&self.rows)
    }

    fn draw_axis(&mut self) {
        let picture = &mut self.page.picture;
        let right = WIDTH - MARGIN;
        for (y, text) in self.scale.ticks(self.page.language) {
            picture.line([(self.left, y), (right, y)], 1.0, GRID);
            picture.text(&text, (self.left - 8.0, y), Anchor::End, SMALL);
        }
        let base = self.scale.base();
        picture.line([(self.left, base), (right, base)], 1.0, GREY);
    }

    /// Names under the plot, as many as have room; under a name the marks of the numbers that are not shown.
    fn draw_names(&mut self) {
        let language = self.page.language;
        let names: Vec<&str> = self.rows.iter().map(|unit| unit.row.label().text(language)).collect();
        let room = widest(names.iter().flat_map(|name| name.split(' ')), SMALL) + 10.0;
        let every = (room / self.slot).ceil().max(1.0) as usize;
        let width = self.slot * every as f64 - 8.0;
        let lines: Vec<Vec<String>> =
            names.iter().map(|name| wrapped(name, width, SMALL.size, SMALL.weight)).collect();
        let most = lines.iter().step_by(every).map(Vec::len).max().unwrap_or(1) as f64;
        let first = self.bottom + 14.0;
        let below = first + most * SMALL.leading();
        let mut any_hidden = false;
        for (row, lines) in lines.iter().enumerate() {
            let x = self.center(row);
            if row.is_multiple_of(every) {
                let half = widest(lines.iter().map(String::as_str), SMALL) / 2.0;
                let x = x.max(MARGIN + half).min(WIDTH - MARGIN - half);
                for (place, line) in lines.iter().enumerate() {
                    let y = first + place as f64 * SMALL.leading();
                    self.page.picture.text(line, (x, y), Anchor::Middle, SMALL);
                }
            }
            let hidden: Vec<Hidden> = self.rows.get(row).into_iter().flat_map(|unit| unit.hidden()).collect();
            if let Some(symbols) = symbols(&hidden, self.slot, language) {
                self.page.picture.text(&symbols, (x, below), Anchor::Middle, FAINT);
                any_hidden = true;
            }
        }
        self.page.y = if any_hidden { below + SMALL.leading() } else { below };
    }
}

/// The place that each row gets.
pub(super) fn slot_of(page: &Page<'_>, rows: &[UnitRow<'_>]) -> f64 {
    slot_width(left_of_plot(page, &Scale::of(page.chart, rows)), rows.len())
}

fn left_of_plot(page: &Page<'_>, scale: &Scale) -> f64 {
    let ticks = scale.ticks(page.language);
    MARGIN + widest(ticks.iter().map(|(_, text)| text.as_str()), SMALL) + 14.0
}

fn slot_width(left: f64, rows: usize) -> f64 {
    (WIDTH - MARGIN - left) / rows.max(1) as f64
}

/// The marks that occur in a row, each once; only the first where there is no room for more.
fn symbols(hidden: &[Hidden], room: f64, language: Language) -> Option<String> {
    let occurring: Vec<&str> = Hidden::ALL
        .into_iter()
        .filter(|mark| *mark != Hidden::NotApplicable && hidden.contains(mark))
        .map(|mark| mark.symbol(language))
        .collect();
    let all = occurring.join(" ");
    if wide(&all, FAINT) <= room { Some(all).filter(|all| !all.is_empty()) } else { Some("…".to_owned()) }
}
