//! Numbers as people and exports write them: decimal comma or point, blanks between thousands.

/// A whole number; decimals are allowed if they are zero. Without a stated mark comma and point both serve.
pub(crate) fn whole(text: &str, mark: Option<u8>) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let parts = Parts::of(text, mark)?;
    if parts.decimals.bytes().any(|digit| digit != b'0') {
        return None;
    }
    format!("{}0{}", parts.sign, parts.digits).parse().ok()
}

/// A decimal number.
pub(crate) fn decimal(text: &str, mark: Option<u8>) -> Option<f64> {
    let parts = Parts::of(text, mark)?;
    let number: f64 = format!("{}0{}.{}0", parts.sign, parts.digits, parts.decimals).parse().ok()?;
    number.is_finite().then_some(number)
}

struct Parts<'t> {
    sign: &'static str,
    /// Without the blanks between thousands.
    digits: String,
    decimals: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str, mark: Option<u8>) -> Option<Self> {
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let mark = mark.unwrap_or(if unsigned.contains(',') { b',' } else { b'.' });
        let (front, decimals) = match unsigned.split_once(char::from(mark)) {
            Some((_, "")) => return None,
            Some(halves) => halves,
            None => (unsigned, ""),
        };
        if front.is_empty() && decimals.is_empty() {
            return None;
        }
        let digits = without_blanks(front)?;
        are_digits(decimals).then_some(Self { sign, digits, decimals })
    }
}

/// Blanks are read away only where they group thousands: `1 234` is a number, `1 2` is two.
fn without_blanks(front: &str) -> Option<String> {
    let groups: Vec<&str> = front.split([' ', '\u{a0}', '\u{2009}', '\u{202f}']).collect();
    let grouped = match groups.split_first() {
        Some((first, rest)) if !rest.is_empty() => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        _ => true,
    };
    (grouped && groups.iter().all(|group| are_digits(group))).then(|| groups.concat())
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_may_be_grouped_by_blanks() {
        assert_eq!(whole("1 234 567", Some(b',')), Some(1_234_567));
        assert_eq!(decimal("-1\u{202f}234,5", Some(b',')), Some(-1234.5));
        assert_eq!(whole("1 2", Some(b',')), None);
        assert_eq!(whole("1234 567", Some(b',')), None);
    }

    #[test]
    fn only_the_stated_mark_is_a_decimal_mark() {
        assert_eq!(decimal("3,5", Some(b',')), Some(3.5));
        assert_eq!(decimal("3.5", Some(b',')), None);
        assert_eq!(decimal("3.5", None), Some(3.5));
        assert_eq!(decimal("3,5", None), Some(3.5));
        assert_eq!(decimal("3,", Some(b',')), None);
        assert_eq!(decimal("", Some(b',')), None);
        assert_eq!(decimal("NaN", Some(b',')), None);
    }

    #[test]
    fn a_whole_number_may_carry_zero_decimals() {
        assert_eq!(whole("3,0", Some(b',')), Some(3));
        assert_eq!(whole("3,5", Some(b',')), None);
        assert_eq!(whole("-7", Some(b',')), Some(-7));
        assert_eq!(whole("x", Some(b',')), None);
    }
}
