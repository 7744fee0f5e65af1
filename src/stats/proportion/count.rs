//! A count out of a count.

use std::fmt;

use super::ProportionMethod;
use crate::error::Error;
use crate::stats::{ConfidenceLevel, Interval};

/// Successes out of a number of patients: one group in a comparison of groups.
///
/// Counts add up, so any order of merging gives the same proportion. The `Debug` form hides them.
///
/// ```
/// use registat::Proportion;
///
/// // Two wards as one group.
/// let mut group = Proportion::new(30, 100)?;
/// group.merge(&Proportion::new(20, 100)?)?;
/// assert_eq!(group.share(), Some(0.25));
/// assert!(Proportion::new(4, 3).is_err());
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Proportion {
    successes: u64,
    n: u64,
}

impl Proportion {
    /// `successes` out of `n`; `n` may be 0.
    ///
    /// # Errors
    ///
    /// If `successes` exceeds `n`.
    pub fn new(successes: u64, n: u64) -> Result<Proportion, Error> {
        if successes > n {
            return Err(Error::stats("a proportion has no more successes than patients"));
        }
        Ok(Proportion { successes, n })
    }

    /// Adds another group.
    ///
    /// # Errors
    ///
    /// If the counts outgrow 64 bits; nothing is added then.
    pub fn merge(&mut self, other: &Proportion) -> Result<(), Error> {
        let n = self.n.checked_add(other.n).ok_or_else(|| Error::stats("the counts outgrow 64 bits"))?;
        *self = Proportion { successes: self.successes + other.successes, n };
        Ok(())
    }

    /// Number of successes.
    pub fn successes(&self) -> u64 {
        self.successes
    }

    /// Number of failures.
    pub fn failures(&self) -> u64 {
        self.n - self.successes
    }

    /// Number of patients.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Successes over patients, from 0 to 1; `None` without patients.
    pub fn share(&self) -> Option<f64> {
        (self.n > 0).then_some(self.successes as f64 / self.n as f64)
    }

    /// The interval of the share; `None` without patients.
    pub fn interval(&self, method: ProportionMethod, level: ConfidenceLevel) -> Option<Interval> {
        method.interval(self.successes, self.n, level)
    }

    /// The share of this group minus that of the other, from -1 to 1 and exact until the division;
    /// `None` without patients in one of them.
    pub(in crate::stats) fn difference(&self, other: &Proportion) -> Option<f64> {
        // x1/n1 - x2/n2 = (x1 n2 - x2 n1) / (n1 n2): whole numbers, no cancellation.
        let left = u128::from(self.successes) * u128::from(other.n);
        let right = u128::from(other.successes) * u128::from(self.n);
        let product = u128::from(self.n) * u128::from(other.n);
        // Both parts are rounded the same way, so that all against none is 1 and never a little more.
        let size = left.abs_diff(right) as f64 / product as f64;
        let signed = if left < right { -size } else { size };
        (self.n > 0 && other.n > 0).then_some(signed)
    }
}

impl fmt::Debug for Proportion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proportion(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, Error, Proportion, ProportionMethod};

    #[test]
    fn nobody_has_no_share() -> Result<(), Error> {
        let nobody = Proportion::new(0, 0)?;
        assert_eq!(nobody.share(), None);
        assert_eq!(nobody.interval(ProportionMethod::Wilson, ConfidenceLevel::P95), None);
        assert_eq!(nobody.difference(&Proportion::new(1, 2)?), None);
        Ok(())
    }

    #[test]
    fn differences_are_rounded_once() -> Result<(), Error> {
        let (a, b) = (Proportion::new(1, u64::MAX)?, Proportion::new(2, u64::MAX)?);
        assert_eq!(a.difference(&b), Some(-1.0 / u64::MAX as f64));
        assert_eq!(a.difference(&a), Some(0.0));
        for n in (1..2_000).map(|step| step * 9_007_199_254_741) {
            let (all, none) = (Proportion::new(n, n)?, Proportion::new(0, n + 7)?);
            assert_eq!(all.difference(&none), Some(1.0));
        }
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_not_merged_and_nothing_is_shown() -> Result<(), Error> {
        let mut group = Proportion::new(0, 1)?;
        assert!(group.merge(&Proportion::new(u64::MAX, u64::MAX)?).is_err());
        assert_eq!((group.n(), group.failures()), (1, 1));
        assert_eq!(format!("{group:?}"), "Proportion(..)");
        Ok(())
    }
}
