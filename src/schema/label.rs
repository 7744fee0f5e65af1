//! Printed names in the languages of the register.

use serde::{Deserialize, Serialize};

/// The languages that a report can be printed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Language {
    /// Norwegian bokmål: decimal comma, thin space between thousands.
    #[default]
    Bokmal,
    /// English: decimal point, comma between thousands.
    English,
}

impl Language {
    /// The language tag of HTML and SVG (`nb`, `en`).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::English => "en",
        }
    }
}

/// A printed name in every language. Labels are data: nothing in them is ever expanded or interpreted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    nb: String,
    en: String,
}

impl Label {
    /// A label from its bokmål and its English form.
    pub fn new(nb: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nb: nb.into(), en: en.into() }
    }

    /// The same text in every language: proper names, years.
    pub fn same(text: impl Into<String>) -> Self {
        let nb = text.into();
        Self { en: nb.clone(), nb }
    }

    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Bokmal => &self.nb,
            Language::English => &self.en,
        }
    }

    /// `Ventetid (dager)`.
    pub(crate) fn with_unit(&self, unit: &Self) -> Self {
        Self { nb: format!("{} ({})", self.nb, unit.nb), en: format!("{} ({})", self.en, unit.en) }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.nb.trim().is_empty() || self.en.trim().is_empty()
    }
}
