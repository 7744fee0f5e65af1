//! The data-quality report: what loading noticed, as a protected table.

use super::audit::Audit;
use super::policy::Policy;
use super::release::{Cell, Column, Heading, Printed, Release, ReleasedTable, Row, State};
use crate::load::Registry;
use crate::schema::{Head, Label, Language, RowKind, standard};

impl Registry {
    /// The findings of loading as a release of one table, `findings`: how many forms, by form, variable and kind.
    ///
    /// Counts on fewer patients than the policy's threshold are protected. No totals are printed, so nothing follows from
    /// what is left.
    pub fn protected_findings(&self, policy: &Policy) -> Release {
        let codebook = self.codebook();
        let mut rows = Vec::new();
        let mut hidden = 0;
        for tally in self.findings().tallies() {
            let form = codebook.form(&tally.form).map(|form| form.label().clone());
            let form = form.unwrap_or_else(|_| Label::same(tally.form.clone()));
            let variable = match (codebook.variable(&tally.variable), codebook.instrument(&tally.variable)) {
                (Some(variable), _) => variable.label().clone(),
                (None, Some(instrument)) => instrument.label().clone(),
                (None, None) => Label::same(tally.variable.clone()),
            };
            let kind = standard::finding(tally.kind.id());
            let text = |language: Language| {
                format!(
                    "{}: {} \u{2013} {}",
                    form.text(language),
                    variable.text(language),
                    kind.text(language)
                )
            };
            let is_small = (tally.patients.len() as u64) < policy.threshold();
            hidden += usize::from(is_small);
            let state = if is_small { State::Protected } else { State::Shown(Printed::Count(tally.rows)) };
            rows.push(Row {
                label: Label::new(text(Language::Bokmal), text(Language::English)),
                kind: RowKind::Item,
                depth: 0,
                cells: vec![Cell(state)],
            });
        }
        let register = codebook.register();
        Release {
            heading: Heading {
                register: register.name().clone(),
                credit: register.credit().clone(),
                population: register.population().clone(),
                extracted: None,
                threshold: policy.threshold(),
                policy: policy.name().to_owned(),
            },
            audit: Audit {
                policy: policy.name().to_owned(),
                threshold: policy.threshold(),
                printed: rows.len() - hidden,
                hidden,
                cells: rows.len(),
                sensitive: hidden,
                proven: hidden,
                ..Audit::default()
            },
            tables: vec![ReleasedTable {
                id: "findings".to_owned(),
                title: standard::findings(),
                stub: standard::findings_stub(),
                notes: Vec::new(),
                columns: vec![Column { group: None, statistic: None, head: Head::Forms }],
                rows,
            }],
            charts: Vec::new(),
        }
    }
}
