//! Scores of the questionnaires: from answered items to exact numbers.
//!
//! Every score is a [`Ratio`], an exact fraction on its own grid, so that a threshold such as
//! "at least 10 points" is decided without rounding error. One file per instrument; each gives a
//! missing score as `None` and an answer outside the instrument as an error.

mod eq5d;
mod fear_avoidance;
mod hopkins;
mod items;
mod named_rules;
mod neck_disability;
mod oswestry;
mod pain;
mod ratio;
mod responder;
mod responder_counts;
mod single_questions;
mod work;

pub use eq5d::{
    AgeBand, Dimension, EqVersion, HealthChange, HealthProfiles, HealthState, Informativity, ParetianChange,
    Sex, ValueSet, crosswalk_2012, dsu_mapping, eq_vas, reverse_crosswalk_2021,
};
pub use fear_avoidance::{
    FearAvoidance, FearAvoidanceBand, FearAvoidanceMissing, fear_avoidance_11, fear_avoidance_16,
    fear_avoidance_physical, fear_avoidance_work,
};
pub use hopkins::{hopkins_10, is_hopkins_case};
pub use items::{ItemScore, MissingItems, score_items};
pub use named_rules::{Measure, NamedRule, RuleMeaning};
pub use neck_disability::{NeckBand, neck_disability, neck_raw50};
pub use oswestry::{OswestryBand, oswestry};
pub use pain::{PainCoding, pain_nrs};
pub use ratio::Ratio;
pub use responder::{Direction, Outcome, ResponderCriterion, ResponderRule, ZeroBaseline};
pub use responder_counts::ResponderCounts;
pub use single_questions::{
    EffectDefinition, daily_analgesics, expects_to_work, pain_region_count_agrees, pain_regions,
    perceived_effect, satisfied_or_neutral,
};
pub use work::{ReturnToWork, WorkStatus, return_to_more_work, return_to_work};
