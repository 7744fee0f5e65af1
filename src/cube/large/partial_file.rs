//! Partial cubes in files: versioned, checked against damage, refused where they were counted by something else.
//!
//! A line of text that says what the file is, the length of a JSON header and the header, the counters as differences of sorted
//! keys in numbers of variable length, and a BLAKE3 hash of all of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::counters::Runs;
use super::identity::Identity;
use super::partial::{PartialCube, Patients};
use super::patients::{Pairs, crossing_of};
use super::shape::Shape;
use crate::error::Error;
use crate::whole_file;

/// The last word is the version of the format.
const HEAD: &[u8] = b"registat partial cube: raw counts, not for print: 1\n";

const HASH_BYTES: usize = 32;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    identity: Identity,
    rows: u64,
    patients: Kind,
    taken_as_missing: BTreeMap<String, u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    EachRecord,
    Met,
    AtLeast,
}

impl PartialCube {
    /// Writes the counts to a file, for a site that counts its own courses and has them merged elsewhere. The file is raw: it
    /// holds the numbers of small groups and the keyed hashes of patients, and belongs where the forms belong.
    ///
    /// # Errors
    /// When the file cannot be written. It is there whole or not at all.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let patients = match &self.patients {
            Patients::EachRecord => Kind::EachRecord,
            Patients::Met(_) => Kind::Met,
            Patients::AtLeast(_) => Kind::AtLeast,
        };
        let header = Header {
            identity: Identity::of(&self.shape),
            rows: self.rows,
            patients,
            taken_as_missing: self.taken_as_missing.clone(),
        };
        let header =
            serde_json::to_vec(&header).map_err(|_| Error::cube("the partial cube cannot be written"))?;
        let mut bytes = HEAD.to_vec();
        put(&mut bytes, header.len() as u128);
        bytes.extend(header);
        for runs in [&self.records].into_iter().chain(&self.measures) {
            put(&mut bytes, runs.keys.len() as u128);
            let mut last = 0;
            for (key, count) in runs.iter() {
                put(&mut bytes, u128::from(key - last));
                put(&mut bytes, u128::from(count));
                last = key;
            }
        }
        match &self.patients {
            Patients::EachRecord => {}
            Patients::Met(pairs) => {
                put(&mut bytes, pairs.len() as u128);
                let mut last = 0;
                for pair in pairs.iter() {
                    put(&mut bytes, pair - last);
                    last = pair;
                }
            }
            Patients::AtLeast(patients) => {
                patients.iter().for_each(|patients| put(&mut bytes, u128::from(*patients)))
            }
        }
        let hash = blake3::hash(&bytes);
        bytes.extend(hash.as_bytes());
        whole_file::write(path, &bytes)
    }
}

/// Reads a partial cube that was counted by a shape.
pub(super) fn load(path: &Path, shape: &Arc<Shape>) -> Result<PartialCube, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, &error))?;
    read(&bytes, shape).map_err(|error| error.in_file(path))
}

fn read(bytes: &[u8], shape: &Arc<Shape>) -> Result<PartialCube, Error> {
    let damaged =
        || Error::load("the partial cube is damaged or incomplete; fetch it again from where it was counted");
    let (content, hash) =
        bytes.split_at_checked(bytes.len().saturating_sub(HASH_BYTES)).ok_or_else(damaged)?;
    let kind = HEAD.len() - 3;
    match content.strip_prefix(HEAD) {
        None if content.get(..kind) == HEAD.get(..kind) => {
            return Err(Error::load("the partial cube is of another version of the format; count it again"));
        }
        None => return Err(Error::load("this is no partial cube")),
        Some(_) if blake3::hash(content).as_bytes() != hash => return Err(damaged()),
        Some(_) => {}
    }
    let mut rest = Rest(content.get(HEAD.len()..).unwrap_or_default());
    let header = rest.number().and_then(|len| rest.bytes(usize::try_from(len).ok()?)).ok_or_else(damaged)?;
    let header: Header = serde_json::from_slice(header).map_err(|_| damaged())?;
    Identity::of(shape).check(&header.identity)?;
    let records = rest.runs(shape.crossings).ok_or_else(damaged)?;
    let mut measures = Vec::with_capacity(shape.measures.len());
    for measure in &shape.measures {
        let limit = shape.groups.saturating_mul(measure.bins() as u64);
        measures.push(rest.runs(limit).ok_or_else(damaged)?);
    }
    let patients = match header.patients {
        Kind::EachRecord => Patients::EachRecord,
        Kind::Met => Patients::Met(rest.pairs(shape.crossings).ok_or_else(damaged)?),
        Kind::AtLeast => {
            let patients = records.keys.iter().map(|_| u64::try_from(rest.number()?).ok());
            Patients::AtLeast(patients.collect::<Option<_>>().ok_or_else(damaged)?)
        }
    };
    if !rest.0.is_empty() {
        return Err(damaged());
    }
    Ok(PartialCube {
        shape: Arc::clone(shape),
        rows: header.rows,
        records,
        measures,
        patients,
        taken_as_missing: header.taken_as_missing,
    })
}

/// Seven bits to the byte, lowest first; the eighth says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u128) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// What is still to be read.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn number(&mut self) -> Option<u128> {
        let mut number = 0_u128;
        for shift in (0..128).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u128::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self, len: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Keys ascend and stay below a limit; nothing is counted that did not occur.
    fn runs(&mut self, limit: u64) -> Option<Runs> {
        let len = self.len()?;
        let mut runs = Runs::default();
        let mut last: Option<u64> = None;
        for _ in 0..len {
            let step = u64::try_from(self.number()?).ok()?;
            let key = last.unwrap_or(0).checked_add(step).filter(|key| *key < limit)?;
            if last.is_some_and(|last| key <= last) {
                return None;
            }
            let count = u64::try_from(self.number()?).ok().filter(|count| *count > 0)?;
            runs.push(key, count);
            last = Some(key);
        }
        Some(runs)
    }

    fn pairs(&mut self, crossings: u64) -> Option<Pairs> {
        let len = self.len()?;
        let mut pairs = Pairs::new();
        let mut last: Option<u128> = None;
        for _ in 0..len {
            let pair = last.unwrap_or(0).checked_add(self.number()?)?;
            if last.is_some_and(|last| pair <= last) || crossing_of(pair) >= crossings {
                return None;
            }
            pairs.push(pair);
            last = Some(pair);
        }
        Some(pairs)
    }

    /// A length that the bytes left can hold.
    fn len(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|len| *len <= self.0.len())
    }
}
