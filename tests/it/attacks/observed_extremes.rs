//! The first and last visit and the youngest and oldest age of a selection are those of single patients.

use registat::{Condition, CsvDialect, Table, Time, Window, count, dim, mean};

use super::*;

/// Everyone is in the middle of everything, but for two patients.
fn persons() -> Vec<Person> {
    let mut persons = units(&[(ALTA, 40), (BODO, 30), (DOKKA, 35), (EGERSUND, 45)]);
    for (number, person) in persons.iter_mut().enumerate() {
        person.age = Some(if number.is_multiple_of(4) { 72 } else { 52 });
    }
    persons[0] = person(ALTA, MAN).with(|person| {
        person.age = Some(97);
        person.visit = "09.02.2024".to_owned();
    });
    persons[1] = person(ALTA, WOMAN).with(|person| {
        person.age = Some(19);
        person.visit = "23.11.2024".to_owned();
    });
    persons
}

/// The dates of visit and the ages of a few patients that a text says.
fn attack(text: &str, persons: &[Person]) -> Vec<String> {
    let ends_a_word = |character: char| !character.is_alphanumeric() && character != '.';
    let words: Vec<&str> = text.split(ends_a_word).collect();
    let says = |word: &str| words.iter().any(|known| known.trim_matches('.') == word);
    let mut found: Vec<String> = Vec::new();
    for person in persons {
        let age = person.age.unwrap_or_default();
        let (same_day, same_age) = persons.iter().fold((0, 0), |(days, ages), other| {
            (days + i64::from(other.visit == person.visit), ages + i64::from(other.age == person.age))
        });
        found.extend((is_small(same_day) && says(&person.visit)).then(|| person.visit.clone()));
        found.extend((is_small(same_age) && says(&age.to_string())).then(|| age.to_string()));
    }
    found
}

#[test]
fn observed_limits_give_away_single_patients_and_those_of_the_request_do_not() {
    let persons = persons();
    let ages = || persons.iter().filter_map(|person| person.age);
    let day = |visit: &&str| visit.split('.').rev().collect::<Vec<_>>().concat();
    let visits = || persons.iter().map(|person| person.visit.as_str());
    let (first, last) = (visits().min_by_key(day).unwrap(), visits().max_by_key(day).unwrap());
    let (youngest, oldest) = (ages().min().unwrap(), ages().max().unwrap());
    let naive = format!("Visits from {first} to {last}, {youngest}\u{2013}{oldest} years");
    assert_eq!(attack(&naive, &persons), ["09.02.2024", "97", "23.11.2024", "19"]);

    let of_age = Condition::Within { variable: "age".to_owned(), from: 18, to: 100, at: Time::BASELINE };
    let table = Table::new("t")
        .visits(Window::VisitYear(2024))
        .only(of_age)
        .rows(dim("age").bands([18, 40, 60]).total())
        .stat(count())
        .stat(mean("age").sd().ci());
    let release = release(&persons, &table);
    let ours = release.table("t").unwrap();
    assert_eq!(read_table(ours).labels(), ["18\u{2013}39", "40\u{2013}59", "60+", "All"]);
    let html = ours.to_html(Language::English);
    assert!(html.contains("01.01.2024") && html.contains("31.12.2024"), "the requested limits");
    let csv = ours.to_csv(Language::English, CsvDialect::Rfc4180);
    for text in [html, csv, ours.to_text(Language::English), ours.to_markdown(Language::Bokmal)] {
        assert!(attack(&text, &persons).is_empty(), "{text}");
    }
}
