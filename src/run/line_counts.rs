//! Counts of a piece: its lines, and which of them begin a record.

use crate::record::{BlockScan, find_header, looks_like_record};

/// The lines of a piece.
pub(super) struct Lines<'a> {
    pub(super) own: &'a [u8],
    /// What was found in it.
    pub(super) scan: &'a BlockScan,
}

impl Lines<'_> {
    pub(super) fn count(&self) -> u64 {
        self.scan.lines() as u64
    }

    /// Lines that begin a record.
    pub(super) fn records(&self) -> u64 {
        self.scan.records() + self.scan.others().filter(|line| begins_record(&self.own[line.clone()])).count() as u64
    }
}

/// Whether a line begins a record; one with an envelope does when its text does.
fn begins_record(line: &[u8]) -> bool {
    let wrapped = || find_header(&line[..line.len().min(512)]).is_some();
    looks_like_record(line) || wrapped()
}
