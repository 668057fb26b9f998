//! The shape of the house: layers, file headers, sizes, and what no layer may do.
//!
//! The order of the layers is the table in `ARCHITECTURE.md`.

mod circles;
mod source;

use regex::Regex;
use source::{Source, sources};
use std::fmt::Write as _;

/// The layers, the lowest first. Each uses only those before it.
const LAYERS: &[&str] = &[
    "pegasus",
    "answer",
    "system",
    "config",
    "source",
    "record",
    "event",
    "run",
    "timeline",
    "signature",
    "ingest",
    "report",
    "diagnose",
    "preflight",
    "watch",
    "render",
];

/// Uses that break the order, each with what would mend it. To be emptied, never to grow without a reason.
const BREACHES: &[(&str, &str, &str)] = &[];

/// The longest a file may be, in lines.
const LONGEST: usize = 400;

/// Files that may be longer, how much, and why.
const LONG: &[(&str, usize, &str)] = &[];

/// Calls that make a result depend on the machine or the moment.
const IMPURE: &[&str] = &[
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "std::env::",
    "env::var",
    "env::args",
    "env::current_dir",
    "rand::",
    "RandomState",
];

/// The one place of the library that may ask this machine for its time zone: `--tz local`.
const LOCAL_ZONE: &str = "src/pegasus/zone.rs";

fn place(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|l| *l == layer)
}

#[test]
fn every_module_of_the_crate_is_a_layer() {
    let unknown: Vec<String> =
        sources(&["src"]).iter().filter_map(|s| s.layer().map(str::to_owned)).filter(|l| place(l).is_none()).collect();
    assert!(unknown.is_empty(), "give these a place in LAYERS and in the table of ARCHITECTURE.md: {unknown:?}");
}

#[test]
fn a_layer_uses_only_the_layers_before_it() {
    let used = Regex::new(r"\bcrate::(\w+)").unwrap();
    let grouped = Regex::new(r"use crate::\{").unwrap();
    let mut wrong = String::new();
    let mut breaches = BREACHES.to_vec();
    for source in sources(&["src"]).iter().filter(|s| !s.is_test()) {
        let Some(layer) = source.layer() else { continue };
        let code = source.code();
        if grouped.is_match(&code) {
            let _ = writeln!(wrong, "  {}: one `use` a layer, please, so that this test can read it", source.path);
        }
        for found in used.captures_iter(&code) {
            let other = &found[1];
            if place(other).is_some_and(|other| place(layer).is_some_and(|mine| other <= mine)) {
                continue;
            }
            if BREACHES.iter().any(|(file, used, _)| *file == source.path && *used == other) {
                breaches.retain(|(file, used, _)| *file != source.path || *used != other);
                continue;
            }
            let _ = writeln!(wrong, "  {}: {layer} uses {other}", source.path);
        }
        // `super` must not climb out of the layer unseen.
        let depth = source.path.matches('/').count() - usize::from(source.path.ends_with("/mod.rs"));
        if code.contains(&"super::".repeat(depth)) {
            let _ = writeln!(wrong, "  {}: climbs out of its layer with super", source.path);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(breaches.is_empty(), "mended, take them from BREACHES: {breaches:?}");
}

#[test]
fn nothing_below_the_command_line_asks_the_machine() {
    let zone = Regex::new(r"chrono::(Local|\{[^}]*\bLocal\b)").unwrap();
    let mut wrong = String::new();
    for source in sources(&["src"]).iter().filter(|s| !s.is_test()) {
        let code = source.code();
        for call in IMPURE.iter().filter(|call| code.contains(**call)) {
            let _ = writeln!(wrong, "  {}: {call}", source.path);
        }
        if source.path != LOCAL_ZONE && zone.is_match(&code) {
            let _ = writeln!(wrong, "  {}: chrono::Local", source.path);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_file_says_first_what_it_is() {
    let silent: Vec<String> =
        sources(&["src", "cli", "tests", "benches"]).into_iter().filter(|s| !s.text.starts_with("//! ")).map(|s| s.path).collect();
    assert!(silent.is_empty(), "these do not open with a `//!` sentence: {silent:?}");
}

#[test]
fn no_lint_is_switched_off_unseen() {
    // Written in two parts, lest this file be found.
    let allow = Regex::new(&format!(r"#!?\[{}", "allow")).unwrap();
    let expect = Regex::new(r"(?s)#!?\[expect\((.*?)\)\]").unwrap();
    let mut wrong = String::new();
    for source in sources(&["src", "cli", "tests", "benches"]) {
        if allow.is_match(&source.text) {
            let _ = writeln!(wrong, "  {}: allow, where expect with a reason would do", source.path);
        }
        if expect.captures_iter(&source.text).any(|e| !e[1].contains("reason = ") && !source.path.ends_with("architecture.rs")) {
            let _ = writeln!(wrong, "  {}: expect without a reason", source.path);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn files_are_short() {
    let files = sources(&["src", "cli", "tests", "benches"]);
    let lines = |source: &Source| source.text.lines().count();
    let mut wrong = String::new();
    for source in &files {
        let limit = LONG.iter().find(|(path, ..)| *path == source.path).map_or(LONGEST, |(_, limit, _)| *limit);
        if lines(source) > limit {
            let _ = writeln!(wrong, "  {}: {} lines, {limit} may be", source.path, lines(source));
        }
    }
    assert!(wrong.is_empty(), "split them:\n{wrong}");
    let is_long = |path: &str| files.iter().any(|s| s.path == path && lines(s) > LONGEST);
    let stale: Vec<&str> = LONG.iter().map(|(path, ..)| *path).filter(|path| !is_long(path)).collect();
    assert!(stale.is_empty(), "short by now, take them from LONG: {stale:?}");
    let main = files.iter().find(|s| s.path == "cli/src/main.rs");
    assert!(main.is_some_and(|s| lines(s) < 50), "cli/src/main.rs is under 50 lines");
}
