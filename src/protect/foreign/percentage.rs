//! Counts behind a printed percentage.

use std::ops::RangeInclusive;

use super::printed_number::PrintedNumber;

/// The counts out of `n` that a percentage can stand for, in whole-number arithmetic; an empty range where there is none.
///
/// A count fits if it is printed like this when a number in the middle is rounded either way. With one decimal the count
/// is known wherever n is below 1000.
///
/// ```
/// use registat::{PrintedNumber, feasible_counts};
///
/// assert_eq!(feasible_counts(37, PrintedNumber::parse("5.4")?), 2..=2);
/// assert_eq!(feasible_counts(2400, PrintedNumber::parse("0.2")?), 4..=6);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn feasible_counts(n: u64, percent: PrintedNumber) -> RangeInclusive<u64> {
    let (below, above) = percent.half_units();
    let unit = 200 * i128::from(percent.units_per_one());
    let of = i128::from(n);
    let least = -(-i128::from(below) * of).div_euclid(unit);
    let most = (i128::from(above) * of).div_euclid(unit);
    let least = u64::try_from(least.max(0)).unwrap_or(u64::MAX);
    match u64::try_from(most.min(of)) {
        Ok(most) if n > 0 && least <= most => least..=most,
        _ => RangeInclusive::new(1, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_among_those_of_its_own_percentage_and_no_other_is_that_rounds_elsewhere() {
        for n in 1..=250_u64 {
            for decimals in 0..=2_u32 {
                let unit = 10_u64.pow(decimals);
                // Half away from zero: (2·100·10^d·k + n) / 2n, rounded down.
                let printed = |k: u64| (200 * unit * k + n) / (2 * n);
                for k in 0..=n {
                    let percent = PrintedNumber::new(printed(k) as i64, decimals).unwrap();
                    let feasible = feasible_counts(n, percent);
                    assert!(feasible.contains(&k), "{k} of {n}");
                    for other in feasible {
                        let is_half = (200 * unit * other + n).is_multiple_of(2 * n);
                        let same = printed(other) == printed(k);
                        assert!(same || (is_half && printed(other) == printed(k) + 1), "{other} of {n}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_percentage_that_no_count_has_leaves_none() {
        assert!(feasible_counts(3, PrintedNumber::parse("10.0").unwrap()).is_empty());
        assert!(feasible_counts(0, PrintedNumber::parse("0").unwrap()).is_empty());
        assert!(feasible_counts(10, PrintedNumber::parse("120").unwrap()).is_empty());
        assert!(feasible_counts(10, PrintedNumber::parse("-20").unwrap()).is_empty());
    }
}
