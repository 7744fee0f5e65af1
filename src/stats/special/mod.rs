//! Special functions behind the exact intervals and tests, accurate for counts of any size.
//!
//! Textbook code takes differences of log-gamma values. Each of these grows with the count, so their
//! difference loses digits: from 1e9 patients on, nothing is left. Here every probability is written
//! with Stirling errors and deviances (Loader 2000), which stay small.

mod beta;
mod bisection;
mod cornish_fisher;
mod gamma;
mod stirling;

pub(super) use beta::{incomplete_beta, lower_beta_limit, upper_beta_limit};
pub(super) use bisection::bisect;
pub(super) use gamma::{gamma_upper, lower_gamma_limit, upper_gamma_limit};
pub(super) use stirling::log_excess;

/// From this shape parameter on, limits come from the Cornish-Fisher series, below from halving.
/// Where both are possible they agree to 1e-11.
const SERIES_FROM: f64 = 1e6;

/// Steps after which a series or fraction has converged for every shape in use: about 20 times the
/// root of the shape are needed.
const STEPS: u32 = 1_000_000;

/// Halvings that exhaust any pair of 64-bit floats between 0 and 1.
const HALVINGS: u32 = 1200;

/// A sum has converged when the next term is less than this share of it.
const SUM_CONVERGED: f64 = 1e-17;

/// A continued fraction has converged when the next step changes it by no more than this share.
const FRACTION_CONVERGED: f64 = 1e-15;

/// Stands in for zero in a denominator of a continued fraction (Lentz's method).
const TINY: f64 = 1e-300;

/// The value, or [`TINY`] in place of zero.
fn not_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}
