//! Free text of which nobody knows what it says: other words than Pegasus' own may be anything.

use super::alias::Aliases;
use super::text::{CLOSE, FILES, OPEN, hide_and};
use super::vocabulary::{is_kept, is_word};

/// A text without names, and of other words only those that are Pegasus' own.
pub(super) fn hide_unknown(aliases: &mut Aliases, text: &str) -> String {
    without_words(aliases, text, is_known)
}

/// The same, and no other words.
pub(super) fn hide_all(aliases: &mut Aliases, text: &str) -> String {
    without_words(aliases, text, |word| is_kept(word) || word.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether an identifier or a word is made of Pegasus' own words and of numbers.
fn is_known(word: &str) -> bool {
    let number = |w: &str| w.bytes().all(|b| b.is_ascii_digit());
    let own = |w: &str| number(w) || is_word(w) || FILES.contains(&w);
    let hex = word.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    hex || is_kept(word) || word.split('_').all(own)
}

fn without_words(aliases: &mut Aliases, text: &str, is_told: impl Fn(&str) -> bool) -> String {
    /// What stands for words that are hidden, however many.
    const HIDDEN: &str = "…";
    hide_and(aliases, text, |hidden| {
        let mut out = String::with_capacity(hidden.len());
        let mut rest = hidden.as_str();
        while let Some(first) = rest.chars().next() {
            let is_part = |c: char| !c.is_ascii() && c != OPEN && c != CLOSE || c.is_ascii_alphanumeric() || c == '_';
            let end = match first {
                OPEN => rest.find(CLOSE).map_or(rest.len(), |at| at + CLOSE.len_utf8()),
                _ if is_part(first) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            let (word, after) = rest.split_at(end);
            if !is_part(first) || is_told(word) {
                out.push_str(word);
            } else if out.trim_end().ends_with(HIDDEN) {
                out.truncate(out.trim_end().len());
            } else {
                out.push_str(HIDDEN);
            }
            rest = after;
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use crate::report::Redaction;

    const ABORT: &str = "F2024-05-25 10:11:00.000 (1716603060000000001 7556) replica.default0.0000150323920897: replica_stub.cpp:71:f(): ";

    #[test]
    fn of_what_a_server_says_as_it_stops_only_words_of_the_code_are_left() {
        let text =
            "assertion expression: [_app->last_committed_decree() == 17] the vault of acme is corrupted at 0x7f3a on rs-9.acme.com:34801";
        let hidden = Redaction::default().line(&format!("{ABORT}{text}"));
        assert!(hidden.contains("[_app->last_committed_decree() == 17]") && hidden.contains("at 0x7f3a on host-1:34801"), "{hidden}");
        assert!(!hidden.contains("vault") && !hidden.contains("acme") && hidden.contains('…'), "{hidden}");
    }

    #[test]
    fn strict_leaves_no_free_text() {
        let redaction = Redaction::default().strict();
        let hidden = redaction.line(&format!("{ABORT}assertion expression: [ok] table"));
        assert!(hidden.starts_with(ABORT) && !hidden[ABORT.len()..].contains(char::is_alphabetic), "{hidden}");
        let hidden = redaction.line("whatever somebody has pasted 17 DS_APP");
        assert_eq!(hidden, "… 17 DS_APP");
        let hidden = redaction.line("I2024-05-25 10:11:00.000 (1716603060000000001 7556) meta.m: duplication_info.cpp:174:persist_status(): [a5d17] change duplication status from DS_PREPARE to DS_APP successfully [app_id: 5]");
        assert!(hidden.ends_with("change duplication status from DS_PREPARE to DS_APP successfully [app_id: 5]"), "{hidden}");
    }
}
