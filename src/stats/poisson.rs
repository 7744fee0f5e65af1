//! Confidence limits of a count of events.

use super::interval::Interval;
use super::level::ConfidenceLevel;
use super::named::named;
use super::special::{lower_gamma_limit, upper_gamma_limit};
use crate::error::Error;

/// How to find the confidence limits of the expected number of events, given the observed number.
///
/// Divide the limits by the patient-years for a rate, or by the expected count for a standardised
/// ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PoissonMethod {
    /// Exact limits (Garwood 1936, Biometrika 28:437): the lower is the mean at which `observed` or
    /// more events have probability `(1 - level)/2`, the upper the mean at which `observed` or fewer
    /// have it. The same as half the chi-square quantiles with `2 observed` and `2 observed + 2`
    /// degrees of freedom.
    #[default]
    Exact,
    /// Byar's approximation (Breslow and Day 1987, vol. II, p. 69):
    /// `O (1 - 1/(9O) - z/(3 sqrt(O)))^3` and the mirror image with `O + 1`. The lower limit is 0
    /// without events, and where the bracket turns negative, as with few events at a high level.
    Byar,
}

impl PoissonMethod {
    /// Both methods.
    pub const ALL: [PoissonMethod; 2] = [PoissonMethod::Exact, PoissonMethod::Byar];

    /// The name of the method in specifications.
    pub fn name(self) -> &'static str {
        match self {
            PoissonMethod::Exact => "exact",
            PoissonMethod::Byar => "byar",
        }
    }

    /// The method of this name.
    ///
    /// # Errors
    ///
    /// If no method has the name.
    ///
    /// ```
    /// use registat::PoissonMethod;
    ///
    /// assert_eq!(PoissonMethod::parse("byar")?, PoissonMethod::Byar);
    /// assert!(PoissonMethod::parse("garwood").is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(name: &str) -> Result<PoissonMethod, Error> {
        named("interval of a count", &PoissonMethod::ALL, PoissonMethod::name, name)
    }

    /// The limits of the expected number of events, in events, from 0 up. Every count has limits;
    /// `None` only if a special function did not converge, which no count is known to cause.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, PoissonMethod};
    ///
    /// // Printed tables of exact limits: 0 to 3.689 without events, 4.795 to 18.390 with ten.
    /// let none = PoissonMethod::Exact.interval(0, ConfidenceLevel::P95);
    /// assert!(none.is_some_and(|i| i.lower == 0.0 && (i.upper - 3.689).abs() < 5e-4));
    /// let ten = PoissonMethod::Exact.interval(10, ConfidenceLevel::P95);
    /// assert!(ten.is_some_and(|i| (i.lower - 4.795).abs() < 5e-4));
    /// assert!(ten.is_some_and(|i| (i.upper - 18.390).abs() < 5e-4));
    /// ```
    pub fn interval(self, observed: u64, level: ConfidenceLevel) -> Option<Interval> {
        let events = observed as f64;
        match self {
            PoissonMethod::Exact => Some(Interval {
                lower: if observed == 0 { 0.0 } else { lower_gamma_limit(events, level)? },
                upper: upper_gamma_limit(events + 1.0, level)?,
            }),
            PoissonMethod::Byar => Some(Interval {
                lower: if observed == 0 { 0.0 } else { byar(events, -level.z()) },
                upper: byar(events + 1.0, level.z()),
            }),
        }
    }
}

/// Byar's limit `z` standard deviations from `count`, which is at least 1; not below 0.
fn byar(count: f64, z: f64) -> f64 {
    let root = 1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt());
    count * root.max(0.0).powi(3)
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, Error, PoissonMethod};

    #[test]
    fn limits_without_events_have_a_closed_form() {
        for level in [ConfidenceLevel::P90, ConfidenceLevel::P99] {
            let upper = -(level.outside() / 2.0).ln();
            let interval = PoissonMethod::Exact.interval(0, level);
            assert!(interval.is_some_and(|i| i.lower == 0.0 && (i.upper / upper - 1.0).abs() < 1e-13));
        }
    }

    #[test]
    fn the_approximation_does_not_fall_below_zero() -> Result<(), Error> {
        let level = ConfidenceLevel::new(0.9999)?;
        assert!(PoissonMethod::Byar.interval(1, level).is_some_and(|i| i.lower == 0.0));
        Ok(())
    }

    #[test]
    fn huge_counts_have_close_limits() {
        for method in PoissonMethod::ALL {
            for observed in [999_999, 1_000_000, 1_000_000_000_000_000, u64::MAX] {
                let (interval, count) = (method.interval(observed, ConfidenceLevel::P95), observed as f64);
                let margin = 1.96 * count.sqrt();
                assert!(interval.is_some_and(|i| (count - i.lower) / margin > 0.99 && i.lower < count));
                assert!(interval.is_some_and(|i| (i.upper - count) / margin < 1.01 && i.upper > count));
            }
        }
    }

    #[test]
    fn names_lead_back() -> Result<(), Error> {
        for method in PoissonMethod::ALL {
            assert_eq!(PoissonMethod::parse(method.name())?, method);
        }
        Ok(())
    }
}
