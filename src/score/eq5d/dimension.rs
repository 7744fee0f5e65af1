//! The five dimensions of EQ-5D.

use super::state::HealthState;

/// The five dimensions, in the order of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Mobility.
    Mobility,
    /// Self-care.
    SelfCare,
    /// Usual activities.
    UsualActivities,
    /// Pain or discomfort.
    Pain,
    /// Anxiety or depression.
    Anxiety,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Dimension; 5] = [
        Dimension::Mobility,
        Dimension::SelfCare,
        Dimension::UsualActivities,
        Dimension::Pain,
        Dimension::Anxiety,
    ];

    /// The level of a state in this dimension, from 1 (no problem).
    ///
    /// ```
    /// use registat::{Dimension, EqVersion, HealthState};
    ///
    /// let state = HealthState::parse("11231", EqVersion::ThreeLevel)?;
    /// assert_eq!(Dimension::ALL.map(|dimension| dimension.level(&state)), [1, 1, 2, 3, 1]);
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn level(self, state: &HealthState) -> u8 {
        let [mobility, self_care, usual, pain, anxiety] = state.levels();
        match self {
            Dimension::Mobility => mobility,
            Dimension::SelfCare => self_care,
            Dimension::UsualActivities => usual,
            Dimension::Pain => pain,
            Dimension::Anxiety => anxiety,
        }
    }
}
