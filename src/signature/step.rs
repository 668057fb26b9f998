//! A step of a runbook as signature files write it: what to check, change, verify or undo.

use super::text::{Lang, Placeholders};
use crate::pegasus::{Release, closed_set};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A command to type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// Where: `source-shell`, `target-shell`, …
    #[serde(rename(serialize = "where"), alias = "where")]
    pub at: String,
    /// What.
    pub run: String,
}

closed_set! {
    /// What a step is for.
    StepKind, "kind of step" {
        /// Look before anything is changed.
        Check = "check",
        /// Change something.
        Change = "change",
        /// See that the change had its effect.
        Verify = "verify",
        /// Take the change back, or why that cannot be done.
        Undo = "undo",
        /// Nothing to do now: what to know, or to do otherwise next time.
        Note = "note",
    }
}

/// That a step is dangerous, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "danger is true, the name of a shared danger, or { en = \"why\", zh = \"why\" }")]
pub enum Danger {
    /// That it is; the step's own text says why.
    Marked(bool),
    /// A shared reason, by name.
    Named(String),
    /// Why.
    Why(Words),
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A command of a step, with what differs between releases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepCommand {
    /// Where: `source-shell`, `target-shell`, …
    pub at: String,
    /// What.
    pub run: String,
    /// The releases that have it; all when none is named.
    #[serde(default)]
    pub release: Vec<Release>,
    /// What to type instead in a release. What stands in brackets is left out there when it cannot be filled in.
    #[serde(default)]
    pub on: BTreeMap<Release, String>,
}

impl StepCommand {
    /// As it stands in a report, where no release is known.
    pub fn plain(&self) -> Command {
        Command { at: self.at.clone(), run: self.run.clone() }
    }

    /// Where: the host of the server that a finding is about is known when that is.
    pub fn place(&self, values: &Placeholders) -> String {
        values.get(SERVER_HOST).filter(|_| self.at == SERVER_HOST).unwrap_or(&self.at).clone()
    }

    /// Whether the release has it.
    pub fn is_in(&self, release: Release) -> bool {
        self.release.is_empty() || self.release.contains(&release)
    }

    /// What to type in a release.
    pub fn in_release(&self, release: Release) -> &str {
        self.on.get(&release).unwrap_or(&self.run)
    }
}

/// Where the server is that a finding is about; also the name of the value that says whose host that is.
pub(crate) const SERVER_HOST: &str = "server-host";

/// A step of the fix.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixStep {
    /// The name of a shared step that stands here; everything else is left out then.
    pub step: Option<String>,
    /// What it is for. Files without runbooks name no kinds.
    pub kind: Option<StepKind>,
    /// In English.
    #[serde(default)]
    pub en: String,
    /// In Chinese.
    #[serde(default)]
    pub zh: String,
    /// That it is dangerous, and why.
    pub danger: Option<Danger>,
    /// The releases it is for; all when none is named.
    #[serde(default)]
    pub release: Vec<Release>,
    /// False: it stands in the runbook only, not among the suggestions of a report.
    #[serde(default = "yes")]
    pub report: bool,
    /// What to type.
    #[serde(default)]
    pub commands: Vec<StepCommand>,
}

fn yes() -> bool {
    true
}

const SHARED: &str = include_str!("shared_steps.toml");

/// What many runbooks share.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    step: BTreeMap<String, FixStep>,
    danger: BTreeMap<String, Words>,
}

static SHARED_PARTS: LazyLock<Shared> = LazyLock::new(|| toml::from_str(SHARED).unwrap_or_default());

impl FixStep {
    /// The shared step of that name.
    pub fn shared(name: &str) -> Option<&'static Self> {
        SHARED_PARTS.step.get(name)
    }

    /// The step itself, or the shared one that it names.
    pub fn resolved(&self) -> &Self {
        self.step.as_deref().and_then(Self::shared).unwrap_or(self)
    }

    /// Whether it stands among the suggestions of a report.
    pub fn is_suggested(&self) -> bool {
        self.step.is_none() && self.report
    }

    /// Whether it is marked as dangerous.
    pub fn is_dangerous(&self) -> bool {
        !matches!(self.danger, None | Some(Danger::Marked(false)))
    }

    /// Why it is dangerous; `None` when it is not, or when its own text says so.
    pub fn why_dangerous(&self, lang: Lang) -> Option<&str> {
        let words = match self.danger.as_ref()? {
            Danger::Marked(_) => return None,
            Danger::Named(name) => SHARED_PARTS.danger.get(name)?,
            Danger::Why(words) => words,
        };
        Some(lang.pick(&words.en, &words.zh))
    }

    /// The name of a shared reason that does not exist.
    pub(super) fn unknown_danger(&self) -> Option<&str> {
        match self.danger.as_ref()? {
            Danger::Named(name) if !SHARED_PARTS.danger.contains_key(name) => Some(name),
            Danger::Named(_) | Danger::Marked(_) | Danger::Why(_) => None,
        }
    }

    /// The names of all shared steps of a kind, for complaints.
    pub(super) fn shared_names() -> impl Iterator<Item = &'static str> {
        SHARED_PARTS.step.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogue;
    use super::super::fault::PLACEHOLDERS;
    use super::super::text::names;
    use super::*;

    #[test]
    fn shared_steps_are_read_and_say_something() {
        let shared: Shared = toml::from_str(SHARED).unwrap_or_default();
        assert!(shared.step.len() > 50);
        for (name, step) in &shared.step {
            assert!(step.kind.is_some_and(|kind| name.starts_with(kind.name())), "{name}");
            assert!(!step.en.is_empty() && !step.zh.is_empty() && step.step.is_none(), "{name}");
            let texts = step.commands.iter().map(|c| c.run.as_str()).chain([step.en.as_str(), &step.zh]);
            for placeholder in texts.flat_map(names) {
                assert!(PLACEHOLDERS.contains(&placeholder.as_str()) || placeholder == "gpid", "{name}: {placeholder}");
            }
        }
    }

    #[test]
    fn every_shared_step_is_used() {
        let catalogue = Catalogue::built_in();
        let used: Vec<&str> = catalogue.iter().flat_map(|s| &s.fix).filter_map(|s| s.step.as_deref()).collect();
        let idle: Vec<&String> = SHARED_PARTS.step.keys().filter(|name| !used.contains(&name.as_str())).collect();
        assert!(idle.is_empty(), "{idle:?}");
        let dangers: Vec<&Danger> = catalogue.iter().flat_map(|s| &s.fix).filter_map(|s| s.danger.as_ref()).collect();
        let idle: Vec<&String> = SHARED_PARTS.danger.keys().filter(|&name| !dangers.contains(&&Danger::Named(name.clone()))).collect();
        assert!(idle.is_empty(), "{idle:?}");
    }
}
