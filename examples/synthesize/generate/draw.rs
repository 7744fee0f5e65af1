//! Random numbers: one independent stream per purpose and course.
//!
//! A course draws from its own stream, so its answers depend on neither the other courses nor the order of the work.
//! Only integer operations, addition and multiplication are used (no logarithm, no cosine), so a seed gives the same
//! data on every platform.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for; keeps the streams of one course apart.
#[derive(Clone, Copy)]
pub enum Purpose {
    Visits = 1,
    Returns = 2,
    Patient = 3,
    Course = 4,
    Handling = 5,
}

/// One stream of random numbers.
pub struct Draw {
    source: ChaCha8Rng,
}

impl Draw {
    /// The stream of a purpose and a number (of a course, a patient, a unit).
    pub fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(((purpose as u64) << 56) | number);
        Self { source }
    }

    /// Sixty-four random bits.
    pub fn bits(&mut self) -> u64 {
        self.source.next_u64()
    }

    /// Uniform on 0 to 1, 1 excluded.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Uniform on the whole numbers below `limit` (0 when there are none).
    pub fn below(&mut self, limit: usize) -> usize {
        ((self.share() * limit as f64) as usize).min(limit.saturating_sub(1))
    }

    /// Nearly standard normal: the sum of twelve uniform numbers of sixteen bits, centred.
    pub fn normal(&mut self) -> f64 {
        let mut sum = 0_u64;
        for _ in 0..3 {
            let word = self.bits();
            sum += (word & 0xffff) + ((word >> 16) & 0xffff) + ((word >> 32) & 0xffff) + (word >> 48);
        }
        // Twelve times 32 767.5, and the standard deviation of the sum.
        (sum as f64 - 393_210.0) / 65_536.0
    }

    /// The place of one weight, chosen with a probability proportional to it.
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// A register code, chosen with a probability proportional to its weight.
    pub fn code(&mut self, weighted: &[(u8, f64)]) -> u8 {
        let weights: Vec<f64> = weighted.iter().map(|(_, weight)| *weight).collect();
        let place = self.pick(&weights);
        weighted.get(place).map_or(0, |(code, _)| *code)
    }

    /// A made-up identifier whose prefix says that it is synthetic.
    pub fn identifier(&mut self, prefix: &str) -> String {
        let (high, low) = (self.bits(), self.bits());
        let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xffff);
        let (fourth, fifth) = (low >> 48, low & 0xffff_ffff_ffff);
        format!("{prefix}-{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{fifth:012x}")
    }
}

/// How many cut points a normal score has reached: its grade, from 0.
pub fn grade(score: f64, cuts: &[f64]) -> u8 {
    cuts.iter().filter(|cut| score >= **cut).count() as u8
}
