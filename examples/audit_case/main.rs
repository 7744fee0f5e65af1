//! Works out the answers of known-answer files (`sdc-known-answer/1`) and says where they agree.
//!
//!     cargo run --release --example audit_case -- tests/data/known-answers/*.json

mod evaluate;
#[path = "../instance/mod.rs"]
#[allow(dead_code, reason = "shared between examples")]
mod instance;
mod statistics;

use std::path::{Path, PathBuf};

use lexopt::prelude::*;

const HELP: &str = "audit_case FILE.json [FILE.json ...] [--instances DIR]

Prints a JSON array: for every expectation of the files its own fields with what was worked out, and `agrees`:
true, false, or null where nothing was. Of an expectation only the question is read (type, cell, lower bound,
rule, criterion), never the answer.

  --instances DIR   benchmark instances (`instances` beside the folder of the file, else tests/data/instances)";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut instances: Option<PathBuf> = None;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("instances") => instances = Some(arguments.value()?.into()),
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            Value(file) => files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err("which file? See --help".into());
    }
    let mut results = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let case: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        let instances = instances.clone().unwrap_or_else(|| instances_of(file));
        results.push(evaluate::case(&case, &instances));
    }
    // By the name of the case; within a case in the order of its file.
    results.sort_by(|(one, _), (other, _)| one.cmp(other));
    let results: Vec<serde_json::Value> = results.into_iter().flat_map(|(_, results)| results).collect();
    println!("{}", serde_json::to_string_pretty(&results)?);
    Ok(())
}

/// Where the instances of a file are.
fn instances_of(file: &Path) -> PathBuf {
    let beside = file.parent().and_then(Path::parent).map(|folder| folder.join("instances"));
    let beside = beside.filter(|folder| folder.is_dir());
    beside.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/instances"))
}
