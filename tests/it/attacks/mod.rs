//! Attacks on printed tables, one file each: first on a table whose small numbers are hidden one by one, where the attack
//! must succeed, then on a release, where it must fail. An attack sees nothing but what CSV, HTML and pictures print.

mod age_bands_across_tables;
mod chart_marks;
mod complement;
mod corrected_release;
mod courses_of_one_patient;
mod deviation_of_two;
mod edition_difference;
mod group_disclosure;
mod identical_bytes;
mod insider_hospital;
mod last_filter;
mod linked_tables;
mod margins;
mod mean_and_n;
mod minimality;
mod missing_answers;
mod near_equal_groups;
mod nested_filter;
mod nonnegativity;
mod observed_extremes;
mod percent_and_n;
mod percent_of_hidden_count;
mod pooled_remainder;
mod quartiles_of_few;
mod regions;
mod rolling_windows;
mod rounding;
mod row_space;
mod rule_knowledge;
mod same_group_other_label;
mod shifted_windows;
mod singletons;
mod sort_order;
mod two_holes_small_sum;
mod two_requests;
mod whole_numbers;
mod wilson_limits;
mod worlds;
mod zeros_known;

use registat::{Language, Plan, Policy, Release, ReleasedTable};

use self::worlds::Worlds;
use crate::support::*;

/// Groups of fewer patients than this are small, in every attack.
const THRESHOLD: u64 = 5;

fn is_small(count: i64) -> bool {
    (1..THRESHOLD as i64).contains(&count)
}

/// A line of counts as printed, the total last.
type Counts = Vec<Option<i64>>;

/// The same, only looked at.
type Seen = [Option<i64>];

/// A table as printed, totals in the last row and the last column.
type Square = Vec<Counts>;

/// A table of a release as printed: its CSV and its HTML say the same to the last digit.
#[track_caller]
fn read(release: &Release, id: &str) -> Sheet {
    read_table(release.table(id).unwrap())
}

#[track_caller]
fn read_table(table: &ReleasedTable) -> Sheet {
    let (csv, html) = (Sheet::of(table), Sheet::from_html(&table.to_html(Language::English)));
    assert_eq!(csv, html, "CSV and HTML of {} differ", table.id());
    csv
}

/// One printed column of counts, row by row.
#[track_caller]
fn column_of(release: &Release, id: &str, head: &str) -> Counts {
    counts(&read(release, id).counts(head))
}

/// One printed column of other numbers, row by row.
#[track_caller]
fn numbers_of(sheet: &Sheet, head: &str) -> Vec<Option<f64>> {
    sheet.labels().into_iter().map(|row| sheet.number(row, head)).collect()
}

/// Men of each unit, in its turn so many of each education.
fn by_education_of(sizes: &[[i64; 3]]) -> Vec<Person> {
    let mut persons = Vec::new();
    for ((unit, _), sizes) in UNITS.iter().zip(sizes) {
        for (education, size) in (1..).zip(sizes) {
            let one = person(*unit, MAN).with(|person| person.education = education);
            persons.extend(one.times(*size as usize));
        }
    }
    persons
}

/// Men of some units, so many of them working and so many not.
fn working_and_others(sizes: &[(i64, usize, usize)]) -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, working, others) in sizes {
        persons.extend(person(*unit, MAN).with(|person| person.working = true).times(*working));
        persons.extend(person(*unit, MAN).times(*others));
    }
    persons
}

/// A release under a policy of its own.
fn release_under(policy: &Policy, persons: &[Person], plan: impl Into<Plan>) -> Release {
    cohort(persons).aggregate(plan).unwrap().protect(policy).unwrap()
}

fn counts(numbers: &[Option<u64>]) -> Counts {
    numbers.iter().map(|number| number.map(|number| number as i64)).collect()
}

/// A printed table with totals on both sides.
fn square(sheet: &Sheet) -> Square {
    sheet.grid().iter().map(|row| counts(row)).collect()
}

/// True counts with their totals.
fn with_totals(inner: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let mut all: Vec<Vec<i64>> = inner.to_vec();
    let columns = inner.first().map_or(0, Vec::len);
    all.push((0..columns).map(|column| inner.iter().map(|row| row[column]).sum()).collect());
    for row in &mut all {
        row.push(row.iter().sum());
    }
    all
}

/// What is done by hand: small numbers are hidden one by one.
fn hidden_one_by_one(numbers: &[i64]) -> Counts {
    numbers.iter().map(|number| (!is_small(*number)).then_some(*number)).collect()
}

/// How many courses are in each unit, and in all.
fn by_unit(persons: &[Person], is_in: impl Fn(&Person) -> bool) -> Vec<i64> {
    let inside =
        |unit: i64| persons.iter().filter(|person| person.unit == unit && is_in(person)).count() as i64;
    let mut numbers: Vec<i64> = UNITS.iter().map(|(unit, _)| inside(*unit)).collect();
    numbers.push(numbers.iter().sum());
    numbers
}

/// Fills the only hole of a line whose total stands last.
fn fill(line: &mut Seen) -> bool {
    let holes: Vec<usize> = (0..line.len()).filter(|place| line[*place].is_none()).collect();
    let [hole] = holes.as_slice() else { return false };
    let last = line.len() - 1;
    let parts: i64 = line[..last].iter().flatten().sum();
    line[*hole] = Some(if *hole == last { parts } else { line[last].unwrap_or_default() - parts });
    true
}

/// Fills every hole that is the only one of its row or column, until there is none.
fn fill_square(table: &mut [Counts]) {
    let mut changed = true;
    while changed {
        changed = false;
        for row in table.iter_mut() {
            changed |= fill(row);
        }
        for column in 0..table.first().map_or(0, Vec::len) {
            let mut line: Counts = table.iter().map(|row| row[column]).collect();
            if fill(&mut line) {
                changed = true;
                for (row, number) in table.iter_mut().zip(line) {
                    row[column] = number;
                }
            }
        }
    }
}

/// What all hidden numbers of a line add up to, where its total is printed and something is hidden.
fn rest(line: &Seen) -> Option<i64> {
    let (total, parts) = line.split_last()?;
    let hidden = parts.iter().any(Option::is_none);
    hidden.then_some((*total)? - parts.iter().flatten().sum::<i64>())
}

/// The small numbers among these.
fn small(line: &Seen) -> Vec<i64> {
    line.iter().copied().flatten().filter(|number| is_small(*number)).collect()
}

/// The differences of two lines that are small groups.
fn small_differences(larger: &Seen, smaller: &Seen) -> Vec<i64> {
    let pairs = larger.iter().zip(smaller);
    pairs
        .filter_map(|(larger, smaller)| Some((*larger)? - (*smaller)?))
        .filter(|number| is_small(*number))
        .collect()
}
