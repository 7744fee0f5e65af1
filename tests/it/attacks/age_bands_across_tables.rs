//! Age bands that end a year later in another table.

use registat::{Plan, Table, count, dim};

use super::*;

fn persons() -> Vec<Person> {
    let sizes = [(25, 20), (40, 2), (50, 30), (70, 25)];
    sizes
        .into_iter()
        .flat_map(|(age, size)| person(ALTA, MAN).with(|person| person.age = Some(age)).times(size))
        .collect()
}

/// Those who are in the wider of two first bands and not in the narrower one, and the same from above.
fn attack(narrow: &Seen, wide: &Seen) -> Vec<i64> {
    let (mut narrow, mut wide) = (narrow.to_vec(), wide.to_vec());
    fill(&mut narrow);
    fill(&mut wide);
    let mut found = small_differences(&wide[..1], &narrow[..1]);
    found.extend(small_differences(&narrow[1..2], &wide[1..2]));
    found
}

#[test]
fn two_groupings_of_age_give_away_the_years_between_them_unless_protected_together() {
    let persons = persons();
    let bands = |limit: i64| {
        let inside = |from: i64, to: i64| {
            let ages = persons.iter().filter_map(|person| person.age);
            ages.filter(|age| (from..to).contains(age)).count() as i64
        };
        hidden_one_by_one(&[inside(0, limit), inside(limit, 60), inside(60, 200), inside(0, 200)])
    };
    assert_eq!(attack(&bands(40), &bands(41)), [2, 2]);

    let table =
        |id: &str, limit: i64| Table::new(id).rows(dim("age").bands([0, limit, 60]).total()).stat(count());
    let release = release(&persons, Plan::new().table(table("narrow", 40)).table(table("wide", 41)));
    let column = |id: &str| counts(&Sheet::read(&release, id).counts("Courses"));
    let (narrow, wide) = (column("narrow"), column("wide"));
    assert!(attack(&narrow, &wide).is_empty(), "{narrow:?} {wide:?}");
}
