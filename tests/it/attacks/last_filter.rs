//! Small groups looked for before the last filter.

use registat::{Condition, Window};

use super::*;

/// Courses of a unit before the year that is printed, and in it; only those of the year are in work.
const SIZES: [(i64, usize, usize); 4] = [(ALTA, 6, 1), (BODO, 12, 20), (DOKKA, 9, 25), (EGERSUND, 14, 30)];

fn persons() -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, before, within) in SIZES {
        persons.extend(person(unit, MAN).with(|person| person.visit = "15.03.2023".to_owned()).times(before));
        persons.extend(person(unit, MAN).with(|person| person.working = true).times(within));
    }
    persons
}

/// Nothing has to be worked out: the small numbers are printed.
fn attack(line: &Seen) -> Vec<i64> {
    let mut line = line.to_vec();
    fill(&mut line);
    small(&line)
}

#[test]
fn a_group_that_the_last_filter_made_small_is_printed_unless_it_is_counted_after_it() {
    let persons = persons();
    let before = by_unit(&persons, |_| true);
    let after = by_unit(&persons, |person| person.working);
    assert_eq!((before[0], after[0]), (7, 1));
    // By hand the small groups are marked first, then the year is chosen.
    let naive: Counts =
        before.iter().zip(&after).map(|(before, after)| (!is_small(*before)).then_some(*after)).collect();
    assert_eq!(attack(&naive), [1]);

    let year = Window::VisitYear(2024);
    let working = || Condition::level("working", [1]);
    let table = counts_by_hospital("t");
    let of_the_year = Forms::of(&persons).load().cohort().visits(year).build().unwrap();
    let of_the_working = Forms::of(&persons).load().cohort().only(working()).build().unwrap();
    let filtered = [
        release(&persons, &table.clone().visits(year)),
        release(&persons, &table.clone().only(working())),
        of_the_year.aggregate(&table).unwrap().protect(&five()).unwrap(),
        of_the_working.aggregate(&table).unwrap().protect(&five()).unwrap(),
        of_the_year.aggregate(&table.clone().only(working())).unwrap().protect(&five()).unwrap(),
    ];
    for release in filtered {
        let ours = column_of(&release, "t", "Courses");
        assert_eq!((ours[0], ours[4]), (None, Some(0)), "{ours:?}");
        assert!(attack(&ours).is_empty(), "{ours:?}");
        assert!(rest(&ours).is_none_or(|rest| rest >= THRESHOLD as i64), "{ours:?}");
    }
}
