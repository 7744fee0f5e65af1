//! Every line hides two numbers or none, and still some lines minus others leave one of them alone.

use std::collections::BTreeMap;

use registat::{Table, count, dim};

use super::*;

/// Patients of the units, in bands of age.
const SIZES: [[i64; 4]; 5] =
    [[2, 3, 4, 30], [1, 28, 2, 31], [25, 4, 35, 3], [33, 1, 27, 2], [22, 26, 29, 24]];

fn persons() -> Vec<Person> {
    let mut persons = Vec::new();
    for ((unit, _), sizes) in UNITS.iter().zip(SIZES) {
        for (age, size) in [25, 40, 60, 80].into_iter().zip(sizes) {
            let one = person(*unit, WOMAN).with(|person| person.age = Some(age));
            persons.extend(one.times(size as usize));
        }
    }
    persons
}

/// The small numbers that rows minus columns give away. Of every choice of lines, what lies in a chosen row or in a chosen
/// column, but not in both, adds up to nothing: where one of these places is hidden, it follows.
fn attack(table: &[Counts]) -> Vec<i64> {
    let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
    let mut found: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for chosen in 0..1_usize << (rows + columns) {
        let is_chosen = |line: usize| (chosen >> line) & 1 == 1;
        let (mut sum, mut hidden) = (0_i64, Vec::new());
        for (row, line) in table.iter().enumerate() {
            for (column, number) in line.iter().enumerate() {
                // A total counts against its parts, so that every line adds up to nothing.
                let is_total = (row + 1 == rows) != (column + 1 == columns);
                let sign: i64 = match (is_chosen(row), is_chosen(rows + column)) {
                    (true, false) => 1,
                    (false, true) => -1,
                    _ => continue,
                };
                let sign = if is_total { -sign } else { sign };
                match number {
                    Some(number) => sum += sign * *number,
                    None => hidden.push((row, column, sign)),
                }
            }
        }
        if let [(row, column, sign)] = hidden.as_slice() {
            found.insert((*row, *column), -sign * sum);
        }
    }
    found.into_values().filter(|number| is_small(*number)).collect()
}

#[test]
fn lines_minus_lines_give_away_a_number_that_is_hidden_alone_in_none_and_nothing_of_a_release() {
    let inner: Vec<Vec<i64>> = SIZES.iter().map(|sizes| sizes.to_vec()).collect();
    let naive: Square = with_totals(&inner).iter().map(|row| hidden_one_by_one(row)).collect();
    let mut filled = naive.clone();
    fill_square(&mut filled);
    assert_eq!(filled, naive, "no line has only one hole");
    // Alta and Bodø minus the first and third band.
    assert_eq!(attack(&naive), [3]);

    let bands = dim("age").bands([0, 30, 50, 70]).total();
    let table = Table::new("t").rows(hospitals()).cols(bands).stat(count());
    let ours = square(&read(&release(&persons(), &table), "t"));
    assert_eq!(ours[0][1], None);
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
