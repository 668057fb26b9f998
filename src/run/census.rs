//! Counts of a piece: its lines, and which of them begin a record.

use crate::record::{Sweep, find_header, looks_like_record};

/// The lines of a piece.
pub(super) struct Lines<'a> {
    pub(super) own: &'a [u8],
    /// What was found in it.
    pub(super) sweep: &'a Sweep,
}

impl Lines<'_> {
    /// The last one may have no end.
    pub(super) fn count(&self) -> u64 {
        self.sweep.ends().len() as u64 + u64::from(self.own.last().is_some_and(|&b| b != b'\n'))
    }

    /// Lines that begin a record.
    pub(super) fn records(&self) -> u64 {
        let mut start = 0;
        let ends = self.sweep.ends().iter().copied().chain(std::iter::once(self.own.len()));
        ends.map(|end| {
            let begins = u64::from(begins_record(&self.own[start..end.max(start)]));
            start = end + 1;
            begins
        })
        .sum()
    }
}

/// Whether a line begins a record; one with an envelope does when its text does.
fn begins_record(line: &[u8]) -> bool {
    let wrapped = || !line.is_empty() && !line[0].is_ascii_whitespace() && find_header(&line[..line.len().min(512)]).is_some();
    looks_like_record(line) || wrapped()
}
