//! Pure numerics: statistics of integer counts and exact sums, with their confidence intervals.
//!
//! Accumulators hold whole numbers only, so the order of adding and merging never changes a digit.
//! A statistic that is not defined, such as a mean of nothing, is `None`; errors are for invalid
//! arguments. `Debug` shows no content, because the content may be a count of patients.

mod hedges;
mod histogram;
mod interval;
mod level;
mod mean_difference;
mod median_interval;
mod moments;
mod paired;
mod paired_effect;
mod paired_moments;
mod proportion;
mod quantile;
mod sample_summary;
mod standardised_difference;
mod student;

pub use hedges::hedges_correction;
pub use histogram::Histogram;
pub use interval::Interval;
pub use level::ConfidenceLevel;
pub use mean_difference::MeanDifference;
pub use median_interval::MedianInterval;
pub use moments::Moments;
pub use paired::PairedChange;
pub use paired_effect::PairedEffect;
pub use paired_moments::PairedMoments;
pub use proportion::{clopper_pearson, wilson};
pub use quantile::QuantileType;
pub use sample_summary::SampleSummary;
pub use standardised_difference::{cohen_d, hedges_g, standardised_mean_difference};
