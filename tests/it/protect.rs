//! What a release hides, what it says of it, and what the ledger remembers.

use std::fs;
use std::path::{Path, PathBuf};

use registat::{
    CellView, Chart, ChartKind, Condition, CsvDialect, Label, Language, Ledger, Mark, Plan, Policy, Release,
    ReleasedTable, SeriesSpec, Table, Window, Zeros, count, dim, mean, share,
};
use tempfile::TempDir;

use crate::support::*;

/// A ledger file in a folder of its own.
struct Shelf {
    folder: TempDir,
}

impl Shelf {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.sqlite")
    }

    fn ledger(&self) -> Ledger {
        Ledger::open(self.path(), REGISTER).unwrap()
    }
}

fn key_of(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}.key", path.display()))
}

fn protected(release: &Release, table: &Table) -> Vec<String> {
    let sheet = Sheet::read(release, table.id());
    let hidden = sheet.rows.iter().filter(|line| line.cells.iter().any(|cell| cell == "protected"));
    hidden.map(|line| line.label.clone()).collect()
}

/// Whether each cell is hidden for privacy, row by row.
fn hidden_cells(table: &ReleasedTable) -> Vec<Vec<bool>> {
    let is_hidden = |view: CellView| view == CellView::Protected;
    table.rows().iter().map(|row| row.cells().iter().map(|cell| is_hidden(cell.view())).collect()).collect()
}

fn working() -> Condition {
    Condition::level("working", [1])
}

/// Half of the patients of each unit work.
fn half_working(sizes: &[(i64, usize)]) -> Vec<Person> {
    let mut persons = units(sizes);
    for (number, person) in persons.iter_mut().enumerate() {
        person.working = number.is_multiple_of(2);
    }
    persons
}

fn fifty_three() -> Vec<Person> {
    units(&[(ALTA, 3), (BODO, 17), (DOKKA, 29), (EGERSUND, 41), (FLORO, 53)])
}

#[test]
fn a_unit_of_three_patients_is_hidden_and_a_second_number_with_it() {
    let table = counts_by_hospital("t");
    let release = release(&fifty_three(), &table);
    let hidden = protected(&release, &table);
    assert!(hidden.contains(&"Alta".to_owned()), "{hidden:?}");
    assert!(hidden.len() >= 2, "one hidden number beside its total is no hidden number: {hidden:?}");
    assert_eq!(release.audit().hidden(), hidden.len());
    assert_eq!(release.audit().proven(), release.audit().sensitive());
    assert!(release.audit().earlier_releases().is_none());
}

#[test]
fn a_unit_alone_is_hidden_alone_where_no_total_is_printed() {
    let table = Table::new("t").rows("hospital").stat(count());
    let release = release(&fifty_three(), &table);
    assert_eq!(protected(&release, &table), ["Alta"]);
}

#[test]
fn the_threshold_itself_is_not_hidden() {
    let table = counts_by_hospital("t");
    let release = release(&units(&[(ALTA, 5), (BODO, 20), (DOKKA, 20)]), &table);
    assert!(protected(&release, &table).is_empty());
}

#[test]
fn the_threshold_counts_patients_and_not_courses() {
    let mut persons = units(&[(BODO, 20), (DOKKA, 30)]);
    for month in 1..=6 {
        persons.push(person(ALTA, MAN).with(|person| {
            person.patient = Some("the same".to_owned());
            person.visit = format!("01.{month:02}.2024");
        }));
    }
    let table = Table::new("t").rows("hospital").stat(count());
    assert_eq!(protected(&release(&persons, &table), &table), ["Alta"]);
}

// D15: the national number counts the hidden unit as well, and all the others are printed.
#[test]
fn the_total_minus_everything_printed_is_no_small_group() {
    for smallest in 1..5 {
        let persons = half_working(&[(ALTA, smallest), (BODO, 17), (DOKKA, 30), (EGERSUND, 40)]);
        let table = Table::new("t").rows(hospitals()).stat(count()).stat(mean("pain_rest"));
        let sheet = Sheet::read(&release(&persons, &table), "t");
        for head in ["Courses", "N"] {
            let numbers = sheet.counts(head);
            let (total, parts) = numbers.split_last().unwrap();
            assert_eq!(parts[0], None);
            if let Some(total) = total {
                assert!(total - parts.iter().flatten().sum::<u64>() >= 5, "{numbers:?}");
            }
        }
    }
}

#[test]
fn zeros_are_printed_or_protected_as_the_policy_says() {
    let persons = units(&[(BODO, 20), (DOKKA, 30), (EGERSUND, 40)]);
    let table = counts_by_hospital("t");
    let cube = cohort(&persons).aggregate(&table).unwrap();
    let shown = cube.protect(&five()).unwrap();
    assert_eq!(Sheet::read(&shown, "t").count("Alta", "Courses"), Some(0));
    let secret = cube.protect(&five().with_zeros(Zeros::Protected)).unwrap();
    assert_eq!(Sheet::read(&secret, "t").text("Alta", "Courses"), "protected");
}

// D13: one label for several reasons; the order is privacy, coverage, reliability.
#[test]
fn privacy_comes_before_coverage_and_coverage_before_reliability() {
    let policy = Policy::from_toml(
        r#"
name = "precedence"
source = "test"
[privacy]
threshold = 5
[reliability]
share = 30
mean = 10
[coverage]
least_percent = 60.0
[coverage.units]
alta = 40.0
bodo = 40.0
dokka = 90.0
"#,
    )
    .unwrap();
    let persons = half_working(&[(ALTA, 4), (BODO, 20), (DOKKA, 20), (EGERSUND, 80)]);
    let table = Table::new("t").rows("hospital").stat(share(working()));
    let release = cohort(&persons).aggregate(&table).unwrap().protect(&policy).unwrap();
    let sheet = Sheet::read(&release, "t");
    assert_eq!(sheet.text("Alta", "Share"), "protected", "small, of low coverage and unreliable");
    assert_eq!(sheet.text("Bodø", "Share"), "low coverage", "of low coverage and unreliable");
    assert_eq!(sheet.text("Dokka", "Share"), "too few answers");
    assert_eq!(sheet.number("Egersund", "Share"), Some(50.0));
    assert_eq!(sheet.text("Florø", "Share"), "", "there is nobody");
    assert_eq!(sheet.text("Alta", "N"), "protected");
    assert_eq!(sheet.count("Dokka", "N"), Some(20), "reliability is a choice of print and hides no count");
}

// D7, D8, D9: one decision per group, shared by every table and chart of a release.
#[test]
fn every_statistic_of_a_group_shares_the_fate_of_its_count_in_every_table_and_chart() {
    let persons = half_working(&[(ALTA, 3), (BODO, 20), (DOKKA, 30), (EGERSUND, 40), (FLORO, 50)]);
    let statistics = Table::new("statistics").rows(hospitals());
    let statistics = statistics.stat(count()).stat(mean("pain_rest").sd().ci()).stat(mean("age"));
    let chart = Chart::new("chart", ChartKind::UnitMeans)
        .rows(hospitals())
        .series(SeriesSpec::new(Label::same("Pain"), mean("pain_rest").ci()));
    let plan = Plan::new().table(counts_by_hospital("counts")).table(statistics).chart(chart);
    let release = release(&persons, plan);
    let decided = hidden_cells(release.table("counts").unwrap());
    assert!(decided[0][0] && decided.iter().flatten().filter(|hidden| **hidden).count() >= 2);
    let chart = release.chart("chart").unwrap();
    for (row, count) in decided.iter().enumerate() {
        for table in [release.table("statistics").unwrap(), chart.table()] {
            let cells = hidden_cells(table).remove(row);
            assert!(cells.iter().all(|hidden| *hidden == count[0]), "{} {row}", table.id());
        }
        let mark = chart.mark(&chart.table().rows()[row], &chart.series()[0]);
        assert_eq!(mark == Mark::Protected, count[0]);
    }
}

#[test]
fn the_number_behind_a_hidden_mean_is_hidden_too() {
    let mut persons = units(&[(BODO, 20), (DOKKA, 30)]);
    // Twenty patients, of whom three answered.
    persons.extend(person(ALTA, WOMAN).times(3));
    persons.extend(person(ALTA, WOMAN).with(|person| person.pain = -1).times(17));
    let table = Table::new("t").rows(hospitals()).stat(count()).stat(mean("pain_rest"));
    let sheet = Sheet::read(&release(&persons, &table), "t");
    assert_eq!(sheet.count("All", "N"), Some(53), "the total is the last to be hidden");
    assert_eq!((sheet.text("Alta", "N"), sheet.text("Alta", "Mean")), ("protected", "protected"));
    for line in &sheet.rows {
        assert_eq!(
            sheet.text(&line.label, "N") == "protected",
            sheet.text(&line.label, "Mean") == "protected"
        );
    }
}

/// Every number of a JSON document.
fn numbers(value: &serde_json::Value, found: &mut Vec<f64>) {
    match value {
        serde_json::Value::Number(number) => found.extend(number.as_f64()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| numbers(field, found)),
        _ => {}
    }
}

#[test]
fn a_hidden_number_is_in_no_byte_that_is_written() {
    let persons = fifty_three();
    let table = counts_by_hospital("t");
    let release = release(&persons, &table);
    let json = serde_json::to_value(&release).unwrap();
    let mut inside = Vec::new();
    numbers(&json["tables"], &mut inside);
    let sizes = [("Alta", 3.0), ("Bodø", 17.0), ("Dokka", 29.0), ("Egersund", 41.0), ("Florø", 53.0)];
    let sheet = Sheet::read(&release, "t");
    let in_html = html_numbers(&release.table("t").unwrap().to_html(Language::English));
    for (unit, size) in sizes {
        let is_shown = sheet.number(unit, "Courses").is_some();
        assert_eq!(inside.contains(&size), is_shown, "{unit}");
        assert_eq!(in_html.contains(&size), is_shown, "{unit}");
    }
    assert!(!json.to_string().contains("audit"), "the audit is for the staff");
}

#[test]
fn what_holds_patients_prints_no_number_of_them() {
    let persons = fifty_three();
    let registry = Forms::of(&persons).load();
    let cohort = registry.cohort().build().unwrap();
    let cube = cohort.aggregate(&counts_by_hospital("t")).unwrap();
    let release = cube.protect(&five()).unwrap();
    let texts = [
        format!("{registry:?}"),
        format!("{:?}", registry.findings()),
        format!("{:?}", registry.cohort()),
        format!("{cohort:?}"),
        format!("{:?}", cohort.flow()),
        format!("{cube:?}"),
        format!("{:?}", release.audit()),
        format!("{:?}", release.table("t").unwrap()),
        format!("{:?}", release.table("t").unwrap().rows()),
        format!("{:?}", release.table("t").unwrap().rows()[0].cells()),
    ];
    for text in texts {
        assert!(!text.contains(|character: char| character.is_ascii_digit()), "{text}");
    }
    assert_eq!(
        format!("{release:?}"),
        "Release(1 tables, 0 charts)",
        "how many tables, and no number of patients"
    );
}

#[test]
fn the_same_release_issued_again_is_recognised_and_comes_out_the_same() {
    let shelf = Shelf::new();
    let persons = fifty_three();
    let table = counts_by_hospital("t");
    let first = publish(&persons, &table, &mut shelf.ledger(), "annual report").unwrap();
    let second = publish(&persons, &table, &mut shelf.ledger(), "annual report").unwrap();
    assert_eq!(shelf.ledger().releases().unwrap(), 1);
    assert_eq!(serde_json::to_vec(&first).unwrap(), serde_json::to_vec(&second).unwrap());
    for language in [Language::Bokmal, Language::English] {
        let text = |release: &Release| release.table("t").unwrap().to_csv(language, CsvDialect::Norwegian);
        assert_eq!(text(&first), text(&second));
    }
    assert_eq!(first.audit().earlier_releases(), Some(0));
}

#[test]
fn an_older_release_issued_again_after_a_newer_one_comes_out_the_same() {
    let shelf = Shelf::new();
    let persons = fifty_three();
    let (table, other) = (counts_by_hospital("t"), Table::new("sexes").rows("sex").stat(count()));
    let first = publish(&persons, &table, &mut shelf.ledger(), "first").unwrap();
    drop(publish(&persons, &other, &mut shelf.ledger(), "second").unwrap());
    let again = publish(&persons, &table, &mut shelf.ledger(), "first").unwrap();
    assert_eq!(shelf.ledger().releases().unwrap(), 2);
    assert_eq!(serde_json::to_vec(&first).unwrap(), serde_json::to_vec(&again).unwrap());
}

#[test]
fn a_second_release_does_not_give_away_the_difference_to_the_first() {
    let sizes = [(25, 20), (40, 2), (50, 30)];
    let persons: Vec<Person> = sizes
        .into_iter()
        .flat_map(|(age, size)| person(ALTA, MAN).with(|person| person.age = Some(age)).times(size))
        .collect();
    let table =
        |id: &str, limit: i64| Table::new(id).rows(dim("age").bands([0, limit]).total()).stat(count());
    let column = |release: &Release, id: &str| Sheet::read(release, id).counts("Courses");
    // Alone, each of the two may be printed as it is.
    assert_eq!(column(&release(&persons, &table("b", 41)), "b"), [Some(22), Some(30), Some(52)]);

    let shelf = Shelf::new();
    let first = publish(&persons, &table("a", 40), &mut shelf.ledger(), "first").unwrap();
    assert_eq!(column(&first, "a"), [Some(20), Some(32), Some(52)]);
    let second = publish(&persons, &table("b", 41), &mut shelf.ledger(), "second").unwrap();
    assert_eq!(second.audit().earlier_releases(), Some(1));
    let second = column(&second, "b");
    assert_eq!((second[0], second[1]), (None, None), "22 - 20 and 32 - 30 are two patients");
    assert_eq!(second[2], Some(52), "what is public stays printed");
    assert_eq!(shelf.ledger().releases().unwrap(), 2);
}

#[test]
fn a_refusal_names_table_and_variable_and_no_number() {
    // Everyone up to 65 was printed; three patients are older, and the total must be printed.
    let mut persons = person(ALTA, MAN).times(40);
    persons.extend(person(ALTA, MAN).with(|person| person.age = Some(70)).times(3));
    let younger =
        Condition::Within { variable: "age".to_owned(), from: 0, to: 65, at: registat::Time::BASELINE };
    let everyone = |id: &str| Table::new(id).stat(count());
    let shelf = Shelf::new();
    drop(publish(&persons, &everyone("younger").only(younger), &mut shelf.ledger(), "first").unwrap());

    let hidden = publish(&persons, &everyone("table2"), &mut shelf.ledger(), "second").unwrap();
    assert_eq!(Sheet::read(&hidden, "table2").counts("Courses"), [None], "it may be hidden, so it is");
    let error = publish(&persons, &everyone("table2").headline(), &mut shelf.ledger(), "third");
    let error = error.unwrap_err();
    assert!(error.is_refusal(), "{error}");
    assert!(!error.is_specification() && !error.is_input() && !error.is_ledger());
    let text = error.to_string();
    let outside_names: String = text.split('`').step_by(2).collect();
    assert!(!outside_names.contains(|character: char| character.is_ascii_digit()), "{text}");
    assert!(text.contains("`age`"), "{text}");
    assert!(text.contains("`first`"), "the earlier release is named: {text}");
    assert_eq!(shelf.ledger().releases().unwrap(), 2, "nothing was released");
}

#[test]
fn a_release_issued_again_with_another_headline_is_held_against_the_first_issue() {
    // Everyone and those up to 65, jointly: one of the two is hidden. Made a headline, the hidden one would be printed by
    // a second issue that forgot the first.
    let mut persons = person(ALTA, MAN).times(40);
    persons.extend(person(ALTA, MAN).with(|person| person.age = Some(70)).times(3));
    let younger =
        Condition::Within { variable: "age".to_owned(), from: 0, to: 65, at: registat::Time::BASELINE };
    let tables = |headline: Option<usize>| {
        let both =
            [Table::new("all"), Table::new("younger").only(younger.clone())].map(|table| table.stat(count()));
        let both = both.into_iter().enumerate();
        let marked = both.map(|(at, table)| if headline == Some(at) { table.headline() } else { table });
        marked.fold(Plan::new(), Plan::table)
    };
    let issue = |plan: Plan, shelf: &Shelf| {
        cohort(&persons).aggregate(plan).unwrap().protect_with(&five(), &mut shelf.ledger(), "issue")
    };
    let shelf = Shelf::new();
    let first = issue(tables(None), &shelf).unwrap();
    let shown = ["all", "younger"].map(|id| Sheet::read(&first, id).counts("Courses") != [None]);
    assert_ne!(shown[0], shown[1], "exactly one of the two is printed");
    let hidden = usize::from(shown[0]);
    let error = issue(tables(Some(hidden)), &shelf).unwrap_err();
    assert!(error.is_refusal(), "{error}");
    assert_eq!(shelf.ledger().releases().unwrap(), 1);
}

#[test]
fn what_an_earlier_release_gave_away_under_a_weaker_rule_is_counted_and_blocks_nothing() {
    let mut persons = person(ALTA, MAN).times(40);
    persons.extend(person(ALTA, MAN).with(|person| person.age = Some(70)).times(3));
    let younger =
        Condition::Within { variable: "age".to_owned(), from: 0, to: 65, at: registat::Time::BASELINE };
    let everyone = |id: &str| Table::new(id).stat(count());
    let shelf = Shelf::new();
    let plan = Plan::new().table(everyone("all")).table(everyone("younger").only(younger));
    let cube = cohort(&persons).aggregate(plan).unwrap();
    drop(cube.protect_with(&Policy::threshold_of(2).unwrap(), &mut shelf.ledger(), "weak").unwrap());

    let later = publish(&persons, &everyone("all"), &mut shelf.ledger(), "strict").unwrap();
    assert_eq!(Sheet::read(&later, "all").counts("Courses"), [Some(43)]);
    assert_eq!(later.audit().public_already(), 1);
    assert_eq!(later.audit().sensitive(), later.audit().proven() + later.audit().public_already());
}

#[test]
fn a_damaged_ledger_is_told_as_such() {
    for damage in [&b"this is no ledger at all, it is a letter"[..], &b""[..]] {
        let shelf = Shelf::new();
        drop(publish(&fifty_three(), &counts_by_hospital("t"), &mut shelf.ledger(), "report").unwrap());
        fs::write(shelf.path(), damage).unwrap();
        let error = Ledger::open(shelf.path(), REGISTER).unwrap_err();
        assert!(error.is_ledger() && !error.is_refusal(), "{error}");
        assert!(error.file_name().is_some_and(|file| file.ends_with("ledger.sqlite")), "{error}");
    }
}

#[test]
fn half_a_ledger_is_told_as_damaged() {
    let shelf = Shelf::new();
    drop(publish(&fifty_three(), &counts_by_hospital("t"), &mut shelf.ledger(), "report").unwrap());
    let bytes = fs::read(shelf.path()).unwrap();
    fs::write(shelf.path(), &bytes[..bytes.len() / 2]).unwrap();
    let error = Ledger::open(shelf.path(), REGISTER).unwrap_err();
    assert!(error.is_ledger(), "{error}");
}

#[test]
fn the_ledger_of_another_register_is_refused() {
    let shelf = Shelf::new();
    drop(shelf.ledger());
    let error = Ledger::open(shelf.path(), "another").unwrap_err();
    assert!(error.is_ledger(), "{error}");
}

#[test]
fn a_ledger_without_its_key_is_refused() {
    let shelf = Shelf::new();
    drop(shelf.ledger());
    let key = key_of(&shelf.path());
    assert!(key.exists());
    fs::remove_file(&key).unwrap();
    let error = Ledger::open(shelf.path(), REGISTER).unwrap_err();
    assert!(error.is_ledger(), "{error}");
    assert!(!key.exists(), "no other key is made for an old ledger");

    fs::write(&key, b"too short").unwrap();
    assert!(Ledger::open(shelf.path(), REGISTER).unwrap_err().is_ledger());
}

#[test]
fn two_hands_on_one_ledger_wait_for_each_other() {
    let shelf = Shelf::new();
    drop(shelf.ledger());
    let hands: Vec<std::thread::JoinHandle<()>> = ["hospital", "sex", "education"]
        .into_iter()
        .map(|variable| {
            let path = shelf.path();
            std::thread::spawn(move || {
                let mut ledger = Ledger::open(path, REGISTER).unwrap();
                let table = Table::new(variable).rows(dim(variable).total()).stat(count());
                let release = publish(&fifty_three(), &table, &mut ledger, variable).unwrap();
                assert!(release.audit().earlier_releases().is_some());
            })
        })
        .collect();
    for hand in hands {
        hand.join().unwrap();
    }
    assert_eq!(shelf.ledger().releases().unwrap(), 3);
}

#[test]
fn a_release_of_other_visits_is_no_matter_for_the_ledger() {
    let mut persons = units(&[(ALTA, 20), (BODO, 30)]);
    persons
        .extend(persons.clone().into_iter().map(|person| person.with(|p| p.visit = "15.03.2023".to_owned())));
    let shelf = Shelf::new();
    for year in [2023, 2024] {
        let table = counts_by_hospital("t").visits(Window::VisitYear(year));
        let release = publish(&persons, &table, &mut shelf.ledger(), &format!("report {year}")).unwrap();
        assert!(protected(&release, &table).is_empty(), "{year}");
    }
}

#[test]
fn a_table_and_a_chart_that_do_not_exist_are_answered_with_the_nearest_name() {
    let release = release(&fifty_three(), &counts_by_hospital("by_hospital"));
    let error = release.table("by_hospitl").unwrap_err();
    assert!(error.is_specification() && error.to_string().contains("`by_hospital`"), "{error}");
    assert!(release.chart("by_hospital").unwrap_err().is_specification());
}

#[test]
fn the_audit_is_no_part_of_any_rendering_and_says_what_it_checked() {
    let release = release(&fifty_three(), &counts_by_hospital("t"));
    let audit = release.audit();
    let text = audit.to_string();
    assert!(text.contains("0 exposed") && text.contains("without a ledger"), "{text}");
    assert_eq!(audit.public_already(), 0);
    assert!(audit.cells() > 0 && audit.equations() > 0 && audit.printed() > 0);
}
