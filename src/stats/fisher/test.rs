//! The test and its odds ratio.

use std::fmt;

use super::margins::Margins;
use super::sums::Sums;
use crate::stats::special::bisect;
use crate::stats::{ConfidenceLevel, Proportion};

/// Logarithms of odds ratios are sought from minus this to this: counts of 64 bits and levels of 53
/// bits stay within 130.
const FARTHEST: f64 = 200.0;

/// Halvings that leave an odds ratio exact to 1e-15.
const HALVINGS: u32 = 60;

/// Fisher's exact test that two groups have the same proportion, and their odds ratio.
///
/// The table has one row per group: successes `a` and failures `b` of the first, `c` and `d` of the
/// second. Given its margins, `a` has Fisher's noncentral hypergeometric distribution, governed by
/// the odds ratio alone (Fisher 1935; Cornfield 1956). The p-value adds the probabilities of all
/// tables that are no likelier than the observed one at an odds ratio of 1. It and the limits can
/// disagree near the edge of significance, because each limit leaves half of the error on its own
/// side. The `Debug` form hides the content.
///
/// ```
/// use registat::{ConfidenceLevel, FisherTest, Proportion};
///
/// // Convictions of like-sex twins of criminals (Fisher 1962), as printed by the help page of R's
/// // fisher.test: 10 of 13 and 2 of 17, p = 0.0005367; the odds ratio of the table is 25.
/// let (identical, fraternal) = (Proportion::new(10, 13)?, Proportion::new(2, 17)?);
/// let test = FisherTest::of(&identical, &fraternal, ConfidenceLevel::P95);
/// assert!(test.is_some_and(|t| (t.p_value - 0.000_536_7).abs() < 5e-8));
/// assert!(test.is_some_and(|t| t.sample_odds_ratio == Some(25.0)));
/// assert!(test.is_some_and(|t| t.odds_ratio.is_some_and(|or| (or - 21.3053).abs() < 5e-5)));
/// assert!(test.is_some_and(|t| (t.lower - 2.7534).abs() < 5e-5));
/// assert!(test.is_some_and(|t| t.upper.is_some_and(|upper| (upper - 301.462).abs() < 5e-4)));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct FisherTest {
    /// Two-sided p-value, from 0 to 1; 0 if below the smallest float.
    pub p_value: f64,
    /// Odds ratio of the table, `ad / bc`; `None` if `b` or `c` is 0.
    pub sample_odds_ratio: Option<f64>,
    /// Conditional maximum likelihood estimate of the odds ratio: the one at which the mean of `a`
    /// is the observed `a`. `None` if it is unbounded, because `a` cannot be larger.
    pub odds_ratio: Option<f64>,
    /// Lower exact limit: the odds ratio at which `a` or more has probability `(1 - level)/2`. 0 if
    /// `a` cannot be smaller.
    pub lower: f64,
    /// Upper exact limit: the odds ratio at which `a` or less has probability `(1 - level)/2`.
    /// `None` if it is unbounded, because `a` cannot be larger.
    pub upper: Option<f64>,
}

impl FisherTest {
    /// The test of two groups of different patients. `None` if a margin is zero: an empty group, no
    /// success or no failure at all; or if the counts together outgrow 64 bits.
    pub fn of(first: &Proportion, second: &Proportion, level: ConfidenceLevel) -> Option<FisherTest> {
        let mut pooled = *first;
        pooled.merge(second).ok()?;
        let empty = first.n() == 0 || second.n() == 0;
        if empty || pooled.successes() == 0 || pooled.failures() == 0 {
            return None;
        }
        let margins = Margins {
            a: first.successes(),
            b: first.failures(),
            c: second.successes(),
            d: second.failures(),
        };
        let tail = level.outside() / 2.0;
        let at_one = margins.mode(0.0);
        Some(FisherTest {
            p_value: at_one.no_likelier(at_one.observed),
            sample_odds_ratio: margins.sample_odds_ratio(),
            odds_ratio: match (margins.is_lowest(), margins.is_highest()) {
                (true, _) => Some(0.0),
                (_, true) => None,
                _ => Some(margins.odds_ratio_where(|sums| sums.mean_beyond < 0.0)?),
            },
            lower: match margins.is_lowest() {
                true => 0.0,
                false => margins.odds_ratio_where(|sums| sums.at_least < tail)?,
            },
            upper: match margins.is_highest() {
                true => None,
                false => Some(margins.odds_ratio_where(|sums| sums.at_most > tail)?),
            },
        })
    }
}

impl Margins {
    /// `ad / bc`, unless `bc` is 0.
    fn sample_odds_ratio(&self) -> Option<f64> {
        let ratio = (self.a as f64 / self.b as f64) * (self.d as f64 / self.c as f64);
        (self.b > 0 && self.c > 0).then_some(ratio)
    }

    /// The odds ratio at which `is_below` turns from true to false.
    fn odds_ratio_where(&self, is_below: impl Fn(Sums) -> bool) -> Option<f64> {
        let log_odds_ratio = bisect(-FARTHEST, FARTHEST, HALVINGS, |log_odds_ratio| {
            let mode = self.mode(log_odds_ratio);
            Some(is_below(mode.sums(mode.observed)))
        })?;
        Some(log_odds_ratio.exp())
    }
}

impl fmt::Debug for FisherTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FisherTest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, FisherTest, Proportion};

    fn test([a, b, c, d]: [u64; 4]) -> Option<FisherTest> {
        let first = Proportion::new(a, a.checked_add(b)?).ok()?;
        FisherTest::of(&first, &Proportion::new(c, c.checked_add(d)?).ok()?, ConfidenceLevel::P95)
    }

    #[test]
    fn a_zero_margin_has_no_test() {
        for cells in [[0, 0, 1, 2], [1, 2, 0, 0], [0, 3, 0, 4], [3, 0, 4, 0], [0, 0, 0, 0]] {
            assert_eq!(test(cells), None);
        }
        assert_eq!(test([u64::MAX, 0, 1, 1]), None);
    }

    #[test]
    fn tables_at_an_end_are_bounded_on_one_side() {
        let most = test([5, 0, 0, 5]);
        assert!(most.is_some_and(|t| t.odds_ratio.is_none() && t.upper.is_none() && t.lower > 2.0));
        assert!(most.is_some_and(|t| t.sample_odds_ratio.is_none()));
        let fewest = test([0, 5, 5, 0]);
        assert!(fewest.is_some_and(|t| t.odds_ratio == Some(0.0) && t.lower == 0.0));
        assert!(fewest.is_some_and(|t| t.upper.is_some() && t.sample_odds_ratio == Some(0.0)));
    }

    #[test]
    fn one_patient_on_each_side_is_the_smallest_table() {
        // One success in two patients: odds ratio t/(1 - t) for a share t of the tables.
        let found = test([1, 0, 0, 1]);
        let tail = 0.025;
        assert!(found.is_some_and(|t| (t.lower - tail / (1.0 - tail)).abs() < 1e-14 && t.p_value == 1.0));
    }

    #[test]
    fn huge_counts_come_near_the_odds_ratio_of_the_table() {
        let n = 500_000_000_000_000;
        let found = test([n, n + 40_000_000, n + 20_000_000, n]);
        assert!(found.and_then(|t| t.odds_ratio).is_some_and(|or| (or - 1.0).abs() < 2e-7));
        assert!(found.is_some_and(|t| t.upper.is_some_and(|upper| upper - t.lower < 1e-6)));
        let apart = test([n, 1, 1, n]);
        assert!(apart.is_some_and(|t| t.p_value == 0.0 && t.upper.is_some_and(f64::is_finite)));
        assert!(test([1, n, n, 1]).is_some_and(|t| t.lower > 0.0));
        assert!(test([u64::MAX / 4; 4]).is_some_and(|t| t.p_value == 1.0));
    }

    #[test]
    fn the_debug_form_shows_nothing() {
        assert_eq!(format!("{:?}", test([1, 2, 3, 4])), "Some(FisherTest(..))");
    }
}
