//! Charts, one file per figure kind. A chart is drawn once, as SVG; the PNG is made from that very SVG.

mod alt;
mod axis;
mod board;
mod canvas;
mod distribution;
mod fonts;
mod layout;
mod legend;
mod markers;
mod palette;
mod picture;
mod png;
mod times;
mod trend;
mod unit_indicator;
mod unit_means;
mod units;
mod upright;

use crate::error::Error;
use crate::protect::ReleasedChart;
use crate::schema::{ChartKind, Language};

impl ReleasedChart {
    /// The chart as SVG, with title and alternative text inside.
    ///
    /// # Errors
    /// When the bundled font cannot be read or the picture cannot be drawn.
    pub fn to_svg(&self, language: Language) -> Result<String, Error> {
        fonts::ready()?;
        match self.kind() {
            ChartKind::UnitIndicator => unit_indicator::svg(self, language),
            ChartKind::UnitMeans => unit_means::svg(self, language),
            ChartKind::Times => times::svg(self, language),
            ChartKind::Distribution => distribution::svg(self, language),
            ChartKind::Trend => trend::svg(self, language),
        }
    }

    /// The chart as PNG, made from its SVG; scale 1 is 900 pixels wide.
    ///
    /// # Errors
    /// When the scale is not above 0 and at most 10, or the picture cannot be drawn.
    pub fn to_png(&self, language: Language, scale: f32) -> Result<Vec<u8>, Error> {
        png::png(&self.to_svg(language)?, scale)
    }

    /// What the chart shows, in one or two sentences, for those who do not see it.
    pub fn alt_text(&self, language: Language) -> String {
        alt::alt_text(self, language)
    }
}
