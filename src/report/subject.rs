//! What a report, as JSON, says of one finding and its duplication: the values that fill in a runbook.

use crate::pegasus::{AppId, DupId};
use crate::signature::{Catalogue, Placeholders, Signature, Stated, ask_line};
use serde_json::Value;
use std::str::FromStr;
use thiserror::Error;

/// Which duplication is meant: `a5d1716542517`, `5.1716542517` or only `1716542517`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DupChoice {
    /// The source table, where it was said.
    pub app_id: Option<AppId>,
    /// The duplication.
    pub dup_id: DupId,
}

impl FromStr for DupChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no duplication; write a5d1716542517, 5.1716542517 or 1716542517");
        let plain = text.trim().trim_start_matches('[').trim_end_matches(']');
        let number = |t: &str| t.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(wrong);
        let pair = plain.strip_prefix('a').and_then(|p| p.split_once('d')).or_else(|| plain.split_once('.'));
        match pair {
            Some((app, dup)) => Ok(Self { app_id: Some(AppId(number(app)?)), dup_id: DupId(number(dup)?) }),
            None => Ok(Self { app_id: None, dup_id: DupId(number(plain.strip_prefix('d').unwrap_or(plain))?) }),
        }
    }
}

/// Whom a runbook is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunbookSubject {
    /// The source table.
    pub app_name: Option<String>,
    /// Its id.
    pub app_id: Option<i64>,
    /// The duplication's id.
    pub dup_id: Option<i64>,
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
    /// It is none.
    #[error("it is no report of dupdoctor: it has no {0:?}; make one with `dupdoctor diagnose --format json`")]
    NoReport(&'static str),
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
    /// Without a report only the ids are known.
    #[must_use]
    pub fn of_choice(choice: Option<DupChoice>) -> Self {
        let app_id = choice.and_then(|c| c.app_id).map(|a| a.0);
        let dup_id = choice.map(|c| c.dup_id.0);
        let mut subject = Self { app_id, dup_id, ..Self::default() };
        subject.put("app_id", app_id.map(|n| n.to_string()));
        subject.put("dup_id", dup_id.map(|n| n.to_string()));
        subject
    }

    /// The subject of a code in a report.
    ///
    /// # Errors
    /// When it is no report, lacks the duplication, or when several duplications fit.
    pub fn of_report(
        report: &Value,
        signature: &Signature,
        choice: Option<DupChoice>,
        catalogue: &Catalogue,
    ) -> Result<Self, SubjectError> {
        let array = |key: &'static str| report.get(key).and_then(Value::as_array).ok_or(SubjectError::NoReport(key));
        let findings = array("findings")?;
        // `dupdoctor status` has them by table.
        let of_status = report.get("tables").and_then(Value::as_array).map(|tables| of_tables(tables));
        let duplications = match &of_status {
            Some(duplications) => duplications,
            None => array("duplications")?,
        };
        let of_code: Vec<&Value> = findings.iter().filter(|f| text(f, "code").as_deref() == Some(&signature.code)).collect();
        // What is over needs no runbook while another one goes on.
        let active: Vec<&Value> = of_code.iter().copied().filter(|f| f.get("active") == Some(&Value::Bool(true))).collect();
        let pressing = if active.is_empty() { &of_code } else { &active };
        let about = |finding: &Value| finding.get("duplication").cloned().unwrap_or(Value::Null);
        let finding = match choice {
            Some(choice) => {
                let fits: Vec<&Value> = duplications.iter().filter(|d| chosen(d, choice)).collect();
                match fits.as_slice() {
                    [] => return Err(SubjectError::UnknownDuplication { asked: label_of(choice), known: labels(duplications.iter()) }),
                    [one] => {
                        let finding = of_code.into_iter().find(|f| same(&about(f), one));
                        return Ok(Self::filled(Some(*one), finding, signature, catalogue));
                    }
                    several => {
                        return Err(SubjectError::Several { what: choice.dup_id.0.to_string(), known: labels(several.iter().copied()) });
                    }
                }
            }
            None => match pressing.as_slice() {
                [] => None,
                [one] => Some(*one),
                [first, rest @ ..] => {
                    let abouts: Vec<Value> = pressing.iter().map(|f| about(f)).collect();
                    if rest.iter().any(|f| about(f) != about(first)) {
                        return Err(SubjectError::Several { what: signature.code.clone(), known: labels(abouts.iter()) });
                    }
                    Some(*first)
                }
            },
        };
        let entry = finding.and_then(|f| duplications.iter().find(|d| same(&about(f), d)));
        Ok(Self::filled(entry, finding, signature, catalogue))
    }

    fn filled(entry: Option<&Value>, finding: Option<&Value>, signature: &Signature, catalogue: &Catalogue) -> Self {
        let mut subject = Self { found: Some(finding.is_some()), ..Self::default() };
        // The newest proving line fills in partition, node and the like.
        for line in finding.and_then(|f| f.get("evidence")).and_then(Value::as_array).into_iter().flatten() {
            let Some(asked) = text(line, "text").map(|t| ask_line(&t, catalogue)) else { continue };
            let proves = signature.when.iter().any(|w| match &asked.stated {
                Stated::Event(pattern, _) => w.event.names().iter().any(|e| e == pattern.event.name()),
                Stated::Drift(_) | Stated::Nothing => false,
            });
            if let (true, Stated::Event(_, fields)) = (proves, asked.stated) {
                subject.values.extend(fields.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_owned(), v)));
                subject.put("path", text(line, "path"));
            }
        }
        if let Some(finding) = finding {
            subject.server = text(finding, "server");
            subject.put("server", subject.server.clone());
            subject.put("status", text(finding, "status"));
            subject.put("times", number(finding, "occurrences").map(|n| n.to_string()));
            subject.put("first", text(finding, "first_seen"));
            subject.put("last", text(finding, "last_seen"));
        }
        let about = entry.or_else(|| finding.and_then(|f| f.get("duplication")).filter(|d| !d.is_null()));
        if let Some(about) = about {
            subject.app_name = text(about, "app_name");
            subject.app_id = number(about, "app_id");
            subject.dup_id = number(about, "dup_id");
            for name in ["app_name", "remote_cluster", "remote_app_name", "status", "status_since"] {
                subject.put(name, text(about, name));
            }
            for name in ["app_id", "dup_id", "remote_replica_count", "partition_count"] {
                subject.put(name, number(about, name).map(|n| n.to_string()));
            }
            // Where names cannot differ the follower has the source's name.
            if !subject.values.contains_key("remote_app_name") {
                subject.put("remote_app_name", subject.app_name.clone());
            }
        }
        subject
    }

    fn put(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            self.values.insert(name.to_owned(), value);
        }
    }
}

/// The duplications of a status, each with the name of its table.
fn of_tables(tables: &[Value]) -> Vec<Value> {
    let mut all = Vec::new();
    for table in tables {
        for dup in table.get("duplications").and_then(Value::as_array).into_iter().flatten() {
            let mut dup = dup.clone();
            if let (Some(dup), Some(name)) = (dup.as_object_mut(), table.get("app_name")) {
                dup.insert("app_name".to_owned(), name.clone());
            }
            all.push(dup);
        }
    }
    all
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn number(value: &Value, key: &str) -> Option<i64> {
    value.get(key)?.as_i64()
}

fn chosen(entry: &Value, choice: DupChoice) -> bool {
    number(entry, "dup_id") == Some(choice.dup_id.0) && choice.app_id.is_none_or(|app| number(entry, "app_id") == Some(app.0))
}

/// Whether two entries name the same duplication.
fn same(one: &Value, other: &Value) -> bool {
    !one.is_null() && ["app_id", "dup_id", "app_name"].iter().all(|key| one.get(key) == other.get(key))
}

fn label_of(choice: DupChoice) -> String {
    choice.app_id.map_or_else(|| format!("{}", choice.dup_id.0), |app| format!("a{}d{}", app.0, choice.dup_id.0))
}

/// `test_dup1 a5d1716542517`, each once.
fn labels<'a>(entries: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let label = |entry: &Value| {
        let name = text(entry, "app_name").unwrap_or_else(|| "(table not known)".to_owned());
        match (number(entry, "app_id"), number(entry, "dup_id")) {
            (Some(app), Some(dup)) => format!("{name} a{app}d{dup}"),
            (None, Some(dup)) => format!("{name} d{dup}"),
            (_, None) => name,
        }
    };
    let mut all: Vec<String> = Vec::new();
    for label in entries.map(label) {
        if !all.contains(&label) {
            all.push(label);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_duplication_is_chosen_in_three_ways() {
        let both = Ok(DupChoice { app_id: Some(AppId(5)), dup_id: DupId(17) });
        assert_eq!("a5d17".parse(), both);
        assert_eq!("[a5d17]".parse(), both);
        assert_eq!("5.17".parse(), both);
        assert_eq!("17".parse(), Ok(DupChoice { app_id: None, dup_id: DupId(17) }));
        for wrong in ["", "a5", "x.y", "a5d", "test_dup1", "5.17.3", "-4"] {
            assert!(wrong.parse::<DupChoice>().is_err(), "{wrong}");
        }
    }

    fn report() -> Value {
        let dup =
            |app: i64, name: &str| json!({"app_id": app, "dup_id": 17, "app_name": name, "remote_cluster": "b", "remote_app_name": null});
        let about = |app: i64, name: &str| json!({"app_id": app, "dup_id": 17, "app_name": name});
        let line = "E2024-05-24 17:22:18.004 (1716542538004000000 121543) replica.rep_long0.0102000500000411: x.cpp:1:f(): hello";
        json!({"duplications": [dup(5, "t1"), dup(6, "t2")],
            "findings": [{"code": "DUP301", "duplication": about(5, "t1"), "evidence": [{"text": line, "path": "p"}]},
                {"code": "DUP404", "duplication": about(5, "t1")}, {"code": "DUP404", "duplication": about(6, "t2")}]})
    }

    fn of(code: &str, choice: Option<&str>) -> Result<RunbookSubject, SubjectError> {
        let catalogue = Catalogue::built_in();
        let signature = catalogue.find(code).or_else(|| catalogue.iter().next()).ok_or(SubjectError::NoReport("code"))?;
        RunbookSubject::of_report(&report(), signature, choice.and_then(|c| c.parse().ok()), &catalogue)
    }

    #[test]
    fn the_finding_says_whom_it_is_about() {
        let subject = of("DUP301", None).unwrap_or_default();
        assert_eq!((subject.app_name.as_deref(), subject.found), (Some("t1"), Some(true)));
        assert_eq!(subject.values["remote_app_name"], "t1");
        let other = of("DUP301", Some("a6d17")).unwrap_or_default();
        assert_eq!((other.app_name.as_deref(), other.found), (Some("t2"), Some(false)));
        assert_eq!(of("DUP302", None).unwrap_or_default().found, Some(false));
    }

    #[test]
    fn what_goes_on_comes_before_what_is_over() {
        let mut report = report();
        report["findings"][2]["active"] = true.into();
        let catalogue = Catalogue::built_in();
        let subject = catalogue.find("DUP404").map(|s| RunbookSubject::of_report(&report, s, None, &catalogue));
        assert_eq!(subject.and_then(Result::ok).and_then(|s| s.app_name).as_deref(), Some("t2"));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let known = vec!["t1 a5d17".to_owned(), "t2 a6d17".to_owned()];
        assert_eq!(of("DUP404", None), Err(SubjectError::Several { what: "DUP404".into(), known: known.clone() }));
        assert_eq!(of("DUP404", Some("17")), Err(SubjectError::Several { what: "17".into(), known: known.clone() }));
        assert_eq!(of("DUP301", Some("a7d17")), Err(SubjectError::UnknownDuplication { asked: "a7d17".into(), known }));
    }
}
