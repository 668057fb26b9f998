//! Signatures as JSON: everything that a signature file says, in both languages.

use super::escape::json_escaped;
use crate::signature::{Catalogue, Condition, FixStep, Lang, OneOrMany, Seen, Signature, StepCommand, Text, Threshold, example_lines};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Display;

/// One signature with all of its fields; every key is always there.
#[must_use]
pub fn signature_json(signature: &Signature, catalogue: &Catalogue) -> String {
    laid_out(&value(signature, catalogue))
}

/// All signatures as one array, by code.
#[must_use]
pub fn signatures_json(catalogue: &Catalogue) -> String {
    laid_out(&Value::Array(catalogue.iter().map(|s| value(s, catalogue)).collect()))
}

/// Indented, with a line end, harmless on a terminal.
pub(super) fn laid_out(value: &Value) -> String {
    format!("{}\n", json_escaped(&serde_json::to_string_pretty(value).unwrap_or_default()))
}

fn value(signature: &Signature, catalogue: &Catalogue) -> Value {
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
        "event": when.event.names(),
        "text": when.text,
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
