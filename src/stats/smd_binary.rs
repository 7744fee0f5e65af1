//! Standardised mean difference of a yes-or-no variable.

use super::proportion::Proportion;

/// Standardised mean difference of a binary variable, first minus second group, in standard
/// deviations.
///
/// `(p1 - p2) / sqrt((p1 q1 + p2 q2) / 2)` with the shares `p` and `q = 1 - p` (Austin 2009, Commun
/// Stat Simul Comput 38:1228). A measure of balance that does not grow with the groups: beyond 0.1
/// on either side it is usually called an imbalance, which corresponds to a phi coefficient of
/// 0.05. `None` if a group is empty, or if neither varies.
///
/// ```
/// use registat::{Proportion, smd_binary};
///
/// // 56 of 78 and 521 of 610 by Austin's formula.
/// let smd = smd_binary(&Proportion::new(56, 78)?, &Proportion::new(521, 610)?);
/// assert!(smd.is_some_and(|smd| (smd + 0.336_653_238_1).abs() < 1e-10));
/// # Ok::<(), registat::Error>(())
/// ```
pub fn smd_binary(first: &Proportion, second: &Proportion) -> Option<f64> {
    let difference = first.difference(second)?;
    let variance = |group: &Proportion| {
        let n = group.n() as f64;
        (group.successes() as f64 / n) * (group.failures() as f64 / n)
    };
    let sd = ((variance(first) + variance(second)) / 2.0).sqrt();
    (sd > 0.0).then_some(difference / sd)
}

#[cfg(test)]
mod tests {
    use super::{Proportion, smd_binary};
    use crate::error::Error;

    #[test]
    fn without_patients_or_variation_there_is_none() -> Result<(), Error> {
        let (nobody, none, all) = (Proportion::new(0, 0)?, Proportion::new(0, 9)?, Proportion::new(9, 9)?);
        assert_eq!(smd_binary(&nobody, &all), None);
        assert_eq!(smd_binary(&none, &none), None);
        assert_eq!(smd_binary(&none, &all), None);
        Ok(())
    }

    #[test]
    fn a_tenth_is_a_phi_of_a_twentieth() -> Result<(), Error> {
        // Austin 2009: with equal groups, phi = smd / sqrt(smd^2 + 4).
        let smd = smd_binary(&Proportion::new(525, 1000)?, &Proportion::new(475, 1000)?);
        assert!(smd.is_some_and(|smd| (smd - 0.1).abs() < 2e-4));
        assert!(smd.is_some_and(|smd| (smd / (smd * smd + 4.0).sqrt() - 0.05).abs() < 1e-12));
        Ok(())
    }

    #[test]
    fn huge_groups_stay_finite() -> Result<(), Error> {
        let (rare, common) = (Proportion::new(1, u64::MAX)?, Proportion::new(u64::MAX - 1, u64::MAX)?);
        assert!(smd_binary(&rare, &common).is_some_and(f64::is_finite));
        Ok(())
    }
}
