//! Direct standardisation: the rate that a population would have with the age and sex mix of a standard.

use std::fmt;

use crate::error::Error;
use crate::stats::special::{lower_gamma_limit, upper_gamma_limit};
use crate::stats::{ConfidenceLevel, Interval, PoissonMethod};

/// One age and sex group.
#[derive(Clone, Copy, PartialEq)]
pub struct Stratum {
    /// Events, or patients of whom something is true.
    pub events: u64,
    /// Patients, or patient-years.
    pub population: u64,
    /// Size of the group in the standard population; only proportions matter.
    pub standard: u64,
}

/// A directly standardised rate with its limits.
///
/// `dsr = sum w_i r_i` with `r_i` the rate of a group and `w_i` its share of the standard population. The `Debug` form hides
/// the content.
///
/// ```
/// use registat::{ConfidenceLevel, DirectStandardisation, Stratum};
///
/// let groups = [(14, 338, 1500), (76, 810, 1000), (8, 48, 4000)]
///     .map(|(events, population, standard)| Stratum { events, population, standard });
/// let rate = DirectStandardisation::of(&groups)?;
/// // R epitools and the Dobson-Byar formula: 0.1266 (0.0588 to 0.2053), Fay-Feuer 0.0656 to 0.2246.
/// assert!(rate.as_ref().is_some_and(|rate| (rate.rate() - 0.126_557_539_2).abs() < 1e-10));
/// let limits = rate.and_then(|rate| rate.fay_feuer(ConfidenceLevel::P95));
/// assert!(limits.is_some_and(|i| (i.upper - 0.224_555_047_1).abs() < 1e-9));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct DirectStandardisation {
    events: u64,
    crude: f64,
    rate: f64,
    /// Of the rate, with the events of a group as Poisson.
    variance: f64,
    /// The same with the events of a group as binomial.
    binomial_variance: f64,
    /// The greatest weight of one event.
    most: f64,
}

impl DirectStandardisation {
    /// Of groups. A group without patients that the standard has is undefined: `None`, as without any group.
    ///
    /// # Errors
    ///
    /// If a group has more events than patients, or the standard population is empty.
    pub fn of(strata: &[Stratum]) -> Result<Option<DirectStandardisation>, Error> {
        let total: u128 = strata.iter().map(|stratum| u128::from(stratum.standard)).sum();
        if strata.iter().any(|stratum| stratum.events > stratum.population) {
            return Err(Error::stats("a group has at most as many events as patients"));
        }
        if !strata.is_empty() && total == 0 {
            return Err(Error::stats("the standard population is empty"));
        }
        let counts = || strata.iter().map(|stratum| u128::from(stratum.events));
        let (events, people) =
            (counts().sum::<u128>(), strata.iter().map(|s| u128::from(s.population)).sum::<u128>());
        let Ok(all) = u64::try_from(events) else {
            return Err(Error::stats("there are more events than can be counted"));
        };
        let is_undefined = |stratum: &Stratum| stratum.population == 0 && stratum.standard > 0;
        if people == 0 || strata.iter().any(is_undefined) {
            return Ok(None);
        }
        let mut result = DirectStandardisation {
            events: all,
            crude: events as f64 / people as f64,
            rate: 0.0,
            variance: 0.0,
            binomial_variance: 0.0,
            most: 0.0,
        };
        // In one order, so that sums do not depend on the order of the groups.
        let mut strata: Vec<&Stratum> = strata.iter().filter(|stratum| stratum.population > 0).collect();
        strata.sort_by_key(|stratum| (stratum.population, stratum.events, stratum.standard));
        for stratum in strata {
            let (events, people) = (stratum.events as f64, stratum.population as f64);
            let weight = stratum.standard as f64 / total as f64;
            let per_event = weight / people;
            let share = events / people;
            result.rate += weight * share;
            result.variance += per_event * per_event * events;
            result.binomial_variance += weight * weight * share * (1.0 - share) / people;
            result.most = result.most.max(per_event);
        }
        Ok(Some(result))
    }

    /// The standardised rate, per patient.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The rate as it is: events by patients.
    pub fn crude(&self) -> f64 {
        self.crude
    }

    /// Events in all. UKHSA prints no standardised rate of fewer than ten.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The standard error of the rate, with the events of a group as binomial.
    pub fn standard_error(&self) -> f64 {
        self.binomial_variance.sqrt()
    }

    /// Limits of Dobson and others (1991, Stat Med 10:457) with Byar's limits of the number of events:
    /// `dsr + sqrt(variance / O) (limit - O)`. `None` without events.
    pub fn dobson_byar(&self, level: ConfidenceLevel) -> Option<Interval> {
        if self.events == 0 {
            return None;
        }
        let (events, limits) = (self.events as f64, PoissonMethod::Byar.interval(self.events, level)?);
        let scale = (self.variance / events).sqrt();
        let at = |limit: f64| self.rate + scale * (limit - events);
        Some(Interval { lower: at(limits.lower).max(0.0), upper: at(limits.upper) })
    }

    /// Gamma limits of Fay and Feuer (1997, Stat Med 16:791); they hold the level however the weights differ. The lower
    /// limit is 0 without events; `None` if all weights are 0.
    pub fn fay_feuer(&self, level: ConfidenceLevel) -> Option<Interval> {
        let (mean, variance, most) = (self.rate, self.variance, self.most);
        if most <= 0.0 {
            return None;
        }
        let lower = match self.events {
            0 => 0.0,
            _ if variance > 0.0 => variance / mean * lower_gamma_limit(mean * mean / variance, level)?,
            _ => 0.0,
        };
        let (mean, variance) = (mean + most, variance + most * most);
        let upper = variance / mean * upper_gamma_limit(mean * mean / variance, level)?;
        Some(Interval { lower, upper })
    }
}

impl fmt::Debug for Stratum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stratum(..)")
    }
}

impl fmt::Debug for DirectStandardisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DirectStandardisation(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strata(groups: &[(u64, u64, u64)]) -> Vec<Stratum> {
        let of = |&(events, population, standard): &(u64, u64, u64)| Stratum { events, population, standard };
        groups.iter().map(of).collect()
    }

    fn of(groups: &[(u64, u64, u64)]) -> Option<DirectStandardisation> {
        DirectStandardisation::of(&strata(groups)).unwrap()
    }

    #[test]
    fn the_own_mix_as_standard_gives_the_crude_rate() {
        let rate = of(&[(5, 100, 100), (20, 300, 300)]).unwrap();
        assert!((rate.rate() - rate.crude()).abs() < 1e-15);
        let limits = rate.fay_feuer(ConfidenceLevel::P95).unwrap();
        // With equal weights the limits are the exact Poisson limits.
        let exact = PoissonMethod::Exact.interval(25, ConfidenceLevel::P95).unwrap();
        assert!((limits.lower - exact.lower / 400.0).abs() < 1e-12);
        assert!((limits.upper - exact.upper / 400.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_undefined_or_contradicts_itself_gives_no_number() {
        assert!(of(&[]).is_none() && of(&[(0, 0, 10)]).is_none() && of(&[(0, 0, 10), (1, 5, 5)]).is_none());
        assert!(DirectStandardisation::of(&strata(&[(2, 1, 5)])).is_err());
        assert!(DirectStandardisation::of(&strata(&[(1, 2, 0)])).is_err());
        let nobody = of(&[(0, 10, 5), (0, 20, 5)]).unwrap();
        assert!(nobody.dobson_byar(ConfidenceLevel::P95).is_none());
        let limits = nobody.fay_feuer(ConfidenceLevel::P95).unwrap();
        assert!(limits.lower == 0.0 && limits.upper > 0.0 && limits.upper.is_finite());
    }

    #[test]
    fn the_order_of_the_groups_changes_no_digit() {
        let (a, b) = (
            of(&[(14, 338, 1500), (76, 810, 1000), (8, 48, 4000)]),
            of(&[(8, 48, 4000), (14, 338, 1500), (76, 810, 1000)]),
        );
        assert!(a == b && a.is_some());
    }
}
