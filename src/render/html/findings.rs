//! The findings: of those that are alike the first in full, the others with what is their own.

use super::proof::{command, commands, proof, runbook, steps};
use super::{Page, is_web, plain, severity_class};
use crate::report::Finding;
use crate::signature::{FixedBy, Severity};
use maud::{Markup, html};

/// Above so many findings the proof of those that are like another is kept short.
const MANY: usize = 60;

/// The findings.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let words = page.words;
    let all = &page.report.findings;
    let (open, quiet): (Vec<&Finding>, Vec<&Finding>) = all.iter().partition(|f| f.active && f.severity > Severity::Info);
    html! {
        section #findings aria-labelledby="findings-title" tabindex="-1" {
            h2 #findings-title { (words.findings()) }
            @if all.is_empty() { p.dim { (words.no_findings()) } }
            (groups(page, &open))
            @if !quiet.is_empty() {
                details.quiet open[open.is_empty()] { summary { (words.overcome()) " (" (quiet.len()) ")" } (groups(page, &quiet)) }
            }
        }
    }
}

/// By code, in the order of the report.
fn groups(page: &Page<'_>, findings: &[&Finding]) -> Markup {
    let mut codes: Vec<&str> = Vec::new();
    for finding in findings {
        if !codes.contains(&finding.code.as_str()) {
            codes.push(&finding.code);
        }
    }
    html! {
        @for code in codes {
            @let alike: Vec<&&Finding> = findings.iter().filter(|f| f.code == code).collect();
            @if let [first, others @ ..] = alike.as_slice() {
                (whole(page, first))
                @if !others.is_empty() {
                    div.alike { p.dim { (plain(code)) " · " (page.words.others_alike()) } @for other in others { (brief(page, other)) } }
                }
            }
        }
    }
}

impl Page<'_> {
    /// The id of a finding's article.
    pub(super) fn anchor(&self, finding: &Finding) -> String {
        let place = self.report.findings.iter().position(|f| std::ptr::eq(f, finding)).unwrap_or_default();
        format!("f{place}")
    }

    /// Whom it is about.
    fn about(&self, finding: &Finding) -> Markup {
        let entry = self.lane(finding).and_then(|lane| self.report.duplications.get(lane));
        let table = finding.duplication.as_ref().and_then(|d| d.app_name.as_deref());
        html! {
            @if let Some(entry) = entry { (self.who(entry)) }
            @else if let Some(table) = table { span.name { (plain(table)) } }
            @if let Some(server) = &finding.server { span.server { (plain(&self.words.on_server(server))) } }
        }
    }

    /// `803 times, 17:22:18 … 19:36:07`
    fn how_often(&self, finding: &Finding) -> String {
        let mut said = vec![self.words.times(finding.occurrences)];
        if let (Some(first), Some(last)) = (finding.first_seen, finding.last_seen) {
            said.push(self.clock.range(first.0, last.0));
        }
        said.push(if finding.active { self.words.still_going_on() } else { self.words.over() }.to_owned());
        said.join(self.words.separator())
    }
}

/// All there is to say about it.
fn whole(page: &Page<'_>, finding: &Finding) -> Markup {
    let words = page.words;
    let say = |text: &str| html! { (plain(&page.clock.in_text(text))) };
    html! {
        article.finding.(severity_class(finding.severity)) id=(page.anchor(finding)) data-lane=[page.lane(finding)] data-code=(plain(&finding.code)) tabindex="-1" {
            header {
                h3 { span.code.(severity_class(finding.severity)) { (plain(&finding.code)) } " " (say(&finding.title)) }
                p.about { (page.about(finding)) }
                p.dim { span.pill.(severity_class(finding.severity)) { (words.severity(finding.severity)) } " " (words.confidence(finding.confidence)) " · " (plain(&page.how_often(finding))) " · " (plain(&finding.name)) }
            }
            dl {
                (part(words.what(), &say(&finding.explanation)))
                (part(words.why(), &say(&finding.cause)))
                @if !finding.details.is_empty() { (part(words.numbers(), &html! { @for detail in &finding.details { p { (say(detail)) } } })) }
                @if !finding.evidence.is_empty() { (part(words.proof(), &proof(page, finding, usize::MAX))) }
                @if !finding.consequences.is_empty() { (part(words.leads_to(), &consequences(page, finding))) }
                @if !finding.missing_logs.is_empty() { (part(words.needs(), &missing(page, finding))) }
                @if let Some(steps) = &finding.runbook { (part(words.remedy(), &runbook(page, steps))) }
                @else if !finding.suggestions.is_empty() { (part(words.remedy(), &steps(page, &finding.suggestions))) }
                @if let Some(affected) = &finding.affected { (part(words.affects(), &say(affected))) }
                @if let Some(fixed) = &finding.fixed_by { (part(words.fixed(), &html! { (plain(&fixed_by(page, fixed))) })) }
                @if !finding.look_alikes.is_empty() {
                    (part(words.not_it(), &html! { ul { @for other in &finding.look_alikes { li { b { (plain(&other.code)) } (words.colon()) (say(&other.text)) } } } }))
                }
                @if !finding.references.is_empty() { (part(words.see(), &references(finding))) }
            }
        }
    }
}

fn part(label: &str, text: &Markup) -> Markup {
    html! { dt { (label) } dd { (text) } }
}

/// One that is like another: whom it is about, its numbers, its proof, its commands.
fn brief(page: &Page<'_>, finding: &Finding) -> Markup {
    let lines = if page.report.findings.len() > MANY { 2 } else { 4 };
    html! {
        details.finding.(severity_class(finding.severity)) id=(page.anchor(finding)) data-lane=[page.lane(finding)] data-code=(plain(&finding.code)) {
            summary { span.about { (page.about(finding)) } span.dim { (plain(&page.how_often(finding))) } }
            @for detail in &finding.details { p { (plain(&page.clock.in_text(detail))) } }
            (proof(page, finding, lines))
            (commands(page, &finding.suggestions))
        }
    }
}

/// What follows from it, with links.
fn consequences(page: &Page<'_>, finding: &Finding) -> Markup {
    let caused = |f: &&Finding| f.caused_by.as_ref().is_some_and(|c| c.fingerprint == finding.fingerprint);
    html! {
        ul { @for f in page.report.findings.iter().filter(caused) {
            li { a.code href={ "#" (page.anchor(f)) } { (plain(&f.code)) } (page.words.colon()) (plain(&page.clock.in_text(&f.title))) }
        } }
    }
}

/// Which logs are not there, and how to collect them.
fn missing(page: &Page<'_>, finding: &Finding) -> Markup {
    let window = |window: &crate::report::Window| match (window.first, window.last) {
        (Some(first), Some(last)) => format!("{} ({})", page.clock.range(first.0, last.0), page.clock.label(first.0)),
        _ => String::new(),
    };
    html! {
        ul { @for logs in &finding.missing_logs {
            li { (plain(&page.words.missing_logs_of(logs.role, logs.cluster.as_deref(), &logs.servers, &window(&logs.window)))) (command(page, &logs.command)) }
        } }
    }
}

fn fixed_by(page: &Page<'_>, fixed: &FixedBy) -> String {
    let words = page.words;
    let release = words.released(fixed.release.as_deref());
    let parts =
        [fixed.pull_request.map(|n| words.pull_request(&n.to_string())), fixed.commit.as_ref().map(|c| words.commit(c)), Some(release)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(words.separator())
}

fn references(finding: &Finding) -> Markup {
    html! {
        ul { @for reference in &finding.references {
            li { @if is_web(reference) { a href=(plain(reference)) rel="noreferrer noopener" { (plain(reference)) } } @else { (plain(reference)) } }
        } }
    }
}
