//! What a cell is, in words for the staff: each of its restrictions by the names of the codebook.

use super::count::Cube;
use super::grid::CellId;
use crate::cohort::{Derived, Region, Time};
use crate::schema::{Codebook, Date, Kind, Language};

/// More values of a restriction than this are counted, not listed.
const MOST_LISTED: usize = 8;

impl Cube {
    /// The restrictions that make up a cell, one text each: `sex: Woman`, `age: 18 to 40 or missing`. Empty for everyone.
    pub(crate) fn restrictions_of(&self, cell: CellId) -> Vec<String> {
        let codebook = self.cohort.courses.codebook();
        let constraints = self.constraints_of(cell);
        constraints.iter().map(|(derived, region)| restriction(derived, region, codebook)).collect()
    }
}

fn restriction(derived: &Derived, region: &Region, codebook: &Codebook) -> String {
    let after = |at: &Time| match at.in_months() {
        0 => String::new(),
        months => format!(" at {months} months"),
    };
    let (what, mut values) = match derived {
        Derived::Visit => (derived.name().to_owned(), ranges(region, day)),
        Derived::Variable { id, at } => (format!("{id}{}", after(at)), values_of(id, region, codebook)),
        Derived::Newest { .. } => (derived.name().to_owned(), ranges(region, yes_or_no)),
        Derived::Holds(condition) => {
            let condition = serde_json::to_string(condition).unwrap_or_else(|_| condition.name().to_owned());
            (condition, ranges(&region.intersection(&Region::codes([0, 1])), yes_or_no))
        }
        Derived::Score { instrument, at } => {
            (format!("{instrument}{}", after(at)), points(instrument, region, codebook))
        }
        Derived::Change { instrument, from, to } => {
            let between = format!("from {} to {} months", from.in_months(), to.in_months());
            (format!("{instrument} {between}"), points(instrument, region, codebook))
        }
    };
    if region.contains(None) {
        values.push("missing".to_owned());
    }
    let more = values.len().saturating_sub(MOST_LISTED);
    values.truncate(MOST_LISTED);
    if more > 0 {
        values.push(format!("{more} more"));
    }
    format!("{what}: {}", values.join(" or "))
}

/// Levels and units by their labels, days as dates, other values as numbers.
fn values_of(id: &str, region: &Region, codebook: &Codebook) -> Vec<String> {
    let Some(variable) = codebook.variable(id) else { return ranges(region, |value| value.to_string()) };
    let has = |code: i64| region.contains(Some(code));
    match variable.kind() {
        Kind::Date => ranges(region, day),
        Kind::Tick => ranges(&region.intersection(&Region::codes([0, 1])), yes_or_no),
        Kind::Category if variable.levels().is_empty() => {
            let codes = codebook.units().codes().filter(|code| has(*code));
            let name = |code| {
                codebook
                    .units()
                    .node_of_code(code)
                    .map(|node| node.label().text(Language::English).to_owned())
            };
            codes.filter_map(name).collect()
        }
        Kind::Category => {
            let levels = variable.levels().iter().filter(|level| has(level.code()));
            levels.map(|level| level.label().text(Language::English).to_owned()).collect()
        }
        _ => ranges(region, |value| value.to_string()),
    }
}

/// A region of a score, whose values are steps of its grid, in points.
fn points(instrument: &str, region: &Region, codebook: &Codebook) -> Vec<String> {
    let per_unit = codebook.instrument(instrument).map_or(1, |known| known.scoring().per_unit());
    ranges(region, |steps| format!("{}", steps as f64 / per_unit as f64))
}

fn yes_or_no(value: i64) -> String {
    if value == 1 { "yes" } else { "no" }.to_owned()
}

fn day(days: i64) -> String {
    let date = i32::try_from(days).ok().and_then(Date::from_days);
    date.map_or_else(|| "no day".to_owned(), |date| date.to_string())
}

fn ranges(region: &Region, text: impl Fn(i64) -> String) -> Vec<String> {
    let one = |(first, last): &(i64, i64)| match (*first, *last) {
        (i64::MIN, i64::MAX) => "any".to_owned(),
        (i64::MIN, last) => format!("at most {}", text(last)),
        (first, i64::MAX) => format!("at least {}", text(first)),
        (first, last) if text(first) == text(last) => text(first),
        (first, last) => format!("{} to {}", text(first), text(last)),
    };
    region.ranges().iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Registry;

    #[test]
    fn restrictions_are_told_by_the_names_of_the_codebook() {
        let registry = Registry::open("data-samples/nnrr").unwrap();
        let codebook = registry.codebook();
        let variable = |id: &str, at| Derived::Variable { id: id.to_owned(), at };
        let told = |derived: Derived, region: Region| restriction(&derived, &region, codebook);
        assert_eq!(told(variable("sex", Time::BASELINE), Region::codes([2])), "sex: Woman");
        let either = Region::range(18, 40).union(&Region::missing());
        assert_eq!(told(variable("age", Time::BASELINE), either), "age: 18 to 40 or missing");
        let first = i64::from(Date::new(2025, 1, 1).unwrap().days());
        assert_eq!(
            told(Derived::Visit, Region::range(first, first + 30)),
            "visit date: 2025-01-01 to 2025-01-31"
        );
        let odi = Derived::Score { instrument: "odi".to_owned(), at: Time::SIX_MONTHS };
        assert!(told(odi, Region::range(0, 20)).starts_with("odi at 6 months: 0 to "));
    }
}
