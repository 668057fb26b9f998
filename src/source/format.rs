//! Telling formats by their first bytes; names lie (`log.gz` that was unpacked in place, archives without suffix).

use crate::pegasus::closed_set;

/// How many first bytes are looked at: one tar block.
pub(super) const HEAD: usize = 512;

closed_set! {
    /// A compression that is undone on the way.
    Compression, "compression" {
        /// `gzip`, also several members one after the other.
        Gzip = "gzip",
        /// Zstandard, also several or skippable frames.
        Zstd = "zstd",
        /// `xz`, also several streams with padding.
        Xz = "xz",
        /// `bzip2`, also several streams.
        Bzip2 = "bzip2",
    }
}

closed_set! {
    /// A format that is recognised only to say that it is not opened.
    ForeignFormat, "format" {
        /// A zip archive.
        Zip = "zip",
        /// A 7z archive.
        SevenZip = "7z",
        /// A RAR archive.
        Rar = "rar",
        /// LZ4 frames.
        Lz4 = "lz4",
        /// An lzip file.
        Lzip = "lzip",
        /// The old `compress`, `.Z`.
        UnixCompress = "compress",
        /// A compressed file that was compressed again.
        CompressedTwice = "compressed twice",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Plain,
    Compressed(Compression),
    Tar,
    Foreign(ForeignFormat),
}

const MAGIC: &[(&[u8], Format)] = &[
    (b"\x1f\x8b", Format::Compressed(Compression::Gzip)),
    (b"\x28\xb5\x2f\xfd", Format::Compressed(Compression::Zstd)),
    (b"\xfd7zXZ\0", Format::Compressed(Compression::Xz)),
    (b"PK\x03\x04", Format::Foreign(ForeignFormat::Zip)),
    (b"PK\x05\x06", Format::Foreign(ForeignFormat::Zip)),
    (b"PK\x07\x08", Format::Foreign(ForeignFormat::Zip)),
    (b"7z\xbc\xaf\x27\x1c", Format::Foreign(ForeignFormat::SevenZip)),
    (b"Rar!\x1a\x07", Format::Foreign(ForeignFormat::Rar)),
    (b"\x04\x22\x4d\x18", Format::Foreign(ForeignFormat::Lz4)),
    (b"LZIP\x01", Format::Foreign(ForeignFormat::Lzip)),
    (b"\x1f\x9d", Format::Foreign(ForeignFormat::UnixCompress)),
];

/// What a file with these first bytes is.
pub(super) fn of_head(head: &[u8]) -> Format {
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *format;
    }
    if is_bzip2(head) {
        return Format::Compressed(Compression::Bzip2);
    }
    if is_skippable_zstd_frame(head) {
        return Format::Compressed(Compression::Zstd);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Format::Tar;
    }
    Format::Plain
}

/// Whether more bytes could not change the answer of [`of_head`].
///
/// A pipe must not be held back until 512 bytes have come: whole text lines settle it, because no format above has a line
/// end in its magic, and a tar header has a NUL before any.
pub(super) fn settled(head: &[u8]) -> bool {
    head.len() >= HEAD || of_head(head) != Format::Plain || memchr::memchr2(b'\n', 0, head).is_some_and(|at| head[at] == b'\n')
}

// "BZh" alone could begin a text; the marker of a block, or of an empty file's end, follows it.
fn is_bzip2(head: &[u8]) -> bool {
    const BLOCK: &[u8] = b"\x31\x41\x59\x26\x53\x59";
    const END: &[u8] = b"\x17\x72\x45\x38\x50\x90";
    let Some((level, marker)) = head.strip_prefix(b"BZh").and_then(<[u8]>::split_first) else {
        return false;
    };
    let marker = &marker[..marker.len().min(BLOCK.len())];
    (b'1'..=b'9').contains(level) && (BLOCK.starts_with(marker) || END.starts_with(marker))
}

// pzstd puts one before each frame.
fn is_skippable_zstd_frame(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_plain_whatever_it_begins_with() {
        for text in ["", "D2024-05-24 17:21:57", "BZ", "BZhello", "PK", "7z", "Rar!", "P", "LZIP\n"] {
            assert_eq!(of_head(text.as_bytes()), Format::Plain, "{text:?}");
        }
    }

    #[test]
    fn magic_is_recognised() {
        assert_eq!(of_head(b"\x1f\x8b"), Format::Compressed(Compression::Gzip));
        assert_eq!(of_head(b"BZh91AY&SYxx"), Format::Compressed(Compression::Bzip2));
        assert_eq!(of_head(b"BZh9\x17\x72\x45"), Format::Compressed(Compression::Bzip2));
        assert_eq!(of_head(b"\x50\x2a\x4d\x18"), Format::Compressed(Compression::Zstd));
        assert_eq!(of_head(b"PK\x03\x04rest"), Format::Foreign(ForeignFormat::Zip));
        assert_eq!(of_head(b"Rar!\x1a\x07\x01\0"), Format::Foreign(ForeignFormat::Rar));
        let mut block = [0_u8; HEAD];
        block[257..262].copy_from_slice(b"ustar");
        assert_eq!(of_head(&block), Format::Tar);
    }

    #[test]
    fn a_line_settles_it_but_half_a_magic_does_not() {
        assert!(settled(b"short\n"));
        assert!(settled(b"\x1f\x8b"));
        assert!(!settled(b"\x1f"));
        assert!(!settled(b"no end of line yet"));
        assert!(!settled(b"meta1/log.1.txt\0\0\0\n"));
        assert!(settled(&[b'x'; HEAD]));
    }
}
