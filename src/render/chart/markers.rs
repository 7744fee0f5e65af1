//! The marks of values: points of several shapes, whiskers, dashed lines.

use super::palette::{Ink, WHITE};
use super::picture::{Picture, Point};

/// The shape of a point: together with its colour it tells series apart, in grey as well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Disc,
    Square,
    Triangle,
    Diamond,
    Ring,
}

impl Marker {
    pub(super) fn of_series(series: usize) -> Self {
        match series % 5 {
            0 => Self::Disc,
            1 => Self::Square,
            2 => Self::Triangle,
            3 => Self::Diamond,
            _ => Self::Ring,
        }
    }
}

pub(super) fn marker(picture: &mut Picture, shape: Marker, (x, y): Point, ink: Ink) {
    match shape {
        Marker::Disc => picture.disc((x, y), 4.5, ink),
        Marker::Square => picture.rectangle((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), ink),
        Marker::Triangle => picture.polygon([(x, y - 5.5), (x + 5.0, y + 4.0), (x - 5.0, y + 4.0)], ink),
        Marker::Diamond => {
            picture.polygon([(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)], ink);
        }
        Marker::Ring => ring(picture, (x, y), ink),
    }
}

/// An open dot.
pub(super) fn ring(picture: &mut Picture, center: Point, ink: Ink) {
    picture.disc(center, 4.5, ink);
    picture.disc(center, 3.0, WHITE);
}

/// A confidence interval between two points on one row or one column.
pub(super) fn whisker(picture: &mut Picture, from: Point, to: Point, ink: Ink) {
    const CAP: f64 = 3.5;
    picture.line([from, to], 1.3, ink);
    let level = (from.1 - to.1).abs() < (from.0 - to.0).abs();
    for end in [from, to] {
        let (one, other) = if level {
            ((end.0, end.1 - CAP), (end.0, end.1 + CAP))
        } else {
            ((end.0 - CAP, end.1), (end.0 + CAP, end.1))
        };
        picture.line([one, other], 1.3, ink);
    }
}

/// A dashed line from above downwards.
pub(super) fn dashed(picture: &mut Picture, x: f64, top: f64, bottom: f64, ink: Ink) {
    let mut y = top;
    while y < bottom {
        picture.line([(x, y), (x, (y + 5.0).min(bottom))], 1.5, ink);
        y += 8.0;
    }
}
