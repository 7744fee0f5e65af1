//! The rows of a chart and their order, which follows from shown numbers alone.

use crate::protect::{Mark, ReleasedChart, Row};
use crate::render::marks::Hidden;
use crate::schema::RowKind;

/// A row with its mark in every series.
pub(super) struct UnitRow<'c> {
    pub(super) row: &'c Row,
    pub(super) marks: Vec<Mark>,
}

impl UnitRow<'_> {
    /// The mark of the first series.
    pub(super) fn current(&self) -> Mark {
        self.marks.first().copied().unwrap_or(Mark::NotApplicable)
    }

    /// The shown number of the first series.
    pub(super) fn value(&self) -> Option<f64> {
        match self.current() {
            Mark::Shown { value, .. } => Some(value),
            _ => None,
        }
    }

    pub(super) fn is_total(&self) -> bool {
        self.row.kind() == RowKind::Total
    }

    /// Reasons why numbers of this row are not shown.
    pub(super) fn hidden(&self) -> impl Iterator<Item = Hidden> {
        self.row.cells().iter().filter_map(|cell| Hidden::of_cell(cell.view()))
    }

    /// What stands in the place of an N that is not shown beside a number that is.
    pub(super) fn hidden_n(&self) -> Hidden {
        self.hidden().next().unwrap_or(Hidden::NotApplicable)
    }
}

/// The rows that a chart draws, in the table's order: no subtotals.
pub(super) fn unit_rows(chart: &ReleasedChart) -> Vec<UnitRow<'_>> {
    let drawn = chart.table().rows().iter().filter(|row| row.kind() != RowKind::Subtotal);
    drawn
        .map(|row| UnitRow {
            row,
            marks: chart.series().iter().map(|series| chart.mark(row, series)).collect(),
        })
        .collect()
}

/// The rows of units, best first; those without a current number last and in the table's order, so that
/// their place says nothing. Equal values keep the table's order.
pub(super) fn best_first(chart: &ReleasedChart) -> Vec<UnitRow<'_>> {
    let higher_is_better = chart.goal().is_none_or(|goal| goal.higher_is_better());
    let (mut shown, hidden): (Vec<_>, Vec<_>) =
        unit_rows(chart).into_iter().partition(|unit| unit.value().is_some());
    shown.sort_by(|one, next| {
        let (one, next) = (one.value().unwrap_or_default(), next.value().unwrap_or_default());
        if higher_is_better { next.total_cmp(&one) } else { one.total_cmp(&next) }
    });
    shown.extend(hidden);
    shown
}

/// Whether any row has the number behind this series.
pub(super) fn has_n(rows: &[UnitRow<'_>], series: usize) -> bool {
    rows.iter().any(|unit| matches!(unit.marks.get(series), Some(Mark::Shown { n: Some(_), .. })))
}
