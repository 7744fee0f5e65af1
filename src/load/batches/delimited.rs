//! Delimited text, some lines at a time. Pieces are cut where a record ends; they are decoded and split into fields on any
//! thread.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{Column, DataFrame};

use super::super::csv_format::{CsvFormat, Encoding};
use super::super::{quoting, text_encoding};
use super::{Batch, Piece, Pieces, Table, distinct};
use crate::error::Error;

/// Bytes of a piece, about.
const PIECE: usize = 4 << 20;

/// A longer record is a quote that was never closed, or no text.
const LONGEST_RECORD: usize = 64 << 20;

/// An opened file whose header was read.
pub(crate) struct TextTable {
    format: Format,
    header: Vec<String>,
    columns: BTreeSet<String>,
    bytes: Bytes,
}

#[derive(Clone)]
struct Format {
    path: PathBuf,
    delimiter: u8,
    mark: u8,
}

/// The file, cut where records end.
struct Bytes {
    file: File,
    /// Read and not yet given out.
    waiting: Vec<u8>,
    is_at_end: bool,
    /// The line on which what waits begins.
    line: u64,
    encoding: Encoding,
}

struct Lines {
    format: Arc<Format>,
    /// The place of each wanted column in a record.
    wanted: Arc<Vec<(usize, String)>>,
    fields: usize,
    bytes: Bytes,
}

struct Text {
    format: Arc<Format>,
    wanted: Arc<Vec<(usize, String)>>,
    fields: usize,
    bytes: Vec<u8>,
    encoding: Encoding,
    line: u64,
}

impl TextTable {
    pub(crate) fn open(path: &Path, format: CsvFormat) -> Result<Self, Error> {
        let (delimiter, mark, encoding) = format.checked().map_err(|error| error.in_file(path))?;
        let file = File::open(path).map_err(|error| Error::file(path, &error))?;
        let format = Format { path: path.to_owned(), delimiter, mark };
        let mut bytes = Bytes { file, waiting: Vec::new(), is_at_end: false, line: 1, encoding };
        bytes.skip_mark(&format)?;
        let head = bytes.next(1, &format)?.ok_or_else(|| format.error("the file is empty"))?;
        let text = bytes.decode(&head, 1, &format)?;
        let header: Vec<String> = match records(&text, delimiter).records().next() {
            Some(Ok(record)) => record.iter().map(|name| name.trim().to_owned()).collect(),
            _ => return Err(format.error("the header cannot be read").at_line(1)),
        };
        let columns = distinct(header.iter().cloned()).map_err(|error| error.in_file(path))?;
        Ok(Self { format, header, columns, bytes })
    }
}

impl Format {
    fn error(&self, message: &str) -> Error {
        Error::load(message).in_file(&self.path)
    }
}

impl Table for TextTable {
    fn columns(&self) -> BTreeSet<String> {
        self.columns.clone()
    }

    fn rows(&self) -> Option<u64> {
        None
    }

    /// Its lines: no record is shorter.
    fn rows_at_most(&self) -> Result<Option<u64>, Error> {
        let failed = |error| Error::file(&self.format.path, &error);
        let mut file = File::open(&self.format.path).map_err(failed)?;
        let (mut bytes, mut lines, mut last) = (vec![0; PIECE], 1, b' ');
        loop {
            let read = file.read(&mut bytes).map_err(failed)?;
            if read == 0 {
                return Ok(Some(lines));
            }
            for byte in bytes.iter().take(read) {
                lines += u64::from(*byte == b'\r' || (*byte == b'\n' && last != b'\r'));
                last = *byte;
            }
        }
    }

    fn path(&self) -> Option<PathBuf> {
        Some(self.format.path.clone())
    }

    fn decimal_mark(&self) -> Option<u8> {
        Some(self.format.mark)
    }

    fn pieces(self: Box<Self>, wanted: BTreeSet<String>) -> Box<dyn Pieces> {
        let fields = self.header.len();
        let wanted = self.header.into_iter().enumerate().filter(|(_, name)| wanted.contains(name)).collect();
        Box::new(Lines { format: Arc::new(self.format), wanted: Arc::new(wanted), fields, bytes: self.bytes })
    }
}

impl Pieces for Lines {
    fn next_piece(&mut self) -> Result<Option<Box<dyn Piece>>, Error> {
        let line = self.bytes.line;
        let Some(bytes) = self.bytes.next(PIECE, &self.format)? else { return Ok(None) };
        // Which encoding it is must be known before the next piece is looked at.
        if self.bytes.encoding == Encoding::Recognise && !bytes.is_ascii() {
            let is_utf8 = std::str::from_utf8(&bytes).is_ok();
            self.bytes.encoding = if is_utf8 { Encoding::Utf8 } else { Encoding::Latin1 };
        }
        Ok(Some(Box::new(Text {
            format: Arc::clone(&self.format),
            wanted: Arc::clone(&self.wanted),
            fields: self.fields,
            bytes,
            encoding: self.bytes.encoding,
            line,
        })))
    }
}

impl Bytes {
    fn skip_mark(&mut self, format: &Format) -> Result<(), Error> {
        self.fill(PIECE, format)?;
        if let Some(rest) = self.waiting.strip_prefix(text_encoding::UTF8_MARK) {
            if self.encoding == Encoding::Latin1 {
                let message = "wrong encoding: Latin-1 is stated and the file is marked as UTF-8";
                return Err(format.error(message).at_line(1));
            }
            self.waiting = rest.to_vec();
            self.encoding = Encoding::Utf8;
        }
        Ok(())
    }

    /// Reads until so many bytes wait, or all of the file.
    fn fill(&mut self, bytes: usize, format: &Format) -> Result<(), Error> {
        let missing = bytes.saturating_sub(self.waiting.len());
        if missing > 0 && !self.is_at_end {
            let mut part = self.file.by_ref().take(missing as u64);
            let read = part.read_to_end(&mut self.waiting);
            let read = read.map_err(|error| Error::file(&format.path, &error))?;
            self.is_at_end = read < missing;
        }
        Ok(())
    }

    /// The next records: about so many bytes, and one record at least. Nothing at the end of the file.
    fn next(&mut self, about: usize, format: &Format) -> Result<Option<Vec<u8>>, Error> {
        let mut wanted = about;
        loop {
            self.fill(wanted.max(PIECE), format)?;
            if self.waiting.is_empty() {
                return Ok(None);
            }
            let end = match end_of_record(&self.waiting, about) {
                Some(end) => end,
                None if self.is_at_end => self.waiting.len(),
                None if self.waiting.len() >= LONGEST_RECORD => {
                    let message = "a record does not end: is a quote never closed, or is this no text?";
                    return Err(format.error(message).at_line(self.line));
                }
                None => {
                    wanted = self.waiting.len() * 2;
                    continue;
                }
            };
            let rest = self.waiting.split_off(end);
            let records = std::mem::replace(&mut self.waiting, rest);
            self.line += records.iter().filter(|byte| **byte == b'\n').count() as u64;
            return Ok(Some(records));
        }
    }

    fn decode<'b>(&self, bytes: &'b [u8], line: u64, format: &Format) -> Result<Cow<'b, str>, Error> {
        decode(bytes, self.encoding, line, format)
    }
}

/// Where a record ends that holds or follows the byte before `about`: after a line break outside quotes.
fn end_of_record(bytes: &[u8], about: usize) -> Option<usize> {
    let mut is_quoted = false;
    let mut last = None;
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => {
                last = Some(place + 1);
                if place + 1 >= about {
                    return last;
                }
            }
            _ => {}
        }
    }
    last.filter(|_| about > 1)
}

fn decode<'b>(
    bytes: &'b [u8],
    encoding: Encoding,
    line: u64,
    format: &Format,
) -> Result<Cow<'b, str>, Error> {
    let wrong = |offset: usize, message: &str| {
        let lines = bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() as u64;
        Err(format.error(message).at_line(line + lines))
    };
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        return wrong(offset, "wrong encoding: it holds NUL bytes as UTF-16 does; export it as UTF-8");
    }
    match (encoding, std::str::from_utf8(bytes)) {
        (Encoding::Latin1, _) => Ok(text_encoding::latin1(bytes)),
        (_, Ok(text)) => Ok(Cow::Borrowed(text)),
        (Encoding::Recognise, Err(_)) => Ok(text_encoding::latin1(bytes)),
        (_, Err(invalid)) => wrong(
            invalid.valid_up_to(),
            "wrong encoding: not UTF-8 as stated or as it began; state Latin-1, or export it as UTF-8",
        ),
    }
}

fn records(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

impl Piece for Text {
    fn read(self: Box<Self>) -> Result<Batch, Error> {
        let format = &self.format;
        let text = decode(&self.bytes, self.encoding, self.line, format)?;
        let mut lines = quoting::record_lines(&text, format.delimiter)
            .map_err(|broken| format.error(broken.message).at_line(self.line - 1 + broken.line))?;
        lines.iter_mut().for_each(|line| *line += self.line - 1);
        let mut reader = records(&text, format.delimiter);
        let mut record = csv::StringRecord::new();
        let mut columns: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(lines.len()); self.wanted.len()];
        for line in &lines {
            // The reader's own error would quote the record.
            let is_there = reader.read_record(&mut record);
            if !is_there.is_ok_and(|is_there| is_there) {
                return Err(format.error("the record cannot be read").at_line(*line));
            }
            if record.len() != self.fields {
                let what = if record.len() < self.fields { "fewer" } else { "more" };
                let message =
                    format!("ragged row: it has {what} fields than the header; is a delimiter not quoted?");
                return Err(format.error(&message).at_line(*line));
            }
            for ((place, _), column) in self.wanted.iter().zip(&mut columns) {
                let field = record.get(*place).map(str::trim).filter(|field| !field.is_empty());
                column.push(field.map(str::to_owned));
            }
        }
        let columns = self.wanted.iter().zip(columns);
        let columns = columns.map(|((_, name), fields)| Column::new(name.as_str().into(), fields)).collect();
        let frame = DataFrame::new(lines.len(), columns);
        let frame = frame.map_err(|_| format.error("its columns make no table"))?;
        Ok(Batch { frame, first: self.line, lines: Some(lines) })
    }
}
