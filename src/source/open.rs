//! Opening what discovery found, and standard input.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use super::archive::{self, Member};
use super::error::SourceError;
use super::peek::{Contents, look_inside};
use super::unpack::{INPUT_BUFFER, Unpack};
use super::{Item, Kind};

impl Item {
    /// Opens a [`Kind::Plain`] item for reads at offsets. Any other kind gives its bytes as they are stored.
    ///
    /// # Errors
    ///
    /// When the file is gone or must not be read.
    pub fn open_plain(&self) -> Result<File, SourceError> {
        File::open(&self.path).map_err(|cause| SourceError::from_io(&self.path, cause))
    }

    /// Opens an item that is one stream, its compression undone.
    ///
    /// The reader gives an [`io::Error`] with a [`StreamError`](super::StreamError) inside where damage begins, after all
    /// bytes that could be decoded.
    ///
    /// # Errors
    ///
    /// When the item cannot be opened, or is an archive, which [`Item::for_each_member`] reads.
    pub fn open_stream(&self) -> Result<Box<dyn Read + Send>, SourceError> {
        match self.kind {
            Kind::Plain => Ok(Box::new(self.open_plain()?)),
            Kind::Compressed(compression) => Ok(Box::new(Unpack::new(compression, self.open_plain()?))),
            Kind::Tar(_) => Err(SourceError::IsArchive { path: self.path.clone() }),
            Kind::Pipe | Kind::Stdin => match self.open_sniffed()? {
                StdinSource::Stream(stream) => Ok(stream),
                StdinSource::Tar(_) => Err(SourceError::IsArchive { path: self.path.clone() }),
            },
        }
    }

    /// Calls `f` for each file in the item: for the members of an archive, or once for anything else.
    ///
    /// # Errors
    ///
    /// When the item cannot be opened, or is an archive that is damaged; `f` has then seen all that came before the damage.
    /// Damage inside one stream is told by that stream's reader only.
    pub fn for_each_member(&self, f: &mut dyn FnMut(Member<'_>)) -> Result<(), SourceError> {
        match self.kind {
            Kind::Plain | Kind::Compressed(_) => {
                let mut reader = self.open_stream()?;
                f(Member { path: self.display.clone(), len: self.len, reader: &mut reader });
                Ok(())
            }
            Kind::Tar(_) | Kind::Pipe | Kind::Stdin => match self.open_sniffed()? {
                StdinSource::Stream(mut reader) => {
                    f(Member { path: self.display.clone(), len: self.len, reader: &mut reader });
                    Ok(())
                }
                StdinSource::Tar(tar) => tar.for_each_member(f),
            },
        }
    }

    fn open_sniffed(&self) -> Result<StdinSource, SourceError> {
        if self.kind == Kind::Stdin { open_stdin() } else { sniff(&self.path, &self.display, self.open_plain()?) }
    }
}

/// What standard input, or a pipe, turned out to carry.
pub enum StdinSource {
    /// One stream, its compression undone.
    Stream(Box<dyn Read + Send>),
    /// An archive.
    Tar(TarStream),
}

/// An archive that can be read once.
pub struct TarStream {
    path: PathBuf,
    display: String,
    reader: Box<dyn Read + Send>,
}

impl TarStream {
    /// Calls `f` for each file of the archive.
    ///
    /// # Errors
    ///
    /// When the archive cannot be followed to its end; `f` has then seen all that came before.
    pub fn for_each_member(mut self, f: &mut dyn FnMut(Member<'_>)) -> Result<(), SourceError> {
        archive::walk(&mut self.reader, &self.display, f).map_err(|cause| SourceError::DamagedArchive { path: self.path, cause })
    }
}

/// Opens standard input. Waits for its first line, or as many bytes as tell its format.
///
/// # Errors
///
/// When it cannot be read or is in a format that is not opened here.
pub fn open_stdin() -> Result<StdinSource, SourceError> {
    sniff_stream("-", io::stdin())
}

/// Looks what a stream called `display` carries, as [`open_stdin`] does.
///
/// # Errors
///
/// When it cannot be read or is in a format that is not opened here.
pub fn sniff_stream<R: Read + Send + 'static>(display: &str, reader: R) -> Result<StdinSource, SourceError> {
    sniff(Path::new(display), display, reader)
}

fn sniff<R: Read + Send + 'static>(path: &Path, display: &str, reader: R) -> Result<StdinSource, SourceError> {
    let (contents, mut opened) = look_inside(reader);
    if let Some(cause) = opened.take_failure() {
        return Err(SourceError::from_io(path, cause));
    }
    match contents {
        Contents::File(_) => Ok(StdinSource::Stream(Box::new(opened))),
        Contents::Tar(_) => Ok(StdinSource::Tar(TarStream {
            path: path.to_path_buf(),
            display: display.to_owned(),
            reader: Box::new(BufReader::with_capacity(INPUT_BUFFER, opened)),
        })),
        Contents::Foreign(format) => Err(SourceError::Unsupported { path: path.to_path_buf(), format }),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::io::Cursor;
    use std::os::unix::fs::FileExt;

    use super::super::archive::tests::tar_of;
    use super::super::format::Compression;
    use super::super::unpack::tests::{ALL, compress};
    use super::super::{StreamError, discover};
    use super::*;

    fn item_of(bytes: &[u8]) -> (tempfile::TempDir, Item) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.1.txt.gz");
        std::fs::write(&path, bytes).unwrap();
        let item = discover(&[path]).items.remove(0);
        (dir, item)
    }

    fn members(for_each: impl FnOnce(&mut dyn FnMut(Member<'_>)) -> Result<(), SourceError>) -> Vec<(String, String)> {
        let mut seen = Vec::new();
        for_each(&mut |member| {
            let mut text = String::new();
            member.reader.read_to_string(&mut text).unwrap();
            seen.push((member.path, text));
        })
        .unwrap();
        seen
    }

    #[test]
    fn the_name_does_not_tell_the_format() {
        let (_dir, plain) = item_of(b"a line\n");
        assert_eq!(plain.kind, Kind::Plain);
        let mut bytes = [0; 4];
        plain.open_plain().unwrap().read_exact_at(&mut bytes, 2).unwrap();
        assert_eq!(&bytes, b"line");
        let (_dir, empty) = item_of(b"");
        assert_eq!((empty.kind, empty.len), (Kind::Plain, 0));
        for compression in ALL {
            let (_dir, item) = item_of(&compress(compression, b"a line\n"));
            assert_eq!(item.kind, Kind::Compressed(compression));
            let mut text = String::new();
            item.open_stream().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "a line\n");
            assert_eq!(members(|f| item.for_each_member(f)), [(item.display.clone(), text)]);
        }
    }

    #[test]
    fn archives_are_read_member_by_member() {
        let inner = compress(Compression::Gzip, b"packed\n");
        let tar = tar_of(&[("meta1/log.1.txt", b"plain\n"), ("meta1/log.2.txt.gz", &inner)]);
        let mut forms = vec![(tar.clone(), Kind::Tar(None))];
        forms.extend(ALL.map(|compression| (compress(compression, &tar), Kind::Tar(Some(compression)))));
        for (bytes, kind) in forms {
            let (_dir, item) = item_of(&bytes);
            assert_eq!(item.kind, kind);
            assert!(matches!(item.open_stream(), Err(SourceError::IsArchive { .. })));
            let seen = members(|f| item.for_each_member(f));
            let want = [("meta1/log.1.txt", "plain\n"), ("meta1/log.2.txt.gz", "packed\n")];
            assert_eq!(seen, want.map(|(name, text)| (format!("{}/{name}", item.display), text.to_owned())));
        }
    }

    #[test]
    fn a_cut_compressed_archive_is_told() {
        let tar = tar_of(&[("log.1.txt", b"plain\n")]);
        let packed = compress(Compression::Gzip, &tar);
        // All of the archive is there but the checksum of the gzip around it.
        let (_dir, item) = item_of(&packed[..packed.len() - 4]);
        let mut count = 0;
        let error = item.for_each_member(&mut |_| count += 1).unwrap_err();
        assert_eq!(count, 1);
        assert!(matches!(error, SourceError::DamagedArchive { .. }), "{error}");
    }

    #[test]
    fn standard_input_is_what_it_carries() {
        let packed = compress(Compression::Zstd, b"a line\n");
        for bytes in [b"a line\n".to_vec(), packed.clone()] {
            let StdinSource::Stream(mut stream) = sniff_stream("-", Cursor::new(bytes)).unwrap() else { unreachable!() };
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            assert_eq!(text, "a line\n");
        }
        let tar = compress(Compression::Xz, &tar_of(&[("log.1.txt.zst", &packed)]));
        let StdinSource::Tar(tar) = sniff_stream("-", Cursor::new(tar)).unwrap() else { unreachable!() };
        let seen = members(|f| tar.for_each_member(f));
        assert_eq!(seen, [("-/log.1.txt.zst".to_owned(), "a line\n".to_owned())]);
        let zip = sniff_stream("-", Cursor::new(b"PK\x03\x04"));
        assert!(matches!(zip, Err(SourceError::Unsupported { .. })));
    }

    #[test]
    fn a_cut_stream_gives_what_it_has() {
        let packed = compress(Compression::Gzip, b"a line\n");
        let (_dir, item) = item_of(&packed[..packed.len() - 3]);
        let mut got = Vec::new();
        let error = item.open_stream().unwrap().read_to_end(&mut got).unwrap_err();
        assert_eq!(got, b"a line\n");
        let error = error.downcast::<StreamError>().unwrap();
        assert_eq!(error, StreamError::Truncated { compression: Compression::Gzip });
    }
}
