//! The defects that drafts of the register's reports had, one test each: none of them can come back.

use proptest::prelude::*;
use registat::{
    CellView, Chart, ChartKind, Condition, CsvDialect, Goal, Label, Language, Ledger, Plan, Printed, Release,
    ReleasedTable, SeriesSpec, Table, Time, Window, count, dim, mean, mean_change, share,
};

use crate::support::*;

/// Every shown number of a table, with its interval limits.
fn shown(table: &ReleasedTable) -> Vec<f64> {
    let cells = table.rows().iter().flat_map(|row| row.cells());
    cells
        .flat_map(|cell| match cell.view() {
            CellView::Shown(Printed::Number { value, .. }) => vec![value],
            CellView::Shown(Printed::Range { lower, upper, .. }) => vec![lower, upper],
            _ => Vec::new(),
        })
        .collect()
}

/// Every text format of a table.
fn texts(table: &ReleasedTable, language: Language) -> [String; 5] {
    [
        table.to_text(language),
        table.to_markdown(language),
        table.to_html(language),
        table.to_csv(language, CsvDialect::Norwegian),
        table.to_csv(language, CsvDialect::Rfc4180),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    // D2: a column of means held sums.
    #[test]
    fn a_mean_and_its_interval_lie_on_the_scale_of_the_instrument(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let mut persons = Vec::new();
        for (unit, _) in UNITS {
            for _ in 0..5 + random.below(6) {
                let (low, high) = if random.below(2) == 0 { (0, 1) } else { (40, 11) };
                persons.push(person(unit, MAN).with(|person| {
                    person.odi = odi(low + random.below(high) as i64);
                    person.pain = random.below(11) as i64;
                }));
            }
        }
        let table = |instrument: &str| Table::new(instrument).rows(hospitals()).stat(mean(instrument).ci());
        let release = release(&persons, Plan::new().table(table("odi")).table(table("pain_rest")));
        for (instrument, highest) in [("odi", 100.0), ("pain_rest", 10.0)] {
            let numbers = shown(release.table(instrument).unwrap());
            prop_assert!(!numbers.is_empty());
            prop_assert!(numbers.iter().all(|number| (0.0..=highest).contains(number)), "{:?}", numbers);
        }
    }
}

// D4: a score doubled between two editions because its scale had changed.
#[test]
fn a_mean_or_a_trend_over_a_change_of_scale_is_refused() {
    let mut persons = person(ALTA, MAN).with(|person| person.visit = "15.03.2022".to_owned()).times(10);
    persons.extend(person(ALTA, MAN).with(|person| person.visit = "15.03.2023".to_owned()).times(10));
    let cohort = cohort(&persons);
    let pooled = Table::new("pooled").visits(visits((2022, 1, 1), (2023, 12, 31))).stat(mean("neck_score"));
    assert!(cohort.aggregate(&pooled).unwrap_err().is_specification());

    let year = |year: i32| registat::Block::Period { label: None, window: Window::VisitYear(year) };
    let trend = Chart::new("trend", ChartKind::Trend)
        .rows(year(2022))
        .rows(year(2023))
        .series(SeriesSpec::new(Label::same("Neck"), mean("neck_score")));
    let error = cohort.aggregate(&trend).unwrap_err();
    assert!(error.is_specification(), "{error}");
}

// D5: a table carried the caption of another one.
#[test]
fn title_and_notes_are_those_of_the_specification() {
    let persons = units(&[(ALTA, 20), (BODO, 30)]);
    let titled = |id: &str, title: &str| {
        counts_by_hospital(id)
            .title(Label::new(format!("{title} (nb)"), title))
            .definition(Label::new("Definisjon", format!("Definition of {title}")))
    };
    let plan = Plan::new().table(titled("one", "Benefit")).table(titled("two", "Satisfaction"));
    let release = release(&persons, plan);
    for (id, own, other) in [("one", "Benefit", "Satisfaction"), ("two", "Satisfaction", "Benefit")] {
        let table = release.table(id).unwrap();
        for text in [
            table.to_text(Language::English),
            table.to_markdown(Language::English),
            table.to_html(Language::English),
        ] {
            assert!(text.contains(own) && text.contains(&format!("Definition of {own}.")), "{text}");
            assert!(!text.contains(other), "{text}");
        }
        assert_eq!(table.title().text(Language::Bokmal), format!("{own} (nb)"));
    }
}

#[test]
fn the_notes_name_the_limits_asked_for_and_the_rule_of_the_statistic() {
    let persons = person(ALTA, MAN).with(|person| person.six = Some(later(10, 3))).times(20);
    let rule = Condition::improved("odi", registat::Amount::whole(10), (Time::BASELINE, Time::SIX_MONTHS));
    let table = Table::new("t").visits(Window::VisitYear(2024)).stat(share(rule).ci());
    let text = release(&persons, &table).table("t").unwrap().to_text(Language::English);
    assert!(text.contains("01.01.2024") && text.contains("31.12.2024"), "{text}");
    assert!(!text.contains("15.03.2024"), "no day that anyone came on: {text}");
    assert!(text.contains("ODI at least 10 points better after 6 months than at the visit"), "{text}");
}

// D6: "NA patients have baseline < 10".
#[test]
fn no_rendering_of_an_empty_table_says_na() {
    let persons = units(&[(ALTA, 20)]);
    let empty = Condition::level("education", [1]);
    let table = Table::new("t")
        .rows(hospitals())
        .only(empty)
        .stat(count())
        .stat(mean("odi").sd().ci())
        .stat(share(Condition::level("sex", [WOMAN])).ci())
        .stat(mean_change("odi", Time::BASELINE, Time::SIX_MONTHS).sd().ci());
    let chart = Chart::new("c", ChartKind::UnitMeans).rows(hospitals()).series(
        SeriesSpec::new(Label::same("ODI"), mean("odi").ci()).only(Condition::level("education", [1])),
    );
    let release = release(&persons, Plan::new().table(table).chart(chart));
    for language in [Language::Bokmal, Language::English] {
        let mut all = texts(release.table("t").unwrap(), language).to_vec();
        let chart = release.chart("c").unwrap();
        all.push(chart.to_svg(language).unwrap());
        all.push(chart.alt_text(language));
        for text in all {
            let words = text.split(|character: char| !character.is_alphanumeric());
            let wrong = ["NA", "NaN", "nan", "inf", "null", "None"];
            let found: Vec<&str> = words.filter(|word| wrong.contains(word)).collect();
            // `fill="none"` and the like are written small; a spelled out number is not.
            assert!(found.is_empty(), "{found:?}");
        }
    }
}

/// Which cells of a printed table are hidden, by the mark or word that stands there.
fn hidden(rows: Vec<Vec<String>>) -> Vec<Vec<bool>> {
    let is_hidden = |cell: &String| cell.contains('•') || cell == "protected";
    rows.iter().map(|row| row.iter().map(is_hidden).collect()).collect()
}

// D9: the figure hid what the table beside it printed.
#[test]
fn all_renderings_hide_the_same_cells() {
    let persons = men_and_women(&[(ALTA, 3, 20), (BODO, 30, 25), (DOKKA, 15, 2), (EGERSUND, 40, 22)]);
    let release = release(&persons, &counts_by_hospital_and("t", "sex"));
    let table = release.table("t").unwrap();
    let truth: Vec<Vec<bool>> = table
        .rows()
        .iter()
        .map(|row| row.cells().iter().map(|cell| cell.view() == CellView::Protected).collect())
        .collect();
    assert!(truth.iter().flatten().filter(|hidden| **hidden).count() >= 4);

    let csv = Sheet::of(table).rows.into_iter().map(|line| line.cells).collect();
    assert_eq!(hidden(csv), truth, "CSV");
    assert_eq!(hidden(html_rows(&table.to_html(Language::English))), truth, "HTML");

    let names: Vec<String> =
        table.rows().iter().map(|row| row.label().text(Language::English).to_owned()).collect();
    let markdown = table.to_markdown(Language::English);
    let of_markdown = names.iter().map(|name| {
        let line = markdown.lines().find(|line| {
            let first = line.split('|').nth(1).unwrap_or_default();
            first.trim().trim_matches('*') == name
        });
        line.unwrap().split('|').skip(2).take(3).map(|cell| cell.trim().to_owned()).collect::<Vec<String>>()
    });
    assert_eq!(hidden(of_markdown.collect()), truth, "Markdown");

    let text = table.to_text(Language::English);
    let of_text = names.iter().map(|name| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name.as_str())).unwrap();
        line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<String>>()
    });
    assert_eq!(hidden(of_text.collect()), truth, "text");
}

#[test]
fn a_chart_hides_what_its_table_hides() {
    let persons = units(&[(ALTA, 3), (BODO, 17), (DOKKA, 30), (EGERSUND, 40)]);
    let chart = Chart::new("c", ChartKind::UnitMeans)
        .rows(hospitals())
        .series(SeriesSpec::new(Label::same("Pain"), mean("pain_rest").ci()));
    let release = release(&persons, &chart);
    let chart = release.chart("c").unwrap();
    let sheet = Sheet::of(chart.table());
    let hidden = sheet.rows.iter().filter(|line| line.cells.iter().any(|cell| cell == "protected")).count();
    assert!(hidden >= 2);
    let svg = chart.to_svg(Language::English).unwrap();
    assert!(svg.matches("protected").count() >= hidden, "the word stands in the place of each hidden mark");
    assert!(chart.alt_text(Language::English).contains("some units are hidden"));
}

// D11: a pooled remainder of one unit is that unit.
#[test]
fn what_is_left_of_a_region_is_two_units_and_enough_patients() {
    for smallest in 1..5 {
        let persons = units(&[(ALTA, smallest), (BODO, 20), (DOKKA, 1), (EGERSUND, 2), (FLORO, 40)]);
        let table = Table::new("t").rows(dim("hospital").under("region").total()).stat(count());
        let sheet = Sheet::read(&release(&persons, &table), "t");
        let numbers = sheet.counts("Courses");
        for (region, below) in [(0, 1..3), (3, 4..7)] {
            let hidden = below.clone().filter(|row| numbers[*row].is_none()).count();
            assert_ne!(hidden, 0);
            if let Some(all) = numbers[region] {
                let printed: u64 = numbers[below].iter().flatten().sum();
                assert!(hidden >= 2 && all - printed >= 5, "{numbers:?}");
            }
        }
    }
}

fn year(id: &str, year: i32) -> Table {
    counts_by_hospital(id).visits(Window::VisitYear(year))
}

// D12: older years were hidden with the newest one, though earlier editions had printed them.
#[test]
fn what_an_earlier_edition_printed_stays_printed() {
    let of_year = |day: &str, sizes: &[(i64, usize)]| -> Vec<Person> {
        let persons = units(sizes).into_iter();
        persons.map(|person| person.with(|person| person.visit = day.to_owned())).collect()
    };
    let mut persons = of_year("15.03.2023", &[(ALTA, 20), (BODO, 30), (DOKKA, 40)]);
    persons.extend(of_year("15.03.2024", &[(ALTA, 3), (BODO, 35), (DOKKA, 45)]));
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), REGISTER).unwrap();
    let column = |release: &Release, id: &str| Sheet::read(release, id).counts("Courses");

    let first = publish(&persons, &year("y2023", 2023), &mut ledger, "edition 2023").unwrap();
    let plan = Plan::new().table(year("y2023", 2023)).table(year("y2024", 2024));
    let second = publish(&persons, plan, &mut ledger, "edition 2024").unwrap();
    assert_eq!(column(&first, "y2023"), [Some(20), Some(30), Some(40), Some(0), Some(0), Some(90)]);
    assert_eq!(column(&second, "y2023"), column(&first, "y2023"));
    let newest = column(&second, "y2024");
    assert_eq!(newest[0], None);
    assert!(newest.iter().filter(|number| number.is_none()).count() >= 2, "{newest:?}");
}

// D14: goals were left at their defaults in one of the outputs.
#[test]
fn the_goal_of_a_chart_is_the_one_of_its_specification() {
    let persons = units(&[(ALTA, 40), (BODO, 50)]);
    let indicator = |id: &str, minimum: f64, goal: f64| {
        Chart::new(id, ChartKind::UnitIndicator)
            .rows(hospitals())
            .goal(Goal::new(Some(minimum), goal, true))
            .series(SeriesSpec::new(Label::same("2024"), share(Condition::level("sex", [WOMAN])).ci()))
    };
    let plan = Plan::new().chart(indicator("one", 25.0, 30.0)).chart(indicator("two", 80.0, 90.0));
    let release = release(&persons, plan);
    for (id, minimum, goal) in [("one", 25.0, 30.0), ("two", 80.0, 90.0)] {
        let stated = release.chart(id).unwrap().goal().unwrap();
        assert_eq!((stated.minimum(), stated.goal()), (Some(minimum), goal));
    }
}
