//! The table of messages as Rust: what kinds of events there are, and the wordings by which lines are read.

use super::table::{Result, Table};
use super::template::{Piece, Template};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

/// What is said of messages: in a wording, for all wordings of an event, or for all events of a file; the nearest counts.
struct Key {
    name: &'static str,
    shape: Shape,
    /// The Rust of a key that nobody sets; without one it has to be set.
    default: Option<&'static str>,
}

enum Shape {
    Text,
    Texts,
    Flag,
    /// One of these, which are the variants of that type.
    OneOf(&'static str, &'static [&'static str]),
    /// The same, or `either` for `None`.
    Either(&'static str, &'static [&'static str]),
}

/// Keys that wordings of one event can differ in.
const OF_WORDINGS: &[Key] = &[
    Key { name: "role", shape: Shape::OneOf("Role", &["meta", "replica", "follower-replica", "server"]), default: None },
    Key { name: "level", shape: Shape::OneOf("Level", &["debug", "info", "warning", "error", "fatal"]), default: None },
    Key { name: "file", shape: Shape::Text, default: None },
];

/// Keys that hold for an event, however it is worded.
const OF_EVENTS: &[Key] = &[
    Key { name: "about", shape: Shape::OneOf("About", ABOUT), default: Some("About::Replica") },
    Key { name: "side", shape: Shape::Either("Side", &["source", "target"]), default: Some("None") },
    Key { name: "answer", shape: Shape::Flag, default: Some("false") },
    Key { name: "refuses", shape: Shape::Flag, default: Some("false") },
    Key { name: "leads", shape: Shape::Flag, default: Some("false") },
    Key { name: "ends_runs", shape: Shape::Flag, default: Some("false") },
    Key { name: "key_in_path", shape: Shape::Flag, default: Some("false") },
    Key { name: "has_entry", shape: Shape::Flag, default: Some("false") },
    Key { name: "varies", shape: Shape::Texts, default: Some("&[]") },
    Key { name: "decrees", shape: Shape::Texts, default: Some("&[]") },
];

/// How a line shows which duplications it is about.
const ABOUT: &[&str] = &[
    "replica",
    "duplicated",
    "shipping",
    "either-replica",
    "copy",
    "target-partition",
    "names",
    "request",
    "dup-id",
    "table",
    "table-id",
    "asked-of-table",
    "target-table",
    "asked-table",
    "new-table",
    "create-request",
    "report",
    "waiting",
    "next-node",
    "expression",
];

#[derive(Default)]
pub(super) struct Rust {
    /// `EventKind` and what is known of each kind.
    pub(super) kinds: String,
    pub(super) patterns: String,
}

/// All of them, in the order of the files.
pub(super) fn rust(files: &[(PathBuf, String)]) -> Result<Rust> {
    let (mut variants, mut kinds, mut patterns, mut names) = (String::new(), String::new(), String::new(), BTreeMap::new());
    let shared = names_of(&[OF_WORDINGS, OF_EVENTS]);
    for (path, text) in files {
        let mut theme = Table::parse(path, text)?;
        let events = theme.take_tables();
        theme.check(&shared)?;
        for (name, event) in &events {
            event.check(&[&["en", "zh", "text", "sample", "samples", "wording"], shared.as_slice()].concat())?;
            if let Some(file) = names.insert(name.clone(), path.display()) {
                return Err(event.fault("", format!("{name} stands in {file} already")));
            }
            let [en, zh] = ["en", "zh"].map(|key| event.text(key)?.ok_or_else(|| event.fault("", format!("{name} has no {key}"))));
            let (en, zh, kind) = (en?, zh?, camel(name));
            let of_kind = fields(OF_EVENTS, &[event, &theme])?;
            _ = writeln!(variants, "/// `{name}`: {}.\n{kind},", markdown(&en));
            _ = writeln!(kinds, "Kind {{ name: {name:?}, en: {en:?}, zh: {zh:?}, {of_kind} }},");
            if event.text("text")?.is_some() {
                patterns += &pattern(&kind, &[event, &theme])?;
            }
            for wording in event.tables("wording")? {
                wording.check(&[&["text", "sample", "samples"], names_of(&[OF_WORDINGS]).as_slice()].concat())?;
                patterns += &pattern(&kind, &[&wording, event, &theme])?;
            }
        }
    }
    let kinds = format!(
        "/// A past fact that a log line states.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]\n#[non_exhaustive]\npub enum EventKind {{\n{variants}}}\n\
         impl EventKind {{\n/// Every kind.\npub const ALL: &[Self] = &[{}];\n}}\n\
         const KINDS: &[Kind] = &[\n{kinds}];\n",
        names.keys().map(|name| format!("Self::{}", camel(name))).collect::<Vec<_>>().join(", "),
    );
    Ok(Rust { kinds, patterns: format!("static PATTERNS: &[Pattern] = &[\n{patterns}];\n") })
}

fn names_of(keys: &[&[Key]]) -> Vec<&'static str> {
    keys.iter().copied().flatten().map(|key| key.name).collect()
}

/// A wording, as a value of `Pattern`.
fn pattern(kind: &str, tables: &[&Table]) -> Result<String> {
    let wording = tables[0];
    let text = wording.text("text")?.ok_or_else(|| wording.fault("", "a wording has no text"))?;
    // What stands behind a message is cut off before it is read.
    let template = Template::parse(text.trim_end()).map_err(|reason| wording.fault("text", reason))?;
    let samples = match wording.text("sample")? {
        Some(sample) => vec![sample],
        None => wording.texts("samples")?.ok_or_else(|| wording.fault("text", "it has no sample"))?,
    };
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => format!("Piece::Literal({text:?})"),
        Piece::Field(name, kind) => format!("Piece::Field({name:?}, FieldType::{kind})"),
    };
    let pieces: Vec<String> = template.pieces.iter().map(piece).collect();
    Ok(format!(
        "Pattern {{ event: EventKind::{kind}, {} prefix: Prefix::{}, template: {:?}, pieces: &[{}], specificity: {}, weak: {}, samples: &{samples:?} }},\n",
        fields(OF_WORDINGS, tables)?,
        template.prefix,
        template.text,
        pieces.join(", "),
        template.specificity(),
        template.weak(),
    ))
}

/// The keys as fields of a Rust struct; the first table that has one counts.
fn fields(keys: &[Key], tables: &[&Table]) -> Result<String> {
    let mut all = String::new();
    for key in keys {
        let mut value = None;
        for table in tables {
            if value.is_none() {
                value = literal(key, table)?;
            }
        }
        let value = value.or(key.default.map(str::to_owned)).ok_or_else(|| tables[0].fault("", format!("it has no {}", key.name)))?;
        _ = write!(all, "{}: {value}, ", key.name);
    }
    Ok(all)
}

/// The value of a key as Rust.
fn literal(key: &Key, table: &Table) -> Result<Option<String>> {
    match key.shape {
        Shape::Text => Ok(table.text(key.name)?.map(|text| format!("{text:?}"))),
        Shape::Texts => Ok(table.texts(key.name)?.map(|texts| format!("&{texts:?}"))),
        Shape::Flag => Ok(table.flag(key.name)?.map(|flag| flag.to_string())),
        Shape::OneOf(of, all) => variant(key, table, of, all),
        Shape::Either(..) if table.text(key.name)?.as_deref() == Some("either") => Ok(Some("None".to_owned())),
        Shape::Either(of, all) => Ok(variant(key, table, of, all)?.map(|variant| format!("Some({variant})"))),
    }
}

fn variant(key: &Key, table: &Table, of: &str, all: &[&str]) -> Result<Option<String>> {
    match table.text(key.name)? {
        Some(text) if !all.contains(&text.as_str()) => {
            Err(table.fault(key.name, format!("{} is one of {}, not {text}", key.name, all.join(", "))))
        }
        text => Ok(text.map(|text| format!("{of}::{}", camel(&text)))),
    }
}

/// `ship_failed` as `ShipFailed`.
fn camel(name: &str) -> String {
    let capital = |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
    name.split(['_', '-']).map(capital).collect()
}

/// Names of the configuration and of commands would be links or emphasis.
fn markdown(text: &str) -> String {
    let word = |word: &str| if word.contains(['_', '[']) { format!("`{word}`") } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
