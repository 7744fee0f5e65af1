//! A picture as a list of shapes in pixels; `canvas` draws it.

use super::fonts::text_width;
use super::palette::{Ink, Lettering};
use crate::render::escape::printable;

pub(super) type Point = (f64, f64);

/// Which end of a text stands at its point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// One thing to draw; later ones lie above earlier ones.
pub(super) enum Shape {
    Box {
        from: Point,
        to: Point,
        ink: Ink,
    },
    Line {
        points: Vec<Point>,
        width: f64,
        ink: Ink,
    },
    Disc {
        center: Point,
        radius: f64,
        ink: Ink,
    },
    Polygon {
        points: Vec<Point>,
        ink: Ink,
    },
    /// The text's middle height stands at the point.
    Text {
        text: String,
        at: Point,
        anchor: Anchor,
        lettering: Lettering,
    },
}

/// The shapes of a chart.
#[derive(Default)]
pub(super) struct Picture {
    pub(super) shapes: Vec<Shape>,
}

impl Picture {
    pub(super) fn rectangle(&mut self, from: Point, to: Point, ink: Ink) {
        let left_top = (from.0.min(to.0), from.1.min(to.1));
        let right_bottom = (from.0.max(to.0), from.1.max(to.1));
        self.shapes.push(Shape::Box { from: left_top, to: right_bottom, ink });
    }

    pub(super) fn line(&mut self, points: impl Into<Vec<Point>>, width: f64, ink: Ink) {
        self.shapes.push(Shape::Line { points: points.into(), width, ink });
    }

    pub(super) fn disc(&mut self, center: Point, radius: f64, ink: Ink) {
        self.shapes.push(Shape::Disc { center, radius, ink });
    }

    pub(super) fn polygon(&mut self, points: impl Into<Vec<Point>>, ink: Ink) {
        self.shapes.push(Shape::Polygon { points: points.into(), ink });
    }

    pub(super) fn text(&mut self, text: &str, at: Point, anchor: Anchor, lettering: Lettering) {
        let text: String = text.chars().map(printable).collect();
        if !text.trim().is_empty() {
            self.shapes.push(Shape::Text { text, at, anchor, lettering });
        }
    }

    /// Lines under each other, the block's middle at the point.
    pub(super) fn lines(&mut self, lines: &[String], at: Point, anchor: Anchor, lettering: Lettering) {
        let leading = lettering.leading();
        let mut y = at.1 - leading * (lines.len().saturating_sub(1) as f64) / 2.0;
        for line in lines {
            self.text(line, (at.0, y), anchor, lettering);
            y += leading;
        }
    }
}

/// The width of a text in its lettering.
pub(super) fn wide(text: &str, lettering: Lettering) -> f64 {
    text_width(text, lettering.size, lettering.weight)
}
