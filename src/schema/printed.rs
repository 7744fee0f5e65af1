//! The vocabulary of print: what a column holds, how a row stands, what is said under a table. No numbers of patients.

use serde::{Deserialize, Serialize};

use super::date::Date;
use super::label::Label;

/// What a column of numbers holds; `render` has the word for each in every language.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Head {
    /// Distinct patients.
    Patients,
    /// Courses of treatment.
    Courses,
    /// Forms.
    Forms,
    /// The number behind the statistic beside it.
    N,
    /// Percent of the denominator.
    Share,
    /// Arithmetic mean.
    Mean,
    /// Standard deviation (n - 1).
    StandardDeviation,
    /// Median (quantile type 7).
    Median,
    /// Lower to upper quartile (type 7).
    Quartiles,
    /// Mean of follow-up minus baseline.
    MeanChange,
    /// Mean change over the standard deviation of the changes.
    StandardisedResponseMean,
    /// Mean change over the standard deviation at baseline.
    EffectSize,
    /// Confidence interval at this level in percent.
    Interval {
        /// Level in percent, 95 for 95 %.
        percent: f64,
    },
}

/// How a row stands to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum RowKind {
    /// One level.
    Item,
    /// The sum of the items below it.
    Subtotal,
    /// Everything.
    Total,
}

/// What is printed under a table or chart: how its numbers came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Note {
    /// A definition in words, from the specification.
    Definition(Label),
    /// A quality indicator: its name, its definition and where that stands.
    Indicator {
        /// The printed name.
        label: Label,
        /// In words.
        definition: Label,
        /// Where the definition stands.
        source: String,
    },
    /// Visits from the first to the last day, both included; the limits asked for, never those observed.
    Visits {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// Follow-ups due between two days, some months after the visit.
    Due {
        /// Months after the visit.
        months: u32,
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// Every visit of the register.
    AllVisits,
    /// Each course counts.
    CountsCourses,
    /// Each patient counts once, with the newest course of the period.
    CountsPatients,
    /// Each form of this kind counts.
    CountsForms(Label),
    /// Only records where the variable has one of these levels.
    Only {
        /// The variable.
        variable: Label,
        /// The levels that are let in.
        levels: Vec<Label>,
    },
    /// Only patients who answered at all these times, in months after the visit (0 = baseline).
    AnsweredAt {
        /// The instrument.
        instrument: Label,
        /// Months after the visit.
        months: Vec<u32>,
    },
    /// Improved by at least this many points between two times.
    ImprovedByAtLeast {
        /// The instrument.
        instrument: Label,
        /// Points of its scale.
        points: f64,
        /// Months after the visit of the two answers.
        months: (u32, u32),
    },
    /// Improved by at least this percentage of the first value; undefined where that is zero.
    ImprovedByPercent {
        /// The instrument.
        instrument: Label,
        /// Percent of the first value.
        percent: f64,
        /// Months after the visit of the two answers.
        months: (u32, u32),
    },
    /// A score of at most this value.
    AtMost {
        /// The instrument.
        instrument: Label,
        /// Highest value that counts.
        points: f64,
        /// Months after the visit.
        months: u32,
    },
    /// A score of at least this value.
    AtLeast {
        /// The instrument.
        instrument: Label,
        /// Lowest value that counts.
        points: f64,
        /// Months after the visit.
        months: u32,
    },
    /// Scored with missing items rescaled, or only where all items are answered.
    MissingItems {
        /// The instrument.
        instrument: Label,
        /// The policy's name: `prorate_any`, `min8`, `max1_missing_prorate` or `complete`, for example.
        policy: String,
        /// The value set of an index, by country and year.
        value_set: Option<Label>,
    },
    /// How confidence limits of shares are found.
    ShareInterval {
        /// The method's name: `wilson`, `clopper_pearson`, for example.
        method: String,
    },
    /// Confidence limits of means are Student's t.
    StudentInterval,
    /// Confidence limits of medians are order statistics.
    MedianInterval,
    /// What a standardised response mean is.
    StandardisedResponseMean,
    /// What an effect size is.
    EffectSize,
    /// Tick boxes overlap: the shares do not add to 100.
    MultipleAnswers,
}

/// The figure kinds of an annual report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChartKind {
    /// One bar per unit for the last period, earlier periods as dots, the total in its own colour.
    UnitIndicator,
    /// One mean with its confidence interval per unit.
    UnitMeans,
    /// Means with confidence intervals at several times per unit.
    Times,
    /// Bars of a distribution, one group per series.
    Distribution,
    /// A line per series over periods, with confidence intervals.
    Trend,
}

/// The axis of values: its range comes from the instrument or is 0-100 %, never from the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Axis {
    pub(crate) label: Label,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    pub(crate) percent: bool,
    pub(crate) decimals: u8,
}

/// What a unit should reach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    pub(crate) minimum: Option<f64>,
    pub(crate) goal: f64,
    pub(crate) higher_is_better: bool,
}

impl Axis {
    /// The printed name.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The lower end.
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// The upper end.
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// Whether values are percentages.
    pub fn is_percent(&self) -> bool {
        self.percent
    }

    /// Decimals of the printed values.
    pub fn decimals(&self) -> u8 {
        self.decimals
    }
}

impl Goal {
    /// A goal, with the least that is acceptable.
    pub fn new(minimum: Option<f64>, goal: f64, higher_is_better: bool) -> Self {
        Self { minimum, goal, higher_is_better }
    }

    /// The value from which a result is acceptable.
    pub fn minimum(&self) -> Option<f64> {
        self.minimum
    }

    /// The value from which a result is good.
    pub fn goal(&self) -> f64 {
        self.goal
    }

    /// Whether results above the goal are the good ones.
    pub fn higher_is_better(&self) -> bool {
        self.higher_is_better
    }
}
