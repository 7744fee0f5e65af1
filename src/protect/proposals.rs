//! Where protection costs much: simpler tables and charts, tried one at a time, and what each would save.

use std::cmp::Reverse;
use std::fmt;

use super::hiding::Hiding;
use super::policy::Policy;
use crate::cube::{Cube, Simplification};
use crate::error::Error;

/// Plans that are counted and protected anew at most. Each costs as much as a release.
const MOST_TRIALS: usize = 40;

/// One change of a plan, and what it would save.
///
/// For the staff who write the specification. How many numbers a plan hides depends on the data, so a proposal is not to be
/// printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    sheet: String,
    change: Simplification,
    before: Option<Places>,
    after: Places,
}

/// Places of tables and charts.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Places {
    /// Hidden for privacy.
    hidden: usize,
    /// Not hidden for privacy.
    open: usize,
}

impl Cube {
    /// What could be changed in a plan that hides much or is refused, best first.
    ///
    /// Every table and chart with hidden numbers, those with most first, is tried without its column variable, without each of
    /// its blocks of rows, by coarser units, in wider bands and with its periods pooled: one change at a time, the rest of the
    /// plan as it is. At most 40 changes are counted and protected, each as [`protect`](Self::protect) does it without a
    /// ledger; what was printed before is left out of account. Changes that the specification does not allow (a mean over a
    /// break of its scale), that are refused or that save nothing are left out.
    ///
    /// The order is by hidden numbers left, then by how many numbers are open.
    ///
    /// # Errors
    /// When the plan itself cannot be protected for another reason than a refusal.
    ///
    /// ```
    /// use registat::{Policy, Registry, Table, Window, count, dim};
    ///
    /// # fn main() -> Result<(), registat::Error> {
    /// let cohort = Registry::open("data-samples/nnrr")?.cohort().visits(Window::VisitYear(2025)).build()?;
    /// let table = Table::new("units").rows(dim("hospital").under("region").total()).cols("sex").stat(count());
    /// for proposal in cohort.aggregate(&table)?.proposals(&Policy::norwegian_register())? {
    ///     println!("{proposal}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn proposals(&self, policy: &Policy) -> Result<Vec<Proposal>, Error> {
        let sheets = places_by_sheet(self, policy)?;
        let before = sheets.as_deref().map(total);
        let hidden_in = |sheet: usize| sheets.as_ref()?.get(sheet).map(|places| places.hidden);
        let sheets = self.resolved.sheets.iter().enumerate();
        // Of a refused plan every table may be the reason.
        let mut costly: Vec<(Option<usize>, &str)> = sheets
            .map(|(number, sheet)| (hidden_in(number), sheet.id.as_str()))
            .filter(|(hidden, _)| *hidden != Some(0))
            .collect();
        costly.sort_by_key(|(hidden, _)| Reverse(*hidden));
        let hierarchy = self.cohort.courses.codebook().units().levels();
        let trials = costly.into_iter().flat_map(|(_, sheet)| {
            let plans = self.plan.simplified(sheet, hierarchy).into_iter();
            plans.map(move |(change, plan)| (sheet, change, plan))
        });
        let mut proposals = Vec::new();
        for (sheet, change, plan) in trials.take(MOST_TRIALS) {
            let cube = match self.with_plan(plan) {
                Ok(cube) => cube,
                Err(error) if error.is_specification() => continue,
                Err(error) => return Err(error),
            };
            let Some(after) = places_by_sheet(&cube, policy)? else { continue };
            let after = total(&after);
            if before.is_none_or(|before| after.hidden < before.hidden) {
                proposals.push(Proposal { sheet: sheet.to_owned(), change, before, after });
            }
        }
        proposals.sort_by_key(|proposal| (proposal.after.hidden, Reverse(proposal.after.open)));
        Ok(proposals)
    }
}

impl Proposal {
    /// The table or chart that would be changed.
    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    /// The change.
    pub fn change(&self) -> &Simplification {
        &self.change
    }

    /// Numbers of the whole plan that are hidden for privacy now; `None` where the plan as it is would be refused.
    pub fn hidden_before(&self) -> Option<usize> {
        self.before.map(|places| places.hidden)
    }

    /// Numbers of the whole plan that are hidden for privacy after the change.
    pub fn hidden_after(&self) -> usize {
        self.after.hidden
    }

    /// Numbers of the whole plan that no privacy rule hides now; `None` where the plan as it is would be refused.
    pub fn open_before(&self) -> Option<usize> {
        self.before.map(|places| places.open)
    }

    /// Numbers of the whole plan that no privacy rule hides after the change: what a simpler table still tells.
    pub fn open_after(&self) -> usize {
        self.after.open
    }
}

/// What a release of this cube would hide, by table and chart; nothing where it would be refused.
fn places_by_sheet(cube: &Cube, policy: &Policy) -> Result<Option<Vec<Places>>, Error> {
    let hiding = match Hiding::decide(cube, policy, &[]) {
        Ok(hiding) => hiding,
        Err(error) if error.is_refusal() => return Ok(None),
        Err(error) => return Err(error),
    };
    let sheets = cube.resolved.sheets.iter().map(|sheet| {
        let mut places = Places::default();
        for place in sheet.rows.iter().flat_map(|row| &row.places) {
            let mut given = place.gives_away().into_iter();
            let is_open = given.all(|(cell, quantity)| hiding.is_public(cell, quantity));
            if is_open {
                places.open += 1;
            } else {
                places.hidden += 1;
            }
        }
        places
    });
    Ok(Some(sheets.collect()))
}

fn total(sheets: &[Places]) -> Places {
    sheets.iter().fold(Places::default(), |sum, places| Places {
        hidden: sum.hidden + places.hidden,
        open: sum.open + places.open,
    })
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sheet, change, before, after } = self;
        write!(f, "`{sheet}` {change}: {} numbers hidden ", after.hidden)?;
        match before {
            Some(before) => {
                write!(f, "instead of {}, {} open instead of {}", before.hidden, after.open, before.open)
            }
            None => write!(f, "instead of a refusal, {} open", after.open),
        }
    }
}

/// Only the type's name: how many numbers are hidden depends on what is confidential.
impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proposal(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::{Cohort, Window};
    use crate::cube::{Plan, Table, count, dim};
    use crate::load::Registry;
    use crate::protect::{CellView, ReleasedTable};

    fn cohort() -> Cohort {
        let registry = Registry::open("data-samples/nnrr").unwrap();
        registry.cohort().visits(Window::VisitYear(2025)).build().unwrap()
    }

    fn by_hospital() -> Table {
        Table::new("units")
            .rows(dim("hospital").under("region").total())
            .cols(dim("sex").total())
            .stat(count())
    }

    /// Hidden and other places of a release, counted from what it shows.
    fn places(cohort: &Cohort, plan: &Plan, policy: &Policy) -> (usize, usize) {
        let release = cohort.aggregate(plan).unwrap().protect(policy).unwrap();
        let cells = release.tables().iter().flat_map(ReleasedTable::rows).flat_map(|row| row.cells());
        let (hidden, open): (Vec<_>, Vec<_>) = cells.partition(|cell| cell.view() == CellView::Protected);
        (hidden.len(), open.len())
    }

    #[test]
    fn a_proposal_says_what_a_release_of_the_changed_plan_hides() {
        let cohort = cohort();
        let policy = Policy::threshold_of(8).unwrap();
        let other = Table::new("sexes").rows("sex").stat(count());
        let plan = Plan::new().table(by_hospital()).table(other.clone());
        let proposals = cohort.aggregate(&plan).unwrap().proposals(&policy).unwrap();
        let before = places(&cohort, &plan, &policy);
        assert!(before.0 > 0, "there is something to save");
        for (change, table) in [
            (
                "without columns by `sex`",
                Table::new("units").rows(dim("hospital").under("region").total()).stat(count()),
            ),
            (
                "by `region` instead of `hospital`",
                Table::new("units").rows(dim("region").total()).cols(dim("sex").total()).stat(count()),
            ),
        ] {
            let after = places(&cohort, &Plan::new().table(table).table(other.clone()), &policy);
            let proposal = proposals.iter().find(|proposal| proposal.change().to_string() == change);
            match proposal {
                Some(proposal) => {
                    assert_eq!(proposal.sheet(), "units");
                    assert_eq!((proposal.hidden_after(), proposal.open_after()), after);
                    assert_eq!(proposal.hidden_before().zip(proposal.open_before()), Some(before));
                }
                None => assert!(after.0 >= before.0, "{change} would save something"),
            }
        }
        assert!(!proposals.is_empty());
        assert!(proposals.is_sorted_by_key(Proposal::hidden_after), "best first");
        assert!(proposals.iter().all(|proposal| proposal.hidden_after() < before.0));
    }

    #[test]
    fn a_plan_that_hides_nothing_needs_no_proposal() {
        let table = Table::new("sexes").rows("sex").stat(count());
        let cube = cohort().aggregate(&table).unwrap();
        assert!(cube.proposals(&Policy::norwegian_register()).unwrap().is_empty());
    }

    #[test]
    fn what_a_proposal_would_change_is_said_in_words() {
        let coarser = Simplification::CoarserLevel { from: "hospital".to_owned(), to: "region".to_owned() };
        let (sheet, after) = ("units".to_owned(), Places { hidden: 2, open: 10 });
        let proposal =
            Proposal { sheet, change: coarser, before: Some(Places { hidden: 9, open: 30 }), after };
        let text =
            "`units` by `region` instead of `hospital`: 2 numbers hidden instead of 9, 10 open instead of 30";
        assert_eq!(proposal.to_string(), text);
        let refused = Proposal { before: None, ..proposal };
        assert!(refused.to_string().ends_with("2 numbers hidden instead of a refusal, 10 open"));
        assert_eq!(format!("{refused:?}"), "Proposal(..)");
    }
}
