//! Protection: choosing, auditing and releasing the annual report of the sample register.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use registat::{Cube, Error, Plan, Policy, Registry};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr");

fn count() -> Result<Cube, Error> {
    Registry::open(DATA)?.cohort().build()?.aggregate(Plan::open(format!("{DATA}/report.toml"))?)
}

fn protect(criterion: &mut Criterion) {
    let cube = count().unwrap_or_else(|error| give_up(&error));
    let mut group = criterion.benchmark_group("protect");
    group.sample_size(10);
    for threshold in [5, 11] {
        let policy = Policy::threshold_of(threshold).unwrap_or_else(|error| give_up(&error));
        group.bench_function(format!("annual report, threshold {threshold}"), |bencher| {
            bencher.iter(|| black_box(cube.protect(&policy).is_ok()));
        });
    }
    group.finish();
}

/// A benchmark without its data has not run.
fn give_up(error: &Error) -> ! {
    eprintln!("{error}");
    std::process::exit(1)
}

criterion_group!(benches, protect);
criterion_main!(benches);
