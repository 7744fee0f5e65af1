//! An exact score: a reduced fraction of two integers.

use std::cmp::Ordering;
use std::fmt;

/// An exact score on its grid, kept as a reduced fraction with a positive denominator.
///
/// Two scores are equal exactly when they are the same number; comparisons never round. The
/// `Debug` form hides the value, because a score belongs to one patient.
///
/// ```
/// use registat::Ratio;
///
/// // Oswestry, 16 points from nine answered sections: 100 * 16 / 45 percent.
/// let score = Ratio::new(1600, 45);
/// assert_eq!(score, Ratio::new(320, 9));
/// assert!(score > Ratio::new(355, 10));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

impl Ratio {
    /// Zero.
    pub const ZERO: Ratio = Ratio::whole(0);

    /// The fraction `numerator / denominator`, reduced. `None` unless `denominator` is positive.
    pub fn new(numerator: i64, denominator: i64) -> Option<Ratio> {
        Ratio::reduced(i128::from(numerator), i128::from(denominator))
    }

    /// A whole number.
    pub const fn whole(value: i64) -> Ratio {
        Ratio { numerator: value, denominator: 1 }
    }

    /// So many tenths, for tables of constants.
    pub(super) const fn from_tenths(tenths: i64) -> Ratio {
        Ratio::from_parts(tenths, 10)
    }

    /// So many hundredths, for tables of constants.
    pub(super) const fn from_hundredths(hundredths: i64) -> Ratio {
        Ratio::from_parts(hundredths, 100)
    }

    /// Of a positive denominator.
    const fn from_parts(numerator: i64, denominator: i64) -> Ratio {
        let (mut a, mut b) = (numerator.abs(), denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Ratio { numerator: numerator / a, denominator: denominator / a }
    }

    /// The fraction in lowest terms; `None` if `denominator` is not positive or a part of the
    /// reduced fraction does not fit 64 bits.
    fn reduced(numerator: i128, denominator: i128) -> Option<Ratio> {
        if denominator <= 0 {
            return None;
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        Some(Ratio {
            numerator: i64::try_from(numerator / divisor).ok()?,
            denominator: i64::try_from(denominator / divisor).ok()?,
        })
    }

    /// The numerator in lowest terms.
    pub const fn numerator(&self) -> i64 {
        self.numerator
    }

    /// The denominator in lowest terms, always positive.
    pub const fn denominator(&self) -> i64 {
        self.denominator
    }

    /// The nearest floating-point number, for display only: thresholds compare fractions.
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// `self - other`, exactly. `None` if the result does not fit 64 bits, which no score comes
    /// near.
    ///
    /// ```
    /// use registat::Ratio;
    ///
    /// let before = Ratio::whole(44);
    /// assert_eq!(before.checked_sub(Ratio::whole(24)), Some(Ratio::whole(20)));
    /// ```
    pub fn checked_sub(&self, other: Ratio) -> Option<Ratio> {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        let right = i128::from(other.numerator) * i128::from(self.denominator);
        let denominator = i128::from(self.denominator) * i128::from(other.denominator);
        Ratio::reduced(left.checked_sub(right)?, denominator)
    }

    /// Whether `self >= other`, decided exactly.
    ///
    /// ```
    /// use registat::Ratio;
    ///
    /// assert!(Ratio::whole(10).is_at_least(Ratio::whole(10)));
    /// ```
    pub fn is_at_least(&self, other: Ratio) -> bool {
        *self >= other
    }
}

/// Euclid's algorithm; `b` is positive, hence so is the result.
fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    // Parts of scores fit 64 bits, which the processor divides many times faster.
    if let (Ok(a), Ok(b)) = (u64::try_from(a.abs()), u64::try_from(b)) {
        let (mut high, mut low) = (b, a % b);
        while low != 0 {
            (high, low) = (low, high % low);
        }
        return i128::from(high);
    }
    let (mut high, mut low) = (b, a.abs() % b);
    while low != 0 {
        (high, low) = (low, high % low);
    }
    high
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        let right = i128::from(other.numerator) * i128::from(self.denominator);
        left.cmp(&right)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ratio(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn fractions_are_reduced_and_need_a_positive_denominator() {
        assert_eq!(Ratio::new(-6, 4).map(|r| (r.numerator(), r.denominator())), Some((-3, 2)));
        assert_eq!(Ratio::new(0, 7), Some(Ratio::ZERO));
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(1, -2), None);
    }

    #[test]
    fn order_is_exact_where_floats_are_not() {
        let big = 9_007_199_254_740_993;
        assert!(Ratio::whole(big) > Ratio::whole(big - 1));
        assert!(Ratio::new(1, 3) < Ratio::new(333_334, 1_000_000));
        assert!(Ratio::whole(i64::MIN) < Ratio::whole(i64::MAX));
    }

    #[test]
    fn subtraction_reports_what_does_not_fit() {
        assert_eq!(Ratio::whole(i64::MAX).checked_sub(Ratio::whole(-1)), None);
        let half = Ratio::new(1, 2);
        assert_eq!(half.and_then(|h| h.checked_sub(h)), Some(Ratio::ZERO));
    }

    #[test]
    fn the_debug_form_hides_the_value() {
        assert_eq!(format!("{:?}", Ratio::whole(42)), "Ratio(..)");
    }
}
