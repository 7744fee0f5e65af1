//! All tables with the margins of an observed one, counted from the observed table.

/// A table of two rows, `a b` and `c d`, whose cells together fit 64 bits.
///
/// With all margins fixed, one number tells the other tables apart: the offset, by which `a` and `d`
/// grow and `b` and `c` shrink.
#[derive(Clone, Copy)]
pub(super) struct Margins {
    pub(super) a: u64,
    pub(super) b: u64,
    pub(super) c: u64,
    pub(super) d: u64,
}

/// The likeliest table at some odds ratio, with what is needed to weigh the tables around it.
pub(super) struct Mode {
    /// Cells of the likeliest table.
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    /// Logarithm of the odds ratio.
    pub(super) log_odds_ratio: f64,
    /// Logarithm of `bc / ad` in the likeliest table; without meaning, and without use, where one of
    /// its cells is 0.
    pub(super) log_imbalance: f64,
    /// Offset of the observed table from the likeliest.
    pub(super) observed: i128,
}

impl Margins {
    /// Lowest offset: none below leaves every cell a count.
    fn lowest(&self) -> i128 {
        -i128::from(self.a.min(self.d))
    }

    /// Highest offset.
    fn highest(&self) -> i128 {
        i128::from(self.b.min(self.c))
    }

    /// Whether the observed table has the fewest possible in `a`.
    pub(super) fn is_lowest(&self) -> bool {
        self.lowest() == 0
    }

    /// Whether the observed table has the most possible in `a`.
    pub(super) fn is_highest(&self) -> bool {
        self.highest() == 0
    }

    /// The likeliest table at the odds ratio of this logarithm.
    pub(super) fn mode(&self, log_odds_ratio: f64) -> Mode {
        let odds_ratio = log_odds_ratio.exp();
        let cell = |count: u64, offset: i128| i128::from(count) + offset;
        // Probabilities rise up to an offset as long as the step to it does not lower them.
        let rises_to = |offset: i128| {
            let up = cell(self.b, 1 - offset).unsigned_abs() * cell(self.c, 1 - offset).unsigned_abs();
            let down = cell(self.a, offset).unsigned_abs() * cell(self.d, offset).unsigned_abs();
            if log_odds_ratio == 0.0 { up >= down } else { up as f64 * odds_ratio >= down as f64 }
        };
        let (mut reached, mut beyond) = (self.lowest(), self.highest() + 1);
        while beyond - reached > 1 {
            let middle = reached + (beyond - reached) / 2;
            if rises_to(middle) {
                reached = middle;
            } else {
                beyond = middle;
            }
        }
        let (a, d) = (cell(self.a, reached), cell(self.d, reached));
        let (b, c) = (cell(self.b, -reached), cell(self.c, -reached));
        Mode {
            a: a as f64,
            b: b as f64,
            c: c as f64,
            d: d as f64,
            log_odds_ratio,
            log_imbalance: log_imbalance(
                b.unsigned_abs() * c.unsigned_abs(),
                a.unsigned_abs() * d.unsigned_abs(),
            ),
            observed: -reached,
        }
    }
}

/// `ln(bc / ad)`, to the last digit also where the two nearly cancel.
fn log_imbalance(bc: u128, ad: u128) -> f64 {
    let ratio = bc as f64 / ad as f64;
    if (0.5..2.0).contains(&ratio) {
        let apart = bc.abs_diff(ad) as f64 / ad as f64;
        if bc < ad { (-apart).ln_1p() } else { apart.ln_1p() }
    } else {
        ratio.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::Margins;

    #[test]
    fn the_likeliest_table_balances_the_odds() {
        // At odds ratio 1, the tables of margins 4, 4 and 4, 4 peak at two in each cell.
        let mode = Margins { a: 3, b: 1, c: 1, d: 3 }.mode(0.0);
        assert_eq!((mode.a, mode.b, mode.c, mode.d, mode.observed), (2.0, 2.0, 2.0, 2.0, 1));
        assert_eq!(mode.log_imbalance, 0.0);
    }

    #[test]
    fn far_odds_end_at_the_ends() {
        let margins = Margins { a: 3, b: 1, c: 2, d: 9 };
        assert!(!margins.is_lowest() && !margins.is_highest());
        assert_eq!(margins.mode(200.0).observed, -1);
        assert_eq!(margins.mode(-200.0).observed, 3);
    }
}
