//! Reports whose names are what an attacker would call a table, a cluster, a server or a folder.

use crate::support::STUCK;
use crate::support::case::{self, Case};
use dupdoctor::report::{Acceptance, AcceptedBy, Day, Report, compare};
use proptest::prelude::*;
use std::sync::Arc;

/// What the names of the report are before they are replaced.
pub(crate) const NAME: &str = "qqnameqq";

/// A report about a duplication that waits: with a comparison, an accepted finding and an expired rule.
pub(crate) fn sample() -> Report {
    let case = Case::named(STUCK);
    let mut settings = case.settings();
    let earlier = Report::parse(&dupdoctor::internal::render::json(&case.report())).unwrap();
    let mut rule = Acceptance::new(AcceptedBy::Config, format!("{NAME}/dupdoctor.toml:3"));
    rule.code = Some("DUP999".to_owned());
    rule.reason = Some(format!("known since {NAME}"));
    rule.expires = Day::parse("2020-01-01");
    settings.selection.today = Some(dupdoctor::LogTime(1_716_542_517_000_000_000));
    settings.selection.accepted = vec![rule];
    let mut report = case::report(&[case.logs()], &settings);
    report.comparison = Some(compare(&report, &earlier, &format!("{NAME}.json")));
    let mut second = report.findings[0].clone();
    "00".clone_into(&mut second.fingerprint);
    second.server = Some(NAME.to_owned());
    second.duplication = None;
    report.findings.push(second);
    replaced(&report, &[("test_orders", NAME), ("orders_copy", NAME), ("target_cluster", NAME), ("hz_main", NAME), ("meta1", NAME)])
}

/// The report with other names, in every text that can hold one.
pub(crate) fn replaced(report: &Report, names: &[(&str, &str)]) -> Report {
    let mut report = report.clone();
    let hide = |text: &mut String| names.iter().for_each(|(from, to)| *text = text.replace(from, to));
    let hide_shared = |text: &mut Arc<str>| {
        let mut own = text.to_string();
        hide(&mut own);
        *text = own.into();
    };
    let some = |text: &mut Option<String>| text.iter_mut().for_each(hide);
    for input in &mut report.inputs {
        hide(&mut input.path);
        hide(&mut input.server);
    }
    for skipped in &mut report.skipped {
        hide(&mut skipped.path);
        hide(&mut skipped.reason);
    }
    for entry in &mut report.duplications {
        some(&mut entry.identity.app_name);
        some(&mut entry.identity.remote_cluster);
        some(&mut entry.identity.remote_app_name);
    }
    for finding in &mut report.findings {
        finding.duplication.iter_mut().for_each(|d| some(&mut d.app_name));
        some(&mut finding.server);
        hide(&mut finding.title);
        hide(&mut finding.explanation);
        hide_shared(&mut finding.cause);
        finding.details.iter_mut().for_each(hide);
        some(&mut finding.affected);
        for evidence in &mut finding.evidence {
            hide_shared(&mut evidence.path);
            hide_shared(&mut evidence.text);
        }
        for step in &mut finding.suggestions {
            hide_shared(&mut step.text);
            step.commands.iter_mut().for_each(|c| hide(&mut c.run));
        }
        for missing in &mut finding.missing_logs {
            some(&mut missing.cluster);
            missing.servers.iter_mut().for_each(hide);
            hide(&mut missing.command.run);
        }
        finding.look_alikes.iter_mut().for_each(|l| hide_shared(&mut l.text));
    }
    for accepted in &mut report.accepted {
        accepted.finding.duplication.iter_mut().for_each(|d| some(&mut d.app_name));
        hide(&mut accepted.rule);
        hide(&mut accepted.finding.title);
        some(&mut accepted.reason);
    }
    for rule in &mut report.expired {
        hide(&mut rule.rule);
        some(&mut rule.table);
        some(&mut rule.reason);
    }
    if let Some(comparison) = &mut report.comparison {
        hide(&mut comparison.path);
        let all = comparison.new.iter_mut().chain(comparison.still.iter_mut().map(|s| &mut s.finding));
        for finding in all.chain(comparison.gone.iter_mut().map(|g| &mut g.finding)) {
            finding.duplication.iter_mut().for_each(|d| some(&mut d.app_name));
            hide(&mut finding.title);
        }
        comparison.duplications.iter_mut().for_each(|d| some(&mut d.duplication.app_name));
    }
    report
}

/// Pieces of names that mean something somewhere.
const PIECES: &[&str] = &[
    "`",
    "```",
    "``````",
    "~~~",
    "\n",
    "\r\n",
    "\n\n",
    "\t",
    "    ",
    " ",
    "|",
    "\\|",
    "\\",
    "\\`",
    "*",
    "**",
    "_",
    "__",
    "~~",
    "#",
    "# ",
    "\n# x\n",
    "\n---\n",
    "\n===\n",
    "- ",
    "\n- ",
    "1. ",
    "> ",
    "[",
    "]",
    "(",
    ")",
    "[a](http://evil.example)",
    "![x](http://evil.example/p.png)",
    "<http://evil.example>",
    "http://evil.example",
    "https://evil.example/x?y=z#1",
    "www.evil.example",
    "evil.example",
    "@bob",
    "@org/team",
    "bob@evil.example",
    "#123",
    "GH-123",
    "org/repo#12",
    "!42",
    "$7",
    "%\"v1\"",
    "~bug",
    "&9",
    "PROJ-77",
    "4683a78a3deadbeef",
    "deadbeef",
    ":smile:",
    "<b>",
    "</details>",
    "<summary>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&#64;bob",
    "&#x40;bob",
    "&",
    "\"",
    "'",
    "</failure>",
    "{{",
    "{code}",
    "[~bob]",
    "|||",
    "h1. ",
    "\u{0}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{9b}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "表",
    "é",
    "a",
    "orders",
    "",
    "DUP301",
    "[^1]",
    "[^1]: x",
    "$x$",
    "$$",
    "==m==",
];

/// Names made of such pieces.
pub(crate) fn names() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 1..7).prop_map(|pieces| pieces.concat())
}

/// Each piece by itself and between words: what is found once stays tested.
pub(crate) fn pieces() -> Vec<String> {
    let alone = PIECES.iter().map(|p| (*p).to_owned());
    alone.chain(PIECES.iter().map(|p| format!("a{p}b"))).chain(PIECES.iter().map(|p| format!("x {p} y"))).collect()
}
