//! Logs of cases, changed as time and operators change them.

use crate::support::nanos;
use chrono::{NaiveDateTime, TimeDelta};
use std::path::Path;

/// Names of the folders that are not the same any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Kept,
    Other,
}

/// Copies logs, each file changed by `change`; an empty result is no file.
pub(crate) fn copy(from: &Path, to: &Path, names: Names, change: &dyn Fn(&[u8]) -> Vec<u8>) {
    std::fs::create_dir_all(to).unwrap();
    let mut entries: Vec<_> = std::fs::read_dir(from).unwrap().map(Result::unwrap).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for (number, entry) in entries.iter().enumerate() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            let other = if names == Names::Other { format!("{}-{number}", if number % 2 == 0 { "zeta" } else { "alpha" }) } else { name };
            copy(&entry.path(), &to.join(other), names, change);
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        let packed = [".gz", ".zst", ".xz", ".bz2", ".tar"].iter().any(|e| name.contains(e));
        let bytes = if packed { bytes } else { change(&bytes) };
        if !bytes.is_empty() {
            std::fs::write(to.join(name), bytes).unwrap();
        }
    }
}

/// First and last dated line of all plain logs, in nanoseconds.
pub(crate) fn window(folder: &Path) -> Option<(i64, i64)> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                all.extend(bytes.split(|&b| b == b'\n').filter_map(nanos));
            }
        }
    }
    Some((*all.iter().min()?, *all.iter().max()?))
}

/// The lines from a moment on, or up to it.
pub(crate) fn part(bytes: &[u8], from: i64, to: i64) -> Vec<u8> {
    let mut at = i64::MIN;
    let mut out = Vec::new();
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        at = nanos(line).unwrap_or(at);
        if (from..=to).contains(&at) || at == i64::MIN && from == i64::MIN {
            out.extend_from_slice(line);
        }
    }
    out
}

/// The same lines so many seconds later.
pub(crate) fn later(text: &str, seconds: i64) -> String {
    let header = regex::Regex::new(r"(?m)^([A-Z])(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) \((\d{19}) ").unwrap();
    let shift = |c: &regex::Captures<'_>| {
        let clock = NaiveDateTime::parse_from_str(&c[2], "%Y-%m-%d %H:%M:%S%.f").unwrap() + TimeDelta::seconds(seconds);
        let nanos: i64 = c[3].parse::<i64>().unwrap() + seconds * 1_000_000_000;
        format!("{}{} ({nanos} ", &c[1], clock.format("%Y-%m-%d %H:%M:%S%.3f"))
    };
    header.replace_all(text, shift).into_owned()
}
