//! Disclosure control: from a cube to a release in which no small group can be worked out.
//!
//! # The promise
//!
//! > Let R be everything printed in this release, L everything printed in the releases of the ledger, and K the side
//! > knowledge of an outsider: which categories exist, that counts are whole numbers and not negative, that a hidden count
//! > is not zero where zeros are printed, and which groups are the same under two names. For every group of fewer patients
//! > than the policy's threshold, be it printed somewhere or left over between printed groups, there are two whole-number
//! > worlds that both fit R, L and K and differ in that group's count. No sum of hidden groups that a line gives away is of
//! > fewer patients than the threshold.
//!
//! The same holds for readers inside: so many respondents as the policy says, with their own records, and each unit of the
//! dimension that it names, with its own patients. `PROOF.md` beside this file has the statement in full, and the proof.
//!
//! Assumptions: thresholds count distinct patients; groups that only failing to answer defines are not sensitive unless the
//! policy says so; what an earlier release printed of *other* records is compared by count only.
//!
//! # The way
//!
//! `policy` (its `rules`, and `presets`) says what is small, `group` finds groups of one kind, `record_sets` ties every record set of the release
//! and the ledger together by equations (`system`), `flags` hold what is known before anything is chosen.
//!
//! `hiding` decides, by a `choice` for each kind of number: `secondary` chooses and `publish` takes back what is not needed, both on
//! kernel sketches (`kernel`, `field`); `audit` attacks the choice with another method, for an outsider, an `insider` and a
//! `coalition`; `interval` widens it to the `ends` that must stay possible (in a `tableau`), `trim` publishes what that does not need, `world` checks what both claim in whole numbers, however `moves` found it.
//!
//! `assemble` is the one constructor of [`Release`], `certified` adds the `certificate` (made of each `claim`) and the `audit_report`,
//! `verify` checks the one without any of the rest (`verify_inside` for the `readers_inside`), and `ledger` remembers what was printed.
//!
//! Beside this way: `linked` and `optimum` protect cells that come without records, `foreign` audits tables made elsewhere,
//! `rounding` is the other method, `proposals` says what a simpler plan would save.

mod assemble;
mod audit;
mod audit_report;
#[cfg(test)]
mod brute_force;
mod certificate;
mod certified;
mod choice;
mod claim;
mod coalition;
mod contributors;
mod ends;
mod field;
mod findings;
mod flags;
mod foreign;
mod group;
mod hiding;
#[cfg(test)]
mod honest;
mod insider;
mod interval;
mod kernel;
mod ledger;
mod linked;
mod moves;
mod optimum;
mod pattern;
mod policy;
mod presets;
mod printer;
mod proposals;
mod publish;
mod readers_inside;
mod record_sets;
mod release;
mod rounding;
mod rules;
mod secondary;
mod slices;
mod system;
mod tableau;
#[cfg(test)]
mod tampering;
mod tied;
mod trim;
mod verify;
mod verify_inside;
mod world;

pub use audit::Audit;
pub use audit_report::AuditReport;
pub use certificate::Certificate;
pub use certified::Certified;
pub use contributors::{ContributorRule, expand_weighted};
pub use foreign::{
    AttributeDisclosure, BandedCounts, Bounds, FeasibleInterval, HoledTables, PrintedNumber, RecordSolutions,
    feasible_counts, group_disclosure, record_solutions, within_group_disclosure,
};
pub use ledger::Ledger;
pub use linked::LinkedCells;
pub use pattern::{Criterion, Method, Pattern};
pub use policy::Policy;
pub use proposals::Proposal;
pub use release::{
    Cell, CellView, Column, Heading, Mark, Printed, Release, ReleasedChart, ReleasedTable, Row, Series,
};

pub use rounding::{
    AuditedCell, FeasibleCount, RoundedCounts, RoundingAudit, RoundingMethod, RoundingQuality, RoundingScope,
    RoundingVerdict, SeparateRounding, SmallCountRounding, round_to_base, round_to_midpoint,
};
pub use rules::{Cost, Zeros};
pub use slices::Slices;
pub use verify::{Verified, verify};

pub use crate::schema::{Axis, ChartKind, Goal, Head, Note, RowKind};
