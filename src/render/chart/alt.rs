//! The alternative text of a chart: from released values, as everything here.

use super::units::{UnitRow, unit_rows};
use crate::protect::{Mark, ReleasedChart};
use crate::render::numbers::on_axis;
use crate::render::words::{self, Depicted, Picture};
use crate::schema::{ChartKind, Language, RowKind};

pub(super) fn alt_text(chart: &ReleasedChart, language: Language) -> String {
    let picture = match chart.kind() {
        ChartKind::UnitIndicator => Picture::BarPerUnit,
        ChartKind::UnitMeans => Picture::PointPerUnit,
        ChartKind::Times => Picture::PointsOverTimes,
        ChartKind::Distribution => Picture::Bars,
        ChartKind::Trend => Picture::Lines,
    };
    let rows = unit_rows(chart);
    let items = || rows.iter().filter(|unit| unit.row.kind() == RowKind::Item);
    let names_total = !matches!(picture, Picture::Bars | Picture::Lines);
    let total = rows.iter().find(|unit| names_total && unit.is_total());
    let depicted = Depicted {
        title: chart.title().text(language),
        picture,
        shown: items().filter(|unit| unit.value().is_some()).count() as u64,
        total: total.and_then(|unit| {
            unit.value()
                .map(|value| (unit.row.label().text(language), on_axis(value, chart.axis(), language)))
        }),
        some_hidden: items().any(is_hidden),
    };
    words::alt_text(&depicted, language)
}

fn is_hidden(unit: &UnitRow<'_>) -> bool {
    matches!(unit.current(), Mark::Protected | Mark::Unreliable | Mark::LowCoverage)
}
