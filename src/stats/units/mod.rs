//! Comparison of units: what of their difference is more than chance, and what is the mix of their patients.

mod case_mix;
mod direct_standardisation;
mod funnel;
mod indirect_standardisation;
mod logistic;
mod overdispersion;
mod shrinkage;

pub use case_mix::{CaseMix, ExpectedEvents};
pub use direct_standardisation::{DirectStandardisation, Stratum};
pub use funnel::{FunnelLimits, FunnelMethod, FunnelPosition};
pub use indirect_standardisation::StandardisedRatio;
pub use logistic::{Coefficient, FitProblem, LogisticFit};
pub use overdispersion::{Overdispersion, OverdispersionScale};
pub use shrinkage::shrink;
