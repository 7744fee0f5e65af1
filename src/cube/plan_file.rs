//! A plan as TOML: the tables and charts of a report or request file. The rest of such a file is `report`'s business.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::chart::Chart;
use super::sheet::Plan;
use super::table::Table;
use crate::error::Error;
use crate::schema::specification;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    #[serde(default)]
    report: Option<Year>,
    #[serde(default, rename = "section")]
    _sections: IgnoredAny,
    #[serde(default, rename = "request")]
    _request: IgnoredAny,
    #[serde(default, rename = "table")]
    tables: Vec<Table>,
    #[serde(default, rename = "chart")]
    charts: Vec<Chart>,
}

/// The one key of the report's head that tables need: the year from which their periods count back.
#[derive(Deserialize)]
struct Year {
    year: i32,
}

impl Plan {
    /// Reads the `[[table]]` and `[[chart]]` entries of a report or request. Periods whose year is 0 or less count back
    /// from the `year` of `[report]`.
    ///
    /// # Errors
    /// An unknown key, kind or form of an entry, with its line.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let file: PlanFile = toml::from_str(text).map_err(|error| Error::toml(Error::cube, text, &error))?;
        let mut plan = Self { tables: file.tables, charts: file.charts };
        if let Some(Year { year }) = file.report {
            for table in &mut plan.tables {
                table.set_report_year(year);
            }
            for chart in &mut plan.charts {
                chart.set_report_year(year);
            }
        }
        Ok(plan)
    }

    /// Reads a report or request file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_toml)
    }
}
