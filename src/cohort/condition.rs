//! Conditions on a course: filters, numerators and denominators, all as data.

use serde::{Deserialize, Deserializer, Serialize};

use super::time::Time;

/// Something that is true, false or unknown of a course. Unknown is never counted as false: a share leaves those courses
/// out of its denominator.
///
/// In TOML: `{ level = { variable = "sex", is = [2] } }`, `{ improved = { instrument = "odi", at_least = 10, times = [0,
/// 6] } }`, `{ all = [ ... ] }`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Condition {
    /// A variable has one of these codes; unknown where it is missing.
    Level {
        /// The variable's name in the codebook.
        variable: String,
        /// The codes.
        is: Vec<i64>,
        /// When it was asked.
        #[serde(default)]
        at: Time,
    },
    /// A whole-number variable lies within these limits, both included; unknown where it is missing.
    Within {
        /// The variable's name in the codebook.
        variable: String,
        /// Lowest value.
        from: i64,
        /// Highest value.
        to: i64,
        /// When it was asked.
        #[serde(default)]
        at: Time,
    },
    /// A follow-up form was sent to the patient; never unknown. An answered one was.
    Sent {
        /// Which one, by its months.
        at: Time,
    },
    /// A form was answered; never unknown.
    Answered {
        /// Which one, by its months.
        at: Time,
    },
    /// One item of an instrument was answered; never unknown. The share of whom it is not is the item's missingness.
    ItemAnswered {
        /// The instrument's name in the codebook.
        instrument: String,
        /// Which item, from 1, in the order of the codebook's columns.
        item: usize,
        /// When it was asked.
        #[serde(default)]
        at: Time,
    },
    /// An instrument could be scored at all these times; never unknown.
    Scored {
        /// The instrument's name in the codebook.
        instrument: String,
        /// The times.
        times: Vec<Time>,
    },
    /// The score got better between two times by at least so many points, or by so many percent of the first one. Unknown
    /// unless both are scored; a relative change is unknown where the first one is zero.
    Improved {
        /// The instrument's name in the codebook.
        instrument: String,
        /// Points of its scale.
        at_least: Option<Amount>,
        /// Percent of the first score.
        percent: Option<Amount>,
        /// The two times.
        times: (Time, Time),
    },
    /// The score at the last of these times is at most so high; unknown unless scored at all of them.
    AtMost {
        /// The instrument's name in the codebook.
        instrument: String,
        /// Highest score that counts.
        points: Amount,
        /// Times at which a score must exist; the last one is compared.
        times: Vec<Time>,
    },
    /// The score at the last of these times is at least so high; unknown unless scored at all of them.
    AtLeast {
        /// The instrument's name in the codebook.
        instrument: String,
        /// Lowest score that counts.
        points: Amount,
        /// Times at which a score must exist; the last one is compared.
        times: Vec<Time>,
    },
    /// Whether a condition is true among those of whom another one is; unknown of everyone else.
    Among {
        /// What is asked.
        holds: Box<Condition>,
        /// Of whom.
        of: Box<Condition>,
    },
    /// Every one of these; false as soon as one is false.
    All(Vec<Condition>),
    /// At least one of these; true as soon as one is true.
    Any(Vec<Condition>),
    /// The opposite.
    Not(Box<Condition>),
}

/// A decimal amount of at most three decimals, kept exactly.
///
/// ```
/// use registat::Amount;
///
/// assert_eq!(Amount::whole(10), Amount::thousandths(10_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// A whole number.
    pub const fn whole(amount: i64) -> Self {
        Self(amount * 1000)
    }

    /// So many thousandths.
    pub const fn thousandths(amount: i64) -> Self {
        Self(amount)
    }

    pub(crate) const fn in_thousandths(self) -> i64 {
        self.0
    }

    pub(crate) fn to_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1000 == 0 {
            serializer.serialize_i64(self.0 / 1000)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = f64::deserialize(deserializer)? * 1000.0;
        if amount.is_finite() && amount.abs() < 1e12 && (amount - amount.round()).abs() < 1e-6 {
            Ok(Self(amount.round() as i64))
        } else {
            Err(serde::de::Error::custom("an amount has at most three decimals"))
        }
    }
}

impl Condition {
    /// A variable at the visit has one of these codes.
    pub fn level(variable: impl Into<String>, is: impl IntoIterator<Item = i64>) -> Self {
        Self::Level { variable: variable.into(), is: is.into_iter().collect(), at: Time::BASELINE }
    }

    /// The score got better by at least so many points.
    pub fn improved(instrument: impl Into<String>, at_least: Amount, times: (Time, Time)) -> Self {
        Self::Improved { instrument: instrument.into(), at_least: Some(at_least), percent: None, times }
    }

    /// What a message calls it: the first variable or instrument it is about.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Level { variable, .. } | Self::Within { variable, .. } => variable,
            Self::Answered { .. } => "answered",
            Self::Sent { .. } => "sent",
            Self::ItemAnswered { instrument, .. }
            | Self::Scored { instrument, .. }
            | Self::Improved { instrument, .. }
            | Self::AtMost { instrument, .. }
            | Self::AtLeast { instrument, .. } => instrument,
            Self::All(parts) | Self::Any(parts) => parts.first().map_or("condition", Self::name),
            Self::Not(part) | Self::Among { holds: part, .. } => part.name(),
        }
    }

    /// Whether those of whom it is not true merely did not answer.
    pub(crate) fn is_about_answering(&self) -> bool {
        match self {
            Self::Sent { .. } | Self::Answered { .. } | Self::ItemAnswered { .. } | Self::Scored { .. } => {
                true
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_about_answering),
            Self::Not(part) => part.is_about_answering(),
            _ => false,
        }
    }
}
