//! A large cohort: synthetic courses written to Parquet, counted in one pass, and the same query by polars.
//!
//!     cargo run --release --example large_cohort -- [--rows N] [--file FILE] [--threads N] [--keys 2-4] [--measures 1-6]
//!         [--patients] [--moments] [--polars] [--save FILE]
//!     cargo run --example large_cohort -- --plot RUNS.csv --file PICTURE.png
//!
//! The file is written if it is not there, and kept. Four variables cross into 3,600 groups; six measures have their number of
//! values, missing values, mean, standard deviation, median and quartiles in each. With `--patients` distinct patients are
//! counted as well, in groups and in every cell. Memory is the highest of the whole run, so that a run that writes its file says
//! little: run it twice.

mod plot;
mod polars_query;
mod query;
mod rows;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use lexopt::prelude::*;
use query::Query;
use registat::{Codebook, FlatTable, Language, LargeCohort, Observer, Policy};

/// Other allocators hold more memory than they need after frames were freed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Options {
    rows: u64,
    file: Option<PathBuf>,
    threads: Option<usize>,
    query: Query,
    polars: bool,
    save: Option<PathBuf>,
    plot: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    if let (Some(runs), Some(picture)) = (&options.plot, &options.file) {
        return plot::draw(runs, picture);
    }
    let default = std::env::temp_dir().join(format!("registat-{}.parquet", options.rows));
    let file = options.file.clone().unwrap_or(default);
    if !file.is_file() {
        rows::write(&file, options.rows)?;
        println!("{} rows written to {}", options.rows, file.display());
    }
    let bytes = std::fs::metadata(&file)?.len();
    let started = Instant::now();
    std::io::copy(&mut std::fs::File::open(&file)?, &mut std::io::sink())?;
    println!("{bytes} bytes read in {:.2} s", started.elapsed().as_secs_f64());
    if options.polars {
        let started = Instant::now();
        let (groups, sum) = polars_query::run(&file, options.query)?;
        report("polars", rows_of(&file)?, groups, started);
        println!("sum of all medians {sum:.3}");
        return Ok(());
    }

    let mut cohort = LargeCohort::new(Codebook::from_toml(query::CODEBOOK)?);
    if !options.query.patients {
        cohort = cohort.one_course_per_patient();
    }
    let mut counting = cohort.count(options.query.plan())?.memory(2 << 30);
    if let Some(threads) = options.threads {
        counting = counting.threads(threads);
    }
    println!("{}", counting.describe());

    let started = Instant::now();
    let mut bar =
        Bar(ProgressBar::no_length().with_style(ProgressStyle::with_template("{pos} of {len} rows")?));
    let partial = counting.run_observed(FlatTable::parquet(&file)?, &mut bar)?;
    bar.0.finish_and_clear();
    let (rows, groups) = (partial.rows(), partial.occupied());
    println!("counted in {:.2} s", started.elapsed().as_secs_f64());
    if let Some(path) = &options.save {
        partial.save(path)?;
        println!("saved: {} bytes", std::fs::metadata(path)?.len());
    }
    let cube = partial.into_cube()?;
    report("registat", rows, groups, started);
    let started = Instant::now();
    let release = cube.protect(&Policy::norwegian_register())?;
    println!("protected in {:.2} s", started.elapsed().as_secs_f64());
    let table = if options.query.keys > 3 { "by_sex" } else { "by_hospital_and_year" };
    println!("\n{}", release.table(table)?.to_text(Language::English));
    Ok(())
}

fn report(what: &str, rows: u64, groups: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{what}: {rows} rows, {groups} groups in {seconds:.3} s, {:.1} million rows/s",
        rows as f64 / seconds / 1e6
    );
    if let Some(kilobytes) = peak_memory() {
        println!("highest memory {} MB", kilobytes / 1000);
    }
}

fn rows_of(file: &std::path::Path) -> Result<u64, Box<dyn Error>> {
    use registat::polars::prelude::{ParquetReader, SerReader};
    Ok(ParquetReader::new(std::fs::File::open(file)?).num_rows()? as u64)
}

/// Where the system says it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

struct Bar(ProgressBar);

impl Observer for Bar {
    fn rows(&mut self, done: u64, of: Option<u64>) -> std::ops::ControlFlow<()> {
        self.0.set_length(of.unwrap_or(done));
        self.0.set_position(done);
        std::ops::ControlFlow::Continue(())
    }
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options {
        rows: 1_000_000,
        file: None,
        threads: None,
        query: Query::ALL,
        polars: false,
        save: None,
        plot: None,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("rows") => options.rows = parser.value()?.parse()?,
            Long("file") => options.file = Some(parser.value()?.into()),
            Long("threads") => options.threads = Some(parser.value()?.parse()?),
            Long("keys") => options.query.keys = parser.value()?.parse::<usize>()?.clamp(2, 4),
            Long("measures") => options.query.measures = parser.value()?.parse::<usize>()?.clamp(1, 6),
            Long("patients") => options.query.patients = true,
            Long("moments") => options.query.quantiles = false,
            Long("polars") => options.polars = true,
            Long("plot") => options.plot = Some(parser.value()?.into()),
            Long("save") => options.save = Some(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}
