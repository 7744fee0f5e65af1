//! The expectations of a known-answer file: tables with holes, and what is asked of instances.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use registat::{Bounds, Cost, Criterion, FeasibleInterval, HoledTables};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::{instance, statistics};

/// How far whole numbers are looked for.
const NODES: u64 = 50_000;
/// Fields that are no answers.
const NO_ANSWERS: [&str; 5] = ["type", "origin", "note", "source", "known_to"];
/// Lists without an order.
const SETS: [&str; 5] =
    ["cells", "exactly_known_from_all_equations", "primary_exactly_known", "secondary", "solutions"];

/// What was worked out, by the names of the fields.
pub type Fields = Map<String, Value>;

/// The name of a case, and the result of each of its expectations.
pub fn case(case: &Value, instances: &Path) -> (String, Vec<Value>) {
    let id = field(case, "id").as_str().unwrap_or_default().to_owned();
    let mut results = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for expectation in items(field(case, "expect")) {
        let kind = field(expectation, "type").as_str().unwrap_or_default();
        let earlier = seen.entry(kind).or_default();
        let made = expectation_of(case, expectation, *earlier, instances);
        *earlier += 1;
        let expected = match kind {
            "pattern_audit" => json!({ "patterns": field(case, "patterns") }),
            "feasible_counts" | "record_solutions" => json!({ "cases": field(case, "cases") }),
            _ => expectation.clone(),
        };
        results.push(finish(&id, kind, made, &expected));
    }
    for question in items(field(case, "cases")) {
        if let Some(made) = statistics::contributors(question) {
            results.push(finish(&id, "contributors", made, question));
        }
    }
    (id, results)
}

/// A result with its name and whether it agrees.
fn finish(id: &str, kind: &str, made: Outcome<Option<Fields>>, expected: &Value) -> Value {
    let (mut fields, agrees) = match made {
        Ok(Some(fields)) => {
            let agrees = agreement(&fields, expected);
            (fields, agrees)
        }
        Ok(None) => (Fields::new(), Value::Null),
        Err(error) => (Fields::from_iter([("error".to_owned(), json!(error.to_string()))]), json!(false)),
    };
    fields.insert("id".to_owned(), json!(id));
    fields.insert("type".to_owned(), json!(kind));
    fields.insert("agrees".to_owned(), agrees);
    Value::Object(fields)
}

/// False where an answer differs, null where one was not worked out.
fn agreement(made: &Fields, expected: &Value) -> Value {
    let expected = expected.as_object().into_iter().flatten();
    let answers: Vec<(&String, &Value)> =
        expected.filter(|(key, _)| !NO_ANSWERS.contains(&key.as_str())).collect();
    if answers.iter().any(|(key, value)| made.get(*key).is_some_and(|made| !same(key, made, value))) {
        return json!(false);
    }
    if answers.iter().any(|(key, _)| !made.contains_key(*key)) { Value::Null } else { json!(true) }
}

/// Whether two values say the same: numbers within a millionth, sets in any order.
fn same(key: &str, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| (one - other).abs() < 1e-6)
        }
        (Value::Array(one), Value::Array(other)) if SETS.contains(&key) => {
            let sorted = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            sorted(one) == sorted(other)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same("", one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let answers = other.iter().filter(|(key, _)| !NO_ANSWERS.contains(&key.as_str()));
            let mut answers = answers.map(|(key, other)| (key, one.get(key), other));
            answers.all(|(key, one, other)| one.is_some_and(|one| same(key, one, other)))
        }
        _ => one == other,
    }
}

fn expectation_of(
    case: &Value,
    expectation: &Value,
    earlier: usize,
    instances: &Path,
) -> Outcome<Option<Fields>> {
    match field(expectation, "type").as_str().unwrap_or_default() {
        "interval" => Tables::read(case)?.interval(expectation),
        "linear_exact" => Tables::read(case)?.linear_exact(),
        "primary" => Tables::read(case)?.primary(expectation),
        "pattern_audit" => Tables::read(case)?.patterns(field(case, "patterns")),
        "optimum" => optimum(case, expectation, instances),
        "derived" => statistics::derived(case),
        "feasible_counts" => statistics::feasible_counts(case),
        "record_solutions" => statistics::record_solutions(case),
        "group_disclosure" => statistics::attribute(case, None, earlier),
        "within_group_disclosure" => {
            statistics::attribute(case, Some(field(expectation, "k").as_u64().unwrap_or(1)), earlier)
        }
        _ => Ok(None),
    }
}

/// The cells and equations of a case.
struct Tables<'c> {
    ids: Vec<&'c str>,
    values: Vec<i64>,
    status: Vec<&'c str>,
    equations: Vec<(usize, Vec<usize>)>,
}

impl<'c> Tables<'c> {
    fn read(case: &'c Value) -> Outcome<Self> {
        let text = |cell: &'c Value, key: &str| field(cell, key).as_str().unwrap_or_default();
        let ids: Vec<&str> = items(field(case, "cells")).iter().map(|cell| text(cell, "id")).collect();
        let status = items(field(case, "cells")).iter().map(|cell| text(cell, "status")).collect();
        let values: Option<Vec<i64>> =
            items(field(case, "cells")).iter().map(|cell| whole_number(field(cell, "value"))).collect();
        let place: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let find = |id: &Value| id.as_str().and_then(|id| place.get(id)).copied();
        let mut equations = Vec::new();
        for equation in items(field(case, "equations")) {
            let parts: Option<Vec<usize>> = items(field(equation, "parts")).iter().map(find).collect();
            let whole = find(field(equation, "total"));
            equations.push(whole.zip(parts).ok_or("an equation names a cell that is not there")?);
        }
        let values = values.ok_or("a cell has no whole number")?;
        Ok(Self { ids, values, status, equations })
    }

    /// What a reader sees when some cells are hidden.
    fn published(&self, hidden: impl Fn(usize) -> bool, lower: i64) -> Outcome<HoledTables> {
        let mut tables = HoledTables::new();
        for (at, value) in self.values.iter().enumerate() {
            tables.cell(if hidden(at) { Bounds::at_least(lower) } else { Bounds::exactly(*value) });
        }
        for (whole, parts) in &self.equations {
            let name = format!("the sum for {}", self.id(*whole));
            tables.equation(&name, *whole, parts.iter().copied())?;
        }
        Ok(tables)
    }

    fn id(&self, at: usize) -> &'c str {
        self.ids.get(at).copied().unwrap_or_default()
    }

    fn is(&self, at: usize, status: &str) -> bool {
        self.status.get(at) == Some(&status)
    }

    fn names(&self, cells: impl IntoIterator<Item = usize>) -> Vec<&'c str> {
        let mut names: Vec<&str> = cells.into_iter().map(|cell| self.id(cell)).collect();
        names.sort_unstable();
        names
    }

    fn interval(&self, expectation: &Value) -> Outcome<Option<Fields>> {
        let lower = whole_number(field(expectation, "lower")).unwrap_or(0);
        let is_integer = field(expectation, "integer").as_bool().unwrap_or(false);
        let cell = field(expectation, "cell").as_str().unwrap_or_default();
        let at = self.ids.iter().position(|id| *id == cell).ok_or("the cell is not there")?;
        let tables = self.published(|at| !self.is(at, "published"), lower)?;
        let feasible = if is_integer { tables.feasible_whole(NODES)? } else { tables.feasible()? };
        let interval = feasible.iter().find(|interval| interval.cell() == at);
        let exact = self.values.get(at).map(|value| (*value as f64, Some(*value as f64)));
        let (lo, hi) = interval.map(|one| (one.lo(), one.hi())).or(exact).unwrap_or_default();
        let mut made = fields(json!({
            "cell": cell, "lo": number(lo), "hi": hi.map(number), "lower": lower, "integer": is_integer
        }));
        if is_integer && !interval.is_none_or(FeasibleInterval::is_whole) {
            made.insert("note".to_owned(), json!("over the real numbers only: the search was ended"));
        }
        Ok(Some(made))
    }

    fn linear_exact(&self) -> Outcome<Option<Fields>> {
        let tables = self.published(|at| !self.is(at, "published"), 0)?;
        let cells = self.names(tables.determined_by_equations()?);
        Ok(Some(fields(json!({ "cells": cells }))))
    }

    /// Small counts by a rule such as `1..4`, `<5` or `{"threshold": 5}`.
    fn primary(&self, expectation: &Value) -> Outcome<Option<Fields>> {
        let rule = field(expectation, "rule");
        let threshold = whole_number(field(rule, "threshold")).or_else(|| {
            let text = rule.as_str()?;
            let below = text.trim_start_matches(|letter: char| letter != '<').strip_prefix('<');
            below.and_then(|below| below.trim().parse().ok())
        });
        let range = rule.as_str().and_then(|text| text.split_once("..")).and_then(|(least, most)| {
            Some((least.trim().parse::<i64>().ok()?, most.trim().parse::<i64>().ok()?))
        });
        let Some((least, most)) = range.or_else(|| threshold.map(|threshold| (1, threshold - 1))) else {
            return Ok(None);
        };
        let small = self.values.iter().enumerate().filter(|(_, value)| (least..=most).contains(*value));
        Ok(Some(fields(json!({ "rule": rule, "cells": self.names(small.map(|(at, _)| at)) }))))
    }

    /// For each pattern of hidden cells, which of them the equations determine.
    fn patterns(&self, patterns: &Value) -> Outcome<Option<Fields>> {
        let mut made = Fields::new();
        for (name, pattern) in patterns.as_object().into_iter().flatten() {
            let secondary: BTreeSet<&str> =
                items(field(pattern, "secondary")).iter().filter_map(Value::as_str).collect();
            let tables = self.published(|at| self.is(at, "primary") || secondary.contains(self.id(at)), 0)?;
            let known = tables.determined_by_equations()?;
            let primary = known.iter().copied().filter(|at| self.is(*at, "primary"));
            let result = json!({
                "secondary": secondary,
                "primary_exactly_known": self.names(primary),
                "exactly_known_from_all_equations": self.names(known.iter().copied()),
            });
            made.insert(name.clone(), result);
        }
        Ok(Some(fields(json!({ "patterns": made }))))
    }
}

/// The smallest pattern of a benchmark instance, by number and by value of the secondary cells.
fn optimum(case: &Value, expectation: &Value, instances: &Path) -> Outcome<Option<Fields>> {
    let name = field(case, "instance").as_str().ok_or("the case names no instance")?;
    let spec = instances.join(format!("{name}.json"));
    let text = field(expectation, "criterion").as_str().unwrap_or_default();
    let (criterion, threshold) = match text.strip_prefix("interval") {
        Some(range) => {
            let most = range.rsplit("..").next().and_then(|most| most.trim().parse::<u64>().ok());
            (Criterion::Interval, most.map(|most| most + 1))
        }
        None if text == "exact" => (Criterion::Exact, None),
        None => return Ok(None),
    };
    let stated: Value = serde_json::from_str(&std::fs::read_to_string(&spec)?)?;
    let threshold = threshold.or_else(|| field(&stated, "threshold").as_u64());
    let threshold = threshold.ok_or("no threshold is stated")?;
    let instance = instance::read(&spec, &instances.join(format!("{name}.csv")))?;
    let value = |cells: &[usize]| cells.iter().filter_map(|cell| instance.counts.get(*cell)).sum::<u64>();
    let fewest = instance.linked.optimal(threshold, criterion, Cost::Cells)?;
    let cheapest = instance.linked.optimal(threshold, criterion, Cost::Value)?;
    let secondary: Vec<usize> = cheapest.secondary().collect();
    let primary: Vec<usize> = cheapest.primary().collect();
    Ok(Some(fields(json!({
        "criterion": text,
        "min_secondaries": fewest.secondary().count(),
        "min_secondary_value": value(&secondary),
        "hidden_sum_at_min_value": value(&secondary) + value(&primary),
        "proven": fewest.is_optimal() && cheapest.is_optimal(),
    }))))
}

/// A field of an object; null where it has none.
pub fn field<'v>(value: &'v Value, key: &str) -> &'v Value {
    static NULL: Value = Value::Null;
    value.get(key).unwrap_or(&NULL)
}

/// The elements of a list, or none.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A whole number, however it is written: 44 or 44.0.
pub fn whole_number(value: &Value) -> Option<i64> {
    let written_with_point = value.as_f64().filter(|number| number.fract() == 0.0);
    value.as_i64().or(written_with_point.map(|number| number as i64))
}

/// A number that is written without a point where it is whole.
pub fn number(value: f64) -> Value {
    if (value - value.round()).abs() < 1e-9 { json!(value.round() as i64) } else { json!(value) }
}

/// The fields of an object.
pub fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}
