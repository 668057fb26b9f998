//! The JSON snapshots together show every field that a report of logs can have.

use crate::support::root;
use serde_json::Value;
use std::collections::BTreeSet;

/// What no diagnosis of logs without further options fills in, and who does.
const ELSEWHERE: &[(&str, &str)] = &[
    ("accepted", "--ignore and dupdoctor.toml: tests/tickets/schema.rs"),
    ("expired", "dupdoctor.toml: tests/tickets/schema.rs"),
    ("comparison", "--compare: tests/tickets/schema.rs"),
    ("findings/runbook", "--runbook: tests/fix.rs"),
    ("checks", "preflight: tests/preflight"),
    ("steps", "preflight: tests/preflight"),
    ("skipped", "files that are no logs: tests/cli"),
    ("generated_at", "the moment: left out of the snapshots"),
];

/// Fields that the schema has and no snapshot.
pub(crate) fn missing() -> String {
    let schema: Value = serde_json::from_str(&dupdoctor::internal::render::schema(dupdoctor::internal::render::Schema::Report)).unwrap();
    let mut wanted = BTreeSet::new();
    of_schema(&schema, &schema, "", &mut wanted);
    let mut shown = BTreeSet::new();
    for folder in std::fs::read_dir(root().join("fixtures")).unwrap() {
        if let Ok(text) = std::fs::read_to_string(folder.unwrap().path().join("report.json")) {
            of_report(&serde_json::from_str(&text).unwrap(), "", &mut shown);
        }
    }
    let elsewhere = |field: &String| ELSEWHERE.iter().any(|(known, _)| field == known || field.starts_with(&format!("{known}/")));
    let missing = wanted.difference(&shown).filter(|field| !elsewhere(field));
    missing.map(|field| format!("no fixtures/*/report.json shows {field}")).collect::<Vec<_>>().join("\n")
}

/// Paths of all properties of a schema, without those that lead back to where they come from.
fn of_schema(node: &Value, whole: &Value, at: &str, all: &mut BTreeSet<String>) {
    if let Some(name) = node["$ref"].as_str() {
        of_schema(whole.pointer(name.trim_start_matches('#')).unwrap(), whole, at, all);
    }
    for part in ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| node[*key].as_array()).flatten() {
        of_schema(part, whole, at, all);
    }
    if node["items"].is_object() {
        of_schema(&node["items"], whole, at, all);
    }
    for (name, property) in node["properties"].as_object().into_iter().flatten() {
        let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
        if all.insert(path.clone()) {
            of_schema(property, whole, &path, all);
        }
    }
}

/// Paths of all that holds something.
fn of_report(value: &Value, at: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| of_report(item, at, all)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let empty = field.is_null() || field.as_array().is_some_and(Vec::is_empty);
                let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
                if !empty {
                    of_report(field, &path, all);
                    all.insert(path);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
