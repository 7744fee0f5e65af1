//! Who counts, when, and what is known of them: courses linked to their forms, periods, conditions, derived values.

mod condition;
mod courses;
mod denominators;
mod derived;
mod indicator;
mod records;
mod region;
mod scorer;
mod selection;
mod time;
mod window;

pub use condition::{Amount, Condition};
pub(crate) use courses::Courses;
pub use courses::Flow;
pub use denominators::Denominators;
pub(crate) use derived::{Column, Derived, Deriver};
pub use indicator::{Dating, Indicator, Indicators};
pub(crate) use records::{Records, per_unit, score_items};
pub(crate) use region::Region;
pub(crate) use scorer::Scorer;
pub use selection::{Cohort, CohortBuilder};
pub use time::Time;
pub use window::{UnitOfAnalysis, Window};
