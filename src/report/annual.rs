//! The annual report: a page, and every table and figure as files of their own.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::figure;
use super::page::Page;
use super::section::{Item, Section};
use crate::error::Error;
use crate::observer::Observer;
use crate::protect::{Release, ReleasedChart, ReleasedTable};
use crate::render::CsvDialect;
use crate::schema::{Date, Label, Language, specification};
use crate::whole_file;

/// A report's title, year and chapters. Its tables and charts stand in the same file and are read by
/// [`Plan::open`](crate::Plan::open): a report sees them only once they are released.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    report: Front,
    #[serde(default, rename = "section")]
    sections: Vec<Section>,
    #[serde(default, rename = "indicators")]
    _indicators: IgnoredAny,
    #[serde(default, rename = "indicator")]
    _indicator: IgnoredAny,
    #[serde(default, rename = "table")]
    _tables: IgnoredAny,
    #[serde(default, rename = "chart")]
    _charts: IgnoredAny,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    id: String,
    title: Label,
    subtitle: Option<Label>,
    year: i32,
    extracted: Option<Date>,
    notice: Option<Label>,
}

/// How many times larger than its design a figure's PNG is drawn: enough for print.
const PNG_SCALE: f32 = 2.0;

impl Report {
    /// Reads a report's specification.
    ///
    /// # Errors
    /// An unknown key, or a chapter that names the same table or figure twice.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let report: Self = toml::from_str(text).map_err(|error| Error::toml(Error::report, text, &error))?;
        let mut seen = std::collections::BTreeSet::new();
        for id in report.sections.iter().flat_map(Section::names) {
            if !seen.insert(id) {
                return Err(Error::report(format!("`{id}` stands in two places of the report")));
            }
        }
        Ok(report)
    }

    /// Reads a report's specification file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_toml)
    }

    /// The name of the report, as files and the ledger call it.
    pub fn id(&self) -> &str {
        &self.report.id
    }

    /// The report's year.
    pub fn year(&self) -> i32 {
        self.report.year
    }

    /// The day the data were drawn.
    pub fn extracted(&self) -> Option<Date> {
        self.report.extracted
    }

    /// The chapters.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The whole report as one page.
    ///
    /// # Errors
    /// When a chapter names a table or figure that the release lacks, or a figure cannot be drawn.
    pub fn to_html(&self, release: &Release, language: Language) -> Result<String, Error> {
        let front = &self.report;
        let mut page = Page::new(&front.title, front.subtitle.as_ref(), release.heading(), language);
        if let Some(notice) = &front.notice {
            page.notice(notice);
        }
        let (mut tables, mut figures) = (0, 0);
        for section in &self.sections {
            page.chapter(section.title());
            for paragraph in section.text() {
                page.paragraph(paragraph.text(language));
            }
            for item in section.items(release)? {
                match item {
                    Item::Table(table) => {
                        tables += 1;
                        page.table(table.id(), tables, &table.to_html(language));
                    }
                    Item::Figure(chart) => {
                        figures += 1;
                        page.element(&figure::html(chart, figures, language)?);
                    }
                }
            }
        }
        Ok(page.finish(release.heading()))
    }

    /// Writes the page (`index.html`) and, under `tables/` and `figures/`, each table and figure under its own name: tables
    /// as text, Markdown, HTML and CSV, figures as SVG and PNG with their numbers as CSV.
    ///
    /// Every file is written under a temporary name and renamed; a page that cannot be made leaves the folder as it was.
    ///
    /// # Errors
    /// As [`to_html`](Self::to_html), and when a file cannot be written.
    pub fn write(
        &self,
        release: &Release,
        folder: impl AsRef<Path>,
        language: Language,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let folder = folder.as_ref();
        let page = self.to_html(release, language)?;
        let steps = release.tables().len() + release.charts().len() + 1;
        let mut done = 0;
        let mut step = |what: &str| {
            done += 1;
            observer.progress(what, done, steps);
        };
        for table in release.tables() {
            write_table(&folder.join("tables"), table, language)?;
            step(table.id());
        }
        for chart in release.charts() {
            write_figure(&folder.join("figures"), chart, language)?;
            step(chart.id());
        }
        whole_file::write(&folder.join("index.html"), page.as_bytes())?;
        step("index.html");
        Ok(())
    }
}

pub(super) fn write_table(folder: &Path, table: &ReleasedTable, language: Language) -> Result<(), Error> {
    let files = [
        ("txt", table.to_text(language)),
        ("md", table.to_markdown(language)),
        ("html", table.to_html(language)),
        ("csv", table.to_csv(language, CsvDialect::Norwegian)),
        ("rfc4180.csv", table.to_csv(language, CsvDialect::Rfc4180)),
    ];
    for (ending, content) in files {
        whole_file::write(&folder.join(format!("{}.{ending}", table.id())), content.as_bytes())?;
    }
    Ok(())
}

fn write_figure(folder: &Path, chart: &ReleasedChart, language: Language) -> Result<(), Error> {
    let file = |ending: &str| folder.join(format!("{}.{ending}", chart.id()));
    whole_file::write(&file("svg"), chart.to_svg(language)?.as_bytes())?;
    whole_file::write(&file("png"), &chart.to_png(language, PNG_SCALE)?)?;
    let numbers = chart.table().to_csv(language, CsvDialect::Norwegian);
    whole_file::write(&file("csv"), numbers.as_bytes())
}
