//! `Policy`: what must be hidden and why, as data with its source.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::rules::{
    Choice, Cost, Coverage, Group, Minimum, Possible, Precision, Privacy, Reliability, Waiver, Zeros, one,
    yes,
};
use crate::error::Error;
use crate::schema::specification;

/// The rules that a release is protected by.
///
/// Two reasons to hide a number are kept apart all the way. *Privacy* needs secondary protection: what is hidden must not
/// follow from what is printed. *Reliability* and *coverage* are choices of print; what they withhold may follow from
/// other numbers. Privacy wins where both apply.
///
/// ```
/// use registat::Policy;
///
/// let rules = r#"
///     name = "our-register"
///     source = "decision of the board"
///     [privacy]
///     threshold = 8
///     [privacy.group]
///     sensitive = ["diagnosis"] # a group that all has one diagnosis is disclosed by it
/// "#;
/// assert_eq!(Policy::from_toml(rules)?.threshold(), 8);
/// # Ok::<(), registat::Error>(())
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
    #[serde(default)]
    choice: Choice,
    #[serde(default, rename = "waiver", skip_serializing_if = "Vec::is_empty")]
    waivers: Vec<Waiver>,
}

impl Policy {
    /// What the Norwegian registers practise: groups of fewer than 5 patients are protected (default of the national
    /// results portal; register figures), zeros are shown, a share of fewer than 30 and a mean of fewer than 10 are
    /// withheld as unreliable.
    pub fn norwegian_register() -> Self {
        let source = "Nasjonalt servicemiljø for medisinske kvalitetsregistre: resultatportal, minste nevner 5; \
                      registerets figurer, N < 30";
        let mut policy = Self::below(5, "norwegian-register", source);
        policy.privacy.minimum = Minimum { mean: 5, deviation: 10, quantile: 20 };
        policy.reliability = Reliability { share: 30, mean: 10 };
        policy.coverage.least_percent = 60.0;
        policy
    }

    /// A policy with a threshold only: groups of fewer patients are protected, nothing is withheld for reliability.
    ///
    /// # Errors
    /// When the threshold is below 2 or above 64: of one patient there is nothing to protect, and a threshold above 64
    /// is a question of reliability.
    pub fn threshold_of(threshold: u64) -> Result<Self, Error> {
        let policy = Self::below(threshold, &format!("threshold-{threshold}"), "chosen by the caller");
        policy.validate()?;
        Ok(policy)
    }

    /// A threshold, and for the rest what a file means that says no more.
    fn below(threshold: u64, name: &str, source: &str) -> Self {
        Self {
            name: name.to_owned(),
            source: source.to_owned(),
            privacy: Privacy {
                threshold,
                zeros: Zeros::default(),
                complement: yes(),
                nonresponse_identifies: false,
                interval: Possible::default(),
                respondents: one(),
                insider: None,
                rounding_base: None,
                minimum: Minimum::default(),
                group: Group::default(),
            },
            reliability: Reliability::default(),
            coverage: Coverage::default(),
            print: Precision::default(),
            choice: Choice::default(),
            waivers: Vec::new(),
        }
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

    /// The same policy with one more variable of which a whole group in one category is disclosing, by its id in the
    /// codebook.
    #[must_use]
    pub fn with_sensitive(mut self, variable: impl Into<String>) -> Self {
        let variable = variable.into();
        if !self.is_sensitive(&variable) {
            self.privacy.group.sensitive.push(variable);
        }
        self
    }

    /// The same policy with another number of members of a group, at most 4, who pool what they know of themselves to
    /// learn the category of the rest. With 0 only a group that is all in one category is disclosed.
    #[must_use]
    pub fn with_coalition(mut self, members: u64) -> Self {
        self.privacy.group.coalition = members;
        self
    }

    /// The same policy with another number of patients, at most 4, who pool their own records to work out a small group
    /// that they are not the whole of. With 0 no reader is taken to be a patient.
    #[must_use]
    pub fn with_respondents(mut self, patients: u64) -> Self {
        self.privacy.respondents = patients;
        self
    }

    /// The same policy with readers inside: each level of this dimension (a hospital, say) knows its own patients.
    #[must_use]
    pub fn with_insider(mut self, dimension: impl Into<String>) -> Self {
        self.privacy.insider = Some(dimension.into());
        self
    }

    /// The same policy with a table, by its id, whose total rows are printed even where they are small, and the reason
    /// why that is allowed.
    #[must_use]
    pub fn with_waiver(mut self, table: impl Into<String>, reason: impl Into<String>) -> Self {
        self.waivers.push(Waiver { table: table.into(), reason: reason.into() });
        self
    }

    /// Reads and checks a policy.
    ///
    /// # Errors
    /// An unknown key, a number outside its range (a threshold outside 2 to 64, say), an empty name of a variable, a
    /// dimension or a table, or a waiver without a reason.
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

    /// The base that this body rounds every count to, beside its threshold. Rounding is a release of its own, by
    /// [`SmallCountRounding`](crate::SmallCountRounding) or [`round_to_base`](crate::round_to_base).
    pub fn rounding_base(&self) -> Option<u64> {
        self.privacy.rounding_base
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

    /// Whether a unit that is withheld for its coverage must not follow from other numbers either.
    pub(super) fn coverage_is_private(&self) -> bool {
        self.coverage.private
    }

    /// Whether every count below the threshold must stay possible for a small group, and not just a second one.
    pub(super) fn keeps_every_count(&self) -> bool {
        self.privacy.interval == Possible::All
    }

    pub(super) fn respondents(&self) -> u64 {
        self.privacy.respondents
    }

    pub(super) fn insider(&self) -> Option<&str> {
        self.privacy.insider.as_deref()
    }

    pub(super) fn group_coalition(&self) -> u64 {
        self.privacy.group.coalition
    }

    /// Whether a group that is all, or all but the coalition, in one category of a variable is disclosed by it.
    pub(super) fn is_sensitive(&self, variable: &str) -> bool {
        self.privacy.group.sensitive.iter().any(|known| known == variable)
    }

    pub(super) fn has_sensitive(&self) -> bool {
        !self.privacy.group.sensitive.is_empty()
    }

    pub(super) fn cost(&self) -> Cost {
        self.choice.cost
    }

    pub(super) fn seed(&self) -> u64 {
        self.choice.seed
    }

    /// Why the total rows of a table are printed even where they are small, if they are.
    pub(super) fn waiver(&self, table: &str) -> Option<&str> {
        self.waivers().find(|(waived, _)| *waived == table).map(|(_, reason)| reason)
    }

    pub(super) fn waivers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.waivers.iter().map(|waiver| (waiver.table.as_str(), waiver.reason.as_str()))
    }

    /// Builder methods check nothing; whoever protects by a policy checks it first.
    pub(super) fn validate(&self) -> Result<(), Error> {
        let Privacy { threshold, respondents, insider, rounding_base, group, .. } = &self.privacy;
        let is_named = |name: &str| !name.trim().is_empty();
        let waived: BTreeSet<&str> = self.waivers().map(|(table, _)| table).collect();
        let rules = [
            ((2..=64).contains(threshold), "the threshold is a number of patients from 2 to 64"),
            (*respondents <= 4, "at most 4 respondents pool their own records"),
            (group.coalition <= 4, "at most 4 members of a group make a coalition"),
            (group.sensitive.iter().all(|variable| is_named(variable)), "a sensitive variable needs an id"),
            (insider.as_deref().is_none_or(is_named), "the insider is named by the id of a dimension"),
            (rounding_base.is_none_or(|base| (2..=100).contains(&base)), "a base to round to is 2 to 100"),
            (
                self.coverage.units.values().all(|percent| (0.0..=100.0).contains(percent)),
                "coverage is a percentage from 0 to 100",
            ),
            (self.print.share_decimals <= 3, "shares are printed with at most 3 decimals"),
            (waived.iter().all(|table| is_named(table)), "a waiver names the id of a table"),
            (self.waivers().all(|(_, reason)| is_named(reason)), "a waiver needs a reason"),
            (waived.len() == self.waivers.len(), "a table has one waiver, with one reason"),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(Error::policy(rule)),
            None => Ok(()),
        }
    }
}
