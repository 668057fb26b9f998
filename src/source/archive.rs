//! Tar archives, read as they stream by.

use std::io::{self, Read};

use super::error::StreamError;
use super::peek::{Contents, look_inside};
use super::stored::is_stored;
use std::path::Path;

/// Archives inside an archive are opened, those inside them are not: collected logs nest once (a tar of each server's).
const NESTED_ARCHIVES: u8 = 1;

/// One file of an archive, valid during the callback.
///
/// A reader that fails at once stands for a member that could not be opened: an archive in a foreign format, one that is
/// nested too deep, or the rest of a damaged nested archive.
pub struct Member<'a> {
    /// Where it is: the archive's name, `/`, the name inside it, freed of `..` and of a leading `/`.
    pub path: String,
    /// Its size in the archive: for a compressed member that of the compressed bytes.
    pub len: u64,
    /// Its bytes, with its own compression undone.
    pub reader: &'a mut dyn Read,
}

/// Calls `f` for each regular file of the archive `name`; an error means that the archive could not be followed further.
pub(super) fn walk(reader: &mut dyn Read, name: &str, f: &mut dyn FnMut(Member<'_>)) -> io::Result<()> {
    walk_level(reader, name, NESTED_ARCHIVES, f)
}

fn walk_level(reader: &mut dyn Read, archive_name: &str, nested_archives: u8, f: &mut dyn FnMut(Member<'_>)) -> io::Result<()> {
    let mut archive = tar::Archive::new(reader);
    // Reads on over the end mark: archives are concatenated, and only the very end tells whether a compressed one is whole.
    archive.set_ignore_zeros(true);
    for entry in archive.entries()? {
        let entry = entry?;
        let entry_type = entry.header().entry_type();
        if !(entry_type.is_file() || entry_type.is_contiguous() || entry_type.is_gnu_sparse()) {
            continue;
        }
        let path = member_path(archive_name, &entry.path_bytes());
        if Path::new(&path[archive_name.len()..]).ancestors().any(is_stored) {
            continue;
        }
        let len = entry.size();
        let (contents, mut reader) = look_inside(WholeMember { missing: len, entry });
        let failure = match contents {
            Contents::File(_) => {
                f(Member { path, len, reader: &mut reader });
                continue;
            }
            Contents::Tar(_) if nested_archives == 0 => StreamError::NestedTooDeep.into(),
            Contents::Tar(_) => match walk_level(&mut reader, &path, nested_archives - 1, f) {
                Ok(()) => continue,
                Err(error) => error,
            },
            Contents::Foreign(format) => StreamError::Unsupported(format).into(),
        };
        f(Member { path, len, reader: &mut Failed(Some(failure)) });
    }
    Ok(())
}

fn member_path(archive_name: &str, inner: &[u8]) -> String {
    let mut path = archive_name.to_owned();
    for part in String::from_utf8_lossy(inner).split('/') {
        if !matches!(part, "" | "." | "..") {
            path.push('/');
            path.push_str(part);
        }
    }
    path
}

/// Tells a member that was cut off, which `tar` takes for a shorter one.
struct WholeMember<R> {
    entry: R,
    missing: u64,
}

impl<R: Read> Read for WholeMember<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // `tar` takes a read into nothing for the end of the member.
        if out.is_empty() {
            return Ok(0);
        }
        let count = self.entry.read(out)?;
        if count == 0 && self.missing > 0 {
            return Err(StreamError::TruncatedMember { missing: self.missing }.into());
        }
        self.missing = self.missing.saturating_sub(count as u64);
        Ok(count)
    }
}

struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::super::format::{Compression, ForeignFormat};
    use super::super::unpack::tests::{ALL, compress, lines};
    use super::*;

    pub(in super::super) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            // Written past the check of `set_path`, which refuses what a hostile archive would hold.
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    type Seen = Vec<(String, u64, Vec<u8>, Option<io::Error>)>;

    fn members(packed: &[u8]) -> (Seen, io::Result<()>) {
        let mut seen = Vec::new();
        let result = walk(&mut &*packed, "a.tar", &mut |member| {
            let mut bytes = Vec::new();
            let error = member.reader.read_to_end(&mut bytes).err();
            seen.push((member.path, member.len, bytes, error));
        });
        (seen, result)
    }

    #[test]
    fn members_are_unpacked_by_content() {
        let text = lines();
        let packed: Vec<_> = ALL.iter().map(|compression| compress(*compression, &text)).collect();
        let (seen, result) = members(&tar_of(&[
            ("meta1/log.1.txt", b"plain\n"),
            ("gz", &packed[0]),
            ("zst", &packed[1]),
            ("xz", &packed[2]),
            ("bz2", &packed[3]),
            ("empty.gz", b""),
        ]));
        result.unwrap();
        assert_eq!((seen[0].0.as_str(), seen[0].1, &seen[0].2[..]), ("a.tar/meta1/log.1.txt", 6, &b"plain\n"[..]));
        assert!(seen[1..5].iter().all(|(_, _, bytes, error)| *bytes == text && error.is_none()));
        assert_eq!((seen[5].2.len(), seen.len()), (0, 6));
    }

    #[test]
    fn names_stay_inside() {
        let (seen, result) = members(&tar_of(&[("/etc/../../x//./log", b"1"), ("../../..", b"2")]));
        result.unwrap();
        let paths: Vec<_> = seen.iter().map(|member| member.0.as_str()).collect();
        assert_eq!(paths, ["a.tar/etc/x/log", "a.tar"]);
    }

    #[test]
    fn links_and_directories_are_left_out() {
        let mut builder = tar::Builder::new(Vec::new());
        for kind in [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Directory, tar::EntryType::Fifo] {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(0);
            builder.append_link(&mut header, "meta.log", "meta.log.1").unwrap();
        }
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        let long = "d/".repeat(100) + "log.1.txt";
        builder.append_data(&mut header, &long, &b"x"[..]).unwrap();
        let (seen, result) = members(&builder.into_inner().unwrap());
        result.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].0, format!("a.tar/{long}"));
    }

    #[test]
    fn archives_nest_once() {
        let deepest = tar_of(&[("log.1.txt", b"x")]);
        let deep = tar_of(&[("log.2.txt", b"y"), ("deepest.tar", &deepest)]);
        let outer = tar_of(&[("meta1.tgz", &compress(Compression::Gzip, &deep)), ("z.zip", b"PK\x03\x04")]);
        let (seen, result) = members(&outer);
        result.unwrap();
        assert_eq!((seen[0].0.as_str(), &seen[0].2[..]), ("a.tar/meta1.tgz/log.2.txt", &b"y"[..]));
        let error = |at: usize| seen[at].3.as_ref().unwrap().get_ref().unwrap().downcast_ref::<StreamError>().unwrap();
        assert_eq!((seen[1].0.as_str(), error(1)), ("a.tar/meta1.tgz/deepest.tar", &StreamError::NestedTooDeep));
        assert_eq!(error(2), &StreamError::Unsupported(ForeignFormat::Zip));
    }

    #[test]
    fn a_cut_archive_gives_what_it_has() {
        let packed = tar_of(&[("log.1.txt", &[b'x'; 700]), ("log.2.txt", &[b'y'; 700])]);
        let second = 512 + 1024;
        let (seen, result) = members(&packed[..second + 512 + 300]);
        result.unwrap_err();
        assert_eq!((seen[1].2.len(), seen[1].3.as_ref().unwrap().kind()), (300, io::ErrorKind::UnexpectedEof));
        let (seen, result) = members(&packed[..second + 100]);
        result.unwrap_err();
        assert_eq!(seen.len(), 1);
    }

    #[test]
    fn damage_in_a_nested_archive_is_its_own() {
        let inner = tar_of(&[("log.1.txt", b"x"), ("log.2.txt", &[b'y'; 700])]);
        let (seen, result) = members(&tar_of(&[("in.tar", &inner[..1700]), ("log.3.txt", b"z")]));
        result.unwrap();
        let paths: Vec<_> = seen.iter().map(|member| (member.0.as_str(), member.3.is_some())).collect();
        let inner = [("a.tar/in.tar/log.1.txt", false), ("a.tar/in.tar/log.2.txt", true), ("a.tar/in.tar", true)];
        assert_eq!(paths[..3], inner);
        assert_eq!(paths[3], ("a.tar/log.3.txt", false));
    }

    #[test]
    fn archives_behind_each_other_are_one() {
        let mut packed = tar_of(&[("log.1.txt", b"x")]);
        packed.extend(tar_of(&[("log.2.txt", b"y")]));
        assert_eq!(members(&packed).0.len(), 2);
    }
}
