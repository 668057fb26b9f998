//! What is new, still there and gone since an earlier report.

use super::earlier::{EarlierDuplication, EarlierFinding, EarlierReport};
use super::{DuplicationRef, Finding, Redaction, Report};
use crate::pegasus::{AppId, DupId, DupStatus, closed_set};
use crate::signature::Severity;
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

/// This report against an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Comparison {
    /// The earlier report's file.
    pub path: String,
    /// When the earlier report was made, RFC 3339.
    pub generated_at: Option<String>,
    /// The last dated line that the earlier report knew, RFC 3339.
    pub until: Option<String>,
    /// Findings that the earlier report had not.
    pub new: Vec<ComparedFinding>,
    /// Findings that both have.
    pub still: Vec<StillFinding>,
    /// Findings that are over, or that this report has not any more.
    pub gone: Vec<GoneFinding>,
    /// Duplications whose verdict or status is another one.
    pub duplications: Vec<ChangedDuplication>,
}

/// A finding by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ComparedFinding {
    /// `DUP301`
    pub code: String,
    /// `follower-queried-by-source-name`
    pub name: String,
    /// How grave; of what is gone, how grave it was.
    pub severity: Severity,
    /// It still holds at the end of the logs.
    pub active: bool,
    /// About which duplication; `null` when it is about a server or an input.
    pub duplication: Option<DuplicationRef>,
    /// The server, when it is about one.
    pub server: Option<String>,
    /// One line.
    pub title: String,
    /// The same for the same incident.
    pub fingerprint: String,
}

/// A finding that both reports have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StillFinding {
    /// The finding as it is now.
    pub finding: ComparedFinding,
    /// Its fingerprint in the earlier report, where that is another one: the lines with which the incident began were rotated away.
    pub earlier_fingerprint: Option<String>,
    /// Fields of the finding that are different now.
    pub changed: Vec<ChangedField>,
}

/// A field that is different now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ChangedField {
    /// Its name: `severity`, `confidence`, `active`, `status`, `title`, `occurrences`, `last_seen` or `caused_by`.
    pub field: &'static str,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

/// A finding that holds no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct GoneFinding {
    /// The finding as it was.
    pub finding: ComparedFinding,
    /// Why it counts as gone.
    pub how: Gone,
}

closed_set! {
    /// Why a finding counts as gone.
    #[non_exhaustive]
    Gone, "reason" {
        /// The logs show that it was overcome.
        Over = "over",
        /// The logs of this report do not show it.
        NotFound = "not-found",
        /// A rule leaves it out of this report.
        Accepted = "accepted",
    }
}

/// A duplication whose verdict or status is another one; `null` before it was known, or where this report does not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ChangedDuplication {
    /// Which duplication.
    pub duplication: DuplicationRef,
    /// Its verdict before.
    pub verdict_before: Option<String>,
    /// Its verdict now.
    pub verdict: Option<String>,
    /// Its status before.
    pub status_before: Option<String>,
    /// Its status now.
    pub status: Option<String>,
}

impl Comparison {
    /// Replaces the names that come from the earlier report; this report's own are hidden already.
    pub fn hide(&mut self, redaction: &Redaction) {
        let hide = |duplication: &mut DuplicationRef| {
            duplication.app_name = duplication.app_name.as_deref().map(|name| redaction.table(name));
        };
        self.path = redaction.path(&self.path);
        for gone in &mut self.gone {
            gone.finding.duplication.as_mut().map(hide);
            gone.finding.server = gone.finding.server.as_deref().map(|server| redaction.path(server));
            // What a title names is not known any more; the failure's name says the same.
            gone.finding.title = gone.finding.name.replace('-', " ");
        }
        for still in &mut self.still {
            still.changed.retain(|field| field.field != "title");
        }
        for changed in self.duplications.iter_mut().filter(|d| d.verdict.is_none()) {
            hide(&mut changed.duplication);
        }
    }
}

/// Compares a report with an earlier one, which was read from `path`.
#[must_use]
pub fn compare(report: &Report, earlier: &EarlierReport, path: &str) -> Comparison {
    let mut by_fingerprint: FxHashMap<&str, &EarlierFinding> =
        earlier.findings.iter().rev().map(|old| (old.fingerprint.as_str(), old)).collect();
    let mut pairs: Vec<(&Finding, Option<&EarlierFinding>)> =
        report.findings.iter().map(|finding| (finding, by_fingerprint.remove(finding.fingerprint.as_str()))).collect();
    let mut unmatched: Vec<&EarlierFinding> = earlier
        .findings
        .iter()
        .filter(|old| by_fingerprint.get(old.fingerprint.as_str()).is_some_and(|known| std::ptr::eq(*known, *old)))
        .collect();
    let mut by_code: FxHashMap<&str, Vec<&EarlierFinding>> = FxHashMap::default();
    for old in unmatched.iter().rev() {
        by_code.entry(&old.code).or_default().push(old);
    }
    let mut gone_on: FxHashSet<&str> = FxHashSet::default();
    for (finding, pair) in pairs.iter_mut().filter(|(_, pair)| pair.is_none()) {
        let Some(candidates) = by_code.get_mut(finding.code.as_str()) else { continue };
        if let Some(at) = candidates.iter().rposition(|old| goes_on(finding, old)) {
            let old = candidates.remove(at);
            gone_on.insert(&old.fingerprint);
            *pair = Some(old);
        }
    }
    unmatched.retain(|old| !gone_on.contains(old.fingerprint.as_str()));
    let (mut new, mut still, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for (finding, pair) in pairs {
        match pair {
            None => new.push(now(finding)),
            Some(old) if old.active && !finding.active => gone.push(GoneFinding { finding: before(old), how: Gone::Over }),
            Some(old) => still.push(StillFinding {
                finding: now(finding),
                earlier_fingerprint: Some(old.fingerprint.clone()).filter(|f| *f != finding.fingerprint),
                changed: changes(finding, old),
            }),
        }
    }
    let accepted: FxHashSet<&str> = report.accepted.iter().map(|a| a.fingerprint.as_str()).collect();
    // What was over then needs no second end.
    for old in unmatched.into_iter().filter(|old| old.active) {
        gone.push(GoneFinding {
            finding: before(old),
            how: if accepted.contains(old.fingerprint.as_str()) { Gone::Accepted } else { Gone::NotFound },
        });
    }
    Comparison {
        path: path.to_owned(),
        generated_at: earlier.generated_at.clone(),
        until: earlier.window.last.clone(),
        new,
        still,
        gone,
        duplications: changed_duplications(report, earlier),
    }
}

/// Whether an incident of the earlier report goes on under another fingerprint, because its beginning is not in the logs
/// any more: the same failure of the same duplication, with lines that both reports cover.
fn goes_on(finding: &Finding, old: &EarlierFinding) -> bool {
    let about = finding.duplication.as_ref().map(|d| (d.app_id.map(|a| a.0), d.dup_id.map(|d| d.0)));
    let was_about = old.duplication.as_ref().map(|d| (d.app_id, d.dup_id));
    let first = finding.first_seen.map(|t| t.0.rfc3339());
    let overlap = first.zip(old.last_seen.as_ref()).is_some_and(|(first, last)| first <= *last);
    old.code == finding.code && about == was_about && old.server == finding.server && old.active && finding.active && overlap
}

fn now(finding: &Finding) -> ComparedFinding {
    ComparedFinding {
        code: finding.code.clone(),
        name: finding.name.clone(),
        severity: finding.severity,
        active: finding.active,
        duplication: finding.duplication.clone(),
        server: finding.server.clone(),
        title: finding.title.clone(),
        fingerprint: finding.fingerprint.clone(),
    }
}

fn before(old: &EarlierFinding) -> ComparedFinding {
    let duplication = old.duplication.as_ref().map(|d| DuplicationRef {
        app_id: d.app_id.map(AppId),
        dup_id: d.dup_id.map(DupId),
        app_name: d.app_name.clone(),
    });
    ComparedFinding {
        code: old.code.clone(),
        name: old.name.clone(),
        severity: old.severity,
        active: false,
        duplication,
        server: old.server.clone(),
        title: old.title.clone(),
        fingerprint: old.fingerprint.clone(),
    }
}

fn changes(finding: &Finding, old: &EarlierFinding) -> Vec<ChangedField> {
    let time = |t: Option<super::Time>| t.map(|t| t.0.rfc3339());
    let fields = [
        ("severity", Some(old.severity.to_string()), Some(finding.severity.to_string())),
        ("confidence", Some(old.confidence.to_string()), Some(finding.confidence.to_string())),
        ("active", Some(old.active.to_string()), Some(finding.active.to_string())),
        ("status", old.status.clone(), finding.status.map(|s| s.name().to_owned())),
        ("title", Some(old.title.clone()), Some(finding.title.clone())),
        ("occurrences", Some(old.occurrences.to_string()), Some(finding.occurrences.to_string())),
        ("last_seen", old.last_seen.clone(), time(finding.last_seen)),
        ("caused_by", old.caused_by.as_ref().map(|c| c.code.clone()), finding.caused_by.as_ref().map(|c| c.code.clone())),
    ];
    fields.into_iter().filter(|(_, a, b)| a != b).map(|(field, before, after)| ChangedField { field, before, after }).collect()
}

fn changed_duplications(report: &Report, earlier: &EarlierReport) -> Vec<ChangedDuplication> {
    type Id<'r> = (Option<i64>, Option<i64>, Option<&'r str>);
    let mut unmatched: FxHashMap<Id<'_>, &EarlierDuplication> =
        earlier.duplications.iter().rev().map(|o| ((o.app_id, o.dup_id, o.app_name.as_deref()), o)).collect();
    let mut changed = Vec::new();
    for entry in &report.duplications {
        let id = (entry.app_id.map(|a| a.0), entry.dup_id.map(|d| d.0), entry.app_name.as_deref());
        let old = unmatched.remove(&id);
        let (verdict, status) = (entry.verdict.name().to_owned(), entry.status.map(DupStatus::name).map(str::to_owned));
        if old.is_none_or(|old| (&old.verdict, &old.status) != (&verdict, &status)) {
            changed.push(ChangedDuplication {
                duplication: DuplicationRef { app_id: entry.app_id, dup_id: entry.dup_id, app_name: entry.app_name.clone() },
                verdict_before: old.map(|o| o.verdict.clone()),
                verdict: Some(verdict),
                status_before: old.and_then(|o| o.status.clone()),
                status,
            });
        }
    }
    let left = earlier.duplications.iter().filter(|o| unmatched.contains_key(&(o.app_id, o.dup_id, o.app_name.as_deref())));
    changed.extend(left.map(|old| ChangedDuplication {
        duplication: DuplicationRef { app_id: old.app_id.map(AppId), dup_id: old.dup_id.map(DupId), app_name: old.app_name.clone() },
        verdict_before: Some(old.verdict.clone()),
        verdict: None,
        status_before: old.status.clone(),
        status: None,
    }));
    changed
}
