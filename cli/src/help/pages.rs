//! The examples and exit statuses of each command, and the Chinese of what stands beside them.

use dupdoctor::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What the page of a command has beside its options.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) examples: Vec<Example>,
    exit: Text,
    /// What else is to be said of it.
    notes: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Example {
    pub(super) run: String,
    #[serde(flatten)]
    about: Text,
}

#[derive(Debug, Deserialize)]
struct Text {
    en: String,
    zh: String,
}

impl Page {
    pub(super) fn exit(&self, lang: Lang) -> &str {
        self.exit.of(lang)
    }

    pub(super) fn notes(&self, lang: Lang) -> Option<&str> {
        self.notes.as_ref().map(|notes| notes.of(lang))
    }
}

impl Text {
    fn of(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
}

impl Example {
    pub(super) fn about(&self, lang: Lang) -> &str {
        self.about.of(lang)
    }
}

static PAGES: LazyLock<BTreeMap<String, Page>> = LazyLock::new(|| toml::from_str(include_str!("pages.toml")).unwrap_or_default());
static ZH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| toml::from_str(include_str!("zh.toml")).unwrap_or_default());

/// The page of a command by its whole name.
pub(super) fn page(path: &str) -> Option<&'static Page> {
    PAGES.get(path)
}

/// The Chinese of an English text; a test sees to it that each has one.
pub(super) fn zh(english: &str) -> &'static str {
    ZH.get(english).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::commands::command;
    use clap::Command;
    use std::collections::BTreeSet;

    /// All that help says in English.
    fn texts(command: &Command, path: &str, all: &mut BTreeSet<String>, paths: &mut BTreeSet<String>) {
        paths.insert(path.to_owned());
        all.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            all.extend(arg.get_help().map(ToString::to_string));
            all.extend(arg.get_help_heading().map(str::to_owned));
            all.extend(
                arg.get_possible_values()
                    .iter()
                    .filter(|_| !arg.is_hide_possible_values_set())
                    .filter_map(|v| v.get_help().map(ToString::to_string)),
            );
        }
        for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
            texts(sub, &format!("{path} {}", sub.get_name()), all, paths);
        }
    }

    #[test]
    fn every_text_is_translated_and_every_command_has_a_page() {
        let pages: BTreeMap<String, Page> = toml::from_str(include_str!("pages.toml")).unwrap();
        let known: BTreeMap<String, String> = toml::from_str(include_str!("zh.toml")).unwrap();
        let (mut all, mut paths) = (BTreeSet::from(["Arguments", "Options", "Print help"].map(str::to_owned)), BTreeSet::new());
        texts(&command(), "dupdoctor", &mut all, &mut paths);
        let missing: Vec<_> = all.iter().filter(|text| !known.contains_key(*text)).collect();
        let stale: Vec<_> = known.keys().filter(|text| !all.contains(*text)).collect();
        assert!(missing.is_empty() && stale.is_empty(), "missing in zh.toml: {missing:#?}\nno longer said: {stale:#?}");
        assert_eq!(pages.keys().collect::<Vec<_>>(), paths.iter().collect::<Vec<_>>());
        assert!(pages.values().all(|page| !page.examples.is_empty()));
    }
}
