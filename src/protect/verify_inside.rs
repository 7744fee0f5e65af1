//! The verifier's part about readers inside: no unit and no few respondents can be sure of a claimed group either.
//!
//! What they know is taken from the certificate on trust, as the true counts are. Every world that it is checked against here
//! was checked for everyone before.

use std::collections::BTreeSet;

use super::certificate::Certificate;
use super::readers_inside::KnownInside;
use super::verify::{is_increasing, require};
use crate::error::Error;

/// The sets that differ from the true world, and by how much.
type World = [(usize, i64)];

/// Checks every claim against every reader inside. Gives the number of pairs of an insider and a group of others.
pub(super) fn verify_inside(certificate: &Certificate) -> Result<usize, Error> {
    let mut pairs = 0;
    let worlds_about = worlds_about(certificate, |_| true);
    for (number, insider) in certificate.inside.insiders.iter().enumerate() {
        let is_possible =
            |(set, own): &(usize, u64)| certificate.counts.get(*set).is_some_and(|count| own <= count);
        let exist = insider.known.last().is_none_or(|last| *last < certificate.counts.len());
        let in_order = is_increasing(&insider.known) && insider.own.is_sorted_by(|one, next| one.0 < next.0);
        let fits = exist && in_order && insider.own.iter().all(is_possible);
        require(fits, format_args!("insider {number} cannot know what it is said to"))?;
        for (claim, set) in certificate.claims.iter().map(|claim| claim.set).enumerate() {
            if insider.is_about_others(set, certificate) {
                let mut worlds = worlds_about.get(set).into_iter().flatten();
                let is_unsure = worlds.any(|world| insider.takes_for_possible(world, certificate));
                require(is_unsure, format_args!("claim {claim} is not shown to insider {number}"))?;
                pairs += 1;
            }
        }
    }
    if certificate.inside.respondents > 0 {
        verify_respondents(certificate)?;
    }
    Ok(pairs)
}

impl KnownInside {
    fn own_of(&self, set: usize) -> Option<u64> {
        let place = self.own.binary_search_by_key(&set, |(own, _)| *own).ok();
        place.and_then(|place| self.own.get(place)).map(|(_, own)| *own)
    }

    fn knows(&self, set: usize) -> bool {
        self.known.binary_search(&set).is_ok()
    }

    fn is_about_others(&self, set: usize, certificate: &Certificate) -> bool {
        let is_all_own = self.own_of(set).is_some_and(|own| certificate.counts.get(set) == Some(&own));
        !self.knows(set) && !is_all_own
    }

    fn takes_for_possible(&self, world: &World, certificate: &Certificate) -> bool {
        world.iter().all(|(set, by)| {
            let own = i128::from(self.own_of(*set).unwrap_or_default());
            !self.knows(*set) && count_in(certificate, *set, *by) >= own
        })
    }
}

/// Of each group, that no coalition of respondents tells all worlds from the true one by groups that it makes up. A world counts
/// if it leaves each set what a coalition could hold of it: all but one record of each other patient.
fn verify_respondents(certificate: &Certificate) -> Result<(), Error> {
    let Certificate { counts, inside, claims, .. } = certificate;
    let fits = inside.patients.len() == counts.len()
        && inside.patients.iter().zip(counts).all(|(patients, records)| patients <= records);
    require(fits, "there is not one number of patients per set, or one that is too high")?;
    let small = inside.patients.iter().enumerate();
    let small = small.filter(|(_, patients)| (1..=inside.respondents).contains(*patients));
    let listed = inside.members.iter().map(|(set, members)| (*set, members.len() as u64));
    let is_complete = small.map(|(set, patients)| (set, *patients)).eq(listed)
        && inside.members.iter().all(|(_, members)| is_increasing(members));
    require(is_complete, "the members listed are not those of the sets that respondents make up")?;
    let others = |set: usize| {
        let patients = inside.patients.get(set).copied().unwrap_or_default();
        i128::from(patients.saturating_sub(inside.respondents))
    };
    // The count is no less than its own: by no more than the others' records does it fall.
    let leaves_own = |world: &World| world.iter().all(|(set, by)| i128::from(*by) + others(*set) >= 0);
    let worlds_about = worlds_about(certificate, leaves_own);
    for (number, claim) in claims.iter().enumerate() {
        let about = worlds_about.get(claim.set).map(Vec::as_slice).unwrap_or_default();
        let is_seen_through = sees_through(certificate, &BTreeSet::new(), claim.set, about);
        require(!is_seen_through, format_args!("claim {number} is not shown to respondents"))?;
    }
    Ok(())
}

/// Whether a coalition, or a larger one, tells all these worlds from the true one. It takes in the members of groups that a
/// world changes, world by world: no other coalition could.
fn sees_through(
    certificate: &Certificate,
    coalition: &BTreeSet<u32>,
    secret: usize,
    worlds: &[&World],
) -> bool {
    let inside = &certificate.inside;
    let members = |set: usize| {
        let place = inside.members.binary_search_by_key(&set, |(set, _)| *set).ok();
        place.and_then(|place| inside.members.get(place)).map(|(_, members)| members)
    };
    let is_made_up = |set: usize, coalition: &BTreeSet<u32>| {
        members(set).is_some_and(|members| members.iter().all(|member| coalition.contains(member)))
    };
    let is_open = |world: &&&World| !world.iter().any(|(set, _)| is_made_up(*set, coalition));
    let Some(open) = worlds.iter().find(is_open) else { return true };
    open.iter().filter_map(|(set, _)| members(*set)).any(|members| {
        let larger: BTreeSet<u32> = coalition.iter().chain(members).copied().collect();
        larger.len() as u64 <= inside.respondents
            && !is_made_up(secret, &larger)
            && sees_through(certificate, &larger, secret, worlds)
    })
}

/// By set, the worlds of a kind that change it.
fn worlds_about(certificate: &Certificate, is_of_kind: impl Fn(&World) -> bool) -> Vec<Vec<&World>> {
    let mut about: Vec<Vec<&World>> = vec![Vec::new(); certificate.counts.len()];
    for world in certificate.worlds.iter().filter(|world| is_of_kind(world)) {
        for (set, _) in world {
            if let Some(about) = about.get_mut(*set) {
                about.push(world);
            }
        }
    }
    about
}

/// The count of a set that a world changes; one that does not exist has none.
fn count_in(certificate: &Certificate, set: usize, by: i64) -> i128 {
    certificate.counts.get(set).map_or(i128::MIN, |count| i128::from(*count) + i128::from(by))
}
