//! Pure numerics: statistics of integer counts and exact sums, with their confidence intervals.
//!
//! Accumulators hold whole numbers only, so the order of adding and merging never changes a digit.
//! A statistic that is not defined, such as a mean of nothing, is `None`; errors are for invalid
//! arguments. `Debug` shows no content, because the content may be a count of patients.

mod histogram;
mod interval;
mod level;
mod moments;
mod paired;
mod proportion;
mod quantile;

pub use histogram::Histogram;
pub use interval::Interval;
pub use level::ConfidenceLevel;
pub use moments::Moments;
pub use paired::PairedChange;
pub use proportion::{clopper_pearson, wilson};
pub use quantile::QuantileType;
