//! Reads a message's body: which pattern fits best, and with which fields.

use super::pattern::{FieldType, Pattern, Piece, Prefix, prefix};
use super::table::only;
use super::{EventKind, patterns};
use crate::record::trim_end;
use aho_corasick::packed;
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A body that a pattern read; text borrows from the body.
#[derive(Debug)]
pub struct Message<'a> {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// Field names, types and texts, in the order of the line, the prefix last.
    pub fields: Vec<(&'static str, FieldType, &'a str)>,
}

impl Message<'_> {
    /// What the line states.
    pub fn kind(&self) -> EventKind {
        self.pattern.event
    }
}

/// The fields of a message, owned: name and text in the order of the line.
pub(crate) type Fields = Vec<(&'static str, Box<str>)>;

/// What became of a body.
#[derive(Debug)]
pub enum Reading<'a> {
    /// A known message.
    Known(Message<'a>),
    /// Words of a known message that do not parse: a newer or patched release.
    Drift(&'static str),
    /// Nothing that concerns duplication.
    Other,
}

impl Reading<'_> {
    /// Whether it is a known message.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// Stands for lines of level F that no other pattern reads.
static ABORTED: &Pattern = only(EventKind::ProcessAborted);

/// Words that only duplication messages have, and names of files that log nothing else.
///
/// A body with one of these that no pattern reads is drift. `duplicating=` of table dumps and
/// configuration listings is no anchor: ordinary lines have it.
const ANCHORS: &[&str] = &[
    "change duplication status",
    "duplication report",
    "add duplication ",
    "modify duplication(",
    "follower app(",
    "follower app[",
    "replica checkpoint still running: ",
    "initialize progress from metastore [partition_i",
    "on_duplication_sync_reply: err(",
    "duplicate_rpc failed",
    "starting duplication ",
    "update duplication status",
    "checkpoint has been completed: ",
    "start duplicate master[",
];

/// Patterns by the first bytes of their text; those that begin with a field stand apart.
struct Index {
    by_start: FxHashMap<[u8; KEY], Vec<&'static Pattern>>,
    by_word: Vec<(Finder<'static>, &'static Pattern)>,
    anchors: Vec<(Finder<'static>, &'static str)>,
    /// Whether one of the words or anchors may be there at all; most bodies have none.
    any: Option<packed::Searcher>,
}

impl Index {
    /// Whether a word of `by_word` or an anchor is in the body.
    fn has_word(&self, body: &[u8]) -> bool {
        self.any.as_ref().is_none_or(|any| any.find(body).is_some())
    }
}

/// Shorter beginnings do not occur; the test of all samples would show one that does.
const KEY: usize = 4;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut by_start: FxHashMap<[u8; KEY], Vec<&'static Pattern>> = FxHashMap::default();
    let mut by_word = Vec::new();
    for pattern in patterns() {
        let start = match pattern.pieces.first() {
            Some(Piece::Literal(text)) => text.as_bytes().first_chunk::<KEY>().copied(),
            Some(Piece::Field(..)) | None => None,
        };
        match start {
            Some(start) => by_start.entry(start).or_default().push(pattern),
            None => by_word.push((longest_literal(pattern.pieces), pattern)),
        }
    }
    let words: Vec<&str> = by_word.iter().map(|(word, _)| *word).chain(ANCHORS.iter().copied()).collect();
    let any = packed::Config::new().builder().extend(words.into_iter().filter(|word| !word.is_empty())).build();
    let by_word = by_word.into_iter().map(|(word, pattern)| (Finder::new(word), pattern)).collect();
    let anchors = ANCHORS.iter().map(|anchor| (Finder::new(anchor), *anchor)).collect();
    Index { by_start, by_word, anchors, any }
});

fn longest_literal(pieces: &[Piece]) -> &'static str {
    let literals = pieces.iter().map(|p| match p {
        Piece::Literal(text) => *text,
        Piece::Field(..) => "",
    });
    literals.max_by_key(|text| text.len()).unwrap_or("")
}

/// Reads `body`; `file` is the translation unit of the header, if it has one, `letter` its level.
///
/// What terminals and shippers leave at its end is none of it; what people do is tried without where nothing reads it as it stands.
pub fn read<'a>(body: &'a str, file: Option<&[u8]>, letter: u8) -> Reading<'a> {
    let body = trimmed(body);
    let reading = read_exactly(body, file, letter);
    if is_read(&reading) {
        return reading;
    }
    let marks = body.trim_end_matches(['.', ',', ';', '`', '"', '\'', '*', '_', '>', '|', '\u{2026}', '\u{3002}']);
    let shorter = [marks, without_count(marks)].into_iter().filter(|text| text.len() < body.len());
    shorter.map(|text| read_exactly(trimmed(text), file, letter)).find(is_read).unwrap_or(reading)
}

/// Whether a pattern has read it, not only its level.
fn is_read(reading: &Reading<'_>) -> bool {
    matches!(reading, Reading::Known(message) if !std::ptr::eq(message.pattern, ABORTED))
}

fn trimmed(body: &str) -> &str {
    body.get(..trim_end(body.as_bytes()).len()).unwrap_or(body)
}

/// Without ` (12 times)`, ` x3`, ` [2]` at the end.
fn without_count(body: &str) -> &str {
    let Some((before, last)) = body.rsplit_once([' ', '\u{a0}']) else { return body };
    let (before, last) = match last.trim_end_matches([')', ']']) {
        word @ ("times" | "time" | "more" | "repeats") => before.rsplit_once(' ').unwrap_or((before, word)),
        _ => (before, last),
    };
    let digits = last.trim_matches(|c: char| "()[]x\u{d7}#*\u{6b21}".contains(c));
    let counts = digits.len() < last.len() || before.len() + last.len() + 1 < body.len();
    if counts && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) { before } else { body }
}

fn read_exactly<'a>(body: &'a str, file: Option<&[u8]>, letter: u8) -> Reading<'a> {
    let (found, rest, prefix_fields) = prefix(body);
    let has_word = INDEX.has_word(body.as_bytes());
    let mut best: Option<(usize, Message<'a>)> = None;
    let mut consider = |pattern: &'static Pattern, text: &'a str| {
        let at_home = file.is_some_and(|f| f == pattern.file.as_bytes());
        // A pattern in its own file wins over an equal one elsewhere.
        let rank = pattern.specificity * 2 + usize::from(at_home) + 1;
        let trusted = !pattern.weak || (at_home && pattern.level.letters().contains(&letter));
        if !trusted || best.as_ref().is_some_and(|(r, _)| *r >= rank) {
            return;
        }
        let mut fields = Vec::new();
        if pattern.read(text, &mut fields) {
            best = Some((rank, Message { pattern, fields }));
        }
    };
    // With a prefix the pattern starts after it; assertion lines carry the prefix inside.
    for (text, prefixed) in [(rest, found), (body, Prefix::None)] {
        if let Some(key) = text.as_bytes().first_chunk::<KEY>() {
            for pattern in INDEX.by_start.get(key).into_iter().flatten() {
                if fits_prefix(pattern.prefix, prefixed) {
                    consider(pattern, text);
                }
            }
        }
        // A pattern of fields alone has no word.
        for (word, pattern) in INDEX.by_word.iter().filter(|(word, _)| has_word || word.needle().is_empty()) {
            if fits_prefix(pattern.prefix, prefixed) && word.find(text.as_bytes()).is_some() {
                consider(pattern, text);
            }
        }
        if prefixed == Prefix::None {
            break;
        }
    }
    match best {
        Some((_, mut message)) => {
            if message.pattern.prefix != Prefix::None {
                message.fields.extend(prefix_fields);
            }
            Reading::Known(message)
        }
        None => match INDEX.anchors.iter().filter(|_| has_word).find(|(finder, _)| finder.find(body.as_bytes()).is_some()) {
            Some((_, anchor)) => Reading::Drift(anchor),
            // Whatever it says, the process stops.
            None if letter == b'F' => Reading::Known(Message { pattern: ABORTED, fields: vec![("message", FieldType::Text, body)] }),
            None => Reading::Other,
        },
    }
}

/// A pattern is tried behind its own prefix only; assertion lines carry theirs in the template.
fn fits_prefix(wanted: Prefix, found: Prefix) -> bool {
    wanted == found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{candidate_lines, may_hold_last_words};

    #[test]
    fn every_sample_is_read_by_its_own_pattern() {
        for pattern in patterns() {
            assert!(!pattern.samples.is_empty(), "{} has no sample", pattern.template);
            for sample in pattern.samples {
                let Reading::Known(message) = read(sample, Some(pattern.file.as_bytes()), pattern.level.letters()[0]) else {
                    unreachable!("nobody reads {sample}")
                };
                assert!(std::ptr::eq(message.pattern, pattern), "{sample} is read by {}", message.pattern.template);
            }
        }
    }

    #[test]
    fn no_known_message_escapes_the_scan() {
        for pattern in patterns() {
            if pattern.weak {
                continue;
            }
            let literals: Vec<&str> = pattern.pieces.iter().map(|p| if let Piece::Literal(text) = p { text } else { "\u{1}" }).collect();
            let literals = literals.concat();
            // What is printed without a header is looked for apart.
            if literals.starts_with("***") && may_hold_last_words(literals.as_bytes()) {
                continue;
            }
            // A line of level F is found by its beginning.
            let begin = if pattern.is_fatal() { "F2024-" } else { "" };
            let line = format!("nothing\n{begin}{literals}\nnothing\n");
            let hint = "no needle of src/record/needles.rs is in this message: add one that is, or shorten one so that it is";
            assert_eq!(candidate_lines(line.as_bytes()).count(), 1, "{}: {hint}", pattern.template);
        }
    }

    #[test]
    fn anchors_escape_neither() {
        for anchor in ANCHORS {
            assert_eq!(candidate_lines(anchor.as_bytes()).count(), 1, "{anchor}");
        }
    }

    #[test]
    fn unknown_wording_with_a_known_anchor_is_drift() {
        let drift = "[a1d2] change duplication status from DS_APP into DS_LOG at last";
        assert!(matches!(read(drift, None, b'I'), Reading::Drift("change duplication status")));
        assert!(matches!(read("app_info(duplicating=true)", None, b'I'), Reading::Other));
    }

    #[test]
    fn what_stands_behind_a_message_is_none_of_it() {
        let plain = "query follower app[far.t] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE";
        for end in [
            " ",
            "\t",
            "\r",
            "\u{1b}[0m",
            "\u{1b}[m\u{1b}[K \r",
            "\u{a0}",
            "\u{fffd}",
            "\u{3000}\0",
            ".",
            "`",
            "`.",
            "**",
            " (12 times)",
            " x3",
            " \u{d7}3",
            " (3)",
            "\",",
        ] {
            let line = format!("{plain}{end}");
            let Reading::Known(message) = read(&line, None, b'E') else { unreachable!("{line:?}") };
            assert_eq!(message.fields.last().map(|f| f.2), Some("ERR_NO_NEED_OPERATE"), "{line:?}");
        }
        assert!(matches!(read(&format!("{plain} and more"), None, b'E'), Reading::Drift(_)));
    }

    #[test]
    fn an_unknown_line_of_level_f_is_an_abort() {
        let body = "assertion expression: [a == b] [3.2@10.0.0.1:34801] 1 vs 2 something nobody has seen";
        let Reading::Known(message) = read(body, None, b'F') else { unreachable!() };
        assert_eq!(message.kind(), EventKind::ProcessAborted);
        assert_eq!(message.fields, [("message", FieldType::Text, body)]);
        assert!(matches!(read(body, None, b'E'), Reading::Other));
    }

    #[test]
    fn fields_come_out_with_their_prefix() {
        let body = "[a3d17] change duplication status from DS_INIT to DS_PREPARE successfully [app_id: 3]";
        let Reading::Known(message) = read(body, None, b'I') else { unreachable!() };
        let field = |name: &str| message.fields.iter().rev().find(|f| f.0 == name).map(|f| f.2);
        assert_eq!(field("dup_id"), Some("17"));
        assert_eq!(field("to_status"), Some("DS_PREPARE"));
    }
}
