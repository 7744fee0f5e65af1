//! Linked tables made elsewhere: known answers, and the patterns chosen for a benchmark instance.

use std::collections::HashMap;

use registat::{Criterion, LinkedCells};
use serde_json::Value;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

struct Case {
    names: Vec<String>,
    status: Vec<String>,
    cells: LinkedCells,
    json: Value,
}

fn case(name: &str) -> Case {
    let json: Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{DATA}/known-answers/{name}.json")).unwrap())
            .unwrap();
    let list = json["cells"].as_array().unwrap();
    let text = |cell: &Value, key: &str| cell[key].as_str().unwrap().to_owned();
    let names: Vec<String> = list.iter().map(|cell| text(cell, "id")).collect();
    let status = list.iter().map(|cell| text(cell, "status")).collect();
    let number: HashMap<&str, usize> =
        names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut cells = LinkedCells::new(list.iter().map(|cell| cell["value"].as_f64().unwrap() as u64));
    for equation in json["equations"].as_array().unwrap() {
        let parts = equation["parts"].as_array().unwrap().iter().map(|part| number[part.as_str().unwrap()]);
        cells.equation(number[equation["total"].as_str().unwrap()], parts.collect::<Vec<_>>()).unwrap();
    }
    Case { names, status, cells, json }
}

impl Case {
    fn exposed(&self, hidden: impl Fn(usize) -> bool, zeros_known: bool) -> Vec<&str> {
        let flags: Vec<bool> = (0..self.names.len()).map(hidden).collect();
        let exposed = self.cells.exposed(&flags, zeros_known);
        exposed.into_iter().map(|cell| self.names[cell].as_str()).collect()
    }
}

#[test]
fn a_cell_is_exposed_exactly_where_the_known_interval_holds_one_whole_number() {
    let (mut exact, mut open) = (0, 0);
    for name in [
        "exact-4x4-two-per-line",
        "fs-investment-3x3",
        "ones-block-3x5",
        "range-2x3-before",
        "zeros-as-secondaries-3x5",
        "zeros-ones-1",
        "zeros-ones-3",
    ] {
        let case = case(name);
        for expectation in case.json["expect"].as_array().unwrap() {
            if expectation["type"] == "linear_exact" {
                let exposed = case.exposed(|cell| case.status[cell] != "published", false);
                for cell in expectation["cells"].as_array().unwrap() {
                    assert!(exposed.contains(&cell.as_str().unwrap()), "{name} {cell}");
                }
                continue;
            }
            assert_eq!(expectation["type"], "interval");
            let zeros_known = expectation["lower"].as_f64() == Some(1.0);
            let exposed = case.exposed(|cell| case.status[cell] != "published", zeros_known);
            let whole =
                expectation["hi"].as_f64().unwrap().floor() - expectation["lo"].as_f64().unwrap().ceil();
            let cell = expectation["cell"].as_str().unwrap();
            assert_eq!(exposed.contains(&cell), whole < 1.0, "{name} {cell}");
            *(if whole < 1.0 { &mut exact } else { &mut open }) += 1;
        }
    }
    assert!(exact >= 7 && open >= 6, "{exact} {open}");
}

#[test]
fn published_patterns_of_linked_tables_are_broken_where_they_are_known_to_be() {
    let case = case("linked-three-way-two-way");
    let mut broken = 0;
    for (name, pattern) in case.json["patterns"].as_object().unwrap() {
        let listed = |key: &str| -> Vec<String> {
            let list = pattern[key].as_array().into_iter().flatten();
            list.map(|cell| cell.as_str().unwrap().to_owned()).collect()
        };
        let secondary = listed("secondary");
        let hidden = |cell: usize| case.status[cell] == "primary" || secondary.contains(&case.names[cell]);
        let exposed = case.exposed(hidden, false);
        for known in listed("exactly_known_from_all_equations") {
            assert!(exposed.contains(&known.as_str()), "{name}: {known}");
            broken += 1;
        }
    }
    assert!(broken > 0);
}

/// The instance `a2`: 20 hospitals in 4 regions by 7 age groups, 200 cells of which 40 are small.
fn a2() -> LinkedCells {
    let mut reader = csv::Reader::from_path(format!("{DATA}/instances/a2.csv")).unwrap();
    let rows: Vec<(String, String, String, u64)> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[0].into(), row[1].into(), row[2].into(), row[3].parse().unwrap()))
        .collect();
    let mut hospitals: Vec<(String, String)> =
        rows.iter().map(|row| (row.0.clone(), row.1.clone())).collect();
    hospitals.sort();
    hospitals.dedup();
    let mut regions: Vec<String> = hospitals.iter().map(|(region, _)| region.clone()).collect();
    regions.dedup();
    let mut ages: Vec<String> = rows.iter().map(|row| row.2.clone()).collect();
    ages.sort();
    ages.dedup();
    // Places: hospitals, then regions, then everywhere; ages, then all ages.
    let places = hospitals.len() + regions.len() + 1;
    let columns = ages.len() + 1;
    let mut counts = vec![0; places * columns];
    for (region, hospital, age, frequency) in &rows {
        let at_hospital = hospitals.iter().position(|known| known.1 == *hospital).unwrap();
        let at_region = hospitals.len() + regions.iter().position(|known| known == region).unwrap();
        let at_age = ages.iter().position(|known| known == age).unwrap();
        for place in [at_hospital, at_region, places - 1] {
            counts[place * columns + at_age] += frequency;
            counts[place * columns + columns - 1] += frequency;
        }
    }
    let mut cells = LinkedCells::new(counts);
    for place in 0..places {
        let parts: Vec<usize> = (0..columns - 1).map(|age| place * columns + age).collect();
        cells.equation(place * columns + columns - 1, parts).unwrap();
    }
    for column in 0..columns {
        for (number, region) in regions.iter().enumerate() {
            let within = hospitals.iter().enumerate().filter(|(_, known)| known.0 == *region);
            let parts: Vec<usize> = within.map(|(hospital, _)| hospital * columns + column).collect();
            cells.equation((hospitals.len() + number) * columns + column, parts).unwrap();
        }
        let parts: Vec<usize> =
            (0..regions.len()).map(|region| (hospitals.len() + region) * columns + column).collect();
        cells.equation((places - 1) * columns + column, parts).unwrap();
    }
    cells
}

#[test]
fn the_proven_smallest_pattern_of_a_benchmark_instance_is_found() {
    let pattern = a2().suppress(5, Criterion::Exact).unwrap();
    assert_eq!(pattern.primary().count(), 40);
    assert_eq!(pattern.secondary().count(), 8, "proven minimum");
}

#[test]
fn under_the_interval_criterion_no_small_cell_is_narrow_or_exposed() {
    let cells = a2();
    let pattern = cells.suppress(5, Criterion::Interval).unwrap();
    assert!(pattern.narrow().is_empty() && pattern.worlds() > 0);
    // The proven minimum is 11; the best of the established tools that leaves none narrow hides 15.
    assert!((11..=14).contains(&pattern.secondary().count()));
    let exposed = cells.exposed(pattern.hidden(), false);
    assert!(pattern.primary().all(|cell| !exposed.contains(&cell)));
}

#[test]
fn the_same_cells_give_the_same_pattern() {
    let pattern = || a2().suppress(5, Criterion::Interval).unwrap().hidden().to_vec();
    let here = pattern();
    assert_eq!(here, std::thread::spawn(pattern).join().unwrap());
}

#[test]
fn equations_that_cannot_be_are_refused_without_a_number() {
    let mut cells = LinkedCells::new([1, 2, 3]);
    for (whole, parts) in [(2, vec![0, 0]), (2, vec![0, 7]), (1, vec![0, 2]), (2, vec![2])] {
        let error = cells.equation(whole, parts).unwrap_err();
        assert!(
            error.is_specification() && !error.to_string().contains(|letter: char| letter.is_ascii_digit())
        );
    }
}

#[test]
fn a_threshold_that_protects_nobody_and_counts_beyond_measure_are_refused() {
    for threshold in [0, 1] {
        for criterion in [Criterion::Exact, Criterion::Interval] {
            assert!(a2().suppress(threshold, criterion).err().unwrap().is_specification());
        }
    }
    let mut cells = LinkedCells::new([u64::MAX, 1, 0]);
    assert!(cells.equation(2, [0, 1]).unwrap_err().is_specification());
}
