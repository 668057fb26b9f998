//! What is the trouble of a duplication in one line: its leading finding, the cause elsewhere, or what was accepted.

use crate::render::clock::Clock;
use crate::render::words::{Words, rule_name};
use crate::report::{AcceptedFinding, DuplicationEntry, Finding, Report};
use crate::signature::{Command, Severity};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The finding that tells most of a duplication: the worst one, or else what a server's trouble has made of it.
pub(in crate::render) fn leading<'a>(report: &'a Report, entry: &DuplicationEntry) -> Option<&'a Finding> {
    entry.findings.first()?;
    let mine = || report.findings.iter().filter(|f| f.is_about(&entry.identity));
    let first = mine().next()?;
    let elsewhere = |f: &&Finding| f.active && cause_elsewhere(report, f).is_some();
    if first.severity > Severity::Info { Some(first) } else { mine().find(elsewhere).or(Some(first)) }
}

/// The finding about a server that explains a finding about a duplication.
pub(in crate::render) fn cause_elsewhere<'a>(report: &'a Report, finding: &Finding) -> Option<&'a Finding> {
    let cause = finding.caused_by.as_ref()?;
    report.findings.iter().find(|f| f.fingerprint == cause.fingerprint && f.server.is_some() && f.code == cause.code)
}

/// Why a duplication in trouble has no finding left: what was accepted of it.
pub(in crate::render) fn accepted_trouble<'a>(report: &'a Report, entry: &DuplicationEntry) -> Option<&'a AcceptedFinding> {
    if report.accepted.is_empty() || !entry.verdict.needs_somebody() {
        return None;
    }
    let open = |f: &Finding| f.active && (f.severity > Severity::Info || cause_elsewhere(report, f).is_some());
    let mine = |f: &&Finding| f.is_about(&entry.identity);
    if report.findings.iter().filter(mine).any(open) {
        return None;
    }
    report.accepted.iter().find(|a| a.finding.active && a.finding.duplication.as_ref().is_some_and(|d| d.is(&entry.identity)))
}

/// `accepted: DUP315 checkpoint files cannot be copied (--ignore DUP315)`
pub(in crate::render) fn accepted_line(words: Words, accepted: &AcceptedFinding) -> String {
    let finding = &accepted.finding;
    let rule = rule_name(accepted.by, &accepted.rule);
    format!("{}{}{} {} ({rule})", words.accepted(), words.colon(), finding.code, finding.title)
}

/// The first thing to do about a finding: what to type, or else what it says. A later step is never taken for it: it may destroy
/// what the first one saves.
pub(in crate::render) fn first_step(finding: &Finding) -> Option<(&str, Option<&Command>)> {
    let first = finding.suggestions.first()?;
    Some((&first.text, first.commands.first()))
}

/// What explains trouble of several duplications, a line each: what goes on with servers, then what several have in common.
pub(in crate::render) fn causes(words: Words, clock: &Clock, report: &Report) -> Vec<String> {
    let line = |cause: &Finding| {
        let follows = report.findings.iter().filter(|f| f.caused_by.as_ref().is_some_and(|c| c.fingerprint == cause.fingerprint));
        let of: BTreeSet<_> = follows.filter_map(|f| f.duplication.as_ref()).map(|d| (d.app_id, d.dup_id, &d.app_name)).collect();
        let at = cause.first_seen.map(|at| clock.moment(at.0)).unwrap_or_default();
        let server = cause.server.as_deref().unwrap_or_default();
        let what = format!("{} {server}{}{}", cause.code, words.colon(), clock.in_text(&cause.title));
        (!of.is_empty()).then(|| words.cause(&what, &at, of.len()))
    };
    let of_servers = report.findings.iter().filter(|f| f.active && f.server.is_some() && !f.consequences.is_empty()).filter_map(line);
    let needing = report.duplications.iter().filter(|d| d.verdict.needs_somebody() && accepted_trouble(report, d).is_none());
    let leading = needing.filter_map(|d| leading(report, d)).filter(|f| cause_elsewhere(report, f).is_none());
    let mut common: Vec<(&Finding, usize)> = Vec::new();
    for finding in leading {
        match common.iter_mut().find(|(known, _)| known.code == finding.code) {
            Some((_, count)) => *count += 1,
            None => common.push((finding, 1)),
        }
    }
    common.sort_by_key(|&(finding, count)| (Reverse(finding.severity), Reverse(count)));
    let common = common.into_iter().filter(|&(_, count)| count > 1);
    of_servers.chain(common.map(|(finding, count)| words.common_cause(&finding.code, &clock.in_text(&finding.title), count))).collect()
}
