//! What in one configuration, taken alone, fails when a server needs it.

use super::addresses::addresses;
use super::ini::Ini;
use std::collections::BTreeMap;

/// A setting that fails.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SettingFault {
    /// Its line; that of the section where something is missing.
    pub line: u64,
    /// `id_invalid`, `id_twice`, `name_missing` or `address_malformed`.
    pub kind: &'static str,
    /// The setting, and what is wrong with it.
    pub what: String,
}

/// Looks at `[duplication-group]`, `[pegasus.clusters]` and `cluster_name`, if the file has to do with duplication at all.
pub(crate) fn setting_faults(ini: &Ini) -> Vec<SettingFault> {
    let mut found = Vec::new();
    let (group, clusters) = (ini.section("duplication-group"), ini.section("pegasus.clusters"));
    let mut taken: BTreeMap<i64, &str> = BTreeMap::new();
    for entry in group.into_iter().flat_map(|s| &s.entries).filter(|e| !e.is_placeholder()) {
        let told = format!("[duplication-group] {} = {}", entry.key, entry.value);
        match entry.number() {
            Some(id) if (1..=127).contains(&id) => {
                if let Some(other) = taken.insert(id, &entry.key) {
                    found.push(SettingFault { line: entry.line, kind: "id_twice", what: format!("{told}, the id of {other}") });
                }
            }
            _ => found.push(SettingFault { line: entry.line, kind: "id_invalid", what: format!("{told}, not between 1 and 127") }),
        }
    }
    for entry in clusters.into_iter().flat_map(|s| &s.entries).filter(|e| !e.is_placeholder()) {
        for (part, what) in addresses(&entry.value).1 {
            let what = format!("[pegasus.clusters] {}: {part:?} {what}", entry.key);
            found.push(SettingFault { line: entry.line, kind: "address_malformed", what });
        }
    }
    if let Some(section) = group
        && ini.get("replication", "cluster_name").is_none_or(|e| e.value.is_empty())
    {
        let line = ini.section("replication").map_or(section.line, |s| s.line);
        found.push(SettingFault { line, kind: "name_missing", what: "[replication] has no cluster_name".to_owned() });
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_found_with_their_lines() {
        let ini = Ini::parse(
            "c",
            b"[apps.replica]\nrun = true\n[duplication-group]\na = 1\nb = 1\nc = 128\nd = %{id}\n[pegasus.clusters]\nb = 10.1.1.1\n",
        );
        let found: Vec<(u64, &str)> = setting_faults(&ini).into_iter().map(|f| (f.line, f.kind)).collect();
        assert_eq!(found, [(3, "name_missing"), (5, "id_twice"), (6, "id_invalid"), (9, "address_malformed")]);
        assert!(setting_faults(&Ini::parse("c", b"[replication]\nx = 1\n")).is_empty());
    }
}
