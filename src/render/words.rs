//! Every printed word of the crate, one file per language. No other file holds text that readers see.

mod en;
mod nb;

use crate::schema::{Date, Head, Language, Note};

/// The fixed words of one language.
pub(crate) struct Words {
    /// A protected number, in words.
    pub(crate) protected: &'static str,
    pub(crate) protected_explained: &'static str,
    pub(crate) unreliable: &'static str,
    pub(crate) unreliable_explained: &'static str,
    pub(crate) low_coverage: &'static str,
    pub(crate) low_coverage_short: &'static str,
    pub(crate) low_coverage_explained: &'static str,
    pub(crate) not_applicable: &'static str,
    pub(crate) not_applicable_explained: &'static str,
    /// The head of the column of row kinds in data files.
    pub(crate) row_kind: &'static str,
    pub(crate) item: &'static str,
    pub(crate) subtotal: &'static str,
    pub(crate) total: &'static str,
    /// The two limits of a range in data files.
    pub(crate) lower: &'static str,
    pub(crate) upper: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) table: &'static str,
    pub(crate) figure: &'static str,
    pub(crate) about_privacy: &'static str,
    /// The fold under a figure.
    pub(crate) numbers_of_the_figure: &'static str,
    pub(crate) request: &'static str,
    pub(crate) requester: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) extracted: &'static str,
    pub(crate) policy: &'static str,
    /// Head of the numbers in a chart's margin.
    pub(crate) n: &'static str,
    pub(crate) goal_reached: &'static str,
    pub(crate) minimum_reached: &'static str,
    /// A chart where nothing can be drawn.
    pub(crate) nothing_to_draw: &'static str,
}

/// The words of a language.
pub(crate) fn words(language: Language) -> &'static Words {
    match language {
        Language::Bokmal => &nb::WORDS,
        Language::English => &en::WORDS,
    }
}

/// The head of a column of numbers.
pub(crate) fn head(head: Head, language: Language) -> String {
    match language {
        Language::Bokmal => nb::head(head),
        Language::English => en::head(head),
    }
}

/// A note as full sentences.
pub(crate) fn note(note: &Note, language: Language) -> String {
    match language {
        Language::Bokmal => nb::note(note),
        Language::English => en::note(note),
    }
}

/// What a report says about privacy; it names no hidden number and says of none why it is hidden.
pub(crate) fn privacy(threshold: u64, language: Language) -> String {
    match language {
        Language::Bokmal => nb::privacy(threshold),
        Language::English => en::privacy(threshold),
    }
}

/// When a request came and until when it is answered in time.
pub(crate) fn request_received(id: &str, received: Date, due: Date, language: Language) -> String {
    match language {
        Language::Bokmal => nb::request_received(id, received, due),
        Language::English => en::request_received(id, received, due),
    }
}

/// The confidence interval in a chart's key: `95 % konfidensintervall`.
pub(crate) fn confidence_interval(percent: f64, language: Language) -> String {
    match language {
        Language::Bokmal => nb::confidence_interval(percent),
        Language::English => en::confidence_interval(percent),
    }
}

/// What a chart shows, for those who do not see it.
pub(crate) struct Depicted<'c> {
    pub(crate) title: &'c str,
    pub(crate) picture: Picture,
    /// How many rows have a number in the current series.
    pub(crate) shown: u64,
    /// Name and printed value of the total.
    pub(crate) total: Option<(&'c str, String)>,
    pub(crate) some_hidden: bool,
}

/// The sort of picture, as an alternative text names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    BarPerUnit,
    PointPerUnit,
    PointsOverTimes,
    Bars,
    Lines,
}

/// The alternative text of a chart.
pub(crate) fn alt_text(depicted: &Depicted<'_>, language: Language) -> String {
    match language {
        Language::Bokmal => nb::alt_text(depicted),
        Language::English => en::alt_text(depicted),
    }
}

/// `a`, `a og b`, `a, b og c`.
fn listed(items: &[String], last: &str) -> String {
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, before)) => format!("{} {last} {end}", before.join(", ")),
    }
}

/// The sentence with a full stop, if it ends without a mark.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_speech() {
        let items = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(listed(&items(&["a"]), "og"), "a");
        assert_eq!(listed(&items(&["a", "b"]), "og"), "a og b");
        assert_eq!(listed(&items(&["a", "b", "c"]), "eller"), "a, b eller c");
    }

    #[test]
    fn the_privacy_paragraph_states_the_threshold() {
        for language in [Language::Bokmal, Language::English] {
            assert!(privacy(5, language).contains('5'));
        }
    }
}
