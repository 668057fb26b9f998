//! The files of Rust in the repository, with and without tests and comments.

use crate::support::root;
use regex::Regex;
use std::sync::LazyLock;

/// A file of Rust: its path in the repository and its text.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// The layer it belongs to; the crate root belongs to none.
    pub(super) fn layer(&self) -> Option<&str> {
        let first = self.path.strip_prefix("src/")?.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first)).filter(|l| !matches!(*l, "lib" | "internal"))
    }

    /// What the program consists of: no tests, no comments.
    pub(super) fn code(&self) -> String {
        static TESTS: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\n *#\[cfg\(test\)\]\n *(#\[[^\n]*\]\n *)*(pub\(\w+\) )?mod \w+ \{").unwrap());
        let text = TESTS.split(&self.text).next().unwrap_or_default();
        text.lines().filter(|l| !l.trim_start().starts_with("//")).fold(String::new(), |all, line| all + line + "\n")
    }

    /// Whether the whole file is compiled only for tests.
    pub(super) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/") || matches!(name, "tests.rs" | "samples.rs" | "golden.rs" | "golden_history.rs")
    }
}

/// All files below some folders, by path.
pub(super) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut open: Vec<_> = folders.iter().map(|f| root().join(f)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(Source { path: name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no source found");
    found
}
