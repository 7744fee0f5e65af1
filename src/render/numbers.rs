//! Numbers as the two languages print them. Values come rounded; nothing is rounded here a second time.

use crate::protect::Printed;
use crate::schema::{Axis, Language};

const NARROW_NO_BREAK_SPACE: char = '\u{202f}';
const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

/// What is printed in a cell.
pub(crate) fn printed(number: Printed, language: Language) -> String {
    match number {
        Printed::Count(value) => count(value, language),
        Printed::Number { value, decimals } => decimal(value, decimals, language),
        Printed::Percent { value, decimals } => percent(value, decimals, language),
        Printed::Range { lower, upper, decimals, percent } => {
            let limits = range(lower, upper, decimals, language);
            if percent { with_percent_sign(limits, language) } else { limits }
        }
    }
}

/// `12 345` and `12,345`.
pub(crate) fn count(value: u64, language: Language) -> String {
    grouped(&value.to_string(), language)
}

/// `−1 234,5` and `−1,234.5`.
pub(crate) fn decimal(value: f64, decimals: u8, language: Language) -> String {
    let plain = plain(value, decimals);
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::new();
    if negative {
        text.push(MINUS);
    }
    text.push_str(&grouped(whole, language));
    if !fraction.is_empty() {
        text.push(decimal_mark(language));
        text.push_str(fraction);
    }
    text
}

/// `28,1 %` and `28.1%`.
pub(crate) fn percent(value: f64, decimals: u8, language: Language) -> String {
    with_percent_sign(decimal(value, decimals, language), language)
}

/// A number of a definition, such as a threshold: as many decimals as it needs, at most three.
pub(crate) fn shortest(value: f64, language: Language) -> String {
    let decimals = (0..3).find(|decimals| plain(value, *decimals).parse::<f64>() == Ok(value)).unwrap_or(3);
    decimal(value, decimals, language)
}

/// `30 %` and `30%`, with as many decimals as needed.
pub(crate) fn shortest_percent(value: f64, language: Language) -> String {
    with_percent_sign(shortest(value, language), language)
}

/// A value of a chart, with the axis' decimals.
pub(crate) fn on_axis(value: f64, axis: &Axis, language: Language) -> String {
    if axis.is_percent() {
        percent(value, axis.decimals(), language)
    } else {
        decimal(value, axis.decimals(), language)
    }
}

/// Digits with a point and an ASCII minus, never `-0`: what a program reads.
pub(crate) fn plain(value: f64, decimals: u8) -> String {
    let text = format!("{value:.0$}", usize::from(decimals));
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|character| matches!(character, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}

fn range(lower: f64, upper: f64, decimals: u8, language: Language) -> String {
    let between = match language {
        _ if lower >= 0.0 && upper >= 0.0 => "–",
        Language::Bokmal => " til ",
        Language::English => " to ",
    };
    format!("{}{between}{}", decimal(lower, decimals, language), decimal(upper, decimals, language))
}

fn with_percent_sign(mut text: String, language: Language) -> String {
    if language == Language::Bokmal {
        text.push(NO_BREAK_SPACE);
    }
    text.push('%');
    text
}

fn decimal_mark(language: Language) -> char {
    match language {
        Language::Bokmal => ',',
        Language::English => '.',
    }
}

fn grouped(digits: &str, language: Language) -> String {
    let separator = match language {
        Language::Bokmal => NARROW_NO_BREAK_SPACE,
        Language::English => ',',
    };
    let length = digits.len();
    let mut text = String::with_capacity(length + length);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_from_four_digits_up() {
        assert_eq!(count(999, Language::Bokmal), "999");
        assert_eq!(count(5162, Language::Bokmal), "5\u{202f}162");
        assert_eq!(count(1_234_567, Language::English), "1,234,567");
    }

    #[test]
    fn each_language_has_its_decimal_mark_and_percent_sign() {
        assert_eq!(percent(28.1, 1, Language::Bokmal), "28,1\u{a0}%");
        assert_eq!(percent(28.1, 1, Language::English), "28.1%");
        assert_eq!(decimal(-1234.5, 1, Language::Bokmal), "−1\u{202f}234,5");
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(decimal(-0.0, 1, Language::English), "0.0");
        assert_eq!(plain(-0.0, 0), "0");
        assert_eq!(plain(-0.5, 1), "-0.5");
    }

    #[test]
    fn a_range_with_a_negative_limit_is_spelt_out() {
        let limits = |lower| Printed::Range { lower, upper: 34.9, decimals: 1, percent: false };
        assert_eq!(printed(limits(22.0), Language::Bokmal), "22,0–34,9");
        assert_eq!(printed(limits(-1.5), Language::Bokmal), "−1,5 til 34,9");
        assert_eq!(printed(limits(-1.5), Language::English), "−1.5 to 34.9");
    }

    #[test]
    fn a_threshold_shows_no_needless_decimals() {
        assert_eq!(shortest(10.0, Language::Bokmal), "10");
        assert_eq!(shortest(1.85, Language::Bokmal), "1,85");
    }
}
