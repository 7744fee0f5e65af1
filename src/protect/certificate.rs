//! The proof that travels with a release, on the staff side: worlds in whole numbers that a reader cannot tell apart.
//!
//! How the worlds were found is no part of it. `verify` checks a certificate against the JSON of its release alone.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::claim::{Claim, Status};
use super::readers_inside::ReadersInside;
use super::system::System;
use super::world::Move;
use crate::cube::Place;
use crate::error::Error;
use crate::schema::specification;

/// What was proven of a release, with the proof: for every small group, whole-number worlds that all reproduce everything
/// printed and differ in that group.
///
/// It holds the true count of every record set, hidden ones too: **a certificate never leaves the house**. It is for whoever
/// must believe a release without believing the program that made it; [`verify`](crate::verify) needs the certificate, the
/// release as JSON and nothing else.
///
/// What an outsider is taken to know stands in it as data: which counts are public, which equations hold between the record
/// sets, and the least that each unknown count can be.
///
/// ```
/// use registat::Certificate;
///
/// let error = Certificate::from_json("{}").unwrap_err();
/// assert!(error.is_audit());
/// ```
#[must_use]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// BLAKE3 of the release's JSON, in hexadecimal.
    pub(super) release: String,
    /// Groups of fewer patients are protected.
    pub(super) threshold: u64,
    /// The true count of every record set; everything below names a set by its place here.
    pub(super) counts: Vec<u64>,
    /// The least count that a reader takes each set for. Of a known set that is its count.
    pub(super) lower: Vec<u64>,
    /// Sets whose count is public: printed now, printed earlier, or empty where zeros are printed.
    pub(super) known: Vec<usize>,
    /// Unknown sets of a small count that no claim is about, because the policy does not take them for sensitive or an
    /// earlier release gives them away. They are named, so that no claim can be left out unseen.
    pub(super) unclaimed: Vec<usize>,
    /// Each whole with its parts.
    pub(super) equations: Vec<(usize, Vec<usize>)>,
    /// Every place of the release that shows a number.
    pub(super) printed: Vec<PrintedPlace>,
    /// Further worlds, each as the sets that differ from the true world and by how much.
    pub(super) worlds: Vec<Vec<(usize, i64)>>,
    /// What is claimed of each sensitive set.
    pub(super) claims: Vec<CertifiedClaim>,
    /// Readers who know more than everyone, to whom the worlds show the claims too.
    pub(super) inside: ReadersInside,
}

/// A place of a table or chart that shows a number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrintedPlace {
    /// The table or chart.
    pub(super) sheet: String,
    /// The row, from 0.
    pub(super) row: usize,
    /// The column of numbers, from 0.
    pub(super) column: usize,
    pub(super) shows: Shows,
}

/// What a printed number is, in terms of the record sets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Shows {
    /// The count of a set.
    Count { of: usize },
    /// The distinct patients of a set: at most its count, and fixed as long as the set is.
    Patients { of: usize },
    /// The percentage that one set is of another, rounded half away from zero.
    Share { of: usize, among: usize, decimals: u8 },
    /// Any other statistic: fixed as long as the sets it rests on are.
    Other { rests_on: Vec<usize> },
}

/// What is claimed of one sensitive set.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertifiedClaim {
    pub(super) set: usize,
    /// The least count that must stay possible.
    pub(super) least: u64,
    /// The greatest count that must stay possible.
    pub(super) most: u64,
    /// The world in which the set counts `least` or less; none where the true world is that world, or none was found.
    // Named, so that leaving the key out is an error and not a quiet `null`.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) low: Option<usize>,
    /// The world in which the set counts `most` or more, likewise.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) high: Option<usize>,
    pub(super) status: CertifiedStatus,
}

/// How a claim ended.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CertifiedStatus {
    /// Both ends of the demanded interval are reached, and some world differs from the true one in the set.
    Proven,
    /// Some world differs from the true one in the set; an end of the demanded interval is not reached.
    Bounded,
}

/// What a certificate is made of.
pub(super) struct Parts<'a> {
    pub(super) system: &'a System,
    /// What a reader lacks, by variable.
    pub(super) unknown: &'a [bool],
    /// The least that each unknown variable can be.
    pub(super) lower: &'a [u64],
    pub(super) worlds: &'a [Move],
    pub(super) claims: &'a [Claim],
    pub(super) printed: Vec<PrintedPlace>,
    pub(super) threshold: u64,
    pub(super) release_json: &'a [u8],
    pub(super) inside: ReadersInside,
}

/// Writes down a proof. Nothing is checked here: that is for `verify`.
pub(super) fn certify(parts: Parts<'_>) -> Certificate {
    let Parts { system, unknown, lower, worlds, claims, mut printed, threshold, release_json, inside } =
        parts;
    let counts: Vec<u64> = system.variables.iter().map(|set| set.records).collect();
    let is_known = |set: usize| !unknown.get(set).copied().unwrap_or(false);
    let least = |set: usize| lower.get(set).copied().unwrap_or_default();
    let bounds =
        counts.iter().enumerate().map(|(set, count)| if is_known(set) { *count } else { least(set) });
    let claimed: BTreeSet<usize> = claims.iter().map(|claim| claim.variable).collect();
    let small = counts.iter().enumerate().filter(|(_, count)| (1..threshold).contains(*count));
    let unclaimed =
        small.map(|(set, _)| set).filter(|set| !is_known(*set) && !claimed.contains(set)).collect();
    // One order for every list, so that nothing can stand twice and there is one way to write a certificate.
    let equations: BTreeSet<(usize, Vec<usize>)> = system
        .lines
        .iter()
        .map(|line| {
            let mut parts = line.parts.clone();
            parts.sort_unstable();
            (line.whole, parts)
        })
        .collect();
    printed.sort_by(|one, other| one.at().cmp(&other.at()));
    let mut claims: Vec<CertifiedClaim> = claims.iter().map(CertifiedClaim::from).collect();
    claims.sort_by_key(|claim| claim.set);
    let changes = |world: &Move| {
        let changes = world.changes.iter().map(|(set, by)| (*set, *by));
        changes.filter(|(_, by)| *by != 0).collect()
    };
    Certificate {
        release: blake3::hash(release_json).to_hex().to_string(),
        threshold,
        lower: bounds.collect(),
        known: (0..counts.len()).filter(|set| is_known(*set)).collect(),
        unclaimed,
        equations: equations.into_iter().collect(),
        printed,
        worlds: worlds.iter().map(changes).collect(),
        claims,
        counts,
        inside,
    }
}

/// What a place that is shown shows. `variable_of` has the record set of every cell; `decimals` are those of printed shares.
///
/// A cell that `variable_of` lacks becomes a set that no certificate has, which `verify` rejects.
pub(super) fn shows(place: Place, variable_of: &[usize], decimals: u8) -> Shows {
    let set = |cell: usize| variable_of.get(cell).copied().unwrap_or(usize::MAX);
    match place {
        Place::Count { cell } => Shows::Count { of: set(cell) },
        Place::Patients { cell } => Shows::Patients { of: set(cell) },
        Place::Share { of, among } => Shows::Share { of: set(of), among: set(among), decimals },
        other => {
            let mut rests_on: Vec<usize> =
                other.gives_away().into_iter().map(|(cell, _)| set(cell)).collect();
            rests_on.sort_unstable();
            rests_on.dedup();
            Shows::Other { rests_on }
        }
    }
}

impl Certificate {
    /// The certificate as JSON: one object, lists of numbers, no spaces.
    pub fn to_json(&self) -> String {
        // Numbers, texts and lists of them always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a certificate. Whether it proves anything is for [`verify`](crate::verify) to say.
    ///
    /// # Errors
    /// When the text is not a certificate: no JSON, a key that is missing or unknown, a number where none can stand. The
    /// line is named, never what stands there.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::audit("this is no certificate").at_line(error.line() as u64))
    }

    /// Writes the certificate as a file that only its owner can read, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let failed = |error: std::io::Error| Error::file(path, &error);
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut file = tempfile::Builder::new().tempfile_in(folder).map_err(failed)?;
        file.write_all(self.to_json().as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Reads a certificate from a file.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_json)
    }
}

impl PrintedPlace {
    /// Where it stands: sheet, row, column.
    pub(super) fn at(&self) -> (&str, usize, usize) {
        (&self.sheet, self.row, self.column)
    }
}

impl From<&Claim> for CertifiedClaim {
    fn from(claim: &Claim) -> Self {
        Self {
            set: claim.variable,
            least: claim.least,
            most: claim.most,
            low: claim.low,
            high: claim.high,
            status: match claim.status {
                Status::Proven => CertifiedStatus::Proven,
                Status::Bounded => CertifiedStatus::Bounded,
            },
        }
    }
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cube::CellId;
    use crate::protect::system::Line;

    fn certificate() -> Certificate {
        let system = System::of_counts(&[2, 9, 11, 3], vec![Line { whole: 2, parts: vec![1, 0] }]);
        let worlds = [Move { changes: [(1, -2), (0, 2), (3, 0)].into_iter().collect() }];
        let claims =
            [Claim { variable: 0, least: 1, most: 4, low: None, high: Some(0), status: Status::Bounded }];
        certify(Parts {
            system: &system,
            unknown: &[true, true, false, true],
            lower: &[1, 1, 1, 0],
            worlds: &worlds,
            claims: &claims,
            printed: vec![
                PrintedPlace {
                    sheet: "t".to_owned(),
                    row: 2,
                    column: 0,
                    shows: Shows::Other { rests_on: vec![2] },
                },
                PrintedPlace { sheet: "t".to_owned(), row: 1, column: 0, shows: Shows::Count { of: 2 } },
            ],
            threshold: 5,
            release_json: b"{}",
            inside: ReadersInside::default(),
        })
    }

    #[test]
    fn everything_stands_in_one_order_and_known_sets_are_bounded_by_their_count() {
        let made = certificate();
        assert!(made.counts == [2, 9, 11, 3]);
        assert!(made.lower == [1, 1, 11, 0]);
        assert!(made.known == [2]);
        assert!(made.unclaimed == [3], "small, unknown, and no claim is about it");
        assert!(made.equations == [(2, vec![0, 1])]);
        assert!(made.worlds == [vec![(0, 2), (1, -2)]], "what does not change is no part of a world");
        let rows: Vec<usize> = made.printed.iter().map(|place| place.row).collect();
        assert_eq!(rows, [1, 2]);
    }

    #[test]
    fn the_hash_is_that_of_the_releases_json() {
        // The second value is the published one of the empty text.
        assert_eq!(certificate().release, blake3::hash(b"{}").to_hex().to_string());
        assert_eq!(
            blake3::hash(b"").to_hex().as_str(),
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
    }

    #[test]
    fn a_certificate_comes_back_from_its_file_and_shows_no_number_in_debug() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("certificate.json");
        let made = certificate();
        made.write(&path).unwrap();
        assert!(Certificate::open(&path).unwrap() == made);
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file stays");
        assert_eq!(format!("{made:?}"), "Certificate(..)");
    }

    #[test]
    fn a_missing_key_an_unknown_key_and_a_text_for_a_number_are_refused_without_quoting_them() {
        let json = certificate().to_json();
        for broken in [
            json.replace("\"low\":null,", ""),
            json.replace("\"known\"", "\"public\""),
            json.replace("\"threshold\":5", "\"threshold\":\"5\""),
            json.replace("\"threshold\":5", "\"threshold\":5,\"note\":1"),
            json.replace("\"bounded\"", "\"certain\""),
        ] {
            assert_ne!(broken, json);
            let error = Certificate::from_json(&broken).unwrap_err();
            assert!(error.is_audit());
            assert_eq!(error.to_string(), "line 1: this is no certificate");
        }
    }

    #[test]
    fn a_statistic_rests_on_every_set_whose_count_it_gives_away() {
        let (of, among): (CellId, CellId) = (0, 2);
        let variable_of = [7, 8, 3];
        assert!(shows(Place::Count { cell: 1 }, &variable_of, 1) == Shows::Count { of: 8 });
        assert!(shows(Place::Patients { cell: 2 }, &variable_of, 1) == Shows::Patients { of: 3 });
        let share = Shows::Share { of: 7, among: 3, decimals: 2 };
        assert!(shows(Place::Share { of, among }, &variable_of, 2) == share);
        let interval = Shows::Other { rests_on: vec![3, 7] };
        assert!(
            shows(
                Place::ShareInterval { of, among, method: crate::stats::ProportionMethod::Wilson },
                &variable_of,
                1
            ) == interval
        );
        let deviation = Place::Deviation { cell: 1, value: 0 };
        assert!(shows(deviation, &variable_of, 1) == Shows::Other { rests_on: vec![8] });
        assert!(shows(Place::Count { cell: 9 }, &variable_of, 1) == Shows::Count { of: usize::MAX });
    }
}
