//! Counters of a crossing: how many records each has, and how often each value of a measure. Dense where every counter fits
//! the memory, otherwise sorted runs of those that occur. A numeric kernel: it indexes counters by numbers that are below their
//! count because atoms and bins are.
#![allow(clippy::indexing_slicing)]

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::crossings::Crossings;
use crate::error::Error;

/// Occurrences by crossing and bin.
pub(super) enum Counter {
    Dense(Dense),
    Sorted(Sorted),
}

/// One counter for every crossing and bin: a byte, and what overflows of it. The bytes are few enough for the processor's
/// cache, and every 256th occurrence is all that touches the rest, which the threads share.
pub(super) struct Dense {
    bins: usize,
    /// A power of two, so that a place within is found without a question.
    low: Vec<u8>,
    high: Arc<[AtomicU32]>,
}

/// Occurrences as sorted keys with their counts; a key is `crossing * bins + bin`.
pub(super) struct Sorted {
    bins: u64,
    pending: Vec<u64>,
    runs: Runs,
    /// More bytes than this are refused.
    budget: u64,
}

/// Keys in ascending order with how often each occurred.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Runs {
    pub(super) keys: Vec<u64>,
    pub(super) counts: Vec<u64>,
}

impl Counter {
    /// Bytes that dense counters of so many crossings and bins take on so many threads.
    pub(super) fn dense_bytes(crossings: u64, bins: usize, threads: u64) -> u64 {
        let counters = crossings.saturating_mul(bins as u64);
        let low = counters.checked_next_power_of_two().unwrap_or(u64::MAX);
        low.saturating_mul(threads).saturating_add(counters.saturating_mul(size_of::<AtomicU32>() as u64))
    }

    pub(super) fn dense(crossings: u64, bins: usize) -> Self {
        let len = crossings as usize * bins;
        let high = (0..len).map(|_| AtomicU32::new(0)).collect();
        Self::Dense(Dense { bins, low: vec![0; len.next_power_of_two()], high })
    }

    pub(super) fn sorted(bins: usize, budget: u64) -> Self {
        Self::Sorted(Sorted { bins: bins as u64, pending: Vec::new(), runs: Runs::default(), budget })
    }

    /// For another thread that counts the same.
    pub(super) fn another(&self) -> Self {
        match self {
            Self::Dense(Dense { bins, low, high }) => {
                Self::Dense(Dense { bins: *bins, low: vec![0; low.len()], high: Arc::clone(high) })
            }
            Self::Sorted(sorted) => Self::sorted(sorted.bins as usize, sorted.budget),
        }
    }

    /// Adds one occurrence per record; there is a bin for each.
    pub(super) fn add(&mut self, crossings: &Crossings, bins: &[u16]) -> Result<(), Error> {
        match self {
            Self::Dense(dense) => {
                let of_each = dense.bins;
                let mut count = dense.counting();
                crossings.each_group(bins, |group, bin| count(group as usize * of_each + usize::from(bin)));
                Ok(())
            }
            Self::Sorted(sorted) => {
                let of_each = sorted.bins;
                crossings
                    .each_group(bins, |group, bin| sorted.pending.push(group * of_each + u64::from(bin)));
                sorted.settle_if_full()
            }
        }
    }

    /// Adds one occurrence per record of a measure without bins.
    pub(super) fn add_records(&mut self, crossings: &Crossings) -> Result<(), Error> {
        match self {
            Self::Dense(dense) => {
                let mut count = dense.counting();
                crossings.each(|crossing| count(crossing as usize));
                Ok(())
            }
            Self::Sorted(sorted) => {
                crossings.each(|crossing| sorted.pending.push(crossing));
                sorted.settle_if_full()
            }
        }
    }

    /// Adds what another thread counted of the same plan.
    pub(super) fn join(&mut self, other: Self) -> Result<(), Error> {
        match (self, other) {
            (Self::Dense(dense), Self::Dense(other)) => {
                for ((low, other), high) in dense.low.iter_mut().zip(&other.low).zip(&*dense.high) {
                    let (sum, is_over) = low.overflowing_add(*other);
                    *low = sum;
                    high.fetch_add(u32::from(is_over), Ordering::Relaxed);
                }
                Ok(())
            }
            (Self::Sorted(sorted), Self::Sorted(mut other)) => {
                sorted.settle();
                other.settle();
                sorted.runs = Runs::merged(&sorted.runs, &other.runs);
                sorted.check()
            }
            _ => Err(Error::cube("two parts of one pass were counted in different ways")),
        }
    }

    /// What occurred, and how often.
    pub(super) fn into_runs(self) -> Runs {
        match self {
            Self::Dense(dense) => {
                let counts = dense.low.iter().zip(&*dense.high);
                let counts = counts
                    .map(|(low, high)| u64::from(*low) + (u64::from(high.load(Ordering::Relaxed)) << 8));
                let occupied = counts.clone().filter(|count| *count > 0).count();
                let mut runs =
                    Runs { keys: Vec::with_capacity(occupied), counts: Vec::with_capacity(occupied) };
                for (key, count) in counts.enumerate().filter(|(_, count)| *count > 0) {
                    runs.keys.push(key as u64);
                    runs.counts.push(count);
                }
                runs
            }
            Self::Sorted(mut sorted) => {
                sorted.settle();
                sorted.runs
            }
        }
    }
}

impl Dense {
    /// Counts one occurrence at a place.
    #[inline]
    fn counting(&mut self) -> impl FnMut(usize) {
        let (low, high) = (self.low.as_mut_slice(), &*self.high);
        let mask = low.len() - 1;
        move |place| {
            let low = &mut low[place & mask];
            *low = low.wrapping_add(1);
            if *low == 0 {
                high[place].fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl Sorted {
    /// Fewer occurrences are not worth sorting.
    const FEWEST: usize = 1 << 16;

    /// Sorting waits until there is as much to sort as is sorted, so that its cost stays in proportion.
    fn settle_if_full(&mut self) -> Result<(), Error> {
        if self.pending.len() >= self.runs.keys.len().max(Self::FEWEST) {
            self.settle();
            self.check()?;
        }
        Ok(())
    }

    fn settle(&mut self) {
        let mut pending = mem::take(&mut self.pending);
        pending.sort_unstable();
        let mut new = Runs::default();
        for key in &pending {
            new.push(*key, 1);
        }
        self.runs = Runs::merged(&self.runs, &new);
        pending.clear();
        self.pending = pending;
    }

    fn check(&self) -> Result<(), Error> {
        // Sorted runs, the merged ones beside them, and as many waiting ones.
        let bytes = (self.runs.keys.len() as u64).saturating_mul(16 * 2 + 8);
        if bytes <= self.budget {
            return Ok(());
        }
        Err(Error::cube(
            "the groups of this plan do not fit the memory that was allowed; allow more, or split the plan",
        ))
    }
}

impl Runs {
    /// Adds occurrences of a key that is no less than the last one.
    pub(super) fn push(&mut self, key: u64, count: u64) {
        match self.counts.last_mut() {
            Some(last) if self.keys.last() == Some(&key) => *last += count,
            _ => {
                self.keys.push(key);
                self.counts.push(count);
            }
        }
    }

    pub(super) fn merged(one: &Self, other: &Self) -> Self {
        if one.keys.is_empty() {
            return other.clone();
        }
        let mut merged = Self::default();
        merged.keys.reserve(one.keys.len().max(other.keys.len()));
        merged.counts.reserve(one.keys.len().max(other.keys.len()));
        let (mut a, mut b) = (0, 0);
        while a < one.keys.len() || b < other.keys.len() {
            let from_one = b == other.keys.len() || (a < one.keys.len() && one.keys[a] <= other.keys[b]);
            if from_one {
                merged.push(one.keys[a], one.counts[a]);
                a += 1;
            } else {
                merged.push(other.keys[b], other.counts[b]);
                b += 1;
            }
        }
        merged
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.keys.iter().copied().zip(self.counts.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn in_groups(groups: &[u16]) -> Crossings {
        let mut crossings = Crossings::of(u64::from(u32::MAX), u64::from(u32::MAX));
        crossings.begin(groups.len());
        crossings.add(groups, 1);
        crossings
    }

    fn counted(records: &[(u16, u16)], parts: usize, first: Counter) -> Runs {
        let others: Vec<Counter> = (1..parts).map(|_| first.another()).collect();
        let mut parts: Vec<Counter> = [first].into_iter().chain(others).collect();
        let share = records.len().div_ceil(parts.len()).max(1);
        for (part, records) in parts.iter_mut().zip(records.chunks(share)) {
            let (groups, bins): (Vec<u16>, Vec<u16>) = records.iter().copied().unzip();
            part.add(&in_groups(&groups), &bins).unwrap();
        }
        let mut whole = parts.remove(0);
        parts.into_iter().for_each(|part| whole.join(part).unwrap());
        whole.into_runs()
    }

    proptest! {
        #[test]
        fn dense_and_sorted_counters_agree_with_a_map(
            records in proptest::collection::vec((0..5_u16, 0..3_u16), 0..3000),
            parts in 1..4_usize,
        ) {
            let mut expected: BTreeMap<u64, u64> = BTreeMap::new();
            for (group, bin) in &records {
                *expected.entry(u64::from(*group) * 3 + u64::from(*bin)).or_default() += 1;
            }
            let expected: Vec<(u64, u64)> = expected.into_iter().collect();
            let dense = counted(&records, parts, Counter::dense(5, 3));
            let sorted = counted(&records, parts, Counter::sorted(3, u64::MAX));
            prop_assert_eq!(dense.iter().collect::<Vec<_>>(), expected);
            prop_assert!(dense == sorted);
        }
    }

    #[test]
    fn counters_that_do_not_fit_are_an_error() {
        let mut counter = Counter::sorted(1, 1 << 20);
        let groups: Vec<u16> = (0..=u16::MAX).collect();
        let bins = vec![0; groups.len()];
        assert!(counter.add(&in_groups(&groups), &bins).is_err());
    }
}
