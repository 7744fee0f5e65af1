//! One choice of what to hide, attacked until no attack succeeds.
//! A numeric kernel: it indexes by the variable numbers of one system.
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::audit::Attack;
use super::coalition::Coalitions;
use super::flags::Flags;
use super::insider::Insider;
use super::interval::Widening;
use super::optimum::packing_bound;
use super::secondary::{Problem, Unprotectable};
use super::system::System;
use super::world::Move;

/// Rounds of choosing and auditing before a release is refused. Each round hides at least one more number.
const MOST_ROUNDS: usize = 400;

/// Attempts to find a cheaper choice. A report's small groups form many small knots; more attempts gain little.
const IMPROVEMENTS: usize = 60;

/// Attacks on a choice with less hidden, before what is left of it stays hidden.
const MOST_PUBLISHED_BACK: usize = 150;

/// What must be protected, from whom, and what hiding costs.
pub(super) struct Task<'s> {
    pub(super) system: &'s System,
    pub(super) flags: &'s Flags,
    pub(super) cost: &'s [u64],
    /// No sum of hidden parts that a line gives away may be of fewer patients than this.
    pub(super) least: u64,
    /// The least that readers take each count for; `None` for sums of values, which have no bounds in use.
    pub(super) lower: Option<Vec<u64>>,
    /// For some secrets, the least and the most that must stay possible.
    pub(super) demanded: BTreeMap<usize, (u64, u64)>,
    pub(super) insiders: Vec<Insider>,
    /// How many respondents pool what they know.
    pub(super) respondents: u64,
    pub(super) seed: u64,
}

/// What is hidden, and the worlds that protect it.
pub(super) struct Chosen {
    pub(super) hidden: Vec<bool>,
    /// Each secret is changed by at least one of them.
    pub(super) worlds: Vec<Move>,
    /// Pairs of an insider and a secret of others that were checked.
    pub(super) insider_checks: usize,
    pub(super) cost: u64,
}

/// What the attacks on a choice found.
struct Attacked {
    exposed: Vec<usize>,
    worlds: Vec<Move>,
    insider_checks: usize,
}

impl Task<'_> {
    /// Chooses, lets the audit attack the choice, hides more where an attack succeeds, and widens what a reader cannot rule
    /// out.
    pub(super) fn choose(&self) -> Result<Chosen, Unprotectable> {
        let problem = Problem {
            system: self.system,
            flags: self.flags,
            least_sum: self.least,
            cost: self.cost,
            improvements: IMPROVEMENTS,
            seed: self.seed,
        };
        let secrets = self.flags.secrets();
        let first = problem.solve()?;
        let mut hidden = first.clone();
        for _ in 0..MOST_ROUNDS {
            let found = self.attacked(&hidden, &secrets, &[]);
            if found.exposed.is_empty() {
                let Attacked { mut worlds, insider_checks, .. } =
                    self.publish_back(&first, &mut hidden, &secrets, found);
                self.widen(&problem, &mut hidden, &secrets, &mut worlds);
                let cost = self.secondary_cost(&hidden);
                return Ok(Chosen { hidden, worlds, insider_checks, cost });
            }
            problem.hide_more(&mut hidden, &found.exposed)?;
        }
        Err(Unprotectable(secrets.first().copied().unwrap_or_default()))
    }

    /// Every attack on a choice, the next kind of attacker only where those before found nothing. Worlds of a similar choice
    /// are kept where they are worlds of this one.
    fn attacked(&self, hidden: &[bool], secrets: &[usize], similar: &[Move]) -> Attacked {
        let attack = self.attack(hidden);
        let mut worlds: Vec<Move> = similar.iter().filter(|world| attack.allows(world)).cloned().collect();
        let safe: BTreeSet<usize> = worlds.iter().flat_map(|world| world.changes.keys().copied()).collect();
        let open: Vec<usize> = secrets.iter().copied().filter(|one| !safe.contains(one)).collect();
        let (mut exposed, found) = attack.exposed_and_worlds(&open);
        worlds.extend(found);
        let sums = attack.small_sums(&self.flags.sensitive, self.least).into_iter();
        let new = sums.filter(|(line, _)| !self.flags.known_sums.contains(line));
        exposed.extend(new.map(|(_, example)| example));
        let mut insider_checks = 0;
        if exposed.is_empty() {
            for insider in &self.insiders {
                let records = |secret: usize| self.system.variables[secret].records;
                let of_others = secrets.iter().copied();
                let of_others: Vec<usize> =
                    of_others.filter(|one| insider.is_about_others(*one, records(*one))).collect();
                insider_checks += of_others.len();
                exposed.extend(self.exposed_to(insider, &attack, &of_others, &mut worlds));
            }
        }
        if exposed.is_empty() {
            exposed = self.exposed_to_coalitions(&attack, secrets, &mut worlds);
        }
        Attacked { exposed, worlds, insider_checks }
    }

    /// Publishes again what was hidden on the way and is not needed in the end: dearest first, many at a time, and fewer where
    /// many are too much. Hiding against one attacker is often undone by what had to be hidden against the next.
    fn publish_back(
        &self,
        first: &[bool],
        hidden: &mut Vec<bool>,
        secrets: &[usize],
        mut safe: Attacked,
    ) -> Attacked {
        let mut added: Vec<usize> =
            (0..hidden.len()).filter(|one| !first[*one] && self.flags.is_secondary(hidden, *one)).collect();
        added.sort_by_key(|one| (Reverse(self.cost[*one]), *one));
        let mut parts: Vec<&[usize]> = if added.is_empty() { Vec::new() } else { vec![&added] };
        for _ in 0..MOST_PUBLISHED_BACK {
            let Some(part) = parts.pop() else { break };
            let mut trial = hidden.clone();
            part.iter().for_each(|one| trial[*one] = false);
            let found = self.attacked(&trial, secrets, &safe.worlds);
            if found.exposed.is_empty() {
                *hidden = trial;
                safe = found;
            } else if part.len() > 1 {
                let (dearer, cheaper) = part.split_at(part.len() / 2);
                parts.extend([cheaper, dearer]);
            }
        }
        safe
    }

    fn secondary_cost(&self, hidden: &[bool]) -> u64 {
        let secondaries = (0..hidden.len()).filter(|one| self.flags.is_secondary(hidden, *one));
        secondaries.map(|secondary| self.cost[secondary]).sum()
    }

    /// No choice of secondaries that is safe costs less.
    pub(super) fn lower_bound(&self) -> u64 {
        let nothing = vec![false; self.system.len()];
        let mut secret = nothing.clone();
        self.flags.secrets().into_iter().for_each(|one| secret[one] = true);
        let all = 0..self.system.len();
        let unknown: Vec<bool> = all
            .clone()
            .map(|one| self.flags.is_primary(one) || self.flags.is_unknown(&nothing, one))
            .collect();
        let may_hide: Vec<bool> = all.map(|one| self.flags.can_hide(self.system, &nothing, one)).collect();
        packing_bound(self.system, &secret, &unknown, &may_hide, self.cost)
    }

    /// What an outsider faces when this is hidden.
    pub(super) fn attack(&self, hidden: &[bool]) -> Attack<'_> {
        let unknown =
            (0..self.system.len()).map(|variable| self.flags.is_unknown(hidden, variable)).collect();
        Attack { system: self.system, unknown, lower: self.lower.clone() }
    }

    /// The secrets of others that an insider works out: each world either changes what it knows or leaves fewer than its own,
    /// and there is no other.
    fn exposed_to(
        &self,
        insider: &Insider,
        outsider: &Attack<'_>,
        secrets: &[usize],
        worlds: &mut Vec<Move>,
    ) -> Vec<usize> {
        let least =
            |variable: usize, least: u64| least.max(insider.own.get(&variable).copied().unwrap_or_default());
        let lower = self.lower.as_ref();
        let lower =
            lower.map(|lower| lower.iter().enumerate().map(|(one, known)| least(one, *known)).collect());
        let mut unknown = outsider.unknown.clone();
        insider.known.iter().for_each(|variable| unknown[*variable] = false);
        let inside = Attack { system: self.system, unknown, lower };
        let possible = worlds.iter().filter(|world| inside.allows(world));
        let safe: BTreeSet<usize> = possible.flat_map(|world| world.changes.keys().copied()).collect();
        let open: Vec<usize> = secrets.iter().copied().filter(|one| !safe.contains(one)).collect();
        let (exposed, found) = inside.exposed_and_worlds(&open);
        worlds.extend(found);
        exposed
    }

    /// The secrets that some coalition of respondents works out: it tells all worlds from the true one by groups that it makes
    /// up, and there is no other world.
    fn exposed_to_coalitions(
        &self,
        outsider: &Attack<'_>,
        secrets: &[usize],
        worlds: &mut Vec<Move>,
    ) -> Vec<usize> {
        if self.respondents == 0 {
            return Vec::new();
        }
        let coalitions = Coalitions::new(self.system, self.respondents);
        let lower = self.lower.as_deref().map(|lower| coalitions.least_counts(lower));
        let everyone = Attack { system: self.system, unknown: outsider.unknown.clone(), lower };
        let mut worlds_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let index = |worlds_of: &mut BTreeMap<usize, Vec<usize>>, number: usize, world: &Move| {
            let changed = world.changes.keys().filter(|one| secrets.binary_search(one).is_ok());
            changed.for_each(|secret| worlds_of.entry(*secret).or_default().push(number));
        };
        let possible = worlds.iter().enumerate().filter(|(_, world)| everyone.allows(world));
        possible.for_each(|(number, world)| index(&mut worlds_of, number, world));
        let mut exposed = Vec::new();
        for secret in secrets {
            loop {
                let about = worlds_of.get(secret).into_iter().flatten();
                let about: Vec<&Move> = about.map(|number| &worlds[*number]).collect();
                let Some(coalition) = coalitions.that_sees_through(*secret, &about) else { break };
                let mut unknown = everyone.unknown.clone();
                coalitions.known_to(&coalition).into_iter().for_each(|known| unknown[known] = false);
                let inside = Attack { system: self.system, unknown, lower: everyone.lower.clone() };
                let Some(found) = inside.find_move(*secret) else {
                    exposed.push(*secret);
                    break;
                };
                index(&mut worlds_of, worlds.len(), &found);
                worlds.push(found);
            }
        }
        exposed
    }

    /// Hides more so that every small count could also be any other one below the threshold; hiding more never exposes what
    /// was safe. Some counts stay narrower than that: their neighbours are public, or must be printed.
    fn widen(&self, problem: &Problem<'_>, hidden: &mut [bool], secrets: &[usize], worlds: &mut Vec<Move>) {
        let Some(lower) = self.lower.clone().filter(|_| !self.demanded.is_empty()) else { return };
        worlds.extend(Widening::new(problem, self.demanded.clone(), lower).widen(hidden, secrets).worlds);
    }
}
