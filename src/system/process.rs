//! What the kernel and systemd say of a server's process: a segfault, a kill for want of memory, a unit that ended.

use super::patterns::{Pattern, captured, host, matched};
use super::{Sign, sign};
use crate::answer::moment;
use regex::Regex;
use std::sync::LazyLock;

static SEGFAULT: Pattern = LazyLock::new(|| {
    Regex::new(r"(?P<process>[\w.-]+)\[(?P<pid>\d+)\]:? (?:trap )?(?P<signal>segfault at|general protection|invalid opcode|divide error)[^\[]*?(?: in (?P<library>[^\[\s]+)(?:\[|$)|$)").ok()
});
static KILLED: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\bkill(?:ed)? process (?P<pid>\d+),? \((?P<process>[^)]+)\)|oom-kill:.*\btask=(?P<task>[^,]+),pid=(?P<number>\d+)")
        .ok()
});
static UNIT: Pattern = LazyLock::new(|| {
    Regex::new(r"(?P<unit>[\w@.\\-]+\.service): (?:Main process exited, code=(?:killed|dumped), status=\d+/(?P<signal>\w+)|Failed with result '(?P<result>oom-kill)'|A process of this unit has been (?P<oom>killed) by the OOM killer)").ok()
});
static DUMPED: Pattern = LazyLock::new(|| {
    Regex::new(
        r"Process (?P<pid>\d+) \((?P<process>[^)]+)\) of user \d+ (?:terminated abnormally with signal \d+/SIG(?P<signal>\w+)|dumped core)",
    )
    .ok()
});
/// `pegasus_server`, one of its threads, or one of its libraries.
static OURS: Pattern = LazyLock::new(|| Regex::new(r"pegasus|^(?:meta|replica|collector)\.\w|libdsn").ok());

/// What a process prints itself when it dies: `coredump.posix.cpp`, and glog's handler.
static LAST_WORDS: Pattern =
    LazyLock::new(|| Regex::new(r"(?:^|[^\w ] ?| [FP] |Z )(got signal id: \d+\b|\*\*\* SIG[A-Z]+ .* received by PID \d+ .*\*\*\*)").ok());

/// The last words of a process, where these stand in no log.
pub(super) fn last_words(number: u64, line: &str) -> Option<Sign> {
    let found = captured(&LAST_WORDS, line)?;
    Some(sign(number, line, moment(line), found[1].to_owned()))
}

fn ours(text: &str) -> bool {
    matched(&OURS, text)
}

/// What a line says.
pub(super) fn of_line(number: u64, line: &str) -> Option<Sign> {
    let on = host(line);
    let said = |body: String| Some(sign(number, line, moment(line), body));
    if let Some(found) = captured(&SEGFAULT, line) {
        let (process, library) = (found.name("process")?.as_str(), found.name("library").map_or("its own code", |m| m.as_str()));
        let signal = match &found["signal"] {
            "invalid opcode" => "ILL",
            "divide error" => "FPE",
            _ => "SEGV",
        };
        return (ours(process) || ours(library))
            .then(|| said(format!("machine: process {process} pid {} on {on} got signal {signal} in {library}", &found["pid"])))?;
    }
    if let Some(found) = captured(&KILLED, line) {
        let either = |one: &str, other: &str| found.name(one).or_else(|| found.name(other)).map_or("", |m| m.as_str());
        let (process, pid) = (either("process", "task"), either("pid", "number"));
        return ours(process).then(|| said(format!("machine: process {process} pid {pid} on {on} was killed for want of memory")))?;
    }
    if let Some(found) = captured(&DUMPED, line).filter(|found| ours(&found["process"])) {
        let signal = found.name("signal").map_or("that dumps core", |m| m.as_str());
        return said(format!("machine: process {} pid {} on {on} got signal {signal} in its own code", &found["process"], &found["pid"]));
    }
    let found = captured(&UNIT, line).filter(|found| ours(&found["unit"]))?;
    let unit = &found["unit"];
    match found.name("signal").map(|m| m.as_str()) {
        Some("TERM" | "INT" | "HUP") => None,
        Some(signal) => said(format!("machine: process {unit} pid unknown on {on} got signal {signal} in its own code")),
        None => said(format!("machine: process {unit} pid unknown on {on} was killed for want of memory")),
    }
}
