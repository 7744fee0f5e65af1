//! What is computed per cell.

use serde::Deserialize;

use crate::cohort::{Condition, Indicator, Indicators, Time};
use crate::error::Error;
use crate::schema::Label;
use crate::stats::ProportionMethod;

/// One statistic of a table or chart, with what is printed beside it.
///
/// A statistic has its denominator in its definition: `share(condition)` is of those of whom the condition is known,
/// a mean is of those with a value, a change of complete pairs. The number it rests on is always printed with it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Statistic {
    pub(super) kind: StatisticKind,
    #[serde(default)]
    pub(super) label: Option<Label>,
    #[serde(default)]
    pub(super) interval: bool,
    /// How the limits of a share are found; Wilson's if not said.
    #[serde(default)]
    pub(super) interval_method: Option<ProportionMethod>,
    #[serde(default)]
    pub(super) deviation: bool,
    #[serde(default = "yes")]
    pub(super) n: bool,
    /// The definition that a share was made from.
    #[serde(skip)]
    pub(super) indicator: Option<Box<Indicator>>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum StatisticKind {
    Count,
    Patients,
    Share(Condition),
    /// An indicator by its name, until the plan is given the definitions.
    Indicator(String),
    ShareOfColumn,
    ShareOfRow,
    Mean {
        of: String,
        #[serde(default)]
        at: Time,
        #[serde(default)]
        among: Vec<Time>,
    },
    Median {
        of: String,
        #[serde(default)]
        at: Time,
        #[serde(default)]
        among: Vec<Time>,
    },
    MeanChange {
        of: String,
        times: (Time, Time),
    },
    /// Mean change over the standard deviation of the changes.
    StandardisedResponseMean {
        of: String,
        times: (Time, Time),
    },
    /// Mean change over the standard deviation of the first scores.
    EffectSize {
        of: String,
        times: (Time, Time),
    },
}

impl Statistic {
    fn new(kind: StatisticKind) -> Self {
        Self {
            kind,
            label: None,
            interval: false,
            interval_method: None,
            deviation: false,
            n: true,
            indicator: None,
        }
    }

    /// At which time a mean or median is taken; at the visit if not said.
    #[must_use]
    pub fn at(mut self, time: Time) -> Self {
        if let StatisticKind::Mean { at, .. } | StatisticKind::Median { at, .. } = &mut self.kind {
            *at = time;
        }
        self
    }

    /// Only of those who can be scored at all these times: complete pairs, complete triples.
    #[must_use]
    pub fn among(mut self, times: impl IntoIterator<Item = Time>) -> Self {
        if let StatisticKind::Mean { among, .. } | StatisticKind::Median { among, .. } = &mut self.kind {
            *among = times.into_iter().collect();
        }
        self
    }

    /// Prints the 95 % confidence interval: Wilson's for shares, Student's t for means, order statistics for medians.
    #[must_use]
    pub fn ci(mut self) -> Self {
        self.interval = true;
        self
    }

    /// Prints the 95 % confidence interval of a share by another method; what is printed stays within 0 and 100 %.
    ///
    /// ```
    /// use registat::{Condition, ProportionMethod, share};
    ///
    /// let women = share(Condition::level("sex", [2])).ci_by(ProportionMethod::ClopperPearson);
    /// # let _ = women;
    /// ```
    #[must_use]
    pub fn ci_by(mut self, method: ProportionMethod) -> Self {
        self.interval = true;
        self.interval_method = Some(method);
        self
    }

    /// Refuses what belongs to another kind of statistic.
    pub(super) fn validate(&self) -> Result<(), Error> {
        use StatisticKind as K;
        let is_share = matches!(self.kind, K::Share(_) | K::Indicator(_) | K::ShareOfColumn | K::ShareOfRow);
        let is_mean = matches!(self.kind, K::Mean { .. } | K::MeanChange { .. });
        if self.interval_method.is_some() && !is_share {
            return Err(Error::cube("`interval_method` belongs to a share"));
        }
        if self.interval && !is_share && !is_mean && !matches!(self.kind, K::Median { .. }) {
            return Err(Error::cube("an interval is of a share, a mean, a change or a median"));
        }
        if self.deviation && !is_mean {
            return Err(Error::cube("a standard deviation stands beside a mean or a change"));
        }
        Ok(())
    }

    /// Prints the standard deviation beside a mean.
    #[must_use]
    pub fn sd(mut self) -> Self {
        self.deviation = true;
        self
    }

    /// Leaves out the number that the statistic rests on, where another column of the same table shows it.
    #[must_use]
    pub fn without_n(mut self) -> Self {
        self.n = false;
        self
    }

    /// Puts the definition in the place of an indicator's name.
    pub(super) fn define(&mut self, indicators: &Indicators) -> Result<(), Error> {
        if let StatisticKind::Indicator(id) = &self.kind {
            let indicator = indicators.get(id)?;
            self.kind = StatisticKind::Share(indicator.condition());
            self.indicator = Some(Box::new(indicator.clone()));
        }
        Ok(())
    }

    /// Names the statistic in the head of its columns.
    #[must_use]
    pub fn labelled(mut self, label: Label) -> Self {
        self.label = Some(label);
        self
    }
}

/// How many courses, patients or forms, by the table's unit of analysis.
pub fn count() -> Statistic {
    Statistic::new(StatisticKind::Count)
}

/// How many distinct patients, whatever the table's unit of analysis.
pub fn patients() -> Statistic {
    Statistic::new(StatisticKind::Patients)
}

/// The share of whom a condition is true, among those of whom it is known.
pub fn share(of: Condition) -> Statistic {
    Statistic::new(StatisticKind::Share(of))
}

/// The share that reached an indicator, of those in its denominator; printed with the indicator's definition.
///
/// ```
/// use registat::{Indicators, Table, dim, indicator};
///
/// let indicators = Indicators::open("data-samples/nnrr/indicators.toml")?;
/// let points = indicators.get("odi_improved_points")?;
/// let percent = indicators.get("odi_improved_percent")?;
/// // Two definitions of the same thing, side by side.
/// let table = Table::new("odi_improved")
///     .rows(dim("sex").total())
///     .visits(points.window(2025))
///     .stat(indicator(points).ci().labelled(points.label().clone()))
///     .stat(indicator(percent).ci().labelled(percent.label().clone()));
/// # let _ = table;
/// # Ok::<(), registat::Error>(())
/// ```
pub fn indicator(indicator: &Indicator) -> Statistic {
    Statistic {
        indicator: Some(Box::new(indicator.clone())),
        ..Statistic::new(StatisticKind::Share(indicator.condition()))
    }
}

/// The share that a row is of its column, among those with a known row.
pub fn share_of_column() -> Statistic {
    Statistic::new(StatisticKind::ShareOfColumn)
}

/// The share that a column is of its row, among those with a known column.
pub fn share_of_row() -> Statistic {
    Statistic::new(StatisticKind::ShareOfRow)
}

/// The mean of an instrument's score or of a whole-number variable.
pub fn mean(of: impl Into<String>) -> Statistic {
    Statistic::new(StatisticKind::Mean { of: of.into(), at: Time::BASELINE, among: Vec::new() })
}

/// Median and quartiles (type 7) of an instrument's score or of a whole-number variable.
pub fn median(of: impl Into<String>) -> Statistic {
    Statistic::new(StatisticKind::Median { of: of.into(), at: Time::BASELINE, among: Vec::new() })
}

/// The mean of the second score minus the first, of complete pairs.
pub fn mean_change(of: impl Into<String>, from: Time, to: Time) -> Statistic {
    Statistic::new(StatisticKind::MeanChange { of: of.into(), times: (from, to) })
}

/// The mean change over the standard deviation of the changes, of complete pairs: SRM, also called `d_z` (Liang, Fossel and
/// Larson 1990, Med Care 28:632). No unit; negative where lower is better and patients improve.
pub fn standardised_response_mean(of: impl Into<String>, from: Time, to: Time) -> Statistic {
    Statistic::new(StatisticKind::StandardisedResponseMean { of: of.into(), times: (from, to) })
}

/// The mean change over the standard deviation of the first scores, of complete pairs (Kazis, Anderson and Meenan 1989, Med
/// Care 27:S178). No unit; negative where lower is better and patients improve.
pub fn effect_size(of: impl Into<String>, from: Time, to: Time) -> Statistic {
    Statistic::new(StatisticKind::EffectSize { of: of.into(), times: (from, to) })
}
