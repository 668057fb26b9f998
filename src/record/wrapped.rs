//! Lines that were broken at the width of a terminal.

use super::last_words::is_last_words;
use super::looks_like_record;

/// The width at which the lines of a text were broken: every part but the last of a line is that long.
pub(crate) fn width(text: &[u8]) -> Option<usize> {
    const NARROWEST: usize = 40;
    let lines = || text.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let width = lines().map(columns).max().filter(|width| *width >= NARROWEST)?;
    let (mut before, mut records, mut rests, mut others) = (0, 0_u64, 0_u64, 0_u64);
    for line in lines().filter(|line| !line.is_empty()) {
        // What is indented belongs to a dump.
        let dump = line.starts_with(b"  ") || line.starts_with(b"\t");
        match (looks_like_record(line) || is_last_words(line), before == width && !dump) {
            (true, _) => records += 1,
            (false, true) => rests += 1,
            (false, false) => others += 1,
        }
        before = columns(line);
    }
    (records > 0 && rests > 9 * others).then_some(width)
}

/// Whether a line of this text goes on in the next one.
pub(super) fn goes_on(line: &[u8], width: usize) -> bool {
    columns(line) == width
}

/// Its characters: the bytes that do not go on with one.
fn columns(line: &[u8]) -> usize {
    line.iter().filter(|b| **b & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_told_by_all_lines() {
        let head = "I2024-05-25 10:11:44.733 (1716603104733000000 30004) meta.x: ";
        let wrapped = format!("{head}\n[a5d17] change\n{head}\nnext\n");
        assert_eq!(width(wrapped.as_bytes()), Some(61));
        assert_eq!(width(format!("{head}\n  indented: x\n").as_bytes()), None);
        assert_eq!(width(format!("{head}longer\n{head}\nnot of it\n").as_bytes()), None);
        assert_eq!(width(format!("{head}\n{head}\n").as_bytes()), None);
    }
}
