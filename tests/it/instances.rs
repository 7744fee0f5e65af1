//! Benchmark instances: what the reader makes of the files, the generated files, and what is told about a pattern.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use registat::{ContributorRule, Criterion, Method};

#[path = "../../examples/protect_instance/demand.rs"]
mod demand;
#[path = "../../examples/instance/mod.rs"]
#[allow(dead_code, reason = "shared with examples")]
pub mod instance;
#[path = "../../examples/protect_instance/report.rs"]
mod report;

use instance::{Instance, large, read};

const INSTANCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/instances");

/// An instance of the test data.
pub fn kept(name: &str) -> Instance {
    let folder = Path::new(INSTANCES);
    read(&folder.join(format!("{name}.json")), &folder.join(format!("{name}.csv"))).unwrap()
}

fn small(instance: &Instance) -> usize {
    instance.counts.iter().filter(|count| (1..5).contains(*count)).count()
}

#[test]
fn an_instance_has_the_cells_equations_and_small_counts_that_its_maker_states() {
    for (name, patients, cells, equations, primaries) in [
        ("a2", 1_500, 200, 65, 40),
        ("a", 12_000, 3_600, 2_970, 595),
        ("b", 60_000, 19_278, 7_443, 3_383),
        ("c", 20_000, 2_558, 595, 25),
        ("d_small", 40_000, 19_584, 17_280, 4_025),
    ] {
        let instance = kept(name);
        assert_eq!(instance.counts.len(), cells, "{name}");
        assert_eq!(instance.equations, equations, "{name}");
        assert_eq!(small(&instance), primaries, "{name}");
        assert_eq!(instance.counts.iter().max(), Some(&patients), "{name}");
        assert_eq!(instance.threshold, Some(5), "{name}");
        assert!(!instance.is_magnitude(), "{name}");
        let labels: BTreeSet<Vec<&str>> = (0..cells).map(|cell| instance.labels(cell).collect()).collect();
        assert_eq!(labels.len(), cells, "{name}: no cell twice");
        let mut seen = BTreeSet::new();
        instance
            .each_equation(|whole, parts| {
                assert!(seen.insert((whole, parts.to_vec())), "{name}: no equation twice");
                Ok::<(), ()>(())
            })
            .unwrap();
        assert_eq!(seen.len(), equations, "{name}");
    }
}

/// The rows of the data, and what each counts.
fn rows(name: &str) -> Vec<(Vec<String>, u64)> {
    let mut reader = csv::Reader::from_path(format!("{INSTANCES}/{name}.csv")).unwrap();
    let rows = reader.records().map(|row| {
        let mut fields: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        let amount = fields.pop().unwrap().parse().unwrap();
        (fields, amount)
    });
    rows.collect()
}

/// In these instances a label belongs to one column: the columns of the coarser levels, which the reader does not read,
/// tell whether a row belongs to a cell.
fn belongs(row: &[String], labels: &[&str]) -> bool {
    labels.iter().all(|label| *label == "Total" || row.iter().any(|field| field == label))
}

#[test]
fn a_cell_counts_the_rows_that_carry_its_labels() {
    for name in ["a2", "a"] {
        let (instance, rows) = (kept(name), rows(name));
        for (cell, count) in instance.counts.iter().enumerate() {
            let labels: Vec<&str> = instance.labels(cell).collect();
            let counted: u64 =
                rows.iter().filter(|(row, _)| belongs(row, &labels)).map(|(_, amount)| amount).sum();
            assert_eq!(*count, counted, "{name} {labels:?}");
        }
    }
}

#[test]
fn a_contributor_counts_once_in_a_cell_with_the_sum() {
    let (instance, rows) = (kept("e"), rows("e"));
    assert_eq!((instance.counts.len(), instance.equations), (832, 672));
    assert_eq!(instance.contributions.iter().filter(|list| !list.is_empty()).count(), 773);
    let mut repeated = 0;
    for (cell, (total, contributions)) in instance.counts.iter().zip(&instance.contributions).enumerate() {
        let labels: Vec<&str> = instance.labels(cell).collect();
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (row, value) in rows.iter().filter(|(row, _)| belongs(row, &labels)) {
            let sum = sums.entry(row.last().unwrap()).or_default();
            repeated += usize::from(*sum > 0);
            *sum += value;
        }
        let mut expected: Vec<u64> = sums.into_values().collect();
        expected.sort_unstable_by(|one, other| other.cmp(one));
        let values: Vec<u64> = contributions.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, expected, "{labels:?}");
        assert_eq!(*total, expected.iter().sum::<u64>(), "{labels:?}");
    }
    assert!(repeated > 0);
}

#[test]
fn the_rule_of_a_magnitude_instance_finds_the_sensitive_cells_that_its_maker_states() {
    let instance = kept("e");
    let rule = demand::stated_rule(&instance).unwrap();
    assert_eq!(Some(rule), demand::rule("p%=10"));
    assert_eq!(instance.dominance, Some((2, 85)));
    for (text, sensitive) in [("p%=10", 205), ("nk=2,85", 309)] {
        let demands = demand::demands(&instance, &demand::rule(text).unwrap()).unwrap();
        assert_eq!(demands.iter().flatten().count(), sensitive, "{text}");
        for (total, demand) in instance.counts.iter().zip(demands) {
            assert!(demand.is_none_or(|(least, most)| least < *total && *total < most), "{text}");
        }
    }
    // A contributor who is alone must stay unknown to within a tenth.
    let alone = instance.contributions.iter().position(|list| list.len() == 1).unwrap();
    let demands = demand::demands(&instance, &rule).unwrap();
    let (total, level) = (instance.counts[alone], instance.counts[alone].div_ceil(10));
    assert_eq!(demands[alone], Some((total - level, total + level)));
}

#[test]
fn a_rule_that_is_none_is_refused() {
    for text in ["", "p%", "p%=", "p%=ten", "nk=2", "nk=85", "nk=2,", "pq=1,2", "p%=-1"] {
        assert!(demand::rule(text).is_none(), "{text}");
    }
    let no_percentage = ContributorRule::PPercent { percent: 0 };
    assert!(demand::demands(&kept("e"), &no_percentage).is_err());
    let rule = demand::rule("p%=10").unwrap();
    assert!(demand::demands(&kept("a2"), &rule).is_err(), "counts have no contributors");
}

/// The hash FNV-1a of a file.
fn fingerprint(path: &Path) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    std::fs::read(path).unwrap().iter().fold(0xCBF2_9CE4_8422_2325, mix)
}

#[test]
fn the_generated_instances_are_those_of_the_reference_generator_byte_by_byte() {
    let folder = tempfile::tempdir().unwrap();
    for (name, description, records) in [
        ("d", 0x3CA8_2333_D599_45CD, 0xECE8_1708_3432_1AE6),
        ("million", 0x861E_2A85_99C2_9AB6, 0xD4CB_9124_27E2_A28A),
    ] {
        let (spec, data) = large::generate(name, folder.path()).unwrap();
        assert_eq!(fingerprint(&data), records, "{name}");
        assert_eq!(fingerprint(&spec), description, "{name}");
    }
    let names: BTreeSet<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let expected = ["d.csv", "d.json", "million.csv", "million.json"].map(str::to_owned);
    assert_eq!(names, BTreeSet::from(expected), "nothing is left behind");
    let d = read(&folder.path().join("d.json"), &folder.path().join("d.csv")).unwrap();
    assert_eq!((d.counts.len(), d.equations, small(&d)), (132_000, 93_400, 40_506));
    assert!(large::generate("e", folder.path()).is_err());
}

const SPEC: &str = r#"{
 "variables": {
  "geo": {"leaf": ["H1", "H2"], "parents": {"H1": ["R1"], "H2": ["R1"]}},
  "sex": {"leaf": ["F", "M"]}
 },
 "tables": [["geo", "sex"]]
}"#;

/// What is said about a description and its records, or nothing where they are read.
fn refusal(spec: &str, data: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let (spec_file, data_file) = (folder.path().join("x.json"), folder.path().join("x.csv"));
    std::fs::write(&spec_file, spec).unwrap();
    std::fs::write(&data_file, data).unwrap();
    read(&spec_file, &data_file).err().map(|error| {
        let text = error.to_string();
        text.replace(&*folder.path().to_string_lossy(), "")
    })
}

#[test]
fn records_that_do_not_fit_are_refused_with_their_place_and_without_a_value() {
    assert_eq!(refusal(SPEC, "geo,sex,freq\nH1,F,9\n"), None);
    for (data, place) in [
        ("geo,sex,freq\nH1,F,9\nH777,F,9\n", "x.csv, line 3, column `geo`"),
        ("geo,sex,freq\nR1,F,777\n", "x.csv, line 2, column `geo`"),
        ("geo,sex,freq\nTotal,F,777\n", "x.csv, line 2, column `geo`"),
        ("geo,sex,freq\nH1,F,-777\n", "x.csv, line 2, column `freq`"),
        ("geo,sex,freq\nH1,F,18446744073709551615\nH1,F,1\n", "x.csv, line 3, column `freq`"),
        ("geo,sex,freq\nH1,777\n", "x.csv, line 2"),
        ("geo,freq\nH1,777\n", "column `sex`"),
    ] {
        let said = refusal(SPEC, data).unwrap();
        assert!(said.contains(place), "{said}");
        assert!(!said.contains("777") && !said.contains("18446744073709551615"), "{said}");
    }
}

#[test]
fn a_description_that_is_none_is_refused() {
    let records = "geo,sex,freq\nH1,F,9\n";
    for (was, becomes, said) in [
        (r#""tables""#, r#""tabels""#, "x.json, line 7"),
        (r#"["geo", "sex"]"#, r#"["geo", "age"]"#, "a table names a variable"),
        (r#"["H1", "H2"]"#, r#"["H1", "H1"]"#, "variable `geo`: a leaf stands twice"),
        (r#""H2": ["R1"]"#, r#""H2": ["R1", "H1"]"#, "variable `geo`: a leaf stands above"),
        (r#""H2": ["R1"]"#, r#""H2": ["R2", "R1"]"#, "variable `geo`: a node stands in two places"),
        (r#"["F", "M"]"#, "[]", "variable `sex`: it has no leaves"),
    ] {
        let spec = SPEC.replace(was, becomes);
        assert_ne!(spec, SPEC);
        let refused = refusal(&spec, records).unwrap();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn a_pattern_is_told_on_the_same_lines_and_written_cell_by_cell() {
    let instance = kept("a2");
    let pattern = instance.linked.suppress_by(5, &Method::new(Criterion::Interval)).unwrap();
    let summary = report::summary(&instance, &pattern, Duration::from_millis(12));
    let lines: Vec<(&str, &str)> = summary.lines().map(|line| line.split_at(22)).collect();
    let names: Vec<&str> = lines.iter().map(|(name, _)| name.trim_end()).collect();
    let expected = [
        "cells",
        "equations",
        "primaries",
        "secondaries",
        "hidden sum",
        "seconds to read",
        "seconds to choose",
        "seconds for intervals",
        "proven",
        "narrow (bounded)",
        "worlds",
        "lower bound",
        "proven optimal",
    ];
    assert_eq!(names, expected);
    let figure = |name: &str| lines.iter().find(|line| line.0.trim_end() == name).unwrap().1.trim_start();
    assert!(lines.iter().all(|(_, figure)| figure.len() == 14));
    assert_eq!(["cells", "equations", "primaries"].map(figure), ["200", "65", "40"]);
    assert_eq!(figure("seconds to read"), "0.012");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pattern.csv");
    report::write_pattern(&path, &instance, &pattern).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let header: Vec<&str> = reader.headers().unwrap().iter().collect();
    assert_eq!(header, ["age", "geo", "count", "primary", "suppressed"]);
    let mut hidden_sum = 0;
    let mut number = 0;
    for (cell, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let count: u64 = record[2].parse().unwrap();
        assert_eq!(record.iter().take(2).collect::<Vec<_>>(), instance.labels(cell).collect::<Vec<_>>());
        assert_eq!(count, instance.counts[cell]);
        assert_eq!(&record[3] == "1", (1..5).contains(&count));
        assert_eq!(&record[4] == "1", pattern.hidden()[cell]);
        hidden_sum += if &record[4] == "1" { count } else { 0 };
        number += 1;
    }
    assert_eq!(number, 200);
    assert_eq!(figure("hidden sum"), hidden_sum.to_string());
    assert!(report::write_pattern(&folder.path().join("no folder/x.csv"), &instance, &pattern).is_err());
}
