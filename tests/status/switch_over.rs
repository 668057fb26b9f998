//! `status --switch-over`: 0 ready, 1 not, 3 cannot tell.

use super::server::{Server, say};
use super::{TEN_DAYS, ago, apps, json, nodes, old, pending, run};

/// A source of one table, whose replica server says that so much waits.
fn source(status: &str, waiting: Option<i64>) -> (Server, Server) {
    let dup = ago(TEN_DAYS);
    let replica = Server::new(&[("/replica/data_version?app_id=3", say(r#"{"0":{"data_version":"1"}}"#))]);
    if let Some(waiting) = waiting {
        replica.set("/replica/duplication?appid=3", pending(3, dup, waiting, waiting));
    }
    let meta = Server::new(&[
        ("/meta/apps", apps(&[(3, "feed")])),
        ("/meta/nodes", nodes(&[(&replica.address.to_string(), "ALIVE")])),
        ("/meta/app/duplication?name=feed", old(3, dup, status)),
    ]);
    (meta, replica)
}

/// A target whose table has that data version.
fn target(version: &str) -> (Server, Server) {
    let body = format!(r#"{{"0":{{"data_version":"{version}"}}}}"#);
    let replica = Server::new(&[("/replica/data_version?app_id=9", say(&body))]);
    let meta = Server::new(&[("/meta/apps", apps(&[(9, "feed")])), ("/meta/nodes", nodes(&[(&replica.address.to_string(), "ALIVE")]))]);
    (meta, replica)
}

/// The exit code, the answer, and the conditions that are open.
fn asked(meta: &Server, more: &[&str]) -> (i32, String, Vec<String>) {
    let (code, report) = json(&[&["--meta", &meta.address.to_string(), "--switch-over"], more].concat());
    let switch_over = &report["tables"][0]["duplications"][0]["switch_over"];
    let open = switch_over["open"].as_array().unwrap().iter().map(|c| format!("{} {}", c["condition"].as_str().unwrap(), c["met"]));
    (code, switch_over["answer"].as_str().unwrap().to_owned(), open.collect())
}

#[test]
fn what_is_missing_is_said_and_the_exit_code_tells() {
    let (meta, _replica) = source("DS_LOG", Some(0));
    let (code, answer, open) = asked(&meta, &[]);
    assert_eq!((code, answer.as_str(), open.join(";").as_str()), (0, "ready", "data-version null"));
    let (theirs, _one) = target("1");
    assert_eq!(asked(&meta, &["--target", &theirs.address.to_string()]), (0, "ready".into(), Vec::new()));
    let (theirs, _one) = target("0");
    let (code, answer, open) = asked(&meta, &["--target", &theirs.address.to_string()]);
    assert_eq!((code, answer.as_str(), open.join(";").as_str()), (1, "not-ready", "data-version false"));
    let (meta, _replica) = source("DS_LOG", Some(70));
    let (code, answer, open) = asked(&meta, &[]);
    assert_eq!((code, answer.as_str(), open[0].as_str()), (1, "not-ready", "falling false"));
    let (code, _, open) = asked(&meta, &["--max-pending", "69"]);
    assert_eq!((code, open[0].as_str()), (1, "pending false"));
    let (meta, _replica) = source("DS_PAUSE", Some(0));
    assert_eq!(asked(&meta, &[]).0, 1);
    let (meta, _replica) = source("DS_LOG", None);
    let (code, answer, open) = asked(&meta, &[]);
    assert_eq!((code, answer.as_str(), &open[0][..]), (3, "cannot-tell", "partitions null"));
    assert_eq!(open[1], "pending null");
}

#[test]
fn people_read_it_in_both_languages_and_only_when_they_ask() {
    let (meta, _replica) = source("DS_PAUSE", Some(0));
    let address = meta.address.to_string();
    let (_, en, _) = run(&["--meta", &address, "--switch-over"]);
    assert!(en.contains("not ready to switch over") && en.contains("it is in DS_PAUSE"), "{en}");
    let (_, zh, _) = run(&["--meta", &address, "--switch-over", "--lang", "zh"]);
    assert!(zh.contains("还不能切换") && zh.contains("DS_PAUSE"), "{zh}");
    let (_, plain, _) = run(&["--meta", &address]);
    assert!(!plain.contains("switch"), "{plain}");
}
