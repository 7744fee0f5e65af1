//! The page of a figure: title on top, then what the kind draws, notes at the bottom. The height follows.

use super::canvas::{self, Frame};
use super::fonts::wrapped;
use super::legend::{Entry, draw_legend};
use super::palette::{BODY, Lettering, NOTE, TITLE};
use super::picture::{Anchor, Picture, wide};
use super::units::UnitRow;
use crate::error::Error;
use crate::protect::ReleasedChart;
use crate::render::marks::{Hidden, explanations};
use crate::render::words::{note, words};
use crate::schema::Language;

pub(super) const WIDTH: f64 = 900.0;
pub(super) const MARGIN: f64 = 20.0;

/// A figure that is being laid out from top to bottom.
pub(super) struct Page<'c> {
    pub(super) chart: &'c ReleasedChart,
    pub(super) language: Language,
    pub(super) picture: Picture,
    /// Everything above is taken.
    pub(super) y: f64,
}

impl<'c> Page<'c> {
    /// A page with the chart's title.
    pub(super) fn new(chart: &'c ReleasedChart, language: Language) -> Self {
        let mut page = Self { chart, language, picture: Picture::default(), y: MARGIN };
        page.paragraph(chart.title().text(language), TITLE);
        page.y += 8.0;
        page
    }

    /// The key above the plot.
    pub(super) fn legend(&mut self, entries: &[Entry]) {
        if !entries.is_empty() {
            self.y = draw_legend(&mut self.picture, entries, self.y) + 8.0;
        }
    }

    /// Text over the whole width.
    fn paragraph(&mut self, text: &str, lettering: Lettering) {
        for line in wrapped(text, WIDTH - 2.0 * MARGIN, lettering.size, lettering.weight) {
            self.y += lettering.leading() / 2.0;
            self.picture.text(&line, (MARGIN, self.y), Anchor::Start, lettering);
            self.y += lettering.leading() / 2.0;
        }
    }

    /// A figure of nothing: every number is hidden.
    pub(super) fn empty(mut self, rows: &[UnitRow<'_>]) -> Result<String, Error> {
        self.y += 16.0;
        self.paragraph(words(self.language).nothing_to_draw, BODY);
        self.finish(rows)
    }

    /// The notes, what the marks of the drawn rows mean, and the picture as SVG.
    pub(super) fn finish(mut self, rows: &[UnitRow<'_>]) -> Result<String, Error> {
        self.y += 12.0;
        let hidden: Vec<Hidden> = rows.iter().flat_map(|unit| unit.hidden()).collect();
        let notes: Vec<String> =
            self.chart.table().notes().iter().map(|line| note(line, self.language)).collect();
        self.paragraph(&notes.join(" "), NOTE);
        for line in explanations(&hidden, self.language) {
            self.paragraph(&line, NOTE);
        }
        let frame = Frame {
            id: self.chart.id(),
            language: self.language.tag(),
            title: self.chart.title().text(self.language),
            description: &self.chart.alt_text(self.language),
            width: WIDTH,
            height: (self.y + MARGIN).ceil(),
        };
        canvas::svg(&self.picture, &frame)
    }
}

/// The width that the widest of the texts takes.
pub(super) fn widest<'t>(texts: impl IntoIterator<Item = &'t str>, lettering: Lettering) -> f64 {
    texts.into_iter().map(|text| wide(text, lettering)).fold(0.0, f64::max)
}
