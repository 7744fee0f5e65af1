//! Groups that are not parts of one grouping, and almost the same people.

use registat::{Condition, Time};

use super::*;

fn aged(from: i64, to: i64) -> Condition {
    Condition::Within { variable: "age".to_owned(), from, to, at: Time::BASELINE }
}

/// Counts of units in several tables, each with a condition of its own.
fn released<const N: usize>(persons: &[Person], tables: [(&str, Condition); N]) -> [Counts; N] {
    let names = tables.each_ref().map(|(id, _)| *id);
    let tables = tables.into_iter().map(|(id, only)| counts_by_hospital(id).only(only));
    let release = release(persons, tables.fold(Plan::new(), Plan::table));
    names.map(|id| column_of(&release, id, "Courses"))
}

fn filled<const N: usize>(columns: &[Counts; N]) -> [Counts; N] {
    columns.clone().map(|mut column| {
        fill(&mut column);
        column
    })
}

/// Nobody works after 66, so those up to 66 less those who work are the others of that age.
fn attack_on_two(columns: &[Counts; 2]) -> Vec<i64> {
    let [up_to_66, working] = filled(columns);
    small_differences(&up_to_66, &working)
}

#[test]
fn two_conditions_by_different_variables_give_away_those_between_them_unless_protected_together() {
    let mut persons = Vec::new();
    for (unit, working, others, older) in [(ALTA, 30, 3, 12), (BODO, 20, 10, 9), (DOKKA, 25, 12, 14)] {
        persons.extend(person(unit, MAN).with(|person| person.working = true).times(working));
        persons.extend(person(unit, MAN).times(others));
        persons.extend(person(unit, MAN).with(|person| person.age = Some(70)).times(older));
    }
    let column = |is_in: &dyn Fn(&Person) -> bool| hidden_one_by_one(&by_unit(&persons, is_in));
    let naive = [column(&|person| person.age <= Some(66)), column(&|person| person.working)];
    assert!(naive.iter().flatten().all(Option::is_some), "nothing printed is small");
    assert_eq!(attack_on_two(&naive), [3]);

    let working = Condition::level("working", [1]);
    let ours = released(&persons, [("up_to_66", aged(0, 66)), ("working", working)]);
    assert!(attack_on_two(&ours).is_empty(), "{ours:?}");
}

/// Those of 66 to 70: 0 to 17 and 18 to 70, less 0 to 65.
fn attack_on_three(columns: &[Counts; 3]) -> Vec<i64> {
    let [up_to_65, from_18, up_to_17] = filled(columns);
    let oldest = |row: usize| Some(up_to_17[row]? + from_18[row]? - up_to_65[row]?);
    (0..up_to_65.len()).filter_map(oldest).filter(|number| is_small(*number)).collect()
}

#[test]
fn three_spans_of_age_that_overlap_give_away_the_ages_of_one_end_unless_protected_together() {
    let mut persons = Vec::new();
    for (unit, sizes) in [(ALTA, [12, 30, 3]), (BODO, [15, 24, 11]), (DOKKA, [9, 33, 17])] {
        for (age, size) in [10, 50, 68].into_iter().zip(sizes) {
            persons.extend(person(unit, WOMAN).with(|person| person.age = Some(age)).times(size));
        }
    }
    let column = |ages: std::ops::RangeInclusive<i64>| {
        let is_in = |person: &Person| person.age.is_some_and(|age| ages.contains(&age));
        hidden_one_by_one(&by_unit(&persons, is_in))
    };
    let naive = [column(0..=65), column(18..=70), column(0..=17)];
    assert!(naive.iter().flatten().all(Option::is_some), "nothing printed is small");
    assert_eq!(attack_on_three(&naive), [3]);

    let tables = [("up_to_65", aged(0, 65)), ("from_18", aged(18, 70)), ("up_to_17", aged(0, 17))];
    let ours = released(&persons, tables);
    assert!(attack_on_three(&ours).is_empty(), "{ours:?}");
}
