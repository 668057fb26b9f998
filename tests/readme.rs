//! The README is true: its commands run, print what it shows and end as it says; its reference is complete.

use crate::support::{STUCK, copy, logs, root};
use dupdoctor::timeline::FactName;
use regex::Regex;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The blocks of a language, without their fences.
fn blocks(language: &str) -> Vec<String> {
    let fenced = Regex::new(&format!("(?ms)^```{language}\n(.*?)^```$")).unwrap();
    fenced.captures_iter(README).map(|c| c[1].to_owned()).collect()
}

/// A command of a `console` block.
struct Example {
    command: String,
    code: i32,
    /// What it prints; nothing when the README shows nothing.
    shown: String,
}

fn examples() -> Vec<Example> {
    let code = Regex::new(r"\s+# exit code (\d)$").unwrap();
    let mut all: Vec<Example> = Vec::new();
    for block in blocks("console") {
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix("$ ").unwrap_or_else(|| unreachable!("{line:?} stands before any command"));
            let mut shown = String::new();
            while let Some(line) = lines.next_if(|l| !l.starts_with("$ ")) {
                shown += line;
                shown += "\n";
            }
            let expected = code.captures(command).map_or(0, |c| c[1].parse().unwrap());
            all.push(Example { command: code.replace(command, "").into_owned(), code: expected, shown });
        }
    }
    all
}

/// A pattern for what is shown: `…` is anything, also several lines, and columns may be as wide as they like.
fn pattern(shown: &str) -> Regex {
    let columns = Regex::new(" {2,}").unwrap();
    let mut text = String::from(r"(?s)\A");
    for (index, part) in shown.trim_end().split('…').enumerate() {
        if index > 0 {
            text += ".*";
        }
        text += &columns.replace_all(&regex::escape(part), " +");
    }
    Regex::new(&(text + r"\s*\z")).unwrap()
}

#[test]
fn its_commands_do_what_it_says() {
    let desk = tempfile::tempdir().unwrap();
    copy(&logs(STUCK), &desk.path().join("logs"));
    let signature = blocks("toml").into_iter().find(|b| b.contains("code = ")).unwrap();
    let name = signature.lines().next().unwrap().trim_start_matches("# ").to_owned();
    std::fs::create_dir(desk.path().join("my-signatures")).unwrap();
    std::fs::write(desk.path().join("my-signatures").join(name), signature).unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_dupdoctor"));
    let path = std::env::join_paths(
        std::iter::once(binary.parent().unwrap().to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let examples = examples();
    assert!(examples.len() > 15, "only {} examples", examples.len());
    let mut wrong = String::new();
    for Example { command, code, shown } in examples {
        let mut shell = Command::new("sh");
        for variable in ["LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR"] {
            shell.env_remove(variable);
        }
        let output = shell.arg("-c").arg(&command).current_dir(desk.path()).env("PATH", &path).env("COLUMNS", "80").output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        if output.status.code() != Some(code) {
            let _ = writeln!(
                wrong,
                "$ {command}\nexit code {:?}, not {code}: {}",
                output.status.code(),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        if !pattern(&shown).is_match(&printed) {
            let _ = writeln!(wrong, "$ {command}\nprints\n{printed}and not\n{shown}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_two_commands_for_a_fresh_machine_are_there_and_ci_runs_the_second() {
    let fresh = &blocks("sh")[0];
    assert_eq!(fresh.as_str(), "cargo run --release -- demo\ncargo test --release\n");
    let ci = std::fs::read_to_string(root().join(".ci/run"));
    // A package from a registry has no `.ci`.
    assert!(ci.is_err() || ci.is_ok_and(|ci| ci.contains("step cargo test --release\n")));
}

#[test]
fn every_fact_is_in_its_reference() {
    let missing: Vec<&str> = FactName::ALL.iter().map(|fact| fact.name()).filter(|name| !README.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_key_of_the_built_in_signatures_is_in_its_reference() {
    let folder = root().join("src/signature/catalogue");
    let reference = &README[README.find("## Adding a signature").unwrap()..README.find("## Adding a message").unwrap()];
    let mut missing = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file: toml::Table = toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let conditions = file.get("when").and_then(|w| w.as_array()).into_iter().flatten().filter_map(|w| w.as_table());
        for key in file.keys().chain(conditions.flat_map(|w| w.keys())) {
            if !reference.contains(key.as_str()) {
                missing.insert(key.clone());
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
