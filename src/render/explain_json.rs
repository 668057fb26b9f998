//! Signatures, runbooks and pasted lines as JSON; what comes from signature files stands there in both languages.

use crate::render::content::{Explanation, Runbook, level_name, line_meaning};
use crate::render::json::pretty;
use crate::render::style::Style;
use crate::render::words::Words;
use crate::report::DuplicationRef;
use crate::signature::{
    AskedLine, Catalogue, Condition, FixStep, Lang, LineUse, OneOrMany, Seen, Signature, Stated, StepCommand, Text, Threshold,
    example_lines, fill,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Display;

/// The explanation for programs; every key is always there.
pub(super) fn explain(what: &Explanation<'_>, style: &Style) -> String {
    pretty(&match what {
        Explanation::Signature(one, catalogue) => signature(one, catalogue),
        Explanation::Signatures(catalogue) => catalogue.iter().map(|one| signature(one, catalogue)).collect(),
        Explanation::Symptom(signatures, catalogue) => signatures.iter().map(|one| signature(one, catalogue)).collect(),
        Explanation::Line(asked) => line(asked),
        Explanation::Runbook(book) => runbook(book, style.lang),
    })
}

fn line(line: &AskedLine<'_>) -> Value {
    let both = |pick: &dyn Fn(Lang) -> Value| json!({"en": pick(Lang::En), "zh": pick(Lang::Zh)});
    let (reading, event, role, level, fields, anchor) = match &line.stated {
        Stated::Event(pattern, fields) => {
            let fields: Map<String, Value> = fields.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
            ("known", Some(pattern.event.name()), Some(pattern.role.name()), Some(level_name(pattern.level)), fields, None)
        }
        Stated::Drift(anchor) => ("drift", None, None, None, Map::new(), Some(*anchor)),
        Stated::Stack(_, frames) => ("stack", None, None, None, Map::from_iter([("frames".to_owned(), json!(frames))]), None),
        Stated::Nothing => ("nothing", None, None, None, Map::new(), None),
    };
    let header = line.header.as_ref().map(|h| {
        json!({"letter": h.letter.to_string(), "clock": h.clock, "at": h.at.map(crate::pegasus::LogTime::rfc3339), "server": h.server, "file": h.file})
    });
    let used = |u: &LineUse<'_>| {
        let s = u.signature;
        json!({"code": s.code, "name": s.name, "severity": s.severity, "as": u.part.name(), "confidence": u.confidence, "times": u.times,
            "title": {"en": u.title(Lang::En), "zh": u.title(Lang::Zh)}})
    };
    json!({
        "reading": reading,
        "event": event,
        "role": role,
        "level": level,
        "meaning": both(&|lang| json!(line_meaning(Words(lang), line))),
        "anchor": anchor,
        "origin": line.origin,
        "header": header,
        "body": line.body,
        "fields": fields,
        "findings": line.uses.iter().map(used).collect::<Vec<_>>(),
    })
}

fn runbook(runbook: &Runbook<'_>, lang: Lang) -> Value {
    let subject = runbook.subject;
    let about = &subject.identity;
    let duplication = (about.app_name.is_some() || about.dup_id.is_some()).then(|| DuplicationRef::from(about));
    json!({
        "schema_version": crate::report::SCHEMA_VERSION,
        "code": runbook.signature.code,
        "name": runbook.signature.name,
        "title": fill(&runbook.signature.text(lang).title, &subject.values),
        "duplication": duplication,
        "server": subject.server,
        "found": subject.found,
        "release": runbook.release,
        "steps": runbook.steps,
    })
}

fn signature(signature: &Signature, catalogue: &Catalogue) -> Value {
    let fix = |s: &FixStep| json!({"en": s.en, "zh": s.zh, "commands": s.commands.iter().map(StepCommand::plain).collect::<Vec<_>>()});
    json!({
        "code": signature.code,
        "name": signature.name,
        "severity": signature.severity,
        "verdict": signature.verdict,
        "scope": signature.scope,
        "status": signature.status,
        "supersedes": signature.supersedes,
        "fallback": signature.fallback,
        "over": wanted(&signature.over),
        "roles": signature.roles,
        "references": signature.references,
        "when": signature.when.iter().map(condition).collect::<Vec<_>>(),
        "lines": example_lines(signature),
        "en": text(&signature.en),
        "zh": text(&signature.zh),
        "look_alike": signature.look_alike.iter().map(|l| json!({"code": l.code, "en": l.en, "zh": l.zh})).collect::<Vec<_>>(),
        "fix": signature.suggested().map(fix).collect::<Vec<_>>(),
        "runbook": signature.fix.iter().map(step).collect::<Vec<_>>(),
        "fixed_by": signature.fixed_by,
        "file": catalogue.file(&signature.code).map(|f| f.display().to_string()),
    })
}

/// A step of the runbook; a shared one is written out.
fn step(step: &FixStep) -> Value {
    let resolved = step.resolved();
    let why = |lang| resolved.why_dangerous(lang);
    json!({
        "kind": resolved.kind,
        "step": step.step,
        "en": resolved.en,
        "zh": resolved.zh,
        "danger": resolved.is_dangerous().then(|| json!({"en": why(Lang::En), "zh": why(Lang::Zh)})),
        "releases": resolved.release,
        "commands": resolved.commands.iter().map(|c| json!({"where": c.at, "run": c.run, "releases": c.release, "on": c.on})).collect::<Vec<_>>(),
    })
}

fn text(text: &Text) -> Value {
    json!({"title": text.title, "what": text.what, "why": text.why, "affected": text.affected})
}

fn condition(when: &Condition) -> Value {
    let seen = |all: &[Seen]| {
        all.iter()
            .map(|s| json!({"event": s.event.names(), "text": s.text, "fields": wanted(&s.fields), "times": s.times}))
            .collect::<Vec<_>>()
    };
    json!({
        "confidence": when.confidence,
        "severity": when.severity,
        "verdict": when.verdict,
        "event": when.event.names(),
        "text": when.text,
        "frames": when.frames,
        "fields": wanted(&when.fields),
        "times": when.times,
        "lasts": when.lasts.as_ref().map(|t| threshold(t, "at_least")),
        "fresh": when.fresh.as_ref().map(|t| threshold(t, "at_most")),
        "status_for": when.status_for.as_ref().map(|t| threshold(t, "at_least")),
        "facts": wanted(&when.facts),
        "with": seen(&when.with),
        "before": seen(&when.before),
        "without": seen(&when.without),
    })
}

fn threshold(threshold: &Threshold, bound: &str) -> Value {
    json!({"expect": threshold.expect, bound: threshold.at_least})
}

/// What fields or facts must be: a list of values, any of which fits, or a length of time.
fn wanted<N: Display>(all: &BTreeMap<N, OneOrMany>) -> Value {
    let one = |wanted: &OneOrMany| wanted.length().map_or_else(|| plain_value(wanted.values()), |t| threshold(t, "at_least"));
    Value::Object(all.iter().map(|(name, w)| (name.to_string(), one(w))).collect())
}

fn plain_value<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
