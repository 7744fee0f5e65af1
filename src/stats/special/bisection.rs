//! A root by halving: slow, but it cannot run away.

/// The point between `low` and `high` where `is_below` turns from true to false. Stops after
/// `halvings`, or when no float lies between. `None` where `is_below` is.
pub(in crate::stats) fn bisect(
    mut low: f64,
    mut high: f64,
    halvings: u32,
    is_below: impl Fn(f64) -> Option<bool>,
) -> Option<f64> {
    for _ in 0..halvings {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if is_below(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low + (high - low) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::bisect;

    #[test]
    fn finds_a_root_and_passes_on_what_is_undefined() {
        let root = bisect(0.0, 2.0, 100, |x| Some(x * x < 2.0));
        assert!(root.is_some_and(|root| (root - std::f64::consts::SQRT_2).abs() < 1e-15));
        assert_eq!(bisect(0.0, 2.0, 100, |_| None), None);
    }
}
