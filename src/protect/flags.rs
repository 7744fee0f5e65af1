//! What is known of every record set before anything is chosen.
//! A numeric kernel: all vectors have one entry per variable of one system.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeSet;

use super::system::System;

/// One entry per variable.
#[derive(Clone)]
pub(super) struct Flags {
    /// Printed somewhere, so that it can be hidden.
    pub(super) printed: Vec<bool>,
    /// Printed earlier or known to everyone: hiding it would hide nothing.
    pub(super) public_already: Vec<bool>,
    /// Must not be worked out.
    pub(super) sensitive: Vec<bool>,
    /// Hidden in any case, because something else about the same group is.
    pub(super) hidden_anyway: Vec<bool>,
    /// Must be printed; if that exposes someone there is no solution.
    pub(super) headline: Vec<bool>,
    /// Lines whose small sum is known whatever is hidden.
    pub(super) known_sums: BTreeSet<usize>,
}

impl Flags {
    /// Everything is printed; what is sensitive must not be worked out.
    pub(super) fn all_printed(sensitive: Vec<bool>) -> Self {
        let none = vec![false; sensitive.len()];
        Self {
            printed: vec![true; sensitive.len()],
            public_already: none.clone(),
            hidden_anyway: none.clone(),
            headline: none,
            known_sums: BTreeSet::new(),
            sensitive,
        }
    }

    /// For a search within a part of what is unknown: the rest of it counts as known to everyone.
    pub(super) fn within(&self, part: &BTreeSet<usize>, unknown: &[bool]) -> Self {
        let public = self.public_already.iter().zip(unknown).enumerate();
        let public = public.map(|(one, (public, unknown))| *public || (*unknown && !part.contains(&one)));
        Self { public_already: public.collect(), ..self.clone() }
    }

    /// The variables that every reader must be unable to work out.
    pub(super) fn secrets(&self) -> Vec<usize> {
        let all = self.sensitive.iter().zip(&self.public_already).enumerate();
        all.filter(|(_, (sensitive, public))| **sensitive && !**public)
            .map(|(variable, _)| variable)
            .collect()
    }

    /// Primary suppression: hidden for its own sake.
    pub(super) fn is_primary(&self, variable: usize) -> bool {
        let has_reason = self.sensitive[variable] || self.hidden_anyway[variable];
        self.printed[variable] && has_reason && !self.public_already[variable]
    }

    /// Whether a reader lacks it when this is hidden.
    pub(super) fn is_unknown(&self, hidden: &[bool], variable: usize) -> bool {
        !self.public_already[variable] && (hidden[variable] || !self.printed[variable])
    }

    /// Secondary suppression: hidden for the sake of others, so that it may be printed where they do not need it.
    pub(super) fn is_secondary(&self, hidden: &[bool], variable: usize) -> bool {
        hidden[variable] && !self.public_already[variable] && !self.is_primary(variable)
    }

    /// Whether hiding it could protect something. Empty sets are never hidden for others: a zero moves one way only.
    pub(super) fn can_hide(&self, system: &System, hidden: &[bool], variable: usize) -> bool {
        self.printed[variable]
            && !hidden[variable]
            && !self.public_already[variable]
            && !self.headline[variable]
            && system.variables[variable].records > 0
    }
}
