//! Looking at the first bytes of a stream without losing them, and through its compression.

use std::io::{self, Read};

use super::format::{self, Compression, ForeignFormat, Format, HEAD};
use super::unpack::Unpack;

/// What a stream holds once its compression is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contents {
    /// One file; not necessarily text, but nothing that could be opened further.
    File(Option<Compression>),
    Tar(Option<Compression>),
    Foreign(ForeignFormat),
}

/// Looks into a stream: what it holds, and a reader of that, from its first byte.
pub(super) fn look_inside<R: Read>(reader: R) -> (Contents, Opened<R>) {
    let raw = Peeked::new(reader);
    let compression = match format::of_head(&raw.head) {
        Format::Compressed(compression) => compression,
        Format::Plain => return (Contents::File(None), Opened::Raw(raw)),
        Format::Tar => return (Contents::Tar(None), Opened::Raw(raw)),
        Format::Foreign(format) => return (Contents::Foreign(format), Opened::Raw(raw)),
    };
    let unpacked = Peeked::new(Unpack::new(compression, raw));
    let contents = match format::of_head(&unpacked.head) {
        Format::Plain => Contents::File(Some(compression)),
        Format::Tar => Contents::Tar(Some(compression)),
        Format::Foreign(format) => Contents::Foreign(format),
        Format::Compressed(_) => Contents::Foreign(ForeignFormat::CompressedTwice),
    };
    (contents, Opened::Unpacked(Box::new(unpacked)))
}

/// A stream with its compression, if any, undone.
pub(super) enum Opened<R> {
    Raw(Peeked<R>),
    Unpacked(Box<Peeked<Unpack<Peeked<R>>>>),
}

impl<R> Opened<R> {
    /// The failure of the stream itself, not of a decoder, that cut the look at it short.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        match self {
            Self::Raw(raw) => raw.failure.take(),
            Self::Unpacked(_) => None,
        }
    }
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Raw(raw) => raw.read(out),
            Self::Unpacked(unpacked) => unpacked.read(out),
        }
    }
}

/// A stream whose head is known; an error met while peeking is told where it belongs, after the bytes before it.
pub(super) struct Peeked<R> {
    head: Vec<u8>,
    given: usize,
    failure: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    fn new(mut rest: R) -> Self {
        let mut head = Vec::with_capacity(HEAD);
        let mut block = [0; HEAD];
        let mut failure = None;
        while !format::settled(&head) {
            match rest.read(&mut block[head.len()..]) {
                Ok(0) => break,
                Ok(count) => {
                    let start = head.len();
                    head.extend_from_slice(&block[start..start + count]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        Self { head, given: 0, failure, rest }
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given < self.head.len() {
            let count = (&self.head[self.given..]).read(out)?;
            self.given += count;
            return Ok(count);
        }
        match self.failure.take() {
            Some(failure) if !out.is_empty() => Err(failure),
            failure => {
                self.failure = failure;
                self.rest.read(out)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    /// Gives its pieces one a read, then fails: a pipe whose writer dies.
    struct Pieces(Vec<&'static [u8]>);

    impl Read for Pieces {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("gone"));
            }
            self.0.remove(0).read(out)
        }
    }

    #[test]
    fn one_line_is_enough_to_go_on() {
        let (contents, mut opened) = look_inside(Pieces(vec![b"D2024", b"-05-24\n", b"more\n"]));
        assert_eq!(contents, Contents::File(None));
        let mut out = [0; 64];
        let count = opened.read(&mut out).unwrap();
        assert_eq!(&out[..count], b"D2024-05-24\n", "the second line was not waited for");
        assert_eq!(opened.read(&mut out).unwrap(), 5);
        opened.read(&mut out).unwrap_err();
    }

    #[test]
    fn a_failure_comes_after_the_bytes_before_it() {
        let (_, mut opened) = look_inside(Pieces(vec![b"no end of line"]));
        let mut got = Vec::new();
        assert_eq!(opened.read_to_end(&mut got).unwrap_err().to_string(), "gone");
        assert_eq!(got, b"no end of line");
    }
}
