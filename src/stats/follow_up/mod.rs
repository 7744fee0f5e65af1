//! What is missing: who was asked and answered, whether those who did not differ, and what it could do to an indicator.

mod completeness;
mod non_response;
mod sensitivity;

pub use completeness::{Completeness, FormStage, ItemCompleteness};
pub use non_response::{BinaryNonResponse, MeanNonResponse};
pub use sensitivity::{NonResponseSensitivity, WeightingClass};
