//! The findings: of those that are alike the first in full, the others with what is their own.

use super::blocks::{blocks, commands, proof};
use super::{Page, plain};
use crate::render::blocks::text;
use crate::render::content::consequences;
use crate::report::Finding;
use crate::signature::Severity;
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
        let content = self.content();
        format!("{}{}{}", text(&content.how_often(finding)), self.words.separator(), content.state(finding))
    }
}

/// All there is to say about it.
fn whole(page: &Page<'_>, finding: &Finding) -> Markup {
    let words = page.words;
    let consequences: Vec<&Finding> = consequences(page.report, finding).collect();
    html! {
        article.finding.(finding.severity.to_string()) id=(page.anchor(finding)) data-lane=[page.lane(finding)] data-code=(plain(&finding.code)) tabindex="-1" {
            header {
                h3 { span.code.(finding.severity.to_string()) { (plain(&finding.code)) } " " (plain(&page.clock.in_text(&finding.title))) }
                p.about { (page.about(finding)) }
                p.dim { span.pill.(finding.severity.to_string()) { (words.severity(finding.severity)) } " " (words.confidence(finding.confidence)) " · " (plain(&page.how_often(finding))) " · " (plain(&finding.name)) }
            }
            dl { (blocks(page, &page.content().finding(finding, &consequences))) }
        }
    }
}

/// One that is like another: whom it is about, its numbers, its proof, its commands.
fn brief(page: &Page<'_>, finding: &Finding) -> Markup {
    let lines = if page.report.findings.len() > MANY { 2 } else { 4 };
    html! {
        details.finding.(finding.severity.to_string()) id=(page.anchor(finding)) data-lane=[page.lane(finding)] data-code=(plain(&finding.code)) {
            summary { span.about { (page.about(finding)) } span.dim { (plain(&page.how_often(finding))) } }
            @for detail in &finding.details { p { (plain(&page.clock.in_text(detail))) } }
            (proof(page, &finding.evidence, lines))
            (commands(page, &finding.suggestions))
        }
    }
}
