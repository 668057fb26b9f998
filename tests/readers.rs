//! What people who read the logs themselves use: annotate, whois, views of the timeline, pager, links, summary.

use crate::support::{Outcome, STUCK, STUCK_LOG, logs, outcome, program};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use unicode_width::UnicodeWidthStr;

const BOTH: &str = "multi-healthy-full-copy-v2.5";

fn log() -> PathBuf {
    logs(STUCK).join(STUCK_LOG)
}

fn run(args: &[&str], paths: &[&Path], columns: usize) -> Outcome {
    outcome(program(args).args(paths).env("COLUMNS", columns.to_string()))
}

fn piped(args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = program(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feed = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Lines without what was written beside them.
fn without_notes(out: &[u8]) -> Vec<u8> {
    let mark = "  ← ".as_bytes();
    let mut bytes = Vec::new();
    for line in out.split_inclusive(|b| *b == b'\n') {
        let end = line.len() - line.iter().rev().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        let at = line.windows(mark.len()).rposition(|w| w == mark).unwrap_or(end);
        bytes.extend_from_slice(&line[..at]);
        bytes.extend_from_slice(&line[end..]);
    }
    bytes
}

#[test]
fn annotate_passes_every_byte_through() {
    let mut input = std::fs::read(log()).unwrap();
    input.extend_from_slice(b"no log \xff\xfe \x1b[31m\r\n\r\n\0 torn");
    assert_eq!(without_notes(&piped(&["annotate"], &input)), input);
    assert_eq!(without_notes(&piped(&["annotate", "-"], b"")), b"");
    let long = vec![b'x'; 3 << 20];
    assert_eq!(piped(&["annotate"], &long), long);
    for envelope in ["input-docker-json-file", "input-cri", "input-crlf"] {
        let (code, out, _) = run(&["annotate"], &[&logs(envelope)], 80);
        assert_eq!(code, 0);
        assert!(out.contains("order_index → sg_backup  a3d1714975203"), "{envelope}: {out}");
    }
}

#[test]
fn annotate_writes_names_and_meaning_beside_lines() {
    let (code, out, err) = run(&["annotate", "--only"], &[&log()], 80);
    assert_eq!((code, err.as_str()), (0, ""));
    let asked = out.lines().find(|l| l.contains("query follower app[target_cluster.test_orders]")).unwrap();
    assert!(asked.contains("← test_orders → target_cluster / orders_copy  a5d1716603063  in DS_APP: "), "{asked}");
    assert!(asked.contains("DUP301"), "{asked}");
    assert!(!out.contains("balance checker round"), "--only");
    let (_, zh, _) = run(&["annotate", "--lang", "zh", "--below"], &[&log()], 80);
    assert!(zh.contains("\n    ↑ test_orders → target_cluster / orders_copy  a5d1716603063  DS_APP 阶段"), "{zh}");
    let (_, hidden, _) = run(&["annotate", "--redact", "--only"], &[&log()], 80);
    assert!(!hidden.contains("test_orders") && hidden.contains("← table-"), "{hidden}");
    let (code, _, err) = run(&["annotate"], &[Path::new("nowhere.log")], 80);
    assert!(code == 2 && err.contains("nowhere.log: no such file"), "{err}");
}

#[test]
fn annotate_lets_nothing_steer_a_terminal() {
    let out = piped(&["annotate", "--color", "always"], b"a\x1b[2J\x07b\xff\n");
    assert_eq!(out, "a␛[2J␇b\u{fffd}\n".as_bytes());
}

#[test]
fn annotate_shows_a_line_at_once() {
    let mut child = program(&["annotate"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for line in std::fs::read_to_string(log()).unwrap().lines().take(20) {
        writeln!(stdin, "{line}").unwrap();
        let mut shown = String::new();
        // Blocks for ever if the line is held back.
        out.read_line(&mut shown).unwrap();
        assert!(shown.starts_with(line), "{shown}");
    }
    drop(stdin);
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn annotate_ends_quietly_when_nobody_reads() {
    let mut child = program(&["annotate"]).arg(log()).arg(log()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

fn whois(name: &str, case: &str) -> (i32, Value) {
    let (code, out, err) = run(&["whois", name, "--format", "json", "-q"], &[&logs(case)], 80);
    let answer = serde_json::from_str(&out).unwrap_or_else(|e| unreachable!("{name}: {e}: {err}"));
    (code, answer)
}

#[test]
fn whois_knows_names_ids_servers_and_addresses() {
    let (_, known) = whois("meta1", BOTH);
    let address = known["servers"][0]["addresses"][0].as_str().unwrap().to_owned();
    let host = address.rsplit_once(':').unwrap().0.to_owned();
    let (_, healthy) = whois("sg_backup", BOTH);
    let dup = &healthy["duplications"][0];
    let (table, app, id) = (dup["app_name"].as_str().unwrap(), dup["app_id"].as_i64().unwrap(), dup["dup_id"].as_i64().unwrap());
    let asked = [
        (table.to_owned(), "table"),
        (app.to_string(), "app-id"),
        (id.to_string(), "dup-id"),
        (format!("a{app}d{id}"), "dup-id"),
        (format!("{app}.0"), "partition"),
        ("hz_main".to_owned(), "cluster"),
        ("replica1".to_owned(), "server"),
        (address, "address"),
        (host, "address"),
    ];
    for (name, is) in asked {
        let (code, answer) = whois(&name, BOTH);
        assert_eq!(code, 0, "{name}");
        assert!(answer["is"].as_array().unwrap().iter().any(|w| w == is), "{name}: {}", answer["is"]);
        let lines = |part: &Value| part.as_array().unwrap().iter().all(|p| !p["lines"].as_array().unwrap().is_empty());
        assert!(lines(&answer["duplications"]) && lines(&answer["servers"]), "{name}: {answer}");
    }
    let (_, one) = whois(&format!("{app}.0"), BOTH);
    let partitions = one["duplications"][0]["partitions"].as_array().unwrap();
    assert!(!partitions.is_empty() && partitions.iter().all(|p| p["gpid"].as_str().unwrap().ends_with(".0")), "{partitions:?}");
}

#[test]
fn whois_shows_the_lines_that_say_so() {
    let (code, out, _) = run(&["whois", "orders_copy", "-q"], &[&logs(STUCK)], 80);
    assert_eq!(code, 0);
    for word in
        ["target table", "test_orders → target_cluster / orders_copy", "a5d1716603063", "DS_APP", "hz_main/meta1", ":15", ":16", "STUCK"]
    {
        assert!(out.contains(word), "{word} is missing in\n{out}");
    }
    let (_, hidden, _) = run(&["whois", "orders_copy", "-q", "--redact"], &[&logs(STUCK)], 200);
    assert!(!hidden.contains("orders") && !hidden.contains("hz_main") && hidden.contains("1716603063"), "{hidden}");
}

#[test]
fn whois_offers_what_is_near() {
    let (code, out, _) = run(&["whois", "test_ordres", "-q"], &[&logs(STUCK)], 80);
    assert_eq!(code, 1);
    assert!(out.contains("test_ordres: no such table") && out.contains("Did you mean: test_orders"), "{out}");
    assert_eq!(whois("zzzzzzzz", STUCK).0, 1);
    assert_eq!(run(&["whois", "x"], &[Path::new("nowhere")], 80).0, 2);
    assert_eq!(run(&["whois", ""], &[&logs(STUCK)], 80).0, 2);
    assert_eq!(run(&["whois"], &[], 80).0, 2);
    assert_eq!(run(&["whois", "orders_copy", "--app", "test_*"], &[&logs(STUCK)], 80).0, 0);
    assert_eq!(run(&["whois", "orders_copy", "--app", "other"], &[&logs(STUCK)], 80).0, 2);
}

#[test]
fn timeline_has_a_column_for_each_server() {
    for (columns, lang) in [(80, "en"), (80, "zh"), (200, "en"), (40, "zh")] {
        let (code, out, _) = run(&["timeline", "--by-server", "-v", "--lang", lang], &[&logs(BOTH)], columns);
        assert_eq!(code, 0);
        let wide: Vec<&str> = out.lines().filter(|l| l.width() > columns).collect();
        assert!(wide.is_empty(), "{columns}: {wide:#?}");
        assert!(
            out.contains(if columns < 60 { "▌L" } else { "▌LOG" }) && out.contains("DS_APP → DS_LOG") && out.contains("█"),
            "{columns}: {out}"
        );
    }
    let (_, colored, _) = run(&["timeline", "--by-server", "-q", "--color", "always"], &[&logs(BOTH)], 120);
    assert!(colored.contains("\x1b[1m\x1b[32m▌LOG"), "{colored:?}");
    let (_, text, _) = run(&["timeline", "-q"], &[&logs(STUCK)], 100);
    assert!(text.contains(" ×85 until"), "{text}");
}

#[test]
fn timeline_leaves_out_what_is_short() {
    let json = |more: &[&str]| {
        let mut args = vec!["timeline", "-q", "--format", "json"];
        args.extend(more);
        let (_, out, _) = run(&args, &[&logs(STUCK)], 80);
        serde_json::from_str::<Value>(&out).unwrap()
    };
    let (all, long) = (json(&[]), json(&["--min-duration", "2m"]));
    let happenings = |chapters: &Value| chapters[0]["happenings"].as_array().unwrap().clone();
    let left_out = long[0]["left_out"].as_u64().unwrap();
    assert_eq!(happenings(&all).len() as u64, happenings(&long).len() as u64 + left_out);
    // DS_PREPARE lasted 41 seconds, DS_APP lasts.
    let states: Vec<String> = happenings(&long).iter().filter_map(|h| h["to"].as_str().map(str::to_owned)).collect();
    assert_eq!(states, ["DS_APP"]);
    let (code, _, err) = run(&["timeline", "--min-duration", "soon"], &[&logs(STUCK)], 80);
    assert!(code == 2 && err.contains("90s, 30m or 2h"), "{err}");
}

#[test]
fn files_are_bars_in_which_gaps_are_seen() {
    let (_, out, _) = run(&["timeline", "--files", "-q"], &[&logs("DUP902-v2.5-gap")], 80);
    let bars: Vec<&str> = out.lines().filter(|l| l.contains('█')).collect();
    assert!(bars.len() > 1 && bars.iter().any(|b| b.contains('·')), "{out}");
    let ends: Vec<usize> = bars.iter().map(|b| b.trim_end().width()).collect();
    assert!(ends.iter().all(|e| *e == ends[0]), "the bars end in one column: {ends:?}\n{out}");
}

#[test]
fn a_summary_is_one_line_a_duplication() {
    for (columns, lang) in [(40, "en"), (80, "en"), (80, "zh"), (200, "zh")] {
        let (code, out, _) = run(&["diagnose", "--summary", "--lang", lang], &[&logs(STUCK), &logs(BOTH)], columns);
        assert_eq!(code, 1);
        let rows: Vec<&str> = out.lines().filter(|l| l.contains('→')).collect();
        assert_eq!(rows.len(), 2, "{out}");
        assert!(rows[0].contains("DUP301") && rows.iter().all(|r| r.width() <= columns), "{out}");
    }
    let (code, _, err) = run(&["diagnose", "--summary", "--format", "json"], &[&logs(STUCK)], 80);
    assert!(code == 2 && err.contains("--summary"), "{err}");
}

#[test]
fn what_was_not_read_is_told_in_the_language_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = std::fs::read(log()).unwrap();
    log.extend_from_slice(b"\0\0\0\n");
    std::fs::write(folder.path().join("meta.log"), log).unwrap();
    std::fs::write(folder.path().join("notes.txt"), "hello\n").unwrap();
    let told = |lang| run(&["diagnose", "--lang", lang], &[folder.path()], 200).1;
    let (english, chinese) = (told("en"), told("zh"));
    assert!(
        english.contains("meta.log: 3 NUL bytes") && english.contains("notes.txt: not a Pegasus log, begins with \"hello\""),
        "{english}"
    );
    assert!(
        chinese.contains("meta.log：含 3 个 NUL 字节") && chinese.contains("notes.txt：不是 Pegasus 日志，开头为 \"hello\""),
        "{chinese}"
    );
}

#[test]
fn no_row_of_prose_is_wider_than_the_terminal() {
    for columns in [40, 80, 200] {
        for lang in ["en", "zh"] {
            let (_, out, _) = run(&["diagnose", "--all", "--lang", lang, "-q"], &[&logs(STUCK)], columns);
            // Commands stay in one piece, so that they can be copied.
            let is_command = |l: &str| ["start_dup", "remove_dup", "add_dup", "query_dup"].iter().any(|c| l.trim_start().starts_with(c));
            let wide: Vec<&str> = out.lines().filter(|l| l.width() > columns && !is_command(l)).collect();
            assert!(wide.is_empty(), "{columns} {lang}: {wide:#?}");
            let ruled = out.lines().find(|l| l.starts_with('─')).unwrap();
            assert_eq!(ruled.width(), columns);
        }
    }
}

#[test]
fn evidence_is_a_link_where_it_is_wanted() {
    let (_, out, _) = run(&["diagnose", "-q", "--hyperlinks", "always"], &[&logs(STUCK)], 100);
    let file = log();
    assert!(out.contains("\x1b]8;;file://") && out.contains(&format!("{}\x1b\\", file.display())), "{out:?}");
    for args in [&["diagnose", "-q"][..], &["diagnose", "-q", "--hyperlinks", "always", "--redact"], &["diagnose", "--hyperlinks", "never"]]
    {
        assert!(!run(args, &[&logs(STUCK)], 100).1.contains("file://"), "{args:?}");
    }
}

#[test]
fn there_is_no_pager_in_a_pipe() {
    let output = program(&["diagnose", "--pager", "always"]).arg(logs(STUCK)).env("DUPDOCTOR_PAGER", "echo paged").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("DUP301") && !out.contains("paged"), "{out}");
}

#[test]
fn a_terminal_gets_a_pager_for_what_is_long() {
    let script = |pager: &str, columns: u32, command: &str| {
        let line = format!("stty rows 10 cols {columns}; {} {command} {}", env!("CARGO_BIN_EXE_dupdoctor"), logs(STUCK).display());
        let output = Command::new("script").args(["-qec", &line, "/dev/null"]).env("DUPDOCTOR_PAGER", pager).stdin(Stdio::null()).output();
        output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned())
    };
    // Not every machine has a terminal to lend.
    let Ok(paged) = script("sed s/^/paged:/", 80, "diagnose -q") else { return };
    assert!(paged.contains("paged:"), "{paged}");
    for (pager, command) in [
        ("sed s/^/paged:/", "diagnose -q --summary"),
        ("sed s/^/paged:/", "diagnose -q --pager never"),
        ("no-such-pager", "diagnose -q"),
        ("", "diagnose -q"),
    ] {
        let out = script(pager, 80, command).unwrap();
        assert!(out.contains("DUP301") && !out.contains("paged:"), "{pager} {command}: {out}");
    }
}
