//! What can be wrong with a signature file that is well-formed TOML, and where in the file it stands.

use super::condition::is_comparable;
use super::model::{Condition, OneOrMany, Scope, Seen, Signature};
use super::runbook::fix_fault;
use super::text::{LIST, names};
use crate::event::{EventKind, patterns};
use crate::pegasus::{DupStatus, parse_duration};
use crate::run::GROUPS;
use crate::timeline::FactName;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where, such as `when.0.event`, and the reason.
type Fault = (String, String);

/// Where a place stands in the file, or whatever the file has of the way to it; the last part may be a word of a text.
pub(super) fn offset(text: &str, place: &str) -> usize {
    let Ok(file) = DeTable::parse(text) else { return 0 };
    let mut value = &Spanned::new(file.span(), DeValue::Table(file.into_inner()));
    let mut at = 0;
    for part in place.split('.') {
        let next = if let Some(table) = value.get_ref().as_table() {
            table.get_key_value(part).map(|(key, inner)| (key.span().start, inner))
        } else if let Some(items) = value.get_ref().as_array() {
            part.parse().ok().and_then(|index: usize| items.get(index)).map(|item| (item.span().start, item))
        } else {
            text.get(value.span()).and_then(|written| written.find(part)).map(|word| (value.span().start + word, value))
        };
        let Some(found) = next else { break };
        (at, value) = found;
    }
    at
}

/// What is wrong with a well-formed signature.
pub(super) fn fault(signature: &Signature) -> Option<Fault> {
    let code_is_fine =
        signature.code.len() >= 4 && signature.code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    if !code_is_fine {
        return Some(("code".into(), format!("code {:?} is not of the form DUP301: capitals, digits and hyphens", signature.code)));
    }
    let by_lines = signature.when.iter().any(|when| when.frames.is_empty());
    if if signature.scope == Scope::None { by_lines } else { signature.when.is_empty() } {
        return Some(("scope".into(), "a signature needs at least one [[when]], or scope = \"none\" and none but of frames".into()));
    }
    if let Some((index, status)) = signature.status.iter().enumerate().find(|(_, s)| s.parse::<DupStatus>().is_err()) {
        return Some((format!("status.{index}"), format!("unknown status {status:?}")));
    }
    let mut conditions = signature.when.iter().enumerate();
    let of_condition = conditions.find_map(|(index, when)| condition_fault(when, &format!("when.{index}")));
    of_condition.or_else(|| facts_fault(&signature.over, "over")).or_else(|| fix_fault(signature)).or_else(|| placeholder_fault(signature))
}

fn condition_fault(when: &Condition, place: &str) -> Option<Fault> {
    let main = Seen {
        event: when.event.clone(),
        text: when.text.clone(),
        fields: when.fields.clone(),
        times: when.times,
        within: None,
        after: false,
    };
    let others = [("before", &when.before), ("with", &when.with), ("without", &when.without)];
    let others =
        others.iter().flat_map(|(key, all)| all.iter().enumerate().map(move |(index, seen)| (format!("{place}.{key}.{index}"), seen)));
    let mut all = std::iter::once((place.to_owned(), &main)).chain(others);
    if let Some(fault) = all.find_map(|(place, seen)| seen_fault(seen, &place)) {
        return Some(fault);
    }
    if let Some(field) = when.each.as_ref().filter(|field| !known_field(when.event.names(), field)) {
        return Some((format!("{place}.each"), format!("event {} has no field {field:?}", when.event.names().join(", "))));
    }
    let lengths = [("lasts", &when.lasts), ("status_for", &when.status_for), ("fresh", &when.fresh)];
    let lengths = lengths.into_iter().filter_map(|(key, length)| Some((key.to_owned(), length.as_ref()?)));
    let of_facts = when.facts.iter().filter_map(|(fact, wanted)| Some((format!("facts.{}", fact.name()), wanted.length()?)));
    if let Some((key, wrong)) = lengths.chain(of_facts).find(|(_, length)| parse_duration(&length.at_least).is_none()) {
        return Some((format!("{place}.{key}"), no_duration(&wrong.at_least)));
    }
    if let Some(fault) = facts_fault(&when.facts, &format!("{place}.facts")) {
        return Some(fault);
    }
    if !when.frames.is_empty() {
        let alone = when.event.names().is_empty() && when.text.is_none() && when.facts.is_empty() && when.with.is_empty();
        let place = || format!("{place}.frames");
        return (!alone).then(|| (place(), "frames stand alone: no event, text, facts or with beside them".into()));
    }
    let proven = !when.event.names().is_empty() || when.text.is_some() || !when.facts.is_empty() || when.status_for.is_some();
    (!proven && when.with.is_empty())
        .then(|| (place.to_owned(), "a [[when]] without event, frames, facts, with or status_for would always hold".into()))
}

fn facts_fault(facts: &BTreeMap<FactName, OneOrMany>, place: &str) -> Option<Fault> {
    facts.iter().find_map(|(fact, wanted)| {
        let (name, value) = (fact.name(), wanted.values().iter().find(|v| !is_comparable(v))?);
        Some((format!("{place}.{name}"), format!("fact {name:?} cannot be compared with {value}")))
    })
}

fn no_duration(text: &str) -> String {
    format!("{text:?} is not a duration such as 90s, 10m or 2h")
}

fn seen_fault(seen: &Seen, place: &str) -> Option<Fault> {
    let known = |(_, event): &(usize, &String)| EventKind::from_name(event).is_some();
    if let Some((index, event)) = seen.event.names().iter().enumerate().find(|event| !known(event)) {
        return Some((format!("{place}.event.{index}"), format!("unknown event {event:?}; `dupdoctor events` prints the names")));
    }
    if let Some(text) = &seen.text {
        let regex = match regex::bytes::Regex::new(text) {
            Ok(regex) => regex,
            Err(reason) => {
                let reason = reason.to_string();
                let reason = reason.lines().last().unwrap_or_default();
                return Some((format!("{place}.text"), format!("text is not a regular expression: {reason}")));
            }
        };
        if let Some(group) = regex.capture_names().flatten().find(|g| !GROUPS.contains(g)) {
            return Some((format!("{place}.text.<{group}>"), format!("group {group:?} is none of {}", GROUPS.join(", "))));
        }
    }
    for (name, wanted) in &seen.fields {
        let place = format!("{place}.fields.{name}");
        let grouped = seen.text.as_ref().is_some_and(|t| t.contains(&format!("<{name}>")));
        let known = grouped || seen.event.names().iter().filter_map(|e| EventKind::from_name(e)).any(|kind| has_field(kind, name));
        if !known {
            return Some((place, format!("event {} has no field {name:?}", seen.event.names().join(", "))));
        }
        if let Some(value) = wanted.values().iter().find(|v| !is_comparable(v)) {
            return Some((place, format!("field {name:?} cannot be compared with {value}")));
        }
    }
    if seen.after && !place.contains(".without.") {
        return Some((format!("{place}.after"), "after only belongs to [[when.without]]".into()));
    }
    let within = seen.within.as_ref()?;
    let reason = match parse_duration(within) {
        None => no_duration(within),
        Some(_) if !place.contains(".before.") => "within only belongs to [[when.before]]".into(),
        Some(_) => return None,
    };
    Some((format!("{place}.within"), reason))
}

/// Whether one of the events has that field.
fn known_field(events: &[String], name: &str) -> bool {
    events.iter().filter_map(|event| EventKind::from_name(event)).any(|kind| has_field(kind, name))
}

/// Whether some wording of the event has that field.
fn has_field(kind: EventKind, name: &str) -> bool {
    patterns().filter(|p| p.event == kind).any(|p| p.field(name).is_some())
}

/// Placeholders that every finding can fill.
pub(super) const PLACEHOLDERS: &[&str] = &[
    "app_name",
    "app_id",
    "dup_id",
    "remote_cluster",
    "remote_app_name",
    "partition_count",
    "status",
    "status_since",
    "status_lasted",
    "remote_replica_count",
    "times",
    "first",
    "last",
    "server",
    "path",
    "function_list",
];

fn placeholder_fault<'s>(signature: &'s Signature) -> Option<Fault> {
    let of = |when: &'s Condition| {
        let beside = when.with.iter().chain(&when.before).flat_map(|seen| seen.event.names());
        when.event.names().iter().chain(beside).filter_map(|event| EventKind::from_name(event))
    };
    let events: Vec<EventKind> = signature.when.iter().flat_map(of).collect();
    let mut texts: Vec<(String, &str)> = Vec::new();
    let mut add = |place: String, all: &[(&str, &'s str)]| texts.extend(all.iter().map(|(key, text)| (format!("{place}.{key}"), *text)));
    for (lang, text) in [("en", &signature.en), ("zh", &signature.zh)] {
        add(lang.to_owned(), &[("title", &text.title), ("what", &text.what), ("why", &text.why)]);
    }
    for (index, when) in signature.when.iter().enumerate() {
        for (name, words) in [("title", &when.title), ("what", &when.what)] {
            if let Some(words) = words {
                add(format!("when.{index}.{name}"), &[("en", &words.en), ("zh", &words.zh)]);
            }
        }
    }
    for (index, step) in signature.fix.iter().enumerate() {
        add(format!("fix.{index}"), &[("en", &step.en), ("zh", &step.zh)]);
        for (nth, command) in step.commands.iter().enumerate() {
            let place = format!("fix.{index}.commands.{nth}");
            command.on.values().for_each(|run| add(place.clone(), &[("on", run)]));
            add(place, &[("run", &command.run)]);
        }
    }
    let raw = signature.when.iter().filter_map(|w| w.text.as_deref()).collect::<Vec<_>>();
    let known = |name: &str| {
        PLACEHOLDERS.contains(&name)
            || raw.iter().any(|t| t.contains(&format!("<{name}>")))
            || FactName::from_name(name).is_some()
            || events.iter().any(|&kind| has_field(kind, name.strip_suffix(LIST).unwrap_or(name)))
    };
    let (place, name) = texts.into_iter().find_map(|(place, text)| Some((place, names(text).into_iter().find(|name| !known(name))?)))?;
    Some((format!("{place}.{{{name}}}"), format!("placeholder {{{name}}} is neither a general one nor a field of the proving event")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_as_far_as_the_file_has_it() {
        let text = "# when\na = [\n 1,\n 2]\nwhen = [{ x = 1 },\n { with = [] }]\nlong = \"\"\"\none\ntwo {word}\n\"\"\"\n";
        let line = |place: &str| text[..offset(text, place)].matches('\n').count() + 1;
        assert_eq!(["a", "a.1", "when.1.with.0.event", "long", "long.{word}", "nothing"].map(line), [2, 4, 6, 7, 9, 1]);
    }
}
