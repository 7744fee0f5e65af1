//! What an audit of rounded counts found.

use std::fmt;

/// What a reader can still work out about the small counts behind rounded ones.
///
/// It names the small counts and holds bounds made with the help of the truth: it is for the staff, not for print.
#[must_use]
pub struct RoundingAudit {
    counts: Vec<FeasibleCount>,
}

/// The values that one small count can have for a reader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FeasibleCount {
    cell: AuditedCell,
    least: u64,
    most: u64,
    verdict: RoundingVerdict,
    is_exact: bool,
}

/// Which count an audit speaks of, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditedCell {
    /// A count behind the table; it may be printed itself or only be part of sums.
    Inner(usize),
    /// A printed cell.
    Published(usize),
}

/// Whether a small count is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundingVerdict {
    /// Only one value fits everything printed: the count is known.
    Exposed,
    /// At least two whole-number worlds fit everything printed and differ here; both were checked in whole numbers.
    Open,
    /// Neither was shown; take it as exposed.
    Undecided,
}

impl RoundingAudit {
    pub(super) fn new(counts: Vec<FeasibleCount>) -> Self {
        Self { counts }
    }

    /// Every small count that was audited, inner ones first.
    pub fn counts(&self) -> &[FeasibleCount] {
        &self.counts
    }

    /// The small counts that a reader knows.
    pub fn exposed(&self) -> impl Iterator<Item = AuditedCell> {
        self.with(RoundingVerdict::Exposed)
    }

    /// The small counts for which neither a second world nor its absence was shown.
    pub fn undecided(&self) -> impl Iterator<Item = AuditedCell> {
        self.with(RoundingVerdict::Undecided)
    }

    /// Whether every small count has been shown to be open.
    pub fn is_safe(&self) -> bool {
        self.counts.iter().all(|count| count.verdict == RoundingVerdict::Open)
    }

    fn with(&self, verdict: RoundingVerdict) -> impl Iterator<Item = AuditedCell> {
        self.counts.iter().filter(move |count| count.verdict == verdict).map(|count| count.cell)
    }
}

impl FeasibleCount {
    pub(super) fn new(cell: AuditedCell, (least, most): (u64, u64), is_exact: bool, is_open: bool) -> Self {
        let verdict = match (least == most, is_open) {
            (true, _) => RoundingVerdict::Exposed,
            (false, true) => RoundingVerdict::Open,
            (false, false) => RoundingVerdict::Undecided,
        };
        Self { cell, least, most, verdict, is_exact }
    }

    /// Which count this is.
    pub fn cell(&self) -> AuditedCell {
        self.cell
    }

    /// The smallest value that fits everything printed, or a bound below it.
    pub fn least(&self) -> u64 {
        self.least
    }

    /// The greatest value that fits everything printed, or a bound above it.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Whether both ends are met by whole-number worlds. Where they are not, the true ends may be nearer to each other.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Whether the count is protected.
    pub fn verdict(&self) -> RoundingVerdict {
        self.verdict
    }
}

/// Only the type's name: how many small counts there are is confidential.
impl fmt::Debug for RoundingAudit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoundingAudit(..)")
    }
}

/// Only the type's name.
impl fmt::Debug for FeasibleCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FeasibleCount(..)")
    }
}
