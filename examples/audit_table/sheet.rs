//! One published table as it stands in a file: labels, numbers, percentages and holes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use registat::PrintedNumber;

use super::Outcome;

/// The texts of a file, before anything is made of them.
pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<String>)>,
}

/// What is known of one cell: at least so much, at most so much.
#[derive(Clone, Copy)]
pub struct Known {
    pub least: i64,
    pub most: Option<i64>,
}

/// What stands in one place of a table.
pub enum Entry {
    Count(i64),
    /// A number that is no count: a percentage or a mean.
    Decimal,
    Hole(Known),
}

/// How holes are marked, and what each mark says.
#[derive(Default)]
pub struct Marks {
    /// Holes are at least 1, because zeros are printed.
    pub zeros_printed: bool,
    /// `<5` includes 0.
    pub less_than_includes_zero: bool,
    /// A dash is a printed zero rather than a hole.
    pub dash_is_zero: bool,
    /// Marks with their own bounds.
    pub stated: BTreeMap<String, [i64; 2]>,
}

const HOLES: [&str; 22] = [
    "", "•", "*", "**", "***", ":", ".", "..", "...", "…", "x", "X", "(x)", "c", "C", "s", "S", "#", "?",
    "n/a", "NA", "N/A",
];
const DASHES: [&str; 4] = ["-", "–", "—", "\u{2212}"];
const BLANKS: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

impl Sheet {
    /// Reads a file of delimited text in UTF-8 or Windows-1252; semicolon, tab or comma is found by itself.
    pub fn read(path: &Path) -> Outcome<Self> {
        let place = path.display();
        let bytes = std::fs::read(path).map_err(|error| format!("{place}: {error}"))?;
        let text: Cow<'_, str> = match std::str::from_utf8(&bytes) {
            Ok(text) => text.into(),
            Err(_) => encoding_rs::WINDOWS_1252.decode(&bytes).0,
        };
        let text = text.trim_start_matches('\u{feff}');
        let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let separator = [b';', b'\t', b','].into_iter().find(|mark| header.contains(char::from(*mark)));
        let separator =
            separator.ok_or_else(|| format!("{place}: no semicolon, tab or comma in the first line"))?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut columns: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            let mut fields = record.iter().map(str::to_owned);
            let label = fields.next().unwrap_or_default();
            let fields: Vec<String> = fields.collect();
            let Some(expected) = columns.as_ref().map(Vec::len) else {
                columns = Some(fields);
                continue;
            };
            if fields.len() != expected {
                return Err(format!("{place}, line {line}: not as many cells as in the header").into());
            }
            rows.push((label, fields));
        }
        let columns = columns.filter(|_| !rows.is_empty());
        let columns = columns.ok_or_else(|| format!("{place}: no row below the header"))?;
        check_labels(&columns, "column").map_err(|error| format!("{place}: {error}"))?;
        let labels: Vec<String> = rows.iter().map(|(label, _)| label.clone()).collect();
        check_labels(&labels, "row").map_err(|error| format!("{place}: {error}"))?;
        Ok(Self { columns, rows })
    }
}

/// A label stands once, and is not empty.
fn check_labels(labels: &[String], what: &str) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for label in labels {
        if label.is_empty() {
            return Err(format!("a {what} has no label"));
        }
        if !seen.insert(label) {
            return Err(format!("two {what}s are called `{label}`"));
        }
    }
    Ok(())
}

impl Marks {
    /// What a text stands for; nothing if it is neither a number nor a mark.
    pub fn entry(&self, text: &str) -> Option<Entry> {
        let text = text.trim();
        if let Some([least, most]) = self.stated.get(text) {
            return Some(Entry::Hole(Known { least: *least, most: Some(*most) }));
        }
        if DASHES.contains(&text) && self.dash_is_zero {
            return Some(Entry::Count(0));
        }
        if DASHES.contains(&text) || HOLES.contains(&text) {
            return Some(Entry::Hole(Known { least: i64::from(self.zeros_printed), most: None }));
        }
        self.bounded(text).or_else(|| number(text))
    }

    /// `<5`, `≤4` and `1–4`.
    fn bounded(&self, text: &str) -> Option<Entry> {
        let least = i64::from(!self.less_than_includes_zero);
        let most = if let Some(rest) = text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
            count(rest.trim())?
        } else if let Some(rest) = text.strip_prefix('<') {
            count(rest.trim())?.checked_sub(1)?
        } else {
            let (least, most) = DASHES.iter().find_map(|dash| text.split_once(*dash))?;
            let (least, most) = (count(least.trim())?, count(most.trim())?);
            return (least <= most).then_some(Entry::Hole(Known { least, most: Some(most) }));
        };
        (least <= most).then_some(Entry::Hole(Known { least, most: Some(most) }))
    }
}

fn number(text: &str) -> Option<Entry> {
    if let Some(count) = count(text) {
        return Some(Entry::Count(count));
    }
    percentage(text).map(|_| Entry::Decimal)
}

/// A percentage with the decimals that are printed.
pub fn percentage(text: &str) -> Option<PrintedNumber> {
    let text = text.strip_suffix('%').unwrap_or(text).trim_end_matches(BLANKS);
    PrintedNumber::parse(&without_blanks(text)?).ok()
}

/// A whole number; thousands may be grouped by blanks, points or commas, and decimals may be there if they are zero.
fn count(text: &str) -> Option<i64> {
    let text = without_blanks(text)?;
    for mark in ['.', ','] {
        let groups: Vec<&str> = text.split(mark).collect();
        if groups.len() > 1 && are_thousands(&groups) {
            return groups.concat().parse().ok();
        }
    }
    let (front, decimals) = text.split_once(['.', ',']).unwrap_or((text.as_str(), ""));
    let is_whole = are_digits(front) && !front.is_empty() && decimals.bytes().all(|digit| digit == b'0');
    is_whole.then(|| front.parse().ok()).flatten()
}

/// Blanks are read away only where they group thousands: `1 234` is a number, `1 2` is two.
fn without_blanks(text: &str) -> Option<String> {
    let (front, decimals) = match text.find(['.', ',']) {
        Some(mark) => text.split_at(mark),
        None => (text, ""),
    };
    let groups: Vec<&str> = front.split(BLANKS).collect();
    let is_number = groups.len() == 1 || are_thousands(&groups);
    (is_number && !decimals.contains(BLANKS)).then(|| groups.concat() + decimals)
}

fn are_thousands(groups: &[&str]) -> bool {
    let Some((first, rest)) = groups.split_first() else { return false };
    (1..=3).contains(&first.len())
        && are_digits(first)
        && rest.iter().all(|group| group.len() == 3 && are_digits(group))
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(marks: &Marks, text: &str) -> Option<(i64, Option<i64>)> {
        match marks.entry(text)? {
            Entry::Count(count) => Some((count, Some(count))),
            Entry::Hole(known) => Some((known.least, known.most)),
            Entry::Decimal => None,
        }
    }

    #[test]
    fn numbers_and_marks_are_read_as_they_are_printed() {
        let marks = Marks::default();
        for (text, expected) in [
            ("12", (12, Some(12))),
            ("1 234", (1234, Some(1234))),
            ("1\u{202f}234\u{202f}567", (1_234_567, Some(1_234_567))),
            ("1.234", (1234, Some(1234))),
            ("12,0", (12, Some(12))),
            ("•", (0, None)),
            ("", (0, None)),
            ("–", (0, None)),
            ("<5", (1, Some(4))),
            ("< 10", (1, Some(9))),
            ("≤4", (1, Some(4))),
            ("1–4", (1, Some(4))),
        ] {
            assert_eq!(bounds(&marks, text), Some(expected), "{text}");
        }
        assert!(matches!(marks.entry("5,4 %"), Some(Entry::Decimal)));
        for text in ["1 2", "none", "4–1"] {
            assert!(marks.entry(text).is_none(), "{text}");
        }
    }

    #[test]
    fn rules_change_what_marks_say() {
        let stated = BTreeMap::from([("*".to_owned(), [1, 4])]);
        let marks = Marks { zeros_printed: true, less_than_includes_zero: true, dash_is_zero: true, stated };
        assert_eq!(bounds(&marks, "*"), Some((1, Some(4))));
        assert_eq!(bounds(&marks, ":"), Some((1, None)));
        assert_eq!(bounds(&marks, "<5"), Some((0, Some(4))));
        assert_eq!(bounds(&marks, "-"), Some((0, Some(0))));
    }
}
