//! A release with its proof and its audit, for the staff side.
//! A numeric kernel: it indexes by variable numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::fmt;

use super::audit_report::{
    Attacker, AuditReport, Choice, GroupStatus, HiddenFor, HiddenPlaces, SensitiveGroup, Waiver,
};
use super::certificate::{Certificate, Parts, PrintedPlace, certify, shows};
use super::claim::{Claim, Status};
use super::hiding::Hiding;
use super::policy::Policy;
use super::readers_inside::ReadersInside;
use super::release::{Release, ReleasedTable, State};
use crate::cube::Cube;

/// A release, the proof that it is safe, and what the audit found.
///
/// Only [`release`](Self::release) may leave the house; the other two name small groups and their numbers.
#[must_use]
pub struct Certified {
    /// What is printed.
    pub release: Release,
    /// The worlds that no reader can tell apart, for [`verify`](crate::verify).
    pub certificate: Certificate,
    /// What was hidden and why, and how far each small group is protected.
    pub report: AuditReport,
}

impl Certified {
    /// The proof and the audit of a release that was made by this decision. `json` is the release as it is published.
    pub(super) fn new(cube: &Cube, policy: &Policy, hiding: &Hiding, release: Release, json: &[u8]) -> Self {
        let mut printed = Vec::new();
        let mut hidden = HiddenPlaces::default();
        let sheets = cube.resolved.sheets.iter();
        for (sheet, table) in sheets.filter_map(|sheet| Some((sheet, released(&release, &sheet.id)?))) {
            for (row, (places, shown)) in sheet.rows.iter().zip(&table.rows).enumerate() {
                for (column, (place, cell)) in places.places.iter().zip(&shown.cells).enumerate() {
                    let reason = match cell.0 {
                        State::Shown(_) => {
                            let shows = shows(*place, &hiding.system.variable_of, policy.share_decimals());
                            printed.push(PrintedPlace { sheet: sheet.id.clone(), row, column, shows });
                            continue;
                        }
                        State::Protected => &mut hidden.privacy,
                        State::Unreliable => &mut hidden.reliability,
                        State::LowCoverage => &mut hidden.coverage,
                        State::NotApplicable => continue,
                    };
                    reason.add(cube.cell(place.rests_on()).patients);
                }
            }
        }
        let report = AuditReport {
            policy: policy.name().to_owned(),
            threshold: policy.threshold(),
            earlier_releases: release.audit.earlier_releases,
            cells: hiding.system.len(),
            equations: hiding.system.lines.len(),
            printed: printed.len(),
            hidden,
            sensitive: groups(cube, hiding),
            attackers: attackers(policy, hiding),
            waivers: waivers(policy, hiding),
            choice: Choice::new(hiding.cost, Some(hiding.lower_bound)),
            seconds: hiding.seconds,
        };
        let certificate = certify(Parts {
            system: &hiding.system,
            unknown: &hiding.unknown,
            lower: &hiding.lower,
            worlds: &hiding.worlds,
            claims: &hiding.claims,
            printed,
            threshold: policy.threshold(),
            release_json: json,
            inside: ReadersInside::new(
                &hiding.system,
                &hiding.unknown,
                &hiding.insiders,
                policy.respondents(),
            ),
        });
        Self { release, certificate, report }
    }
}

impl HiddenFor {
    fn add(&mut self, patients: u64) {
        self.places += 1;
        self.patients += patients;
    }
}

fn released<'r>(release: &'r Release, id: &str) -> Option<&'r ReleasedTable> {
    let mut tables = release.tables.iter().chain(release.charts.iter().map(|chart| &chart.data));
    tables.find(|table| table.id == id)
}

/// Every sensitive group, those that earlier releases give away last.
fn groups(cube: &Cube, hiding: &Hiding) -> Vec<SensitiveGroup> {
    let mut worlds_of: Vec<Vec<usize>> = vec![Vec::new(); hiding.system.len()];
    for (number, world) in hiding.worlds.iter().enumerate() {
        world.changes.keys().for_each(|variable| worlds_of[*variable].push(number));
    }
    let restrictions = |variable: usize| {
        let mut restrictions = cube.restrictions_of(hiding.system.variables[variable].example);
        if hiding.others.contains(&variable) {
            // The example is the category that nearly all are in.
            restrictions.insert(0, "all but those of".to_owned());
        }
        restrictions
    };
    let claimed = hiding.claims.iter().map(|Claim { variable, status, .. }| {
        let count = i128::from(hiding.system.variables[*variable].records);
        let worlds = worlds_of[*variable].clone();
        let change = |world: &usize| hiding.worlds[*world].changes.get(variable).copied().unwrap_or_default();
        let counts = worlds.iter().map(|world| count + i128::from(change(world))).chain([count]);
        let possible: Vec<u64> = counts.filter_map(|count| u64::try_from(count).ok()).collect();
        SensitiveGroup {
            set: *variable,
            restrictions: restrictions(*variable),
            status: match status {
                Status::Proven => GroupStatus::Proven,
                Status::Bounded => GroupStatus::Bounded,
            },
            least: possible.iter().min().copied(),
            most: possible.iter().max().copied(),
            worlds,
        }
    });
    let public = hiding.public_already.iter().map(|variable| SensitiveGroup {
        set: *variable,
        restrictions: restrictions(*variable),
        status: GroupStatus::PublicAlready,
        least: None,
        most: None,
        worlds: Vec::new(),
    });
    claimed.chain(public).collect()
}

/// Who was tried. What one of them could work out would have been hidden better, or refused.
fn attackers(policy: &Policy, hiding: &Hiding) -> Vec<Attacker> {
    let tried = |who: String, groups_checked: usize| Attacker { who, groups_checked, exposed: 0 };
    let groups = hiding.claims.len();
    let mut attackers = vec![tried("a reader of everything printed now and earlier".to_owned(), groups)];
    if policy.respondents() > 0 {
        let who = match policy.respondents() {
            1 => "each respondent, by his or her own records".to_owned(),
            most => format!("each {most} respondents, by their own records together"),
        };
        attackers.push(tried(who, groups));
    }
    if let Some(dimension) = policy.insider() {
        attackers.push(tried(format!("each {dimension}, by all of its own patients"), hiding.insider_checks));
    }
    attackers
}

fn waivers(policy: &Policy, hiding: &Hiding) -> Vec<Waiver> {
    let stated = policy.waivers().map(|(table, reason)| Waiver {
        what: format!("small totals of `{table}` are printed"),
        reason: reason.to_owned(),
        groups: hiding.waived.get(table).copied().unwrap_or_default(),
    });
    let small = hiding.system.variables.iter().filter(|set| (1..policy.threshold()).contains(&set.patients));
    let unanswered = small.filter(|set| !set.identifying).count();
    let unanswered = (unanswered > 0).then(|| Waiver {
        what: "groups that only failing to answer defines are no secrets".to_owned(),
        reason: "the policy takes it that not answering identifies nobody".to_owned(),
        groups: unanswered,
    });
    stated.chain(unanswered).collect()
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for Certified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certified(..)")
    }
}
