//! Aliases for table, cluster and host names and addresses, the same for the same name everywhere.

use super::{Evidence, Finding, Report};
use crate::timeline::World;
use regex::{Captures, Regex};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// IPv4 addresses and `host:port`, with or without a port behind the address.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*:(?P<port>\d{4,5}))\b(?::\d{2,5})?").ok()
});

/// Words of paths and lines that are everybody's.
const COMMON: &[&str] = &["log", "logs", "data", "meta", "replica", "result", "stdout", "stderr", "tmp", "var", "home", "pegasus"];

/// Fields of events that hold names, and what they are names of.
const FIELDS: &[(&str, &str)] = &[
    ("app_name", "table"),
    ("remote_app_name", "table"),
    ("other_app_name", "table"),
    ("old_app_name", "table"),
    ("new_app_name", "table"),
    ("remote_cluster", "cluster"),
    ("req_master_cluster", "cluster"),
    ("my_master_cluster", "cluster"),
];

/// Replaces names and addresses in the whole report, evidence included.
pub fn redact(report: &mut Report, world: &World) {
    let mut aliases = Aliases::default();
    for duplication in &report.duplications {
        aliases.add("table", duplication.app_name.as_deref());
        aliases.add("table", duplication.remote_app_name.as_deref());
        aliases.add("cluster", duplication.remote_cluster.as_deref());
    }
    // Names that only requests, refusals or other servers' lines state.
    for run in world.runs.iter().map(|p| &p.run) {
        for (field, kind) in FIELDS {
            aliases.add(kind, run.field(field));
        }
        for pair in ["master", "duplication"].iter().filter_map(|f| run.field(f)) {
            let pair = pair.split('(').next().unwrap_or(pair);
            if let Some((cluster, table)) = pair.split_once('.') {
                aliases.add("cluster", Some(cluster));
                aliases.add("table", Some(table));
            }
        }
    }
    for finding in &report.findings {
        aliases.add("table", finding.duplication.as_ref().and_then(|d| d.app_name.as_deref()));
    }
    for path in report.inputs.iter().map(|i| i.path.clone()).chain(report.skipped.iter().map(|s| s.path.clone())).collect::<Vec<_>>() {
        let mut parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty() && *p != "." && *p != "..").collect();
        parts.pop();
        for part in parts {
            aliases.add("host", Some(part));
        }
    }
    let aliases = aliases.ready();
    let hide = |text: &mut String| *text = aliases.apply(text);
    let hide_some = |text: &mut Option<String>| {
        if let Some(text) = text {
            *text = aliases.apply(text);
        }
    };
    for input in &mut report.inputs {
        hide(&mut input.path);
        hide(&mut input.server);
        input.notes.iter_mut().for_each(hide);
    }
    for server in &mut report.servers {
        hide(&mut server.name);
        hide_some(&mut server.cluster);
        server.restarts.iter_mut().flat_map(|r| &mut r.evidence).for_each(|line| hide_line(line, &aliases));
    }
    for change in &mut report.leader_changes {
        hide(&mut change.server);
        hide_line(&mut change.evidence, &aliases);
    }
    for skipped in &mut report.skipped {
        hide(&mut skipped.path);
        // A reason may quote a first line, which can hold anything.
        "left out".clone_into(&mut skipped.reason);
    }
    for duplication in &mut report.duplications {
        hide_some(&mut duplication.app_name);
        hide_some(&mut duplication.remote_cluster);
        hide_some(&mut duplication.remote_app_name);
        duplication.timeline.iter_mut().for_each(|t| hide_line(&mut t.evidence, &aliases));
        duplication.errors.iter_mut().flat_map(|e| [&mut e.first, &mut e.last]).for_each(|line| hide_line(line, &aliases));
        if let Some(disk) = &mut duplication.disk {
            hide(&mut disk.server);
            hide(&mut disk.dir);
        }
    }
    for finding in &mut report.findings {
        redact_finding(finding, &aliases);
    }
}

fn hide_line(line: &mut Evidence, aliases: &Ready) {
    line.path = aliases.apply(&line.path);
    line.text = aliases.apply(&line.text);
}

fn redact_finding(finding: &mut Finding, aliases: &Ready) {
    let hide = |text: &mut String| *text = aliases.apply(text);
    if let Some(name) = finding.duplication.as_mut().and_then(|d| d.app_name.as_mut()) {
        hide(name);
    }
    if let Some(server) = &mut finding.server {
        hide(server);
    }
    for text in [&mut finding.title, &mut finding.explanation, &mut finding.cause] {
        hide(text);
    }
    finding.evidence.iter_mut().for_each(|line| hide_line(line, aliases));
    for suggestion in &mut finding.suggestions {
        hide(&mut suggestion.text);
        suggestion.commands.iter_mut().for_each(|c| hide(&mut c.run));
    }
    for step in finding.runbook.iter_mut().flatten() {
        hide(&mut step.text);
        for command in &mut step.commands {
            hide(&mut command.run);
            command.also.iter_mut().for_each(|c| hide(&mut c.run));
        }
    }
    finding.details.iter_mut().for_each(hide);
    for missing in &mut finding.missing_logs {
        missing.cluster.iter_mut().for_each(hide);
        missing.servers.iter_mut().for_each(hide);
    }
    finding.look_alikes.iter_mut().for_each(|l| hide(&mut l.text));
}

#[derive(Default)]
struct Aliases {
    by_name: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Aliases {
    fn add(&mut self, kind: &'static str, name: Option<&str>) {
        // `name(id)` is how some lines print a table.
        let Some(name) = name.map(|n| n.split('(').next().unwrap_or(n)).filter(|n| !n.is_empty() && !COMMON.contains(n)) else { return };
        if !self.by_name.contains_key(name) {
            let count = self.counts.entry(kind).or_default();
            *count += 1;
            self.by_name.insert(name.to_owned(), format!("{kind}-{count}"));
        }
    }

    fn ready(self) -> Ready {
        // Longer names first, so that a name within a name does not spoil it.
        let mut names: Vec<&String> = self.by_name.keys().collect();
        names.sort_by_key(|n| (std::cmp::Reverse(n.len()), n.as_str()));
        let alternatives: Vec<String> = names.iter().map(|n| regex::escape(n)).collect();
        let names = if alternatives.is_empty() { None } else { Regex::new(&format!(r"\b(?:{})\b", alternatives.join("|"))).ok() };
        Ready { names, by_name: self.by_name, addresses: std::cell::RefCell::default() }
    }
}

struct Ready {
    names: Option<Regex>,
    by_name: BTreeMap<String, String>,
    addresses: std::cell::RefCell<BTreeMap<String, String>>,
}

impl Ready {
    fn apply(&self, text: &str) -> String {
        let text = match &self.names {
            Some(names) => names.replace_all(text, |c: &Captures<'_>| self.by_name.get(&c[0]).cloned().unwrap_or_default()).into_owned(),
            None => text.to_owned(),
        };
        let Some(address) = ADDRESS.as_ref() else { return text };
        let known: BTreeSet<&str> = self.by_name.values().map(String::as_str).collect();
        let alias = |c: &Captures<'_>| {
            if known.contains(&c[0]) {
                return c[0].to_owned();
            }
            let mut addresses = self.addresses.borrow_mut();
            let next = addresses.len() + 1;
            addresses.entry(c[0].to_owned()).or_insert_with(|| format!("address-{next}")).clone()
        };
        address.replace_all(&text, alias).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gets_the_same_alias() {
        let mut aliases = Aliases::default();
        aliases.add("table", Some("order"));
        aliases.add("table", Some("order_feed"));
        aliases.add("cluster", Some("bj"));
        let ready = aliases.ready();
        assert_eq!(
            ready.apply("app[bj.order_feed] order 10.1.2.3:34801 10.1.2.3:34801 rs-01.dc:34801"),
            "app[cluster-1.table-2] table-1 address-1 address-1 address-2"
        );
    }
}
