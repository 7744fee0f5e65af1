//! Answers a request for statistics, protected against everything that the ledger says was printed before.
//!
//!     cargo run --example annual_report && cargo run --example request [-- --english] [--request FILE]

use std::path::PathBuf;

use lexopt::prelude::*;
use registat::{Language, Ledger, Plan, Policy, Registry, Request};

const HELP: &str = "request [--english] [--request FILE] [--data DIR] [--out DIR]

  --request FILE   the request (DIR/request.toml)
  --data DIR       forms, codebook.toml, policy.toml (data-samples/nnrr)
  --out DIR        where the answer goes (target/request)";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut data = root.join("data-samples/nnrr");
    let mut out = root.join("target/request");
    let mut file = None;
    let mut language = Language::Bokmal;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("english") => language = Language::English,
            Long("request") => file = Some(PathBuf::from(arguments.value()?)),
            Long("data") => data = arguments.value()?.into(),
            Long("out") => out = arguments.value()?.into(),
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let file = file.unwrap_or_else(|| data.join("request.toml"));
    let registry = Registry::open(&data)?;
    let policy = Policy::open(data.join("policy.toml"))?;
    let request = Request::open(&file)?;

    let mut cohort = registry.cohort();
    if let Some(day) = request.extracted() {
        cohort = cohort.extracted(day);
    }
    let cube = cohort.build()?.aggregate(Plan::open(&file)?)?;

    let ledger_file = root.join("target/annual-report.ledger.sqlite");
    let mut ledger = Ledger::open(&ledger_file, registry.codebook().register().id())?;
    match cube.protect_with(&policy, &mut ledger, request.id()) {
        Ok(release) => {
            request.write(&release, &out, language)?;
            for table in release.tables() {
                println!("{}", table.to_text(language));
            }
            println!("{}\n\n{}", release.audit(), out.join("answer.html").display());
        }
        // Which table and which variables, never a number.
        Err(refusal) if refusal.is_refusal() => println!("refused: {refusal}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
