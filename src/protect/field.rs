//! Arithmetic modulo the prime 2^61 - 1, in which the kernel of the equations is computed without rounding.

/// The Mersenne prime 2^61 - 1.
pub(super) const PRIME: u64 = (1 << 61) - 1;

/// An element of the field, always reduced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Element(u64);

impl Element {
    pub(super) const ZERO: Self = Self(0);
    pub(super) const ONE: Self = Self(1);
    pub(super) const MINUS_ONE: Self = Self(PRIME - 1);

    /// Any number, reduced.
    pub(super) fn new(number: u64) -> Self {
        Self(number % PRIME)
    }

    pub(super) fn is_unit(self) -> bool {
        self == Self::ONE || self == Self::MINUS_ONE
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        Self(if sum >= PRIME { sum - PRIME } else { sum })
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(if self.0 >= other.0 { self.0 - other.0 } else { self.0 + PRIME - other.0 })
    }

    pub(super) fn times(self, other: Self) -> Self {
        let product = u128::from(self.0) * u128::from(other.0);
        let folded = (product as u64 & PRIME) + (product >> 61) as u64;
        Self(if folded >= PRIME { folded - PRIME } else { folded })
    }

    pub(super) fn negated(self) -> Self {
        Self::ZERO.minus(self)
    }

    /// The fraction of small numbers that this element stands for, if there is one: the first convergent of `element / p` with
    /// a numerator below 2^20 (Wang's rational reconstruction).
    pub(super) fn small_fraction(self) -> Option<(i64, i64)> {
        const SMALL: i128 = 1 << 20;
        let (mut above, mut below) = ((i128::from(PRIME), 0_i128), (i128::from(self.0), 1_i128));
        while below.0 >= SMALL {
            let quotient = above.0 / below.0;
            (above, below) = (below, (above.0 - quotient * below.0, above.1 - quotient * below.1));
        }
        let (numerator, denominator) = if below.1 < 0 { (-below.0, -below.1) } else { below };
        let is_small = denominator != 0 && denominator < SMALL;
        is_small.then_some((numerator as i64, denominator as i64))
    }

    /// The inverse by Fermat: `a^(p-2)`. Zero has none; zero is returned for it.
    pub(super) fn inverse(self) -> Self {
        let mut result = Self::ONE;
        let mut power = self;
        let mut exponent = PRIME - 2;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.times(power);
            }
            power = power.times(power);
            exponent >>= 1;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_undoes_multiplication() {
        for number in [1, 2, 3, 1 << 60, PRIME - 1, 987_654_321_987_654_321] {
            let element = Element::new(number);
            assert_eq!(element.times(element.inverse()), Element::ONE);
        }
    }

    #[test]
    fn a_fraction_of_small_numbers_is_found_again() {
        for (numerator, denominator) in [(0, 1), (1, 1), (-1, 1), (1, 2), (-2, 3), (7, 12), (-1000, 999)] {
            let signed = |number: i64| {
                let element = Element::new(number.unsigned_abs());
                if number < 0 { element.negated() } else { element }
            };
            let element = signed(numerator).times(signed(denominator).inverse());
            assert_eq!(element.small_fraction(), Some((numerator, denominator)));
        }
    }

    #[test]
    fn sums_wrap_at_the_prime() {
        assert_eq!(Element::MINUS_ONE.plus(Element::ONE), Element::ZERO);
        assert_eq!(Element::ZERO.minus(Element::ONE), Element::MINUS_ONE);
        assert_eq!(Element::MINUS_ONE.times(Element::MINUS_ONE), Element::ONE);
    }
}
