//! What a process that dies prints without a header: the signal that it got.

use super::header::{Header, header};
use super::origin::is_envelope;
use super::pasted::undressed;
use aho_corasick::packed;
use std::borrow::Cow;
use std::sync::LazyLock;

/// How such a line begins, behind its envelope, and what all of them hold.
///
/// `coredump.posix.cpp` prints the first, glog's handler the other.
const BEGINNINGS: &[&str] = &["got signal id: ", "*** SIG"];

static SEARCHER: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| packed::Config::new().builder().extend(BEGINNINGS).build());

/// Whether a line may hold last words; most do not.
pub(crate) fn may_hold_last_words(line: &[u8]) -> bool {
    SEARCHER.as_ref().is_none_or(|searcher| searcher.find(line).is_some())
}

/// Last words of a line without a header, and what stands before them.
pub(crate) fn last_words(line: &[u8]) -> Option<(Cow<'_, str>, Cow<'_, [u8]>)> {
    if !may_hold_last_words(line) {
        return None;
    }
    let at = BEGINNINGS.iter().filter_map(|begin| memchr::memmem::find(line, begin.as_bytes())).min()?;
    let prefix = String::from_utf8_lossy(&line[..at]);
    let rest = &line[at..];
    let words = match signal(rest) {
        Some(end) => Cow::Borrowed(&rest[..end]),
        None => undressed(&prefix, rest),
    };
    ((signal(&words).is_some() || words.ends_with(b"***")) && is_envelope(&prefix)).then_some((prefix, words))
}

/// Where the number of a signal ends; what quotes the line goes on behind it.
fn signal(words: &[u8]) -> Option<usize> {
    let begin = BEGINNINGS[0].len();
    let number = words.strip_prefix(BEGINNINGS[0].as_bytes())?;
    let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
    let goes_on = |rest: &[u8]| rest.trim_ascii_start().first().is_some_and(u8::is_ascii_alphabetic);
    (digits > 0 && !goes_on(&number[digits..])).then_some(begin + digits)
}

/// Last words as a record of level F, of the moment right after a line beside them; without one it has no time.
pub(crate) fn dated(words: &[u8], beside: Option<&Header<'_>>) -> Vec<u8> {
    let head = match beside {
        Some(Header { clock, nanos, thread, context, .. }) => {
            [b"F", *clock, format!(" ({} ", nanos.saturating_add(1)).as_bytes(), *thread, b") ", *context, b": "].concat()
        }
        None => b"F1970-01-01 00:00:00.000 (0 0) : ".to_vec(),
    };
    [&head, words].concat()
}

/// Whether a record is no line with a header but last words.
pub(crate) fn is_last_words(text: &[u8]) -> bool {
    header(text).is_none() && last_words(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_known_in_any_envelope_and_not_in_prose() {
        for (line, words) in [
            ("got signal id: 11", "got signal id: 11"),
            ("got signal id: 11\r", "got signal id: 11"),
            ("2024-05-25T15:29:30.000000000Z stdout F got signal id: 6", "got signal id: 6"),
            ("2024-05-25T15:29:30.000000000Z got signal id: 6", "got signal id: 6"),
            ("[pod/pegasus-replica-0/replica] got signal id: 11", "got signal id: 11"),
            ("replica-0  | got signal id: 11", "got signal id: 11"),
            ("May 25 23:29:30 host1 pegasus_server[4711]: got signal id: 11", "got signal id: 11"),
            ("> `got signal id: 11`.", "got signal id: 11"),
            (
                "*** SIGSEGV (@0x0) received by PID 4711 (TID 0x7f12) from PID 0; stack trace: ***",
                "*** SIGSEGV (@0x0) received by PID 4711 (TID 0x7f12) from PID 0; stack trace: ***",
            ),
        ] {
            let found = last_words(line.as_bytes()).map(|(_, words)| String::from_utf8_lossy(&words).into_owned());
            assert_eq!(found.as_deref(), Some(words), "{line}");
        }
        for line in ["the server died with got signal id: 11", "got signal id: 11 is what it said", "got signal id: x", "*** SIG and more"]
        {
            assert!(last_words(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn they_get_the_time_of_a_line_beside_them() {
        let line = b"D2024-05-24 17:21:57.7 (1716542517007123456 1f)   replica.replica0.0102: a.cpp:1:f(): text";
        let text = dated(b"got signal id: 11", header(line).as_ref());
        let made = header(&text);
        assert_eq!(
            made.map(|h| (h.level, h.nanos, h.file, h.body)),
            Some((b'F', 1_716_542_517_007_123_457, None, &b"got signal id: 11"[..]))
        );
        assert_eq!(header(&dated(b"got signal id: 11", None)).map(|h| h.nanos), Some(0));
    }
}
