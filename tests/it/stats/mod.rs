//! Statistics against other programs' outputs, and laws that must always hold.

mod counts;
mod counts_laws;
mod mean_laws;
mod means;
mod units;

use proptest::prelude::*;
use registat::{ConfidenceLevel, Histogram, Moments, QuantileType, clopper_pearson, wilson};

/// Steps to the unit.
const PER_UNIT: u64 = 100_000;

fn moments(values: impl IntoIterator<Item = i64>) -> Moments {
    let mut moments = Moments::new(PER_UNIT).unwrap();
    values.into_iter().for_each(|value| moments.add(value));
    moments
}

fn histogram(values: impl IntoIterator<Item = i64>) -> Histogram {
    let mut histogram = Histogram::new(PER_UNIT).unwrap();
    values.into_iter().for_each(|value| histogram.add(value));
    histogram
}

#[test]
fn normal_and_t_quantiles_equal_printed_tables() {
    let z = [(0.90, 1.644_853_627), (0.95, 1.959_963_985), (0.998, 3.090_232_306)];
    for (share, printed) in z {
        assert!((ConfidenceLevel::new(share).unwrap().z() - printed).abs() < 1e-8);
    }
    // Two-sided 95 percent points of Student's t, three decimals.
    let t = [(1, 12.706), (2, 4.303), (5, 2.571), (30, 2.042), (120, 1.980), (1_000_000, 1.960)];
    for (freedom, printed) in t {
        assert!((ConfidenceLevel::P95.t(freedom).unwrap() - printed).abs() <= 5.1e-4);
    }
}

#[test]
fn exact_limits_stay_accurate_for_a_whole_register() {
    // The defining equation for one success: (1 - lower)^n = 0.975.
    let n = 1_000_000_u64;
    let interval = clopper_pearson(1, n, ConfidenceLevel::P95).unwrap();
    let lower = -f64::exp_m1(0.975_f64.ln() / n as f64);
    assert!((interval.lower / lower - 1.0).abs() < 1e-6);
    let middle = clopper_pearson(n / 2, n, ConfidenceLevel::P95).unwrap();
    assert!((middle.lower + middle.upper - 1.0).abs() < 1e-10);
}

/// Values with a chunk number each.
fn chunked() -> impl Strategy<Value = Vec<(i64, usize)>> {
    prop::collection::vec((-2_000_000_i64..2_000_000, 0_usize..4), 0..60)
}

proptest! {
    #[test]
    fn merging_chunks_in_any_order_changes_nothing(values in chunked(), turn in 0_usize..4) {
        let all = histogram(values.iter().map(|(value, _)| *value));
        let mut merged = histogram([]);
        let mut sums = moments([]);
        for chunk in (0..4).map(|i| (i + turn) % 4) {
            let part: Vec<i64> =
                values.iter().filter(|(_, c)| *c == chunk).map(|(v, _)| *v).collect();
            merged.merge(&histogram(part.clone())).unwrap();
            sums.merge(&moments(part.into_iter().rev())).unwrap();
        }
        prop_assert!(merged == all);
        prop_assert!(sums == all.moments());
        let bits = |m: &Moments| (m.mean().map(f64::to_bits), m.sd().map(f64::to_bits));
        prop_assert_eq!(bits(&sums), bits(&all.moments()));
    }

    #[test]
    fn repeated_values_may_be_added_at_once(value in -1000_i64..1000, count in 0_u64..50) {
        let mut at_once = histogram([]);
        at_once.add_many(value, count).unwrap();
        prop_assert!(at_once == histogram((0..count).map(|_| value)));
        let mut sums = moments([]);
        sums.add_many(value, count).unwrap();
        prop_assert!(sums == at_once.moments());
    }

    #[test]
    fn proportion_limits_stay_inside_zero_and_one_and_hold_the_estimate(
        n in 1_u64..20_000, share in 0.0_f64..=1.0, confidence in 0.5_f64..0.999,
    ) {
        let x = ((n as f64 * share) as u64).min(n);
        let level = ConfidenceLevel::new(confidence).unwrap();
        for method in [wilson, clopper_pearson] {
            let interval = method(x, n, level).unwrap();
            prop_assert!(0.0 <= interval.lower && interval.upper <= 1.0);
            let estimate = x as f64 / n as f64;
            prop_assert!(interval.lower <= estimate + 1e-12);
            prop_assert!(interval.upper >= estimate - 1e-12);
            // Successes and failures mirror each other.
            let mirror = method(n - x, n, level).unwrap();
            prop_assert!((mirror.lower - (1.0 - interval.upper)).abs() < 1e-9);
        }
    }

    #[test]
    fn quantiles_lie_between_the_extremes_and_grow_with_their_share(
        values in prop::collection::vec(-1000_i64..1000, 1..40),
        a in 0.0_f64..=1.0, b in 0.0_f64..=1.0, number in 1_u8..=9,
    ) {
        let kind = QuantileType::from_number(number).unwrap();
        let histogram = histogram(values.iter().copied());
        let at = |p: f64| histogram.quantile(p, kind).unwrap().unwrap() * PER_UNIT as f64;
        let (low, high) = (at(a.min(b)), at(a.max(b)));
        prop_assert!(low <= high + 1e-9);
        prop_assert!(low >= *values.iter().min().unwrap() as f64 - 1e-9);
        prop_assert!(high <= *values.iter().max().unwrap() as f64 + 1e-9);
    }

    #[test]
    fn shares_count_what_is_at_most_the_value(
        values in prop::collection::vec(-20_i64..20, 1..40), limit in -25_i64..25,
    ) {
        let below = values.iter().filter(|value| **value <= limit).count();
        let histogram = histogram(values.iter().copied());
        prop_assert_eq!(histogram.count_at_most(limit), below as u64);
        let share = below as f64 / values.len() as f64;
        prop_assert_eq!(histogram.share_at_most(limit), Some(share));
    }
}
