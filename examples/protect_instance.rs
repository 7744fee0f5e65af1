//! Protects a benchmark instance of linked tables and writes the pattern.
//!
//!     cargo run --release --example protect_instance -- --spec a.json --data a.csv --criterion interval

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::Instant;

use lexopt::prelude::*;
use registat::{Criterion, LinkedCells};
use serde::Deserialize;

const HELP: &str =
    "protect_instance --spec NAME.json --data NAME.csv [--criterion exact|interval] [--zeros-known]
                 [--improvements N] [--out pattern.csv]";

/// The variables of an instance and the tables (crossings of variables) that it publishes.
#[derive(Deserialize)]
struct Spec {
    variables: BTreeMap<String, Tree>,
    tables: Vec<Vec<String>>,
    threshold: u64,
}

#[derive(Deserialize)]
struct Tree {
    leaf: Vec<String>,
    parents: HashMap<String, Vec<String>>,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
/// One node per variable of the instance, "Total" where a table leaves the variable out.
type Cell = Vec<String>;

struct Instance {
    names: Vec<String>,
    cells: Vec<Cell>,
    linked: LinkedCells,
    counts: Vec<u64>,
}

impl Tree {
    /// A leaf, its parents from the finest to the coarsest, and the total.
    fn path(&self, leaf: &str) -> Vec<String> {
        let parents = self.parents.get(leaf).into_iter().flatten().rev().cloned();
        std::iter::once(leaf.to_owned()).chain(parents).chain(["Total".to_owned()]).collect()
    }

    /// Each node that is no leaf, with its children.
    fn children(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in self.leaf.iter().map(|leaf| self.path(leaf)) {
            for (child, parent) in path.iter().zip(path.iter().skip(1)) {
                children.entry(parent.clone()).or_default().insert(child.clone());
            }
        }
        children
    }
}

fn crossing(options: &[Vec<String>]) -> Vec<Cell> {
    options.iter().fold(vec![Cell::new()], |cells, nodes| {
        let extend = |cell: &Cell| {
            nodes
                .iter()
                .map(|node| [cell.as_slice(), std::slice::from_ref(node)].concat())
                .collect::<Vec<_>>()
        };
        cells.iter().flat_map(extend).collect()
    })
}

fn read(spec: &Spec, data: &PathBuf) -> Outcome<Instance> {
    let names: Vec<String> = spec.variables.keys().cloned().collect();
    let trees: Vec<&Tree> = spec.variables.values().collect();
    let within = |table: &[String], nodes: &dyn Fn(usize) -> Vec<String>| -> Vec<Vec<String>> {
        let total = || vec!["Total".to_owned()];
        names
            .iter()
            .enumerate()
            .map(|(at, name)| if table.contains(name) { nodes(at) } else { total() })
            .collect()
    };
    let all_nodes = |at: usize| -> Vec<String> {
        let paths =
            trees.get(at).into_iter().flat_map(|tree| tree.leaf.iter().flat_map(|leaf| tree.path(leaf)));
        paths.collect::<BTreeSet<_>>().into_iter().collect()
    };
    let mut number: HashMap<Cell, usize> = HashMap::new();
    for table in &spec.tables {
        for cell in crossing(&within(table, &all_nodes)) {
            let next = number.len();
            number.entry(cell).or_insert(next);
        }
    }
    let mut counts = vec![0_u64; number.len()];
    let mut reader = csv::Reader::from_path(data)?;
    let header = reader.headers()?.clone();
    for record in reader.records() {
        let record = record?;
        let field = |name: &str| header.iter().position(|known| known == name).and_then(|at| record.get(at));
        let frequency: u64 = field("freq").ok_or("the data have no column `freq`")?.parse()?;
        let path = |at: usize| -> Vec<String> {
            let leaf = names.get(at).and_then(|name| field(name)).unwrap_or_default();
            trees.get(at).map(|tree| tree.path(leaf)).unwrap_or_default()
        };
        let cells: BTreeSet<Cell> =
            spec.tables.iter().flat_map(|table| crossing(&within(table, &path))).collect();
        for count in cells.iter().filter_map(|cell| number.get(cell)) {
            *counts.get_mut(*count).ok_or("a cell has no number")? += frequency;
        }
    }
    let mut linked = LinkedCells::new(counts.iter().copied());
    let mut seen = BTreeSet::new();
    for table in &spec.tables {
        for cell in crossing(&within(table, &all_nodes)) {
            for (at, tree) in trees.iter().enumerate() {
                let Some(children) = cell.get(at).and_then(|node| tree.children().get(node).cloned()) else {
                    continue;
                };
                let child = |node: &String| {
                    let mut child = cell.clone();
                    child.iter_mut().skip(at).take(1).for_each(|part| part.clone_from(node));
                    number.get(&child).copied()
                };
                let parts: Option<Vec<usize>> = children.iter().map(child).collect();
                if let (Some(parts), Some(whole)) = (parts, number.get(&cell))
                    && seen.insert((*whole, parts.clone()))
                {
                    linked.equation(*whole, parts)?;
                }
            }
        }
    }
    let mut cells: Vec<(usize, Cell)> = number.into_iter().map(|(cell, at)| (at, cell)).collect();
    cells.sort_unstable();
    Ok(Instance { names, cells: cells.into_iter().map(|(_, cell)| cell).collect(), linked, counts })
}

fn main() -> Outcome<()> {
    let (mut spec, mut data, mut out) = (None, None, None);
    let (mut interval, mut zeros_known, mut improvements) = (false, false, 200);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("spec") => spec = Some(PathBuf::from(arguments.value()?)),
            Long("data") => data = Some(PathBuf::from(arguments.value()?)),
            Long("out") => out = Some(PathBuf::from(arguments.value()?)),
            Long("criterion") => interval = arguments.value()?.string()? == "interval",
            Long("zeros-known") => zeros_known = true,
            Long("improvements") => improvements = arguments.value()?.parse()?,
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let spec: Spec = serde_json::from_reader(std::fs::File::open(spec.ok_or(HELP)?)?)?;
    let instance = read(&spec, &data.ok_or(HELP)?)?;
    let criterion = match (interval, zeros_known) {
        (false, _) => Criterion::Exact,
        (true, false) => Criterion::Interval,
        (true, true) => Criterion::IntervalZerosKnown,
    };
    let start = Instant::now();
    let pattern = instance.linked.suppress_with(spec.threshold, criterion, improvements)?;
    let seconds = start.elapsed().as_secs_f64();
    let hidden = instance.counts.iter().zip(pattern.hidden()).filter(|(_, hidden)| **hidden);
    println!(
        "cells {} primary {} secondary {} hidden sum {} narrow {} worlds {} seconds {seconds:.2}",
        instance.cells.len(),
        pattern.primary().count(),
        pattern.secondary().count(),
        hidden.map(|(count, _)| count).sum::<u64>(),
        pattern.narrow().len(),
        pattern.worlds(),
    );
    if let Some(out) = out {
        let primary: BTreeSet<usize> = pattern.primary().collect();
        let mut writer = csv::Writer::from_path(out)?;
        writer.write_record(instance.names.iter().map(String::as_str).chain([
            "count",
            "primary",
            "suppressed",
        ]))?;
        for (at, ((cell, count), hidden)) in
            instance.cells.iter().zip(&instance.counts).zip(pattern.hidden()).enumerate()
        {
            let flags = [
                count.to_string(),
                u8::from(primary.contains(&at)).to_string(),
                u8::from(*hidden).to_string(),
            ];
            writer.write_record(cell.iter().cloned().chain(flags))?;
        }
        writer.flush()?;
    }
    Ok(())
}
