//! From a decided cube to printed tables: each place as a number or a mark, rounded once.

use super::hiding::Hiding;
use super::policy::Policy;
use super::release::{Cell, Column, Printed, ReleasedTable, Row, State};
use super::verify::rounded_share;
use crate::cohort::Derived;
use crate::cube::{Cube, Place, Sheet};
use crate::error::Error;
use crate::stats::{ConfidenceLevel, Interval, MedianInterval, QuantileType};

pub(super) struct Printer<'c> {
    pub(super) cube: &'c Cube,
    pub(super) policy: &'c Policy,
    pub(super) hiding: &'c Hiding,
}

impl Printer<'_> {
    pub(super) fn table(&self, sheet: &Sheet) -> Result<ReleasedTable, Error> {
        let columns = sheet.columns.iter().map(|column| Column {
            group: column.group.clone(),
            statistic: column.statistic.clone(),
            head: column.head,
        });
        let mut rows = Vec::with_capacity(sheet.rows.len());
        for row in &sheet.rows {
            let mut cells = Vec::with_capacity(row.places.len());
            for place in &row.places {
                cells.push(Cell(self.state(*place, row.unit.as_deref())?));
            }
            rows.push(Row { label: row.label.clone(), kind: row.kind, depth: row.depth, cells });
        }
        Ok(ReleasedTable {
            id: sheet.id.clone(),
            title: sheet.title.clone(),
            stub: sheet.stub.clone(),
            notes: sheet.notes.clone(),
            columns: columns.collect(),
            rows,
        })
    }

    /// Privacy first, then coverage, then reliability; the number itself only when nothing hides it.
    fn state(&self, place: Place, unit: Option<&str>) -> Result<State, Error> {
        if !place.gives_away().into_iter().all(|(cell, quantity)| self.hiding.is_public(cell, quantity)) {
            return Ok(State::Protected);
        }
        let base = self.cube.cell(place.rests_on());
        if matches!(place, Place::MedianInterval { .. }) && self.is_near_the_extremes(base.records) {
            return Ok(State::Protected);
        }
        if !place.is_count() {
            if base.records == 0 {
                return Ok(State::NotApplicable);
            }
            if unit.is_some_and(|unit| self.policy.lacks_coverage(unit)) {
                return Ok(State::LowCoverage);
            }
            let reliable =
                if place.is_share() { self.policy.reliable_share() } else { self.policy.reliable_mean() };
            if unit.is_some() && base.patients < reliable {
                return Ok(State::Unreliable);
            }
        }
        Ok(self.number(place)?.map_or(State::NotApplicable, State::Shown))
    }

    /// Whether the limits of a median are nearer to the lowest and highest of so many values than quartiles ever are: of
    /// few patients the interval reaches from one extreme to the other, and an extreme is one patient's.
    fn is_near_the_extremes(&self, values: u64) -> bool {
        let ranks = MedianInterval::BinomialRanks(ConfidenceLevel::P95).ranks(values);
        ranks.is_some_and(|(lower, _)| 4 * lower.saturating_sub(1) < self.policy.least_for_quantile() - 1)
    }

    fn number(&self, place: Place) -> Result<Option<Printed>, Error> {
        let level = ConfidenceLevel::P95;
        let share_decimals = self.policy.share_decimals();
        let cells = |cell| self.cube.cell(cell);
        Ok(match place {
            Place::Count { cell } => Some(Printed::Count(cells(cell).records)),
            Place::Patients { cell } => Some(Printed::Count(cells(cell).patients)),
            Place::Share { of, among } => {
                let (of, among) = (i128::from(cells(of).records), i128::from(cells(among).records));
                // Whole numbers all the way: whoever checks the percentage must come to the same last digit.
                rounded_share(of, among, share_decimals).map(|steps| Printed::Percent {
                    value: steps as f64 / 10_f64.powi(i32::from(share_decimals)),
                    decimals: share_decimals,
                })
            }
            Place::ShareInterval { of, among, method } => {
                let limits = method.interval(cells(of).records, cells(among).records, level);
                let percent = limits.map(|limits| Interval {
                    // Two of the methods may leave the scale; what is printed does not.
                    lower: 100.0 * limits.lower.max(0.0),
                    upper: 100.0 * limits.upper.min(1.0),
                });
                percent.map(|percent| range(percent, share_decimals, true))
            }
            Place::Mean { cell, value } => {
                self.moments(cell, value).and_then(|moments| moments.mean()).map(|mean| {
                    let decimals = self.decimals(value);
                    Printed::Number { value: rounded(mean, decimals), decimals }
                })
            }
            Place::Deviation { cell, value } => {
                self.moments(cell, value).and_then(|moments| moments.sd()).map(|sd| {
                    let decimals = self.decimals(value);
                    Printed::Number { value: rounded(sd, decimals), decimals }
                })
            }
            Place::MeanInterval { cell, value } => {
                let limits = self.moments(cell, value).and_then(|moments| moments.mean_interval(level));
                limits.map(|limits| range(self.within_scale(limits, value), self.decimals(value), false))
            }
            Place::Median { cell, value } => {
                let decimals = self.decimals(value);
                self.quantile(cell, value, 0.5)?
                    .map(|median| Printed::Number { value: rounded(median, decimals), decimals })
            }
            Place::MedianInterval { cell, value } => {
                let histogram = self.cube.cell(cell).histograms.get(&value);
                let limits = histogram.and_then(|values| MedianInterval::BinomialRanks(level).of(values));
                limits.map(|limits| range(limits, self.decimals(value), false))
            }
            Place::ResponseMean { cell, change } => {
                self.moments(cell, change).and_then(|moments| over(moments.mean()?, moments.sd()?))
            }
            Place::EffectSize { cell, change, baseline } => {
                let (change, baseline) = (self.moments(cell, change), self.moments(cell, baseline));
                change.zip(baseline).and_then(|(change, baseline)| over(change.mean()?, baseline.sd()?))
            }
            Place::Quartiles { cell, value } => {
                let lower = self.quantile(cell, value, 0.25)?;
                let upper = self.quantile(cell, value, 0.75)?;
                lower
                    .zip(upper)
                    .map(|(lower, upper)| range(Interval { lower, upper }, self.decimals(value), false))
            }
        })
    }

    fn moments(&self, cell: usize, value: usize) -> Option<crate::stats::Moments> {
        self.cube.cell(cell).histograms.get(&value).map(crate::stats::Histogram::moments)
    }

    fn quantile(&self, cell: usize, value: usize, p: f64) -> Result<Option<f64>, Error> {
        match self.cube.cell(cell).histograms.get(&value) {
            Some(histogram) => histogram.quantile(p, QuantileType::default()),
            None => Ok(None),
        }
    }

    fn decimals(&self, value: usize) -> u8 {
        self.cube.resolved.values.get(value).map_or(1, |value| value.decimals)
    }

    /// A t interval of a bounded score may leave its scale; what is printed does not.
    fn within_scale(&self, limits: Interval, value: usize) -> Interval {
        let codebook = self.cube.cohort.courses.codebook();
        match self.cube.resolved.values.get(value).map(|value| &value.derived) {
            Some(Derived::Score { instrument, .. }) => match codebook.instrument(instrument) {
                Some(instrument) => {
                    let (lowest, highest) = instrument.scoring().range();
                    Interval { lower: limits.lower.max(lowest), upper: limits.upper.min(highest) }
                }
                None => limits,
            },
            _ => limits,
        }
    }
}

/// A standardised effect: a mean in units of a standard deviation; undefined where nothing varies.
fn over(mean: f64, deviation: f64) -> Option<Printed> {
    (deviation > 0.0).then(|| Printed::Number { value: rounded(mean / deviation, 2), decimals: 2 })
}

fn range(limits: Interval, decimals: u8, percent: bool) -> Printed {
    Printed::Range {
        lower: rounded(limits.lower, decimals),
        upper: rounded(limits.upper, decimals),
        decimals,
        percent,
    }
}

/// Rounds half away from zero, once; renderers only format. Never a negative zero.
fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    (value * scale).round() / scale + 0.0
}
