//! General properties of means, paired changes, two-sample comparisons and medians.
use proptest::prelude::*;
use registat::{
    ConfidenceLevel, Histogram, MeanDifference, MedianInterval, Moments, PairedChange, PairedEffect,
    PairedMoments, QuantileType, SampleSummary, cohen_d, hedges_correction, hedges_g,
    standardised_mean_difference,
};

const GRID: u64 = 10;

fn histogram(values: &[i64]) -> Histogram {
    let mut histogram = Histogram::new(GRID).unwrap();
    values.iter().for_each(|&value| histogram.add(value));
    histogram
}

#[test]
fn quantiles_and_p_values_approach_the_normal_distribution() {
    let level = ConfidenceLevel::P95;
    let mut before = f64::INFINITY;
    for df in [5.5, 50.5, 500.5, 999.5, 1000.5, 1e5, 1e9, 1e15] {
        let t = level.t_fractional(df).unwrap();
        assert!(level.z() <= t && t < before);
        before = t;
    }
    assert!((before - level.z()).abs() < 1e-12);
    // A difference of z standard errors between huge groups has p = 0.05.
    let n = 1_000_000_000_000_000;
    let error = (2.0 / n as f64).sqrt();
    let a = SampleSummary::new(n, level.z() * error, 1.0).unwrap();
    let b = SampleSummary::new(n, 0.0, 1.0).unwrap();
    let p = MeanDifference::welch(&a, &b, level).unwrap().p_value().unwrap();
    assert!((p - 0.05).abs() < 1e-12, "{p}");
    assert!((hedges_correction(n).unwrap() - 1.0).abs() < 1e-14);
    assert!((hedges_g(&a, &b).unwrap() / cohen_d(&a, &b).unwrap() - 1.0).abs() < 1e-14);
}

fn any_level() -> impl Strategy<Value = ConfidenceLevel> {
    (0.001_f64..0.9999).prop_map(|level| ConfidenceLevel::new(level).unwrap())
}

fn any_summary() -> impl Strategy<Value = SampleSummary> {
    (2_u64..1_000_000, -1e6_f64..1e6, 1e-3_f64..1e3)
        .prop_map(|(n, mean, sd)| SampleSummary::new(n, mean, sd).unwrap())
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn pairs_do_not_depend_on_order_or_parts(
        values in prop::collection::vec((any::<i64>(), any::<i64>()), 0..40),
        cut in 0_usize..40,
    ) {
        let of = |values: &[(i64, i64)]| {
            let mut pairs = PairedMoments::new(GRID).unwrap();
            values.iter().for_each(|&(baseline, follow_up)| pairs.add(baseline, follow_up));
            pairs
        };
        let whole = of(&values);
        let (left, right) = values.split_at(cut.min(values.len()));
        let mut merged = of(right);
        merged.merge(&of(left)).unwrap();
        let backwards: Vec<_> = values.iter().copied().rev().collect();
        prop_assert!(whole == merged && whole == of(&backwards));
    }

    #[test]
    fn any_pairs_have_finite_statistics_or_none(
        values in prop::collection::vec((any::<i64>(), any::<i64>()), 0..12),
        small in prop::collection::vec((-3_i64..3, -3_i64..3), 0..12),
        level in any_level(),
    ) {
        for values in [values, small] {
            let mut pairs = PairedMoments::new(7).unwrap();
            values.iter().for_each(|&(baseline, follow_up)| pairs.add(baseline, follow_up));
            let r = pairs.pearson_r();
            prop_assert!(r.is_none_or(|r| (-1.0..=1.0).contains(&r)));
            if let Some(change) = PairedChange::from_pairs(&pairs, level) {
                prop_assert!(change.interval.contains(change.mean) && change.interval.width().is_finite());
                prop_assert!(change.t_statistic().is_none_or(f64::is_finite));
                prop_assert!(change.p_value().is_none_or(|p| (0.0..=1.0).contains(&p)));
            }
            let raw = PairedEffect::from_pairs(&pairs);
            for effect in [raw, raw.and_then(|effect| effect.bias_corrected())].into_iter().flatten() {
                prop_assert!(effect.standardised_response_mean.is_none_or(f64::is_finite));
                prop_assert!(effect.baseline_effect_size.is_none_or(f64::is_finite));
                prop_assert!(effect.average_effect_size.is_none_or(f64::is_finite));
            }
        }
    }

    #[test]
    fn differences_of_pairs_are_the_differences(
        values in prop::collection::vec((-1_000_000_i64..1_000_000, -1_000_000_i64..1_000_000), 2..40),
    ) {
        let mut pairs = PairedMoments::new(GRID).unwrap();
        let mut swapped = PairedMoments::new(GRID).unwrap();
        let mut differences = Moments::new(GRID).unwrap();
        for &(baseline, follow_up) in &values {
            pairs.add(baseline, follow_up);
            swapped.add(follow_up, baseline);
            differences.add(follow_up - baseline);
        }
        prop_assert!(pairs.differences() == differences);
        let p = |pairs| PairedChange::from_pairs(pairs, ConfidenceLevel::P95).unwrap().p_value();
        prop_assert_eq!(p(&pairs), p(&swapped));
        let agree = match (pairs.pearson_r(), swapped.pearson_r()) {
            (Some(a), Some(b)) => same(a, b),
            (a, b) => a == b,
        };
        prop_assert!(agree);
    }

    #[test]
    fn exchanging_the_samples_changes_the_sign(a in any_summary(), b in any_summary(), level in any_level()) {
        for method in [MeanDifference::welch, MeanDifference::pooled] {
            let (there, back) = (method(&a, &b, level).unwrap(), method(&b, &a, level).unwrap());
            prop_assert!(same(there.difference, -back.difference));
            prop_assert!(same(there.interval.lower, -back.interval.upper));
            prop_assert!(same(there.p_value().unwrap(), back.p_value().unwrap()));
            prop_assert!(there.interval.contains(there.difference));
        }
        for effect in [cohen_d, hedges_g, standardised_mean_difference] {
            prop_assert!(same(effect(&a, &b).unwrap(), -effect(&b, &a).unwrap()));
        }
        prop_assert!(hedges_g(&a, &b).unwrap().abs() <= cohen_d(&a, &b).unwrap().abs());
    }

    #[test]
    fn welch_equals_pooled_for_equal_sizes_and_deviations(
        n in 2_u64..2000, sd in 1e-3_f64..1e3, means in (-1e3_f64..1e3, -1e3_f64..1e3), level in any_level(),
    ) {
        let a = SampleSummary::new(n, means.0, sd).unwrap();
        let b = SampleSummary::new(n, means.1, sd).unwrap();
        let welch = MeanDifference::welch(&a, &b, level).unwrap();
        let pooled = MeanDifference::pooled(&a, &b, level).unwrap();
        prop_assert!(same(welch.degrees_of_freedom, pooled.degrees_of_freedom));
        prop_assert!(same(welch.interval.lower, pooled.interval.lower));
        prop_assert!(same(welch.interval.upper, pooled.interval.upper));
    }

    #[test]
    fn a_p_value_and_its_interval_agree(a in any_summary(), b in any_summary(), level in any_level()) {
        let welch = MeanDifference::welch(&a, &b, level).unwrap();
        let (p, outside) = (welch.p_value().unwrap(), 1.0 - level.value());
        // Away from equality, where either side may round.
        prop_assume!((p - outside).abs() > 1e-9);
        prop_assert_eq!(welch.interval.contains(0.0), p > outside);
    }

    #[test]
    fn any_summary_is_refused_or_compared_without_nan(
        sizes in (any::<u64>(), any::<u64>()),
        means in (any::<f64>(), any::<f64>()),
        deviations in (any::<f64>(), any::<f64>()),
        level in any_level(),
    ) {
        let a = SampleSummary::new(sizes.0, means.0, deviations.0.abs());
        let b = SampleSummary::new(sizes.1, means.1, deviations.1.abs());
        if let (Ok(a), Ok(b)) = (a, b) {
            for method in [MeanDifference::welch, MeanDifference::pooled] {
                let result = method(&a, &b, level);
                prop_assert!(result.is_none_or(|d| d.interval.contains(d.difference)));
                let p = result.and_then(|d| d.p_value());
                prop_assert!(p.is_none_or(|p| (0.0..=1.0).contains(&p)));
            }
            for effect in [cohen_d, hedges_g, standardised_mean_difference] {
                prop_assert!(effect(&a, &b).is_none_or(f64::is_finite));
            }
        }
    }

    #[test]
    fn any_degrees_of_freedom_have_a_finite_quantile_or_none(df in any::<f64>(), level in any_level()) {
        prop_assert!(level.t_fractional(df).is_none_or(|t| t.is_finite() && t >= 0.0));
        prop_assert_eq!(level.t_fractional(df.abs().clamp(1.0, 1e9)).is_some(), !df.is_nan());
    }

    #[test]
    fn a_median_lies_in_its_interval(
        values in prop::collection::vec(-50_i64..50, 0..300), level in any_level(),
    ) {
        let whole = histogram(&values);
        let median = whole.quantile(0.5, QuantileType::AveragedInverseCdf).unwrap();
        for method in [MedianInterval::BinomialRanks(level), MedianInterval::RegistryRanks] {
            let interval = method.of(&whole);
            prop_assert!(interval.is_none_or(|i| median.is_some_and(|median| i.contains(median))));
            prop_assert!(interval.is_some() || method.ranks(whole.n()).is_none());
        }
    }

    #[test]
    fn binomial_ranks_are_mirror_images_and_widen_with_the_level(n in 0_u64..3_000_000) {
        let mut outer = None;
        for level in [0.999, 0.99, 0.95, 0.9, 0.5] {
            let ranks = MedianInterval::BinomialRanks(ConfidenceLevel::new(level).unwrap()).ranks(n);
            prop_assert!(ranks.is_none_or(|(lower, upper)| lower + upper == n + 1 && lower <= upper));
            prop_assert!(outer.is_none_or(|outer| ranks.is_some_and(|(lower, _)| outer <= lower)));
            outer = ranks.map(|(lower, _)| lower);
        }
    }
}
