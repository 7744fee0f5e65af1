//! One binary; its modules mirror `src`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod load;
mod report;
mod score;
mod stats;
mod synthetic;
