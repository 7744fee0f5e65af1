//! From shapes to SVG.
//!
//! plotters draws on whole pixels, so everything is drawn ten times as large; the root element is then
//! rewritten to the designed size, which the view box scales back, and gets what plotters has no words for:
//! role, language, title and description.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, ShapeStyle, TextStyle};

use super::fonts::FAMILY;
use super::palette::{Ink, Lettering, WHITE};
use super::picture::{Anchor, Picture, Point, Shape};
use crate::error::Error;
use crate::render::escape::escape_html;

const ENLARGED: f64 = 10.0;
/// plotters writes a font size divided by this.
const POINTS: f64 = 1.24;

/// What stands around the shapes.
pub(super) struct Frame<'f> {
    pub(super) id: &'f str,
    pub(super) language: &'f str,
    pub(super) title: &'f str,
    pub(super) description: &'f str,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The picture as SVG, `width` by `height` pixels.
pub(super) fn svg(picture: &Picture, frame: &Frame<'_>) -> Result<String, Error> {
    let mut drawn = String::new();
    {
        let size = (enlarged(frame.width).unsigned_abs(), enlarged(frame.height).unsigned_abs());
        let mut backend = SVGBackend::with_string(&mut drawn, size);
        let page = Shape::Box { from: (0.0, 0.0), to: (frame.width, frame.height), ink: WHITE };
        draw(&mut backend, &page)?;
        for shape in &picture.shapes {
            draw(&mut backend, shape)?;
        }
        backend.present().map_err(|_| failed())?;
    }
    let (_, body) = drawn.split_once('>').ok_or_else(failed)?;
    Ok(format!("{}{}", root(frame), presentable(body)))
}

fn root(frame: &Frame<'_>) -> String {
    let (width, height) = (frame.width, frame.height);
    let id: String = frame.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" lang=\"{}\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>",
        enlarged(width),
        enlarged(height),
        frame.language,
        escape_html(frame.title),
        escape_html(frame.description)
    )
}

/// Fonts to fall back on where the bundled one is not installed, and one middle height of text in every
/// program. Labels cannot contain what is replaced: their quotes are escaped.
fn presentable(body: &str) -> String {
    body.replace(
        &format!("font-family=\"{FAMILY}\""),
        "font-family=\"Noto Sans, Segoe UI, Helvetica, Arial, sans-serif\"",
    )
    .replace("dy=\"0.5ex\"", "dy=\"0.36em\"")
}

fn draw(backend: &mut SVGBackend<'_>, shape: &Shape) -> Result<(), Error> {
    let drawn = match shape {
        Shape::Box { from, to, ink } => backend.draw_rect(spot(*from), spot(*to), &style(*ink, 0.0), true),
        Shape::Line { points, width, ink } => {
            backend.draw_path(points.iter().copied().map(spot), &style(*ink, *width))
        }
        Shape::Disc { center, radius, ink } => {
            backend.draw_circle(spot(*center), enlarged(*radius).unsigned_abs(), &style(*ink, 0.0), true)
        }
        Shape::Polygon { points, ink } => {
            backend.fill_polygon(points.iter().copied().map(spot), &style(*ink, 0.0))
        }
        Shape::Text { text, at, anchor, lettering } => {
            backend.draw_text(text, &text_style(*anchor, *lettering), spot(*at))
        }
    };
    drawn.map_err(|_| failed())
}

fn text_style(anchor: Anchor, lettering: Lettering) -> TextStyle<'static> {
    let horizontal = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let size = lettering.size * ENLARGED * POINTS;
    let font = FontDesc::new(FontFamily::Name(FAMILY), size, lettering.weight.style());
    font.color(&lettering.ink).pos(Pos::new(horizontal, VPos::Center))
}

fn style(ink: Ink, width: f64) -> ShapeStyle {
    ShapeStyle { color: ink, filled: true, stroke_width: enlarged(width).unsigned_abs() }
}

fn spot(point: Point) -> (i32, i32) {
    (enlarged(point.0), enlarged(point.1))
}

fn enlarged(pixels: f64) -> i32 {
    (pixels * ENLARGED).round() as i32
}

fn failed() -> Error {
    Error::render("the chart could not be drawn")
}
