//! From a specification to a sheet: levels from the codebook, restrictions from windows and conditions, notes from all.

use std::collections::{BTreeMap, BTreeSet};

use super::chart::Chart;
use super::grid::{Constraints, Grid};
use super::levels::{Level, window_label};
use super::notes::push_new;
use super::sheet::{Place, Plan, Quantity, Sheet, SheetChart, SheetColumn, SheetRow, SheetSeries, Value};
use super::statistic::Statistic;
use super::table::Table;
use crate::cohort::{Cohort, Condition, Courses, Derived, Region, Time, UnitOfAnalysis, Window};
use crate::error::Error;
use crate::schema::{Codebook, Date, Head, Kind, Label, Note, Purpose, RowKind};

/// Every sheet of a plan over one grid of cells.
#[derive(Default)]
pub(crate) struct Resolved {
    pub(crate) grid: Grid,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) values: Vec<Value>,
}

pub(crate) fn resolve(cohort: &Cohort, plan: &Plan) -> Result<Resolved, Error> {
    plan.validate()?;
    let mut resolver = Resolver {
        cohort,
        codebook: cohort.courses.codebook(),
        nobody: Courses::none_of(cohort.courses.codebook()),
        out: Resolved::default(),
        spans: BTreeMap::new(),
    };
    for table in &plan.tables {
        resolver.table(table).map_err(|error| in_specification(error, "table", &table.id))?;
    }
    for chart in &plan.charts {
        resolver.chart(chart).map_err(|error| in_specification(error, "chart", &chart.id))?;
    }
    Ok(resolver.out)
}

fn in_specification(error: Error, what: &str, id: &str) -> Error {
    error.at_column(format!("{what} {id}"))
}

pub(super) struct Resolver<'c> {
    pub(super) cohort: &'c Cohort,
    pub(super) codebook: &'c Codebook,
    /// What conditions are checked against: what they name is a matter of the codebook, not of the records.
    nobody: Courses,
    pub(super) out: Resolved,
    /// First and last visit of each measure in the sheet at hand.
    pub(super) spans: BTreeMap<String, Option<(Date, Date)>>,
}

impl Resolver<'_> {
    fn table(&mut self, table: &Table) -> Result<(), Error> {
        self.spans.clear();
        let base = self.base(table.window, &table.only, &table.counts)?;
        let (rows, stub) = self.blocks(&table.rows, table.window)?;
        let cols = match &table.cols {
            Some(dim) => self.levels(dim, table.window)?,
            None => Vec::new(),
        };
        if table.stats.is_empty() {
            return Err(Error::cube("the table states no statistic"));
        }
        let mut columns = Vec::new();
        let mut places: Vec<Vec<Place>> = rows.iter().map(|_| Vec::new()).collect();
        let single = [Level::total(Label::same(""))];
        let groups: &[Level] = if cols.is_empty() { &single } else { &cols };
        for group in groups {
            for stat in &table.stats {
                stat.validate()?;
                self.check_validity(stat, table.window)?;
                let label = (!cols.is_empty()).then(|| group.label.clone());
                self.columns(stat, label, &table.counts, &mut columns);
                for (row, places) in rows.iter().zip(places.iter_mut()) {
                    self.places(stat, &self.window_of(row, &base)?, row, group, places)?;
                }
            }
        }
        self.margins(&base, &rows, groups)?;
        let mut notes = self.notes(table.window, &table.definition, &table.only, &table.counts);
        self.statistic_notes(table.stats.iter(), &table.rows, &mut notes);
        let rows = rows.into_iter().zip(places).map(|(level, places)| sheet_row(level, places)).collect();
        self.out.sheets.push(Sheet {
            id: table.id.clone(),
            title: table.title.clone().unwrap_or_else(|| Label::same(table.id.clone())),
            stub: table.stub.clone().unwrap_or(stub),
            notes,
            headline: table.headline,
            columns,
            rows,
            chart: None,
        });
        Ok(())
    }

    fn chart(&mut self, chart: &Chart) -> Result<(), Error> {
        self.spans.clear();
        let (rows, stub) = self.blocks(&chart.rows, chart.window)?;
        let mut columns = Vec::new();
        let mut series = Vec::new();
        let mut places: Vec<Vec<Place>> = rows.iter().map(|_| Vec::new()).collect();
        let mut notes = self.notes(chart.window, &chart.definition, &chart.only, &chart.counts);
        let first = chart.series.first().ok_or_else(|| Error::cube("the chart states no series"))?;
        let axis = self.axis(&first.stat, chart.axis.clone())?;
        for spec in &chart.series {
            let window = spec.window.unwrap_or(chart.window);
            if spec.year.is_some() {
                return Err(Error::cube(
                    "`year` belongs to an indicator whose definition is given; state a `window`",
                ));
            }
            spec.stat.validate()?;
            self.check_validity(&spec.stat, window)?;
            let mut base = self.base(window, &chart.only, &chart.counts)?;
            if let Some(only) = &spec.only {
                self.restrict(&mut base, only)?;
            }
            let label = spec.label.clone().unwrap_or_else(|| window_label(window));
            let before = columns.len();
            self.columns(&spec.stat, Some(label.clone()), &chart.counts, &mut columns);
            let added: Vec<Head> =
                columns.iter().skip(before).map(|column: &SheetColumn| column.head).collect();
            let at = |wanted: fn(&Head) -> bool| added.iter().position(wanted).map(|found| before + found);
            let value = at(|head| matches!(head, Head::Share | Head::Mean | Head::MeanChange | Head::Median))
                .ok_or_else(|| Error::cube("a chart draws shares, means, medians or changes"))?;
            series.push(SheetSeries {
                label,
                value,
                interval: at(|head| matches!(head, Head::Interval { .. })),
                n: at(|head| matches!(head, Head::N)),
            });
            let group = Level::total(Label::same(""));
            for (row, places) in rows.iter().zip(places.iter_mut()) {
                self.places(&spec.stat, &self.window_of(row, &base)?, row, &group, places)?;
            }
            self.margins(&base, &rows, &[group])?;
            if spec.window.is_some() {
                push_new(&mut notes, self.window_note(window));
            }
        }
        if chart.series.iter().all(|spec| spec.window.is_some()) {
            notes.retain(|note| *note != Note::AllVisits);
        }
        self.statistic_notes(chart.series.iter().map(|spec| &spec.stat), &chart.rows, &mut notes);
        let rows = rows.into_iter().zip(places).map(|(level, places)| sheet_row(level, places)).collect();
        self.out.sheets.push(Sheet {
            id: chart.id.clone(),
            title: chart.title.clone().unwrap_or_else(|| Label::same(chart.id.clone())),
            stub,
            notes,
            headline: false,
            columns,
            rows,
            chart: Some(SheetChart { kind: chart.kind, axis, goal: chart.goal, series }),
        });
        Ok(())
    }

    /// What window, filters and unit of analysis restrict, of the cohort and of the table.
    fn base(
        &self,
        window: Window,
        only: &[Condition],
        counts: &UnitOfAnalysis,
    ) -> Result<Constraints, Error> {
        let mut base = Constraints::default();
        for window in [self.cohort.window, window] {
            if let Some((first, last)) = window.visits()? {
                base.restrict(Derived::Visit, Region::range(i64::from(first.days()), i64::from(last.days())));
            }
        }
        for condition in self.cohort.conditions.iter().chain(only) {
            self.restrict(&mut base, condition)?;
        }
        match counts {
            UnitOfAnalysis::Course => {}
            UnitOfAnalysis::Patient => {
                let (first, last) = match self.effective(window)? {
                    Some((first, last)) => (first.days(), last.days()),
                    None => (i32::MIN, i32::MAX),
                };
                base.restrict(Derived::Newest { first, last }, Region::codes([1]));
            }
            UnitOfAnalysis::Form(form) => {
                let form = self.codebook.form(form)?;
                if form.purpose() == Purpose::FollowUp {
                    let at = Time::months(form.months().unwrap_or_default());
                    base.restrict(Derived::Holds(Condition::Answered { at }), Region::codes([1]));
                }
            }
        }
        Ok(base)
    }

    /// The visits that both the cohort's and the table's window let in.
    pub(super) fn effective(&self, window: Window) -> Result<Option<(Date, Date)>, Error> {
        Ok(match (self.cohort.window.visits()?, window.visits()?) {
            (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.min(b.1))),
            (a, b) => a.or(b),
        })
    }

    /// An indicator is printed of visits that its definition holds for.
    fn check_validity(&self, stat: &Statistic, window: Window) -> Result<(), Error> {
        stat.indicator.as_ref().map_or(Ok(()), |indicator| indicator.holds_for(self.effective(window)?))
    }

    fn window_of(&self, row: &Level, base: &Constraints) -> Result<Constraints, Error> {
        let mut narrowed = base.clone();
        if let Some((first, last)) = row.window.map(Window::visits).transpose()?.flatten() {
            narrowed.restrict(Derived::Visit, Region::range(i64::from(first.days()), i64::from(last.days())));
        }
        Ok(narrowed)
    }

    /// A condition as a restriction. A level restricts its variable, so that a filter and a table by the same variable
    /// are seen to be about the same groups.
    fn restrict(&self, base: &mut Constraints, condition: &Condition) -> Result<(), Error> {
        match condition {
            Condition::All(parts) => {
                for part in parts {
                    self.restrict(base, part)?;
                }
            }
            other => {
                let (derived, region, _) = self.event(other)?;
                base.restrict(derived, region);
            }
        }
        Ok(())
    }

    /// The axis of a condition, where it is true, and where it is known.
    pub(super) fn event(&self, condition: &Condition) -> Result<(Derived, Region, Region), Error> {
        let answered = Region::everything().without(&Region::missing());
        self.nobody.deriver().check(condition)?;
        Ok(match condition {
            Condition::Level { variable, is, at } => (
                Derived::Variable { id: variable.clone(), at: *at },
                Region::codes(is.iter().copied()),
                answered,
            ),
            Condition::Within { variable, from, to, at } if self.is_whole(variable) => {
                (Derived::Variable { id: variable.clone(), at: *at }, Region::range(*from, *to), answered)
            }
            about if about.is_about_answering() => {
                (Derived::Holds(about.clone()), Region::codes([1]), Region::everything())
            }
            other => (Derived::Holds(other.clone()), Region::codes([1]), Region::codes([0, 1])),
        })
    }

    fn is_whole(&self, variable: &str) -> bool {
        self.codebook.variable(variable).is_some_and(|variable| variable.kind() != Kind::Decimal)
    }

    /// Every margin of a table, printed or not: a reader can add up rows, and two tables that share a margin are tied
    /// together by it.
    fn margins(&mut self, base: &Constraints, rows: &[Level], groups: &[Level]) -> Result<(), Error> {
        let nothing = Level::total(Label::same(""));
        for row in rows.iter().filter(|row| row.axis.is_some()).chain([&nothing]) {
            for group in groups.iter().filter(|group| group.axis.is_some()).chain([&nothing]) {
                let cell = group.restrict(&row.restrict(&self.window_of(row, base)?));
                self.out.grid.cell(&cell)?;
            }
        }
        Ok(())
    }
}

fn sheet_row(level: Level, places: Vec<Place>) -> SheetRow {
    SheetRow { label: level.label, kind: level.kind, depth: level.depth, unit: level.unit, places }
}

impl Resolved {
    /// The cells whose counts must be printed.
    pub(crate) fn headlines(&self) -> BTreeSet<super::grid::CellId> {
        let sheets = self.sheets.iter().filter(|sheet| sheet.headline);
        let totals = sheets.flat_map(|sheet| &sheet.rows).filter(|row| row.kind == RowKind::Total);
        let places = totals.flat_map(|row| &row.places).filter(|place| place.is_count());
        places.map(|place| place.rests_on()).collect()
    }

    /// What is printed of each cell, over all sheets.
    pub(crate) fn printed(&self) -> BTreeSet<(super::grid::CellId, Quantity)> {
        let rows = self.sheets.iter().flat_map(|sheet| &sheet.rows);
        rows.flat_map(|row| &row.places).flat_map(|place| place.gives_away()).collect()
    }
}
