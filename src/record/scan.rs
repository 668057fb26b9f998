//! Finds the lines that may hold a known message, in the buffer, before any line is split.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;
use std::sync::LazyLock;

/// Each known message holds at least one of these; a test over all patterns proves it.
///
/// Chosen by a search over all sets that cover the patterns, for few hits in ordinary lines. Up to
/// 32 needles the packed searcher looks at 32 bytes a step, beyond at 16, beyond 64 it is none; an
/// automaton is twenty times slower (0.16 GB/s against 3.5). The order matters, too: every eighth
/// needle shares a bucket, and needles that share one should begin alike, since the searcher
/// verifies whatever a bucket's letters can be mixed into.
///
/// None may be shorter than four bytes: the searcher looks at as many bytes of each as the shortest
/// has, and with three it is three times slower.
///
/// A line of level F stops a server, whatever it says; its needle is the line's beginning.
const NEEDLES: &[&str] = &[
    "ckpoint ",
    "n ex",
    "duplic",
    " is ",
    "shou",
    "env ",
    "ailed",
    "t th",
    " version(",
    "ervice",
    "int: ",
    "d_ns =",
    "st with ",
    "ery ",
    "a server ",
    "app ",
    "ame_patt",
    "_privat",
    "inva",
    " on ",
    "t lo",
    "xceed ",
    "status = ",
    " code",
    "w-last_recv",
    "ate: ",
    "cess",
    "ower a",
    "on_i",
    "\nF20",
    "connected: ",
    "er from ",
];

/// The searcher over the needles.
enum Searcher {
    /// SIMD, where the processor has it.
    Packed(packed::Searcher),
    /// Everywhere else.
    Automaton(AhoCorasick),
    /// Neither could be built: every line is a candidate, slow but complete.
    Everything,
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| {
    let packed = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(NEEDLES).build();
    match packed {
        Some(searcher) => Searcher::Packed(searcher),
        None => {
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(NEEDLES).map_or(Searcher::Everything, Searcher::Automaton)
        }
    }
});

impl Searcher {
    /// The end of the first needle at or after `from`.
    fn next(&self, block: &[u8], from: usize) -> Option<usize> {
        match self {
            Self::Packed(searcher) => searcher.find_in(block, (from..block.len()).into()).map(|m| m.end()),
            Self::Automaton(searcher) => searcher.find(block.get(from..)?).map(|m| from + m.end()),
            Self::Everything => (from < block.len()).then_some(from + 1),
        }
    }
}

/// The lines of a block that may hold a known message: byte ranges without the line end.
pub struct CandidateLines<'a> {
    block: &'a [u8],
    at: usize,
}

/// Looks for candidate lines in `block`, which begins at a line's first byte.
#[must_use]
pub fn candidate_lines(block: &[u8]) -> CandidateLines<'_> {
    CandidateLines { block, at: 0 }
}

impl Iterator for CandidateLines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        // The first line has no line end before it that could be part of a needle.
        let fatal = (self.at == 0 && self.block.starts_with(b"F20")).then_some(1);
        let hit = fatal.or_else(|| SEARCHER.next(self.block, self.at))?;
        let inside = hit - 1;
        let start = memchr::memrchr(b'\n', &self.block[self.at..inside]).map_or(self.at, |n| self.at + n + 1);
        let end = memchr::memchr(b'\n', &self.block[inside..]).map_or(self.block.len(), |n| inside + n);
        self.at = (end + 1).min(self.block.len());
        Some(start..end)
    }
}

/// Number of line ends in a block.
#[must_use]
pub fn line_count(block: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', block).count() as u64
}

/// Whether a line begins as a record does, without reading it in full.
#[must_use]
pub fn looks_like_record(line: &[u8]) -> bool {
    matches!(line, [b'D' | b'I' | b'W' | b'E' | b'F', y0, y1, _, _, b'-', ..] if y0.is_ascii_digit() && y1.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(block: &str) -> Vec<&str> {
        candidate_lines(block.as_bytes()).map(|r| &block[r]).collect()
    }

    #[test]
    fn a_line_with_a_needle_is_found_whole_and_once() {
        let block = "nothing here\nadd duplication for app(x), duplication report: {}\nnothing\nduplication report: {}";
        assert_eq!(found(block), ["add duplication for app(x), duplication report: {}", "duplication report: {}"]);
        assert_eq!(found(""), Vec::<&str>::new());
        assert_eq!(found("\n\n"), Vec::<&str>::new());
    }

    #[test]
    fn there_are_few_enough_needles_for_the_packed_searcher() {
        assert!(NEEDLES.len() <= 32);
        assert!(NEEDLES.iter().all(|needle| needle.len() >= 4));
        assert!(matches!(*SEARCHER, Searcher::Packed(_)) || cfg!(not(any(target_arch = "x86_64", target_arch = "aarch64"))));
    }

    #[test]
    fn lines_are_counted_by_their_ends() {
        assert_eq!(line_count(b"a\nb\nc"), 2);
    }
}
