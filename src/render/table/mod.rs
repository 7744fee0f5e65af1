//! Tables, one file per format.

mod csv;
mod heads;
mod html;
mod markdown;
mod text;

pub use self::csv::CsvDialect;

use super::marks::{Hidden, explanations, of_table};
use super::numbers::printed;
use super::words::note;
use crate::protect::{Cell, CellView, ReleasedTable};
use crate::schema::Language;

/// What stands in a cell: the number or its mark.
fn cell_text(cell: &Cell, language: Language) -> String {
    match cell.view() {
        CellView::Shown(number) => printed(number, language),
        view => Hidden::of_cell(view).map_or_else(String::new, |mark| mark.symbol(language).to_owned()),
    }
}

/// The lines under the table: how the numbers came about, then what the marks mean that occur.
fn lines_below(table: &ReleasedTable, language: Language) -> Vec<String> {
    let mut lines: Vec<String> = table.notes().iter().map(|line| note(line, language)).collect();
    lines.extend(explanations(&of_table(table), language));
    lines
}
