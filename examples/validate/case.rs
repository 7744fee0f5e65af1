//! One row of a file: what was computed beside what is printed.

use std::collections::HashMap;
use std::path::Path;

pub type Row = HashMap<String, String>;
pub type Failure = Box<dyn std::error::Error>;
pub type Checked = Result<Vec<Comparison>, Failure>;

/// Half a unit of the tenth decimal, which most files print last.
pub const PRINTED: f64 = 5.1e-11;
/// Beside it, of the value: where two implementations agree.
pub const RELATIVE: f64 = 1e-9;

/// A value beside the printed one.
pub struct Comparison {
    what: String,
    deviation: f64,
    allowed: f64,
    /// As a share of the value, or of one where the value is smaller.
    size: f64,
}

pub struct Case {
    pub id: String,
    pub failures: Vec<String>,
    pub deviation: f64,
    pub tolerance: f64,
}

impl Case {
    pub fn read(file: &Path) -> Result<Vec<Row>, csv::Error> {
        csv::Reader::from_path(file)?.deserialize().collect()
    }

    pub fn failed(why: &str) -> Self {
        Self { id: "file".to_owned(), failures: vec![why.to_owned()], deviation: 0.0, tolerance: 0.0 }
    }

    pub fn run(row: &Row, folder: &Path, test: fn(&Row, &Path) -> Checked) -> Self {
        let id = row.get("id").cloned().unwrap_or_else(|| "row without id".to_owned());
        let (mut failures, mut deviation, mut tolerance) = (Vec::new(), 0.0_f64, 0.0_f64);
        match test(row, folder) {
            Ok(comparisons) => {
                for found in comparisons {
                    deviation = deviation.max(found.deviation / found.size);
                    tolerance = tolerance.max(found.allowed / found.size);
                    // Not a number is no agreement.
                    if found.deviation.is_nan() || found.deviation > found.allowed {
                        failures.push(format!("{} differs by {:.1e}", found.what, found.deviation));
                    }
                }
            }
            Err(error) => failures.push(error.to_string()),
        }
        Self { id, failures, deviation, tolerance }
    }
}

pub fn text<'r>(row: &'r Row, column: &str) -> Result<&'r str, Failure> {
    row.get(column).map(String::as_str).ok_or_else(|| format!("there is no column `{column}`").into())
}

pub fn number<T: std::str::FromStr>(row: &Row, column: &str) -> Result<T, Failure> {
    text(row, column)?.parse().map_err(|_| format!("column `{column}` is not a number").into())
}

pub fn numbers<T: std::str::FromStr>(row: &Row, column: &str) -> Result<Vec<T>, Failure> {
    let parts = text(row, column)?.split(' ').map(|part| part.parse());
    parts.collect::<Result<_, _>>().map_err(|_| format!("column `{column}` is no list of numbers").into())
}

/// Answers of a form, `NA` for none.
pub fn answers<const N: usize>(row: &Row) -> Result<[Option<u8>; N], Failure> {
    let items: Vec<Option<u8>> = text(row, "items")?.split(' ').map(|item| item.parse().ok()).collect();
    items.try_into().map_err(|_| "column `items` has another number of items".into())
}

/// The computed value beside the printed one, `NA` or `Inf` where there is none.
pub fn beside(row: &Row, column: &str, value: Option<f64>) -> Result<Comparison, Failure> {
    within(row, column, value, PRINTED, RELATIVE)
}

/// The same to a tolerance of so much, or so much of the value if that is more.
pub fn within(
    row: &Row,
    column: &str,
    value: Option<f64>,
    absolute: f64,
    relative: f64,
) -> Result<Comparison, Failure> {
    let printed = text(row, column)?;
    let Some(value) = value else { return same(row, column, if printed == "Inf" { "Inf" } else { "NA" }) };
    let expected: f64 = number(row, column)?;
    let size = expected.abs().max(1.0);
    let allowed = absolute + relative * expected.abs();
    Ok(Comparison { what: column.to_owned(), deviation: (value - expected).abs(), allowed, size })
}

/// A word beside the printed one.
pub fn same(row: &Row, column: &str, value: &str) -> Result<Comparison, Failure> {
    let deviation = if text(row, column)? == value { 0.0 } else { 1.0 };
    Ok(Comparison { what: column.to_owned(), deviation, allowed: 0.0, size: 1.0 })
}

/// A value that the interface does not give for these inputs.
pub fn undefined() -> Failure {
    "no value is defined for these inputs".into()
}
