//! A figure within a page: the drawing inline, its caption, and the same numbers as a table behind a fold.

use crate::error::Error;
use crate::protect::ReleasedChart;
use crate::render::{escape_html, words};
use crate::schema::Language;

/// `<figure>` with a numbered caption. The drawing carries its own title and description for screen readers.
pub(super) fn html(chart: &ReleasedChart, number: usize, language: Language) -> Result<String, Error> {
    let words = words(language);
    let drawing = chart.to_svg(language)?;
    let svg = inline(&drawing);
    Ok(format!(
        "<figure id=\"{id}\">\n{svg}\n<figcaption>{figure} {number}. {title}</figcaption>\n\
         <details><summary>{numbers}</summary>\n{table}</details>\n</figure>\n",
        id = escape_html(chart.id()),
        figure = words.figure,
        title = escape_html(chart.title().text(language)),
        numbers = words.numbers_of_the_figure,
        table = chart.table().to_html(language),
    ))
}

/// An SVG document as an element of a page: without the declaration that only a file has.
fn inline(svg: &str) -> &str {
    svg.find("<svg").and_then(|start| svg.get(start..)).unwrap_or(svg)
}
