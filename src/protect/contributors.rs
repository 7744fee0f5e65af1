//! Rules on contributions: when a sum is so much of a few contributors that it gives one of them away.

use std::cmp::Reverse;

use crate::error::Error;

/// When a cell that sums contributions (costs, courses per patient, patients per unit) is sensitive.
///
/// All rules look at the largest contributions of a cell and at its total. They hide what an outsider, or one contributor
/// who subtracts their own part, could otherwise estimate too well. Percentages are whole numbers, and every comparison is
/// made in whole numbers.
///
/// Contributions come in any order; those of 0 are ignored, so that an empty cell is never sensitive. They may be all or
/// only the largest of a cell: what the total holds beyond them is then taken to be of others, each no larger than the
/// smallest that is listed. Contributions that exceed the total leave nothing to others, which is the safe side. So is a
/// rule that [`validate`](Self::validate) refuses: every cell that holds anything is sensitive by it.
///
/// Source of rules and levels: Handbook on Statistical Disclosure Control, ch. 4.2.
///
/// ```
/// use registat::ContributorRule;
///
/// // 98 thousand of 100 thousand come from two contributors: each can estimate the other within 10 %.
/// let (contributions, total) = ([50_000, 49_000], 100_000);
/// let rule = ContributorRule::PPercent { percent: 10 };
/// assert!(rule.is_sensitive(&contributions, total));
/// assert_eq!(rule.upper_protection(&contributions, total), 4_000.0);
/// assert_eq!(rule.protected_interval(&contributions, total), Some((96_000, 104_000)));
/// assert!(!ContributorRule::Dominance { n: 1, percent: 90 }.is_sensitive(&contributions, total));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContributorRule {
    /// The (n,k) rule: the `n` largest contributions are more than `percent` of the total.
    Dominance {
        /// How many contributors are looked at; at least 1.
        n: usize,
        /// Their share of the total in percent, 1 to 99.
        percent: u32,
    },
    /// The p% rule: the second largest contributor, who subtracts their own part, overestimates the largest contribution
    /// by less than `percent` of it.
    PPercent {
        /// The least error of an estimate in percent of what is estimated, 1 to 100.
        percent: u32,
    },
    /// The pq rule: as p%, but everyone already knows each contribution within `q` percent.
    PQ {
        /// The least error of an estimate in percent of what is estimated, at least 1 and less than `q`.
        p: u32,
        /// The error of what is known before, in percent, at most 100; with 100 this is the p% rule.
        q: u32,
    },
    /// Fewer contributors than `least`, whatever they contribute.
    FewestContributors {
        /// The fewest contributors of a printed sum, at least 2.
        least: usize,
    },
}

impl ContributorRule {
    /// Refuses numbers by which the rule would find every cell sensitive, or none.
    ///
    /// ```
    /// use registat::ContributorRule;
    ///
    /// assert!(ContributorRule::PQ { p: 10, q: 50 }.validate().is_ok());
    /// assert!(ContributorRule::PQ { p: 50, q: 10 }.validate().is_err());
    /// ```
    ///
    /// # Errors
    /// A number that the variants above rule out.
    pub fn validate(&self) -> Result<(), Error> {
        let (holds, wanted) = match *self {
            Self::Dominance { n, percent } => (
                n >= 1 && (1..=99).contains(&percent),
                "a dominance rule takes at least 1 contributor and 1 to 99 percent of the total",
            ),
            Self::PPercent { percent } => {
                ((1..=100).contains(&percent), "the p% rule takes a percentage from 1 to 100")
            }
            Self::PQ { p, q } => {
                (1 <= p && p < q && q <= 100, "the pq rule takes two percentages from 1 to 100, p below q")
            }
            Self::FewestContributors { least } => (least >= 2, "a sum rests on at least 2 contributors"),
        };
        if holds { Ok(()) } else { Err(Error::policy(wanted)) }
    }

    /// Whether a cell must be hidden.
    pub fn is_sensitive(&self, contributions: &[u64], total: u64) -> bool {
        self.shortfall(contributions, total).0 > 0
    }

    /// How far above the total a reader must not be able to rule out, in the unit of the contributions; 0 for a cell that
    /// is not sensitive.
    ///
    /// With contributions `x1 >= x2 >= ...` and their total X: `100/k (x1 + ... + xn) - X` for dominance,
    /// `p/100 x1 - (X - x1 - x2)` for p%, `p/q x1 - (X - x1 - x2)` for pq. The Handbook leaves the level of the fewest
    /// contributors to its user; here it is `x1`, which is p% with p = 100 where the others pool what they know.
    pub fn upper_protection(&self, contributions: &[u64], total: u64) -> f64 {
        let (parts, of) = self.shortfall(contributions, total);
        parts as f64 / of as f64
    }

    /// The least and the most that must stay possible for the total of a sensitive cell: as much below it as above, but
    /// never below 0, with the level rounded up to a whole number. `None` for a cell that is not sensitive.
    pub fn protected_interval(&self, contributions: &[u64], total: u64) -> Option<(u64, u64)> {
        let (parts, of) = self.shortfall(contributions, total);
        let level = u64::try_from(parts.div_ceil(of)).unwrap_or(u64::MAX);
        (level > 0).then(|| (total.saturating_sub(level), total.saturating_add(level)))
    }

    /// The upper protection level as an exact fraction: above 0 where the cell is sensitive. The second number is never 0.
    fn shortfall(&self, contributions: &[u64], total: u64) -> (u128, u128) {
        let cell = Contributions::new(contributions, total);
        let (wanted, reached, of) = match *self {
            _ if self.validate().is_err() => (cell.total, 0, 1),
            Self::Dominance { n, percent } => {
                (100 * cell.largest(n), u128::from(percent) * cell.total, u128::from(percent))
            }
            Self::PPercent { percent } => {
                (u128::from(percent) * cell.largest(1), 100 * cell.beyond_two_largest(), 100)
            }
            Self::PQ { p, q } => {
                (u128::from(p) * cell.largest(1), u128::from(q) * cell.beyond_two_largest(), u128::from(q))
            }
            Self::FewestContributors { least } if cell.fewest() < least => (cell.largest(1), 0, 1),
            Self::FewestContributors { .. } => (0, 0, 1),
        };
        (wanted.saturating_sub(reached), of)
    }
}

/// The contributions to a cell, largest first, and what its total holds beyond them.
struct Contributions {
    listed: Vec<u64>,
    unlisted: u128,
    total: u128,
}

impl Contributions {
    fn new(contributions: &[u64], total: u64) -> Self {
        let mut listed: Vec<u64> = contributions.iter().copied().filter(|amount| *amount > 0).collect();
        listed.sort_unstable_by_key(|amount| Reverse(*amount));
        let sum: u128 = listed.iter().map(|amount| u128::from(*amount)).sum();
        let total = u128::from(total);
        Self { listed, unlisted: total.saturating_sub(sum), total }
    }

    /// The most that the `n` largest can be together. Who is not listed has no more than the smallest that is.
    fn largest(&self, n: usize) -> u128 {
        let known: u128 = self.listed.iter().take(n).map(|amount| u128::from(*amount)).sum();
        let others = n.saturating_sub(self.listed.len()) as u128;
        let room =
            self.listed.last().map_or(self.unlisted, |least| others.saturating_mul(u128::from(*least)));
        known + self.unlisted.min(room)
    }

    /// What is left for those beyond the two largest, at least.
    fn beyond_two_largest(&self) -> u128 {
        self.total.saturating_sub(self.largest(2))
    }

    /// How many contributors there are at least.
    fn fewest(&self) -> usize {
        self.listed.len() + usize::from(self.unlisted > 0)
    }
}

/// The largest contributions, at most `most`, of weighted ones: a value of weight 4 stands for four contributors of it.
///
/// Each pair is a value and its weight. A sample's cells are judged by the contributors that its weights stand for, and
/// the total by the sum of values times weights.
///
/// ```
/// use registat::expand_weighted;
///
/// assert_eq!(expand_weighted(&[(10, 7), (100, 4)], 5), [100, 100, 100, 100, 10]);
/// ```
pub fn expand_weighted(values: &[(u64, u64)], most: usize) -> Vec<u64> {
    let mut largest_first = values.to_vec();
    largest_first.sort_unstable_by_key(|(value, _)| Reverse(*value));
    let mut expanded = Vec::new();
    for (value, weight) in largest_first {
        let room = most - expanded.len();
        let times = usize::try_from(weight).unwrap_or(usize::MAX).min(room);
        expanded.extend(std::iter::repeat_n(value, times));
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOMINANCE: ContributorRule = ContributorRule::Dominance { n: 2, percent: 85 };
    const TEN_PERCENT: ContributorRule = ContributorRule::PPercent { percent: 10 };
    const THREE: ContributorRule = ContributorRule::FewestContributors { least: 3 };

    #[test]
    fn a_rule_decides_at_its_limit_in_whole_numbers() {
        // 85 of 100 is not more than 85 %; a remainder of 5 is not less than a tenth of 50.
        assert!(!DOMINANCE.is_sensitive(&[50, 35, 15], 100));
        assert!(DOMINANCE.is_sensitive(&[50, 36, 14], 100));
        assert!(!TEN_PERCENT.is_sensitive(&[50, 45, 5], 100));
        assert!(TEN_PERCENT.is_sensitive(&[51, 44, 5], 100));
        // As floating point 2^53 + 1 is 2^53, and these two cells could not be told apart.
        let large = 1_u64 << 53;
        let half = ContributorRule::Dominance { n: 1, percent: 50 };
        assert!(!half.is_sensitive(&[large, large], 2 * large));
        assert!(half.is_sensitive(&[large + 1, large], 2 * large + 1));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let most = u64::MAX;
        for rule in [DOMINANCE, TEN_PERCENT, THREE, ContributorRule::PQ { p: 99, q: 100 }] {
            assert!(rule.is_sensitive(&[most, most], most), "{rule:?}");
            assert!(rule.upper_protection(&[most, most], most).is_finite(), "{rule:?}");
            let interval = rule.protected_interval(&[most, most], most);
            assert_eq!(interval.map(|(_, end)| end), Some(most), "{rule:?}");
        }
    }

    #[test]
    fn who_is_not_listed_has_no_more_than_the_smallest_listed() {
        // The second largest has at most 10 of the 990 that are not listed.
        assert!(!DOMINANCE.is_sensitive(&[10], 1_000));
        assert!(!TEN_PERCENT.is_sensitive(&[10], 1_000));
        // Here they may have all of it.
        assert!(DOMINANCE.is_sensitive(&[600], 1_000));
        assert!(TEN_PERCENT.is_sensitive(&[600], 1_000));
        assert!(DOMINANCE.is_sensitive(&[], 1_000), "nothing is known of it");
        assert!(THREE.is_sensitive(&[600], 1_000) && !THREE.is_sensitive(&[600, 300], 1_000));
    }

    #[test]
    fn a_rule_that_makes_no_sense_lets_nothing_through() {
        for rule in [
            ContributorRule::Dominance { n: 0, percent: 85 },
            ContributorRule::Dominance { n: 1, percent: 500 },
            ContributorRule::PPercent { percent: 0 },
            ContributorRule::PQ { p: 1, q: 0 },
            ContributorRule::FewestContributors { least: 1 },
        ] {
            assert!(rule.validate().is_err(), "{rule:?}");
            assert!(rule.is_sensitive(&[1; 200], 200), "{rule:?}");
            assert_eq!(rule.protected_interval(&[1; 200], 200), Some((0, 400)), "{rule:?}");
            assert!(!rule.is_sensitive(&[], 0), "{rule:?}");
        }
    }

    #[test]
    fn a_level_is_rounded_up_and_never_falls_below_nothing() {
        // 12/100 of 55 less 5 is 1.6.
        let rule = ContributorRule::PPercent { percent: 12 };
        assert!((rule.upper_protection(&[55, 40, 5], 100) - 1.6).abs() < 1e-12);
        assert_eq!(rule.protected_interval(&[55, 40, 5], 100), Some((98, 102)));
        let one = ContributorRule::Dominance { n: 1, percent: 25 };
        assert_eq!(one.protected_interval(&[40], 40), Some((0, 160)));
        assert_eq!(THREE.protected_interval(&[30, 10], 40), Some((10, 70)));
    }
}
