//! Marks that tell why a number is hidden tell how large it can be.

use std::collections::BTreeSet;

use super::*;

/// The small numbers that have no other choice in a line of texts, its total last. "<5" stands for a number that is small,
/// "*" for one that is hidden for another one's sake; any other mark says only that it is not zero, as zeros are printed.
fn attack(line: &[String]) -> Vec<i64> {
    let least = THRESHOLD as i64;
    let numbers: Counts = line.iter().map(|text| text.parse().ok()).collect();
    let mut worlds = Worlds::new(numbers.iter().copied(), 1);
    worlds.add_up((0..line.len()).collect());
    for (place, text) in line.iter().enumerate() {
        match text.as_str() {
            "<5" => worlds.limit(place, 1, least - 1),
            "*" => worlds.limit(place, least, i64::MAX),
            _ => {}
        }
    }
    let hidden = (0..line.len()).filter(|place| numbers[*place].is_none());
    worlds.known(hidden).into_iter().filter(|number| is_small(*number)).collect()
}

/// Small numbers and one that is hidden with them, each with a mark of its own.
fn marked(numbers: &[i64], secondary: Option<usize>) -> Vec<String> {
    let text = |(place, number): (usize, &i64)| match *number {
        number if is_small(number) => "<5".to_owned(),
        _ if secondary == Some(place) => "*".to_owned(),
        number => number.to_string(),
    };
    numbers.iter().enumerate().map(text).collect()
}

/// Every text of a release's only column, if all that is hidden bears the same mark, in the CSV and in the HTML.
fn released(persons: &[Person]) -> Vec<String> {
    let release = release(persons, &counts_by_hospital("t"));
    let html = release.table("t").unwrap().to_html(Language::English);
    let cells = html.split("<td").filter_map(|cell| cell.split("</td>").next());
    let marks: BTreeSet<&str> = cells.filter(|cell| cell.contains("protected")).collect();
    assert_eq!(marks.len(), 1, "one mark for all: {marks:?}");
    read(&release, "t").rows.into_iter().map(|line| line.cells.concat()).collect()
}

#[test]
fn two_numbers_marked_as_small_give_themselves_away_by_a_large_sum() {
    let persons = units(&[(ALTA, 4), (BODO, 4), (DOKKA, 30), (EGERSUND, 40)]);
    assert_eq!(attack(&marked(&by_unit(&persons, |_| true), None)), [4, 4]);

    let ours = released(&persons);
    assert!(attack(&ours).is_empty(), "{ours:?}");
}

#[test]
fn a_number_marked_as_hidden_for_another_gives_that_away_by_a_small_sum() {
    let persons = units(&[(ALTA, 1), (BODO, 5), (DOKKA, 30), (EGERSUND, 40)]);
    let numbers = by_unit(&persons, |_| true);
    assert_eq!(attack(&marked(&numbers, Some(1))), [1]);

    let ours = released(&persons);
    let hidden = ours.iter().zip(&numbers).filter(|(text, _)| text.parse::<i64>().is_err());
    let sizes: Vec<bool> = hidden.map(|(_, number)| is_small(*number)).collect();
    assert!(sizes.contains(&true) && sizes.contains(&false), "both kinds are hidden: {ours:?}");
    assert!(attack(&ours).is_empty(), "{ours:?}");
}
