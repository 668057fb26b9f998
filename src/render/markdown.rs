//! Blocks as Markdown, for an issue, a merge request or a wiki page.
//!
//! Log text stands in code only, where no dialect looks for markup, people, issues or addresses.

use crate::pegasus::Zone;
use crate::render::blocks::{Block, Inline, Line, PanelKind, Row, code, reported, strong, words as own};
use crate::render::clock::Clock;
use crate::render::content::{self, Content, Explanation};
use crate::render::prose::prose;
use crate::render::simple::{Labels, simple};
use crate::render::style::Style;
use crate::render::ticket::ticket;
use crate::render::words::Words;
use crate::report::Report;
use crate::signature::{Catalogue, Signature, fill};
use std::fmt::Write as _;

/// GitHub takes 65,536 characters in an issue.
const MOST: usize = 60_000;

/// The report as Markdown.
#[must_use]
pub fn markdown(report: &Report, style: &Style) -> String {
    document(&ticket(report, &Clock::of(report, style.zone).dated(), style, MOST))
}

/// The explanation for a ticket or a wiki.
pub(super) fn explain(what: &Explanation<'_>, style: &Style) -> String {
    let words = Words(style.lang);
    match what {
        Explanation::Signature(signature, catalogue) => one(words, signature, catalogue),
        Explanation::Signatures(catalogue) => list(words, content::by_heading(words, catalogue)),
        Explanation::Symptom(signatures, _) => list(words, content::likeliest(words, signatures)),
        Explanation::Line(line) => {
            let clock = Clock::new(Zone::Utc, &[], None, None);
            let content = Content { words, clock: &clock, report: None };
            document(&simple(&content, Labels::Inline, content::line(words, line)))
        }
        Explanation::Runbook(runbook) => {
            let title = fill(&runbook.signature.text(style.lang).title, &runbook.subject.values);
            page(words, &runbook.signature.code, title, content::runbook(words, runbook).into_iter())
        }
    }
}

/// One signature as a page of its own.
fn one(words: Words, signature: &Signature, catalogue: &Catalogue) -> String {
    let title = content::open(&signature.text(words.0).title);
    let about = vec![code(&signature.name), own(" · "), strong(words.severity(signature.severity))];
    page(words, &signature.code, title, std::iter::once(Block::Paragraph(about)).chain(content::signature(words, signature, catalogue)))
}

/// All signatures in tables, by what they are about.
fn list(words: Words, sections: Vec<(&str, Vec<&Signature>)>) -> String {
    let mut blocks = Vec::new();
    for (heading, signatures) in sections {
        let head = [words.column_code(), words.column_severity(), words.column_name(), words.column_title()].map(|t| vec![own(t)]);
        let row = |s: &&Signature| {
            let title = reported(content::open(&s.text(words.0).title));
            vec![vec![own(s.code.clone())], vec![own(words.severity(s.severity))], vec![code(&s.name)], vec![title]]
        };
        blocks.push(Block::Heading(2, vec![own(heading)]));
        blocks.push(Block::Table { head: head.to_vec(), rows: signatures.iter().map(row).collect() });
    }
    document(&blocks)
}

/// A page about a code.
fn page<'b>(words: Words, code: &str, title: String, blocks: impl Iterator<Item = Block<'b>>) -> String {
    let clock = Clock::new(Zone::Utc, &[], None, None);
    let content = Content { words, clock: &clock, report: None };
    let title = Block::Heading(1, vec![own(format!("{code}{}", words.colon())), reported(title)]);
    document(&simple(&content, Labels::Headings, std::iter::once(title).chain(blocks).collect()))
}

fn document(blocks: &[Block<'_>]) -> String {
    let mut out = String::new();
    for block in blocks {
        write(&mut out, block);
    }
    format!("{}\n", out.trim_end())
}

fn write(out: &mut String, block: &Block<'_>) {
    let _ = match block {
        Block::Heading(level, text) => write!(out, "{} {}\n\n", "#".repeat(usize::from(*level)), inlines(text, false)),
        Block::Paragraph(text) | Block::Note(text) => write!(out, "{}\n\n", inlines(text, false)),
        Block::Panel(kind, text) => {
            let sign = match kind {
                PanelKind::Good => "✅",
                PanelKind::Warning => "⚠️",
                PanelKind::Bad => "🛑",
            };
            write!(out, "> {sign} {}\n\n", inlines(text, false))
        }
        Block::List(items) | Block::Rows(items) => {
            for item in items {
                let _ = writeln!(out, "- {}", inlines(item, false));
            }
            writeln!(out)
        }
        Block::Table { head, rows } => {
            let row = |cells: &Row| cells.iter().fold("|".to_owned(), |line, cell| format!("{line} {} |", inlines(cell, true)));
            let _ = writeln!(out, "{}\n|{}", row(head), " --- |".repeat(head.len()));
            for cells in rows {
                let _ = writeln!(out, "{}", row(cells));
            }
            writeln!(out)
        }
        Block::Code(text) => {
            let fence = "`".repeat((longest_run(text) + 1).max(3));
            write!(out, "{fence}text\n{text}\n{fence}\n\n")
        }
        Block::Fold(title, body) => {
            let _ = write!(out, "<details>\n<summary>{}</summary>\n\n", html(title));
            for block in body {
                write(out, block);
            }
            write!(out, "</details>\n\n")
        }
        // The others have become simple ones.
        Block::Labelled(..) | Block::Proof(_) | Block::Consequences(_) | Block::Steps(_) | Block::Command(_) | Block::Gap => Ok(()),
    };
}

fn inlines(line: &Line, in_table: bool) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("**{}**", escaped(text)),
        Inline::Reported(text) => inlines(&prose(text), in_table),
        Inline::Code(text) => span(text, in_table),
        Inline::Link { text, href } if text == href && !href.contains(['<', '>', ' ', '\n']) => format!("<{href}>"),
        Inline::Link { text, href } => format!("[{}](<{}>)", escaped(text), href.replace(['<', '>', '\\', '\n', ' '], "")),
    };
    line.iter().map(one).collect()
}

/// A code span with more backticks around it than in it.
fn span(text: &str, in_table: bool) -> String {
    // Dialects differ in which bars within code end a cell.
    let text = if in_table { text.replace('|', "¦") } else { text.to_owned() };
    let text = text.trim();
    if text.is_empty() {
        return "`(empty)`".to_owned();
    }
    let ticks = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '|' | '~' | '$' | '^') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        let mut out = String::new();
        write(&mut out, &Block::Code("a\n`````\n# b".to_owned()));
        assert_eq!(out, "``````text\na\n`````\n# b\n``````\n\n");
    }

    #[test]
    fn a_span_holds_backticks_and_a_cell_no_bar() {
        assert_eq!(span("`a``b", false), "``` `a``b ```");
        assert_eq!(span("a|b", true), "`a¦b`");
        assert_eq!(span(" ", false), "`(empty)`");
    }
}
