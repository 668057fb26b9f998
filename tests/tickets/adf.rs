//! Atlassian Document Format: the rules of the format's schema as far as it is used here.

use super::hostile::{NAME, pieces, replaced, sample};
use crate::support::case::Case;
use dupdoctor::internal::render::jira;
use dupdoctor::{Lang, Style};
use serde_json::Value;

/// What may stand in a node; from the full schema of version 1.
fn children(kind: &str) -> &'static [&'static str] {
    const BLOCKS: &[&str] = &["paragraph", "heading", "bulletList", "table", "codeBlock", "panel"];
    match kind {
        "doc" => &["paragraph", "heading", "bulletList", "table", "codeBlock", "panel", "expand"],
        "expand" => BLOCKS,
        "panel" => &["paragraph", "heading", "bulletList"],
        "paragraph" | "heading" | "codeBlock" => &["text"],
        "bulletList" => &["listItem"],
        "listItem" => &["paragraph", "bulletList", "codeBlock"],
        "table" => &["tableRow"],
        "tableRow" => &["tableHeader", "tableCell"],
        "tableHeader" | "tableCell" => &["paragraph", "heading", "bulletList", "codeBlock", "panel"],
        _ => &[],
    }
}

/// Keys of a node's `attrs`; all are needed that stand first, the others may be there.
fn attributes(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "heading" => (&["level"], &[]),
        "panel" => (&["panelType"], &[]),
        "codeBlock" => (&[], &["language"]),
        "expand" => (&[], &["title"]),
        "table" => (&[], &["isNumberColumnEnabled", "layout"]),
        "tableHeader" | "tableCell" => (&[], &["colspan", "rowspan", "colwidth", "background"]),
        _ => (&[], &[]),
    }
}

/// Nodes that must not be empty.
const NEEDS_CONTENT: &[&str] = &["doc", "expand", "panel", "bulletList", "listItem", "table", "tableRow", "tableHeader", "tableCell"];

fn check(node: &Value, parent: &str) -> Result<usize, String> {
    let kind = node["type"].as_str().ok_or("a node without a type")?;
    let object = node.as_object().ok_or("a node that is no object")?;
    let wrong = |what: &str| Err(format!("{what}: {}", node.to_string().chars().take(300).collect::<String>()));
    if kind == "text" {
        let text = node["text"].as_str().unwrap_or_default();
        if text.is_empty() {
            return wrong("an empty text");
        }
        if object.keys().any(|k| !matches!(k.as_str(), "type" | "text" | "marks")) {
            return wrong("a key that texts have not");
        }
        let marks: Vec<&str> = node["marks"].as_array().into_iter().flatten().filter_map(|m| m["type"].as_str()).collect();
        let fits = match marks.as_slice() {
            [] => true,
            ["strong" | "code"] => parent != "codeBlock",
            ["link"] => parent != "codeBlock" && node["marks"][0]["attrs"]["href"].as_str().is_some_and(|h| h.starts_with("https://")),
            _ => false,
        };
        return if fits { Ok(text.chars().count()) } else { wrong("marks that do not fit") };
    }
    let allowed: &[&str] = if kind == "doc" { &["version", "type", "content"] } else { &["type", "attrs", "content"] };
    if object.keys().any(|k| !allowed.contains(&k.as_str())) {
        return wrong("a key that is not known");
    }
    let (needed, more) = attributes(kind);
    let attrs: Vec<&str> = node["attrs"].as_object().into_iter().flatten().map(|(k, _)| k.as_str()).collect();
    if needed.iter().any(|n| !attrs.contains(n)) || attrs.iter().any(|a| !needed.contains(a) && !more.contains(a)) {
        return wrong("attributes that do not fit");
    }
    if kind == "heading" && !(1..=6).contains(&node["attrs"]["level"].as_i64().unwrap_or(0))
        || kind == "panel"
            && !["info", "note", "warning", "success", "error"].contains(&node["attrs"]["panelType"].as_str().unwrap_or_default())
    {
        return wrong("an attribute of another value");
    }
    let Some(content) = node["content"].as_array() else { return wrong("no content") };
    if content.is_empty() && NEEDS_CONTENT.contains(&kind) {
        return wrong("an empty node");
    }
    if kind == "listItem" && content.first().is_some_and(|c| !matches!(c["type"].as_str(), Some("paragraph" | "codeBlock"))) {
        return wrong("an item that does not begin with a paragraph");
    }
    if kind == "table" {
        let cells: Vec<usize> = content.iter().map(|row| row["content"].as_array().map_or(0, Vec::len)).collect();
        if cells.windows(2).any(|w| w[0] != w[1]) {
            return wrong("rows of different length");
        }
    }
    let mut size = 0;
    for child in content {
        if !children(kind).contains(&child["type"].as_str().unwrap_or_default()) {
            return wrong(&format!("{} within {kind}", child["type"]));
        }
        size += check(child, kind)?;
    }
    Ok(size)
}

fn document(text: &str) -> Result<usize, String> {
    let document: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    if document["version"] != 1 || document["type"] != "doc" {
        return Err("no document of version 1".to_owned());
    }
    check(&document, "")
}

#[test]
fn the_reports_of_all_cases_are_documents() {
    for case in Case::all() {
        let report = case.report();
        for lang in [Lang::En, Lang::Zh] {
            let size = document(&jira(&report, &Style { lang, ..Style::default() })).unwrap_or_else(|e| panic!("{}: {e}", case.name));
            assert!((50..32_767).contains(&size), "{}: {size} characters", case.name);
        }
    }
}

#[test]
fn hostile_names_are_text_of_documents() {
    let report = sample();
    let nodes = |text: &str| text.matches("\"type\"").count();
    for name in pieces() {
        let text = jira(&replaced(&report, &[(NAME, &name)]), &Style::default());
        document(&text).unwrap_or_else(|e| panic!("{name:?}: {e}"));
        assert!(!text.contains("\"mention\"") && !text.contains("inlineCard") && nodes(&text) > 50, "{name:?}");
        let value: Value = serde_json::from_str(&text).unwrap();
        let controls = value.to_string().contains("\\u00");
        assert!(!controls, "{name:?}: a control character is left");
    }
}

#[test]
fn what_breaks_the_rules_is_noticed() {
    for (what, wrong) in [
        ("an empty text", r#"{"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":""}]}]}"#),
        ("within", r#"{"version":1,"type":"doc","content":[{"type":"listItem","content":[]}]}"#),
        ("empty node", r#"{"version":1,"type":"doc","content":[{"type":"bulletList","content":[]}]}"#),
        ("attributes", r#"{"version":1,"type":"doc","content":[{"type":"panel","content":[{"type":"paragraph","content":[]}]}]}"#),
        (
            "marks",
            r#"{"version":1,"type":"doc","content":[{"type":"codeBlock","content":[{"type":"text","text":"x","marks":[{"type":"strong"}]}]}]}"#,
        ),
        ("version", r#"{"type":"doc","content":[]}"#),
    ] {
        assert!(document(wrong).unwrap_err().contains(what), "{what}");
    }
}
