//! The report as `JUnit` XML, for pipelines that show test reports: a test case a duplication, its findings as its failure.

use crate::pegasus::Identity;
use crate::render::clock::Clock;
use crate::render::content::{Content, cause_elsewhere};
use crate::render::escape::plain;
use crate::render::style::{Style, Tone};
use crate::render::text::flow::Part;
use crate::render::text::page::Page;
use crate::render::text::rows::Rows;
use crate::render::text::verdicts::{notes, since};
use crate::render::words::{Words, rule_name};
use crate::report::number::numbered;
use crate::report::{AcceptedFinding, CheckEntry, CheckState, DuplicationEntry, DuplicationRef, Finding, Report};
use crate::signature::Severity;
use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

/// The report as `JUnit` XML, with a line end.
#[must_use]
pub fn junit(report: &Report, style: &Style) -> String {
    let words = Words(style.lang);
    let clock = Clock::of(report, style.zone).dated();
    let cases = Cases { report, words, clock };
    let mut out = quick_junit::Report::new("dupdoctor");
    let mut duplications = TestSuite::new("dupdoctor.duplications");
    duplications.add_property(Property::new("dupdoctor", report.tool.version.as_ref()));
    let ends = [("window_first", report.window.first), ("window_last", report.window.last)];
    for (name, time) in ends.into_iter().filter_map(|(name, time)| Some((name, time?))) {
        duplications.add_property(Property::new(name, time.0.rfc3339()));
    }
    for entry in &report.duplications {
        duplications.add_test_cases(cases.of(entry));
    }
    let mut others = TestSuite::new("dupdoctor.logs");
    others.add_test_cases(cases.others());
    let mut checks = TestSuite::new("dupdoctor.preflight");
    checks.add_test_cases(report.checks.iter().flatten().map(|check| cases.check(check)));
    for suite in [checks, duplications, others] {
        if !suite.test_cases.is_empty() {
            out.add_test_suite(suite);
        }
    }
    // Writing to memory fails only where a name cannot be XML, and none is left that could not.
    let text = out.to_string().unwrap_or_default();
    format!("{}\n", text.trim_end())
}

struct Cases<'r> {
    report: &'r Report,
    words: Words,
    clock: Clock,
}

/// What a report cannot say in XML is not in it.
fn clean(text: &str) -> String {
    plain(text).chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

impl Cases<'_> {
    /// A check of a preflight; what could not be told is skipped.
    fn check(&self, check: &CheckEntry) -> TestCase {
        let status = match check.state {
            CheckState::Passed => TestCaseStatus::success(),
            CheckState::Failed => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(clean(&check.codes.join(" ")));
                status.set_message(clean(&check.faults.join(" ")));
                status.set_description(clean_lines(check.evidence.iter().map(|p| numbered(&p.path, p.line))));
                status
            }
            CheckState::Unknown => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(clean(&check.needs.as_deref().map_or_else(String::new, |what| self.words.check_needs(what))));
                status
            }
        };
        let mut case = TestCase::new(clean(&check.title), status);
        case.set_classname("dupdoctor.preflight");
        case
    }

    /// One of the duplication; one more for each of its findings that is accepted, where others make it fail.
    fn of(&self, entry: &DuplicationEntry) -> Vec<TestCase> {
        let known = &entry.identity;
        let findings: Vec<&Finding> = self.report.findings.iter().filter(|f| f.is_about(known)).collect();
        let mine = |f: &&AcceptedFinding| f.finding.duplication.as_ref().is_some_and(|d| d.is(known));
        let accepted: Vec<&AcceptedFinding> = self.report.accepted.iter().filter(mine).collect();
        let name = self.name(known);
        let class = format!("dupdoctor.{}", clean(known.remote_cluster.as_deref().unwrap_or(self.words.follower_unknown())));
        let mut graver: Vec<&Finding> = findings.iter().copied().filter(|f| f.severity > Severity::Info).collect();
        if graver.is_empty() {
            // What is wrong with a server is told of it; the duplication fails all the same.
            graver.extend(findings.iter().copied().filter(|f| f.active && cause_elsewhere(self.report, f).is_some()));
        }
        let mut cases = Vec::new();
        let status = match (graver.is_empty(), accepted.as_slice()) {
            (false, _) => self.failure(&graver),
            (true, [only]) => self.skipped(only),
            // Accepted is not well.
            (true, [first, ..]) if entry.verdict.needs_somebody() => self.skipped(first),
            (true, _) => TestCaseStatus::success(),
        };
        let alone = graver.is_empty() && accepted.len() == 1;
        let mut case = TestCase::new(name.clone(), status);
        case.set_classname(class.clone());
        let info: Vec<String> = findings.iter().filter(|f| f.severity == Severity::Info).map(|f| self.headline(f)).collect();
        let state = format!("{}: {}", self.words.verdict(entry.verdict), since(self.words, entry));
        case.set_system_out(clean_lines(std::iter::once(state).chain(notes(self.words, entry)).chain(info)));
        cases.push(case);
        for finding in accepted.into_iter().filter(|_| !alone) {
            let mut case = TestCase::new(format!("{name} [{}]", clean(&finding.finding.code)), self.skipped(finding));
            case.set_classname(class.clone());
            cases.push(case);
        }
        cases
    }

    /// Findings about servers and inputs, and about duplications that the report does not list.
    fn others(&self) -> Vec<TestCase> {
        let known = |about: Option<&DuplicationRef>| about.is_some_and(|d| self.report.duplications.iter().any(|e| d.is(&e.identity)));
        let name = |code: &str, server: Option<&str>, about: Option<&DuplicationRef>| {
            let subject = server.or(about.and_then(|d| d.app_name.as_deref())).unwrap_or_default();
            clean(format!("{code} {subject}").trim_end())
        };
        let mut cases = Vec::new();
        for finding in self.report.findings.iter().filter(|f| !known(f.duplication.as_ref()) && f.severity > Severity::Info) {
            let name = name(&finding.code, finding.server.as_deref(), finding.duplication.as_ref());
            cases.push(TestCase::new(name, self.failure(&[finding])));
        }
        for accepted in self.report.accepted.iter().filter(|f| !known(f.finding.duplication.as_ref())) {
            let finding = &accepted.finding;
            let name = name(&finding.code, finding.server.as_deref(), finding.duplication.as_ref());
            cases.push(TestCase::new(name, self.skipped(accepted)));
        }
        for case in &mut cases {
            case.set_classname("dupdoctor.logs");
        }
        cases
    }

    fn name(&self, known: &Identity) -> String {
        let name = known.app_name.as_deref().unwrap_or(self.words.name_unknown());
        let follower = self.words.follower(known.remote_cluster.as_deref(), known.remote_app_name.as_deref());
        let ids = known.ids().map(|ids| format!(" {ids}")).unwrap_or_default();
        clean(&format!("{name} → {follower}{ids}"))
    }

    fn headline(&self, finding: &Finding) -> String {
        format!("{} {}", finding.code, self.clock.in_text(&finding.title))
    }

    fn failure(&self, findings: &[&Finding]) -> TestCaseStatus {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        if let Some(worst) = findings.first() {
            status.set_type(clean(&worst.code));
        }
        let titles: Vec<String> = findings.iter().map(|f| self.headline(f)).collect();
        status.set_message(clean(&titles.join("; ")));
        let told: Vec<String> = findings.iter().map(|f| self.told(f)).collect();
        status.set_description(clean_lines(told.join("\n").lines().map(str::to_owned)));
        status
    }

    /// All that a pipeline's reader needs, as a terminal shows it.
    fn told(&self, finding: &Finding) -> String {
        let content = Content { words: self.words, clock: &self.clock, report: Some(self.report) };
        let style = Style { lang: self.words.0, width: 120, verbose: true, ..Style::default() };
        let mut page = Page::new(&style);
        page.row(&[Part::new(Tone::Plain, &format!("{} ({})", self.headline(finding), content.how(finding)))]);
        page.row(&[Part::new(Tone::Plain, &format!("fingerprint {}", finding.fingerprint))]);
        Rows { page: &mut page, content: &content, left: 0, least: 0 }.write(&content.finding(finding, &[]));
        page.finish()
    }

    fn skipped(&self, accepted: &AcceptedFinding) -> TestCaseStatus {
        let (words, finding) = (self.words, &accepted.finding);
        let mut text = format!("{} {}{}", finding.code, finding.title, words.separator());
        text.push_str(&words.accepted_by(&rule_name(accepted.by, &accepted.rule)));
        if let Some(reason) = &accepted.reason {
            text.push_str(words.colon());
            text.push_str(reason);
        }
        if let Some(day) = accepted.expires {
            text.push_str(words.separator());
            text.push_str(&words.accepted_until(&day.to_string()));
        }
        let mut status = TestCaseStatus::skipped();
        status.set_type(clean(&finding.code)).set_message(clean(&text));
        status
    }
}

fn clean_lines(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| clean(&line)).collect();
    lines.join("\n").trim_end().to_owned()
}
