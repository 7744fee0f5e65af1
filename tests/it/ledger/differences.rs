//! One release minus another.

use registat::{Condition, Plan, Policy, Table, Time, Window, count, dim};

use super::*;

fn visited(day: &str, sizes: &[(i64, usize)]) -> Vec<Person> {
    units(sizes).into_iter().map(|person| person.with(|person| person.visit = day.to_owned())).collect()
}

fn aged(sizes: &[(i64, usize)]) -> Vec<Person> {
    let of_age = |(age, size): &(i64, usize)| {
        let age = *age;
        person(ALTA, MAN).with(|person| person.age = Some(age)).times(*size)
    };
    sizes.iter().flat_map(of_age).collect()
}

#[test]
fn late_forms_of_a_restated_year_are_no_difference_of_two_editions() {
    let mut before = visited("15.03.2023", &[(ALTA, 20), (BODO, 30), (DOKKA, 40)]);
    before.extend(visited("15.03.2024", &[(ALTA, 25), (BODO, 35), (DOKKA, 45)]));
    let mut after = before.clone();
    after.extend(visited("20.03.2023", &[(ALTA, 2)]));
    let year = |number| counts_by_hospital(&format!("y{number}")).visits(Window::VisitYear(number));

    let [then, now] = [&before, &after].map(|persons| column(&release(persons, &year(2023)), "y2023"));
    assert_eq!(differences(&now, &then), [2, 2], "the unit and the total");

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    let first = publish(&before, &year(2023), &mut ledger, "edition 2023").unwrap();
    let both = Plan::new().table(year(2023)).table(year(2024));
    let second = publish(&after, both, &mut ledger, "edition 2024").unwrap();
    assert_eq!(column(&first, "y2023"), then);
    let restated = column(&second, "y2023");
    assert!(differences(&restated, &then).is_empty(), "{restated:?}");
    assert_eq!((restated[1], restated[2]), (Some(30), Some(40)), "what did not change is printed as before");
    let new = column(&second, "y2024");
    assert_eq!(new, [Some(25), Some(35), Some(45), Some(0), Some(0), Some(105)]);
}

#[test]
fn many_late_courses_of_one_patient_are_one_patient() {
    let before = units(&[(ALTA, 40), (BODO, 30), (DOKKA, 25)]);
    let mut after = before.clone();
    for month in 1..=6 {
        after.push(person(ALTA, MAN).with(|person| {
            person.patient = Some("late".to_owned());
            person.visit = format!("01.{month:02}.2024");
        }));
    }
    let table = counts_by_hospital("t");
    let [then, now] = [&before, &after].map(|persons| column(&release(persons, &table), "t"));
    assert_eq!(differences(&now, &then), [6, 6], "six courses, one patient");

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    drop(publish(&before, &table, &mut ledger, "first").unwrap());
    let second = publish(&after, &table, &mut ledger, "second").unwrap();
    let now = column(&second, "t");
    assert!(differences(&now, &then).is_empty(), "{now:?}");
}

#[test]
fn many_late_forms_of_many_patients_are_printed() {
    let before = units(&[(ALTA, 40), (BODO, 30), (DOKKA, 25)]);
    let mut after = before.clone();
    after.extend(units(&[(ALTA, 6)]));
    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    drop(publish(&before, &counts_by_hospital("t"), &mut ledger, "first").unwrap());
    let second = publish(&after, &counts_by_hospital("t"), &mut ledger, "second").unwrap();
    assert_eq!(column(&second, "t")[0], Some(46));
}

#[test]
fn a_sum_that_an_edition_did_not_print_is_compared_as_well() {
    let persons = |men: usize, women: usize| {
        let mut persons = person(ALTA, MAN).times(20);
        persons.extend(person(ALTA, WOMAN).times(20));
        // Those who came later stand last, so that the others keep their names.
        persons.extend(person(ALTA, MAN).times(men - 20));
        persons.extend(person(ALTA, WOMAN).times(women - 20));
        persons
    };
    let (before, after) = (persons(20, 20), persons(21, 21));
    let sexes = Table::new("sexes").rows("sex").stat(count());
    let all = Table::new("all").stat(count());
    let sum = |line: &Counts| line.iter().copied().sum::<Option<i64>>();
    let attack = |all: &Counts, sexes: &Counts| Some(sum(all)? - sum(sexes)?);

    let first = column(&release(&before, &sexes), "sexes");
    assert_eq!(attack(&column(&release(&after, &all), "all"), &first), Some(2), "two came");

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    drop(publish(&before, &sexes, &mut ledger, "first").unwrap());
    let second = publish(&after, &all, &mut ledger, "second").unwrap();
    assert_eq!(attack(&column(&second, "all"), &first), None);
}

#[test]
fn overlapping_age_bands_of_two_releases_give_away_no_single_year() {
    let persons = aged(&[(25, 20), (40, 2), (50, 30), (70, 25)]);
    let bands =
        |id: &str, starts: [i64; 3]| Table::new(id).rows(dim("age").bands(starts).total()).stat(count());
    let (a, b) = (bands("a", [0, 40, 60]), bands("b", [0, 41, 60]));
    let then = column(&release(&persons, &a), "a");
    assert_eq!(differences(&column(&release(&persons, &b), "b"), &then), [2, -2], "those of 40 years");

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    drop(publish(&persons, &a, &mut ledger, "first").unwrap());
    let second = publish(&persons, &b, &mut ledger, "second").unwrap();
    let now = column(&second, "b");
    assert!(differences(&now, &then).is_empty(), "{now:?}");
    assert_eq!(now[3], Some(77), "what is public stays printed");
}

/// Visits of a unit in 2021 to 2025.
const YEARS: [(i64, [usize; 5]); 3] =
    [(ALTA, [2, 20, 25, 30, 27]), (BODO, [12, 22, 18, 25, 19]), (DOKKA, [31, 14, 16, 19, 23])];

/// Three rolling windows and one of their years.
fn windows() -> [Table; 4] {
    let from = |first: i32, last: i32| {
        counts_by_hospital(&format!("w{first}")).visits(visits((first, 1, 1), (last, 12, 31)))
    };
    [from(2021, 2023), from(2022, 2024), from(2023, 2025), from(2024, 2024)]
}

/// The first year: the first window without the second one, and with the year that only the second one has.
fn first_year(columns: &[Counts; 4]) -> Counts {
    let [first, second, _, newest] = columns.clone().map(|mut column| {
        fill(&mut column);
        column
    });
    (0..first.len()).map(|row| Some(first[row]? - second[row]? + newest[row]?)).collect()
}

#[test]
fn rolling_three_year_windows_do_not_give_away_the_year_that_left() {
    let mut persons = Vec::new();
    for (unit, sizes) in YEARS {
        for (year, size) in (2021..).zip(sizes) {
            persons.extend(visited(&format!("15.03.{year}"), &[(unit, size)]));
        }
    }
    let naive = windows().map(|table| column(&release(&persons, &table), table.id()));
    assert!(naive.iter().flatten().all(Option::is_some), "nothing printed is small");
    assert_eq!(small(&first_year(&naive)), [2]);

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    let ours = windows().map(|table| {
        let release = publish(&persons, &table, &mut ledger, &format!("report {}", table.id())).unwrap();
        column(&release, table.id())
    });
    assert_eq!(ours[0], naive[0]);
    assert!(small(&first_year(&ours)).is_empty(), "{ours:?}");
    assert_eq!(ledger.releases().unwrap(), 4);
}

/// Fills what one table hides by the sums of another cut of it, then by the total.
fn fill_from_cut(line: &Seen, cut: &[Vec<Option<u64>>]) -> Counts {
    let mut line = line.to_vec();
    for (count, parts) in line.iter_mut().zip(cut) {
        let sum = parts.iter().copied().sum::<Option<u64>>();
        *count = count.or(sum.map(|sum| sum as i64));
    }
    fill(&mut line);
    line
}

#[test]
fn the_same_table_in_another_cut_fills_no_hole() {
    let persons = units(&[(ALTA, 3), (BODO, 17), (DOKKA, 29), (EGERSUND, 41), (FLORO, 53)]);
    let whole = counts_by_hospital("whole");
    let cut = Table::new("cut").rows("hospital").cols("sex").stat(count());
    let first = column(&release(&persons, &whole), "whole");
    let naive = Sheet::read(&release(&persons, &cut), "cut").grid();
    assert_eq!(first[0], None);
    assert_eq!(fill_from_cut(&first, &naive)[0], Some(3));

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    let printed = publish(&persons, &whole, &mut ledger, "first").unwrap();
    assert_eq!(column(&printed, "whole"), first);
    let second = publish(&persons, &cut, &mut ledger, "second").unwrap();
    let ours = Sheet::read(&second, "cut").grid();
    assert_eq!(fill_from_cut(&first, &ours)[0], None, "{first:?} {ours:?}");
}

#[test]
fn what_an_edition_once_showed_hides_nobody_else_today() {
    let schooled =
        |level: i64, size: usize| person(ALTA, MAN).with(|person| person.education = level).times(size);
    let persons: Vec<Person> =
        [(1, 3), (2, 4), (3, 30)].into_iter().flat_map(|(level, size)| schooled(level, size)).collect();
    let primary = Table::new("primary").only(Condition::level("education", [1])).stat(count());
    let levels = Table::new("levels").rows(dim("education").total()).stat(count());
    let two = Policy::threshold_of(2).unwrap();
    let attack = |levels: &Counts, once: &Counts| {
        let mut levels = levels.clone();
        levels[0] = levels[0].or(once[0]);
        fill(&mut levels);
        levels[1]
    };

    let once = column(&cohort(&persons).aggregate(&primary).unwrap().protect(&two).unwrap(), "primary");
    assert_eq!(once, [Some(3)], "under a lower threshold");
    let naive = column(&release(&persons, &levels), "levels");
    assert_eq!((naive[0], naive[1]), (None, None));
    assert_eq!(attack(&naive, &once), Some(4), "what was to protect the three is itself small");

    let shelf = Shelf::new();
    let mut ledger = shelf.ledger();
    let cube = cohort(&persons).aggregate(&primary).unwrap();
    drop(cube.protect_with(&two, &mut ledger, "weak").unwrap());
    let ours = publish(&persons, &levels, &mut ledger, "strict").unwrap();
    assert_eq!(attack(&column(&ours, "levels"), &once), None);
    assert_eq!(ours.audit().public_already(), 1, "nothing takes the three back");
}

/// Every run of digits.
fn numbers(text: &str) -> Vec<&str> {
    text.split(|character: char| !character.is_numeric()).filter(|run| !run.is_empty()).collect()
}

#[test]
fn a_refusal_names_the_earlier_release_and_the_dimension_and_holds_no_number() {
    let persons = aged(&[(50, 40), (70, 3)]);
    let younger = Condition::Within { variable: "age".to_owned(), from: 0, to: 65, at: Time::BASELINE };
    let all = |id: &str| Table::new(id).stat(count());
    for (name, expected) in [("annual report", vec![]), ("edition 2024", vec!["2024"])] {
        let shelf = Shelf::new();
        let mut ledger = shelf.ledger();
        drop(publish(&persons, &all("younger").only(younger.clone()), &mut ledger, name).unwrap());
        let error = publish(&persons, &all("everyone").headline(), &mut ledger, "request").unwrap_err();
        assert!(error.is_refusal(), "{error}");
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.contains(&format!("`{name}`")), "the earlier release: {text}");
            assert!(text.contains("`age`"), "the dimension: {text}");
            assert!(text.contains("`everyone`"), "what was asked for: {text}");
            assert_eq!(numbers(&text), expected, "{text}");
        }
        assert_eq!(ledger.releases().unwrap(), 1, "nothing was released");
    }
    assert_eq!(numbers("3 of 43, ½"), ["3", "43", "½"], "a number would be found");
}
