//! How Kubernetes says that a container ended: descriptions of pods, in words, YAML or JSON, and their list.

use super::patterns::{Pattern, captured, matched};
use super::{Sign, sign};
use crate::answer::{When, moment};
use crate::pegasus::LogTime;
use chrono::DateTime;
use regex::Regex;
use std::sync::LazyLock;

static CODE: Pattern = LazyLock::new(|| Regex::new(r#"^\s*"?(?:exitCode|Exit Code)"?:\s*(\d+)"#).ok());
static REASON: Pattern = LazyLock::new(|| Regex::new(r#"^\s*"?[Rr]eason"?:\s*"?(\w+)"#).ok());
static FINISHED: Pattern = LazyLock::new(|| Regex::new(r#"^\s*"?(?:finishedAt|Finished)"?:\s*"?([^"]+?)"?,?\s*$"#).ok());
/// A container, above the words about it or below them.
static CONTAINER: Pattern = LazyLock::new(|| Regex::new(r"^  ([a-z0-9][a-z0-9-]*):\s*$").ok());
static NAME: Pattern = LazyLock::new(|| Regex::new(r#"^\s*(?:- )?"?[Nn]ame"?:\s*"?([\w.-]+)"#).ok());
static LISTED: Pattern = LazyLock::new(|| Regex::new(r"^(?:\S+\s+)?(\S*pegasus\S*)\s+\d+/\d+\s+OOMKilled\s").ok());
static OURS: Pattern = LazyLock::new(|| Regex::new(r"pegasus|libdsn").ok());

/// A process that was told to stop, or ended by itself, is no failure.
const BY_SIGNAL: &[u8] = &[132, 134, 135, 136, 137, 139];

/// How containers of Pegasus ended by a signal that nobody sent to stop them.
pub(super) fn ends(lines: &[String]) -> Vec<Sign> {
    let mut all = Vec::new();
    if !lines.iter().any(|line| matched(&OURS, line)) {
        return all;
    }
    for (index, line) in lines.iter().enumerate() {
        if let Some(found) = captured(&LISTED, line) {
            all.push(ended(index, line, None, ("server", &found[1]), 137, "OOMKilled"));
        }
        let code = captured(&CODE, line).and_then(|found| found[1].parse().ok());
        let Some(code) = code.filter(|code| BY_SIGNAL.contains(code)) else { continue };
        // Of the same end tell the lines around it that are no deeper and no other end.
        let near = |pattern: &'static Pattern, reach: usize| {
            let around = &lines[index.saturating_sub(reach)..lines.len().min(index + reach + 1)];
            around.iter().find_map(|line| captured(pattern, line).map(|found| found[1].to_owned()))
        };
        let reason = near(&REASON, 3)
            .filter(|reason| !matches!(reason.as_str(), "CrashLoopBackOff" | "Completed"))
            .unwrap_or_else(|| "unknown".to_owned());
        let at = near(&FINISHED, 3).and_then(|text| moment_of(&text));
        let above = lines[..index].iter().rev().find_map(|line| captured(&CONTAINER, line).map(|found| found[1].to_owned()));
        let below = || lines[index..].iter().take(12).find_map(|line| captured(&NAME, line).map(|found| found[1].to_owned()));
        let pod = lines[..index]
            .iter()
            .rev()
            .filter_map(|line| captured(&NAME, line).map(|found| found[1].to_owned()))
            .find(|name| name.matches('-').count() > 0);
        let container = if line.contains("Exit Code") { above } else { below() };
        let names = (container.unwrap_or_else(|| "server".to_owned()), pod.unwrap_or_else(|| "unknown".to_owned()));
        all.push(ended(index, line, at, (&names.0, &names.1), code, &reason));
    }
    all
}

fn ended(index: usize, line: &str, at: Option<When>, (container, pod): (&str, &str), code: u8, reason: &str) -> Sign {
    let body = format!("machine: process of container {container} in pod {pod} ended with exit code {code}, reason {reason}");
    sign(index as u64 + 1, line, at, body)
}

/// `Sat, 25 May 2024 23:21:17 +0800`, or as JSON has it.
fn moment_of(text: &str) -> Option<When> {
    let spoken = DateTime::parse_from_rfc2822(text).ok().and_then(|at| at.timestamp_nanos_opt());
    spoken.map(|nanos| When::At(LogTime(nanos))).or_else(|| moment(text))
}
