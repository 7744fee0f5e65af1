//! Times of several engines as a figure: a run is a course, so that the crate's own counting and charts draw it. A line that stays
//! level is a cost that grows as the rows do.

use std::error::Error;
use std::path::Path;

use registat::polars::prelude::{Column, DataFrame};
use registat::{
    Chart, ChartKind, Codebook, Condition, FlatTable, Label, Language, LargeCohort, Plan, Policy, SeriesSpec,
    dim, mean,
};

const ENGINES: [&str; 3] = ["registat", "polars", "DuckDB"];

/// Draws what `benches/other_engines/compare.py` wrote.
pub fn draw(runs: &Path, picture: &Path) -> Result<(), Box<dyn Error>> {
    let cohort = LargeCohort::new(Codebook::from_toml(include_str!("runs.toml"))?);
    let title = Label::new(
        "Millisekunder per million rader: seks mål med median og kvartiler i 3 600 grupper, fra Parquet",
        "Milliseconds per million rows: six measures with median and quartiles in 3,600 groups, from Parquet",
    );
    let mut chart = Chart::new("large_cohort", ChartKind::Trend).title(title).rows(dim("millions"));
    for (code, engine) in (1..).zip(ENGINES) {
        let series = SeriesSpec::new(Label::same(engine), mean("time"));
        chart = chart.series(series.only(Condition::level("engine", [code])));
    }
    let counting = cohort.one_course_per_patient().without_units().count(Plan::new().chart(chart))?;
    let cube = counting.run(FlatTable::frame(read(runs)?)?)?.into_cube()?;
    // Two runs are no secret; fewer are no measurement.
    let release = cube.protect(&Policy::threshold_of(2)?)?;
    std::fs::write(picture, release.chart("large_cohort")?.to_png(Language::English, 2.0)?)?;
    Ok(())
}

fn read(runs: &Path) -> Result<DataFrame, Box<dyn Error>> {
    let (mut engines, mut millions, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for run in csv::ReaderBuilder::new().delimiter(b';').from_path(runs)?.deserialize() {
        let (engine, rows, seconds, _megabytes): (String, f64, f64, u64) = run?;
        let code = ENGINES.iter().position(|known| *known == engine).ok_or("an unknown engine")?;
        engines.push(code as i64 + 1);
        millions.push((rows / 1e6) as i64);
        times.push((1000.0 * seconds / (rows / 1e6)).round() as i64);
    }
    let columns = [("engine", engines), ("millions", millions), ("time", times)];
    let columns = columns.map(|(name, numbers)| Column::new(name.into(), numbers));
    Ok(DataFrame::new_infer_height(columns.to_vec())?)
}
