//! The documents are true: their commands run, print what is shown and end as is said; links lead somewhere; references are complete.

use crate::support::{STUCK, copy, logs, root};
use dupdoctor::internal::timeline::FactName;
use regex::Regex;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");
const SIGNATURES: &str = include_str!("../docs/signatures.md");

/// Each document, where it lies and what it says.
const DOCUMENTS: [(&str, &str); 10] = [
    ("README.md", README),
    ("ARCHITECTURE.md", include_str!("../ARCHITECTURE.md")),
    ("CONTRIBUTING.md", include_str!("../CONTRIBUTING.md")),
    ("docs/guide.md", include_str!("../docs/guide.md")),
    ("docs/formats.md", include_str!("../docs/formats.md")),
    ("docs/signatures.md", SIGNATURES),
    ("docs/performance.md", include_str!("../docs/performance.md")),
    ("docs/reliability.md", include_str!("../docs/reliability.md")),
    ("SECURITY.md", include_str!("../SECURITY.md")),
    ("docs/glossary.md", include_str!("../docs/glossary.md")),
];

/// The blocks of a language, without their fences.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fenced = Regex::new(&format!("(?ms)^```{language}\n(.*?)^```$")).unwrap();
    fenced.captures_iter(text).map(|c| c[1].to_owned()).collect()
}

/// A command of a `console` block.
struct Example {
    command: String,
    code: i32,
    /// What it prints; nothing when the document shows nothing.
    shown: String,
}

fn examples(text: &str) -> Vec<Example> {
    let code = Regex::new(r"\s+# exit code (\d)$").unwrap();
    let mut all: Vec<Example> = Vec::new();
    for block in blocks(text, "console") {
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

/// Runs the commands of a document, one after the other, in a folder that holds the demo's log and the first signature; says what
/// differs, and how many there were.
fn run(text: &str) -> (String, usize) {
    let desk = tempfile::tempdir().unwrap();
    copy(&logs(STUCK), &desk.path().join("logs"));
    let signature = blocks(SIGNATURES, "toml").into_iter().find(|b| b.contains("code = ")).unwrap();
    let name = signature.lines().next().unwrap().trim_start_matches("# ").to_owned();
    std::fs::create_dir(desk.path().join("my-signatures")).unwrap();
    std::fs::write(desk.path().join("my-signatures").join(name), signature).unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_dupdoctor"));
    let path = std::env::join_paths(
        std::iter::once(binary.parent().unwrap().to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let examples = examples(text);
    let count = examples.len();
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
    (wrong, count)
}

#[test]
fn their_commands_do_what_they_say() {
    let mut total = 0;
    for (path, text) in DOCUMENTS {
        let (wrong, count) = run(text);
        assert!(wrong.is_empty(), "{path}:\n{wrong}");
        total += count;
    }
    assert!(total > 50, "only {total} examples");
}

/// What a heading is called in a link: lower case, words joined by hyphens.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let slug = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(slug).collect()
}

#[test]
fn their_links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let fenced = Regex::new("(?ms)^```.*?^```$").unwrap();
    let mut wrong = String::new();
    for (path, text) in DOCUMENTS {
        let prose = fenced.replace_all(text, "").into_owned();
        for found in link.captures_iter(&prose).map(|c| c[1].to_owned()).filter(|l| !l.starts_with("http")) {
            let (file, anchor) = found.split_once('#').map_or((found.as_str(), None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { root().join(path) } else { root().join(path).parent().unwrap().join(file) };
            let there = target.is_dir()
                || std::fs::read_to_string(&target).is_ok_and(|t| anchor.is_none_or(|a| anchors(&t).iter().any(|known| known == a)));
            if !there {
                let _ = writeln!(wrong, "  {path}: {found}");
            }
        }
    }
    assert!(wrong.is_empty(), "dead links:\n{wrong}");
}

#[test]
fn every_dependency_comes_from_the_registry_with_a_checksum() {
    let Ok(lock) = std::fs::read_to_string(root().join("Cargo.lock")) else { return };
    let lock: toml::Table = toml::from_str(&lock).unwrap();
    for package in lock["package"].as_array().unwrap() {
        let ours = package["name"].as_str().unwrap().starts_with("dupdoctor");
        let source = package.get("source").and_then(|source| source.as_str());
        assert!(ours || source == Some("registry+https://github.com/rust-lang/crates.io-index"), "{package}");
        assert_eq!(package.get("checksum").is_some(), !ours, "{package}");
    }
}

#[test]
fn the_readme_is_short() {
    assert!(README.len() <= 14_000, "{} bytes; what is longer belongs into docs/", README.len());
}

#[test]
fn the_two_commands_for_a_fresh_machine_are_there_and_ci_runs_the_second() {
    let fresh = &blocks(README, "sh")[0];
    assert_eq!(fresh.as_str(), "cargo run --release -- demo\ncargo test --release\n");
    let ci = std::fs::read_to_string(root().join(".ci/run"));
    // A package from a registry has no `.ci`.
    assert!(ci.is_err() || ci.is_ok_and(|ci| ci.contains("step cargo test --release\n")));
}

#[test]
fn every_fact_is_in_its_reference() {
    let missing: Vec<&str> =
        FactName::ALL.iter().map(|fact| fact.name()).filter(|name| !SIGNATURES.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_key_of_the_built_in_signatures_is_in_its_reference() {
    let folder = root().join("src/signature/catalogue");
    let mut missing = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file: toml::Table = toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let conditions = file.get("when").and_then(|w| w.as_array()).into_iter().flatten().filter_map(|w| w.as_table());
        for key in file.keys().chain(conditions.flat_map(|w| w.keys())) {
            if !SIGNATURES.contains(key.as_str()) {
                missing.insert(key.clone());
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
