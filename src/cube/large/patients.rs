//! Distinct patients: which patient was met in which crossing, each pair once. A numeric kernel: it indexes its buckets by bits
//! of which there are as many.
#![allow(clippy::indexing_slicing)]

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;

/// Pairs of a patient and a crossing, as one number each: the patient's keyed hash before the crossing. They lie in buckets by
/// the first bits of the hash, each small enough to be sorted in the processor's cache.
pub(super) struct Meetings {
    buckets: Vec<Bucket>,
    room: Arc<Room>,
    /// Bytes of the room that are counted as taken.
    taken: u64,
}

/// The memory that the patients of all threads share.
pub(super) struct Room {
    bytes: u64,
    taken: AtomicU64,
}

/// Every pair once, in buckets as they were counted.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Pairs(Vec<Vec<u128>>);

#[derive(Clone, Default)]
struct Bucket {
    pairs: Vec<u128>,
    /// How many pairs are sorted and different, in front.
    settled: usize,
}

/// First bits of a hash that choose its bucket.
const BUCKET_BITS: u32 = 8;

const BUCKETS: usize = 1 << BUCKET_BITS;

/// Bits that a crossing needs at most.
const CROSSING_BITS: u32 = 44;

/// Twice its bytes: lists grow, and parts are joined.
const ROOM_OF_PAIR: u64 = 2 * size_of::<u128>() as u64;

const TOO_MANY: &str =
    "the patients do not fit the memory that was allowed; allow about 32 bytes for each course";

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

impl Room {
    pub(super) fn new(bytes: u64) -> Self {
        Self { bytes, taken: AtomicU64::new(0) }
    }

    /// Whether the patients of so many records fit, however few they share.
    pub(super) fn check(&self, records: u64) -> Result<(), Error> {
        if records.saturating_mul(ROOM_OF_PAIR) > self.bytes { Err(Error::cube(TOO_MANY)) } else { Ok(()) }
    }
}

impl Meetings {
    pub(super) fn new(room: &Arc<Room>) -> Self {
        Self { buckets: vec![Bucket::default(); BUCKETS], room: Arc::clone(room), taken: 0 }
    }

    /// For another thread, in the same room.
    pub(super) fn another(&self) -> Self {
        Self::new(&self.room)
    }

    pub(super) fn add(&mut self, patient: u128, crossing: u64) {
        self.buckets[bucket_of(patient)].push(patient | u128::from(crossing));
    }

    /// Sorts buckets of which as much is unsorted as is sorted, and all of them where the room is full.
    pub(super) fn settle_if_full(&mut self) -> Result<(), Error> {
        self.buckets.iter_mut().for_each(Bucket::settle_if_full);
        if self.take_room() {
            return Ok(());
        }
        self.settle();
        if self.take_room() { Ok(()) } else { Err(Error::cube(TOO_MANY)) }
    }

    /// Says what is taken, and whether that leaves all threads within the room.
    fn take_room(&mut self) -> bool {
        let pairs: usize = self.buckets.iter().map(|bucket| bucket.pairs.len()).sum();
        let now = (pairs as u64).saturating_mul(ROOM_OF_PAIR);
        let before = mem::replace(&mut self.taken, now);
        self.room.taken.fetch_add(now, Ordering::Relaxed);
        let all = self.room.taken.fetch_sub(before, Ordering::Relaxed);
        all.saturating_sub(before) <= self.room.bytes
    }

    /// Sorts everything and gives back the room that is not used.
    pub(super) fn settle(&mut self) {
        for bucket in &mut self.buckets {
            bucket.settle();
            bucket.pairs.shrink_to_fit();
        }
    }

    /// Adds the pairs of another part of the same pass.
    pub(super) fn join(&mut self, other: Self) {
        for (bucket, mut other) in self.buckets.iter_mut().zip(other.buckets) {
            bucket.settle();
            other.settle();
            bucket.pairs = merged(mem::take(&mut bucket.pairs), other.pairs);
            bucket.settled = bucket.pairs.len();
        }
    }

    pub(super) fn into_pairs(mut self) -> Pairs {
        self.settle();
        Pairs(self.buckets.into_iter().map(|bucket| bucket.pairs).collect())
    }
}

impl Pairs {
    pub(super) fn new() -> Self {
        Self(vec![Vec::new(); BUCKETS])
    }

    /// Adds a pair that is larger than all others.
    pub(super) fn push(&mut self, pair: u128) {
        self.0[bucket_of(pair)].push(pair);
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// In ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u128> {
        self.0.iter().flatten().copied()
    }

    /// Parts of about the same length, in order, with the number of pairs before each; no patient is in two.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, &[u128])> {
        self.0.iter().scan(0, |before, bucket| {
            let first = *before;
            *before += bucket.len();
            Some((first, bucket.as_slice()))
        })
    }

    /// The pairs of two partial cubes together.
    pub(super) fn merge(self, other: Self) -> Self {
        Self(self.0.into_iter().zip(other.0).map(|(one, other)| merged(one, other)).collect())
    }
}

fn bucket_of(pair: u128) -> usize {
    (pair >> (u128::BITS - BUCKET_BITS)) as usize
}

impl Bucket {
    /// Fewer pairs are not worth sorting.
    const FEWEST: usize = 1 << 10;

    /// Grows by a quarter: twice as much at a time would be a room half empty.
    fn push(&mut self, pair: u128) {
        if self.pairs.len() == self.pairs.capacity() {
            self.pairs.reserve_exact(Self::FEWEST.max(self.pairs.len() / 4));
        }
        self.pairs.push(pair);
    }

    fn settle_if_full(&mut self) {
        if self.pairs.len() - self.settled >= self.settled.max(Self::FEWEST) {
            self.settle();
        }
    }

    fn settle(&mut self) {
        if self.settled < self.pairs.len() {
            self.pairs.sort_unstable();
            self.pairs.dedup();
            self.settled = self.pairs.len();
        }
    }
}

/// The sorted pairs of two parts together.
fn merged(mut one: Vec<u128>, mut other: Vec<u128>) -> Vec<u128> {
    one.reserve_exact(other.len());
    one.append(&mut other);
    // Two sorted runs: a stable sort only merges them.
    one.sort();
    one.dedup();
    one
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
        let room = Arc::new(Room::new(u64::MAX));
        let (mut first, mut second) = (Meetings::new(&room), Meetings::new(&room));
        for crossing in [7, 7, (1 << CROSSING_BITS) - 1] {
            first.add(one, crossing);
            second.add(one, crossing);
        }
        second.add(other, 7);
        first.join(second);
        let pairs = first.into_pairs();
        assert_eq!(pairs.len(), 3);
        assert_eq!(pairs.iter().filter(|pair| crossing_of(*pair) == 7).count(), 2);
        let mut patients: Vec<u128> = pairs.iter().map(patient_of).collect();
        patients.dedup();
        assert_eq!(patients.len(), 2);
    }

    #[test]
    fn patients_that_do_not_fit_are_an_error_and_those_met_again_are_not() {
        let room = Arc::new(Room::new(1 << 20));
        assert!(room.check(1 << 15).is_ok());
        assert!(room.check((1 << 15) + 1).is_err());
        let (mut one, mut other) = (Meetings::new(&room), Meetings::new(&room));
        for round in 0..10 {
            for crossing in 0..1 << 14 {
                one.add(0, crossing);
                other.add(0, crossing);
            }
            assert!(one.settle_if_full().is_ok(), "round {round}");
            assert!(other.settle_if_full().is_ok(), "round {round}");
        }
        other.add(1 << CROSSING_BITS, 0);
        assert!(other.settle_if_full().is_err());
    }
}
