//! Sentences of a report, into which names from logs are filled, so that nothing in them is taken for markup.

use crate::render::blocks::{Inline, Line};
use crate::render::escape::plain;

/// A sentence into which a report has filled names from logs: every word that is not an ordinary one becomes code, so that
/// nothing in it can be taken for markup, a person, an issue, a commit or an address.
pub(super) fn prose(text: &str) -> Line {
    let text = plain(text);
    let mut out: Vec<Inline> = Vec::new();
    let mut push = |piece: &str, is_code: bool| match (out.last_mut(), is_code) {
        (Some(Inline::Text(last)), false) => last.push_str(piece),
        (_, false) => out.push(Inline::Text(piece.to_owned())),
        (_, true) => out.push(Inline::Code(piece.to_owned())),
    };
    let mut rest = text.trim();
    let mut first = true;
    while let Some(c) = rest.chars().next() {
        let same = |other: char| class(other) == class(c);
        let end = rest.find(|other| !same(other)).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        match class(c) {
            Class::Space => push(" ", false),
            Class::Foreign => push(piece, false),
            Class::Ascii => {
                let (before, core, after) = trimmed(piece);
                if first && !core.starts_with(|c: char| c.is_ascii_alphabetic()) || !is_ordinary(core) || !is_ordinary_edge(before, after) {
                    push(piece, true);
                } else {
                    push(piece, false);
                }
            }
        }
        first = false;
    }
    split_edges(out)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    /// Visible ASCII: all markup is made of it.
    Ascii,
    Foreign,
}

fn class(c: char) -> Class {
    match c {
        ' ' | '\u{a0}' | '\u{3000}' => Class::Space,
        '!'..='~' => Class::Ascii,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Foreign,
    }
}

/// Brackets and stops around a word.
fn trimmed(piece: &str) -> (&str, &str, &str) {
    let from = piece.find(|c| !matches!(c, '(' | '"' | '\'')).unwrap_or(piece.len());
    let (before, rest) = piece.split_at(from);
    let to = rest.rfind(|c| !matches!(c, ')' | '"' | '\'' | ',' | '.' | ';' | ':' | '?')).map_or(0, |at| at + 1);
    let (core, after) = rest.split_at(to);
    (before, core, after)
}

/// Letters with hyphens and apostrophes between them, or a short number. A word in capitals with a number behind a hyphen could be
/// an issue, seven hexadecimal digits a commit.
fn is_ordinary(core: &str) -> bool {
    if core.is_empty() {
        return true;
    }
    if matches!(core, "e.g" | "i.e" | "=") {
        return true;
    }
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        let parts: Vec<&str> = core.split(['-', '\'', '/']).collect();
        let fine = parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphabetic()));
        let hexadecimal = core.len() >= 7 && core.bytes().all(|b| b.is_ascii_hexdigit());
        return fine && !hexadecimal;
    }
    let points = core.matches('.').count();
    let number = core.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b':' | b'.')) && points <= 1 && digits < 7;
    let failure = core.len() <= 6 && core.strip_prefix("DUP").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    number || failure
}

/// A bare `.` or `"` is fine; a bare bracket next to nothing could begin something.
fn is_ordinary_edge(before: &str, after: &str) -> bool {
    before.len() <= 2 && after.len() <= 3
}

/// Brackets and stops of a word that became code stand outside of it.
fn split_edges(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::new();
    let mut push = |inline: Inline| match (out.last_mut(), inline) {
        (Some(Inline::Text(last)), Inline::Text(more)) => last.push_str(&more),
        (_, inline) => out.push(inline),
    };
    for inline in inlines {
        let Inline::Code(text) = &inline else {
            push(inline);
            continue;
        };
        let (before, core, after) = trimmed(text);
        let balanced = core.matches('(').count() == core.matches(')').count() && core.matches('"').count().is_multiple_of(2);
        if core.is_empty() || !balanced || !is_ordinary_edge(before, after) {
            push(inline);
            continue;
        }
        for (text, is_code) in [(before, false), (core, true), (after, false)] {
            if !text.is_empty() {
                push(if is_code { Inline::Code(text.to_owned()) } else { Inline::Text(text.to_owned()) });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        prose(text)
            .iter()
            .map(|i| match i {
                Inline::Text(t) => t.clone(),
                Inline::Code(t) => format!("`{t}`"),
                Inline::Strong(t) | Inline::Reported(t) | Inline::Link { text: t, .. } => format!("?{t}"),
            })
            .collect()
    }

    #[test]
    fn ordinary_sentences_stay_as_they_are() {
        for text in ["The follower's table isn't there (yet), says DUP302; 1,200 decrees at 17:22:18.", "目标集群上没有表，请检查。"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_could_be_taken_for_something_becomes_code() {
        for (text, wanted) in [
            ("ask @bob, or bob@corp", "ask `@bob`, or `bob@corp`"),
            ("see #123 or GH-12 or group/repo#1", "see `#123` or `GH-12` or `group/repo#1`"),
            ("at http://x.y/z?a=b. And www.evil.com!", "at `http://x.y/z?a=b`. And `www.evil.com!`"),
            ("commit 4683a78a3 and deadbeef and 1716542517", "commit `4683a78a3` and `deadbeef` and `1716542517`"),
            ("[click](http://x) <b>bold</b> *x* _y_ ~z~ `q`", "`[click](http://x)` `<b>bold</b>` `*x*` `_y_` `~z~` ``q``"),
            ("表@bob里的&amp;和:smile:", "表`@bob`里的`&amp`;和`:smile`:"),
            ("- item", "`-` item"),
            ("1. item", "`1`. item"),
            ("# heading", "`#` heading"),
            ("a  \n b", "a b"),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }
}
