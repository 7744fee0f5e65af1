//! Row and column totals minus everything printed.

use super::*;

fn attack(table: &[Counts]) -> Vec<i64> {
    let mut known = table.to_vec();
    fill_square(&mut known);
    known.iter().flat_map(|row| small(row)).collect()
}

#[test]
fn margins_give_away_a_number_hidden_alone_and_none_of_a_release() {
    let sizes = [(ALTA, 3, 20), (BODO, 30, 25), (DOKKA, 15, 12), (EGERSUND, 40, 22), (FLORO, 18, 33)];
    let inner: Vec<Vec<i64>> = sizes.iter().map(|(_, men, women)| vec![*men as i64, *women as i64]).collect();
    let naive: Square = with_totals(&inner).iter().map(|row| hidden_one_by_one(row)).collect();
    assert_eq!(naive[0][0], None);
    assert_eq!(attack(&naive), [3]);

    let release = release(&men_and_women(&sizes), &counts_by_hospital_and("t", "sex"));
    let ours = square(&Sheet::read(&release, "t"));
    assert_eq!(ours[0][0], None);
    assert!(attack(&ours).is_empty(), "{ours:?}");
}

#[test]
fn margins_give_away_a_chain_of_numbers_hidden_alone_and_none_of_a_release() {
    let sizes = [(ALTA, 2, 20), (BODO, 30, 4), (DOKKA, 1, 12), (EGERSUND, 40, 22), (FLORO, 18, 3)];
    let inner: Vec<Vec<i64>> = sizes.iter().map(|(_, men, women)| vec![*men as i64, *women as i64]).collect();
    let naive: Square = with_totals(&inner).iter().map(|row| hidden_one_by_one(row)).collect();
    let mut found = attack(&naive);
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3, 4]);

    let release = release(&men_and_women(&sizes), &counts_by_hospital_and("t", "sex"));
    let ours = square(&Sheet::read(&release, "t"));
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
