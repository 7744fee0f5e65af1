//! What is counted and computed, against a computation that a reader of the forms would do by hand.

use proptest::prelude::*;
use registat::{
    Amount, Condition, ConfidenceLevel, CsvDialect, Goal, Language, Plan, Policy, ProportionMethod,
    ReleasedTable, Table, Time, UnitOfAnalysis, Window, clopper_pearson, count, dim, effect_size, mean,
    mean_change, median, share, share_of_column, standardised_response_mean, wilson,
};

use crate::support::*;

/// Half of what the last printed decimal stands for, and what floating point adds to it.
const ROUNDING: f64 = 0.05 + 1e-9;

#[track_caller]
fn assert_rounded(printed: Option<f64>, exact: f64) {
    let printed = printed.expect("a printed number");
    assert!((printed - exact).abs() <= ROUNDING, "{printed} is not {exact} rounded");
}

fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation_of(values: &[f64]) -> f64 {
    let mean = mean_of(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// Patients with answers all over the scales, ten or more in every unit.
fn varied(seed: u64, per_unit: u64) -> Vec<Person> {
    let mut random = Random::new(seed);
    let mut persons = Vec::new();
    for (unit, _) in UNITS {
        for _ in 0..per_unit {
            let sex = if random.below(2) == 0 { MAN } else { WOMAN };
            persons.push(person(unit, sex).with(|person| {
                person.age = Some(18 + random.below(70) as i64);
                person.education = random.below(4) as i64;
                person.pain = random.below(11) as i64;
                person.odi = odi(random.below(51) as i64);
                if random.below(3) > 0 {
                    person.six = Some(later(random.below(51) as i64, random.below(11) as i64));
                }
            }));
        }
    }
    persons
}

#[test]
fn courses_and_patients_are_counted_apart() {
    let mut persons = Vec::new();
    for number in 0..10 {
        for visit in ["01.02.2024", "01.09.2024", "01.11.2024"] {
            persons.push(person(ALTA, MAN).with(|person| {
                person.patient = Some(format!("returning {number}"));
                person.visit = visit.to_owned();
            }));
        }
    }
    persons.extend(person(BODO, MAN).times(20));
    let courses = release(&persons, &counts_by_hospital("courses"));
    let sheet = Sheet::read(&courses, "courses");
    assert_eq!(sheet.counts("Courses"), [Some(30), Some(20), Some(0), Some(0), Some(0), Some(50)]);
    let patients = release(&persons, &counts_by_hospital("patients").counts(UnitOfAnalysis::Patient));
    let sheet = Sheet::read(&patients, "patients");
    assert_eq!(sheet.counts("Patients"), [Some(10), Some(20), Some(0), Some(0), Some(0), Some(30)]);
}

#[test]
fn means_and_deviations_are_those_of_the_answers() {
    let persons = varied(1, 12);
    let table = Table::new("t").rows(hospitals()).stat(mean("pain_rest").sd());
    let sheet = Sheet::read(&release(&persons, &table), "t");
    let names = UNITS.iter().map(|(unit, name)| (Some(*unit), *name)).chain([(None, "All")]);
    for (unit, name) in names {
        let inside = persons.iter().filter(|person| unit.is_none_or(|unit| person.unit == unit));
        let pain: Vec<f64> = inside.map(|person| person.pain as f64).collect();
        assert_eq!(sheet.count(name, "N"), Some(pain.len() as u64));
        assert_rounded(sheet.number(name, "Mean"), mean_of(&pain));
        assert_rounded(sheet.number(name, "SD"), deviation_of(&pain));
    }
}

#[test]
fn scores_and_changes_are_those_of_the_answers() {
    let persons = varied(2, 60);
    let score = |items: &[i64; 10]| items.iter().map(|code| 2 * (code - 1)).sum::<i64>() as f64;
    let table = Table::new("t").stat(mean_change("odi", Time::BASELINE, Time::SIX_MONTHS).sd());
    let sheet = Sheet::read(&release(&persons, &table), "t");
    let pairs = persons.iter().filter_map(|person| person.six.as_ref().map(|six| (person, six)));
    let changes: Vec<f64> = pairs.map(|(person, six)| score(&six.odi) - score(&person.odi)).collect();
    assert_eq!(sheet.count("All", "N"), Some(changes.len() as u64));
    assert_rounded(sheet.number("All", "Change"), mean_of(&changes));
    assert_rounded(sheet.number("All", "SD"), deviation_of(&changes));
}

#[test]
fn effect_sizes_divide_the_change_by_its_own_deviation_or_by_that_of_the_first_scores() {
    let persons = varied(2, 60);
    let score = |items: &[i64; 10]| items.iter().map(|code| 2 * (code - 1)).sum::<i64>() as f64;
    let times = (Time::BASELINE, Time::SIX_MONTHS);
    let table = Table::new("t")
        .stat(standardised_response_mean("odi", times.0, times.1))
        .stat(effect_size("odi", times.0, times.1).without_n());
    let release = release(&persons, &table);
    let sheet = Sheet::read(&release, "t");
    let pairs = persons.iter().filter_map(|person| person.six.as_ref().map(|six| (person, six)));
    let (before, changes): (Vec<f64>, Vec<f64>) =
        pairs.map(|(person, six)| (score(&person.odi), score(&six.odi) - score(&person.odi))).unzip();
    let near = |printed: Option<f64>, exact: f64| (printed.unwrap() - exact).abs() < 0.005 + 1e-9;
    assert!(near(sheet.number("All", "SRM"), mean_of(&changes) / deviation_of(&changes)));
    assert!(near(sheet.number("All", "Effect size"), mean_of(&changes) / deviation_of(&before)));
    let words = release.table("t").unwrap().to_text(Language::English);
    assert!(words.contains("SRM is") && words.contains("Effect size is"), "{words}");

    // Where nobody changes there is no deviation to divide by.
    let same = person(ALTA, MAN).with(|person| person.six = Some(later(20, 5))).times(30);
    let sheet = Sheet::read(&self::release(&same, &table), "t");
    assert_eq!((sheet.number("All", "SRM"), sheet.number("All", "Effect size")), (None, None));
}

#[test]
fn limits_of_a_median_are_order_statistics_and_never_the_extremes_of_a_few() {
    let table = Table::new("t").rows(dim("sex")).stat(median("age").ci());
    let persons = |men: i64| -> Vec<Person> {
        let mut persons = person(ALTA, WOMAN).times(60);
        persons.extend((0..men).map(|number| person(ALTA, MAN).with(|one| one.age = Some(20 + number))));
        persons
    };
    let release = release(&persons(20), &table);
    let sheet = Sheet::read(&release, "t");
    // Ranks 6 and 15 of 20.
    assert_eq!(sheet.number("Man", "95% CI / lower"), Some(25.0));
    assert_eq!(sheet.number("Man", "95% CI / upper"), Some(34.0));
    assert!(release.table("t").unwrap().to_text(Language::English).contains("order statistics"));
    // Ranks 1 and 8 of 8 would be the youngest and the oldest.
    let sheet = Sheet::read(&self::release(&persons(8), &table), "t");
    assert_eq!(sheet.number("Man", "Median"), Some(23.5));
    assert_eq!(sheet.number("Man", "95% CI / lower"), None);
    assert_eq!(sheet.number("Man", "95% CI / upper"), None);
}

#[test]
fn limits_of_shares_by_another_method_stay_within_the_scale_and_are_named() {
    let mut persons = person(ALTA, MAN).with(|person| person.working = true).times(13);
    persons.extend(person(ALTA, MAN).times(37));
    let working = || share(Condition::level("working", [1]));
    let limits = |method| {
        let release = release(&persons, &Table::new("t").stat(working().ci_by(method)));
        let sheet = Sheet::read(&release, "t");
        let words = release.table("t").unwrap().to_text(Language::English);
        let limit = |head| sheet.number("All", head).unwrap();
        ((limit("95% CI / lower"), limit("95% CI / upper")), words)
    };
    let (printed, words) = limits(ProportionMethod::ClopperPearson);
    let exact = clopper_pearson(13, 50, ConfidenceLevel::P95).unwrap();
    assert_rounded(Some(printed.0), 100.0 * exact.lower);
    assert_rounded(Some(printed.1), 100.0 * exact.upper);
    assert!(words.contains("Clopper and Pearson") && !words.contains("Wilson"), "{words}");
    let from_file = "[[table]]\nid = \"t\"\n[[table.stat]]\nkind = { share = { level = { variable = \"working\", is = [1] } } }\n\
                     interval = true\ninterval_method = \"clopper_pearson\"";
    let by_file = release(&persons, Plan::from_toml(from_file).unwrap());
    assert_eq!(by_file.table("t").unwrap().to_text(Language::English), words);

    let nearly_none = person(ALTA, MAN).times(60);
    let table =
        Table::new("t").stat(share(Condition::level("sex", [MAN])).ci_by(ProportionMethod::AgrestiCoull));
    let sheet = Sheet::read(&release(&nearly_none, &table), "t");
    assert_eq!(sheet.number("All", "95% CI / upper"), Some(100.0));
}

#[test]
fn what_belongs_to_another_statistic_is_refused() {
    let persons = varied(4, 20);
    let cohort = cohort(&persons);
    let change = || effect_size("odi", Time::BASELINE, Time::SIX_MONTHS);
    for stat in [
        mean("odi").ci_by(ProportionMethod::Wald),
        change().ci(),
        change().sd(),
        count().ci(),
        share(Condition::level("sex", [MAN])).sd(),
    ] {
        assert!(cohort.clone().aggregate(&Table::new("t").stat(stat)).is_err());
    }
}

#[test]
fn the_missingness_of_an_item_is_that_of_the_forms() {
    let mut persons = person(ALTA, MAN).with(|person| person.odi[3] = 0).times(15);
    persons.extend(person(ALTA, MAN).times(45));
    let answered = |item| Condition::ItemAnswered { instrument: "odi".to_owned(), item, at: Time::BASELINE };
    let table = Table::new("t").stat(share(Condition::Not(Box::new(answered(4)))));
    let sheet = Sheet::read(&release(&persons, &table), "t");
    assert_eq!((sheet.count("All", "N"), sheet.number("All", "Share")), (Some(60), Some(25.0)));
    for item in [0, 11] {
        assert!(cohort(&persons).aggregate(&Table::new("t").stat(share(answered(item)))).is_err());
    }
}

#[test]
fn at_least_and_at_most_part_the_scores_at_a_limit() {
    let persons = varied(5, 40);
    let limit = |at_least: bool| {
        let (instrument, points, times) = ("odi".to_owned(), Amount::whole(40), vec![Time::BASELINE]);
        let holds = if at_least {
            Condition::AtLeast { instrument, points, times }
        } else {
            Condition::AtMost { instrument, points, times }
        };
        let release = release(&persons, &Table::new("t").stat(share(holds)));
        let words = release.table("t").unwrap().to_text(Language::English);
        assert!(words.contains(if at_least { "at least 40" } else { "at most 40" }), "{words}");
        Sheet::read(&release, "t").number("All", "Share").unwrap()
    };
    let sum = |person: &Person| person.odi.iter().map(|code| code - 1).sum::<i64>();
    let percent = |holds: &dyn Fn(i64) -> bool| {
        100.0 * persons.iter().filter(|person| holds(sum(person))).count() as f64 / persons.len() as f64
    };
    assert_rounded(Some(limit(true)), percent(&|sum| sum >= 20));
    assert_rounded(Some(limit(false)), percent(&|sum| sum <= 20));
}

#[test]
fn the_median_is_that_of_the_answers() {
    let persons = varied(3, 20);
    let sheet = Sheet::read(&release(&persons, &Table::new("t").stat(median("age"))), "t");
    let mut ages: Vec<i64> = persons.iter().map(|person| person.age.unwrap()).collect();
    ages.sort_unstable();
    assert_eq!(ages.len(), 100);
    assert_rounded(sheet.number("All", "Median"), (ages[49] + ages[50]) as f64 / 2.0);
}

#[test]
fn limits_of_shares_are_wilsons_and_stand_beside_their_denominator() {
    let mut persons = person(ALTA, MAN).with(|person| person.working = true).times(13);
    persons.extend(person(ALTA, MAN).times(37));
    let table = Table::new("t").stat(share(Condition::level("working", [1])).ci());
    let release = release(&persons, &table);
    let sheet = Sheet::read(&release, "t");
    assert_eq!(sheet.count("All", "N"), Some(50));
    assert_eq!(sheet.number("All", "Share"), Some(26.0));
    let limits = wilson(13, 50, ConfidenceLevel::P95).unwrap();
    assert_rounded(sheet.number("All", "95% CI / lower"), 100.0 * limits.lower);
    assert_rounded(sheet.number("All", "95% CI / upper"), 100.0 * limits.upper);
    assert!(release.table("t").unwrap().to_text(Language::English).contains("Wilson"));
}

#[test]
fn shares_of_a_column_are_of_those_with_a_known_level() {
    let mut persons = Vec::new();
    for (education, size) in [(1, 10), (2, 20), (3, 20), (0, 30)] {
        persons.extend(person(ALTA, MAN).with(|person| person.education = education).times(size));
    }
    let table = Table::new("t").rows("education").stat(share_of_column());
    let sheet = Sheet::read(&release(&persons, &table), "t");
    for (level, percent) in [("Primary", 20.0), ("Secondary", 40.0), ("Higher", 40.0)] {
        assert_eq!((sheet.count(level, "N"), sheet.number(level, "Share")), (Some(50), Some(percent)));
    }
}

// D1: all mean functions of the drafts drew 1.96 * SD / N.
#[test]
fn a_confidence_interval_narrows_with_the_square_root_of_the_patients() {
    let interval = |size: usize| {
        let mut persons = person(ALTA, MAN).with(|person| person.odi = odi(10)).times(size / 2);
        persons.extend(person(ALTA, MAN).with(|person| person.odi = odi(30)).times(size / 2));
        let table = Table::new("t").stat(mean("odi").sd().ci());
        let sheet = Sheet::read(&release(&persons, &table), "t");
        let number = |head: &str| sheet.number("All", head).unwrap();
        let width = number("95% CI / upper") - number("95% CI / lower");
        let t = ConfidenceLevel::P95.t(size as u64 - 1).unwrap();
        let exact = 2.0 * t * 20.0 * (size as f64 / (size as f64 - 1.0)).sqrt() / (size as f64).sqrt();
        assert!((width - exact).abs() <= 2.0 * ROUNDING, "{width} {exact}");
        assert_eq!(number("Mean"), 40.0);
        width
    };
    let (small, large) = (interval(100), interval(400));
    assert!((1.8..2.2).contains(&(small / large)), "{small} {large}");
}

// D3: a code for "not answered" was averaged as zero.
#[test]
fn a_missing_answer_is_neither_averaged_nor_counted() {
    let mut persons = person(ALTA, MAN).with(|person| person.pain = 6).times(20);
    persons.extend(person(ALTA, MAN).with(|person| person.pain = -1).times(10));
    persons.extend(person(ALTA, MAN).with(|person| (person.pain, person.odi) = (6, [0; 10])).times(10));
    let table = Table::new("t").rows("sex").stat(count()).stat(mean("pain_rest"));
    let sheet = Sheet::read(&release(&persons, &table), "t");
    assert_eq!(sheet.count("Man", "Courses"), Some(40));
    assert_eq!((sheet.count("Man", "N"), sheet.number("Man", "Mean")), (Some(30), Some(6.0)));
    let disability = Sheet::read(&release(&persons, &Table::new("t").stat(mean("odi"))), "t");
    assert_eq!((disability.count("All", "N"), disability.number("All", "Mean")), (Some(30), Some(40.0)));
}

// D10: four hospital rows of the web table did not add to the printed total.
#[test]
fn printed_units_add_to_their_region_and_to_the_total() {
    let persons = units(&[(ALTA, 11), (BODO, 23), (DOKKA, 35), (EGERSUND, 47), (FLORO, 59)]);
    let table =
        Table::new("t").rows(dim("hospital").under("region").total()).cols(dim("sex").total()).stat(count());
    let sheet = Sheet::read(&release(&persons, &table), "t");
    assert!(sheet.grid().iter().flatten().all(Option::is_some), "nothing is small here");
    for (column, head) in sheet.heads.iter().enumerate() {
        let numbers: Vec<u64> = sheet.grid().iter().map(|row| row[column].unwrap()).collect();
        assert_eq!(sheet.labels(), ["North", "Alta", "Bodø", "South", "Dokka", "Egersund", "Florø", "All"]);
        assert_eq!(numbers[1] + numbers[2], numbers[0], "{head}");
        assert_eq!(numbers[4] + numbers[5] + numbers[6], numbers[3], "{head}");
        assert_eq!(numbers[0] + numbers[3], numbers[7], "{head}");
    }
    for row in sheet.grid() {
        assert_eq!(row[0].unwrap() + row[1].unwrap(), row[2].unwrap());
    }
}

#[test]
fn a_unit_without_patients_has_a_row_and_no_mean() {
    let persons = units(&[(ALTA, 20), (BODO, 20)]);
    let table = Table::new("t").rows("hospital").stat(mean("pain_rest").sd().ci());
    let sheet = Sheet::read(&release(&persons, &table), "t");
    assert_eq!(sheet.count("Dokka", "N"), Some(0));
    assert_eq!((sheet.text("Dokka", "Mean"), sheet.text("Dokka", "SD")), ("", ""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_order_of_the_rows_changes_nothing(seed in any::<u64>()) {
        let forms = Forms::of(&varied(seed, 9));
        let plan = || {
            let table = Table::new("scores").rows(hospitals()).cols(dim("sex").total());
            Plan::new()
                .table(table.stat(count()).stat(mean("odi").sd().ci()).stat(median("pain_rest")))
                .table(counts_by_hospital_and("education", "education"))
        };
        let printed = |forms: &Forms| {
            let policy = Policy::norwegian_register();
            let release = forms.cohort().aggregate(plan()).unwrap().protect(&policy).unwrap();
            serde_json::to_string(&release).unwrap()
        };
        let first = printed(&forms);
        let mut shuffled = forms.clone();
        shuffled.shuffle(&mut Random::new(seed ^ 1));
        prop_assert_eq!(first, printed(&shuffled));
    }
}

#[test]
fn an_indicator_brings_its_definition_its_goal_and_its_year() {
    let text = r#"
        [report]
        year = 2024

        [[indicator]]
        id = "improved"
        label = { nb = "Bedre", en = "Improved" }
        definition = { nb = "Minst 2 poeng, av dem med smerter.", en = "At least 2 points, of those in pain." }
        numerator = { improved = { instrument = "pain_rest", at_least = 2, times = [0, 6] } }
        denominator = { not = { at_most = { instrument = "pain_rest", points = 0, times = [0] } } }
        higher_is_better = true
        goal = 35
        dated_by = { follow-up = 6 }
        valid_from = "2020-01-01"
        source = "Annual report"

        [[chart]]
        id = "improved_by_unit"
        kind = "unit-indicator"
        rows = [{ dim = { variable = "hospital", total = true } }]
        series = [{ year = 0, stat = { kind = { indicator = "improved" }, interval = true } }]
    "#;
    let by_name = Plan::from_toml(text).unwrap();
    let persons = varied(7, 30);
    let released = release(&persons, by_name);
    let chart = released.chart("improved_by_unit").unwrap();
    assert_eq!(chart.goal().map(Goal::goal), Some(35.0));
    let words = chart.table().to_text(Language::English);
    assert!(
        words.contains(
            "Improved: At least 2 points, of those in pain. Source of the definition: Annual report."
        )
    );
    assert!(words.contains("01.01.2024"), "{words}");
    assert!(!words.contains("at most 0"), "those left out are not said to count");

    // The same numbers, asked for without an indicator.
    let improved = Condition::improved("pain_rest", Amount::whole(2), (Time::BASELINE, Time::months(6)));
    let free = Condition::AtMost {
        instrument: "pain_rest".into(),
        points: Amount::whole(0),
        times: vec![Time::BASELINE],
    };
    let table = Table::new("by_hand")
        .visits(Window::DueYear { year: 2024, months: 6 })
        .only(Condition::Not(Box::new(free)))
        .rows(hospitals())
        .stat(share(improved).ci());
    let by_hand = release(&persons, &table);
    let numbers = |table: &ReleasedTable| {
        let csv = table.to_csv(Language::English, CsvDialect::Norwegian);
        csv.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(numbers(chart.table()), numbers(by_hand.table("by_hand").unwrap()));

    let undefined = Plan::from_toml(&text.replace("indicator = \"improved\"", "indicator = \"improving\""));
    assert!(undefined.unwrap_err().to_string().contains("improved"), "the nearest name is suggested");
    // A year that nothing turned into a window is not passed over.
    let share_of_year =
        text.replace("kind = { indicator = \"improved\" }", "kind = { share = { answered = { at = 6 } } }");
    assert!(Plan::from_toml(&share_of_year).is_err());
    let before = share_of_year.find("[[indicator]]").unwrap();
    let after = share_of_year.find("[[chart]]").unwrap();
    let elsewhere =
        format!("indicators = \"elsewhere.toml\"\n{}{}", &share_of_year[..before], &share_of_year[after..]);
    assert!(cohort(&persons).aggregate(Plan::from_toml(&elsewhere).unwrap()).is_err());
    let early = Plan::from_toml(&text.replace("2020-01-01", "2025-01-01")).unwrap();
    assert!(cohort(&persons).aggregate(early).is_err(), "the definition did not hold for the visits of 2024");
}
