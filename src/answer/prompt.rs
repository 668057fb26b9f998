//! Prompts: where in a transcript something was typed, and when.

use super::clock::{When, moment};
use super::zookeeper::{Asked, asked};
use regex::Regex;
use std::sync::LazyLock;

/// A command, with whatever stood before it.
pub(super) struct Typed<'a> {
    pub(super) before: &'a str,
    pub(super) command: &'a str,
    zookeeper: bool,
}

impl Typed<'_> {
    /// What it asks `ZooKeeper`.
    pub(super) fn zookeeper(&self) -> Option<Asked> {
        self.zookeeper.then(|| asked(self.command)).flatten()
    }
}

const COMMANDS: &str = "add_dup|query_dup|dups|remove_dup|start_dup|pause_dup|set_dup_fail_mode|ls|app|app_stat|app_disk|nodes|\
get_app_envs|set_app_envs|del_app_envs|server_info|server_stat|cluster_info|get_meta_level|set_meta_level|use|cc|dup|duplication|curl|date|\
query_bulk_load_status|create|drop|recall|rename|remote_command|exit|quit|echo|help|version";

static PROMPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"^(?P<before>.*?)(?:>>>|»|[$#>])\s*(?P<command>(?:{COMMANDS}|\./\S+|\S*zkCli\S*|sh|bash)\b.*)$")).ok()
});
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?P<command>(?:add_dup|query_dup|remove_dup|start_dup|pause_dup|dups)\s+\S.*|dups|(?:dup|duplication) (?:add|list|ls|pause|start|remove|rm)\b.*)$").ok()
});
pub(super) static PIPED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:echo(?: -e)?|<<<)\s+(["'])(?P<command>.*?)["']"#).ok());
/// Of `zkCli`, whose prompt a line may hold twice; given to it in a shell; or without any prompt.
static ZOOKEEPER: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let wordings = [
        r"^(?P<before>.*)\[zk: [^\]]*\]\s*(?P<command>[a-z]\S*(?:\s.*)?)$",
        r"^(?P<before>.{0,120}?)(?P<command>\S*(?:zkCli\S*|zookeepercli|zk-shell)\s.*\s(?:get|ls2?|stat|exists)\s.*)$",
        r"^(?P<before>.{0,40}?)\b(?P<command>(?:get|ls2?|stat)(?:\s+-\w+)*\s+/\S*/apps/\d+(?:/\S*)?)\s*$",
    ];
    wordings.iter().filter_map(|wording| Regex::new(wording).ok()).collect()
});

/// What was typed in a line, if something was.
pub(super) fn typed(line: &str) -> Option<Typed<'_>> {
    if line.contains("zk") || line.contains("/apps/") || line.contains("zookeepercli") {
        let found = ZOOKEEPER.iter().find_map(|wording| wording.captures(line));
        let part = |name: &str| found.as_ref().and_then(|found| found.name(name)).map(|part| part.as_str());
        if let (Some(before), Some(command)) = (part("before"), part("command")) {
            return Some(Typed { before, command, zookeeper: true });
        }
    }
    if let Some(found) = PROMPT.as_ref()?.captures(line) {
        let (before, command) = (found.name("before")?.as_str(), found.name("command")?.as_str());
        // JSON and prose may hold such signs, too.
        if before.len() <= 120 && !before.trim_start().starts_with(['{', '"']) {
            return Some(Typed { before, command, zookeeper: false });
        }
    }
    let found = BARE.as_ref()?.captures(line)?;
    Some(Typed { before: "", command: found.name("command")?.as_str(), zookeeper: false })
}

/// A time on a line of its own: of `date`, `script`, or an HTTP header.
pub(super) fn alone(line: &str) -> Option<When> {
    let plain = line.trim_start_matches(['#', '-', '=', '[', '<', '*', ' ']);
    let begins = ["Script started on", "Script done on", "Date:", "date:", "time:", "Time:"];
    if begins.iter().any(|b| plain.starts_with(b))
        || (plain.len() <= 48 && plain.starts_with(|c: char| c.is_ascii_digit()))
        || is_day(plain)
    {
        return moment(plain);
    }
    None
}

fn is_day(text: &str) -> bool {
    text.len() <= 40 && ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().any(|day| text.starts_with(day))
}
