//! `Slices`: a plan that is protected whole and delivered in parts.

use std::fmt;

use super::audit::Audit;
use super::ledger::Ledger;
use super::policy::Policy;
use super::release::{Release, ReleasedChart, ReleasedTable};
use crate::cube::Cube;
use crate::error::{Error, unknown};

/// Everything that may be asked, protected at once; each answer is a slice of it.
///
/// Answers that are protected one after the other depend on who asked first: what the first one printed, the second one must
/// hide. A register that knows what will be asked protects the union of it instead. All of it counts as printed from then
/// on, whatever is delivered, so slices never contradict each other, the order in which they are delivered gives nothing
/// away, and every later release is held against the whole.
///
/// ```
/// use registat::{Ledger, Plan, Policy, Registry, Table, count, dim};
///
/// let registry = Registry::open("data-samples/nnrr")?;
/// let plan = Plan::new()
///     .table(Table::new("by_region").rows(dim("region").total()).stat(count()))
///     .table(Table::new("by_sex").rows(dim("sex").total()).stat(count()));
/// let cube = registry.cohort().build()?.aggregate(plan)?;
///
/// let folder = tempfile::tempdir()?;
/// let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), "nnrr")?;
/// let slices = cube.protect_plan(&Policy::norwegian_register(), &mut ledger, "autumn requests")?;
///
/// let answer = slices.release(&["by_sex"])?;
/// assert_eq!(answer.tables().len(), 1);
/// assert!(slices.release(&["by_sexes"]).is_err());
/// assert_eq!(ledger.releases()?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Slices {
    whole: Release,
}

impl Cube {
    /// Protects the whole plan against everything that the ledger holds and enters it as one release; what is delivered of
    /// it, and when, is then free.
    ///
    /// The same plan over the same data is recognised and comes out the same, so that a slice can be made on a later day; new
    /// data make a new plan, held against the old one.
    ///
    /// # Errors
    /// As [`protect_with`](Self::protect_with): a refusal names the table and the variables whose small groups cannot be
    /// hidden, and nothing is entered.
    pub fn protect_plan(&self, policy: &Policy, ledger: &mut Ledger, name: &str) -> Result<Slices, Error> {
        Ok(Slices { whole: self.protect_with(policy, ledger, name)? })
    }
}

impl Slices {
    /// The named tables and charts of the plan as a release of their own, in the order of the plan, with its heading and the
    /// audit of the whole. Naming one twice is naming it once.
    ///
    /// # Errors
    /// When nothing is named, or the plan has no table or chart of a name; the nearest name is given.
    pub fn release(&self, ids: &[&str]) -> Result<Release, Error> {
        if ids.is_empty() {
            return Err(Error::render("a slice names at least one table or chart of the plan"));
        }
        if let Some(id) = ids.iter().find(|id| !self.ids().any(|known| known == **id)) {
            return Err(Error::render(unknown("table or chart", id, self.ids())));
        }
        Ok(Release {
            heading: self.whole.heading.clone(),
            tables: self.whole.tables.iter().filter(|table| ids.contains(&table.id())).cloned().collect(),
            charts: self.whole.charts.iter().filter(|chart| ids.contains(&chart.id())).cloned().collect(),
            audit: self.whole.audit.clone(),
        })
    }

    /// The names of the tables and charts of the plan, tables first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let tables = self.whole.tables.iter().map(ReleasedTable::id);
        tables.chain(self.whole.charts.iter().map(ReleasedChart::id))
    }

    /// The independent check of the whole plan. For the staff.
    pub fn audit(&self) -> &Audit {
        self.whole.audit()
    }
}

/// Only how many tables and charts there are.
impl fmt::Debug for Slices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slices({} tables, {} charts)", self.whole.tables.len(), self.whole.charts.len())
    }
}
