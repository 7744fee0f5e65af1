//! Protects a benchmark instance of linked tables and writes the pattern.
//!
//! ```text
//! cargo run --release --example protect_instance -- --spec a.json --data a.csv --criterion interval
//! cargo run --release --example protect_instance -- --generate million --into target/instances
//! ```

mod demand;
#[path = "../instance/mod.rs"]
#[allow(dead_code, reason = "shared between examples")]
mod instance;
mod report;

use std::path::PathBuf;
use std::time::Instant;

use instance::{Instance, Outcome, large};
use lexopt::prelude::*;
use registat::{ContributorRule, Cost, Criterion, Method, Pattern};

const HELP: &str = "\
protect_instance --spec NAME.json --data NAME.csv [options]
protect_instance --generate d|million --into DIR

Hides the sensitive cells of linked tables, and others until they cannot be worked out.

  --spec FILE                  variables, tables, threshold or rule
  --data FILE                  the records
  --criterion exact|interval   what a hidden cell must withstand (exact)
  --zeros-known                a reader knows that no hidden cell is 0; goes with interval
  --threshold N                counts of 1 to N - 1 are sensitive (as in the description)
  --rule p%=P | nk=N,K         what makes a sum of contributions sensitive (as in the description)
  --cost cells|value|log       what hiding a cell costs (log)
  --optimal                    go on until no cheaper choice is possible, by branch and bound; for counts
  --attempts N                 attempts to find a cheaper choice
  --seed N                     another seed, another search (0)
  --out FILE.csv               where to write the pattern
  --generate d|million         write the files of a large instance instead
  --into DIR                   the folder for them
  --help                       this text";

#[derive(Default)]
struct Options {
    spec: Option<PathBuf>,
    data: Option<PathBuf>,
    is_interval: bool,
    zeros_known: bool,
    threshold: Option<u64>,
    rule: Option<ContributorRule>,
    cost: Cost,
    optimal: bool,
    attempts: Option<usize>,
    seed: u64,
    out: Option<PathBuf>,
    generate: Option<String>,
    into: Option<PathBuf>,
}

fn main() -> Outcome<()> {
    let Some(options) = options()? else {
        println!("{HELP}");
        return Ok(());
    };
    if let Some(name) = &options.generate {
        let folder = options.into.as_deref().ok_or("--generate goes with --into DIR")?;
        let (spec, data) = large::generate(name, folder)?;
        println!("{}\n{}", spec.display(), data.display());
        return Ok(());
    }
    let (Some(spec), Some(data)) = (&options.spec, &options.data) else {
        return Err("which instance? --spec NAME.json --data NAME.csv; see --help".into());
    };
    let start = Instant::now();
    let instance = instance::read(spec, data)?;
    let read_time = start.elapsed();
    let pattern = choose(&instance, &options)?;
    print!("{}", report::summary(&instance, &pattern, read_time));
    if let Some(out) = &options.out {
        report::write_pattern(out, &instance, &pattern)?;
    }
    Ok(())
}

/// The command line, or nothing when help is asked for.
fn options() -> Outcome<Option<Options>> {
    let mut options = Options::default();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("spec") => options.spec = Some(arguments.value()?.into()),
            Long("data") => options.data = Some(arguments.value()?.into()),
            Long("criterion") => {
                options.is_interval = match arguments.value()?.string()?.as_str() {
                    "exact" => false,
                    "interval" => true,
                    _ => return Err("--criterion is exact or interval".into()),
                };
            }
            Long("zeros-known") => options.zeros_known = true,
            Long("threshold") => options.threshold = Some(arguments.value()?.parse()?),
            Long("rule") => {
                let rule = demand::rule(&arguments.value()?.string()?);
                options.rule = Some(rule.ok_or("--rule is p%=P or nk=N,K with percent, such as nk=2,85")?);
            }
            Long("cost") => {
                options.cost = match arguments.value()?.string()?.as_str() {
                    "cells" => Cost::Cells,
                    "value" => Cost::Value,
                    "log" => Cost::Log,
                    _ => return Err("--cost is cells, value or log".into()),
                };
            }
            Long("optimal") => options.optimal = true,
            Long("attempts") => options.attempts = Some(arguments.value()?.parse()?),
            Long("seed") => options.seed = arguments.value()?.parse()?,
            Long("out") => options.out = Some(arguments.value()?.into()),
            Long("generate") => options.generate = Some(arguments.value()?.string()?),
            Long("into") => options.into = Some(arguments.value()?.into()),
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(options))
}

fn choose(instance: &Instance, options: &Options) -> Outcome<Pattern> {
    let criterion = match (options.is_interval, options.zeros_known) {
        (false, false) => Criterion::Exact,
        (true, false) => Criterion::Interval,
        (true, true) => Criterion::IntervalZerosKnown,
        (false, true) => return Err("--zeros-known goes with --criterion interval".into()),
    };
    let mut method = Method::new(criterion).cost(options.cost).seed(options.seed);
    if let Some(attempts) = options.attempts {
        method = method.attempts(attempts);
    }
    if !instance.is_magnitude() && options.rule.is_none() {
        let threshold = options.threshold.or(instance.threshold);
        let threshold = threshold.ok_or("no threshold is stated; see --threshold")?;
        if options.optimal {
            return Ok(instance.linked.optimal(threshold, criterion, options.cost)?);
        }
        return Ok(instance.linked.suppress_by(threshold, &method)?);
    }
    if options.threshold.is_some() {
        return Err("--threshold is about counts; a sum of contributions is sensitive by --rule".into());
    }
    let stated = demand::stated_rule(instance);
    let rule = options.rule.as_ref().or(stated.as_ref()).ok_or("no rule is stated; see --rule")?;
    Ok(instance.linked.suppress_values(&demand::demands(instance, rule)?, &method)?)
}
