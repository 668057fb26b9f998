//! The names that lines, inputs and servers state.

use super::Redactor;
use super::alias::{Kind, plain_table};
use super::line::{Holds, holds, json_key, type_of};
use super::matcher::is_distinctive;
use super::vocabulary::{is_common_file, is_word};
use crate::event::{EventKind, FieldType, Pattern, Reading, read};
use crate::record::{glued, unwrap};
use crate::run::Run;
use crate::source::server_of;
use crate::timeline::addresses;
use regex::Regex;
use serde_json::Value;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Names behind words that say what they are, in lines whose message is not known; quotes may be escaped.
static KEYED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let key = "app[_ ]?name|remote[_ ]app[_ ]name|table(?:[_ ]name)?|app|remote[_ ]cluster(?:[_ ]name)?|cluster(?:[_ ]name)?|user(?:[_ ]?name)?|principal|owner|host(?:[_ ]?name)?|pod(?:[_ ]name)?|follower";
    let name = r#"[^\s"'\\()\[\]{},;=&]+"#;
    let quote = r#"\\*["']?"#;
    Regex::new(&format!(r"(?i)(?:\b(?P<key>{key}){quote}\s?[=:(\[{{]\s?{quote}|[?&](?P<query>name|app|table)=|\b(?P<who>user|principal)\s{quote})(?P<name>{name})")).ok()
});

impl Redactor {
    /// Notes what the fields and the texts of a run name.
    pub(super) fn learn_run(&mut self, run: &Run) {
        if let Some(origin) = &run.origin {
            self.learn_origin(origin);
        }
        let fields: Vec<(&str, FieldType, &str)> =
            run.fields.iter().map(|(name, text)| (*name, type_of(run.pattern, name), text.as_ref())).collect();
        self.learn_fields(run.pattern, &fields);
        for line in std::iter::once(&run.first).chain(&run.tail) {
            self.learn_line(&line.text);
        }
    }

    /// Notes what a line names: its envelope, the fields of its message, the keys in its text.
    pub(super) fn learn_line(&mut self, line: &str) {
        let unwrapped = unwrap(line.as_bytes());
        if let Some(origin) = &unwrapped.envelope.origin {
            self.learn_origin(origin);
        }
        let text = String::from_utf8_lossy(&unwrapped.text);
        let mut records = glued(text.as_bytes()).peekable();
        if records.peek().is_none() {
            self.learn_text(&text);
        }
        for record in records {
            let body = String::from_utf8_lossy(record.body);
            let known = match read(&body, record.file, record.level) {
                Reading::Known(message) => {
                    self.learn_fields(message.pattern, &message.fields);
                    !matches!(message.kind(), EventKind::RawText | EventKind::ProcessAborted)
                }
                Reading::Drift(_) | Reading::Other => false,
            };
            if !known {
                self.learn_text(&body);
            }
        }
    }

    fn learn_fields(&mut self, pattern: &Pattern, fields: &[(&'static str, FieldType, &str)]) {
        let text = |wanted: &str| fields.iter().find(|(name, ..)| *name == wanted).map(|(.., text)| *text);
        let cluster = text("remote_cluster");
        let dotted = pattern.dotted_table();
        if let (Some(cluster), None) = (cluster, dotted) {
            self.clusters.note(cluster);
        }
        let joined = cluster.zip(dotted.and_then(text));
        if let Some((cluster, table)) = joined {
            self.learn_field(Holds::Pair, &format!("{cluster}.{}", plain_table(table)));
        }
        // What the machine tells names it without a port.
        for (.., text) in fields.iter().filter(|(name, _, text)| *name == "node" && pattern.file.is_empty() && !text.contains(':')) {
            self.learn_origin(text);
        }
        for (name, kind, text) in fields {
            if joined.is_none() || (*name != "remote_cluster" && Some(*name) != dotted) {
                self.learn_field(holds(name, *kind), text);
            }
        }
    }

    fn learn_field(&mut self, what: Holds, text: &str) {
        match what {
            Holds::Nothing => {}
            Holds::Text | Holds::Unknown => self.learn_text(text),
            Holds::Table => self.aliases.learn(Kind::Table, plain_table(text)),
            Holds::Cluster => self.aliases.learn(Kind::Cluster, text),
            Holds::User => self.aliases.learn(Kind::User, text),
            Holds::Pair => {
                if let Some((cluster, table)) = self.pair_of(text) {
                    self.aliases.learn_pair(&cluster, &table);
                }
            }
            Holds::Address => self.learn_hosts(text),
            Holds::Json => {
                if let Ok(value) = serde_json::from_str::<Value>(text) {
                    self.learn_value("", &value);
                }
            }
        }
    }

    fn learn_value(&mut self, key: &str, value: &Value) {
        match value {
            Value::String(text) => self.learn_field(json_key(key), text),
            Value::Array(all) => all.iter().for_each(|one| self.learn_value(key, one)),
            Value::Object(fields) => fields.iter().for_each(|(key, one)| self.learn_value(key, one)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Hosts of `host:34801(10.1.1.1:34801)`; numbers are known by their shape.
    pub(super) fn learn_hosts(&mut self, text: &str) {
        for address in addresses(text) {
            let Some((host, port)) = address.rsplit_once(':') else { continue };
            let number = host.parse::<Ipv4Addr>().is_ok() || host.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok();
            let plain = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || matches!(c, '/' | ':' | ','));
            if !number && plain && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) {
                self.aliases.learn(Kind::Host, host);
            }
        }
    }

    /// Names in a text whose message nobody knows.
    pub(super) fn learn_text(&mut self, text: &str) {
        let Some(keyed) = KEYED.as_ref() else { return };
        for found in keyed.captures_iter(text) {
            let name = found["name"].trim_end_matches(['.', ':']);
            // `app_id` and `cluster_root` are keys, `app(3)` is a number.
            if name.bytes().all(|b| b.is_ascii_digit() || b == b'.') || (is_word(name) && !found[0].contains(['=', '['])) {
                continue;
            }
            let key =
                ["key", "query", "who"].iter().find_map(|group| found.name(group)).map_or_else(String::new, |k| k.as_str().to_lowercase());
            // `user X` may be any sentence; accounts have a shape.
            if found.name("who").is_some() && (is_word(name) || !is_distinctive(name)) {
                continue;
            }
            if key.starts_with("host") || key.starts_with("pod") {
                self.learn_hosts(name);
                if !name.contains([':', '/']) {
                    self.aliases.learn(Kind::Host, name);
                }
            } else if key.starts_with("user") || matches!(key.as_str(), "principal" | "owner") {
                if !name.contains(['@', '/', ':']) {
                    self.aliases.learn(Kind::User, name);
                }
            } else if key.contains("cluster") || key == "follower" {
                self.aliases.learn(Kind::Cluster, name);
            } else if key == "app" && found[0].contains('[') && name.contains('.') {
                let (cluster, table) = self.clusters.split(name);
                self.aliases.learn_pair(&cluster, &table);
            } else {
                self.aliases.learn(Kind::Table, name);
            }
        }
    }

    /// The host, the pod or the file that an envelope names.
    pub(super) fn learn_origin(&mut self, origin: &str) {
        let is_host = !origin.contains(['/', '!']) && !is_word(origin) && !is_common_file(origin);
        if is_host {
            self.aliases.learn(Kind::Host, origin);
        }
        self.learn_path(origin);
    }

    /// The folders of an input; the one of its server is a host.
    pub(super) fn learn_path(&mut self, path: &str) {
        let label = server_of(path);
        let host = label.rsplit(['/', '!']).next().unwrap_or_default();
        let folders: Vec<&str> = path.split(['/', '!']).collect();
        let files = usize::from(folders.last().is_some_and(|f| is_common_file(f) && folders.len() > 1));
        for folder in &folders[..folders.len() - files] {
            if *folder == host && !is_word(folder) {
                self.aliases.learn(Kind::Host, host);
            } else if !is_common_file(folder) {
                self.aliases.learn(Kind::Folder, folder);
            }
        }
    }

    /// The name of a server: what is not the folder of its cluster.
    pub(super) fn learn_label(&mut self, label: &str) {
        let label = label.split('#').next().unwrap_or_default();
        let last = label.rsplit('/').next().unwrap_or_default();
        if !is_word(last) {
            self.aliases.learn(Kind::Host, last);
        }
        self.learn_path(label);
    }
}
