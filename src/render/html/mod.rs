//! The report as one HTML page: verdicts, a chart of every duplication over time, decrees, findings.
//!
//! The page is one file that asks the network for nothing. Its policy (CSP) lets run exactly the script
//! and the style that stand here, known by their hashes, so that nothing a log holds could run even if it
//! got out of its text. What must be readable without the script (verdicts, findings, the chart as a
//! table) is plain HTML; the chart draws the numbers of [`data`].

mod blocks;
mod chart;
mod checks;
mod coverage;
mod data;
mod decrees;
mod findings;
mod verdicts;

use crate::render::clock::Clock;
use crate::render::content::Content;
use crate::render::escape::plain;
use crate::render::style::{Style, Tone};
use crate::render::text::headline;
use crate::render::words::Words;
use crate::report::{DuplicationEntry, Finding, Report};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// How it looks.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/page.css"));

/// What it does.
const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/page.js"));

/// The policy that lets these two work, and nothing else.
const POLICY: &str = include_str!(concat!(env!("OUT_DIR"), "/policy.txt"));

/// What all parts of the page are written with.
struct Page<'a> {
    report: &'a Report,
    words: Words,
    clock: Clock,
}

/// The page.
#[must_use]
pub fn html(report: &Report, style: &Style) -> String {
    let page = Page { report, words: Words(style.lang), clock: Clock::of(report, style.zone) };
    page.document().into_string()
}

impl Page<'_> {
    fn document(&self) -> Markup {
        let words = self.words;
        let (tone, sentence, hints) = headline::verdict(self.words, &self.clock, self.report);
        let title = format!("{sentence} · dupdoctor");
        html! {
            (DOCTYPE)
            html lang=(self.words.locale()) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    meta name="generator" content={ "dupdoctor " (self.report.tool.version) };
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#findings" { (words.skip()) }
                    header.top {
                        div.brand { "dupdoctor" span.dim { " " (self.report.tool.version) } }
                        (self.read())
                        button #theme .ghost type="button" hidden { (words.theme()) }
                    }
                    main {
                        section.verdict.(tone_class(tone)) aria-labelledby="how-it-stands" {
                            h1 #how-it-stands { (plain(&sentence)) }
                            @if !hints.is_empty() {
                                ul { @for hint in &hints { li { (hint) } } }
                            }
                            (verdicts::counts(self))
                        }
                        @if let Some(checks) = &self.report.checks { (checks::section(self, checks)) }
                        @if !self.report.duplications.is_empty() {
                            (verdicts::table(self))
                            (chart::section(self))
                            (decrees::section(self))
                        }
                        (findings::section(self))
                        @if let Some(steps) = &self.report.steps { (checks::way(self, steps)) }
                        (coverage::section(self))
                    }
                    footer.foot { (words.made_by(&self.report.tool.version))
                        @if let Some(at) = self.report.generated_at { " · " time datetime=(at.0.rfc3339()) { (at.0.rfc3339()) } }
                    }
                    script #data type="application/json" { (PreEscaped(data::json(self))) }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    /// Servers, files, bytes, lines; the window of time.
    fn read(&self) -> Markup {
        html! {
            p.read {
                @if let (Some(first), Some(last)) = (self.report.window.first, self.report.window.last) {
                    span.window { (self.clock.window(first.0, last.0)) }
                }
                span.dim { (self.words.read(&self.report.summary)) }
            }
        }
    }

    fn content(&self) -> Content<'_> {
        Content { words: self.words, clock: &self.clock, report: Some(self.report) }
    }

    /// The lane of a finding's duplication.
    fn lane(&self, finding: &Finding) -> Option<usize> {
        self.report.duplications.iter().position(|d| finding.is_about(&d.identity))
    }

    /// `test_dup1 → target_cluster / new1_test`, and the key.
    fn who(&self, entry: &DuplicationEntry) -> Markup {
        html! {
            span.name { (plain(&source(self.words, entry))) }
            span.arrow { " → " }
            span.target { (plain(&target(self.words, entry))) }
            @if let Some(key) = entry.identity.ids() { " " span.key { (key) } }
        }
    }
}

/// The source table, as far as it is known.
fn source(words: Words, entry: &DuplicationEntry) -> String {
    words.source_table(entry.identity.app_name.as_deref(), entry.identity.app_id)
}

/// The follower's cluster and table, as far as they are known.
fn target(words: Words, entry: &DuplicationEntry) -> String {
    words.follower(entry.identity.remote_cluster.as_deref(), entry.identity.remote_app_name.as_deref())
}

/// A tone as a class of the style sheet: the colours mean what they mean in a terminal.
fn tone_class(tone: Tone) -> String {
    match tone {
        Tone::Good => "good".to_owned(),
        Tone::Grave(severity) => severity.to_string(),
        Tone::State(verdict) => verdict.name().to_owned(),
        Tone::Dim => "dim".to_owned(),
        Tone::Plain | Tone::Bold | Tone::Command | Tone::Status(_) => "plain".to_owned(),
    }
}

#[cfg(test)]
mod tests;
