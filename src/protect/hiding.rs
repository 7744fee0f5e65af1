//! From a counted cube to the decision for every quantity: what is printed, what is hidden.
//! A numeric kernel: it indexes by variable numbers of one system and cell numbers of one cube.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use super::audit::Attack;
use super::flags::Flags;
use super::interval::{Demand, Widening};
use super::ledger::PublishedCell;
use super::policy::{Policy, Zeros};
use super::secondary::{Problem, Unprotectable};
use super::system::System;
use crate::cube::{CellId, Cube, Quantity};
use crate::error::Error;
use crate::schema::RowKind;

/// Rounds of choosing and auditing before a release is refused. Each round hides at least one more number.
const MOST_ROUNDS: usize = 400;

/// Attempts to find a cheaper choice. A report's small groups form many small knots; more attempts gain little.
const IMPROVEMENTS: usize = 60;

/// The decision for a whole release.
pub(super) struct Hiding {
    pub(super) system: System,
    hidden_counts: Vec<bool>,
    hidden_values: BTreeMap<Quantity, Vec<bool>>,
    pub(super) sensitive: usize,
    pub(super) proven: usize,
    pub(super) narrow: usize,
    pub(super) public_already: usize,
}

impl Hiding {
    /// Decides what a release of this cube may print beside what was printed before.
    pub(super) fn decide(cube: &Cube, policy: &Policy, earlier: &[PublishedCell]) -> Result<Self, Error> {
        let system = System::new(cube, policy);
        let mut printed_cells: BTreeMap<Quantity, BTreeSet<CellId>> = BTreeMap::new();
        for (cell, quantity) in cube.resolved.printed() {
            printed_cells.entry(quantity).or_default().insert(cell);
        }
        let cost = costs(cube, &system);
        let deciding = Deciding { cube, policy, system, printed_cells, cost };
        let refused = |Unprotectable(variable)| refusal(cube, &deciding.system, variable, earlier);
        let mut flags = deciding.count_flags(earlier);
        let public_already = deciding.take_what_is_known(&mut flags);
        let secrets = flags.secrets();
        let (hidden_counts, narrow) = choose_and_audit(
            &deciding.system,
            &flags,
            &secrets,
            &deciding.cost,
            policy.threshold(),
            Some(policy.zeros()),
        )
        .map_err(refused)?;
        let mut hidden_values = BTreeMap::new();
        for quantity in deciding.printed_cells.keys().copied().filter(|quantity| *quantity != Quantity::Count)
        {
            hidden_values.insert(quantity, deciding.decide_value(quantity, &hidden_counts).map_err(refused)?);
        }
        Ok(Self {
            system: deciding.system,
            hidden_counts,
            hidden_values,
            sensitive: secrets.len() + public_already,
            proven: secrets.len(),
            narrow,
            public_already,
        })
    }

    /// Whether a quantity of a cell may be printed.
    pub(super) fn is_public(&self, cell: CellId, quantity: Quantity) -> bool {
        let variable = self.system.variable_of[cell];
        !self.hidden_counts[variable]
            && self.hidden_values.get(&quantity).is_none_or(|hidden| !hidden[variable])
    }
}

struct Deciding<'c> {
    cube: &'c Cube,
    policy: &'c Policy,
    system: System,
    printed_cells: BTreeMap<Quantity, BTreeSet<CellId>>,
    cost: Vec<u64>,
}

impl Deciding<'_> {
    fn printed_variables(&self, quantity: Quantity) -> Vec<bool> {
        let mut printed = vec![false; self.system.len()];
        for cell in self.printed_cells.get(&quantity).into_iter().flatten() {
            printed[self.system.variable_of[*cell]] = true;
        }
        printed
    }

    /// Primary suppression: groups of fewer patients than the threshold, printed or left over beside what is printed.
    fn count_flags(&self, earlier: &[PublishedCell]) -> Flags {
        let printed = self.printed_variables(Quantity::Count);
        let threshold = self.policy.threshold();
        let zeros_shown = self.policy.zeros() == Zeros::Shown;
        let mut public_already: Vec<bool> =
            self.system.variables.iter().map(|set| set.records == 0 && zeros_shown).collect();
        let mut restated = vec![false; self.system.len()];
        for (cell, published) in self.cube.added.iter().zip(earlier) {
            let now = &self.cube.cells[*cell];
            let variable = self.system.variable_of[*cell];
            if now.identity == published.identity {
                public_already[variable] = true;
            } else if published.differs_by_few(now.records, now.patients, threshold) {
                // Printed before with a few records more or less: the two numbers together would give those away.
                restated[variable] = true;
            }
        }
        let sensitive: Vec<bool> = self
            .system
            .variables
            .iter()
            .zip(printed.iter().zip(&restated))
            .map(|(set, (printed, restated))| {
                let is_small = (1..threshold).contains(&set.patients);
                let is_secret_zero = set.records == 0 && !zeros_shown && *printed;
                let counts = *printed || self.policy.protects_complements();
                *restated || (set.identifying && (is_secret_zero || (is_small && counts)))
            })
            .collect();
        let hidden_anyway = vec![false; self.system.len()];
        let mut headline = vec![false; self.system.len()];
        for cell in self.cube.resolved.headlines() {
            headline[self.system.variable_of[cell]] = true;
        }
        Flags { printed, public_already, sensitive, hidden_anyway, headline, known_sums: BTreeSet::new() }
    }

    /// Small groups that earlier releases give away by themselves, under another policy or before this library: hiding every
    /// new number would not take that back, and refusing every later release would protect nobody. They are no longer
    /// treated as secrets; the audit counts them.
    fn take_what_is_known(&self, flags: &mut Flags) -> usize {
        let all_small = flags.sensitive.iter().filter(|sensitive| **sensitive).count();
        if flags
            .public_already
            .iter()
            .zip(&self.system.variables)
            .all(|(public, set)| !*public || set.records == 0)
        {
            return 0;
        }
        let hidden: Vec<bool> = flags.printed.clone();
        let attack = attack(&self.system, flags, &hidden, Some(self.policy.zeros()));
        let secrets = flags.secrets();
        let known = attack.exposed(&secrets);
        flags.known_sums = attack
            .small_sums(&flags.sensitive, self.policy.threshold())
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        for variable in known {
            flags.sensitive[variable] = false;
        }
        all_small - flags.secrets().len()
    }

    /// Sums and sums of squares: a mean or deviation has a minimum of its own, and what it hides must not follow from the
    /// means of the groups around it.
    fn decide_value(&self, quantity: Quantity, hidden_counts: &[bool]) -> Result<Vec<bool>, Unprotectable> {
        let least = match quantity {
            Quantity::Sum(_) => self.policy.least_for_mean(),
            Quantity::Squares(_) => self.policy.least_for_deviation(),
            Quantity::Order(_) => self.policy.least_for_quantile(),
            Quantity::Count => return Ok(hidden_counts.to_vec()),
        };
        let printed = self.printed_variables(quantity);
        let too_few = |variable: usize| (1..least).contains(&self.system.variables[variable].patients);
        let all = 0..self.system.len();
        let inherited: Vec<bool> =
            all.clone().map(|variable| printed[variable] && hidden_counts[variable]).collect();
        if matches!(quantity, Quantity::Order(_)) {
            // Medians add up to nothing, so nothing follows from the neighbours'.
            let few = all.map(|variable| inherited[variable] || (printed[variable] && too_few(variable)));
            return Ok(few.collect());
        }
        let within = self.cells_with_the_value(quantity);
        let mut sensitive = vec![false; self.system.len()];
        for variable in within.iter().map(|cell| self.system.variable_of[*cell]) {
            sensitive[variable] = too_few(variable) && self.system.variables[variable].identifying;
        }
        let count_is_printed = self.printed_variables(Quantity::Count);
        let is_hidden_with_its_count = |variable: usize| {
            let is_left_over = !count_is_printed[variable];
            let is_small = self.system.variables[variable].patients < self.policy.threshold();
            hidden_counts[variable] || (is_left_over && is_small)
        };
        if all.clone().all(|variable| !sensitive[variable] || is_hidden_with_its_count(variable)) {
            // The worlds that protect the counts of all these groups protect their sums too.
            return Ok(inherited);
        }
        let system = self.system.with_lines(self.system.lines_within(self.cube, &within));
        let headline = vec![false; self.system.len()];
        let nobody: Vec<bool> = all.map(|variable| self.system.variables[variable].records == 0).collect();
        let flags = Flags {
            printed,
            public_already: nobody,
            sensitive,
            hidden_anyway: inherited,
            headline,
            known_sums: BTreeSet::new(),
        };
        let secrets = flags.secrets();
        choose_and_audit(&system, &flags, &secrets, &self.cost, least, None).map(|(hidden, _)| hidden)
    }

    /// The cells that contain only records with a value: those that share the restriction by which the printed ones do.
    fn cells_with_the_value(&self, quantity: Quantity) -> BTreeSet<CellId> {
        let keys = self.cube.resolved.grid.keys();
        let printed = self.printed_cells.get(&quantity).into_iter().flatten();
        let mut shared: Option<BTreeSet<(u16, u16)>> = None;
        for cell in printed {
            let key: BTreeSet<(u16, u16)> = keys[*cell].iter().copied().collect();
            shared = Some(match shared {
                Some(shared) => shared.intersection(&key).copied().collect(),
                None => key,
            });
        }
        let shared = shared.unwrap_or_default();
        let contains = |key: &Vec<(u16, u16)>| shared.iter().all(|pair| key.contains(pair));
        keys.iter().enumerate().filter(|(_, key)| contains(key)).map(|(cell, _)| cell).collect()
    }
}

/// Chooses, lets the audit attack the choice, hides more where an attack succeeds, and widens what a reader cannot rule out.
/// Also says how many secrets stay narrower than demanded.
///
/// `zeros` is the rule for counts; `None` for sums of values, which have no bounds in use.
pub(super) fn choose_and_audit(
    system: &System,
    flags: &Flags,
    secrets: &[usize],
    cost: &[u64],
    least: u64,
    zeros: Option<Zeros>,
) -> Result<(Vec<bool>, usize), Unprotectable> {
    let problem =
        Problem { system, flags, least_sum: least, cost: cost.to_vec(), improvements: IMPROVEMENTS };
    let mut hidden = problem.solve()?;
    for _ in 0..MOST_ROUNDS {
        let attack = attack(system, flags, &hidden, zeros);
        let mut exposed = attack.exposed(secrets);
        let sums = attack.small_sums(&flags.sensitive, least).into_iter();
        exposed.extend(sums.filter(|(line, _)| !flags.known_sums.contains(line)).map(|(_, example)| example));
        if exposed.is_empty() {
            let lower = attack.lower.clone();
            let narrow = lower.map(|lower| widen(&problem, lower, &mut hidden, secrets, least));
            return Ok((hidden, narrow.unwrap_or_default()));
        }
        problem.hide_more(&mut hidden, &exposed)?;
    }
    Err(Unprotectable(secrets.first().copied().unwrap_or_default()))
}

/// Hides more so that every small count could also be any other one below the threshold; hiding more never exposes what was
/// safe. How many counts stay narrower than that: their neighbours are public, or must be printed.
fn widen(
    problem: &Problem<'_>,
    lower: Vec<u64>,
    hidden: &mut [bool],
    secrets: &[usize],
    threshold: u64,
) -> usize {
    let demand = Demand { least: 1, most: threshold - 1 };
    Widening::new(problem, demand, lower).widen(hidden, secrets).narrow.len()
}

/// What an outsider faces when this is hidden.
fn attack<'s>(system: &'s System, flags: &Flags, hidden: &[bool], zeros: Option<Zeros>) -> Attack<'s> {
    let unknown = (0..system.len()).map(|variable| flags.is_unknown(hidden, variable)).collect();
    let lower = zeros.map(|zeros| {
        let least = |printed: &bool| u64::from(*printed && zeros == Zeros::Shown);
        flags.printed.iter().map(least).collect()
    });
    Attack { system, unknown, lower }
}

/// What hiding a record set costs: every place where it is printed, more in the rows of totals that readers look for first,
/// and a little more for a large one.
fn costs(cube: &Cube, system: &System) -> Vec<u64> {
    let mut places = vec![0_u64; system.len()];
    for row in cube.resolved.sheets.iter().flat_map(|sheet| &sheet.rows) {
        let weight = match row.kind {
            RowKind::Total => 8,
            RowKind::Subtotal => 3,
            _ => 1,
        };
        for (cell, quantity) in row.places.iter().flat_map(|place| place.gives_away()) {
            places[system.variable_of[cell]] += if quantity == Quantity::Count { weight } else { 0 };
        }
    }
    let sizes = system.variables.iter().map(|set| u64::from((set.records + 1).ilog2()));
    places.into_iter().zip(sizes).map(|(places, size)| 4 * places.max(1) + size).collect()
}

/// Names a table and the variables that make the group; never a number.
fn refusal(cube: &Cube, system: &System, variable: usize, earlier: &[PublishedCell]) -> Error {
    let cell = system.variables[variable].example;
    let is_near = |other: &CellId| {
        let near = system.variable_of[*other];
        near == variable
            || system.lines_of[variable]
                .iter()
                .any(|line| system.lines[*line].members().any(|member| member == near))
    };
    let sheet = cube.resolved.sheets.iter().find(|sheet| {
        let mut places = sheet.rows.iter().flat_map(|row| &row.places);
        places.any(|place| place.gives_away().iter().any(|(cell, _)| is_near(cell)))
    });
    let constraints = cube.resolved.grid.constraints(cell);
    let dimensions: Vec<String> =
        constraints.iter().map(|(derived, _)| format!("`{}`", derived.name())).collect();
    let table = sheet.map_or_else(|| "the release".to_owned(), |sheet| format!("`{}`", sheet.id));
    let with = cube
        .added
        .iter()
        .zip(earlier)
        .find(|(cell, _)| is_near(cell))
        .map(|(_, published)| &published.release);
    let together = with.map(|name| format!(" together with release `{name}`")).unwrap_or_default();
    Error::refusal(format!(
        "{table}{together} would give away a small group by {}; merge levels, drop a dimension or leave out a total",
        if dimensions.is_empty() { "its total".to_owned() } else { dimensions.join(", ") }
    ))
}
