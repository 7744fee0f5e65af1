//! Respondents who pool what they know: each group that a few of them make up is theirs to the last one.
//! A numeric kernel: it indexes by the variable numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use super::system::System;
use super::world::Move;

/// Every coalition of so many respondents at most.
pub(super) struct Coalitions<'s> {
    system: &'s System,
    most: u64,
    /// By respondent, the groups of at most `most` patients that he or she belongs to.
    groups_of: BTreeMap<u32, Vec<usize>>,
}

impl<'s> Coalitions<'s> {
    pub(super) fn new(system: &'s System, most: u64) -> Self {
        let mut groups_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (variable, set) in system.variables.iter().enumerate() {
            if (1..=most).contains(&set.patients) {
                for respondent in &set.few {
                    groups_of.entry(*respondent).or_default().push(variable);
                }
            }
        }
        Self { system, most, groups_of }
    }

    /// What some coalition could know to be the least of each count, beside what everyone does: of all but so many patients
    /// one record each is enough, all others may be its own. Taken as known of all counts at once.
    pub(super) fn least_counts(&self, known: &[u64]) -> Vec<u64> {
        let both = self.system.variables.iter().zip(known);
        both.map(|(set, known)| {
            let of_others = set.patients.saturating_sub(self.most);
            set.records.saturating_sub(of_others).max(*known)
        })
        .collect()
    }

    /// A coalition that tells all these worlds from the true one by groups that it makes up, the secret not among them; none
    /// if there is no such coalition. The worlds are those that change the secret.
    pub(super) fn that_sees_through(&self, secret: usize, worlds: &[&Move]) -> Option<BTreeSet<u32>> {
        self.extended(BTreeSet::new(), secret, worlds)
    }

    /// The groups that a coalition makes up.
    pub(super) fn known_to(&self, coalition: &BTreeSet<u32>) -> BTreeSet<usize> {
        let groups = coalition.iter().filter_map(|member| self.groups_of.get(member)).flatten().copied();
        groups.filter(|group| self.is_made_up(*group, coalition)).collect()
    }

    /// Takes in the members that a world changes the groups of, world by world: no other coalition sees through them all.
    fn extended(&self, coalition: BTreeSet<u32>, secret: usize, worlds: &[&Move]) -> Option<BTreeSet<u32>> {
        let is_open = |world: &&&Move| !world.changes.keys().any(|group| self.is_made_up(*group, &coalition));
        let Some(open) = worlds.iter().find(is_open) else { return Some(coalition) };
        for group in open
            .changes
            .keys()
            .filter(|group| (1..=self.most).contains(&self.system.variables[**group].patients))
        {
            let mut larger = coalition.clone();
            larger.extend(&self.system.variables[*group].few);
            let is_allowed = larger.len() as u64 <= self.most && !self.is_made_up(secret, &larger);
            if is_allowed && let Some(found) = self.extended(larger, secret, worlds) {
                return Some(found);
            }
        }
        None
    }

    fn is_made_up(&self, group: usize, coalition: &BTreeSet<u32>) -> bool {
        let set = &self.system.variables[group];
        (1..=self.most).contains(&set.patients) && set.few.iter().all(|patient| coalition.contains(patient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(changes: &[(usize, i64)]) -> Move {
        Move { changes: changes.iter().copied().collect() }
    }

    #[test]
    fn one_respondent_sees_through_worlds_that_all_change_a_group_of_one() {
        let system = System::of_counts(&[1, 4, 1, 20], Vec::new());
        let (near, far) = (world(&[(0, 1), (1, -1)]), world(&[(1, -1), (3, 1)]));
        let other = world(&[(1, -1), (2, 1)]);
        let one = Coalitions::new(&system, 1);
        let found = one.that_sees_through(1, &[&near]).unwrap();
        assert_eq!(one.known_to(&found), BTreeSet::from([0]));
        assert_eq!(one.that_sees_through(1, &[&near, &far]), None, "the second is not about a group of one");
        assert_eq!(one.that_sees_through(1, &[&near, &other]), None, "nobody is alone in both groups");
        assert_eq!(one.that_sees_through(0, &[&near]), None, "one's own group is no secret from oneself");
    }

    #[test]
    fn two_respondents_see_through_what_one_of_them_does_not() {
        let system = System::of_counts(&[1, 4, 1, 2], Vec::new());
        let worlds = [world(&[(0, 1), (1, -1)]), world(&[(1, -1), (2, 1)])];
        let all: Vec<&Move> = worlds.iter().collect();
        let two = Coalitions::new(&system, 2);
        let found = two.that_sees_through(1, &all).unwrap();
        assert_eq!(two.known_to(&found), BTreeSet::from([0, 2]));
        assert_eq!(Coalitions::new(&system, 0).that_sees_through(1, &all), None);
    }
}
