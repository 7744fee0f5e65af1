//! A plan as TOML: the tables and charts of a report or request file. The rest of such a file is `report`'s business.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::chart::Chart;
use super::sheet::Plan;
use super::table::Table;
use crate::cohort::{Indicator, Indicators};
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
    /// A file of definitions, beside this one.
    #[serde(default)]
    indicators: Option<PathBuf>,
    #[serde(default, rename = "indicator")]
    indicator: Vec<Indicator>,
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
    /// from the `year` of `[report]`. Indicators may be defined in place, as `[[indicator]]`; a file of them that the text
    /// names as `indicators` is read by [`open`](Self::open) only.
    ///
    /// # Errors
    /// An unknown key, kind or form of an entry, with its line; an indicator that is named and not defined.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        Self::read(text, None)
    }

    /// Reads a report or request file, and the file of indicators that it names.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when a file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        specification::read(path, |text| Self::read(text, path.parent()))
    }

    fn read(text: &str, folder: Option<&Path>) -> Result<Self, Error> {
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
        match (file.indicators, folder) {
            (Some(_), _) if !file.indicator.is_empty() => {
                Err(Error::cube("indicators are defined in place or in a file of their own, not both"))
            }
            (Some(name), Some(folder)) => plan.with_indicators(&Indicators::open(folder.join(name))?),
            // Without a folder the file cannot be found: its definitions come by `with_indicators`.
            (Some(_), None) => Ok(plan),
            (None, _) => plan.with_indicators(&Indicators::of(file.indicator)?),
        }
    }
}
