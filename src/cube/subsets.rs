//! Which sets of records lie within others, all but a few records of these, in two walks over the records.
//!
//! In the first walk, a set's candidates are the larger sets around its first record, and each of its further records strikes
//! out those that lack it; most pairs die at their second record. The second walk meets the patients of what is left over. A
//! numeric kernel: it indexes by the numbers of sets and pairs that its caller counts.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use super::count::CellCount;
use crate::error::Error;

/// A left-over piece of more records than this is no small group under any threshold, unless almost all of them are of the
/// same few patients.
const MOST_RECORDS: u64 = CellCount::FEW as u64;

/// More pairs at a time than this would not fit the memory of a small machine; a report has some hundred thousand.
const MOST_PAIRS: usize = 20_000_000;

/// How many records each member of the sets stands for.
#[derive(Clone, Copy)]
pub(super) enum Weights<'w> {
    /// So many members, each of them one record.
    Equal(usize),
    /// Groups of records.
    Each(&'w [u64]),
}

impl Weights<'_> {
    fn len(self) -> usize {
        match self {
            Self::Equal(members) => members,
            Self::Each(weights) => weights.len(),
        }
    }

    fn of(self, member: usize) -> u64 {
        match self {
            Self::Equal(_) => 1,
            Self::Each(weights) => weights[member],
        }
    }
}

/// Which of some sets, given by their numbers of records, can be a whole or a part at all: those that another set is a little larger
/// or smaller than. Most sets of a large cohort are far from all others.
pub(super) fn near_others(sizes: &[u64]) -> Vec<bool> {
    let known: BTreeSet<u64> = sizes.iter().copied().collect();
    let is_near = |size: u64| {
        let smaller = known.range(size.saturating_sub(MOST_RECORDS)..size).next();
        let larger = known.range(size + 1..=size.saturating_add(MOST_RECORDS)).next();
        smaller.is_some() || larger.is_some()
    };
    sizes.iter().map(|size| is_near(*size)).collect()
}

/// Every (whole, part) of which the part has at least one record and the whole all of these and 1 to `MOST_RECORDS` more.
/// `sets_of` appends the sets that a record lies in, each once; `sizes` are their numbers of records.
pub(super) fn nested_pairs(
    sizes: &[u64],
    weights: Weights<'_>,
    mut sets_of: impl FnMut(usize, &mut Vec<usize>),
) -> Result<Vec<(usize, usize)>, Error> {
    let mut seen = vec![0_u64; sizes.len()];
    let mut newest = vec![usize::MAX; sizes.len()];
    let mut wholes: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut alive = 0;
    let mut inside = Vec::new();
    for record in 0..weights.len() {
        inside.clear();
        sets_of(record, &mut inside);
        for set in &inside {
            newest[*set] = record;
        }
        for part in inside.iter().copied() {
            // The records that the whole has had until now, beside the part's, are left over too.
            let may_contain = |whole: &usize| {
                let more = sizes[*whole].saturating_sub(sizes[part]);
                newest[*whole] == record
                    && (1..=MOST_RECORDS).contains(&more)
                    && seen[*whole] <= seen[part] + more
            };
            if seen[part] == 0 {
                wholes[part] = inside.iter().copied().filter(may_contain).collect();
                alive += wholes[part].len();
            } else {
                let before = wholes[part].len();
                wholes[part].retain(may_contain);
                alive -= before - wholes[part].len();
            }
        }
        for set in &inside {
            seen[*set] += weights.of(record);
        }
        if alive > MOST_PAIRS {
            return Err(Error::cube(
                "the tables print too many groups to compare with each other; drop a dimension or merge levels",
            ));
        }
    }
    let pairs = wholes.into_iter().enumerate();
    Ok(pairs.flat_map(|(part, wholes)| wholes.into_iter().map(move |whole| (whole, part))).collect())
}

/// Counts the patients of what is left over of each (whole, part); records come sorted by patient.
pub(super) fn meet_patients(
    pairs: &[(usize, usize)],
    counts: &mut [CellCount],
    sets: usize,
    patients: &[u32],
    mut sets_of: impl FnMut(usize, &mut Vec<usize>),
) {
    let mut pairs_of: Vec<Vec<usize>> = vec![Vec::new(); sets];
    for (pair, (whole, _)) in pairs.iter().enumerate() {
        pairs_of[*whole].push(pair);
    }
    let mut newest = vec![usize::MAX; sets];
    let mut inside = Vec::new();
    for (record, patient) in patients.iter().enumerate() {
        inside.clear();
        sets_of(record, &mut inside);
        for set in &inside {
            newest[*set] = record;
        }
        for pair in inside.iter().flat_map(|whole| &pairs_of[*whole]) {
            if newest[pairs[*pair].1] != record {
                counts[*pair].meet(*patient);
            }
        }
    }
}

/// The same where each member of the sets is a group of records with some patients, who may be in other groups as well;
/// `patients_of` appends those of a group.
pub(super) fn unite_patients(
    pairs: &[(usize, usize)],
    counts: &mut [CellCount],
    sets: usize,
    groups: usize,
    patients_of: impl Fn(usize, &mut Vec<u32>),
    mut sets_of: impl FnMut(usize, &mut Vec<usize>),
) {
    let mut pairs_of: Vec<Vec<usize>> = vec![Vec::new(); sets];
    for (pair, (whole, _)) in pairs.iter().enumerate() {
        pairs_of[*whole].push(pair);
    }
    let mut newest = vec![usize::MAX; sets];
    let mut inside = Vec::new();
    let mut met: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); counts.len()];
    let mut patients = Vec::new();
    for group in 0..groups {
        inside.clear();
        patients.clear();
        sets_of(group, &mut inside);
        for set in &inside {
            newest[*set] = group;
        }
        for pair in inside.iter().flat_map(|whole| &pairs_of[*whole]) {
            if newest[pairs[*pair].1] != group {
                if patients.is_empty() {
                    patients_of(group, &mut patients);
                }
                met[*pair].extend(&patients);
            }
        }
    }
    for (count, met) in counts.iter_mut().zip(met) {
        met.into_iter().for_each(|patient| count.meet(patient));
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Sets of records of which many lie within others: each is drawn anew, or an earlier one without some, or the records
    /// that two earlier ones share.
    fn random_sets(random: &mut ChaCha8Rng, records: usize) -> Vec<BTreeSet<usize>> {
        let mut sets: Vec<BTreeSet<usize>> = Vec::new();
        for _ in 0..random.random_range(2..30) {
            let earlier = sets.len();
            let kind = if earlier == 0 { 0 } else { random.random_range(0..4) };
            let kept = random.random_range(0..=10_u32);
            let mut keep = |_: &usize| random.random_ratio(kept, 10);
            let set: BTreeSet<usize> = match kind {
                0 => (0..records).filter(&mut keep).collect(),
                1 => sets[earlier / 2].intersection(&sets[earlier - 1]).copied().collect(),
                2 => sets[earlier - 1].iter().copied().filter(&mut keep).collect(),
                _ => sets[earlier / 3].iter().copied().skip(3).collect(),
            };
            sets.push(set);
        }
        sets
    }

    #[test]
    fn the_pairs_found_are_those_that_comparing_every_two_sets_finds() {
        let mut random = ChaCha8Rng::seed_from_u64(17);
        let (mut nested, mut too_different) = (0, 0);
        for _ in 0..300 {
            let records = random.random_range(1..250_usize);
            let sets = random_sets(&mut random, records);
            // Up to three records of each patient, neighbours of each other.
            let patients: Vec<u32> = (0..records as u32).map(|record| record / 3 + record / 4).collect();
            let sets_of = |record: usize, inside: &mut Vec<usize>| {
                inside.extend((0..sets.len()).filter(|set| sets[*set].contains(&record)));
            };
            let sizes: Vec<u64> = sets.iter().map(|set| set.len() as u64).collect();
            let mut found = nested_pairs(&sizes, Weights::Equal(records), sets_of).unwrap();
            found.sort_unstable();
            let mut expected = Vec::new();
            for (whole, outer) in sets.iter().enumerate() {
                for (part, inner) in sets.iter().enumerate() {
                    let is_within = !inner.is_empty() && inner.len() < outer.len() && inner.is_subset(outer);
                    if is_within && outer.len() - inner.len() <= 64 {
                        expected.push((whole, part));
                    }
                    too_different += usize::from(is_within && outer.len() - inner.len() > 64);
                }
            }
            assert_eq!(found, expected);
            nested += found.len();
            let near = near_others(&sizes);
            assert!(found.iter().all(|(whole, part)| near[*whole] && near[*part]));

            // The same sets made of groups, here of one record each.
            let weights = vec![1; records];
            let mut grouped = nested_pairs(&sizes, Weights::Each(&weights), sets_of).unwrap();
            grouped.sort_unstable();
            assert_eq!(grouped, expected);
            let of_groups: Vec<Vec<u32>> = patients.iter().map(|patient| vec![*patient]).collect();
            let mut united = vec![CellCount::new(); found.len()];
            let patients_of = |group: usize, found: &mut Vec<u32>| found.extend(&of_groups[group]);
            unite_patients(&found, &mut united, sets.len(), of_groups.len(), patients_of, sets_of);

            let mut counts = vec![CellCount::new(); found.len()];
            meet_patients(&found, &mut counts, sets.len(), &patients, sets_of);
            for (one, other) in counts.iter().zip(&united) {
                assert!(one.same_as(other));
            }
            for ((whole, part), count) in found.iter().zip(&counts) {
                let rest = sets[*whole].difference(&sets[*part]);
                let people: BTreeSet<u32> = rest.map(|record| patients[*record]).collect();
                assert_eq!(count.patients, people.len() as u64);
                assert_eq!(count.few, people.into_iter().collect::<Vec<u32>>());
            }
        }
        assert!(nested > 1000 && too_different > 100, "{nested} {too_different}: both must be common");
    }
}
