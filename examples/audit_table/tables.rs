//! Which cells of which tables are the same, and which sums tie them together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use registat::{Bounds, HoledTables, PrintedNumber};
use serde::Deserialize;

use super::Outcome;
use super::sheet::{Entry, Known, Marks, Sheet, percentage};

/// What a group of files says about itself.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Description {
    table: Vec<TableSpec>,
    #[serde(default)]
    variable: BTreeMap<String, VariableSpec>,
    #[serde(default)]
    holes: HolesSpec,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct TableSpec {
    file: PathBuf,
    rows: String,
    columns: String,
    /// Levels that all of the table is about: `where = { sex = "women" }`.
    #[serde(default, rename = "where")]
    within: BTreeMap<String, String>,
    /// Rows and columns that are no counts.
    #[serde(default)]
    ignore: BTreeSet<String>,
    #[serde(default)]
    percent: Vec<PercentSpec>,
    /// The levels are all there are, though the table has no total.
    #[serde(default)]
    complete: bool,
}

/// A column of percentages: which column they count, and of which.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PercentSpec {
    column: String,
    count: String,
    of: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct VariableSpec {
    #[serde(default)]
    totals: Vec<String>,
    #[serde(default)]
    parents: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct HolesSpec {
    #[serde(default)]
    zeros_printed: bool,
    #[serde(default)]
    less_than_includes_zero: bool,
    #[serde(default)]
    dash_is_zero: bool,
    #[serde(default)]
    marks: BTreeMap<String, [i64; 2]>,
}

/// Levels that are totals whatever the description says, in lower case.
const TOTALS: [&str; 10] =
    ["total", "totals", "totalt", "alle", "all", "sum", "i alt", "in all", "samlet", "hele landet"];

/// A cell by the levels of its variables; a variable of which it is a total is left out.
pub type Key = BTreeMap<String, String>;

/// All tables as one system.
pub struct Linked {
    pub tables: HoledTables,
    /// The cells in the order of their numbers.
    pub cells: Vec<Cell>,
    pub equations: usize,
}

pub struct Cell {
    pub key: Key,
    pub known: Known,
    /// A table hides it, though another may print it.
    pub is_hidden: bool,
}

/// One axis of a table: its variable, and its levels with `None` for the total.
struct Axis<'d> {
    variable: &'d str,
    levels: Vec<Option<String>>,
}

impl Description {
    /// The description of a single table.
    pub fn of_one(file: &Path, percent: &[[String; 3]], ignore: &[String]) -> Self {
        let percent = percent.iter().cloned();
        let percent = percent.map(|[column, count, of]| PercentSpec { column, count, of }).collect();
        let table = TableSpec {
            file: file.to_owned(),
            rows: "row".to_owned(),
            columns: "column".to_owned(),
            ignore: ignore.iter().cloned().collect(),
            percent,
            ..TableSpec::default()
        };
        Self { table: vec![table], ..Self::default() }
    }

    /// Reads a description; the files of its tables are looked for beside it.
    pub fn read(path: &Path) -> Outcome<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let described = toml::from_str::<Self>(&text);
        let mut description = described.map_err(|error| format!("{}: {error}", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for table in &mut description.table {
            table.file = folder.join(&table.file);
        }
        Ok(description)
    }

    /// The same with further names of totals, for every variable of a table.
    pub fn with_totals(mut self, totals: &[String]) -> Self {
        let variables = self.table.iter().flat_map(|table| [table.rows.clone(), table.columns.clone()]);
        for variable in variables.collect::<BTreeSet<_>>() {
            self.variable.entry(variable).or_default().totals.extend(totals.iter().cloned());
        }
        self
    }

    /// What the marks of holes say: the description, and what the command line adds.
    pub fn marks(&self, mut stated: Marks) -> Marks {
        stated.zeros_printed |= self.holes.zeros_printed;
        stated.less_than_includes_zero |= self.holes.less_than_includes_zero;
        stated.dash_is_zero |= self.holes.dash_is_zero;
        for (mark, bounds) in &self.holes.marks {
            stated.stated.entry(mark.clone()).or_insert(*bounds);
        }
        stated
    }

    fn is_total(&self, variable: &str, level: &str) -> bool {
        let stated = self.variable.get(variable).map(|spec| spec.totals.as_slice()).unwrap_or_default();
        stated.iter().any(|one| one == level) || TOTALS.contains(&level.to_lowercase().as_str())
    }

    /// The levels above one, nearest first.
    fn above(&self, variable: &str, level: &str) -> Vec<String> {
        let mut above: Vec<String> = Vec::new();
        let Some(spec) = self.variable.get(variable) else { return above };
        let mut at = level;
        while let Some(parent) = spec.parents.get(at)
            && !above.contains(parent)
        {
            above.push(parent.clone());
            at = parent;
        }
        above.retain(|parent| !self.is_total(variable, parent));
        above
    }

    /// Every table of the description as one system of cells and sums.
    pub fn link(&self, marks: &Marks) -> Outcome<Linked> {
        let mut number: BTreeMap<Key, usize> = BTreeMap::new();
        let mut cells: Vec<Cell> = Vec::new();
        let mut sheets = Vec::new();
        for spec in &self.table {
            let sheet = Sheet::read(&spec.file)?;
            self.enter(spec, &sheet, marks, &mut number, &mut cells)?;
            sheets.push(sheet);
        }
        let mut tables = HoledTables::new();
        for cell in &cells {
            tables.cell(match cell.known.most {
                Some(most) => Bounds::between(cell.known.least, most)?,
                None => Bounds::at_least(cell.known.least),
            });
        }
        let mut sums = BTreeSet::new();
        for (spec, sheet) in self.table.iter().zip(&sheets) {
            let rows = self.axis(&spec.rows, sheet.rows.iter().map(|(label, _)| label), spec);
            let columns = self.axis(&spec.columns, sheet.columns.iter(), spec);
            for (axis, other) in [(&rows, &columns), (&columns, &rows)] {
                for level in &other.levels {
                    let context = with(&spec.within, other.variable, level.as_deref());
                    for (whole, parts) in self.splits(axis, spec.complete) {
                        let whole = with(&context, axis.variable, whole.as_deref());
                        let part = |part: &String| with(&context, axis.variable, Some(part.as_str()));
                        let parts: Option<Vec<usize>> =
                            parts.iter().map(|level| number.get(&part(level)).copied()).collect();
                        if let (Some(whole), Some(parts)) = (number.get(&whole), parts) {
                            sums.insert((*whole, parts));
                        }
                    }
                }
            }
            self.percentages(spec, sheet, &number, &mut tables)?;
        }
        let equations = sums.len();
        for (whole, parts) in sums {
            let label = cells.get(whole).map(|cell| format!("the sum for {}", name(&cell.key)));
            tables.equation(&label.unwrap_or_default(), whole, parts)?;
        }
        Ok(Linked { tables, cells, equations })
    }

    /// Enters the cells of one table; a cell that stands in several tables is one.
    fn enter(
        &self,
        spec: &TableSpec,
        sheet: &Sheet,
        marks: &Marks,
        number: &mut BTreeMap<Key, usize>,
        cells: &mut Vec<Cell>,
    ) -> Outcome<()> {
        let percentages: BTreeSet<&String> = spec.percent.iter().map(|percent| &percent.column).collect();
        for (row, texts) in sheet.rows.iter().filter(|(row, _)| !spec.ignore.contains(row)) {
            // A counted column that is not printed at all is a hole in every row.
            let unprinted = spec.percent.iter().flat_map(|percent| [&percent.count, &percent.of]);
            let unprinted = unprinted.filter(|column| !sheet.columns.contains(column)).map(|one| (one, None));
            let printed = sheet.columns.iter().zip(texts).map(|(column, text)| (column, Some(text)));
            for (column, text) in printed.chain(unprinted) {
                if spec.ignore.contains(column) || percentages.contains(column) {
                    continue;
                }
                let key = self.key(spec, row, column);
                let place = || format!("{}, row `{row}`, column `{column}`", spec.file.display());
                let Some(text) = text else {
                    enter_cell(key, Known { least: 0, most: None }, false, number, cells);
                    continue;
                };
                let (known, is_hidden) = match marks.entry(text) {
                    Some(Entry::Count(count)) => (Known { least: count, most: Some(count) }, false),
                    Some(Entry::Hole(known)) => (known, true),
                    Some(Entry::Decimal) => {
                        return Err(format!("{}: no count; say percent or ignore", place()).into());
                    }
                    None => {
                        return Err(format!("{}: neither a number nor the mark of a hole", place()).into());
                    }
                };
                if !enter_cell(key, known, is_hidden, number, cells) {
                    return Err(format!("{}: another table says otherwise of the same cell", place()).into());
                }
            }
        }
        Ok(())
    }

    /// The percentages of a table, each a bound on two cells.
    fn percentages(
        &self,
        spec: &TableSpec,
        sheet: &Sheet,
        number: &BTreeMap<Key, usize>,
        tables: &mut HoledTables,
    ) -> Outcome<()> {
        for percent in &spec.percent {
            let at = sheet.columns.iter().position(|column| *column == percent.column);
            let at = at.ok_or_else(|| format!("{}: no column `{}`", spec.file.display(), percent.column))?;
            for (row, texts) in sheet.rows.iter().filter(|(row, _)| !spec.ignore.contains(row)) {
                // What is no number is a hidden percentage and says nothing.
                let printed: Option<PrintedNumber> = texts.get(at).and_then(|text| percentage(text));
                let cell = |column: &String| number.get(&self.key(spec, row, column)).copied();
                let (count, of) = (cell(&percent.count), cell(&percent.of));
                if let (Some(printed), Some(count), Some(of)) = (printed, count, of) {
                    let name = format!("`{}` of row `{row}`", percent.column);
                    tables.percentage(&name, count, of, printed)?;
                }
            }
        }
        Ok(())
    }

    fn key(&self, spec: &TableSpec, row: &str, column: &str) -> Key {
        let level = |variable: &str, level: &str| (!self.is_total(variable, level)).then(|| level.to_owned());
        let rows = with(&spec.within, &spec.rows, level(&spec.rows, row).as_deref());
        with(&rows, &spec.columns, level(&spec.columns, column).as_deref())
    }

    fn axis<'d>(
        &self,
        variable: &'d str,
        labels: impl Iterator<Item = &'d String>,
        spec: &TableSpec,
    ) -> Axis<'d> {
        let is_percentage = |label: &String| spec.percent.iter().any(|percent| percent.column == *label);
        let labels = labels.filter(|label| !spec.ignore.contains(*label) && !is_percentage(label));
        let levels = labels.map(|label| (!self.is_total(variable, label)).then(|| label.clone()));
        Axis { variable, levels: levels.collect() }
    }

    /// The sums along an axis: the total and every level above others, each with the topmost levels of the table below it.
    /// Without a total of its own a table may not hold every level, unless it is said to be complete.
    fn splits(&self, axis: &Axis<'_>, is_complete: bool) -> Vec<(Option<String>, Vec<String>)> {
        let levels: Vec<&String> = axis.levels.iter().flatten().collect();
        let above: Vec<Vec<String>> = levels.iter().map(|level| self.above(axis.variable, level)).collect();
        let is_complete = is_complete || axis.levels.iter().any(Option::is_none);
        let mut wholes: BTreeSet<Option<String>> = BTreeSet::new();
        wholes.extend(above.iter().flatten().cloned().map(Some));
        wholes.insert(None);
        let mut splits = Vec::new();
        for whole in wholes {
            let is_shown = whole.as_ref().is_some_and(|whole| levels.contains(&whole));
            let parts = levels.iter().zip(&above).filter(|(_, above)| {
                let place = |whole: &String| above.iter().position(|one| one == whole);
                let height = whole.as_ref().map_or(Some(above.len()), place);
                // Topmost: none of the levels between is in the table itself.
                let is_topmost = |height| above.iter().take(height).all(|between| !levels.contains(&between));
                height.is_some_and(is_topmost)
            });
            let parts: Vec<String> = parts.map(|(level, _)| (*level).clone()).collect();
            if (is_complete || is_shown) && !parts.is_empty() {
                splits.push((whole, parts));
            }
        }
        splits
    }
}

impl Known {
    /// What two tables say together; nothing if they contradict each other.
    fn and(self, other: Self) -> Option<Self> {
        let least = self.least.max(other.least);
        let most = [self.most, other.most].into_iter().flatten().min();
        most.is_none_or(|most| least <= most).then_some(Self { least, most })
    }
}

/// Enters what one table says of a cell; whether it agrees with what others say.
fn enter_cell(
    key: Key,
    known: Known,
    is_hidden: bool,
    number: &mut BTreeMap<Key, usize>,
    cells: &mut Vec<Cell>,
) -> bool {
    let next = cells.len();
    let at = *number.entry(key.clone()).or_insert(next);
    let Some(cell) = cells.get_mut(at) else {
        cells.push(Cell { key, known, is_hidden });
        return true;
    };
    cell.is_hidden |= is_hidden;
    let both = cell.known.and(known);
    cell.known = both.unwrap_or(cell.known);
    both.is_some()
}

/// A key with one more level, or none where it is the total of the variable.
fn with(key: &Key, variable: &str, level: Option<&str>) -> Key {
    let mut key = key.clone();
    if let Some(level) = level {
        key.insert(variable.to_owned(), level.to_owned());
    }
    key
}

/// A cell in words: `age 80+, place Bodø`.
pub fn name(key: &Key) -> String {
    if key.is_empty() {
        return "everything".to_owned();
    }
    let levels: Vec<String> = key.iter().map(|(variable, level)| format!("{variable} {level}")).collect();
    levels.join(", ")
}
