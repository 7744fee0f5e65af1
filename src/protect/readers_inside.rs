//! What readers inside know beside what everyone does, as a certificate states it.
//! A numeric kernel: it indexes by variable numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::insider::Insider;
use super::system::System;

/// Readers with knowledge of their own: who knows whole groups, and respondents, who know themselves.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadersInside {
    pub(super) insiders: Vec<KnownInside>,
    /// So many respondents pool their own records; 0 where none are taken for readers.
    pub(super) respondents: u64,
    /// The distinct patients of every set, where respondents are taken for readers.
    pub(super) patients: Vec<u64>,
    /// The members of each set that so many respondents can make up, by numbers that mean nothing elsewhere.
    pub(super) members: Vec<(usize, Vec<u32>)>,
}

/// What one insider knows: a unit, of its own patients.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownInside {
    /// Sets whose counts it knows.
    pub(super) known: Vec<usize>,
    /// How many of its own records are in each other set that is not public: it takes none for less.
    pub(super) own: Vec<(usize, u64)>,
}

impl ReadersInside {
    /// What the insiders of a release and so many respondents know of what is unknown to others.
    pub(super) fn new(system: &System, unknown: &[bool], insiders: &[Insider], respondents: u64) -> Self {
        let insiders = insiders.iter().map(|insider| {
            let is_new = |set: &usize| unknown[*set] && !insider.known.contains(set);
            let own = insider.own.iter().filter(|(set, _)| is_new(set));
            KnownInside {
                known: insider.known.iter().copied().collect(),
                own: own.map(|(set, own)| (*set, *own)).collect(),
            }
        });
        let insiders = insiders.collect();
        if respondents == 0 {
            return Self { insiders, ..Self::default() };
        }
        let can_be_made_up = |set: &usize| (1..=respondents).contains(&system.variables[*set].patients);
        let small: Vec<usize> = (0..system.len()).filter(can_be_made_up).collect();
        let all: BTreeSet<u32> =
            small.iter().flat_map(|set| system.variables[*set].few.iter().copied()).collect();
        let number_of: BTreeMap<u32, u32> = all.into_iter().zip(0..).collect();
        let members = |set: usize| {
            let mut members: Vec<u32> = system.variables[set]
                .few
                .iter()
                .filter_map(|member| number_of.get(member).copied())
                .collect();
            members.sort_unstable();
            (set, members)
        };
        Self {
            insiders,
            respondents,
            patients: system.variables.iter().map(|set| set.patients).collect(),
            members: small.into_iter().map(members).collect(),
        }
    }
}
