//! The interval methods of one proportion, by name.

use serde::Deserialize;

use super::{agresti_coull, clopper_pearson, jeffreys, wald, wilson, wilson_continuity};
use crate::error::Error;
use crate::stats::named::named;
use crate::stats::{ConfidenceLevel, Interval};

/// How to find the confidence interval of one proportion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProportionMethod {
    /// Score interval without continuity correction: [`wilson`].
    #[default]
    Wilson,
    /// Score interval with continuity correction: [`wilson_continuity`].
    #[serde(rename = "wilson_cc")]
    WilsonContinuity,
    /// Exact interval: [`clopper_pearson`].
    ClopperPearson,
    /// Bayesian interval with Jeffreys's prior: [`jeffreys`].
    Jeffreys,
    /// Wald's interval after adding successes and failures, not truncated: [`agresti_coull`].
    AgrestiCoull,
    /// Normal approximation, not truncated: [`wald`].
    Wald,
}

impl ProportionMethod {
    /// Every method.
    pub const ALL: [ProportionMethod; 6] = [
        ProportionMethod::Wilson,
        ProportionMethod::WilsonContinuity,
        ProportionMethod::ClopperPearson,
        ProportionMethod::Jeffreys,
        ProportionMethod::AgrestiCoull,
        ProportionMethod::Wald,
    ];

    /// The name of the method in specifications.
    ///
    /// ```
    /// use registat::ProportionMethod;
    ///
    /// assert_eq!(ProportionMethod::default().name(), "wilson");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            ProportionMethod::Wilson => "wilson",
            ProportionMethod::WilsonContinuity => "wilson_cc",
            ProportionMethod::ClopperPearson => "clopper_pearson",
            ProportionMethod::Jeffreys => "jeffreys",
            ProportionMethod::AgrestiCoull => "agresti_coull",
            ProportionMethod::Wald => "wald",
        }
    }

    /// The method of this name.
    ///
    /// # Errors
    ///
    /// If no method has the name.
    ///
    /// ```
    /// use registat::ProportionMethod;
    ///
    /// assert_eq!(ProportionMethod::parse("jeffreys")?, ProportionMethod::Jeffreys);
    /// assert!(ProportionMethod::parse("Wilson score").is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(name: &str) -> Result<ProportionMethod, Error> {
        named("interval of a proportion", &ProportionMethod::ALL, ProportionMethod::name, name)
    }

    /// The interval of `successes` out of `n`, as shares. `None` if `n` is 0 or `successes` exceeds
    /// `n`.
    ///
    /// ```
    /// use registat::{ConfidenceLevel, ProportionMethod, wilson};
    ///
    /// let level = ConfidenceLevel::P95;
    /// assert_eq!(ProportionMethod::Wilson.interval(81, 263, level), wilson(81, 263, level));
    /// ```
    pub fn interval(self, successes: u64, n: u64, level: ConfidenceLevel) -> Option<Interval> {
        match self {
            ProportionMethod::Wilson => wilson(successes, n, level),
            ProportionMethod::WilsonContinuity => wilson_continuity(successes, n, level),
            ProportionMethod::ClopperPearson => clopper_pearson(successes, n, level),
            ProportionMethod::Jeffreys => jeffreys(successes, n, level),
            ProportionMethod::AgrestiCoull => agresti_coull(successes, n, level),
            ProportionMethod::Wald => wald(successes, n, level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfidenceLevel, ProportionMethod};

    #[test]
    fn every_name_leads_back_to_its_method() {
        for method in ProportionMethod::ALL {
            assert!(ProportionMethod::parse(method.name()).is_ok_and(|parsed| parsed == method));
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest() {
        let error = ProportionMethod::parse("wilsen").err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("`wilson`")));
    }

    #[test]
    fn impossible_counts_have_no_interval() {
        for method in ProportionMethod::ALL {
            assert_eq!(method.interval(0, 0, ConfidenceLevel::P95), None);
            assert_eq!(method.interval(4, 3, ConfidenceLevel::P95), None);
        }
    }

    #[test]
    fn huge_counts_have_narrow_finite_intervals() {
        for method in ProportionMethod::ALL {
            for n in [100_000_000, 1_000_000_000_000_000, u64::MAX] {
                for successes in [0, 1, 1000, n / 3, n - 1, n] {
                    let interval = method.interval(successes, n, ConfidenceLevel::P95);
                    assert!(interval.is_some_and(|i| (0.0..1e-3).contains(&i.width())));
                }
            }
        }
    }
}
