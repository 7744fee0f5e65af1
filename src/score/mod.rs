//! Scores of the questionnaires: from answered items to exact numbers.
//!
//! Every score is a [`Ratio`], an exact fraction on its own grid, so that a threshold such as
//! "at least 10 points" is decided without rounding error. One file per instrument; each gives a
//! missing score as `None` and an answer outside the instrument as an error.

mod eq5d;
mod items;
mod neck_disability;
mod oswestry;
mod pain;
mod ratio;
mod responder;

pub use eq5d::{
    AgeBand, Dimension, EqVersion, HealthChange, HealthProfiles, HealthState, Informativity, ParetianChange,
    Sex, ValueSet, crosswalk_2012, dsu_mapping, eq_vas, reverse_crosswalk_2021,
};
pub use items::{ItemScore, MissingItems, score_items};
pub use neck_disability::{NeckBand, neck_disability, neck_raw50};
pub use oswestry::{OswestryBand, oswestry};
pub use pain::{PainCoding, pain_nrs};
pub use ratio::Ratio;
pub use responder::{Direction, Outcome, ResponderCriterion, ResponderRule, ZeroBaseline};
