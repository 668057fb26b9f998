//! Finds the lines that may hold a known message, in the buffer, before any line is split.

use super::needles::next_needle;
use std::ops::Range;

/// The lines of a block that may hold a known message: byte ranges without the line end.
pub(crate) struct CandidateLines<'a> {
    block: &'a [u8],
    at: usize,
}

/// Looks for candidate lines in `block`, which begins at a line's first byte.
pub(crate) fn candidate_lines(block: &[u8]) -> CandidateLines<'_> {
    CandidateLines { block, at: 0 }
}

impl Iterator for CandidateLines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        // The first line has no line end before it that could be part of a needle.
        let fatal = (self.at == 0 && self.block.starts_with(b"F20")).then_some(1);
        // A needle may begin with the end of the line before.
        let hit = fatal.or_else(|| next_needle(self.block, self.at.saturating_sub(1)))?;
        let inside = hit - 1;
        let start = memchr::memrchr(b'\n', &self.block[self.at..inside]).map_or(self.at, |n| self.at + n + 1);
        let end = memchr::memchr(b'\n', &self.block[inside..]).map_or(self.block.len(), |n| inside + n);
        self.at = (end + 1).min(self.block.len());
        Some(start..end)
    }
}

/// Number of line ends in a block.
pub(crate) fn line_count(block: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', block).count() as u64
}

/// Whether a line begins as a record does, without reading it in full.
pub(crate) fn looks_like_record(line: &[u8]) -> bool {
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
    fn lines_are_counted_by_their_ends() {
        assert_eq!(line_count(b"a\nb\nc"), 2);
    }
}
