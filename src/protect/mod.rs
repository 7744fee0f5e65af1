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
//! Assumptions: thresholds count distinct patients; groups that only failing to answer defines are not sensitive unless the
//! policy says so; the outsider holds no part of the register's own data; what an earlier release printed of *other* records
//! is compared by count only.
//!
//! # The way
//!
//! `policy` says what is small, `system` ties every record set of the release and the ledger together by equations, `flags` hold
//! what is known before anything is chosen. `hiding` decides: `secondary` chooses and `publish` takes back what is not needed,
//! both on kernel sketches (`kernel`, `field`); `audit` attacks the choice with another method, `interval` widens it, `world`
//! checks what both claim in whole numbers, however `moves` found it. `assemble` is the one constructor of [`Release`], and
//! `ledger` remembers it.

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
mod proposals;
mod publish;
mod record_sets;
mod release;
mod rounding;
mod secondary;
mod slices;
mod system;
mod tableau;
#[cfg(test)]
mod tampering;
mod verify;
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
pub use policy::{Cost, Policy, Zeros};
pub use proposals::Proposal;
pub use release::{
    Cell, CellView, Column, Heading, Mark, Printed, Release, ReleasedChart, ReleasedTable, Row, Series,
};

pub use rounding::{
    AuditedCell, FeasibleCount, RoundedCounts, RoundingAudit, RoundingMethod, RoundingQuality, RoundingScope,
    RoundingVerdict, SeparateRounding, SmallCountRounding, round_to_base, round_to_midpoint,
};
pub use slices::Slices;
pub use verify::{Verified, verify};

pub use crate::schema::{Axis, ChartKind, Goal, Head, Note, RowKind};
