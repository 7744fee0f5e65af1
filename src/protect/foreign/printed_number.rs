//! A number as it is printed: its digits, and how many of them stand behind the point.

use std::fmt;

use crate::error::Error;

/// A number as printed. `5.40` is not `5.4`: the second may have been rounded from further away.
///
/// ```
/// use registat::PrintedNumber;
///
/// assert_eq!(PrintedNumber::parse("5,4")?, PrintedNumber::new(54, 1)?);
/// assert_ne!(PrintedNumber::parse("5.40")?, PrintedNumber::parse("5.4")?);
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PrintedNumber {
    digits: i64,
    decimals: u32,
}

/// More decimals than any table prints.
const MOST_DECIMALS: u32 = 6;
/// More than any number of a table, without its point.
const MOST_DIGITS: i64 = 1_000_000_000_000;

impl PrintedNumber {
    /// A number by its digits without the point: 5.4 is `new(54, 1)`.
    ///
    /// # Errors
    /// When there are more than six decimals or more than twelve digits.
    pub fn new(digits: i64, decimals: u32) -> Result<Self, Error> {
        if decimals > MOST_DECIMALS || digits.unsigned_abs() >= MOST_DIGITS.unsigned_abs() {
            return Err(Error::policy("a printed number has too many digits"));
        }
        Ok(Self { digits, decimals })
    }

    /// Reads a number with a decimal point or a decimal comma.
    ///
    /// # Errors
    /// When it is none, or has too many digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let (sign, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (front, decimals) = unsigned.split_once(['.', ',']).unwrap_or((unsigned, ""));
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if front.is_empty() || !are_digits(front) || !are_digits(decimals) {
            return Err(Error::policy("a printed number is written with digits and one decimal mark"));
        }
        let digits: Result<i64, _> = format!("{front}{decimals}").parse();
        let digits = digits.map_err(|_| Error::policy("a printed number has too many digits"))?;
        Self::new(sign * digits, u32::try_from(decimals.len()).unwrap_or(u32::MAX))
    }

    /// The same number with more decimals: what a program wrote as 62.5 may stand for a printed 62.50.
    ///
    /// # Errors
    /// When the number has more decimals already, or there would be too many.
    pub fn with_decimals(self, decimals: u32) -> Result<Self, Error> {
        let more = decimals.checked_sub(self.decimals).filter(|_| decimals <= MOST_DECIMALS);
        let digits = more.and_then(|more| self.digits.checked_mul(10_i64.pow(more)));
        let digits =
            digits.ok_or_else(|| Error::policy("a printed number has other decimals than stated"))?;
        Self::new(digits, decimals)
    }

    /// How many digits stand behind the point.
    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// Ten to the number of decimals.
    pub(super) fn units_per_one(self) -> i64 {
        10_i64.pow(self.decimals)
    }

    /// The smallest and largest number that is printed like this, in halves of its last digit; both are included, since a
    /// number in the middle goes up in one program and to the even neighbour in another.
    pub(super) fn half_units(self) -> (i64, i64) {
        (2 * self.digits - 1, 2 * self.digits + 1)
    }
}

/// Only the type's name.
impl fmt::Debug for PrintedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrintedNumber(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_decimal_marks_are_read_and_nothing_else() {
        assert_eq!(PrintedNumber::parse("-0,25").unwrap(), PrintedNumber { digits: -25, decimals: 2 });
        assert_eq!(PrintedNumber::parse("40").unwrap(), PrintedNumber { digits: 40, decimals: 0 });
        for text in ["", ".5", "1.2.3", "1e3", "5 %", "1.2345678", "99999999999999999999"] {
            assert!(PrintedNumber::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_can_be_added_but_not_taken_away() {
        let number = PrintedNumber::parse("62.5").unwrap();
        assert_eq!(number.with_decimals(2).unwrap(), PrintedNumber { digits: 6250, decimals: 2 });
        assert!(number.with_decimals(0).is_err() && number.with_decimals(7).is_err());
    }
}
