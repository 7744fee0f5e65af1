//! What can be worked out of published tables with holes: every hole with all that it can be.
//!
//!     cargo run --example audit_table -- data-samples/audit/tables.toml [--strict]

mod sheet;
mod tables;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;
use registat::FeasibleInterval;

use sheet::Marks;
use tables::{Cell, Description, Linked, name};

const HELP: &str = "audit_table TABLE.csv [options]
audit_table TABLES.toml [options]

Reads tables as they were published and prints, for every hole, the smallest and the largest number that fits
everything printed, whether it can be worked out, and which of those are small. No true number of a hole is needed.

TABLE.csv has labels in its first column and its first line; semicolon, tab or comma, decimal comma and blanks
between thousands are understood. TABLES.toml says which files belong together:

  [variable.place]                       # optional: totals, and which levels make up which
  totals = [\"The country\"]
  parents = { Alta = \"North\", Mandal = \"South\" }

  [holes]                                # optional, as the options below
  zeros_printed = true
  marks = { \"*\" = [1, 4] }

  [[table]]
  file = \"hospitals.csv\"
  rows = \"place\"                         # the variable of the first column
  columns = \"age\"                        # the variable of the first line
  where = { sex = \"women\" }              # optional: what all of the table is about
  ignore = [\"Note\"]                      # optional: rows and columns without counts
  percent = [{ column = \"%\", count = \"Events\", of = \"N\" }]
  complete = true                        # optional: all levels are there, though the table has no total

Cells with the same levels of the same variables are one cell, whichever table they stand in.
Holes are empty or one of • * : . .. - x c s # ? n/a; `<5` is 1 to 4, `1-4` is what it says.

  --total NAME         a further name of totals (known: Total, Totalt, Alle, All, Sum, Samlet, I alt ...)
  --zeros-printed      no hole is 0, because zeros are printed
  --less-than-zero     `<5` includes 0
  --dash-is-zero       a dash is a printed zero
  --mark MARK=1-4      a hole with this mark lies between these numbers
  --percent COLUMN=COUNT/OF   a column of percentages (for one file)
  --ignore NAME        a row or column without counts (for one file)
  --threshold N        numbers below this are small (5)
  --nodes N            how far whole numbers are looked for in each case (20000)
  --strict             exit with 1 if a small number can be worked out; otherwise the exit code is 0

The exit code is 2 if the tables cannot be read or contradict each other.";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

struct Options {
    file: PathBuf,
    marks: Marks,
    totals: Vec<String>,
    percent: Vec<[String; 3]>,
    ignore: Vec<String>,
    threshold: i64,
    nodes: u64,
    is_strict: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("audit_table: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Outcome<ExitCode> {
    let Some(options) = options()? else {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let is_description = options.file.extension().is_some_and(|extension| extension == "toml");
    let description = if is_description {
        Description::read(&options.file)?
    } else {
        Description::of_one(&options.file, &options.percent, &options.ignore)
    };
    let marks = description.marks(options.marks);
    let linked = description.with_totals(&options.totals).link(&marks)?;
    let feasible = linked.tables.feasible_whole(options.nodes)?;
    let exposed = print(&linked, &feasible, options.threshold);
    Ok(if options.is_strict && exposed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What the command line asks for; nothing if it asks for help.
fn options() -> Outcome<Option<Options>> {
    let mut options = Options {
        file: PathBuf::new(),
        marks: Marks::default(),
        totals: Vec::new(),
        percent: Vec::new(),
        ignore: Vec::new(),
        threshold: 5,
        nodes: 20_000,
        is_strict: false,
    };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("total") => options.totals.push(arguments.value()?.string()?),
            Long("zeros-printed") => options.marks.zeros_printed = true,
            Long("less-than-zero") => options.marks.less_than_includes_zero = true,
            Long("dash-is-zero") => options.marks.dash_is_zero = true,
            Long("mark") => {
                let (mark, bounds) = stated_mark(&arguments.value()?.string()?)?;
                options.marks.stated.insert(mark, bounds);
            }
            Long("percent") => options.percent.push(stated_percent(&arguments.value()?.string()?)?),
            Long("ignore") => options.ignore.push(arguments.value()?.string()?),
            Long("threshold") => options.threshold = arguments.value()?.parse()?,
            Long("nodes") => options.nodes = arguments.value()?.parse()?,
            Long("strict") => options.is_strict = true,
            Long("help") | Short('h') => return Ok(None),
            Value(file) if options.file.as_os_str().is_empty() => options.file = file.into(),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.file.as_os_str().is_empty() {
        return Err("which table? See --help".into());
    }
    Ok(Some(options))
}

/// `*=1-4`.
fn stated_mark(text: &str) -> Outcome<(String, [i64; 2])> {
    let (mark, bounds) = text.split_once('=').ok_or("--mark MARK=1-4")?;
    let (least, most) = bounds.split_once('-').ok_or("--mark MARK=1-4")?;
    Ok((mark.to_owned(), [least.trim().parse()?, most.trim().parse()?]))
}

/// `Share=Events/N`.
fn stated_percent(text: &str) -> Outcome<[String; 3]> {
    let (column, share) = text.split_once('=').ok_or("--percent COLUMN=COUNT/OF")?;
    let (count, of) = share.split_once('/').ok_or("--percent COLUMN=COUNT/OF")?;
    Ok([column, count, of].map(|name| name.trim().to_owned()))
}

/// Prints every hole and a summary; how many small numbers can be worked out.
fn print(linked: &Linked, feasible: &[FeasibleInterval], threshold: i64) -> usize {
    let is_small = |number: i64| (0..threshold).contains(&number);
    let mut lines: Vec<[String; 4]> = Vec::new();
    let (mut worked_out, mut exposed, mut printed_small, mut open) = (0, 0, 0, 0);
    let mut conclude = |number: i64, how: &str| {
        worked_out += 1;
        exposed += usize::from(is_small(number));
        if is_small(number) { format!("{how}, below {threshold}") } else { how.to_owned() }
    };
    for (at, cell) in linked.cells.iter().enumerate() {
        let interval = feasible.iter().find(|interval| interval.cell() == at);
        match (interval, printed(cell)) {
            (Some(interval), _) => {
                let least = number(interval.lo());
                let most = interval.hi().map_or_else(|| "no limit".to_owned(), number);
                let only = interval.only_whole_number();
                let mut what = only.map(|only| conclude(only, "worked out")).unwrap_or_default();
                if !interval.is_whole() {
                    open += 1;
                    what.push_str(" (over the real numbers only)");
                }
                lines.push([name(&cell.key), least, most, what]);
            }
            (None, Some(known)) if cell.is_hidden => {
                let what = conclude(known, "printed by another table");
                lines.push([name(&cell.key), known.to_string(), known.to_string(), what]);
            }
            (None, Some(known)) if known > 0 && is_small(known) => printed_small += 1,
            (None, _) => {}
        }
    }
    println!("{} cells, {} holes, {} sums between them", linked.cells.len(), lines.len(), linked.equations);
    if linked.equations == 0 {
        println!("No total was found, so that nothing follows from anything: see --total in --help.");
    }
    let width = |at: usize| {
        let texts = lines.iter().filter_map(|line| line.get(at));
        texts.map(|text| text.chars().count()).max().unwrap_or_default().max(5)
    };
    let [first, second, third] = [0, 1, 2].map(width);
    let [hole, least, most] = ["hole", "least", "most"];
    println!("\n{hole:first$}  {least:>second$}  {most:>third$}");
    for [cell, least, most, what] in &lines {
        println!("{}", format!("{cell:first$}  {least:>second$}  {most:>third$}  {what}").trim_end());
    }
    println!(
        "\n{worked_out} of {} holes can be worked out, {exposed} of those below {threshold}.",
        lines.len()
    );
    if open > 0 {
        println!("The search for whole numbers ended early for {open}; --nodes looks further.");
    }
    if printed_small > 0 {
        println!("{printed_small} numbers from 1 to {} are printed as they are.", threshold - 1);
    }
    exposed
}

/// The number of a cell that is printed.
fn printed(cell: &Cell) -> Option<i64> {
    cell.known.most.filter(|most| *most == cell.known.least)
}

/// Whole where it is whole.
fn number(value: f64) -> String {
    if (value - value.round()).abs() < 1e-6 { format!("{value:.0}") } else { format!("{value:.2}") }
}
