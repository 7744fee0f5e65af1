//! One binary; its modules mirror `src`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod architecture;
mod attacks;
mod brute_force;
mod certified;
mod cohort;
mod cube;
mod defects;
mod foreign;
mod instances;
mod ledger;
mod linked;
mod load;
mod protect;
mod report;
mod rounding;
mod rules;
mod score;
mod snapshots;
mod stats;
mod support;
mod synthetic;
