//! Everything that is printed as JSON is as its schema says, by the judgement of another program.

use crate::support::case::{self, Case};
use crate::support::{STUCK, logs, program};
use dupdoctor::internal::render::{Schema, change_json, json, ndjson, schema, timeline_json};
use dupdoctor::internal::source::{Kind, discover};
use dupdoctor::report::{Acceptance, AcceptedBy, Day, Report, compare};
use dupdoctor::{ClockMode, LogTime, Severity, Watcher, WatcherOptions, diagnose};
use jsonschema::Validator;
use serde_json::{Value, json};

fn validator(of: Schema) -> Validator {
    let schema: Value = serde_json::from_str(&schema(of)).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(jsonschema::meta::is_valid(&schema), "the schema itself is not valid");
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn check(validator: &Validator, document: &Value, what: &str) {
    let errors: Vec<String> = validator.iter_errors(document).take(3).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}:\n{}", errors.join("\n"));
}

fn report(case: &Case) -> Report {
    let mut settings = case.settings();
    settings.with_chapters = true;
    settings.selection.generated_at = Some(LogTime(1_716_542_517_000_000_000));
    case::report(&[case.logs()], &settings)
}

#[test]
fn every_report_and_every_line_of_one() {
    let (whole, line) = (validator(Schema::Report), validator(Schema::Finding));
    let mut findings = 0;
    for case in Case::all() {
        let report = report(&case);
        let what = case.name;
        check(&whole, &serde_json::from_str(&json(&report)).unwrap(), &what);
        for text in ndjson(&report).lines() {
            findings += 1;
            check(&line, &serde_json::from_str(text).unwrap(), &what);
        }
    }
    assert!(findings > 150, "only {findings} findings");
}

#[test]
fn every_history() {
    let validator = validator(Schema::Timeline);
    let mut chapters = 0;
    for case in Case::all() {
        let mut settings = case.settings();
        settings.with_chapters = true;
        let diagnosis = diagnose(&[case.logs()], &settings, &|_, _| ());
        chapters += diagnosis.chapters.len();
        check(&validator, &serde_json::from_str(&timeline_json(&diagnosis.chapters)).unwrap(), &case.name);
    }
    assert!(chapters > 100, "only {chapters} histories");
}

#[test]
fn every_event_and_every_sample_of_a_pattern() {
    let validator = validator(Schema::Event);
    let (mut checked, mut kinds) = (0, std::collections::BTreeSet::new());
    let mut lines: Vec<String> = Vec::new();
    for case in Case::all() {
        lines.extend(events(&[case.logs()]));
    }
    // The messages that no case has.
    let desk = tempfile::tempdir().unwrap();
    for (number, pattern) in dupdoctor::internal::event::patterns().enumerate() {
        for sample in pattern.samples {
            let level = char::from(pattern.level.letters()[pattern.level.letters().len() - 1]);
            let at = 1_716_542_517 + number;
            let text = format!(
                "{level}2024-05-24 17:21:57.120 ({at}120000000 1a2b) replica.replica0.0102000500000411: {}:1:f(): {sample}\n",
                if pattern.file.is_empty() { "x.cpp" } else { pattern.file }
            );
            std::fs::write(desk.path().join(format!("replica.log.{number}")), text).unwrap();
        }
    }
    lines.extend(events(&[desk.path().to_path_buf()]));
    for line in &lines {
        let event: Value = serde_json::from_str(line).unwrap();
        check(&validator, &event, line);
        checked += 1;
        kinds.insert(event["event"].as_str().unwrap().to_owned());
    }
    assert!(checked > 5_000, "only {checked} events");
    assert!(kinds.len() > 170, "only {} of {} kinds", kinds.len(), dupdoctor::internal::event::EventKind::ALL.len());
}

/// What `dupdoctor events` prints.
pub(crate) fn events(paths: &[std::path::PathBuf]) -> Vec<String> {
    let run = program(&["events"]).args(paths).output().unwrap();
    String::from_utf8(run.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn every_change() {
    let validator = validator(Schema::Change);
    let (mut changes, mut kinds) = (0, std::collections::BTreeSet::new());
    for case in Case::all() {
        let options = WatcherOptions { clock: ClockMode::Log, least: Severity::Info };
        let mut watcher = Watcher::new(case.settings(), options, None);
        let mut tell = |all: Vec<dupdoctor::Change>| {
            for change in all {
                changes += 1;
                kinds.insert(change.change.name());
                check(&validator, &serde_json::from_str(&change_json(&change)).unwrap(), &case.name);
            }
        };
        for item in discover(&[case.logs()]).items {
            if item.kind == Kind::Plain {
                let id = watcher.logs.open(&item.display);
                watcher.logs.feed(id, &std::fs::read(&item.path).unwrap());
                tell(watcher.look(LogTime::default()));
                watcher.logs.end(id);
            } else {
                watcher.logs.read_item(&item);
            }
        }
        tell(watcher.last_look(LogTime::default()));
    }
    assert!(changes > 150, "only {changes} changes");
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["cleared", "opened", "updated"]);
}

/// A report that has a bit of everything.
fn rich() -> Value {
    let case = Case::named(STUCK);
    let earlier = Report::parse(&json(&report(&case))).unwrap();
    let mut settings = case.settings();
    settings.selection.today = Some(LogTime(1_716_542_517_000_000_000));
    let mut rule = Acceptance::new(AcceptedBy::Config, "dupdoctor.toml:1");
    rule.code = Some("DUP301".to_owned());
    rule.reason = Some("known".to_owned());
    rule.expires = Day::parse("2030-01-01");
    let mut over = rule.clone();
    over.expires = Day::parse("2020-01-01");
    settings.selection.accepted = vec![rule, over];
    let mut report = case::report(&[case.logs()], &settings);
    report.comparison = Some(compare(&report, &earlier, "old.json"));
    serde_json::from_str(&json(&report)).unwrap()
}

/// Every object of a document, as pointers.
fn objects(value: &Value, at: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            all.push(at.to_owned());
            map.iter().for_each(|(key, v)| objects(v, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, v)| objects(v, &format!("{at}/{n}"), all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn what_lacks_a_key_or_has_another_one_is_refused() {
    let whole = validator(Schema::Report);
    let document = rich();
    check(&whole, &document, "rich");
    let mut all = Vec::new();
    objects(&document, "", &mut all);
    assert!(all.len() > 20, "only {} objects", all.len());
    for pointer in all {
        let object = document.pointer(&pointer).unwrap().as_object().unwrap();
        let counts = pointer.contains("/by_");
        if !counts {
            let mut more = document.clone();
            more.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().insert("surprise".to_owned(), json!(1));
            assert!(!whole.is_valid(&more), "one key more at {pointer:?}");
        }
        for key in object.keys().filter(|_| !counts) {
            let mut less = document.clone();
            less.pointer_mut(&pointer).unwrap().as_object_mut().unwrap().shift_remove(key);
            assert!(!whole.is_valid(&less), "without {key} at {pointer:?}");
            let mut other = document.clone();
            other.pointer_mut(&pointer).unwrap()[key] = json!({"not": ["of", "this", "type"]});
            assert!(!whole.is_valid(&other), "{key} of another type at {pointer:?}");
        }
    }
}

#[test]
fn wrong_values_are_refused() {
    let whole = validator(Schema::Report);
    let wrong: &[(&str, Value)] = &[
        ("/schema_version", json!("2")),
        ("/window/first", json!("2024-05-24 17:21:57")),
        ("/window/first", json!("2024-05-24T17:21:57+08:00")),
        ("/duplications/0/verdict", json!("bad")),
        ("/duplications/0/status", json!("DS_OTHER")),
        ("/accepted/0/severity", json!("grave")),
        ("/accepted/0/expires", json!("soon")),
        ("/summary/duplications", json!(-1)),
        ("/inputs/0/kind", json!("other-log")),
        ("/summary/by_verdict", json!({"bad": 1})),
    ];
    for (pointer, value) in wrong {
        let mut document = rich();
        *document.pointer_mut(pointer).unwrap() = value.clone();
        assert!(!whole.is_valid(&document), "{pointer} = {value}");
    }
    let event = validator(Schema::Event);
    let line = events(&[logs(STUCK)]).into_iter().find(|l| l.contains("follower_app_check_failed")).unwrap();
    let sound: Value = serde_json::from_str(&line).unwrap();
    for (key, value) in
        [("event", json!("no_such_event")), ("level", json!("X")), ("query_err", json!(3)), ("surprise", json!(1)), ("line", json!(0))]
    {
        let mut document = sound.clone();
        document[key] = value;
        assert!(!event.is_valid(&document), "{key}");
    }
    for key in ["at", "at_ns", "path", "query_err", "app_id"] {
        let mut document = sound.clone();
        document.as_object_mut().unwrap().shift_remove(key);
        assert!(!event.is_valid(&document), "without {key}");
    }
}

#[test]
fn every_field_has_a_description() {
    for of in [Schema::Report, Schema::Finding, Schema::Change, Schema::Timeline] {
        let schema: Value = serde_json::from_str(&schema(of)).unwrap();
        let mut all = Vec::new();
        objects(&schema, "", &mut all);
        for pointer in all.iter().filter(|p| p.ends_with("/properties")) {
            for (name, property) in schema.pointer(pointer).unwrap().as_object().unwrap() {
                let described = property["description"].as_str().is_some_and(|d| !d.is_empty() && !d.contains("[`"));
                assert!(described || pointer.contains("by_"), "{pointer}/{name} of {of:?}: {property}");
            }
        }
    }
}
