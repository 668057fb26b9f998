//! A signature's conditions in words.

use crate::pegasus::parse_duration;
use crate::render::words::Words;
use crate::report::number::duration;
use crate::signature::{Condition, OneOrMany, Seen, Signature, Threshold};
use crate::timeline::FactName;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What it is tried on, whose logs show it, and how many alternatives there are.
pub(super) fn tried_on(words: Words, signature: &Signature) -> String {
    let scope = words.scope(signature.scope);
    let statuses = signature.status.join(words.or());
    let mut subject = if statuses.is_empty() { scope.to_owned() } else { words.subject_in(scope, &statuses) };
    if !signature.roles.is_empty() {
        let roles: Vec<&str> = signature.roles.iter().map(|r| words.role(*r)).collect();
        let _ = write!(subject, "{}{}{}", words.logs_gap(), words.logs_of(), roles.join(words.list_separator()));
    }
    if signature.when.len() > 1 {
        let _ = write!(subject, "{}{}", words.separator(), words.any_of_these());
    }
    for (name, wanted) in &signature.over {
        let _ = write!(subject, "{}{}", words.separator(), words.overcome_when(&fact_holds(words, *name, wanted)));
    }
    if signature.fallback {
        let _ = write!(subject, "{}{}", words.separator(), words.only_fallback());
    }
    subject
}

/// One alternative; all of its lines hold together.
pub(super) fn in_words(words: Words, condition: &Condition) -> Vec<String> {
    let mut lines = Vec::new();
    if !condition.event.names().is_empty() || condition.text.is_some() {
        lines.push(line_seen(words, condition.event.names(), condition.text.as_deref(), &condition.fields, condition.times));
    }
    match condition.frames.as_slice() {
        [] => {}
        [any] if any == "*" => lines.push(words.any_stack().to_owned()),
        frames => lines.push(words.the_stack(&frames.join(words.below_it()))),
    }
    if let Some(threshold) = &condition.lasts {
        lines.push(format!("{} {}", words.first_to_last(), length(words, threshold)));
    }
    if let Some(threshold) = &condition.status_for {
        lines.push(format!("{} {}", words.status_has_lasted(), length(words, threshold)));
    }
    for (name, wanted) in &condition.facts {
        lines.push(fact_holds(words, *name, wanted));
    }
    let also = [(words.also_seen(), &condition.with), (words.seen_before(), &condition.before), (words.not_seen(), &condition.without)];
    for (how, seen) in also {
        lines.extend(
            seen.iter().map(|s: &Seen| format!("{how}{}", line_seen(words, s.event.names(), s.text.as_deref(), &s.fields, s.times))),
        );
    }
    lines
}

/// The line `follower_app_check_failed` with `query_err` = …, at least 2 times.
fn line_seen(words: Words, events: &[String], expression: Option<&str>, fields: &BTreeMap<String, OneOrMany>, times: u64) -> String {
    let names: Vec<String> = events.iter().cloned().chain(expression.map(|e| format!("/{e}/"))).collect();
    let mut text = format!("{} {}", words.the_line(), names.join(words.or()));
    if !fields.is_empty() {
        let fields: Vec<String> = fields.iter().map(|(name, wanted)| format!("{name} {}", compared(words, wanted))).collect();
        let _ = write!(text, "{}{} {}", words.separator(), words.with_fields(), fields.join(words.separator()));
    }
    if times > 1 {
        let _ = write!(text, "{}{}", words.separator(), words.at_least_times(times));
    }
    text
}

/// A fact's meaning and what it must be, with the name that signature files use.
fn fact_holds(words: Words, name: FactName, wanted: &OneOrMany) -> String {
    let (meaning, name) = (words.fact(name), name.name());
    match wanted.values() {
        [toml::Value::Boolean(true)] => format!("{meaning} ({name})"),
        [toml::Value::Boolean(false)] => format!("{}{meaning} ({name})", words.holds_not()),
        _ => format!("{meaning}{}{} ({name})", words.colon(), compared(words, wanted)),
    }
}

/// `= ERR_TIMEOUT or ERR_BUSY`, `≥ 5 min`
fn compared(words: Words, wanted: &OneOrMany) -> String {
    let texts: Vec<String> = wanted.values().iter().map(|value| one_compared(words, value)).collect();
    let plain_values = wanted.values().iter().all(|v| !matches!(v, toml::Value::String(s) if sign(s).is_some()));
    if plain_values { format!("= {}", texts.join(words.or())) } else { texts.join(words.or()) }
}

fn one_compared(words: Words, value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => match sign(text) {
            Some((shown, bound)) => format!("{shown} {}", long(words, bound).unwrap_or_else(|| bound.to_owned())),
            None => text.clone(),
        },
        toml::Value::Integer(_)
        | toml::Value::Boolean(_)
        | toml::Value::Float(_)
        | toml::Value::Datetime(_)
        | toml::Value::Array(_)
        | toml::Value::Table(_) => value.to_string(),
    }
}

/// `10m` as people say it.
fn long(words: Words, text: &str) -> Option<String> {
    Some(duration(parse_duration(text)?.as_secs(), words.0))
}

/// The sign of a comparison and its bound.
fn sign(text: &str) -> Option<(&'static str, &str)> {
    let signs = [(">=", "≥"), ("<=", "≤"), ("!=", "≠"), (">", ">"), ("<", "<")];
    let compared = signs.into_iter().find_map(|(written, shown)| Some((shown, text.strip_prefix(written)?.trim())));
    // A bare length of time is a lower bound, as the engine takes it.
    compared.or_else(|| parse_duration(text).map(|_| ("≥", text)))
}

/// `≥ 10 min (change with --expect prepare=…)`
fn length(words: Words, threshold: &Threshold) -> String {
    let least = long(words, &threshold.at_least).unwrap_or_else(|| threshold.at_least.clone());
    match &threshold.expect {
        Some(name) => format!("≥ {least} ({})", words.changed_by(name)),
        None => format!("≥ {least}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Lang;

    #[test]
    fn conditions_read_like_sentences() {
        let toml = r#"
confidence = "certain"
event = ["create_failed", "follower_app_check_failed"]
fields = { query_err = ["ERR_TIMEOUT", "ERR_BUSY"], n = ">= 3" }
times = 2
lasts = { at_least = "90s" }
status_for = { expect = "prepare", at_least = "10m" }
facts = { remote_name_differs = true, moved_on = false, k_constant_for = ">= 5m", fail_mode = "!= FAIL_SLOW" }
without = [{ event = "meta_started" }]
"#;
        let condition: Option<Condition> = toml::from_str(toml).ok();
        let lines = condition.map(|c| in_words(Words(Lang::En), &c)).unwrap_or_default();
        assert_eq!(
            lines,
            [
                "the line create_failed or follower_app_check_failed, with n ≥ 3, query_err = ERR_TIMEOUT or ERR_BUSY, at least 2 times",
                "from the first to the last such line ≥ 1 min 30 s",
                "the status has lasted ≥ 10 min (change with --expect prepare=…)",
                "FAIL_SLOW, FAIL_SKIP or FAIL_FAST: ≠ FAIL_SLOW (fail_mode)",
                "how long k of `replica checkpoint still running: k/n` has not changed: ≥ 5 min (k_constant_for)",
                "not: a later change of status followed the span (moved_on)",
                "the target table's name differs from the source table's (remote_name_differs)",
                "without the line meta_started",
            ]
        );
    }
}
