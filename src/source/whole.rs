//! Small gzip files, unpacked in one go, which takes half the time of a stream.
//!
//! Zstd files stay streams: unpacked whole they were no faster, and took five times the memory.

use std::io::Read;

use libdeflater::Decompressor;
use memchr::memmem;

use super::format::Compression;
use super::{Item, Kind};

/// Larger texts are read as a stream; rotated logs are of 64 MB unless configured otherwise.
const LARGEST: usize = 80 << 20;

/// Room is made in such steps, so that files of nearly one size share it.
const STEP: usize = 8 << 20;

/// What a thread unpacks files with, one after the other, since fresh memory costs as much as the unpacking of it.
#[derive(Debug, Default)]
pub(crate) struct Unpacker {
    packed: Vec<u8>,
    text: Vec<u8>,
}

/// Begins each member: the mark and the only method.
const MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// A member has at least a header and a trailer.
const SMALLEST: usize = 18;

impl Unpacker {
    /// The text of a small gzip file.
    ///
    /// `None` where that cannot be done: other formats, large files, several members, damage. Those are streams.
    pub(crate) fn unpack(&mut self, item: &Item) -> Option<&[u8]> {
        if item.kind != Kind::Compressed(Compression::Gzip) || item.len > LARGEST as u64 {
            return None;
        }
        self.packed.clear();
        self.packed.reserve_exact(usize::try_from(item.len).ok()? + 1);
        item.open_plain().ok()?.take(LARGEST as u64).read_to_end(&mut self.packed).ok()?;
        unpack_member(&self.packed, &mut self.text)
    }
}

fn unpack_member<'a>(packed: &[u8], text: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    // The trailer's length is that of the last member, modulo 2^32; the decoder would leave out all members but the first.
    let length = usize::try_from(u32::from_le_bytes(*packed.last_chunk()?)).ok()?;
    if packed.len() < SMALLEST || length > LARGEST || length / 1032 > packed.len() || has_second_member(packed) {
        return None;
    }
    let room = room(text, length);
    let unpacked = Decompressor::new().gzip_decompress(packed, room).ok()?;
    (unpacked == length).then_some(room)
}

fn room(text: &mut Vec<u8>, length: usize) -> &mut [u8] {
    if text.len() < length {
        // The old room goes first, and the new one comes cleared from the system.
        *text = Vec::new();
        *text = vec![0; length.next_multiple_of(STEP)];
    }
    &mut text[..length]
}

/// Whether something after the first header looks like another one. Compressed bytes hardly ever do.
fn has_second_member(packed: &[u8]) -> bool {
    memmem::find_iter(&packed[3..], MAGIC).any(|at| {
        let header = &packed[3 + at..];
        let known_flags = header.get(3).is_some_and(|flags| flags & 0xe0 == 0);
        let known_system = header.get(9).is_some_and(|system| *system <= 13 || *system == 255);
        known_flags && known_system
    })
}

#[cfg(test)]
mod tests {
    use super::super::unpack::tests::{compress, lines};
    use super::*;

    #[test]
    fn one_member_is_unpacked() {
        let mut buffer = Vec::new();
        for text in [lines(), b"a line\n".to_vec(), Vec::new()] {
            assert_eq!(unpack_member(&compress(Compression::Gzip, &text), &mut buffer), Some(&text[..]));
        }
    }

    #[test]
    fn the_rest_is_left_to_the_stream() {
        let mut buffer = Vec::new();
        let packed = compress(Compression::Gzip, &lines());
        let mut twice = packed.clone();
        twice.extend_from_slice(&packed);
        assert_eq!(unpack_member(&twice, &mut buffer), None);
        assert_eq!(unpack_member(&packed[..packed.len() - 1], &mut buffer), None);
        assert_eq!(unpack_member(&packed[..packed.len() / 2], &mut buffer), None);
        let mut damaged = packed;
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0x55;
        assert_eq!(unpack_member(&damaged, &mut buffer), None);
        assert_eq!(unpack_member(b"", &mut buffer), None);
    }
}
