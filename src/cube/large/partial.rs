//! A partial cube: what was counted of some rows of a plan, ready to be merged with what was counted elsewhere.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::counters::Runs;
use super::identity::Identity;
use super::patients::Pairs;
use super::shape::Shape;
use crate::error::Error;

/// Raw counts of a plan by the crossing of everything that its tables are by. It is **inside**: it holds the number of records
/// of single groups, keyed hashes of patients where these are told apart, and cannot be printed, rendered or debugged into
/// showing one. [`into_cube`](Self::into_cube) rolls it up, and protection decides what of it is printed.
///
/// Counts add up exactly: any order of merging gives the same cube, to the last bit.
///
/// ```
/// use registat::polars::prelude::df;
/// use registat::{Codebook, FlatTable, Language, LargeCohort, Policy, Table, Time, count, dim, mean};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let codebook = Codebook::open("data-samples/nnrr/codebook.toml")?;
/// let table = Table::new("by_sex").rows(dim("sex").total()).stat(count()).stat(mean("odi").at(Time::BASELINE));
/// let counting = LargeCohort::new(codebook).one_course_per_patient().without_units().count(&table)?;
///
/// // Two hospitals count their own courses.
/// let here = counting.run(FlatTable::frame(df!("sex" => [1, 2, 2], "odi" => [40, 22, 36])?)?)?;
/// let there = counting.run(FlatTable::frame(df!("sex" => [2, 1, 1], "odi" => [10, 58, 30])?)?)?;
/// let cube = here.merge(there)?.into_cube()?;
/// let release = cube.protect(&Policy::norwegian_register())?;
/// let printed = release.table("by_sex")?.to_text(Language::English);
/// assert!(printed.contains('•'), "three men and three women are too few to be printed");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct PartialCube {
    pub(super) shape: Arc<Shape>,
    pub(super) rows: u64,
    /// How many records each crossing has.
    pub(super) records: Runs,
    /// By measure: how often each bin occurs in each crossing.
    pub(super) measures: Vec<Runs>,
    pub(super) patients: Patients,
    pub(super) taken_as_missing: BTreeMap<String, u64>,
}

/// What is known of the patients of the records.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Patients {
    /// Each record is of another patient.
    EachRecord,
    /// Every pair of a patient and a crossing.
    Met(Pairs),
    /// Of each occupied crossing at least so many, of whom nobody knows in which other crossings they are as well.
    AtLeast(Vec<u64>),
}

impl PartialCube {
    /// Adds what was counted elsewhere by the same plan, codebook and key of patients.
    ///
    /// # Errors
    /// When the two were not counted by the same plan and codebook; the error says what differs.
    pub fn merge(self, other: Self) -> Result<Self, Error> {
        Identity::of(&self.shape).check(&Identity::of(&other.shape))?;
        let patients = match (self.patients, other.patients) {
            (Patients::EachRecord, Patients::EachRecord) => Patients::EachRecord,
            (Patients::Met(one), Patients::Met(other)) => Patients::Met(one.merge(other)),
            _ => {
                return Err(Error::cube(
                    "patients were told apart in different ways; count both parts with the same settings",
                ));
            }
        };
        let measures = self.measures.iter().zip(&other.measures);
        let mut taken_as_missing = self.taken_as_missing;
        for (column, fields) in other.taken_as_missing {
            *taken_as_missing.entry(column).or_default() += fields;
        }
        Ok(Self {
            shape: self.shape,
            rows: self.rows + other.rows,
            records: Runs::merged(&self.records, &other.records),
            measures: measures.map(|(one, other)| Runs::merged(one, other)).collect(),
            patients,
            taken_as_missing,
        })
    }

    /// How many rows were counted. Inside: not for print.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many groups of the finest crossing have anyone in them. Inside: not for print.
    pub fn occupied(&self) -> usize {
        self.records.keys.len()
    }

    /// By column: how many fields were taken as missing because the codebook does not allow what they held. Inside: not for
    /// print.
    pub fn taken_as_missing(&self) -> &BTreeMap<String, u64> {
        &self.taken_as_missing
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for PartialCube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartialCube(..)")
    }
}
