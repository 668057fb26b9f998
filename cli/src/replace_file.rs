//! Replaces a file as a whole: whatever happens, it holds the old text or the new one.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// `mode` is that of a file that is made, as for open(2).
pub(crate) fn replace_file(path: &Path, text: &str, mode: u32) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    // A name that nobody can foretell, and that must not be there: no link of another user's is followed.
    name.push(format!(".{:016x}.tmp", RandomState::new().build_hasher().finish()));
    let new = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
    let mut write = || {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        // The name, too, must survive a power cut.
        let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory)?.sync_all()
    };
    write().inspect_err(|_| drop(fs::remove_file(&new)))
}

/// Removes what was being written as the program was killed; only of a file that no other program writes.
pub(crate) fn remove_leftovers(path: &Path) {
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let random = name.as_encoded_bytes().strip_prefix(path.file_name().unwrap_or_default().as_encoded_bytes());
        let random = random.and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(b".tmp"));
        if random.is_some_and(|hex| hex.len() == 16 && hex.iter().all(u8::is_ascii_hexdigit)) {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes what a user asked for: a file is replaced as a whole, a device or a pipe written to, a log or what else was `read` left as it is.
pub(crate) fn write_output(path: &Path, text: &str, read: &[&Path]) -> Result<()> {
    refuse_evidence(path, read)?;
    let found = match fs::canonicalize(path) {
        Ok(found) if found.is_file() => found,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        _ => return fs::write(path, text),
    };
    replace_file(&found, text, 0o666).or_else(|error| {
        // Only the file itself may be written, or it is mounted into a container.
        let in_place = matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ResourceBusy) && found.is_file();
        if in_place { fs::write(&found, text) } else { Err(error) }
    })
}

/// What is evidence no report is written over.
pub(crate) fn refuse_evidence(path: &Path, read: &[&Path]) -> Result<()> {
    /// A log has a line with a header among its first ones.
    const HEAD: u64 = 64 << 10;
    const PACKED: [&[u8]; 4] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"BZh"];
    if !path.is_file() {
        return Ok(());
    }
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    let found = fs::canonicalize(path)?;
    let is_read = read.iter().any(|other| fs::canonicalize(other).is_ok_and(|other| other == found));
    let is_log = head.split(|&b| b == b'\n').any(|line| dupdoctor::internal::record::header(line).is_some());
    if is_read || is_log || PACKED.iter().any(|magic| head.starts_with(magic)) {
        return Err(Error::new(ErrorKind::AlreadyExists, "this is a log or an input, which is not overwritten"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_kill_left_behind_is_removed_and_nothing_else() -> Result<()> {
        let desk = tempfile::tempdir()?;
        for name in ["state.json.0123456789abcdef.tmp", "state.json", "state.json.0123.tmp", "other.0123456789abcdef.tmp"] {
            fs::write(desk.path().join(name), "x")?;
        }
        remove_leftovers(&desk.path().join("state.json"));
        let mut left: Vec<_> = fs::read_dir(desk.path())?.flatten().map(|entry| entry.file_name()).collect();
        left.sort();
        assert_eq!(left, ["other.0123456789abcdef.tmp", "state.json", "state.json.0123.tmp"]);
        Ok(())
    }

    #[test]
    fn logs_are_left_as_they_are_and_devices_are_written_to() -> Result<()> {
        let desk = tempfile::tempdir()?;
        let at = |name: &str| desk.path().join(name);
        let line = "I2024-05-24 17:21:57.700 (1716542517007123456 12) meta.meta_state0.0102000500000411: server_state.cpp:1:x(): y\n";
        for (name, bytes) in [("meta.log", line.as_bytes()), ("old.gz", b"\x1f\x8b\x08\x00"), ("export.json", b"[]")] {
            fs::write(at(name), bytes)?;
            assert_eq!(
                write_output(&at(name), "report", &[&at("export.json")]).map_err(|error| error.kind()),
                Err(ErrorKind::AlreadyExists),
                "{name}"
            );
            assert_eq!(fs::read(at(name))?, bytes, "{name}");
        }
        fs::write(at("report.json"), "{}")?;
        std::os::unix::fs::symlink(at("report.json"), at("link"))?;
        write_output(&at("link"), "new", &[])?;
        assert_eq!(fs::read_to_string(at("report.json"))?, "new");
        write_output(&at("another"), "new", &[])?;
        write_output(Path::new("/dev/null"), "new", &[])?;
        assert!(!Path::new("/dev/null").is_file());
        assert_eq!(fs::read_dir(desk.path())?.count(), 6, "nothing is left behind");
        Ok(())
    }
}
