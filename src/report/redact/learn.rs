//! The names that lines, inputs and servers state.

use super::Redactor;
use super::alias::Kind;
use super::line::{Holds, holds, json_key, type_of};
use super::vocabulary::{is_common_file, is_word};
use crate::event::EventKind;
use crate::record::unwrap;
use crate::run::Run;
use crate::source::server_of;
use crate::timeline::addresses;
use regex::Regex;
use serde_json::Value;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

/// Names behind words that say what they are, in lines whose message is not known.
static KEYED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)\b(?P<key>app[_ ]?name|remote[_ ]app[_ ]name|table(?:[_ ]name)?|app|remote[_ ]cluster|cluster(?:[_ ]name)?|user)\s?[=:(\[{]\s?["']?(?P<name>[^\s"'()\[\]{},;=]+)"#).ok()
});

impl Redactor {
    /// Notes what the fields and the texts of a run name.
    pub(super) fn learn_run(&mut self, run: &Run) {
        if let Some(origin) = &run.origin {
            self.learn_path(origin);
        }
        let joined = self.clusters.resplit(run);
        for (name, text) in &run.fields {
            match &joined {
                Some((cluster, _, _)) if *name == "remote_cluster" => self.aliases.learn(Kind::Cluster, cluster),
                Some((_, field, table)) if name == field => self.aliases.learn(Kind::Table, plain_table(table)),
                _ => self.learn_field(holds(name, type_of(run.pattern, name)), text),
            }
        }
        let known = !matches!(run.kind(), EventKind::RawText | EventKind::ProcessAborted);
        for line in std::iter::once(&run.first).chain(&run.tail) {
            if let Some(origin) = unwrap(line.text.as_bytes()).envelope.origin {
                self.learn_path(&origin);
            }
            if !known {
                self.learn_text(&line.text);
            }
        }
    }

    fn learn_field(&mut self, what: Holds, text: &str) {
        match what {
            Holds::Nothing | Holds::Text => {}
            Holds::Table => self.aliases.learn(Kind::Table, plain_table(text)),
            Holds::Cluster => self.aliases.learn(Kind::Cluster, text),
            Holds::User => self.aliases.learn(Kind::User, text),
            Holds::Pair => {
                if let Some((cluster, table)) = self.pair_of(text) {
                    self.aliases.learn(Kind::Cluster, &cluster);
                    self.aliases.learn(Kind::Table, &table);
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
            let key = found["key"].to_lowercase();
            if key == "user" {
                self.aliases.learn(Kind::User, name);
            } else if key.contains("cluster") {
                self.aliases.learn(Kind::Cluster, name);
            } else if key == "app" && found[0].contains('[') && name.contains('.') {
                let (cluster, table) = self.clusters.split(name);
                self.aliases.learn(Kind::Cluster, &cluster);
                self.aliases.learn(Kind::Table, &table);
            } else {
                self.aliases.learn(Kind::Table, name);
            }
        }
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

/// `name(5)` is how some lines print a table.
pub(super) fn plain_table(text: &str) -> &str {
    let base = text
        .strip_suffix(')')
        .and_then(|t| t.rsplit_once('('))
        .filter(|(base, id)| !base.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
    base.map_or(text, |(base, _)| base)
}
