//! Courses by their baseline factors, and what a unit with this mix would be expected to have.

use std::collections::BTreeMap;
use std::fmt;

use super::indirect_standardisation::StandardisedRatio;
use super::logistic::LogisticFit;
use crate::error::Error;

/// Courses with their baseline factors and whether they had the event, counted by equal factors: the order of adding and
/// merging changes no digit. The `Debug` form hides the content.
///
/// ```
/// use registat::{CaseMix, LogisticFit};
///
/// let (mut one, mut other) = (CaseMix::new(1), CaseMix::new(1));
/// for (factor, event) in [(0.0, true), (0.0, false), (1.0, true), (1.0, true), (1.0, false)] {
///     one.add(&[factor], event)?;
///     other.add(&[factor], !event)?;
/// }
/// let mut all = one.clone();
/// all.merge(&other)?;
/// let fit = LogisticFit::of(&all).map_err(|problem| problem.to_string());
/// // Half of all had the event, so of five courses two and a half are expected, and three were seen.
/// let expected = fit.ok().and_then(|fit| one.expected(&fit));
/// assert!(expected.is_some_and(|events| (events.expected() - 2.5).abs() < 1e-12 && events.observed() == 3));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CaseMix {
    factors: usize,
    /// Number of courses and of events, by the factors.
    counts: BTreeMap<Vec<Factor>, (u64, u64)>,
}

/// A finite number that can be sorted.
#[derive(Clone, Copy)]
struct Factor(f64);

impl PartialEq for Factor {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Factor {}

impl PartialOrd for Factor {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Factor {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl CaseMix {
    /// No courses yet; each will have so many factors, in one order. A factor of several levels is one 0 or 1 for each level
    /// but the first.
    pub fn new(factors: usize) -> CaseMix {
        CaseMix { factors, counts: BTreeMap::new() }
    }

    /// Adds a course.
    ///
    /// # Errors
    ///
    /// If it has another number of factors, or one is no finite number.
    pub fn add(&mut self, factors: &[f64], event: bool) -> Result<(), Error> {
        if factors.len() != self.factors {
            return Err(Error::stats("a course has another number of factors"));
        }
        if !factors.iter().all(|factor| factor.is_finite()) {
            return Err(Error::stats("a factor is no finite number"));
        }
        // Minus zero is zero.
        let key = factors.iter().map(|factor| Factor(factor + 0.0)).collect();
        let (n, events) = self.counts.entry(key).or_default();
        *n += 1;
        *events += u64::from(event);
        Ok(())
    }

    /// Adds the courses of another unit.
    ///
    /// # Errors
    ///
    /// If they have another number of factors; nothing is added then.
    pub fn merge(&mut self, other: &CaseMix) -> Result<(), Error> {
        if self.factors != other.factors {
            return Err(Error::stats("the units have different numbers of factors"));
        }
        for (factors, (n, events)) in &other.counts {
            let counts = self.counts.entry(factors.clone()).or_default();
            counts.0 += n;
            counts.1 += events;
        }
        Ok(())
    }

    /// How many factors each course has.
    pub fn factors(&self) -> usize {
        self.factors
    }

    /// Number of courses.
    pub fn n(&self) -> u64 {
        self.counts.values().map(|(n, _)| n).sum()
    }

    /// Number of courses with the event.
    pub fn events(&self) -> u64 {
        self.counts.values().map(|(_, events)| events).sum()
    }

    /// Factors, courses and events, in ascending order of the factors.
    pub(super) fn patterns(&self) -> impl Iterator<Item = (Vec<f64>, u64, u64)> {
        let counts = self.counts.iter();
        counts.map(|(factors, (n, events))| (factors.iter().map(|factor| factor.0).collect(), *n, *events))
    }

    /// What these courses would be expected to have by a model fitted to all units. `None` without courses, or where the
    /// model has other factors.
    pub fn expected(&self, model: &LogisticFit) -> Option<ExpectedEvents> {
        let (mut expected, mut variance) = (0.0, 0.0);
        for (factors, n, _) in self.patterns() {
            let p = model.probability(&factors)?;
            expected += n as f64 * p;
            variance += n as f64 * p * (1.0 - p);
        }
        (expected > 0.0).then_some(ExpectedEvents {
            n: self.n(),
            observed: self.events(),
            expected,
            variance,
        })
    }
}

/// Observed and expected events of a unit. The `Debug` form hides them.
#[derive(Clone, Copy, PartialEq)]
pub struct ExpectedEvents {
    n: u64,
    observed: u64,
    expected: f64,
    variance: f64,
}

impl ExpectedEvents {
    /// Number of courses.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Events seen.
    pub fn observed(&self) -> u64 {
        self.observed
    }

    /// The sum of the fitted probabilities.
    pub fn expected(&self) -> f64 {
        self.expected
    }

    /// Observed by expected, with limits on request.
    ///
    /// # Errors
    ///
    /// None that a unit with courses could cause.
    pub fn ratio(&self) -> Result<StandardisedRatio, Error> {
        StandardisedRatio::new(self.observed, self.expected)
    }

    /// The case-mix adjusted rate: observed by expected, times the overall rate. It can pass 1.
    pub fn adjusted_rate(&self, overall: f64) -> f64 {
        self.observed as f64 / self.expected * overall
    }

    /// `(O - E) / sqrt(sum p (1 - p))`: how far the unit lies from what was expected, in standard deviations. `None` where
    /// nothing could vary.
    pub fn z(&self) -> Option<f64> {
        (self.variance > 0.0).then(|| (self.observed as f64 - self.expected) / self.variance.sqrt())
    }
}

impl fmt::Debug for CaseMix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaseMix(..)")
    }
}

impl fmt::Debug for ExpectedEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExpectedEvents(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_is_added() {
        let mut courses = CaseMix::new(2);
        assert!(courses.add(&[1.0], true).is_err());
        assert!(courses.add(&[1.0, f64::NAN], true).is_err());
        assert!(courses.add(&[1.0, f64::INFINITY], true).is_err());
        assert!(courses.merge(&CaseMix::new(1)).is_err());
        assert_eq!(courses.n(), 0);
        courses.add(&[0.0, 1.0], true).unwrap();
        courses.add(&[-0.0, 1.0], false).unwrap();
        assert_eq!(courses.patterns().count(), 1);
    }
}
