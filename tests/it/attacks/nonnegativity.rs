//! No number is negative: what adds up to nothing is nothing, and what stands beside it follows.

use registat::Zeros;

use super::worlds::holes;
use super::*;

/// Patients of the units, by education.
const SIZES: [[i64; 3]; 5] = [[1, 1, 20], [0, 0, 27], [15, 12, 18], [22, 30, 16], [14, 25, 19]];

/// Where zeros are as secret as small numbers.
fn is_secret(number: i64) -> bool {
    (0..THRESHOLD as i64).contains(&number)
}

fn persons() -> Vec<Person> {
    by_education_of(&SIZES)
}

/// The secret numbers for which there is no other choice, when none may be below nothing.
fn attack(table: &[Counts]) -> Vec<i64> {
    let known = Worlds::of_square(table, 0).known(holes(table));
    known.into_iter().filter(|number| is_secret(*number)).collect()
}

#[test]
fn a_line_without_a_remainder_gives_away_its_holes_and_those_beside_them_but_none_of_a_release() {
    let inner: Vec<Vec<i64>> = SIZES.iter().map(|sizes| sizes.to_vec()).collect();
    let by_hand = |number: &i64| (!is_secret(*number)).then_some(*number);
    let naive: Square = with_totals(&inner).iter().map(|row| row.iter().map(by_hand).collect()).collect();
    let mut filled = naive.clone();
    fill_square(&mut filled);
    assert_eq!(filled, naive, "no line has only one hole");
    assert_eq!(rest(&naive[1]), Some(0));
    assert_eq!(attack(&naive), [1, 1, 0, 0], "the zeros of Bodø, and therefore the ones of Alta");

    let policy = five().with_zeros(Zeros::Protected);
    let release = release_under(&policy, &persons(), &counts_by_hospital_and("t", "education"));
    let ours = square(&read(&release, "t"));
    assert_eq!([ours[0][0], ours[0][1], ours[1][0], ours[1][1]], [None; 4]);
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
