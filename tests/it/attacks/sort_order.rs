//! The place of a hidden unit in a sorted chart lies between its neighbours' printed means.

use registat::{Chart, ChartKind, Label, Language, Mark, Release, SeriesSpec, mean};

use super::*;

/// Units that no secondary protection can mix up: the names are plain ASCII and found in the SVG as they are.
const NAMES: [(i64, &str); 3] = [(ALTA, "Alta"), (DOKKA, "Dokka"), (EGERSUND, "Egersund")];

fn persons(hidden_pain: i64) -> Vec<Person> {
    let mut persons = person(ALTA, MAN).with(|person| person.pain = hidden_pain).times(3);
    for (unit, pain, size) in [(BODO, 4, 20), (DOKKA, 2, 40), (EGERSUND, 7, 60), (FLORO, 5, 80)] {
        persons.extend(person(unit, MAN).with(|person| person.pain = pain).times(size));
    }
    persons
}

/// Where a name stands among the units that a chart draws, counted from the end.
fn is_last(names: &[&str], wanted: &str) -> bool {
    names.last() == Some(&wanted)
}

fn chart_release(hidden_pain: i64) -> Release {
    let chart = Chart::new("pain", ChartKind::UnitMeans)
        .rows(hospitals())
        .series(SeriesSpec::new(Label::same("Mean"), mean("pain_rest")));
    release(&persons(hidden_pain), &chart)
}

/// The drawn units from top to bottom.
fn drawn(svg: &str) -> Vec<&'static str> {
    let mut places: Vec<(usize, &str)> =
        NAMES.iter().filter_map(|(_, name)| Some((svg.find(name)?, *name))).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn a_sorted_chart_gives_away_where_a_hidden_mean_lies_unless_the_hidden_ones_stand_last() {
    // Sorted by true means, the hidden bar stands first or last as its value is high or low.
    let naive = |hidden_pain: i64| {
        let mut means = [(hidden_pain, "Alta"), (2, "Dokka"), (7, "Egersund")];
        means.sort_unstable_by_key(|(mean, _)| std::cmp::Reverse(*mean));
        means.map(|(_, name)| name)
    };
    assert!(is_last(&naive(1), "Alta") && !is_last(&naive(9), "Alta"));

    let (low, high) = (chart_release(1), chart_release(9));
    let svg = |release: &Release| release.chart("pain").unwrap().to_svg(Language::English).unwrap();
    let (low_order, high_order) = (svg(&low), svg(&high));
    assert_eq!(drawn(&low_order).len(), 3, "every unit is named");
    assert_eq!(drawn(&low_order), drawn(&high_order));
    let chart = low.chart("pain").unwrap();
    let alta = chart.table().rows().iter().find(|row| row.label().text(Language::English) == "Alta").unwrap();
    assert_eq!(chart.mark(alta, &chart.series()[0]), Mark::Protected);
}
