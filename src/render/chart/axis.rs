//! The axis of values: from the instrument, or from 0 to a round number above the largest shown percentage.

use super::units::UnitRow;
use crate::protect::{Mark, ReleasedChart};
use crate::render::numbers::{decimal, percent};
use crate::schema::Language;

/// Where values stand between two places of the picture.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    lower: f64,
    upper: f64,
    step: f64,
    percent: bool,
    from: f64,
    to: f64,
}

impl Scale {
    /// The range of a chart whose drawn rows are these; only what is shown widens it.
    pub(super) fn of(chart: &ReleasedChart, rows: &[UnitRow<'_>]) -> Self {
        let axis = chart.axis();
        let mut values: Vec<f64> = rows.iter().flat_map(UnitRow::extent).collect();
        if let Some(goal) = chart.goal() {
            values.push(goal.goal());
            values.extend(goal.minimum());
        }
        values.retain(|value| value.is_finite());
        let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let (mut lower, mut upper) = (axis.lower(), axis.upper());
        if axis.is_percent() && largest > lower && largest < upper {
            let step = nice_step(largest - lower);
            upper = upper.min(lower + ((largest - lower) / step - 1e-9).ceil() * step);
        }
        if upper <= lower || !(upper - lower).is_finite() {
            (lower, upper) = (0.0, 1.0);
        }
        let step = nice_step(upper - lower);
        if largest > upper {
            upper = (largest / step - 1e-9).ceil() * step;
        }
        if smallest < lower {
            lower = (smallest / step + 1e-9).floor() * step;
        }
        let step = nice_step(upper - lower);
        Self { lower, upper, step, percent: axis.is_percent(), from: 0.0, to: 1.0 }
    }

    /// The same range between two places.
    pub(super) fn between(self, from: f64, to: f64) -> Self {
        Self { from, to, ..self }
    }

    pub(super) fn place(&self, value: f64) -> f64 {
        let share = ((value - self.lower) / (self.upper - self.lower)).clamp(0.0, 1.0);
        self.from + share * (self.to - self.from)
    }

    /// Where bars begin: zero, or the end of the axis that is nearest to it.
    pub(super) fn base(&self) -> f64 {
        self.place(0.0)
    }

    pub(super) fn ends(&self) -> (f64, f64) {
        (self.lower, self.upper)
    }

    /// The round numbers of the axis with their places and printed forms.
    pub(super) fn ticks(&self, language: Language) -> Vec<(f64, String)> {
        let first = (self.lower / self.step - 1e-9).ceil();
        let count = ((self.upper / self.step + 1e-9).floor() - first).max(0.0) as u32;
        let ticks = (0..=count).map(|tick| (first + f64::from(tick)) * self.step);
        let decimals = needed_decimals(self.step);
        ticks.map(|value| (self.place(value), self.with_decimals(value, decimals, language))).collect()
    }

    /// A goal in words: no more decimals than it needs.
    pub(super) fn printed(&self, value: f64, language: Language) -> String {
        self.with_decimals(value, needed_decimals(value), language)
    }

    fn with_decimals(&self, value: f64, decimals: u8, language: Language) -> String {
        if self.percent { percent(value, decimals, language) } else { decimal(value, decimals, language) }
    }
}

impl UnitRow<'_> {
    /// The values and limits of a row that are shown.
    fn extent(&self) -> Vec<f64> {
        let mut values = Vec::new();
        for mark in &self.marks {
            if let Mark::Shown { value, interval, .. } = mark {
                values.push(*value);
                values.extend(interval.iter().flat_map(|(lower, upper)| [*lower, *upper]));
            }
        }
        values
    }
}

fn needed_decimals(value: f64) -> u8 {
    let fits = |decimals: &u8| {
        let scaled = value * 10_f64.powi(i32::from(*decimals));
        (scaled - scaled.round()).abs() < 1e-6
    };
    (0..6_u8).find(fits).unwrap_or(6)
}

/// 1, 2 or 5 times a power of ten, so that about five steps make the span.
fn nice_step(span: f64) -> f64 {
    let rough = span.abs().max(1e-6) / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough - 1e-9).unwrap_or(10.0);
    factor * power
}

#[cfg(test)]
mod tests {
    use super::nice_step;

    #[test]
    fn steps_are_round() {
        assert!((nice_step(100.0) - 20.0).abs() < 1e-9);
        assert!((nice_step(10.0) - 2.0).abs() < 1e-9);
        assert!((nice_step(31.0) - 10.0).abs() < 1e-9);
    }
}
