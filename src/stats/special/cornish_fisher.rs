//! Quantiles of distributions that are nearly normal.

/// The standardised quantile of a distribution with these third and fourth cumulants, where the
/// standard normal has `z` (Cornish and Fisher 1938; Abramowitz and Stegun 26.2.49, to the order
/// of the excess).
pub(super) fn cornish_fisher(z: f64, skewness: f64, excess: f64) -> f64 {
    let z2 = z * z;
    let first = (z2 - 1.0) / 6.0 * skewness;
    let second = (z2 - 3.0) * z / 24.0 * excess - (2.0 * z2 - 5.0) * z / 36.0 * skewness * skewness;
    z + first + second
}

#[cfg(test)]
mod tests {
    use super::cornish_fisher;

    #[test]
    fn the_normal_is_left_alone() {
        assert_eq!(cornish_fisher(1.5, 0.0, 0.0), 1.5);
    }
}
