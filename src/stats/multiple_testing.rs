//! P-values adjusted for the number of tests.

use super::named::named;
use crate::error::Error;

/// How to adjust p-values when several hypotheses are tested together, such as one per unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PValueAdjustment {
    /// Bounds the expected share of false discoveries, for independent or positively dependent tests
    /// (Benjamini and Hochberg 1995, JRSS B 57:289).
    ///
    /// The k-th smallest of m p-values becomes the least `m p(j) / j` over `j` from `k` up, at most
    /// 1.
    #[default]
    BenjaminiHochberg,
    /// Bounds the probability of any false discovery, under any dependence (Holm 1979, Scand J Stat
    /// 6:65).
    ///
    /// The k-th smallest of m p-values becomes the greatest `(m - j + 1) p(j)` over `j` up to `k`,
    /// at most 1.
    Holm,
    /// As [`Holm`](PValueAdjustment::Holm), but never smaller: each p-value times m, at most 1.
    Bonferroni,
}

impl PValueAdjustment {
    /// Every adjustment.
    pub const ALL: [PValueAdjustment; 3] =
        [PValueAdjustment::BenjaminiHochberg, PValueAdjustment::Holm, PValueAdjustment::Bonferroni];

    /// The name of the adjustment in specifications, as in `p.adjust` of R.
    pub fn name(self) -> &'static str {
        match self {
            PValueAdjustment::BenjaminiHochberg => "BH",
            PValueAdjustment::Holm => "holm",
            PValueAdjustment::Bonferroni => "bonferroni",
        }
    }

    /// The adjustment of this name.
    ///
    /// # Errors
    ///
    /// If no adjustment has the name.
    ///
    /// ```
    /// use registat::PValueAdjustment;
    ///
    /// assert_eq!(PValueAdjustment::parse("holm")?, PValueAdjustment::Holm);
    /// assert!(PValueAdjustment::parse("hommel").is_err());
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn parse(name: &str) -> Result<PValueAdjustment, Error> {
        named("adjustment of p-values", &PValueAdjustment::ALL, PValueAdjustment::name, name)
    }

    /// The adjusted p-values, each from 0 to 1, in the order of the given ones. Nothing for nothing.
    ///
    /// Only p-values of tests that were made count: a test that is not defined is left out before.
    ///
    /// # Errors
    ///
    /// If a p-value is not between 0 and 1.
    ///
    /// ```
    /// use registat::PValueAdjustment;
    ///
    /// // The example of Benjamini and Hochberg 1995: at 0.05, four of fifteen hypotheses are rejected;
    /// // Bonferroni's method rejects three.
    /// let p = [
    ///     0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    ///     0.5719, 0.6528, 0.7590, 1.0,
    /// ];
    /// let rejected = |adjusted: Vec<f64>| adjusted.into_iter().filter(|p| *p <= 0.05).count();
    /// assert_eq!(rejected(PValueAdjustment::BenjaminiHochberg.adjust(&p)?), 4);
    /// assert_eq!(rejected(PValueAdjustment::Bonferroni.adjust(&p)?), 3);
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn adjust(self, p_values: &[f64]) -> Result<Vec<f64>, Error> {
        if !p_values.iter().all(|p| (0.0..=1.0).contains(p)) {
            return Err(Error::stats("a p-value lies between 0 and 1"));
        }
        let mut ascending: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
        ascending.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let m = p_values.len() as f64;
        let ranked = ascending.into_iter().zip(1..).map(|((place, p), rank)| (place, p, f64::from(rank)));
        let mut adjusted: Vec<(usize, f64)> = match self {
            PValueAdjustment::BenjaminiHochberg => {
                let ranked: Vec<(usize, f64, f64)> = ranked.collect();
                let stepped_up = ranked.into_iter().rev().scan(1.0, |least, (place, p, rank)| {
                    *least = f64::min(*least, m / rank * p);
                    Some((place, *least))
                });
                stepped_up.collect()
            }
            PValueAdjustment::Holm => {
                let stepped_down = ranked.scan(0.0, |greatest, (place, p, rank)| {
                    *greatest = f64::max(*greatest, (m - rank + 1.0) * p);
                    Some((place, greatest.min(1.0)))
                });
                stepped_down.collect()
            }
            PValueAdjustment::Bonferroni => ranked.map(|(place, p, _)| (place, (m * p).min(1.0))).collect(),
        };
        adjusted.sort_by_key(|&(place, _)| place);
        Ok(adjusted.into_iter().map(|(_, p)| p).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, PValueAdjustment};

    #[test]
    fn nothing_and_one_stay_as_they_are() -> Result<(), Error> {
        for adjustment in PValueAdjustment::ALL {
            assert_eq!(PValueAdjustment::parse(adjustment.name())?, adjustment);
            assert!(adjustment.adjust(&[])?.is_empty());
            assert_eq!(adjustment.adjust(&[0.3])?, [0.3]);
            assert_eq!(adjustment.adjust(&[0.0, 1.0])?, [0.0, 1.0]);
        }
        Ok(())
    }

    #[test]
    fn what_is_no_p_value_is_refused() {
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            for adjustment in PValueAdjustment::ALL {
                assert!(adjustment.adjust(&[0.5, p]).is_err());
            }
        }
    }

    #[test]
    fn a_larger_p_value_carries_a_smaller_adjustment_down() -> Result<(), Error> {
        // 0.03 times 3/2 exceeds 0.04 times 3/3.
        let adjusted = PValueAdjustment::BenjaminiHochberg.adjust(&[0.04, 0.03, 0.5])?;
        assert!((adjusted[0] - 0.06).abs() < 1e-15 && (adjusted[1] - 0.06).abs() < 1e-15);
        Ok(())
    }
}
