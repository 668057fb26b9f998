//! Loading signature files: the built-in ones and a user's own.

use super::condition::is_comparable;
use super::model::{OneOrMany, Scope, Seen, Signature};
use super::runbook::fix_complaint;
use super::text::names;
use crate::event::{EventKind, patterns};
use crate::pegasus::{DupStatus, parse_duration};
use crate::run::GROUPS;
use crate::timeline::FactName;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use thiserror::Error;

/// Names and texts of the built-in files.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// Why a signature file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// It cannot be read.
    #[error("{}: cannot read the signature file: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It is no TOML, or has keys or values that no signature has.
    #[error("{}:{line}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// Two files have one code.
    #[error("{}: code {code} is already taken by another signature of the same folder", path.display())]
    Twice {
        /// The later file.
        path: PathBuf,
        /// The code.
        code: String,
    },
}

/// Signatures by code.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Shared: all of them are needed by every run, and hardly any differs from the built-in ones.
    signatures: BTreeMap<String, Arc<Signature>>,
    /// Files of the user's own signatures, by code.
    files: BTreeMap<String, PathBuf>,
}

/// The same files, parsed by `build.rs`: every start reads all of them, and TOML takes ten times as long.
const PARSED: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"));

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    // What the tests say of each file holds of all; a file that they would refuse costs the others nothing.
    let signatures: Vec<Signature> = serde_json::from_str(PARSED)
        .unwrap_or_else(|_| FILES.iter().filter_map(|(name, text)| parse(Path::new(name), text).ok()).collect());
    let signatures = signatures.into_iter().map(|s| (s.code.clone(), Arc::new(s))).collect();
    Catalogue { signatures, files: BTreeMap::new() }
});

impl Catalogue {
    /// The built-in signatures.
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// Adds the `.toml` files of a folder; one with the code of a built-in signature replaces it.
    ///
    /// Files that are wrong are left out and named; the others work.
    pub fn add_folder(&mut self, folder: &Path) -> Vec<CatalogueError> {
        let unreadable =
            |path: &Path, reason: &std::io::Error| CatalogueError::Unreadable { path: path.to_owned(), reason: reason.to_string() };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(reason) => return vec![unreadable(folder, &reason)],
        };
        let mut paths: Vec<PathBuf> =
            entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
        paths.sort();
        let mut errors = Vec::new();
        let mut own = BTreeSet::new();
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|reason| unreadable(path, &reason));
        let parsed: Vec<_> = paths.par_iter().map(|path| parse(path, &read(path)?)).collect();
        for (path, parsed) in paths.into_iter().zip(parsed) {
            match parsed {
                Ok(signature) if !own.insert(signature.code.clone()) => errors.push(CatalogueError::Twice { path, code: signature.code }),
                Ok(signature) => {
                    self.files.insert(signature.code.clone(), path);
                    self.signatures.insert(signature.code.clone(), Arc::new(signature));
                }
                Err(error) => errors.push(error),
            }
        }
        errors
    }

    /// The file that a user's own signature was read from; built-in ones have none.
    pub fn file(&self, code: &str) -> Option<&Path> {
        self.files.get(code).map(PathBuf::as_path)
    }

    /// Name and text of the file of a built-in signature.
    #[must_use]
    pub fn built_in_file(code: &str) -> Option<(&'static Path, &'static str)> {
        let signature = BUILT_IN.signatures.get(code)?;
        let (name, text) = FILES.iter().find(|(name, _)| *name == signature.file_name())?;
        Some((Path::new(name), text))
    }

    /// All signatures, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Signature> {
        self.signatures.values().map(AsRef::as_ref)
    }

    /// The regular expressions of all signatures.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let whens = self.iter().flat_map(|s| &s.when);
        let all = whens.flat_map(|w| {
            let seen = w.with.iter().chain(&w.before).chain(&w.without).filter_map(|s| s.text.clone());
            w.text.clone().into_iter().chain(seen)
        });
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Names of thresholds that `--expect` can change.
    #[must_use]
    pub fn thresholds(&self) -> BTreeSet<String> {
        let conditions = self.iter().flat_map(|s| &s.when);
        conditions
            .flat_map(|w| w.lasts.iter().chain(&w.status_for).chain(&w.fresh).chain(w.facts.values().filter_map(OneOrMany::length)))
            .filter_map(|t| t.expect.clone())
            .collect()
    }

    /// The signature with that code or name, in any case.
    #[must_use]
    pub fn find(&self, code_or_name: &str) -> Option<&Signature> {
        let wanted = code_or_name.trim();
        self.iter().find(|s| s.code.eq_ignore_ascii_case(wanted) || s.name.eq_ignore_ascii_case(wanted))
    }
}

/// Reads one file and checks all that can be checked without logs.
fn parse(path: &Path, text: &str) -> Result<Signature, CatalogueError> {
    let malformed = |line: usize, reason: String| CatalogueError::Malformed { path: path.to_owned(), line, reason };
    let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    let signature: Signature =
        toml::from_str(text).map_err(|e| malformed(e.span().map_or(1, |s| line_of(s.start)), e.message().replace('\n', " ")))?;
    if let Some(wrong) = fix_complaint(&signature) {
        return Err(malformed(line_of_step(text, wrong.step, wrong.key), wrong.reason));
    }
    match complaint(&signature) {
        None => Ok(signature),
        Some((word, reason)) => {
            let line = place_of(text, &word).unwrap_or(1);
            Err(malformed(line, reason))
        }
    }
}

/// The line of a key of the n-th `[[fix]]`; failing that, the line where the step begins.
fn line_of_step(text: &str, step: usize, key: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let begins = (0..lines.len()).filter(|&i| lines[i].trim_start().starts_with("[[fix]]")).nth(step).unwrap_or(0);
    let inside = lines.iter().enumerate().skip(begins + 1).take_while(|(_, line)| !line.trim_start().starts_with("[["));
    let has_key = |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    inside.map(|(index, line)| (index, *line)).find(|(_, line)| has_key(line)).map_or(begins, |(index, _)| index) + 1
}

/// The line in which a word stands by itself, comments left aside; failing that, in which it occurs at all.
fn place_of(text: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let alone =
        |line: &str| line.match_indices(word).any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part));
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    lines().find(|(_, line)| alone(line)).or_else(|| lines().find(|(_, line)| line.contains(word))).map(|(index, _)| index + 1)
}

/// What is wrong with a well-formed signature: the word to look for in the file, and the reason.
fn complaint(signature: &Signature) -> Option<(String, String)> {
    let code_is_fine =
        signature.code.len() >= 4 && signature.code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    if !code_is_fine {
        return Some((
            signature.code.clone(),
            format!("code {:?} is not of the form DUP301: capitals, digits and hyphens", signature.code),
        ));
    }
    if signature.when.is_empty() != (signature.scope == Scope::None) {
        return Some(("scope".into(), "a signature needs at least one [[when]], or scope = \"none\" and no [[when]]".into()));
    }
    if let Some(status) = signature.status.iter().find(|s| s.parse::<DupStatus>().is_err()) {
        return Some((status.clone(), format!("unknown status {status:?}")));
    }
    for when in &signature.when {
        let main =
            Seen { event: when.event.clone(), text: when.text.clone(), fields: when.fields.clone(), times: when.times, within: None };
        let mut all = std::iter::once(&main).chain(&when.with).chain(&when.before).chain(&when.without);
        if let Some(complaint) = all.find_map(seen_complaint) {
            return Some(complaint);
        }
        let limits = when.before.iter().chain(&when.with).chain(&when.without).filter_map(|s| s.within.as_ref());
        if let Some(wrong) = limits.clone().find(|l| parse_duration(l).is_none()) {
            return Some((wrong.clone(), format!("{wrong:?} is no length of time such as 90s, 10m or 2h")));
        }
        if when.with.iter().chain(&when.without).any(|s| s.within.is_some()) {
            return Some(("within".into(), "within only belongs to [[when.before]]".into()));
        }
        let lengths = when.facts.values().filter_map(OneOrMany::length);
        for threshold in when.lasts.iter().chain(&when.status_for).chain(&when.fresh).chain(lengths) {
            if parse_duration(&threshold.at_least).is_none() {
                return Some((threshold.at_least.clone(), format!("{:?} is no length of time such as 90s, 10m or 2h", threshold.at_least)));
            }
        }
        for (name, wanted) in &when.facts {
            if let Some(value) = wanted.values().iter().find(|v| !is_comparable(v)) {
                let name = name.name();
                return Some((name.to_owned(), format!("fact {name:?} cannot be compared with {value}")));
            }
        }
        if when.event.names().is_empty()
            && when.text.is_none()
            && when.facts.is_empty()
            && when.status_for.is_none()
            && when.with.is_empty()
        {
            return Some(("[[when]]".into(), "a [[when]] without event, facts, with or status_for would always hold".into()));
        }
    }
    placeholder_complaint(signature)
}

fn seen_complaint(seen: &Seen) -> Option<(String, String)> {
    for event in seen.event.names() {
        if EventKind::from_name(event).is_none() {
            return Some((event.clone(), format!("unknown event {event:?}; `dupdoctor events` prints the names")));
        }
    }
    if let Some(text) = &seen.text {
        let regex = match regex::bytes::Regex::new(text) {
            Ok(regex) => regex,
            Err(reason) => {
                let reason = reason.to_string();
                return Some(("text".into(), format!("text is no regular expression: {}", reason.lines().last().unwrap_or_default())));
            }
        };
        if let Some(group) = regex.capture_names().flatten().find(|g| !GROUPS.contains(g)) {
            return Some((format!("<{group}>"), format!("group {group:?} is none of {}", GROUPS.join(", "))));
        }
    }
    for (name, wanted) in &seen.fields {
        let grouped = seen.text.as_ref().is_some_and(|t| t.contains(&format!("<{name}>")));
        let known = grouped || seen.event.names().iter().filter_map(|e| EventKind::from_name(e)).any(|kind| has_field(kind, name));
        if !known {
            return Some((name.clone(), format!("event {} has no field {name:?}", seen.event.names().join(", "))));
        }
        if let Some(value) = wanted.values().iter().find(|v| !is_comparable(v)) {
            return Some((name.clone(), format!("field {name:?} cannot be compared with {value}")));
        }
    }
    None
}

/// Whether some wording of the event has that field.
fn has_field(kind: EventKind, name: &str) -> bool {
    patterns().filter(|p| p.event == kind).any(|p| p.field(name).is_some())
}

/// Placeholders that every finding can fill.
pub(super) const PLACEHOLDERS: &[&str] = &[
    "app_name",
    "app_id",
    "dup_id",
    "remote_cluster",
    "remote_app_name",
    "partition_count",
    "status",
    "status_since",
    "status_lasted",
    "remote_replica_count",
    "times",
    "first",
    "last",
    "server",
    "path",
];

fn placeholder_complaint(signature: &Signature) -> Option<(String, String)> {
    let events: Vec<EventKind> = signature.when.iter().flat_map(|w| w.event.names()).filter_map(|e| EventKind::from_name(e)).collect();
    let mut texts: Vec<&str> = Vec::new();
    for text in [&signature.en, &signature.zh] {
        texts.extend([text.title.as_str(), &text.what, &text.why]);
    }
    texts.extend(signature.when.iter().filter_map(|w| w.what.as_ref()).flat_map(|w| [w.en.as_str(), &w.zh]));
    for step in &signature.fix {
        texts.extend([step.en.as_str(), &step.zh]);
        texts.extend(step.commands.iter().flat_map(|c| std::iter::once(c.run.as_str()).chain(c.on.values().map(String::as_str))));
    }
    let raw = signature.when.iter().filter_map(|w| w.text.as_deref()).collect::<Vec<_>>();
    let known = |name: &str| {
        PLACEHOLDERS.contains(&name)
            || raw.iter().any(|t| t.contains(&format!("<{name}>")))
            || FactName::from_name(name).is_some()
            || events.iter().any(|&kind| has_field(kind, name))
    };
    texts
        .into_iter()
        .flat_map(names)
        .find(|name| !known(name))
        .map(|name| (format!("{{{name}}}"), format!("placeholder {{{name}}} is neither a general one nor a field of the proving event")))
}

impl OneOrMany {
    /// Whether nothing is listed, so that nothing fits.
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_signature_is_accepted() {
        let parsed: Vec<_> = FILES.iter().map(|(name, text)| parse(Path::new(name), text)).collect();
        let errors: Vec<String> = parsed.iter().filter_map(|p| p.as_ref().err()).map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        let by_code: BTreeMap<_, _> = parsed.into_iter().flatten().map(|s| (s.code.clone(), s)).collect();
        let ahead_of_time: Vec<Signature> = serde_json::from_str(PARSED).unwrap_or_default();
        assert_eq!(ahead_of_time.len(), by_code.len());
        assert_eq!(format!("{:?}", BUILT_IN.signatures), format!("{by_code:?}"));
    }

    #[test]
    fn file_names_say_code_and_name() {
        for (name, text) in FILES {
            if let Ok(signature) = parse(Path::new(name), text) {
                assert_eq!(*name, signature.file_name());
            }
        }
    }

    #[test]
    fn what_a_signature_refers_to_exists() {
        let catalogue = Catalogue::built_in();
        for signature in catalogue.iter() {
            for code in signature.refers_to() {
                assert!(catalogue.signatures.contains_key(code), "{} names {code}", signature.code);
            }
        }
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line() {
        let wrong = "code = \"DUP301\"\nname = \"x\"\nseverity = \"bad\"\n";
        assert!(matches!(parse(Path::new("x.toml"), wrong), Err(CatalogueError::Malformed { line: 3, .. })));
        assert_eq!(place_of("# times\nsometimes = 1\ntimes = 2\n", "times"), Some(3));
        let unknown = "code = \"XX1234\"\nname = \"x\"\nseverity = \"info\"\n[[when]]\nconfidence = \"likely\"\nevent = \"no_such\"\n[en]\ntitle=\"\"\nwhat=\"\"\nwhy=\"\"\n[zh]\ntitle=\"\"\nwhat=\"\"\nwhy=\"\"\n";
        assert!(matches!(parse(Path::new("x.toml"), unknown), Err(CatalogueError::Malformed { line: 6, .. })));
    }
}
