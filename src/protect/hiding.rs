//! From a counted cube to the decision for every quantity: what is printed, what is hidden.
//! A numeric kernel: it indexes by variable numbers of one system and cell numbers of one cube.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::choice::{Chosen, Task};
use super::claim::{Claim, Status};
use super::flags::Flags;
use super::group::uniform_groups;
use super::insider::Insider;
use super::ledger::PublishedCell;
use super::policy::Policy;
use super::rules::{Cost, Zeros};
use super::secondary::Unprotectable;
use super::system::System;
use super::world::Move;
use crate::cube::{CellId, Cube, Quantity};
use crate::error::Error;
use crate::schema::RowKind;

/// The decision for a whole release.
pub(super) struct Hiding {
    pub(super) system: System,
    hidden_counts: Vec<bool>,
    hidden_values: BTreeMap<Quantity, Vec<bool>>,
    /// What a reader lacks, by variable.
    pub(super) unknown: Vec<bool>,
    /// The least that a reader takes each count for.
    pub(super) lower: Vec<u64>,
    pub(super) worlds: Vec<Move>,
    /// One for each secret.
    pub(super) claims: Vec<Claim>,
    /// Secrets that earlier releases give away by themselves.
    pub(super) public_already: Vec<usize>,
    /// By table: how many small totals are printed because the policy says so.
    pub(super) waived: BTreeMap<String, usize>,
    pub(super) insiders: Vec<Insider>,
    pub(super) insider_checks: usize,
    /// Those of nearly uniform groups that are in another category than the others.
    pub(super) others: BTreeSet<usize>,
    /// What the choice of secondaries costs, and what any choice must.
    pub(super) cost: u64,
    pub(super) lower_bound: u64,
    pub(super) seconds: f64,
}

impl Hiding {
    /// Decides what a release of this cube may print beside what was printed before.
    pub(super) fn decide(cube: &Cube, policy: &Policy, earlier: &[PublishedCell]) -> Result<Self, Error> {
        policy.validate()?;
        let start = Instant::now();
        let uniform = uniform_groups(cube, policy);
        let (system, others) = System::of_cube(cube, policy, &uniform);
        let mut printed_cells: BTreeMap<Quantity, BTreeSet<CellId>> = BTreeMap::new();
        for (cell, quantity) in cube.resolved.printed() {
            printed_cells.entry(quantity).or_default().insert(cell);
        }
        let cost = costs(cube, &system, policy.cost());
        let insiders = Insider::all(cube, policy, &system)?;
        let secret_zeros = uniform
            .iter()
            .flat_map(|group| &group.others)
            .filter(|cell| cube.cell(**cell).records == 0)
            .map(|cell| system.variable_of[*cell])
            .collect();
        let deciding = Deciding { cube, policy, system, printed_cells, cost, insiders, others, secret_zeros };
        let refused = |Unprotectable(variable)| refusal(cube, &deciding.system, variable, earlier);
        let (mut flags, waived) = deciding.count_flags(earlier);
        let public_already = deciding.take_what_is_known(&mut flags);
        let secrets = flags.secrets();
        let task = deciding.count_task(&flags);
        let Chosen { hidden, worlds, insider_checks, cost } = task.choose().map_err(refused)?;
        let lower_bound = task.lower_bound();
        let mut hidden_values = BTreeMap::new();
        for quantity in deciding.printed_cells.keys().copied().filter(|quantity| *quantity != Quantity::Count)
        {
            hidden_values.insert(quantity, deciding.decide_value(quantity, &hidden).map_err(refused)?);
        }
        // A secret of which only a second count is demanded is told to be bounded where the worlds reach no further.
        let lower = deciding.lower(&flags.printed);
        let claim = |secret: &usize| {
            let count = deciding.system.variables[*secret].records;
            let least = count.min(1);
            let most = task.demanded.get(secret).map_or(0, |(_, most)| *most).max(policy.threshold() - 1);
            Claim::of(*secret, count, (least, most), &worlds)
        };
        Ok(Self {
            unknown: (0..hidden.len()).map(|variable| flags.is_unknown(&hidden, variable)).collect(),
            claims: secrets.iter().map(claim).collect(),
            lower,
            others: deciding.others.iter().copied().collect(),
            system: deciding.system,
            hidden_counts: hidden,
            hidden_values,
            worlds,
            public_already,
            waived,
            insiders: deciding.insiders,
            insider_checks,
            cost,
            lower_bound,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    /// Whether a quantity of a cell may be printed.
    pub(super) fn is_public(&self, cell: CellId, quantity: Quantity) -> bool {
        let variable = self.system.variable_of[cell];
        !self.hidden_counts[variable]
            && self.hidden_values.get(&quantity).is_none_or(|hidden| !hidden[variable])
    }

    /// Claims that leave an end of the demanded interval open.
    pub(super) fn narrow(&self) -> usize {
        self.claims.iter().filter(|claim| claim.status == Status::Bounded).count()
    }
}

struct Deciding<'c> {
    cube: &'c Cube,
    policy: &'c Policy,
    system: System,
    printed_cells: BTreeMap<Quantity, BTreeSet<CellId>>,
    cost: Vec<u64>,
    insiders: Vec<Insider>,
    /// Those of nearly uniform groups that are in another category than the others.
    others: Vec<usize>,
    /// Zeros that would give a uniform group away.
    secret_zeros: BTreeSet<usize>,
}

impl Deciding<'_> {
    /// The least that readers take each count for: one that would be printed if it were 0 is at least 1.
    fn lower(&self, printed: &[bool]) -> Vec<u64> {
        let zeros = self.policy.zeros();
        let variables = self.system.variables.iter().enumerate();
        let least = variables.map(|(variable, set)| {
            let is_positive = zeros == Zeros::Structural || (printed[variable] && zeros.are_printed());
            u64::from(is_positive).min(set.records)
        });
        least.collect()
    }

    fn count_task<'t>(&'t self, flags: &'t Flags) -> Task<'t> {
        let threshold = self.policy.threshold();
        // A count that is not small is secret for another reason: one patient with many courses, a restated figure.
        let is_small = |secret: &usize| self.system.variables[*secret].records < threshold;
        let small = flags.secrets().into_iter().filter(is_small);
        let mut demanded: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
        if self.policy.keeps_every_count() {
            demanded.extend(small.map(|secret| (secret, (1, threshold - 1))));
        }
        for variable in self.others.iter().filter(|other| flags.sensitive[**other]) {
            let records = self.system.variables[*variable].records;
            let most = demanded.get(variable).map_or(0, |(_, most)| *most);
            demanded.insert(*variable, (records.min(1), most.max(self.policy.group_coalition() + 1)));
        }
        Task {
            system: &self.system,
            flags,
            cost: &self.cost,
            least: threshold,
            lower: Some(self.lower(&flags.printed)),
            demanded,
            insiders: self.insiders.clone(),
            respondents: self.policy.respondents(),
            seed: self.policy.seed(),
        }
    }

    fn printed_variables(&self, quantity: Quantity) -> Vec<bool> {
        let mut printed = vec![false; self.system.len()];
        for cell in self.printed_cells.get(&quantity).into_iter().flatten() {
            printed[self.system.variable_of[*cell]] = true;
        }
        printed
    }

    /// Primary suppression: groups of fewer patients than the threshold, printed or left over beside what is printed. Also
    /// how many small totals of each table are printed all the same.
    fn count_flags(&self, earlier: &[PublishedCell]) -> (Flags, BTreeMap<String, usize>) {
        let system = &self.system;
        let printed = self.printed_variables(Quantity::Count);
        let threshold = self.policy.threshold();
        let zeros_printed = self.policy.zeros().are_printed();
        let is_known_zero = |(variable, records): (usize, u64)| {
            records == 0
                && zeros_printed
                && !self.secret_zeros.contains(&variable)
                && !self.others.contains(&variable)
        };
        let records = system.variables.iter().map(|set| set.records).enumerate();
        let mut public_already: Vec<bool> = records.map(is_known_zero).collect();
        let mut restated = vec![false; system.len()];
        for (cell, published) in self.cube.added.iter().zip(earlier) {
            let now = &self.cube.cells[*cell];
            let variable = system.variable_of[*cell];
            if now.identity == published.identity {
                public_already[variable] = true;
            } else if published.differs_by_few(now.records, now.patients, threshold) {
                // Printed before with a few records more or less: the two numbers together would give those away.
                restated[variable] = true;
            }
        }
        let withheld = self.withheld_units();
        let mut sensitive: Vec<bool> = system
            .variables
            .iter()
            .enumerate()
            .map(|(variable, set)| {
                let is_small = (1..threshold).contains(&set.patients);
                let is_secret_zero = set.records == 0 && !zeros_printed && printed[variable];
                let counts = printed[variable] || self.policy.protects_complements();
                let is_small_group = set.identifying && (is_secret_zero || (is_small && counts));
                restated[variable] || withheld.contains(&variable) || is_small_group
            })
            .collect();
        self.others.iter().for_each(|other| sensitive[*other] = true);
        let mut hidden_anyway = vec![false; system.len()];
        self.secret_zeros.iter().for_each(|zero| hidden_anyway[*zero] = true);
        let mut headline = vec![false; system.len()];
        for cell in self.cube.resolved.headlines() {
            headline[system.variable_of[cell]] = true;
        }
        let mut waived: BTreeMap<String, usize> = BTreeMap::new();
        for (table, cell) in self.waived_cells() {
            let variable = system.variable_of[cell];
            headline[variable] = true;
            hidden_anyway[variable] = false;
            if std::mem::take(&mut sensitive[variable]) {
                *waived.entry(table).or_default() += 1;
            }
        }
        // A waived total is a small sum of its parts, and printed.
        let is_waived = |line: &usize| {
            let whole = system.lines[*line].whole;
            headline[whole] && !waived.is_empty() && system.variables[whole].patients < threshold
        };
        let known_sums = (0..system.lines.len()).filter(is_waived).collect();
        (Flags { printed, public_already, sensitive, hidden_anyway, headline, known_sums }, waived)
    }

    /// The counts of total rows of tables whose protection the policy waives.
    fn waived_cells(&self) -> Vec<(String, CellId)> {
        let sheets = self.cube.resolved.sheets.iter();
        let waived = sheets.filter(|sheet| self.policy.waiver(&sheet.id).is_some());
        let totals = waived.flat_map(|sheet| {
            let rows = sheet.rows.iter().filter(|row| row.kind == RowKind::Total);
            rows.flat_map(|row| &row.places).map(|place| (sheet.id.clone(), *place))
        });
        totals.filter(|(_, place)| place.is_count()).map(|(id, place)| (id, place.rests_on())).collect()
    }

    /// Units that are withheld for their coverage, where that must not be got around.
    fn withheld_units(&self) -> BTreeSet<usize> {
        if !self.policy.coverage_is_private() {
            return BTreeSet::new();
        }
        let rows = self.cube.resolved.sheets.iter().flat_map(|sheet| &sheet.rows);
        let withheld =
            rows.filter(|row| row.unit.as_deref().is_some_and(|unit| self.policy.lacks_coverage(unit)));
        let cells = withheld.flat_map(|row| &row.places).flat_map(|place| place.gives_away());
        let variables = cells.map(|(cell, _)| self.system.variable_of[cell]);
        variables.filter(|variable| self.system.variables[*variable].records > 0).collect()
    }

    /// Small groups that earlier releases give away by themselves, under another policy or before this library: hiding every
    /// new number would not take that back, and refusing every later release would protect nobody. They are no longer
    /// treated as secrets; the audit counts them.
    fn take_what_is_known(&self, flags: &mut Flags) -> Vec<usize> {
        let all_small: Vec<usize> =
            (0..self.system.len()).filter(|variable| flags.sensitive[*variable]).collect();
        let mut known = flags.public_already.iter().zip(&self.system.variables);
        if known.all(|(public, set)| !*public || set.records == 0) {
            return Vec::new();
        }
        let hidden = flags.printed.clone();
        let threshold = self.policy.threshold();
        let (exposed, sums) = {
            let task = self.count_task(flags);
            let attack = task.attack(&hidden);
            let sums = attack.small_sums(&flags.sensitive, threshold);
            (attack.exposed(&flags.secrets()), sums.into_iter().map(|(line, _)| line).collect::<Vec<_>>())
        };
        flags.known_sums.extend(sums);
        exposed.into_iter().for_each(|variable| flags.sensitive[variable] = false);
        let secrets: BTreeSet<usize> = flags.secrets().into_iter().collect();
        all_small.into_iter().filter(|variable| !secrets.contains(variable)).collect()
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
        let withheld = self.withheld_units();
        let too_few = |variable: usize| {
            withheld.contains(&variable) || (1..least).contains(&self.system.variables[variable].patients)
        };
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
        let task = Task {
            system: &system,
            flags: &flags,
            cost: &self.cost,
            least,
            lower: None,
            demanded: BTreeMap::new(),
            insiders: Vec::new(),
            // Knowing who is in a group gives no sum of a value.
            respondents: 0,
            seed: self.policy.seed(),
        };
        task.choose().map(|chosen| chosen.hidden)
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

/// What hiding a record set costs: every place where it is printed, more in the rows of totals that readers look for first,
/// and a little more for a large one.
fn costs(cube: &Cube, system: &System, cost: Cost) -> Vec<u64> {
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
    let both = places.into_iter().map(|places| places.max(1)).zip(&system.variables);
    both.map(|(places, set)| match cost {
        Cost::Cells => places,
        Cost::Value => places.saturating_mul(set.records + 1),
        Cost::Log => 4 * places + u64::from((set.records + 1).ilog2()),
    })
    .collect()
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
    let constraints = cube.constraints_of(cell);
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
