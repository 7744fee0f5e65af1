//! How much a set of answers tells patients apart, from the count of each answer.

use std::cmp::Reverse;
use std::fmt;

/// How much a set of answers tells patients apart (Shannon 1948; for EQ-5D Janssen and others 2007, Med
/// Care 45:259). The `Debug` form hides the content.
#[derive(Clone, Copy, PartialEq)]
pub struct Informativity {
    /// Shannon's index H in bits, `-sum p log2 p`: 0 where all answered alike.
    pub shannon: f64,
    /// Shannon's evenness J, from 0 to 1: H by its largest possible value, `log2` of the number of possible
    /// answers. 1 where every level or state is as frequent.
    pub evenness: f64,
}

impl Informativity {
    /// From the counts of the answers that occur, among `possible` answers; `None` without answers.
    pub(super) fn of(counts: &[u64], possible: u32) -> Option<Informativity> {
        let n = total(counts);
        if n == 0 {
            return None;
        }
        let shares = counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / n as f64);
        // A share of 1 has minus zero bits; adding zero takes its sign away.
        let shannon = shares.map(|share| share * -share.log2()).sum::<f64>() + 0.0;
        // Rounding may put an even spread a little above the possible.
        let evenness = (shannon / f64::from(possible).log2()).min(1.0);
        Some(Informativity { shannon, evenness })
    }
}

/// The Health State Density Index from the counts of the states that occur; `None` without states.
///
/// Twice the area between the curve of cumulative patients by cumulative states, most frequent first, and
/// the top of the unit square: `2 - sum (F(i - 1) + F(i)) / k` over `k` states.
pub(super) fn density_index(counts: &[u64]) -> Option<f64> {
    let mut counts: Vec<u64> = counts.iter().copied().filter(|count| *count > 0).collect();
    counts.sort_unstable_by_key(|count| Reverse(*count));
    let (n, states) = (total(&counts), counts.len() as u128);
    // Twice the area below the curve, in units of one patient and one state: whole numbers.
    let (mut before, mut doubled) = (0_u128, 0_u128);
    for count in counts {
        let after = before + u128::from(count);
        doubled += before + after;
        before = after;
    }
    (n > 0).then(|| 2.0 - doubled as f64 / (n * states) as f64)
}

/// The sum of the counts: at most 3125 numbers of 64 bits, far inside 128.
pub(super) fn total(counts: &[u64]) -> u128 {
    counts.iter().map(|count| u128::from(*count)).sum()
}

impl fmt::Debug for Informativity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Informativity(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Informativity, density_index};

    #[test]
    fn nothing_counted_is_undefined() {
        for counts in [[].as_slice(), &[0, 0]] {
            assert_eq!(Informativity::of(counts, 5), None);
            assert_eq!(density_index(counts), None);
        }
    }

    #[test]
    fn all_alike_is_a_plain_zero_and_an_even_spread_is_one() {
        let alike = Informativity::of(&[0, 7, 0], 3);
        assert!(alike.is_some_and(|i| i.shannon.to_bits() == 0 && i.evenness.to_bits() == 0));
        for levels in [3_u32, 5, 243, 3125] {
            let even = Informativity::of(&vec![1_000_000_000_000_000; levels as usize], levels);
            assert!(even.is_some_and(|i| (i.evenness - 1.0).abs() < 1e-12 && i.evenness <= 1.0));
        }
        assert_eq!(density_index(&[7]), Some(1.0));
        assert_eq!(density_index(&[4, 4, 0, 4]), Some(1.0));
    }

    #[test]
    fn a_crowded_state_lowers_the_density_index() {
        // F is 0, 3/4, 1 over two states: 2 - (3/4 + 7/4) / 2.
        assert_eq!(density_index(&[1, 3]), Some(0.75));
        assert!(density_index(&[u64::MAX, 1, 1]).is_some_and(|index| (index - 1.0 / 3.0).abs() < 1e-9));
    }

    #[test]
    fn the_debug_form_hides_the_content() {
        let shown = Informativity::of(&[1, 2], 3).map(|i| format!("{i:?}"));
        assert_eq!(shown.as_deref(), Some("Informativity(..)"));
    }
}
