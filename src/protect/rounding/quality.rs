//! How far rounded counts are from the true ones.

/// Differences between rounded and true counts.
///
/// For the staff who choose a base: the measures are made from the true counts, so they are not to be printed beside the
/// table. They are those of the R package SmallCountRounding, but for the Hellinger distance.
///
/// ```
/// use registat::SmallCountRounding;
///
/// // Two small groups of one table and their total.
/// let mut table = SmallCountRounding::new([2, 3, 12], 5)?;
/// table.publish([0])?;
/// table.publish([1])?;
/// table.publish([0, 1, 2])?;
/// let quality = table.round()?.quality();
/// assert_eq!(quality.greatest(), 2); // 2 goes down to 0, 3 goes up to 5, the total stays
/// assert_eq!(quality.changed(), 2);
/// assert_eq!(quality.squares(), 8);
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundingQuality {
    cells: usize,
    changed: usize,
    greatest: u64,
    absolute: u128,
    squares: u128,
}

impl RoundingQuality {
    pub(super) fn of(truth: &[i64], rounded: &[i64]) -> Self {
        let mut quality = Self { cells: truth.len(), ..Self::default() };
        for (truth, rounded) in truth.iter().zip(rounded) {
            let difference = truth.abs_diff(*rounded);
            quality.changed += usize::from(difference > 0);
            quality.greatest = quality.greatest.max(difference);
            quality.absolute += u128::from(difference);
            quality.squares += u128::from(difference) * u128::from(difference);
        }
        quality
    }

    /// How many cells were compared.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// How many of them differ from the truth.
    pub fn changed(&self) -> usize {
        self.changed
    }

    /// The greatest absolute difference, in counted units.
    pub fn greatest(&self) -> u64 {
        self.greatest
    }

    /// The sum of the squared differences.
    pub fn squares(&self) -> u128 {
        self.squares
    }

    /// The mean absolute difference, in counted units; 0 where there is no cell.
    pub fn mean_absolute(&self) -> f64 {
        self.absolute as f64 / self.cells.max(1) as f64
    }

    /// The root of the mean squared difference, in counted units; 0 where there is no cell.
    pub fn root_mean_square(&self) -> f64 {
        (self.squares as f64 / self.cells.max(1) as f64).sqrt()
    }
}

/// Only the type's name: the measures are made from confidential counts.
impl std::fmt::Debug for RoundingQuality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RoundingQuality(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Langsrud and Heldal, introduction to SmallCountRounding, table 3 (margins of a table of 3 rows and 5 columns):
    /// maxdiff 2, meanAbsDiff 1, rootMeanSquare 1.2019.
    #[test]
    fn measures_are_those_published_for_an_example() {
        let truth = [27, 14, 9, 4, 7, 3, 5, 4, 8];
        let rounded = [28, 15, 8, 5, 7, 5, 5, 5, 6];
        let quality = RoundingQuality::of(&truth, &rounded);
        assert_eq!((quality.cells(), quality.changed(), quality.greatest()), (9, 7, 2));
        assert!((quality.mean_absolute() - 1.0).abs() < 1e-12);
        assert!((quality.root_mean_square() - 1.201_850).abs() < 5e-7);
        assert_eq!(format!("{quality:?}"), "RoundingQuality(..)");
    }
}
