//! What `ZooKeeper` holds, beside logs: it proves or refutes that a duplication was lost, and an answer of nobody knows when decides nothing.

use crate::support::case::plain_settings;
use crate::support::{copy, logs};
use dupdoctor::diagnose;
use dupdoctor::report::Report;

/// The report on the logs of a case and an answer beside them.
fn with_answer(case: &str, answer: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    copy(&logs(case), folder.path());
    std::fs::write(folder.path().join("answer.txt"), answer).unwrap();
    diagnose(&[folder.path().to_path_buf()], &plain_settings(), &|_, _| ()).report
}

/// Verdict, active codes and their explanations, of a table.
fn told(report: &Report, table: &str) -> (&'static str, Vec<(String, String)>) {
    let duplication = report.duplications.iter().find(|d| d.identity.app_name.as_deref() == Some(table)).unwrap();
    let mine = |f: &&dupdoctor::report::Finding| f.active && f.duplication.as_ref().is_some_and(|d| d.app_name.as_deref() == Some(table));
    let codes = report.findings.iter().filter(mine).map(|f| (f.code.clone(), f.explanation.clone())).collect();
    (duplication.verdict.name(), codes)
}

const OVERWRITTEN: &str = "multi-DUP601-gone-after-take-over-master";
const UNREADABLE: &str = "DUP602-v2.5-cluster-not-in-config";
const NODE: &str = "/pegasus/hz_main/apps/1/duplication/1796054026";

#[test]
fn what_a_new_leader_lost_was_not_removed() {
    let null = |table: &str, at: &str| format!("[{at} +0000] >>> query_dup {table} -d\nduplications of app [{table}] in detail:\nnull\n");
    let report = with_answer(OVERWRITTEN, &null("geo_tile", "2026-11-30 15:56:00"));
    assert_eq!((told(&report, "geo_tile").0, told(&report, "geo_tile").1[0].0.as_str()), ("failed", "DUP601"));
    let report = with_answer(UNREADABLE, &null("user_tag", "2024-07-07 17:16:00"));
    assert_eq!((told(&report, "user_tag").0, told(&report, "user_tag").1[0].0.as_str()), ("failed", "DUP602"));
    // What still leads and says so was removed since.
    let report = with_answer(UNREADABLE, &null("user_fav", "2024-07-07 17:16:00"));
    assert_eq!(told(&report, "user_fav").0, "removed");
}

#[test]
fn a_node_that_is_as_it_should_be_refutes_that_it_was_overwritten() {
    let data = "{\"remote\":\"sg_backup\",\"status\":\"DS_LOG\",\"create_timestamp_ms\":1796054026083,\"fail_mode\":\"FAIL_SLOW\"}";
    let dated = format!("[2026-11-30 15:56:00 +0000] [zk: a:2181(CONNECTED) 0] get {NODE}\n{data}\n");
    let (verdict, codes) = told(&with_answer(OVERWRITTEN, &dated), "geo_tile").clone();
    assert_eq!((verdict, codes[0].0.as_str(), codes.len()), ("failed", "DUP602", 1), "{codes:?}");
    assert!(codes[0].1.contains("holds DS_LOG"), "{codes:?}");
    // Without a time only what the node itself says of its last change tells.
    let undated = format!("[zk: a:2181(CONNECTED) 0] get {NODE}\n{data}\n");
    assert_eq!(told(&with_answer(OVERWRITTEN, &undated), "geo_tile").1[0].0, "DUP601");
    let changed = |at: &str| told(&with_answer(OVERWRITTEN, &format!("{undated}mtime = {at} UTC 2026\n")), "geo_tile").1[0].0.clone();
    assert_eq!(changed("Mon Nov 30 15:54:50"), "DUP602");
    assert_eq!(changed("Mon Nov 30 15:54:20"), "DUP601", "it was overwritten after that");
}

#[test]
fn a_node_that_is_not_there_cannot_be_restored() {
    let missing = format!("[2026-11-30 15:56:00 +0000] [zk: a:2181(CONNECTED) 0] get {NODE}\nNode does not exist: {NODE}\n");
    let listed = "[2026-11-30 15:56:00 +0000] [zk: a:2181(CONNECTED) 0] ls /pegasus/hz_main/apps/1/duplication\n[]\n".to_owned();
    for answer in [missing, listed] {
        let (verdict, codes) = told(&with_answer(OVERWRITTEN, &answer), "geo_tile").clone();
        assert_eq!((verdict, codes[0].0.as_str()), ("failed", "DUP602"), "{codes:?}");
        assert!(codes[0].1.contains("its node is not in ZooKeeper"), "{codes:?}");
    }
    let gone = "[2024-07-07 17:16:00 +0000] $ zkCli.sh -server zk1 stat /pegasus/hz_main/apps/3/duplication/1720371603\norg.apache.zookeeper.KeeperException$NoNodeException: KeeperErrorCode = NoNode for /pegasus/hz_main/apps/3/duplication/1720371603\n";
    let (verdict, codes) = told(&with_answer(UNREADABLE, gone), "user_tag").clone();
    assert!(verdict == "failed" && codes[0].1.contains("Its node is not in ZooKeeper any more"), "{codes:?}");
    // One that works was removed since.
    let gone = gone.replace("apps/3/duplication/1720371603", "apps/4/duplication/1720371612");
    assert_eq!(told(&with_answer(UNREADABLE, &gone), "user_fav").0, "removed");
}
