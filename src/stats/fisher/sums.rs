//! Probabilities of tables with fixed margins, summed outwards from the likeliest table.
//!
//! Starting at the likeliest table, every weight is at most 1 and follows from its neighbour by one
//! multiplication: no factorial is formed. Where the spread is large, thousands of neighbours differ
//! by little, and an integral with the correction of Euler and Maclaurin replaces their sum.

use super::margins::Mode;
use crate::stats::special::log_excess;

/// Variance from which sums are replaced by integrals; their relative error is then below 1e-11.
const INTEGRAL_FROM: f64 = 1e6;

/// Standard deviations around the likeliest table beyond which no probability is counted: less than
/// 1e-270 is left.
const REACH: f64 = 36.0;

/// A table counts as no likelier than the observed one up to this relative difference, so that
/// rounding does not part equal tables (the tolerance of R's `fisher.test`).
const TIE: f64 = 1e-7;

/// Nodes and weights of the Gauss-Legendre rule with five points on -1 to 1, without the node 0.
const GAUSS: [(f64, f64); 4] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
];

/// The weight of the node 0.
const GAUSS_CENTRE: f64 = 128.0 / 225.0;

/// What the tables add up to, seen from a table in question.
pub(super) struct Sums {
    /// Probability of that table and all with less in the first cell.
    pub(super) at_most: f64,
    /// Probability of that table and all with more in the first cell.
    pub(super) at_least: f64,
    /// Mean of the first cell minus its value in that table.
    pub(super) mean_beyond: f64,
}

impl Mode {
    /// The sums as seen from the table at `offset` from the likeliest.
    pub(super) fn sums(&self, offset: i128) -> Sums {
        let at = offset as f64;
        if self.variance() < INTEGRAL_FROM { self.by_steps(at) } else { self.by_integral(at) }
    }

    /// Probability of all tables that are no likelier than the one at `offset`, at most 1.
    pub(super) fn no_likelier(&self, offset: i128) -> f64 {
        let at = offset as f64;
        let share = if offset == 0 {
            1.0
        } else if self.variance() < INTEGRAL_FROM {
            self.no_likelier_by_steps(at)
        } else {
            self.no_likelier_by_integral(at)
        };
        share.clamp(0.0, 1.0)
    }

    /// Approximate variance of the first cell.
    fn variance(&self) -> f64 {
        1.0 / [self.a, self.b, self.c, self.d].map(|cell| 1.0 / (cell + 1.0)).iter().sum::<f64>()
    }

    /// Offsets above or below the mode with their weights, where the mode has 1, until nothing is
    /// left.
    fn outwards(&self, upwards: bool) -> impl Iterator<Item = (f64, f64)> + use<> {
        let (sign, odds_ratio) =
            if upwards { (1.0, self.log_odds_ratio) } else { (-1.0, -self.log_odds_ratio) };
        let (growing, shrinking) =
            if upwards { ((self.a, self.d), (self.b, self.c)) } else { ((self.b, self.c), (self.a, self.d)) };
        let odds_ratio = odds_ratio.exp();
        let (mut step, mut weight) = (0.0, 1.0);
        std::iter::from_fn(move || {
            let room = (shrinking.0 - step) * (shrinking.1 - step);
            step += 1.0;
            weight *= odds_ratio * room / ((growing.0 + step) * (growing.1 + step));
            (weight >= f64::MIN_POSITIVE).then_some((sign * step, weight))
        })
    }

    /// Every offset with its weight; the mode first, then upwards, then downwards.
    fn tables(&self) -> impl Iterator<Item = (f64, f64)> + use<> {
        std::iter::once((0.0, 1.0)).chain(self.outwards(true)).chain(self.outwards(false))
    }

    fn by_steps(&self, at: f64) -> Sums {
        let (mut total, mut at_most, mut at_least, mut beyond) = (0.0, 0.0, 0.0, 0.0);
        for (offset, weight) in self.tables() {
            total += weight;
            beyond += weight * (offset - at);
            at_most += if offset <= at { weight } else { 0.0 };
            at_least += if offset >= at { weight } else { 0.0 };
        }
        Sums { at_most: at_most / total, at_least: at_least / total, mean_beyond: beyond / total }
    }

    fn no_likelier_by_steps(&self, at: f64) -> f64 {
        let weight_there = self.tables().find(|(offset, _)| *offset == at).map_or(0.0, |(_, weight)| weight);
        let limit = weight_there * (1.0 + TIE);
        let (mut total, mut unlikely) = (0.0, 0.0);
        for (_, weight) in self.tables() {
            total += weight;
            unlikely += if weight <= limit { weight } else { 0.0 };
        }
        unlikely / total
    }

    /// Logarithm of the weight at any real offset within reach, by Stirling's formula; the cells are
    /// so large here that its next term does not count.
    fn log_weight(&self, offset: f64) -> f64 {
        // ln Gamma(cell + by + 1) - ln Gamma(cell + 1) - by ln(cell).
        let growth = |cell: f64, by: f64| {
            let share = by / cell;
            cell * log_excess(share) + share.ln_1p() / 2.0 - share / (12.0 * (cell + by))
        };
        let growths = growth(self.a, offset) + growth(self.d, offset);
        let losses = growth(self.b, -offset) + growth(self.c, -offset);
        offset * (self.log_odds_ratio + self.log_imbalance) - growths - losses
    }

    fn by_integral(&self, at: f64) -> Sums {
        let sd = self.variance().sqrt();
        let reach = REACH * sd;
        if at.abs() >= reach {
            let (at_most, at_least) = if at > 0.0 { (1.0, 0.0) } else { (0.0, 1.0) };
            return Sums { at_most, at_least, mean_beyond: -at };
        }
        let (below, moment_below) = self.integrals(at, false, sd);
        let (above, moment_above) = self.integrals(at, true, sd);
        // Euler and Maclaurin: the whole numbers from a point on sum to the integral, plus half the
        // weight there, minus a twelfth of its slope.
        let weight = self.log_weight(at).exp();
        let slope = weight * (self.log_weight(at + 0.5) - self.log_weight(at - 0.5));
        let total = below + above;
        Sums {
            at_most: (below + weight / 2.0 + slope / 12.0) / total,
            at_least: (above + weight / 2.0 - slope / 12.0) / total,
            mean_beyond: (moment_below + moment_above) / total,
        }
    }

    /// Integrals from `from` outwards to where nothing is left: of the weights, and of the weights
    /// times the distance from `from`. Panels shrink as the weights steepen, which leaves the rule an
    /// error below 1e-11.
    fn integrals(&self, from: f64, upwards: bool, sd: f64) -> (f64, f64) {
        let reach = REACH * sd;
        let (mut sum, mut moment) = (0.0, 0.0);
        let mut place = from;
        while if upwards { place < reach } else { place > -reach } {
            let width = sd / (2.0 + place.abs() / sd);
            let half = if upwards { width / 2.0 } else { -width / 2.0 };
            let before = sum;
            for (node, share) in GAUSS.into_iter().chain([(0.0, GAUSS_CENTRE)]) {
                let at = place + half + node * half;
                let part = share * half.abs() * self.log_weight(at).exp();
                sum += part;
                moment += part * (at - from);
            }
            if sum == before {
                break;
            }
            place += 2.0 * half;
        }
        (sum, moment)
    }

    fn no_likelier_by_integral(&self, at: f64) -> f64 {
        let reach = (REACH * self.variance().sqrt()).floor();
        if at.abs() >= reach {
            return 0.0;
        }
        let limit = self.log_weight(at) + TIE;
        // The nearest table on the other side of the mode that is no likelier.
        let side = -at.signum();
        let (mut likelier, mut unlikely) = (0.0, reach);
        while unlikely - likelier > 1.0 {
            let middle = f64::floor(likelier + (unlikely - likelier) / 2.0);
            if self.log_weight(side * middle) > limit {
                likelier = middle;
            } else {
                unlikely = middle;
            }
        }
        let here = self.by_integral(at);
        let there = self.by_integral(side * unlikely);
        if at > 0.0 { here.at_least + there.at_most } else { here.at_most + there.at_least }
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;
    use crate::stats::fisher::margins::Margins;

    /// Tables whose variance is just beyond the seam, so that both ways can be taken.
    fn at_the_seam() -> [Mode; 3] {
        let skewed = Margins { a: 1_101_000, b: 20_000_000, c: 30_000_000, d: 600_000_000 };
        let even = Margins { a: 4_001_000, b: 4_000_000, c: 4_000_000, d: 4_000_000 };
        [even.mode(0.0), even.mode(0.002), skewed.mode(0.0)]
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-10 * b.abs()
    }

    #[test]
    fn sums_and_integrals_meet() {
        for mode in at_the_seam() {
            for at in [-2500.0, -1.0, 0.0, 1700.0, 6000.0] {
                let (steps, integral) = (mode.by_steps(at), mode.by_integral(at));
                assert!(close(integral.at_most, steps.at_most));
                assert!(close(integral.at_least, steps.at_least));
                assert!((integral.mean_beyond - steps.mean_beyond).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn both_ways_draw_the_same_line_between_likelier_and_not() {
        for mode in at_the_seam() {
            for at in [-2500.0, -1700.0, -3.0, 3.0, 1700.0, 2500.0] {
                assert!(close(mode.no_likelier_by_integral(at), mode.no_likelier_by_steps(at)));
            }
        }
    }

    #[test]
    fn beyond_reach_nothing_is_left() {
        let mode = Margins { a: 1 << 40, b: 1 << 50, c: 1 << 50, d: 1 << 40 }.mode(0.0);
        assert_eq!(mode.no_likelier(mode.observed), 0.0);
        let sums = mode.sums(mode.observed);
        assert_eq!((sums.at_most, sums.at_least), (0.0, 1.0));
        assert!(sums.mean_beyond > 0.0);
    }

    #[test]
    fn four_cups_of_tea() {
        // Fisher 1935: three of four right. The tables 0 to 4 have 1, 16, 36, 16, 1 of 70 ways.
        let mode = Margins { a: 3, b: 1, c: 1, d: 3 }.mode(0.0);
        let sums = mode.sums(mode.observed);
        assert!(close(sums.at_least, 17.0 / 70.0) && close(sums.at_most, 69.0 / 70.0));
        assert!(close(sums.mean_beyond, -1.0) && close(mode.no_likelier(mode.observed), 34.0 / 70.0));
    }
}
