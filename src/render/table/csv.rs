//! Delimited text for programs and spreadsheets: one line of heads, plain numbers, ranges in two columns.

use super::heads::full_head;
use crate::protect::{Cell, CellView, Column, Printed, ReleasedTable, Row};
use crate::render::marks::Hidden;
use crate::render::numbers::plain;
use crate::render::words::words;
use crate::schema::{Head, Language, RowKind};

/// How delimited text is written. Both are UTF-8 with CRLF between lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CsvDialect {
    /// Semicolons, decimal comma and a byte order mark: what a Norwegian spreadsheet opens without questions.
    #[default]
    Norwegian,
    /// Commas, decimal point, no byte order mark.
    Rfc4180,
}

impl CsvDialect {
    fn separator(self) -> char {
        match self {
            Self::Norwegian => ';',
            Self::Rfc4180 => ',',
        }
    }

    fn start(self) -> &'static str {
        match self {
            Self::Norwegian => "\u{feff}",
            Self::Rfc4180 => "",
        }
    }

    fn number(self, value: f64, decimals: u8) -> String {
        match self {
            Self::Norwegian => plain(value, decimals).replace('.', ","),
            Self::Rfc4180 => plain(value, decimals),
        }
    }
}

impl ReleasedTable {
    /// The table as delimited text: row name, kind of row, then the numbers. A hidden number is a word; a
    /// label that a spreadsheet would take for a formula begins with an apostrophe.
    pub fn to_csv(&self, language: Language, dialect: CsvDialect) -> String {
        let words = words(language);
        let mut heads = vec![harmless(self.stub().text(language)), words.row_kind.to_owned()];
        for column in self.columns() {
            let head = harmless(&full_head(column, language));
            if is_range(column) {
                heads.push(format!("{head} / {}", words.lower));
                heads.push(format!("{head} / {}", words.upper));
            } else {
                heads.push(head);
            }
        }
        let mut csv = dialect.start().to_owned();
        push_line(&mut csv, &heads, dialect);
        for row in self.rows() {
            push_line(&mut csv, &fields(self.columns(), row, language, dialect), dialect);
        }
        csv
    }
}

fn fields(columns: &[Column], row: &Row, language: Language, dialect: CsvDialect) -> Vec<String> {
    let words = words(language);
    let kind = match row.kind() {
        RowKind::Item => words.item,
        RowKind::Subtotal => words.subtotal,
        RowKind::Total => words.total,
    };
    let mut fields = vec![harmless(row.label().text(language)), kind.to_owned()];
    for (column, cell) in columns.iter().zip(row.cells()) {
        let (first, second) = values(cell, language, dialect);
        fields.push(first);
        if is_range(column) {
            fields.push(second);
        }
    }
    fields
}

/// The two limits of a range; of anything else the number and nothing; of a hidden number its word twice.
fn values(cell: &Cell, language: Language, dialect: CsvDialect) -> (String, String) {
    match cell.view() {
        CellView::Shown(Printed::Count(count)) => (count.to_string(), String::new()),
        CellView::Shown(Printed::Number { value, decimals } | Printed::Percent { value, decimals }) => {
            (dialect.number(value, decimals), String::new())
        }
        CellView::Shown(Printed::Range { lower, upper, decimals, .. }) => {
            (dialect.number(lower, decimals), dialect.number(upper, decimals))
        }
        CellView::NotApplicable => (String::new(), String::new()),
        hidden => {
            let word = Hidden::of_cell(hidden).map_or("", |mark| mark.word(language));
            (word.to_owned(), word.to_owned())
        }
    }
}

fn is_range(column: &Column) -> bool {
    matches!(column.head(), Head::Quartiles | Head::Interval { .. })
}

/// The label as text that no spreadsheet runs.
fn harmless(label: &str) -> String {
    let dangerous = label.trim_start().starts_with(['=', '+', '-', '@', '\u{2212}', '\u{ff1d}'])
        || label.starts_with(['\t', '\r', '\n']);
    if dangerous { format!("'{label}") } else { label.to_owned() }
}

fn push_line(csv: &mut String, fields: &[String], dialect: CsvDialect) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            csv.push(dialect.separator());
        }
        if field.contains([dialect.separator(), '"', '\r', '\n']) {
            csv.push('"');
            csv.push_str(&field.replace('"', "\"\""));
            csv.push('"');
        } else {
            csv.push_str(field);
        }
    }
    csv.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_never_a_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless(" @sum"), "' @sum");
        assert_eq!(harmless("Oslo"), "Oslo");
    }

    #[test]
    fn fields_with_separators_and_quotes_are_quoted() {
        let mut line = String::new();
        push_line(&mut line, &["a;b".to_owned(), "c\"d".to_owned(), "1,5".to_owned()], CsvDialect::Norwegian);
        assert_eq!(line, "\"a;b\";\"c\"\"d\";1,5\r\n");
    }
}
