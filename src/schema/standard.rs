//! The few row and column names that a table contributes itself; every other name comes from the codebook or the
//! specification.

use super::label::Label;

/// The total of a table.
pub(crate) fn everyone() -> Label {
    Label::new("Alle", "All")
}

/// `40–59`, and `60+` for the open last band.
pub(crate) fn band(first: i64, last: Option<i64>) -> Label {
    match last {
        Some(last) if last == first => Label::same(first.to_string()),
        Some(last) => Label::same(format!("{first}\u{2013}{last}")),
        None => Label::same(format!("{first}+")),
    }
}

/// The head of the column of row names where rows are periods.
pub(crate) fn period() -> Label {
    Label::new("Periode", "Period")
}

/// Ticked and not ticked.
pub(crate) fn yes_no(yes: bool) -> Label {
    if yes { Label::new("Ja", "Yes") } else { Label::new("Nei", "No") }
}

/// The value axis of a chart of shares.
pub(crate) fn percent() -> Label {
    Label::new("Andel (%)", "Share (%)")
}

/// The title of the data-quality table.
pub(crate) fn findings() -> Label {
    Label::new("Funn ved innlesing", "Findings at loading")
}

/// The head of its column of row names.
pub(crate) fn findings_stub() -> Label {
    Label::new("Skjema: variabel \u{2013} funn", "Form: variable \u{2013} finding")
}

/// One kind of finding, by its name in files.
pub(crate) fn finding(id: &str) -> Label {
    let (nb, en) = match id {
        "unknown-column" => ("ukjent kolonne", "unknown column"),
        "unknown-code" => ("ukjent kode", "unknown code"),
        "out-of-range" => ("utenfor gyldig område", "out of range"),
        "bad-date" => ("ugyldig dato", "invalid date"),
        "bad-number" => ("ugyldig tall", "invalid number"),
        "duplicate-key" => ("samme skjemanøkkel to ganger", "same form key twice"),
        "duplicate-form" => ("flere skjema for samme forløp", "several forms for one course"),
        "form-without-course" => ("skjema uten forløp", "form without its course"),
        "course-without-baseline" => ("forløp uten pasientskjema", "course without baseline form"),
        "not-final" => ("ikke ferdigstilt", "not final"),
        "encoding-recognised" => ("tegnsett gjenkjent", "encoding recognised"),
        "unit-outside-period" => ("enheten var ikke med i registeret", "unit not taking part"),
        other => (other, other),
    };
    Label::new(nb, en)
}
