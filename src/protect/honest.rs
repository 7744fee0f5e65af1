//! Certificates that are honest: what exchanges between rows and columns prove of random tables verifies, and nothing else.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::certificate::{Certificate, Parts, Shows, certify};
use super::claim::{Claim, Status};
use super::readers_inside::ReadersInside;
use super::release::State;
use super::system::{Line, System};
use super::tampering::{count, moved, percent, place, table, written};
use super::verify::{rounded_share, verify};
use super::world::{Move, holds};

/// A random table of which all margins and shares of the total are printed and everything inside is hidden, and what
/// exchanges between two rows and two columns prove of its small groups.
struct Exchanges {
    rows: usize,
    columns: usize,
    system: System,
    unknown: Vec<bool>,
    lower: Vec<u64>,
    worlds: Vec<Move>,
}

impl Exchanges {
    fn new(random: &mut ChaCha8Rng) -> Self {
        let (rows, columns) = (random.random_range(2..4_usize), random.random_range(2..4_usize));
        let mut counts: Vec<u64> = (0..rows * columns).map(|_| random.random_range(1..8)).collect();
        let inner = counts.len();
        let parts_of_row =
            |row: usize| -> Vec<usize> { (0..columns).map(|column| row * columns + column).collect() };
        let parts_of_column =
            |column: usize| -> Vec<usize> { (0..rows).map(|row| row * columns + column).collect() };
        let parts: Vec<Vec<usize>> =
            (0..rows).map(parts_of_row).chain((0..columns).map(parts_of_column)).collect();
        let mut lines = Vec::new();
        for parts in parts {
            lines.push(Line { whole: counts.len(), parts: parts.clone() });
            counts.push(parts.iter().map(|part| counts[*part]).sum());
        }
        let total = counts.len();
        lines.push(Line { whole: total, parts: (inner..inner + rows).collect() });
        lines.push(Line { whole: total, parts: (inner + rows..total).collect() });
        counts.push(counts.iter().take(inner).sum());
        let unknown: Vec<bool> = (0..counts.len()).map(|set| set < inner).collect();
        let lower = vec![1; counts.len()];
        let system = System::of_counts(&counts, lines);
        Self { rows, columns, system, unknown, lower, worlds: Vec::new() }
    }

    fn count(&self, set: usize) -> u64 {
        self.system.variables[set].records
    }

    /// A world in which a group has moved by so much, kept if there is one.
    fn exchange(&mut self, set: usize, by: i64) -> Option<usize> {
        let (row, column) = (set / self.columns, set % self.columns);
        for other_row in (0..self.rows).filter(|other| *other != row) {
            for other_column in (0..self.columns).filter(|other| *other != column) {
                let at = |row: usize, column: usize| row * self.columns + column;
                let found = moved(&[
                    (set, by),
                    (at(row, other_column), -by),
                    (at(other_row, column), -by),
                    (at(other_row, other_column), by),
                ]);
                if holds(&self.system, &found, &self.unknown, Some(&self.lower)) {
                    self.worlds.push(found);
                    return Some(self.worlds.len() - 1);
                }
            }
        }
        None
    }

    /// What is shown of a group under a threshold.
    fn claim(&mut self, set: usize, threshold: u64) -> Claim {
        let count = self.count(set) as i64;
        let most = threshold - 1;
        let (down, up) = (1 - count, most as i64 - count);
        let low = if down == 0 { None } else { self.exchange(set, down) };
        let high = if up == 0 { None } else { self.exchange(set, up) };
        let is_proven = (down == 0 || low.is_some()) && (up == 0 || high.is_some());
        if !is_proven {
            for by in [1, -1] {
                self.exchange(set, by);
            }
        }
        let status = if is_proven { Status::Proven } else { Status::Bounded };
        Claim { variable: set, least: 1, most, low, high, status }
    }

    fn certify(&mut self, threshold: u64, decimals: u8) -> (String, Certificate) {
        let inner = self.rows * self.columns;
        let small: Vec<usize> = (0..inner).filter(|set| self.count(*set) < threshold).collect();
        let claims: Vec<Claim> = small.into_iter().map(|set| self.claim(set, threshold)).collect();
        let total = self.system.len() - 1;
        let mut rows = vec![vec![State::Protected; 2]; inner];
        let mut printed = Vec::new();
        for set in inner..=total {
            let share = rounded_share(self.count(set).into(), self.count(total).into(), decimals).unwrap();
            let share = share as f64 / 10_f64.powi(decimals.into());
            rows.push(vec![count(self.count(set)), percent(share, decimals)]);
            printed.push(place("t", set, 0, Shows::Count { of: set }));
            printed.push(place("t", set, 1, Shows::Share { of: set, among: total, decimals }));
        }
        let release = written(threshold, vec![table("t", rows)], Vec::new());
        let certificate = certify(Parts {
            system: &self.system,
            unknown: &self.unknown,
            lower: &self.lower,
            worlds: &self.worlds,
            claims: &claims,
            printed,
            threshold,
            release_json: release.as_bytes(),
            inside: ReadersInside::default(),
        });
        (release, certificate)
    }
}

#[test]
fn what_is_honestly_certified_of_random_tables_verifies_and_nothing_exposed_does() {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let (mut proven, mut bounded, mut exposed) = (0, 0, 0);
    for _ in 0..400 {
        let mut made = Exchanges::new(&mut random);
        let (threshold, decimals) = (random.random_range(3..6_u64), random.random_range(0..4_u8));
        let (release, certificate) = made.certify(threshold, decimals);
        let changed = |set: usize| made.worlds.iter().any(|world| world.changes.contains_key(&set));
        let verified = verify(&release, &certificate);
        if !certificate.claims.iter().all(|claim| changed(claim.set)) {
            assert!(verified.is_err_and(|error| error.is_audit()), "no world shows the claim");
            exposed += 1;
            continue;
        }
        let verified = verified.unwrap();
        assert_eq!(verified.proven + verified.bounded, certificate.claims.len());
        assert_eq!((verified.unclaimed, verified.worlds), (0, made.worlds.len()));
        proven += verified.proven;
        bounded += verified.bounded;
        for set in 0..certificate.counts.len() {
            let mut lie = certificate.clone();
            lie.counts[set] += 1;
            assert!(verify(&release, &lie).is_err());
        }
        for place in 0..certificate.printed.len() {
            let mut lie = certificate.clone();
            lie.printed.remove(place);
            assert!(verify(&release, &lie).is_err());
        }
        for claim in 0..certificate.claims.len() {
            let mut lie = certificate.clone();
            lie.claims.remove(claim);
            assert!(verify(&release, &lie).is_err());
        }
    }
    assert!(proven > 300 && bounded > 30, "{proven} proven, {bounded} bounded");
    assert!(exposed > 2, "{exposed}");
}
