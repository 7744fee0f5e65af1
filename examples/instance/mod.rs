//! Benchmark instances of linked tables: a description NAME.json and the records NAME.csv.
//!
//! The description names the variables with their leaves and what is above each, the tables to publish as lists of
//! variables, and a threshold or the numbers of a dominance rule. The records have one column for each variable, which
//! names a leaf, and `freq`; those of a magnitude table have one row for each contribution, with `contributor` and
//! `value`. Further columns, such as those of the coarser levels, are not read.

pub mod file;
pub mod large;
mod layout;
mod tree;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use registat::LinkedCells;
use serde::Deserialize;

use self::layout::Layout;
use self::tree::{Described, Tree};

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// One contributor of a cell, by number, and the sum of its contributions there.
pub type Contribution = (usize, u64);

/// Linked tables with their counts.
pub struct Instance {
    /// The variables in alphabetical order.
    pub names: Vec<String>,
    layout: Layout,
    /// What each cell counts, or the sum of its contributions.
    pub counts: Vec<u64>,
    pub linked: LinkedCells,
    /// How many equations tie the cells together.
    pub equations: usize,
    /// Counts from 1 to one less are small, where the description says so.
    pub threshold: Option<u64>,
    /// Of a magnitude table the contributions to each cell, largest first; otherwise empty.
    pub contributions: Vec<Vec<Contribution>>,
    /// A cell is sensitive where the `n` largest contributors hold more than so many percent of it.
    pub dominance: Option<(usize, u32)>,
    /// A cell is sensitive where the second contributor can estimate the first to within so many percent.
    pub p_percent: Option<u32>,
}

#[derive(Deserialize)]
struct Description {
    variables: BTreeMap<String, Described>,
    tables: Vec<Vec<String>>,
    threshold: Option<u64>,
    #[serde(default)]
    magnitude: bool,
    nk: Option<(usize, u32)>,
    ppercent: Option<u32>,
}

impl Instance {
    /// The nodes of a cell by their labels, in the order of the variables.
    pub fn labels(&self, cell: usize) -> impl Iterator<Item = &str> {
        self.layout.labels(cell)
    }

    /// Every equation as the cell and the cells that it is the sum of.
    ///
    /// # Errors
    /// What `visit` says.
    pub fn each_equation<E>(&self, visit: impl FnMut(usize, &[usize]) -> Result<(), E>) -> Result<(), E> {
        self.layout.each_equation(visit)
    }

    /// Whether the cells are sums of contributions instead of counts.
    pub fn is_magnitude(&self) -> bool {
        !self.contributions.is_empty()
    }
}

/// Reads a description and its records.
///
/// # Errors
/// When a file cannot be read or does not fit its format: the file, the line and the column, never a value.
pub fn read(spec: &Path, data: &Path) -> Outcome<Instance> {
    let description = describe(spec)?;
    let in_spec = |what: &str| format!("{}: {what}", spec.display());
    let names: Vec<String> = description.variables.keys().cloned().collect();
    let mut trees = Vec::with_capacity(names.len());
    for (name, described) in &description.variables {
        let tree = Tree::new(described).map_err(|what| in_spec(&format!("variable `{name}`: {what}")))?;
        trees.push(tree);
    }
    let mut tables = Vec::with_capacity(description.tables.len());
    for table in &description.tables {
        let variables: Option<Vec<usize>> = table.iter().map(|name| names.binary_search(name).ok()).collect();
        tables.push(variables.ok_or_else(|| in_spec("a table names a variable that is not there"))?);
    }
    let layout = Layout::new(trees, &tables).map_err(in_spec)?;
    let (counts, contributions) = tally(data, &names, &layout, description.magnitude)?;
    let mut linked = LinkedCells::new(counts.iter().copied());
    let mut equations = 0;
    layout.each_equation(|whole, parts| {
        equations += 1;
        linked.equation(whole, parts.iter().copied())
    })?;
    Ok(Instance {
        names,
        layout,
        counts,
        linked,
        equations,
        threshold: description.threshold,
        contributions,
        dominance: description.nk,
        p_percent: description.ppercent,
    })
}

fn describe(spec: &Path) -> Outcome<Description> {
    let text =
        std::fs::read_to_string(spec).map_err(|error| format!("{}: {}", spec.display(), error.kind()))?;
    // The reason of `serde_json` may quote a value.
    let description = serde_json::from_str(&text).map_err(|error| {
        format!(
            "{}, line {}, column {}: this describes no instance",
            spec.display(),
            error.line(),
            error.column()
        )
    })?;
    Ok(description)
}

/// What each cell counts, and the contributions to each cell of a magnitude table.
fn tally(
    data: &Path,
    names: &[String],
    layout: &Layout,
    is_magnitude: bool,
) -> Outcome<(Vec<u64>, Vec<Vec<Contribution>>)> {
    let mut reader = csv::Reader::from_path(data).map_err(|error| unreadable(data, &error))?;
    let header = reader.headers().map_err(|error| unreadable(data, &error))?.clone();
    let column = |name: &str| {
        let place = header.iter().position(|known| known == name);
        place.ok_or_else(|| format!("{}: there is no column `{name}`", data.display()))
    };
    let columns = names.iter().map(|name| column(name)).collect::<Result<Vec<usize>, String>>()?;
    let amount_name = if is_magnitude { "value" } else { "freq" };
    let amount_column = column(amount_name)?;
    let contributor_column = if is_magnitude { Some(column("contributor")?) } else { None };

    let mut counts = vec![0_u64; layout.size()];
    let mut contributions: Vec<Vec<Contribution>> =
        if is_magnitude { vec![Vec::new(); layout.size()] } else { Vec::new() };
    let mut contributors: HashMap<String, usize> = HashMap::new();
    let mut total = 0_u64;
    let mut leaves = Vec::with_capacity(names.len());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| unreadable(data, &error))? {
        let line = record.position().map_or(0, csv::Position::line);
        let at = |name: &str, what: &str| format!("{}, line {line}, column `{name}`: {what}", data.display());
        leaves.clear();
        for (variable, (name, column)) in names.iter().zip(&columns).enumerate() {
            let leaf = record.get(*column).and_then(|label| layout.leaf(variable, label));
            leaves.push(leaf.ok_or_else(|| at(name, "this is no leaf of the variable"))?);
        }
        let amount: Option<u64> = record.get(amount_column).and_then(|text| text.parse().ok());
        let amount = amount.ok_or_else(|| at(amount_name, "this is no whole number"))?;
        // No cell holds more than all records together.
        total = total.checked_add(amount).ok_or_else(|| at(amount_name, "the sum is beyond measure"))?;
        let contributor = match contributor_column.map(|column| record.get(column).unwrap_or_default()) {
            Some("") => return Err(at("contributor", "nobody is named").into()),
            Some(label) => {
                let next = contributors.len();
                Some(*contributors.entry(label.to_owned()).or_insert(next))
            }
            None => None,
        };
        layout.each_cell_of(&leaves, |cell| {
            if let Some(count) = counts.get_mut(cell) {
                *count += amount;
            }
            if let (Some(contributor), Some(list)) = (contributor, contributions.get_mut(cell)) {
                list.push((contributor, amount));
            }
        });
    }
    Ok((counts, contributions.into_iter().map(merged).collect()))
}

/// A contributor counts once in a cell, with the sum; the largest first.
fn merged(mut list: Vec<Contribution>) -> Vec<Contribution> {
    list.sort_unstable();
    let mut merged: Vec<Contribution> = Vec::with_capacity(list.len());
    for (contributor, value) in list {
        match merged.last_mut() {
            Some((last, sum)) if *last == contributor => *sum += value,
            _ => merged.push((contributor, value)),
        }
    }
    merged.sort_unstable_by_key(|(contributor, value)| (Reverse(*value), *contributor));
    merged
}

/// The reason of `csv` without what it may quote.
fn unreadable(data: &Path, error: &csv::Error) -> String {
    match (error.kind(), error.position()) {
        (csv::ErrorKind::Io(error), _) => format!("{}: {}", data.display(), error.kind()),
        (_, Some(position)) => {
            let line = position.line();
            format!("{}, line {line}: not as many fields as the first line has, or no UTF-8", data.display())
        }
        (_, None) => format!("{}: this is no CSV in UTF-8", data.display()),
    }
}
