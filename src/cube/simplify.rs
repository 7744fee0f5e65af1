//! Simpler tables and charts: every specification that differs from another in one step towards larger groups.

use std::fmt;

use super::chart::{Chart, SeriesSpec};
use super::sheet::Plan;
use super::statistic::StatisticKind;
use super::table::{Block, Dim, Table};
use crate::cohort::Window;
use crate::schema::{Date, Language};

/// One step that makes the groups of a table or chart larger or fewer. Its text is English, for the staff; it holds names of
/// the specification and no number of patients.
///
/// ```
/// use registat::Simplification;
///
/// let coarser = Simplification::CoarserLevel { from: "hospital".to_owned(), to: "region".to_owned() };
/// assert_eq!(coarser.to_string(), "by `region` instead of `hospital`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Simplification {
    /// The groups of columns are left out.
    WithoutColumns {
        /// The column variable.
        variable: String,
    },
    /// One block of rows is left out.
    WithoutRows {
        /// The variable, the label of the condition, or the period.
        block: String,
    },
    /// Rows or columns are a coarser level of the unit hierarchy.
    CoarserLevel {
        /// The level now.
        from: String,
        /// The level instead.
        to: String,
    },
    /// Bands of a whole-number variable are joined two by two.
    WiderBands {
        /// The variable.
        variable: String,
        /// How many bands are left.
        bands: usize,
    },
    /// Periods that follow each other are pooled two by two, from the newest.
    PooledPeriods {
        /// How many periods are left.
        periods: usize,
    },
}

impl fmt::Display for Simplification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WithoutColumns { variable } => write!(f, "without columns by `{variable}`"),
            Self::WithoutRows { block } => write!(f, "without the rows `{block}`"),
            Self::CoarserLevel { from, to } => write!(f, "by `{to}` instead of `{from}`"),
            Self::WiderBands { variable, bands } => write!(f, "`{variable}` in {bands} wider bands"),
            Self::PooledPeriods { periods } => write!(f, "periods pooled two by two, {periods} left"),
        }
    }
}

impl Plan {
    /// Every plan that differs from this one in one step at one table or chart. `hierarchy` has the levels of the unit
    /// hierarchy, coarsest first.
    pub(crate) fn simplified(&self, id: &str, hierarchy: &[String]) -> Vec<(Simplification, Self)> {
        let mut plans = Vec::new();
        for (at, table) in self.tables.iter().enumerate().filter(|(_, table)| table.id == id) {
            for (step, simpler) in table.simplified(hierarchy) {
                plans.push((step, Self { tables: with(&self.tables, at, simpler), ..self.clone() }));
            }
        }
        for (at, chart) in self.charts.iter().enumerate().filter(|(_, chart)| chart.id == id) {
            for (step, simpler) in chart.simplified(hierarchy) {
                plans.push((step, Self { charts: with(&self.charts, at, simpler), ..self.clone() }));
            }
        }
        plans
    }
}

impl Table {
    fn simplified(&self, hierarchy: &[String]) -> Vec<(Simplification, Self)> {
        let mut found = Vec::new();
        if let Some(dim) = &self.cols {
            let mut without = Self { cols: None, ..self.clone() };
            // Without columns every row is the whole of itself.
            without.stats.retain(|stat| stat.kind != StatisticKind::ShareOfRow);
            if !without.stats.is_empty() {
                found.push((Simplification::WithoutColumns { variable: dim.variable.clone() }, without));
            }
            for (step, coarser) in coarser(dim, hierarchy) {
                found.push((step, Self { cols: Some(coarser), ..self.clone() }));
            }
        }
        for (step, rows) in simpler_rows(&self.rows, hierarchy) {
            found.push((step, Self { rows, ..self.clone() }));
        }
        found
    }
}

impl Chart {
    fn simplified(&self, hierarchy: &[String]) -> Vec<(Simplification, Self)> {
        let mut found = Vec::new();
        for (step, rows) in simpler_rows(&self.rows, hierarchy) {
            found.push((step, Self { rows, ..self.clone() }));
        }
        let mut pairs = Vec::new();
        for (at, spec) in self.series.iter().enumerate() {
            // Only what differs in its period alone can be pooled.
            if !self.series.iter().take(at).any(|before| differ_by_period_at_most(before, spec)) {
                let alike =
                    self.series.iter().enumerate().filter(|(_, other)| differ_by_period_at_most(other, spec));
                pairs.extend(neighbours(alike.filter_map(|(at, other)| Some((at, other.window?)))));
            }
        }
        if !pairs.is_empty() {
            let pool = |spec: &SeriesSpec, window| SeriesSpec {
                label: None,
                window: Some(window),
                year: None,
                only: spec.only.clone(),
                stat: spec.stat.clone(),
            };
            let series = pooled(&self.series, &pairs, pool);
            let periods = series.iter().filter(|spec| spec.window.is_some()).count();
            found.push((Simplification::PooledPeriods { periods }, Self { series, ..self.clone() }));
        }
        found
    }
}

/// Rows made simpler in one step.
fn simpler_rows(rows: &[Block], hierarchy: &[String]) -> Vec<(Simplification, Vec<Block>)> {
    let mut found = Vec::new();
    for (at, block) in rows.iter().enumerate() {
        if let Block::Dim(dim) = block {
            let steps = coarser(dim, hierarchy).into_iter();
            found.extend(steps.map(|(step, coarser)| (step, with(rows, at, Block::Dim(coarser)))));
        }
    }
    let periods = rows.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Period { window, .. } => Some((at, *window)),
        _ => None,
    });
    let pairs = neighbours(periods);
    if !pairs.is_empty() {
        let simpler = pooled(rows, &pairs, |_, window| Block::Period { label: None, window });
        let periods = simpler.iter().filter(|block| matches!(block, Block::Period { .. })).count();
        found.push((Simplification::PooledPeriods { periods }, simpler));
    }
    if rows.len() > 1 {
        for (at, block) in rows.iter().enumerate() {
            let others = rows.iter().enumerate().filter(|(other, _)| *other != at);
            let block = match block {
                Block::Dim(dim) => dim.variable.clone(),
                Block::Condition { label, .. } => label.text(Language::English).to_owned(),
                Block::Period { window, .. } => match window.report_year() {
                    Some(year) => year.to_string(),
                    None => "period".to_owned(),
                },
            };
            let rest = others.map(|(_, other)| other.clone()).collect();
            found.push((Simplification::WithoutRows { block }, rest));
        }
    }
    found
}

/// A dimension by every coarser level of the unit hierarchy, nearest first, or in wider bands.
fn coarser(dim: &Dim, hierarchy: &[String]) -> Vec<(Simplification, Dim)> {
    let depth = |name: &str| hierarchy.iter().position(|level| level == name);
    let mut found = Vec::new();
    if let Some(finest) = depth(&dim.variable) {
        // Levels above the subtotals would not stand under them.
        let coarsest = dim.under.as_deref().and_then(depth).unwrap_or(0);
        for level in hierarchy.iter().take(finest).skip(coarsest).rev() {
            let under = dim.under.clone().filter(|under| under != level);
            let step = Simplification::CoarserLevel { from: dim.variable.clone(), to: level.clone() };
            found.push((step, Dim { variable: level.clone(), under, ..dim.clone() }));
        }
    }
    if dim.bands.len() > 2 {
        let bands: Vec<i64> = dim.bands.iter().copied().step_by(2).collect();
        let step = Simplification::WiderBands { variable: dim.variable.clone(), bands: bands.len() };
        found.push((step, Dim { bands, ..dim.clone() }));
    }
    found
}

/// Two periods, one right after the other: where the newer and the older one stand, and the period of both.
struct Neighbours {
    newer: usize,
    older: usize,
    both: Window,
}

fn neighbours(periods: impl Iterator<Item = (usize, Window)>) -> Vec<Neighbours> {
    let span = |(at, window): (usize, Window)| -> Option<(Date, Date, usize)> {
        let (first, last) = window.visits().ok()??;
        Some((first, last, at))
    };
    let mut spans: Vec<(Date, Date, usize)> = periods.filter_map(span).collect();
    spans.sort_unstable();
    let mut pairs = Vec::new();
    while let Some((begin, last, newer)) = spans.pop() {
        if let Some((first, _, older)) = spans.pop_if(|(_, end, _)| end.day_after() == begin) {
            pairs.push(Neighbours { newer, older, both: Window::Visits { first, last } });
        }
    }
    pairs
}

/// The same items with each pair as one, where its newer one stood.
fn pooled<T: Clone>(items: &[T], pairs: &[Neighbours], pool: impl Fn(&T, Window) -> T) -> Vec<T> {
    let is_older = |at: usize| pairs.iter().any(|pair| pair.older == at);
    let kept = items.iter().enumerate().filter(|(at, _)| !is_older(*at));
    kept.map(|(at, item)| match pairs.iter().find(|pair| pair.newer == at) {
        Some(pair) => pool(item, pair.both),
        None => item.clone(),
    })
    .collect()
}

fn differ_by_period_at_most(one: &SeriesSpec, other: &SeriesSpec) -> bool {
    one.stat == other.stat && one.only == other.only
}

/// The same items with another one in one place.
fn with<T: Clone>(items: &[T], at: usize, instead: T) -> Vec<T> {
    let mut changed = items.to_vec();
    if let Some(place) = changed.get_mut(at) {
        *place = instead;
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::Condition;
    use crate::cube::{count, dim, share, share_of_row};
    use crate::schema::{ChartKind, Label};

    fn hierarchy() -> Vec<String> {
        ["region", "trust", "hospital", "unit"].map(str::to_owned).to_vec()
    }

    fn simplified(table: Table) -> Vec<(String, Table)> {
        let id = table.id.clone();
        let plans = Plan::new().table(Table::new("other")).table(table).simplified(&id, &hierarchy());
        let mut tables = Vec::new();
        for (step, mut plan) in plans {
            assert_eq!(plan.tables.len(), 2);
            assert_eq!(plan.tables[0], Table::new("other"), "one table is changed");
            tables.push((step.to_string(), plan.tables.remove(1)));
        }
        tables
    }

    #[test]
    fn a_hospital_table_by_sex_can_do_without_sex_or_with_coarser_units() {
        let base = || Table::new("t").stat(count());
        let table = base().rows(dim("hospital").under("region").total()).cols("sex").stat(share_of_row());
        let with_share = || base().stat(share_of_row()).cols("sex");
        assert_eq!(
            simplified(table),
            [
                ("without columns by `sex`".to_owned(), base().rows(dim("hospital").under("region").total())),
                (
                    "by `trust` instead of `hospital`".to_owned(),
                    with_share().rows(dim("trust").under("region").total())
                ),
                ("by `region` instead of `hospital`".to_owned(), with_share().rows(dim("region").total())),
            ]
        );
        let alone = Table::new("t").rows("region").cols("sex").stat(share_of_row());
        assert!(simplified(alone).is_empty(), "nothing would be left to print, and regions are the coarsest");
    }

    #[test]
    fn blocks_can_go_and_bands_can_be_wider() {
        let ages = dim("age").bands([0, 30, 50, 70]);
        let table = Table::new("t").rows(ages).rows("sex").stat(count());
        assert_eq!(
            simplified(table),
            [
                (
                    "`age` in 2 wider bands".to_owned(),
                    Table::new("t").rows(dim("age").bands([0, 50])).rows("sex").stat(count())
                ),
                ("without the rows `age`".to_owned(), Table::new("t").rows("sex").stat(count())),
                (
                    "without the rows `sex`".to_owned(),
                    Table::new("t").rows(dim("age").bands([0, 30, 50, 70])).stat(count())
                ),
            ]
        );
    }

    #[test]
    fn years_are_pooled_two_by_two_from_the_newest_and_never_over_a_gap() {
        let year = |year: i32| Block::Period { label: None, window: Window::VisitYear(year) };
        let table = [2025, 2023, 2022, 2020, 2024]
            .into_iter()
            .fold(Table::new("t").stat(count()), |table, number| table.block(year(number)));
        let (step, pooled) = simplified(table).remove(0);
        assert_eq!(step, "periods pooled two by two, 3 left");
        let both = |first: i32, last: i32| {
            let (first, last) = (Date::new(first, 1, 1).unwrap(), Date::new(last, 12, 31).unwrap());
            Block::Period { label: None, window: Window::Visits { first, last } }
        };
        assert_eq!(pooled.rows, [both(2024, 2025), both(2022, 2023), year(2020)]);
    }

    #[test]
    fn series_are_pooled_where_they_differ_in_their_period_alone() {
        let women = || Condition::level("sex", [2]);
        let series = |number: i32| {
            SeriesSpec::new(Label::same(number.to_string()), share(women())).visits(Window::VisitYear(number))
        };
        let chart = Chart::new("c", ChartKind::UnitIndicator)
            .rows(dim("hospital"))
            .series(series(2025))
            .series(series(2024).only(women()))
            .series(series(2024));
        let plans = Plan::new().chart(chart).simplified("c", &hierarchy());
        let (step, plan) = plans.last().unwrap();
        assert_eq!(*step, Simplification::PooledPeriods { periods: 2 });
        let chart = plan.charts.first().unwrap();
        let first = Date::new(2024, 1, 1).unwrap();
        let last = Date::new(2025, 12, 31).unwrap();
        assert_eq!(chart.series[0].window, Some(Window::Visits { first, last }));
        assert_eq!(chart.series[0].label, None, "the period names itself");
        assert_eq!(chart.series[1], series(2024).only(women()));
        assert_eq!(plans.len(), 3, "two coarser levels, and the years");
    }
}
