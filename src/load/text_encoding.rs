//! From the bytes of a text file to characters.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::csv_format::Encoding;
use super::findings::{FindingKind, Findings};
use super::source::Source;
use crate::error::Error;

pub(super) const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file, without its byte order mark.
pub(super) fn decode<'b>(
    bytes: &'b [u8],
    encoding: Encoding,
    source: &Source<'_>,
    findings: &mut Findings,
) -> Result<Cow<'b, str>, Error> {
    let nul = bytes.iter().position(|byte| *byte == 0);
    let is_utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    if let Some(offset) = nul.or(is_utf16.then_some(0)) {
        let message = "wrong encoding: it holds NUL bytes or a mark as UTF-16 does; export it as UTF-8";
        return Err(source.error(message).at_line(line_at(bytes, offset)));
    }
    let marked = bytes.strip_prefix(UTF8_MARK);
    let body = marked.unwrap_or(bytes);
    match (encoding, std::str::from_utf8(body)) {
        (Encoding::Latin1, _) if marked.is_some() => {
            Err(source.error("wrong encoding: Latin-1 is stated and the file is marked as UTF-8").at_line(1))
        }
        (Encoding::Latin1, _) => Ok(latin1(body)),
        (_, Ok(text)) => Ok(Cow::Borrowed(text)),
        (Encoding::Recognise, Err(_)) if marked.is_none() => {
            findings.note(source.finding(FindingKind::EncodingRecognised));
            Ok(latin1(body))
        }
        (_, Err(invalid)) => {
            let message = "wrong encoding: not UTF-8 as stated; state Latin-1, or export it as UTF-8";
            Err(source.error(message).at_line(line_at(body, invalid.valid_up_to())))
        }
    }
}

/// Every byte has a meaning in Windows-1252 as the web defines it, so nothing can fail.
pub(super) fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    WINDOWS_1252.decode_without_bom_handling(bytes).0
}

fn line_at(bytes: &[u8], offset: usize) -> u64 {
    1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() as u64
}
