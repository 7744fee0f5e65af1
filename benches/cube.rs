//! Counting: the annual report over the sample register, a hundred tables over a large register, and a large cohort from a file
//! and from memory, beside the same query by polars and beside reading the bytes. Ratios of one run are printed at the end.
#![allow(missing_docs, reason = "criterion's macros make public items")]

#[path = "../examples/synthesize/generate/mod.rs"]
mod generate;
#[path = "../examples/large_cohort/polars_query.rs"]
mod polars_query;
#[path = "../examples/large_cohort/query.rs"]
mod query;
#[path = "../examples/large_cohort/rows.rs"]
mod rows;
#[allow(dead_code, reason = "the example writes text as well")]
#[path = "../examples/synthesize/write.rs"]
mod write;

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use registat::polars::prelude::DataFrame;
use registat::{
    Codebook, Cohort, Counting, Cube, FlatTable, LargeCohort, Plan, Registry, Table, Time, count, dim, mean,
    mean_change, median,
};

/// Other allocators hold more memory than they need after frames were freed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr");

/// How much is counted; a test, which runs everything once, needs no more than a little.
struct Size {
    courses: usize,
    rows: u64,
    /// How often the rows are counted from memory, as so many more.
    times: usize,
}

const MEASURED: Size = Size { courses: 60_000, rows: 10_000_000, times: 5 };
const TRIED: Size = Size { courses: 1_000, rows: 20_000, times: 2 };

fn sample() -> Result<(Cohort, Plan), registat::Error> {
    let cohort = Registry::open(DATA)?.cohort().build()?;
    Ok((cohort, Plan::open(format!("{DATA}/report.toml"))?))
}

/// Synthetic courses under the sample's codebook, read from files as any register is.
fn register(courses: usize) -> Result<Cohort, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let options = generate::Options { courses, first_year: 2016, last_year: 2025, seed: 1 };
    for table in generate::generate(&options) {
        write::form(folder.path(), table, write::Format::Parquet)?;
    }
    std::fs::copy(format!("{DATA}/codebook.toml"), folder.path().join("codebook.toml"))?;
    Ok(Registry::open(folder.path())?.cohort().build()?)
}

/// A hundred tables: ten groupings, crossed by sex, of ten sets of statistics.
fn hundred_tables() -> Plan {
    let groupings = [
        dim("unit").under("region").total(),
        dim("education").total(),
        dim("civil_status").total(),
        dim("pain_duration").total(),
        dim("smoking").total(),
        dim("age").bands([0, 31, 41, 51, 61, 71]).total(),
        dim("physical_activity").total(),
        dim("sick_listed").total(),
        dim("back_surgery").total(),
        dim("wait_days").bands([0, 50, 100]).total(),
    ];
    let mut plan = Plan::new();
    for (number, grouping) in groupings.iter().enumerate() {
        for instrument in ["odi", "ndi", "pain_rest", "pain_activity", "eq5d"] {
            let before = Table::new(format!("{instrument}_{number}"))
                .rows(grouping.clone())
                .cols(dim("sex").total())
                .stat(count())
                .stat(mean(instrument).at(Time::BASELINE).sd())
                .stat(median(instrument).at(Time::BASELINE));
            let change = Table::new(format!("{instrument}_change_{number}"))
                .rows(grouping.clone())
                .stat(mean_change(instrument, Time::BASELINE, Time::SIX_MONTHS).ci())
                .stat(mean_change(instrument, Time::BASELINE, Time::TWELVE_MONTHS).ci());
            plan = plan.table(before).table(change);
        }
    }
    plan
}

fn large_cohort() -> Result<Counting, registat::Error> {
    let cohort = LargeCohort::new(Codebook::from_toml(query::CODEBOOK)?).one_course_per_patient();
    cohort.count(query::Query::ALL.plan())
}

fn read_bytes(path: &Path) -> io::Result<u64> {
    io::copy(&mut File::open(path)?, &mut io::sink())
}

fn from_file(counting: &Counting, path: &Path) -> Result<Cube, registat::Error> {
    counting.run(FlatTable::parquet(path)?)?.into_cube()
}

fn from_memory(counting: &Counting, frames: &[DataFrame], times: usize) -> Result<u64, registat::Error> {
    let frames = (0..times).flat_map(|_| frames.to_vec()).collect::<Vec<DataFrame>>();
    Ok(counting.run(FlatTable::frames(frames)?)?.rows())
}

/// The fastest of three runs.
fn seconds<T, E>(mut work: impl FnMut() -> Result<T, E>) -> Result<f64, E> {
    let mut fastest = f64::INFINITY;
    for _ in 0..3 {
        let started = Instant::now();
        black_box(work()?);
        fastest = fastest.min(started.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

fn reports(criterion: &mut Criterion, size: &Size) -> Result<(), Box<dyn Error>> {
    let (cohort, plan) = sample()?;
    let (register, tables) = (register(size.courses)?, hundred_tables());
    drop(register.aggregate(&tables)?);
    let mut group = criterion.benchmark_group("cube");
    group.sample_size(10);
    group.bench_function("load the four forms", |bencher| {
        bencher.iter(|| black_box(Registry::open(DATA).is_ok()))
    });
    group.bench_function("count the annual report", |bencher| {
        bencher.iter(|| black_box(cohort.aggregate(&plan).is_ok()));
    });
    group.bench_function("100 tables over 60,000 courses", |bencher| {
        bencher.iter(|| black_box(register.aggregate(&tables).is_ok()));
    });
    group.finish();
    Ok(())
}

fn large(criterion: &mut Criterion, size: &Size) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("courses.parquet");
    rows::write(&path, size.rows)?;
    let frames = rows::frames(size.rows)?.collect::<Result<Vec<_>, _>>()?;
    let counting = large_cohort()?;
    let mut group = criterion.benchmark_group("large cohort");
    group.sample_size(10);
    group.throughput(Throughput::Elements(size.rows));
    group.bench_function("registat, from Parquet", |bencher| {
        bencher.iter(|| black_box(from_file(&counting, &path).is_ok()));
    });
    group.bench_function("polars, from Parquet", |bencher| {
        bencher.iter(|| black_box(polars_query::run(&path, query::Query::ALL).is_ok()));
    });
    group.throughput(Throughput::Elements(size.rows * size.times as u64));
    group.bench_function("registat, from memory", |bencher| {
        bencher.iter(|| black_box(from_memory(&counting, &frames, size.times).is_ok()));
    });
    group.finish();
    if size.rows < MEASURED.rows {
        return Ok(());
    }

    let ours = seconds(|| from_file(&counting, &path))?;
    let polars = seconds(|| polars_query::run(&path, query::Query::ALL))?;
    let bytes = seconds(|| read_bytes(&path))?;
    let memory = seconds(|| from_memory(&counting, &frames, size.times))?;
    println!(
        "{} rows: registat {ours:.3} s, polars {polars:.3} s ({:.1} times as long), the bytes read {bytes:.3} s",
        size.rows,
        polars / ours
    );
    println!(
        "{} rows from memory: {memory:.3} s, {:.0} million rows/s",
        size.rows * size.times as u64,
        size.rows as f64 * size.times as f64 / memory / 1e6
    );
    Ok(())
}

fn cube(criterion: &mut Criterion) {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let size = if is_measured { MEASURED } else { TRIED };
    if let Err(error) = reports(criterion, &size).and_then(|()| large(criterion, &size)) {
        // A benchmark without its data has not run.
        eprintln!("{error}");
        std::process::exit(1);
    }
}

criterion_group!(benches, cube);
criterion_main!(benches);
