//! Regular expressions that are made when they are first used.

use regex::{Captures, Regex};
use std::sync::LazyLock;

pub(super) type Pattern = LazyLock<Option<Regex>>;

pub(super) fn matched(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

pub(super) fn captured<'t>(pattern: &Pattern, text: &'t str) -> Option<Captures<'t>> {
    pattern.as_ref()?.captures(text)
}

static HOST: Pattern = LazyLock::new(|| {
    Regex::new(r"^(?:\w{3} +\d+ [\d:]+|\d{4}-\d\d-\d\dT\S+) (\S+) (?:kernel|systemd[\w-]*|chronyd|ntpd)(?:\[\d+\])?:").ok()
});

/// The host that a line of syslog names.
pub(super) fn host(line: &str) -> &str {
    captured(&HOST, line).and_then(|found| found.get(1)).map_or("localhost", |m| m.as_str())
}
