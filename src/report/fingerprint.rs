//! An incident's name: the same for the same incident, in any file, on any machine, at any later time.

use crate::pegasus::LogTime;
use crate::timeline::Story;

/// FNV-1a: stable across releases of the compiler, unlike the standard hasher.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The fingerprint of a code about a duplication, since the beginning of the status in which it happens.
pub(super) fn of_story(code: &str, story: &Story, since: Option<LogTime>) -> String {
    let ids = match (story.app_id, story.dup_id) {
        (Some(app), Some(dup)) => format!("a{}d{}", app.0, dup.0),
        (None, Some(dup)) => format!("d{}", dup.0),
        (_, None) => String::new(),
    };
    let name = if ids.is_empty() { story.app_name.clone().unwrap_or_default() } else { String::new() };
    let remote = story.remote_cluster.clone().unwrap_or_default();
    let since = since.map_or(0, LogTime::millis);
    format!("{:016x}", fnv(&format!("{code}|{ids}|{name}|{remote}|{since}")))
}

/// The fingerprint of a code about a server, an input or a request, since its first line.
pub(super) fn of_other(code: &str, about: &str, since: LogTime) -> String {
    format!("{:016x}", fnv(&format!("{code}|{about}|{}", since.millis())))
}

/// The fingerprint of a check that failed: the same for the same plan, whatever files show it.
pub(crate) fn of_check(code: &str, fault: &str, about: &str) -> String {
    format!("{:016x}", fnv(&format!("{code}|{fault}|{about}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incidents_differ_by_code_duplication_and_beginning() {
        let story = Story { app_name: Some("t".into()), ..Story::default() };
        let one = of_story("DUP301", &story, Some(LogTime(1_000_000)));
        assert_eq!(one, of_story("DUP301", &story, Some(LogTime(1_000_000))));
        assert_ne!(one, of_story("DUP302", &story, Some(LogTime(1_000_000))));
        assert_ne!(one, of_story("DUP301", &story, Some(LogTime(2_000_000))));
        assert_eq!(one.len(), 16);
    }
}
