//! What options change, and what is said when they are wrong.

use super::{Desk, HEALTHY, LOG, codes, outcome};
use crate::support::{copy, logs};
use serde_json::Value;

#[test]
fn fail_on_decides_about_the_exit_code() {
    let desk = Desk::new();
    for (level, code) in [("info", 1), ("warning", 1), ("error", 1), ("critical", 1), ("never", 0)] {
        assert_eq!(desk.run(&format!("diagnose --fail-on {level} logs")).code, code, "{level}");
    }
    copy(&logs(HEALTHY), &desk.path("well"));
    assert_eq!(desk.run("diagnose --fail-on warning well").code, 0);
}

#[test]
fn wrong_usage_is_named_and_says_what_would_be_right() {
    let desk = Desk::new();
    desk.write("no-report.json", "{}");
    for (line, words) in [
        ("diagnos logs", vec!["diagnos", "similar", "diagnose"]),
        ("diagnose --nope logs", vec!["--nope"]),
        ("diagnose --since tomorrow logs", vec!["--since", "tomorrow", "RFC 3339", "2h", "14:45"]),
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
        ("diagnose --tz mars logs", vec!["mars", "+08:00", "Asia/Shanghai"]),
        ("diagnose --threads 0 logs", vec!["--threads", "0"]),
        ("diagnose --lang fr logs", vec!["fr", "zh"]),
        ("diagnose --color maybe logs", vec!["maybe", "never"]),
        ("diagnose --dup five logs", vec!["--dup", "five"]),
        ("diagnose --baseline nope.json logs", vec!["--baseline nope.json", "diagnose --format json"]),
        ("diagnose --baseline no-report.json logs", vec!["--baseline no-report.json: line 1", "schema_version"]),
        (&format!("diagnose --baseline {LOG} logs"), vec!["--baseline", "not a dupdoctor report"]),
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
    let forms = ["2024-05-25T02:11:30Z", "2024-05-25T10:11:30+08:00", "'2024-05-25 10:11:30'", "2024-05-25T10:11:30.250", "4m55s"];
    for until in forms.into_iter().chain(["-4m55s", "10:11:30", "'today 10:11:30'"]) {
        assert_eq!(status(&format!("--until {until}")), "DS_PREPARE", "{until}");
    }
    assert_eq!(status("--tz utc --until '2024-05-25 02:11:30'"), "DS_PREPARE");
    assert_eq!(status("--tz +09:00 --until '2024-05-25 11:11:30'"), "DS_PREPARE");
    let early = desk.run("diagnose --until '2024-05-25 10:11' logs");
    assert_eq!((early.code, early.out.as_str()), (2, ""), "before it was added");
    assert_eq!(status("--tz asia/tokyo --until '2024-05-25 11:11:30'"), "DS_PREPARE");
    assert_eq!(status("--tz Asia/Tokyo --until 11:11:30"), "DS_PREPARE");
    assert_eq!(status("--since 2024-05-25"), "DS_APP");
    assert_eq!(status("--since yesterday"), "DS_APP");
    assert_eq!(status("--since 2m"), "DS_APP");
    let events = |line: &str| desk.run(&format!("events {line} logs")).out.lines().count();
    assert!(events("--since 2m") < events("--since 4m") && events("--since 4m") < events(""));
    let late = desk.run("diagnose --since 2030-01-01 logs");
    assert_eq!((late.code, late.out.as_str()), (2, ""));
    assert!(late.err.contains("--since") && late.err.contains("2024-05-25T02:10:29.173Z"), "{}", late.err);
}

#[test]
fn app_and_dup_select_and_say_when_nothing_fits() {
    let desk = Desk::new();
    copy(&logs("DUP202-v2.5-name-taken"), &desk.path("more"));
    let tables = |line: &str| {
        let report = desk.report(line);
        report["duplications"].as_array().unwrap().iter().map(|d| d["app_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tables("logs more").len(), 2);
    assert_eq!(tables("logs more --app order_index"), ["order_index"]);
    for dup in ["1716603063", "a5d1716603063", "5.1716603063"] {
        assert_eq!(tables(&format!("logs more --dup {dup}")), ["test_orders"], "{dup}");
    }
    assert_eq!(tables("logs more --app 'test_*'"), ["test_orders"]);
    assert_eq!(tables("logs more --app '*order*'").len(), 2);
    assert_eq!(tables("logs more --app test_orders --app order_index").len(), 2);
    let half = desk.run("diagnose --app test_orders --app nope logs");
    assert!(half.code == 1 && half.err.contains("--app nope"), "{}", half.err);
    assert_eq!(codes(&desk.report("logs more --app order_index"))[0], "DUP202");
    assert!(!desk.run("timeline logs more --app order_index").out.contains("test_orders"));
    for line in desk.run("events logs more --app order_index").out.lines() {
        assert!(!line.contains("test_orders"), "{line}");
    }
    let told = desk.run("diagnose --app nope logs");
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains("--app nope") && told.err.contains("test_orders"), "{}", told.err);
    let told = desk.run("diagnose --app tset_orders logs");
    assert!(told.code == 2 && told.err.contains("did you mean test_orders?"), "{}", told.err);
    let told = desk.run("diagnose --dup 3 logs");
    assert!(told.err.contains("--dup 3") && told.err.contains("1716603063"), "{}", told.err);
    assert_eq!(desk.run("diagnose -q --dup 3 logs").code, 2);
    assert!(desk.run("events --app nope logs").err.contains("no event"));
}

#[test]
fn what_nobody_can_tell_is_no_success() {
    let desk = Desk::new();
    copy(&logs("multi-healthy-full-copy-v2.5"), &desk.path("well"));
    assert_eq!(desk.run("diagnose well").code, 0);
    for part in ["well/hz_main/replica1", "well/sg_backup", "well/sg_backup/meta1"] {
        let told = desk.run(&format!("diagnose {part}"));
        assert_eq!(told.code, 3, "{part}: {}", told.out);
        assert!(told.out.contains("Cannot tell"), "{part}: {}", told.out);
        let report = desk.report(part);
        assert_eq!(report["missing_logs"][0]["role"], "source meta", "{part}");
        assert_eq!(desk.run(&format!("diagnose {part} --fail-on never")).code, 0, "{part}");
    }
    // In DS_LOG nothing moves, and only a replica server could tell whether there is anything to move.
    let line = |second: i64, body: &str| {
        format!(
            "I2026-11-23 14:33:01.000 ({} 29604)   meta.meta_state0.0202000500000019: {body}\n",
            (1_795_444_381 + second) * 1_000_000_000
        )
    };
    let report = r#"duplication_info.cpp:200:report_progress_if_time_up(): duplication report: {"create_ts":"x","dupid":1795444381,"fail_mode":"FAIL_SLOW","progress":{"0":7,"1":7},"remote":"sg","status":"DS_LOG"}"#;
    let change = "duplication_info.cpp:1:persist_status(): [a5d1795444381] change duplication status from DS_INIT to DS_LOG successfully [app_id: 5]";
    desk.write("quiet/meta1/log.1.txt", &(line(0, change) + &line(5, report) + &line(305, report)));
    assert_eq!(desk.report("quiet")["duplications"][0]["quiet"], true);
    assert_eq!((desk.run("diagnose quiet").code, desk.run("diagnose quiet --strict").code), (0, 3));
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
    copy(&logs("in-progress-v2.5-failover-in-app"), &desk.path("young"));
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
    copy(&logs("multi-healthy-full-copy-v2.5"), &desk.path("logs/more"));
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
    let chinese = desk.run("demo --lang zh").out;
    for (name, value) in [("LANG", "zh_CN.UTF-8"), ("DUPDOCTOR_LANG", "zh")] {
        assert_eq!(outcome(desk.command(&["demo"]).env(name, value)).out, chinese, "{name}");
    }
    for lang in ["zh_CN", "zh-CN", "cn", "ZH"] {
        assert_eq!(desk.run(&format!("demo --lang {lang}")).out, chinese, "{lang}");
    }
    for force in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        assert!(outcome(desk.command(&["diagnose", "logs"]).env(force, "1")).out.contains('\x1b'), "{force}");
    }
    let narrow = outcome(desk.command(&["diagnose", "logs"]).env("COLUMNS", "60"));
    assert!(narrow.out.lines().filter(|l| !l.contains("logs/")).all(|l| l.chars().count() <= 60), "{}", narrow.out);
}

#[test]
fn logs_without_a_command_are_diagnosed() {
    let desk = Desk::new();
    assert_eq!(desk.run("logs --summary").out, desk.run("diagnose logs --summary").out);
    let piped = desk.pipe("- --summary", &desk.log());
    assert!(piped.code == 1 && piped.out.contains("DUP301"), "{}", piped.out);
    // A directory of a command's name does not hide the command.
    std::fs::create_dir(desk.path("demo")).unwrap();
    assert_eq!(desk.run("demo").out, outcome(desk.command(&["demo"]).current_dir("/")).out);
    assert!(desk.run("no-such-place").err.contains("no-such-place"));
}

#[test]
fn help_has_examples_groups_and_a_translation() {
    let desk = Desk::new();
    for command in
        ["diagnose", "watch", "status", "timeline", "whois", "annotate", "events", "explain", "fix", "preflight", "signatures test"]
    {
        let (short, long) = (desk.run(&format!("{command} -h")), desk.run(&format!("{command} --help")));
        assert!(short.code == 0 && long.code == 0 && short.out.len() < long.out.len(), "{command}");
        assert!(long.out.contains("Examples:") && long.out.contains("Exit status: 0"), "{command}: {}", long.out);
        let chinese = desk.run(&format!("{command} --help --lang zh")).out;
        assert!(chinese.contains("用法：") && chinese.contains("示例："), "{command}: {chinese}");
        for english in ["Usage", "Print", "default:", "possible values", "For people"] {
            assert!(!chinese.contains(english), "{command}: {english}: {chinese}");
        }
    }
    let help = desk.run("diagnose --help").out;
    for heading in ["Inputs:", "Selection:", "Display:", "Redaction:", "Criteria:", "Output:"] {
        assert!(help.contains(&format!("\n{heading}\n")), "{heading}");
    }
    let wrong = outcome(desk.command(&["diagnose", "--nope"]).env("LANG", "zh_CN.UTF-8"));
    assert!(wrong.code == 2 && wrong.err.contains("未知参数"), "{}", wrong.err);
    assert!(desk.run("--version").out.starts_with(concat!("dupdoctor ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn each_command_has_a_manual_page() {
    let desk = Desk::new();
    let page = desk.run("man diagnose").out;
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"] {
        assert!(page.lines().any(|line| line.trim_start_matches(".SH ").trim_matches('"') == section), "{section}: {page}");
    }
    std::fs::create_dir(desk.path("man1")).unwrap();
    assert_eq!(desk.run("man --output man1").code, 0);
    let written: Vec<_> = std::fs::read_dir(desk.path("man1")).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    // What a page refers to is there.
    for referred in desk.run("man").out.split("\\fB").filter_map(|rest| rest.split_once("(1)")).map(|(name, _)| name.replace('\\', "")) {
        assert!(written.contains(&format!("{referred}.1")), "{referred} in {written:?}");
    }
    assert!(written.len() > 15 && written.contains(&"dupdoctor-signatures-test.1".to_owned()), "{written:?}");
    assert_eq!(desk.run("man nope").code, 2);
}

#[test]
fn shells_complete_codes_and_tables_of_reports() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell", "nushell"] {
        assert!(desk.run(&format!("completions {shell}")).out.contains("dupdoctor"), "{shell}");
    }
    desk.write("report.json", desk.run("diagnose logs --format json").out);
    let complete = |words: &[&str]| {
        let mut args = vec!["--"];
        args.extend(words);
        let last = (words.len() - 1).to_string();
        outcome(desk.command(&args).env("DUPDOCTOR_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", last).env("_CLAP_IFS", "\n")).out
    };
    assert_eq!(complete(&["dupdoctor", "explain", "DUP301"]).trim(), "DUP301");
    assert_eq!(complete(&["dupdoctor", "fix", "DUP301", "--report", "report.json", "--app", ""]).trim(), "test_orders");
    assert!(complete(&["dupdoctor", "diagnose", "--form"]).contains("--format"));
}

#[test]
fn a_symptom_leads_to_what_it_may_be() {
    let desk = Desk::new();
    let told = desk.run("explain --symptom 'stuck in DS_APP'");
    assert!(told.code == 0 && told.out.contains("DUP301") && told.out.contains("likeliest first"), "{}", told.out);
    let all: Value = serde_json::from_str(&desk.run("explain --symptom ERR_APP_EXIST --format json").out).unwrap();
    assert!(["DUP201", "DUP202"].contains(&all[0]["code"].as_str().unwrap()), "{}", all[0]["code"]);
    let none = desk.run("explain --symptom qqq");
    assert!(none.code == 2 && none.out.is_empty() && none.err.contains("qqq"), "{}", none.err);
    let annotations = desk.run("diagnose logs --format github");
    assert!(annotations.code == 1 && annotations.out.starts_with("::error file=logs/hz_main/meta1/"), "{}", annotations.out);
}
