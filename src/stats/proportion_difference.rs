//! Difference of two independent proportions.

use std::fmt;

use super::interval::Interval;
use super::level::ConfidenceLevel;
use super::named::named;
use super::proportion::{Proportion, wilson};
use crate::error::Error;

/// How to find the confidence interval of a difference of two independent proportions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DifferenceMethod {
    /// Newcombe's hybrid of two Wilson intervals without continuity correction, method 10 of
    /// Newcombe 1998 (Stat Med 17:873). Limits lie from -1 to 1.
    ///
    /// `d - sqrt((p1 - l1)^2 + (u2 - p2)^2)` and `d + sqrt((u1 - p1)^2 + (p2 - l2)^2)`, with the
    /// Wilson limits `l` and `u` of each group.
    #[default]
    Newcombe,
    /// Agresti and Caffo 2000 (Am Stat 54:280): Wald's formula after adding one success and one
    /// failure to each group. Not truncated: limits can lie below -1 or above 1.
    AgrestiCaffo,
    /// `d -+ z sqrt(p1 q1/n1 + p2 q2/n2)`. Not truncated, and too narrow in small groups.
    Wald,
}

impl DifferenceMethod {
    /// Every method.
    pub const ALL: [DifferenceMethod; 3] =
        [DifferenceMethod::Newcombe, DifferenceMethod::AgrestiCaffo, DifferenceMethod::Wald];

    /// The name of the method in specifications.
    pub fn name(self) -> &'static str {
        match self {
            DifferenceMethod::Newcombe => "newcombe10",
            DifferenceMethod::AgrestiCaffo => "agresti_caffo",
            DifferenceMethod::Wald => "wald",
        }
    }

    /// The method of this name.
    ///
    /// # Errors
    ///
    /// If no method has the name.
    ///
    /// ```
    /// use registat::DifferenceMethod;
    ///
    /// assert_eq!(DifferenceMethod::parse("newcombe10")?, DifferenceMethod::default());
    /// assert!(DifferenceMethod::parse("newcombe11").is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(name: &str) -> Result<DifferenceMethod, Error> {
        named("interval of a difference of proportions", &DifferenceMethod::ALL, DifferenceMethod::name, name)
    }
}

/// The share of a first group minus that of a second, with its interval, as shares.
///
/// The `Debug` form hides the content.
///
/// ```
/// use registat::{ConfidenceLevel, DifferenceMethod, Proportion, ProportionDifference};
///
/// // Newcombe 1998, Stat Med 17:873, table II: 56 of 70 and 48 of 80.
/// let (first, second) = (Proportion::new(56, 70)?, Proportion::new(48, 80)?);
/// let method = DifferenceMethod::Newcombe;
/// let found = ProportionDifference::of(&first, &second, method, ConfidenceLevel::P95);
/// assert!(found.is_some_and(|d| (d.difference - 0.2).abs() < 1e-12));
/// assert!(found.is_some_and(|d| (d.interval.lower - 0.0524).abs() < 5e-5));
/// assert!(found.is_some_and(|d| (d.interval.upper - 0.3339).abs() < 5e-5));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct ProportionDifference {
    /// First minus second share, from -1 to 1.
    pub difference: f64,
    /// Interval of the difference; whether it can leave -1 to 1 is said at each method.
    pub interval: Interval,
}

impl ProportionDifference {
    /// The difference of two groups of different patients; `None` if one is empty.
    pub fn of(
        first: &Proportion,
        second: &Proportion,
        method: DifferenceMethod,
        level: ConfidenceLevel,
    ) -> Option<ProportionDifference> {
        let difference = first.difference(second)?;
        let interval = match method {
            DifferenceMethod::Newcombe => newcombe(difference, first, second, level)?,
            DifferenceMethod::AgrestiCaffo => normal(first, second, 1.0, level),
            DifferenceMethod::Wald => normal(first, second, 0.0, level),
        };
        Some(ProportionDifference { difference, interval })
    }
}

/// Newcombe's method 10 around the difference.
fn newcombe(
    difference: f64,
    first: &Proportion,
    second: &Proportion,
    level: ConfidenceLevel,
) -> Option<Interval> {
    let (p1, p2) = (first.share()?, second.share()?);
    let i1 = wilson(first.successes(), first.n(), level)?;
    let i2 = wilson(second.successes(), second.n(), level)?;
    Some(Interval {
        lower: (difference - (p1 - i1.lower).hypot(i2.upper - p2)).clamp(-1.0, 1.0),
        upper: (difference + (i1.upper - p1).hypot(p2 - i2.lower)).clamp(-1.0, 1.0),
    })
}

/// Wald's formula after adding `added` successes and as many failures to each group.
fn normal(first: &Proportion, second: &Proportion, added: f64, level: ConfidenceLevel) -> Interval {
    let share_and_variance = |group: &Proportion| {
        let n = group.n() as f64 + 2.0 * added;
        let (p, q) = ((group.successes() as f64 + added) / n, (group.failures() as f64 + added) / n);
        (p, p * q / n)
    };
    let ((p1, variance1), (p2, variance2)) = (share_and_variance(first), share_and_variance(second));
    Interval::around(p1 - p2, level.z() * (variance1 + variance2).sqrt())
}

impl fmt::Debug for ProportionDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProportionDifference(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, DifferenceMethod, Error, Proportion, ProportionDifference};

    #[test]
    fn an_empty_group_has_no_difference() -> Result<(), Error> {
        let (some, nobody) = (Proportion::new(1, 2)?, Proportion::new(0, 0)?);
        for method in DifferenceMethod::ALL {
            for (first, second) in [(&some, &nobody), (&nobody, &some), (&nobody, &nobody)] {
                let found = ProportionDifference::of(first, second, method, ConfidenceLevel::P95);
                assert_eq!(found, None);
            }
        }
        Ok(())
    }

    #[test]
    fn only_newcombe_keeps_within_one() -> Result<(), Error> {
        let (all, none) = (Proportion::new(10, 10)?, Proportion::new(0, 20)?);
        let upper = |method| {
            ProportionDifference::of(&all, &none, method, ConfidenceLevel::P95).map(|d| d.interval.upper)
        };
        assert_eq!(upper(DifferenceMethod::Newcombe), Some(1.0));
        assert!(upper(DifferenceMethod::AgrestiCaffo).is_some_and(|upper| upper > 1.05));
        assert_eq!(upper(DifferenceMethod::Wald), Some(1.0));
        Ok(())
    }

    #[test]
    fn names_lead_back_and_nothing_is_shown() -> Result<(), Error> {
        for method in DifferenceMethod::ALL {
            assert_eq!(DifferenceMethod::parse(method.name())?, method);
        }
        let group = Proportion::new(1, 2)?;
        let found = ProportionDifference::of(&group, &group, DifferenceMethod::Wald, ConfidenceLevel::P95);
        assert_eq!(format!("{found:?}"), "Some(ProportionDifference(..))");
        Ok(())
    }
}
