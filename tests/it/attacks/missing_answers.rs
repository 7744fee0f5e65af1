//! "N of all answered" is a margin: of the levels of an answer, and of those who did not give one.

use registat::{Condition, Plan, Statistic, Table, count, share};

use super::*;

/// The share of those with the highest education, beside the number of those who said which one they have.
fn highest() -> Statistic {
    share(Condition::level("education", [3]))
}

fn has_answered(person: &Person) -> bool {
    person.education != 0
}

/// The hidden one of the levels, whose sum is the number of answers.
fn attack_level(levels: &Seen, answers: Option<i64>) -> Vec<i64> {
    let mut line = levels.to_vec();
    line.push(answers);
    fill(&mut line);
    small(&line)
}

#[test]
fn the_number_of_answers_gives_away_a_hidden_level_unless_they_are_protected_together() {
    let sizes = [(0, 12), (1, 20), (2, 3), (3, 15)];
    let educated = |(level, size)| person(ALTA, MAN).with(|person| person.education = level).times(size);
    let persons: Vec<Person> = sizes.into_iter().flat_map(educated).collect();
    let of_level = |level: i64| persons.iter().filter(|person| person.education == level).count() as i64;
    let levels = hidden_one_by_one(&[1, 2, 3].map(of_level));
    let answers = persons.iter().filter(|person| has_answered(person)).count() as i64;
    assert_eq!((levels[1], answers), (None, 38));
    assert_eq!(attack_level(&levels, Some(answers)), [3]);

    let levels = Table::new("levels").rows("education").stat(count());
    let share = Table::new("share").stat(highest());
    let release = release(&persons, Plan::new().table(levels).table(share));
    let levels = column_of(&release, "levels", "Courses");
    let answers = column_of(&release, "share", "N")[0];
    assert_eq!(levels[1], None);
    assert!(attack_level(&levels, answers).is_empty(), "{levels:?} {answers:?}");
}

/// Those who did not answer: everyone, without those who did.
fn attack_missing(courses: &Seen, answers: &Seen) -> Vec<i64> {
    let (mut courses, mut answers) = (courses.to_vec(), answers.to_vec());
    fill(&mut courses);
    fill(&mut answers);
    small_differences(&courses, &answers)
}

#[test]
fn the_number_of_answers_gives_away_who_did_not_answer_unless_that_is_said_to_identify() {
    let mut persons = Vec::new();
    for (unit, answers, missing) in [(ALTA, 20, 2), (BODO, 30, 6), (DOKKA, 25, 7), (EGERSUND, 40, 9)] {
        for number in 0..answers {
            persons.push(person(unit, MAN).with(|person| person.education = 1 + number % 3));
        }
        persons.extend(person(unit, MAN).with(|person| person.education = 0).times(missing));
    }
    let courses = hidden_one_by_one(&by_unit(&persons, |_| true));
    let answers = hidden_one_by_one(&by_unit(&persons, has_answered));
    assert!(courses.iter().chain(&answers).all(Option::is_some), "nothing printed is small");
    assert_eq!(attack_missing(&courses, &answers), [2]);

    let policy = r#"
        name = "silence"
        source = "chosen for this test"
        [privacy]
        threshold = 5
        nonresponse_identifies = true
    "#;
    let table = Table::new("t").rows(hospitals()).stat(count()).stat(highest());
    let release = release_under(&Policy::from_toml(policy).unwrap(), &persons, &table);
    let (courses, answers) = (column_of(&release, "t", "Courses"), column_of(&release, "t", "N"));
    assert!(courses[0].is_none() || answers[0].is_none(), "{courses:?} {answers:?}");
    assert!(courses.iter().chain(&answers).any(Option::is_some), "{courses:?} {answers:?}");
    assert!(attack_missing(&courses, &answers).is_empty(), "{courses:?} {answers:?}");
}
