//! `--redact`: whatever tables, clusters, hosts and folders are called, no name of theirs is left in any output.

use crate::support::{Outcome, fed, logs, program};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Cases of several kinds, and what is a name in them.
const CASES: &[(&str, Names)] = &[
    (
        "DUP301-dev-asked-for-source-name",
        Names {
            tables: &["test_orders", "orders_copy"],
            clusters: &["target_cluster", "hz_main"],
            hosts: &["hz-main-meta1", "hz-main-rs1", "hz-main-rs2", "hz-main-rs3", "meta1"],
            networks: &["10.12.3", "10.12.9"],
        },
    ),
    (
        "multi-DUP405-two-duplications-v2.5",
        Names {
            tables: &["mail_attach", "mail_index"],
            clusters: &["sg_backup", "hz_main"],
            hosts: &["meta1", "replica2"],
            networks: &["10.33.7", "10.21.4"],
        },
    ),
    (
        "DUP202-v2.5-dotted-names-midway",
        Names { tables: &["user.profile.v2"], clusters: &["a.b.c", "hz.main"], hosts: &["meta1"], networks: &[] },
    ),
];

/// Names of a case that are replaced by hostile ones.
struct Names {
    tables: &'static [&'static str],
    clusters: &'static [&'static str],
    hosts: &'static [&'static str],
    networks: &'static [&'static str],
}

/// Letters that our own words hardly have, and what names are not expected to have.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[qxzvkj]{5,8}",
        "[qxzvkj]{5,7}[.-][qxzvkj0-9]{2,6}",
        "[qxzvkj]{3,5}[+*?^$|{}][qxzvkj]{2,4}",
        "[qxzvkj]{2,4}[表订é][qxzvkj]{0,4}",
        "[qxzvkj]{4,6}[.][*+?]",
        "[qxzvkj]{3,6}\\[[qxzvkj]{2,3}",
    ]
}

/// A host may be anything that a folder may.
fn host() -> impl Strategy<Value = String> {
    prop_oneof!["[qxzvkj]{5,8}", "[qxzvkj]{4,6}-[qxzvkj0-9]{2,4}[.][qxzvkj]{2,4}", "[qxzvkj]{3,4}[0-9]{2,4}"]
}

struct Desk {
    dir: tempfile::TempDir,
    names: Vec<String>,
}

impl Desk {
    /// A copy of a case in which names are replaced, and some lines of level F are added that only text names them in.
    fn new(case: usize, tables: &[String], hosts: &[String]) -> Self {
        let (case, names) = &CASES[case];
        let mut pairs: Vec<(String, String)> = Vec::new();
        // Names that stand within each other.
        let grown = |index: usize| match index {
            0 => tables[0].clone(),
            1 => format!("{}{}", tables[0], tables[1]),
            _ => format!("{}.{}", tables[1], tables[0]),
        };
        for (index, name) in names.tables.iter().enumerate() {
            pairs.push(((*name).to_owned(), grown(index)));
        }
        for (index, name) in names.clusters.iter().enumerate() {
            pairs.push(((*name).to_owned(), format!("{}{index}", hosts[index])));
        }
        for (index, name) in names.hosts.iter().enumerate() {
            pairs.push(((*name).to_owned(), format!("{}-{index}", hosts[index % hosts.len()])));
        }
        for (index, name) in names.networks.iter().enumerate() {
            pairs.push(((*name).to_owned(), format!("172.31.{}", 40 + index)));
        }
        pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("logs").join("acmequx");
        copy(&logs(case), &root, &pairs);
        let mut names: Vec<String> = pairs.into_iter().map(|(_, to)| to).collect();
        names.extend(["acmequx".to_owned(), "acmevault".to_owned(), "fe80::beef".to_owned(), "zzhost9".to_owned()]);
        // What is not in the logs need not be hidden.
        let all = texts(&root);
        names.retain(|name| all.contains(name.as_str()));
        Self { dir, names }
    }

    fn run(&self, args: &[&str], input: Option<&str>) -> Outcome {
        let mut command = program(args);
        command.current_dir(self.dir.path()).env("COLUMNS", "160");
        fed(&mut command, input.unwrap_or_default().as_bytes())
    }

    fn log(&self) -> String {
        let mut files = files(&self.dir.path().join("logs"));
        files.sort();
        files.iter().map(|f| fs::read_to_string(f).unwrap()).collect()
    }

    /// The first name that stands in an output, perhaps broken over two rows.
    fn left<'a>(&'a self, out: &str) -> Option<&'a str> {
        let joined: String = out.split_whitespace().collect();
        self.names.iter().map(String::as_str).find(|name| out.contains(name) || joined.contains(name))
    }
}

fn copy(from: &Path, to: &Path, pairs: &[(String, String)]) {
    fs::create_dir_all(to).unwrap();
    let renamed = |text: &str| pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from.as_str(), to));
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(renamed(&entry.file_name().to_string_lossy()));
        if entry.path().is_dir() {
            copy(&entry.path(), &target, pairs);
            continue;
        }
        let mut text = renamed(&fs::read_to_string(entry.path()).unwrap());
        let last = text.lines().rfind(|l| l.contains(" (")).unwrap_or_default().to_owned();
        // An abort whose message nobody knows: names stand in text only.
        if let Some(stamp) = last.get(1..).and_then(|l| l.split(')').next()) {
            let table = pairs
                .iter()
                .find(|(from, _)| ["test_orders", "mail_attach", "user.profile.v2"].contains(&from.as_str()))
                .map_or("x", |(_, to)| to);
            let line = format!(
                "F{stamp})   replica.default0.0000150323920897: x.cpp:1:f(): assertion expression: [ok] {table} at /home/acmevault/../{table}/x on [fe80::beef]:34801, zzhost9:34801 ({table})\n"
            );
            text.push_str(&line);
        }
        fs::write(target, text).unwrap();
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

/// Names of files and what is in them.
fn texts(dir: &Path) -> String {
    files(dir).iter().flat_map(|f| [f.display().to_string(), "\n".to_owned(), fs::read_to_string(f).unwrap()]).collect()
}

/// The values of `--format` that a command has, whatever they are.
fn formats(command: &str) -> Vec<String> {
    let output = program(&[command, "--format", "no-such-format"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let list = told.split("[possible values: ").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
    list.split(", ").map(str::to_owned).collect()
}

/// Other names in each run; the seed is printed, so that a failure can be had again.
fn seeded(config: ProptestConfig) -> ProptestConfig {
    let RngSeed::Fixed(seed) = config.rng_seed else {
        let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
        eprintln!("to have it again: PROPTEST_RNG_SEED={now}");
        return ProptestConfig { rng_seed: RngSeed::Fixed(now), ..config };
    };
    eprintln!("PROPTEST_RNG_SEED={seed}");
    config
}

proptest! {
    #![proptest_config(seeded(ProptestConfig { cases: 6, max_shrink_iters: 12, failure_persistence: None, ..ProptestConfig::default() }))]

    #[test]
    fn no_name_is_left_in_any_output(
        case in 0..CASES.len(),
        tables in prop::collection::vec(hostile(), 2),
        hosts in prop::collection::vec(host(), 4),
    ) {
        let desk = Desk::new(case, &tables, &hosts);
        let log = desk.log();
        for command in ["diagnose", "timeline", "events"] {
            for format in formats(command) {
                for (more, path, input) in [(&["--lang", "en"][..], "logs", None), (&["--lang", "zh", "-v"], "-", Some(log.as_str()))] {
                    let mut args = vec![command, path, "--redact", "--format", &format];
                    args.extend(more);
                    if command == "diagnose" {
                        args.push("--all");
                    }
                    let (code, out, err) = desk.run(&args, input);
                    prop_assert!(code < 2, "{args:?}: {err}");
                    prop_assert_eq!(desk.left(&out), None, "{:?}:\n{}", args, rows(&out, desk.left(&out)));
                }
            }
        }
        let notes = desk.run(&["annotate", "logs", "--redact", "--redact-map", "key.json"], None);
        prop_assert!(notes.0 == 0, "{}", notes.2);
        // A filter knows what it has read: with the key of a first run it knows all.
        let notes = desk.run(&["annotate", "logs", "--redact", "--redact-map", "key.json", "--only"], None);
        prop_assert_eq!(desk.left(&notes.1), None, "annotate:\n{}", rows(&notes.1, desk.left(&notes.1)));
        for format in formats("whois") {
            for name in desk.names.iter().filter(|n| !n.starts_with('-')).take(6) {
                let (code, out, err) = desk.run(&["whois", name, "logs", "--redact", "--format", &format], None);
                prop_assert!(code < 2, "{err}");
                prop_assert_eq!(desk.left(&out), None, "whois {}:\n{}", name, rows(&out, desk.left(&out)));
            }
        }
        let (_, out, _) = desk.run(&["diagnose", "logs", "--redact", "--summary"], None);
        prop_assert_eq!(desk.left(&out), None, "--summary:\n{}", out);
        let (_, out, _) = desk.run(&["timeline", "logs", "--redact", "--by-server", "-v"], None);
        prop_assert_eq!(desk.left(&out), None, "--by-server:\n{}", rows(&out, desk.left(&out)));
        for format in formats("watch") {
            let (code, out, err) = desk.run(&["watch", "-", "--redact", "--format", &format, "--clock", "log"], Some(&log));
            prop_assert!(code < 2, "{err}");
            prop_assert_eq!(desk.left(&out), None, "watch {}:\n{}", format, rows(&out, desk.left(&out)));
        }
    }
}

/// The rows that hold a name.
fn rows(out: &str, name: Option<&str>) -> String {
    let rows: Vec<&str> = out.lines().filter(|l| name.is_some_and(|n| l.contains(n))).take(3).collect();
    rows.join("\n")
}

fn report(desk: &Desk, more: &[&str]) -> Value {
    let mut args = vec!["diagnose", "--format", "json", "--all", "logs"];
    args.extend(more);
    let (_, out, err) = desk.run(&args, None);
    serde_json::from_str(&out).unwrap_or_else(|e| unreachable!("{e}: {err}"))
}

#[test]
fn the_key_gives_the_names_back() {
    let desk = Desk::new(0, &["orders.v2".into(), "x-y".into()], &["alpha".into(), "beta".into(), "gamma".into(), "delta".into()]);
    let plain = report(&desk, &[]);
    let hidden = report(&desk, &["--redact", "--redact-map", "key.json"]);
    let text = fs::read_to_string(desk.dir.path().join("key.json")).unwrap();
    let key: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
    let dup = |report: &Value| report["duplications"][0].clone();
    let named = |alias: &Value| key[alias.as_str().unwrap()].clone();
    assert_eq!(named(&dup(&hidden)["app_name"]), dup(&plain)["app_name"].as_str().unwrap());
    assert_eq!(named(&dup(&hidden)["remote_app_name"]), dup(&plain)["remote_app_name"].as_str().unwrap());
    for kept in ["app_id", "dup_id", "status", "verdict", "status_since", "partitions", "findings"] {
        assert_eq!(dup(&hidden)[kept], dup(&plain)[kept], "{kept}");
    }
    let prints = |report: &Value| {
        let all = report["findings"].as_array().unwrap().iter();
        all.map(|f| (f["code"].to_string(), f["fingerprint"].to_string(), f["occurrences"].to_string())).collect::<Vec<_>>()
    };
    assert_eq!(prints(&plain), prints(&hidden));
    // Whoever filled in the key would have the same lines again.
    let back = |text: &str| {
        let mut aliases: Vec<(&String, &String)> = key.iter().collect();
        aliases.sort_by_key(|(alias, _)| std::cmp::Reverse(alias.len()));
        aliases.into_iter().fold(text.to_owned(), |text, (alias, name)| text.replace(alias.as_str(), name))
    };
    let lines = |report: &Value| {
        let all = report["findings"].as_array().unwrap().iter().flat_map(|f| f["evidence"].as_array().unwrap().clone());
        all.map(|e| e["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&plain), lines(&hidden).iter().map(|l| back(l)).collect::<Vec<_>>());
    let again = report(&desk, &["--redact", "--redact-map", "key.json"]);
    assert_eq!(dup(&again), dup(&hidden), "a key is gone on from");
    assert_eq!(fs::read_to_string(desk.dir.path().join("key.json")).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn the_key_is_its_owners_and_nothing_else_is_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new(0, &["orders".into(), "xy".into()], &["alpha".into(), "beta".into(), "gamma".into(), "delta".into()]);
    let key = desk.dir.path().join("key.json");
    report(&desk, &["--redact", "--redact-map", "key.json"]);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    for (wrong, word) in [("no key", "not a key to aliases"), (r#"{"name": "x"}"#, "is not an alias")] {
        fs::write(&key, wrong).unwrap();
        let (code, out, err) = desk.run(&["diagnose", "logs", "--redact", "--redact-map", "key.json"], None);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(word) && err.contains("key.json"), "{err}");
        assert_eq!(fs::read_to_string(&key).unwrap(), wrong);
    }
    let (code, _, err) = desk.run(&["diagnose", "logs", "--redact", "--redact-map", "none/key.json"], None);
    assert!(code == 2 && err.contains("cannot write --redact-map none/key.json"), "{err}");
    let (code, _, err) = desk.run(&["diagnose", "logs", "--redact-map", "key.json"], None);
    assert!(code == 2 && err.contains("--redact"), "{err}");
}

#[test]
fn a_table_called_like_a_word_spoils_no_sentence() {
    let hosts: Vec<String> = ["alpha", "beta", "gamma", "delta"].map(str::to_owned).into();
    let sentences = |table: &str| {
        let desk = Desk::new(1, &[table.to_owned(), "x".to_owned()], &hosts);
        let report = report(&desk, &["--redact"]);
        let texts = |finding: &Value| ["title", "explanation", "cause", "suggestions", "look_alikes"].map(|key| finding[key].to_string());
        report["findings"].as_array().unwrap().iter().map(texts).collect::<Vec<_>>()
    };
    let usual = sentences("orders");
    assert!(!usual.is_empty());
    for word in ["log", "stat", "table", "duplication", "source", "target"] {
        assert_eq!(sentences(word), usual, "{word}");
    }
}
