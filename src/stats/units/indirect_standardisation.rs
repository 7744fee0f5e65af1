//! Indirect standardisation: what was observed in a unit, by what its mix of patients would lead one to expect.

use std::fmt;

use crate::error::Error;
use crate::stats::{ConfidenceLevel, Interval, PoissonMethod};

/// Observed by expected events; the expected number counts as known. The `Debug` form hides the content.
///
/// ```
/// use registat::{ConfidenceLevel, PoissonMethod, StandardisedRatio};
///
/// let ratio = StandardisedRatio::new(9, 8.2391)?;
/// let limits = ratio.interval(PoissonMethod::Byar, ConfidenceLevel::P95);
/// assert!((ratio.ratio() - 1.092_352_32).abs() < 1e-8);
/// assert!(limits.is_some_and(|i| (i.lower - 0.498_462_820_5).abs() < 1e-9));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct StandardisedRatio {
    observed: u64,
    expected: f64,
}

impl StandardisedRatio {
    /// So many observed events where `expected` were to be expected.
    ///
    /// # Errors
    ///
    /// If the expected number is not a positive number.
    pub fn new(observed: u64, expected: f64) -> Result<StandardisedRatio, Error> {
        if expected.is_finite() && expected > 0.0 {
            Ok(StandardisedRatio { observed, expected })
        } else {
            Err(Error::stats("the expected number of events is a positive number"))
        }
    }

    /// Observed events.
    pub fn observed(&self) -> u64 {
        self.observed
    }

    /// Expected events.
    pub fn expected(&self) -> f64 {
        self.expected
    }

    /// Observed by expected: 1 where the unit has as many as expected.
    pub fn ratio(&self) -> f64 {
        self.observed as f64 / self.expected
    }

    /// Limits of the ratio: those of the observed number by the expected one. UKHSA takes exact limits below ten events and
    /// Byar's from ten on.
    pub fn interval(&self, method: PoissonMethod, level: ConfidenceLevel) -> Option<Interval> {
        let limits = method.interval(self.observed, level)?;
        Some(Interval { lower: limits.lower / self.expected, upper: limits.upper / self.expected })
    }
}

impl fmt::Debug for StandardisedRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandardisedRatio(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_positive_expectation_makes_a_ratio() {
        for expected in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(StandardisedRatio::new(1, expected).is_err());
        }
        let none = StandardisedRatio::new(0, 2.0).unwrap();
        assert_eq!(none.ratio(), 0.0);
        for method in PoissonMethod::ALL {
            let limits = none.interval(method, ConfidenceLevel::P95).unwrap();
            assert!(limits.lower == 0.0 && limits.upper > 1.0);
        }
    }
}
