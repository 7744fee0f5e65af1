//! Synthetic courses: drawn independently, the same for the same number of rows, a tenth to a third of each measure missing.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use registat::polars::prelude::{
    Column, DataFrame, Float64Chunked, Int8Chunked, Int16Chunked, Int32Chunked, IntoColumn, NewChunkedArray,
    ParquetWriter, PolarsError,
};
use registat::{EqVersion, HealthState, ValueSet};

/// Rows of a row group.
const GROUP: u64 = 250_000;

/// Writes so many courses under a temporary name, which becomes the file when all are written.
pub fn write(file: &Path, rows: u64) -> Result<(), Box<dyn Error>> {
    let partial = file.with_extension("partial");
    let mut frames = frames(rows)?;
    let first = frames.next().ok_or("a file has at least one row")??;
    let writer = ParquetWriter::new(File::create(&partial)?).with_row_group_size(Some(GROUP as usize));
    let mut writer = writer.batched(first.schema())?;
    writer.write_batch(&first)?;
    for frame in frames {
        writer.write_batch(&frame?)?;
    }
    writer.finish()?;
    std::fs::rename(partial, file)?;
    Ok(())
}

/// So many courses, a row group at a time.
pub fn frames(rows: u64) -> Result<impl Iterator<Item = Result<DataFrame, PolarsError>>, Box<dyn Error>> {
    let mut draw = Draw::new()?;
    let firsts = (0..rows).step_by(GROUP as usize);
    Ok(firsts.map(move |first| draw.frame(first, (rows - first).min(GROUP), rows)))
}

/// A xorshift generator and the index of every state of health.
struct Draw {
    state: u64,
    indices: Vec<f64>,
}

impl Draw {
    fn new() -> Result<Self, Box<dyn Error>> {
        let mut indices = Vec::new();
        for state in 0..243_u32 {
            let level = |power: u32| (state / 3_u32.pow(power) % 3 + 1) as u8;
            let state =
                HealthState::new([level(0), level(1), level(2), level(3), level(4)], EqVersion::ThreeLevel)?;
            indices.push((ValueSet::UkTtoMvhA1.index(&state)?.to_f64() * 1000.0).round() / 1000.0);
        }
        Ok(Self { state: 0x9E37_79B9_7F4A_7C15, indices })
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) % limit
    }

    /// Bell-shaped between 0 and a highest value.
    fn bell(&mut self, highest: u64) -> u64 {
        (self.below(highest + 1) + self.below(highest + 1) + self.below(highest + 1)) / 3
    }

    /// Missing in so many of a hundred.
    fn unless_missing<T>(&mut self, percent: u64, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let is_missing = self.below(100) < percent;
        let value = value(self);
        (!is_missing).then_some(value)
    }

    fn frame(&mut self, first: u64, rows: u64, all: u64) -> Result<DataFrame, PolarsError> {
        let columns: Vec<Column> = vec![
            self.small("hospital", rows, |draw| 1 + draw.bell(24) as i8),
            self.small("procedure", rows, |draw| 1 + draw.below(6) as i8),
            self.small("sex", rows, |draw| 1 + draw.below(2) as i8),
            Int16Chunked::from_iter_values("year".into(), (0..rows).map(|_| 2014 + self.below(12) as i16))
                .into_column(),
            // Two and a half courses for each patient, years apart.
            Int32Chunked::from_iter_values(
                "patient_key".into(),
                (first..first + rows).map(|_| self.below((all * 2 / 5).max(1)) as i32),
            )
            .into_column(),
            self.score("odi", rows, 10, |draw| 2 * draw.bell(50) as i16),
            self.score("ndi", rows, 36, |draw| 2 * draw.bell(50) as i16),
            self.score("eq_vas", rows, 20, |draw| draw.bell(100) as i16),
            self.score("pain_back", rows, 12, |draw| draw.bell(10) as i16),
            self.score("pain_leg", rows, 15, |draw| draw.bell(10) as i16),
            Float64Chunked::from_iter_options(
                "eq5d".into(),
                (0..rows).map(|_| {
                    self.unless_missing(25, |draw| draw.bell(242) as usize)
                        .and_then(|state| self.indices.get(state).copied())
                }),
            )
            .into_column(),
        ];
        DataFrame::new(rows as usize, columns)
    }

    fn small(&mut self, name: &str, rows: u64, value: impl Fn(&mut Self) -> i8) -> Column {
        Int8Chunked::from_iter_values(name.into(), (0..rows).map(|_| value(self))).into_column()
    }

    fn score(&mut self, name: &str, rows: u64, percent: u64, value: impl Fn(&mut Self) -> i16) -> Column {
        let scores = (0..rows).map(|_| self.unless_missing(percent, &value));
        Int16Chunked::from_iter_options(name.into(), scores).into_column()
    }
}
