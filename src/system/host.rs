//! What the machine says of its disks and of its clock: `df`, the kernel, `chronyc`, `timedatectl`.

use super::patterns::{Pattern, captured, host, matched};
use super::{Sign, sign};
use crate::answer::moment;
use regex::Regex;
use std::sync::LazyLock;

static USED: Pattern = LazyLock::new(|| Regex::new(r"^(/\S+|\S+:/\S*)\s+\S+\s+\S+\s+\S+\s+(\d+)%\s+(/\S*)\s*$").ok());
static FAILED: Pattern = LazyLock::new(|| {
    Regex::new(r"(?P<what>(?:critical (?:medium|target) |Buffer )?I/O error|lost async page write)\b.*?\b(?P<device>(?:sd[a-z]|nvme\d+n|vd[a-z]|xvd[a-z]|dm-)\w*)").ok()
});
static FILES: Pattern = LazyLock::new(|| Regex::new(r"(?P<what>EXT4-fs|XFS)(?: error)? \((?:device )?(?P<device>\w+)\)").ok());
static WRONG: Pattern = LazyLock::new(|| Regex::new(r"(?i)\berror\b|shutdown|corruption|read-only").ok());
static FULL: Pattern = LazyLock::new(|| Regex::new(r"No space left on device").ok());
static OFF: Pattern =
    LazyLock::new(|| Regex::new(r"^\s*System time\s*:\s*(?P<seconds>\d+(?:\.\d+)?) seconds (?P<way>slow|fast) of NTP time").ok());
static STEPPED: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:System clock (?:was stepped|wrong) by|step time server \S+ offset|time reset) (?P<seconds>[-+]?\d+(?:\.\d+)?)").ok()
});
static ALONE: Pattern =
    LazyLock::new(|| Regex::new(r"^\s*(?:(?:System clock|NTP) synchronized: no|Leap status\s*:\s*Not synchronised)\s*$").ok());

/// From here on a disk is as good as full: servers refuse writes at 95 percent and more.
const FULL_FROM: u32 = 95;
/// Less than this no lease and no order of lines is the worse for.
const OFF_FROM: f64 = 1.0;

/// What a line says.
pub(super) fn of_line(number: u64, line: &str) -> Option<Sign> {
    let on = host(line);
    let said = |body: String| Some(sign(number, line, moment(line), body));
    if let Some(found) = captured(&USED, line) {
        let used: u32 = found[2].parse().ok()?;
        let data = !found[1].starts_with("/dev/loop") && !found[3].starts_with("/boot") && !found[3].starts_with("/snap");
        return (used >= FULL_FROM && data).then(|| {
            said(format!("machine: disk of a server process, {} mounted on {}, is used to {used} percent", &found[1], &found[3]))
        })?;
    }
    if let Some(found) = captured(&FAILED, line).or_else(|| captured(&FILES, line).filter(|_| matched(&WRONG, line))) {
        let (device, what) = (&found["device"], &found["what"]);
        return said(format!("machine: disk of a server process on {on}, {device}, failed: {what} error").replace("error error", "error"));
    }
    if matched(&FULL, line) && line.contains("pegasus") {
        return said(format!("machine: disk of a server process on {on}, a device, failed: No space left on device"));
    }
    if let Some(found) = captured(&OFF, line) {
        let seconds: f64 = found["seconds"].parse().ok()?;
        return (seconds >= OFF_FROM)
            .then(|| said(format!("machine: clock of a server process on {on}: {} s {} of NTP time", &found["seconds"], &found["way"])))?;
    }
    if let Some(found) = captured(&STEPPED, line) {
        let seconds: f64 = found["seconds"].parse().ok()?;
        return (seconds.abs() >= OFF_FROM)
            .then(|| said(format!("machine: clock of a server process on {on}: stepped by {} s", &found["seconds"])))?;
    }
    matched(&ALONE, line).then(|| said(format!("machine: clock of a server process on {on}: not synchronised")))?
}
