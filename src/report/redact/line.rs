//! One line of a log, field by field where its message is known: the words of the code stay.

use super::Redactor;
use super::alias::{Kind, plain_table};
use super::text::{hide, hide_distinctive};
use super::unknown::{hide_all, hide_unknown};
use crate::event::{FieldType, Pattern, Reading, read};
use crate::record::{find_header, header};
use serde_json::Value;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A number, a status, a code: nothing to hide.
    Nothing,
    Table,
    Cluster,
    /// `cluster.table`
    Pair,
    Address,
    User,
    Json,
    /// Anything.
    Text,
    /// Anything, with words that no message of ours has: what a server says as it stops.
    Unknown,
}

/// What a field of a pattern holds, by its name and its type.
pub(super) fn holds(name: &str, kind: FieldType) -> Holds {
    match kind {
        FieldType::Int | FieldType::Hex | FieldType::Gpid | FieldType::Name | FieldType::Enum => return Holds::Nothing,
        FieldType::Json => return Holds::Json,
        FieldType::Address | FieldType::Text => {}
    }
    match name {
        "app_name" | "remote_app_name" | "other_app_name" | "old_app_name" | "new_app_name" => Holds::Table,
        "remote_cluster" | "req_master_cluster" | "my_master_cluster" => Holds::Cluster,
        "master" | "duplication" => Holds::Pair,
        "node" | "node_2" | "meta" | "primary" | "hp_primary" | "peer" | "remote" | "session_remote" | "client" | "addr" | "learner"
        | "owner" | "owner_seq" | "reporter" | "lock_service_owner" => Holds::Address,
        "user" => Holds::User,
        "entry" | "raw_json" => Holds::Json,
        "message" => Holds::Unknown,
        _ if kind == FieldType::Address => Holds::Address,
        _ => Holds::Text,
    }
}

/// The type of a field; groups of a user's expression are known by their names only.
pub(super) fn type_of(pattern: &Pattern, name: &str) -> FieldType {
    pattern.field(name).unwrap_or(match name {
        "app_id" | "dup_id" => FieldType::Int,
        "gpid" => FieldType::Gpid,
        "status" | "err" => FieldType::Name,
        _ => FieldType::Text,
    })
}

impl Redactor {
    /// A line, with whatever stands around it.
    pub(super) fn hide_line(&mut self, line: &str) -> String {
        let hidden = if header(line.as_bytes()).is_some() {
            self.hide_records(line)
        } else if let Some(record) = self.hide_json_record(line) {
            record
        } else if let Some((at, _)) = find_header(line.as_bytes()).filter(|(at, _)| line.is_char_boundary(*at)) {
            self.hide_envelope(&line[..at]) + &self.hide_records(&line[at..])
        } else {
            self.hide_body(line, None, b'?')
        };
        hide_distinctive(&mut self.aliases, &hidden)
    }

    /// A header and its message, and whatever a broken write has glued to it.
    fn hide_records(&mut self, text: &str) -> String {
        let Some(found) = header(text.as_bytes()) else { return self.hide_body(text, None, b'?') };
        let begin = text.len() - found.body.len();
        let (Some(head), Some(body)) = (text.get(..begin), text.get(begin..)) else { return self.hide_text(text) };
        match find_header(found.body).filter(|(at, _)| body.is_char_boundary(*at)) {
            Some((at, _)) => head.to_owned() + &self.hide_body(&body[..at], found.file, found.level) + &self.hide_records(&body[at..]),
            None => head.to_owned() + &self.hide_body(body, found.file, found.level),
        }
    }

    fn hide_body(&mut self, body: &str, file: Option<&[u8]>, letter: u8) -> String {
        let Reading::Known(message) = read(body, file, letter) else { return self.hide_text(body) };
        let joined = message.pattern.dotted_table();
        let at = |text: &str| (text.as_ptr() as usize).checked_sub(body.as_ptr() as usize);
        let mut fields: Vec<(usize, &str, FieldType, &str)> =
            message.fields.iter().filter_map(|(name, kind, text)| Some((at(text)?, *name, *kind, *text))).collect();
        fields.sort_by_key(|f| f.0);
        let mut out = String::with_capacity(body.len());
        let mut from = 0;
        let mut skip = None;
        for (index, (start, name, kind, text)) in fields.iter().enumerate() {
            if *start < from || skip == Some(index) {
                continue;
            }
            out.push_str(&body[from..*start]);
            from = start + text.len();
            // The env's key tells what its value is.
            let env = matches!(*name, "env_value" | "value" | "second") && body.contains("cluster");
            let table = fields.get(index + 1).filter(|next| *name == "remote_cluster" && Some(next.1) == joined && next.0 == from + 1);
            if let Some(table) = table {
                let (cluster, table_name) = self.clusters.split(&format!("{text}.{}", table.3));
                let base = plain_table(&table_name);
                out.push_str(&self.aliases.pair(&cluster, base));
                out.push_str(&table_name[base.len()..]);
                from = table.0 + table.3.len();
                skip = Some(index + 1);
            } else {
                let what = if env && holds(name, *kind) == Holds::Text && !text.contains([':', '/', ' ']) {
                    Holds::Cluster
                } else {
                    holds(name, *kind)
                };
                out.push_str(&self.hide_field(what, text));
            }
        }
        out.push_str(&body[from..]);
        out
    }

    /// The text of one field.
    pub(super) fn hide_field(&mut self, what: Holds, text: &str) -> String {
        match what {
            Holds::Nothing => text.to_owned(),
            Holds::Table => self.table(text),
            Holds::Cluster => self.name(Kind::Cluster, text),
            Holds::Pair => self.pair(text),
            Holds::Address => hide(&mut self.aliases, text),
            Holds::Text => self.hide_text(text),
            Holds::Unknown if self.strict => self.hide_text(text),
            Holds::Unknown => hide_unknown(&mut self.aliases, text),
            Holds::User => self.name(Kind::User, text),
            Holds::Json => match serde_json::from_str::<Value>(text) {
                Ok(mut value) => {
                    self.hide_value("", &mut value);
                    value.to_string()
                }
                Err(_) => self.hide_text(text),
            },
        }
    }

    /// Text that may hold anything. Where it is strict, nothing of it is left that is no alias, no number and no code.
    fn hide_text(&mut self, text: &str) -> String {
        if self.strict { hide_all(&mut self.aliases, text) } else { hide(&mut self.aliases, text) }
    }

    /// What a JSON value says, below a key.
    pub(super) fn hide_value(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide_field(json_key(key), text),
            Value::Array(all) => all.iter_mut().for_each(|one| self.hide_value(key, one)),
            Value::Object(fields) => {
                for (key, one) in fields.iter_mut() {
                    self.hide_value(key, one);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// What stands below a key of Pegasus' JSON.
pub(super) fn json_key(key: &str) -> Holds {
    match key {
        "remote" | "remote_cluster" | "cluster" | "cluster_name" | "remote_cluster_name" => Holds::Cluster,
        "app_name" | "remote_app_name" | "table" | "table_name" => Holds::Table,
        "status" | "fail_mode" | "create_ts" | "duplication_status" => Holds::Nothing,
        _ => Holds::Text,
    }
}
