//! Who knows how hidden numbers are chosen plays the choice again for every number that might be hidden.

use super::*;

/// Patients of the units: one small unit, and two that are the next smallest.
const SIZES: [i64; 5] = [4, 19, 19, 40, 50];

fn with_total(sizes: &[i64]) -> Vec<i64> {
    sizes.iter().copied().chain([sizes.iter().sum()]).collect()
}

/// What is done by hand: a number that is hidden alone takes the smallest of the others with it, the first of equal ones.
fn by_hand(sizes: &[i64]) -> Counts {
    let mut line = hidden_one_by_one(&with_total(sizes));
    if line.iter().filter(|number| number.is_none()).count() == 1 {
        let units = 0..sizes.len();
        let next = units.filter(|unit| !is_small(sizes[*unit])).min_by_key(|unit| sizes[*unit]);
        line[next.unwrap()] = None;
    }
    line
}

fn released(sizes: &[i64]) -> Counts {
    let sizes: Vec<(i64, usize)> =
        UNITS.iter().zip(sizes).map(|((unit, _), size)| (*unit, *size as usize)).collect();
    column_of(&release(&units(&sizes), &counts_by_hospital("t")), "t", "Courses")
}

/// The small numbers that the first unit could have: those with which the same would have been printed.
fn attack(publish: impl Fn(&[i64]) -> Counts) -> Vec<i64> {
    let printed = publish(&SIZES);
    assert_eq!(printed[0], None);
    let others: Vec<usize> = (1..SIZES.len()).filter(|unit| printed[*unit].is_none()).collect();
    let is_possible = |number: &i64| {
        others.iter().any(|other| {
            // As many more or fewer in another hidden unit: nothing that is printed changes.
            let mut sizes = SIZES;
            sizes[*other] += sizes[0] - number;
            sizes[0] = *number;
            sizes[*other] > 0 && publish(&sizes) == printed
        })
    };
    (1..THRESHOLD as i64).filter(is_possible).collect()
}

#[test]
fn the_smallest_companion_gives_a_hidden_number_away_and_that_of_a_release_does_not() {
    // With fewer than 4 in the first unit the second would have more than 19, and the third would have been hidden.
    assert_eq!(attack(by_hand), [4]);

    let possible = attack(released);
    assert!(possible.len() > 1, "{possible:?}");
}
