//! Printing: what a [`Release`](crate::Release) shows, as text, Markdown, HTML, CSV, SVG and PNG.
//!
//! Nothing in this folder can see a number that was not released: its only input are the types of
//! `protect::release`, and a hidden number is absent there. Order, axis ranges, alternative texts and widths
//! follow from released numbers alone.

mod chart;
mod escape;
mod marks;
mod numbers;
mod table;
mod words;

pub(crate) use escape::escape_html;
pub(crate) use words::{privacy, request_received, words};

pub use table::CsvDialect;
