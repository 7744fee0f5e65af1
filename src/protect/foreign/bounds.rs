//! What is known of one cell: before the equations are used, and after.

use std::fmt;

use crate::error::Error;

/// What a table shows of one cell, together with what its rules say: a number, bounds of it, or nothing but that it is a
/// count.
///
/// ```
/// use registat::Bounds;
///
/// assert!(Bounds::exactly(12).is_exact());
/// assert!(!Bounds::HOLE.is_exact());
/// // `<5` where zeros are printed: 1, 2, 3 or 4.
/// assert!(!Bounds::between(1, 4)?.is_exact());
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub(super) least: i64,
    pub(super) most: Option<i64>,
}

impl Bounds {
    /// A hidden count of which nothing is known: 0 or more.
    pub const HOLE: Self = Self { least: 0, most: None };

    /// A hidden count where zeros are known to be printed: 1 or more.
    pub const POSITIVE_HOLE: Self = Self { least: 1, most: None };

    /// A printed number.
    pub fn exactly(number: i64) -> Self {
        Self { least: number, most: Some(number) }
    }

    /// A hidden number that is known to be at least so much.
    pub fn at_least(least: i64) -> Self {
        Self { least, most: None }
    }

    /// A number that lies between two others, both included.
    ///
    /// # Errors
    /// When the upper bound is below the lower one.
    pub fn between(least: i64, most: i64) -> Result<Self, Error> {
        if most < least {
            return Err(Error::policy("the upper bound of a cell is below its lower bound"));
        }
        Ok(Self { least, most: Some(most) })
    }

    /// A count that was rounded to a multiple of a base, to either neighbour where it lay in the middle. A count is taken
    /// not to be below 0.
    ///
    /// # Errors
    /// When the base is not positive.
    pub fn rounded_to(number: i64, base: i64) -> Result<Self, Error> {
        if base < 1 {
            return Err(Error::policy("the base of a rounded number is at least one"));
        }
        let half = base / 2;
        Self::between(number.saturating_sub(half).max(0), number.saturating_add(half))
    }

    /// Whether the number itself is known.
    pub fn is_exact(self) -> bool {
        self.most == Some(self.least)
    }
}

/// Only the type's name: a bound may be a count.
impl fmt::Debug for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bounds(..)")
    }
}

/// What a cell can be, given everything shown: from the smallest to the largest of its values over all worlds that fit.
#[derive(Clone, Copy, PartialEq)]
pub struct FeasibleInterval {
    pub(super) cell: usize,
    pub(super) lo: f64,
    pub(super) hi: Option<f64>,
    pub(super) is_whole: bool,
}

/// How far a number of the linear program may be from the one that is meant.
pub(super) const TOLERANCE: f64 = 1e-6;

impl FeasibleInterval {
    /// The number of the cell, as [`HoledTables::cell`](super::HoledTables::cell) gave it.
    pub fn cell(&self) -> usize {
        self.cell
    }

    /// The smallest value.
    pub fn lo(&self) -> f64 {
        self.lo
    }

    /// The largest value; `None` where there is none.
    pub fn hi(&self) -> Option<f64> {
        self.hi
    }

    /// Whether both ends are those of worlds in whole numbers. Otherwise they are those of worlds in real numbers, which
    /// were asked for or were all that could be found within the stated limit; whole numbers may leave less.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether the interval is a single point.
    pub fn is_point(&self) -> bool {
        self.hi.is_some_and(|hi| hi - self.lo < TOLERANCE)
    }

    /// The only whole number in the interval, if there is just one: a reader who knows that the cell is a count knows it.
    pub fn only_whole_number(&self) -> Option<i64> {
        let least = (self.lo - TOLERANCE).ceil();
        let most = (self.hi? + TOLERANCE).floor();
        // Numbers of tables are far below 2^53, where a float is the whole number that it stands for.
        (least == most).then_some(least as i64)
    }
}

/// Only the type's name: a narrow interval may be a count.
impl fmt::Debug for FeasibleInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FeasibleInterval(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_interval_of_fractions_may_hold_one_whole_number_or_none() {
        let interval = |lo, hi| FeasibleInterval { cell: 0, lo, hi, is_whole: false };
        assert_eq!(interval(3.5, Some(4.67)).only_whole_number(), Some(4));
        assert_eq!(interval(3.0, Some(4.0)).only_whole_number(), None);
        assert_eq!(interval(3.2, Some(3.8)).only_whole_number(), None);
        assert_eq!(interval(3.0, None).only_whole_number(), None);
        assert!(interval(2.0, Some(2.0)).is_point() && !interval(2.0, Some(2.5)).is_point());
    }

    #[test]
    fn a_rounded_count_is_either_side_of_the_middle() {
        let five = Bounds::rounded_to(10, 5).unwrap();
        assert!(five.least == 8 && five.most == Some(12));
        let ten = Bounds::rounded_to(0, 10).unwrap();
        assert!(ten.least == 0 && ten.most == Some(5));
        assert!(Bounds::rounded_to(10, 0).is_err());
    }
}
