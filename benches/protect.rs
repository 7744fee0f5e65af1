//! Protection: the annual report of the sample register, and benchmark instances of linked tables. The kernel check stands
//! beside elimination over floating-point numbers in a full matrix, which answers the same question.
//!
//! A numeric kernel: the elimination indexes with the numbers that it handed out itself.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::indexing_slicing)]

#[path = "../examples/instance/mod.rs"]
#[allow(dead_code, reason = "shared with examples")]
mod instance;

use std::fmt::Display;
use std::hint::black_box;
use std::path::Path;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use instance::{Instance, large};
use registat::{Criterion as Withstands, Cube, Error, Plan, Policy, Registry};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr");
const INSTANCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/instances");
const THRESHOLD: u64 = 5;

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

/// Choice, intervals and worlds of the instances, as a whole.
fn instances(criterion: &mut Criterion) {
    use Withstands::{Exact, Interval};
    let mut group = criterion.benchmark_group("instances");
    choose(&mut group, "a2", &kept("a2"), &[("exact", Exact), ("interval", Interval)]);
    // The others take from tenths of a second to minutes: a test, which runs everything once, leaves them out.
    if is_measured() {
        group.sample_size(10);
        for name in ["a", "b", "c"] {
            choose(&mut group, name, &kept(name), &[("exact", Exact), ("interval", Interval)]);
        }
        choose(&mut group, "d_small", &kept("d_small"), &[("exact", Exact)]);
        choose(&mut group, "d", &generated("d"), &[("exact", Exact)]);
    }
    group.finish();
}

fn choose(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    instance: &Instance,
    withstands: &[(&str, Withstands)],
) {
    for (word, withstands) in withstands {
        group.bench_function(format!("{name}, {word}"), |bencher| {
            bencher.iter(|| black_box(instance.linked.suppress(THRESHOLD, *withstands).is_ok()));
        });
    }
}

/// Which hidden cells follow from the printed ones, by two methods.
fn kernel_check(criterion: &mut Criterion) {
    let a2 = kept("a2");
    let pattern = a2.linked.suppress(THRESHOLD, Withstands::Exact).unwrap_or_else(|error| give_up(&error));
    // Both find what follows when nothing is hidden but the small counts, and none of these in the pattern.
    let small: Vec<bool> = a2.counts.iter().map(|count| (1..THRESHOLD).contains(count)).collect();
    let exposed = a2.linked.exposed(&small, false);
    let determined = determined_by_dense_elimination(&a2, &small);
    if determined.is_empty() || determined.iter().any(|cell| !exposed.contains(cell)) {
        give_up(&"the two checks disagree about the small counts");
    }
    if determined_by_dense_elimination(&a2, pattern.hidden()).into_iter().any(|cell| small[cell]) {
        give_up(&"the two checks disagree about the pattern");
    }
    let mut group = criterion.benchmark_group("kernel check, a2");
    group.bench_function("LinkedCells::exposed", |bencher| {
        bencher.iter(|| black_box(a2.linked.exposed(pattern.hidden(), false)));
    });
    group.bench_function("dense elimination, f64", |bencher| {
        bencher.iter(|| black_box(determined_by_dense_elimination(&a2, pattern.hidden())));
    });
    group.finish();
}

/// The hidden cells that the equations determine: in the reduced matrix their row holds nothing else.
fn determined_by_dense_elimination(instance: &Instance, hidden: &[bool]) -> Vec<usize> {
    const NOTHING: f64 = 1e-9;
    let cells: Vec<usize> = (0..hidden.len()).filter(|cell| hidden[*cell]).collect();
    let column = |cell: usize| cells.binary_search(&cell).ok();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let collected: Result<(), Error> = instance.each_equation(|whole, parts| {
        let mut row = vec![0.0; cells.len()];
        for part in parts.iter().filter_map(|part| column(*part)) {
            row[part] = 1.0;
        }
        if let Some(whole) = column(whole) {
            row[whole] = -1.0;
        }
        rows.push(row);
        Ok(())
    });
    collected.unwrap_or_else(|error| give_up(&error));
    let mut pivots: Vec<usize> = Vec::new();
    for column in 0..cells.len() {
        let done = pivots.len();
        let size = |row: &usize| rows[*row][column].abs();
        let Some(best) = (done..rows.len()).max_by(|one, other| size(one).total_cmp(&size(other))) else {
            break;
        };
        if size(&best) < NOTHING {
            continue;
        }
        rows.swap(done, best);
        let scale = rows[done][column];
        let pivot: Vec<f64> = rows[done].iter().map(|entry| entry / scale).collect();
        for row in &mut rows {
            let factor = row[column];
            if factor.abs() >= NOTHING {
                row.iter_mut().zip(&pivot).for_each(|(entry, pivot)| *entry -= factor * pivot);
            }
        }
        rows[done] = pivot;
        pivots.push(column);
    }
    let is_alone = |row: &[f64]| row.iter().filter(|entry| entry.abs() >= NOTHING).count() == 1;
    let determined = pivots.iter().zip(&rows).filter(|(_, row)| is_alone(row));
    determined.map(|(column, _)| cells[*column]).collect()
}

/// An instance of the test data.
fn kept(name: &str) -> Instance {
    let folder = Path::new(INSTANCES);
    let read = instance::read(&folder.join(format!("{name}.json")), &folder.join(format!("{name}.csv")));
    read.unwrap_or_else(|error| give_up(&error))
}

/// A large instance, made for this run.
fn generated(name: &str) -> Instance {
    let folder = tempfile::tempdir().unwrap_or_else(|error| give_up(&error));
    let (spec, data) = large::generate(name, folder.path()).unwrap_or_else(|error| give_up(&error));
    instance::read(&spec, &data).unwrap_or_else(|error| give_up(&error))
}

/// Whether times are taken: without `--bench` everything runs once, to see that it runs.
fn is_measured() -> bool {
    std::env::args().any(|argument| argument == "--bench")
        && !std::env::args().any(|argument| argument == "--test")
}

/// A benchmark without its data has not run.
fn give_up(error: &dyn Display) -> ! {
    eprintln!("{error}");
    std::process::exit(1)
}

criterion_group!(benches, protect, instances, kernel_check);
criterion_main!(benches);
