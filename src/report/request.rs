//! A request for anonymous statistics: who asks for what, what for, and until when an answer is due.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::annual;
use super::page::Page;
use crate::error::Error;
use crate::protect::Release;
use crate::render::{request_received, words};
use crate::schema::{Date, Label, Language, specification};
use crate::whole_file;

/// The formal part of a request. Its tables stand in the same file and are read by [`Plan::open`](crate::Plan::open).
///
/// A request is answered by statistics only: there is no way from here to a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    request: Front,
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
    purpose: Label,
    requester: String,
    received: Date,
    contact: String,
    extracted: Option<Date>,
}

/// Days within which the register must answer (regulation on medical quality registers, section 4-5).
const DAYS_TO_ANSWER: u32 = 30;

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// An unknown key, or a request without a stated purpose.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let request: Self = toml::from_str(text).map_err(|error| Error::toml(Error::report, text, &error))?;
        if request.request.purpose.is_blank() {
            return Err(Error::report("a request states its purpose, in every language"));
        }
        Ok(request)
    }

    /// Reads a request file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_toml)
    }

    /// The name of the request, as the ledger calls it.
    pub fn id(&self) -> &str {
        &self.request.id
    }

    /// The day the data were drawn.
    pub fn extracted(&self) -> Option<Date> {
        self.request.extracted
    }

    /// The last day on which an answer is in time.
    pub fn due(&self) -> Date {
        (0..DAYS_TO_ANSWER).fold(self.request.received, |day, _| day.day_after())
    }

    /// The answer as one page: purpose, tables with their definitions, privacy, source.
    pub fn to_html(&self, release: &Release, language: Language) -> String {
        let front = &self.request;
        let words = words(language);
        let mut page = Page::new(&front.title, None, release.heading(), language);
        page.chapter_called(words.request);
        page.paragraph(&request_received(&front.id, front.received, self.due(), language));
        page.paragraph(&format!("{}: {}.", words.requester, front.requester));
        page.paragraph(&format!("{}: {}", words.purpose, front.purpose.text(language)));
        page.paragraph(&format!("{}: {}", words.contact, front.contact));
        for (number, table) in (1..).zip(release.tables()) {
            page.table(table.id(), number, &table.to_html(language));
        }
        page.finish(release.heading())
    }

    /// Writes the answer (`answer.html`) and each table as files of its own.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(
        &self,
        release: &Release,
        folder: impl AsRef<Path>,
        language: Language,
    ) -> Result<(), Error> {
        let folder = folder.as_ref();
        for table in release.tables() {
            annual::write_table(folder, table, language)?;
        }
        whole_file::write(&folder.join("answer.html"), self.to_html(release, language).as_bytes())
    }
}
