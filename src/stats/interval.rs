//! A pair of confidence limits.

use std::fmt;

/// A confidence interval, in the unit of its statistic.
///
/// The `Debug` form hides the limits, which can give away a small group.
#[derive(Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit, not below the lower.
    pub upper: f64,
}

impl Interval {
    /// Upper minus lower limit.
    ///
    /// ```
    /// use registat::Interval;
    ///
    /// assert_eq!(Interval { lower: 0.25, upper: 0.75 }.width(), 0.5);
    /// ```
    pub fn width(&self) -> f64 {
        self.upper - self.lower
    }

    /// Whether the value lies between the limits, limits included.
    pub fn contains(&self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }

    /// The interval of half-width `margin` around `centre`.
    pub(super) fn around(centre: f64, margin: f64) -> Interval {
        Interval { lower: centre - margin, upper: centre + margin }
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interval(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn limits_belong_to_the_interval() {
        let interval = Interval::around(2.0, 0.5);
        assert!(interval.contains(1.5) && interval.contains(2.5));
        assert!(!interval.contains(2.6) && !interval.contains(f64::NAN));
    }

    #[test]
    fn the_debug_form_hides_the_limits() {
        assert_eq!(format!("{:?}", Interval::around(0.5, 0.25)), "Interval(..)");
    }
}
