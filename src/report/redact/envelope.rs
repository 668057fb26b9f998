//! What collectors put around a line: whatever stands there and is no time, number or word of theirs names somebody.

use super::Redactor;
use super::alias::Kind;
use super::text::hide;
use super::vocabulary::is_word;
use crate::record::find_header;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Where a line in a file, a process or a place in a file is told: `:12:`, `-12-`, `[4711]`.
static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(?P<name>.*?)(?P<number>:\d+:|-\d+-|\[\d+\]:?|[:\-]+)$").ok());

/// Words of collectors, beside those of every line.
const WORDS: &str = "
    jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun stdout stderr f p pod container local fields
    utc info notice warn warning err debug crit docker systemd kernel
";

impl Redactor {
    /// What stands before a header or a record.
    pub(super) fn hide_envelope(&mut self, text: &str) -> String {
        /// What is longer is the torn rest of another line.
        const LONGEST: usize = 512;
        if text.len() > LONGEST {
            return hide(&mut self.aliases, text);
        }
        text.split_inclusive([' ', '\t', '<', '>', '(', ')', '"', ',', ';'])
            .map(|word| {
                let end = word.trim_end_matches([' ', '\t', '<', '>', '(', ')', '"', ',', ';']).len();
                let (word, gap) = word.split_at(end);
                self.hide_word(word) + gap
            })
            .collect()
    }

    /// `[pod/meta-0/meta]`, `logs/meta.log:12:`, `pegasus[4711]:`, `key=value`
    fn hide_word(&mut self, word: &str) -> String {
        let inner = word.trim_start_matches('[');
        let inner = inner.strip_prefix("pod/").unwrap_or(inner);
        let open = &word[..word.len() - inner.len()];
        if let Some((key, value)) = inner.split_once('=') {
            return format!("{open}{key}={}", self.hide_word(value));
        }
        let (inner, close) = match (open.is_empty(), inner.split_once(']')) {
            (false, Some((name, _))) => inner.split_at(name.len()),
            _ => (inner, ""),
        };
        let found = NUMBERED.as_ref().and_then(|shape| shape.captures(inner));
        let name = found.as_ref().map_or(inner, |found| found.name("name").map_or(inner, |name| name.as_str()));
        if is_told(name) || is_told(inner) {
            return word.to_owned();
        }
        let hidden = if name.contains('/') {
            self.learn_origin(name);
            self.aliases.settle();
            self.path(name)
        } else if let Some(alias) = self.aliases.known(name) {
            alias.to_owned()
        } else {
            let hidden = hide(&mut self.aliases, name);
            if hidden == name { self.name(Kind::Host, name) } else { hidden }
        };
        [open, &hidden, &inner[name.len()..], close].concat()
    }

    /// A record of docker, journald or a shipper, with what stands before it.
    pub(super) fn hide_json_record(&mut self, line: &str) -> Option<String> {
        let at = line.find('{').filter(|at| *at < 256)?;
        let mut value = serde_json::from_str::<Value>(&line[at..]).ok().filter(Value::is_object)?;
        self.hide_record_fields(&mut value);
        Some(self.hide_envelope(&line[..at]) + &value.to_string())
    }

    /// The string in which a header stands is the line, whatever its key.
    fn hide_record_fields(&mut self, value: &mut Value) {
        /// journald writes a message that is not UTF-8 as a list of bytes.
        fn bytes(all: &[Value]) -> Option<String> {
            let bytes: Option<Vec<u8>> = all.iter().map(|b| u8::try_from(b.as_u64()?).ok()).collect();
            bytes.filter(|bytes| find_header(bytes).is_some()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        }
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|one| self.hide_record_fields(one)),
            Value::Array(all) => match bytes(all) {
                Some(line) => *value = Value::String(self.hide_line(&line)),
                None => all.iter_mut().for_each(|one| self.hide_record_fields(one)),
            },
            Value::String(text) if find_header(text.as_bytes()).is_some() => {
                *text = text
                    .split_inclusive('\n')
                    .map(|line| {
                        let end = line.trim_end_matches(['\n', '\r']).len();
                        self.hide_line(&line[..end]) + &line[end..]
                    })
                    .collect();
            }
            Value::String(text) => *text = self.hide_envelope(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// A time, a number, or a word that is no name.
fn is_told(word: &str) -> bool {
    let plain = word.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let time = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'.' | b'+' | b't' | b'z' | b',' | b'_'))
        && plain.matches('.').count() < 3
        && !plain.starts_with(['t', 'z', ':']);
    time || is_word(&plain) || WORDS.split_whitespace().any(|w| w == plain)
}

#[cfg(test)]
mod tests {
    use crate::report::Redaction;

    const BODY: &str = "meta.m: meta_duplication_service.cpp:556:operator()(): query follower app[backup.orders] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE";

    #[test]
    fn no_envelope_names_anybody() {
        let line = format!("E2024-05-25 10:11:00.000 (1716603060000000001 7556) {BODY}");
        for before in [
            "vault-meta-0 vault ",
            "[pod/vault-meta-0/vault] ",
            "vaulthost17: ",
            "vaultdir/vault.log:12:",
            "May 25 10:11:09 vaulthost17 pegasus[12]: ",
            "<134>1 2024-05-25T10:11:09.5Z vaulthost17 pegasus 4711 - - ",
        ] {
            let hidden = Redaction::default().line(&format!("{before}{line}"));
            assert!(!hidden.contains("vault") && !hidden.contains("orders"), "{hidden}");
            assert!(hidden.contains("ERR_NO_NEED_OPERATE"), "{hidden}");
        }
        // Whatever the key is: the message stays one.
        for key in ["MESSAGE", "__CONTENT__"] {
            let record =
                format!(r#"{{"_HOSTNAME":"vaulthost17","{key}":"{line}","attrs":{{"tag":"vault"}},"time":"2024-05-25T02:16:29.5Z"}}"#);
            let hidden = Redaction::default().line(&record);
            assert!(!hidden.contains("vault") && hidden.contains(r#""time":"2024-05-25T02:16:29.5Z""#), "{hidden}");
            assert!(!hidden.contains("orders") && hidden.contains("replica configuration completed, result: "), "{hidden}");
        }
    }
}
