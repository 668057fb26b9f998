//! The order of rotated files, and the server that wrote one, both told by names.

use std::cmp::Ordering;
use std::path::Path;

/// Compares names with runs of digits taken as numbers: `log.9.txt` is before `log.10.txt`. A total order.
pub(crate) fn natural_cmp(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        let order = match (left.first(), right.first()) {
            (None, None) => return a.cmp(b),
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, y) = (take_number(&mut left), take_number(&mut right));
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            (x, y) => {
                left = left.get(1..).unwrap_or_default();
                right = right.get(1..).unwrap_or_default();
                x.cmp(&y)
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes the digits in front, and returns them without leading zeros, so that the longer one is the greater.
fn take_number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    *text = rest;
    let zeros = number.iter().take_while(|digit| **digit == b'0').count();
    &number[zeros..]
}

/// Orders files directory by directory, a directory's own files before those below it, each with numbers compared by value.
#[must_use]
pub fn path_cmp(a: &Path, b: &Path) -> Ordering {
    fn parts(path: Option<&Path>) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        path.into_iter().flat_map(Path::components).map(|part| part.as_os_str().to_string_lossy())
    }
    let mut left = parts(a.parent());
    let mut right = parts(b.parent());
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => break,
            (Some(x), Some(y)) => natural_cmp(&x, &y),
            (x, y) => x.is_some().cmp(&y.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    natural_cmp(&name(a), &name(b)).then_with(|| a.cmp(b))
}

/// Directories that say where on a server a log is, not on which (`<data_dir>/log`, `%{app.dir}/log`).
const LAYOUT: &[&str] = &["log", "logs", "data"];

/// What stands in a file's name for the kind of process or stream; none of them tells two servers apart.
const ROLES: &[&str] = &["meta", "replica", "collector", "pegasus", "result", "stdout", "stderr"];

const STREAMS: &[&str] = &["result", "stdout", "stderr"];
const COMPRESSED: &[&str] = &[".gz", ".zst", ".zstd", ".xz", ".bz2"];
const SEPARATORS: [char; 3] = ['.', '_', '-'];

/// The label of the server that wrote the file of this name.
///
/// It is the directory that holds the file, less trailing `log`, `logs` and `data` (the first directory of the path stays,
/// whatever its name); an archive counts as a directory. Where the file's name has something before the name Pegasus gives
/// (`log.N.txt`, `<role>.log`, `<role>.log.<stamp>`, `result`, `stdout`, `stderr`), as when the logs of several servers were
/// gathered in one directory, that is added to the directory. Rotation and compression suffixes do not matter.
///
/// | name | server |
/// |---|---|
/// | `logs/hz/meta1/log/log.3.txt` | `logs/hz/meta1` |
/// | `hz/meta-0_log.3.txt.gz` | `hz/meta-0` |
/// | `hz/host7-meta.log.20240524_172157_120` | `hz/host7` |
/// | `log.1.txt` | `.` |
pub(crate) fn server_of(display: &str) -> String {
    // Process substitutions, `<(ssh meta1 cat …)`, share a directory but hardly a server.
    if display == "-" || display.starts_with("/dev/fd/") {
        return display.to_owned();
    }
    let (directory, name) = display.rsplit_once('/').unwrap_or(("", display));
    let directory = without_layout(directory);
    match prefix_of(name) {
        Some(prefix) if directory.is_empty() => prefix.to_owned(),
        // `meta1/meta1.log.1.txt` and `meta1/result` are of one server.
        Some(prefix) if directory.rsplit('/').next() != Some(prefix) => {
            format!("{directory}/{prefix}")
        }
        None if directory.is_empty() => ".".to_owned(),
        Some(_) | None => directory.to_owned(),
    }
}

/// What the names of one server's rotated files share: the directory, and the name up to the number or the stamp of the
/// rotation (`log.N.txt`, `<role>.log.<stamp>`). `None` for a name that tells no rotation.
pub(crate) fn series_of(display: &str) -> Option<&str> {
    let name = COMPRESSED.iter().find_map(|suffix| display.strip_suffix(suffix)).unwrap_or(display);
    let numbered = name.strip_suffix(".txt").unwrap_or(name);
    let series = numbered.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    (series.len() < numbered.len() && series.ends_with("log.")).then_some(series)
}

fn without_layout(mut directory: &str) -> &str {
    while let Some((above, last)) = directory.rsplit_once('/') {
        if above.is_empty() || !(last.is_empty() || LAYOUT.contains(&last)) {
            break;
        }
        directory = above;
    }
    directory
}

/// What a file's name has before the name that Pegasus gave. A number alone is none: `0.log` is a container's first run.
fn prefix_of(name: &str) -> Option<&str> {
    let name = without_suffixes(name);
    let prefix = before_numbered(name)
        .or_else(|| before_word(name.strip_suffix(".txt").unwrap_or(name), "log").map(without_roles))
        .or_else(|| STREAMS.iter().find_map(|stream| before_word(name, stream)).map(without_roles))?;
    let is_number = prefix.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number).then_some(prefix)
}

/// `log.N.txt`: what is before it.
fn before_numbered(name: &str) -> Option<&str> {
    let numbered = name.strip_suffix(".txt")?;
    let name = numbered.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.len() == numbered.len() {
        return None;
    }
    before_word(name.strip_suffix('.')?, "log")
}

/// What is before `word` at the end of `name`, if it stands there as a word.
fn before_word<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    let before = name.strip_suffix(word)?;
    (before.is_empty() || before.ends_with(SEPARATORS)).then(|| before.trim_matches(SEPARATORS))
}

fn without_roles(mut stem: &str) -> &str {
    while let Some(before) = ROLES.iter().find_map(|role| before_word(stem, role)) {
        stem = before;
    }
    stem
}

/// Takes away compression suffixes and those of rotation: `.1`, `.20240524_172157_120`, `-20240524`.
fn without_suffixes(mut name: &str) -> &str {
    loop {
        let numbered = name.rsplit_once('.').filter(|(_, last)| !last.is_empty() && last.bytes().all(is_digit));
        let shorter = COMPRESSED
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .or_else(|| numbered.map(|(before, _)| before))
            .or_else(|| before_stamp(name, '.'))
            .or_else(|| before_stamp(name, '-'));
        match shorter {
            Some(shorter) => name = shorter,
            None => return name,
        }
    }
}

fn before_stamp(name: &str, separator: char) -> Option<&str> {
    let (before, stamp) = name.rsplit_once(separator)?;
    let digits = stamp.bytes().filter(|byte| is_digit(*byte)).count();
    let only_stamp = stamp.bytes().all(|byte| is_digit(byte) || matches!(byte, b'_' | b'-'));
    (only_stamp && digits >= "20240524".len()).then_some(before)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_files_of_one_server_are_a_series() {
        for (name, series) in [
            ("meta1/log.3.txt.gz", Some("meta1/log.")),
            ("hz/meta-0_log.12.txt", Some("hz/meta-0_log.")),
            ("meta1/meta.log.20240524_172157_120.zst", Some("meta1/meta.log.")),
            ("meta1/meta.log", None),
            ("meta-1.log.gz", None),
            ("2024/05", None),
        ] {
            assert_eq!(series_of(name), series, "{name}");
        }
    }

    #[test]
    fn digits_compare_as_numbers() {
        let mut names = ["log.10.txt", "log.9.txt", "log.100.txt", "log.1.txt", "log", "log.010.txt"];
        names.sort_by(|a, b| natural_cmp(a, b));
        assert_eq!(names, ["log", "log.1.txt", "log.9.txt", "log.010.txt", "log.10.txt", "log.100.txt"]);
        let big = "log.99999999999999999999999.txt";
        assert_eq!(natural_cmp(big, "log.100000000000000000000000.txt"), Ordering::Less);
        assert_eq!(natural_cmp("meta.log.20240524_172157_120", "meta.log.20240524_172157_99"), Ordering::Greater);
    }

    #[test]
    fn directories_stay_together() {
        let mut paths = ["a/log.1", "a-b/log.1", "a/b/log.1", "a/log.10", "a/log.2", "a10/log.1", "a9/log.1", "log.1"];
        paths.sort_by(|a, b| path_cmp(Path::new(a), Path::new(b)));
        let want = ["log.1", "a/log.1", "a/log.2", "a/log.10", "a/b/log.1", "a-b/log.1", "a9/log.1", "a10/log.1"];
        assert_eq!(paths, want);
    }

    #[test]
    fn servers_are_told_by_directory() {
        for (display, server) in [
            ("logs/hz_online/meta1/log/log.3.txt", "logs/hz_online/meta1"),
            ("onebox/meta1/data/log/log.1.txt", "onebox/meta1"),
            ("onebox/meta1/result", "onebox/meta1"),
            ("meta1/meta.log.20240524_172157_120", "meta1"),
            ("meta1/pegasus.meta.log.20240524_172157_120.gz", "meta1"),
            ("meta1/replica.log", "meta1"),
            ("meta1/stdout.log.1", "meta1"),
            ("meta1/grepped lines.txt", "meta1"),
            ("support.tar.gz/meta1/log/log.1.txt", "support.tar.gz/meta1"),
            ("support.tar.gz/log/log.1.txt", "support.tar.gz"),
            ("logs/log.1.txt", "logs"),
            ("/log/log.1.txt", "/log"),
            ("log.1.txt", "."),
            ("/var/log/pods/pegasus-meta-0/meta/0.log.20240524-172157.gz", "/var/log/pods/pegasus-meta-0/meta"),
            ("-", "-"),
            ("/dev/fd/63", "/dev/fd/63"),
            ("-/meta1/log.1.txt", "-/meta1"),
        ] {
            assert_eq!(server_of(display), server, "{display}");
        }
    }

    #[test]
    fn servers_in_one_directory_are_told_by_name() {
        for (display, server) in [
            ("flat/meta1.log.9.txt", "flat/meta1"),
            ("flat/meta-0_log.3.txt", "flat/meta-0"),
            ("flat/meta-0_log.3.txt.gz", "flat/meta-0"),
            ("flat/host7-meta.log.20240524_172157_120", "flat/host7"),
            ("flat/host7_pegasus.replica.log.20240524_172157_120.zst", "flat/host7"),
            ("flat/10.1.2.3_log.1.txt", "flat/10.1.2.3"),
            ("flat/10.1.2.3-meta.log.20240524_172157_120", "flat/10.1.2.3"),
            ("flat/meta1.log-20240524.gz", "flat/meta1"),
            ("flat/meta-1.log", "flat/meta-1"),
            ("flat/meta1.stderr", "flat/meta1"),
            ("flat/meta1_result.2", "flat/meta1"),
            ("meta1.log.9.txt", "meta1"),
            ("meta1/log/meta1.log.9.txt", "meta1"),
        ] {
            assert_eq!(server_of(display), server, "{display}");
        }
    }

    #[test]
    fn a_word_must_stand_alone() {
        assert_eq!(server_of("a/catalog.3.txt"), "a");
        assert_eq!(server_of("a/xresult"), "a");
        assert_eq!(server_of("a/"), "a");
        assert_eq!(server_of(""), ".");
    }
}
