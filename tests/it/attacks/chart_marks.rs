//! What a picture still says of a number that it does not print: the length of a bar, the end of the axis, the margin.

use registat::{Chart, ChartKind, Condition, Label, Language, SeriesSpec, share};

use super::*;

/// Patients of a unit, and those of them who are in work.
const SIZES: [(i64, usize, usize); 5] =
    [(ALTA, 3, 3), (BODO, 20, 10), (DOKKA, 40, 8), (EGERSUND, 50, 15), (FLORO, 60, 24)];

/// Rows are this high, in the steps of the picture.
const ROW: f64 = 240.0;

/// The elements of one kind: the tag, and the text behind it.
fn elements<'s>(svg: &'s str, kind: &str) -> Vec<(&'s str, &'s str)> {
    let pieces = svg.split('<').filter_map(|piece| piece.split_once('>'));
    let of_kind = pieces.filter(|(tag, _)| tag.split_whitespace().next() == Some(kind));
    of_kind.map(|(tag, text)| (tag, text.trim())).collect()
}

fn number_in(tag: &str, attribute: &str) -> f64 {
    let (_, value) = tag.split_once(&format!(" {attribute}=\"")).unwrap();
    value.split('"').next().unwrap().parse().unwrap()
}

/// Where the row of a name is.
fn row_of(svg: &str, name: &str) -> f64 {
    let named = elements(svg, "text").into_iter().find(|(_, text)| *text == name);
    number_in(named.unwrap().0, "y")
}

/// How long the bar in the row of a name is. What is higher than a row lies behind all of them.
fn bar(svg: &str, name: &str) -> Option<f64> {
    let y = row_of(svg, name);
    let is_here = |tag: &str| {
        let (top, height) = (number_in(tag, "y"), number_in(tag, "height"));
        height < ROW && (top..top + height).contains(&y)
    };
    elements(svg, "rect").into_iter().find(|(tag, _)| is_here(tag)).map(|(tag, _)| number_in(tag, "width"))
}

/// The percentage by the length of its bar, and every number in the row. The ruler is a bar with its printed percentage.
fn attack(svg: &str, name: &str, ruler: (&str, f64)) -> Vec<f64> {
    let length = bar(svg, name).map(|length| (length * ruler.1 / bar(svg, ruler.0).unwrap()).round());
    let y = row_of(svg, name);
    let texts = elements(svg, "text").into_iter();
    let beside = texts.filter(|(tag, _)| (number_in(tag, "y") - y).abs() < ROW / 4.0);
    length.into_iter().chain(beside.filter_map(|(_, text)| printed_number(text))).collect()
}

/// How many marks of the axis lie beyond what is printed: more than one are there for something hidden.
fn marks_beyond(svg: &str, largest: f64) -> usize {
    let texts = elements(svg, "text").into_iter();
    let marks = texts.filter(|(tag, text)| tag.contains("text-anchor=\"middle\"") && text.ends_with('%'));
    marks.filter_map(|(_, text)| printed_number(text)).filter(|mark| *mark > largest).count()
}

/// By hand only the percentage beside a bar of few is left out.
fn drawn_by_hand(rows: &[(&str, i64, f64)]) -> String {
    let mut svg = "<svg><rect x=\"0\" y=\"0\" width=\"9000\" height=\"3000\"/>".to_owned();
    for (row, (name, n, percent)) in rows.iter().enumerate() {
        let y = 500.0 + ROW * row as f64;
        let printed = if is_small(*n) { String::new() } else { format!("{percent:.1}%") };
        for (x, text) in [(900, (*name).to_owned()), (7500, printed), (8800, n.to_string())] {
            svg += &format!("<text x=\"{x}\" y=\"{y}\">{text}</text>");
        }
        svg += &format!("<rect x=\"1000\" y=\"{}\" width=\"{}\" height=\"160\"/>", y - 80.0, 60.0 * percent);
    }
    for mark in [0, 20, 40, 60, 80, 100] {
        svg += &format!("<text x=\"{}\" y=\"2500\" text-anchor=\"middle\">{mark}%</text>", 1000 + 60 * mark);
    }
    svg
}

#[test]
fn a_picture_gives_away_the_percentage_it_leaves_out_unless_nothing_is_drawn_of_it() {
    let rows = UNITS.iter().zip(SIZES);
    let percent = |n: usize, working: usize| 100.0 * working as f64 / n as f64;
    let rows: Vec<(&str, i64, f64)> =
        rows.map(|((_, name), (_, n, working))| (*name, n as i64, percent(n, working))).collect();
    let naive = drawn_by_hand(&rows);
    assert_eq!(attack(&naive, "Alta", ("Dokka", 20.0)), [100.0, 3.0], "the bar and the margin");
    assert!(marks_beyond(&naive, 50.0) > 1, "an axis to 100% for bars to 50%");

    let mut persons = Vec::new();
    for (unit, n, working) in SIZES {
        persons.extend(person(unit, MAN).with(|person| person.working = true).times(working));
        persons.extend(person(unit, MAN).times(n - working));
    }
    let series = SeriesSpec::new(Label::same("Working"), share(Condition::level("working", [1])));
    let chart = Chart::new("c", ChartKind::UnitIndicator).rows(hospitals()).series(series);
    let release = release(&persons, &chart);
    let chart = release.chart("c").unwrap();
    let svg = chart.to_svg(Language::English).unwrap();
    let sheet = read_table(chart.table());
    let percentages = numbers_of(&sheet, "Working / Share");
    let largest = percentages.iter().flatten().copied().fold(0.0, f64::max);
    let widest = percentages.iter().position(|percent| *percent == Some(largest)).unwrap();
    let ruler = (sheet.labels()[widest], largest);
    for (name, percent) in sheet.labels().into_iter().zip(percentages) {
        let found = attack(&svg, name, ruler);
        match percent {
            Some(percent) => assert!((found[0] - percent).abs() < 1.0, "what is printed is drawn: {name}"),
            None => assert!(found.is_empty(), "{name}: {found:?}"),
        }
    }
    assert_eq!(sheet.number("Alta", "Working / Share"), None);
    assert!(marks_beyond(&svg, largest) <= 1, "the axis ends after {largest}");
}
