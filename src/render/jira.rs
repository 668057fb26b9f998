//! The report in Atlassian Document Format, version 1, as Jira's REST API takes it for a description or a comment.

use crate::render::blocks::{Block, Inline, Line, PanelKind, Row};
use crate::render::clock::Clock;
use crate::render::escape::json_escaped;
use crate::render::prose::prose;
use crate::render::style::Style;
use crate::render::ticket::ticket;
use crate::report::Report;
use serde_json::{Value, json};

/// Jira takes 32,767 characters; the format's own words come on top of the text.
const MOST: usize = 26_000;

/// The report as Atlassian Document Format, one JSON document with a line end.
#[must_use]
pub fn jira(report: &Report, style: &Style) -> String {
    let content: Vec<Value> =
        ticket(report, &Clock::of(report, style.zone).dated(), style, MOST).iter().flat_map(|block| node(block, Place::Top)).collect();
    let document = json!({"version": 1, "type": "doc", "content": content});
    // Plain data with string keys always serialises.
    let text = serde_json::to_string(&document).unwrap_or_default();
    format!("{}\n", json_escaped(&text))
}

/// What may stand within something depends on it: a fold within a fold is another node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    Folded,
}

fn node(block: &Block<'_>, place: Place) -> Vec<Value> {
    match block {
        Block::Heading(level, text) => vec![json!({"type": "heading", "attrs": {"level": level}, "content": inlines(text)})],
        Block::Paragraph(text) | Block::Note(text) => vec![paragraph(text)],
        Block::Panel(kind, text) => {
            let kind = match kind {
                PanelKind::Good => "success",
                PanelKind::Warning => "warning",
                PanelKind::Bad => "error",
            };
            vec![json!({"type": "panel", "attrs": {"panelType": kind}, "content": [paragraph(text)]})]
        }
        Block::List(items) | Block::Rows(items) => {
            let items: Vec<Value> = items.iter().map(|item| json!({"type": "listItem", "content": [paragraph(item)]})).collect();
            if items.is_empty() { Vec::new() } else { vec![json!({"type": "bulletList", "content": items})] }
        }
        Block::Table { head, rows } => vec![table(head, rows)],
        Block::Code(text) => {
            // Text without characters is no text node.
            let content = if text.is_empty() { Vec::new() } else { vec![json!({"type": "text", "text": text})] };
            vec![json!({"type": "codeBlock", "attrs": {"language": "text"}, "content": content})]
        }
        Block::Fold(title, body) => {
            let content: Vec<Value> = body.iter().flat_map(|b| node(b, Place::Folded)).collect();
            match (place, content.is_empty()) {
                (_, true) => Vec::new(),
                (Place::Top, false) => vec![json!({"type": "expand", "attrs": {"title": title}, "content": content})],
                // What is folded twice stands open under its title.
                (Place::Folded, false) => {
                    let mut all = vec![paragraph(&vec![Inline::Strong(title.clone())])];
                    all.extend(content);
                    all
                }
            }
        }
        // The others have become simple ones.
        Block::Labelled(..) | Block::Proof(_) | Block::Consequences(_) | Block::Steps(_) | Block::Command(_) | Block::Gap => Vec::new(),
    }
}

fn table(head: &Row, rows: &[Row]) -> Value {
    let row = |kind: &str, cells: &Row| {
        let cells: Vec<Value> = cells.iter().map(|cell| json!({"type": kind, "attrs": {}, "content": [paragraph(cell)]})).collect();
        json!({"type": "tableRow", "content": cells})
    };
    let all: Vec<Value> = std::iter::once(row("tableHeader", head)).chain(rows.iter().map(|cells| row("tableCell", cells))).collect();
    json!({"type": "table", "attrs": {"isNumberColumnEnabled": false, "layout": "default"}, "content": all})
}

fn paragraph(text: &Line) -> Value {
    json!({"type": "paragraph", "content": inlines(text)})
}

fn inlines(line: &Line) -> Vec<Value> {
    let one = |inline: &Inline| {
        let (text, mark) = match inline {
            Inline::Text(text) => (text, None),
            Inline::Reported(text) => return inlines(&prose(text)),
            Inline::Strong(text) => (text, Some(json!({"type": "strong"}))),
            Inline::Code(text) => (text, Some(json!({"type": "code"}))),
            Inline::Link { text, href } => (text, Some(json!({"type": "link", "attrs": {"href": href}}))),
        };
        match mark {
            _ if text.is_empty() => Vec::new(),
            None => vec![json!({"type": "text", "text": text})],
            Some(mark) => vec![json!({"type": "text", "text": text, "marks": [mark]})],
        }
    };
    line.iter().flat_map(one).collect()
}
