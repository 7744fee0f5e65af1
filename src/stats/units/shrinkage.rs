//! Empirical-Bayes shrinkage: the ratio of a small unit says less, and is drawn towards the mean of all.

use super::indirect_standardisation::StandardisedRatio;

/// The shrunken ratio of each unit, in the order given, by the global empirical-Bayes estimator of Marshall (1991, Appl
/// Statist 40:283).
///
/// With `m = sum O / sum E`, `s^2 = sum E_i (r_i - m)^2 / sum E` and `A = s^2 - m / mean(E)`, not below 0, the estimate is
/// `m + (r_i - m) A / (A + m / E_i)`: between the unit's own ratio and the overall one, nearer to its own the more events
/// were expected. Without more variation than chance every unit gets the overall ratio. Empty without units.
///
/// ```
/// use registat::{StandardisedRatio, shrink};
///
/// let units = [StandardisedRatio::new(8, 2.0)?, StandardisedRatio::new(300, 200.0)?, StandardisedRatio::new(60, 166.0)?];
/// let shrunk = shrink(&units);
/// // The small unit is drawn in from 4 by more than a half; the large one moves little.
/// assert!(shrunk[0] < 3.0 && shrunk[0] > 1.0 && (shrunk[1] - 1.5).abs() < 0.02);
/// # Ok::<(), registat::Error>(())
/// ```
pub fn shrink(units: &[StandardisedRatio]) -> Vec<f64> {
    // In one order, so that sums do not depend on the order of the units.
    let mut ordered: Vec<&StandardisedRatio> = units.iter().collect();
    ordered.sort_by(|a, b| a.expected().total_cmp(&b.expected()).then(a.observed().cmp(&b.observed())));
    let observed: f64 = ordered.iter().map(|unit| unit.observed() as f64).sum();
    let expected: f64 = ordered.iter().map(|unit| unit.expected()).sum();
    let overall = observed / expected;
    let squares: f64 = ordered.iter().map(|unit| unit.expected() * (unit.ratio() - overall).powi(2)).sum();
    let between = (squares / expected - overall * units.len() as f64 / expected).max(0.0);
    let weight = |unit: &StandardisedRatio| {
        let chance = overall / unit.expected();
        if between > 0.0 { between / (between + chance) } else { 0.0 }
    };
    units.iter().map(|unit| overall + weight(unit) * (unit.ratio() - overall)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratios(units: &[(u64, f64)]) -> Vec<StandardisedRatio> {
        units
            .iter()
            .map(|(observed, expected)| StandardisedRatio::new(*observed, *expected).unwrap())
            .collect()
    }

    #[test]
    fn the_estimate_lies_between_the_unit_and_the_whole_and_grows_into_the_unit() {
        for size in [1_u64, 100, 10_000] {
            let units = ratios(&[(2 * size, size as f64), (size / 2, size as f64), (size, size as f64)]);
            let overall = (2 * size + size / 2 + size) as f64 / (3 * size) as f64;
            for (unit, shrunk) in units.iter().zip(shrink(&units)) {
                let (low, high) = (unit.ratio().min(overall), unit.ratio().max(overall));
                assert!((low - 1e-12..=high + 1e-12).contains(&shrunk));
                if size == 10_000 {
                    assert!((shrunk - unit.ratio()).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn no_units_equal_units_and_units_without_events_are_no_trouble() {
        assert!(shrink(&[]).is_empty());
        assert_eq!(shrink(&ratios(&[(0, 1.0), (0, 5.0)])), vec![0.0, 0.0]);
        assert_eq!(shrink(&ratios(&[(4, 4.0), (9, 9.0)])), vec![1.0, 1.0]);
    }
}
