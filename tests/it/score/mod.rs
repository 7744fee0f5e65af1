//! Scores against published examples, other programs' outputs and laws that must always hold.

mod eq5d_properties;
mod profiles;
mod small_instruments;

use std::collections::BTreeMap;

use proptest::prelude::*;
use registat::{
    AgeBand, Direction, EqVersion, FearAvoidanceBand, FearAvoidanceMissing, HealthState, MissingItems,
    NamedRule, NeckBand, OswestryBand, Outcome, Ratio, ResponderCriterion, ResponderRule, Sex, ValueSet,
    crosswalk_2012, dsu_mapping, fear_avoidance_11, fear_avoidance_16, hopkins_10, is_hopkins_case,
    neck_disability, neck_raw50, oswestry, score_items,
};

type Row = BTreeMap<String, String>;

/// The rows of a file under tests/data.
fn rows(path: &str) -> Vec<Row> {
    let file = format!("{}/tests/data/{path}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    let rows: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(!rows.is_empty());
    rows
}

/// A decimal number, exactly.
fn exact(text: &str) -> Ratio {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let places = u32::try_from(decimals.len()).unwrap();
    let numerator: i64 = format!("{whole}{decimals}").parse().unwrap();
    Ratio::new(numerator, 10_i64.pow(places)).unwrap()
}

fn close(value: f64, printed: &str, tolerance: f64) -> bool {
    (value - printed.parse::<f64>().unwrap()).abs() <= tolerance
}

/// All states of a version, as five digits.
fn states(version: EqVersion) -> Vec<String> {
    let levels: Vec<char> = "12345".chars().take(version.worst_level().into()).collect();
    (0..5).fold(vec![String::new()], |shorter, _| {
        shorter.iter().flat_map(|s| levels.iter().map(move |l| format!("{s}{l}"))).collect()
    })
}

#[test]
fn disability_scores_and_bands_equal_every_vector() {
    for row in rows("vectors/odi_ndi_scoring.csv") {
        let id = &row["id"];
        let items: Vec<Option<u8>> = row["items"]
            .split(' ')
            .map(|item| match row["coding"].as_str() {
                "registry_1_6" => item.parse::<u8>().unwrap().checked_sub(1),
                "zero_five" => item.parse().ok(),
                other => panic!("unknown coding {other}"),
            })
            .collect();
        let items: [Option<u8>; 10] = items.try_into().unwrap();
        let policy = MissingItems::parse(&row["policy"]).unwrap();

        let counted = score_items(&items, 5, policy).unwrap();
        assert_eq!(counted.answered().to_string(), row["n_answered"], "{id}");
        assert_eq!(counted.raw_sum().to_string(), row["raw_sum"], "{id}");

        let (percent, band) = match (row["instrument"].as_str(), row["band_scheme"].as_str()) {
            ("ODI", "fairbank_le") => {
                let percent = oswestry(&items, policy).unwrap();
                (percent, percent.map(|p| OswestryBand::of(p).name()))
            }
            ("NDI", "vernon_lt") => {
                let percent = neck_disability(&items, policy).unwrap();
                (percent, percent.map(|p| NeckBand::of(p).name()))
            }
            other => panic!("unknown instrument {other:?}"),
        };
        assert_eq!(percent, counted.percent(), "{id}");
        assert_eq!(band.unwrap_or("NA"), row["band"], "{id}");
        match percent {
            Some(percent) => {
                assert!(close(percent.to_f64(), &row["score_percent"], 5.1e-7), "{id}");
                let raw = neck_raw50(percent).unwrap();
                assert!(close(raw.to_f64(), &row["score_raw50"], 5.1e-7), "{id}");
            }
            None => {
                assert_eq!(row["score_percent"], "NA", "{id}");
                assert_eq!(row["score_raw50"], "NA", "{id}");
            }
        }
    }
}

#[test]
fn eq5d_values_equal_every_vector() {
    for row in rows("vectors/eq5d_index.csv") {
        let version = match row["version"].as_str() {
            "3L" => EqVersion::ThreeLevel,
            "5L" => EqVersion::FiveLevel,
            other => panic!("unknown version {other}"),
        };
        let state = HealthState::parse(&row["state"], version).unwrap();
        let tolerance: f64 = row["tolerance"].parse().unwrap();
        if row["value_set"] == "dsu_to_3l_uk|age=50|sex=female" {
            let value = dsu_mapping(&state, AgeBand::From45, Sex::Female).unwrap();
            assert!(close(value, &row["value"], tolerance), "{}", row["id"]);
            continue;
        }
        let value = ValueSet::parse(&row["value_set"]).unwrap().index(&state).unwrap();
        if tolerance == 0.0 {
            assert_eq!(value, exact(&row["value"]), "{}", row["id"]);
        } else {
            assert!(close(value.to_f64(), &row["value"], tolerance), "{}", row["id"]);
        }
    }
}

#[test]
fn every_state_of_every_additive_set_is_the_sum_of_its_published_coefficients() {
    let mut sets = 0;
    // Options for disputed values differ from a set with coefficients in what they are named for.
    let options = [
        ValueSet::SwedenTtoExperienceFull1,
        ValueSet::GermanyTtoMobilityHigh,
        ValueSet::Germany2018AnxietyLow,
    ];
    let additive = ValueSet::all().filter(|set| !set.id().starts_with("crosswalk") && !options.contains(set));
    for set in additive {
        let levels = set.version().worst_level();
        let file = format!("reference/eq5d{levels}l_{}_coef.csv", set.id());
        let millionths: BTreeMap<String, i64> = rows(&file)
            .into_iter()
            .filter_map(|row| {
                let coefficient = &row["coefficient"];
                let empty = coefficient.is_empty() || coefficient == "NA";
                let value = (!empty).then(|| exact(coefficient))?;
                let steps = value.numerator() * (1_000_000 / value.denominator());
                Some((row["term"].clone(), steps))
            })
            .collect();
        let term = |name: &str| millionths.get(name).copied().unwrap_or(0);

        for digits in states(set.version()) {
            let mut expected = term("FullHealth") + term("StartValue");
            if digits != "11111" {
                expected += term("AtLeastOne2Or3") + term("Intercept");
            }
            if digits.contains(&levels.to_string()) {
                expected += term("AtLeastOne3") + term("N5");
            }
            for (dimension, level) in ["MO", "SC", "UA", "PD", "AD"].iter().zip(digits.chars()) {
                expected += term(&format!("{dimension}{level}"));
            }
            let state = HealthState::parse(&digits, set.version()).unwrap();
            let value = set.index(&state).unwrap();
            assert_eq!(Some(value), Ratio::new(expected, 1_000_000), "{} {digits}", set.id());
        }
        sets += 1;
    }
    let files = std::fs::read_dir(format!("{}/tests/data/reference", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().ends_with("_coef.csv"))
        .count();
    assert_eq!(sets, files);
}

#[test]
fn tables_of_all_states_are_reproduced_exactly() {
    for (set, states) in [(ValueSet::Norway2025, 3125), (ValueSet::UkTtoMvhA1, 243)] {
        let levels = set.version().worst_level();
        let table = rows(&format!("reference/eq5d{levels}l_{}_states.csv", set.id()));
        assert_eq!(table.len(), states);
        for row in table {
            let state = HealthState::parse(&row["state"], set.version()).unwrap();
            assert_eq!(set.index(&state).unwrap(), exact(&row["value"]), "{}", row["state"]);
        }
    }
}

#[test]
fn crosswalk_tables_are_reproduced_in_every_state() {
    for (set, target) in [
        (ValueSet::CrosswalkUk2012, ValueSet::UkTtoMvhA1),
        (ValueSet::CrosswalkDenmark2012, ValueSet::DenmarkTto),
        (ValueSet::CrosswalkGermany2012, ValueSet::GermanyTto),
        (ValueSet::CrosswalkNetherlands2012, ValueSet::NetherlandsTto2006),
    ] {
        let table = rows(&format!("reference/eq5d5l_{}_states.csv", set.id()));
        assert_eq!(table.len(), 3125);
        for row in table {
            let label = format!("{} {}", set.id(), row["state"]);
            let state = HealthState::parse(&row["state"], EqVersion::FiveLevel).unwrap();
            assert_eq!(set.index(&state).unwrap(), exact(&row["value_3dp_official"]), "{label}");
            let computed = crosswalk_2012(target, &state).unwrap();
            assert!(close(computed, &row["value_computed"], 6e-10), "{label}");
        }
    }
}

#[test]
fn crosswalk_values_follow_the_published_transition_probabilities() {
    // An independent sum over all 243 three-level states, with the printed decimals.
    let mut probability = BTreeMap::new();
    for row in rows("reference/eq5d_crosswalk_vanhout2012_transition.csv") {
        let level = |column: &str| row[column].parse::<u8>().unwrap();
        let key = (row["dimension"].clone(), level("level_5l"), level("level_3l"));
        probability.insert(key, row["probability"].parse::<f64>().unwrap());
    }
    let target = ValueSet::SwedenTtoExperience;
    for digits in ["21111", "12345", "24242", "44444", "55555"] {
        let five = HealthState::parse(digits, EqVersion::FiveLevel).unwrap();
        let mut expected = 0.0;
        for text in states(EqVersion::ThreeLevel) {
            let three = HealthState::parse(&text, EqVersion::ThreeLevel).unwrap();
            let dimensions = ["MO", "SC", "UA", "PD", "AD"].iter();
            let weight: f64 = dimensions
                .zip(five.levels().into_iter().zip(three.levels()))
                .map(|(dimension, (from, to))| probability[&(dimension.to_string(), from, to)])
                .product();
            expected += weight * target.index(&three).unwrap().to_f64();
        }
        assert!((crosswalk_2012(target, &five).unwrap() - expected).abs() < 1e-12, "{digits}");
    }
}

/// The register's rules by the name they have in the vectors.
fn register_rule(name: &str) -> ResponderCriterion {
    let id = match name {
        "odi_abs10" => "odi_improved_nnrr_points",
        "ndi_abs10" => "ndi_improved_nnrr",
        "odi_rel30" => "odi_improved_nnrr_percent",
        "nrs_abs2_excl0" => "pain_improved_nnrr_points",
        "nrs_rel30_excl0" => "pain_improved_nnrr_percent",
        "odi_final_le23" => "odi_minimal_nnrr",
        "ndi_final_le20" => "ndi_minimal_nnrr",
        "nkr_odi_final_le22" => "odi_pass_vanhooff2016",
        "nkr_odi_final_gt48" => "odi_severe_nkr",
        "nkr_odi_gt20" => "odi_success_nkr",
        "nkr_odi_lt13" => "odi_failure_werner2017_points",
        other => panic!("unknown rule {other}"),
    };
    NamedRule::parse(id).unwrap().criterion()
}

#[test]
fn responder_rules_equal_every_vector() {
    for row in rows("vectors/nnrr_indicator_rules.csv") {
        let criterion = register_rule(&row["rule"]);
        let expected = match row["expected"].as_str() {
            "1" => Outcome::Responder,
            "0" => Outcome::NonResponder,
            "NA" => Outcome::Undefined,
            other => panic!("unknown outcome {other}"),
        };
        let outcome = criterion.judge(exact(&row["pre"]), exact(&row["post"]));
        assert_eq!(outcome, expected, "{}", row["id"]);
    }
}

/// A list of answers, `NA` for none.
fn answers<const N: usize>(row: &Row) -> [Option<u8>; N] {
    let items: Vec<Option<u8>> = row["items"].split(' ').map(|item| item.parse().ok()).collect();
    items.try_into().unwrap()
}

fn assert_printed(value: Option<Ratio>, printed: &str, places: i32, id: &str) {
    match value {
        None => assert_eq!(printed, "NA", "{id}"),
        Some(value) => assert!(close(value.to_f64(), printed, 0.51 * 10_f64.powi(-places)), "{id}"),
    }
}

#[test]
fn hopkins_means_equal_every_vector() {
    for row in rows("vectors/hscl10_scoring.csv") {
        assert_eq!(row["missing_code"], "0", "{}", row["id"]);
        let items = answers::<10>(&row).map(|item| item.filter(|code| *code != 0));
        let mean = hopkins_10(&items, MissingItems::parse(&row["policy"]).unwrap()).unwrap();
        assert_eq!(items.iter().flatten().count().to_string(), row["n_answered"], "{}", row["id"]);
        assert_printed(mean, &row["mean"], 6, &row["id"]);
        let case = mean.map_or("NA", |mean| if is_hopkins_case(mean) { "1" } else { "0" });
        assert_eq!(case, row["case_ge_1_85"], "{}", row["id"]);
    }
}

#[test]
fn fear_avoidance_sums_and_bands_equal_every_vector() {
    for row in rows("vectors/fabq_scoring.csv") {
        let policy = FearAvoidanceMissing::parse(&row["policy"]).unwrap();
        let sums = match row["form"].as_str() {
            "std16" => fear_avoidance_16(&answers(&row), policy),
            "nnrr11" => fear_avoidance_11(&answers(&row), policy),
            other => panic!("unknown form {other}"),
        }
        .unwrap();
        assert_printed(sums.physical, &row["pa_sum"], 4, &row["id"]);
        assert_printed(sums.work, &row["work_sum"], 4, &row["id"]);
        let physical = sums.physical.map_or("NA", |sum| FearAvoidanceBand::of_physical(sum).name());
        let work = sums.work.map_or("NA", |sum| FearAvoidanceBand::of_work(sum).name());
        assert_eq!((physical, work), (row["pa_band_nnrr"].as_str(), row["work_band_nnrr"].as_str()));
    }
}

proptest! {
    #[test]
    fn disability_scores_stay_within_their_scale(
        items in prop::array::uniform10(prop::option::of(0_u8..=5)),
    ) {
        let any = oswestry(&items, MissingItems::ProrateAny).unwrap();
        prop_assert_eq!(any.is_some(), items.iter().any(Option::is_some));
        if let Some(percent) = any {
            prop_assert!(percent >= Ratio::ZERO && percent <= Ratio::whole(100));
        }
        // A stricter policy gives the same score or none.
        for policy in [MissingItems::AtLeast(8), MissingItems::AtLeast(9), MissingItems::Complete] {
            let strict = oswestry(&items, policy).unwrap();
            prop_assert!(strict.is_none() || strict == any);
        }
        let reversed: Vec<_> = items.iter().rev().copied().collect();
        let reversed = score_items(&reversed, 5, MissingItems::ProrateAny).unwrap();
        prop_assert_eq!(reversed.percent(), any);
    }

    #[test]
    fn exact_scores_are_ordered_like_their_differences(
        a in -10_000_i64..10_000, b in 1_i64..500, c in -10_000_i64..10_000, d in 1_i64..500,
    ) {
        let (left, right) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        let difference = left.checked_sub(right).unwrap();
        prop_assert_eq!(left.cmp(&right), difference.cmp(&Ratio::ZERO));
        prop_assert_eq!(left.checked_sub(difference), Some(right));
        prop_assert_eq!(left.is_at_least(right), a * d >= c * b);
    }

    #[test]
    fn a_rule_does_not_care_which_way_a_mirrored_score_runs(
        before in 0_i64..=100, after in 0_i64..=100, points in 0_i64..=50,
    ) {
        let (b, a) = (Ratio::whole(before), Ratio::whole(after));
        let (mb, ma) = (Ratio::whole(100 - before), Ratio::whole(100 - after));
        for rule in [
            ResponderRule::AtLeast(Ratio::whole(points)),
            ResponderRule::MoreThan(Ratio::whole(points)),
            ResponderRule::LessThan(Ratio::whole(points)),
        ] {
            let down = rule.judge(Direction::LowerIsBetter, b, a);
            prop_assert_eq!(down, rule.judge(Direction::HigherIsBetter, mb, ma));
        }
    }

    #[test]
    fn a_worse_answer_never_raises_the_norwegian_value(
        levels in prop::array::uniform5(1_u8..=5), dimension in 0_usize..5,
    ) {
        let mut worse = levels;
        worse[dimension] = (levels[dimension] + 1).min(5);
        let value = |levels| {
            let state = HealthState::new(levels, EqVersion::FiveLevel).unwrap();
            ValueSet::Norway2025.index(&state).unwrap()
        };
        prop_assert!(value(worse) <= value(levels));
    }
}
