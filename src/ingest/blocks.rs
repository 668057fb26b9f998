//! Line-aligned pieces of files, and of texts in memory, each with its surroundings.

use crate::record::BlockScan;
use crate::run::{Block, Collector, OVERLAP, RunAccumulator, RunList, looks_ahead};
use rayon::prelude::*;
use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::ops::Range;

/// Bytes of a piece unless something else is asked for: twice as many leave the caches, half as many cost more at their ends.
pub(crate) const CHUNK: usize = 4 << 20;

/// A line that is longer is cut: nothing that a server says about duplications is.
pub(super) const LONGEST: usize = 16 << 20;

/// Bytes read behind a piece, in which most last lines end.
pub(super) const LINE: usize = 4096;

/// Reads the lines that begin in a part of a plain file, in pieces, on as many threads as there are.
///
/// # Errors
/// When the file cannot be read. A file that shrinks meanwhile just ends earlier.
pub(super) fn read_file(
    file: &File,
    wanted: Range<u64>,
    chunk: usize,
    collector: &Collector,
    told: &(dyn Fn(u64) + Sync),
) -> io::Result<RunList> {
    let chunk = chunk.max(1) as u64;
    let pieces = (wanted.end - wanted.start).div_ceil(chunk);
    (0..pieces)
        .into_par_iter()
        .map(|piece| {
            let from = wanted.start + piece * chunk;
            let to = (from + chunk).min(wanted.end);
            let list = read_piece(file, from, to, collector);
            told(to - from);
            list
        })
        .try_reduce(RunList::default, |mut left, right| {
            if left.bytes == 0 && left.runs.is_empty() && left.lines == 0 {
                return Ok(right);
            }
            left.append(right);
            Ok(left)
        })
}

/// What a thread reads a piece or a stream into, and what it finds there, so that none costs a fresh, zeroed buffer.
#[derive(Default)]
pub(super) struct ScratchBuffers {
    pub(super) buffer: Vec<u8>,
    pub(super) scan: BlockScan,
}

thread_local! {
    static SCRATCH: RefCell<ScratchBuffers> = RefCell::default();
}

/// Bytes read at once: they are looked through while they are in the processor's cache.
const AT_ONCE: usize = 1024 * 1024;

/// The lines that begin in `from..to`.
fn read_piece(file: &File, from: u64, to: u64, collector: &Collector) -> io::Result<RunList> {
    let mut scratch = ScratchBuffers::take();
    let list = scratch.read_piece(file, from, to, collector);
    scratch.leave();
    list
}

impl ScratchBuffers {
    /// That of this thread.
    pub(super) fn take() -> Self {
        SCRATCH.take()
    }

    /// Leaves it to the thread's next piece or stream.
    pub(super) fn leave(self) {
        // A very long line is rare; its room is given back.
        if self.buffer.capacity() <= 2 * CHUNK {
            SCRATCH.set(self);
        }
    }

    fn read_piece(&mut self, file: &File, from: u64, to: u64, collector: &Collector) -> io::Result<RunList> {
        // Whole pages are copied fastest.
        let begin = from.saturating_sub(OVERLAP as u64 + 1) & !4095;
        let want = usize::try_from(to - begin).unwrap_or(usize::MAX) + LINE;
        let (buffer, scan) = (&mut self.buffer, &mut self.scan);
        if buffer.len() < want {
            buffer.resize(want, 0);
        }
        let (from_here, to_here) = (offset(from, begin), offset(to, begin));
        let (mut got, mut start) = (0, None);
        scan.begin();
        while got < want {
            let upto = want.min(got + AT_ONCE);
            let added = read_at(file, &mut buffer[got..upto], begin + got as u64)?;
            got += added;
            start = start.or_else(|| line_start(&buffer[..got], from_here));
            if let Some(start) = start {
                scan.extend(&buffer[start..got.min(to_here).max(start)]);
            }
            if got < upto {
                break;
            }
        }
        let to_here = to_here.min(got);
        let start = match start {
            Some(start) if start < to_here => start,
            // No line begins here: the middle of a very long one.
            _ => return Ok(RunList::default()),
        };
        // The last line may end beyond the piece, even beyond what was read.
        let mut end = line_start(&buffer[..got], to_here);
        while end.is_none() && got - to_here < LONGEST {
            let more = (got - to_here).clamp(OVERLAP, LONGEST);
            if buffer.len() < got + more {
                buffer.resize(got + more, 0);
            }
            let added = read_at(file, &mut buffer[got..got + more], begin + got as u64)?;
            let seen = got;
            got += added;
            end = line_start(&buffer[..got], to_here.max(seen));
            if added < more {
                break;
            }
        }
        let cut = end.is_none() && got - to_here >= LONGEST;
        let end = end.unwrap_or(got);
        scan.finish(&buffer[start..end]);
        if looks_ahead(&buffer[start..end], scan) && got < end + OVERLAP {
            if buffer.len() < end + OVERLAP {
                buffer.resize(end + OVERLAP, 0);
            }
            got += read_at(file, &mut buffer[got..end + OVERLAP], begin + got as u64)?;
        }
        let bytes = &buffer[..got];
        let back = line_start(bytes, start.saturating_sub(OVERLAP)).unwrap_or(start).min(start);
        let ahead = got.min(end + OVERLAP);
        let block = Block { bytes: &bytes[back..ahead], own: start - back..end - back, offset: begin + start as u64 };
        let mut list = collector.collect_scanned(&block, scan);
        list.damage.long_lines += u64::from(cut);
        Ok(list)
    }
}

fn offset(at: u64, begin: u64) -> usize {
    usize::try_from(at - begin).unwrap_or(usize::MAX)
}

/// The first byte at or after `at` that begins a line; the end of the bytes counts when a line ends there.
pub(super) fn line_start(bytes: &[u8], at: usize) -> Option<usize> {
    if at == 0 {
        return Some(0);
    }
    memchr::memchr(b'\n', bytes.get(at - 1..)?).map(|n| at + n)
}

pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// Reads a text that is in memory, in pieces. `None` where a line is too long for it: streams skip these.
pub(super) fn read_text(text: &[u8], chunk: usize, collector: &Collector) -> Option<RunList> {
    let mut all = RunAccumulator::default();
    let mut scratch = ScratchBuffers::take();
    let mut start = 0;
    while start < text.len() {
        let wanted = start.saturating_add(chunk.max(1));
        let end = if wanted >= text.len() { text.len() } else { line_start(text, wanted).unwrap_or(text.len()) };
        if end - start.max(wanted.min(end)) >= LONGEST {
            return None;
        }
        let back = line_start(text, start.saturating_sub(OVERLAP)).unwrap_or(start).min(start);
        let ahead = text.len().min(end + OVERLAP);
        let block = Block { bytes: &text[back..ahead], own: start - back..end - back, offset: start as u64 };
        scratch.scan.look(&text[start..end]);
        collector.gather(&mut all, &block, &scratch.scan);
        start = end;
    }
    scratch.leave();
    Some(all.into_list())
}

/// After the last line end before `limit` and behind `start`.
pub(super) fn last_line_end(buffer: &[u8], start: usize, limit: usize) -> Option<usize> {
    let own = buffer.get(start..limit.max(start))?;
    memchr::memrchr(b'\n', own).map(|n| start + n + 1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::super::stream::read_stream;
    use super::*;
    use std::io::{Cursor, Write};

    fn log() -> Vec<u8> {
        let mut text = Vec::new();
        for n in 0..400_i64 {
            let at = 1_716_542_517_000_000_000 + n * 1_000_000_000;
            let status = if n == 200 {
                "change duplication status from DS_INIT to DS_PREPARE successfully [app_id: 3]".to_owned()
            } else {
                format!("noise {n}")
            };
            writeln!(text, "I2024-05-24 17:21:57.7 ({at} 12)   meta.meta_state0.0102000500000411: [a3d1716542517] {status}").unwrap();
            writeln!(
                text,
                "W2024-05-24 17:21:57.7 ({} 12)   meta.meta_state0.0102000500000411: replica checkpoint still running: {}/8",
                at + 5,
                n / 100
            )
            .unwrap();
        }
        text.extend_from_slice(b"torn las");
        text
    }

    fn summary(list: &RunList) -> Vec<(String, u64, u64, u64, u64)> {
        list.runs.iter().map(|r| (r.first.text.to_string(), r.count, r.first.line, r.last().line, r.first.offset)).collect()
    }

    #[test]
    fn pieces_of_any_size_give_the_same_list() {
        let text = log();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&text).unwrap();
        let collector = Collector::default();
        let told = |_| ();
        let whole = read_file(&file, 0..text.len() as u64, 1 << 30, &collector, &told).unwrap();
        assert_eq!(whole.lines, 801);
        assert_eq!(whole.records, 800);
        for chunk in [7, 100, 4096, 70_000] {
            let list = read_file(&file, 0..text.len() as u64, chunk, &collector, &told).unwrap();
            assert_eq!(summary(&list), summary(&whole), "pieces of {chunk}");
            assert_eq!((list.lines, list.records, list.events), (whole.lines, whole.records, whole.events));
            let list = read_text(&text, chunk, &collector).unwrap();
            assert_eq!(summary(&list), summary(&whole), "text in pieces of {chunk}");
            let (list, failure) = read_stream(text[..50].to_vec(), &mut Cursor::new(&text[50..]), chunk, &collector, &told);
            assert!(failure.is_none());
            assert_eq!(summary(&list), summary(&whole), "stream in pieces of {chunk}");
            assert_eq!((list.lines, list.records, list.bytes), (whole.lines, whole.records, whole.bytes));
        }
    }
}
