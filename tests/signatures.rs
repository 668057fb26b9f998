//! Signatures of one's own, and what `explain` makes of signatures and of single lines.

use crate::support::{Outcome, STUCK, STUCK_LOG, fed, logs, program, root};
use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../docs/signatures.md");

/// A folder `own/` with the signature of the documentation.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        desk.write("own/OPS-7-follower-asked-often.toml", &example());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Outcome {
        self.pipe(args, b"")
    }

    fn pipe(&self, args: &[&str], bytes: &[u8]) -> Outcome {
        fed(program(args).current_dir(self.0.path()), bytes)
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.run(args).1).unwrap()
    }
}

/// The complete signature of the documentation.
fn example() -> String {
    let start = DOCUMENT.find("# OPS-7-follower-asked-often.toml").unwrap();
    DOCUMENT[start..start + DOCUMENT[start..].find("```").unwrap()].to_owned()
}

fn log() -> String {
    std::fs::read_to_string(logs(STUCK).join(STUCK_LOG)).unwrap()
}

fn check_failed() -> String {
    log().lines().find(|l| l.contains("query_err = ERR_OBJECT_NOT_FOUND")).unwrap().to_owned()
}

#[test]
fn list_and_show_tell_where_each_comes_from() {
    let desk = Desk::new();
    let (code, out, err) = desk.run(&["signatures", "list", "--signatures", "own"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for word in ["DUP301", "built in", "source meta", "own/OPS-7-follower-asked-often.toml"] {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert_eq!(desk.run(&["signatures", "show", "ops-7", "--signatures", "own"]).1, example());
    let built_in = std::fs::read_to_string(root().join("src/signature/catalogue/DUP302-follower-table-missing.toml"));
    assert_eq!(desk.run(&["signatures", "show", "follower-table-missing"]).1, built_in.unwrap());
    let (code, out, err) = desk.run(&["signatures", "show", "DUP3O2"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("DUP302"), "{err}");
}

#[test]
fn check_says_what_is_wrong_and_what_is_replaced() {
    let desk = Desk::new();
    let (code, out, err) = desk.run(&["signatures", "check", "own"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("ok OPS-7 "), "{out}");
    desk.write(
        "own/DUP302-follower-table-missing.toml",
        &example().replace("\"OPS-7\"", "\"DUP302\"").replace("follower-asked-often", "follower-table-missing"),
    );
    desk.write("own/bad.toml", &example().replace("OPS-7", "OPS-8").replace("follower_app_created", "no_such_event"));
    desk.write("own/worse.toml", "code = \"OPS-3\"\n[[when]\n");
    let (code, out, err) = desk.run(&["signatures", "check", "own"]);
    assert_eq!(code, 2);
    assert!(out.contains("instead of the built-in DUP302") && out.contains("OPS-7"), "{out}");
    assert!(err.contains("own/bad.toml:20: unknown event \"no_such_event\"") && err.contains("own/worse.toml:2: "), "{err}");
    std::fs::create_dir(desk.path("empty")).unwrap();
    for folder in ["empty", "missing", "own/bad.toml"] {
        let (code, out, err) = desk.run(&["signatures", "check", folder]);
        assert_eq!((code, out.as_str()), (2, ""), "{folder}");
        assert!(err.contains(folder), "{err}");
    }
}

#[test]
fn samples_beside_signatures_are_tried() {
    let desk = Desk::new();
    let test = |lang: &str| desk.run(&["signatures", "test", "own", "--lang", lang]);
    assert_eq!(test("en").0, 2, "nothing to test");
    desk.write("own/OPS-7-asked.log", &log());
    desk.write("own/OPS-7-two-servers/meta1/meta.log", &log());
    desk.write("own/notes/meta.log", "not a sample");
    let (code, out, err) = test("en");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(out, "passed OPS-7-asked.log: OPS-7 warning, likely\npassed OPS-7-two-servers: OPS-7 warning, likely\n2 passed, 0 failed\n");
    assert!(test("zh").1.ends_with("2 个通过，0 个失败\n"));
    desk.write("own/OPS-7-short.log", &log().lines().take(40).fold(String::new(), |all, l| all + l + "\n"));
    desk.write("own/OPS-7-wrong.log", "nothing\n");
    desk.write("own/OPS-9.log", &log());
    let (code, out, _) = test("en");
    assert_eq!(code, 1);
    for word in [
        "failed OPS-7-short.log: OPS-7 is not found",
        "failed OPS-7-wrong.log: nothing here looks like",
        "failed OPS-9.log: no signature",
        "2 passed, 3 failed",
    ] {
        assert!(out.contains(word), "{word}: {out}");
    }
}

#[test]
fn explain_speaks_markdown_and_json() {
    let desk = Desk::new();
    let (code, page, _) = desk.run(&["explain", "DUP302", "--format", "markdown"]);
    assert_eq!(code, 0);
    assert!(
        page.starts_with("# DUP302: ")
            && page.contains("ERR_OBJECT_NOT_FOUND, update_err")
            && page.contains("target shell:\n\n```text\nls -d"),
        "{page}"
    );
    assert!(desk.run(&["explain", "--format", "markdown", "--lang", "zh"]).1.contains("| DUP302 | 严重 |"));
    let one = desk.json(&["explain", "OPS-7", "--signatures", "own", "--format", "json"]);
    assert_eq!((&one["when"][0]["lasts"]["at_least"], &one["fixed_by"]["pull_request"]), (&"3m".into(), &2026.into()));
    assert!(one["zh"]["title"].as_str().unwrap().contains("目标表") && one["file"].as_str().unwrap().starts_with("own"));
    let all = desk.json(&["explain", "--format", "json"]);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(all.as_array().unwrap().len() > 80 && all.as_array().unwrap().iter().all(|s| keys(s) == keys(&one)));
}

#[test]
fn a_pasted_line_is_explained() {
    let desk = Desk::new();
    let line = check_failed();
    let (code, out, err) = desk.run(&["explain", "--line", &line]);
    assert_eq!((code, err.as_str()), (0, ""));
    for word in ["follower_app_check_failed", "query_err = ERR_OBJECT_NOT_FOUND", "DUP301", "a meta server", "T02:11:"] {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert!(desk.run(&["explain", "--line", &line, "--lang", "zh"]).1.contains("元数据服务器"));
    assert_eq!(desk.pipe(&["explain", "--line", "-"], format!("{line}\r\n").as_bytes()).1, out);
    let docker = serde_json::json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2024-05-25T02:11:48Z"}).to_string();
    let wrapped = desk.json(&["explain", "--format", "json", "--line", &docker]);
    assert_eq!((&wrapped["reading"], &wrapped["event"]), (&"known".into(), &"follower_app_check_failed".into()));
    assert_eq!(wrapped["findings"][0]["code"], "DUP301");
    // Fields decide: another error is another finding.
    let other = desk.json(&["explain", "--format", "json", "--line", &line.replace("ERR_OBJECT_NOT_FOUND", "ERR_TIMEOUT")]);
    assert!(other["findings"].as_array().unwrap().iter().all(|f| f["code"] != "DUP302" || f["as"] != "proof"), "{other}");
    let own = desk.run(&["explain", "--line", &line, "--signatures", "own"]);
    assert!(own.1.contains("OPS-7"), "{}", own.1);
}

#[test]
fn what_a_line_is_not_is_said() {
    let desk = Desk::new();
    let reading = |line: &str| desk.json(&["explain", "--format", "json", "--line", line])["reading"].clone();
    assert_eq!(reading("[a1d2] change duplication status from DS_APP into DS_LOG at last"), "drift");
    assert_eq!(reading("hello"), "nothing");
    let (_, out, _) =
        desk.run(&["explain", "--line", "W2024-05-24 17:22:18.004 (1716542538004000000 121543) replica.default0.0102: \u{1b}[31mhello"]);
    assert!(out.contains("a replica server") && out.contains("W = warning") && !out.contains('\u{1b}'), "{out}");
    for wrong in [&["explain", "--line", " "][..], &["explain", "DUP301", "--line", "a"], &["explain", "--format", "yaml"]] {
        let (code, out, err) = desk.run(wrong);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}");
        assert!(!err.is_empty());
    }
}

/// The documentation's signature on raw lines.
fn raw_example() -> String {
    let start = DOCUMENT.find("# OPS-9-proxy-lost-the-table.toml").unwrap();
    DOCUMENT[start..start + DOCUMENT[start..].find("```").unwrap()].to_owned()
}

const SHIPPING: &str = "\
I2024-05-24 17:21:57.9 (1716542517009123456 12)   meta.meta_state0.0102000500000411: x.cpp:9:f(): [a3d1716542517] add duplication successfully [app_name: cart.v2, follower: B]
I2024-05-24 17:21:57.10 (1716542517010123456 12)   meta.meta_state0.0102000500000411: x.cpp:9:f(): [a3d1716542517] change duplication status from DS_INIT to DS_LOG successfully [app_id: 3]
W2024-05-24 17:23:57.10 (1716542637010123456 12)   meta.default0.0102000500000411: proxy: table cart.v2 has no route to 10.1.1.1:34801
W2024-05-24 17:26:57.10 (1716542817010123456 12)   meta.default0.0102000500000411: proxy: table cart.v2 has no route to 10.1.1.2:34801
";

#[test]
fn raw_lines_prove_what_no_event_does() {
    let desk = Desk::new();
    desk.write("raw/OPS-9-proxy-lost-the-table.toml", &raw_example());
    desk.write("raw/OPS-9-two-lines.log", SHIPPING);
    let (code, out, err) = desk.run(&["signatures", "test", "raw"]);
    assert_eq!((code, err.as_str(), out.as_str()), (0, "", "passed OPS-9-two-lines.log: OPS-9 error, likely\n1 passed, 0 failed\n"));
    let report = desk.json(&["diagnose", "raw/OPS-9-two-lines.log", "--signatures", "raw", "--format", "json"]);
    let finding = &report["findings"][0];
    assert_eq!((&finding["code"], &finding["occurrences"], &finding["active"]), (&"OPS-9".into(), &2.into(), &true.into()));
    assert_eq!(finding["duplication"]["app_name"], "cart.v2");
    assert!(finding["explanation"].as_str().unwrap().contains("2 times, last of 10.1.1.2:34801"), "{finding}");
}

#[test]
fn a_built_in_threshold_and_severity_can_be_replaced() {
    let desk = Desk::new();
    let (_, built_in, _) = desk.run(&["signatures", "show", "DUP302"]);
    let mine = built_in.replace("severity = \"critical\"", "severity = \"warning\"").replace("times = 3", "times = 100000");
    desk.write("mine/DUP302-follower-table-missing.toml", &mine);
    desk.write("again/DUP302-follower-table-missing.toml", &built_in.replace("severity = \"critical\"", "severity = \"warning\""));
    let folder = logs("DUP302-v2.4-table-dropped");
    let folder = folder.to_str().unwrap();
    let severity = |own: Option<&str>| {
        let more = own.map_or(vec![], |f| vec!["--signatures", f]);
        let report = desk.json(&[&["diagnose", folder, "--format", "json"][..], &more].concat());
        let found = report["findings"].as_array().unwrap().iter().find(|f| f["code"] == "DUP302").cloned();
        found.map(|f| f["severity"].as_str().unwrap().to_owned())
    };
    assert_eq!(severity(None).as_deref(), Some("critical"));
    assert_eq!(severity(Some("again")).as_deref(), Some("warning"));
    assert_eq!(severity(Some("mine")), None);
}

#[test]
fn what_follows_too_late_proves_nothing() {
    let desk = Desk::new();
    let within = |limit: &str| {
        let head = "code = \"OPS-4\"\nname = \"soon\"\nseverity = \"info\"\n[[when]]\nconfidence = \"likely\"\n";
        let when = format!("text = \"no route\"\nscope = 1\n[[when.before]]\nevent = \"dup_status_changed\"\nwithin = \"{limit}\"\n");
        let texts = "[en]\ntitle = \"t\"\nwhat = \"w\"\nwhy = \"w\"\n[zh]\ntitle = \"t\"\nwhat = \"w\"\nwhy = \"w\"\n";
        desk.write(
            "soon/OPS-4-soon.toml",
            &(head.replace("[[when]]", "scope = \"server\"\n[[when]]") + &when.replace("scope = 1\n", "") + texts),
        );
        desk.write("log", SHIPPING);
        let report = desk.json(&["diagnose", "log", "--signatures", "soon", "--format", "json"]);
        report["findings"].as_array().unwrap().iter().find(|f| f["code"] == "OPS-4").map(|f| f["occurrences"].clone())
    };
    assert_eq!(within("1m"), None);
    // Two minutes after the change comes the first line, five minutes after it the second.
    assert_eq!((within("2m"), within("10m")), (Some(1.into()), Some(2.into())));
}

/// One mistake a file: its name, the line, a word of the complaint.
const MISTAKES: &[(&str, &str, u32, &str)] = &[
    ("severity = \"warning\"", "severity = \"grave\"", 4, "grave"),
    ("times = 50 ", "time = 50 ", 13, "time"),
    ("times = 50 ", "times = \"many\" ", 13, "string"),
    ("at_least = \"3m\"", "at_least = \"3 parsecs\"", 14, "3 parsecs"),
    ("status = [\"DS_APP\"]", "status = [\"DS_APPS\"]", 5, "DS_APPS"),
    ("event = \"follower_app_check_failed\"", "event = \"follower_check\"", 11, "follower_check"),
    ("query_err = [", "query_error = [", 12, "query_error"),
    ("checks = \">= 50\"", "chekcs = \">= 50\"", 15, "chekcs"),
    ("{times} times", "{time} times", 0, "{time}"),
    ("confidence = \"likely\"", "confidence = \"sure\"", 10, "sure"),
    ("code = \"OPS-7\"", "code = \"ops 7\"", 2, "ops 7"),
    ("[zh]", "[cn]", 0, "cn"),
    ("event = \"follower_app_check_failed\"", "text = \"query (follower\"", 11, "regular expression"),
    ("event = \"follower_app_check_failed\"", "text = \"query (?P<table>x)\"", 11, "table"),
    ("event = \"follower_app_created\"", "event = \"follower_app_created\"\nwithin = \"3m\"", 21, "within"),
    ("times = 50 ", "each = \"gpid\" ", 13, "gpid"),
    ("event = \"dup_status_changed\"", "event = \"dup_status_changed\"\nafter = true", 18, "after"),
];

#[test]
fn each_mistake_is_named_with_its_line_and_the_others_work() {
    for (right, wrong, line, word) in MISTAKES {
        let desk = Desk::new();
        assert!(example().contains(right), "{right}");
        desk.write("own/bad.toml", &example().replacen(right, wrong, 1).replace("\"OPS-7\"", "\"OPS-8\""));
        let (code, out, err) = desk.run(&["signatures", "check", "own"]);
        assert_eq!(code, 2, "{wrong}: {out}");
        assert!(out.starts_with("ok OPS-7 "), "{wrong}: {out}");
        let place = if *line == 0 { "own/bad.toml:".to_owned() } else { format!("own/bad.toml:{line}: ") };
        assert!(err.contains(&place) && err.contains(word), "{wrong}: {err}");
        desk.write("log", &log());
        let (_, text, _) = desk.run(&["diagnose", "log", "--signatures", "own"]);
        assert!(text.contains("OPS-7"), "{wrong}: {text}");
    }
}

#[test]
fn every_commit_is_known_and_of_which_repository() {
    let known: std::collections::BTreeMap<&str, &str> =
        include_str!("commits.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect();
    let hash = regex::Regex::new(r"\b[0-9a-f]{9}\b").unwrap();
    let mut named = 0;
    for signature in dupdoctor::Catalogue::built_in().iter() {
        let (_, text) = dupdoctor::Catalogue::built_in_file(&signature.code).unwrap();
        for found in hash.find_iter(text).map(|found| found.as_str()).filter(|found| found.bytes().any(|b| b.is_ascii_alphabetic())) {
            assert!(known.contains_key(found), "{}: nobody knows {found}", signature.code);
            named += 1;
        }
        let Some(fixed) = &signature.fixed_by else { continue };
        let Some(commit) = &fixed.commit else { continue };
        let repository = known[commit.as_str()];
        let moved = signature.references.iter().any(|r| r.contains("XiaoMi/rdsn/pull"));
        // Of what came from there people look for the commit in both.
        let expected = (repository != "apache/incubator-pegasus" || moved).then_some(repository);
        assert_eq!(fixed.repository.as_deref(), expected, "{}", signature.code);
    }
    assert!(named > 40, "{named}");
}
