//! Rows and groups of columns: the levels of variables and units, conditions, periods.

use super::grid::Constraints;
use super::resolve::Resolver;
use super::table::{Block, Dim};
use crate::cohort::{Derived, Region, Time, Window};
use crate::error::{Error, unknown};
use crate::schema::{Kind, Label, Node, Purpose, RowKind, Variable, standard};

/// One row or group of columns: what it restricts, and who could have been in it.
pub(super) struct Level {
    pub(super) label: Label,
    pub(super) kind: RowKind,
    pub(super) depth: u8,
    pub(super) unit: Option<String>,
    pub(super) axis: Option<(Derived, Region)>,
    pub(super) known: Option<(Derived, Region)>,
    pub(super) window: Option<Window>,
}

impl Level {
    pub(super) fn total(label: Label) -> Self {
        Self { label, kind: RowKind::Total, depth: 0, unit: None, axis: None, known: None, window: None }
    }

    pub(super) fn restrict(&self, constraints: &Constraints) -> Constraints {
        let mut narrowed = constraints.clone();
        if let Some((derived, region)) = &self.axis {
            narrowed.restrict(derived.clone(), region.clone());
        }
        narrowed
    }

    /// The same without the level: everyone whose level is known.
    pub(super) fn denominator(&self, constraints: &Constraints) -> Constraints {
        let mut widened = constraints.clone();
        if let Some((derived, region)) = &self.known {
            widened.restrict(derived.clone(), region.clone());
        }
        widened
    }
}

impl Resolver<'_> {
    pub(super) fn blocks(&self, blocks: &[Block], window: Window) -> Result<(Vec<Level>, Label), Error> {
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

    pub(super) fn dim_label(&self, dim: &Dim) -> Result<Label, Error> {
        if let Some(label) = &dim.label {
            return Ok(label.clone());
        }
        if self.codebook.units().levels().contains(&dim.variable) {
            return Ok(self.unit_variable()?.label().clone());
        }
        self.variable(&dim.variable).map(|variable| variable.label().clone())
    }

    pub(super) fn unit_variable(&self) -> Result<&Variable, Error> {
        let course = self.codebook.of_purpose(Purpose::Course).next();
        let id = course.and_then(|form| form.unit.as_deref());
        id.and_then(|id| self.codebook.variable(id))
            .ok_or_else(|| Error::cube("the codebook names no unit variable"))
    }

    pub(super) fn variable(&self, id: &str) -> Result<&Variable, Error> {
        self.codebook.variable(id).ok_or_else(|| {
            let levels = self.codebook.units().levels().iter().map(String::as_str);
            Error::cube(unknown(
                "variable",
                id,
                self.codebook.variables().iter().map(Variable::id).chain(levels),
            ))
        })
    }

    /// The levels of a dimension, in the order of the codebook, total last.
    pub(super) fn levels(&self, dim: &Dim, window: Window) -> Result<Vec<Level>, Error> {
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

    pub(super) fn unit_levels(&self, dim: &Dim, window: Window) -> Result<Vec<Level>, Error> {
        let units = self.codebook.units();
        let derived = Derived::Variable { id: self.unit_variable()?.id().to_owned(), at: Time::BASELINE };
        let period = self.effective(window)?;
        let level = |node: &Node, kind, depth| Level {
            label: node.label().clone(),
            kind,
            depth,
            unit: (kind == RowKind::Item).then(|| node.id().to_owned()),
            axis: Some((derived.clone(), Region::codes(units.codes_below(node.id())))),
            known: Some((derived.clone(), Region::everything().without(&Region::missing()))),
            window: None,
        };
        let existed = |node: &&Node| period.is_none_or(|(first, last)| node.existed(first, last));
        let Some(under) = &dim.under else {
            return Ok(units
                .of_level(&dim.variable)
                .filter(existed)
                .map(|node| level(node, RowKind::Item, 0))
                .collect());
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

    pub(super) fn variable_levels(&self, dim: &Dim) -> Result<Vec<Level>, Error> {
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
            Kind::Tick => Ok([1, 0]
                .map(|code| level(standard::yes_no(code == 1), Region::codes([code])))
                .into_iter()
                .collect()),
            Kind::Integer => {
                let starts = &dim.bands;
                if starts.is_empty() || !starts.is_sorted_by(|a, b| a < b) {
                    return Err(Error::cube("state the `bands` by their first values, increasing")
                        .of_variable(&dim.variable));
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
}

pub(super) fn window_label(window: Window) -> Label {
    match (window.report_year(), window.visits()) {
        (Some(year), _) => Label::same(year.to_string()),
        (None, Ok(Some((first, last)))) => Label::same(format!("{}\u{2013}{}", first.text(), last.text())),
        _ => standard::everyone(),
    }
}
