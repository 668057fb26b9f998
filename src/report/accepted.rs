//! What is known and accepted: rules that leave findings out, and what they left out.

use super::ownership::FindingOwner;
use super::{Cause, ComparedFinding, DuplicationRef, Finding};
use crate::pegasus::{LogTime, closed_set};
use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// A day of the calendar, in UTC. Serialised as `2026-12-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(NaiveDate);

impl Day {
    /// Reads `2026-12-31`.
    pub fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10).map(Self)
    }

    /// Whether the whole day lies before a moment.
    #[must_use]
    pub fn is_over(self, now: LogTime) -> bool {
        self.0 < now.utc().date_naive()
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is not a day such as 2026-12-31")))
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day of the calendar, in UTC",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        })
    }
}

closed_set! {
    /// Where a rule comes from.
    #[non_exhaustive]
    AcceptedBy, "kind of rule" {
        /// `--ignore CODE[:TABLE]`
        Ignore = "ignore",
        /// `--baseline REPORT.json`
        Baseline = "baseline",
        /// `[[accept]]` in `dupdoctor.toml`
        Config = "config",
    }
}

/// A rule that leaves findings out. All that it names must fit; one that names nothing fits nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acceptance {
    /// Where it comes from.
    pub by: AcceptedBy,
    /// How reports name it: what was typed, or file and line.
    pub rule: String,
    /// Only findings with this code.
    pub code: Option<String>,
    /// Only findings about this source table.
    pub table: Option<String>,
    /// Only findings about the duplication with this id.
    pub dup: Option<i64>,
    /// Only the finding with this fingerprint.
    pub fingerprint: Option<String>,
    /// Why it is accepted.
    pub reason: Option<String>,
    /// The last day on which it holds; without one it always does.
    pub expires: Option<Day>,
}

impl Acceptance {
    /// A rule that names nothing yet; set its fields.
    pub fn new(by: AcceptedBy, rule: impl Into<String>) -> Self {
        Self { by, rule: rule.into(), code: None, table: None, dup: None, fingerprint: None, reason: None, expires: None }
    }

    /// Whether it is past its last day. Where nobody says which day it is, it is not.
    #[must_use]
    pub fn is_expired(&self, today: Option<LogTime>) -> bool {
        self.expires.zip(today).is_some_and(|(day, now)| day.is_over(now))
    }

    /// Whether it is about a finding, expired or not.
    #[must_use]
    pub fn fits(&self, finding: &Finding) -> bool {
        self.fits_of(finding, finding.duplication.as_ref().and_then(|d| d.app_name.as_deref()))
    }

    /// The same for a finding whose table's name is hidden.
    fn fits_of(&self, finding: &Finding, table: Option<&str>) -> bool {
        let about = finding.duplication.as_ref();
        let names_any = self.code.is_some() || self.table.is_some() || self.dup.is_some() || self.fingerprint.is_some();
        names_any
            && self.code.as_ref().is_none_or(|code| code.eq_ignore_ascii_case(&finding.code))
            && self.table.as_deref().is_none_or(|mine| Some(mine) == table)
            && self.dup.is_none_or(|dup| about.and_then(|d| d.dup_id).map(|d| d.0) == Some(dup))
            && self.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == finding.fingerprint)
    }
}

/// A finding that a rule left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AcceptedFinding {
    /// The finding, its fields on the level of this object.
    #[serde(flatten)]
    pub finding: ComparedFinding,
    /// What kind of rule left it out.
    pub by: AcceptedBy,
    /// The finding that explains it, with which it was accepted; `null` where a rule names it itself.
    #[serde(default)]
    pub caused_by: Option<Cause>,
    /// The rule: what was typed after `--ignore`, the baseline's file, or `dupdoctor.toml` and its line.
    pub rule: String,
    /// Why it is accepted, where the rule says it.
    pub reason: Option<String>,
    /// The last day on which it is left out.
    pub expires: Option<Day>,
}

/// A rule whose last day has passed: it leaves nothing out any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExpiredRule {
    /// `dupdoctor.toml` and its line.
    pub rule: String,
    /// The code that it names.
    pub code: Option<String>,
    /// The source table that it names.
    pub table: Option<String>,
    /// Why it was accepted.
    pub reason: Option<String>,
    /// The last day on which it held.
    pub expired: Day,
    /// How many findings of this report it would leave out.
    pub findings: usize,
}

/// Takes the accepted findings out, each by the first rule that fits; says which these are and which rules have expired. Where
/// names are hidden, those of the rules are, too.
pub(super) fn accept(
    findings: &mut Vec<(FindingOwner, Finding)>,
    rules: &[Acceptance],
    today: Option<LogTime>,
    hidden: bool,
) -> (Vec<AcceptedFinding>, Vec<ExpiredRule>) {
    let (over, valid): (Vec<&Acceptance>, Vec<&Acceptance>) = rules.iter().partition(|r| r.is_expired(today));
    let mut accepted = Vec::new();
    // A baseline has a rule for each of its findings, which names nothing but the fingerprint.
    let only_fingerprint = |rule: &Acceptance| rule.code.is_none() && rule.table.is_none() && rule.dup.is_none();
    let (by_fingerprint, others): (Vec<&Acceptance>, Vec<&Acceptance>) = valid.into_iter().partition(|rule| only_fingerprint(rule));
    let by_fingerprint: FxHashMap<&str, &Acceptance> =
        by_fingerprint.into_iter().rev().filter_map(|rule| Some((rule.fingerprint.as_deref()?, rule))).collect();
    let rule_of = |whose: &FindingOwner, finding: &Finding| {
        let other = || others.iter().find(|rule| rule.fits_of(finding, whose.table.as_deref())).copied();
        other().or_else(|| by_fingerprint.get(finding.fingerprint.as_str()).copied())
    };
    let rules = with_consequences(findings, findings.iter().map(|(whose, finding)| rule_of(whose, finding)).collect());
    let mut rules = rules.into_iter();
    findings.retain(|(_, finding)| match rules.next().flatten() {
        Some(rule) => {
            accepted.push(left_out(finding, rule, hidden));
            false
        }
        None => true,
    });
    accepted.sort_by(|a, b| {
        let key = |AcceptedFinding { finding: f, .. }: &AcceptedFinding| {
            let about = f.duplication.as_ref().map(|d| (d.app_name.clone(), d.app_id, d.dup_id));
            (std::cmp::Reverse(f.severity), !f.active, f.code.clone(), about, f.server.clone(), f.fingerprint.clone())
        };
        key(a).cmp(&key(b))
    });
    let expired = |rule: &&Acceptance| {
        Some(ExpiredRule {
            rule: shown_rule(rule, None, hidden),
            code: rule.code.clone(),
            table: rule.table.clone().filter(|_| !hidden),
            reason: rule.reason.clone().filter(|_| !hidden),
            expired: rule.expires?,
            findings: findings.iter().filter(|(whose, f)| rule.fits_of(f, whose.table.as_deref())).count(),
        })
    };
    (accepted, over.iter().filter_map(expired).collect())
}

/// A cause that is accepted carries what follows from it: nobody has to accept that one by one, and it is no problem of its own.
fn with_consequences<'r>(findings: &[(FindingOwner, Finding)], mut rules: Vec<Option<&'r Acceptance>>) -> Vec<Option<&'r Acceptance>> {
    loop {
        let accepted: FxHashMap<&str, &Acceptance> =
            findings.iter().zip(&rules).filter_map(|((_, f), rule)| Some((f.fingerprint.as_str(), (*rule)?))).collect();
        let carried = |finding: &Finding| accepted.get(finding.caused_by.as_ref()?.fingerprint.as_str()).copied();
        let mut changed = false;
        for ((_, finding), rule) in findings.iter().zip(&mut rules).filter(|(_, rule)| rule.is_none()) {
            *rule = carried(finding);
            changed |= rule.is_some();
        }
        // Chains are short: a server, what it stops, what that stops.
        if !changed {
            return rules;
        }
    }
}

/// The same for findings that are all about one table.
pub(crate) fn accept_of_table(
    findings: &mut Vec<Finding>,
    table: Option<&str>,
    rules: &[Acceptance],
    today: Option<LogTime>,
    hidden: bool,
) -> (Vec<AcceptedFinding>, Vec<ExpiredRule>) {
    let owner = || FindingOwner { story: None, table: table.map(str::to_owned), server: None, explained_by: None };
    let mut all: Vec<(FindingOwner, Finding)> = std::mem::take(findings).into_iter().map(|finding| (owner(), finding)).collect();
    let accepted = accept(&mut all, rules, today, hidden);
    findings.extend(all.into_iter().map(|(_, finding)| finding));
    accepted
}

fn left_out(finding: &Finding, rule: &Acceptance, hidden: bool) -> AcceptedFinding {
    AcceptedFinding {
        finding: ComparedFinding::of(finding),
        by: rule.by,
        caused_by: finding.caused_by.clone(),
        rule: shown_rule(rule, finding.duplication.as_ref(), hidden),
        // Whoever wrote it may have named anything.
        reason: rule.reason.clone().filter(|_| !hidden),
        expires: rule.expires,
    }
}

/// How a rule is named. With hidden names: the code with the table's alias, a file without its folders.
fn shown_rule(rule: &Acceptance, about: Option<&DuplicationRef>, hidden: bool) -> String {
    match rule.by {
        _ if !hidden => rule.rule.clone(),
        AcceptedBy::Ignore => {
            let table = rule.table.as_ref().and(about).and_then(|d| d.app_name.as_ref()).map(|table| format!(":{table}"));
            format!("{}{}", rule.code.as_deref().unwrap_or_default(), table.unwrap_or_default())
        }
        AcceptedBy::Config | AcceptedBy::Baseline => rule.rule.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_holds_through_its_last_day() {
        let mut rule = Acceptance::new(AcceptedBy::Config, "dupdoctor.toml:3");
        rule.expires = Day::parse("2024-05-24");
        let at = |hours: i64| Some(LogTime::from_secs(1_716_508_800 + hours * 3_600));
        assert!(!rule.is_expired(at(0)) && !rule.is_expired(at(23)) && rule.is_expired(at(24)));
        assert!(!rule.is_expired(None));
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(Day::parse("2024-02-29").map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
        for wrong in ["2023-02-29", "2024-5-1", "24-05-01", "2024-05-01T00:00:00Z", "tomorrow", ""] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }
}
