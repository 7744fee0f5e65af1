//! Certificates that lie: every field of one is changed in every way, and the verifier must say no.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::certificate::{Certificate, Parts, PrintedPlace, Shows, certify};
use super::claim::{Claim, Status};
use super::readers_inside::{KnownInside, ReadersInside};
use super::release::{Cell, Column, Heading, Printed, ReleasedChart, ReleasedTable, Row, State};
use super::system::{Line, System};
use super::verify::verify;
use super::world::Move;
use crate::schema::{Axis, ChartKind, Head, Label, RowKind};

/// What a release is as JSON: all of it but the audit, which is never written.
#[derive(Serialize)]
struct Written {
    heading: Heading,
    tables: Vec<ReleasedTable>,
    charts: Vec<ReleasedChart>,
}

pub(super) fn written(threshold: u64, tables: Vec<ReleasedTable>, charts: Vec<ReleasedChart>) -> String {
    let label = || Label::same("register");
    let (register, credit, population) = (label(), label(), label());
    let policy = "a policy".to_owned();
    let heading = Heading { register, credit, population, extracted: None, threshold, policy };
    serde_json::to_string(&Written { heading, tables, charts }).unwrap()
}

pub(super) fn table(id: &str, rows: Vec<Vec<State>>) -> ReleasedTable {
    let columns = rows.first().map_or(0, Vec::len);
    let column = Column { group: None, statistic: None, head: Head::Courses };
    let row = |cells: Vec<State>| Row {
        label: Label::same("row"),
        kind: RowKind::Item,
        depth: 0,
        cells: cells.into_iter().map(Cell).collect(),
    };
    ReleasedTable {
        id: id.to_owned(),
        title: Label::same(id),
        stub: Label::same(""),
        notes: Vec::new(),
        columns: vec![column; columns],
        rows: rows.into_iter().map(row).collect(),
    }
}

fn chart(data: ReleasedTable) -> ReleasedChart {
    let axis = Axis { label: Label::same("%"), lower: 0.0, upper: 100.0, percent: true, decimals: 1 };
    ReleasedChart { kind: ChartKind::UnitIndicator, data, axis, goal: None, series: Vec::new() }
}

pub(super) fn count(number: u64) -> State {
    State::Shown(Printed::Count(number))
}

pub(super) fn percent(value: f64, decimals: u8) -> State {
    State::Shown(Printed::Percent { value, decimals })
}

fn range(lower: f64, upper: f64, percent: bool) -> State {
    State::Shown(Printed::Range { lower, upper, decimals: 1, percent })
}

pub(super) fn place(sheet: &str, row: usize, column: usize, shows: Shows) -> PrintedPlace {
    PrintedPlace { sheet: sheet.to_owned(), row, column, shows }
}

pub(super) fn moved(changes: &[(usize, i64)]) -> Move {
    Move { changes: changes.iter().copied().collect() }
}

fn is_accepted(release: &str, certificate: &Value) -> bool {
    let certificate = Certificate::from_json(&certificate.to_string());
    certificate.is_ok_and(|certificate| verify(release, &certificate).is_ok())
}

/// Three units (0, 1, 2) and everyone (3); not answered and answered (4, 5); yes and no (6, 7); of yes, a small unit and the
/// rest (8, 9). The first two units are hidden, and so is the number behind the printed share of yes.
fn example() -> (String, Certificate) {
    let counts = [2, 109, 1100, 1211, 3, 1208, 403, 808, 3, 400];
    let line = |whole: usize, parts: &[usize]| Line { whole, parts: parts.to_vec() };
    let lines = vec![line(3, &[0, 1, 2]), line(3, &[4, 5]), line(3, &[6, 7]), line(6, &[8, 9])];
    let mean = State::Shown(Printed::Number { value: 35.5, decimals: 1 });
    let rows = vec![
        vec![State::Protected; 3],
        vec![State::Protected, State::Unreliable, State::NotApplicable],
        vec![count(1100), count(1090), mean],
        vec![count(1211), count(1199), range(22.0, 48.0, false)],
    ];
    let drawn = vec![
        vec![percent(33.0, 0), count(1211), State::LowCoverage],
        vec![percent(33.0, 1), count(1208), range(30.4, 35.7, true)],
    ];
    let release = written(5, vec![table("counts", rows)], vec![chart(table("yes", drawn))]);
    let printed = vec![
        place("counts", 2, 0, Shows::Count { of: 2 }),
        place("counts", 2, 1, Shows::Patients { of: 2 }),
        place("counts", 2, 2, Shows::Other { rests_on: vec![2] }),
        place("counts", 3, 0, Shows::Count { of: 3 }),
        place("counts", 3, 1, Shows::Patients { of: 3 }),
        place("counts", 3, 2, Shows::Other { rests_on: vec![3] }),
        place("yes", 0, 0, Shows::Share { of: 6, among: 3, decimals: 0 }),
        place("yes", 0, 1, Shows::Count { of: 3 }),
        place("yes", 1, 0, Shows::Share { of: 9, among: 3, decimals: 1 }),
        place("yes", 1, 1, Shows::Count { of: 5 }),
        place("yes", 1, 2, Shows::Other { rests_on: vec![3, 9] }),
    ];
    let claim = |variable, low, high, status| Claim { variable, least: 1, most: 4, low, high, status };
    let known = [2, 3, 5, 9];
    let unknown: Vec<bool> = (0..counts.len()).map(|set| !known.contains(&set)).collect();
    let certificate = certify(Parts {
        system: &System::of_counts(&counts, lines),
        unknown: &unknown,
        lower: &[1, 1, 1, 1, 0, 1, 1, 0, 1, 1],
        // The last world changes the number behind a share so little that the share stays 33 %.
        worlds: &[moved(&[(0, -1), (1, 1)]), moved(&[(0, 2), (1, -2)]), moved(&[(6, 1), (7, -1), (8, 1)])],
        claims: &[claim(0, Some(0), Some(1), Status::Proven), claim(8, None, Some(2), Status::Bounded)],
        printed,
        threshold: 5,
        release_json: release.as_bytes(),
        // The third unit, which has 300 of those who said yes, and any two patients.
        inside: ReadersInside {
            insiders: vec![KnownInside { known: vec![2], own: vec![(6, 300), (7, 790)] }],
            respondents: 2,
            patients: vec![2, 109, 1090, 1199, 3, 1197, 403, 798, 3, 400],
            members: vec![(0, vec![0, 1])],
        },
    });
    (release, certificate)
}

/// The lies that are accepted, because what is claimed stays true and proven by the same worlds:
const HARMLESS: [&str; 52] = [
    // A claim says less than was shown, or demands more than is needed without saying that it is met.
    "/claims/1/high 2 -> null",
    "/claims/1/least 1 -> 0",
    // The reader is said to know one equation less. The worlds were made for a reader who knows it.
    "/equations/0 dropped",
    "/equations/1 dropped",
    "/equations/2 dropped",
    "/equations/3 dropped",
    // A reader inside is said to know less, or of another set, or that a set has other members or patients, and the worlds hold
    // for that reader, too.
    "/inside/insiders/0 doubled",
    "/inside/insiders/0 dropped",
    "/inside/insiders/0/known/0 2 -> 3",
    "/inside/insiders/0/known/0 dropped",
    "/inside/insiders/0/own/0 dropped",
    "/inside/insiders/0/own/0/0 6 -> 5",
    "/inside/insiders/0/own/0/1 300 -> 299",
    "/inside/insiders/0/own/0/1 300 -> 301",
    "/inside/insiders/0/own/1 dropped",
    "/inside/insiders/0/own/1/1 790 -> 789",
    "/inside/insiders/0/own/1/1 790 -> 791",
    "/inside/members/0/1/1 1 -> 1001",
    "/inside/members/0/1/1 1 -> 2",
    "/inside/patients/1 109 -> 108",
    "/inside/patients/2 1090 -> 1089",
    "/inside/patients/2 1090 -> 1091",
    "/inside/patients/3 1199 -> 1198",
    "/inside/patients/3 1199 -> 1200",
    "/inside/patients/5 1197 -> 1196",
    "/inside/patients/5 1197 -> 1198",
    "/inside/patients/6 403 -> 402",
    "/inside/patients/7 798 -> 797",
    "/inside/patients/7 798 -> 799",
    "/inside/patients/9 400 -> 399",
    // The reader is said to take an unknown set for less, or for no more than it counts in every world.
    "/lower/0 1 -> 0",
    "/lower/1 1 -> 0",
    "/lower/1 1 -> 2",
    "/lower/4 0 -> 1",
    "/lower/6 1 -> 0",
    "/lower/6 1 -> 2",
    "/lower/6 swapped with the next",
    "/lower/7 0 -> 1",
    "/lower/7 swapped with the next",
    "/lower/8 1 -> 0",
    "/lower/8 1 -> 2",
    // A printed number is said to follow from public sets in another way. They are public all the same, so no world may
    // change them.
    "/printed/0/shows/count -> patients",
    "/printed/1/shows/patients/of 2 -> 3",
    "/printed/10/shows/other/rests_on/0 3 -> 2",
    "/printed/10/shows/other/rests_on/0 dropped",
    "/printed/10/shows/other/rests_on/1 dropped",
    "/printed/2/shows/other/rests_on/0 2 -> 3",
    "/printed/3/shows/count -> patients",
    "/printed/5/shows/other/rests_on/0 3 -> 2",
    "/printed/7/shows/count -> patients",
    "/printed/9/shows/count -> patients",
    // A world stands twice, the second time under a number that no claim names.
    "/worlds/2 doubled",
];

/// What a certificate calls the kinds of places.
const KINDS: [&str; 4] = ["count", "patients", "share", "other"];

/// Every change of one thing: numbers off by one and far off, other texts, parts left out, doubled, added and swapped.
fn tamperings(path: &str, value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    match value {
        Value::Null => found.extend([0, 1].map(|other| (format!("{path} null -> {other}"), json!(other)))),
        Value::Bool(_) => {}
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            for other in [number + 1, number - 1, number + 1000] {
                found.push((format!("{path} {number} -> {other}"), json!(other)));
            }
            found.push((format!("{path} {number} -> null"), Value::Null));
        }
        Value::String(text) => {
            found.push((format!("{path} other text"), json!(format!("{text}x"))));
            let other = if text == "proven" { "bounded" } else { "proven" };
            found.push((format!("{path} other status"), json!(other)));
        }
        Value::Array(list) => {
            for (at, part) in list.iter().enumerate() {
                let mut changed = list.clone();
                changed.remove(at);
                found.push((format!("{path}/{at} dropped"), Value::Array(changed)));
                let mut changed = list.clone();
                changed.insert(at, part.clone());
                found.push((format!("{path}/{at} doubled"), Value::Array(changed)));
                if list.get(at + 1).is_some_and(|next| next != part) {
                    let mut changed = list.clone();
                    changed.swap(at, at + 1);
                    found.push((format!("{path}/{at} swapped with the next"), Value::Array(changed)));
                }
                for (what, part) in tamperings(&format!("{path}/{at}"), part) {
                    let mut changed = list.clone();
                    changed[at] = part;
                    found.push((what, Value::Array(changed)));
                }
            }
        }
        Value::Object(map) => {
            let with = |changes: &[(&String, &Value)]| {
                let mut changed = map.clone();
                changed.extend(changes.iter().map(|(key, part)| ((*key).clone(), (*part).clone())));
                Value::Object(changed)
            };
            found.push((format!("{path} with one key more"), with(&[(&"more".to_owned(), &json!(1))])));
            for (key, part) in map {
                let mut changed = map.clone();
                changed.remove(key);
                found.push((format!("{path}/{key} dropped"), Value::Object(changed)));
                if map.len() == 1 {
                    for kind in KINDS.into_iter().filter(|kind| *kind != key) {
                        found.push((format!("{path}/{key} -> {kind}"), json!({ kind: part })));
                    }
                }
                for (other, its_part) in
                    map.iter().filter(|(other, its_part)| *other > key && *its_part != part)
                {
                    let swapped = with(&[(key, its_part), (other, part)]);
                    found.push((format!("{path} {key} and {other} swapped"), swapped));
                }
                for (what, part) in tamperings(&format!("{path}/{key}"), part) {
                    found.push((what, with(&[(key, &part)])));
                }
            }
        }
    }
    found
}

#[test]
fn an_honest_certificate_verifies() {
    let (release, certificate) = example();
    let verified = verify(&release, &certificate).unwrap();
    assert_eq!((verified.proven, verified.bounded, verified.unclaimed), (1, 1, 1));
    assert_eq!((verified.worlds, verified.cells), (3, 11));
    assert_eq!((verified.insider_checks, verified.respondents), (2, 2));
}

#[test]
fn every_single_lie_is_rejected_but_for_those_that_harm_nobody() {
    let (release, certificate) = example();
    let honest: Value = serde_json::from_str(&certificate.to_json()).unwrap();
    assert!(is_accepted(&release, &honest));
    let lies = tamperings("", &honest);
    assert!(lies.len() > 900, "{}", lies.len());
    assert!(lies.iter().all(|(_, lie)| *lie != honest));
    let accepted: BTreeSet<String> =
        lies.into_iter().filter(|(_, lie)| is_accepted(&release, lie)).map(|(what, _)| what).collect();
    let harmless: BTreeSet<String> = HARMLESS.into_iter().map(str::to_owned).collect();
    assert_eq!(accepted, harmless);
}

#[test]
fn a_release_that_shows_more_less_or_something_else_is_rejected() {
    let (release, certificate) = example();
    let honest: Value = serde_json::from_str(&certificate.to_json()).unwrap();
    for (there, instead) in [
        ("{\"Count\":1211}", "{\"Count\":1212}"),
        ("{\"Count\":1199}", "{\"Count\":1212}"),
        ("{\"value\":33.0,\"decimals\":0}", "{\"value\":34.0,\"decimals\":0}"),
        ("{\"value\":33.0,\"decimals\":0}", "{\"value\":33.0,\"decimals\":1}"),
        ("{\"value\":33.0,\"decimals\":1}", "{\"value\":33.04,\"decimals\":1}"),
        ("{\"Shown\":{\"Count\":1208}}", "\"Protected\""),
        ("\"LowCoverage\"", "{\"Shown\":{\"Count\":3}}"),
        ("\"Unreliable\"", "{\"Told\":{\"Count\":109}}"),
        ("\"id\":\"yes\"", "\"id\":\"no\""),
        ("\"id\":\"yes\"", "\"id\":\"counts\""),
        ("\"threshold\":5", "\"threshold\":4"),
        ("\"charts\":", "\"pictures\":"),
    ] {
        let other = release.replacen(there, instead, 1);
        assert_ne!(other, release, "{there} is not there");
        assert!(!is_accepted(&other, &honest), "the hash is of another release");
        let mut about_it = honest.clone();
        about_it["release"] = json!(blake3::hash(other.as_bytes()).to_hex().to_string());
        assert!(!is_accepted(&other, &about_it), "{there} -> {instead}");
    }
}

#[test]
fn a_refusal_names_places_worlds_and_claims_by_number_and_no_count() {
    let (release, certificate) = example();
    let message = |change: fn(&mut Certificate)| {
        let mut lie = certificate.clone();
        change(&mut lie);
        let error = verify(&release, &lie).unwrap_err();
        assert!(error.is_audit());
        error.to_string()
    };
    let missing = message(|lie| drop(lie.printed.remove(3)));
    assert_eq!(missing, "place 3 is not the next one that the release shows");
    let count = message(|lie| lie.printed[3].shows = Shows::Count { of: 5 });
    assert_eq!(count, "place 3 (`counts`, row 3, column 0) does not hold in the true world");
    let share = message(|lie| lie.worlds[2] = vec![(6, 9), (7, -9), (8, 9)]);
    assert_eq!(share, "place 6 (`yes`, row 0, column 0) does not hold in world 2");
    let equation = message(|lie| lie.worlds[1] = vec![(0, 2), (1, -1)]);
    assert_eq!(equation, "equation 0 does not hold in world 1");
    let public = message(|lie| lie.worlds[1] = vec![(0, 2), (2, -2)]);
    assert_eq!(public, "set 2 cannot be so in world 1");
    let claim = message(|lie| lie.claims[1].high = Some(0));
    assert_eq!(claim, "claim 1 is not shown");
    let silence = message(|lie| {
        lie.claims.remove(1);
    });
    assert_eq!(silence, "the small sets without a claim are not those named");
    // All worlds about the first unit change the second, too.
    let unit = message(|lie| lie.inside.insiders[0].known = vec![1, 2]);
    assert_eq!(unit, "claim 0 is not shown to insider 0");
    let own = message(|lie| lie.inside.insiders[0].own[1].1 = 808);
    assert_eq!(own, "claim 1 is not shown to insider 0");
    let respondent = message(|lie| {
        lie.inside.patients[7] = 2;
        lie.inside.members.push((7, vec![1, 2]));
    });
    assert_eq!(respondent, "claim 1 is not shown to respondents");
    // Of the second unit one patient is another's, who has one record at least: the others' may be a coalition's.
    let records = message(|lie| lie.inside.patients[1] = 3);
    assert_eq!(records, "claim 0 is not shown to respondents");
    let unlisted = message(|lie| lie.inside.patients[7] = 2);
    assert_eq!(unlisted, "the members listed are not those of the sets that respondents make up");
}
