//! A finder of leaks: all cases, in which every name is replaced by a random one of a hostile shape; none may be left in any format, in
//! any spelling. 200 runs with a fixed seed; `DUPDOCTOR_LEAK_RUNS=10000` for more, `DUPDOCTOR_LEAK_SEED` for others.

use crate::support::case::{Case, plain_settings, report};
use crate::support::random::Random;
use dupdoctor::internal::event::patterns;
use dupdoctor::report::{Redaction, Report};
use dupdoctor::{FORMATS, Settings, Style};
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A case, and what is a name in it.
struct Named {
    case: Case,
    names: Vec<String>,
    codes: Vec<String>,
}

impl Named {
    /// What the redaction itself takes for a name of a table, a cluster, a host or a user, and is no word of a message.
    fn of(case: Case, words: &str) -> Option<Self> {
        let redaction = Redaction::default();
        let settings = Settings { redaction: Some(redaction.clone()), ..plain_settings() };
        report(&[case.logs()], &settings);
        let is_name = |alias: &str| ["table-", "cluster-", "host-", "user-"].iter().any(|kind| alias.starts_with(kind));
        // It hides more than names: codes that a table shows, threads and source files behind an envelope that nobody knows.
        let codes_too = ["DS_", "FAIL_", "ERR_", "meta.", "replica.", "shell."];
        let code = |name: &str| name.contains(':') || codes_too.iter().any(|code| name.starts_with(code));
        let own = |name: &str| name.len() > 3 && !code(name) && !words.contains(&name.to_lowercase()) && name.contains(char::is_alphabetic);
        let names: Vec<String> =
            redaction.key().into_iter().filter(|(alias, name)| is_name(alias) && own(name)).map(|(_, name)| name).collect();
        let codes = codes(&report(&[case.logs()], &plain_settings()));
        (!names.is_empty()).then_some(Self { case, names, codes })
    }

    /// Other names, some of which are the beginning of one another or differ by their case alone.
    fn others(&self, random: &mut Random) -> BTreeMap<String, String> {
        let mut others: BTreeMap<String, String> = BTreeMap::new();
        for name in &self.names {
            let before = others.values().next_back().cloned();
            let mut other = hostile(random, before.as_deref());
            while others.values().any(|taken| *taken == other) {
                other.push('q');
            }
            others.insert(name.clone(), other);
        }
        others
    }
}

fn codes(report: &Report) -> Vec<String> {
    report.findings.iter().map(|finding| finding.code.clone()).collect()
}

fn hostile(random: &mut Random, before: Option<&str>) -> String {
    let mut letters = |n: u64| (0..n).map(|_| char::from(b"qxzvkj"[usize::try_from(random.below(6)).unwrap()])).collect::<String>();
    let (first, second) = (letters(5), letters(4));
    match (random.below(9), before) {
        (0, Some(before)) => format!("{before}{second}"),
        (1, Some(before)) => format!("{before}.{second}"),
        (2, Some(before)) => before.to_uppercase() + &second.to_uppercase(),
        (3, _) => format!("{first}.{second}"),
        (4, _) => format!("{first}-{second}"),
        (5, _) => format!("{first}_{second}.v2"),
        (6, _) => format!("{first}[{second}"),
        (7, _) => format!("{}{second}", first.to_uppercase()),
        (8, _) => format!("{first}%2E{second}"),
        _ => first + &second,
    }
}

/// Copies logs with other names in paths and lines, and lets a server say them as it stops, in other spellings.
fn copy(from: &Path, to: &Path, names: &Regex, others: &BTreeMap<String, String>) {
    let renamed = |text: &str| {
        names
            .replace_all(text, |found: &regex::Captures<'_>| format!("{}{}{}", &found["before"], others[&found["name"]], &found["after"]))
            .into_owned()
    };
    // Twice: what stands behind one name may stand before the next.
    let renamed = |text: &str| renamed(&renamed(text));
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(renamed(&entry.file_name().to_string_lossy()));
        if entry.path().is_dir() {
            copy(&entry.path(), &target, names, others);
            continue;
        }
        let Ok(text) = fs::read_to_string(entry.path()) else {
            fs::copy(entry.path(), target).unwrap();
            continue;
        };
        let mut text = renamed(&text);
        let head = text
            .lines()
            .rfind(|line| line.contains(" (") && line.contains(": "))
            .and_then(|line| line.get(1..)?.split_once(": "))
            .map(|(head, _)| head.to_owned());
        if let Some(head) = head.filter(|head| head.ends_with(|c: char| c.is_ascii_hexdigit())) {
            for other in others.values() {
                let encoded: String = other
                    .bytes()
                    .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
                    .collect();
                for said in [
                    other.clone(),
                    other.to_uppercase(),
                    encoded,
                    format!("\"{other}\""),
                    format!("/data/{other}/x"),
                    format!("{other}:34801"),
                ] {
                    let _ = writeln!(text, "F{head}: x.cpp:1:f(): stopped over {said} of pegasus");
                }
            }
        }
        fs::write(target, text).unwrap();
    }
}

/// In any case, with or without `%`, broken over rows or not.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        let coded = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = coded.filter(u8::is_ascii_graphic) {
            out.push(char::from(byte).to_ascii_lowercase());
            at += 3;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if !c.is_whitespace() {
            out.extend(c.to_lowercase());
        }
        at += c.len_utf8();
    }
    out
}

fn leak<'o>(text: &str, others: &'o BTreeMap<String, String>) -> Option<&'o str> {
    let text = plain(text);
    others.values().map(String::as_str).find(|other| text.contains(&plain(other)))
}

#[test]
fn no_name_of_a_hostile_shape_is_left_in_any_format() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |value| value.parse().unwrap());
    let (runs, seed) = (number("DUPDOCTOR_LEAK_RUNS", 200), number("DUPDOCTOR_LEAK_SEED", 19));
    let words: String =
        patterns().map(|pattern| pattern.template.to_lowercase() + "\n").collect::<String>() + "localhost pegasus private_log";
    let all: Vec<Named> = Case::all().into_iter().filter_map(|case| Named::of(case, &words)).collect();
    assert!(all.len() > 150, "{}", all.len());
    let (mut random, mut altered) = (Random(seed), 0);
    for run in 0..runs {
        let names = &all[usize::try_from(random.below(all.len() as u64)).unwrap()];
        let others = names.others(&mut random);
        let mut longest: Vec<&String> = names.names.iter().collect();
        longest.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let any = longest.iter().map(|name| regex::escape(name)).collect::<Vec<_>>().join("|");
        let pattern = Regex::new(&format!("(?P<before>^|[^A-Za-z0-9_])(?P<name>{any})(?P<after>$|[^A-Za-z0-9_])")).unwrap();
        let desk = tempfile::tempdir().unwrap();
        let root = desk.path().join("logs");
        copy(&names.case.logs(), &root, &pattern, &others);
        // A name may have broken a line; what is not read as before proves less.
        altered += u64::from(names.codes.iter().any(|code| !codes(&report(std::slice::from_ref(&root), &plain_settings())).contains(code)));
        let redaction = Redaction::default();
        let report = report(std::slice::from_ref(&root), &Settings { redaction: Some(redaction.clone()), ..plain_settings() });
        let context = || format!("run {run} of seed {seed}, {}: {others:?}", names.case.name);
        for format in FORMATS {
            let text = (format.render)(&report, &Style { all: true, ..Style::default() }).replace(&desk.path().display().to_string(), "");
            let left = leak(&text, &others);
            let row = text.lines().find(|line| left.is_some_and(|name| plain(line).contains(&plain(name))));
            assert_eq!(left, None, "{} in {row:?}: {}", format.name, context());
        }
    }
    assert!(altered * 4 < runs, "{altered} of {runs} were not read as before");
    eprintln!("{runs} runs of seed {seed}, {altered} of them not read as before");
}
