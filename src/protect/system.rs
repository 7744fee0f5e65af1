//! The release as one system: variables (record sets, each once) and the lines that relate them.
//! A numeric kernel: it indexes by variable and cell numbers that it handed out itself.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

/// One equation: the whole is the sum of its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) whole: usize,
    pub(super) parts: Vec<usize>,
}

/// Every record set that something printed or sensitive needs, under one number however many tables name it.
pub(super) struct System {
    pub(super) variable_of: Vec<usize>,
    pub(super) variables: Vec<Variable>,
    pub(super) lines: Vec<Line>,
    pub(super) lines_of: Vec<Vec<usize>>,
}

/// One record set.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) records: u64,
    pub(super) patients: u64,
    /// The patients themselves while they are few, so that the union of small groups can be counted exactly.
    pub(super) few: Vec<u32>,
    /// Whether belonging to it says more than "did not answer".
    pub(super) identifying: bool,
    /// One of the cells, to name it in a refusal.
    pub(super) example: usize,
}

impl System {
    /// More patients than any threshold in use.
    pub(super) const FEW: usize = 64;

    pub(super) fn from_parts(variable_of: Vec<usize>, variables: Vec<Variable>, lines: Vec<Line>) -> Self {
        let mut lines_of = vec![Vec::new(); variables.len()];
        for (number, line) in lines.iter().enumerate() {
            for variable in line.members() {
                lines_of[variable].push(number);
            }
        }
        Self { variable_of, variables, lines, lines_of }
    }

    pub(super) fn len(&self) -> usize {
        self.variables.len()
    }

    /// Distinct patients in the union of some record sets, exactly while it is small.
    pub(super) fn patients_of(&self, variables: impl IntoIterator<Item = usize>) -> u64 {
        let mut union = BTreeSet::new();
        for variable in variables {
            let set = &self.variables[variable];
            if set.patients as usize > Self::FEW {
                return set.patients;
            }
            union.extend(set.few.iter().copied());
        }
        union.len() as u64
    }

    /// The same record sets under other lines.
    pub(super) fn with_lines(&self, lines: Vec<Line>) -> Self {
        Self::from_parts(self.variable_of.clone(), self.variables.clone(), lines)
    }

    /// A system of counts without records: one patient each, all different, nothing known of unions.
    pub(super) fn of_counts(counts: &[u64], lines: Vec<Line>) -> Self {
        let mut next = 0_u32;
        let variables = counts
            .iter()
            .enumerate()
            .map(|(example, records)| {
                let few = if *records as usize > Self::FEW { 0 } else { *records as u32 };
                let patients = (next..next + few).collect();
                next += few;
                Variable { records: *records, patients: *records, few: patients, identifying: true, example }
            })
            .collect();
        Self::from_parts((0..counts.len()).collect(), variables, lines)
    }
}

impl Line {
    pub(super) fn members(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.whole])
    }
}
