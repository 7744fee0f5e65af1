//! Delimited text: every record with its line, every defect as an error with a position.

use std::path::Path;

use super::csv_format::CsvFormat;
use super::findings::Findings;
use super::layout::Layout;
use super::quoting;
use super::raw::{RawColumn, RawTable, TextColumn};
use super::source::Source;
use super::text_encoding;
use crate::error::Error;

/// Reads a file into raw columns.
pub(super) fn read(
    path: &Path,
    format: CsvFormat,
    layout: &Layout<'_>,
    source: &Source<'_>,
    findings: &mut Findings,
) -> Result<RawTable, Error> {
    let (delimiter, _, encoding) = format.checked().map_err(|error| error.in_file(path))?;
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, &error))?;
    let text = text_encoding::decode(&bytes, encoding, source, findings)?;
    let lines = quoting::record_lines(&text, delimiter)
        .map_err(|broken| source.error(broken.message).at_line(broken.line))?;
    let mut records = Records::new(&text, delimiter, lines);

    let mut record = csv::StringRecord::new();
    if records.read(&mut record, source)?.is_none() {
        return Err(source.error("the file is empty").at_line(1));
    }
    let header: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
    let wanted = layout.check_header(&header, source, findings)?;
    let mut columns: Vec<Option<TextColumn>> =
        header.iter().map(|name| wanted.contains(name).then(TextColumn::default)).collect();
    let mut row_lines = Vec::new();
    while let Some(line) = records.read(&mut record, source)? {
        if record.len() != header.len() {
            let what = if record.len() < header.len() { "fewer" } else { "more" };
            let message =
                format!("ragged row: it has {what} fields than the header; is a delimiter not quoted?");
            return Err(source.error(message).at_line(line));
        }
        for (field, column) in record.iter().zip(&mut columns) {
            if let Some(column) = column {
                column.push(field);
            }
        }
        row_lines.push(line);
    }
    if row_lines.is_empty() {
        return Err(source.error("the file has a header and no rows").at_line(1));
    }
    let named = header.into_iter().zip(columns);
    let columns = named.filter_map(|(name, column)| Some((name, RawColumn::Text(column?)))).collect();
    Ok(RawTable { columns, lines: row_lines })
}

/// The reader's records beside the lines on which they start.
struct Records<'t> {
    reader: csv::Reader<&'t [u8]>,
    lines: std::vec::IntoIter<u64>,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8, lines: Vec<u64>) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        Self { reader, lines: lines.into_iter() }
    }

    /// Reads the next record; gives its line, or nothing at the end.
    fn read(&mut self, record: &mut csv::StringRecord, source: &Source<'_>) -> Result<Option<u64>, Error> {
        let line = self.lines.next();
        let unreadable = || match line {
            Some(line) => source.error("the record cannot be read").at_line(line),
            None => source.error("the records cannot be told apart"),
        };
        // The reader's own error would quote the record.
        if self.reader.read_record(record).map_err(|_| unreadable())? {
            line.map(Some).ok_or_else(unreadable)
        } else {
            Ok(None)
        }
    }
}
