//! registat
#![deny(missing_docs)]

mod cohort;
mod cube;
mod error;
mod load;
mod observer;
mod protect;
mod render;
mod report;
mod schema;
mod score;
mod stats;

pub use cohort::{Amount, Cohort, CohortBuilder, Condition, Denominators, Flow, Time, UnitOfAnalysis, Window};
pub use cube::{
    Block, Chart, Cube, Dim, Plan, SeriesSpec, Statistic, Table, count, dim, mean, mean_change, median,
    share, share_of_column, share_of_row,
};
pub use error::Error;
pub use load::{BadValues, CsvFormat, Encoding, Finding, FindingKind, Findings, Loader, Registry};
pub use observer::Observer;
pub use polars;
pub use protect::{
    Audit, Axis, Cell, CellView, ChartKind, Column, Goal, Head, Heading, Ledger, Mark, Note, Policy, Printed, Release,
    ReleasedChart, ReleasedTable, Row, RowKind, Series, Zeros,
};
pub use render::CsvDialect;
pub use report::{Report, Request, Section};
pub use schema::{
    Codebook, Coding, Date, Form, Instrument, Kind, Label, Language, Level, Node, Purpose, Register, Role, ScaleBreak,
    Scoring, UnitTree, Variable,
};
pub use score::{
    Direction, EqVersion, HealthState, ItemScore, MissingItems, NeckBand, OswestryBand, Outcome, PainCoding, Ratio,
    ResponderCriterion, ResponderRule, ValueSet, ZeroBaseline, crosswalk_2012, eq_vas, neck_disability, neck_raw50,
    oswestry, pain_nrs, score_items,
};
pub use stats::{
    ConfidenceLevel, Histogram, Interval, Moments, PairedChange, QuantileType, clopper_pearson, wilson,
};
