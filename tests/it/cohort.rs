//! Who is counted, when, and by which rule. Every group is ten patients or more, so that nothing is hidden.

use registat::{
    Amount, Cohort, Condition, Error, Label, Statistic, Table, Time, UnitOfAnalysis, Window, count, dim,
    mean, mean_change, share,
};

use crate::support::*;

fn rows_of_everyone() -> Table {
    Table::new("everyone")
}

fn printed(cohort: &Cohort, table: &Table) -> Sheet {
    let release = cohort.aggregate(table).unwrap().protect(&five()).unwrap();
    Sheet::read(&release, table.id())
}

/// How many courses are in a window.
fn courses_in(cohort: &Cohort, window: Window) -> Option<u64> {
    printed(cohort, &rows_of_everyone().visits(window).stat(count())).count("All", "Courses")
}

/// The denominator and the percentage of a condition over everyone.
fn share_of(persons: &[Person], condition: Condition) -> (Option<u64>, Option<f64>) {
    let sheet = printed(&cohort(persons), &rows_of_everyone().stat(share(condition)));
    (sheet.count("All", "N"), sheet.number("All", "Share"))
}

fn named(name: &str, statistic: Statistic) -> Statistic {
    statistic.labelled(Label::same(name))
}

fn improved_by(percent: i64) -> Condition {
    Condition::Improved {
        instrument: "pain_rest".to_owned(),
        at_least: None,
        percent: Some(Amount::whole(percent)),
        times: (Time::BASELINE, Time::SIX_MONTHS),
    }
}

#[test]
fn the_newest_of_several_forms_of_a_course_counts_whatever_their_order() {
    let mut forms = Forms::of(&person(ALTA, WOMAN).with(|person| person.pain = 8).times(10));
    // Older answers stand after the newer ones, and of two of one day the later row counts.
    let older: Vec<AnswerRow> = forms
        .baseline
        .iter()
        .map(|row| AnswerRow { answered: "01.01.2024".to_owned(), pain: 1, ..row.clone() })
        .collect();
    let earlier_the_same_day: Vec<AnswerRow> =
        forms.baseline.iter().map(|row| AnswerRow { pain: 3, ..row.clone() }).collect();
    let newest = std::mem::replace(&mut forms.baseline, earlier_the_same_day);
    forms.baseline.extend(newest);
    forms.baseline.extend(older);

    let cohort = forms.cohort();
    let sheet = printed(&cohort, &rows_of_everyone().stat(mean("pain_rest")));
    assert_eq!(sheet.count("All", "N"), Some(10));
    assert_eq!(sheet.number("All", "Mean"), Some(8.0));
    assert_eq!(cohort.flow().used("baseline"), 10);
    assert_eq!(cohort.flow().duplicates("baseline"), 20);
}

#[test]
fn a_course_without_a_baseline_form_is_left_out_and_counted_as_such() {
    let mut forms = Forms::of(&person(ALTA, MAN).times(12));
    forms.baseline.truncate(10);
    let cohort = forms.cohort();
    assert_eq!(courses_in(&cohort, Window::All), Some(10));
    assert_eq!(cohort.flow().without_baseline(), 2);
}

#[test]
fn windows_hold_exactly_their_days() {
    let days = ["31.12.2023", "01.01.2024", "30.06.2024", "01.07.2024", "31.12.2024", "01.01.2025"];
    let persons: Vec<Person> = days
        .iter()
        .flat_map(|day| person(ALTA, MAN).with(|person| person.visit = (*day).to_owned()).times(10))
        .collect();
    let cohort = cohort(&persons);
    assert_eq!(courses_in(&cohort, Window::All), Some(60));
    assert_eq!(courses_in(&cohort, Window::VisitYear(2024)), Some(40));
    assert_eq!(courses_in(&cohort, Window::JulyToJune(2024)), Some(30));
    assert_eq!(courses_in(&cohort, Window::DueYear { year: 2025, months: 6 }), Some(30));
    assert_eq!(courses_in(&cohort, visits((2024, 1, 1), (2024, 1, 1))), Some(10));
}

#[test]
fn a_window_of_the_cohort_holds_for_every_table() {
    let mut persons = person(ALTA, MAN).times(10);
    persons.extend(person(ALTA, MAN).with(|person| person.visit = "15.03.2023".to_owned()).times(20));
    let registry = Forms::of(&persons).load();
    let cohort = registry.cohort().visits(Window::VisitYear(2023)).build().unwrap();
    assert_eq!(courses_in(&cohort, Window::All), Some(20));

    let backwards = visits((2024, 2, 1), (2024, 1, 1));
    let error = registry.cohort().visits(backwards).build().unwrap_err();
    assert!(error.is_specification(), "{error}");
}

#[test]
fn complete_pairs_and_triples_are_told_apart() {
    let mut persons = person(ALTA, MAN).times(10);
    persons.extend(person(ALTA, MAN).with(|person| person.six = Some(later(10, 3))).times(10));
    persons.extend(
        person(ALTA, MAN)
            .with(|person| {
                person.six = Some(later(10, 3));
                person.twelve = Some(later(5, 1));
            })
            .times(10),
    );
    let (first, second, third) = (Time::BASELINE, Time::SIX_MONTHS, Time::TWELVE_MONTHS);
    let table = rows_of_everyone()
        .stat(named("all", mean("pain_rest")))
        .stat(named("pair", mean_change("pain_rest", first, second)))
        .stat(named("triple", mean("pain_rest").at(third).among([first, second, third])));
    let sheet = printed(&cohort(&persons), &table);
    assert_eq!(sheet.count("All", "all / N"), Some(30));
    assert_eq!(sheet.number("All", "all / Mean"), Some(5.0));
    assert_eq!(sheet.count("All", "pair / N"), Some(20));
    assert_eq!(sheet.number("All", "pair / Change"), Some(-2.0));
    assert_eq!(sheet.count("All", "triple / N"), Some(10));
    assert_eq!(sheet.number("All", "triple / Mean"), Some(1.0));
}

#[test]
fn patients_are_counted_once_with_the_newest_course_of_the_window() {
    let mut persons = Vec::new();
    for number in 0..10 {
        for (visit, pain) in [("15.03.2023", 2), ("15.03.2024", 6)] {
            persons.push(person(ALTA, WOMAN).with(|person| {
                person.patient = Some(format!("comes back {number}"));
                person.visit = visit.to_owned();
                person.pain = pain;
            }));
        }
    }
    persons.extend(person(ALTA, WOMAN).with(|person| person.pain = 6).times(10));
    let cohort = cohort(&persons);
    let per_patient = |window| {
        let table = rows_of_everyone().visits(window).counts(UnitOfAnalysis::Patient);
        printed(&cohort, &table.stat(count()).stat(mean("pain_rest")))
    };
    assert_eq!(courses_in(&cohort, Window::All), Some(30));
    let all = per_patient(Window::All);
    assert_eq!((all.count("All", "Patients"), all.number("All", "Mean")), (Some(20), Some(6.0)));
    let early = per_patient(Window::VisitYear(2023));
    assert_eq!((early.count("All", "Patients"), early.number("All", "Mean")), (Some(10), Some(2.0)));
}

#[test]
fn a_drop_of_exactly_ten_points_counts_although_floating_point_would_miss_it() {
    // 11 of 30 and 4 of 15: 36.67 and 26.67 percent, exactly ten points apart, and less than ten as floats.
    let before = 100.0 * 11.0 / 30.0;
    let after = 100.0 * 4.0 / 15.0;
    assert!(before - after < 10.0);
    let exactly = person(ALTA, MAN).with(|person| {
        person.odi = some_items(&[2, 2, 2, 2, 2, 1]);
        person.six = Some(Later { odi: some_items(&[2, 1, 1]), pain: 5 });
    });
    // 18 of 45 and 14 of 45: 40 and 31.11 percent.
    let short_of_it = person(ALTA, MAN).with(|person| {
        person.odi = some_items(&[2, 2, 2, 2, 2, 2, 2, 2, 2]);
        person.six = Some(Later { odi: some_items(&[2, 2, 2, 2, 2, 1, 1, 1, 1]), pain: 5 });
    });
    let mut persons = exactly.times(10);
    persons.extend(short_of_it.times(30));
    persons.extend(person(ALTA, MAN).times(10));
    let rule = Condition::improved("odi", Amount::whole(10), (Time::BASELINE, Time::SIX_MONTHS));
    assert_eq!(
        share_of(&persons, rule),
        (Some(40), Some(25.0)),
        "those without a follow-up are in no denominator"
    );
}

#[test]
fn a_relative_change_from_zero_is_in_no_denominator() {
    let change = |before: i64, after: i64| {
        person(ALTA, WOMAN)
            .with(|person| {
                person.pain = before;
                person.six = Some(later(20, after));
            })
            .times(10)
    };
    let persons = [change(0, 0), change(10, 7), change(10, 8), change(10, 10), change(10, 3)].concat();
    assert_eq!(share_of(&persons, improved_by(30)), (Some(40), Some(50.0)));
}

#[test]
fn unknown_is_neither_true_nor_false() {
    let mut persons = Vec::new();
    for sex in [MAN, WOMAN, 0] {
        for education in [1, 3, 0] {
            persons.extend(person(ALTA, sex).with(|person| person.education = education).times(10));
        }
    }
    let woman = || Condition::level("sex", [WOMAN]);
    let higher = || Condition::level("education", [3]);
    assert_eq!(share_of(&persons, woman()), (Some(60), Some(50.0)));
    // True of 10; unknown of the 30 where one part is unknown and the other one is not false.
    assert_eq!(share_of(&persons, Condition::All(vec![woman(), higher()])), (Some(60), Some(16.7)));
    // False of 10 only; unknown of the 30 where one part is unknown and the other one is not true.
    assert_eq!(share_of(&persons, Condition::Any(vec![woman(), higher()])), (Some(60), Some(83.3)));
    assert_eq!(share_of(&persons, Condition::Not(Box::new(woman()))), (Some(60), Some(50.0)));
}

#[test]
fn a_filter_leaves_out_those_of_whom_it_is_unknown() {
    let mut persons = person(ALTA, MAN).times(10);
    persons.extend(person(ALTA, WOMAN).times(20));
    persons.extend(person(ALTA, 0).times(30));
    let registry = Forms::of(&persons).load();
    let women = registry.cohort().only(Condition::level("sex", [WOMAN])).build().unwrap();
    assert_eq!(courses_in(&women, Window::All), Some(20));
    let others =
        registry.cohort().only(Condition::Not(Box::new(Condition::level("sex", [WOMAN])))).build().unwrap();
    assert_eq!(courses_in(&others, Window::All), Some(10));
}

#[test]
fn an_age_band_ends_before_the_next_begins() {
    let persons: Vec<Person> = [39, 40, 59, 60]
        .into_iter()
        .flat_map(|age| person(ALTA, MAN).with(|person| person.age = Some(age)).times(10))
        .collect();
    let table = Table::new("ages").rows(dim("age").bands([0, 40, 60]).total()).stat(count());
    let sheet = printed(&cohort(&persons), &table);
    assert_eq!(sheet.labels(), ["0\u{2013}39", "40\u{2013}59", "60+", "All"]);
    assert_eq!(sheet.counts("Courses"), [Some(10), Some(20), Some(10), Some(40)]);
}

#[test]
fn a_period_over_a_scale_break_is_refused_and_one_within_a_scale_is_not() {
    let cohort = cohort(&person(ALTA, MAN).with(|person| person.visit = "15.03.2023".to_owned()).times(10));
    let of = |window| cohort.aggregate(&rows_of_everyone().visits(window).stat(mean("neck_score")));
    for pooled in [Window::All, visits((2022, 7, 1), (2023, 6, 30))] {
        let error = of(pooled).unwrap_err();
        assert!(error.is_specification() && error.variable() == Some("neck_score"), "{error}");
    }
    assert!(of(Window::VisitYear(2022)).is_ok());
    assert!(of(Window::VisitYear(2023)).is_ok());
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest_one() {
    #[track_caller]
    fn assert_names(error: &Error, wrong: &str, near: &str) {
        assert!(error.is_specification(), "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("`{wrong}`")) && text.contains(&format!("`{near}`")), "{text}");
    }
    let registry = Forms::of(&person(ALTA, MAN).times(10)).load();
    let filtered = registry.cohort().only(Condition::level("educaton", [1])).build();
    assert_names(&filtered.unwrap_err(), "educaton", "education");

    let cohort = registry.cohort().build().unwrap();
    let rows = cohort.aggregate(&Table::new("t").rows("hospitl").stat(count()));
    assert_names(&rows.unwrap_err(), "hospitl", "hospital");
    let value = cohort.aggregate(&rows_of_everyone().stat(mean("pain_rst")));
    let error = value.unwrap_err();
    assert!(error.is_specification() && error.to_string().contains("`pain_rst`"), "{error}");
    let change = mean_change("pain_rst", Time::BASELINE, Time::SIX_MONTHS);
    let value = cohort.aggregate(&rows_of_everyone().stat(change));
    assert_names(&value.unwrap_err(), "pain_rst", "pain_rest");
}

#[test]
fn a_level_that_the_codebook_lacks_is_refused() {
    let registry = Forms::of(&person(ALTA, MAN).times(10)).load();
    let error = registry.cohort().only(Condition::level("sex", [7])).build().unwrap_err();
    assert!(error.is_specification() && error.variable() == Some("sex"), "{error}");
}
