//! Checks a duplication before it is added: configurations, answers and the plan of an operator in, a report out.
//!
//! The report is that of a diagnosis, with findings of the codes that the duplication would run into, and has a list of checks
//! and the steps to take beside. A check passes, fails, or says what it lacks.

mod build;
mod case;
mod checks;
mod material;
mod outcome;
mod steps;
mod veil;
mod words;

pub use build::{BUILDS, Build};
pub(crate) use material::Config;
pub use material::Material;

use crate::ingest::InputKind;
use crate::ingest::InputNote;
use crate::pegasus::{AppId, ServerRole, Side};
use crate::report::accepted::accept_of_table;
use crate::report::fingerprint::of_check;
use crate::report::{
    CheckEntry, CheckState, DuplicationRef, Evidence, Finding, InputEntry, Place, Redaction, Report, SCHEMA_VERSION, Selection, Skipped,
    Suggestion, Summary, Time, Tool, Window, input_note,
};
use crate::signature::{Catalogue, Command, Confidence, Lang, Placeholders, Severity, Signature, entitle, fill_command, say};
use case::Case;
use outcome::{Fault, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use veil::Veil;
use words::{Advice, CheckWords, FaultWords, words};

/// Checks all that can be checked; `skipped` are files that are neither configurations nor answers: name and first line. Names
/// are replaced in the report, if `redaction` says by what.
pub fn preflight(
    material: &Material,
    catalogue: &Catalogue,
    selection: &Selection,
    skipped: &[(String, String)],
    redaction: Option<&Redaction>,
) -> Report {
    let case = Case::new(material);
    let veil = Veil::new(redaction, &case);
    let app = case.app().map(|app| veil.table(app));
    let writer = Writer { case: &case, catalogue, selection, values: veil.values(values(&case)), app };
    let mut checks = Vec::new();
    let mut findings = Vec::new();
    for (id, check) in checks::all() {
        let Some(words) = words(id) else { continue };
        let (entry, found) = writer.check(words, veil.outcome(check(&case)));
        checks.extend(entry);
        findings.extend(found);
    }
    let (accepted, expired) = accept_of_table(&mut findings, case.app(), &selection.accepted, selection.today, veil.is_drawn());
    findings.sort_by_cached_key(|f: &Finding| {
        (std::cmp::Reverse(f.severity), std::cmp::Reverse(f.confidence), f.code.clone(), f.explanation.clone())
    });
    let inputs = inputs(&case, veil, selection.lang);
    let steps = steps::steps(&case, veil, selection.lang, &writer.values, !findings.iter().all(|f| f.severity < Severity::Error));
    Report {
        schema_version: SCHEMA_VERSION.into(),
        tool: Tool::this(),
        generated_at: selection.generated_at.map(Time),
        window: Window { first: None, last: None },
        summary: summary(&inputs, &findings),
        inputs,
        skipped: skipped
            .iter()
            .map(|(path, line)| Skipped {
                path: veil.path(path),
                reason: format!("neither a config.ini nor answers of a shell, begins with {:?}", veil.stranger(line)),
                harmless: false,
            })
            .collect(),
        servers: Vec::new(),
        coverage: Vec::new(),
        missing_logs: Vec::new(),
        duplications: Vec::new(),
        leader_changes: Vec::new(),
        findings,
        accepted,
        expired,
        comparison: None,
        checks: Some(checks),
        steps: Some(steps),
    }
}

/// What fills the texts of all checks.
fn values(case: &Case<'_>) -> Placeholders {
    let plan = case.plan.as_ref();
    let texts = [
        ("app_name", plan.and_then(|p| p.app_name.clone())),
        ("remote_app_name", case.follower().map(str::to_owned)),
        ("remote_cluster", case.target.clone()),
        ("source_cluster", case.source.clone()),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))).collect()
}

struct Writer<'a> {
    case: &'a Case<'a>,
    catalogue: &'a Catalogue,
    selection: &'a Selection,
    values: Placeholders,
    /// The table, as it is to be named.
    app: Option<String>,
}

impl Writer<'_> {
    fn check(&self, words: &CheckWords, outcome: Outcome) -> (Option<CheckEntry>, Vec<Finding>) {
        let lang = self.selection.lang;
        let mut entry = CheckEntry {
            id: words.id.clone(),
            title: lang.pick(&words.en, &words.zh).to_owned(),
            state: CheckState::Passed,
            codes: Vec::new(),
            faults: Vec::new(),
            needs: None,
            evidence: Vec::new(),
        };
        let mut findings = Vec::new();
        match outcome {
            Outcome::NotNeeded => return (None, findings),
            Outcome::Passed => {}
            Outcome::Unknown => self.unknown(&mut entry, words, Placeholders::new()),
            Outcome::UnknownOf(values) => self.unknown(&mut entry, words, values),
            Outcome::Failed(faults) => {
                entry.state = CheckState::Failed;
                for fault in faults {
                    let Some(told) = words.fault.get(fault.kind) else { continue };
                    let values = self.values_of(&fault);
                    entry.codes.push(told.code.clone());
                    entry.faults.push(say(lang.pick(&told.en, &told.zh), &values, lang).into_owned());
                    let places = fault.proof.iter().map(|p| Place { path: p.path.as_str().into(), line: (p.line > 0).then_some(p.line) });
                    entry.evidence.extend(places);
                    findings.extend(self.finding(words, told, &fault, &values));
                }
            }
        }
        entry.codes.sort();
        entry.codes.dedup();
        entry.evidence.sort();
        entry.evidence.dedup();
        (Some(entry), findings)
    }

    fn unknown(&self, entry: &mut CheckEntry, words: &CheckWords, values: Placeholders) {
        let lang = self.selection.lang;
        let values = self.values.clone().into_iter().chain(values).collect();
        entry.state = CheckState::Unknown;
        entry.needs = words.needs.as_ref().map(|n| entitle(lang.pick(&n.en, &n.zh), &values, lang));
    }

    fn values_of(&self, fault: &Fault) -> Placeholders {
        self.values.iter().chain(&fault.values).map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    fn finding(&self, check: &CheckWords, words: &FaultWords, fault: &Fault, values: &Placeholders) -> Option<Finding> {
        let lang = self.selection.lang;
        let signature = self.catalogue.find(&words.code)?;
        let app = self.app.as_deref();
        let specifics: Vec<&str> = fault.values.iter().filter(|(k, _)| *k != "file").map(|(_, v)| v.as_str()).collect();
        let about =
            format!("{}|{}|{}", app.unwrap_or_default(), self.values.get("remote_cluster").map_or("", String::as_str), specifics.join("|"));
        let fingerprint = of_check(&words.code, &format!("{}/{}", check.id, fault.kind), &about);
        let fix = if words.fix.is_empty() { &check.fix } else { &words.fix };
        Some(Finding {
            code: signature.code.clone(),
            name: signature.name.clone(),
            severity: fault.severity.or(words.severity).unwrap_or(signature.severity),
            confidence: fault.confidence.or(words.confidence).unwrap_or(Confidence::Certain),
            duplication: app.map(|app| DuplicationRef {
                app_id: self.case.app().and_then(|app| self.case.table(Side::Source, app)).map(|(_, t)| AppId(t.app_id)),
                dup_id: None,
                app_name: Some(app.to_owned()),
            }),
            server: None,
            status: None,
            // The check says what is so when it passes.
            title: format!("{}{}", lang.pick("not so: ", "不满足："), entitle(lang.pick(&check.en, &check.zh), values, lang)),
            explanation: say(lang.pick(&words.en, &words.zh), values, lang).into_owned(),
            cause: cause(signature, lang, values).into(),
            details: Vec::new(),
            loss: None,
            affected: signature.text(lang).affected.as_ref().map(|a| say(a, values, lang).into_owned()),
            active: true,
            first_seen: None,
            last_seen: None,
            occurrences: fault.proof.len().max(1) as u64,
            evidence: evidence(fault),
            suggestions: fix.iter().map(|step| suggestion(step, lang, values)).collect(),
            runbook: None,
            fixed_by: signature.fixed_by.clone(),
            caused_by: None,
            consequences: Vec::new(),
            missing_logs: Vec::new(),
            alternatives: Vec::new(),
            look_alikes: Vec::new(),
            references: signature.references.clone(),
            about_logs: signature.about_logs,
            fingerprint,
        })
    }
}

/// The failure mode in one line: what it would come to.
fn cause(signature: &Signature, lang: Lang, values: &Placeholders) -> String {
    let title = entitle(&signature.text(lang).title, values, lang);
    format!("{} {}{}{title}", signature.code, signature.name, lang.pick(": ", "："))
}

fn evidence(fault: &Fault) -> Vec<Evidence> {
    /// A plan may touch hundreds of servers.
    const MOST: usize = 12;
    let mut proof = fault.proof.clone();
    proof.sort();
    proof.dedup();
    let line = |p: &outcome::Proof| Evidence {
        path: p.path.as_str().into(),
        line: (p.line > 0).then_some(p.line),
        at: Time(p.at),
        text: p.text.as_str().into(),
    };
    proof.iter().take(MOST).map(line).collect()
}

fn suggestion(step: &Advice, lang: Lang, values: &Placeholders) -> Suggestion {
    Suggestion {
        text: say(lang.pick(&step.en, &step.zh), values, lang).into(),
        commands: step.commands.iter().map(|c| Command { at: c.at.clone(), run: fill_command(&c.run, values, lang) }).collect(),
    }
}

fn inputs(case: &Case<'_>, veil: Veil<'_>, lang: Lang) -> Vec<InputEntry> {
    let entry = |path: &str, kind, server: String, (bytes, lines): (u64, u64), notes: Vec<String>| InputEntry {
        path: veil.path(path),
        kind,
        server,
        bytes,
        lines,
        records: 0,
        events: 0,
        drifted: 0,
        first: None,
        last: None,
        utc_offset_minutes: None,
        notes,
    };
    let told = |b: &crate::answer::ParseIssue| input_note(&InputNote::Misread { line: b.line, what: veil.text(&b.what) }, lang);
    let noted = |issues: &[crate::answer::ParseIssue]| issues.iter().map(told).collect();
    let configs = case.sides().map(|(side, config)| {
        let server = format!("{} {}", side, config.role.map_or("meta and replica", ServerRole::name));
        entry(&config.ini.path, InputKind::Config, server, config.size, noted(&config.ini.issues))
    });
    let answers = case.answering().map(|(side, a)| {
        let mut one =
            entry(&a.path, InputKind::Transcript, side.name().to_owned(), (a.bytes, a.transcript.lines), noted(&a.transcript.issues));
        one.records = a.transcript.answers.len() as u64;
        one
    });
    configs.chain(answers).collect()
}

fn summary(inputs: &[InputEntry], findings: &[Finding]) -> Summary {
    let mut by_severity: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings {
        *by_severity.entry(finding.severity).or_insert(0) += 1;
    }
    let servers: BTreeSet<&str> = inputs.iter().filter(|i| i.kind == InputKind::Config).map(|i| i.server.as_str()).collect();
    Summary {
        by_severity,
        servers: servers.len(),
        inputs: inputs.len(),
        bytes: inputs.iter().map(|i| i.bytes).sum(),
        lines: inputs.iter().map(|i| i.lines).sum(),
        ..Summary::default()
    }
}
