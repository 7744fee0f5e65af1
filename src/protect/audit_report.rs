//! The audit as a file for the staff: what was hidden and why, what is proven of each small group, who tried.

use std::fmt;

use serde::Serialize;

/// What the audit of a release found, as JSON for the staff.
///
/// It names every sensitive group by its variables and levels and says how many patients the hidden places rest on, so it
/// stays in the house, as a [`Certificate`](crate::Certificate) does.
#[must_use]
#[derive(Clone, PartialEq, Serialize)]
pub struct AuditReport {
    /// The policy's name.
    pub(super) policy: String,
    /// Groups of fewer patients are protected.
    pub(super) threshold: u64,
    /// Releases of the ledger that were taken into account; none where the release was made without a ledger.
    pub(super) earlier_releases: Option<usize>,
    /// Record sets in the system.
    pub(super) cells: usize,
    /// Equations between them.
    pub(super) equations: usize,
    /// Places that show a number.
    pub(super) printed: usize,
    pub(super) hidden: HiddenPlaces,
    pub(super) sensitive: Vec<SensitiveGroup>,
    pub(super) attackers: Vec<Attacker>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) choice: Choice,
    /// How long choosing and checking took, in seconds.
    pub(super) seconds: f64,
}

/// Hidden places by the reason that a reader is told; a place has one reason, privacy before coverage before reliability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct HiddenPlaces {
    pub(super) privacy: HiddenFor,
    pub(super) reliability: HiddenFor,
    pub(super) coverage: HiddenFor,
}

/// What one reason hides.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct HiddenFor {
    /// Places of tables and charts.
    pub(super) places: usize,
    /// Patients behind them; one who is behind several places counts in each.
    pub(super) patients: u64,
}

/// One sensitive group and what stays possible for it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(super) struct SensitiveGroup {
    /// The record set, by its number in the certificate.
    pub(super) set: usize,
    /// Its restrictions, each as text: `sex: Woman`.
    pub(super) restrictions: Vec<String>,
    pub(super) status: GroupStatus,
    /// The least count of a world that was found; none of a group that is public already.
    pub(super) least: Option<u64>,
    /// The greatest one.
    pub(super) most: Option<u64>,
    /// The worlds of the certificate that differ in it.
    pub(super) worlds: Vec<usize>,
}

/// How far a sensitive group is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum GroupStatus {
    /// Whole-number worlds at both ends of the demanded interval.
    Proven,
    /// Two whole-number worlds, but not both ends.
    Bounded,
    /// An earlier release gives it away; nothing can take that back.
    PublicAlready,
}

/// A kind of reader, and what such readers could work out.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(super) struct Attacker {
    /// What they know beside everything printed, in words.
    pub(super) who: String,
    /// Sensitive groups that were looked at from where they stand.
    pub(super) groups_checked: usize,
    /// Groups among them for which no second world was found.
    pub(super) exposed: usize,
}

/// A rule of the policy that was not applied, because the policy itself says so.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(super) struct Waiver {
    /// What was waived, in words.
    pub(super) what: String,
    /// Why, as the policy states it.
    pub(super) reason: String,
    /// How many groups it is about.
    pub(super) groups: usize,
}

/// What the choice of hidden numbers costs, beside what any choice must.
#[derive(Clone, Default, PartialEq, Serialize)]
pub(super) struct Choice {
    /// The weights of the hidden record sets together, in the units of the choice.
    cost: u64,
    /// No choice that is safe costs less; none where no bound was worked out.
    lower_bound: Option<u64>,
    /// By how much the choice may be dearer than need be, in percent of its cost.
    gap_percent: Option<f64>,
}

impl AuditReport {
    /// The report as JSON, indented for people.
    pub fn to_json(&self) -> String {
        // Numbers, texts and lists of them always have a JSON form.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl Choice {
    /// A choice and its bound. A bound above the cost is no bound of this choice and is left out.
    pub(super) fn new(cost: u64, lower_bound: Option<u64>) -> Self {
        let lower_bound = lower_bound.filter(|bound| *bound <= cost);
        // A choice that costs nothing cannot be too dear.
        let share = |above: u64| if cost == 0 { 0.0 } else { 100.0 * above as f64 / cost as f64 };
        let gap_percent = lower_bound.map(|bound| share(cost - bound));
        Self { cost, lower_bound, gap_percent }
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for AuditReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditReport(..)")
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for HiddenFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HiddenFor(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> AuditReport {
        AuditReport {
            policy: "norwegian-register".to_owned(),
            threshold: 5,
            earlier_releases: None,
            cells: 10,
            equations: 4,
            printed: 11,
            hidden: HiddenPlaces {
                privacy: HiddenFor { places: 4, patients: 4321 },
                ..HiddenPlaces::default()
            },
            sensitive: vec![SensitiveGroup {
                set: 0,
                restrictions: vec!["hospital: Alta".to_owned()],
                status: GroupStatus::PublicAlready,
                least: None,
                most: None,
                worlds: Vec::new(),
            }],
            attackers: vec![Attacker {
                who: "knows everything printed".to_owned(),
                groups_checked: 1,
                exposed: 0,
            }],
            waivers: vec![Waiver {
                what: "groups of those who did not answer".to_owned(),
                reason: "not answering identifies nobody".to_owned(),
                groups: 1,
            }],
            choice: Choice::new(80, Some(60)),
            seconds: 0.5,
        }
    }

    #[test]
    fn the_report_is_json_with_every_part_under_its_name() {
        let json: serde_json::Value = serde_json::from_str(&report().to_json()).unwrap();
        assert_eq!(json["hidden"]["privacy"]["patients"], 4321);
        assert_eq!(json["hidden"]["coverage"]["places"], 0);
        assert_eq!(json["sensitive"][0]["status"], "public_already");
        assert_eq!(json["sensitive"][0]["restrictions"][0], "hospital: Alta");
        assert_eq!(json["attackers"][0]["groups_checked"], 1);
        assert_eq!(json["choice"]["gap_percent"], 25.0);
        assert!(json["earlier_releases"].is_null());
    }

    #[test]
    fn debug_shows_no_number() {
        assert_eq!(format!("{:?}", report()), "AuditReport(..)");
        assert!(!format!("{:?}", report().hidden).contains("4321"));
    }

    #[test]
    fn the_gap_is_nothing_for_the_best_choice_and_unknown_without_a_bound() {
        assert_eq!(Choice::new(80, Some(80)).gap_percent, Some(0.0));
        assert_eq!(Choice::new(0, Some(0)).gap_percent, Some(0.0));
        assert_eq!(Choice::new(80, None).gap_percent, None);
        assert_eq!(Choice::new(80, Some(81)).gap_percent, None, "no bound of this choice");
    }
}
