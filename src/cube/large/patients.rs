//! Distinct patients: which patient was met in which crossing, each pair once.

use crate::error::Error;

/// Pairs of a patient and a crossing, as one number each: the patient's keyed hash before the crossing.
#[derive(Default)]
pub(super) struct Meetings {
    pairs: Vec<u128>,
    /// How many pairs are sorted and different, in front.
    settled: usize,
    budget: u64,
}

/// Bits that a crossing needs at most.
const CROSSING_BITS: u32 = 44;

/// The key by which patients are hashed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PatientKey(pub(super) [u8; 32]);

impl PatientKey {
    /// 84 bits of the hash of an identifier: two of 100 million patients share them with a probability below 10^-9.
    pub(super) fn hash(self, identifier: &[u8]) -> u128 {
        let hash = blake3::keyed_hash(&self.0, identifier);
        let mut half = [0; 16];
        half.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
        u128::from_le_bytes(half) >> CROSSING_BITS << CROSSING_BITS
    }
}

impl Meetings {
    pub(super) fn new(budget: u64) -> Self {
        Self { budget, ..Self::default() }
    }

    /// Fewer pairs are not worth sorting.
    const FEWEST: usize = 1 << 20;

    pub(super) fn add(&mut self, patient: u128, crossing: u64) {
        self.pairs.push(patient | u128::from(crossing));
    }

    /// Sorts when as much is unsorted as is sorted.
    pub(super) fn settle_if_full(&mut self) -> Result<(), Error> {
        if self.pairs.len() - self.settled >= self.settled.max(Self::FEWEST) {
            self.settle();
        }
        // The pairs, and the room for as many again that a growing list takes.
        if (self.pairs.capacity() as u64).saturating_mul(16) > self.budget {
            self.settle();
            self.pairs.shrink_to_fit();
            if (self.pairs.len() as u64).saturating_mul(16) > self.budget / 2 {
                return Err(Error::cube(
                    "the patients do not fit the memory that was allowed; allow about 32 bytes for each course",
                ));
            }
        }
        Ok(())
    }

    fn settle(&mut self) {
        if self.settled < self.pairs.len() {
            self.pairs.sort_unstable();
            self.pairs.dedup();
            self.settled = self.pairs.len();
        }
    }

    /// Adds the pairs of another part of the same pass.
    pub(super) fn join(&mut self, mut other: Self) {
        other.settle();
        self.settle();
        self.pairs.reserve_exact(other.pairs.len());
        self.pairs.append(&mut other.pairs);
        // Two sorted runs: a stable sort only merges them.
        self.pairs.sort();
        self.pairs.dedup();
        self.settled = self.pairs.len();
    }

    pub(super) fn into_pairs(mut self) -> Vec<u128> {
        self.settle();
        self.pairs
    }
}

/// The pairs of two partial cubes together.
pub(super) fn merged(one: Vec<u128>, other: Vec<u128>) -> Vec<u128> {
    let mut all = Meetings { settled: one.len(), pairs: one, budget: 0 };
    all.join(Meetings { settled: other.len(), pairs: other, budget: 0 });
    all.pairs
}

/// The crossing of a pair.
pub(super) fn crossing_of(pair: u128) -> u64 {
    (pair & ((1 << CROSSING_BITS) - 1)) as u64
}

/// What tells a pair's patient from others.
pub(super) fn patient_of(pair: u128) -> u128 {
    pair >> CROSSING_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_patient_is_met_once_in_each_crossing() {
        let key = PatientKey([3; 32]);
        let (one, other) = (key.hash(b"1"), key.hash(b"2"));
        let mut first = Meetings::new(u64::MAX);
        let mut second = Meetings::new(u64::MAX);
        for crossing in [7, 7, (1 << CROSSING_BITS) - 1] {
            first.add(one, crossing);
            second.add(one, crossing);
        }
        second.add(other, 7);
        first.join(second);
        let pairs = first.into_pairs();
        assert_eq!(pairs.len(), 3);
        assert_eq!(pairs.iter().filter(|pair| crossing_of(**pair) == 7).count(), 2);
        let mut patients: Vec<u128> = pairs.into_iter().map(patient_of).collect();
        patients.dedup();
        assert_eq!(patients.len(), 2);
    }

    #[test]
    fn patients_that_do_not_fit_are_an_error() {
        let mut meetings = Meetings::new(1 << 20);
        for crossing in 0..100_000 {
            meetings.add(0, crossing);
        }
        assert!(meetings.settle_if_full().is_err());
    }
}
