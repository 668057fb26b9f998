//! The words of the checks: `checks.toml`.

use crate::signature::{Command, Confidence, Severity, Words};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advice {
    pub(super) en: String,
    pub(super) zh: String,
    #[serde(default)]
    pub(super) commands: Vec<Command>,
}

/// What a check looks at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckWords {
    pub(super) id: String,
    pub(super) en: String,
    pub(super) zh: String,
    pub(super) needs: Option<Words>,
    #[serde(default)]
    pub(super) fix: Vec<Advice>,
    #[serde(default)]
    pub(super) fault: BTreeMap<String, FaultWords>,
}

/// One way to fail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultWords {
    pub(super) code: String,
    pub(super) severity: Option<Severity>,
    pub(super) confidence: Option<Confidence>,
    pub(super) en: String,
    pub(super) zh: String,
    #[serde(default)]
    pub(super) fix: Vec<Advice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    check: Vec<CheckWords>,
}

static WORDS: LazyLock<BTreeMap<String, CheckWords>> = LazyLock::new(|| {
    // A test reads the file and would fail; a program must not.
    let file: Option<File> = toml::from_str(include_str!("checks.toml")).ok();
    file.map(|f| f.check.into_iter().map(|c| (c.id.clone(), c)).collect()).unwrap_or_default()
});

/// The words of a check.
pub(super) fn words(id: &str) -> Option<&'static CheckWords> {
    WORDS.get(id)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::super::checks::all;
    use super::*;
    use crate::signature::Catalogue;

    #[test]
    fn every_check_has_its_words_and_every_word_its_check() {
        let file: File = toml::from_str(include_str!("checks.toml")).unwrap();
        let catalogue = Catalogue::built_in();
        let mut told: Vec<&str> = file.check.iter().map(|c| c.id.as_str()).collect();
        let mut checks: Vec<&str> = all().map(|(id, _)| id).collect();
        told.sort_unstable();
        checks.sort_unstable();
        assert_eq!(told, checks);
        for check in &file.check {
            for (name, fault) in &check.fault {
                assert!(catalogue.find(&fault.code).is_some(), "{} {name}: no such code {}", check.id, fault.code);
                assert!(!fault.fix.is_empty() || !check.fix.is_empty(), "{} {name}: what to do?", check.id);
                assert!(!fault.en.is_empty() && !fault.zh.is_empty());
            }
        }
    }
}
