//! What servers answered when they were asked, as text and as JSON.

use super::clock::Clock;
use super::escape::json_escaped;
use super::finding::Findings;
use super::flow::Part;
use super::page::{Page, padded, spaces};
use super::style::{Style, Tone};
use super::verdicts::{names, needs_somebody};
use super::words::Words;
use crate::report::number::duration;
use crate::report::{Finding, StatusDuplication, StatusPartition, StatusReport, StatusTable};
use crate::signature::{Lang, Severity};
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
    let (words, said) = (Words(style.lang), Said(style.lang));
    let clock = Clock::new(style.zone, &[], Some(report.at), Some(report.at));
    let mut page = Page::new(style);
    let when = format!("{} {}", clock.moment(report.at.0), clock.label(report.at.0));
    page.sides(&[], 0, &[Part::new(Tone::Plain, &said.asked(report))], &[Part::new(Tone::Dim, &when)]);
    let all: Vec<(&StatusTable, &StatusDuplication)> =
        report.tables.iter().flat_map(|t| t.duplications.iter().map(move |d| (t, d))).collect();
    if report.leader.is_some() {
        let troubled = all.iter().filter(|(_, d)| needs_somebody(d.verdict)).count();
        page.paragraph(0, Tone::Bold, &said.stand(report.tables.len(), all.len(), troubled));
    }
    for (table, dup) in all {
        page.blank();
        duplication(&mut page, words, table, dup, report);
    }
    if in_full {
        let writer = Findings { words, clock: &clock };
        let wanted = |f: &&Finding| f.severity > Severity::Info && (f.active || style.all);
        for finding in report.findings.iter().filter(wanted) {
            page.blank();
            writer.whole(&mut page, finding, &[]);
        }
        if report.findings.iter().any(|f| f.active && f.severity > Severity::Info) {
            page.blank();
            page.paragraph(1, Tone::Dim, said.logs_would_tell());
        }
    }
    if !report.not_asked.is_empty() {
        page.blank();
        page.paragraph(0, Tone::Bold, said.not_asked());
        for missed in &report.not_asked {
            page.paragraph(1, Tone::Plain, &missed.url);
            page.paragraph(5, Tone::Dim, &missed.reason);
        }
    }
    page.finish()
}

/// One duplication: who, in which status, how far behind, and its partitions that wait.
fn duplication(page: &mut Page<'_>, words: Words, table: &StatusTable, dup: &StatusDuplication, report: &StatusReport) {
    let said = Said(words.0);
    let lead = padded(Tone::State(dup.verdict), &format!(" {}", words.verdict(dup.verdict)), 14);
    let tone = if needs_somebody(dup.verdict) { Tone::Bold } else { Tone::Plain };
    let who = names(words, tone, Some(&table.app_name), dup.app_id, dup.remote_cluster.as_deref(), dup.remote_app_name.as_deref());
    let status = dup.status.unwrap_or_else(|| words.status_unknown());
    let age = said.added_ago(&duration(dup.age_seconds, words.0));
    page.sides(&lead, 14, &who, &[Part::new(Tone::Plain, &format!("{status}{}{age}", words.separator()))]);
    let key = dup.app_id.map_or_else(|| format!("d{}", dup.dup_id), |app| format!("a{app}d{}", dup.dup_id));
    let facts: Vec<String> = std::iter::once(key).chain(dup.fail_mode.map(str::to_owned)).chain(said.lag(dup)).collect();
    page.paragraph(14, Tone::Plain, &facts.join(words.separator()));
    partitions(page, words, &dup.partitions);
    for code in &dup.findings {
        let mine = report
            .findings
            .iter()
            .find(|f| f.code == *code && f.active && f.duplication.as_ref().is_some_and(|d| d.dup_id.map(|i| i.0) == Some(dup.dup_id)));
        if let Some(finding) = mine {
            let left = [Part::new(Tone::Grave(finding.severity), code), Part::new(Tone::Plain, &format!("  {}", finding.title))];
            page.sides(&[], 14, &left, &[Part::new(Tone::Dim, words.confidence(finding.confidence))]);
        }
    }
}

/// The partitions that wait, or all of them; numbers below one another.
fn partitions(page: &mut Page<'_>, words: Words, all: &[StatusPartition]) {
    let said = Said(words.0);
    let shown: Vec<&StatusPartition> = all.iter().filter(|p| page.style.all || p.waits()).collect();
    if shown.is_empty() {
        return;
    }
    let number = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let standing = |p: &StatusPartition| p.standing_seconds.filter(|&s| s > 0).map_or_else(String::new, |s| duration(s, words.0));
    let mut rows = vec![said.columns().map(str::to_owned)];
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
    if shown.len() < all.len() {
        page.paragraph(5, Tone::Dim, &said.caught_up(all.len() - shown.len()));
    }
}

/// The words of this page.
#[derive(Clone, Copy)]
struct Said(Lang);

impl Said {
    fn asked(self, report: &StatusReport) -> String {
        match (&report.leader, self.0) {
            (None, Lang::En) => "no meta server could be asked".to_owned(),
            (None, Lang::Zh) => "没有任何元数据服务器可以查询".to_owned(),
            (Some(leader), Lang::En) => format!("leader {leader}, replica servers that answered: {}", report.replicas.len()),
            (Some(leader), Lang::Zh) => format!("leader {leader}，已应答的副本服务器：{}", report.replicas.len()),
        }
    }

    fn stand(self, tables: usize, dups: usize, troubled: usize) -> String {
        match (self.0, dups, troubled) {
            (Lang::En, 0, _) => format!("No duplication; tables asked for: {tables}."),
            (Lang::En, _, 0) => format!("No duplication needs you, as far as the answers tell (of {dups})."),
            (Lang::En, _, _) => format!("{troubled} of {dups} duplications: look at them"),
            (Lang::Zh, 0, _) => format!("没有热备份；已查询的表：{tables}。"),
            (Lang::Zh, _, 0) => format!("就应答所见，{dups} 个热备份都无需处理。"),
            (Lang::Zh, _, _) => format!("{dups} 个热备份中有 {troubled} 个需要处理"),
        }
    }

    fn added_ago(self, age: &str) -> String {
        match self.0 {
            Lang::En => format!("added {age} ago"),
            Lang::Zh => format!("添加于 {age}前"),
        }
    }

    fn lag(self, dup: &StatusDuplication) -> Vec<String> {
        let text = |n: Option<i64>, en: &str, zh: &str| n.map(|n| self.0.pick(en, zh).replace("{n}", &n.to_string()));
        let known = [
            text(dup.decree_gap, "gap {n}", "差距 {n}"),
            text(dup.not_duplicated, "{n} not shipped", "{n} 条未发送"),
            text(dup.not_confirmed, "{n} not confirmed", "{n} 条未确认"),
        ];
        let known: Vec<String> = known.into_iter().flatten().collect();
        if known.is_empty() { vec![self.0.pick("lag not known", "落后量未知").to_owned()] } else { known }
    }

    fn columns(self) -> [&'static str; 7] {
        match self.0 {
            Lang::En => ["partition", "confirmed", "committed", "not shipped", "not confirmed", "standing", "server"],
            Lang::Zh => ["分片", "已确认", "已提交", "未发送", "未确认", "停滞", "服务器"],
        }
    }

    fn caught_up(self, count: usize) -> String {
        match self.0 {
            Lang::En => format!("nothing waits on {count} others (--all lists them)"),
            Lang::Zh => format!("另有 {count} 个分片没有积压（用 --all 列出）"),
        }
    }

    fn not_asked(self) -> &'static str {
        self.0.pick("Could not be asked, or not understood", "无法查询或无法理解")
    }

    fn logs_would_tell(self) -> &'static str {
        self.0.pick(
            "Answers show that something waits, logs show why: collect those of the source's meta and replica servers and run dupdoctor diagnose over them. dupdoctor fix CODE has the steps in order.",
            "查询结果只能说明有东西卡住，日志才能说明原因：收集源集群元数据服务器和副本服务器的日志，运行 dupdoctor diagnose。dupdoctor fix CODE 给出按顺序的处理步骤。",
        )
    }
}
