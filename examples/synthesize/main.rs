//! Writes synthetic forms of the Norwegian neck and back register into a folder.
//!
//! ```text
//! cargo run --release --example synthesize -- --courses 6000 --years 2023-2025 --seed 1 --out target/synthetic
//! ```

mod generate;
mod write;

use std::error::Error;
use std::path::PathBuf;

use generate::Options;
use indicatif::{ProgressBar, ProgressStyle};
use lexopt::prelude::*;
use write::Format;

const HELP: &str = "\
Writes synthetic forms of the Norwegian neck and back register.

  --courses N           courses in all years together, roughly (6000)
  --years A-B           first and last year of visits (2023-2025)
  --seed S              the same seed gives the same files (1)
  --out DIR             folder to write into (target/synthetic)
  --format csv|parquet  file format (csv)
  --help                this text";

struct Arguments {
    options: Options,
    folder: PathBuf,
    format: Format,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Some(Arguments { options, folder, format }) = arguments()? else {
        println!("{HELP}");
        return Ok(());
    };
    std::fs::create_dir_all(&folder)?;
    let progress = ProgressBar::new(5).with_style(ProgressStyle::with_template("{bar:30} {msg}")?);
    progress.set_message("drawing");
    let tables = generate::generate(&options);
    progress.inc(1);
    for table in tables {
        progress.set_message(table.name);
        let rows = table.rows.len();
        let path = write::form(&folder, table, format)?;
        progress.suspend(|| println!("{}: {rows} synthetic forms", path.display()));
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(())
}

/// The command line, or nothing when help is asked for.
fn arguments() -> Result<Option<Arguments>, Box<dyn Error>> {
    let mut options = Options { courses: 6000, first_year: 2023, last_year: 2025, seed: 1 };
    let mut folder = PathBuf::from("target/synthetic");
    let mut format = Format::Csv;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("courses") => options.courses = parser.value()?.parse()?,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("out") => folder = PathBuf::from(parser.value()?),
            Long("years") => {
                let years = parser.value()?.string()?;
                let (first, last) = years.split_once('-').unwrap_or((years.as_str(), years.as_str()));
                (options.first_year, options.last_year) = (first.trim().parse()?, last.trim().parse()?);
            }
            Long("format") => {
                format = match parser.value()?.string()?.as_str() {
                    "csv" => Format::Csv,
                    "parquet" => Format::Parquet,
                    _ => return Err("--format is csv or parquet".into()),
                };
            }
            Long("help") | Short('h') => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    if !(1990..=options.last_year).contains(&options.first_year) || options.last_year > 2100 {
        return Err("--years is a first and a last year between 1990 and 2100, such as 2023-2025".into());
    }
    Ok(Some(Arguments { options, folder, format }))
}
