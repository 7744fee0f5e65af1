//! PNG from a chart's own SVG, with the same font.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::fonts::{BOLD, FAMILY, REGULAR};
use crate::error::Error;

pub(super) fn png(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    if !(scale > 0.0 && scale <= 10.0) {
        return Err(Error::render("the scale of a picture is above 0 and at most 10"));
    }
    let mut options = Options { font_family: FAMILY.to_owned(), ..Options::default() };
    options.fontdb_mut().load_font_data(REGULAR.to_vec());
    options.fontdb_mut().load_font_data(BOLD.to_vec());
    let tree = Tree::from_str(svg, &options).map_err(|_| failed())?;
    let pixels = |length: f32| (length * scale).round().max(1.0) as u32;
    let size = tree.size();
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height())).ok_or_else(failed)?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|_| failed())
}

fn failed() -> Error {
    Error::render("the picture could not be made from the chart")
}
