//! Text inside HTML and XML.

/// The text with the characters that HTML and XML give a meaning replaced, in content and in attributes.
///
/// Control characters, which XML does not allow at all, become spaces.
pub(crate) fn escape_html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(printable(other)),
        }
    }
    safe
}

/// The character itself, or a space for a control character.
pub(crate) fn printable(character: char) -> char {
    if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_lose_their_meaning() {
        assert_eq!(escape_html("<b>\"R&D\"</b>\u{0}'"), "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; &#39;");
        assert_eq!(escape_html("Tromsø ≥ 1"), "Tromsø ≥ 1");
    }
}
