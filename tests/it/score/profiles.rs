//! EQ-5D beyond the index: profiles, change, mappings between the versions.

use std::collections::HashMap;

use registat::{
    AgeBand, Dimension, EqVersion, HealthChange, HealthProfiles, HealthState, ParetianChange, Sex, ValueSet,
    dsu_mapping, reverse_crosswalk_2021,
};

use super::{Row, rows};

fn state(row: &Row, column: &str) -> HealthState {
    let version = match row["version"].as_str() {
        "3L" => EqVersion::ThreeLevel,
        "5L" => EqVersion::FiveLevel,
        other => panic!("unknown version {other}"),
    };
    HealthState::parse(&row[column], version).unwrap()
}

#[test]
fn level_sums_and_frequencies_equal_every_vector() {
    for row in rows("vectors/eq5d_profile.csv") {
        let state = state(&row, "state");
        let frequency = state.level_frequency();
        let digits: String = frequency.iter().map(u8::to_string).collect();
        assert_eq!(state.level_sum().to_string(), row["lss"], "{}", row["id"]);
        assert_eq!(digits, row["lfs"], "{}", row["id"]);
        assert_eq!(frequency[0].to_string(), row["n_level1"], "{}", row["id"]);
        let worst = frequency.iter().rposition(|count| *count > 0).unwrap() + 1;
        assert_eq!(worst.to_string(), row["max_level"], "{}", row["id"]);
    }
}

#[test]
fn paretian_classes_equal_every_vector() {
    for row in rows("vectors/eq5d_pchc_pairs.csv") {
        let class = ParetianChange::between(&state(&row, "pre"), &state(&row, "post")).unwrap();
        assert_eq!(class.name(), row["pchc"], "{}", row["id"]);
    }
}

#[test]
fn statistics_of_a_group_equal_every_vector() {
    let (mut before, mut change) = (HealthProfiles::new(EqVersion::FiveLevel), HealthChange::new());
    // Invalid and missing states are in the file on purpose: no state, no count.
    for row in rows("vectors/eq5d_pairs.csv") {
        let [pre, post] =
            ["pre", "post"].map(|time| HealthState::parse(&row[time], EqVersion::FiveLevel).ok());
        if let Some(pre) = &pre {
            before.add(pre).unwrap();
        }
        if let Some((pre, post)) = pre.zip(post) {
            change.add(&pre, &post).unwrap();
        }
    }
    let dimensions: HashMap<&str, Dimension> =
        ["MO", "SC", "UA", "PD", "AD"].into_iter().zip(Dimension::ALL).collect();
    for row in rows("vectors/eq5d_cohort_stats.csv") {
        let dimension = dimensions.get(row["dimension"].as_str()).copied();
        let informativity = match (dimension, row["dimension"].as_str()) {
            (Some(dimension), _) => before.informativity_of(dimension),
            (None, _) => before.informativity(),
        };
        let value = match (row["statistic"].as_str(), dimension) {
            ("n_pairs", None) => change.n() as f64,
            ("prob_superiority", Some(dimension)) => change.probability_of_superiority(dimension).unwrap(),
            ("shannon_H", _) => informativity.unwrap().shannon,
            ("shannon_J", _) => informativity.unwrap().evenness,
            ("hsdi", None) => before.density_index().unwrap(),
            (name, dimension) => {
                let name = name.strip_prefix("pchc_").unwrap();
                let class = ParetianChange::ALL.into_iter().find(|class| class.name() == name).unwrap();
                dimension.map_or_else(|| change.count(class), |at| change.count_in(at, class)) as f64
            }
        };
        let expected: f64 = row["value"].parse().unwrap();
        assert!((value - expected).abs() <= 5.1e-11, "{} {}", row["id"], row["statistic"]);
    }
}

#[test]
fn the_reverse_crosswalk_gives_every_state_of_four_sets() {
    let sets = [
        ("norway", ValueSet::Norway2025),
        ("denmark", ValueSet::Denmark2021),
        ("uk2026", ValueSet::Uk2026),
        ("sweden2022", ValueSet::Sweden2022),
    ];
    for (name, set) in sets {
        let table = rows(&format!("reference/eq5d3l_reverse_crosswalk2021_{name}_states.csv"));
        assert_eq!(table.len(), 243);
        for row in table {
            let state = HealthState::parse(&row["state"], EqVersion::ThreeLevel).unwrap();
            let value = reverse_crosswalk_2021(set, &state).unwrap();
            let printed: f64 = row["value_computed"].parse().unwrap();
            assert!((value - printed).abs() <= 5.1e-10, "{name} {}", row["state"]);
            // The R package eq5d has a table of probabilities of its own.
            let other: f64 = row["value_eq5d_package"].parse().unwrap();
            assert!((value - other).abs() <= 1e-6, "{name} {}", row["state"]);
        }
    }
}

#[test]
fn the_mapping_of_the_decision_support_unit_is_as_distributed() {
    let bands = ["18-34", "35-44", "45-54", "55-64", "65+"];
    let ages = [18, 35, 45, 55, 65].map(|age| AgeBand::of(age).unwrap());
    let files = [
        ("eq5d5l_dsu_to_3l_uk_sample", "index_3l_uk", EqVersion::FiveLevel, ValueSet::England2018),
        ("eq5d3l_dsu_to_5l_uk_sample", "index_5l_england", EqVersion::ThreeLevel, ValueSet::UkTtoMvhA1),
    ];
    for (file, column, version, own) in files {
        for row in rows(&format!("reference/{file}.csv")) {
            let state = HealthState::parse(&row["state"], version).unwrap();
            let age = ages[bands.iter().position(|band| *band == row["age_band"]).unwrap()];
            let sex = if row["sex"] == "male" { Sex::Male } else { Sex::Female };
            let value = dsu_mapping(&state, age, sex).unwrap();
            assert!((value - row[column].parse::<f64>().unwrap()).abs() < 1e-12);
            // The other column of the file is the state's own value.
            let index = own.index(&state).unwrap().to_f64();
            let stated = if column == "index_3l_uk" { &row["index_5l_england"] } else { &row["index_3l_uk"] };
            assert!((index - stated.parse::<f64>().unwrap()).abs() < 1e-9);
        }
    }
}

#[test]
fn disputed_values_are_options_with_a_name() {
    let value = |set: ValueSet, digits: &str| {
        set.index(&HealthState::parse(digits, set.version()).unwrap()).unwrap().to_f64()
    };
    let thousandths = |a: f64, b: f64| ((a - b) * 1e4).round();
    for digits in ["11114", "24444"] {
        let apart = value(ValueSet::Germany2018AnxietyLow, digits) - value(ValueSet::Germany2018, digits);
        assert_eq!(thousandths(apart, 0.020), 0.0);
    }
    assert_eq!(value(ValueSet::Germany2018AnxietyLow, "11113"), value(ValueSet::Germany2018, "11113"));
    for (digits, apart) in [("33333", -0.002), ("31111", -0.002), ("21111", 0.0)] {
        let difference =
            value(ValueSet::GermanyTtoMobilityHigh, digits) - value(ValueSet::GermanyTto, digits);
        assert_eq!(thousandths(difference, apart), 0.0);
    }
    assert_eq!(value(ValueSet::SwedenTtoExperienceFull1, "11111"), 1.0);
    assert_eq!(thousandths(value(ValueSet::SwedenTtoExperience, "11111"), 0.9694), 0.0);
    for digits in ["21111", "33333"] {
        assert_eq!(
            value(ValueSet::SwedenTtoExperienceFull1, digits),
            value(ValueSet::SwedenTtoExperience, digits)
        );
    }
}

/// Mean over all states, lowest value and number of negative ones, as printed with the reference data.
#[test]
fn value_sets_have_their_known_means_ends_and_negative_states() {
    let known = [
        (ValueSet::UkTtoMvhA1, 0.136757, -0.594, 84),
        (ValueSet::DenmarkTto, 0.285136, -0.624, 48),
        (ValueSet::GermanyTto, 0.325539, -0.205, 24),
        (ValueSet::NetherlandsTto2006, 0.264774, -0.329, 36),
        (ValueSet::Norway2025, 0.347894, -0.453, 333),
        (ValueSet::Uk2026, 0.322400, -0.567, 460),
        (ValueSet::England2018, 0.383000, -0.285, 159),
        (ValueSet::Denmark2021, 0.266600, -0.758, 681),
        (ValueSet::Sweden2022, 0.471200, -0.314, 138),
        (ValueSet::Germany2018, 0.343400, -0.661, 471),
        (ValueSet::Netherlands2016, 0.286815, -0.446, 484),
    ];
    for (set, mean, lowest, negative) in known {
        let all: Vec<f64> = super::states(set.version())
            .iter()
            .map(|digits| set.index(&HealthState::parse(digits, set.version()).unwrap()).unwrap().to_f64())
            .collect();
        assert!((all.iter().sum::<f64>() / all.len() as f64 - mean).abs() <= 5.1e-7, "{}", set.id());
        assert!((all.iter().copied().fold(1.0, f64::min) - lowest).abs() < 1e-9, "{}", set.id());
        assert_eq!(all.iter().filter(|value| **value < 0.0).count(), negative, "{}", set.id());
    }
}
