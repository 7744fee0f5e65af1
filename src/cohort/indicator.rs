//! Quality indicators as data: what is counted among whom, what a unit should reach, and which year a course belongs to.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::condition::Condition;
use super::window::Window;
use crate::error::{Error, unknown};
use crate::schema::{Date, Goal, Label, specification};

/// One definition of a quality indicator. Two definitions of the same thing stand side by side under two names, and
/// each is printed with its own words and source.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    id: String,
    label: Label,
    /// In words, without numbers of patients.
    definition: Label,
    numerator: Condition,
    /// Everyone of whom the numerator is known, if not said.
    denominator: Option<Condition>,
    higher_is_better: bool,
    /// In percent.
    minimum: Option<f64>,
    /// In percent.
    goal: Option<f64>,
    #[serde(default)]
    dated_by: Dating,
    /// The first visit that the definition holds for.
    valid_from: Option<Date>,
    /// The last one.
    valid_until: Option<Date>,
    /// Where the definition stands.
    source: String,
}

/// Which year of an indicator a course belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dating {
    /// The year of the visit.
    #[default]
    Visit,
    /// The year in which the follow-up some months after the visit was due.
    FollowUp(u32),
}

/// The indicators of a register, from a file with one `[[indicator]]` for each definition.
///
/// ```
/// use registat::{Indicators, Window};
///
/// let indicators = Indicators::open("data-samples/nnrr/indicators.toml")?;
/// let improved = indicators.get("odi_improved_points")?;
/// // A result at six months belongs to the year in which the six months had passed.
/// assert_eq!(improved.window(2025), Window::DueYear { year: 2025, months: 6 });
/// assert!(indicators.get("odi_improved").is_err());
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    #[serde(default, rename = "indicator")]
    all: Vec<Indicator>,
}

impl Indicators {
    /// Reads and checks definitions.
    ///
    /// # Errors
    /// An unknown key, two definitions of one name, a limit that is no percentage, a minimum beyond the goal, a validity that
    /// ends before it begins.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let read: Self = toml::from_str(text).map_err(|error| Error::toml(Error::cohort, text, &error))?;
        read.checked()
    }

    /// Reads and checks a file of definitions.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and when the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        specification::read(path.as_ref(), Self::from_toml)
    }

    /// Definitions already read as part of another file.
    pub(crate) fn of(all: Vec<Indicator>) -> Result<Self, Error> {
        Self { all }.checked()
    }

    /// The definition of this name.
    ///
    /// # Errors
    /// An unknown name, with the nearest known one.
    pub fn get(&self, id: &str) -> Result<&Indicator, Error> {
        let known = || self.all.iter().map(|indicator| indicator.id.as_str());
        let found = self.all.iter().find(|indicator| indicator.id == id);
        found.ok_or_else(|| Error::cohort(unknown("indicator", id, known())))
    }

    /// All definitions, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Indicator> {
        self.all.iter()
    }

    fn checked(self) -> Result<Self, Error> {
        let mut seen = BTreeSet::new();
        for indicator in &self.all {
            if !seen.insert(&indicator.id) {
                return Err(Error::cohort(format!("two indicators are called `{}`", indicator.id)));
            }
            indicator.check()?;
        }
        Ok(self)
    }
}

impl Indicator {
    /// The name that specifications use.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The definition in words.
    pub fn definition(&self) -> &Label {
        &self.definition
    }

    /// Where the definition stands.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Who counts as reached: true, false or, outside the denominator, unknown.
    pub fn condition(&self) -> Condition {
        match &self.denominator {
            None => self.numerator.clone(),
            Some(of) => {
                Condition::Among { holds: Box::new(self.numerator.clone()), of: Box::new(of.clone()) }
            }
        }
    }

    /// What a unit should reach; `None` where the register has set no goal.
    pub fn goal(&self) -> Option<Goal> {
        let (minimum, higher_is_better) = (self.minimum, self.higher_is_better);
        self.goal.map(|goal| Goal { minimum, goal, higher_is_better })
    }

    /// The visits of one year of the indicator, by its dating rule.
    pub fn window(&self, year: i32) -> Window {
        match self.dated_by {
            Dating::Visit => Window::VisitYear(year),
            Dating::FollowUp(months) => Window::DueYear { year, months },
        }
    }

    /// Refuses visits that the definition does not hold for. `None` stands for all visits.
    pub(crate) fn holds_for(&self, visits: Option<(Date, Date)>) -> Result<(), Error> {
        let is_early = self.valid_from.is_some_and(|from| visits.is_none_or(|(first, _)| first < from));
        let is_late = self.valid_until.is_some_and(|until| visits.is_none_or(|(_, last)| last > until));
        if is_early || is_late {
            let text = |date: Option<Date>| date.map_or_else(|| "..".to_owned(), |date| date.to_string());
            return Err(Error::cohort(format!(
                "the indicator `{}` is defined for visits from {} to {}; state a window within, or another definition",
                self.id,
                text(self.valid_from),
                text(self.valid_until)
            )));
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |what: &str| Err(Error::cohort(format!("the indicator `{}`: {what}", self.id)));
        let limits = [self.minimum, self.goal];
        if limits.iter().flatten().any(|limit| !(0.0..=100.0).contains(limit)) {
            return wrong("minimum and goal are percentages from 0 to 100");
        }
        if let (Some(minimum), Some(goal)) = (self.minimum, self.goal)
            && (if self.higher_is_better { minimum > goal } else { minimum < goal })
        {
            return wrong("the minimum asks for more than the goal");
        }
        if self.minimum.is_some() && self.goal.is_none() {
            return wrong("a minimum stands beside a goal");
        }
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && until < from
        {
            return wrong("its validity ends before it begins");
        }
        if self.source.trim().is_empty() {
            return wrong("state where the definition stands, as `source`");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPROVED: &str = r#"
        [[indicator]]
        id = "improved"
        label = { nb = "Bedre", en = "Improved" }
        definition = { nb = "Minst 10 poeng.", en = "At least 10 points." }
        numerator = { improved = { instrument = "odi", at_least = 10, times = [0, 6] } }
        higher_is_better = true
        minimum = 25
        goal = 30
        dated_by = { follow-up = 6 }
        valid_from = "2023-01-01"
        source = "Annual report"
    "#;

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert!(Indicators::from_toml(IMPROVED).is_ok());
        let refused = [
            ("goal = 30", "goal = 20"),
            ("goal = 30", "goal = 130"),
            ("goal = 30", ""),
            ("source = \"Annual report\"", "source = \" \""),
            ("higher_is_better = true", "higher_is_better = false"),
            ("valid_from = \"2023-01-01\"", "valid_from = \"2023-01-01\"\nvalid_until = \"2022-01-01\""),
        ];
        for (stated, changed) in refused {
            assert!(Indicators::from_toml(&IMPROVED.replace(stated, changed)).is_err(), "{changed}");
        }
        assert!(Indicators::from_toml(&format!("{IMPROVED}{IMPROVED}")).is_err(), "twice the same name");
    }

    #[test]
    fn visits_outside_the_validity_are_refused() {
        let indicators = Indicators::from_toml(IMPROVED).unwrap();
        let improved = indicators.get("improved").unwrap();
        let visits = |year| improved.window(year).visits().unwrap();
        assert!(improved.holds_for(visits(2025)).is_ok());
        assert!(improved.holds_for(visits(2023)).is_err(), "due in 2023 are visits from July 2022");
        assert!(improved.holds_for(None).is_err(), "all visits reach back further");
    }
}
