//! What a report says of one finding and its duplication: the values that fill in a runbook.

use super::filter::DuplicationFilter;
use super::read::from_json;
use super::{Finding, ReadError, Report, StatusReport, Time};
use crate::pegasus::{DupStatus, Identity};
use crate::signature::{Catalogue, Placeholders, Signature, Stated, ask_line};
use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

/// What fills in runbooks: findings, and the duplications that they are about.
#[derive(Debug)]
pub struct RunbookSource {
    findings: Vec<Finding>,
    duplications: Vec<Known>,
}

/// What is known of a duplication.
#[derive(Debug, Default)]
struct Known {
    identity: Identity,
    remote_replica_count: Option<i64>,
    partition_count: Option<i64>,
    status: Option<DupStatus>,
    status_since: Option<Time>,
}

impl RunbookSource {
    /// Reads the JSON of `dupdoctor diagnose` or of `dupdoctor status`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Shape {
            tables: Option<IgnoredAny>,
        }
        let of_status = serde_json::from_str::<Shape>(text).is_ok_and(|shape| shape.tables.is_some());
        if of_status { from_json::<StatusReport>(text).map(Self::from) } else { Report::parse(text).map(Self::from) }
    }
}

impl From<Report> for RunbookSource {
    fn from(report: Report) -> Self {
        let duplications = report.duplications.into_iter().map(|d| Known {
            identity: d.identity,
            remote_replica_count: d.remote_replica_count,
            partition_count: d.partition_count,
            status: d.status,
            status_since: d.status_since,
        });
        Self { duplications: duplications.collect(), findings: report.findings }
    }
}

impl From<StatusReport> for RunbookSource {
    fn from(report: StatusReport) -> Self {
        let mut duplications = Vec::new();
        for table in report.tables {
            duplications.extend(table.duplications.into_iter().map(|d| Known {
                identity: Identity {
                    app_id: d.app_id,
                    dup_id: Some(d.dup_id),
                    app_name: Some(table.app_name.clone()),
                    remote_cluster: d.remote_cluster,
                    remote_app_name: d.remote_app_name,
                },
                remote_replica_count: d.remote_replica_count,
                status: d.status,
                ..Known::default()
            }));
        }
        Self { duplications, findings: report.findings }
    }
}

/// Whom a runbook is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunbookSubject {
    /// The duplication, when it is about one.
    pub identity: Identity,
    /// The server, when the finding is about one.
    pub server: Option<String>,
    /// Whether the report has the finding for it; `None` without a report.
    pub found: Option<bool>,
    /// What the placeholders of the steps stand for.
    pub values: Placeholders,
}

/// Why a report cannot fill in a runbook.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubjectError {
    /// It does not have the duplication.
    #[error("the report has no duplication {asked}; it has {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })]
    UnknownDuplication {
        /// What was asked for.
        asked: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// Several fit.
    #[error("{what} fits several duplications: {}; choose one with --dup", known.join(", "))]
    Several {
        /// The code, or what was typed.
        what: String,
        /// Those that fit.
        known: Vec<String>,
    },
}

impl RunbookSubject {
    /// Without a report only what was typed is known.
    #[must_use]
    pub fn of_choice(only: &DuplicationFilter) -> Self {
        let dup = only.dups.first();
        let app_name = only.apps.first().map(ToString::to_string);
        let identity = Identity { app_id: dup.and_then(|c| c.app_id), dup_id: dup.map(|c| c.dup_id), app_name, ..Identity::default() };
        let mut subject = Self::default();
        subject.put_identity(identity);
        subject
    }

    /// The subject of a code in a report.
    ///
    /// # Errors
    /// When it lacks the duplication, or when several duplications fit.
    pub fn of_report(
        source: &RunbookSource,
        signature: &Signature,
        only: &DuplicationFilter,
        catalogue: &Catalogue,
    ) -> Result<Self, SubjectError> {
        let wanted: Vec<&Known> = source.duplications.iter().filter(|d| only.wants(&d.identity)).collect();
        let every = || labels(source.duplications.iter().map(|d| label(&d.identity)));
        if wanted.is_empty() && !only.wants_all() {
            return Err(SubjectError::UnknownDuplication { asked: asked(only), known: every() });
        }
        let is_wanted = |finding: &&Finding| only.wants_all() || wanted.iter().any(|d| finding.is_about(&d.identity));
        let of_code: Vec<&Finding> = source.findings.iter().filter(|f| f.code == signature.code).filter(is_wanted).collect();
        // What is over needs no runbook while another one goes on.
        let active: Vec<&Finding> = of_code.iter().copied().filter(|f| f.active).collect();
        let pressing = if active.is_empty() { of_code } else { active };
        if pressing.iter().any(|f| f.duplication != pressing[0].duplication) {
            let known = pressing.iter().map(|f| f.duplication.as_ref().map_or_else(|| label(&Identity::default()), |d| label(&d.into())));
            return Err(SubjectError::Several { what: signature.code.clone(), known: labels(known) });
        }
        let finding = pressing.first().copied();
        let entry = match (finding, wanted.as_slice()) {
            (Some(finding), _) => wanted.iter().copied().find(|d| finding.is_about(&d.identity)),
            (None, _) if only.wants_all() => None,
            (None, [one]) => Some(*one),
            (None, several) => {
                return Err(SubjectError::Several { what: asked(only), known: labels(several.iter().map(|d| label(&d.identity))) });
            }
        };
        Ok(Self::filled(entry, finding, signature, catalogue))
    }

    fn filled(entry: Option<&Known>, finding: Option<&Finding>, signature: &Signature, catalogue: &Catalogue) -> Self {
        let mut subject = Self { found: Some(finding.is_some()), ..Self::default() };
        // The newest proving line fills in partition, node and the like.
        for line in finding.into_iter().flat_map(|f| &f.evidence) {
            let asked = ask_line(&line.text, catalogue);
            let proves = signature.when.iter().any(|w| match &asked.stated {
                Stated::Event(pattern, _) => w.event.names().iter().any(|e| e == pattern.event.name()),
                Stated::Drift(_) | Stated::Stack(..) | Stated::Nothing => false,
            });
            if let (true, Stated::Event(_, fields)) = (proves, asked.stated) {
                subject.values.extend(fields.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_owned(), v)));
                // A file that the line itself names is the one that matters.
                subject.values.entry("path".to_owned()).or_insert_with(|| line.path.to_string());
            }
        }
        if let Some(finding) = finding {
            subject.server.clone_from(&finding.server);
            subject.put("server", subject.server.clone());
            subject.put("status", finding.status.map(|s| s.to_string()));
            subject.put("times", Some(finding.occurrences.to_string()));
            subject.put("first", finding.first_seen.map(|t| t.0.rfc3339()));
            subject.put("last", finding.last_seen.map(|t| t.0.rfc3339()));
        }
        if let Some(entry) = entry {
            subject.put("status", entry.status.map(|s| s.to_string()));
            subject.put("status_since", entry.status_since.map(|t| t.0.rfc3339()));
            subject.put("remote_replica_count", entry.remote_replica_count.map(|n| n.to_string()));
            subject.put("partition_count", entry.partition_count.map(|n| n.to_string()));
            subject.put_identity(entry.identity.clone());
        } else if let Some(about) = finding.and_then(|f| f.duplication.as_ref()) {
            subject.put_identity(about.into());
        }
        subject
    }

    fn put_identity(&mut self, identity: Identity) {
        self.put("app_id", identity.app_id.map(|a| a.0.to_string()));
        self.put("dup_id", identity.dup_id.map(|d| d.0.to_string()));
        self.put("app_name", identity.app_name.clone());
        self.put("remote_cluster", identity.remote_cluster.clone());
        self.put("remote_app_name", identity.remote_app_name.clone());
        // Where names cannot differ the follower has the source's name.
        if !self.values.contains_key("remote_app_name") {
            self.put("remote_app_name", identity.app_name.clone());
        }
        self.identity = identity;
    }

    fn put(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            self.values.insert(name.to_owned(), value);
        }
    }
}

/// What was typed to choose.
fn asked(only: &DuplicationFilter) -> String {
    let apps = only.apps.iter().map(ToString::to_string);
    apps.chain(only.dups.iter().map(ToString::to_string)).collect::<Vec<_>>().join(", ")
}

/// `test_dup1 a5d1716542517`
fn label(known: &Identity) -> String {
    let name = known.app_name.as_deref().unwrap_or("(table not known)");
    known.ids().map_or_else(|| name.to_owned(), |ids| format!("{name} {ids}"))
}

/// Each once.
fn labels(labels: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for label in labels {
        if !all.contains(&label) {
            all.push(label);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::pegasus::{AppId, DupId};
    use serde_json::{Value, json};

    fn source(active: bool) -> RunbookSource {
        let known = |app: i64, name: &str| Known {
            identity: Identity {
                app_id: Some(AppId(app)),
                dup_id: Some(DupId(17)),
                app_name: Some(name.to_owned()),
                remote_cluster: Some("b".to_owned()),
                remote_app_name: None,
            },
            ..Known::default()
        };
        let finding = |code: &str, app: i64, name: &str, active: bool, evidence: Value| {
            let finding = json!({"code": code, "name": "", "severity": "error", "confidence": "likely", "status": null, "title": "",
                "duplication": {"app_id": app, "dup_id": 17, "app_name": name}, "explanation": "", "cause": "", "details": [], "active": active,
                "occurrences": 1, "evidence": evidence, "suggestions": [], "consequences": [], "missing_logs": [], "look_alikes": [],
                "references": [], "fingerprint": ""});
            serde_json::from_value::<Finding>(finding).unwrap()
        };
        let line = "E2024-05-24 17:22:18.004 (1716542538004000000 121543) replica.rep_long0.0102000500000411: x.cpp:1:f(): hello";
        let line = json!([{"text": line, "path": "p", "at": "2024-05-24T09:22:18.004Z"}]);
        RunbookSource {
            duplications: vec![known(5, "t1"), known(6, "t2")],
            findings: vec![
                finding("DUP301", 5, "t1", false, line),
                finding("DUP404", 5, "t1", false, json!([])),
                finding("DUP404", 6, "t2", active, json!([])),
            ],
        }
    }

    fn of(code: &str, choice: Option<&str>) -> Result<RunbookSubject, SubjectError> {
        let catalogue = Catalogue::built_in();
        let signature = catalogue.find(code).unwrap();
        let only = DuplicationFilter { dups: choice.and_then(|c| c.parse().ok()).into_iter().collect(), ..DuplicationFilter::default() };
        RunbookSubject::of_report(&source(false), signature, &only, &catalogue)
    }

    #[test]
    fn the_finding_says_whom_it_is_about() {
        let subject = of("DUP301", None).unwrap_or_default();
        assert_eq!((subject.identity.app_name.as_deref(), subject.found), (Some("t1"), Some(true)));
        assert_eq!(subject.values["remote_app_name"], "t1");
        let other = of("DUP301", Some("a6d17")).unwrap_or_default();
        assert_eq!((other.identity.app_name.as_deref(), other.found), (Some("t2"), Some(false)));
        assert_eq!(of("DUP302", None).unwrap_or_default().found, Some(false));
    }

    #[test]
    fn what_goes_on_comes_before_what_is_over() {
        let report = source(true);
        let catalogue = Catalogue::built_in();
        let subject = catalogue.find("DUP404").map(|s| RunbookSubject::of_report(&report, s, &DuplicationFilter::default(), &catalogue));
        assert_eq!(subject.and_then(Result::ok).and_then(|s| s.identity.app_name).as_deref(), Some("t2"));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let known = vec!["t1 a5d17".to_owned(), "t2 a6d17".to_owned()];
        assert_eq!(of("DUP404", None), Err(SubjectError::Several { what: "DUP404".into(), known: known.clone() }));
        assert_eq!(of("DUP404", Some("17")), Err(SubjectError::Several { what: "DUP404".into(), known: known.clone() }));
        assert_eq!(of("DUP301", Some("a7d17")), Err(SubjectError::UnknownDuplication { asked: "a7d17".into(), known }));
    }
}
