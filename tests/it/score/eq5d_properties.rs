//! What must hold of EQ-5D for any group of patients.

use proptest::prelude::*;
use registat::{
    Dimension, EqVersion, HealthChange, HealthProfiles, HealthState, ParetianChange, ValueSet,
    crosswalk_2012, reverse_crosswalk_2021,
};

fn any_state(version: EqVersion) -> impl Strategy<Value = HealthState> {
    let levels = proptest::array::uniform5(1..=version.worst_level());
    levels.prop_map(move |levels| HealthState::new(levels, version).unwrap())
}

fn any_pair() -> impl Strategy<Value = (HealthState, HealthState)> {
    (any_state(EqVersion::FiveLevel), any_state(EqVersion::FiveLevel))
}

fn profiles(states: &[HealthState]) -> HealthProfiles {
    let mut profiles = HealthProfiles::new(EqVersion::FiveLevel);
    states.iter().for_each(|state| profiles.add(state).unwrap());
    profiles
}

fn change(pairs: &[(HealthState, HealthState)]) -> HealthChange {
    let mut change = HealthChange::new();
    pairs.iter().for_each(|(before, after)| change.add(before, after).unwrap());
    change
}

fn is_share(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

proptest! {
    #[test]
    fn profiles_do_not_depend_on_order_or_on_parts(
        states in proptest::collection::vec(any_state(EqVersion::FiveLevel), 0..60),
        cut in 0..60_usize,
    ) {
        let whole = profiles(&states);
        let reversed: Vec<HealthState> = states.iter().rev().copied().collect();
        prop_assert!(profiles(&reversed) == whole);
        let (left, right) = states.split_at(cut.min(states.len()));
        let mut merged = profiles(right);
        merged.merge(&profiles(left)).unwrap();
        prop_assert!(merged == whole);
        prop_assert_eq!(merged.density_index(), whole.density_index());
    }

    #[test]
    fn shares_and_indices_of_profiles_are_from_zero_to_one(
        counts in proptest::collection::vec((any_state(EqVersion::FiveLevel), 0..=1_000_000_000_000_000_u64), 0..40),
    ) {
        let mut profiles = HealthProfiles::new(EqVersion::FiveLevel);
        for (state, count) in &counts {
            profiles.add_many(state, *count).unwrap();
        }
        let n = profiles.n();
        prop_assert_eq!(n, counts.iter().map(|(_, count)| count).sum::<u64>());
        prop_assert_eq!(profiles.ceiling_share().is_some(), n > 0);
        prop_assert!(profiles.ceiling_share().is_none_or(is_share));
        prop_assert!(profiles.density_index().is_none_or(is_share));
        prop_assert!(profiles.informativity().is_none_or(|i| is_share(i.evenness) && i.shannon >= 0.0));
        for dimension in Dimension::ALL {
            let levels = profiles.level_counts(dimension);
            prop_assert_eq!(levels.iter().sum::<u64>(), n);
            prop_assert_eq!(levels[0] + profiles.with_problems(dimension), n);
            prop_assert!(profiles.share_with_problems(dimension).is_none_or(is_share));
            prop_assert!(profiles.informativity_of(dimension).is_none_or(|i| is_share(i.evenness)));
        }
        let cumulative: Vec<f64> = (0..=profiles.distinct()).filter_map(|k| profiles.share_of_most_frequent(k)).collect();
        prop_assert!(cumulative.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(n == 0 || cumulative.last() == Some(&1.0));
    }

    #[test]
    fn change_turns_with_time_and_merges(
        pairs in proptest::collection::vec(any_pair(), 0..60),
        cut in 0..60_usize,
    ) {
        let whole = change(&pairs);
        let (left, right) = pairs.split_at(cut.min(pairs.len()));
        let mut merged = change(right);
        merged.merge(&change(left));
        prop_assert!(merged == whole);
        prop_assert_eq!(ParetianChange::ALL.map(|class| whole.count(class)).iter().sum::<u64>(), whole.n());

        let back = change(&pairs.iter().map(|(before, after)| (*after, *before)).collect::<Vec<_>>());
        prop_assert_eq!(whole.count(ParetianChange::Improved), back.count(ParetianChange::Worsened));
        prop_assert_eq!(whole.count(ParetianChange::Mixed), back.count(ParetianChange::Mixed));
        for dimension in Dimension::ALL {
            prop_assert_eq!(whole.count_in(dimension, ParetianChange::Mixed), 0);
            let both = whole.probability_of_superiority(dimension).zip(back.probability_of_superiority(dimension));
            prop_assert_eq!(both.is_some(), whole.n() > 0);
            prop_assert!(both.is_none_or(|(there, back)| is_share(there) && (there + back - 1.0).abs() < 1e-12));
        }
        for class in ParetianChange::ALL {
            let shares = whole.share(class).into_iter().chain(whole.share_among_problems(class));
            prop_assert!(shares.into_iter().all(is_share));
        }
    }

    #[test]
    fn classes_agree_with_the_level_sum((before, after) in any_pair()) {
        match ParetianChange::between(&before, &after).unwrap() {
            ParetianChange::Improved => prop_assert!(after.level_sum() < before.level_sum()),
            ParetianChange::Worsened => prop_assert!(after.level_sum() > before.level_sum()),
            ParetianChange::NoProblems => prop_assert_eq!(before.level_sum() + after.level_sum(), 10),
            ParetianChange::NoChange => prop_assert!(before == after && before.level_sum() > 5),
            ParetianChange::Mixed => prop_assert!(before != after),
        }
        let frequency = before.level_frequency();
        let weighted: u8 = frequency.iter().zip(1..).map(|(count, level)| count * level).sum();
        prop_assert_eq!(weighted, before.level_sum());
    }

    #[test]
    fn mapped_values_stay_inside_the_range_of_their_set(
        three in any_state(EqVersion::ThreeLevel),
        five in any_state(EqVersion::FiveLevel),
    ) {
        for set in ValueSet::all() {
            let crossed = crosswalk_2012(set, &five);
            prop_assert_eq!(crossed.is_ok(), set.version() == EqVersion::ThreeLevel);
            prop_assert!(crossed.is_err() || crossed.is_ok_and(|value| (-0.8..=1.0).contains(&value)));
            let reversed = reverse_crosswalk_2021(set, &three);
            let is_own_five_level = set.version() == EqVersion::FiveLevel && !set.id().starts_with("crosswalk");
            prop_assert_eq!(reversed.is_ok(), is_own_five_level);
            prop_assert!(reversed.is_err() || reversed.is_ok_and(|value| (-0.8..1.0).contains(&value)));
        }
    }
}
