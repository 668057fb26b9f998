//! What a replica server stores beside its logs: of a data folder that was named, only logs are wanted.

use std::path::Path;

/// Whether that is a replica's folder, a file that describes a replica, or a log of mutations: no log that people read, however many there are.
pub(super) fn is_stored(path: &Path) -> bool {
    let name = |path: Option<&Path>| path.and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (own, above) = (name(Some(path)), name(path.parent()));
    match above.as_str() {
        // `log.<number>.<offset>` (`mutation_log.cpp`).
        "slog" | "plog" => own.strip_prefix("log.").is_some_and(|rest| numbers(rest) == (2, "")),
        _ => own == ".init-info" || own == ".app-info" || is_replica(&own),
    }
}

/// Whether a name is that of a replica's folder: `3.2.pegasus`, which becomes `3.2.pegasus.1716542517123.gar` when it is not needed any more.
fn is_replica(name: &str) -> bool {
    let (count, kind) = numbers(name);
    count == 2 && kind.split('.').next() == Some("pegasus")
}

/// How many numbers with a dot between them a name begins with, and what follows.
fn numbers(name: &str) -> (usize, &str) {
    let (mut count, mut rest) = (0, name);
    while let Some(end) = rest.find(|c: char| !c.is_ascii_digit()).or(Some(rest.len())).filter(|&end| end > 0) {
        count += 1;
        rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
    }
    (count, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_replica_server_stores_is_no_log() {
        for stored in [
            "reps/3.2.pegasus",
            "3.2.pegasus.1716542517123.gar",
            "3.2.pegasus.err",
            "r/.init-info",
            ".app-info",
            "plog/log.1.0",
            "slog/log.12.3456",
        ] {
            assert!(is_stored(Path::new(stored)), "{stored}");
        }
        for log in [
            "log/log.1.txt",
            "slog/log.1.txt",
            "plog/replica.log",
            "log.1.0",
            "replica.log.20240524_172157_120",
            "3.2",
            "2.4.0-logs",
            "10.0.0.1",
            "reps",
        ] {
            assert!(!is_stored(Path::new(log)), "{log}");
        }
    }
}
