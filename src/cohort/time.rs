//! When in a course something was measured.

use serde::{Deserialize, Serialize};

/// Calendar months after the visit; 0 is the visit itself.
///
/// ```
/// use registat::Time;
///
/// assert_eq!(Time::months(0), Time::BASELINE);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(u32);

impl Time {
    /// At the visit.
    pub const BASELINE: Self = Self(0);
    /// Six months after the visit.
    pub const SIX_MONTHS: Self = Self(6);
    /// Twelve months after the visit.
    pub const TWELVE_MONTHS: Self = Self(12);

    /// Some months after the visit.
    pub const fn months(months: u32) -> Self {
        Self(months)
    }

    /// How many months after the visit.
    pub const fn in_months(self) -> u32 {
        self.0
    }
}
