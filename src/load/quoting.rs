//! The quoting rules of delimited text, stricter than the reader's: what breaks them has lost its columns.
//!
//! A quote opens only at the start of a field; after the closing quote comes a delimiter or the end of the
//! record; inside, a quote is written twice.

/// Where and how the quoting is broken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) line: u64,
    pub(super) message: &'static str,
}

/// Where the scan stands between two bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// At the start of a record, or on an empty line.
    NoRecord,
    FieldStart,
    Plain,
    Quoted,
    /// After a quote within a quoted field: its end, or the first half of a doubled quote.
    MaybeClosed,
}

/// The line (from 1) on which each record starts; empty lines are no records, as for the reader.
pub(super) fn record_lines(text: &str, delimiter: u8) -> Result<Vec<u64>, Broken> {
    let mut lines = Vec::new();
    let mut inside = Inside::NoRecord;
    let mut line = 1;
    let mut opened = 1;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let is_break = matches!(byte, b'\n' | b'\r');
        if inside == Inside::NoRecord && !is_break {
            lines.push(line);
            inside = Inside::FieldStart;
        }
        inside = match (inside, byte) {
            (Inside::Quoted, b'"') => Inside::MaybeClosed,
            (Inside::Quoted, _) => Inside::Quoted,
            (Inside::MaybeClosed, b'"') => Inside::Quoted,
            (_, b'\n' | b'\r') => Inside::NoRecord,
            (_, byte) if byte == delimiter => Inside::FieldStart,
            (Inside::MaybeClosed, _) => {
                return Err(Broken {
                    line,
                    message: "broken quoting: text follows the closing quote of a field",
                });
            }
            (Inside::Plain, b'"') => {
                return Err(Broken {
                    line,
                    message: "broken quoting: a quote stands inside an unquoted field",
                });
            }
            (_, b'"') => {
                opened = line;
                Inside::Quoted
            }
            _ => Inside::Plain,
        };
        // The pair CR LF ends one line.
        if byte == b'\n' || (byte == b'\r' && bytes.peek() != Some(&b'\n')) {
            line += 1;
        }
    }
    match inside {
        Inside::Quoted => {
            Err(Broken { line: opened, message: "broken quoting: the quote that opens here is never closed" })
        }
        _ => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_start_where_they_start_in_the_file() {
        assert_eq!(record_lines("a;b\r\n\r\n\"x\ny\";\"\"\"\"\n1;2", b';'), Ok(vec![1, 3, 5]));
        assert_eq!(record_lines("a\rb\r", b';'), Ok(vec![1, 2]));
        assert_eq!(record_lines("\n\n", b';'), Ok(vec![]));
    }

    #[test]
    fn broken_quotes_are_found_where_they_break() {
        assert_eq!(record_lines("a\n\"b\nc", b';').map_err(|broken| broken.line), Err(2));
        assert_eq!(record_lines("a\nb\"c", b';').map_err(|broken| broken.line), Err(2));
        assert_eq!(record_lines("a\n\n\"b\"c", b';').map_err(|broken| broken.line), Err(3));
    }
}
