//! From a statistic to printed places: its columns, its cells, and the axis on which a chart draws it.

use super::grid::{CellId, Constraints};
use super::levels::Level;
use super::resolve::Resolver;
use super::sheet::{Place, SheetColumn, Value};
use super::statistic::{Statistic, StatisticKind};
use crate::cohort::{Condition, Derived, Region, Time, UnitOfAnalysis};
use crate::error::{Error, unknown};
use crate::schema::{Axis, Head, Kind, Label, standard};

impl Resolver<'_> {
    pub(super) fn columns(
        &self,
        stat: &Statistic,
        group: Option<Label>,
        counts: &UnitOfAnalysis,
        out: &mut Vec<SheetColumn>,
    ) {
        let mut push =
            |head| out.push(SheetColumn { group: group.clone(), statistic: stat.label.clone(), head });
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
            StatisticKind::Share(_)
            | StatisticKind::Indicator(_)
            | StatisticKind::ShareOfColumn
            | StatisticKind::ShareOfRow => push(Head::Share),
            StatisticKind::Mean { .. } => push(Head::Mean),
            StatisticKind::Median { .. } => {
                push(Head::Median);
                push(Head::Quartiles);
            }
            StatisticKind::MeanChange { .. } => push(Head::MeanChange),
            StatisticKind::StandardisedResponseMean { .. } => push(Head::StandardisedResponseMean),
            StatisticKind::EffectSize { .. } => push(Head::EffectSize),
        }
        if stat.deviation {
            push(Head::StandardDeviation);
        }
        if stat.interval {
            push(interval);
        }
    }

    pub(super) fn places(
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
            StatisticKind::Indicator(id) => {
                return Err(Error::cube(format!(
                    "the indicator `{id}` is not defined: name the file of definitions as `indicators`"
                )));
            }
            StatisticKind::ShareOfColumn => (here, row.denominator(&group.restrict(base))),
            StatisticKind::ShareOfRow => (here, group.denominator(&row.restrict(base))),
            StatisticKind::Mean { of, at, among } => {
                return self.mean_places(stat, here, of, *at, among, out);
            }
            StatisticKind::Median { of, at, among } => {
                let (cell, value) = self.valued(here, of, *at, among)?;
                if stat.n {
                    out.push(Place::Count { cell });
                }
                out.extend([Place::Median { cell, value }, Place::Quartiles { cell, value }]);
                if stat.interval {
                    out.push(Place::MedianInterval { cell, value });
                }
                return Ok(());
            }
            StatisticKind::MeanChange { of, times } => {
                let (cell, value) = self.changed(here, of, *times)?;
                push_mean(stat, cell, value, out);
                return Ok(());
            }
            StatisticKind::StandardisedResponseMean { of, times } => {
                let (cell, change) = self.changed(here, of, *times)?;
                out.extend(stat.n.then_some(Place::Count { cell }));
                out.push(Place::ResponseMean { cell, change });
                return Ok(());
            }
            StatisticKind::EffectSize { of, times } => {
                let (cell, baseline) = self.valued(here.clone(), of, times.0, &[times.1])?;
                let (_, change) = self.changed(here, of, *times)?;
                out.extend(stat.n.then_some(Place::Count { cell }));
                out.push(Place::EffectSize { cell, change, baseline });
                return Ok(());
            }
        };
        let (of, among) = (self.out.grid.cell(&of)?, self.out.grid.cell(&among)?);
        if stat.n {
            out.push(Place::Count { cell: among });
        }
        out.push(Place::Share { of, among });
        if stat.interval {
            let method = stat.interval_method.unwrap_or_default();
            out.push(Place::ShareInterval { of, among, method });
        }
        Ok(())
    }

    pub(super) fn mean_places(
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
    pub(super) fn valued(
        &mut self,
        here: Constraints,
        of: &str,
        at: Time,
        among: &[Time],
    ) -> Result<(CellId, usize), Error> {
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
        let cell = self
            .out
            .grid
            .cell(&here.and(derived.clone(), Region::everything().without(&Region::missing())))?;
        Ok((cell, self.value(derived, 1)))
    }

    pub(super) fn changed(
        &mut self,
        here: Constraints,
        of: &str,
        times: (Time, Time),
    ) -> Result<(CellId, usize), Error> {
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

    /// Refuses a sheet that pools or compares a measure over a break of its scale: one number over both scales, or two
    /// numbers side by side.
    fn check_scale(&mut self, here: &Constraints, of: &str) -> Result<(), Error> {
        let visits = here
            .iter()
            .find(|(derived, _)| **derived == Derived::Visit)
            .and_then(|(_, region)| region.span());
        let whole_sheet = match (visits, self.spans.get(of)) {
            (Some(here), Some(Some(before))) => Some((here.0.min(before.0), here.1.max(before.1))),
            (here, None) => here,
            _ => None,
        };
        self.spans.insert(of.to_owned(), whole_sheet);
        self.cohort.courses.deriver().check_scale(of, whole_sheet)
    }

    pub(super) fn value(&mut self, derived: Derived, decimals: u8) -> usize {
        let value = Value { derived, decimals };
        match self.out.values.iter().position(|known| *known == value) {
            Some(known) => known,
            None => {
                self.out.values.push(value);
                self.out.values.len() - 1
            }
        }
    }

    pub(super) fn axis(&self, stat: &Statistic, label: Option<Label>) -> Result<Axis, Error> {
        let named = |default: Label| label.clone().unwrap_or(default);
        match &stat.kind {
            StatisticKind::Share(_)
            | StatisticKind::Indicator(_)
            | StatisticKind::ShareOfColumn
            | StatisticKind::ShareOfRow => Ok(Axis {
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
                    return Ok(Axis {
                        label: named(instrument.label().clone()),
                        lower,
                        upper,
                        percent: false,
                        decimals,
                    });
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
                let instrument =
                    instrument.ok_or_else(|| Error::cube("a change is of an instrument").of_variable(of))?;
                let (lower, upper) = instrument.scoring().range();
                let span = upper - lower;
                let decimals = instrument.scoring().decimals();
                let label = named(instrument.label().clone());
                Ok(Axis { label, lower: -span, upper: span, percent: false, decimals })
            }
            StatisticKind::Count
            | StatisticKind::Patients
            | StatisticKind::StandardisedResponseMean { .. }
            | StatisticKind::EffectSize { .. } => {
                Err(Error::cube("a chart draws shares, means, medians or changes"))
            }
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
