//! The candidate lines of a block, split into records.

use super::block::{Block, OVERLAP};
use crate::record::{
    BlockScan, Header, Unwrapped, dated, find_header, glued, header, is_last_words, may_hold_last_words, trim_end, unwrap, unwrap_all,
};
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

thread_local! {
    /// What a thread finds around piece after piece.
    static AROUND: RefCell<BlockScan> = RefCell::default();
}

/// A line that is more than a record: with an envelope, or with another record glued to it.
struct Line<'a> {
    range: Range<usize>,
    origin: Option<String>,
    text: Cow<'a, [u8]>,
    /// Its time is that of a line beside it.
    undated: bool,
}

/// One record of a candidate line.
pub(super) struct Record<'a> {
    pub(super) range: Range<usize>,
    pub(super) origin: Option<&'a str>,
    pub(super) header: Header<'a>,
    /// Its time is that of a line beside it.
    pub(super) undated: bool,
}

/// Begins a line that waits for the checkpoints of a source's partitions.
pub(super) const WAITING: &str = "replica checkpoint still running: ";

/// Whether what is behind a piece matters for what it says: a line near its end waits for another, or may be cut into several.
pub(crate) fn looks_ahead(own: &[u8], scan: &BlockScan) -> bool {
    let near = own.len().saturating_sub(OVERLAP);
    let wrapped = scan.others().next_back().is_some_and(|line| line.end >= near);
    let waits = |line: &[u8]| line.starts_with(b"F20") || memchr::memmem::find(line, WAITING.as_bytes()).is_some();
    wrapped || scan.candidates_behind(near).any(|line| waits(&own[line]))
}

/// The candidate lines of a block, split into records.
pub(super) struct Candidates<'a> {
    /// Lines that are one record and nothing else.
    plain: Vec<Record<'a>>,
    /// The others.
    odd: Vec<Line<'a>>,
}

impl<'a> Candidates<'a> {
    /// Those of the piece, and of its surroundings where a record of the piece may depend on them.
    pub(super) fn of(block: &Block<'a>, scan: &BlockScan) -> Self {
        let own = block.own.clone();
        // Room for all at once: growing would copy a piece full of them again and again.
        let mut found = Self { plain: Vec::with_capacity(scan.hits()), odd: Vec::new() };
        for line in scan.candidates() {
            found.take(block.bytes, own.start + line.start..own.start + line.end);
        }
        for line in scan.others() {
            let range = own.start + line.start..own.start + line.end;
            if may_hold_last_words(&block.bytes[range.clone()]) {
                last_words(block.bytes, &range, &mut found.odd);
            }
        }
        let starts = || found.plain.iter().map(|r| r.range.start).chain(found.odd.iter().map(|l| l.range.start));
        let near_begin = starts().any(|start| start <= own.start + OVERLAP);
        if near_begin && own.start > 0 {
            let mut all = Self { plain: Vec::new(), odd: Vec::new() };
            all.gather(block.bytes, 0..own.start);
            all.plain.append(&mut found.plain);
            all.odd.append(&mut found.odd);
            found = all;
        }
        if looks_ahead(&block.bytes[own.clone()], scan) {
            found.gather(block.bytes, own.end..block.bytes.len());
        }
        found
    }

    /// Adds the candidate lines of a part that begins and ends with a line.
    fn gather(&mut self, bytes: &'a [u8], part: Range<usize>) {
        let mut scan = AROUND.take();
        scan.look(&bytes[part.clone()]);
        for line in scan.candidates() {
            self.take(bytes, part.start + line.start..part.start + line.end);
        }
        AROUND.set(scan);
    }

    fn take(&mut self, bytes: &'a [u8], range: Range<usize>) {
        let line = &bytes[range.clone()];
        match header(trim_end(line)) {
            Some(header) if header.level == b'F' && header.body.trim_ascii().is_empty() => self.odd.push(wordless(bytes, range)),
            Some(header) if find_header(header.body).is_none() => self.plain.push(Record { range, origin: None, header, undated: false }),
            _ => odd(bytes, range, &mut self.odd),
        }
    }

    /// The records, in the order of the block.
    pub(super) fn records(&mut self) -> Vec<Record<'_>> {
        let mut records: Vec<Record<'_>> = std::mem::take(&mut self.plain);
        if !self.odd.is_empty() {
            for line in &self.odd {
                let record = |header| Record { range: line.range.clone(), origin: line.origin.as_deref(), header, undated: line.undated };
                records.extend(glued(&line.text).map(record));
            }
            records.sort_by_key(|record| record.range.start);
        }
        records
    }
}

/// Takes an unusual line out of its envelope, with what follows it there.
fn odd<'a>(bytes: &'a [u8], range: Range<usize>, out: &mut Vec<Line<'a>>) {
    for Unwrapped { envelope, mut text } in unwrap_all(&bytes[range.clone()]) {
        if is_last_words(&text) {
            continue;
        }
        let (mut partial, mut at) = (envelope.partial, range.end + 1);
        // A container runtime splits lines of more than 16 KiB.
        while partial && at < bytes.len() && text.len() < OVERLAP {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            let next = unwrap(&bytes[at..end]);
            if header(&next.text).is_some() {
                break;
            }
            partial = next.envelope.partial;
            text.to_mut().extend_from_slice(&next.text);
            at = end + 1;
        }
        out.push(Line { range: range.clone(), origin: envelope.origin, text, undated: false });
    }
}

/// A line of level F that says nothing, with its words, which begin in the next line.
fn wordless(bytes: &[u8], range: Range<usize>) -> Line<'_> {
    let mut rest = bytes[range.end..].splitn(3, |&b| b == b'\n').skip(1);
    let words = rest.next().map(trim_end).filter(|words| header(words).is_none()).unwrap_or_default();
    let text = [trim_end(&bytes[range.clone()]), b" ", words].concat();
    Line { range, origin: None, text: text.into(), undated: false }
}

/// Takes last words, which have no header, for a record of the moment of the line before them, else of the one behind them.
fn last_words(bytes: &[u8], range: &Range<usize>, out: &mut Vec<Line<'_>>) {
    /// Within the surroundings of any piece.
    const NEAR: usize = OVERLAP / 2;
    let (from, to) = (range.start.saturating_sub(NEAR), bytes.len().min(range.end + NEAR));
    let before = || bytes[from..range.start].rsplit(|&b| b == b'\n').find_map(with_header);
    let behind = || bytes[range.end..to].split(|&b| b == b'\n').find_map(with_header);
    let beside = before().or_else(behind);
    for Unwrapped { envelope, text } in unwrap_all(&bytes[range.clone()]).into_iter().filter(|one| is_last_words(&one.text)) {
        let origin = envelope.origin.or_else(|| beside.as_ref()?.envelope.origin.clone());
        let beside = beside.as_ref().and_then(|one| header(&one.text));
        let told = if text.starts_with(b"***") { aborted_at(&bytes[from..range.start]) } else { None };
        let beside = beside.map(|header| Header { nanos: told.unwrap_or(header.nanos), ..header });
        let text = dated(&text, beside.as_ref()).into();
        out.push(Line { range: range.clone(), origin, text, undated: told.is_none() });
    }
}

/// `*** Aborted at 1716650968 (unix time) …`, in nanoseconds: glog says when right before it says what happened.
fn aborted_at(before: &[u8]) -> Option<i64> {
    const WORDS: &[u8] = b"*** Aborted at ";
    let at = memchr::memmem::rfind(before, WORDS)? + WORDS.len();
    let digits = before[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&before[at..at + digits]).ok()?.parse::<i64>().ok()?.checked_mul(1_000_000_000)
}

fn with_header(line: &[u8]) -> Option<Unwrapped<'_>> {
    unwrap_all(line).into_iter().find(|one| header(&one.text).is_some())
}
