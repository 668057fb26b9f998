//! Line-aligned pieces of a stream, each looked through while it comes.

use super::blocks::{LINE, LONGEST, ScratchBuffers, last_line_end, line_start};
use crate::record::BlockScan;
use crate::run::{Block, Collector, OVERLAP, RunAccumulator, RunList, looks_ahead};
use std::io::{self, Read};

/// Bytes of a piece unless something else is asked for: with what a decoder keeps they still fit into the inner caches.
pub(super) const STREAMED: usize = 1 << 20;

/// Bytes taken at once, to be looked through while they are in the inner caches. A decoder copies what it keeps at every call, so not less.
const AT_ONCE: usize = 256 << 10;

/// Reads a stream, `head` first, which was already taken from it.
///
/// What could be read is returned beside the error that ended it.
pub(super) fn read_stream(
    head: Vec<u8>,
    reader: &mut dyn Read,
    chunk: usize,
    collector: &Collector,
    told: &(dyn Fn(u64) + Sync),
) -> (RunList, Option<io::Error>) {
    let mut all = RunAccumulator::default();
    let failure = for_each_piece(head, reader, chunk, told, &mut |piece| {
        match piece {
            Piece::Swept(block, scan) => collector.gather(&mut all, &block, scan),
            Piece::Skipped(list) => all.append(list),
        }
        true
    });
    (all.into_list(), failure)
}

/// Hands over the list of each piece of a stream, in order, until `take` wants no more.
pub(super) fn for_each_block(
    head: Vec<u8>,
    reader: &mut dyn Read,
    chunk: usize,
    collector: &Collector,
    told: &(dyn Fn(u64) + Sync),
    take: &mut dyn FnMut(RunList) -> bool,
) -> Option<io::Error> {
    for_each_piece(head, reader, chunk, told, &mut |piece| {
        take(match piece {
            Piece::Swept(block, scan) => collector.collect_scanned(&block, scan),
            Piece::Skipped(list) => list,
        })
    })
}

/// A part of a stream.
enum Piece<'a> {
    /// Lines, with what was found in them.
    Swept(Block<'a>, &'a BlockScan),
    /// An endless line, of which nothing was read.
    Skipped(RunList),
}

fn for_each_piece(
    head: Vec<u8>,
    reader: &mut dyn Read,
    chunk: usize,
    told: &(dyn Fn(u64) + Sync),
    take: &mut dyn FnMut(Piece<'_>) -> bool,
) -> Option<io::Error> {
    let ScratchBuffers { buffer, mut scan } = ScratchBuffers::take();
    let mut window = Window::new(buffer, head, reader, told);
    let (mut start, mut offset) = (0_usize, 0_u64);
    loop {
        let aim = start.saturating_add(chunk.max(1));
        window.scan(start, aim, &mut scan);
        if window.ended && window.filled == start {
            break;
        }
        let Some(end) = window.end_of_piece(start, aim) else {
            if window.filled - start < LONGEST {
                window.fill(window.filled + OVERLAP.max(window.filled));
                continue;
            }
            // Nothing in it can be a record of ours; what follows its end may be.
            let skipped = window.skip_line(start);
            (start, offset) = (0, offset + skipped);
            let mut list = RunList { lines: 1, bytes: skipped, ..RunList::default() };
            list.damage.long_lines = 1;
            if !take(Piece::Skipped(list)) {
                break;
            }
            continue;
        };
        if end < window.filled.min(aim) {
            // More was looked at than belongs to the piece.
            scan.begin();
        }
        scan.finish(&window.bytes()[start..end]);
        if looks_ahead(&window.bytes()[start..end], &scan) {
            window.fill(end + OVERLAP);
        }
        let ahead = window.filled.min(end + OVERLAP);
        let block = Block { bytes: &window.bytes()[..ahead], own: start..end, offset };
        if !take(Piece::Swept(block, &scan)) {
            break;
        }
        offset += (end - start) as u64;
        let back = line_start(window.bytes(), end.saturating_sub(OVERLAP)).unwrap_or(end).min(end);
        window.drop_first(back);
        start = end - back;
    }
    let Window { room, failure, .. } = window;
    ScratchBuffers { buffer: room, scan }.leave();
    failure
}

/// A stream, and what was read of it and is still needed.
struct Window<'a> {
    reader: &'a mut dyn Read,
    told: &'a (dyn Fn(u64) + Sync),
    /// Longer than what is filled, so that no read has to clear it first.
    room: Vec<u8>,
    filled: usize,
    /// Nothing more comes: the stream ended, or it broke.
    ended: bool,
    failure: Option<io::Error>,
}

impl<'a> Window<'a> {
    fn new(mut room: Vec<u8>, head: Vec<u8>, reader: &'a mut dyn Read, told: &'a (dyn Fn(u64) + Sync)) -> Self {
        let filled = head.len();
        match room.get_mut(..filled) {
            Some(first) => first.copy_from_slice(&head),
            None => room = head,
        }
        Self { reader, told, room, filled, ended: false, failure: None }
    }

    fn bytes(&self) -> &[u8] {
        &self.room[..self.filled]
    }

    /// Forgets the first bytes.
    fn drop_first(&mut self, count: usize) {
        self.room.copy_within(count..self.filled, 0);
        self.filled -= count;
    }

    /// Reads what comes next, until at most so much is there.
    fn read(&mut self, upto: usize) {
        // Most streams of an archive are short, and memory that was never used is what costs most in some virtual machines.
        if self.room.len() < upto && self.room.len() == self.filled {
            self.room.resize(upto.min((2 * self.filled).max(OVERLAP)), 0);
        }
        let upto = upto.min(self.room.len());
        match self.reader.read(&mut self.room[self.filled..upto]) {
            Ok(0) => self.ended = true,
            Ok(n) => {
                self.filled += n;
                (self.told)(n as u64);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                self.failure = Some(e);
                self.ended = true;
            }
        }
    }

    /// Reads until so much is there, or the stream ends.
    fn fill(&mut self, wanted: usize) {
        while self.filled < wanted && !self.ended {
            self.read(wanted);
        }
    }

    /// Reads until `aim`, and a bit more, in which most last lines end; looks at what is before it as it comes.
    fn scan(&mut self, start: usize, aim: usize, scan: &mut BlockScan) {
        let wanted = aim.saturating_add(LINE);
        scan.begin();
        loop {
            let seen = self.filled.clamp(start, aim);
            scan.extend(&self.bytes()[start..seen]);
            if self.ended || self.filled >= wanted {
                return;
            }
            self.read(wanted.min(self.filled + AT_ONCE));
        }
    }

    /// Where the line ends that `aim` lies in, or, if that end is far, the one before it.
    fn end_of_piece(&self, start: usize, aim: usize) -> Option<usize> {
        let bytes = self.bytes();
        let end = line_start(bytes, aim);
        if self.ended { end.or(Some(self.filled)) } else { end.or_else(|| last_line_end(bytes, start, aim)) }
    }

    /// Drops an endless line that begins at `start`, and what is before it; what follows it stays. Returns its length.
    fn skip_line(&mut self, start: usize) -> u64 {
        let mut skipped = (self.filled - start) as u64;
        self.filled = 0;
        loop {
            self.fill(OVERLAP);
            if let Some(n) = memchr::memchr(b'\n', self.bytes()) {
                self.drop_first(n + 1);
                return skipped + n as u64 + 1;
            }
            skipped += self.filled as u64;
            self.filled = 0;
            if self.ended {
                return skipped;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::super::blocks::read_text;
    use super::*;
    use std::io::{Cursor, Write};

    /// Hands out a few bytes at a time, and is interrupted in between.
    struct Trickle<'a> {
        rest: &'a [u8],
        step: usize,
        interrupted: bool,
    }

    impl Read for Trickle<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let upto = self.step.min(self.rest.len());
            let got = (&self.rest[..upto]).read(out)?;
            self.rest = &self.rest[got..];
            Ok(got)
        }
    }

    #[test]
    fn long_lines_and_short_reads_change_nothing() {
        let mut text = Vec::new();
        for (n, long) in [10, 5_000, 0, 100_000, 70, 300_000, 4_096].into_iter().enumerate() {
            let at = 1_716_542_517_000_000_000 + n * 1_000_000_000;
            let noise = "x".repeat(long);
            writeln!(text, "I2024-05-24 17:21:57.7 ({at} 12)   meta.x: {noise}").unwrap();
            writeln!(text, "W2024-05-24 17:21:57.7 ({at} 12)   meta.x: replica checkpoint still running: {n}/8").unwrap();
        }
        let collector = Collector::default();
        let facts = |list: &RunList| {
            let runs: Vec<_> = list.runs.iter().map(|r| (r.first.text.clone(), r.first.line, r.first.offset, r.count)).collect();
            (runs, list.lines, list.records, list.bytes, list.events)
        };
        let whole = facts(&read_text(&text, 1 << 30, &collector).unwrap());
        assert_eq!((whole.1, whole.4), (14, 7));
        for chunk in [1, 100, 5_000, 120_000, 1 << 20, usize::MAX] {
            for step in [999, 70_000, 1 << 20] {
                let mut trickle = Trickle { rest: &text, step, interrupted: false };
                let (list, failure) = read_stream(Vec::new(), &mut trickle, chunk, &collector, &|_| ());
                assert!(failure.is_none());
                assert_eq!(facts(&list), whole, "pieces of {chunk}, reads of {step}");
            }
        }
    }

    #[test]
    fn an_endless_line_takes_no_endless_memory() {
        let collector = Collector::default();
        let mut endless = io::repeat(b'x').take(40 << 20).chain(Cursor::new(
            b"\nW2024-05-24 17:21:57.7 (1716542517007123456 12)   meta.x: replica checkpoint still running: 0/8\n".to_vec(),
        ));
        let (list, _) = read_stream(Vec::new(), &mut endless, 1 << 20, &collector, &|_| ());
        assert_eq!((list.damage.long_lines, list.events), (1, 1));
        assert_eq!(list.runs[0].first.line, 2);
    }
}
