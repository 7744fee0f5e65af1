//! The expectations about printed statistics: percentages, means, recoded breaks, groups and contributors.

use registat::{
    BandedCounts, ContributorRule, PrintedNumber, expand_weighted, group_disclosure, within_group_disclosure,
};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::evaluate::{Fields, field, fields, items, number, whole_number};

/// Sets of records that are looked for at most.
const MOST_SETS: usize = 10_000;

/// The counts behind each percentage.
pub fn feasible_counts(case: &Value) -> Outcome<Option<Fields>> {
    let mut cases = Vec::new();
    for question in items(field(case, "cases")) {
        let n = field(question, "n").as_u64().ok_or("a percentage has no n")?;
        let asked = question.as_object().into_iter().flatten().find(|(key, _)| key.starts_with("percent"));
        let (key, percent) = asked.ok_or("a case has no percentage")?;
        // `percent_1dp`: so many decimals, even where the file leaves out a last zero.
        let digits: String = key.chars().filter(char::is_ascii_digit).collect();
        let percent_printed = printed(percent, digits.parse().unwrap_or(0))?;
        let counts: Vec<u64> = registat::feasible_counts(n, percent_printed).collect();
        let mut made = fields(json!({ "n": n, "feasible_counts": counts }));
        made.insert(key.clone(), percent.clone());
        cases.push(Value::Object(made));
    }
    Ok(Some(fields(json!({ "cases": cases }))))
}

/// The records behind each mean and standard deviation.
pub fn record_solutions(case: &Value) -> Outcome<Option<Fields>> {
    let mut cases = Vec::new();
    for question in items(field(case, "cases")) {
        let n = field(question, "n").as_u64().ok_or("a mean has no n")?;
        // Two decimals unless the case says otherwise or shows more.
        let stated = field(question, "decimals").as_u64();
        let decimals = stated.and_then(|stated| u32::try_from(stated).ok()).unwrap_or(2);
        let mean = printed(field(question, "mean"), decimals)?;
        let sd = printed(field(question, "sd"), decimals)?;
        let scale = scale(field(question, "scale").as_str().unwrap_or_default())
            .ok_or("a scale is written as `0..100 step 5`")?;
        let found = registat::record_solutions(n, mean, sd, &scale, MOST_SETS)?;
        let mut made = fields(json!({ "n": n, "solutions": found.records() }));
        for key in ["mean", "sd", "scale"] {
            made.insert(key.to_owned(), field(question, key).clone());
        }
        if !found.is_complete() {
            made.insert("note".to_owned(), json!("not all sets were looked for"));
        }
        cases.push(Value::Object(made));
    }
    Ok(Some(fields(json!({ "cases": cases }))))
}

/// A number as it was printed: with at least so many decimals.
fn printed(value: &Value, decimals: u32) -> Outcome<PrintedNumber> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    // A program writes 40 as 40.0: zeros at the end say nothing.
    let has_point = text.contains('.');
    let shortest = if has_point { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let number = PrintedNumber::parse(shortest)?;
    Ok(number.with_decimals(decimals.max(number.decimals()))?)
}

/// `0..100 step 5`.
fn scale(text: &str) -> Option<Vec<i64>> {
    let (range, step) = text.split_once("step").unwrap_or((text, "1"));
    let (least, most) = range.split_once("..")?;
    let (least, most): (i64, i64) = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    let step: usize = step.trim().parse().ok().filter(|step| *step > 0)?;
    Some((least..=most).step_by(step).collect())
}

/// The finest table that follows from all tables of a case.
pub fn derived(case: &Value) -> Outcome<Option<Fields>> {
    let tables: Vec<&Value> = field(case, "tables").as_object().into_iter().flat_map(Map::values).collect();
    let first = tables.first().ok_or("the case has no tables")?;
    let names = first.as_object().into_iter().flat_map(Map::keys);
    let mut made = Fields::new();
    for series in names.filter(|name| *name != "breaks") {
        let mut finest: Option<BandedCounts> = None;
        for table in &tables {
            let begun = items(field(table, "breaks")).iter().skip(1);
            let breaks: Option<Vec<i64>> = begun.map(|label| band_start(label.as_str()?)).collect();
            let counts: Option<Vec<u64>> = items(field(table, series)).iter().map(Value::as_u64).collect();
            let (breaks, counts) =
                breaks.zip(counts).ok_or("a table has a band that is no age or no count")?;
            let counts = BandedCounts::new(breaks, counts)?;
            finest = Some(match finest {
                Some(finest) => finest.differenced(&counts)?,
                None => counts,
            });
        }
        if let Some(finest) = finest {
            made.insert("breaks".to_owned(), json!(labels(finest.breaks())));
            made.insert(series.clone(), json!(finest.counts()));
        }
    }
    Ok(Some(made))
}

/// Where a band begins: `20-39`, `70+`.
fn band_start(label: &str) -> Option<i64> {
    let digits: String = label.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The names of bands: below the first break, between two, from the last on.
fn labels(breaks: &[i64]) -> Vec<String> {
    let (Some(first), Some(last)) = (breaks.first(), breaks.last()) else {
        return vec!["all".to_owned()];
    };
    let between = breaks.iter().zip(breaks.iter().skip(1)).map(|(from, next)| match next - from {
        1 => from.to_string(),
        _ => format!("{from}-{}", next - 1),
    });
    std::iter::once(format!("<{first}")).chain(between).chain([format!("{last}+")]).collect()
}

/// A group of which everyone has an attribute, or everyone but at most `k`; which one of those found, in order.
pub fn attribute(case: &Value, k: Option<u64>, earlier: usize) -> Outcome<Option<Fields>> {
    let rows: Vec<(&String, &Value)> = field(case, "table").as_object().into_iter().flatten().collect();
    let mut table: Vec<Vec<u64>> = Vec::new();
    for (_, counts) in &rows {
        let counts: Option<Vec<u64>> = items(counts).iter().map(Value::as_u64).collect();
        table.push(counts.ok_or("a cell is no count")?);
    }
    let found = match k {
        Some(k) => within_group_disclosure(&table, k),
        None => group_disclosure(&table),
    };
    let row = |at: usize| rows.get(at).map_or("", |(name, _)| name.as_str());
    let column = |at: usize| field(case, "columns").get(at).and_then(Value::as_str).unwrap_or_default();
    let findings: Vec<Value> =
        found.iter().map(|one| json!({ "row": row(one.row), "attribute": column(one.column) })).collect();
    let mut made = findings.get(earlier).cloned().map(fields).unwrap_or_default();
    if let (Some(k), Some(one)) = (k, found.get(earlier)) {
        let others = table.get(one.row).into_iter().flatten().enumerate();
        let others: Vec<String> = others
            .filter(|(at, count)| *at != one.column && **count > 0)
            .map(|(at, count)| format!("{count} {}", column(at)))
            .collect();
        made.insert("k".to_owned(), json!(k));
        made.insert("known_to".to_owned(), json!(others.join(", ")));
    }
    for key in ["row", "attribute"] {
        made.entry(key).or_insert(Value::Null);
    }
    made.insert("findings".to_owned(), json!(findings));
    Ok(Some(made))
}

/// A rule on contributions, or contributions expanded by their weights; nothing if a case is about something else.
pub fn contributors(question: &Value) -> Option<Outcome<Option<Fields>>> {
    if question.get("rule").is_some() {
        return Some(rule(question));
    }
    question.get("weighted").map(|weighted| weighted_contributions(question, weighted))
}

fn rule(question: &Value) -> Outcome<Option<Fields>> {
    let contributions: Option<Vec<u64>> =
        items(field(question, "contributions_top")).iter().map(Value::as_u64).collect();
    let contributions = contributions.ok_or("a contribution is no whole number")?;
    let total = field(question, "total").as_u64().ok_or("a rule has no total")?;
    let stated = |key: &str| whole_number(field(question, key)).and_then(|number| u32::try_from(number).ok());
    let missing = "a rule lacks one of its numbers";
    let rule = match field(question, "rule").as_str().unwrap_or_default() {
        "nk" => ContributorRule::Dominance {
            n: stated("n").and_then(|n| usize::try_from(n).ok()).ok_or(missing)?,
            percent: stated("k").ok_or(missing)?,
        },
        "p%" => ContributorRule::PPercent { percent: stated("p").ok_or(missing)? },
        "pq" => ContributorRule::PQ { p: stated("p").ok_or(missing)?, q: stated("q").ok_or(missing)? },
        "contributors" => ContributorRule::FewestContributors {
            least: stated("n").and_then(|n| usize::try_from(n).ok()).ok_or(missing)?,
        },
        _ => return Ok(None),
    };
    let mut made = fields(json!({
        "contributions_top": contributions,
        "total": total,
        "rule": field(question, "rule"),
        "sensitive": rule.is_sensitive(&contributions, total),
        "upper_protection": number(rule.upper_protection(&contributions, total)),
    }));
    for key in ["n", "k", "p", "q"] {
        if let Some(stated) = question.get(key) {
            made.insert(key.to_owned(), stated.clone());
        }
    }
    Ok(Some(made))
}

fn weighted_contributions(question: &Value, weighted: &Value) -> Outcome<Option<Fields>> {
    let pair = |pair: &Value| Some((pair.get(0)?.as_u64()?, pair.get(1)?.as_u64()?));
    let values: Option<Vec<(u64, u64)>> = items(weighted).iter().map(pair).collect();
    let values = values.ok_or("a weighted contribution is a value and a weight")?;
    let total: u64 = values.iter().map(|(value, weight)| value.saturating_mul(*weight)).sum();
    let mut made = fields(json!({ "weighted": weighted, "weighted_total": total }));
    // `expanded_top2`: the two largest.
    for key in question.as_object().into_iter().flat_map(Map::keys) {
        let most = key.strip_prefix("expanded_top").and_then(|most| most.parse::<usize>().ok());
        if let Some(most) = most {
            made.insert(key.clone(), json!(expand_weighted(&values, most)));
        }
    }
    Ok(Some(made))
}
