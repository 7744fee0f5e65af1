//! Instances too large to be kept, made by a stream of numbers that is the same on every machine.
//!
//! Hospitals in trusts in regions, by year, age in bands and diagnosis; one table crosses them all. Patients are drawn one
//! by one in whole-number arithmetic. Their hospital leans on what is drawn after it, so that the margins do not tell the
//! cells.
//!
//! | name | nodes of geo, year, age, diag | patients | cells | equations | counts of 1 to 4 |
//! | --- | --- | --- | --- | --- | --- |
//! | d | 125, 11, 16, 6 | 200,000 | 132,000 | 93,400 | 40,506 |
//! | million | 485, 16, 16, 8 | 1,500,000 | 993,280 | 608,640 | 341,467 |

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::Outcome;
use super::file::write_whole;

/// Counts from 1 to one less are small.
const THRESHOLD: u64 = 5;

/// Writes NAME.json and NAME.csv into a folder, and says where they are.
///
/// # Errors
/// When there is no instance of that name, or a file cannot be written.
pub fn generate(name: &str, folder: &Path) -> Outcome<(PathBuf, PathBuf)> {
    let plan = Plan::named(name).ok_or("the instances that can be generated are `d` and `million`")?;
    let (spec, data) = (folder.join(format!("{name}.json")), folder.join(format!("{name}.csv")));
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {}", folder.display(), error.kind()))?;
    write_whole(&data, plan.records()?.as_bytes())?;
    write_whole(&spec, &plan.description()?)?;
    Ok((spec, data))
}

/// What is drawn, and how often.
struct Plan {
    name: &'static str,
    variables: Vec<Variable>,
    patients: u64,
    seed: u64,
}

struct Variable {
    name: &'static str,
    leaves: Vec<String>,
    /// How often each leaf is drawn, relative to the others.
    weights: Vec<u64>,
    /// What is above the leaves, coarsest first.
    levels: Vec<Level>,
}

/// A level of a variable: its nodes are numbered behind a prefix and hold so many leaves each.
struct Level {
    name: &'static str,
    prefix: &'static str,
    leaves: usize,
}

/// In what the two instances differ.
struct Size {
    hospitals: u64,
    per_region: usize,
    /// The smaller, the more the first hospitals outgrow the last.
    evenness: u64,
    first_year: u64,
    years: u64,
    diagnoses: Vec<u64>,
}

impl Plan {
    fn named(name: &str) -> Option<Self> {
        let (name, patients, seed, size) = match name {
            "d" => {
                let diagnoses = vec![40, 25, 18, 12, 5];
                let (per_region, evenness) = (25, 20);
                let size =
                    Size { hospitals: 100, per_region, evenness, first_year: 2014, years: 10, diagnoses };
                ("d", 200_000, 105, size)
            }
            "million" => {
                let diagnoses = vec![35, 22, 15, 11, 8, 6, 3];
                let (per_region, evenness) = (100, 80);
                let size =
                    Size { hospitals: 400, per_region, evenness, first_year: 2009, years: 15, diagnoses };
                ("million", 1_500_000, 108, size)
            }
            _ => return None,
        };
        Some(Self { name, variables: size.variables(), patients, seed })
    }

    /// How many patients there are of each combination of leaves; the last variable changes fastest.
    fn draw(&self) -> Vec<u64> {
        let cumulated: Vec<Vec<u64>> = self.variables.iter().map(Variable::cumulated).collect();
        let mut random = Stream(self.seed);
        let mut counts = vec![0_u64; self.variables.iter().map(|variable| variable.leaves.len()).product()];
        for _ in 0..self.patients {
            let mut combination = 0_usize;
            let mut first: Option<usize> = None;
            for (variable, cumulated) in self.variables.iter().zip(&cumulated) {
                let leaves = variable.leaves.len();
                let mut leaf = random.pick(cumulated);
                if let Some(hospital) = first
                    && hospital % 3 == 0
                    && random.below(5) == 0
                {
                    leaf = (leaf + hospital) % leaves;
                }
                first = first.or(Some(leaf));
                combination = combination * leaves + leaf;
            }
            if let Some(count) = counts.get_mut(combination) {
                *count += 1;
            }
        }
        counts
    }

    /// The CSV: one row for each combination that occurs.
    fn records(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        for variable in &self.variables {
            for name in variable.level_names() {
                write!(text, "{name},")?;
            }
        }
        text.push_str("freq\n");
        let counts = self.draw();
        for (combination, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let mut step = counts.len();
            for variable in &self.variables {
                step /= variable.leaves.len();
                let leaf = combination / step % variable.leaves.len();
                for node in variable.above(leaf).iter().chain(variable.leaves.get(leaf)) {
                    write!(text, "{node},")?;
                }
            }
            writeln!(text, "{count}")?;
        }
        Ok(text)
    }

    /// The JSON, indented by one space.
    fn description(&self) -> Result<Vec<u8>, serde_json::Error> {
        let variables = self.variables.iter().map(|variable| (variable.name, variable.described()));
        let description = Description {
            name: self.name,
            variables: InOrder(variables.collect()),
            tables: vec![self.variables.iter().map(|variable| variable.name).collect()],
            threshold: THRESHOLD,
            n: self.patients,
            seed: self.seed,
        };
        let mut json = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
        description.serialize(&mut serde_json::Serializer::with_formatter(&mut json, formatter))?;
        Ok(json)
    }
}

impl Size {
    fn variables(&self) -> Vec<Variable> {
        let level = |name, prefix, leaves| Level { name, prefix, leaves };
        let years = self.first_year..self.first_year + self.years;
        vec![
            Variable {
                name: "geo",
                leaves: codes("H", self.hospitals),
                weights: (0..self.hospitals).map(|hospital| 10_000 / (hospital + self.evenness)).collect(),
                levels: vec![level("region", "R", self.per_region), level("trust", "T", 5)],
            },
            Variable {
                name: "year",
                weights: years.clone().map(|_| 1).collect(),
                leaves: years.map(|year| year.to_string()).collect(),
                levels: Vec::new(),
            },
            Variable {
                name: "age",
                leaves: codes("A", 12),
                weights: vec![2, 3, 5, 8, 12, 15, 16, 14, 11, 8, 4, 2],
                levels: vec![level("ageband", "G", 4)],
            },
            Variable {
                name: "diag",
                leaves: (1..=self.diagnoses.len()).map(|number| format!("D{number}")).collect(),
                weights: self.diagnoses.clone(),
                levels: Vec::new(),
            },
        ]
    }
}

/// Numbers from 1, all equally long.
fn codes(prefix: &str, count: u64) -> Vec<String> {
    let width = count.to_string().len();
    (1..=count).map(|number| format!("{prefix}{number:0width$}")).collect()
}

impl Variable {
    fn cumulated(&self) -> Vec<u64> {
        let sums = self.weights.iter().scan(0_u64, |sum, weight| {
            *sum += *weight;
            Some(*sum)
        });
        sums.collect()
    }

    fn level_names(&self) -> Vec<&'static str> {
        self.levels.iter().map(|level| level.name).chain([self.name]).collect()
    }

    /// The nodes above a leaf, coarsest first.
    fn above(&self, leaf: usize) -> Vec<String> {
        self.levels.iter().map(|level| format!("{}{}", level.prefix, leaf / level.leaves + 1)).collect()
    }

    fn described(&self) -> Described<'_> {
        let parents = self.leaves.iter().enumerate().map(|(leaf, label)| (label.as_str(), self.above(leaf)));
        Described { leaf: &self.leaves, levels: self.level_names(), parents: InOrder(parents.collect()) }
    }
}

#[derive(Serialize)]
struct Description<'p> {
    name: &'p str,
    variables: InOrder<'p, Described<'p>>,
    tables: Vec<Vec<&'p str>>,
    threshold: u64,
    n: u64,
    seed: u64,
}

#[derive(Serialize)]
struct Described<'p> {
    leaf: &'p [String],
    levels: Vec<&'p str>,
    parents: InOrder<'p, Vec<String>>,
}

/// An object whose fields keep their order.
struct InOrder<'p, V>(Vec<(&'p str, V)>);

impl<V: Serialize> Serialize for InOrder<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (field.0, &field.1)))
    }
}

/// Random numbers by splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Stream(u64);

impl Stream {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit, by the 53 highest bits.
    fn below(&mut self, limit: u64) -> u64 {
        let product = u128::from(self.draw() >> 11) * u128::from(limit);
        // Below the limit, as the other factor is below 2^53.
        (product >> 53) as u64
    }

    /// A leaf by the sums of the weights up to each.
    fn pick(&mut self, cumulated: &[u64]) -> usize {
        let drawn = self.below(cumulated.last().copied().unwrap_or(0));
        cumulated.partition_point(|until| *until <= drawn)
    }
}
