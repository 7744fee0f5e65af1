//! EQ-5D: five dimensions of health, the value of the state they describe, and the EQ VAS.
//!
//! Coefficients are facts of the cited papers. The questionnaire itself belongs to the EuroQol
//! Research Foundation; none of its wording is here.

mod change;
mod crosswalk;
mod dimension;
mod dsu;
mod informativity;
mod profile;
mod reverse_crosswalk;
mod state;
mod tariff;
mod tariff_3l;
mod tariff_5l;
mod value_sets;

pub use change::{HealthChange, ParetianChange};
pub use crosswalk::crosswalk_2012;
pub use dimension::Dimension;
pub use dsu::{AgeBand, Sex, dsu_mapping};
pub use informativity::Informativity;
pub use profile::HealthProfiles;
pub use reverse_crosswalk::reverse_crosswalk_2021;
pub use state::{EqVersion, HealthState, eq_vas};
pub use value_sets::ValueSet;
