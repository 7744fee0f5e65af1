//! Confidence intervals of a median by order statistics.

use super::histogram::Histogram;
use super::interval::Interval;
use super::level::ConfidenceLevel;

/// From this many values on, the rank comes from an expansion around the normal distribution. Its error is
/// below a millionth of a rank.
const EXPANSION_FROM: u64 = 1_000_000;

/// A tail that exceeds its share by less than this part counts as equal: a level such as 15/16 is met
/// exactly by some sizes, and sums of floats miss equality.
const ROUNDING: f64 = 1e-12;

/// How the ranks are found between which a median's confidence interval lies.
///
/// Both limits are values of the sample, so the interval follows any distribution, and ties.
///
/// ```
/// use registat::{ConfidenceLevel, Histogram, Interval, MedianInterval};
///
/// // Example of `ci.median` in the R package statpsych (Bonett), which prints 10.8 and 30.9.
/// let tenths = [302, 204, 151, 102, 105, 608, 208, 250, 207, 309, 108, 51, 509, 400, 209, 108, 0, 205, 508];
/// let mut histogram = Histogram::new(10)?;
/// for value in tenths {
///     histogram.add(value);
/// }
/// let exact = MedianInterval::BinomialRanks(ConfidenceLevel::P95).of(&histogram);
/// assert_eq!(exact, Some(Interval { lower: 10.8, upper: 30.9 }));
/// let registry = MedianInterval::RegistryRanks.of(&histogram);
/// assert_eq!(registry, Some(Interval { lower: 10.8, upper: 30.2 }));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MedianInterval {
    /// Ranks r and n + 1 - r, where r is the largest with `P(B < r) <= (1 - level)/2` and B is binomial
    /// with n trials and probability 1/2 (Thompson 1936; Conover, Practical Nonparametric Statistics).
    /// Holds the level at least, whatever the distribution. At 95 percent it takes 6 values.
    BinomialRanks(ConfidenceLevel),
    /// Ranks `ceil(n/2 - 1.96 sqrt(n/4))` and `ceil(n/2 + 1.96 sqrt(n/4))`, an approximate 95 percent
    /// interval for comparison with registry reports. It takes 4 values.
    ///
    /// The rule stands in the code of the Norwegian spine registry (Rapporteket/nkr, `RyggFigGjsnGrVar`,
    /// commit f0b3ca3) as the ordinary interval, beside the box plot notches which that code draws. It is
    /// narrower than the exact interval: its upper rank is not the mirror of its lower one, and the level
    /// is not always held.
    RegistryRanks,
}

impl MedianInterval {
    /// The two ranks, from 1 to `n`, of the values that bound the interval; `None` if `n` values are too
    /// few for such an interval.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, MedianInterval};
    ///
    /// // Textbook tables of the median's interval: 1 and 6 of 6, 2 and 9 of 10, 6 and 15 of 20.
    /// let exact = MedianInterval::BinomialRanks(ConfidenceLevel::P95);
    /// assert_eq!(exact.ranks(5), None);
    /// assert_eq!(exact.ranks(6), Some((1, 6)));
    /// assert_eq!(exact.ranks(10), Some((2, 9)));
    /// assert_eq!(exact.ranks(20), Some((6, 15)));
    /// assert_eq!(MedianInterval::RegistryRanks.ranks(100), Some((41, 60)));
    /// ```
    pub fn ranks(self, n: u64) -> Option<(u64, u64)> {
        match self {
            MedianInterval::BinomialRanks(level) => {
                let lower = match n {
                    EXPANSION_FROM.. => rank_by_expansion(n, level),
                    _ => rank_by_summing(n, level),
                };
                // n + 1 - lower, without a sum above n.
                let upper = n.checked_sub(lower.checked_sub(1)?)?;
                Some((lower, upper))
            }
            MedianInterval::RegistryRanks => registry_ranks(n),
        }
    }

    /// The interval of the median, in units; `None` if there are too few values.
    pub fn of(self, histogram: &Histogram) -> Option<Interval> {
        let (lower, upper) = self.ranks(histogram.n())?;
        let in_units = |rank| histogram.ordered(rank) as f64 / histogram.per_unit() as f64;
        Some(Interval { lower: in_units(lower), upper: in_units(upper) })
    }
}

/// The largest r with `P(B < r) <= (1 - level)/2`; 0 if there is none. Binomial terms relative to the
/// middle one, outwards until they vanish: the sum of all is known by symmetry, so no power of 2 is
/// needed.
fn rank_by_summing(n: u64, level: ConfidenceLevel) -> u64 {
    let next = |&(k, term): &(u64, f64)| match k {
        0 => None,
        _ => Some((k - 1, term * k as f64 / (n - k + 1) as f64)).filter(|&(_, term)| term > 0.0),
    };
    let lower_half: Vec<(u64, f64)> = std::iter::successors(Some((n / 2, 1.0)), next).collect();
    let smallest_first = || lower_half.iter().rev();
    let half: f64 = smallest_first().map(|(_, term)| term).sum();
    // With an even number of trials the middle term is not part of both halves.
    let whole = if n.is_multiple_of(2) { 2.0 * half - 1.0 } else { 2.0 * half };
    let allowed = level.outside() / 2.0 * whole * (1.0 + ROUNDING);
    let mut tail = 0.0;
    for &(k, term) in smallest_first() {
        tail += term;
        if tail > allowed {
            return k;
        }
    }
    n / 2 + 1
}

/// The same for large n. Binomial tails at half-integers follow a distribution with variance
/// `n/4 - 1/12` and excess `-2/n` (Sheppard's corrections); its quantile is the Cornish-Fisher expansion
/// of the normal one.
fn rank_by_expansion(n: u64, level: ConfidenceLevel) -> u64 {
    let size = n as f64;
    let z = level.z();
    let variance = size / 4.0 - 1.0 / 12.0;
    let excess = (1.0 / 120.0 - size / 8.0) / (variance * variance);
    let deviate = z + excess * (z.powi(3) - 3.0 * z) / 24.0;
    // r - 1/2 <= n/2 - distance, that is 2r <= n + 1 - 2 distance.
    let twice_distance = (2.0 * variance.sqrt() * deviate).ceil().max(1.0) as u64;
    n.saturating_sub(twice_distance - 1) / 2
}

/// The registry's ranks in whole numbers: 50 times a rank bound is `25n -+ 49 sqrt(n)`.
fn registry_ranks(n: u64) -> Option<(u64, u64)> {
    let square = 2401 * u128::from(n);
    let root = square.isqrt();
    let root_above = if root * root == square { root } else { root + 1 };
    let centre = 25 * u128::from(n);
    let lower = u64::try_from(centre.checked_sub(root)?.div_ceil(50)).ok()?;
    let upper = u64::try_from((centre + root_above).div_ceil(50)).ok()?;
    (lower >= 1 && upper <= n).then_some((lower, upper))
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, Histogram, MedianInterval, rank_by_expansion, rank_by_summing};
    use crate::error::Error;

    /// `P(B < r) <= numerator / 1000` in whole numbers, for up to 110 trials.
    fn tail_is_at_most(n: u64, r: u64, numerator: u128) -> bool {
        let mut term = 1_u128;
        let mut sum = 0_u128;
        for k in 0..r {
            sum += term;
            term = term * u128::from(n - k) / u128::from(k + 1);
        }
        sum * 1000 <= numerator << n
    }

    #[test]
    fn binomial_ranks_agree_with_whole_numbers() {
        for (level, numerator) in
            [(ConfidenceLevel::P90, 50), (ConfidenceLevel::P95, 25), (ConfidenceLevel::P99, 5)]
        {
            for n in 0..110 {
                let lower = MedianInterval::BinomialRanks(level).ranks(n).map_or(0, |(lower, _)| lower);
                assert!(tail_is_at_most(n, lower, numerator));
                assert!(!tail_is_at_most(n, lower + 1, numerator));
            }
        }
    }

    #[test]
    fn a_level_met_exactly_counts_as_met() -> Result<(), Error> {
        // All of five values hold 15/16, all of four 7/8.
        for (n, level) in [(5, 0.9375), (4, 0.875)] {
            let exact = MedianInterval::BinomialRanks(ConfidenceLevel::new(level)?);
            assert_eq!(exact.ranks(n), Some((1, n)));
        }
        Ok(())
    }

    #[test]
    fn sums_and_expansion_agree() -> Result<(), Error> {
        for level in [0.5, 0.9, 0.95, 0.99, 0.9999] {
            let level = ConfidenceLevel::new(level)?;
            for n in (20_000..21_000).chain(999_900..999_910) {
                assert_eq!(rank_by_summing(n, level), rank_by_expansion(n, level));
            }
        }
        Ok(())
    }

    #[test]
    fn registry_ranks_are_those_of_the_formula() {
        for n in 4..5000_u64 {
            let (half, margin) = (n as f64 / 2.0, 1.96 * (n as f64 / 4.0).sqrt());
            let ranks = ((half - margin).ceil() as u64, (half + margin).ceil() as u64);
            assert_eq!(MedianInterval::RegistryRanks.ranks(n), Some(ranks));
        }
    }

    #[test]
    fn ranks_stay_in_order_at_any_level_and_size() -> Result<(), Error> {
        for level in [f64::MIN_POSITIVE, 1e-13, 0.5, 1.0 - f64::EPSILON] {
            let exact = MedianInterval::BinomialRanks(ConfidenceLevel::new(level)?);
            for n in [0, 1, 2, 3, 4, 1001, 999_999, 1_000_000, 1_000_000_000_000_000, u64::MAX] {
                for method in [exact, MedianInterval::RegistryRanks] {
                    let ranks = method.ranks(n);
                    assert!(ranks.is_none_or(|(lower, upper)| 1 <= lower && lower <= upper && upper <= n));
                }
            }
        }
        Ok(())
    }

    #[test]
    fn too_few_values_have_no_interval() -> Result<(), Error> {
        let mut histogram = Histogram::new(1)?;
        let exact = MedianInterval::BinomialRanks(ConfidenceLevel::P95);
        assert_eq!((exact.of(&histogram), MedianInterval::RegistryRanks.of(&histogram)), (None, None));
        histogram.add_many(7, 3)?;
        assert_eq!((exact.of(&histogram), MedianInterval::RegistryRanks.of(&histogram)), (None, None));
        histogram.add_many(7, 3)?;
        assert!(exact.of(&histogram).is_some_and(|interval| interval.width() == 0.0));
        Ok(())
    }
}
