//! The verifier: a certificate and the JSON of a release in, whole-number arithmetic, nothing else.
//!
//! It is meant to be read. It shares no code with what chose the hidden numbers or found the worlds, holds no solver, and
//! decides nothing by a floating-point number: a printed percentage is compared digit by digit.
//!
//! What it takes from the certificate on trust is what no release can say: the true counts, which of them an outsider knows
//! from elsewhere, and which equations hold between the record sets. Everything that follows from these it works out itself.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::certificate::{Certificate, CertifiedStatus, PrintedPlace, Shows};
use super::verify_inside::verify_inside;
use crate::error::Error;

/// What a certificate was found to prove. Counts of groups and places, never of patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Sensitive groups that can be any number from 1 (or less) to the threshold less 1 (or more).
    pub proven: usize,
    /// Sensitive groups that can have two counts, without both of these ends.
    pub bounded: usize,
    /// Small unknown groups that the certificate claims nothing of: the policy does not take them for sensitive, or an
    /// earlier release gives them away.
    pub unclaimed: usize,
    /// Worlds beside the true one, each of which reproduces everything printed.
    pub worlds: usize,
    /// Places of the release that show a number.
    pub cells: usize,
    /// Pairs of an insider (a unit that knows its own patients) and a sensitive group of others, of which it cannot be sure.
    pub insider_checks: usize,
    /// So many respondents together cannot be sure of a sensitive group of others either; 0 where none were tried.
    pub respondents: u64,
}

/// Checks that a certificate proves what it claims of a release.
///
/// In the true world and in every other: each equation holds, each place of the release shows what is printed, no public
/// count differs, and no count is below what a reader takes it for. Each claim is about another set that is not public, some
/// world differs in it, and its demand, at least from 1 to the threshold less 1, is `proven` exactly when the worlds it
/// names reach both ends. No unknown small set is left out unnamed. To each insider and each coalition of respondents that the
/// certificate names, some of the worlds leaves every claimed group of others open.
///
/// `release_json` is the release as `serde_json` writes it, to the byte.
///
/// # Errors
/// With [`Error::is_audit`] at the first check that fails. The message names claims, worlds, sets and places by their number
/// (from 0) in the certificate, never a count.
///
/// ```no_run
/// use registat::{Certificate, verify};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let release = std::fs::read_to_string("release.json")?;
/// let certificate = Certificate::open("certificate.json")?;
/// let verified = verify(&release, &certificate)?;
/// println!("{} of {} proven", verified.proven, verified.proven + verified.bounded);
/// # Ok(())
/// # }
/// ```
pub fn verify(release_json: &str, certificate: &Certificate) -> Result<Verified, Error> {
    let Certificate { counts, lower, known, unclaimed, equations, printed, worlds, claims, .. } = certificate;
    // 1. It is about this release.
    let hash = blake3::hash(release_json.as_bytes()).to_hex();
    require(hash.as_str() == certificate.release, "the certificate is about another release")?;
    let release: ReadRelease =
        serde_json::from_str(release_json).map_err(|_| Error::audit("the release cannot be read"))?;
    require(release.heading.threshold == certificate.threshold, "the release states another threshold")?;
    // 2. Every list has one order, so nothing stands twice; every shown place is listed, and no other.
    require(
        is_increasing(known) && is_increasing(unclaimed),
        "the known or unclaimed sets are out of order",
    )?;
    let in_order = is_increasing(equations) && equations.iter().all(|(_, parts)| parts.is_sorted());
    require(in_order, "the equations are out of order")?;
    require(claims.is_sorted_by(|one, next| one.set < next.set), "the claims are out of order")?;
    require(printed.is_sorted_by(|one, next| one.at() < next.at()), "the places are out of order")?;
    let mut shown = release.shown();
    shown.sort_by_key(|(at, _)| *at);
    let same = shown.iter().zip(printed).take_while(|((at, _), place)| *at == place.at()).count();
    let all_listed = same == shown.len() && same == printed.len();
    require(all_listed, format_args!("place {same} is not the next one that the release shows"))?;
    // 3. The true world: bounds, equations, everything printed.
    let truth = World { counts, known, changes: &[] };
    let fits_sets = lower.len() == counts.len() && known.last().is_none_or(|last| *last < counts.len());
    require(fits_sets, "there is not one lower bound per set, or a set is known that does not exist")?;
    for (set, (count, least)) in counts.iter().zip(lower).enumerate() {
        let is_possible = if truth.is_known(set) { least == count } else { least <= count };
        require(is_possible, format_args!("set {set} is not what a reader takes it for"))?;
    }
    let mut rules: Vec<Rule<'_>> = equations.iter().enumerate().map(Rule::equation).collect();
    rules.extend(printed.iter().zip(&shown).enumerate().map(Rule::place));
    let mut rules_of: Vec<Vec<&Rule<'_>>> = vec![Vec::new(); counts.len()];
    for rule in &rules {
        require(rule.holds(&truth) == Some(true), format_args!("{rule} does not hold in the true world"))?;
        for set in rule.sets() {
            if let Some(rules) = rules_of.get_mut(set) {
                rules.push(rule);
            }
        }
    }
    // 4. Every other world. What no changed set takes part in holds as it does in the true one.
    let mut changed = BTreeSet::new();
    for (number, changes) in worlds.iter().enumerate() {
        let world = World { counts, known, changes };
        let in_order = changes.is_sorted_by(|(one, _), (next, _)| one < next);
        require(in_order && !changes.is_empty(), format_args!("world {number} is out of order or empty"))?;
        for (set, by) in changes {
            let least = lower.get(*set).map(|least| i128::from(*least));
            let is_possible = world.count(*set).zip(least).is_some_and(|(count, least)| count >= least);
            let may_change = *by != 0 && !truth.is_known(*set) && is_possible;
            require(may_change, format_args!("set {set} cannot be so in world {number}"))?;
            for rule in rules_of.get(*set).into_iter().flatten() {
                let holds = rule.holds(&world) == Some(true);
                require(holds, format_args!("{rule} does not hold in world {number}"))?;
            }
            changed.insert(*set);
        }
    }
    // 5. Every claim, and that none is missing.
    for (number, claim) in claims.iter().enumerate() {
        let count_in = |world: Option<usize>| match world {
            None => truth.count(claim.set),
            Some(world) => World { counts, known, changes: worlds.get(world)? }.count(claim.set),
        };
        let low = count_in(claim.low).is_some_and(|count| count <= i128::from(claim.least));
        let high = count_in(claim.high).is_some_and(|count| count >= i128::from(claim.most));
        let names_only_ends = (low || claim.low.is_none()) && (high || claim.high.is_none());
        let asks_enough = claim.least <= 1 && claim.most >= certificate.threshold.saturating_sub(1);
        let status = if low && high { CertifiedStatus::Proven } else { CertifiedStatus::Bounded };
        let is_shown = changed.contains(&claim.set) && claim.status == status;
        require(names_only_ends && asks_enough && is_shown, format_args!("claim {number} is not shown"))?;
    }
    let claimed: BTreeSet<usize> = claims.iter().map(|claim| claim.set).collect();
    let small = counts.iter().enumerate().filter(|(_, count)| (1..certificate.threshold).contains(*count));
    let silent = small.map(|(set, _)| set).filter(|set| !truth.is_known(*set) && !claimed.contains(set));
    require(silent.eq(unclaimed.iter().copied()), "the small sets without a claim are not those named")?;
    let proven = claims.iter().filter(|claim| claim.status == CertifiedStatus::Proven).count();
    let bounded = claims.len() - proven;
    let (unclaimed, worlds, cells) = (unclaimed.len(), worlds.len(), printed.len());
    // 6. Readers inside: the same claims, by worlds that what they know besides does not rule out.
    let insider_checks = verify_inside(certificate)?;
    let respondents = certificate.inside.respondents;
    Ok(Verified { proven, bounded, unclaimed, worlds, cells, insider_checks, respondents })
}

/// The counts of one world: the true ones, and what differs.
struct World<'c> {
    counts: &'c [u64],
    known: &'c [usize],
    changes: &'c [(usize, i64)],
}

impl World<'_> {
    fn count(&self, set: usize) -> Option<i128> {
        let at = self.changes.binary_search_by_key(&set, |(changed, _)| *changed).ok();
        let by = at.and_then(|at| self.changes.get(at)).map_or(0, |(_, by)| *by);
        Some(i128::from(*self.counts.get(set)?) + i128::from(by))
    }

    fn is_known(&self, set: usize) -> bool {
        self.known.binary_search(&set).is_ok()
    }

    /// Whether a place shows in this world what the release shows.
    fn shows(&self, place: &Shows, number: &Value) -> Option<bool> {
        let is_fixed = |set: &usize| self.is_known(*set);
        Some(match place {
            Shows::Count { of } => is_fixed(of) && self.count(*of)? == whole(number.get("Count")?)?,
            Shows::Patients { of } => is_fixed(of) && self.count(*of)? >= whole(number.get("Count")?)?,
            Shows::Share { of, among, decimals } => {
                let percent = number.get("Percent")?;
                let printed = digits(percent.get("value")?, *decimals)?;
                whole(percent.get("decimals")?)? == i128::from(*decimals)
                    && printed == rounded_share(self.count(*of)?, self.count(*among)?, *decimals)?
            }
            Shows::Other { rests_on } => {
                let is_other = number.get("Number").or(number.get("Range")).is_some();
                is_other && !rests_on.is_empty() && is_increasing(rests_on) && rests_on.iter().all(is_fixed)
            }
        })
    }
}

/// What must hold in every world, with its number in the certificate.
enum Rule<'c> {
    AddsUp(usize, &'c (usize, Vec<usize>)),
    Shows(usize, &'c PrintedPlace, &'c Value),
}

/// A shown number and where it stands: sheet, row, column.
type Shown<'r> = ((&'r str, usize, usize), &'r Value);

impl<'c> Rule<'c> {
    fn equation((number, equation): (usize, &'c (usize, Vec<usize>))) -> Self {
        Self::AddsUp(number, equation)
    }

    fn place((number, (place, (_, shown))): (usize, (&'c PrintedPlace, &'c Shown<'c>))) -> Self {
        Self::Shows(number, place, shown)
    }

    /// Nothing where it names a set that does not exist or a number that cannot be.
    fn holds(&self, world: &World<'_>) -> Option<bool> {
        match self {
            Self::AddsUp(_, (whole, parts)) => {
                let sum: i128 = parts.iter().map(|part| world.count(*part)).sum::<Option<i128>>()?;
                Some(world.count(*whole)? == sum)
            }
            Self::Shows(_, place, number) => world.shows(&place.shows, number),
        }
    }

    fn sets(&self) -> Vec<usize> {
        match self {
            Self::AddsUp(_, (whole, parts)) => parts.iter().chain([whole]).copied().collect(),
            Self::Shows(_, place, _) => match &place.shows {
                Shows::Count { of } | Shows::Patients { of } => vec![*of],
                Shows::Share { of, among, .. } => vec![*of, *among],
                Shows::Other { rests_on } => rests_on.clone(),
            },
        }
    }
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddsUp(number, _) => write!(f, "equation {number}"),
            Self::Shows(number, place, _) => {
                write!(f, "place {number} (`{}`, row {}, column {})", place.sheet, place.row, place.column)
            }
        }
    }
}

/// `100 * of / among` with so many decimals, as the whole number of its last decimal; rounded half away from zero, exactly.
pub(super) fn rounded_share(of: i128, among: i128, decimals: u8) -> Option<i128> {
    let steps = 10_i128.checked_pow(u32::from(decimals))?.checked_mul(100)?;
    // Neither is negative, so away from zero is up, and the floor of x + 1/2 is that of (2 steps of + among) / (2 among).
    let doubled = steps.checked_mul(2)?.checked_mul(of)?.checked_add(among)?;
    (of >= 0 && among > 0).then(|| doubled / (2 * among))
}

/// A printed number as the whole number of its last decimal, from its digits: 66.7 with one decimal is 667.
fn digits(number: &Value, decimals: u8) -> Option<i128> {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let fraction = fraction.trim_end_matches('0');
    let places = usize::from(decimals);
    // More decimals than stated, a sign or an exponent: not a percentage as a release prints it.
    let is_plain =
        fraction.len() <= places && whole.bytes().chain(fraction.bytes()).all(|one| one.is_ascii_digit());
    if is_plain { format!("{whole}{fraction:0<places$}").parse().ok() } else { None }
}

fn whole(number: &Value) -> Option<i128> {
    number.as_u64().map(i128::from)
}

pub(super) fn is_increasing<T: PartialOrd>(list: &[T]) -> bool {
    list.is_sorted_by(|one, next| one < next)
}

pub(super) fn require(holds: bool, otherwise: impl fmt::Display) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::audit(otherwise.to_string())) }
}

/// As much of a release's JSON as shows a number.
#[derive(Deserialize)]
struct ReadRelease {
    heading: ReadHeading,
    tables: Vec<ReadTable>,
    charts: Vec<ReadChart>,
}

#[derive(Deserialize)]
struct ReadHeading {
    threshold: u64,
}

#[derive(Deserialize)]
struct ReadChart {
    data: ReadTable,
}

#[derive(Deserialize)]
struct ReadTable {
    id: String,
    rows: Vec<ReadRow>,
}

#[derive(Deserialize)]
struct ReadRow {
    cells: Vec<ReadCell>,
}

#[derive(Deserialize)]
enum ReadCell {
    Shown(Value),
    Protected,
    Unreliable,
    LowCoverage,
    NotApplicable,
}

impl ReadRelease {
    /// Every shown number, in the order of the release.
    fn shown(&self) -> Vec<Shown<'_>> {
        let mut shown = Vec::new();
        for table in self.tables.iter().chain(self.charts.iter().map(|chart| &chart.data)) {
            for (row, line) in table.rows.iter().enumerate() {
                for (column, cell) in line.cells.iter().enumerate() {
                    if let ReadCell::Shown(number) = cell {
                        shown.push(((table.id.as_str(), row, column), number));
                    }
                }
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_percentage_is_rounded_half_away_from_zero_without_a_float() {
        // 100 * 201 / 20000 is 1.005, which no binary fraction is: in floating point it comes out as 1.00.
        assert_eq!(rounded_share(201, 20_000, 2), Some(101));
        assert_eq!(rounded_share(1, 16, 1), Some(63)); // 6.25
        assert_eq!(rounded_share(1, 2000, 1), Some(1)); // 0.05
        assert_eq!(rounded_share(2, 3, 1), Some(667));
        assert_eq!(rounded_share(1, 3, 0), Some(33));
        assert_eq!(rounded_share(0, 7, 3), Some(0));
        assert_eq!(rounded_share(7, 7, 0), Some(100));
        assert_eq!(rounded_share(1, 0, 1), None);
        assert_eq!(rounded_share(-1, 4, 1), None);
        assert_eq!(rounded_share(1, 2, 255), None);
    }

    #[test]
    fn a_printed_number_is_read_by_its_digits() {
        assert_eq!(digits(&json!(66.7), 1), Some(667));
        assert_eq!(digits(&json!(66.7), 3), Some(66_700));
        assert_eq!(digits(&json!(100.0), 0), Some(100));
        assert_eq!(digits(&json!(0.0), 2), Some(0));
        assert_eq!(digits(&json!(0.001), 3), Some(1));
        assert_eq!(digits(&json!(50), 1), Some(500));
        for (number, decimals) in [(json!(50.25), 1), (json!(-1.5), 1), (json!(1e-9), 9), (json!("1"), 0)] {
            assert_eq!(digits(&number, decimals), None);
        }
    }
}
