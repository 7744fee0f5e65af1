//! Cells that another engine counted, by the query of `to_sql`.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{DataFrame, DataType};

use super::counters::Runs;
use super::counting::Counting;
use super::partial::{PartialCube, Patients};
use super::shape::{Measure, Shape};
use super::sql::{CHANGE_FACTOR, CHANGE_OFFSET};
use super::support::Support;
use crate::cohort::Derived;
use crate::error::Error;

impl Counting {
    /// Reads cells that a database or another engine counted: the answer to [`to_sql`](Self::to_sql). The columns are `key_0`,
    /// `key_1` and so on, the number of the group on every axis; `measure`, empty for rows that count records; `value`, empty where
    /// it is missing; `n`; and `patients`, the distinct patients of rows that count records.
    ///
    /// Distinct patients do not add up: of a group that is made of several, the largest part is what is known for certain, and
    /// protection counts no more than that. Where each row is another patient nothing is lost.
    ///
    /// # Errors
    /// When a column is missing or of another type, a key, measure or value is none of the plan's, or the values of a measure are
    /// not as many as the records.
    pub fn from_cells(&self, cells: &DataFrame) -> Result<PartialCube, Error> {
        let shape = &self.shape;
        let keys: Vec<Vec<Option<i64>>> = (0..shape.axes.len())
            .map(|number| whole(cells, &format!("key_{number}")))
            .collect::<Result<_, _>>()?;
        let (values, counts) = (whole(cells, "value")?, whole(cells, "n")?);
        let patients = if shape.patients.is_some() { Some(whole(cells, "patients")?) } else { None };
        let names = texts(cells, "measure")?;
        let readers: Vec<Reader<'_>> =
            shape.measures.iter().map(|measure| Reader::of(measure, shape)).collect::<Result<_, _>>()?;
        let mut records: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        let mut measures: Vec<BTreeMap<u64, u64>> = vec![BTreeMap::new(); shape.measures.len()];
        for row in 0..cells.height() {
            let wrong =
                |message: &str, column: &str| Error::load(message).at_line(row as u64 + 1).at_column(column);
            let at = |column: &[Option<i64>]| column.get(row).copied().flatten();
            let mut crossing = 0;
            for (number, (axis, keys)) in shape.axes.iter().zip(&keys).enumerate() {
                let known = at(keys).and_then(|key| u64::try_from(key).ok());
                let known = known.filter(|key| *key < axis.atoms.len() as u64).ok_or_else(|| {
                    let message =
                        "no group of this axis; was a value counted that the codebook does not allow?";
                    wrong(message, &format!("key_{number}"))
                })?;
                crossing += known * axis.stride;
            }
            let count = at(&counts).and_then(|count| u64::try_from(count).ok());
            let count = count.ok_or_else(|| wrong("a count is a whole number from 0", "n"))?;
            let name = names.get(row).map(String::as_str).unwrap_or_default();
            if name.is_empty() {
                let met = patients.as_ref().map_or(Some(count), |patients| u64::try_from(at(patients)?).ok());
                let met = met.filter(|met| *met <= count && (*met > 0 || count == 0));
                let met =
                    met.ok_or_else(|| wrong("at least one patient, and no more than records", "patients"))?;
                if count > 0 && records.insert(crossing, (count, met)).is_some() {
                    return Err(wrong("the records of a group are there twice", "measure"));
                }
                continue;
            }
            let number = shape.measures.iter().position(|measure| measure.name() == name);
            let number = number.ok_or_else(|| wrong("no measure of the plan", "measure"))?;
            let (Some(reader), Some(bins)) = (readers.get(number), measures.get_mut(number)) else {
                continue;
            };
            let bin = match at(&values) {
                None => Some(reader.measure.missing()),
                Some(value) => reader.bin(value),
            };
            let bin = bin.ok_or_else(|| wrong("no value that the codebook makes possible", "value"))?;
            let answered = reader.measure.answered.and_then(|axis| shape.axes.get(axis));
            if answered.is_some_and(|axis| !axis.agrees(crossing, bin != reader.measure.missing())) {
                return Err(wrong(
                    "a value where the keys say that there is none, or none where there is",
                    "value",
                ));
            }
            let group = crossing % shape.groups;
            *bins.entry(group * reader.measure.bins() as u64 + u64::from(bin)).or_default() += count;
        }
        let measures: Vec<Runs> = measures.into_iter().map(runs).collect();
        let mut of_groups: BTreeMap<u64, u64> = BTreeMap::new();
        for (crossing, (records, _)) in &records {
            *of_groups.entry(crossing % shape.groups).or_default() += records;
        }
        for (measure, runs) in shape.measures.iter().zip(&measures) {
            let mut sums: BTreeMap<u64, u64> = BTreeMap::new();
            for (key, count) in runs.iter() {
                *sums.entry(key / measure.bins() as u64).or_default() += count;
            }
            if sums != of_groups {
                let message = "its values are not as many as the records of each group; are all cells there?";
                return Err(Error::load(message).of_variable(measure.name()));
            }
        }
        Ok(PartialCube {
            shape: Arc::clone(shape),
            rows: records.values().map(|(records, _)| records).sum(),
            patients: match patients {
                Some(_) => Patients::AtLeast(records.values().map(|(_, patients)| *patients).collect()),
                None => Patients::EachRecord,
            },
            records: runs(records.into_iter().map(|(key, (records, _))| (key, records)).collect()),
            measures,
            taken_as_missing: BTreeMap::new(),
        })
    }
}

/// Makes bins of the numbers that a query gives for a measure.
struct Reader<'s> {
    measure: &'s Measure,
    /// The scores of which a change is made.
    scores: Option<Support>,
}

impl<'s> Reader<'s> {
    fn of(measure: &'s Measure, shape: &Shape) -> Result<Self, Error> {
        let scores = match &measure.derived {
            Derived::Change { instrument, .. } => {
                let known = shape.codebook().instrument(instrument);
                known.map(Support::of_instrument).transpose()?
            }
            _ => None,
        };
        Ok(Self { measure, scores })
    }

    fn bin(&self, value: i64) -> Option<u16> {
        let support = &self.measure.support;
        let steps = match &self.scores {
            Some(scores) => {
                let score = |key: i64| scores.nearest(key.checked_sub(CHANGE_OFFSET)?);
                score(value.rem_euclid(CHANGE_FACTOR))? - score(value.div_euclid(CHANGE_FACTOR))?
            }
            None => support.nearest(value)?,
        };
        support.bin(steps)
    }
}

fn runs(counts: BTreeMap<u64, u64>) -> Runs {
    let mut runs = Runs::default();
    counts.into_iter().filter(|(_, count)| *count > 0).for_each(|(key, count)| runs.push(key, count));
    runs
}

fn whole(cells: &DataFrame, name: &str) -> Result<Vec<Option<i64>>, Error> {
    let wrong = |_| Error::load("the cells lack this column of whole numbers").at_column(name);
    let column = cells.column(name).map_err(wrong)?;
    let numbers = column.strict_cast(&DataType::Int64).map_err(wrong)?;
    Ok(numbers.i64().map_err(wrong)?.iter().collect())
}

fn texts(cells: &DataFrame, name: &str) -> Result<Vec<String>, Error> {
    let wrong = |_| Error::load("the cells lack this column of text").at_column(name);
    let column = cells.column(name).map_err(wrong)?.cast(&DataType::String).map_err(wrong)?;
    Ok(column.str().map_err(wrong)?.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
}
