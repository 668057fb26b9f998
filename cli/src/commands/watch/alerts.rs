//! What Alertmanager is told: for each open finding an alert, known by its labels.

use dupdoctor::{ChangeKind, Incident, LogTime, Severity, TimeDelta};
use serde::Serialize;
use std::collections::BTreeMap;

/// Alerts that are kept; a cluster has fewer duplications.
pub(super) const MOST: usize = 10_000;

/// An alert that is not repeated for so long counts as resolved: four times the period of repeating, as Prometheus has it.
const LIFETIME: TimeDelta = TimeDelta::mins(4);

/// How long resolved alerts are repeated, as Prometheus does.
const RESOLVED: TimeDelta = TimeDelta::mins(15);

/// An alert as the API wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Alert {
    labels: BTreeMap<&'static str, String>,
    annotations: BTreeMap<&'static str, String>,
    starts_at: String,
    ends_at: String,
}

#[derive(Debug)]
struct Known {
    alert: Alert,
    fingerprint: String,
    resolved: Option<LogTime>,
}

/// Alerts by their labels.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    known: BTreeMap<BTreeMap<&'static str, String>, Known>,
    changed: bool,
}

impl Alerts {
    /// Takes in a change at a moment of the clock; says whether there was room.
    pub(super) fn take(&mut self, change: ChangeKind, incident: &Incident, now: LogTime) -> bool {
        // What became a mere consequence is no alert any more.
        if incident.finding.severity < Severity::Warning || change == ChangeKind::Cleared {
            self.resolve(&incident.finding.fingerprint, None, now);
            return true;
        }
        let labels = labels(incident);
        // Other labels are another alert.
        self.resolve(&incident.finding.fingerprint, Some(&labels), now);
        if self.known.len() >= MOST && !self.known.contains_key(&labels) {
            return false;
        }
        let starts_at = LogTime(incident.opened_at).min(now).rfc3339();
        let alert = Alert { labels: labels.clone(), annotations: annotations(incident), starts_at, ends_at: String::new() };
        self.known.insert(labels, Known { alert, fingerprint: incident.finding.fingerprint.clone(), resolved: None });
        self.changed = true;
        true
    }

    /// Whether something was not sent yet.
    pub(super) fn is_changed(&self) -> bool {
        self.changed
    }

    pub(super) fn must_be_sent(&mut self) {
        self.changed = true;
    }

    /// All that is open, and what was resolved lately; it counts as sent.
    pub(super) fn take_all(&mut self, now: LogTime) -> Vec<Alert> {
        self.changed = false;
        self.known.retain(|_, known| known.resolved.is_none_or(|at| now.since(at) <= RESOLVED));
        let alert = |known: &Known| {
            let ends_at = known.resolved.unwrap_or(now + LIFETIME).rfc3339();
            Alert { ends_at, ..known.alert.clone() }
        };
        self.known.values().map(alert).collect()
    }

    fn resolve(&mut self, fingerprint: &str, but: Option<&BTreeMap<&'static str, String>>, now: LogTime) {
        for (labels, known) in &mut self.known {
            if known.fingerprint == fingerprint && known.resolved.is_none() && but != Some(labels) {
                known.resolved = Some(now);
                self.changed = true;
            }
        }
    }
}

/// For routing, and to tell alerts apart.
fn labels(incident: &Incident) -> BTreeMap<&'static str, String> {
    let about = incident.identity();
    let all = [
        ("alertname", Some(incident.finding.name.clone())),
        ("job", Some("dupdoctor".to_owned())),
        ("code", Some(incident.finding.code.clone())),
        ("severity", Some(incident.finding.severity.to_string())),
        ("table", about.app_name),
        ("app_id", about.app_id.map(|a| a.0.to_string())),
        ("dup_id", about.dup_id.map(|d| d.0.to_string())),
        ("remote_cluster", about.remote_cluster),
        ("server", incident.finding.server.clone()),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?))).collect()
}

/// For people.
fn annotations(incident: &Incident) -> BTreeMap<&'static str, String> {
    let steps = incident.steps().enumerate().map(|(n, step)| format!("{}. {step}", n + 1));
    let all = [
        ("summary", incident.finding.title.clone()),
        ("description", incident.finding.explanation.clone()),
        ("cause", incident.finding.cause.to_string()),
        ("fix", steps.collect::<Vec<_>>().join("\n")),
        ("confidence", incident.finding.confidence.to_string()),
        ("status", incident.finding.status.map(|s| s.to_string()).unwrap_or_default()),
        ("fingerprint", incident.finding.fingerprint.clone()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn incident(severity: Severity) -> Incident {
        let finding = serde_json::json!({"code": "DUP301", "name": "follower-queried-by-source-name", "severity": severity,
            "confidence": "certain", "duplication": {"app_id": 5, "dup_id": 17, "app_name": "orders"}, "status": "DS_APP",
            "title": "title", "explanation": "what", "cause": "why", "details": [], "active": true, "occurrences": 1, "evidence": [],
            "suggestions": [{"text": "do", "commands": []}], "consequences": [], "missing_logs": [], "look_alikes": [],
            "references": [], "fingerprint": "f"});
        let incident = serde_json::json!({"finding": finding, "remote_cluster": null, "opened_at": 1_000_000_000});
        serde_json::from_value(incident).unwrap()
    }

    #[test]
    fn an_alert_is_repeated_resolved_and_forgotten() {
        let mut alerts = Alerts::default();
        assert!(alerts.take(ChangeKind::Opened, &incident(Severity::Error), LogTime::from_secs(2)));
        let sent = alerts.take_all(LogTime::from_secs(3));
        assert_eq!((sent[0].starts_at.as_str(), sent[0].ends_at.as_str()), ("1970-01-01T00:00:01.000Z", "1970-01-01T00:04:03.000Z"));
        assert_eq!(sent[0].labels["code"], "DUP301");
        assert!(!sent[0].labels.contains_key("server"));
        alerts.take(ChangeKind::Cleared, &incident(Severity::Error), LogTime::from_secs(9));
        assert!(alerts.is_changed());
        assert_eq!(alerts.take_all(LogTime::from_secs(10))[0].ends_at, "1970-01-01T00:00:09.000Z");
        assert_eq!(alerts.take_all(LogTime::from_secs(10) + RESOLVED).len(), 0);
    }

    #[test]
    fn another_severity_is_another_alert() {
        let mut alerts = Alerts::default();
        alerts.take(ChangeKind::Opened, &incident(Severity::Warning), LogTime::from_secs(2));
        alerts.take(ChangeKind::Updated, &incident(Severity::Critical), LogTime::from_secs(3));
        let open: Vec<String> =
            alerts.take_all(LogTime::from_secs(4)).iter().map(|a| format!("{} {}", a.labels["severity"], a.ends_at)).collect();
        assert_eq!(open, ["critical 1970-01-01T00:04:04.000Z", "warning 1970-01-01T00:00:03.000Z"]);
    }
}
