//! The pass as a query: what a database must group by, and what it counts, so that its answer is the same cells.
//!
//! Every axis becomes a `CASE` over the stretches of its column's numbers that lie in one atom; a number that the codebook does
//! not allow becomes -1, which reading the cells refuses. Conditions keep their three values: SQL's `AND`, `OR` and `NOT` treat
//! unknown as they do.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::counting::Counting;
use super::domain::Domain;
use super::rows::{name_at, visit_variable};
use super::shape::{Measure, Shape};
use super::support::Support;
use crate::cohort::{Amount, Condition, Derived, Time};
use crate::error::Error;
use crate::schema::{Date, Form, Kind, Purpose, Variable};

/// Whose SQL a query is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqlDialect {
    /// DuckDB 1.0 or later.
    DuckDb,
    /// PostgreSQL 12 or later.
    PostgreSql,
    /// Spark SQL 3.0 or later.
    Spark,
}

/// What stands for a number that the codebook does not allow.
pub(super) const NOT_ALLOWED: i64 = -1;

/// What is added to both scores of a change, and by what the first is multiplied, to make one number of the two.
pub(super) const CHANGE_OFFSET: i64 = 10_000_000;
pub(super) const CHANGE_FACTOR: i64 = 1_000_000_000;

/// Numbers that spread further are compared with the edges of their atoms instead.
const MOST_KEYS: i64 = 1 << 22;

impl SqlDialect {
    fn name(self, name: &str) -> String {
        match self {
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            Self::DuckDb | Self::PostgreSql => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// Keeps what is prepared from being put into every comparison anew.
    fn evaluated_once(self) -> &'static str {
        match self {
            Self::PostgreSql => "MATERIALIZED ",
            Self::DuckDb | Self::Spark => "",
        }
    }
}

impl Counting {
    /// A query whose answer [`from_cells`](Self::from_cells) reads: one row for every group (`key_0`, `key_1`, ...) with `n` rows
    /// and as many `patients`, and one for every `value` of every `measure` in it. `table` is put into the query as it is, and may
    /// be whatever can stand after `FROM`. The columns of the table are those of a [`FlatTable`](crate::FlatTable) with codes
    /// and numbers, not names; each score needs a column of its own.
    ///
    /// ```
    /// use registat::{Codebook, LargeCohort, SqlDialect, Table, Time, count, dim, mean};
    ///
    /// # fn main() -> Result<(), registat::Error> {
    /// let codebook = Codebook::open("data-samples/nnrr/codebook.toml")?;
    /// let table = Table::new("by_sex").rows(dim("sex").total()).stat(count()).stat(mean("odi").at(Time::BASELINE));
    /// let counting = LargeCohort::new(codebook).one_course_per_patient().without_units().count(&table)?;
    /// let query = counting.to_sql(SqlDialect::DuckDb, "read_parquet('courses.parquet')")?;
    /// assert!(query.contains("GROUP BY key_0"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When a table is grouped by a change of scores.
    pub fn to_sql(&self, dialect: SqlDialect, table: &str) -> Result<String, Error> {
        let shape = &self.shape;
        let query = Query { shape, dialect, prepared: RefCell::default() };
        let mut columns = Vec::new();
        for (number, axis) in shape.axes.iter().enumerate() {
            let atoms = |value: Option<i64>| i64::from(axis.atoms.of_value(value));
            columns.push(format!("{} AS key_{number}", query.axis(&axis.derived, &atoms)?));
        }
        for (number, measure) in shape.measures.iter().enumerate() {
            columns.push(format!("{} AS value_{number}", query.measure(measure)?));
        }
        let patient = shape.patients.is_some();
        if patient {
            let form = shape.codebook().of_purpose(Purpose::Course).next();
            let column = form.map(|form| form.patient.clone()).unwrap_or_default();
            columns.push(format!("{} AS patient", dialect.name(&column)));
        }
        let keys: Vec<String> = (0..shape.axes.len()).map(|number| format!("key_{number}")).collect();
        let listed = |more: &str| keys.iter().map(|key| format!("{key}, ")).collect::<String>() + more;
        let grouped = |more: Option<String>| {
            let by: Vec<String> = keys.iter().cloned().chain(more).collect();
            if by.is_empty() { String::new() } else { format!(" GROUP BY {}", by.join(", ")) }
        };
        let patients = if patient { "COUNT(DISTINCT patient)" } else { "COUNT(*)" };
        let mut parts = vec![format!(
            "SELECT {} FROM keyed{}",
            listed(&format!(
                "'' AS measure, CAST(NULL AS BIGINT) AS value, COUNT(*) AS n, {patients} AS patients"
            )),
            grouped(None)
        )];
        for (number, measure) in shape.measures.iter().enumerate() {
            let value = format!("value_{number}");
            let counts = format!("'{}', {value}, COUNT(*), CAST(NULL AS BIGINT)", measure.name());
            parts.push(format!("SELECT {} FROM keyed{}", listed(&counts), grouped(Some(value))));
        }
        let prepared = query.prepared.into_inner().into_iter().enumerate();
        let prepared: String =
            prepared.map(|(number, part)| format!(",\n    {part} AS part_{number}")).collect();
        Ok(format!(
            "WITH prepared AS {}(\n  SELECT *{prepared}\n  FROM {table}\n), keyed AS (\n  SELECT\n    {}\n  FROM prepared\n)\n{}\n",
            dialect.evaluated_once(),
            columns.join(",\n    "),
            parts.join("\nUNION ALL\n")
        ))
    }
}

struct Query<'s> {
    shape: &'s Shape,
    dialect: SqlDialect,
    /// Expressions that several conditions need, each once.
    prepared: RefCell<Vec<String>>,
}

impl Query<'_> {
    /// The name of an expression that is computed once for every row.
    fn prepare(&self, expression: String) -> String {
        let mut prepared = self.prepared.borrow_mut();
        let known = prepared.iter().position(|known| *known == expression);
        let number = known.unwrap_or_else(|| {
            prepared.push(expression);
            prepared.len() - 1
        });
        format!("part_{number}")
    }

    /// The atom of every row.
    fn axis(&self, derived: &Derived, atom: &dyn Fn(Option<i64>) -> i64) -> Result<String, Error> {
        let text = |value: Option<i64>| atom(value).to_string();
        match derived {
            Derived::Visit => {
                let column = visit_variable(self.shape.codebook()).unwrap_or_default();
                Ok(self.stretches(column, &Domain::of_visits(), &text))
            }
            Derived::Variable { id, at } => {
                let variable = self.variable(id)?;
                Ok(self.stretches(&name_at(id, *at), &self.domain(variable), &text))
            }
            Derived::Score { instrument, at } => {
                let domain = Domain::of_score(self.support(instrument)?);
                Ok(self.stretches(&name_at(instrument, *at), &domain, &text))
            }
            Derived::Holds(condition) => {
                let holds = self.condition(condition)?;
                let (yes, no, unknown) = (atom(Some(1)), atom(Some(0)), atom(None));
                let mut columns = Vec::new();
                self.columns_of(condition, &mut columns)?;
                let checks = columns.iter().map(|(column, domain)| {
                    let is_allowed = self.stretches(column, domain, &|_| "0".to_owned());
                    format!("WHEN {} = {NOT_ALLOWED} THEN {NOT_ALLOWED} ", self.prepare(is_allowed))
                });
                let checks: String = checks.collect();
                Ok(format!(
                    "CASE {checks}WHEN {holds} THEN {yes} WHEN NOT ({holds}) THEN {no} ELSE {unknown} END"
                ))
            }
            Derived::Change { instrument, .. } => {
                Err(Error::cube("groups by a change of scores have no query; add a column for them")
                    .of_variable(instrument))
            }
            Derived::Newest { .. } => Err(Error::cube("the newest courses of patients have no query")),
        }
    }

    /// The number of every row of which `from_cells` makes a bin.
    fn measure(&self, measure: &Measure) -> Result<String, Error> {
        match &measure.derived {
            Derived::Variable { id, at } => {
                let variable = self.variable(id)?;
                let domain = self.domain(variable);
                Ok(self.value(&name_at(id, *at), &domain))
            }
            Derived::Score { instrument, at } => Ok(self.score(instrument, *at)?),
            Derived::Change { instrument, from, to } => {
                let (before, after) = (self.score(instrument, *from)?, self.score(instrument, *to)?);
                Ok(format!("({before} + {CHANGE_OFFSET}) * {CHANGE_FACTOR} + ({after} + {CHANGE_OFFSET})"))
            }
            other => Err(Error::cube("its values have no query").of_variable(other.name())),
        }
    }

    fn variable(&self, id: &str) -> Result<&Variable, Error> {
        let known = self.shape.codebook().variable(id);
        known.ok_or_else(|| Error::cube("the codebook lacks the variable").of_variable(id))
    }

    fn domain(&self, variable: &Variable) -> Domain {
        Domain::of_variable(variable, self.shape.codebook())
    }

    fn support(&self, instrument: &str) -> Result<Support, Error> {
        let known = self.shape.codebook().instrument(instrument);
        let known =
            known.ok_or_else(|| Error::cube("the codebook lacks the instrument").of_variable(instrument))?;
        Support::of_instrument(known)
    }

    fn score(&self, instrument: &str, at: Time) -> Result<String, Error> {
        let domain = Domain::of_score(self.support(instrument)?);
        Ok(self.key(&name_at(instrument, at), &domain))
    }

    /// A column as whole numbers.
    fn key(&self, column: &str, domain: &Domain) -> String {
        let name = self.dialect.name(column);
        match domain.keys_per_unit() {
            1 => name,
            keys => format!("CAST(ROUND({name} * {keys}) AS BIGINT)"),
        }
    }

    /// A column as whole numbers, missing where the codebook says so.
    fn value(&self, column: &str, domain: &Domain) -> String {
        let key = self.key(column, domain);
        let empty = domain.of_null().map(|value| format!("COALESCE({key}, {value})"));
        let key = empty.unwrap_or(key);
        if domain.missing().is_empty() {
            return key;
        }
        let missing: Vec<String> = domain.missing().iter().map(i64::to_string).collect();
        format!("CASE WHEN {key} IN ({}) THEN NULL ELSE {key} END", missing.join(", "))
    }

    /// The class of a column's numbers, stretch by stretch.
    fn stretches(&self, column: &str, domain: &Domain, class: &dyn Fn(Option<i64>) -> String) -> String {
        let key = self.key(column, domain);
        let not_allowed = || NOT_ALLOWED.to_string();
        let literal = |key: i64| {
            let date = i32::try_from(key).ok().and_then(Date::from_days).filter(|_| domain.is_day());
            date.map_or_else(|| key.to_string(), |date| format!("DATE '{date}'"))
        };
        let mut cases = vec![format!("WHEN {key} IS NULL THEN {}", class(domain.of_null()))];
        let limits = domain.limits().filter(|(low, high)| high.saturating_sub(*low) < MOST_KEYS);
        let (starts, mut last): (Vec<i64>, String) = match limits {
            Some((low, high)) => ((low..=high + 1).collect(), not_allowed()),
            // Without limits the class changes where that of some axis does, and at the codes of missing.
            None => {
                let edges = self.shape.axes.iter().flat_map(|axis| axis.atoms.edges());
                let codes = domain.missing().iter().flat_map(|code| [Some(*code), code.checked_add(1)]);
                let starts: BTreeSet<i64> = edges.chain(codes.flatten()).collect();
                (starts.into_iter().collect(), class(Some(i64::MIN)))
            }
        };
        for start in starts {
            let next = domain.of_key(start).map_or_else(not_allowed, class);
            if next != last {
                cases.push(format!("WHEN {key} < {} THEN {last}", literal(start)));
                last = next;
            }
        }
        format!("CASE {} ELSE {last} END", cases.join(" "))
    }

    /// A score in steps of its exact grid, whatever was rounded when it was stored.
    fn steps(&self, instrument: &str, at: Time) -> Result<String, Error> {
        let support = self.support(instrument)?;
        let (keys, per_unit) = (support.keys_per_unit, support.per_unit);
        let is_whole = |steps: &i64| i128::from(*steps) * i128::from(keys) % i128::from(per_unit) == 0;
        let column = name_at(instrument, at);
        if support.values().iter().all(is_whole) && keys % per_unit == 0 {
            let key = self.key(&column, &Domain::of_score(support));
            return Ok(if keys == per_unit { key } else { format!("({key} / {})", keys / per_unit) });
        }
        let steps = |value: Option<i64>| value.map_or_else(|| "NULL".to_owned(), |steps| steps.to_string());
        let stretches = self.stretches(&column, &Domain::of_score(support), &steps);
        Ok(self.prepare(format!("CAST({stretches} AS BIGINT)")))
    }

    fn per_unit(&self, instrument: &str) -> Result<i64, Error> {
        self.support(instrument).map(|support| support.per_unit)
    }

    /// Every column that a condition looks at for more than an answer.
    fn columns_of(&self, condition: &Condition, columns: &mut Vec<(String, Domain)>) -> Result<(), Error> {
        let mut score = |instrument: &str, times: &[Time]| {
            for at in times {
                columns.push((name_at(instrument, *at), Domain::of_score(self.support(instrument)?)));
            }
            Ok(())
        };
        match condition {
            Condition::Level { variable, at, .. } | Condition::Within { variable, at, .. } => {
                columns.push((name_at(variable, *at), self.domain(self.variable(variable)?)));
                Ok(())
            }
            Condition::Scored { instrument, times }
            | Condition::AtMost { instrument, times, .. }
            | Condition::AtLeast { instrument, times, .. } => score(instrument, times),
            Condition::Improved { instrument, times, .. } => score(instrument, &[times.0, times.1]),
            Condition::Among { holds, of } => {
                self.columns_of(holds, columns)?;
                self.columns_of(of, columns)
            }
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().try_for_each(|part| self.columns_of(part, columns))
            }
            Condition::Not(part) => self.columns_of(part, columns),
            Condition::Sent { .. } | Condition::Answered { .. } | Condition::ItemAnswered { .. } => Ok(()),
        }
    }

    fn follow_up(&self, at: Time) -> Option<&Form> {
        let mut forms = self.shape.codebook().of_purpose(Purpose::FollowUp);
        forms.find(|form| form.months() == Some(at.in_months()))
    }

    fn answered(&self, at: Time) -> String {
        if at == Time::BASELINE {
            return "TRUE".to_owned();
        }
        let name = self.dialect.name(&format!("answered_{}", at.in_months()));
        format!("COALESCE({name}, 0) = 1")
    }

    /// A truth value, which is null where it is unknown.
    fn condition(&self, condition: &Condition) -> Result<String, Error> {
        Ok(match condition {
            Condition::Level { variable, is, at } => {
                let known = self.variable(variable)?;
                let value = self.value(&name_at(variable, *at), &self.domain(known));
                let codes: Vec<String> = is.iter().map(i64::to_string).collect();
                if codes.is_empty() {
                    format!("({value} IS NULL AND NULL)")
                } else {
                    format!("({value} IN ({}))", codes.join(", "))
                }
            }
            Condition::Within { variable, from, to, at } => {
                let known = self.variable(variable)?;
                let value = self.value(&name_at(variable, *at), &self.domain(known));
                let scale = if known.kind() == Kind::Decimal { 1000 } else { 1 };
                format!("({value} BETWEEN {} AND {})", from.saturating_mul(scale), to.saturating_mul(scale))
            }
            Condition::Sent { at } => {
                let sent = self.follow_up(*at).and_then(|form| form.sent.as_deref());
                match sent {
                    Some(sent) => {
                        format!("({} OR {} IS NOT NULL)", self.answered(*at), self.dialect.name(sent))
                    }
                    None => format!("({})", self.answered(*at)),
                }
            }
            Condition::Answered { at } => format!("({})", self.answered(*at)),
            Condition::ItemAnswered { instrument, item, at } => {
                let known = self.shape.codebook().instrument(instrument);
                let known = known.ok_or_else(|| {
                    Error::cube("the codebook lacks the instrument").of_variable(instrument)
                })?;
                let column = format!("{}.{item}", name_at(instrument, *at));
                format!("({} IS NOT NULL)", self.value(&column, &Domain::of_item(known)))
            }
            Condition::Scored { instrument, times } => {
                let scored = times.iter().map(|at| {
                    let name = self.dialect.name(&name_at(instrument, *at));
                    format!("{name} IS NOT NULL")
                });
                format!("({})", scored.collect::<Vec<_>>().join(" AND "))
            }
            Condition::Improved { instrument, at_least, percent, times } => {
                let (before, after) = (self.steps(instrument, times.0)?, self.steps(instrument, times.1)?);
                let known = self.shape.codebook().instrument(instrument);
                let gain = if known.is_some_and(|known| known.scoring().lower_is_better()) {
                    format!("({before} - {after})")
                } else {
                    format!("({after} - {before})")
                };
                match (at_least, percent) {
                    (Some(points), _) => {
                        let least = points.in_thousandths().saturating_mul(self.per_unit(instrument)?);
                        format!("({gain} * 1000 >= {least})")
                    }
                    (None, Some(percent)) => {
                        let percent = percent.in_thousandths();
                        format!("(CASE WHEN {before} > 0 THEN {gain} * 100000 >= {before} * {percent} END)")
                    }
                    (None, None) => {
                        return Err(Error::cube("`improved` states either `at_least` or `percent`")
                            .of_variable(instrument));
                    }
                }
            }
            Condition::AtMost { instrument, points, times } => {
                self.limit(instrument, "<=", *points, times)?
            }
            Condition::AtLeast { instrument, points, times } => {
                self.limit(instrument, ">=", *points, times)?
            }
            Condition::Among { holds, of } => {
                format!("(CASE WHEN {} THEN {} END)", self.condition(of)?, self.condition(holds)?)
            }
            Condition::All(parts) => self.joined(parts, " AND ", "TRUE")?,
            Condition::Any(parts) => self.joined(parts, " OR ", "FALSE")?,
            Condition::Not(part) => format!("(NOT {})", self.condition(part)?),
        })
    }

    fn joined(&self, parts: &[Condition], with: &str, none: &str) -> Result<String, Error> {
        let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect::<Result<_, _>>()?;
        Ok(if parts.is_empty() { none.to_owned() } else { format!("({})", parts.join(with)) })
    }

    fn limit(&self, instrument: &str, than: &str, points: Amount, times: &[Time]) -> Result<String, Error> {
        let limit = points.in_thousandths().saturating_mul(self.per_unit(instrument)?);
        let last = times.last().copied().unwrap_or_default();
        let holds = format!("({} * 1000 {than} {limit})", self.steps(instrument, last)?);
        let scored =
            times.iter().map(|at| format!("{} IS NOT NULL", self.dialect.name(&name_at(instrument, *at))));
        Ok(format!("(CASE WHEN {} THEN {holds} END)", scored.collect::<Vec<_>>().join(" AND ")))
    }
}
