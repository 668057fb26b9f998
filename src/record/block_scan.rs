//! One look at each byte of a buffer: where its lines end, and where a known message may stand.

use super::kernel::{BEHIND, Found, Kernel, PART, STEP, Tables};
use super::needles::{BUCKETS, Windows, next_needle};
use std::ops::Range;
use std::sync::LazyLock;

/// What a buffer holds. Made once and filled again and again, since fresh memory costs more than the search.
#[derive(Debug, Default)]
pub struct BlockScan {
    ends: Vec<usize>,
    /// Ascending, each inside a line that may hold a known message; several may be in one line.
    hits: Vec<usize>,
    has_nul: bool,
    /// Bytes that were looked at, sixty-four at a time.
    done: usize,
    /// Of the buffer.
    length: usize,
    beginnings: Beginnings,
    /// Made when it is needed: it is large, and most sweeps that are set aside while another is used never look at anything.
    found: Option<Found>,
}

/// How lines begin.
#[derive(Debug, Default)]
struct Beginnings {
    /// Lines whose beginning was looked at.
    lines: usize,
    /// Of these so many begin as most records do.
    records: u64,
    /// The other lines.
    others: Vec<usize>,
}

impl BlockScan {
    /// Looks through `block`, which begins at a line's first byte; what was found in another one is forgotten.
    pub fn look(&mut self, block: &[u8]) {
        self.begin();
        self.finish(block);
    }

    /// Forgets what was found.
    pub fn begin(&mut self) {
        self.ends.clear();
        self.hits.clear();
        self.has_nul = false;
        self.done = 0;
        self.beginnings.forget();
    }

    /// Looks at what has come to a block since the last time, while it is still in the processor's cache.
    pub fn extend(&mut self, block: &[u8]) {
        if let Some(kernel) = KNOWN.kernel {
            self.look_wide(kernel, block);
        }
    }

    /// Looks at the rest of a block, which is at least as long as what was already looked at.
    pub fn finish(&mut self, block: &[u8]) {
        self.extend(block);
        self.finish_with(block);
    }

    fn finish_with(&mut self, block: &[u8]) {
        self.length = block.len();
        if self.done == 0 {
            self.look_everywhere(block);
        } else {
            self.look_at_rest(block);
        }
        // Needles of different lengths end in another order than they begin.
        if !self.hits.is_sorted() {
            self.hits.sort_unstable();
        }
        if block.starts_with(FATAL) {
            self.hits.insert(0, 0);
        }
        for line in self.beginnings.lines..self.lines() {
            let start = self.line_start(line);
            self.beginnings.take(&block[start..]);
        }
    }

    /// Offsets of the line ends.
    #[must_use]
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Number of lines; the last one may have no end.
    #[must_use]
    pub fn lines(&self) -> usize {
        let ended = self.ends.last().map_or(0, |end| end + 1);
        self.ends.len() + usize::from(ended < self.length)
    }

    /// How many lines begin as [`super::looks_like_record`] asks, at least: none of [`Self::others`] is among them.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.beginnings.records
    }

    /// The lines that begin otherwise, without their ends.
    #[must_use]
    pub fn others(&self) -> impl DoubleEndedIterator<Item = Range<usize>> + '_ {
        self.beginnings.others.iter().map(|&line| self.line(line))
    }

    fn line(&self, line: usize) -> Range<usize> {
        self.line_start(line)..self.ends.get(line).copied().unwrap_or(self.length)
    }

    fn line_start(&self, line: usize) -> usize {
        line.checked_sub(1).map_or(0, |before| self.ends[before] + 1)
    }

    /// How many lines may hold a known message, at most.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.hits.len().min(self.lines())
    }

    /// The lines that may hold a known message, without their ends: those of [`super::candidate_lines`].
    pub fn candidates(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.candidates_in(&self.hits)
    }

    /// Those of them that end at `byte` or behind it.
    pub fn candidates_behind(&self, byte: usize) -> impl Iterator<Item = Range<usize>> + '_ {
        let start = self.line_start(self.line_of(byte, 0));
        self.candidates_in(&self.hits[self.hits.partition_point(|&hit| hit < start)..])
    }

    fn candidates_in<'a>(&'a self, hits: &'a [usize]) -> impl Iterator<Item = Range<usize>> + 'a {
        let (mut line, mut from) = (0, 0);
        hits.iter().filter_map(move |&hit| {
            if hit < from {
                return None;
            }
            line = self.line_of(hit, line);
            let range = self.line(line);
            from = range.end + 1;
            Some(range)
        })
    }

    /// The line that holds a byte, counted from 0. It is `earliest` or a later one, near it more often than not.
    #[must_use]
    pub fn line_of(&self, byte: usize, earliest: usize) -> usize {
        let (mut line, mut step) = (earliest, 1);
        while self.ends.get(line + step).is_some_and(|&end| end < byte) {
            line += step;
            step *= 2;
        }
        let upto = self.ends.len().min(line + step + 1);
        line + self.ends[line..upto].partition_point(|&end| end < byte)
    }

    /// Whether there is a NUL byte.
    #[must_use]
    pub fn has_nul(&self) -> bool {
        self.has_nul
    }

    /// For processors without a kernel: two looks.
    fn look_everywhere(&mut self, block: &[u8]) {
        self.ends.extend(memchr::memchr_iter(b'\n', block));
        self.has_nul = memchr::memchr(0, block).is_some();
        let mut at = 0;
        while let Some(end) = next_needle(block, at) {
            self.hits.push(end - 1);
            at = end;
        }
    }

    /// The last bytes, too few for a step.
    fn look_at_rest(&mut self, block: &[u8]) {
        for (at, &byte) in block.iter().enumerate().skip(self.done) {
            match byte {
                b'\n' => self.ends.push(at),
                0 => self.has_nul = true,
                _ => {}
            }
            self.hits.extend(KNOWN.windows.needle_at(block, at));
        }
    }

    fn look_wide(&mut self, kernel: Kernel, block: &[u8]) {
        while self.done + STEP + BEHIND <= block.len() {
            let from = self.done;
            if from == 0 {
                self.beginnings.look(block, &[0]);
            }
            let found = self.found.get_or_insert_default();
            kernel.look(&KNOWN.tables, &block[from..], found);
            self.has_nul |= found.has_nul();
            self.ends.extend(found.ends().iter().map(|&end| from + usize::from(end)));
            self.beginnings.look(&block[from + 1..], found.ends());
            let verified = found.maybe().iter().filter_map(|&at| KNOWN.windows.needle_at(block, from + usize::from(at)));
            self.hits.extend(verified);
            self.done += found.bytes();
        }
    }
}

impl Beginnings {
    /// Looks at the first bytes of the lines that begin at these offsets of `block`, while they are in the innermost cache.
    fn look(&mut self, block: &[u8], starts: &[u16]) {
        let first = |start: u16| block.get(usize::from(start)..).and_then(|line| line.first_chunk());
        let records = match block.first_chunk::<{ PART + 8 }>() {
            // In an array of known length no index has to be checked.
            Some(part) => {
                let first = |start: u16| part[usize::from(start) % PART..].first_chunk();
                starts.iter().filter(|&&start| first(start).is_some_and(|first| begins_as_most_records(*first))).count()
            }
            None => starts.iter().filter(|&&start| first(start).is_some_and(|first| begins_as_most_records(*first))).count(),
        };
        if records < starts.len() {
            let other = |&(_, &start): &(usize, &u16)| !first(start).is_some_and(|first| begins_as_most_records(*first));
            self.others.extend(starts.iter().enumerate().filter(other).map(|(line, _)| self.lines + line));
        }
        self.records += records as u64;
        self.lines += starts.len();
    }

    /// Looks at the first bytes of the next line.
    fn take(&mut self, line: &[u8]) {
        if line.first_chunk().is_some_and(|first| begins_as_most_records(*first)) {
            self.records += 1;
        } else {
            self.others.push(self.lines);
        }
        self.lines += 1;
    }

    fn forget(&mut self) {
        (self.lines, self.records) = (0, 0);
        self.others.clear();
    }
}

/// Whether a line begins `D20??-`, or with another level, `??` a digit each or little else.
///
/// Less than [`super::looks_like_record`] asks for, in one comparison; a line end is never among these bytes.
fn begins_as_most_records(first: [u8; 8]) -> bool {
    const WHERE: u64 = u64::from_le_bytes([0, 0xff, 0xff, 0xf0, 0xf0, 0xff, 0, 0]);
    const WHAT: u64 = u64::from_le_bytes([0, b'2', b'0', b'0', b'0', b'-', 0, 0]);
    let word = u64::from_le_bytes(first);
    (word & WHERE == WHAT) & matches!((word & 0xff) as u8, b'D' | b'I' | b'W' | b'E' | b'F')
}

/// How a line begins that stops a server. The needle for it has the line end before it, which the first line has not.
const FATAL: &[u8] = b"F20";

/// What the search needs to know of the needles and of this processor.
struct Known {
    windows: Windows,
    tables: Tables,
    kernel: Option<Kernel>,
}

static KNOWN: LazyLock<Known> =
    LazyLock::new(|| Known { windows: Windows::of(&BUCKETS), tables: Tables::of(&BUCKETS), kernel: Kernel::all().first().copied() });

#[cfg(test)]
mod tests {
    use super::super::needles::texts;
    use super::super::{candidate_lines, looks_like_record};
    use super::*;

    /// A way to look of which another may be the faster one on this machine.
    type Look = fn(&mut BlockScan, &[u8], Option<Kernel>);

    fn at_once(scan: &mut BlockScan, block: &[u8], kernel: Option<Kernel>) {
        scan.begin();
        if let Some(kernel) = kernel {
            scan.look_wide(kernel, block);
        }
        scan.finish_with(block);
    }

    fn piece_by_piece(scan: &mut BlockScan, block: &[u8], kernel: Option<Kernel>) {
        scan.begin();
        for upto in (0..block.len()).step_by(block.len() / 3 + 1).chain([block.len()]) {
            if let Some(kernel) = kernel {
                scan.look_wide(kernel, &block[..upto]);
            }
        }
        scan.finish_with(block);
    }

    fn check(scan: &mut BlockScan, block: &[u8]) {
        let ends: Vec<usize> = (0..block.len()).filter(|&at| block[at] == b'\n').collect();
        let candidates: Vec<Range<usize>> = candidate_lines(block).collect();
        let text = block.strip_suffix(b"\n").unwrap_or(block);
        let lines: Vec<&[u8]> = if block.is_empty() { Vec::new() } else { text.split(|&b| b == b'\n').collect() };
        let records = lines.iter().filter(|line| looks_like_record(line)).count() as u64;
        for kernel in Kernel::all().into_iter().map(Some).chain([None]) {
            for look in [at_once as Look, piece_by_piece] {
                look(scan, block, kernel);
                assert_eq!(scan.ends(), ends);
                assert_eq!(scan.has_nul(), block.contains(&0));
                assert_eq!(scan.candidates().collect::<Vec<_>>(), candidates, "{kernel:?} {:?}", String::from_utf8_lossy(block));
                for byte in [0, block.len() / 2, block.len()] {
                    let behind: Vec<_> = candidates.iter().filter(|line| line.end >= byte).cloned().collect();
                    assert_eq!(scan.candidates_behind(byte).collect::<Vec<_>>(), behind, "behind {byte}");
                }
                assert_eq!(scan.lines(), lines.len());
                let odd = scan.others().filter(|line| looks_like_record(&block[line.clone()])).count() as u64;
                assert_eq!(scan.records() + odd, records, "{kernel:?} {:?}", String::from_utf8_lossy(block));
                assert_eq!(scan.records() + scan.others().count() as u64, lines.len() as u64);
            }
        }
    }

    #[test]
    fn every_line_end_and_every_line_with_a_needle_is_found_and_nothing_else() {
        let needles: Vec<&str> = texts().collect();
        let mut scan = BlockScan::default();
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for len in (0..300).chain([PART - 1, PART, PART + 1, PART + STEP, 3 * PART + 77]) {
            for rare in [1, 3, 40, 1000] {
                let mut text = Vec::new();
                while text.len() < len {
                    match random(rare * 5) {
                        0 => text.push(b'\n'),
                        1 => text.extend_from_slice(needles[usize::try_from(random(needles.len() as u64)).unwrap_or(0)].as_bytes()),
                        2 if random(50) == 0 => text.push(0),
                        3 => text.extend_from_slice(b"F20"),
                        4 => text.extend_from_slice(
                            [&b"\nI2024-"[..], b"\nD20\n4-", b"\nX2024-", b"\nW20"][usize::try_from(random(4)).unwrap_or(0)],
                        ),
                        _ => text.push(u8::try_from(0x20 + random(0x5f)).unwrap_or(b'x')),
                    }
                }
                text.truncate(len);
                check(&mut scan, &text);
            }
        }
    }

    #[test]
    fn a_part_full_of_line_ends_and_needles_fits() {
        let mut scan = BlockScan::default();
        check(&mut scan, &b"\n".repeat(3 * PART));
        check(&mut scan, &b" is ".repeat(PART));
        check(&mut scan, &"\u{e9}\u{ff}".repeat(PART).into_bytes());
    }
}
