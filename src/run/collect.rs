//! Turns a piece of a log into a list of runs.

use super::accumulator::{RunAccumulator, Tail};
use super::block::{Block, Collector, excerpt};
use super::ends::Ends;
use super::folding::fold;
use super::line_counts::Lines;
use super::list::{Occurrence, RunList};
use crate::record::{BlockScan, Header, find_header, header, unwrap};
use std::cell::RefCell;

impl Collector {
    /// Reads the piece.
    #[must_use]
    pub fn collect(&self, block: &Block<'_>) -> RunList {
        let mut scan = SCAN.take();
        scan.look(&block.bytes[block.own.clone()]);
        let list = self.collect_scanned(block, &scan);
        SCAN.set(scan);
        list
    }

    /// Reads a piece that `scan` has looked through.
    #[must_use]
    pub fn collect_scanned(&self, block: &Block<'_>, scan: &BlockScan) -> RunList {
        let mut accumulator = RunAccumulator::default();
        self.add(&mut accumulator, block, scan, false);
        accumulator.into_list()
    }

    /// Reads the piece that follows those of `accumulator`, and that `scan` has looked through.
    pub fn gather(&self, accumulator: &mut RunAccumulator, block: &Block<'_>, scan: &BlockScan) {
        self.add(accumulator, block, scan, true);
    }

    fn add(&self, accumulator: &mut RunAccumulator, block: &Block<'_>, scan: &BlockScan, goes_on: bool) {
        let own = &block.bytes[block.own.clone()];
        let lines = Lines { own, scan };
        let list = &mut accumulator.list;
        if scan.has_nul()
            && let Some(at) = memchr::memchr(0, own)
        {
            list.damage.nul_bytes += memchr::memchr_iter(0, &own[at..]).count() as u64;
            list.damage.first_line = list.damage.first_line.or(Some(list.lines + scan.line_of(at, 0) as u64 + 1));
        }
        // What lies behind the window is not there for the diagnosis, its time neither.
        let dated = last_headers(own).filter_map(|h| self.dated(&h)).map(|at| self.until.map_or(at, |until| at.min(until)));
        list.ends.append(&Ends::of(dated));
        fold(self, block, &lines, accumulator, goes_on);
        self.collect_texts(block, &mut accumulator.list);
        // Of these no other event is another.
        accumulator.tails.resize(accumulator.list.runs.len(), Tail::default());
        let list = &mut accumulator.list;
        list.bytes += own.len() as u64;
        list.records += lines.records();
        // The lines of the piece were counted from here on.
        list.lines += lines.count();
    }

    /// Adds the lines that users' expressions match. They stay apart: what is equal in them only the user knows.
    fn collect_texts(&self, block: &Block<'_>, list: &mut RunList) {
        let Some(texts) = &self.texts else { return };
        let before = list.lines;
        let place = |line: &[u8], number: u64, start: usize| {
            let unwrapped = unwrap(line);
            let at = header(&unwrapped.text).and_then(|h| self.time(&h)).or(self.first_at)?;
            let offset = block.offset + (start - block.own.start) as u64;
            self.wanted(at).then(|| Occurrence { input: 0, at, line: before + number, offset, text: excerpt(line) })
        };
        let mut runs = texts.runs(block.bytes, block.own.clone(), &place);
        list.events += runs.len() as u64;
        for run in &mut runs {
            run.epoch = list.epochs;
        }
        list.runs.append(&mut runs);
    }
}

thread_local! {
    /// What a thread finds in piece after piece.
    static SCAN: RefCell<BlockScan> = RefCell::default();
}

/// The headers of the last lines, the last one first.
fn last_headers(own: &[u8]) -> impl Iterator<Item = Header<'_>> {
    let mut end = own.len();
    let lines = std::iter::from_fn(move || {
        let line_end = own[..end].iter().rposition(|&b| b != b'\n').map(|p| p + 1)?;
        end = memchr::memrchr(b'\n', &own[..line_end]).map_or(0, |n| n + 1);
        Some(&own[end..line_end])
    });
    lines.take(1000).filter_map(|line| header(line).or_else(|| find_header(line).map(|(_, h)| h)))
}
