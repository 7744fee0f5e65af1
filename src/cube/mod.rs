//! From specifications to counted cells: every table and chart of a report counted in one pass over the courses.

mod bins;
mod chart;
mod count;
mod describe;
mod grid;
mod large;
mod levels;
mod nested;
mod notes;
mod owners;
mod pass;
mod places;
mod plan_file;
mod refine;
mod resolve;
mod sheet;
mod simplify;
mod statistic;
mod subsets;
mod table;
mod walk;

pub use chart::{Chart, SeriesSpec};
pub use count::Cube;
pub(crate) use count::{CellCount, IdentityKey};
pub(crate) use grid::{CellId, Constraints};

pub use large::{Counting, FlatTable, LargeCohort, PartialCube, SqlDialect};
pub use sheet::Plan;
pub(crate) use sheet::{Place, Quantity, Sheet};
pub use simplify::Simplification;
pub use statistic::{
    Statistic, count, effect_size, indicator, mean, mean_change, median, patients, share, share_of_column,
    share_of_row, standardised_response_mean,
};
pub use table::{Block, Dim, Table, dim};
