//! `dupdoctor fix`: runbooks filled in, by release and tool, and what it says to wrong input.

use crate::support::{Outcome, outcome, program, root};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const LOGS: &str = "fixtures/DUP301-dev-asked-for-source-name/logs";

fn run(args: &[&str]) -> Outcome {
    outcome(program(args).env("COLUMNS", "100").current_dir(root()))
}

fn json(args: &[&str]) -> Value {
    let (code, out, err) = run(args);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// `check`, `change!` (dangerous), … of each step.
fn kinds(book: &Value) -> Vec<String> {
    let kind = |s: &Value| format!("{}{}", s["kind"].as_str().unwrap(), if s["dangerous"] == true { "!" } else { "" });
    book["steps"].as_array().unwrap().iter().map(kind).collect()
}

fn commands(book: &Value) -> Vec<String> {
    let steps = book["steps"].as_array().unwrap().iter();
    steps.flat_map(|s| s["commands"].as_array().unwrap()).map(|c| c["run"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_commands_are_filled_in_from_logs() {
    let book = json(&["fix", "DUP301", LOGS, "--release", "master", "--format", "json"]);
    assert_eq!(book["duplication"]["app_name"], "test_orders");
    assert_eq!(book["found"], true);
    let order = [
        "check", "check", "check", "change!", "verify", "undo", "check", "change!", "verify", "undo", "check", "check", "change!",
        "verify", "undo",
    ];
    assert_eq!(kinds(&book), order);
    let typed = commands(&book);
    for wanted in
        ["app orders_copy -d", "dups -u", "start_dup test_orders 1716603063", "drop orders_copy", "add_dup test_orders target_cluster -s"]
    {
        assert!(typed.iter().any(|t| t == wanted), "{wanted} in {typed:?}");
    }
    assert!(!typed.iter().any(|t| t.contains("<app_name>") || t.contains("<remote")), "{typed:?}");
    let (_, text, _) = run(&["fix", "DUP301", LOGS, "--release", "master"]);
    assert!(text.contains("  4 Change  Upgrade the source's meta servers") && text.contains("DANGER: The meta leader restarts."), "{text}");
    assert!(text.ends_with(" dupdoctor runs none of this.\n"), "{text}");
}

#[test]
fn a_report_fills_in_as_logs_do() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("report.json");
    std::fs::write(&file, run(&["diagnose", LOGS, "--format", "json"]).1).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(run(&["fix", "DUP301", "--report", file]).1, run(&["fix", "DUP301", LOGS]).1);
    let (code, out, err) = run(&["fix", "DUP301", "--report", file, "--dup", "a5d1"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("the report has no duplication a5d1; it has test_orders a5d1716603063"), "{err}");
    let other = json(&["fix", "DUP404", "--report", file, "--dup", "5.1716603063", "--format", "json"]);
    assert_eq!(other["found"], false);
    assert!(commands(&other).contains(&"remove_dup test_orders 1716603063".to_owned()));
}

#[test]
fn a_report_carries_runbooks_when_it_is_asked_to() {
    let report: Value = serde_json::from_str(&run(&["diagnose", LOGS, "--format", "json", "--runbook=master"]).1).unwrap();
    let of_report = &report["findings"][0]["runbook"];
    assert_eq!(of_report, &json(&["fix", "DUP301", LOGS, "--release", "master", "--format", "json"])["steps"]);
    let plain: Value = serde_json::from_str(&run(&["diagnose", LOGS, "--format", "json"]).1).unwrap();
    assert_eq!(plain["findings"][0].get("runbook"), Some(&Value::Null));
    let (_, text, _) = run(&["diagnose", LOGS, "--runbook", "--redact"]);
    assert!(text.contains(" 4 Change  Upgrade") && !text.contains("test_orders"), "{text}");
}

#[test]
fn releases_have_their_own_commands() {
    let of = |release: &str| commands(&json(&["fix", "DUP201", "--dup", "a5d17", "--release", release, "--format", "json"]));
    let (old, new, master) = (of("2.4"), of("v2.5.0"), of("master"));
    let has = |all: &[String], begin: &str| all.iter().any(|c| c.starts_with(begin));
    assert!(!has(&old, "rename") && has(&old, "drop <remote_app_name>"), "{old:?}");
    assert!(has(&new, "rename <remote_app_name>") && !has(&new, "dups") && has(&new, "query_dup <table> -d"), "{new:?}");
    assert!(has(&master, "dups -u"), "{master:?}");
    assert!(master.contains(&"add_dup <app_name> <remote_cluster> -s [-a <remote_app_name>] [-r <remote_replica_count>]".to_owned()));
    assert!(new.contains(&"add_dup <app_name> <remote_cluster> -s".to_owned()) && new.contains(&"remove_dup <app_name> 17".to_owned()));
}

#[test]
fn with_a_change_goes_what_belongs_to_it() {
    let of = |release: &str| json(&["fix", "DUP106", "--release", release, "--format", "json"]);
    let old = ["check", "change", "verify", "undo", "check", "change!", "verify", "undo!", "note"];
    assert_eq!(kinds(&of("2.4")), old);
    assert!(!commands(&of("2.4")).iter().any(|c| c.starts_with("rename")));
    assert_eq!(kinds(&of("2.5")).len(), old.len() + 3);
    assert!(of("2.5")["steps"].as_array().unwrap().iter().all(|s| s["releases"] == serde_json::json!([])));
}

#[test]
fn tools_have_their_own_commands() {
    let of = |tool: &str| commands(&json(&["fix", "DUP407", "--release", "2.5", "--client", tool, "--format", "json"]));
    assert!(of("admin-cli").contains(&"dup add -c <remote_cluster> -p".to_owned()));
    assert!(of("http").iter().any(|c| c.contains(":34602/meta/app/duplication?name=<app_name>")));
}

#[test]
fn every_code_has_a_page_in_every_form() {
    let list: Value = serde_json::from_str(&run(&["explain", "--format", "json"]).1).unwrap();
    let codes: Vec<&str> = list.as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap()).collect();
    assert!(codes.len() > 100);
    // All of them are tried in the library; here the program is, on some.
    for code in codes.iter().step_by(17) {
        let (_, markdown, _) = run(&["fix", code, "--format", "markdown", "--lang", "zh"]);
        assert!(markdown.starts_with(&format!("# {code}：")) && markdown.matches("```").count() % 2 == 0, "{markdown}");
        assert!(markdown.contains("**1. 检查**"), "{markdown}");
        let (code, text, _) = run(&["fix", code, "--lang", "zh"]);
        assert!(code == 0 && text.contains("检查"), "{text}");
    }
}

#[test]
fn wrong_input_is_told() {
    for (args, word) in [
        (vec!["fix", "DUP31"], "perhaps DUP301"),
        (vec!["fix", "DUP301", "--dup", "orders"], "is not a duplication; write a5d1716542517"),
        (vec!["fix", "DUP301", "--release", "3"], "use 2.3 (for v2.0 to v2.3), 2.4, 2.5 or master"),
        (vec!["fix", "DUP301", "--report", "no/such.json"], "cannot read --report no/such.json"),
        (vec!["fix", "DUP301", "--report", "Cargo.toml"], "--report Cargo.toml: line 1: not a dupdoctor report"),
        (vec!["fix", "DUP301", "no/such/logs"], "no/such/logs"),
        (vec!["fix", "DUP301", "README.md"], "no input looked like a Pegasus log"),
    ] {
        let (code, out, err) = run(&args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(word), "{args:?}: {err}");
    }
}

/// A signature file with these steps, checked.
fn checked(steps: &str) -> (i32, String, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("OPS-1-x.toml");
    let head = "code = \"OPS-1\"\nname = \"x\"\nseverity = \"info\"\nscope = \"none\"\n[en]\ntitle = \"a\"\nwhat = \"a\"\nwhy = \"a\"\n[zh]\ntitle = \"a\"\nwhat = \"a\"\nwhy = \"a\"\n";
    std::fs::write(&file, format!("{head}{steps}")).unwrap();
    let (code, _, err) = run(&["signatures", "check", folder.path().to_str().unwrap()]);
    (code, err, Path::new("OPS-1-x.toml").to_owned())
}

#[test]
fn a_wrong_runbook_is_refused_with_its_line() {
    let text = "en = \"a\"\nzh = \"a\"\n";
    for (steps, line, word) in [
        (format!("[[fix]]\nkind = \"chek\"\n{text}"), 14, "unknown variant `chek`"),
        (format!("[[fix]]\nkind = \"check\"\n{text}[[fix]]\n{text}"), 17, "has no kind"),
        (format!("[[fix]]\nkind = \"change\"\ndanger = true\n{text}"), 15, "a dangerous change needs a check right before it"),
        (format!("[[fix]]\nkind = \"check\"\ndanger = true\n{text}"), 15, "can be dangerous"),
        (
            format!("[[fix]]\nkind = \"check\"\n{text}[[fix]]\nkind = \"change\"\ndanger = \"no-such\"\n{text}"),
            19,
            "no shared danger \"no-such\"",
        ),
        (
            format!("[[fix]]\nkind = \"check\"\n{text}[[fix]]\nkind = \"change\"\ndanger = 5\n{text}"),
            19,
            "danger is true, the name of a shared danger, or",
        ),
        ("[[fix]]\nstep = \"check-nothing\"\n".to_owned(), 14, "no shared step \"check-nothing\"; there are check-backlog"),
        (format!("[[fix]]\nstep = \"check-status\"\n{text}"), 14, "has no other keys"),
        ("[[fix]]\nkind = \"check\"\nen = \"a\"\n".to_owned(), 15, "both languages"),
        (format!("[[fix]]\nkind = \"check\"\nrelease = [\"2.7\"]\n{text}"), 15, "unknown variant `2.7`"),
    ] {
        let (code, err, file) = checked(&steps);
        assert_eq!(code, 2, "{steps}\n{err}");
        assert!(err.contains(&format!("{}:{line}: ", file.display())) && err.contains(word), "{steps}\n{err}");
    }
}

#[test]
fn what_a_runbook_lacks_is_pointed_out() {
    let text = "en = \"a\"\nzh = \"a\"\n";
    let (code, err, _) =
        checked(&format!("[[fix]]\nkind = \"change\"\n{text}commands = [{{ at = \"source-shell\", run = \"ls_dups\" }}]\n"));
    assert_eq!(code, 0, "{err}");
    for word in
        ["a change without a check before it", "without a verification after it", "without an undo", "the shell has no command \"ls_dups\""]
    {
        assert!(err.contains(word), "{err}");
    }
    let (code, err, _) = checked(&format!("[[fix]]\n{text}"));
    assert_eq!((code, err.as_str()), (0, ""), "files without kinds are as good as before");
}
