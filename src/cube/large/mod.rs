//! Large cohorts: flat tables counted in one pass and bounded memory, in parts that merge, into the same cube as any other.
//!
//! The way through the folder: `shape` cuts every axis of a plan into `atoms` and lists the possible values (`support`) of every
//! measure; `reading` finds the columns (`rows`, `domain`) and sorts their fields (`column`, `classes`) into atoms and bins;
//! `counters` and `patients` count them on every core (`counting`) into a `PartialCube`, which is merged and saved. `rollup` finds
//! the cells that each crossing lies `inside`, counts `distinct` patients and adds up histograms (`fill`).

mod atoms;
mod cells;
mod classes;
mod column;
mod counters;
mod counting;
mod crossings;
#[cfg(test)]
mod databases;
mod distinct;
mod domain;
mod empty_fields;
mod fill;
mod flat_table;
mod identity;
mod inside;
mod large_cohort;
mod owned;
mod partial;
mod partial_file;
mod patients;
mod reading;
mod rollup;
mod rows;
mod shape;
mod sql;
mod support;
#[cfg(test)]
mod tests;

pub use counting::Counting;
pub use flat_table::FlatTable;
pub use large_cohort::LargeCohort;
pub use partial::PartialCube;
pub use sql::SqlDialect;
