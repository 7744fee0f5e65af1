//! Counting: the annual report's plan over the sample register.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use registat::{Cohort, Error, Plan, Registry};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr");

fn load() -> Result<(Cohort, Plan), Error> {
    let cohort = Registry::open(DATA)?.cohort().build()?;
    Ok((cohort, Plan::open(format!("{DATA}/report.toml"))?))
}

fn cube(criterion: &mut Criterion) {
    let (cohort, plan) = load().unwrap_or_else(|error| give_up(&error));
    let mut group = criterion.benchmark_group("cube");
    group.sample_size(10);
    group.bench_function("load the four forms", |bencher| {
        bencher.iter(|| black_box(Registry::open(DATA).is_ok()))
    });
    group.bench_function("count the annual report", |bencher| {
        bencher.iter(|| black_box(cohort.aggregate(&plan).is_ok()));
    });
    group.finish();
}

/// A benchmark without its data has not run.
fn give_up(error: &Error) -> ! {
    eprintln!("{error}");
    std::process::exit(1)
}

criterion_group!(benches, cube);
criterion_main!(benches);
