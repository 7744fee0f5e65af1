//! Chi-square test that several groups have the same proportion.

use std::fmt;

use super::named::named;
use super::proportion::Proportion;
use super::special::gamma_upper;
use crate::error::Error;

/// Whether the chi-square statistic of two groups is corrected for continuity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContinuityCorrection {
    /// Pearson's statistic as it is.
    Uncorrected,
    /// Yates's correction with two groups, none with more: what `prop.test` of R does.
    YatesIfTwo,
}

impl ContinuityCorrection {
    /// Both corrections.
    pub const ALL: [ContinuityCorrection; 2] =
        [ContinuityCorrection::Uncorrected, ContinuityCorrection::YatesIfTwo];

    /// The name of the correction in specifications.
    pub fn name(self) -> &'static str {
        match self {
            ContinuityCorrection::Uncorrected => "none",
            ContinuityCorrection::YatesIfTwo => "yates_if_2",
        }
    }

    /// The correction of this name.
    ///
    /// # Errors
    ///
    /// If no correction has the name.
    ///
    /// ```
    /// use registat::ContinuityCorrection;
    ///
    /// assert_eq!(ContinuityCorrection::parse("none")?, ContinuityCorrection::Uncorrected);
    /// assert!(ContinuityCorrection::parse("yates").is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(name: &str) -> Result<ContinuityCorrection, Error> {
        named("continuity correction", &ContinuityCorrection::ALL, ContinuityCorrection::name, name)
    }
}

/// Pearson's chi-square test of equal proportions.
///
/// With `x` successes out of `n` in a group and the share `p` over all groups, the statistic is the
/// sum of `(|x - np| - c)^2 / (np(1 - p))`. The correction `c` is 0, or with Yates (1934) the
/// smaller of 1/2 and `|x - np|`. A large-sample test: with expected counts below 5, use
/// [`FisherTest`](crate::FisherTest). The `Debug` form hides the content.
///
/// ```
/// use registat::{ChiSquareTest, ContinuityCorrection, Proportion};
///
/// // Smokers in four groups of patients (Fleiss 1981), as printed by the help page of R's
/// // prop.test: X-squared = 12.6, df = 3, p-value = 0.005585.
/// let smokers = [(83, 86), (90, 93), (129, 136), (70, 82)];
/// let groups = smokers.map(|(x, n)| Proportion::new(x, n).unwrap_or_default());
/// let test = ChiSquareTest::of(&groups, ContinuityCorrection::YatesIfTwo);
/// assert!(test.is_some_and(|t| (t.statistic - 12.6).abs() < 5e-3));
/// assert!(test.is_some_and(|t| t.degrees_of_freedom == 3));
/// assert!(test.is_some_and(|t| (t.p_value - 0.005_585).abs() < 5e-7));
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct ChiSquareTest {
    /// The statistic, from 0 up.
    pub statistic: f64,
    /// Number of groups minus one.
    pub degrees_of_freedom: u64,
    /// Probability of a statistic at least as large if all groups share one proportion, from 0 to 1.
    pub p_value: f64,
}

impl ChiSquareTest {
    /// The test over all groups. `None` with fewer than two groups, an empty group, no success or no
    /// failure at all, or counts that together outgrow 64 bits.
    pub fn of(groups: &[Proportion], correction: ContinuityCorrection) -> Option<ChiSquareTest> {
        let mut pooled = Proportion::default();
        for group in groups {
            pooled.merge(group).ok()?;
        }
        let undefined = groups.len() < 2
            || groups.iter().any(|group| group.n() == 0)
            || pooled.successes() == 0
            || pooled.failures() == 0;
        if undefined {
            return None;
        }
        let corrected = groups.len() == 2 && correction == ContinuityCorrection::YatesIfTwo;
        // Sorted, so that the order of the groups does not change a digit of the sum.
        let mut parts: Vec<f64> = groups.iter().map(|group| part(group, &pooled, corrected)).collect();
        parts.sort_by(f64::total_cmp);
        let statistic: f64 = parts.iter().sum();
        let degrees_of_freedom = groups.len() as u64 - 1;
        let p_value = gamma_upper(degrees_of_freedom as f64 / 2.0, statistic / 2.0)?;
        Some(ChiSquareTest { statistic, degrees_of_freedom, p_value })
    }
}

/// The part of one group in the statistic.
fn part(group: &Proportion, pooled: &Proportion, corrected: bool) -> f64 {
    // N times the distance |x - np| between observed and expected is a whole number: no
    // cancellation. It fits, because no count exceeds N, and N fits 64 bits.
    let observed = u128::from(group.successes()) * u128::from(pooled.n());
    let expected = u128::from(group.n()) * u128::from(pooled.successes());
    let mut distance = observed.abs_diff(expected) as f64;
    if corrected {
        let half = u128::from(pooled.n() / 2);
        let odd = (pooled.n() % 2) as f64 / 2.0;
        distance = (observed.abs_diff(expected).saturating_sub(half) as f64 - odd).max(0.0);
    }
    let total = group.n() as f64 * (pooled.successes() as f64 * pooled.failures() as f64);
    distance * (distance / total)
}

impl fmt::Debug for ChiSquareTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChiSquareTest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ChiSquareTest, ContinuityCorrection, Error, Proportion};

    fn test(groups: &[(u64, u64)]) -> Option<ChiSquareTest> {
        let groups: Result<Vec<_>, _> = groups.iter().map(|&(x, n)| Proportion::new(x, n)).collect();
        ChiSquareTest::of(&groups.ok()?, ContinuityCorrection::YatesIfTwo)
    }

    #[test]
    fn nothing_to_compare_has_no_test() {
        for groups in [&[][..], &[(1, 2)], &[(1, 2), (0, 0)], &[(0, 5), (0, 6)], &[(5, 5), (6, 6)]] {
            assert_eq!(test(groups), None);
        }
        assert_eq!(test(&[(1, u64::MAX), (1, 2)]), None);
    }

    #[test]
    fn equal_shares_give_zero_and_one() {
        assert!(test(&[(3, 10), (6, 20)]).is_some_and(|t| t.statistic == 0.0 && t.p_value == 1.0));
        // A distance below one half is corrected to nothing.
        assert!(test(&[(3, 10), (6, 19)]).is_some_and(|t| t.statistic == 0.0 && t.p_value == 1.0));
    }

    #[test]
    fn huge_counts_stay_finite() {
        let n = 1_000_000_000_000_000;
        let far = test(&[(0, n), (n, n)]);
        assert!(far.is_some_and(|t| t.statistic.is_finite() && t.p_value == 0.0));
        let near = test(&[(n / 2, n), (n / 2 + 1, n)]);
        assert!(near.is_some_and(|t| t.p_value > 0.999_999));
    }

    #[test]
    fn names_lead_back_and_nothing_is_shown() -> Result<(), Error> {
        for correction in ContinuityCorrection::ALL {
            assert_eq!(ContinuityCorrection::parse(correction.name())?, correction);
        }
        assert_eq!(format!("{:?}", test(&[(1, 2), (1, 3)])), "Some(ChiSquareTest(..))");
        Ok(())
    }
}
