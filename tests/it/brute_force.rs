//! Small registers, two linked tables, and every whole-number table that fits what is printed.

use registat::{Plan, Policy};

use crate::support::*;

/// How far from the truth other tables are looked for. The true table always fits, so one that differs in a hidden number
/// is all that is wanted, and it is tried from the nearest outwards.
const REACH: i64 = 6;

/// A table as printed: totals last in both directions; `None` is hidden.
struct Printed {
    cells: Vec<Vec<Option<i64>>>,
    truth: Vec<Vec<i64>>,
}

impl Printed {
    fn rows(&self) -> usize {
        self.cells.len() - 1
    }

    fn columns(&self) -> usize {
        self.cells[0].len() - 1
    }

    /// The values that an inner cell can have, nearest to the truth first. Zeros are printed, so a hidden number is at
    /// least one.
    fn candidates(&self, row: usize, column: usize) -> Vec<i64> {
        if let Some(printed) = self.cells[row][column] {
            return vec![printed];
        }
        let truth = self.truth[row][column];
        let mut values: Vec<i64> = (truth - REACH..=truth + REACH).filter(|value| *value >= 1).collect();
        values.sort_by_key(|value| (value - truth).abs());
        values
    }

    /// Whether some table fits everything printed and has another value in a hidden place, inner or total.
    fn has_another(&self, (row, column): (usize, usize)) -> bool {
        let truth = self.truth[row][column];
        let mut others: Vec<i64> = (truth - REACH..=truth + REACH).filter(|value| *value >= 1).collect();
        others.retain(|value| *value != truth);
        others.sort_by_key(|value| (value - truth).abs());
        others.into_iter().any(|value| {
            let mut told = Self { cells: self.cells.clone(), truth: self.truth.clone() };
            told.cells[row][column] = Some(value);
            told.is_possible()
        })
    }

    /// Whether any whole-number table fits.
    fn is_possible(&self) -> bool {
        let candidates = (0..self.rows())
            .map(|row| (0..self.columns()).map(|column| self.candidates(row, column)).collect())
            .collect();
        let table = vec![vec![0; self.columns()]; self.rows()];
        Search { printed: self, table, candidates }.fits_from(0)
    }

    /// What the hidden numbers of each line add up to, for every line whose total is printed.
    fn remainders(&self) -> Vec<i64> {
        let (rows, columns) = (self.rows(), self.columns());
        let all_rows = 0..=rows;
        let all_columns = 0..=columns;
        let mut lines: Vec<Vec<(usize, usize)>> = Vec::new();
        lines.extend(all_rows.map(|row| (0..=columns).map(|column| (row, column)).collect::<Vec<_>>()));
        lines.extend(all_columns.map(|column| (0..=rows).map(|row| (row, column)).collect::<Vec<_>>()));
        let mut found = Vec::new();
        for line in lines {
            let number = |place: &(usize, usize)| self.cells[place.0][place.1];
            let Some((last, parts)) = line.split_last() else { continue };
            let hides = parts.iter().any(|place| number(place).is_none());
            if let (true, Some(total)) = (hides, number(last)) {
                found.push(total - parts.iter().filter_map(number).sum::<i64>());
            }
        }
        found
    }
}

struct Search<'p> {
    printed: &'p Printed,
    table: Vec<Vec<i64>>,
    candidates: Vec<Vec<Vec<i64>>>,
}

impl Search<'_> {
    /// Goes on from the inner cell with this number, counted row by row.
    fn fits_from(&mut self, number: usize) -> bool {
        let (rows, columns) = (self.printed.rows(), self.printed.columns());
        if number == rows * columns {
            return true;
        }
        let (row, column) = (number / columns, number % columns);
        for value in self.candidates[row][column].clone() {
            self.table[row][column] = value;
            if self.can_still_fit(row, column) && self.fits_from(number + 1) {
                return true;
            }
        }
        self.table[row][column] = 0;
        false
    }

    /// Whether what is left can bring every printed total that this cell is part of.
    fn can_still_fit(&self, row: usize, column: usize) -> bool {
        let printed = &self.printed.cells;
        let (rows, columns) = (self.printed.rows(), self.printed.columns());
        let ends = |places: &mut dyn Iterator<Item = (usize, usize)>| {
            places.fold((0, 0), |(least, most), (row, column)| {
                let values = &self.candidates[row][column];
                let (low, high) = (values.iter().min().copied(), values.iter().max().copied());
                (least + low.unwrap_or_default(), most + high.unwrap_or_default())
            })
        };
        let fits = |total: Option<i64>, so_far: i64, (least, most): (i64, i64)| {
            total.is_none_or(|total| (so_far + least..=so_far + most).contains(&total))
        };
        let in_row: i64 = self.table[row][..=column].iter().sum();
        let left_in_row = ends(&mut (column + 1..columns).map(|column| (row, column)));
        let in_column: i64 = self.table[..=row].iter().map(|line| line[column]).sum();
        let left_in_column = ends(&mut (row + 1..rows).map(|row| (row, column)));
        let before: i64 = self.table[..row].iter().flatten().sum();
        let after = ends(&mut (row + 1..rows).flat_map(|row| (0..columns).map(move |column| (row, column))));
        fits(printed[row][columns], in_row, left_in_row)
            && fits(printed[rows][column], in_column, left_in_column)
            && fits(
                printed[rows][columns],
                before + in_row,
                (after.0 + left_in_row.0, after.1 + left_in_row.1),
            )
    }
}

/// A few patients per unit, sex and education, many of the numbers small and some zero.
fn persons(random: &mut Random, number_of_units: usize) -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, _) in UNITS.into_iter().take(number_of_units) {
        for sex in [MAN, WOMAN] {
            for education in [1, 2, 3] {
                let size = [0, 0, 1, 1, 2, 2, 3, 5][random.below(8) as usize];
                persons.extend(person(unit, sex).with(|person| person.education = education).times(size));
            }
        }
    }
    persons
}

fn truth(persons: &[Person], levels: &[i64], level_of: impl Fn(&Person) -> i64) -> Vec<Vec<i64>> {
    let size = |unit: Option<i64>, level: Option<i64>| {
        let in_unit = persons.iter().filter(|person| unit.is_none_or(|unit| person.unit == unit));
        in_unit.filter(|person| level.is_none_or(|level| level_of(person) == level)).count() as i64
    };
    let rows = UNITS.iter().map(|(unit, _)| Some(*unit)).chain([None]);
    rows.map(|unit| {
        levels.iter().map(|level| Some(*level)).chain([None]).map(|level| size(unit, level)).collect()
    })
    .collect()
}

fn printed(sheet: &Sheet, truth: Vec<Vec<i64>>) -> Printed {
    let number = |number: &Option<u64>| number.map(|number| number as i64);
    let cells: Vec<Vec<Option<i64>>> =
        sheet.grid().iter().map(|row| row.iter().map(number).collect()).collect();
    for (row, line) in cells.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            assert!(cell.is_none_or(|cell| cell == truth[row][column]), "what is printed is true");
        }
    }
    Printed { cells, truth }
}

#[test]
fn no_small_number_of_linked_tables_follows_from_what_is_printed() {
    let mut hidden_somewhere = 0;
    let mut printed_somewhere = 0;
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let threshold = 3 + random.below(3);
        let number_of_units = 2 + random.below(3) as usize;
        let persons = persons(&mut random, number_of_units);
        if persons.is_empty() {
            continue;
        }
        let plan = Plan::new()
            .table(counts_by_hospital_and("sex", "sex"))
            .table(counts_by_hospital_and("education", "education"));
        let policy = Policy::threshold_of(threshold).unwrap();
        let release = cohort(&persons).aggregate(plan).unwrap().protect(&policy).unwrap();
        let tables = [
            printed(&Sheet::read(&release, "sex"), truth(&persons, &[MAN, WOMAN], |person| person.sex)),
            printed(
                &Sheet::read(&release, "education"),
                truth(&persons, &[1, 2, 3], |person| person.education),
            ),
        ];
        let is_small = |number: i64| (1..threshold as i64).contains(&number);
        for table in &tables {
            for row in 0..=table.rows() {
                for column in 0..=table.columns() {
                    let true_number = table.truth[row][column];
                    match table.cells[row][column] {
                        Some(shown) => {
                            printed_somewhere += 1;
                            assert!(!is_small(shown), "seed {seed}: a small number is printed");
                        }
                        None => {
                            hidden_somewhere += 1;
                            assert_ne!(true_number, 0, "seed {seed}: a zero is hidden");
                            assert!(
                                !is_small(true_number) || table.has_another((row, column)),
                                "seed {seed}: the number in row {row}, column {column} follows from what is printed"
                            );
                        }
                    }
                }
            }
            let remainders = table.remainders();
            assert!(
                !remainders.iter().any(|remainder| is_small(*remainder)),
                "seed {seed}: hidden numbers add up to a small group: {remainders:?}"
            );
        }
    }
    assert!(hidden_somewhere > 500 && printed_somewhere > 500, "{hidden_somewhere} {printed_somewhere}");
}

#[test]
fn the_search_itself_finds_a_number_that_follows_and_one_that_does_not() {
    let truth = vec![vec![2, 20, 22], vec![30, 12, 42], vec![32, 32, 64]];
    let mut table =
        Printed { cells: truth.iter().map(|row| row.iter().copied().map(Some).collect()).collect(), truth };
    table.cells[0][0] = None;
    assert!(!table.has_another((0, 0)));
    assert_eq!(table.remainders(), [2, 2]);
    for (row, column) in [(0, 1), (1, 0), (1, 1)] {
        table.cells[row][column] = None;
    }
    assert!(table.has_another((0, 0)));
    assert_eq!(table.remainders(), [22, 42, 32, 32]);
}
