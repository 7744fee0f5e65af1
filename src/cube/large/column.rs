//! One column of a frame, field by field, whatever its type. Categories are looked up by their strings in every piece of a
//! column: their physical codes are shared between columns, and given out anew when no frame holds them any more.

use std::collections::HashMap;

use polars::prelude::{DataType, Series, TimeUnit};

use super::classes::{BAD, Classes};
use super::domain::{Domain, Key};
use super::empty_fields;
use crate::error::Error;

/// What one field of a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Empty,
    Number(Key),
    /// Something that the column cannot hold.
    Bad,
}

const UNSUITABLE: &str = "the column's type fits no variable; convert it to text, number or date";

/// Sorts every field of a column into its class, in order. Numbers go straight through the table of classes; empty fields are
/// put right afterwards, many at a time.
pub(super) fn classify(
    series: &Series,
    domain: &Domain,
    mark: Option<u8>,
    classes: &Classes,
    found: &mut Vec<u16>,
) -> Result<(), Error> {
    let unsuitable = |_| Error::load(UNSUITABLE);
    check_kind(series.dtype(), domain)?;
    found.clear();
    let mut any_kind = || read(series, domain, mark, |field| found.push(classes.of_field(field)));
    if !classes.has_table() {
        return any_kind();
    }
    macro_rules! numbers {
        ($numbers:expr, $class:expr) => {
            for chunk in $numbers.map_err(unsuitable)?.downcast_iter() {
                let start = found.len();
                found.extend(chunk.values().iter().map($class));
                if let (Some(valid), Some(found)) = (chunk.validity(), found.get_mut(start..)) {
                    let words = valid.fast_iter_u64();
                    empty_fields::put(found, words, |place| valid.get_bit(place), classes.of_empty());
                }
            }
        };
    }
    macro_rules! shorts {
        ($numbers:expr) => {{
            let shorts = classes.of_shorts();
            numbers!($numbers, |number| {
                // There is a class for every number of sixteen bits.
                shorts.get(usize::from(i16::from(*number) as u16)).copied().unwrap_or(BAD)
            })
        }};
    }
    match series.dtype() {
        DataType::Int8 => shorts!(series.i8()),
        DataType::UInt8 => shorts!(series.u8()),
        DataType::Int16 => shorts!(series.i16()),
        DataType::Int32 => numbers!(series.i32(), |number| classes.of_integer(*number)),
        DataType::Date => {
            numbers!(series.to_physical_repr().i32(), |number| classes.of_key(Key::from(*number)))
        }
        DataType::Float64 => {
            let of_real = classes.of_reals();
            numbers!(series.f64(), |number| of_real(*number));
        }
        _ => any_kind()?,
    }
    Ok(())
}

fn of_real(number: f64, domain: &Domain) -> Field {
    match domain.key_of_real(number) {
        _ if number.is_nan() => Field::Empty,
        Some(key) => Field::Number(key),
        None => Field::Bad,
    }
}

/// Reads every field of a column as keys of its domain, in order. The texts of errors are fixed: polars' own would quote values.
pub(super) fn read(
    series: &Series,
    domain: &Domain,
    mark: Option<u8>,
    mut field: impl FnMut(Field),
) -> Result<(), Error> {
    let unsuitable = |_| Error::load(UNSUITABLE);
    check_kind(series.dtype(), domain)?;
    let multiple = domain.keys_per_unit();
    macro_rules! integers {
        ($numbers:expr) => {{
            let whole = |number| Key::from(number).checked_mul(multiple).map_or(Field::Bad, Field::Number);
            for chunk in $numbers.map_err(unsuitable)?.downcast_iter() {
                match chunk.validity() {
                    None => chunk.values_iter().for_each(|number| field(whole(*number))),
                    Some(valid) => {
                        for (number, is_valid) in chunk.values_iter().zip(valid.iter()) {
                            field(if is_valid { whole(*number) } else { Field::Empty });
                        }
                    }
                }
            }
        }};
    }
    let real = |number: f64| of_real(number, domain);
    match series.dtype() {
        DataType::Null => (0..series.len()).for_each(|_| field(Field::Empty)),
        DataType::Int8 => integers!(series.i8()),
        DataType::Int16 => integers!(series.i16()),
        DataType::Int32 => integers!(series.i32()),
        DataType::Int64 => integers!(series.i64()),
        DataType::UInt8 => integers!(series.u8()),
        DataType::UInt32 => integers!(series.u32()),
        DataType::Date => integers!(series.to_physical_repr().i32()),
        DataType::Float64 => {
            let numbers = series.f64().map_err(unsuitable)?;
            numbers.iter().for_each(|number| field(number.map_or(Field::Empty, real)));
        }
        DataType::Boolean => {
            let boxes = series.bool().map_err(unsuitable)?.iter();
            boxes
                .for_each(|ticked| field(ticked.map_or(Field::Empty, |ticked| Field::Number(ticked.into()))));
        }
        DataType::String => {
            let mut known = HashMap::new();
            for text in series.str().map_err(unsuitable)?.iter() {
                let text = text.map(str::trim).unwrap_or_default();
                field(*known.entry(text).or_insert_with(|| of_text(text, domain, mark)));
            }
        }
        DataType::Datetime(unit, None) => {
            let per_day = match unit {
                TimeUnit::Nanoseconds => 86_400_000_000_000,
                TimeUnit::Microseconds => 86_400_000_000,
                TimeUnit::Milliseconds => 86_400_000,
            };
            let instants = series.to_physical_repr().cast(&DataType::Int64).map_err(unsuitable)?;
            let days = instants.i64().map_err(unsuitable)?.iter();
            days.for_each(|at| field(at.map_or(Field::Empty, |at| Field::Number(at.div_euclid(per_day)))));
        }
        DataType::Datetime(_, Some(_)) => {
            return Err(Error::load("the column has a time zone; convert it to local dates"));
        }
        DataType::Categorical(_, mapping) | DataType::Enum(_, mapping) => {
            let mut known = HashMap::new();
            let codes = series.to_physical_repr().cast(&DataType::UInt32).map_err(unsuitable)?;
            for code in codes.u32().map_err(unsuitable)?.iter() {
                let Some(code) = code else {
                    field(Field::Empty);
                    continue;
                };
                let of_code =
                    || mapping.cat_to_str(code).map_or(Field::Bad, |text| of_text(text, domain, mark));
                field(*known.entry(code).or_insert_with(of_code));
            }
        }
        kind if kind.is_integer() => {
            let numbers = series.strict_cast(&DataType::Int64);
            let numbers =
                numbers.map_err(|_| Error::load("the column holds integers too large to be codes"))?;
            return read(&numbers, domain, mark, field);
        }
        kind if kind.is_float() => {
            return read(&series.cast(&DataType::Float64).map_err(unsuitable)?, domain, mark, field);
        }
        _ => return Err(Error::load(UNSUITABLE)),
    }
    Ok(())
}

/// Days come as dates or text, and dates stand for nothing else.
fn check_kind(kind: &DataType, domain: &Domain) -> Result<(), Error> {
    let is_date = matches!(kind, DataType::Date | DataType::Datetime(..));
    let is_either =
        matches!(kind, DataType::String | DataType::Null) || kind.is_categorical() || kind.is_enum();
    match (is_date, domain.is_day()) {
        (true, false) => Err(Error::load("the column holds dates, which its variable is not")),
        (false, true) if !is_either => Err(Error::load("the column must hold dates")),
        _ => Ok(()),
    }
}

fn of_text(text: &str, domain: &Domain, mark: Option<u8>) -> Field {
    if text.is_empty() {
        return Field::Empty;
    }
    domain.key_of_text(text, mark).map_or(Field::Bad, Field::Number)
}
