//! Colours that people with any colour vision can tell apart, and the sizes of text.

use plotters::style::RGBAColor;

use super::fonts::Weight;

pub(super) type Ink = RGBAColor;

pub(super) const NATIONAL: Ink = RGBAColor(0x1f, 0x4e, 0x79, 1.0);
pub(super) const UNIT: Ink = RGBAColor(0x5b, 0x9b, 0xd5, 1.0);
pub(super) const DARK: Ink = RGBAColor(0x26, 0x26, 0x26, 1.0);
pub(super) const GREY: Ink = RGBAColor(0x6b, 0x6b, 0x6b, 1.0);
pub(super) const GRID: Ink = RGBAColor(0xd9, 0xd9, 0xd9, 1.0);
pub(super) const WHITE: Ink = RGBAColor(0xff, 0xff, 0xff, 1.0);
pub(super) const GOAL_ZONE: Ink = RGBAColor(0xd5, 0xeb, 0xd3, 1.0);
pub(super) const MINIMUM_ZONE: Ink = RGBAColor(0xfd, 0xf1, 0xc4, 1.0);

const SERIES: [Ink; 6] = [
    NATIONAL,
    RGBAColor(0xd9, 0x82, 0x00, 1.0),
    UNIT,
    RGBAColor(0x7a, 0x7a, 0x7a, 1.0),
    RGBAColor(0x00, 0x7a, 0x5e, 1.0),
    RGBAColor(0xa8, 0x4a, 0x8c, 1.0),
];

/// The colour of a series; they repeat after six, where the shapes of markers have changed.
pub(super) fn series_ink(series: usize) -> Ink {
    SERIES.get(series % SERIES.len()).copied().unwrap_or(NATIONAL)
}

/// Size, weight and colour of a text.
#[derive(Clone, Copy)]
pub(super) struct Lettering {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) ink: Ink,
}

impl Lettering {
    /// From line to line.
    pub(super) fn leading(self) -> f64 {
        (self.size * 1.35).round()
    }
}

pub(super) const TITLE: Lettering = Lettering { size: 17.0, weight: Weight::Bold, ink: DARK };
pub(super) const BODY: Lettering = Lettering { size: 13.0, weight: Weight::Regular, ink: DARK };
pub(super) const STRONG: Lettering = Lettering { size: 13.0, weight: Weight::Bold, ink: DARK };
pub(super) const FAINT: Lettering = Lettering { size: 13.0, weight: Weight::Regular, ink: GREY };
pub(super) const SMALL: Lettering = Lettering { size: 11.5, weight: Weight::Regular, ink: DARK };
pub(super) const NOTE: Lettering = Lettering { size: 11.5, weight: Weight::Regular, ink: GREY };
