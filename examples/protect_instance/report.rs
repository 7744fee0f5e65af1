//! What is told about a pattern: figures on aligned lines, and the pattern itself as a CSV file.

use std::path::Path;
use std::time::Duration;

use registat::Pattern;

use super::instance::file::write_whole;
use super::instance::{Instance, Outcome};

/// The figures of a pattern, one on each line, always the same lines in the same order.
pub fn summary(instance: &Instance, pattern: &Pattern, read_time: Duration) -> String {
    let seconds = |time: Duration| format!("{:.3}", time.as_secs_f64());
    let hidden = instance.counts.iter().zip(pattern.hidden()).filter(|(_, hidden)| **hidden);
    let hidden_sum: u128 = hidden.map(|(count, _)| u128::from(*count)).sum();
    let lines = [
        ("cells", instance.counts.len().to_string()),
        ("equations", instance.equations.to_string()),
        ("primaries", pattern.primary().count().to_string()),
        ("secondaries", pattern.secondary().count().to_string()),
        ("hidden sum", hidden_sum.to_string()),
        ("seconds to read", seconds(read_time)),
        ("seconds to choose", seconds(pattern.choice_time())),
        ("seconds for intervals", seconds(pattern.interval_time())),
        ("proven", pattern.proven().to_string()),
        ("narrow (bounded)", pattern.narrow().len().to_string()),
        ("worlds", pattern.worlds().to_string()),
        ("lower bound", pattern.lower_bound().to_string()),
        ("proven optimal", if pattern.is_optimal() { "yes" } else { "no" }.to_owned()),
    ];
    lines.iter().map(|(name, figure)| format!("{name:<22}{figure:>14}\n")).collect()
}

/// Writes one row for each cell: its nodes, its count or value, whether it is sensitive and whether it is hidden.
///
/// # Errors
/// When the file cannot be written.
pub fn write_pattern(path: &Path, instance: &Instance, pattern: &Pattern) -> Outcome<()> {
    let mut primary = vec![false; instance.counts.len()];
    for cell in pattern.primary() {
        if let Some(is_primary) = primary.get_mut(cell) {
            *is_primary = true;
        }
    }
    let amount = if instance.is_magnitude() { "value" } else { "count" };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(instance.names.iter().map(String::as_str).chain([
        amount,
        "primary",
        "suppressed",
    ]))?;
    let cells = instance.counts.iter().zip(&primary).zip(pattern.hidden());
    for (cell, ((count, is_primary), is_hidden)) in cells.enumerate() {
        let figures =
            [count.to_string(), u8::from(*is_primary).to_string(), u8::from(*is_hidden).to_string()];
        writer.write_record(instance.labels(cell).chain(figures.iter().map(String::as_str)))?;
    }
    let content =
        writer.into_inner().map_err(|_| format!("{}: the pattern is incomplete", path.display()))?;
    write_whole(path, &content)
}
