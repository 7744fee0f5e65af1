//! Fisher's exact test of a table of two groups, with the conditional odds ratio.

mod margins;
mod sums;
mod test;

pub use test::FisherTest;
