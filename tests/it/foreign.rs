//! Tables that someone else made: known answers, brute force, percentages, rules, and the programs that audit files.

use std::collections::BTreeSet;
use std::path::Path;

use registat::{Bounds, FeasibleInterval, HoledTables, PrintedNumber, feasible_counts};
use serde_json::Value;

use crate::instances::instance;
use crate::support::Random;

#[path = "../../examples/audit_case/evaluate.rs"]
#[allow(dead_code, reason = "shared with an example")]
mod evaluate;
#[path = "../../examples/audit_table/sheet.rs"]
#[allow(dead_code, reason = "shared with an example")]
mod sheet;
#[path = "../../examples/audit_case/statistics.rs"]
#[allow(dead_code, reason = "shared with an example")]
mod statistics;
#[path = "../../examples/audit_table/tables.rs"]
#[allow(dead_code, reason = "shared with an example")]
mod tables;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const NODES: u64 = 10_000;

fn known(name: &str) -> Value {
    let file = format!("{ROOT}/tests/data/known-answers/{name}.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn worked_out(case: &Value) -> Vec<Value> {
    evaluate::case(case, &Path::new(ROOT).join("tests/data/instances")).1
}

/// The number of results of each known-answer file.
const CASES: [(&str, usize); 14] = [
    ("differencing-recode", 1),
    ("exact-4x4-two-per-line", 2),
    ("fs-investment-3x3", 3),
    ("group-disclosure-marital", 2),
    ("linked-three-way-two-way", 1),
    ("mean-sd-small-n", 1),
    ("ones-block-3x5", 2),
    ("optimum-a2", 2),
    ("percent-one-decimal", 1),
    ("range-2x3-before", 2),
    ("rules-numeric", 5),
    ("zeros-as-secondaries-3x5", 4),
    ("zeros-ones-1", 3),
    ("zeros-ones-3", 3),
];

#[test]
fn every_known_answer_is_worked_out() {
    let folder = format!("{ROOT}/tests/data/known-answers");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let named: BTreeSet<String> = CASES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, named);
    for (name, expected) in CASES {
        let results = worked_out(&known(name));
        assert_eq!(results.len(), expected, "{name}");
        for result in results {
            assert_eq!(result["agrees"], true, "{name}: {result:#}");
        }
    }
}

#[test]
fn a_wrong_expectation_is_contradicted_and_does_not_change_what_is_worked_out() {
    for (name, field, wrong) in [
        ("fs-investment-3x3", "lo", Value::from(6)),
        ("exact-4x4-two-per-line", "hi", Value::from(48)),
        ("differencing-recode", "male", serde_json::json!([6, 0, 9, 5, 8, 4])),
        ("group-disclosure-marital", "row", Value::from("Single")),
    ] {
        let case = known(name);
        let right = worked_out(&case);
        let mut changed = case.clone();
        changed["expect"][0][field] = wrong;
        let made = worked_out(&changed);
        assert_eq!(made[0]["agrees"], false, "{name}");
        assert_eq!(made[0][field], right[0][field], "{name}");
    }
    let mut case = known("percent-one-decimal");
    case["cases"][0]["feasible_counts"] = serde_json::json!([2, 3]);
    assert_eq!(worked_out(&case)[0]["agrees"], false);
    let mut case = known("linked-three-way-two-way");
    case["patterns"]["global"]["exactly_known_from_all_equations"] = serde_json::json!(["old|Total|Total"]);
    assert_eq!(worked_out(&case)[0]["agrees"], false);
}

/// A small random table with margins: inner cells row by row, then row totals, column totals, and the grand total.
struct Small {
    rows: usize,
    columns: usize,
    inner: Vec<i64>,
}

impl Small {
    fn draw(random: &mut Random) -> Self {
        let (rows, columns) = (2 + random.below(2) as usize, 2 + random.below(2) as usize);
        Self { rows, columns, inner: (0..rows * columns).map(|_| random.below(4) as i64).collect() }
    }

    /// Every cell of the table with these inner cells.
    fn all(&self, inner: &[i64]) -> Vec<i64> {
        let at = |row: usize, column: usize| inner[row * self.columns + column];
        let mut all = inner.to_vec();
        for row in 0..self.rows {
            all.push((0..self.columns).map(|column| at(row, column)).sum());
        }
        for column in 0..self.columns {
            all.push((0..self.rows).map(|row| at(row, column)).sum());
        }
        all.push(inner.iter().sum());
        all
    }

    /// The table as it is published, with what is known of each cell.
    fn published(&self, known: &[Bounds]) -> HoledTables {
        let mut tables = HoledTables::new();
        for bounds in known {
            tables.cell(*bounds);
        }
        let inner = self.rows * self.columns;
        let total = inner + self.rows + self.columns;
        for row in 0..self.rows {
            let parts = (0..self.columns).map(|column| row * self.columns + column);
            tables.equation("row total", inner + row, parts).unwrap();
        }
        for column in 0..self.columns {
            let parts = (0..self.rows).map(|row| row * self.columns + column);
            tables.equation("column total", inner + self.rows + column, parts).unwrap();
        }
        tables.equation("total of rows", total, inner..inner + self.rows).unwrap();
        tables.equation("total of columns", total, inner + self.rows..total).unwrap();
        tables
    }

    /// The least and most of every cell over all whole-number worlds that fit, all inner cells adding up to the total.
    fn enumerate(&self, limits: &[(i64, i64)], total: i64) -> Vec<(i64, i64)> {
        let mut seen = vec![(i64::MAX, i64::MIN); limits.len()];
        let mut inner = vec![0; self.inner.len()];
        self.visit(0, total, limits, &mut inner, &mut seen);
        seen
    }

    fn visit(&self, at: usize, left: i64, limits: &[(i64, i64)], inner: &mut [i64], seen: &mut [(i64, i64)]) {
        if at == inner.len() {
            let all = self.all(inner);
            if all.iter().zip(limits).all(|(value, (least, most))| (least..=most).contains(&value)) {
                for (ends, value) in seen.iter_mut().zip(all) {
                    *ends = (ends.0.min(value), ends.1.max(value));
                }
            }
            return;
        }
        for value in limits[at].0..=limits[at].1.min(left) {
            inner[at] = value;
            self.visit(at + 1, left - value, limits, inner, seen);
        }
    }
}

/// Beyond every count of the small tables.
const FAR: i64 = 1_000;

#[test]
fn intervals_over_the_whole_numbers_are_those_of_all_worlds() {
    let mut random = Random::new(7);
    let (mut holes, mut determined) = (0, 0);
    for _ in 0..300 {
        let small = Small::draw(&mut random);
        let truth = small.all(&small.inner);
        let inner = small.inner.len();
        let lower = random.below(2) as i64;
        // Inner cells may be hidden, marked `<5` or rounded; margins may be hidden, but never the grand total.
        let mut limits = Vec::new();
        for (at, value) in truth.iter().copied().enumerate() {
            let chance = random.below(if at < inner { 6 } else { 12 });
            limits.push(match chance {
                0 | 1 if at + 1 < truth.len() && value >= lower => (lower, FAR),
                2 if at < inner && (1..5).contains(&value) => (1, 4),
                3 if at < inner => ((value - 1).max(0), value + 1),
                _ => (value, value),
            });
        }
        let known: Vec<Bounds> = limits
            .iter()
            .map(|(least, most)| match *most {
                FAR => Bounds::at_least(*least),
                most => Bounds::between(*least, most).unwrap(),
            })
            .collect();
        let tables = small.published(&known);
        let worlds = small.enumerate(&limits, *truth.last().unwrap());
        let real = tables.feasible().unwrap();
        let whole = tables.feasible_whole(NODES).unwrap();
        assert_eq!(real.len(), whole.len());
        for (real, whole) in real.iter().zip(&whole) {
            let (least, most) = worlds[whole.cell()];
            holes += 1;
            assert!(whole.is_whole() && !real.is_whole() && real.cell() == whole.cell());
            assert_eq!((whole.lo(), whole.hi()), (least as f64, Some(most as f64)));
            assert!(real.lo() <= whole.lo() && real.hi().unwrap() >= whole.hi().unwrap());
            assert_eq!(whole.only_whole_number(), (least == most).then_some(least));
        }
        for cell in tables.determined_by_equations().unwrap() {
            determined += 1;
            assert_eq!(worlds[cell], (truth[cell], truth[cell]));
        }
    }
    assert!(holes > 600 && determined > 50, "{holes} {determined}");
}

#[test]
fn whole_numbers_can_leave_less_than_real_ones_or_nothing() {
    // 2x + 3y = 7 has one world in whole numbers, (2, 1); 2x + 2y = 5 has none.
    let mut tables = HoledTables::new();
    let cells = [tables.cell(Bounds::HOLE), tables.cell(Bounds::HOLE)];
    tables.relation("weighted", [(cells[0], 2), (cells[1], 3)], Some(7), Some(7)).unwrap();
    let real = tables.feasible().unwrap();
    assert_eq!((real[0].lo(), real[0].hi()), (0.0, Some(3.5)));
    assert_eq!((real[1].lo(), real[1].hi().map(|hi| (hi * 3.0).round())), (0.0, Some(7.0)));
    let whole = tables.feasible_whole(NODES).unwrap();
    assert!(whole[0].only_whole_number() == Some(2) && whole[1].only_whole_number() == Some(1));
    let mut tables = HoledTables::new();
    let cells = [tables.cell(Bounds::HOLE), tables.cell(Bounds::HOLE)];
    tables.relation("even sum", [(cells[0], 2), (cells[1], 2)], Some(5), Some(5)).unwrap();
    assert!(tables.feasible().is_ok());
    assert!(tables.feasible_whole(NODES).unwrap_err().to_string().contains("even sum"));
}

#[test]
fn what_nothing_limits_is_said_to_have_no_end() {
    let mut tables = HoledTables::new();
    let whole = tables.cell(Bounds::HOLE);
    let parts = [tables.cell(Bounds::exactly(7)), tables.cell(Bounds::POSITIVE_HOLE)];
    let alone = tables.cell(Bounds::at_least(2));
    tables.equation("total", whole, parts).unwrap();
    for found in [tables.feasible().unwrap(), tables.feasible_whole(NODES).unwrap()] {
        let ends: Vec<(usize, f64, Option<f64>)> =
            found.iter().map(|one| (one.cell(), one.lo(), one.hi())).collect();
        assert_eq!(ends, [(whole, 8.0, None), (parts[1], 1.0, None), (alone, 2.0, None)]);
        assert!(found.iter().all(|one| one.only_whole_number().is_none() && !one.is_point()));
    }
}

#[test]
fn a_percentage_of_a_hidden_number_bounds_both() {
    // 5,4 % of a denominator between 30 and 40, every count of them tried.
    let percent = PrintedNumber::parse("5,4").unwrap();
    let mut tables = HoledTables::new();
    let count = tables.cell(Bounds::HOLE);
    let of = tables.cell(Bounds::between(30, 40).unwrap());
    tables.percentage("share", count, of, percent).unwrap();
    let pairs: Vec<(u64, u64)> =
        (30..=40).flat_map(|n| feasible_counts(n, percent).map(move |count| (count, n))).collect();
    let found = tables.feasible_whole(NODES).unwrap();
    let ends = |numbers: Vec<u64>| {
        (*numbers.iter().min().unwrap() as f64, Some(*numbers.iter().max().unwrap() as f64))
    };
    let of_pairs =
        [ends(pairs.iter().map(|pair| pair.0).collect()), ends(pairs.iter().map(|pair| pair.1).collect())];
    for (interval, expected) in found.iter().zip(of_pairs) {
        assert_eq!((interval.lo(), interval.hi()), expected);
    }
    assert_eq!(found[count].only_whole_number(), Some(2), "5.4 % of 37 is 2");
}

#[test]
fn what_a_mark_says_narrows_the_holes_of_others() {
    // 9 = a + b: anything; with a marked as 1 to 4, b is 5 to 8; with both so marked there is no world.
    let build = |marks: [Bounds; 2]| {
        let mut tables = HoledTables::new();
        let whole = tables.cell(Bounds::exactly(9));
        let parts = marks.map(|bounds| tables.cell(bounds));
        tables.equation("row of Bodø", whole, parts).unwrap();
        tables.feasible_whole(NODES)
    };
    let ends = |found: &[FeasibleInterval]| -> Vec<(f64, Option<f64>)> {
        found.iter().map(|one| (one.lo(), one.hi())).collect()
    };
    let primary = Bounds::between(1, 4).unwrap();
    assert_eq!(ends(&build([Bounds::HOLE; 2]).unwrap()), [(0.0, Some(9.0)); 2]);
    assert_eq!(ends(&build([primary, Bounds::HOLE]).unwrap()), [(1.0, Some(4.0)), (5.0, Some(8.0))]);
    let error = build([primary; 2]).unwrap_err();
    assert!(error.is_specification() && error.to_string().contains("row of Bodø"));
    assert!(!error.to_string().contains(|letter: char| letter.is_ascii_digit()));
}

#[test]
fn equations_that_only_together_have_no_world_are_named() {
    let mut tables = HoledTables::new();
    let holes = [0; 3].map(|_| tables.cell(Bounds::HOLE));
    let six = tables.cell(Bounds::exactly(6));
    let pairs = [[0, 1], [1, 2], [0, 2]];
    for (name, pair) in ["first", "second", "third"].into_iter().zip(pairs) {
        tables.equation(name, six, pair.map(|at| holes[at])).unwrap();
    }
    assert_eq!(tables.determined_by_equations().unwrap(), holes);
    assert!(tables.feasible().unwrap().iter().all(|hole| hole.only_whole_number() == Some(3)));
    // A fourth equation that all three together exclude.
    let seven = tables.cell(Bounds::exactly(7));
    tables.equation("all of them", seven, holes).unwrap();
    for error in [tables.feasible().unwrap_err(), tables.determined_by_equations().unwrap_err()] {
        assert!(error.is_specification(), "{error}");
        assert!(error.to_string().contains("no numbers fit"), "{error}");
    }
}

#[test]
fn wrong_relations_are_refused_without_a_number() {
    let mut tables = HoledTables::new();
    let cells = [tables.cell(Bounds::HOLE), tables.cell(Bounds::HOLE)];
    for parts in [vec![cells[1], cells[1]], vec![cells[0]], vec![17]] {
        let error = tables.equation("sum", cells[0], parts).unwrap_err();
        assert!(error.is_specification());
        assert!(!error.to_string().contains(|letter: char| letter.is_ascii_digit()));
    }
    assert!(tables.relation("sum", [(cells[0], i64::MAX)], None, Some(1)).is_err());
    tables.cell(Bounds::exactly(i64::MAX));
    assert!(tables.feasible().is_err() && tables.determined_by_equations().is_err());
    assert_eq!(format!("{tables:?}"), "HoledTables(3 cells, 0 relations)");
}

#[test]
fn files_that_are_safe_alone_are_not_when_they_are_linked() {
    let read = |description: tables::Description| {
        let linked = description.link(&sheet::Marks::default()).unwrap();
        let found = linked.tables.feasible_whole(NODES).unwrap();
        let known: Vec<(String, i64)> = found
            .iter()
            .filter_map(|hole| Some((hole.cell(), hole.only_whole_number()?)))
            .map(|(cell, number)| (tables::name(&linked.cells[cell].key), number))
            .collect();
        (found.len(), known)
    };
    let folder = Path::new(ROOT).join("data-samples/audit");
    let alone = tables::Description::of_one(&folder.join("hospitals_by_age.csv"), &[], &[]);
    assert_eq!(read(alone), (8, Vec::new()));
    let both = tables::Description::read(&folder.join("tables.toml")).unwrap();
    let (holes, known) = read(both);
    assert_eq!(holes, 8);
    let expected = [
        ("age under 40, place Alta", 12),
        ("age 65 og over, place Alta", 3),
        ("age under 40, place Mandal", 11),
        ("age 65 og over, place Mandal", 7),
    ];
    assert_eq!(known, expected.map(|(name, number)| (name.to_owned(), number)));
}

#[test]
fn a_file_whose_numbers_contradict_each_other_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.csv");
    let link = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let description = tables::Description::of_one(&file, &[], &[]);
        description.link(&sheet::Marks::default()).map_err(|error| error.to_string())
    };
    let linked = link("place,a,b,total\nx,1,2,4\ny,*,4,5\ntotal,2,6,9\n").unwrap();
    let error = linked.tables.feasible().unwrap_err().to_string();
    assert!(error.contains("row x"), "{error}");
    for (text, expected) in [
        ("place;a;b\nx;1\n", "line 2"),
        ("place;a;a\nx;1;2\n", "`a`"),
        ("place;a;b\nx;1;none\n", "row `x`, column `b`"),
        ("place;a;b\nx;1;2,5\n", "row `x`, column `b`"),
        ("place;a;b\n", "no row"),
        ("place\n", "no semicolon"),
    ] {
        let error = link(text).err().unwrap();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
