//! `Policy`: what must be hidden and why, as data with its source.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::schema::{Date, specification};

/// The rules that a release is protected by.
///
/// Two reasons to hide a number are kept apart all the way. *Privacy* needs secondary protection: what is hidden must not
/// follow from what is printed. *Reliability* and *coverage* are choices of print; what they withhold may follow from
/// other numbers. Privacy wins where both apply.
///
/// ```
/// use registat::Policy;
///
/// let policy = Policy::norwegian_register();
/// assert_eq!(policy.threshold(), 5);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    name: String,
    source: String,
    privacy: Privacy,
    #[serde(default)]
    reliability: Reliability,
    #[serde(default)]
    coverage: Coverage,
    #[serde(default)]
    print: Precision,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Privacy {
    threshold: u64,
    #[serde(default)]
    zeros: Zeros,
    #[serde(default = "yes")]
    complement: bool,
    #[serde(default)]
    nonresponse_identifies: bool,
    #[serde(default)]
    minimum: Minimum,
}

fn yes() -> bool {
    true
}

/// How zeros are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Zeros {
    /// Every zero is printed; a reader therefore knows that a hidden number is at least 1, and the audit uses it.
    #[default]
    Shown,
    /// A zero is as secret as a small number.
    Protected,
}

/// Fewest patients that a statistic may rest on. Never below the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Minimum {
    #[serde(default)]
    mean: u64,
    #[serde(default)]
    deviation: u64,
    #[serde(default)]
    quantile: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reliability {
    #[serde(default)]
    share: u64,
    #[serde(default)]
    mean: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    #[serde(default)]
    least_percent: f64,
    source: Option<String>,
    date: Option<Date>,
    #[serde(default)]
    units: BTreeMap<String, f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Precision {
    share_decimals: u8,
}

impl Default for Precision {
    fn default() -> Self {
        Self { share_decimals: 1 }
    }
}

impl Policy {
    /// What the Norwegian registers practise: groups of fewer than 5 patients are protected (default of the national
    /// results portal; register figures), zeros are shown, a share of fewer than 30 and a mean of fewer than 10 are
    /// withheld as unreliable.
    pub fn norwegian_register() -> Self {
        Self {
            name: "norwegian-register".to_owned(),
            source:
                "Nasjonalt servicemiljø for medisinske kvalitetsregistre: resultatportal, minste nevner 5; \
                     registerets figurer, N < 30"
                    .to_owned(),
            privacy: Privacy {
                threshold: 5,
                zeros: Zeros::Shown,
                complement: true,
                nonresponse_identifies: false,
                minimum: Minimum { mean: 5, deviation: 10, quantile: 20 },
            },
            reliability: Reliability { share: 30, mean: 10 },
            coverage: Coverage { least_percent: 60.0, ..Coverage::default() },
            print: Precision::default(),
        }
    }

    /// A policy with a threshold only: groups of fewer patients are protected, nothing is withheld for reliability.
    ///
    /// # Errors
    /// When the threshold is below 2 or above 64: of one patient there is nothing to protect, and a threshold above 64
    /// is a question of reliability.
    pub fn threshold_of(threshold: u64) -> Result<Self, Error> {
        let policy = Self {
            name: format!("threshold-{threshold}"),
            source: "chosen by the caller".to_owned(),
            privacy: Privacy {
                threshold,
                zeros: Zeros::Shown,
                complement: true,
                nonresponse_identifies: false,
                minimum: Minimum::default(),
            },
            reliability: Reliability::default(),
            coverage: Coverage::default(),
            print: Precision::default(),
        };
        policy.validate()?;
        Ok(policy)
    }

    /// The same policy with another rule for zeros.
    #[must_use]
    pub fn with_zeros(mut self, zeros: Zeros) -> Self {
        self.privacy.zeros = zeros;
        self
    }

    /// The same policy with an estimate of how many of its patients a unit reports, in percent.
    #[must_use]
    pub fn with_coverage(mut self, unit: impl Into<String>, percent: f64) -> Self {
        self.coverage.units.insert(unit.into(), percent);
        self
    }

    /// Reads and checks a policy.
    ///
    /// # Errors
    /// An unknown key, or a threshold outside 2 to 64.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let policy: Self = toml::from_str(text).map_err(|error| Error::toml(Error::policy, text, &error))?;
        policy.validate()?;
        Ok(policy)
    }

    /// Reads and checks a policy file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_toml)
    }

    /// The name that a release prints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the rules come from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Groups of fewer distinct patients than this are protected.
    pub fn threshold(&self) -> u64 {
        self.privacy.threshold
    }

    /// How zeros are treated.
    pub fn zeros(&self) -> Zeros {
        self.privacy.zeros
    }

    pub(super) fn protects_complements(&self) -> bool {
        self.privacy.complement
    }

    pub(super) fn nonresponse_identifies(&self) -> bool {
        self.privacy.nonresponse_identifies
    }

    pub(super) fn least_for_mean(&self) -> u64 {
        self.privacy.minimum.mean.max(self.threshold())
    }

    pub(super) fn least_for_deviation(&self) -> u64 {
        self.privacy.minimum.deviation.max(self.least_for_mean())
    }

    pub(super) fn least_for_quantile(&self) -> u64 {
        self.privacy.minimum.quantile.max(self.threshold())
    }

    pub(super) fn reliable_share(&self) -> u64 {
        self.reliability.share
    }

    pub(super) fn reliable_mean(&self) -> u64 {
        self.reliability.mean
    }

    pub(super) fn share_decimals(&self) -> u8 {
        self.print.share_decimals
    }

    /// Whether a unit is known to report too few of its patients.
    pub(super) fn lacks_coverage(&self, unit: &str) -> bool {
        self.coverage.units.get(unit).is_some_and(|percent| *percent < self.coverage.least_percent)
    }

    fn validate(&self) -> Result<(), Error> {
        if !(2..=64).contains(&self.privacy.threshold) {
            return Err(Error::policy("the threshold is a number of patients from 2 to 64"));
        }
        if !self.coverage.units.values().all(|percent| (0.0..=100.0).contains(percent)) {
            return Err(Error::policy("coverage is a percentage from 0 to 100"));
        }
        if self.print.share_decimals > 3 {
            return Err(Error::policy("shares are printed with at most 3 decimals"));
        }
        Ok(())
    }
}
