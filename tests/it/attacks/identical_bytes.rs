//! Two registers that differ in hidden numbers only must not differ in a single printed byte.

use registat::{
    Chart, ChartKind, Condition, CsvDialect, Label, Language, Plan, Release, SeriesSpec, Table, count, mean,
    share,
};

use super::*;

fn plan() -> Plan {
    let scores = Table::new("scores").rows(hospitals()).stat(count()).stat(mean("pain_rest").sd().ci());
    let chart = Chart::new("pain", ChartKind::UnitMeans)
        .rows(hospitals())
        .series(SeriesSpec::new(Label::same("Mean"), mean("pain_rest").ci()));
    let women = Table::new("women").rows("hospital").stat(share(Condition::level("sex", [WOMAN])).ci());
    Plan::new().table(counts_by_hospital_and("sexes", "sex")).table(scores).table(women).chart(chart)
}

/// Everything that can be rendered of a release, one after the other.
fn everything(release: &Release) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("json".to_owned(), serde_json::to_vec(release).unwrap())];
    for language in [Language::Bokmal, Language::English] {
        let charts = release.charts().iter().map(|chart| chart.table());
        for table in release.tables().iter().chain(charts) {
            let name = |kind: &str| format!("{}.{}.{kind}", table.id(), language.tag());
            files.push((name("txt"), table.to_text(language).into_bytes()));
            files.push((name("md"), table.to_markdown(language).into_bytes()));
            files.push((name("html"), table.to_html(language).into_bytes()));
            files.push((name("csv"), table.to_csv(language, CsvDialect::Norwegian).into_bytes()));
            files.push((name("rfc.csv"), table.to_csv(language, CsvDialect::Rfc4180).into_bytes()));
        }
        for chart in release.charts() {
            let name = |kind: &str| format!("{}.{}.{kind}", chart.id(), language.tag());
            files.push((name("svg"), chart.to_svg(language).unwrap().into_bytes()));
            files.push((name("alt"), chart.alt_text(language).into_bytes()));
        }
    }
    files
}

/// The first two units are given, the others are large.
fn register(first: (usize, usize), second: (usize, usize)) -> Vec<Person> {
    men_and_women(&[
        (ALTA, first.0, first.1),
        (BODO, second.0, second.1),
        (DOKKA, 90, 95),
        (EGERSUND, 85, 80),
        (FLORO, 75, 70),
    ])
}

#[test]
fn registers_that_differ_in_hidden_numbers_only_are_printed_alike_to_the_last_byte() {
    let one = register((2, 21), (31, 40));
    let other = register((3, 20), (30, 41));
    // By hand, only the 2 and the 3 are hidden: the tables differ where the same patients are counted.
    let by_hand = |persons: &[Person]| hidden_one_by_one(&by_unit(persons, |person| person.sex == WOMAN));
    assert_ne!(by_hand(&one), by_hand(&other));

    let (one, other) = (release(&one, plan()), release(&other, plan()));
    assert_eq!(Sheet::read(&one, "sexes").count("Alta", "Man / Courses"), None);
    for ((name, first), (_, second)) in everything(&one).into_iter().zip(everything(&other)) {
        assert!(first == second, "{name} differs");
    }
}

#[test]
fn registers_that_differ_in_hidden_answers_only_are_printed_alike_to_the_last_byte() {
    // Both hidden units answer differently, and all of them together the same.
    let persons = |alta: i64, bodo: i64| {
        let mut persons = person(ALTA, MAN).with(|person| person.pain = alta).times(4);
        persons.extend(person(BODO, MAN).with(|person| person.pain = bodo).times(4));
        persons.extend(units(&[(DOKKA, 90), (EGERSUND, 80), (FLORO, 70)]));
        persons
    };
    let table = Table::new("t").rows(hospitals()).stat(mean("pain_rest"));
    let (one, other) = (release(&persons(2, 8), &table), release(&persons(8, 2), &table));
    assert_eq!(Sheet::read(&one, "t").number("Alta", "Mean"), None);
    for ((name, first), (_, second)) in everything(&one).into_iter().zip(everything(&other)) {
        assert!(first == second, "{name} differs");
    }
}
