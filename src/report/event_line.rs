//! The recognised events as lines of NDJSON, for `dupdoctor events`.

use super::filter::{DupChoice, DuplicationFilter};
use super::{Redaction, SCHEMA_VERSION};
use crate::event::{EventKind, FieldType, Pattern};
use crate::pegasus::Gpid;
use crate::run::{Run, RunList};
use crate::timeline::ClusterNames;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Lays out events, and learns from them what later ones lack.
#[derive(Debug, Default)]
pub struct EventLines {
    filter: DuplicationFilter,
    clusters: ClusterNames,
    /// Names of tables by the ids that lines give beside them.
    tables: BTreeMap<(i64, i64), String>,
    redaction: Option<Redaction>,
}

impl EventLines {
    /// Lines of the events that are wanted.
    #[must_use]
    pub fn new(filter: DuplicationFilter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// The same lines with aliases for names; what is learnt before a line is hidden in it wherever it stands.
    #[must_use]
    pub fn redacted(self, redaction: Option<Redaction>) -> Self {
        Self { redaction, ..self }
    }

    /// One JSON object for each event of a list whose events are apart, by time.
    pub fn lay_out(&mut self, path: &str, mut list: RunList) -> Vec<String> {
        list.runs.sort_by_key(|r| (r.first.at, r.first.offset));
        for run in &list.runs {
            self.clusters.learn(run);
            if let (Some(app), Some(dup), Some(name)) = (run.number("app_id"), run.number("dup_id"), run.field("app_name")) {
                self.tables.insert((app, dup), name.to_owned());
            }
        }
        list.runs.iter_mut().for_each(|run| self.resplit(run));
        let Some(redaction) = &self.redaction else {
            return list.runs.iter().filter(|r| self.wants(r)).map(|r| Value::Object(event(path, r)).to_string()).collect();
        };
        let path = redaction.path(path);
        list.runs.iter().filter(|r| self.wants(r)).map(|r| Value::Object(event(&path, &redaction.run(r))).to_string()).collect()
    }

    /// Puts cluster and table of `[cluster.table]` right by the clusters that are known.
    fn resplit(&self, run: &mut Run) {
        let Some((cluster, field, table)) = self.clusters.resplit(run) else { return };
        for (name, text) in &mut run.fields {
            if *name == "remote_cluster" {
                *text = cluster.as_str().into();
            } else if *name == field {
                *text = table.as_str().into();
            }
        }
    }

    /// Whether the line names a wanted duplication. It gives a name or ids; other lines tie the two.
    fn wants(&self, run: &Run) -> bool {
        let filter = &self.filter;
        let dup = run.number("dup_id").or_else(|| run.entry.as_ref().map(|entry| entry.dup_id.0));
        let app = run.number("app_id").or_else(|| run.field("gpid")?.parse::<Gpid>().ok().map(|g| g.app_id.0));
        let name = run.field("app_name");
        let tied = |fits: &dyn Fn(i64, i64, &str) -> bool| self.tables.iter().any(|((app, dup), name)| fits(*app, *dup, name));
        let of_app = || match name {
            Some(name) => filter.wants_app(name),
            None => tied(&|a, d, name| filter.wants_app(name) && app == Some(a) && dup.is_none_or(|mine| mine == d)),
        };
        let of_dup = |choice: &DupChoice| match dup {
            Some(dup) => dup == choice.dup_id.0 && choice.app_id.is_none_or(|wanted| app.is_none_or(|app| app == wanted.0)),
            None => tied(&|a, d, tied| {
                d == choice.dup_id.0 && choice.app_id.is_none_or(|wanted| wanted.0 == a) && (name == Some(tied) || app == Some(a))
            }),
        };
        (filter.apps.is_empty() || of_app()) && (filter.dups.is_empty() || filter.dups.iter().any(of_dup))
    }
}

fn event(path: &str, run: &Run) -> Map<String, Value> {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("schema_version", json!(SCHEMA_VERSION));
    put("at", json!(run.first.at.rfc3339()));
    put("at_ns", json!(run.first.at.0));
    put("input", json!(path));
    // Messages about files and ZooKeeper nodes have a field of this name; it wins below.
    put("path", json!(path));
    put("line", json!(run.first.number()));
    put("offset", json!(run.first.offset));
    put("level", json!(run.pattern.level.letter()));
    put("role", json!(run.pattern.role.name()));
    put("event", json!(run.kind().name()));
    for key in ["app_id", "dup_id", "app_name", "remote_cluster"] {
        put(key, Value::Null);
    }
    for (name, text) in &run.fields {
        put(name, value(run.pattern, name, text));
    }
    if let Some(gpid) = run.field("gpid").and_then(|g| g.parse::<Gpid>().ok()) {
        // The table's id within the cluster of the server that wrote the line.
        if run.field("app_id").is_none() {
            put("app_id", json!(gpid.app_id));
        }
        if run.field("partition_index").is_none() {
            put("partition_index", json!(gpid.partition));
        }
    }
    if run.kind() == EventKind::NfsSourceFailed
        && let Some(file) = run.field("path")
    {
        put("file_path", json!(file));
    }
    object
}

/// A field in the type that its template gives it.
fn value(pattern: &Pattern, name: &str, text: &str) -> Value {
    let kind = pattern.field(name);
    if (kind == Some(FieldType::Int) || matches!(name, "app_id" | "dup_id"))
        && let Ok(number) = text.parse::<i64>()
        && number.to_string() == text
    {
        return json!(number);
    }
    if kind == Some(FieldType::Json)
        && let Ok(parsed) = serde_json::from_str::<Value>(text)
    {
        return parsed;
    }
    json!(text)
}
