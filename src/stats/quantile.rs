//! Sample quantiles, the nine types of Hyndman and Fan (1996, Am Stat 50:361).

use crate::error::Error;

/// Positions this close to a whole number, relative to their size, count as whole.
const FUZZ: f64 = 4.0 * f64::EPSILON;

/// Definition of a sample quantile. Types 1 to 3 return order statistics or their midpoints, 4 to 9
/// interpolate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QuantileType {
    /// Type 1: inverse of the empirical distribution function.
    InverseCdf,
    /// Type 2: as type 1, averaged where the function is flat. The default of SAS.
    AveragedInverseCdf,
    /// Type 3: the nearest order statistic, ties to the even one.
    NearestEven,
    /// Type 4: linear interpolation of the empirical distribution function.
    LinearCdf,
    /// Type 5: midpoints of its steps (Hazen).
    Hazen,
    /// Type 6: position p(n + 1) (Weibull). The default of SPSS and Minitab.
    Weibull,
    /// Type 7: position 1 + p(n - 1). The default of R, numpy and this crate.
    #[default]
    Linear,
    /// Type 8: approximately median-unbiased for any distribution.
    MedianUnbiased,
    /// Type 9: approximately unbiased for normal values.
    NormalUnbiased,
}

impl QuantileType {
    /// Every type, in the order of its number.
    const ALL: [QuantileType; 9] = [
        QuantileType::InverseCdf,
        QuantileType::AveragedInverseCdf,
        QuantileType::NearestEven,
        QuantileType::LinearCdf,
        QuantileType::Hazen,
        QuantileType::Weibull,
        QuantileType::Linear,
        QuantileType::MedianUnbiased,
        QuantileType::NormalUnbiased,
    ];

    /// The type with this number, 1 to 9.
    ///
    /// ```
    /// use registat::QuantileType;
    ///
    /// assert_eq!(QuantileType::from_number(7), Some(QuantileType::default()));
    /// assert_eq!(QuantileType::from_number(10), None);
    /// ```
    pub fn from_number(number: u8) -> Option<QuantileType> {
        QuantileType::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The quantile `p` of `n` values, given their order statistics: `ordered(k)` is the k-th
    /// smallest, k from 1 to `n`. In the unit of the values; `None` if `n` is 0.
    ///
    /// # Errors
    ///
    /// If `p` is not between 0 and 1.
    ///
    /// ```
    /// use registat::QuantileType;
    ///
    /// // SAS blog, 26 July 2021: the third quartile is 3.5 by type 7, 4 by type 2.
    /// let values = [0, 1, 1, 1, 2, 2, 2, 4, 5, 8];
    /// let ordered = |k: u64| values[k as usize - 1];
    /// assert_eq!(QuantileType::Linear.of(10, 0.75, ordered)?, Some(3.5));
    /// assert_eq!(QuantileType::AveragedInverseCdf.of(10, 0.75, ordered)?, Some(4.0));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn of(self, n: u64, p: f64, ordered: impl Fn(u64) -> i64) -> Result<Option<f64>, Error> {
        self.of_reals(n, p, |rank| ordered(rank) as f64)
    }

    /// The same of values that lie on no grid.
    pub(super) fn of_reals(self, n: u64, p: f64, ordered: impl Fn(u64) -> f64) -> Result<Option<f64>, Error> {
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::stats("a quantile is asked for by a share between 0 and 1"));
        }
        if n == 0 {
            return Ok(None);
        }
        let (rank, weight) = self.position(n, p);
        let low = ordered(rank.clamp(1, n));
        let high = ordered(rank.saturating_add(1).clamp(1, n));
        Ok(Some(low + weight * (high - low)))
    }

    /// Position of the quantile `p` among `n` ordered values: a rank from 0 to n, and the weight of
    /// the next rank.
    fn position(self, n: u64, p: f64) -> (u64, f64) {
        let size = n as f64;
        let at = match self {
            QuantileType::InverseCdf | QuantileType::AveragedInverseCdf => size * p,
            QuantileType::NearestEven => size * p - 0.5,
            QuantileType::LinearCdf => size * p,
            QuantileType::Hazen => size * p + 0.5,
            QuantileType::Weibull => (size + 1.0) * p,
            QuantileType::Linear => 1.0 + (size - 1.0) * p,
            QuantileType::MedianUnbiased => 1.0 / 3.0 + (size + 1.0 / 3.0) * p,
            QuantileType::NormalUnbiased => 0.375 + (size + 0.25) * p,
        };
        let fuzz = FUZZ * at.abs().max(1.0);
        let whole = (at + fuzz).floor();
        let rest = if (at - whole).abs() <= fuzz { 0.0 } else { at - whole };
        let weight = match self {
            QuantileType::InverseCdf => f64::from(u8::from(rest > 0.0)),
            QuantileType::AveragedInverseCdf => 0.5 + 0.5 * f64::from(u8::from(rest > 0.0)),
            QuantileType::NearestEven => f64::from(u8::from(rest > 0.0 || whole.rem_euclid(2.0) == 1.0)),
            _ => rest,
        };
        // Below rank 0 only type 3 can fall, to rank -1 with weight 1: the first value.
        if whole < 0.0 { (0, 0.0) } else { ((whole as u64).min(n), weight) }
    }
}

#[cfg(test)]
mod tests {
    use super::QuantileType;

    fn of_one_to_ten(p: f64, number: u8) -> Option<f64> {
        let kind = QuantileType::from_number(number)?;
        kind.of(10, p, |k| i64::try_from(k).unwrap_or(0)).ok().flatten()
    }

    #[test]
    fn the_ends_are_the_extremes_under_every_type() {
        for number in 1..=9 {
            assert_eq!(of_one_to_ten(0.0, number), Some(1.0));
            assert_eq!(of_one_to_ten(1.0, number), Some(10.0));
        }
    }

    #[test]
    fn a_lower_quartile_differs_between_types() {
        let expected = [3.0, 3.0, 2.0, 2.5, 3.0, 2.75, 3.25, 2.916_666_666_666_667, 2.937_5];
        for (number, value) in (1..=9).zip(expected) {
            assert!(of_one_to_ten(0.25, number).is_some_and(|q| (q - value).abs() < 1e-12));
        }
    }

    #[test]
    fn shares_outside_zero_to_one_are_refused() {
        for p in [-0.1, 1.1, f64::NAN] {
            assert!(QuantileType::Linear.of(1, p, |_| 0).is_err());
        }
        assert!(matches!(QuantileType::Linear.of(0, 0.5, |_| 0), Ok(None)));
    }
}
