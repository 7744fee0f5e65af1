//! Pure numerics: statistics of integer counts and exact sums, with their confidence intervals.
//!
//! Accumulators hold whole numbers only, so the order of adding and merging never changes a digit.
//! A statistic that is not defined, such as a mean of nothing, is `None`; errors are for invalid
//! arguments. `Debug` shows no content, because the content may be a count of patients.

mod fisher;
mod follow_up;
mod hedges;
mod histogram;
mod interval;
mod level;
mod mean_difference;
mod median_interval;
mod moments;
mod multiple_testing;
mod named;
mod paired;
mod paired_effect;
mod paired_moments;
mod poisson;
mod proportion;
mod proportion_difference;
mod proportion_test;
mod quantile;
mod risk_ratio;
mod sample_summary;
mod smd_binary;
mod special;
mod standardised_difference;
mod student;
mod units;

pub use fisher::FisherTest;
pub use follow_up::{
    BinaryNonResponse, Completeness, FormStage, ItemCompleteness, MeanNonResponse, NonResponseSensitivity,
    WeightingClass,
};
pub use hedges::hedges_correction;
pub use histogram::Histogram;
pub use interval::Interval;
pub use level::ConfidenceLevel;
pub use mean_difference::MeanDifference;
pub use median_interval::MedianInterval;
pub use moments::Moments;
pub use multiple_testing::PValueAdjustment;
pub use paired::PairedChange;
pub use paired_effect::PairedEffect;
pub use paired_moments::PairedMoments;
pub use poisson::PoissonMethod;
pub use proportion::{
    Proportion, ProportionMethod, agresti_coull, clopper_pearson, jeffreys, wald, wilson, wilson_continuity,
};
pub use proportion_difference::{DifferenceMethod, ProportionDifference};
pub use proportion_test::{ChiSquareTest, ContinuityCorrection};
pub use quantile::QuantileType;
pub use risk_ratio::RiskRatio;
pub use sample_summary::SampleSummary;
pub use smd_binary::smd_binary;
pub use standardised_difference::{cohen_d, hedges_g, standardised_mean_difference};
pub use units::{
    CaseMix, Coefficient, DirectStandardisation, ExpectedEvents, FitProblem, FunnelLimits, FunnelMethod,
    FunnelPosition, LogisticFit, Overdispersion, OverdispersionScale, StandardisedRatio, Stratum, shrink,
};
