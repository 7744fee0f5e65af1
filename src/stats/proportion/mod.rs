//! One proportion: a count out of a count, and its confidence intervals by six methods.
//!
//! The score intervals (Wilson) come closest to the stated level on average, the exact ones
//! (Clopper-Pearson) never fall below it. The normal ones (Wald, Agresti-Coull) are here to
//! reproduce published figures; they are not truncated and can leave the range from 0 to 1.

mod beta;
mod count;
mod method;
mod normal;
mod score;

pub use beta::{clopper_pearson, jeffreys};
pub use count::Proportion;
pub use method::ProportionMethod;
pub use normal::{agresti_coull, wald};
pub use score::{wilson, wilson_continuity};

/// Successes, failures and their total as floats; `None` if `n` is 0 or `successes` exceeds `n`.
fn split(successes: u64, n: u64) -> Option<(f64, f64, f64)> {
    let failures = n.checked_sub(successes).filter(|_| n > 0)?;
    Some((successes as f64, failures as f64, n as f64))
}
