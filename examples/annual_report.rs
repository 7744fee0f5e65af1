//! The annual report of the sample register: a page, and every table and figure as files.
//!
//!     cargo run --example annual_report [-- --english] [--data DIR] [--out DIR]

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use lexopt::prelude::*;
use registat::{Language, Ledger, Observer, Plan, Policy, Registry, Report};

const HELP: &str = "annual_report [--english] [--data DIR] [--out DIR]

  --english    print in English rather than in bokmål
  --data DIR   forms, codebook.toml, policy.toml, report.toml (data-samples/nnrr)
  --out DIR    where the report goes (target/annual-report); the ledger stands beside it";

struct Bar(ProgressBar);

impl Observer for Bar {
    fn progress(&mut self, what: &str, done: usize, of: usize) {
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
        self.0.set_message(what.to_owned());
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut data = root.join("data-samples/nnrr");
    let mut out = root.join("target/annual-report");
    let mut language = Language::Bokmal;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("english") => language = Language::English,
            Long("data") => data = arguments.value()?.into(),
            Long("out") => out = arguments.value()?.into(),
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let registry = Registry::open(&data)?;
    let policy = Policy::open(data.join("policy.toml"))?;
    let plan = Plan::open(data.join("report.toml"))?;
    let report = Report::open(data.join("report.toml"))?;

    let mut cohort = registry.cohort();
    if let Some(day) = report.extracted() {
        cohort = cohort.extracted(day);
    }
    let cube = cohort.build()?.aggregate(plan)?;

    // The ledger is written before anything is printed: what it does not hold has not left the house.
    let ledger_file = out.with_extension("ledger.sqlite");
    let mut ledger = Ledger::open(&ledger_file, registry.codebook().register().id())?;
    let release = cube.protect_with(&policy, &mut ledger, report.id())?;

    let bar =
        Bar(ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?));
    report.write(&release, &out, language, &mut { bar })?;
    println!("{}\n", release.audit());
    println!("{}", out.join("index.html").display());
    println!("{}", ledger_file.display());
    Ok(())
}
