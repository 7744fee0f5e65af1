//! The marks that stand where a number is not printed, and the lines that explain them.

use super::words::words;
use crate::protect::{CellView, Mark, ReleasedTable};
use crate::schema::Language;

/// Why a place shows no number. Of a protected one nothing more is known here than that it is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hidden {
    Protected,
    Unreliable,
    LowCoverage,
    NotApplicable,
}

impl Hidden {
    /// The order of the explaining lines.
    pub(crate) const ALL: [Self; 4] =
        [Self::Protected, Self::Unreliable, Self::LowCoverage, Self::NotApplicable];

    pub(crate) fn of_cell(view: CellView) -> Option<Self> {
        match view {
            CellView::Shown(_) => None,
            CellView::Protected => Some(Self::Protected),
            CellView::Unreliable => Some(Self::Unreliable),
            CellView::LowCoverage => Some(Self::LowCoverage),
            CellView::NotApplicable => Some(Self::NotApplicable),
        }
    }

    pub(crate) fn of_mark(mark: Mark) -> Option<Self> {
        match mark {
            Mark::Shown { .. } => None,
            Mark::Protected => Some(Self::Protected),
            Mark::Unreliable => Some(Self::Unreliable),
            Mark::LowCoverage => Some(Self::LowCoverage),
            Mark::NotApplicable => Some(Self::NotApplicable),
        }
    }

    /// What is printed in the place of the number.
    pub(crate) fn symbol(self, language: Language) -> &'static str {
        match self {
            Self::Protected => "•",
            Self::Unreliable => "×",
            Self::LowCoverage => words(language).low_coverage_short,
            Self::NotApplicable => "–",
        }
    }

    /// The mark in words: in data files, in charts and for screen readers.
    pub(crate) fn word(self, language: Language) -> &'static str {
        let words = words(language);
        match self {
            Self::Protected => words.protected,
            Self::Unreliable => words.unreliable,
            Self::LowCoverage => words.low_coverage,
            Self::NotApplicable => words.not_applicable,
        }
    }

    /// The name of the class in HTML.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Unreliable => "unreliable",
            Self::LowCoverage => "low-coverage",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// The line under a table or chart that explains the symbol.
    pub(crate) fn explanation(self, language: Language) -> String {
        let words = words(language);
        let sentence = match self {
            Self::Protected => words.protected_explained,
            Self::Unreliable => words.unreliable_explained,
            Self::LowCoverage => words.low_coverage_explained,
            Self::NotApplicable => words.not_applicable_explained,
        };
        format!("{} {sentence}", self.symbol(language))
    }
}

/// The explaining lines of exactly the marks among `hidden`, each once.
pub(crate) fn explanations(hidden: &[Hidden], language: Language) -> Vec<String> {
    let occurring = Hidden::ALL.into_iter().filter(|mark| hidden.contains(mark));
    occurring.map(|mark| mark.explanation(language)).collect()
}

/// The marks that occur in a table.
pub(crate) fn of_table(table: &ReleasedTable) -> Vec<Hidden> {
    let cells = table.rows().iter().flat_map(|row| row.cells());
    cells.filter_map(|cell| Hidden::of_cell(cell.view())).collect()
}
