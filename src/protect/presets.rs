//! Policies by name: what statistical and health bodies practise, each as a policy file.

use super::policy::Policy;
use crate::error::{Error, unknown};

/// What the presets take from each body is its threshold, its zeros and the minima and percentages that it states. Where
/// a body states no minimum for a standard deviation or a quantile, 10 and 20 patients are chosen here: few whole-number
/// answers can be solved from mean and deviation, and a quantile of few is the value of one patient.
const RULES: [(&str, &str); 7] = [
    (
        "ssb",
        r#"
source = "Statistisk sentralbyrå: Personopplysninger i statistikken"
[privacy]
threshold = 3
minimum = { deviation = 10, quantile = 20 }
"#,
    ),
    (
        "helsedata",
        r#"
source = "Helsedata.no: søknad om data, aggregerte data"
[privacy]
threshold = 3
minimum = { deviation = 10, quantile = 20 }
"#,
    ),
    (
        "results-portal",
        r#"
source = "Nasjonalt servicemiljø for medisinske kvalitetsregistre: resultatportal, minste nevner 5, dekningsgrad 60 %"
[privacy]
threshold = 5
minimum = { deviation = 10, quantile = 20 }
[coverage]
least_percent = 60.0
"#,
    ),
    (
        "nhs",
        r#"
source = "NHS England: disclosure control of Hospital Episode Statistics and the Emergency Care Data Set, 2018"
[privacy]
threshold = 8
rounding_base = 5
minimum = { mean = 8, deviation = 10, quantile = 8 }
"#,
    ),
    (
        "opensafely",
        r#"
source = "OpenSAFELY: documentation of statistical disclosure control"
[privacy]
threshold = 8
rounding_base = 5
minimum = { deviation = 10, quantile = 20 }
"#,
    ),
    (
        "cms",
        r#"
source = "Centers for Medicare & Medicaid Services: cell size suppression policy (ResDAC, 2024)"
[privacy]
threshold = 11
minimum = { deviation = 11, quantile = 20 }
"#,
    ),
    (
        "strict",
        r#"
source = "registat: every rule that protects more, of no single body"
[privacy]
threshold = 10
zeros = "protected"
nonresponse_identifies = true
respondents = 2
minimum = { mean = 10, deviation = 20, quantile = 40 }
group = { coalition = 2 }
[coverage]
least_percent = 60.0
private = true
"#,
    ),
];

impl Policy {
    /// The names that [`preset`](Self::preset) knows, from the lowest threshold up, with the strictest last.
    pub const PRESETS: &'static [&'static str] =
        &["ssb", "helsedata", "results-portal", "norwegian-register", "nhs", "opensafely", "cms", "strict"];

    /// What a body practises, by name; [`source`](Self::source) says where it is written. No body's rules are the whole
    /// of a policy: which variables are sensitive and what a unit's coverage is, a register adds itself.
    ///
    /// | name | threshold | beside it |
    /// | --- | --- | --- |
    /// | `ssb` | 3 | Statistics Norway |
    /// | `helsedata` | 3 | the Norwegian portal of health data |
    /// | `results-portal` | 5 | coverage of at least 60 % |
    /// | `norwegian-register` | 5 | as [`norwegian_register`](Self::norwegian_register): reliability too |
    /// | `nhs` | 8 | counts rounded to base 5 |
    /// | `opensafely` | 8 | counts rounded to base 5 |
    /// | `cms` | 11 | Medicare and Medicaid |
    /// | `strict` | 10 | zeros, non-response, coverage and two patients together |
    ///
    /// ```
    /// use registat::Policy;
    ///
    /// let policy = Policy::preset("nhs")?.with_sensitive("diagnosis");
    /// assert_eq!((policy.threshold(), policy.rounding_base()), (8, Some(5)));
    /// # Ok::<(), registat::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is no preset of this name; the nearest name is given.
    pub fn preset(name: &str) -> Result<Self, Error> {
        let norwegian = Self::norwegian_register();
        match RULES.iter().find(|(known, _)| *known == name) {
            Some((_, rules)) => Self::from_toml(&format!("name = \"{name}\"{rules}")),
            None if name == norwegian.name() => Ok(norwegian),
            None => Err(Error::policy(unknown("preset", name, Self::PRESETS.iter().copied()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::rules::Cost;

    #[test]
    fn every_name_has_its_rules() {
        let mut named: Vec<&str> = RULES.iter().map(|(name, _)| *name).collect();
        named.insert(3, "norwegian-register");
        assert_eq!(named, Policy::PRESETS);
    }

    #[test]
    fn a_body_that_says_nothing_of_a_rule_takes_the_safe_one() {
        for name in Policy::PRESETS {
            let policy = Policy::preset(name).unwrap();
            assert!(policy.protects_complements() && policy.keeps_every_count(), "{name}");
            assert!(policy.respondents() >= 1 && policy.group_coalition() >= 1, "{name}");
            assert!(policy.least_for_mean() >= policy.threshold(), "{name}");
            assert!(policy.least_for_deviation() >= 10, "{name}");
            assert!(policy.least_for_quantile() >= 8, "{name}");
            assert!(!policy.has_sensitive() && policy.insider().is_none(), "{name}");
            assert_eq!((policy.cost(), policy.seed()), (Cost::Log, 0), "{name}");
            assert_eq!(policy.waivers().count(), 0, "{name}");
        }
    }

    #[test]
    fn the_strict_preset_demands_no_less_than_any_body_but_for_its_threshold() {
        let strict = Policy::preset("strict").unwrap();
        for name in Policy::PRESETS {
            let body = Policy::preset(name).unwrap();
            assert!(strict.respondents() >= body.respondents(), "{name}");
            assert!(strict.group_coalition() >= body.group_coalition(), "{name}");
            assert!(strict.least_for_deviation() >= body.least_for_deviation(), "{name}");
            assert!(strict.least_for_quantile() >= body.least_for_quantile(), "{name}");
        }
        assert!(strict.nonresponse_identifies() && strict.coverage_is_private());
    }

    #[test]
    fn what_a_policy_says_is_what_protection_reads() {
        let policy = Policy::preset("ssb").unwrap();
        let policy = policy.with_sensitive("diagnosis").with_coalition(2).with_respondents(3);
        let policy =
            policy.with_insider("hospital").with_waiver("t", "the whole country").with_coverage("a", 10.0);
        assert!(policy.has_sensitive() && policy.is_sensitive("diagnosis") && !policy.is_sensitive("sex"));
        assert_eq!((policy.group_coalition(), policy.respondents()), (2, 3));
        assert_eq!(policy.insider(), Some("hospital"));
        assert_eq!((policy.waiver("t"), policy.waiver("u")), (Some("the whole country"), None));
        assert!(!policy.coverage_is_private() && !policy.lacks_coverage("a"), "no least coverage is stated");
    }

    #[test]
    fn a_builder_may_go_too_far_and_is_found_out() {
        let policy = || Policy::preset("ssb").unwrap();
        let validity = [
            (policy().with_respondents(4).with_coalition(4).with_waiver("t", "known to all"), true),
            (policy().with_respondents(5), false),
            (policy().with_coalition(5), false),
            (policy().with_sensitive(" "), false),
            (policy().with_insider(""), false),
            (policy().with_waiver("t", " "), false),
            (policy().with_waiver("", "known to all"), false),
            (policy().with_waiver("t", "known to all").with_waiver("t", "so it was before"), false),
        ];
        for (policy, valid) in validity {
            assert_eq!(policy.validate().is_ok(), valid, "{policy:?}");
        }
    }
}
