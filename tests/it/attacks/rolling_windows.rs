//! Windows that roll: three years, and most of the same years again.

use registat::{Block, Label, Plan, Table, Window, mean};

use super::*;

/// Visits of a unit in 2022, 2023 and 2024.
const SIZES: [(i64, [usize; 3]); 4] =
    [(ALTA, [3, 20, 25]), (BODO, [12, 22, 18]), (DOKKA, [31, 14, 16]), (EGERSUND, [17, 27, 13])];

/// The first year: all three without the other two.
fn attack(three: &Seen, second: &Seen, third: &Seen) -> Vec<i64> {
    let [three, second, third] = [three, second, third].map(|line| {
        let mut line = line.to_vec();
        fill(&mut line);
        line
    });
    let first = (0..three.len()).map(|row| Some(three[row]? - second[row]? - third[row]?));
    small(&first.collect::<Counts>())
}

#[test]
fn three_years_and_two_of_them_give_away_the_first_one_unless_they_are_protected_together() {
    let mut persons = Vec::new();
    for (unit, sizes) in SIZES {
        for (year, size) in (2022..).zip(sizes) {
            persons.extend(
                person(unit, WOMAN).with(|person| person.visit = format!("15.03.{year}")).times(size),
            );
        }
    }
    let by_hand = |year: &str| hidden_one_by_one(&by_unit(&persons, |person| person.visit.ends_with(year)));
    let naive = ["", "2023", "2024"].map(by_hand);
    assert!(naive.iter().flatten().all(Option::is_some), "nothing printed is small");
    assert_eq!(attack(&naive[0], &naive[1], &naive[2]), [3]);

    let windows = [
        ("three", visits((2022, 1, 1), (2024, 12, 31))),
        ("second", Window::VisitYear(2023)),
        ("third", Window::VisitYear(2024)),
    ];
    let plan = windows
        .into_iter()
        .fold(Plan::new(), |plan, (id, window)| plan.table(counts_by_hospital(id).visits(window)));
    let release = release(&persons, plan);
    let ours = windows.map(|(id, _)| column_of(&release, id, "Courses"));
    assert!(attack(&ours[0], &ours[1], &ours[2]).is_empty(), "{ours:?}");
}

/// Patients of a year, and what each of them answers.
const ANSWERS: [(i32, usize, i64); 4] = [(2021, 1, 9), (2022, 10, 4), (2023, 10, 6), (2024, 10, 5)];

/// Two windows of a rolling mean, and the year that only the second one has.
const ROLLING: [(&str, i32, i32); 3] =
    [("first", 2021, 2023), ("second", 2022, 2024), ("newest", 2024, 2024)];

/// How many came in the year that left, and what their answers add up to.
fn year_that_left(numbers: &Seen, means: &[Option<f64>]) -> Option<(i64, f64)> {
    let sum = |row: usize| Some(numbers[row]? as f64 * means[row]?);
    Some((numbers[0]? - numbers[1]? + numbers[2]?, sum(0)? - sum(1)? + sum(2)?))
}

#[test]
fn a_rolling_mean_gives_away_who_left_it_unless_its_windows_are_protected_together() {
    let by_hand = |(_, first, last): (&str, i32, i32)| {
        let inside = ANSWERS.iter().filter(|(year, ..)| (first..=last).contains(year));
        let (n, sum) = inside.fold((0_i64, 0_i64), |(n, sum), (_, size, pain)| {
            let size = *size as i64;
            (n + size, sum + size * pain)
        });
        ((!is_small(n)).then_some(n), Some((10.0 * sum as f64 / n as f64).round() / 10.0))
    };
    let (numbers, means): (Counts, Vec<Option<f64>>) = ROLLING.into_iter().map(by_hand).unzip();
    let (n, sum) = year_that_left(&numbers, &means).unwrap();
    assert_eq!((n, sum.round() as i64), (1, 9), "one patient and what was answered");

    let persons: Vec<Person> = ANSWERS
        .into_iter()
        .flat_map(|(year, size, pain)| {
            let visitor = person(ALTA, WOMAN).with(|person| person.visit = format!("15.03.{year}"));
            visitor.with(|person| person.pain = pain).times(size)
        })
        .collect();
    let table =
        ROLLING.into_iter().fold(Table::new("t").stat(mean("pain_rest")), |table, (name, first, last)| {
            let window = visits((first, 1, 1), (last, 12, 31));
            table.block(Block::Period { label: Some(Label::same(name)), window })
        });
    let sheet = read(&release(&persons, &table), "t");
    let numbers = counts(&sheet.counts("N"));
    assert!(numbers.iter().any(Option::is_some), "{numbers:?}");
    let found = year_that_left(&numbers, &numbers_of(&sheet, "Mean"));
    assert!(found.is_none_or(|(n, _)| !is_small(n)), "{found:?}");
}
