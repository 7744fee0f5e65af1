//! Scores as the form system stores them: computed from the answered items, text with a decimal comma.
//!
//! Whole-number arithmetic, rounded half up: the stored text is what the items give, to the last digit.

use super::profile;

/// Oswestry and neck disability: percent of the points possible in the answered items.
pub fn disability(items: &[Option<u8>]) -> String {
    let (sum, answered) = total(items);
    hundredths(100 * sum, 5 * answered)
}

/// Hopkins checklist: mean of the answered items.
pub fn mean(items: &[Option<u8>]) -> String {
    let (sum, answered) = total(items);
    hundredths(sum, answered)
}

/// Fear avoidance: sum, scaled up for items not answered.
pub fn prorated_sum(items: &[Option<u8>]) -> String {
    let (sum, answered) = total(items);
    hundredths(sum * items.len() as u64, answered)
}

/// EQ-5D-5L index by the Norwegian value set; empty unless all five are answered.
pub fn health_index(items: &[Option<u8>]) -> String {
    let mut millionths = 1_000_000_i64;
    for (item, decrements) in items.iter().zip(&profile::EQ5D_DECREMENTS) {
        let Some(level) = item else { return String::new() };
        // Level 1 takes nothing away; level 2 is the first of the four decrements.
        let decrement = usize::from(*level).checked_sub(2).and_then(|place| decrements.get(place));
        millionths -= decrement.copied().unwrap_or(0);
    }
    let thousandths = (millionths.abs() + 500) / 1000;
    let sign = if millionths < 0 && thousandths > 0 { "-" } else { "" };
    format!("{sign}{},{:03}", thousandths / 1000, thousandths % 1000)
}

/// Sum and number of the answered items.
fn total(items: &[Option<u8>]) -> (u64, u64) {
    let answered = items.iter().flatten();
    answered.fold((0, 0), |(sum, count), item| (sum + u64::from(*item), count + 1))
}

/// A fraction with two decimals, empty when nothing was answered.
fn hundredths(numerator: u64, denominator: u64) -> String {
    if denominator == 0 {
        return String::new();
    }
    let value = (200 * numerator + denominator) / (2 * denominator);
    format!("{},{:02}", value / 100, value % 100)
}
