//! Statistics that may leave the house.
//!
//! `registat` turns the patient-level forms of a health quality register into tables, charts and a whole annual report in
//! which no printed number, alone or together with everything printed before, lets anyone work out a small group.
//!
//! ```
//! use registat::{Language, Policy, Registry, Table, Time, Window, count, dim, mean};
//!
//! # fn main() -> Result<(), registat::Error> {
//! let registry = Registry::open("data-samples/nnrr")?;
//! let cohort = registry.cohort().visits(Window::VisitYear(2025)).build()?;
//!
//! let table = Table::new("odi_by_region")
//!     .rows(dim("region").total())
//!     .stat(count())
//!     .stat(mean("odi").at(Time::BASELINE).sd().ci());
//!
//! let release = cohort.aggregate(&table)?.protect(&Policy::norwegian_register())?;
//! println!("{}", release.table("odi_by_region")?.to_text(Language::Bokmal));
//! println!("{}", release.audit());
//! # Ok(())
//! # }
//! ```
//!
//! # The nouns, in the order of the data
//!
//! [`Registry`] (codebook and forms) -> [`Cohort`] (linked courses, a window, conditions) -> [`Table`], [`Chart`] or a whole
//! [`Plan`] -> [`Cube`] (counted cells) -> [`Release`] (protected by a [`Policy`], entered in a [`Ledger`], with an [`Audit`])
//! -> text, Markdown, HTML, CSV, SVG, PNG, or a [`Report`] and the answer to a [`Request`].
//!
//! What is too large for forms in memory is one flat table: [`LargeCohort`] -> [`Counting`] of a [`FlatTable`] -> [`PartialCube`]
//! (merged, saved, counted by a database) -> `Cube`.
//!
//! Everything up to `Cube` is *inside*: it holds raw numbers, and none of it can be displayed, serialised or debugged into
//! showing one. Everything from `Release` on is *outside*: a hidden number is absent, not masked.
//!
//! # What runs through all of it
//!
//! - There is one [`Error`]. It names file, line, column, variable and what to do, never a value or a count. A refusal to
//!   protect is an error with [`Error::is_refusal`].
//! - Nothing panics by contract and nothing is guessed: a variable, level or key that the codebook lacks is an error with
//!   the nearest known spelling.
//! - Levels and their order come from the codebook, not from the data; labels are data and are never expanded.
//! - A comparison that decides something is made in whole numbers. Statistics are computed once, from exact sums and
//!   histograms, and rounded once.
//! - Denominators belong to the statistic and are printed with it.
//!
//! # What it is not
//!
//! No noise and no synthetic output: numbers are printed as they are or not at all (rounded counts, the alternative, say
//! so). No defence against someone who
//! holds the forms. Not a database, not a scheduler, no network: the dependency tree has no HTTP or TLS crate,
//! unless the `lazy` feature is asked for, whose engine brings one along.
//!
//! A program that names a raw number where only a released one may stand does not compile:
//!
//! ```compile_fail,E0599
//! fn leak(cube: &registat::Cube) -> String {
//!     cube.to_json()
//! }
//! ```

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
mod whole_file;

pub use cohort::{
    Amount, Cohort, CohortBuilder, Condition, Dating, Denominators, Flow, Indicator, Indicators, Time,
    UnitOfAnalysis, Window,
};
pub use cube::{
    Block, Chart, Counting, Cube, Dim, FlatTable, LargeCohort, PartialCube, Plan, SeriesSpec, Simplification,
    SqlDialect, Statistic, Table, count, dim, effect_size, indicator, mean, mean_change, median, patients,
    share, share_of_column, share_of_row, standardised_response_mean,
};
pub use error::Error;
pub use load::{BadValues, CsvFormat, Encoding, Finding, FindingKind, Findings, Loader, Registry};
pub use observer::Observer;
pub use polars;
pub use protect::{
    AttributeDisclosure, Audit, AuditReport, AuditedCell, Axis, BandedCounts, Bounds, Cell, CellView,
    Certificate, Certified, ChartKind, Column, ContributorRule, Cost, Criterion, FeasibleCount,
    FeasibleInterval, Goal, Head, Heading, HoledTables, Ledger, LinkedCells, Mark, Method, Note, Pattern,
    Policy, Printed, PrintedNumber, Proposal, RecordSolutions, Release, ReleasedChart, ReleasedTable,
    RoundedCounts, RoundingAudit, RoundingMethod, RoundingQuality, RoundingScope, RoundingVerdict, Row,
    RowKind, SeparateRounding, Series, Slices, SmallCountRounding, Verified, Zeros, expand_weighted,
    feasible_counts, group_disclosure, record_solutions, round_to_base, round_to_midpoint, verify,
    within_group_disclosure,
};
pub use render::CsvDialect;
pub use report::{Report, Request, Section};
pub use schema::{
    Codebook, Coding, Date, Form, Instrument, Kind, Label, Language, Level, Node, Purpose, Register, Role,
    ScaleBreak, Scoring, UnitTree, Variable,
};
pub use score::{
    AgeBand, Dimension, Direction, EffectDefinition, EqVersion, FearAvoidance, FearAvoidanceBand,
    FearAvoidanceMissing, HealthChange, HealthProfiles, HealthState, Informativity, ItemScore, Measure,
    MissingItems, NamedRule, NeckBand, OswestryBand, Outcome, PainCoding, ParetianChange, Ratio,
    ResponderCounts, ResponderCriterion, ResponderRule, ReturnToWork, RuleMeaning, Sex, ValueSet, WorkStatus,
    ZeroBaseline, crosswalk_2012, daily_analgesics, dsu_mapping, eq_vas, expects_to_work, fear_avoidance_11,
    fear_avoidance_16, fear_avoidance_physical, fear_avoidance_work, hopkins_10, is_hopkins_case,
    neck_disability, neck_raw50, oswestry, pain_nrs, pain_region_count_agrees, pain_regions,
    perceived_effect, return_to_more_work, return_to_work, reverse_crosswalk_2021, satisfied_or_neutral,
    score_items,
};
pub use stats::{
    BinaryNonResponse, CaseMix, ChiSquareTest, Coefficient, Completeness, ConfidenceLevel,
    ContinuityCorrection, DifferenceMethod, DirectStandardisation, ExpectedEvents, FisherTest, FitProblem,
    FormStage, FunnelLimits, FunnelMethod, FunnelPosition, Histogram, Interval, ItemCompleteness,
    LogisticFit, MeanDifference, MeanNonResponse, MedianInterval, Moments, NonResponseSensitivity,
    Overdispersion, OverdispersionScale, PValueAdjustment, PairedChange, PairedEffect, PairedMoments,
    PoissonMethod, Proportion, ProportionDifference, ProportionMethod, QuantileType, RiskRatio,
    SampleSummary, StandardisedRatio, Stratum, WeightingClass, agresti_coull, clopper_pearson, cohen_d,
    hedges_correction, hedges_g, jeffreys, shrink, smd_binary, standardised_mean_difference, wald, wilson,
    wilson_continuity,
};

/// The README's program is compiled and run with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Pairs of programs, one token apart: one that must not compile, and its allowed twin.
#[cfg(doctest)]
mod compile_fail {
    #[doc = include_str!("../tests/compile_fail/cell.md")]
    struct Cell;
    #[doc = include_str!("../tests/compile_fail/deserialise.md")]
    struct Deserialise;
    #[doc = include_str!("../tests/compile_fail/modules.md")]
    struct Modules;
    #[doc = include_str!("../tests/compile_fail/release.md")]
    struct Release;
    #[doc = include_str!("../tests/compile_fail/render.md")]
    struct Render;
}
