//! Names that matter to duplication, and what is spelt nearly like them.

use super::ini::Ini;
use crate::answer::ParseIssue;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `known.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    sections: BTreeMap<String, Vec<String>>,
    others: Vec<String>,
}

// The tests below would fail without the file; a program must not.
static KNOWN: LazyLock<Known> = LazyLock::new(|| toml::from_str(include_str!("known.toml")).unwrap_or_default());

/// The name that a slip of the pen was probably meant to be: at most two letters differ, and less than a third of them.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close = |candidate: &&str| {
        let apart = strsim::levenshtein(&name.to_ascii_lowercase(), candidate);
        (apart <= 2 && apart * 3 <= candidate.len()).then_some(apart)
    };
    known.into_iter().filter_map(|k| Some((close(&k)?, k))).min().map(|(_, k)| k)
}

/// Sections and keys that are nearly right.
pub(super) fn misspelt(ini: &Ini) -> Vec<ParseIssue> {
    let mut found = Vec::new();
    let Known { sections, others } = &*KNOWN;
    for section in &ini.sections {
        // `[[x]]` is complained about where it is read.
        if section.name.starts_with('[') {
            continue;
        }
        let Some(keys) = sections.get(&section.name) else {
            let missing = sections.keys().map(String::as_str).filter(|s| ini.section(s).is_none());
            if !others.contains(&section.name)
                && let Some(meant) = nearest(&section.name, missing)
            {
                found.push(ParseIssue {
                    line: section.line,
                    what: format!("[{}] is not a section that Pegasus reads; did you mean [{meant}]?", section.name),
                });
            }
            continue;
        };
        for entry in &section.entries {
            let unset = keys.iter().map(String::as_str).filter(|key| ini.get(&section.name, key).is_none());
            if !keys.contains(&entry.key)
                && !others.contains(&entry.key)
                && let Some(meant) = nearest(&entry.key, unset)
            {
                let what = format!("[{}] {} is not a key that Pegasus reads; did you mean {meant}?", section.name, entry.key);
                found.push(ParseIssue { line: entry.line, what });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_keys_left_alone() {
        let ini = Ini::parse(
            "c",
            b"[pegasus.cluster]\nsg = a:1\n[duplication_group]\nsg = 1\n[replication]\nduplication_enabeld = true\nlog_shared_file_size_mb = 32\nprepare_list_max_size_mb = 250\n",
        );
        let found: Vec<&str> = ini.issues.iter().map(|b| b.what.as_str()).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].ends_with("did you mean [pegasus.clusters]?"));
        assert!(found[1].ends_with("did you mean [duplication-group]?"));
        assert!(found[2].ends_with("did you mean duplication_enabled?"));
    }

    #[test]
    fn short_names_are_not_guessed() {
        assert_eq!(nearest("abc", ["axyz", "nfs"]), None);
        assert_eq!(nearest("Duplication_enabled", ["duplication_enabled"]), Some("duplication_enabled"));
    }
}
