//! Decompression that hands out every byte it could decode before it tells of damage.
//!
//! The ready-made readers of the codec crates drop what the failing call had decoded, which can be thousands of lines,
//! the last ones before a crash at that. So the codecs are driven here by hand, all four by one loop.

use std::io::{self, BufRead, BufReader, Read};

use liblzma::stream::{Action, Status as XzStatus, Stream as XzStream};
use zstd::stream::raw::{Decoder as ZstdDecoder, InBuffer, Operation, OutBuffer};

use super::error::StreamError;
use super::format::Compression;

pub(super) const INPUT_BUFFER: usize = 256 * 1024;

/// The largest dictionary of `xz -9` needs 65 MiB; more than this is no log but an attack.
const XZ_MEMORY: u64 = 1 << 30;

/// Each member costs a decoder, up to a millisecond. After so many it is looked whether they hold anything.
const MANY_MEMBERS: u64 = 1000;

/// What a member of them must hold on average.
const LEAST: u64 = 64;

/// Logs shrink to a tenth or a thirtieth, hardly one to a hundredth. What yields more than that much per byte, and is longer than
/// [`SHORT`], was made to fill memory or time.
const RATIO: u64 = 500;

const SHORT: u64 = 64 << 20;

/// The decompressed bytes of `R`, over all members, frames or streams that follow each other.
pub(super) struct Unpack<R> {
    compression: Compression,
    input: BufReader<R>,
    /// `None` between two members.
    codec: Option<Codec>,
    members_ended: u64,
    consumed: u64,
    yielded: u64,
    member_yielded: bool,
    end: Option<End>,
}

enum End {
    Clean,
    /// Kept, so that every further read tells the same.
    Damaged(StreamError),
}

impl<R: Read> Unpack<R> {
    pub(super) fn new(compression: Compression, reader: R) -> Self {
        Self {
            compression,
            input: BufReader::with_capacity(INPUT_BUFFER, reader),
            codec: None,
            members_ended: 0,
            consumed: 0,
            yielded: 0,
            member_yielded: false,
            end: None,
        }
    }

    /// Makes ready for the next member, if there is one. Zero bytes between members are padding (xz, tapes).
    fn start_member(&mut self) -> io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                self.end = Some(End::Clean);
                return Ok(());
            }
            let padding = input.iter().take_while(|byte| **byte == 0).count();
            let only_padding = padding == input.len();
            self.input.consume(padding);
            if !only_padding {
                break;
            }
        }
        self.codec = Some(Codec::new(self.compression)?);
        self.member_yielded = false;
        Ok(())
    }

    fn damage(&self, reason: String) -> StreamError {
        let compression = self.compression;
        if self.members_ended > 0 && !self.member_yielded {
            StreamError::TrailingBytes { compression }
        } else {
            StreamError::Corrupt { compression, reason }
        }
    }
}

impl<R: Read> Read for Unpack<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            match &self.end {
                Some(End::Clean) => return Ok(0),
                Some(End::Damaged(error)) => return Err(error.clone().into()),
                None => {}
            }
            let Some(codec) = &mut self.codec else {
                self.start_member()?;
                continue;
            };
            let input = self.input.fill_buf()?;
            let input_ended = input.is_empty();
            let step = codec.step(input, out);
            self.input.consume(step.consumed);
            self.member_yielded |= step.produced > 0;
            self.consumed += step.consumed as u64;
            self.yielded += step.produced as u64;
            match step.state {
                State::MemberEnded => {
                    self.codec = None;
                    self.members_ended += 1;
                    if self.members_ended >= MANY_MEMBERS && self.yielded < self.members_ended * LEAST {
                        let reason = format!("{} members hold next to nothing, so the rest is not read", self.members_ended);
                        self.end = Some(End::Damaged(StreamError::Corrupt { compression: self.compression, reason }));
                    }
                }
                State::Damaged(reason) => self.end = Some(End::Damaged(self.damage(reason))),
                State::Running if step.consumed > 0 || step.produced > 0 => {}
                State::Running if input_ended => {
                    self.end = Some(End::Damaged(StreamError::Truncated { compression: self.compression }));
                }
                State::Running => {
                    self.end = Some(End::Damaged(self.damage("the decoder makes no progress".into())));
                }
            }
            if self.yielded > SHORT && self.yielded / RATIO > self.consumed {
                let reason = format!("it yields more than {RATIO} times its size, so the rest is not read");
                self.end = Some(End::Damaged(StreamError::Corrupt { compression: self.compression, reason }));
            }
            if step.produced > 0 {
                return Ok(step.produced);
            }
        }
    }
}

struct Step {
    consumed: usize,
    produced: usize,
    state: State,
}

enum State {
    Running,
    MemberEnded,
    Damaged(String),
}

enum Codec {
    Gzip(flate2::Decompress),
    Bzip2(bzip2::Decompress),
    Xz(XzStream),
    Zstd { decoder: ZstdDecoder<'static>, wanted: usize },
}

impl Codec {
    fn new(compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::Gzip => Self::Gzip(flate2::Decompress::new_gzip(15)),
            Compression::Bzip2 => Self::Bzip2(bzip2::Decompress::new(false)),
            Compression::Xz => Self::Xz(XzStream::new_stream_decoder(XZ_MEMORY, 0)?),
            Compression::Zstd => Self::Zstd { decoder: ZstdDecoder::new()?, wanted: 1 },
        })
    }

    /// Decodes some of `input` into `out`. What was produced counts even when the step ends in damage.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> Step {
        match self {
            Self::Gzip(gzip) => {
                let before = (gzip.total_in(), gzip.total_out());
                let state = match gzip.decompress(input, out, flate2::FlushDecompress::None) {
                    Ok(flate2::Status::StreamEnd) => State::MemberEnded,
                    Ok(flate2::Status::Ok | flate2::Status::BufError) => State::Running,
                    Err(error) => State::Damaged(error.message().unwrap_or("invalid data").to_owned()),
                };
                Step::between(before, (gzip.total_in(), gzip.total_out()), state)
            }
            Self::Bzip2(bzip2) => {
                let before = (bzip2.total_in(), bzip2.total_out());
                let state = match bzip2.decompress(input, out) {
                    Ok(bzip2::Status::StreamEnd) => State::MemberEnded,
                    Ok(_) => State::Running,
                    Err(error) => State::Damaged(error.to_string()),
                };
                Step::between(before, (bzip2.total_in(), bzip2.total_out()), state)
            }
            Self::Xz(xz) => {
                let before = (xz.total_in(), xz.total_out());
                let state = match xz.process(input, out, Action::Run) {
                    Ok(XzStatus::StreamEnd) => State::MemberEnded,
                    Ok(_) => State::Running,
                    Err(error) => State::Damaged(error.to_string()),
                };
                Step::between(before, (xz.total_in(), xz.total_out()), state)
            }
            Self::Zstd { decoder, wanted } => step_zstd(decoder, wanted, input, out),
        }
    }
}

impl Step {
    fn between(before: (u64, u64), after: (u64, u64), state: State) -> Self {
        // Both fit: they are at most the lengths of two slices.
        let grown = |before: u64, after: u64| usize::try_from(after - before).unwrap_or(usize::MAX);
        Self { consumed: grown(before.0, after.0), produced: grown(before.1, after.1), state }
    }
}

/// Feeds no more than the block at hand: a failing call of zstd does not say what it had produced, so a call must not
/// both finish one block and stumble over the next. Zstd's hint counts the next block's header of three bytes in.
fn step_zstd(decoder: &mut ZstdDecoder<'_>, wanted: &mut usize, input: &[u8], out: &mut [u8]) -> Step {
    const BLOCK_HEADER: usize = 3;
    let mut input = InBuffer::around(&input[..input.len().min(*wanted)]);
    let mut out = OutBuffer::around(out);
    let state = match decoder.run(&mut input, &mut out) {
        Ok(0) => State::MemberEnded,
        Ok(hint) => {
            *wanted = if hint > BLOCK_HEADER { hint - BLOCK_HEADER } else { hint };
            State::Running
        }
        Err(error) => State::Damaged(error.to_string()),
    };
    Step { consumed: input.pos(), produced: out.pos(), state }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::io::Write;

    use super::*;

    pub(in super::super) const ALL: [Compression; 4] = [Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Bzip2];

    pub(in super::super) fn compress(compression: Compression, bytes: &[u8]) -> Vec<u8> {
        match compression {
            Compression::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Compression::Zstd => zstd::stream::encode_all(bytes, 3).unwrap(),
            Compression::Xz => {
                let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Compression::Bzip2 => {
                let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
        }
    }

    /// Lines that compress badly enough to need several blocks in every format.
    pub(in super::super) fn lines() -> Vec<u8> {
        let mut state = 1_u64;
        let mut text = Vec::new();
        while text.len() < 500_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            writeln!(text, "D2024-05-24 17:21:57.124 (1716542517{:09} 7) replica1", state >> 34).unwrap();
        }
        text
    }

    fn read(compression: Compression, packed: &[u8]) -> (Vec<u8>, Option<io::Error>) {
        let mut got = Vec::new();
        let mut reader = Unpack::new(compression, packed);
        let mut piece = vec![0; 300_000];
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return (got, None),
                Ok(count) => got.extend_from_slice(&piece[..count]),
                Err(error) => {
                    let again = reader.read(&mut piece).unwrap_err();
                    assert_eq!(again.to_string(), error.to_string(), "damage does not heal");
                    return (got, Some(error));
                }
            }
        }
    }

    fn stream_error(error: Option<io::Error>) -> StreamError {
        error.unwrap().downcast::<StreamError>().unwrap()
    }

    #[test]
    fn several_members_and_padding_are_one_stream() {
        let text = lines();
        for compression in ALL {
            let mut packed = compress(compression, &text[..100_000]);
            packed.extend([0; 8]);
            packed.extend(compress(compression, b""));
            packed.extend(compress(compression, &text[100_000..]));
            packed.extend([0; 512]);
            let (got, error) = read(compression, &packed);
            assert!(error.is_none(), "{compression}: {error:?}");
            assert!(got == text, "{compression}");
        }
    }

    #[test]
    fn members_that_hold_nothing_are_not_opened_for_ever() {
        for compression in ALL {
            let packed = [compress(compression, b"a line\n"), compress(compression, b"").repeat(3000)].concat();
            let (got, error) = read(compression, &packed);
            assert_eq!(got, b"a line\n", "{compression}");
            assert!(error.unwrap().to_string().contains("1000 members hold next to nothing"), "{compression}");
        }
        let frame = [&b"\x50\x2a\x4d\x18"[..], &[0; 4]].concat();
        assert!(read(Compression::Zstd, &frame.repeat(500_000)).1.is_some());
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        let zeros = vec![0; 1 << 20];
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
        (0..200).for_each(|_| encoder.write_all(&zeros).unwrap());
        let mut reader = Unpack::new(Compression::Zstd, std::io::Cursor::new(encoder.finish().unwrap()));
        let error = io::copy(&mut reader, &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("more than 500 times its size"), "{error}");
        assert!(reader.yielded < 70 << 20, "{}", reader.yielded);
    }

    #[test]
    fn nothing_is_an_empty_stream() {
        for compression in ALL {
            let (got, error) = read(compression, &[]);
            assert!(got.is_empty() && error.is_none());
        }
    }

    #[test]
    fn a_cut_costs_only_what_is_behind_it() {
        let text = lines();
        for compression in ALL {
            let packed = compress(compression, &text);
            for cut in [1, 5, packed.len() / 2, packed.len() - 1] {
                let (got, error) = read(compression, &packed[..cut]);
                assert!(text.starts_with(&got), "{compression}");
                assert!(cut < 1_000 || got.len() > text.len() / 4, "{compression}: {}", got.len());
                assert_eq!(error.as_ref().unwrap().kind(), io::ErrorKind::UnexpectedEof);
                assert_eq!(stream_error(error), StreamError::Truncated { compression });
            }
        }
    }

    #[test]
    fn damage_costs_only_what_is_behind_it() {
        let text = lines();
        for compression in ALL {
            let mut packed = compress(compression, &text);
            let middle = packed.len() / 2;
            packed[middle..middle + 64].fill(0xa5);
            let (got, error) = read(compression, &packed);
            assert!(got.len() > text.len() / 4, "{compression}: {}", got.len());
            assert!(got[..text.len() / 4] == text[..text.len() / 4], "{compression}");
            assert_eq!(error.as_ref().unwrap().kind(), io::ErrorKind::InvalidData, "{compression}");
            assert!(matches!(stream_error(error), StreamError::Corrupt { .. }));
        }
    }

    #[test]
    fn what_follows_the_data_is_told() {
        for compression in ALL {
            let mut packed = compress(compression, b"a line\n");
            packed.extend(b"this is not compressed, though long enough for a header");
            let (got, error) = read(compression, &packed);
            assert_eq!(got, b"a line\n");
            assert_eq!(stream_error(error), StreamError::TrailingBytes { compression });
        }
    }

    #[test]
    fn a_reader_may_ask_for_little() {
        for compression in ALL {
            let packed = compress(compression, b"some lines\nand more\n");
            let mut reader = Unpack::new(compression, &packed[..]);
            assert_eq!(reader.read(&mut []).unwrap(), 0);
            let mut got = Vec::new();
            let mut byte = [0];
            while reader.read(&mut byte).unwrap() == 1 {
                got.push(byte[0]);
            }
            assert_eq!(got, b"some lines\nand more\n");
        }
    }
}
