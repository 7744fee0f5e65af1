//! The bundled font: nothing is looked up on the system, so a chart is the same on every computer.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use crate::error::Error;

/// The name under which the font is registered and which stands in the SVG.
pub(super) const FAMILY: &str = "Noto Sans";
pub(super) static REGULAR: &[u8] = include_bytes!("fonts/NotoSans-Regular.ttf");
pub(super) static BOLD: &[u8] = include_bytes!("fonts/NotoSans-Bold.ttf");

/// Ascender to descender of the font in em. Text is measured in this height, not in em.
const HEIGHT: f64 = 1.362;
/// Measured widths are whole pixels: measuring large text makes them finer.
const ENLARGED: f64 = 10.0;

/// How heavy a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    pub(super) fn style(self) -> FontStyle {
        match self {
            Self::Regular => FontStyle::Normal,
            Self::Bold => FontStyle::Bold,
        }
    }
}

/// Makes the font known to the drawing library, once.
pub(super) fn ready() -> Result<(), Error> {
    static READY: OnceLock<bool> = OnceLock::new();
    let register = || {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
    };
    if *READY.get_or_init(register) { Ok(()) } else { Err(Error::render("the bundled font cannot be read")) }
}

/// The width of a text in pixels, `size` being the pixels of one em.
pub(super) fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    let font = FontDesc::new(FontFamily::Name(FAMILY), size * HEIGHT * ENLARGED, weight.style());
    match font.layout_box(text) {
        Ok(((left, _), (right, _))) => f64::from(right - left) / ENLARGED,
        Err(_) => 0.6 * size * text.chars().count() as f64,
    }
}

/// The text in lines of at most `width` pixels; a word that is wider than a line is broken.
pub(super) fn wrapped(text: &str, width: f64, size: f64, weight: Weight) -> Vec<String> {
    let fits = |line: &str| text_width(line, size, weight) <= width;
    let mut lines = Vec::new();
    let mut line = String::new();
    // Not `split_whitespace`: a no-break space keeps its number and unit together.
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            line.push(character);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, character.to_string()));
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}
