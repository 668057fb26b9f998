//! A configuration: sections, keys, values, lines.

use crate::answer::ParseIssue;

/// One key of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its value, trimmed, without comment; empty when there is none.
    pub value: String,
    /// The line, from 1.
    pub line: u64,
    /// The line as it stands.
    pub text: String,
}

impl Entry {
    /// Whether a deployment tool is still to put something in, for the key or for the value: `%{cluster.name}`, `%port%` or, in what
    /// Pegasus' own scripts fill, `@CLUSTER_NAME@`.
    pub fn is_placeholder(&self) -> bool {
        let open =
            |text: &str| text.contains("%{") || ['%', '@'].iter().any(|&c| text.len() > 2 && text.starts_with(c) && text.ends_with(c));
        open(&self.value) || open(&self.key)
    }

    /// The value as a whole number.
    pub fn number(&self) -> Option<i64> {
        self.value.parse().ok()
    }

    /// The value as Pegasus reads a switch.
    pub fn switch(&self) -> Option<bool> {
        match self.value.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// The line of its head.
    pub line: u64,
    /// Its keys, in order; each once.
    pub entries: Vec<Entry>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ini {
    /// The name as the user would write it.
    pub path: String,
    /// Its sections, in order; each once.
    pub sections: Vec<Section>,
    /// What is wrong with it.
    pub issues: Vec<ParseIssue>,
}

impl Ini {
    /// A section.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.name == name)
    }

    /// A key of a section.
    pub fn get(&self, section: &str, key: &str) -> Option<&Entry> {
        self.section(section)?.entries.iter().find(|e| e.key == key)
    }

    /// A key's value, unless it is missing, empty or still to be filled.
    pub fn value(&self, section: &str, key: &str) -> Option<&str> {
        self.get(section, key).filter(|e| !e.is_placeholder() && !e.value.is_empty()).map(|e| e.value.as_str())
    }

    /// A key's switch.
    pub fn switch(&self, section: &str, key: &str) -> Option<bool> {
        self.get(section, key)?.switch()
    }
}
