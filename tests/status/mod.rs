//! `dupdoctor status` against a small HTTP server that answers as v2.4, v2.5 and master do, and as servers in trouble do.

mod recorded;
mod server;
mod switch_over;

use crate::support::{Outcome, outcome, program};
use serde_json::Value;
use server::{Reply, Server, nobody, say};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const TEN_DAYS: u64 = 10 * 86_400;

fn command(args: &[&str]) -> Command {
    let mut command = program(&["status"]);
    // A proxy of the machine must not stand between.
    command.env("http_proxy", "http://127.0.0.1:1").env("HTTP_PROXY", "http://127.0.0.1:1").env("COLUMNS", "80");
    command.args(args);
    command
}

fn run(args: &[&str]) -> Outcome {
    outcome(&mut command(args))
}

fn json(args: &[&str]) -> (i32, Value) {
    let (code, out, err) = run(&[args, &["--format", "json"]].concat());
    (code, serde_json::from_str(&out).map_err(|e| format!("{e}: {out}{err}")).unwrap())
}

/// The second so long ago.
fn ago(seconds: u64) -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - seconds
}

/// `/meta/app/duplication` up to v2.5.
fn old(app: u32, dup: u64, status: &str) -> Reply {
    say(&format!(
        r#"{{"1":{{"create_ts":"2024-05-24 17:21:57","dupid":{dup},"fail_mode":"FAIL_SLOW","remote":"bj","status":"{status}"}},"appid":{app}}}"#
    ))
}

/// `/meta/app/duplication` of master.
fn master(app: u32, dup: u64, status: &str, remote: &str) -> Reply {
    say(&format!(
        r#"{{"1":{{"create_ts":"2024-05-24 17:21:57","dupid":{dup},"fail_mode":"FAIL_SLOW","partition_states":{{"0":{{"confirmed_decree":7,"last_committed_decree":9}},"1":{{"confirmed_decree":5,"last_committed_decree":5}}}},"remote":"bj","remote_app_name":"{remote}","remote_replica_count":3,"status":"{status}"}},"appid":{app}}}"#
    ))
}

fn apps(names: &[(u32, &str)]) -> Reply {
    let rows: Vec<String> = names
        .iter()
        .map(|(id, name)| {
            format!(r#""{id}":{{"app_id":"{id}","status":"AVAILABLE","app_name":"{name}","app_type":"pegasus","partition_count":"1"}}"#)
        })
        .collect();
    say(&format!(r#"{{"general_info":{{{}}},"summary":{{"total_app_count":"{}"}}}}"#, rows.join(","), names.len()))
}

fn nodes(servers: &[(&str, &str)]) -> Reply {
    let rows: Vec<String> = servers.iter().map(|(a, s)| format!(r#""{a}":{{"address":"{a}","status":"{s}"}}"#)).collect();
    say(&format!(r#"{{"details":{{{}}},"summary":{{"total_node_count":"{}"}}}}"#, rows.join(","), servers.len()))
}

/// `/replica/duplication`
fn pending(app: u32, dup: u64, shipped: i64, confirmed: i64) -> Reply {
    say(&format!(
        r#"{{"{dup}":{{"{app}.0":{{"duplicating":true,"fail_mode":"FAIL_SLOW","not_confirmed_mutations_num":{confirmed},"not_duplicated_mutations_num":{shipped}}}}}}}"#
    ))
}

fn reasons(report: &Value) -> String {
    let missed = report["not_asked"].as_array().unwrap().iter();
    let lines: Vec<String> = missed.map(|n| format!("{} {}\n", n["url"].as_str().unwrap(), n["reason"].as_str().unwrap())).collect();
    lines.concat()
}

#[test]
fn all_tables_and_all_replica_servers_are_asked() {
    let dup = ago(TEN_DAYS);
    let replica = Server::new(&[("/replica/duplication?appid=5", pending(5, dup, 0, 3))]);
    let dead = nobody();
    let meta = Server::new(&[
        ("/meta/apps", apps(&[(1, "temp"), (5, "orders")])),
        ("/meta/nodes", nodes(&[(&replica.address.to_string(), "ALIVE"), (&dead.to_string(), "UNALIVE")])),
        ("/meta/app/duplication?name=temp", say("null")),
        ("/meta/app/duplication?name=orders", old(5, dup, "DS_LOG")),
    ]);
    let (code, report) = json(&["--meta", &meta.address.to_string()]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["leader"], format!("http://{}", meta.address));
    assert_eq!(report["tables"][0]["duplications"], serde_json::json!([]));
    let told = &report["tables"][1]["duplications"][0];
    assert_eq!((told["status"].as_str(), told["app_id"].as_i64(), told["not_confirmed"].as_i64()), (Some("DS_LOG"), Some(5), Some(3)));
    assert_eq!(told["verdict"], "healthy");
    assert_eq!(told["partitions"][0]["node"], replica.address.to_string());
    assert_eq!(reasons(&report), format!("http://{dead} the meta server counts it as dead\n"));
    assert_eq!(replica.asked(), ["/replica/duplication?appid=5"]);
    let (_, text, _) = run(&["--meta", &meta.address.to_string(), "--lang", "zh"]);
    assert!(text.contains("orders → bj") && text.contains("3 条未确认") && text.contains("无需处理"), "{text}");
    assert!(text.lines().all(|l| unicode_width::UnicodeWidthStr::width(l) <= 80), "{text}");
}

#[test]
fn master_tells_decrees_and_a_stuck_one_is_diagnosed_though_not_for_certain() {
    let dup = ago(3 * 3600);
    let meta = Server::new(&[("/meta/nodes", nodes(&[])), ("/meta/app/duplication?name=test_dup1", master(5, dup, "DS_APP", "new1_test"))]);
    let (code, report) = json(&["--meta", &meta.address.to_string(), "--app", "test_dup1"]);
    assert_eq!(code, 1, "{report}");
    let told = &report["tables"][0]["duplications"][0];
    assert_eq!((told["decree_gap"].as_i64(), told["verdict"].as_str()), (Some(2), Some("stuck")));
    let found: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|f| (f["code"].as_str().unwrap(), f["confidence"].as_str().unwrap())).collect();
    assert_eq!(found, [("DUP301", "possible")]);
    let (code, text, _) = run(&["--meta", &meta.address.to_string(), "--app", "test_dup1", "--fail-on", "never"]);
    assert_eq!(code, 0);
    assert!(
        text.contains("partition  confirmed  committed")
            && text.contains("backlog of 1 others unknown")
            && text.contains("at least 2 by decrees"),
        "{text}"
    );
    // What was answered fills in a runbook, as a report does.
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("status.json");
    std::fs::write(&file, report.to_string()).unwrap();
    let (_, text, _) = outcome(&mut program(&["fix", "DUP301", "--dup", &format!("a5d{dup}"), "--report", file.to_str().unwrap()]));
    assert!(text.contains("drop new1_test") && text.contains(&format!("start_dup test_dup1 {dup}")), "{text}");
    // The same names: then it is anybody's guess.
    meta.set("/meta/app/duplication?name=test_dup1", master(5, dup, "DS_APP", "test_dup1"));
    let (_, report) = json(&["--meta", &meta.address.to_string(), "--app", "test_dup1"]);
    assert_eq!(report["findings"][0]["code"], "DUP300");
    // A young one has time.
    meta.set("/meta/app/duplication?name=test_dup1", master(5, ago(60), "DS_APP", "new1_test"));
    let (code, report) = json(&["--meta", &meta.address.to_string(), "--app", "test_dup1"]);
    assert_eq!((code, report["findings"].as_array().unwrap().len()), (0, 0), "{report}");
}

#[test]
fn prepare_has_lasted_since_it_was_added() {
    let meta = Server::new(&[("/meta/nodes", nodes(&[])), ("/meta/app/duplication?name=t", old(5, ago(1800), "DS_PREPARE"))]);
    let (code, report) = json(&["--meta", &meta.address.to_string(), "--app", "t"]);
    assert_eq!(
        (code, report["findings"][0]["code"].as_str(), report["findings"][0]["confidence"].as_str()),
        (1, Some("DUP200"), Some("possible"))
    );
    let (code, _) = json(&["--meta", &meta.address.to_string(), "--app", "t", "--expect", "prepare=1h"]);
    assert_eq!(code, 0);
}

#[test]
fn a_redirect_leads_to_the_leader() {
    let page = "/meta/app/duplication?name=t";
    let leader = Server::new(&[(page, old(5, ago(TEN_DAYS), "DS_LOG")), ("/meta/nodes", nodes(&[]))]);
    let other = Server::new(&[(page, Reply::Redirect(leader.address))]);
    let (code, report) = json(&["--meta", &other.address.to_string(), "--app", "t"]);
    // It is in DS_LOG, and nobody tells what waits.
    assert_eq!((code, report["leader"].as_str()), (3, Some(format!("http://{}", leader.address).as_str())));
    // The leader is asked for the rest itself.
    assert!(leader.asked().contains(&"/meta/nodes".to_owned()) && other.asked() == ["/meta/apps", page], "{:?}", other.asked());
}

#[test]
fn redirects_that_lead_nowhere_are_told_and_the_next_meta_is_asked() {
    let page = "/meta/app/duplication?name=t";
    let sound = Server::new(&[(page, old(5, ago(TEN_DAYS), "DS_LOG")), ("/meta/nodes", nodes(&[]))]);
    let dead = nobody();
    let to_dead = Server::new(&[(page, Reply::Redirect(dead))]);
    let circle = Server::new(&[]);
    let back = Server::new(&[(page, Reply::Redirect(circle.address))]);
    circle.set(page, Reply::Redirect(back.address));
    let astray = Server::new(&[(page, Reply::RedirectTo("http://169.254.169.254/latest/meta-data".to_owned()))]);
    let file = Server::new(&[(page, Reply::RedirectTo("file:///etc/passwd".to_owned()))]);
    for (server, word) in [
        (to_dead.address, "which does not answer: cannot connect: connection refused"),
        (circle.address, "it redirects in a circle"),
        (astray.address, "which is not followed: it is another page"),
        (file.address, "which is not followed: it is another page"),
        (dead, "cannot connect: connection refused"),
    ] {
        let (code, report) = json(&["--meta", &format!("{server},{}", sound.address), "--app", "t"]);
        assert_eq!((code, report["leader"].as_str()), (3, Some(format!("http://{}", sound.address).as_str())), "{report}");
        assert!(reasons(&report).contains(word), "{}", reasons(&report));
        let (code, report) = json(&["--meta", &server.to_string(), "--app", "t"]);
        assert_eq!((code, &report["leader"]), (2, &Value::Null), "{report}");
        let (code, text, _) = run(&["--meta", &server.to_string(), "--app", "t"]);
        assert!(code == 2 && text.contains("no meta server could be queried"), "{text}");
    }
}

#[test]
fn servers_that_answer_too_late_or_too_little_are_named() {
    let page = "/meta/app/duplication?name=t";
    let full = r#"{"1":{"dupid":17,"remote":"bj","status":"DS_LOG","fail_mode":"FAIL_SLOW"},"appid":5}"#;
    for (reply, word) in [
        (Reply::Silence, "no answer within 0.5 s"),
        (Reply::Drip(full.to_owned()), "no answer within 0.5 s"),
        (Reply::Short(full.to_owned()), "disconnected"),
        (Reply::Close, ""),
        (Reply::Endless, "larger than 16 MiB"),
        (say(""), "an empty answer"),
        (say(&full[..40]), "JSON that is cut off after 40 bytes"),
        (say("<html>\u{1b}[2J"), "no JSON but \"<html> [2J\""),
        (say("[1,2]"), "JSON without duplications"),
        (Reply::Say(404, "duplication is not enabled [FLAGS_duplication_enabled=false]".to_owned()), "duplication is not enabled there"),
        (Reply::Say(404, "duplication is not enabled [duplication_enabled=false]".to_owned()), "duplication is not enabled there"),
        (Reply::Say(404, "ERR_APP_NOT_EXIST".to_owned()), "there is no such table"),
        (Reply::Say(400, "name should not be empty".to_owned()), "it answered 400: name should not be empty"),
        (Reply::Say(500, "ERR_BUSY".to_owned()), "it answered 500: ERR_BUSY"),
        (Reply::Say(404, String::new()), "no such page (404)"),
    ] {
        // A machine under load is slow, too.
        let timeout = if word.contains("0.5 s") { "500ms" } else { "8s" };
        let meta = Server::new(&[(page, reply)]);
        let begun = Instant::now();
        let (_, report) = json(&["--meta", &meta.address.to_string(), "--app", "t", "--timeout", timeout]);
        assert!(begun.elapsed() < Duration::from_secs(20));
        let told = reasons(&report);
        assert!(told.contains(&format!("http://{}{page}", meta.address)) && told.contains(word), "{word}: {told}");
        assert!(!report.to_string().contains('\u{1b}'));
    }
}

#[test]
fn what_is_half_understood_is_used() {
    let body = r#"{"1":{"dupid":17,"remote":"bj","status":"DS_NEW","fail_mode":"FAIL_SLOW"},"2":{"status":"DS_LOG"},"3":{"dupid":18,"remote":"bj","status":"DS_LOG","fail_mode":"FAIL_SLOW"},"appid":5}"#;
    let refuses = Server::new(&[("/replica/duplication?appid=5", Reply::Say(404, "duplication is not enabled".to_owned()))]);
    let rubbish = Server::new(&[("/replica/duplication?appid=5", say("{\"17\":3}"))]);
    let meta = Server::new(&[("/meta/app/duplication?name=t", say(body))]);
    let replicas = format!("{},{},{}", refuses.address, rubbish.address, nobody());
    let (code, report) = json(&["--meta", &meta.address.to_string(), "--app", "t", "--replica", &replicas]);
    assert_eq!((code, report["cannot_tell"].as_bool()), (3, Some(true)), "{report}");
    assert_eq!(report["tables"][0]["duplications"].as_array().unwrap().len(), 2);
    let told = reasons(&report);
    for word in [
        "duplication 17 has the status \"DS_NEW\"",
        "an entry without a dupid",
        "duplication is not enabled there",
        "JSON without pending mutations",
        "connection refused",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn without_a_list_of_tables_or_servers_it_says_what_to_name() {
    let meta = Server::new(&[("/meta/app/duplication?name=t", old(5, ago(TEN_DAYS), "DS_LOG"))]);
    let (code, text, _) = run(&["--meta", &meta.address.to_string()]);
    assert_eq!(code, 2, "{text}");
    let (code, text, _) = run(&["--meta", &meta.address.to_string(), "--app", "t"]);
    assert!(code == 3 && text.contains("/meta/nodes") && text.contains("name the replica servers with --replica"), "{text}");
}

/// Rounds as they are printed, until there are so many.
fn rounds(args: &[&str], count: usize, mut between: impl FnMut(usize)) -> (Vec<Value>, Option<i32>) {
    use std::io::{BufRead, BufReader};
    let mut child = command(&[args, &["--format", "json", "--watch", "200ms"]].concat()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut all = Vec::new();
    while all.len() < count {
        all.push(serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap());
        between(all.len());
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    (all, child.wait().unwrap().code())
}

#[test]
fn what_does_not_move_is_found_in_time_and_what_goes_is_missed() {
    let dup = ago(TEN_DAYS);
    let replica = Server::new(&[("/replica/duplication?appid=5", pending(5, dup, 40, 41))]);
    let page = "/meta/app/duplication?name=t";
    let meta = Server::new(&[(page, old(5, dup, "DS_LOG"))]);
    let (addresses, replicas) = (meta.address.to_string(), replica.address.to_string());
    let args = ["--meta", &addresses, "--app", "t", "--replica", &replicas, "--expect", "ship=1s"];
    let (all, code) = rounds(&args, 24, |round| {
        if round == 16 {
            meta.set(page, say("null"));
        }
    });
    assert_eq!(all[0]["findings"].as_array().unwrap().len(), 0, "{}", all[0]);
    let stuck = &all[14]["findings"][0];
    assert_eq!((stuck["code"].as_str(), stuck["confidence"].as_str()), (Some("DUP400"), Some("possible")), "{}", all[14]);
    assert!(stuck["explanation"].as_str().unwrap().starts_with("Table t is duplicated to bj, but on partitions 0 the number"), "{stuck}");
    let gone = &all[23];
    assert_eq!(gone["tables"][0]["duplications"], serde_json::json!([]));
    assert!(gone["findings"].as_array().unwrap().iter().all(|f| f["active"] == false), "{gone}");
    assert_eq!(code, Some(0));
}

#[test]
fn the_answers_are_kept_and_read_like_a_log() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("answers.log");
    let file = file.to_str().unwrap();
    let meta = Server::new(&[("/meta/nodes", nodes(&[])), ("/meta/app/duplication?name=t", master(5, ago(3 * 3600), "DS_APP", "t2"))]);
    let args = ["--meta", &meta.address.to_string(), "--app", "t", "--record", file];
    assert_eq!(run(&args).0, 1);
    let (_, report) = json(&args);
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text.lines().count(), 2);
    let evidence = &report["findings"][0]["evidence"][0];
    assert_eq!((evidence["path"].as_str(), evidence["line"].as_i64()), (Some(file), Some(1)));
    let (_, out, _) = outcome(&mut program(&["diagnose", "--format", "json", file]));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["findings"][0]["code"], "DUP301");
    std::fs::write(file, "something else\n").unwrap();
    let (code, _, err) = run(&args);
    assert!(code == 2 && err.contains("holds something other than answers"), "{err}");
}

#[test]
fn wrong_usage_is_told() {
    for (args, word) in [
        (vec![], "--meta"),
        (vec!["--meta", "meta1"], "the port is missing"),
        (vec!["--meta", "ftp://meta1:1"], "only http and https"),
        (vec!["--meta", "meta1:1", "--replica", "x"], "--replica: \"x\" is not a server address"),
        (vec!["--meta", ","], "--meta names no server"),
        (vec!["--meta", "meta1:1", "--timeout", "soon"], "invalid duration"),
        (vec!["--meta", "meta1:1", "--watch", "1ms"], "at least 100ms"),
        (vec!["--meta", "meta1:1", "--app", ""], "--app: NAME must not be empty"),
        (vec!["--meta", "meta1:1", "--ignore", "DUP9"], "unknown code"),
        (vec!["--meta", "meta1:1", "--record", "/no/such/dir/x"], "cannot write --record"),
    ] {
        let (code, out, err) = run(&args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?} {err}");
        assert!(err.contains(word), "{args:?} {err}");
    }
    let (code, text, _) = run(&["--meta", "no-such-host.invalid:34602"]);
    assert!(code == 2 && text.contains("no-such-host.invalid"), "{text}");
}
