//! Scoring: Oswestry, neck index and EQ-5D-5L of ten million forms, on every core. Beside it the same three scores as plain
//! sums of floating-point numbers, without a check of the answers and without exact fractions.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::indexing_slicing, reason = "the plain sums take their answers as given")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use registat::{EqVersion, Error, HealthState, MissingItems, ValueSet, neck_disability, oswestry};

const MEASURED: usize = 10_000_000;
/// A test, which runs everything once, needs no more.
const TRIED: usize = 10_000;

/// Answers of one form: ten sections, ten sections, five dimensions.
type Answers = ([Option<u8>; 10], [Option<u8>; 10], [u8; 5]);

/// Answers all over the scales, every ninth item missing.
fn forms(count: usize) -> Vec<Answers> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as u32
    };
    (0..count)
        .map(|_| {
            let mut item = || (next() % 9 > 0).then(|| (next() % 6) as u8);
            let (back, neck) = (std::array::from_fn(|_| item()), std::array::from_fn(|_| item()));
            (back, neck, std::array::from_fn(|_| 1 + (next() % 5) as u8))
        })
        .collect()
}

fn scored(forms: &[Answers]) -> Result<f64, Error> {
    let mut sum = 0.0;
    for (back, neck, levels) in forms {
        let state = HealthState::new(*levels, EqVersion::FiveLevel)?;
        let scores =
            [oswestry(back, MissingItems::ProrateAny)?, neck_disability(neck, MissingItems::ProrateAny)?];
        sum += scores.into_iter().flatten().map(|score| score.to_f64()).sum::<f64>();
        sum += ValueSet::Norway2025.index(&state)?.to_f64();
    }
    Ok(sum)
}

/// Decrements of the Norwegian set.
const DECREMENTS: [[f64; 5]; 5] = [
    [0.0, 0.03116, 0.064985, 0.158875, 0.205],
    [0.0, 0.031312, 0.065302, 0.15965, 0.206],
    [0.0, 0.027208, 0.056743, 0.138725, 0.179],
    [0.0, 0.059432, 0.123947, 0.303025, 0.391],
    [0.0, 0.071744, 0.149624, 0.3658, 0.472],
];

fn plain_sums(forms: &[Answers]) -> f64 {
    let percent = |items: &[Option<u8>; 10]| {
        let answered = items.iter().flatten().count();
        let sum: u32 = items.iter().flatten().map(|item| u32::from(*item)).sum();
        if answered == 0 { 0.0 } else { 20.0 * f64::from(sum) / answered as f64 }
    };
    let value = |levels: &[u8; 5]| -> f64 {
        1.0 - levels.iter().zip(&DECREMENTS).map(|(level, row)| row[usize::from(*level) - 1]).sum::<f64>()
    };
    forms.iter().map(|(back, neck, levels)| percent(back) + percent(neck) + value(levels)).sum()
}

/// The work on as many threads as there are cores.
fn on_every_core<T: Send>(forms: &[Answers], work: impl Fn(&[Answers]) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let parts = forms.chunks(forms.len().div_ceil(cores));
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

fn score(criterion: &mut Criterion) {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let forms = forms(if is_measured { MEASURED } else { TRIED });
    let exact: f64 = on_every_core(&forms, scored).into_iter().flatten().sum();
    let plain: f64 = on_every_core(&forms, plain_sums).into_iter().sum();
    if (exact - plain).abs() > 1e-6 * plain {
        eprintln!("the two ways of scoring disagree");
        std::process::exit(1);
    }
    let mut group = criterion.benchmark_group("score");
    group.sample_size(10);
    group.throughput(Throughput::Elements(forms.len() as u64));
    group.bench_function("ODI, NDI and EQ-5D-5L, exact", |bencher| {
        bencher.iter(|| black_box(on_every_core(&forms, scored).len()));
    });
    group.bench_function("plain floating-point sums", |bencher| {
        bencher.iter(|| black_box(on_every_core(&forms, plain_sums).into_iter().sum::<f64>()));
    });
    group.finish();
}

criterion_group!(benches, score);
criterion_main!(benches);
