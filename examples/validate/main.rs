//! Runs reference cases through the public interface and prints a report that a register can file.
//!
//! ```text
//! cargo run --example validate            # the project's own copy
//! cargo run --example validate -- DIR     # every CSV of a folder
//! ```
//!
//! A file is known by its name, as in `tests/data/SOURCES.md`. Unknown files, methods and columns that are not there are named
//! and counted as failed. Ends with an error code if any case failed.

mod case;
mod counts;
mod means;
mod scores;
mod units;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use case::{Case, Row};

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/vectors");

/// What a file of cases is tested by, and the data sets that others read.
type Test = fn(&Row, &Path) -> case::Checked;

fn test_of(file: &str) -> Option<Test> {
    Some(match file {
        "odi_ndi_scoring" => scores::disability,
        "hscl10_scoring" => scores::hopkins,
        "fabq_scoring" => scores::fear_avoidance,
        "nnrr_indicator_rules" => scores::register_rule,
        "eq5d_index" => scores::eq5d_index,
        "eq5d_profile" => scores::eq5d_profile,
        "eq5d_pchc_pairs" => scores::eq5d_change,
        "eq5d_cohort_stats" => scores::eq5d_group,
        "proportion_ci" => counts::proportion,
        "proportion_diff_ci" => counts::difference,
        "proportion_test" => counts::chi_square,
        "p_adjust" => counts::adjusted,
        "smd_binary" => counts::standardised,
        "fisher_or" => counts::fisher,
        "poisson_ci" => counts::poisson,
        "published_followup_examples" => counts::published,
        "mean_ci" => means::mean,
        "quantiles" => means::quantile,
        "paired_change" => means::paired,
        "two_sample" => means::two_samples,
        "funnel_limits" => units::funnel,
        "overdispersion" => units::overdispersion,
        "direct_standardisation" => units::direct,
        "indirect_standardisation" => units::indirect,
        "logistic_coef" => units::logistic,
        "casemix_oe" => units::case_mix,
        _ => return None,
    })
}

/// Data that cases refer to; holds none itself.
const DATA_SETS: [&str; 2] = ["eq5d_pairs", "casemix_dataset_1"];

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from(OWN), PathBuf::from);
    match report(&folder) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Prints the report; how many cases failed.
fn report(folder: &Path) -> std::io::Result<usize> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    println!("registat {} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    println!("{:<30}{:>8}{:>8}  {:>18}  tolerance", "file", "passed", "failed", "largest deviation");
    let (mut passed, mut failed) = (0, 0);
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if DATA_SETS.contains(&name.as_str()) {
            println!("{name:<30}{:>16}  data of other files", "");
            continue;
        }
        let cases = match (test_of(&name), Case::read(&file)) {
            (Some(test), Ok(rows)) => rows.iter().map(|row| Case::run(row, folder, test)).collect(),
            (None, _) => vec![Case::failed("no such file of cases is known")],
            (_, Err(error)) => vec![Case::failed(&error.to_string())],
        };
        let bad = cases.iter().filter(|case| !case.failures.is_empty()).count();
        let deviation = cases.iter().map(|case| case.deviation).fold(0.0, f64::max);
        let tolerance = cases.iter().map(|case| case.tolerance).fold(0.0, f64::max);
        println!("{name:<30}{:>8}{bad:>8}  {deviation:>18.1e}  {tolerance:.0e}", cases.len() - bad);
        for case in &cases {
            for failure in &case.failures {
                println!("    {}: {failure}", case.id);
            }
        }
        passed += cases.len() - bad;
        failed += bad;
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed)
}
