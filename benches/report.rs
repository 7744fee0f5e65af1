//! Rendering: the page of the annual report, and one figure as SVG and as PNG.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use registat::{Error, Language, Plan, Policy, Registry, Release, Report};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr");

fn release() -> Result<(Report, Release), Error> {
    let specification = format!("{DATA}/report.toml");
    let cube = Registry::open(DATA)?.cohort().build()?.aggregate(Plan::open(&specification)?)?;
    Ok((Report::open(&specification)?, cube.protect(&Policy::norwegian_register())?))
}

fn report(criterion: &mut Criterion) {
    let (report, release) = release().unwrap_or_else(|error| give_up(&error));
    let chart = release.chart("interdisciplinary_indicator").unwrap_or_else(|error| give_up(&error));
    let mut group = criterion.benchmark_group("report");
    group.sample_size(10);
    group.bench_function("page", |bencher| {
        bencher.iter(|| black_box(report.to_html(&release, Language::Bokmal).is_ok()));
    });
    group.bench_function("figure as SVG", |bencher| {
        bencher.iter(|| black_box(chart.to_svg(Language::Bokmal).is_ok()));
    });
    group.bench_function("figure as PNG", |bencher| {
        bencher.iter(|| black_box(chart.to_png(Language::Bokmal, 1.0).is_ok()));
    });
    group.finish();
}

/// A benchmark without its data has not run.
fn give_up(error: &Error) -> ! {
    eprintln!("{error}");
    std::process::exit(1)
}

criterion_group!(benches, report);
criterion_main!(benches);
