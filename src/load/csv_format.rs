//! How a delimited text file is written.

use crate::error::Error;

/// Delimiter, decimal mark and encoding of a delimited text file.
///
/// ```
/// use registat::{CsvFormat, Encoding};
///
/// let format = CsvFormat::norwegian().decimal_mark(b'.').encoding(Encoding::Utf8);
/// assert_ne!(format, CsvFormat::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvFormat {
    delimiter: u8,
    decimal_mark: u8,
    encoding: Encoding,
}

/// The character encoding of a delimited text file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8 if the file is that, otherwise Latin-1, which is then a finding.
    #[default]
    Recognise,
    /// UTF-8, with or without a byte order mark; anything else is an error.
    Utf8,
    /// Latin-1 as Windows writes it (Windows-1252).
    Latin1,
}

impl CsvFormat {
    /// What Norwegian exports and spreadsheets write: semicolon, decimal comma, the encoding recognised.
    pub fn norwegian() -> Self {
        Self { delimiter: b';', decimal_mark: b',', encoding: Encoding::Recognise }
    }

    /// The character between two fields.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// The character before the decimals, a comma or a point.
    #[must_use]
    pub fn decimal_mark(mut self, decimal_mark: u8) -> Self {
        self.decimal_mark = decimal_mark;
        self
    }

    /// The character encoding.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Delimiter, decimal mark and encoding, once they are known to be usable.
    pub(super) fn checked(self) -> Result<(u8, u8, Encoding), Error> {
        let usable = self.delimiter.is_ascii_punctuation() || self.delimiter == b'\t';
        if !usable || self.delimiter == b'"' {
            return Err(Error::load(
                "the delimiter must be an ASCII punctuation mark other than a quote, or a tab",
            ));
        }
        if !matches!(self.decimal_mark, b',' | b'.') {
            return Err(Error::load("the decimal mark must be a comma or a point"));
        }
        Ok((self.delimiter, self.decimal_mark, self.encoding))
    }
}

impl Default for CsvFormat {
    fn default() -> Self {
        Self::norwegian()
    }
}
