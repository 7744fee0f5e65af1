//! The forms as files: semicolon-separated text with decimal comma, or Parquet.
//!
//! A file appears whole or not at all: it is written under a temporary name beside its place, then renamed.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, ParquetWriter};
use tempfile::NamedTempFile;

use crate::generate::FormTable;

/// File format.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    Csv,
    Parquet,
}

/// Writes a form into a folder that exists; gives the path.
///
/// # Errors
/// When the file cannot be written or renamed.
pub fn form(folder: &Path, table: FormTable, format: Format) -> Result<PathBuf, Box<dyn Error>> {
    let ending = match format {
        Format::Csv => "csv",
        Format::Parquet => "parquet",
    };
    let path = folder.join(format!("{}.{ending}", table.name));
    let mut file = NamedTempFile::new_in(folder)?;
    match format {
        Format::Csv => csv(file.as_file_mut(), &table)?,
        Format::Parquet => parquet(file.as_file_mut(), table)?,
    }
    file.persist(&path)?;
    Ok(path)
}

fn csv(file: &mut std::fs::File, table: &FormTable) -> std::io::Result<()> {
    let mut out = BufWriter::new(file);
    writeln!(out, "{}", table.columns.join(";"))?;
    for row in &table.rows {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                out.write_all(b";")?;
            }
            if cell.contains([';', '"', '\n', '\r']) {
                write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
            } else {
                out.write_all(cell.as_bytes())?;
            }
        }
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Every column stays text: what a cell means is the codebook's to say.
fn parquet(file: &mut std::fs::File, table: FormTable) -> Result<(), Box<dyn Error>> {
    let height = table.rows.len();
    let mut columns: Vec<Vec<String>> = table.columns.iter().map(|_| Vec::with_capacity(height)).collect();
    for row in table.rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let named = table.columns.iter().zip(columns);
    let named: Vec<Column> = named.map(|(name, cells)| Column::new((*name).into(), cells)).collect();
    let mut frame = DataFrame::new(height, named)?;
    ParquetWriter::new(file).finish(&mut frame)?;
    Ok(())
}
