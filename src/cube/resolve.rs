//! From a specification to a sheet: levels from the codebook, restrictions from windows and conditions, notes from all.

use super::chart::Chart;
use super::grid::{CellId, Constraints, Grid};
use super::sheet::{Place, Plan, Quantity, Sheet, SheetChart, SheetColumn, SheetRow, SheetSeries, Value};
use super::statistic::{Statistic, StatisticKind};
use super::table::{Block, Dim, Table};
use crate::cohort::{Cohort, Condition, Derived, Region, Time, UnitOfAnalysis, Window};
use crate::error::{Error, unknown};
use crate::schema::standard;
use crate::schema::{Axis, Codebook, Head, Kind, Label, Note, Purpose, RowKind, Variable};

/// Every sheet of a plan over one grid of cells.
#[derive(Default)]
pub(crate) struct Resolved {
    pub(crate) grid: Grid,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) values: Vec<Value>,
    /// Cells that stand in for margins nobody prints, so that two tables that share a margin are tied together.
    pub(crate) margins: Vec<CellId>,
}

/// One row or group of columns: what it restricts, and who could have been in it.
struct Level {
    label: Label,
    kind: RowKind,
    depth: u8,
    unit: Option<String>,
    axis: Option<(Derived, Region)>,
    known: Option<(Derived, Region)>,
    window: Option<Window>,
}

impl Level {
    fn total(label: Label) -> Self {
        Self { label, kind: RowKind::Total, depth: 0, unit: None, axis: None, known: None, window: None }
    }

    fn restrict(&self, constraints: &Constraints) -> Constraints {
        let mut narrowed = constraints.clone();
        if let Some((derived, region)) = &self.axis {
            narrowed.restrict(derived.clone(), region.clone());
        }
        narrowed
    }

    /// The same without the level: everyone whose level is known.
    fn denominator(&self, constraints: &Constraints) -> Constraints {
        let mut widened = constraints.clone();
        if let Some((derived, region)) = &self.known {
            widened.restrict(derived.clone(), region.clone());
        }
        widened
    }
}

pub(crate) fn resolve(cohort: &Cohort, plan: &Plan) -> Result<Resolved, Error> {
    plan.validate()?;
    let mut resolver = Resolver { cohort, codebook: cohort.courses.codebook(), out: Resolved::default() };
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

struct Resolver<'c> {
    cohort: &'c Cohort,
    codebook: &'c Codebook,
    out: Resolved,
}

impl Resolver<'_> {
    fn table(&mut self, table: &Table) -> Result<(), Error> {
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
            columns,
            rows,
            chart: None,
        });
        Ok(())
    }

    fn chart(&mut self, chart: &Chart) -> Result<(), Error> {
        let (rows, stub) = self.blocks(&chart.rows, chart.window)?;
        let mut columns = Vec::new();
        let mut series = Vec::new();
        let mut places: Vec<Vec<Place>> = rows.iter().map(|_| Vec::new()).collect();
        let mut notes = self.notes(chart.window, &chart.definition, &chart.only, &chart.counts);
        let first = chart.series.first().ok_or_else(|| Error::cube("the chart states no series"))?;
        let axis = self.axis(&first.stat, chart.axis.clone())?;
        for spec in &chart.series {
            let window = spec.window.unwrap_or(chart.window);
            let mut base = self.base(window, &chart.only, &chart.counts)?;
            if let Some(only) = &spec.only {
                self.restrict(&mut base, only)?;
            }
            let label = spec.label.clone().unwrap_or_else(|| window_label(window));
            let before = columns.len();
            self.columns(&spec.stat, Some(label.clone()), &chart.counts, &mut columns);
            let added: Vec<Head> = columns.iter().skip(before).map(|column: &SheetColumn| column.head).collect();
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
            columns,
            rows,
            chart: Some(SheetChart { kind: chart.kind, axis, goal: chart.goal, series }),
        });
        Ok(())
    }

    /// What window, filters and unit of analysis restrict, of the cohort and of the table.
    fn base(&self, window: Window, only: &[Condition], counts: &UnitOfAnalysis) -> Result<Constraints, Error> {
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
    fn effective(&self, window: Window) -> Result<Option<(crate::schema::Date, crate::schema::Date)>, Error> {
        Ok(match (self.cohort.window.visits()?, window.visits()?) {
            (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.min(b.1))),
            (a, b) => a.or(b),
        })
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
    fn event(&self, condition: &Condition) -> Result<(Derived, Region, Region), Error> {
        let answered = Region::everything().without(&Region::missing());
        self.cohort.courses.deriver().check(condition)?;
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

    fn blocks(&self, blocks: &[Block], window: Window) -> Result<(Vec<Level>, Label), Error> {
        let mut rows = Vec::new();
        let mut stub = None;
        for block in blocks {
            match block {
                Block::Dim(dim) => {
                    let label = self.dim_label(dim)?;
                    // Several variables below each other: each under a row of its own name would be a table in a table;
                    // the levels carry the variable's name only where they would else be unclear.
                    stub.get_or_insert(label);
                    rows.extend(self.levels(dim, window)?);
                }
                Block::Condition { label, holds } => {
                    let (derived, region, known) = self.event(holds)?;
                    rows.push(Level {
                        label: label.clone(),
                        kind: RowKind::Item,
                        depth: 0,
                        unit: None,
                        axis: Some((derived.clone(), region)),
                        known: Some((derived, known)),
                        window: None,
                    });
                }
                Block::Period { label, window } => {
                    window.visits()?;
                    stub.get_or_insert_with(standard::period);
                    rows.push(Level {
                        label: label.clone().unwrap_or_else(|| window_label(*window)),
                        kind: RowKind::Item,
                        depth: 0,
                        unit: None,
                        axis: None,
                        known: None,
                        window: Some(*window),
                    });
                }
            }
        }
        if rows.is_empty() {
            rows.push(Level::total(standard::everyone()));
        }
        Ok((rows, stub.unwrap_or_else(|| Label::same(""))))
    }

    fn dim_label(&self, dim: &Dim) -> Result<Label, Error> {
        if let Some(label) = &dim.label {
            return Ok(label.clone());
        }
        if self.codebook.units().levels().contains(&dim.variable) {
            return Ok(self.unit_variable()?.label().clone());
        }
        self.variable(&dim.variable).map(|variable| variable.label().clone())
    }

    fn unit_variable(&self) -> Result<&Variable, Error> {
        let course = self.codebook.of_purpose(Purpose::Course).next();
        let id = course.and_then(|form| form.unit.as_deref());
        id.and_then(|id| self.codebook.variable(id)).ok_or_else(|| Error::cube("the codebook names no unit variable"))
    }

    fn variable(&self, id: &str) -> Result<&Variable, Error> {
        self.codebook.variable(id).ok_or_else(|| {
            let levels = self.codebook.units().levels().iter().map(String::as_str);
            Error::cube(unknown("variable", id, self.codebook.variables().iter().map(Variable::id).chain(levels)))
        })
    }

    /// The levels of a dimension, in the order of the codebook, total last.
    fn levels(&self, dim: &Dim, window: Window) -> Result<Vec<Level>, Error> {
        let mut levels = if self.codebook.units().levels().contains(&dim.variable) {
            self.unit_levels(dim, window)?
        } else {
            self.variable_levels(dim)?
        };
        if dim.total {
            levels.push(Level::total(dim.total_label.clone().unwrap_or_else(standard::everyone)));
        }
        Ok(levels)
    }

    fn unit_levels(&self, dim: &Dim, window: Window) -> Result<Vec<Level>, Error> {
        let units = self.codebook.units();
        let derived = Derived::Variable { id: self.unit_variable()?.id().to_owned(), at: Time::BASELINE };
        let period = self.effective(window)?;
        let level = |node: &crate::schema::Node, kind, depth| Level {
            label: node.label().clone(),
            kind,
            depth,
            unit: (kind == RowKind::Item).then(|| node.id().to_owned()),
            axis: Some((derived.clone(), Region::codes(units.codes_below(node.id())))),
            known: Some((derived.clone(), Region::everything().without(&Region::missing()))),
            window: None,
        };
        let existed = |node: &&crate::schema::Node| period.is_none_or(|(first, last)| node.existed(first, last));
        let Some(under) = &dim.under else {
            return Ok(units.of_level(&dim.variable).filter(existed).map(|node| level(node, RowKind::Item, 0)).collect());
        };
        if !units.levels().contains(under) {
            let known = units.levels().iter().map(String::as_str);
            return Err(Error::cube(unknown("level of the unit hierarchy", under, known)));
        }
        let mut levels = Vec::new();
        for parent in units.of_level(under) {
            let codes = units.codes_below(parent.id());
            levels.push(level(parent, RowKind::Subtotal, 0));
            let below = units.of_level(&dim.variable).filter(existed);
            let below = below.filter(|node| units.codes_below(node.id()).is_subset(&codes));
            levels.extend(below.map(|node| level(node, RowKind::Item, 1)));
        }
        Ok(levels)
    }

    fn variable_levels(&self, dim: &Dim) -> Result<Vec<Level>, Error> {
        let variable = self.variable(&dim.variable)?;
        let derived = Derived::Variable { id: dim.variable.clone(), at: dim.at };
        let answered = Region::everything().without(&Region::missing());
        let level = |label: Label, region: Region| Level {
            label,
            kind: RowKind::Item,
            depth: 0,
            unit: None,
            axis: Some((derived.clone(), region)),
            known: Some((derived.clone(), answered.clone())),
            window: None,
        };
        match variable.kind() {
            Kind::Category => {
                let levels = variable.levels().iter();
                Ok(levels.map(|known| level(known.label().clone(), Region::codes([known.code()]))).collect())
            }
            Kind::Tick => {
                Ok([1, 0].map(|code| level(standard::yes_no(code == 1), Region::codes([code]))).into_iter().collect())
            }
            Kind::Integer => {
                let starts = &dim.bands;
                if starts.is_empty() || !starts.is_sorted_by(|a, b| a < b) {
                    return Err(Error::cube("state the `bands` by their first values, increasing").of_variable(&dim.variable));
                }
                let ends = starts.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
                let bands = starts.iter().zip(ends).map(|(first, last)| {
                    level(standard::band(*first, last), Region::range(*first, last.unwrap_or(i64::MAX)))
                });
                Ok(bands.collect())
            }
            _ => Err(Error::cube("rows and columns are categories, ticks or banded whole numbers")
                .of_variable(&dim.variable)),
        }
    }

    fn columns(&self, stat: &Statistic, group: Option<Label>, counts: &UnitOfAnalysis, out: &mut Vec<SheetColumn>) {
        let mut push = |head| out.push(SheetColumn { group: group.clone(), statistic: stat.label.clone(), head });
        let records = match counts {
            UnitOfAnalysis::Patient => Head::Patients,
            UnitOfAnalysis::Form(_) => Head::Forms,
            UnitOfAnalysis::Course => Head::Courses,
        };
        let interval = Head::Interval { percent: 95.0 };
        match &stat.kind {
            StatisticKind::Count => return push(records),
            StatisticKind::Patients => return push(Head::Patients),
            _ => {}
        }
        if stat.n {
            push(Head::N);
        }
        match &stat.kind {
            StatisticKind::Count | StatisticKind::Patients => {}
            StatisticKind::Share(_) | StatisticKind::ShareOfColumn | StatisticKind::ShareOfRow => push(Head::Share),
            StatisticKind::Mean { .. } => push(Head::Mean),
            StatisticKind::Median { .. } => {
                push(Head::Median);
                push(Head::Quartiles);
            }
            StatisticKind::MeanChange { .. } => push(Head::MeanChange),
        }
        if stat.deviation {
            push(Head::StandardDeviation);
        }
        if stat.interval {
            push(interval);
        }
    }

    fn places(
        &mut self,
        stat: &Statistic,
        base: &Constraints,
        row: &Level,
        group: &Level,
        out: &mut Vec<Place>,
    ) -> Result<(), Error> {
        let here = group.restrict(&row.restrict(base));
        let (of, among) = match &stat.kind {
            StatisticKind::Count => {
                let cell = self.out.grid.cell(&here)?;
                out.push(Place::Count { cell });
                return Ok(());
            }
            StatisticKind::Patients => {
                let cell = self.out.grid.cell(&here)?;
                out.push(Place::Patients { cell });
                return Ok(());
            }
            StatisticKind::Share(condition) => {
                let (derived, region, known) = self.event(condition)?;
                (here.clone().and(derived.clone(), region), here.and(derived, known))
            }
            StatisticKind::ShareOfColumn => (here, row.denominator(&group.restrict(base))),
            StatisticKind::ShareOfRow => (here, group.denominator(&row.restrict(base))),
            StatisticKind::Mean { of, at, among } => return self.mean_places(stat, here, of, *at, among, out),
            StatisticKind::Median { of, at, among } => {
                let (cell, value) = self.valued(here, of, *at, among)?;
                if stat.n {
                    out.push(Place::Count { cell });
                }
                out.extend([Place::Median { cell, value }, Place::Quartiles { cell, value }]);
                return Ok(());
            }
            StatisticKind::MeanChange { of, times } => {
                let (cell, value) = self.changed(here, of, *times)?;
                push_mean(stat, cell, value, out);
                return Ok(());
            }
        };
        let (of, among) = (self.out.grid.cell(&of)?, self.out.grid.cell(&among)?);
        if stat.n {
            out.push(Place::Count { cell: among });
        }
        out.push(Place::Share { of, among });
        if stat.interval {
            out.push(Place::ShareInterval { of, among });
        }
        Ok(())
    }

    fn mean_places(
        &mut self,
        stat: &Statistic,
        here: Constraints,
        of: &str,
        at: Time,
        among: &[Time],
        out: &mut Vec<Place>,
    ) -> Result<(), Error> {
        let (cell, value) = self.valued(here, of, at, among)?;
        push_mean(stat, cell, value, out);
        Ok(())
    }

    /// The cell of those who have a value, and the value.
    fn valued(&mut self, here: Constraints, of: &str, at: Time, among: &[Time]) -> Result<(CellId, usize), Error> {
        self.check_scale(&here, of)?;
        if let Some(instrument) = self.codebook.instrument(of) {
            let mut times: Vec<Time> = among.iter().copied().chain([at]).collect();
            times.sort_unstable();
            times.dedup();
            let decimals = instrument.scoring().decimals();
            let scored = Condition::Scored { instrument: of.to_owned(), times };
            let cell = self.out.grid.cell(&here.and(Derived::Holds(scored), Region::codes([1])))?;
            return Ok((cell, self.value(Derived::Score { instrument: of.to_owned(), at }, decimals)));
        }
        let variable = self.variable(of)?;
        if !matches!(variable.kind(), Kind::Integer | Kind::Decimal) {
            return Err(Error::cube("means and medians are of scores and numbers").of_variable(of));
        }
        let derived = Derived::Variable { id: of.to_owned(), at };
        let cell = self.out.grid.cell(&here.and(derived.clone(), Region::everything().without(&Region::missing())))?;
        Ok((cell, self.value(derived, 1)))
    }

    fn changed(&mut self, here: Constraints, of: &str, times: (Time, Time)) -> Result<(CellId, usize), Error> {
        self.check_scale(&here, of)?;
        let instrument = self.codebook.instrument(of).ok_or_else(|| {
            Error::cube(unknown("instrument", of, self.codebook.instruments().iter().map(|known| known.id())))
        })?;
        let decimals = instrument.scoring().decimals();
        let scored = Condition::Scored { instrument: of.to_owned(), times: vec![times.0, times.1] };
        let cell = self.out.grid.cell(&here.and(Derived::Holds(scored), Region::codes([1])))?;
        let change = Derived::Change { instrument: of.to_owned(), from: times.0, to: times.1 };
        Ok((cell, self.value(change, decimals)))
    }

    fn check_scale(&self, here: &Constraints, of: &str) -> Result<(), Error> {
        let visits = here.iter().find(|(derived, _)| **derived == Derived::Visit).and_then(|(_, region)| region.span());
        self.cohort.courses.deriver().check_scale(of, visits)
    }

    fn value(&mut self, derived: Derived, decimals: u8) -> usize {
        let value = Value { derived, decimals };
        match self.out.values.iter().position(|known| *known == value) {
            Some(known) => known,
            None => {
                self.out.values.push(value);
                self.out.values.len() - 1
            }
        }
    }

    /// Every margin of a table, printed or not: a reader can add up rows, so the sums are known.
    fn margins(&mut self, base: &Constraints, rows: &[Level], groups: &[Level]) -> Result<(), Error> {
        let nothing = Level::total(Label::same(""));
        for row in rows.iter().filter(|row| row.axis.is_some()).chain([&nothing]) {
            for group in groups.iter().filter(|group| group.axis.is_some()).chain([&nothing]) {
                let cell = group.restrict(&row.restrict(&self.window_of(row, base)?));
                let cell = self.out.grid.cell(&cell)?;
                self.out.margins.push(cell);
            }
        }
        Ok(())
    }

    fn axis(&self, stat: &Statistic, label: Option<Label>) -> Result<Axis, Error> {
        let named = |default: Label| label.clone().unwrap_or(default);
        match &stat.kind {
            StatisticKind::Share(_) | StatisticKind::ShareOfColumn | StatisticKind::ShareOfRow => Ok(Axis {
                label: named(standard::percent()),
                lower: 0.0,
                upper: 100.0,
                percent: true,
                decimals: 1,
            }),
            StatisticKind::Mean { of, .. } | StatisticKind::Median { of, .. } => {
                if let Some(instrument) = self.codebook.instrument(of) {
                    let (lower, upper) = instrument.scoring().range();
                    let decimals = instrument.scoring().decimals();
                    return Ok(Axis { label: named(instrument.label().clone()), lower, upper, percent: false, decimals });
                }
                let variable = self.variable(of)?;
                let (lower, upper) = (variable.min.unwrap_or(0) as f64, variable.max.unwrap_or(100) as f64);
                let label = match &variable.unit {
                    Some(unit) => variable.label().with_unit(unit),
                    None => variable.label().clone(),
                };
                Ok(Axis { label: named(label), lower, upper, percent: false, decimals: 1 })
            }
            StatisticKind::MeanChange { of, .. } => {
                let instrument = self.codebook.instrument(of);
                let instrument = instrument.ok_or_else(|| Error::cube("a change is of an instrument").of_variable(of))?;
                let (lower, upper) = instrument.scoring().range();
                let span = upper - lower;
                let decimals = instrument.scoring().decimals();
                let label = named(instrument.label().clone());
                Ok(Axis { label, lower: -span, upper: span, percent: false, decimals })
            }
            StatisticKind::Count | StatisticKind::Patients => {
                Err(Error::cube("a chart draws shares, means, medians or changes"))
            }
        }
    }

    fn window_note(&self, window: Window) -> Note {
        match window {
            Window::DueYear { year, months } => {
                let limits = crate::schema::Date::new(year, 1, 1).and_then(|first| {
                    crate::schema::Date::new(year, 12, 31).map(|last| (first, last))
                });
                limits.map_or(Note::AllVisits, |(first, last)| Note::Due { months, first, last })
            }
            window => match window.visits() {
                Ok(Some((first, last))) => Note::Visits { first, last },
                _ => Note::AllVisits,
            },
        }
    }

    fn notes(
        &self,
        window: Window,
        definition: &Option<Label>,
        only: &[Condition],
        counts: &UnitOfAnalysis,
    ) -> Vec<Note> {
        let mut notes: Vec<Note> = definition.iter().cloned().map(Note::Definition).collect();
        let window = if window == Window::All { self.cohort.window } else { window };
        notes.push(self.window_note(window));
        notes.push(match counts {
            UnitOfAnalysis::Course => Note::CountsCourses,
            UnitOfAnalysis::Patient => Note::CountsPatients,
            UnitOfAnalysis::Form(form) => {
                let label = self.codebook.form(form).map(|form| form.label().clone());
                Note::CountsForms(label.unwrap_or_else(|_| Label::same(form.clone())))
            }
        });
        for condition in self.cohort.conditions.iter().chain(only) {
            if let Condition::Level { variable, is, .. } = condition
                && let Some(variable) = self.codebook.variable(variable)
            {
                let levels = variable.levels().iter().filter(|level| is.contains(&level.code()));
                let mut levels: Vec<Label> = levels.map(|level| level.label().clone()).collect();
                if variable.kind() == Kind::Tick {
                    levels = is.iter().map(|code| standard::yes_no(*code == 1)).collect();
                }
                notes.push(Note::Only { variable: variable.label().clone(), levels });
            }
        }
        notes
    }

    fn statistic_notes<'s>(
        &self,
        stats: impl Iterator<Item = &'s Statistic>,
        rows: &[Block],
        notes: &mut Vec<Note>,
    ) {
        let mut scored: Vec<&str> = Vec::new();
        for stat in stats {
            match &stat.kind {
                StatisticKind::Share(condition) => self.condition_notes(condition, notes, &mut scored),
                StatisticKind::Mean { of, at, among } | StatisticKind::Median { of, at, among } => {
                    if let Some(instrument) = self.codebook.instrument(of) {
                        scored.push(of);
                        let mut times: Vec<Time> = among.iter().copied().chain([*at]).collect();
                        times.sort_unstable();
                        times.dedup();
                        if times.len() > 1 {
                            let months = times.iter().map(|time| time.in_months()).collect();
                            push_new(notes, Note::AnsweredAt { instrument: instrument.label().clone(), months });
                        }
                    }
                }
                StatisticKind::MeanChange { of, times } => {
                    if let Some(instrument) = self.codebook.instrument(of) {
                        scored.push(of);
                        let months = vec![times.0.in_months(), times.1.in_months()];
                        push_new(notes, Note::AnsweredAt { instrument: instrument.label().clone(), months });
                    }
                }
                _ => {}
            }
            if stat.interval {
                push_new(notes, match stat.kind {
                    StatisticKind::Mean { .. } | StatisticKind::MeanChange { .. } => Note::StudentInterval,
                    _ => Note::WilsonInterval,
                });
            }
        }
        for id in scored {
            if let Some(instrument) = self.codebook.instrument(id) {
                push_new(notes, Note::MissingItems {
                    instrument: instrument.label().clone(),
                    policy: instrument.missing_items.clone(),
                    value_set: instrument.value_set.clone(),
                });
            }
        }
        let conditions = rows.iter().filter(|block| matches!(block, Block::Condition { .. })).count();
        if conditions > 1 {
            notes.push(Note::MultipleAnswers);
        }
    }

    fn condition_notes<'s>(&self, condition: &'s Condition, notes: &mut Vec<Note>, scored: &mut Vec<&'s str>) {
        match condition {
            Condition::Improved { instrument, at_least, percent, times } => {
                scored.push(instrument);
                let Some(known) = self.codebook.instrument(instrument) else { return };
                let instrument = known.label().clone();
                let months = (times.0.in_months(), times.1.in_months());
                if let Some(points) = at_least {
                    push_new(notes, Note::ImprovedByAtLeast { instrument, points: points.to_f64(), months });
                } else if let Some(percent) = percent {
                    push_new(notes, Note::ImprovedByPercent { instrument, percent: percent.to_f64(), months });
                }
            }
            Condition::AtMost { instrument, points, times } => {
                scored.push(instrument);
                let Some(known) = self.codebook.instrument(instrument) else { return };
                let months = times.last().map(|time| time.in_months()).unwrap_or_default();
                push_new(notes, Note::AtMost { instrument: known.label().clone(), points: points.to_f64(), months });
            }
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition_notes(part, notes, scored);
                }
            }
            Condition::Not(part) => self.condition_notes(part, notes, scored),
            _ => {}
        }
    }
}

fn push_mean(stat: &Statistic, cell: CellId, value: usize, out: &mut Vec<Place>) {
    if stat.n {
        out.push(Place::Count { cell });
    }
    out.push(Place::Mean { cell, value });
    if stat.deviation {
        out.push(Place::Deviation { cell, value });
    }
    if stat.interval {
        out.push(Place::MeanInterval { cell, value });
    }
}

fn push_new(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

fn sheet_row(level: Level, places: Vec<Place>) -> SheetRow {
    SheetRow { label: level.label, kind: level.kind, depth: level.depth, unit: level.unit, places }
}

fn window_label(window: Window) -> Label {
    match (window.report_year(), window.visits()) {
        (Some(year), _) => Label::same(year.to_string()),
        (None, Ok(Some((first, last)))) => Label::same(format!("{}\u{2013}{}", first.text(), last.text())),
        _ => standard::everyone(),
    }
}

impl Resolved {
    /// What is printed of each cell, over all sheets.
    pub(crate) fn printed(&self) -> std::collections::BTreeSet<(CellId, Quantity)> {
        let rows = self.sheets.iter().flat_map(|sheet| &sheet.rows);
        rows.flat_map(|row| &row.places).flat_map(|place| place.gives_away()).collect()
    }
}
