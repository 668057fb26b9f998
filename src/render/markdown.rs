//! The report as Markdown for an issue, a merge request or a wiki page.
//!
//! Log text stands in code only, where no dialect looks for markup, people, issues or addresses.

use super::document::{Block, Inline, Mood, Row};
use super::style::Style;
use super::ticket::ticket;
use crate::report::Report;
use std::fmt::Write as _;

/// GitHub takes 65,536 characters in an issue.
const MOST: usize = 60_000;

/// The report as Markdown.
#[must_use]
pub fn markdown(report: &Report, style: &Style) -> String {
    let mut out = String::new();
    for block in ticket(report, style, MOST) {
        write(&mut out, &block);
    }
    let mut text = out.trim_end().to_owned();
    text.push('\n');
    text
}

fn write(out: &mut String, block: &Block) {
    match block {
        Block::Heading(level, text) => {
            let _ = write!(out, "{} {}\n\n", "#".repeat(usize::from(*level)), inlines(text, false));
        }
        Block::Paragraph(text) => {
            let _ = write!(out, "{}\n\n", inlines(text, false));
        }
        Block::Panel(mood, text) => {
            let sign = match mood {
                Mood::Good => "✅",
                Mood::Warning => "⚠️",
                Mood::Bad => "🛑",
            };
            let _ = write!(out, "> {sign} {}\n\n", inlines(text, false));
        }
        Block::List(items) => {
            for item in items {
                let _ = writeln!(out, "- {}", inlines(item, false));
            }
            out.push('\n');
        }
        Block::Table { head, rows } => table(out, head, rows),
        Block::Code(text) => {
            let fence = "`".repeat((longest_run(text) + 1).max(3));
            let _ = write!(out, "{fence}text\n{text}\n{fence}\n\n");
        }
        Block::Fold(title, body) => {
            let _ = write!(out, "<details>\n<summary>{}</summary>\n\n", html(title));
            for block in body {
                write(out, block);
            }
            out.push_str("</details>\n\n");
        }
    }
}

fn table(out: &mut String, head: &Row, rows: &[Row]) {
    let row = |cells: &Row| cells.iter().fold("|".to_owned(), |line, cell| format!("{line} {} |", inlines(cell, true)));
    let _ = writeln!(out, "{}", row(head));
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for cells in rows {
        let _ = writeln!(out, "{}", row(cells));
    }
    out.push('\n');
}

fn inlines(parts: &[Inline], in_table: bool) -> String {
    let one = |part: &Inline| match part {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("**{}**", escaped(text)),
        Inline::Code(text) => span(text, in_table),
        Inline::Link { text, href } if text == href && !href.contains(['<', '>', ' ', '\n']) => format!("<{href}>"),
        Inline::Link { text, href } => format!("[{}](<{}>)", escaped(text), href.replace(['<', '>', '\\', '\n', ' '], "")),
    };
    parts.iter().map(one).collect()
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
