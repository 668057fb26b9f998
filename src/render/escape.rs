//! Log text is untrusted: nothing in it may steer a terminal or turn the direction of reading.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text without anything but what can be seen.
///
/// Tabs and line ends become spaces, other control characters their pictures (`␛` for escape),
/// C1 controls and invisible marks that reorder or hide text `�`. So an escape sequence shows
/// itself instead of working.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown_as(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| shown_as(c).unwrap_or(c)).collect())
}

/// Text inside JSON as ASCII escapes where [`plain`] would change it; it reads back unchanged.
///
/// `serde_json` escapes the C0 controls only, yet JSON is read on terminals too.
#[must_use]
pub fn json_escaped(json: &str) -> Cow<'_, str> {
    let harmless = |c: char| c == '\n' || shown_as(c).is_none();
    if json.chars().all(harmless) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        if harmless(c) {
            out.push(c);
        } else {
            // All of these are in the basic plane, so one unit is enough.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
    }
    Cow::Owned(out)
}

fn shown_as(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => Some('\u{fffd}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(plain("query_dup 表 → ok"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_steers_a_terminal_becomes_visible() {
        assert_eq!(plain("a\x1b[31mb\x1b]0;t\x07"), "a␛[31mb␛]0;t␇");
        assert_eq!(plain("a\tb\r\nc\x7f\u{9b}2J"), "a b  c␡�2J");
        assert_eq!(plain("gpj.\u{202e}exe\u{2066}\u{200f}"), "gpj.�exe��");
    }

    #[test]
    fn no_control_character_is_left() {
        let all: String = (0..0x3000).filter_map(char::from_u32).collect();
        assert!(!plain(&all).chars().any(char::is_control));
    }

    #[test]
    fn escaped_json_reads_back() {
        let text = "x\u{9b}31m \u{202e} \x1b \u{7f}";
        let json = serde_json::to_string(text).unwrap_or_default();
        let escaped = json_escaped(&json);
        assert!(escaped.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&escaped).ok().as_deref(), Some(text));
    }
}
