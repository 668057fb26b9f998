//! Cases under `fixtures/`: logs, and what must be found in them.

use super::{fixture, root};
use dupdoctor::internal::pegasus::parse_duration;
use dupdoctor::report::{DuplicationEntry, Finding, MOST_WAITING, Report};
use dupdoctor::{Catalogue, LogTime, Moment, Settings, diagnose};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A case: its file and where it lies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    #[serde(skip)]
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    #[expect(dead_code, reason = "for the reader of the case")]
    title: String,
    #[expect(dead_code, reason = "for the reader of the case")]
    release: String,
    #[serde(default)]
    pub(crate) args: Vec<String>,
    #[serde(default)]
    pub(crate) duplication: Vec<Expected>,
    #[serde(default)]
    pub(crate) finding: Vec<Loose>,
}

/// What must be found about one duplication.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) app_name: Option<String>,
    pub(crate) app_id: Option<i64>,
    pub(crate) dup_id: Option<i64>,
    pub(crate) status: Option<String>,
    pub(crate) verdict: String,
    #[serde(default)]
    pub(crate) must: Vec<String>,
    #[serde(default)]
    pub(crate) may: Vec<String>,
    #[serde(default)]
    pub(crate) info: Vec<String>,
}

/// A finding about no known duplication.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Loose {
    pub(crate) code: String,
    pub(crate) app_name: Option<String>,
}

impl Case {
    /// All of them, by name.
    pub(crate) fn all() -> Vec<Self> {
        let folders = std::fs::read_dir(root().join("fixtures")).unwrap().map(|entry| entry.unwrap());
        let mut names: Vec<String> =
            folders.filter(|f| f.path().join("case.toml").exists()).map(|f| f.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        assert!(names.len() >= 30, "only {} cases", names.len());
        names.iter().map(|name| Self::named(name)).collect()
    }

    /// That of a folder under `fixtures/`.
    pub(crate) fn named(name: &str) -> Self {
        let folder = fixture(name);
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let case = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        Self { name: name.to_owned(), folder, ..case }
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// How it wants to be diagnosed.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = plain_settings();
        let (switches, pairs): (Vec<String>, Vec<String>) = self.args.iter().cloned().partition(|arg| arg == "--switch-over");
        settings.selection.switch_over = (!switches.is_empty()).then_some(MOST_WAITING);
        for pair in pairs.chunks(2) {
            let [name, value] = pair else { panic!("{}: {} without a value", self.name, pair[0]) };
            match name.as_str() {
                "--until" | "--since" => {
                    let at = chrono::DateTime::parse_from_rfc3339(value).unwrap().timestamp_nanos_opt().unwrap();
                    let slot = if name == "--until" { &mut settings.options.until } else { &mut settings.options.since };
                    *slot = Some(Moment::At(LogTime(at)));
                }
                "--expect" => {
                    let (name, length) = value.split_once('=').unwrap();
                    settings.expectations.by_name.insert(name.to_owned(), parse_duration(length).unwrap());
                }
                other => panic!("{}: cases know no {other}", self.name),
            }
        }
        settings
    }

    /// The report on all its logs.
    pub(crate) fn report(&self) -> Report {
        self.report_of(&self.logs())
    }

    /// The report on other logs, as the case wants it.
    pub(crate) fn report_of(&self, logs: &Path) -> Report {
        report(&[logs.to_owned()], &self.settings())
    }
}

/// The built-in catalogue, nothing else.
pub(crate) fn plain_settings() -> Settings {
    Settings { catalogue: Catalogue::built_in(), ..Settings::default() }
}

pub(crate) fn report(paths: &[PathBuf], settings: &Settings) -> Report {
    diagnose(paths, settings, &|_, _| ()).report
}

impl Expected {
    /// Whether an entry is the expected duplication.
    pub(crate) fn is(&self, entry: &DuplicationEntry) -> bool {
        self.app_name.as_ref().is_none_or(|n| entry.identity.app_name.as_ref() == Some(n))
            && self.app_id.is_none_or(|n| entry.identity.app_id.map(|a| a.0) == Some(n))
            && self.dup_id.is_none_or(|n| entry.identity.dup_id.map(|d| d.0) == Some(n))
    }
}

/// The findings about a duplication.
pub(crate) fn findings_of<'a>(report: &'a Report, entry: &'a DuplicationEntry) -> impl Iterator<Item = &'a Finding> {
    report.findings.iter().filter(move |f| f.is_about(&entry.identity))
}
