//! JSON Schema 2020-12 of everything that is printed as JSON, made from the types and the patterns that print it.

use crate::event::{EventKind, FieldType, Pattern, patterns};
use crate::report::{Chapter, FindingLine, Report, SCHEMA_VERSION, StatusReport};
use crate::watch::ChangeLine;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Schema {
    /// The report of `diagnose --format json`.
    Report,
    /// A line of `diagnose --format ndjson`.
    Finding,
    /// A line of `events`.
    Event,
    /// A line of `watch --format ndjson`.
    Change,
    /// The histories of `timeline --format json`.
    Timeline,
    /// The answers of `status --format json`.
    Status,
}

/// The JSON Schema (2020-12), indented, with a line end.
#[must_use]
pub fn schema(of: Schema) -> String {
    let schema = match of {
        Schema::Report => of_type::<Report>("dupdoctor report", "The report of `dupdoctor diagnose --format json`."),
        Schema::Finding => of_type::<FindingLine<'_>>("dupdoctor finding", "A line of `dupdoctor diagnose --format ndjson`."),
        Schema::Change => of_type::<ChangeLine>("dupdoctor change", "A line of `dupdoctor watch --format ndjson`."),
        Schema::Timeline => of_type::<Vec<Chapter>>("dupdoctor timeline", "The histories of `dupdoctor timeline --format json`."),
        Schema::Status => of_type::<StatusReport>("dupdoctor status", "The answers of `dupdoctor status --format json`, a round of them."),
        Schema::Event => of_events(),
    };
    // Plain data with string keys always serialises.
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap_or_default())
}

fn of_type<T: JsonSchema>(title: &str, description: &str) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(Closed)
        .with_transform(schemars::transform::RecursiveTransform(plain_words));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let description = format!("{description} Every key is always there; what is not known is null.");
    let dialect = schema.remove("$schema");
    let mut whole = Map::from_iter(dialect.map(|d| ("$schema".to_owned(), d)));
    whole.extend([("title".to_owned(), json!(title)), ("description".to_owned(), json!(description))]);
    let said = ["title", "description"];
    whole.extend(
        schema.as_object().into_iter().flatten().filter(|(key, _)| !said.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())),
    );
    Value::Object(whole)
}

/// Objects have the keys that stand there and no others.
#[derive(Debug, Clone, Copy)]
struct Closed;

impl Transform for Closed {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        transform_subschemas(self, schema);
        if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            // A flattened part adds its keys from beside.
            let key = if schema.get("$ref").is_some() || schema.get("allOf").is_some() {
                "unevaluatedProperties"
            } else {
                "additionalProperties"
            };
            schema.insert(key.to_owned(), json!(false));
        }
    }
}

/// Descriptions without the links of Rust's documentation.
fn plain_words(schema: &mut schemars::Schema) {
    let Some(Value::String(text)) = schema.get_mut("description") else { return };
    *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
}

/// Events: what all have in common, and for each kind the fields of its wordings.
fn of_events() -> Value {
    let mut kinds: BTreeMap<&'static str, (EventKind, Vec<&'static Pattern>)> = BTreeMap::new();
    for pattern in patterns() {
        kinds.entry(pattern.event.name()).or_insert((pattern.event, Vec::new())).1.push(pattern);
    }
    let mut defs = Map::new();
    defs.insert("base".to_owned(), base());
    for (name, (kind, wordings)) in &kinds {
        defs.insert((*name).to_owned(), of_kind(*kind, wordings));
    }
    let any: Vec<Value> = kinds.keys().map(|name| json!({"$ref": format!("#/$defs/{name}")})).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dupdoctor event",
        "description": "A line of `dupdoctor events`. Which fields there are depends on `event`.",
        "oneOf": any,
        "$defs": defs,
    })
}

/// Fields of lines that every event has, null where its line does not name them.
const BASE_FIELDS: &[&str] = &["app_id", "dup_id", "app_name", "remote_cluster"];

/// The keys of every event.
fn base() -> Value {
    let properties = json!({
        "schema_version": {"const": SCHEMA_VERSION},
        "at": {"description": "The header's time, RFC 3339 in UTC, to the millisecond", "type": "string", "format": "date-time"},
        "at_ns": {"description": "The same in nanoseconds since 1970-01-01T00:00:00Z", "type": "integer"},
        "input": {"description": "The input", "type": "string"},
        "path": {"description": "The input, unless the message has a field of this name, which then stands here", "type": "string"},
        "line": {"description": "The line, from 1; null where the lines before a window of time were not counted", "type": ["integer", "null"], "minimum": 1},
        "offset": {"description": "Where the line begins in the decompressed input, in bytes", "type": "integer", "minimum": 0},
        "level": {"description": "Debug, information, warning, error, fatal, as the newest releases print it", "enum": ["D", "I", "W", "E", "F"]},
        "role": {"description": "Who writes such lines", "enum": ["meta", "replica", "follower-replica", "server"]},
        "event": {"description": "What the line states", "type": "string"},
        "app_id": {"description": "The table's id within the cluster of the server that wrote the line", "type": ["integer", "string", "null"]},
        "dup_id": {"description": "The duplication's id: the unix second of its creation", "type": ["integer", "string", "null"]},
        "app_name": {"description": "The table", "type": ["string", "null"]},
        "remote_cluster": {"description": "The target cluster", "type": ["string", "null"]},
    });
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn of_kind(kind: EventKind, wordings: &[&'static Pattern]) -> Value {
    let fields: Vec<BTreeMap<&'static str, FieldType>> = wordings.iter().map(|p| p.fields().collect()).collect();
    let mut properties = Map::new();
    properties.insert("event".to_owned(), json!({"const": kind.name()}));
    let always = |field: &str| fields.iter().all(|f| f.contains_key(field));
    // What the base says of these, null included, holds where not every wording has them.
    let said = |field: &str| BASE_FIELDS.contains(&field) && !always(field);
    for (field, kind) in fields.iter().flatten().filter(|(field, _)| !said(field)) {
        let more = shape(*kind);
        match properties.get_mut(*field) {
            // Wordings differ in how they print it.
            Some(known) if *known != more => *known = json!({}),
            Some(_) => {}
            None => drop(properties.insert((*field).to_owned(), more)),
        }
    }
    if fields.iter().any(|f| f.contains_key("gpid")) {
        let of_gpid = |what: &str| json!({"description": what, "type": ["integer", "string"]});
        properties.entry("partition_index").or_insert_with(|| of_gpid("The partition's index, from 0; -1 when it is not known"));
    }
    if kind == EventKind::NfsSourceFailed {
        properties
            .insert("file_path".to_owned(), json!({"description": "The same as path: the file that could not be read", "type": "string"}));
    }
    let required: Vec<&str> = fields
        .iter()
        .flat_map(BTreeMap::keys)
        .copied()
        .filter(|f| always(f))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut levels: Vec<Value> = wordings.iter().map(|p| json!(p.level.letter())).collect();
    levels.dedup();
    properties.insert("level".to_owned(), json!({"enum": levels}));
    json!({
        "allOf": [{"$ref": "#/$defs/base"}],
        "required": required,
        "properties": properties,
        "unevaluatedProperties": false,
        "description": kind.meanings().0,
    })
}

fn shape(kind: FieldType) -> Value {
    match kind {
        FieldType::Int => json!({"description": "A number; as text where it does not fit into 64 bits", "type": ["integer", "string"]}),
        FieldType::Hex => json!({"description": "A hexadecimal number", "type": "string"}),
        FieldType::Gpid => {
            json!({"description": "A partition: the table's id and the partition's index", "type": "string", "pattern": "^-?[0-9]+\\.-?[0-9]+$"})
        }
        FieldType::Name => json!({"description": "A name in capitals, such as a status or an error code", "type": "string"}),
        FieldType::Enum => json!({"description": "An enumerator, perhaps with its scope", "type": "string"}),
        FieldType::Address => json!({"description": "host:port, perhaps with (ip:port) behind it", "type": "string"}),
        FieldType::Text => json!({"type": "string"}),
        // What is printed as JSON is passed on as such.
        FieldType::Json => json!({"description": "A JSON value; as text where it is none"}),
    }
}
