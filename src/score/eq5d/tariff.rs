//! The additive form that every national value set shares.

/// An additive model with `L` levels per dimension, in millionths.
pub(super) struct Tariff<const L: usize> {
    /// Value of full health.
    pub(super) start: i64,
    /// Added once if any dimension is above level 1.
    pub(super) any_problem: i64,
    /// Added once if any dimension is at the worst level.
    pub(super) any_worst: i64,
    /// Added per dimension (rows) and level (columns).
    pub(super) steps: [[i64; L]; 5],
}

impl<const L: usize> Tariff<L> {
    /// The value of a state, in millionths; `None` for a level beyond the model.
    pub(super) fn value(&self, levels: [u8; 5]) -> Option<i64> {
        let worst = levels.into_iter().max().map(usize::from)?;
        let mut value = self.start;
        if worst > 1 {
            value += self.any_problem;
        }
        if worst == L {
            value += self.any_worst;
        }
        for (row, level) in self.steps.iter().zip(levels) {
            value += row.get(usize::from(level).checked_sub(1)?)?;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Tariff;

    #[test]
    fn extra_terms_count_once() {
        let model = Tariff { start: 100, any_problem: -10, any_worst: -20, steps: [[0, -1, -2]; 5] };
        assert_eq!(model.value([1, 1, 1, 1, 1]), Some(100));
        assert_eq!(model.value([2, 1, 2, 1, 1]), Some(88));
        assert_eq!(model.value([3, 3, 3, 3, 3]), Some(60));
        assert_eq!(model.value([4, 1, 1, 1, 1]), None);
        assert_eq!(model.value([0, 1, 1, 1, 1]), None);
    }
}
