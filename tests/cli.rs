//! The program as its users meet it: every command and option, on sound and on wrong input.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test may fail loudly")]

use serde_json::Value;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A duplication that is stuck: table `test_orders`, follower `orders_copy` on `target_cluster`, DUP301.
const STUCK: &str = "DUP301-dev-asked-for-source-name";
/// Its only log.
const LOG: &str = "logs/hz_main/meta1/meta.log.20240525_101029_173";
/// One that is well.
const HEALTHY: &str = "healthy-v2.5-full-copy";

/// A folder of its own for each test; `logs/` holds those of [`STUCK`].
struct Desk(TempDir);

/// What came of a command.
struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        copy(&fixture(STUCK), &desk.path("logs"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn log(&self) -> Vec<u8> {
        std::fs::read(self.path(LOG)).unwrap()
    }

    fn command<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("dupdoctor"));
        for variable in ["NO_COLOR", "COLUMNS", "LANG", "LC_ALL", "LC_MESSAGES"] {
            command.env_remove(variable);
        }
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, line: &str) -> Outcome {
        outcome(&mut self.command(&words(line)))
    }

    fn pipe(&self, line: &str, bytes: &[u8]) -> Outcome {
        let mut child = self.command(&words(line)).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        told(&child.wait_with_output().unwrap())
    }

    fn report(&self, line: &str) -> Value {
        let told = self.run(&format!("diagnose --format json {line}"));
        serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{line}: {e}: {}", told.err))
    }
}

fn fixture(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fixtures").join(case).join("logs")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Words of a command line; single quotes hold one together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

fn outcome(command: &mut Command) -> Outcome {
    told(&command.output().unwrap())
}

fn told(output: &std::process::Output) -> Outcome {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let told = Outcome { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) };
    assert!(!told.err.contains("panicked"), "{}", told.err);
    told
}

/// What a report says, without where its inputs lie and when it was made.
fn said(report: &Value) -> String {
    let mut findings = report["findings"].clone();
    for finding in findings.as_array_mut().unwrap() {
        for evidence in finding["evidence"].as_array_mut().unwrap() {
            evidence["path"] = Value::Null;
        }
    }
    let mut duplications = report["duplications"].clone();
    for duplication in duplications.as_array_mut().unwrap() {
        for change in duplication["timeline"].as_array_mut().unwrap() {
            change["evidence"]["path"] = Value::Null;
        }
        for error in duplication["errors"].as_array_mut().unwrap() {
            error["first"]["path"] = Value::Null;
            error["last"]["path"] = Value::Null;
        }
    }
    format!("{findings}\n{duplications}\n{}", report["window"])
}

fn codes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().filter_map(|f| f["code"].as_str()).collect()
}

#[test]
fn every_command_has_help_and_nothing_at_all_is_wrong_usage() {
    let desk = Desk::new();
    for command in ["", "diagnose", "timeline", "events", "explain", "signatures", "signatures test", "demo", "completions", "man"] {
        let told = desk.run(&format!("{command} --help"));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{command}");
        assert!(told.out.contains("Usage:"), "{command}");
    }
    let nothing = desk.run("");
    assert_eq!((nothing.code, nothing.out.as_str()), (2, ""));
    assert!(nothing.err.contains("diagnose") && nothing.err.contains("demo"), "{}", nothing.err);
    assert_eq!(desk.run("--version").out, format!("dupdoctor {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn diagnose_says_what_is_wrong_and_exits_with_1() {
    let told = Desk::new().run("diagnose logs");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    for word in ["STUCK", "test_orders", "orders_copy", "DUP301", "4683a78a3", "remove_dup test_orders 1716603063", &format!("{LOG}:44")] {
        assert!(told.out.contains(word), "{word} is missing in\n{}", told.out);
    }
}

#[test]
fn what_is_well_exits_with_0() {
    let desk = Desk::new();
    copy(&fixture(HEALTHY), &desk.path("well"));
    let told = desk.run("diagnose well");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains("1 healthy"), "{}", told.out);
    assert_eq!(desk.report("well")["duplications"][0]["verdict"], "healthy");
}

#[test]
fn fail_on_decides_about_the_exit_code() {
    let desk = Desk::new();
    for (level, code) in [("info", 1), ("warning", 1), ("error", 1), ("critical", 1), ("never", 0)] {
        assert_eq!(desk.run(&format!("diagnose --fail-on {level} logs")).code, code, "{level}");
    }
    copy(&fixture(HEALTHY), &desk.path("well"));
    assert_eq!(desk.run("diagnose --fail-on warning well").code, 0);
}

#[test]
fn a_report_has_all_keys_of_the_contract() {
    let report = Desk::new().report("logs");
    let has = |value: &Value, keys: &[&str]| {
        for key in keys {
            assert!(value.get(key).is_some(), "{key} is missing in {value}");
        }
    };
    has(&report, &["schema_version", "tool", "generated_at", "window", "inputs", "duplications", "findings", "summary"]);
    assert_eq!(report["schema_version"], "1");
    has(&report["inputs"][0], &["path", "kind", "server", "bytes", "lines", "records", "events", "drifted", "first", "last", "notes"]);
    let duplication = &report["duplications"][0];
    has(
        duplication,
        &[
            "app_id",
            "dup_id",
            "app_name",
            "remote_cluster",
            "remote_app_name",
            "remote_replica_count",
            "partition_count",
            "fail_mode",
            "status",
            "verdict",
            "status_since",
            "status_seconds",
            "timeline",
            "findings",
        ],
    );
    assert_eq!((&duplication["status"], &duplication["verdict"]), (&"DS_APP".into(), &"stuck".into()));
    has(&duplication["timeline"][0], &["from", "to", "at", "at_ms", "evidence"]);
    let finding = &report["findings"][0];
    has(
        finding,
        &[
            "code",
            "name",
            "severity",
            "confidence",
            "duplication",
            "title",
            "explanation",
            "active",
            "first_seen",
            "last_seen",
            "occurrences",
            "evidence",
            "suggestions",
            "fixed_by",
            "references",
            "fingerprint",
        ],
    );
    has(&finding["evidence"][0], &["path", "line", "at", "text"]);
    has(&finding["fixed_by"], &["pull_request", "commit", "release"]);
    assert_eq!(finding["suggestions"][0]["commands"][0]["where"], "target-shell");
    assert_eq!(report["summary"]["by_verdict"]["stuck"], 1);
}

#[test]
fn one_run_writes_several_formats() {
    let desk = Desk::new();
    let told = desk.run("diagnose logs --color always --format ndjson --output report.json --output text=night.log --output lines.jsonl");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let file = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    let report: Value = serde_json::from_str(&file("report.json")).unwrap();
    assert_eq!(codes(&report), ["DUP301"]);
    assert!(file("night.log").contains("DUP301") && !file("night.log").contains('\x1b'));
    assert_eq!(file("lines.jsonl"), told.out);
    for line in told.out.lines() {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["code"], "DUP301");
    }
    assert_eq!(desk.run("timeline logs --output json=t.out").code, 0);
    assert!(file("t.out").starts_with('['));
    assert_eq!(desk.run("events logs --output e.jsonl").out, "");
    assert!(file("e.jsonl").lines().count() > 100);
}

#[test]
fn an_output_that_cannot_be_written_costs_nothing_else() {
    let desk = Desk::new();
    let told = desk.run("diagnose logs --output nowhere/report.json --output good.json");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("nowhere/report.json") && told.out.contains("DUP301"), "{}", told.err);
    assert!(desk.path("good.json").exists());
}

#[test]
fn compressed_and_packed_copies_tell_the_same() {
    let desk = Desk::new();
    let plain = said(&desk.report(LOG));
    let text = desk.log();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&text[..text.len() / 2]).unwrap();
    let mut members = gzip.finish().unwrap();
    let mut second = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    second.write_all(&text[text.len() / 2..]).unwrap();
    members.extend(second.finish().unwrap());
    desk.write("copies/gz/log", members);
    desk.write("copies/zst/log", zstd::encode_all(&text[..], 3).unwrap());
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    xz.write_all(&text).unwrap();
    desk.write("copies/xz/log", xz.finish().unwrap());
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bzip2.write_all(&text).unwrap();
    desk.write("copies/bz2/log", bzip2.finish().unwrap());
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default()));
    tar.append_path_with_name(desk.path(LOG), "meta1/log.1.txt").unwrap();
    desk.write("copies/tar/log", tar.into_inner().unwrap().finish().unwrap());
    for format in ["gz", "zst", "xz", "bz2", "tar"] {
        assert_eq!(said(&desk.report(&format!("copies/{format}"))), plain, "{format}");
        assert_eq!(desk.run(&format!("diagnose copies/{format}/log")).code, 1, "{format}");
    }
}

#[test]
fn standard_input_is_read_without_a_path_and_as_a_dash() {
    let desk = Desk::new();
    let plain = said(&desk.report(LOG));
    let packed = zstd::encode_all(&desk.log()[..], 3).unwrap();
    for (line, bytes) in [("", &desk.log()), ("-", &desk.log()), ("-", &packed)] {
        let told = desk.pipe(&format!("diagnose --format json {line}"), bytes);
        assert_eq!((told.code, told.err.as_str()), (1, ""), "{line}");
        assert_eq!(said(&serde_json::from_str(&told.out).unwrap()), plain, "{line}");
    }
    assert!(desk.pipe("timeline", &desk.log()).out.contains("DS_PREPARE → DS_APP"));
    assert!(desk.pipe("events", &desk.log()).out.contains("dup_status_changed"));
    let empty = desk.run("diagnose");
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("standard input: empty"), "{}", empty.err);
    // "2h ago" cannot count from the last line of a pipe; the user is told that nothing is left.
    let late = desk.pipe("diagnose --since 1h", &desk.log());
    assert!(late.err.contains("2024-05-25T02:16:28.054Z"), "{}", late.err);
}

#[test]
fn globs_directories_and_links_are_followed_once() {
    let desk = Desk::new();
    let plain = said(&desk.report(LOG));
    std::os::unix::fs::symlink("meta.log.20240525_101029_173", desk.path("logs/hz_main/meta1/meta.log")).unwrap();
    for paths in ["logs", "'logs/*'", "'logs/*/meta?/meta.log.*'", "'logs/**/*.log.*'", "logs logs", "logs 'logs/*'"] {
        assert_eq!(said(&desk.report(paths)), plain, "{paths}");
    }
    let told = desk.run("diagnose -v logs");
    assert!(told.err.contains("meta.log: another name of"), "{}", told.err);
}

#[test]
fn wrong_input_is_named_and_the_rest_is_diagnosed() {
    let desk = Desk::new();
    desk.write("empty.log", "");
    desk.write("notes/todo.txt", "buy milk\n");
    desk.write("notes/picture", b"\x89PNG\r\n\x1a\n\0\0");
    desk.write("old.zip", b"PK\x03\x04not really");
    std::fs::create_dir(desk.path("bare")).unwrap();
    std::os::unix::fs::symlink("gone", desk.path("dangling")).unwrap();
    for (path, words) in [
        ("nope", vec!["nope: no such file", "check the spelling"]),
        ("empty.log", vec!["empty.log: empty", "log.N.txt"]),
        ("bare", vec!["bare: no file", "directory that the server logs to"]),
        ("notes/todo.txt", vec!["notes/todo.txt: no Pegasus log", "buy milk"]),
        ("dangling", vec!["dangling: symbolic link to gone", "name the file"]),
        ("'x*.log'", vec!["x*.log: nothing matches"]),
        ("'x[.log'", vec!["x[.log: no such file, and not a valid pattern"]),
        ("old.zip", vec!["old.zip: unsupported", "unpack it first"]),
    ] {
        for command in ["diagnose", "timeline", "events"] {
            let alone = desk.run(&format!("{command} {path}"));
            assert_eq!(alone.code, 2, "{command} {path}");
            for word in &words {
                assert!(alone.err.contains(word), "{command} {path}: {word} is missing in {}", alone.err);
            }
            let beside = desk.run(&format!("{command} {path} logs"));
            assert_eq!(beside.code, 2, "{command} {path} logs");
            assert!(beside.err.contains(words[0]), "{command} {path} logs: {}", beside.err);
            assert!(beside.out.contains("test_orders"), "{command} {path} logs");
        }
    }
}

#[test]
fn other_files_in_a_folder_are_left_out_and_named_with_v() {
    let desk = Desk::new();
    desk.write("logs/hz_main/meta1/notes.txt", "buy milk\n");
    desk.write("logs/hz_main/meta1/picture", b"\x89PNG\r\n\x1a\n\0\0");
    let told = desk.run("diagnose logs");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let told = desk.run("diagnose -v logs");
    assert_eq!(told.code, 1);
    assert!(
        told.err.contains("meta1/notes.txt: no Pegasus log, begins with \"buy milk\"") && told.err.contains("meta1/picture"),
        "{}",
        told.err
    );
    assert!(!told.err.contains('\u{1a}'));
    desk.write("notes/todo.txt", "buy milk\n");
    let told = desk.run("diagnose notes");
    assert_eq!(told.code, 2);
    for word in ["nothing here looks like a Pegasus log", "notes/todo.txt", "buy milk", "log.N.txt"] {
        assert!(told.err.contains(word), "{word} is missing in {}", told.err);
    }
    assert_eq!(desk.run("diagnose -q -v logs").code, 2, "-q and -v contradict each other");
}

#[test]
fn a_broken_tail_costs_only_the_tail() {
    let desk = Desk::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&desk.log()).unwrap();
    let whole = gzip.finish().unwrap();
    desk.write("broken.gz", &whole[..whole.len() / 2]);
    let told = desk.run("diagnose broken.gz");
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains("broken.gz: cannot be read: the gzip data is cut off") && told.err.contains("copy the file anew"),
        "{}",
        told.err
    );
    assert!(told.out.contains("DUP301"), "{}", told.out);
    let events = desk.run("events broken.gz");
    assert_eq!(events.code, 2);
    assert!(events.out.contains("add_dup_request"));
}

#[test]
fn an_unreadable_file_is_named_and_the_rest_is_diagnosed() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write("locked.log", desk.log());
    std::fs::set_permissions(desk.path("locked.log"), std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(desk.path("locked.log")).is_ok() {
        eprintln!("skipped: root reads everything");
        return;
    }
    let told = desk.run("diagnose locked.log logs");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("locked.log: no permission"), "{}", told.err);
    assert!(told.out.contains("DUP301"));
}

#[test]
fn wrong_usage_is_named_and_says_what_would_be_right() {
    let desk = Desk::new();
    desk.write("no-report.json", "{}");
    for (line, words) in [
        ("diagnos logs", vec!["diagnos", "similar", "diagnose"]),
        ("diagnose --nope logs", vec!["--nope"]),
        ("diagnose --since yesterday logs", vec!["--since", "yesterday", "RFC 3339", "2h"]),
        ("diagnose --until 2024-13-01 logs", vec!["--until", "2024-13-01"]),
        ("events --since 25:00 logs", vec!["--since", "25:00"]),
        ("timeline --since 2024-05-26 --until 2024-05-25 logs", vec!["--since 2024-05-26 is after --until 2024-05-25"]),
        ("diagnose --format xml logs", vec!["xml", "--format", "ndjson"]),
        ("diagnose --output report.xyz logs", vec!["report.xyz", "FORMAT=FILE", "json"]),
        ("diagnose --expect nothing=3m logs", vec!["nothing", "--expect", "copy", "prepare"]),
        ("diagnose --expect prepare=soon logs", vec!["soon", "30m"]),
        ("diagnose --expect prepare logs", vec!["prepare=30m"]),
        ("diagnose --fail-on grave logs", vec!["grave", "critical"]),
        ("diagnose --ignore DUP999 logs", vec!["DUP999", "--ignore", "dupdoctor explain"]),
        ("diagnose --tz mars logs", vec!["mars", "+08:00"]),
        ("diagnose --threads 0 logs", vec!["--threads", "0"]),
        ("diagnose --lang fr logs", vec!["fr", "zh"]),
        ("diagnose --color maybe logs", vec!["maybe", "never"]),
        ("diagnose --dup five logs", vec!["--dup", "five"]),
        ("diagnose --baseline nope.json logs", vec!["--baseline nope.json", "diagnose --format json"]),
        ("diagnose --baseline no-report.json logs", vec!["--baseline no-report.json: line 1", "schema_version"]),
        (&format!("diagnose --baseline {LOG} logs"), vec!["--baseline", "no JSON report"]),
        ("explain DUP31", vec!["DUP31", "perhaps DUP301", "dupdoctor explain"]),
        ("explain folower-table-missing", vec!["DUP302 follower-table-missing"]),
        ("explain DUP999", vec!["DUP999", "dupdoctor explain"]),
        ("completions csh", vec!["csh", "bash"]),
        ("demo --format pdf", vec!["pdf", "json"]),
    ] {
        let told = desk.run(line);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{line}");
        for word in words {
            assert!(told.err.contains(word), "{line}: {word} is missing in {}", told.err);
        }
    }
}

#[test]
fn since_and_until_are_read_in_every_form() {
    let desk = Desk::new();
    let status = |line: &str| desk.report(&format!("{line} logs"))["duplications"][0]["status"].clone();
    // The change to DS_APP was at 10:11:44 in the servers' zone; the last line is of 10:16:28.
    for until in ["2024-05-25T02:11:30Z", "2024-05-25T10:11:30+08:00", "'2024-05-25 10:11:30'", "2024-05-25T10:11:30.250", "4m55s"] {
        assert_eq!(status(&format!("--until {until}")), "DS_PREPARE", "{until}");
    }
    assert_eq!(status("--tz utc --until '2024-05-25 02:11:30'"), "DS_PREPARE");
    assert_eq!(status("--tz +09:00 --until '2024-05-25 11:11:30'"), "DS_PREPARE");
    assert_eq!(status("--until '2024-05-25 10:11'"), Value::Null, "before it was added");
    assert_eq!(status("--since 2024-05-25"), "DS_APP");
    assert_eq!(status("--since 2m"), "DS_APP");
    let events = |line: &str| desk.run(&format!("events {line} logs")).out.lines().count();
    assert!(events("--since 2m") < events("--since 4m") && events("--since 4m") < events(""));
    let late = desk.run("diagnose --since 2030-01-01 logs");
    assert_eq!(late.code, 0);
    assert!(late.err.contains("within --since and --until") && late.err.contains("2024-05-25T02:10:29.173Z"), "{}", late.err);
}

#[test]
fn app_and_dup_select_and_say_when_nothing_fits() {
    let desk = Desk::new();
    copy(&fixture("DUP202-v2.5-name-taken"), &desk.path("more"));
    let tables = |line: &str| {
        let report = desk.report(line);
        report["duplications"].as_array().unwrap().iter().map(|d| d["app_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tables("logs more").len(), 2);
    assert_eq!(tables("logs more --app order_index"), ["order_index"]);
    assert_eq!(tables("logs more --dup 1716603063"), ["test_orders"]);
    assert_eq!(codes(&desk.report("logs more --app order_index"))[0], "DUP202");
    assert!(!desk.run("timeline logs more --app order_index").out.contains("test_orders"));
    for line in desk.run("events logs more --app order_index").out.lines() {
        assert!(!line.contains("test_orders"), "{line}");
    }
    let told = desk.run("diagnose --app nope logs");
    assert!(told.err.contains("--app nope") && told.err.contains("test_orders"), "{}", told.err);
    let told = desk.run("diagnose --dup 3 logs");
    assert!(told.err.contains("--dup 3") && told.err.contains("1716603063"), "{}", told.err);
    assert_eq!(desk.run("diagnose -q --dup 3 logs").err, "");
    assert!(desk.run("events --app nope logs").err.contains("no event"));
}

#[test]
fn what_is_known_can_be_left_out() {
    let desk = Desk::new();
    for rule in ["DUP301", "dup301", "follower-queried-by-source-name", "DUP301:test_orders"] {
        let told = desk.run(&format!("diagnose logs --ignore {rule}"));
        assert_eq!(told.code, 0, "{rule}: {}", told.out);
    }
    assert_eq!(desk.run("diagnose logs --ignore DUP301:other").code, 1);
    assert_eq!(desk.run("diagnose logs --ignore DUP302").code, 1);
    assert_eq!(desk.run("diagnose logs --output known.json").code, 1);
    let told = desk.run("diagnose logs --baseline known.json");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    // The same incident in other files is still the same.
    std::fs::rename(desk.path("logs"), desk.path("elsewhere")).unwrap();
    assert_eq!(desk.run("diagnose elsewhere --baseline known.json").code, 0);
}

#[test]
fn expect_changes_a_threshold() {
    let desk = Desk::new();
    copy(&fixture("in-progress-v2.5-failover-in-app"), &desk.path("young"));
    assert_eq!(desk.run("diagnose young").code, 0);
    assert!(codes(&desk.report("young --expect app=1s")).contains(&"DUP300"));
    assert!(codes(&desk.report("young --expect DUP300=1s")).contains(&"DUP300"));
}

#[test]
fn own_signatures_work_and_wrong_ones_are_named_with_their_line() {
    const OWN: &str = r#"
code = "OPS-1"
name = "checked-very-often"
severity = "warning"
[[when]]
confidence = "certain"
event = "follower_app_check_failed"
times = 50
[en]
title = "the follower table of {app_name} was asked for {times} times"
what = "what"
why = "why"
[zh]
title = "title"
what = "what"
why = "why"
"#;
    let desk = Desk::new();
    desk.write("own/OPS-1-checked-very-often.toml", OWN);
    let report = desk.report("logs --signatures own");
    let own = report["findings"].as_array().unwrap().iter().find(|f| f["code"] == "OPS-1").unwrap();
    assert_eq!(own["title"], "the follower table of test_orders was asked for 85 times");
    assert!(desk.run("explain OPS-1 --signatures own").out.contains("checked-very-often"));
    desk.write("own/bad.toml", OWN.replace("OPS-1", "OPS-2").replace("follower_app_check_failed", "no_such_event"));
    desk.write("own/worse.toml", "code = \"OPS-3");
    let told = desk.run("diagnose logs --signatures own");
    assert_eq!(told.code, 2);
    for word in ["own/bad.toml:7: unknown event \"no_such_event\"", "own/worse.toml:1: "] {
        assert!(told.err.contains(word), "{word} is missing in {}", told.err);
    }
    assert!(told.out.contains("OPS-1") && told.out.contains("DUP301"), "the others work");
    let told = desk.run("diagnose logs --signatures nowhere");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("--signatures nowhere: no such directory") && told.out.contains("DUP301"), "{}", told.err);
    std::fs::create_dir(desk.path("none")).unwrap();
    assert!(desk.run("diagnose logs --signatures none").err.contains("--signatures none: no signature file"));
}

#[test]
fn redact_leaves_no_name() {
    let desk = Desk::new();
    for format in ["text", "json", "ndjson"] {
        let told = desk.run(&format!("diagnose --redact --all --format {format} logs"));
        assert_eq!(told.code, 1);
        for name in ["test_orders", "orders_copy", "target_cluster", "hz_main", "hz-main", "10.12.3."] {
            assert!(!told.out.contains(name), "{format}: {name} is still there");
        }
        assert!(told.out.contains("table-1") && told.out.contains("1716603063"), "{format}");
    }
    desk.run("diagnose --redact logs --output r.json --output r.txt");
    for file in ["r.json", "r.txt"] {
        assert!(!std::fs::read_to_string(desk.path(file)).unwrap().contains("test_orders"), "{file}");
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let desk = Desk::new();
    copy(&fixture("multi-healthy-full-copy-v2.5"), &desk.path("logs/more"));
    let without_time = |threads: u8| {
        let mut report = desk.report(&format!("--threads {threads} logs"));
        report["generated_at"] = Value::Null;
        report.to_string()
    };
    let one = without_time(1);
    assert!(one == without_time(2) && one == without_time(8));
    let text = |threads: u8| desk.run(&format!("diagnose --threads {threads} logs")).out;
    assert_eq!(text(1), text(8));
    let events = |threads: u8| desk.run(&format!("events --threads {threads} logs")).out;
    assert_eq!(events(1), events(8));
}

#[test]
fn colour_and_zone_and_language_are_the_users() {
    let desk = Desk::new();
    let coloured = |line: &str| desk.run(line).out.contains("\x1b[");
    assert!(!coloured("diagnose logs") && !coloured("diagnose logs --color never"));
    for command in ["diagnose logs", "timeline logs", "demo", "explain DUP301"] {
        assert!(coloured(&format!("{command} --color always")), "{command}");
    }
    let plain = outcome(desk.command(&["diagnose", "logs"]).env("NO_COLOR", "1"));
    assert!(!plain.out.contains('\x1b'));
    for (zone, clock) in [("log", "10:16 +08:00"), ("utc", "02:16"), ("-03:30", "22:46"), ("+09:00", "11:16 +09:00")] {
        let told = desk.run(&format!("diagnose logs --tz={zone}"));
        assert!(told.out.contains(clock), "{zone}: {}", told.out);
    }
    assert!(desk.run("timeline logs").out.contains("10:11:44.733"), "the servers' own zone");
    assert!(desk.run("timeline logs --tz utc").out.contains("02:11:44.733"));
    assert!(outcome(desk.command(&["diagnose", "logs", "--tz", "local"]).env("TZ", "America/Lima")).code == 1);
    for line in ["diagnose logs --lang zh", "timeline logs --lang zh", "demo --lang zh", "explain DUP301 --lang zh", "explain --lang zh"] {
        let told = desk.run(line);
        assert!(told.out.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)), "{line}");
    }
    let locale = outcome(desk.command(&["demo"]).env("LANG", "zh_CN.UTF-8"));
    assert_eq!(locale.out, desk.run("demo --lang zh").out);
    let narrow = outcome(desk.command(&["diagnose", "logs"]).env("COLUMNS", "60"));
    assert!(narrow.out.lines().filter(|l| !l.contains("logs/")).all(|l| l.chars().count() <= 60), "{}", narrow.out);
}

#[test]
fn events_are_lines_of_json_in_order() {
    let desk = Desk::new();
    let told = desk.run("events logs");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let mut last = 0;
    let mut status_changes = 0;
    for line in told.out.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        for key in ["at", "at_ns", "path", "line", "offset", "level", "role", "event", "app_id", "dup_id", "app_name", "remote_cluster"] {
            assert!(event.get(key).is_some(), "{key} is missing in {line}");
        }
        let at = event["at_ns"].as_i64().unwrap();
        assert!(at >= last, "{line}");
        last = at;
        if event["event"] == "dup_status_changed" {
            status_changes += 1;
            assert_eq!((event["app_id"].as_i64(), event["dup_id"].as_i64()), (Some(5), Some(1_716_603_063)));
            assert!(event["from_status"].is_string() && event["to_status"].is_string());
        }
    }
    assert!(status_changes >= 2);
}

#[test]
fn timeline_shows_states_and_what_lies_between() {
    let desk = Desk::new();
    let told = desk.run("timeline logs");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    for word in ["test_orders", "a5d1716603063", "DS_INIT → DS_PREPARE", "DS_PREPARE → DS_APP", "×85"] {
        assert!(told.out.contains(word), "{word} is missing in\n{}", told.out);
    }
    let json: Value = serde_json::from_str(&desk.run("timeline logs --format json").out).unwrap();
    assert_eq!(json[0]["duplication"]["app_name"], "test_orders");
}

#[test]
fn explain_lists_and_explains_everything() {
    let desk = Desk::new();
    let list = desk.run("explain");
    assert_eq!((list.code, list.err.as_str()), (0, ""));
    let codes: Vec<&str> = list.out.split_whitespace().filter(|w| w.len() == 6 && w.starts_with("DUP")).collect();
    assert!(codes.len() > 80, "{}", codes.len());
    for code in codes {
        let told = desk.run(&format!("explain {code}"));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{code}");
        assert!(told.out.starts_with(code), "{code}");
    }
    assert_eq!(desk.run("explain follower-queried-by-source-name").out, desk.run("explain dup301").out);
}

#[test]
fn clusters_can_be_told() {
    let desk = Desk::new();
    for line in [
        "diagnose --source logs",
        "timeline --source logs",
        "diagnose --source logs/ --target missing",
        "diagnose logs --source logs/hz_main",
    ] {
        let told = desk.run(line);
        assert_eq!(told.code, i32::from(line.starts_with("diagnose")) + i32::from(line.contains("missing")), "{line}: {}", told.err);
        assert!(told.out.contains("test_orders"), "{line}: {}", told.out);
    }
    assert_eq!(desk.report("logs --source logs")["inputs"].as_array().unwrap().len(), 1, "read once");
    for (line, word) in [("diagnose --source logs --target logs", "both --source and --target"), ("timeline --target -", "standard input")]
    {
        let told = desk.run(line);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{line}");
        assert!(told.err.contains(word), "{line}: {}", told.err);
    }
}

#[test]
fn demo_needs_nothing_and_shows_what_diagnose_would() {
    let desk = Desk::new();
    let text = desk.run("demo");
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    let cut = |out: &str| out.replace("logs/", "").split_whitespace().collect::<String>();
    assert_eq!(cut(&text.out), cut(&desk.run("diagnose logs").out));
    let report: Value = serde_json::from_str(&desk.run("demo --format json").out).unwrap();
    assert_eq!(codes(&report), ["DUP301"]);
    assert_eq!(desk.run("demo --format ndjson").out.lines().count(), 1);
}

#[test]
fn completions_and_man_are_what_their_readers_take() {
    let desk = Desk::new();
    for (shell, sign) in [("bash", "complete -F _dupdoctor"), ("zsh", "#compdef dupdoctor"), ("fish", "complete -c dupdoctor")] {
        let told = desk.run(&format!("completions {shell}"));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{shell}");
        assert!(told.out.contains(sign) && told.out.contains("diagnose") && told.out.contains("fail-on"), "{shell}");
        // Where the shell is there, it must accept the script.
        let Ok(mut reader) = Command::new(shell).arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn() else { continue };
        reader.stdin.take().unwrap().write_all(told.out.as_bytes()).unwrap();
        let output = reader.wait_with_output().unwrap();
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let page = desk.run("man");
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    for word in [".TH dupdoctor 1", "dupdoctor\\-diagnose", "fail\\-on", "Exit codes"] {
        assert!(page.out.contains(word), "{word} is missing");
    }
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let desk = Desk::new();
    copy(&fixture("multi-healthy-full-copy-v2.5"), &desk.path("well"));
    // Much more than a pipe holds, so that the writer notices.
    for line in ["events well", "diagnose --format json well", "timeline --format json well"] {
        let mut child = desk.command(&words(line)).spawn().unwrap();
        let mut first = [0; 64];
        let mut out = child.stdout.take().unwrap();
        if line.starts_with("events") {
            out.read_exact(&mut first).unwrap();
        }
        drop(out);
        let told = told(&child.wait_with_output().unwrap());
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{line}");
    }
}
