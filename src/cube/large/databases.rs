//! The query against the databases that are there: each must count every cell as our own pass does, to the last byte.

use std::path::Path;
use std::process::Command;

use polars::prelude::{DataFrame, DataType, df};

use super::tests::{codebook, cohort, flat, plan};
use super::*;
use crate::cohort::{Condition, Time};
use crate::cube::{Plan, Table, count, dim, mean};
use crate::error::Error;
use crate::{Amount, Label, share};

/// Every kind of condition, of whole scores and of fractions.
fn conditions() -> Plan {
    let improved = Condition::improved("pain_rest", Amount::whole(2), (Time::BASELINE, Time::months(6)));
    let low = Condition::AtMost {
        instrument: "pain_rest".to_owned(),
        points: Amount::whole(3),
        times: vec![Time::BASELINE, Time::months(6)],
    };
    let either = Condition::Any(vec![
        Condition::Not(Box::new(Condition::level("sex", [2]))),
        Condition::Among {
            holds: Box::new(low.clone()),
            of: Box::new(Condition::Answered { at: Time::months(6) }),
        },
    ]);
    let percent = Condition::Improved {
        instrument: "odi".to_owned(),
        at_least: None,
        percent: Some(Amount::whole(30)),
        times: (Time::BASELINE, Time::months(12)),
    };
    Plan::new().table(
        Table::new("conditions")
            .rows(dim("age").bands([18, 40, 60]).total())
            .cols(dim("sex"))
            .stat(count())
            .stat(share(improved).labelled(Label::same("improved")))
            .stat(share(percent).labelled(Label::same("percent")))
            .stat(share(low).labelled(Label::same("low")))
            .stat(share(either).labelled(Label::same("either")))
            .stat(mean("pain_rest").at(Time::months(6)))
            .stat(mean("eq5d").at(Time::BASELINE)),
    )
}

/// What our own pass counts and what a database counts of the same table, as files.
fn both(
    plan: Plan,
    dialect: SqlDialect,
    ask: impl Fn(&Path, &DataFrame, &dyn Fn(&str) -> String) -> Option<DataFrame>,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let counting = LargeCohort::new(codebook()).one_course_per_patient().count(plan).unwrap();
    let table = flat(&counting, &cohort(), false);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text_of(&table)).unwrap();
    let query = |from: &str| counting.to_sql(dialect, from).unwrap();
    let cells = ask(&path, &table, &query)?;
    let saved = |partial: PartialCube, name: &str| {
        partial.save(folder.path().join(name)).unwrap();
        std::fs::read(folder.path().join(name)).unwrap()
    };
    let own = counting.run(FlatTable::frame(table).unwrap()).unwrap();
    Some((saved(own, "own"), saved(counting.from_cells(&cells).unwrap(), "cells")))
}

/// A table as delimited text.
fn text_of(table: &DataFrame) -> String {
    let columns: Vec<_> =
        table.columns().iter().map(|column| column.cast(&DataType::String).unwrap()).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name().as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..table.height() {
        let fields = columns.iter().map(|column| column.str().unwrap().get(row).unwrap_or_default());
        text += &(fields.collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

/// The answer of a database, written as text: keys and counts, an empty field where there is nothing.
fn cells_of(text: &str) -> DataFrame {
    let text = text.replace("\"\"", "");
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    let names = lines.next().unwrap();
    let rows: Vec<Vec<String>> = lines.collect();
    let columns = names.iter().enumerate().map(|(number, name)| {
        let fields = rows.iter().map(|row| row[number].as_str());
        if name == "measure" {
            polars::prelude::Column::new(name.as_str().into(), fields.collect::<Vec<_>>())
        } else {
            polars::prelude::Column::new(
                name.as_str().into(),
                fields.map(|field| field.parse().ok()).collect::<Vec<Option<i64>>>(),
            )
        }
    });
    DataFrame::new(rows.len(), columns.collect()).unwrap()
}

fn duckdb(path: &Path, query: &dyn Fn(&str) -> String) -> Option<DataFrame> {
    let is_there = Command::new("python3")
        .args(["-c", "import duckdb"])
        .output()
        .is_ok_and(|done| done.status.success());
    if !is_there {
        eprintln!("DuckDB is not there; its query was not run");
        return None;
    }
    let query = query(&format!("read_csv('{}', header = true, sample_size = -1)", path.display()));
    let answer = path.with_extension("answer");
    let file = path.with_extension("sql");
    std::fs::write(&file, query).unwrap();
    let script = "import duckdb, sys\nduckdb.sql(open(sys.argv[1]).read()).write_csv(sys.argv[2])";
    let done = Command::new("python3").args(["-c", script]).args([&file, &answer]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(cells_of(&std::fs::read_to_string(answer).unwrap()))
}

/// Where `REGISTAT_POSTGRES` names a database that may hold a temporary table.
fn postgres(path: &Path, table: &DataFrame, query: &dyn Fn(&str) -> String) -> Option<DataFrame> {
    let Ok(database) = std::env::var("REGISTAT_POSTGRES") else {
        eprintln!("`REGISTAT_POSTGRES` names no database; its query was not run");
        return None;
    };
    let columns = table.columns().iter().map(|column| {
        let kind = match column.dtype() {
            DataType::Date => "date",
            DataType::Float64 => "double precision",
            _ => "bigint",
        };
        format!("\"{}\" {kind}", column.name())
    });
    let columns: Vec<String> = columns.collect();
    let script = path.with_extension("sql");
    let text = format!(
        "CREATE TEMPORARY TABLE courses ({});\n\\copy courses FROM '{}' CSV HEADER\n\\copy ({}) TO STDOUT CSV HEADER\n",
        columns.join(", "),
        path.display(),
        query("courses").replace('\n', " ")
    );
    std::fs::write(&script, text).unwrap();
    let done = Command::new("psql")
        .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &database, "-f"])
        .arg(&script)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(cells_of(&String::from_utf8_lossy(&done.stdout)))
}

#[test]
fn duckdb_counts_the_same_cells() {
    for plan in [plan(), conditions()] {
        if let Some((own, cells)) = both(plan, SqlDialect::DuckDb, |path, _, query| duckdb(path, query)) {
            assert!(own == cells);
        }
    }
}

#[test]
fn postgresql_counts_the_same_cells() {
    for plan in [plan(), conditions()] {
        if let Some((own, cells)) = both(plan, SqlDialect::PostgreSql, postgres) {
            assert!(own == cells);
        }
    }
}

fn small() -> Counting {
    let table =
        Table::new("by_sex").rows(dim("sex").total()).stat(count()).stat(mean("odi").at(Time::BASELINE));
    LargeCohort::new(codebook()).one_course_per_patient().without_units().count(&table).unwrap()
}

fn counted(keys: &[i64], measures: &[&str], values: &[Option<i64>], n: &[i64]) -> Result<PartialCube, Error> {
    // The second axis tells who is scored; its first atom is of those who are not.
    let answered: Vec<i64> = measures
        .iter()
        .zip(values)
        .map(|(name, value)| i64::from(!name.is_empty() && value.is_some()))
        .collect();
    let cells = df!(
        "key_0" => keys, "key_1" => answered, "measure" => measures, "value" => values, "n" => n, "patients" => n
    );
    small().from_cells(&cells.unwrap())
}

#[test]
fn cells_that_cannot_be_are_refused() {
    let good = counted(&[0, 0, 0], &["", "odi", "odi"], &[None, Some(22_000), None], &[5, 3, 2]).unwrap();
    assert_eq!(good.rows(), 5);
    let refused = [
        counted(&[-1], &[""], &[None], &[5]),
        counted(&[99], &[""], &[None], &[5]),
        counted(&[0, 0], &["", "odi"], &[None, None], &[5, 4]),
        counted(&[0, 0], &["", "odi"], &[None, Some(33_000)], &[5, 5]),
        counted(&[0, 0], &["", ""], &[None, None], &[5, 5]),
        counted(&[0, 0], &["", "ndi"], &[None, None], &[5, 5]),
        counted(&[0], &[""], &[None], &[-5]),
        small().from_cells(&df!("key_0" => [0_i64], "n" => [1_i64]).unwrap()),
        small().from_cells(
            &df!("key_0" => [0_i64, 0], "key_1" => [0_i64, 0], "measure" => ["", "odi"],
            "value" => [None, Some(22_000_i64)], "n" => [5_i64, 5])
            .unwrap(),
        ),
    ];
    for (number, refused) in refused.into_iter().enumerate() {
        assert!(refused.is_err_and(|error| error.is_input()), "{number}");
    }
}

#[test]
fn patients_of_cells_are_never_counted_twice() {
    let table = Table::new("by_sex").rows(dim("sex").total()).stat(count());
    let counting = LargeCohort::new(codebook()).without_units().count(&table).unwrap();
    let cells = df!("key_0" => [0_i64, 1], "measure" => ["", ""], "value" => [None::<i64>, None], "n" => [40_i64, 60], "patients" => [30_i64, 45]);
    let cube = counting.from_cells(&cells.unwrap()).unwrap().into_cube().unwrap();
    let everyone = cube.cells.iter().map(|cell| (cell.records, cell.patients)).max().unwrap();
    assert_eq!(everyone, (100, 45), "the women may be the men's patients");
    let with_patients = Table::new("by_sex").rows(dim("sex").total()).stat(crate::patients());
    let counting = LargeCohort::new(codebook()).without_units().count(&with_patients).unwrap();
    let cells = df!("key_0" => [0_i64], "measure" => [""], "value" => [None::<i64>], "n" => [4_i64], "patients" => [3_i64]);
    assert!(counting.from_cells(&cells.unwrap()).unwrap().into_cube().is_err());
}
