//! What servers answered when they were asked, as text and as JSON.

use crate::pegasus::{DupStatus, ids};
use crate::render::clock::Clock;
use crate::render::content::Content;
use crate::render::escape::json_escaped;
use crate::render::style::{Style, Tone};
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded, spaces};
use crate::render::text::switch_over::readiness;
use crate::render::text::verdicts::names;
use crate::render::words::Words;
use crate::report::number::duration;
use crate::report::{Finding, StatusDuplication, StatusPartition, StatusReport, StatusTable, Verdict};
use crate::signature::Severity;
use unicode_width::UnicodeWidthStr;

/// A round as JSON: laid out, or on one line where rounds follow one another.
#[must_use]
pub fn status_json(report: &StatusReport, laid_out: bool) -> String {
    let text = if laid_out { serde_json::to_string_pretty(report) } else { serde_json::to_string(report) };
    format!("{}\n", json_escaped(&text.unwrap_or_default()))
}

/// A round for people; findings are written out in full where no further round follows.
#[must_use]
pub fn status_text(report: &StatusReport, style: &Style, in_full: bool) -> String {
    let words = Words(style.lang);
    let clock = Clock::new(style.zone, &[], Some(report.at), Some(report.at));
    let mut page = Page::new(style);
    let when = format!("{} {}", clock.moment(report.at.0), clock.label(report.at.0));
    page.sides(&[], 0, &[Part::new(Tone::Plain, &asked(words, report))], &[Part::new(Tone::Dim, &when)]);
    let all: Vec<(&StatusTable, &StatusDuplication)> =
        report.tables.iter().flat_map(|t| t.duplications.iter().map(move |d| (t, d))).collect();
    if report.leader.is_some() {
        page.paragraph(0, Tone::Bold, &stand(words, report, &all));
        if report.tables_untold() > 0 && !report.tables.is_empty() {
            page.paragraph(0, Tone::Bold, &words.stand_tables_untold(report.tables_untold()));
        }
    }
    for (table, dup) in all {
        page.blank();
        duplication(&mut page, words, table, dup, report);
    }
    if in_full {
        let content = Content { words, clock: &clock, report: None };
        let wanted = |f: &&Finding| f.severity > Severity::Info && (f.active || style.all);
        for finding in report.findings.iter().filter(wanted) {
            page.blank();
            content.write_whole(&mut page, finding, &[]);
        }
        if report.findings.iter().any(|f| f.active && f.severity > Severity::Info) {
            page.blank();
            page.paragraph(1, Tone::Dim, words.logs_would_tell());
        }
    }
    if !report.not_asked.is_empty() {
        page.blank();
        page.paragraph(0, Tone::Bold, words.not_asked());
        for missed in &report.not_asked {
            page.paragraph(1, Tone::Plain, &missed.url);
            page.paragraph(5, Tone::Dim, &missed.reason);
        }
    }
    page.finish()
}

/// One duplication: who, in which status, how far behind, and its partitions that wait.
fn duplication(page: &mut Page<'_>, words: Words, table: &StatusTable, dup: &StatusDuplication, report: &StatusReport) {
    let lead = padded(Tone::State(dup.verdict), &format!(" {}", words.verdict(dup.verdict)), 14);
    let tone = if dup.verdict.needs_somebody() { Tone::Bold } else { Tone::Plain };
    let who = names(tone, &table.app_name, &words.follower(dup.remote_cluster.as_deref(), dup.remote_app_name.as_deref()));
    let status = dup.status.map_or_else(|| words.status_unknown(), DupStatus::name);
    let age = words.added_ago(&duration(dup.age_seconds, words.0));
    page.sides(&lead, 14, &who, &[Part::new(Tone::Plain, &format!("{status}{}{age}", words.separator()))]);
    let facts: Vec<String> =
        ids(dup.app_id, Some(dup.dup_id)).into_iter().chain(dup.fail_mode.map(|mode| mode.to_string())).chain(lag(words, dup)).collect();
    page.paragraph(14, Tone::Plain, &facts.join(words.separator()));
    partitions(page, words, &dup.partitions);
    if let Some(switch_over) = &dup.switch_over {
        readiness(page, words, 14, switch_over);
    }
    for code in &dup.findings {
        let mine = report
            .findings
            .iter()
            .find(|f| f.code == *code && f.active && f.duplication.as_ref().is_some_and(|d| d.dup_id == Some(dup.dup_id)));
        if let Some(finding) = mine {
            let left = [Part::new(Tone::Grave(finding.severity), code), Part::new(Tone::Plain, &format!("  {}", finding.title))];
            page.sides(&[], 14, &left, &[Part::new(Tone::Dim, words.confidence(finding.confidence))]);
        }
    }
}

/// The partitions that wait, or all of them; numbers below one another.
fn partitions(page: &mut Page<'_>, words: Words, all: &[StatusPartition]) {
    let shown: Vec<&StatusPartition> = all.iter().filter(|p| page.style.all || p.waits() == Some(true)).collect();
    if shown.is_empty() {
        return;
    }
    let number = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let standing = |p: &StatusPartition| p.standing_seconds.filter(|&s| s > 0).map_or_else(String::new, |s| duration(s, words.0));
    let mut rows = vec![columns(words).map(str::to_owned)];
    rows.extend(shown.iter().map(|p| {
        [
            p.partition.to_string(),
            number(p.confirmed_decree),
            number(p.last_committed_decree),
            number(p.not_duplicated),
            number(p.not_confirmed),
            standing(p),
            p.node.clone().unwrap_or_default(),
        ]
    }));
    // A column that nobody filled in is left out.
    let used: Vec<usize> = (0..7).filter(|&c| c == 0 || rows[1..].iter().any(|r| !matches!(r[c].as_str(), "" | "-"))).collect();
    let width = |c: usize| rows.iter().map(|r| r[c].width()).max().unwrap_or(0);
    for (index, row) in rows.iter().enumerate() {
        let tone = if index == 0 { Tone::Dim } else { Tone::Plain };
        let mut parts = vec![spaces(3)];
        for &column in &used {
            let gap = width(column) - row[column].width();
            // The server stands at the end, to the left.
            let before = if column == 6 { 2 } else { gap + 2 };
            parts.extend([spaces(before), Part::new(tone, &row[column])]);
        }
        page.row(&parts);
    }
    let others = |waits| all.iter().filter(|p| p.waits() == waits).count();
    for (count, text) in [(others(Some(false)), Words::caught_up as fn(Words, usize) -> String), (others(None), Words::untold)] {
        if count > 0 && !page.style.all {
            page.paragraph(5, Tone::Dim, &text(words, count));
        }
    }
}

fn asked(words: Words, report: &StatusReport) -> String {
    report.leader.as_ref().map_or_else(|| words.none_asked().to_owned(), |leader| words.asked(leader, report.replicas.len()))
}

fn stand(words: Words, report: &StatusReport, all: &[(&StatusTable, &StatusDuplication)]) -> String {
    let count = |which: fn(Verdict) -> bool| all.iter().filter(|(_, d)| which(d.verdict)).count();
    match (all.len(), count(Verdict::needs_somebody), count(|v| v == Verdict::Unknown)) {
        (0, ..) if report.tables.is_empty() && report.cannot_tell => words.stand_untold().to_owned(),
        (0, ..) => words.stand_none(report.tables.len()),
        (dups, 0, 0) => words.stand_well(dups),
        (dups, 0, unknown) => words.stand_unknown(unknown, dups),
        (dups, troubled, _) => words.stand_troubled(troubled, dups),
    }
}

/// What waits: by the replica servers; the meta server's decrees tell at most that something does.
fn lag(words: Words, dup: &StatusDuplication) -> Vec<String> {
    let by_replicas = [
        dup.not_duplicated.map(|n| words.lag_not_shipped(&n.to_string())),
        dup.not_confirmed.map(|n| words.lag_not_confirmed(&n.to_string())),
    ];
    let mut told: Vec<String> = by_replicas.into_iter().flatten().collect();
    if told.is_empty() {
        told.push(dup.decree_gap.map_or_else(|| words.lag_unknown().to_owned(), |n| words.lag_gap(&n.to_string())));
    } else {
        told.extend(dup.partitions_untold.filter(|&untold| untold > 0).map(|untold| words.lag_untold(untold, dup.partitions.len())));
    }
    told.extend(dup.stands().then(|| words.lag_stands().to_owned()));
    told
}

fn columns(words: Words) -> [&'static str; 7] {
    [
        words.status_partition(),
        words.status_confirmed(),
        words.status_committed(),
        words.status_not_shipped(),
        words.status_not_confirmed(),
        words.status_standing(),
        words.status_server(),
    ]
}
