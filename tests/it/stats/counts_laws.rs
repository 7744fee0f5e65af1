//! Laws that statistics of counts obey for any counts and any level.
use proptest::prelude::*;
use registat::{
    ChiSquareTest, ConfidenceLevel, ContinuityCorrection, DifferenceMethod, FisherTest, Interval,
    PValueAdjustment, PoissonMethod, Proportion, ProportionDifference, ProportionMethod, RiskRatio,
    smd_binary,
};

/// Counts of a ward, of a register, of a continent, and the largest.
fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..5_u64,
        0..200_u64,
        0..2_000_000_u64,
        0..1_000_000_000_000_000_u64,
        Just(u64::MAX),
        any::<u64>()
    ]
}

fn any_proportion() -> impl Strategy<Value = Proportion> {
    (any_count(), any_count()).prop_map(|(a, b)| Proportion::new(a.min(b), a.max(b)).unwrap())
}

/// Groups that are small enough to be added.
fn proportion_below(limit: u64) -> impl Strategy<Value = Proportion> {
    (0..limit, 0..limit).prop_map(|(a, b)| Proportion::new(a.min(b), a.max(b)).unwrap())
}

fn any_level() -> impl Strategy<Value = ConfidenceLevel> {
    let value = prop_oneof![0.001..0.999, Just(1e-300), Just(f64::EPSILON), Just(1.0 - f64::EPSILON / 2.0)];
    value.prop_map(|value| ConfidenceLevel::new(value).unwrap())
}

fn usual_level() -> impl Strategy<Value = ConfidenceLevel> {
    (0.5..0.999).prop_map(|value| ConfidenceLevel::new(value).unwrap())
}

fn is_ordered(interval: Interval) -> bool {
    interval.lower.is_finite() && interval.upper.is_finite() && interval.lower <= interval.upper
}

/// Equal within `tolerance` of the size of `b`, or of 1 if that is larger.
fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

/// Failures in place of successes.
fn mirrored(group: &Proportion) -> Proportion {
    Proportion::new(group.failures(), group.n()).unwrap()
}

fn is_truncated(method: ProportionMethod) -> bool {
    !matches!(method, ProportionMethod::Wald | ProportionMethod::AgrestiCoull)
}

proptest! {
    #[test]
    fn every_proportion_has_finite_ordered_limits(group in any_proportion(), level in any_level()) {
        for method in ProportionMethod::ALL {
            let Some(interval) = group.interval(method, level) else {
                prop_assert_eq!(group.n(), 0);
                continue;
            };
            prop_assert!(is_ordered(interval));
            prop_assert!(!is_truncated(method) || (interval.lower >= 0.0 && interval.upper <= 1.0));
        }
    }

    #[test]
    fn limits_of_failures_mirror_those_of_successes(group in any_proportion(), level in any_level()) {
        for method in ProportionMethod::ALL {
            let there = group.interval(method, level);
            let back = mirrored(&group).interval(method, level);
            prop_assert!(there.zip(back).is_none_or(|(t, b)| close(1.0 - t.upper, b.lower, 1e-10)));
        }
    }

    #[test]
    fn a_usual_interval_holds_the_share_and_grows_with_the_level(group in any_proportion()) {
        let levels = [0.6, 0.9, 0.95, 0.99, 0.998].map(|value| ConfidenceLevel::new(value).unwrap());
        let Some(share) = group.share() else { return Ok(()) };
        for method in ProportionMethod::ALL {
            let intervals = levels.map(|level| group.interval(method, level).unwrap());
            for interval in intervals {
                prop_assert!(interval.lower - 1e-15 <= share && share <= interval.upper + 1e-15);
            }
            for pair in intervals.windows(2) {
                prop_assert!(pair[1].width() >= pair[0].width() - 1e-15);
            }
        }
    }

    #[test]
    fn with_many_patients_all_methods_agree(tenths in 1..10_u64, level in usual_level()) {
        let group = Proportion::new(tenths * 10_000_000_000, 100_000_000_000).unwrap();
        let intervals = ProportionMethod::ALL.map(|method| group.interval(method, level).unwrap());
        for interval in intervals {
            prop_assert!(close(interval.lower, intervals[0].lower, 1e-9));
            prop_assert!(close(interval.upper, intervals[0].upper, 1e-9));
        }
    }

    #[test]
    fn merging_groups_takes_any_order(groups in prop::collection::vec(proportion_below(1000), 0..8)) {
        let merge = |parts: &mut dyn Iterator<Item = &Proportion>| {
            parts.fold(Proportion::default(), |mut whole, part| {
                whole.merge(part).unwrap();
                whole
            })
        };
        prop_assert_eq!(merge(&mut groups.iter()), merge(&mut groups.iter().rev()));
    }

    #[test]
    fn differences_turn_their_sign_with_the_groups(
        first in any_proportion(), second in any_proportion(), level in any_level(),
    ) {
        for method in DifferenceMethod::ALL {
            let there = ProportionDifference::of(&first, &second, method, level);
            let back = ProportionDifference::of(&second, &first, method, level);
            prop_assert_eq!(there.is_some(), first.n() > 0 && second.n() > 0);
            let Some((there, back)) = there.zip(back) else { continue };
            prop_assert!(is_ordered(there.interval));
            prop_assert_eq!(there.difference, -back.difference);
            prop_assert!(close(there.interval.lower, -back.interval.upper, 1e-14));
            if method == DifferenceMethod::Newcombe {
                prop_assert!(there.interval.lower >= -1.0 && there.interval.upper <= 1.0);
                prop_assert!(there.interval.contains(there.difference));
            }
        }
    }

    #[test]
    fn the_chi_square_test_ignores_the_order_of_groups(
        groups in prop::collection::vec(proportion_below(1_000_000_000_000_000), 0..6), small in 0..2_usize,
    ) {
        let groups = &groups[..groups.len() - small.min(groups.len())];
        for correction in ContinuityCorrection::ALL {
            let there = ChiSquareTest::of(groups, correction);
            let reversed: Vec<Proportion> = groups.iter().rev().map(mirrored).collect();
            let back = ChiSquareTest::of(&reversed, correction);
            prop_assert!(there == back);
            let Some(test) = there else { continue };
            prop_assert!(test.statistic.is_finite() && test.statistic >= 0.0);
            prop_assert!((0.0..=1.0).contains(&test.p_value));
        }
        let [bare, corrected] = ContinuityCorrection::ALL.map(|how| ChiSquareTest::of(groups, how));
        prop_assert!(bare.zip(corrected).is_none_or(|(b, c)| c.statistic <= b.statistic && c.p_value >= b.p_value));
    }

    #[test]
    fn two_groups_give_the_square_of_a_normal_statistic(
        first in proportion_below(100_000), second in proportion_below(100_000),
    ) {
        let Some(test) = ChiSquareTest::of(&[first, second], ContinuityCorrection::Uncorrected) else {
            return Ok(());
        };
        let (n1, n2) = (first.n() as f64, second.n() as f64);
        let pooled = (first.successes() + second.successes()) as f64 / (n1 + n2);
        let difference = first.share().unwrap() - second.share().unwrap();
        let z2 = difference * difference / (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2));
        prop_assert!(close(test.statistic, z2, 1e-9));
    }

    #[test]
    fn adjusted_p_values_go_with_their_tests(p_values in prop::collection::vec(0.0..=1.0, 0..30)) {
        let reversed: Vec<f64> = p_values.iter().rev().copied().collect();
        let [discovery, holm, bonferroni] = PValueAdjustment::ALL.map(|how| {
            let mut back = how.adjust(&reversed).unwrap();
            back.reverse();
            let there = how.adjust(&p_values).unwrap();
            assert_eq!(there, back);
            there
        });
        for (i, p) in p_values.iter().enumerate() {
            // A p-value times a ratio of ranks may lose its last digit.
            prop_assert!(*p <= discovery[i] + 1e-15 && discovery[i] <= holm[i] + 1e-15);
            prop_assert!(holm[i] <= bonferroni[i] && bonferroni[i] <= 1.0);
            for (j, q) in p_values.iter().enumerate() {
                prop_assert!(p > q || (discovery[i] <= discovery[j] && holm[i] <= holm[j]));
            }
        }
    }

    #[test]
    fn standardised_differences_turn_their_sign(first in any_proportion(), second in any_proportion()) {
        let (there, back) = (smd_binary(&first, &second), smd_binary(&second, &first));
        prop_assert!(there.is_none_or(f64::is_finite));
        prop_assert_eq!(there, back.map(|smd| 0.0 - smd));
    }

    #[test]
    fn risk_ratios_turn_over_with_the_groups(
        first in any_proportion(), second in any_proportion(), level in any_level(),
    ) {
        let there = RiskRatio::of(&first, &second, level);
        let back = RiskRatio::of(&second, &first, level);
        prop_assert_eq!(there.is_some(), first.successes() > 0 && second.successes() > 0);
        let Some((there, back)) = there.zip(back) else { return Ok(()) };
        prop_assert!(is_ordered(there.interval) && there.interval.lower > 0.0);
        prop_assert!(there.interval.contains(there.ratio));
        prop_assert!(close(there.ratio * back.ratio, 1.0, 1e-14));
        prop_assert!(close(there.interval.lower * back.interval.upper, 1.0, 1e-13));
    }

    #[test]
    fn limits_of_counts_are_ordered_and_grow_with_the_count(observed in any_count(), level in any_level()) {
        for method in PoissonMethod::ALL {
            let interval = method.interval(observed, level).unwrap();
            prop_assert!(is_ordered(interval) && interval.lower >= 0.0);
        }
        // Byar's approximation need not grow at extreme levels. The series and the halving of the
        // exact limits differ by 1e-11 where they meet.
        let limits = |count| PoissonMethod::Exact.interval(count, level).unwrap();
        let (here, next) = (limits(observed), limits(observed.saturating_add(1)));
        prop_assert!(next.lower >= here.lower * (1.0 - 1e-11));
        prop_assert!(next.upper >= here.upper * (1.0 - 1e-11));
    }

    #[test]
    fn limits_of_counts_are_those_of_rare_proportions(observed in 0..5000_u64, level in usual_level()) {
        let n = 1_000_000_000_000_000;
        let rare = ProportionMethod::ClopperPearson.interval(observed, n, level).unwrap();
        let exact = PoissonMethod::Exact.interval(observed, level).unwrap();
        prop_assert!(close(rare.lower * n as f64, exact.lower, 1e-8));
        prop_assert!(close(rare.upper * n as f64, exact.upper, 1e-8));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fisher_tests_turn_over_with_the_groups(
        first in prop_oneof![proportion_below(30), proportion_below(3000), proportion_below(1_000_000_000_000_000)],
        second in prop_oneof![proportion_below(30), proportion_below(3000), proportion_below(1_000_000_000_000_000)],
        level in usual_level(),
    ) {
        let there = FisherTest::of(&first, &second, level);
        let back = FisherTest::of(&second, &first, level);
        prop_assert_eq!(there.is_some(), back.is_some());
        let Some((there, back)) = there.zip(back) else { return Ok(()) };
        prop_assert!((0.0..=1.0).contains(&there.p_value));
        prop_assert!(close(there.p_value, back.p_value, 1e-9));
        for (value, turned) in [(there.upper, back.lower), (there.odds_ratio, back.odds_ratio.unwrap_or(f64::INFINITY))] {
            match value {
                None => prop_assert_eq!(turned, 0.0),
                Some(value) => prop_assert!(value.is_finite() && close(value * turned, 1.0, 1e-9) || turned.is_infinite()),
            }
        }
        let (estimate, upper) = (there.odds_ratio.unwrap_or(f64::INFINITY), there.upper.unwrap_or(f64::INFINITY));
        prop_assert!(there.lower >= 0.0 && there.lower <= estimate * (1.0 + 1e-12));
        prop_assert!(estimate <= upper * (1.0 + 1e-12));
    }

    #[test]
    fn fisher_tests_stand_any_counts(
        first in any_proportion(), second in any_proportion(), level in any_level(),
    ) {
        let Some(test) = FisherTest::of(&first, &second, level) else { return Ok(()) };
        prop_assert!((0.0..=1.0).contains(&test.p_value) && test.lower.is_finite() && test.lower >= 0.0);
        for value in [test.upper, test.odds_ratio, test.sample_odds_ratio] {
            prop_assert!(value.is_none_or(|value| value.is_finite() && value >= 0.0));
        }
    }

    #[test]
    fn chi_square_and_fisher_agree_in_large_groups(
        successes in 40_000_000..60_000_000_u64, shift in 0..20_000_u64,
    ) {
        let n = 100_000_000;
        let groups = [Proportion::new(successes, n).unwrap(), Proportion::new(successes + shift, n).unwrap()];
        let chi_square = ChiSquareTest::of(&groups, ContinuityCorrection::YatesIfTwo).unwrap();
        let fisher = FisherTest::of(&groups[0], &groups[1], ConfidenceLevel::P95).unwrap();
        prop_assert!((chi_square.p_value - fisher.p_value).abs() < 1e-6);
    }
}
