//! Calendar years beside July to June.

use registat::{Plan, Window};

use super::*;

/// Visits of a unit in four half years.
const SIZES: [(i64, [usize; 4]); 4] = [
    (ALTA, [20, 15, 30, 3]),
    (BODO, [12, 22, 18, 25]),
    (DOKKA, [31, 14, 16, 19]),
    (EGERSUND, [17, 27, 13, 11]),
];

fn persons() -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, sizes) in SIZES {
        for (day, size) in ["01.03.2023", "01.09.2023", "01.03.2024", "01.09.2024"].into_iter().zip(sizes) {
            persons.extend(person(unit, WOMAN).with(|person| person.visit = day.to_owned()).times(size));
        }
    }
    persons
}

fn windows() -> [(&'static str, Window); 4] {
    [
        ("start", visits((2023, 1, 1), (2023, 6, 30))),
        ("first", Window::VisitYear(2023)),
        ("second", Window::VisitYear(2024)),
        ("shifted", Window::JulyToJune(2024)),
    ]
}

/// The last half year: both calendar years without the first half year and the shifted year.
fn attack(columns: &[Counts; 4]) -> Vec<i64> {
    let [start, first, second, shifted] = columns.clone().map(|mut column| {
        fill(&mut column);
        column
    });
    let last_half = |row: usize| Some(first[row]? + second[row]? - start[row]? - shifted[row]?);
    (0..start.len()).filter_map(last_half).filter(|number| is_small(*number)).collect()
}

#[test]
fn shifted_windows_give_away_a_half_year_unless_they_are_protected_together() {
    let true_counts = |halves: &[usize]| {
        let mut column: Vec<i64> = UNITS
            .iter()
            .map(|(unit, _)| {
                let sizes = SIZES.iter().find(|(known, _)| known == unit).map(|(_, sizes)| sizes);
                sizes.map_or(0, |sizes| halves.iter().map(|half| sizes[*half] as i64).sum())
            })
            .collect();
        column.push(column.iter().sum());
        hidden_one_by_one(&column)
    };
    let naive = [true_counts(&[0]), true_counts(&[0, 1]), true_counts(&[2, 3]), true_counts(&[1, 2])];
    assert!(naive.iter().flatten().all(Option::is_some), "nothing printed is small");
    assert_eq!(attack(&naive), [3]);

    let plan = windows()
        .into_iter()
        .fold(Plan::new(), |plan, (id, window)| plan.table(counts_by_hospital(id).visits(window)));
    let release = release(&persons(), plan);
    let ours = windows().map(|(id, _)| counts(&Sheet::read(&release, id).counts("Courses")));
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
