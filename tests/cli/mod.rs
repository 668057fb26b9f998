//! The program as its users meet it: every command and option, on sound and on wrong input.

mod inputs;
mod mcp;
mod options;
mod outputs;

use crate::support::{self, STUCK, copy, logs, program};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The log of [`STUCK`] on a [`Desk`].
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
        copy(&logs(STUCK), &desk.path("logs"));
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
        let mut command = program(args);
        command.current_dir(self.0.path());
        command
    }

    fn run(&self, line: &str) -> Outcome {
        outcome(&mut self.command(&words(line)))
    }

    fn pipe(&self, line: &str, bytes: &[u8]) -> Outcome {
        told(support::fed(&mut self.command(&words(line)), bytes))
    }

    fn report(&self, line: &str) -> Value {
        let told = self.run(&format!("diagnose --format json {line}"));
        serde_json::from_str(&told.out).unwrap_or_else(|e| panic!("{line}: {e}: {}", told.err))
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
    told(support::outcome(command))
}

fn told((code, out, err): support::Outcome) -> Outcome {
    Outcome { code, out, err }
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
    copy(&logs(HEALTHY), &desk.path("well"));
    let told = desk.run("diagnose well");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains("1 healthy"), "{}", told.out);
    assert_eq!(desk.report("well")["duplications"][0]["verdict"], "healthy");
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
fn completions_are_what_shells_take() {
    let desk = Desk::new();
    for (shell, sign) in [("bash", "-F _clap_complete_dupdoctor"), ("zsh", "#compdef dupdoctor"), ("fish", "--command dupdoctor")] {
        let told = desk.run(&format!("completions {shell}"));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{shell}");
        assert!(told.out.contains(sign) && told.out.contains("DUPDOCTOR_COMPLETE"), "{shell}");
        // Where the shell is there, it must accept the script.
        let Ok(mut reader) = Command::new(shell).arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn() else { continue };
        reader.stdin.take().unwrap().write_all(told.out.as_bytes()).unwrap();
        let output = reader.wait_with_output().unwrap();
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
