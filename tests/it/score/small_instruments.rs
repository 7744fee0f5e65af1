//! Scores of the smaller instruments, the named rules and the counts of follow-up: every vector, and laws.

use std::collections::BTreeMap;

use proptest::prelude::*;
use registat::{
    Completeness, Direction, EffectDefinition, FearAvoidanceBand, FearAvoidanceMissing, FormStage,
    ItemCompleteness, Measure, MissingItems, NamedRule, NeckBand, OswestryBand, Outcome, Ratio,
    ResponderCounts, ReturnToWork, RuleMeaning, WorkStatus, fear_avoidance_11, fear_avoidance_16, hopkins_10,
    is_hopkins_case, neck_disability, neck_raw50, oswestry, perceived_effect, return_to_more_work,
    return_to_work, score_items,
};

type Row = BTreeMap<String, String>;

fn rows(file: &str) -> Vec<Row> {
    let path = format!("{}/tests/data/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let rows: Vec<Row> = csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect();
    assert!(!rows.is_empty());
    rows
}

/// A decimal number, exactly.
fn exact(text: &str) -> Ratio {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let numerator: i64 = format!("{whole}{decimals}").parse().unwrap();
    Ratio::new(numerator, 10_i64.pow(u32::try_from(decimals.len()).unwrap())).unwrap()
}

/// Answers by the coding of the form; anything that is no number and not `NA` fails.
fn answers<const N: usize>(row: &Row, decode: impl Fn(u8) -> Option<u8>) -> [Option<u8>; N] {
    let read = |item: &str| if item == "NA" { None } else { decode(item.parse().unwrap()) };
    row["items"].split(' ').map(read).collect::<Vec<_>>().try_into().unwrap()
}

/// Equal to the printed decimals, which are rounded to half a unit of the last.
fn assert_printed(value: Option<Ratio>, printed: &str, id: &str) {
    let Some(value) = value else { return assert_eq!(printed, "NA", "{id}") };
    let places = printed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let half_unit = 0.5 * 10_f64.powi(-i32::try_from(places).unwrap());
    assert!((value.to_f64() - printed.parse::<f64>().unwrap()).abs() <= half_unit + 1e-12, "{id}");
}

#[test]
fn hopkins_means_equal_every_vector() {
    for row in rows("hscl10_scoring.csv") {
        let id = &row["id"];
        assert_eq!(row["missing_code"], "0", "{id}");
        let items = answers::<10>(&row, |code| (code != 0).then_some(code));
        let mean = hopkins_10(&items, MissingItems::parse(&row["policy"]).unwrap()).unwrap();
        assert_eq!(items.iter().flatten().count().to_string(), row["n_answered"], "{id}");
        assert_printed(mean, &row["mean"], id);
        let case = mean.map_or("NA", |mean| if is_hopkins_case(mean) { "1" } else { "0" });
        assert_eq!(case, row["case_ge_1_85"], "{id}");
    }
}

#[test]
fn fear_avoidance_sums_and_bands_equal_every_vector() {
    for row in rows("fabq_scoring.csv") {
        let id = &row["id"];
        let policy = FearAvoidanceMissing::parse(&row["policy"]).unwrap();
        let sums = match row["form"].as_str() {
            "std16" => fear_avoidance_16(&answers(&row, Some), policy).unwrap(),
            "nnrr11" => fear_avoidance_11(&answers(&row, Some), policy).unwrap(),
            other => panic!("unknown form {other}"),
        };
        assert_printed(sums.physical, &row["pa_sum"], id);
        assert_printed(sums.work, &row["work_sum"], id);
        let physical = sums.physical.map_or("NA", |sum| FearAvoidanceBand::of_physical(sum).name());
        let work = sums.work.map_or("NA", |sum| FearAvoidanceBand::of_work(sum).name());
        assert_eq!([physical, work], [&row["pa_band_nnrr"], &row["work_band_nnrr"]], "{id}");
    }
}

#[test]
fn disability_scores_and_bands_equal_every_vector() {
    for row in rows("odi_ndi_scoring.csv") {
        let id = &row["id"];
        let items: [Option<u8>; 10] = match row["coding"].as_str() {
            "registry_1_6" => answers(&row, |code| code.checked_sub(1)),
            "zero_five" => answers(&row, Some),
            other => panic!("unknown coding {other}"),
        };
        let policy = MissingItems::parse(&row["policy"]).unwrap();
        let counted = score_items(&items, 5, policy).unwrap();
        assert_eq!(counted.answered().to_string(), row["n_answered"], "{id}");
        assert_eq!(counted.raw_sum().to_string(), row["raw_sum"], "{id}");
        let (percent, band) = match (row["instrument"].as_str(), row["band_scheme"].as_str()) {
            ("ODI", "fairbank_le") => {
                let percent = oswestry(&items, policy).unwrap();
                (percent, percent.map_or("NA", |percent| OswestryBand::of(percent).name()))
            }
            ("NDI", "vernon_lt") => {
                let percent = neck_disability(&items, policy).unwrap();
                (percent, percent.map_or("NA", |percent| NeckBand::of(percent).name()))
            }
            other => panic!("unknown instrument {other:?}"),
        };
        assert_eq!(band, row["band"], "{id}");
        assert_printed(percent, &row["score_percent"], id);
        assert_printed(percent.and_then(neck_raw50), &row["score_raw50"], id);
    }
}

#[test]
fn named_rules_equal_every_vector() {
    for row in rows("nnrr_indicator_rules.csv") {
        let rule = match row["rule"].as_str() {
            "odi_abs10" => "odi_improved_nnrr_points",
            "odi_rel30" => "odi_improved_nnrr_percent",
            "odi_final_le23" => "odi_minimal_nnrr",
            "ndi_abs10" => "ndi_improved_nnrr",
            "ndi_final_le20" => "ndi_minimal_nnrr",
            "nrs_abs2_excl0" => "pain_improved_nnrr_points",
            "nrs_rel30_excl0" => "pain_improved_nnrr_percent",
            "nkr_odi_gt20" => "odi_success_nkr",
            "nkr_odi_lt13" => "odi_failure_nkr",
            "nkr_odi_final_le22" => "odi_pass_nkr",
            "nkr_odi_final_gt48" => "odi_severe_nkr",
            other => panic!("unknown rule {other}"),
        };
        let expected = match row["expected"].as_str() {
            "1" => Outcome::Responder,
            "0" => Outcome::NonResponder,
            "NA" => Outcome::Undefined,
            other => panic!("unknown outcome {other}"),
        };
        let criterion = NamedRule::parse(rule).unwrap().criterion();
        assert_eq!(criterion.judge(exact(&row["pre"]), exact(&row["post"])), expected, "{}", row["id"]);
    }
}

/// One patient on each side of every published threshold: before, the last score that meets the rule, the first that does not.
#[test]
fn every_rule_turns_exactly_at_its_published_threshold() {
    let turns = [
        ("odi_mic_ostelo2008_points", "40", "30", "30.01"),
        ("odi_mic_ostelo2008_percent", "40", "28", "28.01"),
        ("pain_mic_ostelo2008_points", "7", "5", "6"),
        ("pain_mic_ostelo2008_percent", "10", "7", "8"),
        ("pain_vas_mic_ostelo2008_points", "60", "45", "46"),
        ("pain_vas_mic_ostelo2008_percent", "60", "42", "43"),
        ("roland_mic_ostelo2008_points", "15", "10", "11"),
        ("roland_mic_ostelo2008_percent", "10", "7", "8"),
        ("quebec_mic_ostelo2008_points", "60", "40", "41"),
        ("quebec_mic_ostelo2008_percent", "60", "42", "43"),
        ("odi_mdc90_scoring_sheet", "40", "30", "30.01"),
        ("odi_better_lauridsen2006", "40", "26.99", "27"),
        ("odi_worse_lauridsen2006", "40", "52.01", "52"),
        ("odi_sdc_parai2020", "40", "22", "22.01"),
        ("odi_mic_parai2020", "40", "22", "22.01"),
        ("eq5d_sdc_parai2020", "0.3", "0.79", "0.789"),
        ("eq5d_mic_parai2020", "0.3", "0.4", "0.399"),
        ("back_pain_sdc_parai2020", "7", "3.4", "3.5"),
        ("back_pain_mic_parai2020", "7", "4.3", "4.4"),
        ("leg_pain_sdc_parai2020", "7", "3.3", "3.4"),
        ("leg_pain_mic_parai2020", "7", "3.8", "3.9"),
        ("odi_success_solberg2013", "40", "20", "20.01"),
        ("back_pain_success_solberg2013", "7", "4.5", "4.6"),
        ("leg_pain_success_solberg2013", "7", "3.5", "3.6"),
        ("eq5d_success_solberg2013", "0.3", "0.6", "0.599"),
        ("odi_success_norspine_prediction", "40", "18", "18.01"),
        ("back_pain_success_norspine_prediction", "7", "5", "5.1"),
        ("leg_pain_success_norspine_prediction", "7", "3", "3.1"),
        ("odi_failure_werner2017_points", "40", "27.01", "27"),
        ("odi_failure_werner2017_percent", "100", "67.01", "67"),
        ("odi_pass_vanhooff2016", "40", "22", "22.01"),
        ("odi_pass_minimally_invasive2023", "40", "24.99", "25"),
        ("odi_success_iversen2015", "40", "20", "20.01"),
        ("odi_success_stenosis_percent", "40", "28", "28.01"),
        ("odi_good_mannion2006_points", "40", "32", "32.01"),
        ("odi_good_mannion2006_percent", "50", "41", "41.01"),
        ("odi_severe_nkr", "40", "48.01", "48"),
        ("odi_success_nkr", "40", "19.99", "20"),
        ("odi_improved_nkr_percent", "40", "28", "28.01"),
        ("odi_failure_nkr", "40", "27.01", "27"),
        ("odi_pass_nkr", "40", "22", "22.01"),
        ("odi_improved_nnrr_points", "40", "30", "30.01"),
        ("odi_improved_nnrr_percent", "40", "28", "28.01"),
        ("odi_minimal_nnrr", "40", "23", "23.01"),
        ("ndi_mcid_vernon", "40", "30", "30.01"),
        ("ndi_mdc_vernon", "40", "30", "30.01"),
        ("ndi_mdc90_scoring_sheet", "40", "30", "30.01"),
        ("ndi_improved_nnrr", "40", "30", "30.01"),
        ("ndi_minimal_nnrr", "40", "20", "20.01"),
        ("pain_improved_nnrr_points", "7", "5", "6"),
        ("pain_improved_nnrr_percent", "10", "7", "8"),
        ("fabq_work_mdc_grotle2006", "30", "18", "18.1"),
        ("fabq_physical_mdc_grotle2006", "20", "11", "11.1"),
    ];
    for (id, before, met, missed) in turns {
        let criterion = NamedRule::parse(id).unwrap().criterion();
        assert_eq!(criterion.judge(exact(before), exact(met)), Outcome::Responder, "{id}");
        assert_eq!(criterion.judge(exact(before), exact(missed)), Outcome::NonResponder, "{id}");
    }
    let tested: Vec<&str> = turns.iter().map(|turn| turn.0).collect();
    assert!(NamedRule::all().all(|rule| tested.contains(&rule.id())));
    assert_eq!(NamedRule::all().count(), turns.len());
}

#[test]
fn rules_have_the_direction_of_their_measure() {
    for rule in NamedRule::all() {
        let expected = match rule.measure() {
            Measure::Eq5d => Direction::HigherIsBetter,
            _ => Direction::LowerIsBetter,
        };
        assert_eq!(rule.criterion().direction(), expected, "{}", rule.id());
    }
    let error = NamedRule::parse("ndi_mdc_vernom").unwrap_err().to_string();
    assert!(error.contains("ndi_mdc_vernon"));
}

/// Eligible and missing forms of 2025, as the register printed them (data quality report): 63.5 and 59.4 percent answered.
#[test]
fn response_of_a_published_year_is_reproduced() {
    let mut forms = Completeness::new(2).unwrap();
    for course in 0..6833_u32 {
        let half_year = if course < 2497 { FormStage::Sent } else { FormStage::Answered };
        let year = match course {
            0..2721 => FormStage::Sent,
            2721..6704 => FormStage::Answered,
            _ => FormStage::NotDue,
        };
        forms.add(&[half_year, year]).unwrap();
    }
    assert_eq!((forms.eligible(0), forms.eligible(1)), (Some(6833), Some(6704)));
    let share = |time| forms.response(&[time]).unwrap().share().unwrap();
    assert!((share(0) - 0.6346).abs() < 5e-5 && (share(1) - 0.5941).abs() < 5e-5);
}

fn item(highest: u8) -> impl Strategy<Value = Option<u8>> {
    prop::option::of(0..=highest)
}

fn stage() -> impl Strategy<Value = FormStage> {
    use FormStage::{Answered, Eligible, NotDue, Sent};
    prop::sample::select(vec![NotDue, Eligible, Sent, Answered])
}

proptest! {
    #[test]
    fn hopkins_means_stay_within_one_to_four_and_know_no_order(
        items in prop::array::uniform10(prop::option::of(1_u8..=4)), turn in 0_usize..10,
    ) {
        let any = hopkins_10(&items, MissingItems::ProrateAny).unwrap();
        prop_assert_eq!(any.is_some(), items.iter().any(Option::is_some));
        prop_assert!(any.is_none_or(|mean| mean >= Ratio::whole(1) && mean <= Ratio::whole(4)));
        let mut turned = items;
        turned.rotate_left(turn);
        for name in ["complete", "min7", "min8", "min9", "prorate_any"] {
            let policy = MissingItems::parse(name).unwrap();
            let mean = hopkins_10(&items, policy).unwrap();
            prop_assert!(mean.is_none() || mean == any);
            prop_assert_eq!(mean, hopkins_10(&turned, policy).unwrap());
        }
    }

    #[test]
    fn no_answer_on_any_form_panics(items in prop::array::uniform10(prop::option::of(any::<u8>())), least in any::<u8>()) {
        let valid = items.iter().flatten().all(|item| (1..=4).contains(item));
        prop_assert_eq!(hopkins_10(&items, MissingItems::AtLeast(least)).is_ok(), valid);
    }

    #[test]
    fn both_forms_of_fear_avoidance_agree_on_the_scored_items(
        whole in prop::array::uniform16(item(6)),
    ) {
        let scored = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 14].map(|place: usize| whole[place]);
        for policy in [FearAvoidanceMissing::Complete, FearAvoidanceMissing::OneMissing] {
            let sums = fear_avoidance_16(&whole, policy).unwrap();
            prop_assert!(sums == fear_avoidance_11(&scored, policy).unwrap());
            prop_assert!(sums.physical.is_none_or(|sum| sum >= Ratio::ZERO && sum <= Ratio::whole(24)));
            prop_assert!(sums.work.is_none_or(|sum| sum >= Ratio::ZERO && sum <= Ratio::whole(42)));
        }
        let strict = fear_avoidance_11(&scored, FearAvoidanceMissing::Complete).unwrap();
        let lenient = fear_avoidance_11(&scored, FearAvoidanceMissing::OneMissing).unwrap();
        prop_assert!(strict.physical.is_none() || strict.physical == lenient.physical);
        prop_assert!(strict.work.is_none() || strict.work == lenient.work);
    }

    #[test]
    fn success_is_benefit_and_no_failure(code in any::<u8>()) {
        use EffectDefinition::{BenefitNnrr, FailureWerner2017, SuccessNorspine, WorseningWerner2017};
        let of = |definition| perceived_effect(code, definition).ok().flatten();
        prop_assert_eq!(of(BenefitNnrr).is_some(), (1..=7).contains(&code));
        prop_assert_eq!(of(BenefitNnrr).map(|benefit| !benefit), of(FailureWerner2017));
        prop_assert!(of(SuccessNorspine) != Some(true) || of(BenefitNnrr) == Some(true));
        prop_assert!(of(WorseningWerner2017) != Some(true) || of(FailureWerner2017) == Some(true));
    }

    #[test]
    fn whoever_is_back_at_work_is_back_at_more_work(
        ticks in prop::array::uniform6(any::<bool>()), employed in any::<bool>(),
        before in prop::option::of(0_u8..=100), after in prop::option::of(0_u8..=100),
    ) {
        let [before_listed, working, sick_listed, work_allowance, retired, student] = ticks;
        let before = WorkStatus { sick_listed: before_listed, sick_leave_percent: before, ..WorkStatus::default() };
        let after = WorkStatus {
            working, sick_listed, work_allowance, retired, student, sick_leave_percent: after, ..WorkStatus::default()
        };
        let (first, second) = (return_to_work(employed, &before, &after), return_to_more_work(employed, &before, &after).unwrap());
        prop_assert!(first != ReturnToWork::Undefined);
        prop_assert_eq!(first == ReturnToWork::NotConcerned, second == ReturnToWork::NotConcerned);
        prop_assert!(first != ReturnToWork::Returned || second == ReturnToWork::Returned);
    }

    #[test]
    fn counts_of_rules_know_no_order_and_nothing_is_lost(
        pairs in prop::collection::vec((0_i64..=100, 0_i64..=100), 0..40), cut in 0_usize..40,
    ) {
        for rule in NamedRule::all() {
            let criterion = rule.criterion();
            let count = |pairs: &[(i64, i64)]| {
                let mut counts = ResponderCounts::new();
                for (before, after) in pairs {
                    let (before, after) = (Ratio::whole(*before), Ratio::whole(*after));
                    counts.add(&criterion, before, after, rule.measure().best());
                }
                counts
            };
            let all = count(&pairs);
            let (left, right) = pairs.split_at(cut.min(pairs.len()));
            let (mut forth, mut back) = (count(left), count(right));
            forth.merge(&count(right));
            back.merge(&count(left));
            prop_assert!(all == forth && all == back);
            prop_assert_eq!(all.judged() + all.undefined(), pairs.len() as u64);
            prop_assert!(all.could_not() <= all.non_responders());
            let goal = !matches!(rule.meaning(), RuleMeaning::Failure | RuleMeaning::SevereState);
            prop_assert!(goal || all.could_not() == 0);
        }
    }

    #[test]
    fn whoever_could_not_meet_a_rule_meets_it_with_no_score(before in 0_i64..=100) {
        for rule in NamedRule::all().filter(|rule| rule.measure() == Measure::Oswestry) {
            let (criterion, best) = (rule.criterion(), rule.measure().best());
            let before = Ratio::whole(before);
            let mut counts = ResponderCounts::new();
            (0..=100).for_each(|after| counts.add(&criterion, before, Ratio::whole(after), best));
            prop_assert!(counts.could_not() == 0 || counts.responders() == 0);
        }
    }

    #[test]
    fn stages_are_nested_whatever_the_order(
        courses in prop::collection::vec(prop::array::uniform3(stage()), 0..40), cut in 0_usize..40,
    ) {
        let count = |courses: &[[FormStage; 3]]| {
            let mut forms = Completeness::new(3).unwrap();
            courses.iter().for_each(|course| forms.add(course).unwrap());
            forms
        };
        let all = count(&courses);
        let (left, right) = courses.split_at(cut.min(courses.len()));
        let mut merged = count(right);
        merged.merge(&count(left)).unwrap();
        prop_assert!(all == merged);
        for time in 0..3 {
            prop_assert!(Some(all.courses()) >= all.eligible(time) && all.eligible(time) >= all.sent(time));
            prop_assert!(all.sent(time) >= all.answered(time) && all.answered(time) >= all.complete(&[0, 1, 2]));
        }
        prop_assert!(all.complete(&[0, 1]) >= all.complete(&[0, 1, 2]));
        prop_assert!(all.response(&[0, 1, 2]).is_ok());
    }

    #[test]
    fn missing_items_add_up_to_the_gaps(forms in prop::collection::vec(prop::array::uniform4(any::<bool>()), 0..30)) {
        let mut items = ItemCompleteness::new(4);
        forms.iter().for_each(|form| items.add(form).unwrap());
        let gaps = forms.iter().flatten().filter(|answered| !**answered).count() as u64;
        prop_assert_eq!((0..4).filter_map(|item| items.missing(item)).sum::<u64>(), gaps);
        prop_assert!(items.complete() <= items.forms() && items.forms() == forms.len() as u64);
    }
}
