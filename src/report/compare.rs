//! What is new, still there and gone since an earlier report.

use super::{ComparedFinding, DuplicationEntry, DuplicationRef, Finding, Redaction, Report};
use crate::pegasus::closed_set;
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// This report against an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// A finding that both reports have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ChangedField {
    /// Its name: `severity`, `confidence`, `active`, `status`, `title`, `occurrences`, `last_seen` or `caused_by`.
    pub field: Cow<'static, str>,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

/// A finding that holds no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
pub fn compare(report: &Report, earlier: &Report, path: &str) -> Comparison {
    let mut by_fingerprint: FxHashMap<&str, &Finding> = earlier.findings.iter().rev().map(|old| (old.fingerprint.as_str(), old)).collect();
    let mut pairs: Vec<(&Finding, Option<&Finding>)> =
        report.findings.iter().map(|finding| (finding, by_fingerprint.remove(finding.fingerprint.as_str()))).collect();
    let mut unmatched: Vec<&Finding> = earlier
        .findings
        .iter()
        .filter(|old| by_fingerprint.get(old.fingerprint.as_str()).is_some_and(|known| std::ptr::eq(*known, *old)))
        .collect();
    let mut by_code: FxHashMap<&str, Vec<&Finding>> = FxHashMap::default();
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
    let was = |old: &Finding| ComparedFinding { active: false, ..ComparedFinding::of(old) };
    for (finding, pair) in pairs {
        match pair {
            None => new.push(ComparedFinding::of(finding)),
            Some(old) if old.active && !finding.active => gone.push(GoneFinding { finding: was(old), how: Gone::Over }),
            Some(old) => still.push(StillFinding {
                finding: ComparedFinding::of(finding),
                earlier_fingerprint: Some(old.fingerprint.clone()).filter(|f| *f != finding.fingerprint),
                changed: changes(finding, old),
            }),
        }
    }
    let accepted: FxHashSet<&str> = report.accepted.iter().map(|a| a.finding.fingerprint.as_str()).collect();
    // What was over then needs no second end.
    for old in unmatched.into_iter().filter(|old| old.active) {
        gone.push(GoneFinding {
            finding: was(old),
            how: if accepted.contains(old.fingerprint.as_str()) { Gone::Accepted } else { Gone::NotFound },
        });
    }
    Comparison {
        path: path.to_owned(),
        generated_at: earlier.generated_at.map(|t| t.0.rfc3339()),
        until: earlier.window.last.map(|t| t.0.rfc3339()),
        new,
        still,
        gone,
        duplications: changed_duplications(report, earlier),
    }
}

/// Whether an incident of the earlier report goes on under another fingerprint, because its beginning is not in the logs
/// any more: the same failure of the same duplication, with lines that both reports cover.
fn goes_on(finding: &Finding, old: &Finding) -> bool {
    let ids = |finding: &Finding| finding.duplication.as_ref().map(|d| (d.app_id, d.dup_id));
    let overlap = finding.first_seen.zip(old.last_seen).is_some_and(|(first, last)| first.0.millis() <= last.0.millis());
    old.code == finding.code && ids(finding) == ids(old) && old.server == finding.server && old.active && finding.active && overlap
}

fn changes(now: &Finding, old: &Finding) -> Vec<ChangedField> {
    let values = |f: &Finding| {
        [
            ("severity", Some(f.severity.to_string())),
            ("confidence", Some(f.confidence.to_string())),
            ("active", Some(f.active.to_string())),
            ("status", f.status.map(|s| s.to_string())),
            ("title", Some(f.title.clone())),
            ("occurrences", Some(f.occurrences.to_string())),
            ("last_seen", f.last_seen.map(|t| t.0.rfc3339())),
            ("caused_by", f.caused_by.as_ref().map(|c| c.code.clone())),
        ]
    };
    let pairs = values(old).into_iter().zip(values(now)).filter(|(before, after)| before != after);
    pairs.map(|((field, before), (_, after))| ChangedField { field: field.into(), before, after }).collect()
}

fn changed_duplications(report: &Report, earlier: &Report) -> Vec<ChangedDuplication> {
    let changed = |any: &DuplicationEntry, before: Option<&DuplicationEntry>, now: Option<&DuplicationEntry>| ChangedDuplication {
        duplication: any.reference(),
        verdict_before: before.map(|d| d.verdict.to_string()),
        verdict: now.map(|d| d.verdict.to_string()),
        status_before: before.and_then(|d| d.status).map(|s| s.to_string()),
        status: now.and_then(|d| d.status).map(|s| s.to_string()),
    };
    let mut unmatched: FxHashMap<DuplicationRef, &DuplicationEntry> =
        earlier.duplications.iter().rev().map(|old| (old.reference(), old)).collect();
    let mut all = Vec::new();
    for entry in &report.duplications {
        let old = unmatched.remove(&entry.reference());
        if old.is_none_or(|old| (old.verdict, old.status) != (entry.verdict, entry.status)) {
            all.push(changed(entry, old, Some(entry)));
        }
    }
    all.extend(earlier.duplications.iter().filter(|old| unmatched.contains_key(&old.reference())).map(|old| changed(old, Some(old), None)));
    all
}
