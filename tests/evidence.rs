//! Evidence beside logs: the incident of #2025 by a transcript, by logs and by both; times; contradictions; what is wrong with files.

use crate::support::case::plain_settings;
use crate::support::{logs, outcome, program};
use dupdoctor::internal::ingest::{InputNote, ingest_memory};
use dupdoctor::report::Finding;
use dupdoctor::{Confidence, Diagnosis, LogTime, Options, diagnose};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

fn diagnosed(path: &Path) -> Diagnosis {
    diagnose(&[path.to_path_buf()], &plain_settings(), &|_, _| ())
}

fn found<'a>(diagnosis: &'a Diagnosis, code: &str) -> Option<&'a Finding> {
    diagnosis.report.findings.iter().find(|f| f.code == code)
}

#[test]
fn two_pieces_of_evidence_are_surer_than_either() {
    let sure = |name| found(&diagnosed(&logs(name)), "DUP301").map(|f| f.confidence);
    assert_eq!(sure("evidence-2025-transcript-alone"), Some(Confidence::Possible));
    assert_eq!(sure("evidence-2025-logs-rotated"), Some(Confidence::Likely));
    assert_eq!(sure("evidence-2025-both"), Some(Confidence::Certain));
}

#[test]
fn an_answer_hours_after_the_last_line_moves_now() {
    let of = |name| diagnosed(&logs(name)).report.duplications[0].status_seconds.unwrap();
    let (logs, both) = (of("evidence-2025-logs-rotated"), of("evidence-2025-both"));
    assert!(logs < 600 && both > 3 * 3600, "{logs} {both}");
}

#[test]
fn an_answer_proves_with_its_own_line() {
    let diagnosis = diagnosed(&logs("evidence-2025-transcript-alone"));
    let evidence = &found(&diagnosis, "DUP301").unwrap().evidence;
    assert!(evidence.iter().any(|e| e.line == Some(15) && e.text.starts_with("{\"1\":{\"create_ts\"")), "{evidence:?}");
    assert_eq!(diagnosis.report.inputs[0].kind.name(), "transcript");
    assert!(diagnosis.report.servers.is_empty());
}

#[test]
fn a_contradiction_is_said_and_the_logs_are_believed() {
    let diagnosis = diagnosed(&logs("evidence-DUP910-status-v2.5"));
    let finding = found(&diagnosis, "DUP910").unwrap();
    assert!(finding.explanation.contains("status = DS_APP") && finding.explanation.contains("DS_LOG"), "{}", finding.explanation);
    assert_eq!(diagnosis.report.duplications[0].status.map(dupdoctor::DupStatus::name), Some("DS_LOG"));
    assert!(found(&diagnosed(&logs("evidence-news-after-the-logs-v2.5")), "DUP910").is_none(), "news is no contradiction");
}

const ANSWER: &str = "duplications of app [feed] in detail:\n{\"1\":{\"create_ts\":\"2024-05-25 10:11:03\",\"dupid\":1716603063,\"fail_mode\":\"FAIL_SLOW\",\"remote\":\"far\",\"status\":\"DS_PREPARE\"},\"appid\":5}\n";

#[test]
fn an_answer_without_a_time_goes_by_the_file_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer.txt");
    std::fs::write(&path, ANSWER).unwrap();
    let changed = UNIX_EPOCH + Duration::from_secs(1_716_603_063 + 7200);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(changed).unwrap();
    let diagnosis = diagnosed(folder.path());
    let input = &diagnosis.report.inputs[0];
    assert!(input.notes.iter().any(|n| n.contains("dated by the file's last change, 2024-05-25T04:11:03")), "{:?}", input.notes);
    assert_eq!(diagnosis.report.duplications[0].status_seconds, Some(7200));
    // Where nothing tells the time, it is the end of what is known.
    let read = ingest_memory(&[("answer.txt", ANSWER.as_bytes())], &Options::default());
    assert!(read.inputs[0].notes.contains(&InputNote::DatedLast), "{:?}", read.inputs[0].notes);
    assert_eq!(read.runs[0].run.first.at, LogTime(1_716_603_063_000_000_000));
}

#[test]
fn an_undated_answer_contradicts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = std::fs::read_dir(logs("healthy-v2.5-full-copy").join("hz_pay/meta1")).unwrap().next().unwrap().unwrap().path();
    std::fs::create_dir_all(folder.path().join("hz_pay/meta1")).unwrap();
    std::fs::copy(&log, folder.path().join("hz_pay/meta1/log.1.txt")).unwrap();
    let old = "duplications of app [pay_order] in detail:\n{\"1\":{\"create_ts\":\"2024-03-11 09:40:04\",\"dupid\":1710121204,\"fail_mode\":\"FAIL_SLOW\",\"remote\":\"sg_pay\",\"status\":\"DS_APP\"},\"appid\":4}\n";
    std::fs::write(folder.path().join("query.txt"), old).unwrap();
    let diagnosis = diagnosed(folder.path());
    assert!(found(&diagnosis, "DUP910").is_none(), "{:?}", diagnosis.report.findings.iter().map(|f| &f.code).collect::<Vec<_>>());
    assert_eq!(diagnosis.report.duplications[0].status.map(dupdoctor::DupStatus::name), Some("DS_LOG"));
}

#[test]
fn what_is_wrong_with_a_file_is_named_and_the_rest_used() {
    let torn = "[2024-05-25 12:00:00 +0800] >>> query_dup feed -d\nduplications of app [feed] in detail:\n{\"1\":{\"create_ts\":\"2024-05-25 10:11:03\",\"dupid\":1716603063,\"remote\":\"far\",\"status\":\"DS_PREPARE\"},\"2\":{\"dupi\n>>> add_dup other far -s\n添加成功\n";
    let read = ingest_memory(&[("t.txt", torn.as_bytes())], &Options::default());
    let notes: Vec<String> = read.inputs[0].notes.iter().map(ToString::to_string).collect();
    assert!(notes.iter().any(|n| n.starts_with("line 3: JSON that is cut off")), "{notes:?}");
    assert!(notes.iter().any(|n| n.starts_with("line 5: the answer to add_dup is not understood: \"添加成功\"")), "{notes:?}");
    assert!(read.runs.iter().any(|r| r.run.kind().name() == "duplication_answered"), "the whole entry is used");
    let ini = "[replication]\ncluster_name = a\nduplication_enabeld = true\n[duplication-group]\na = 0\n";
    let read = ingest_memory(&[("config.ini", ini.as_bytes())], &Options::default());
    let note = read.inputs[0].notes[0].to_string();
    assert!(note.starts_with("line 3: ") && note.ends_with("did you mean duplication_enabled?"), "{note}");
    let kinds: Vec<&str> = read.runs.iter().map(|r| r.run.kind().name()).collect();
    assert_eq!(kinds, ["config_misread", "config_fault"]);
}

/// Frames as each tool prints them, of the same crash.
fn stacks(frames: &[&str]) -> Vec<(&'static str, String)> {
    let each = |line: &dyn Fn(usize, &str) -> String| frames.iter().enumerate().map(|(n, f)| line(n, f) + "\n").collect::<String>();
    let plain = |f: &str| f.replace("()", "");
    vec![
        (
            "gdb",
            "(gdb) bt\n".to_owned()
                + &each(&|n, f| format!("#{n}  0x00007fd091686d0{n} in {} (this=0x21ad2bd90)\n    at /build/src/some.cpp:31", plain(f))),
        ),
        (
            "pstack",
            "Thread 1 (Thread 0x7fd0 (LWP 4711)):\n".to_owned()
                + &each(&|n, f| format!("#{n}  0x00007fd091686d0{n} in {f} () from /lib/libdsn.so")),
        ),
        (
            "glog",
            "*** SIGSEGV (@0x0) received by PID 4711 (TID 0x7fd0) from PID 0; stack trace: ***\n".to_owned()
                + &each(&|n, f| format!("    @     0x7fd091686d0{n} {f}")),
        ),
        ("addr2line", each(&|n, f| format!("{f}\n/build/src/some.cpp:{n}"))),
        ("a ticket", each(&|n, f| format!("> #{n}  0x00007fd091686d0{n} in {f} ()"))),
        (
            "docker",
            each(&|n, f| {
                serde_json::json!({"log": format!("#{n}  0x00007fd091686d0{n} in {f} ()\n"), "stream": "stderr", "time": "2024-05-25T15:29:30Z"}).to_string()
            }),
        ),
    ]
}

#[test]
fn a_stack_names_its_failure_however_it_was_taken() {
    let of = |name: &str| format!("dsn::replication::{name}()");
    for (code, frames) in [
        ("DUP501", vec!["replica_duplicator::verify_start_decree", "load_from_private_log::run"]),
        ("DUP503", vec!["prepare_list::commit", "prepare_list::prepare", "mutation_batch::add", "load_from_private_log::replay_log_block"]),
        ("DUP506", vec!["log_file::log_file", "load_from_private_log::find_log_file_to_start"]),
        ("DUP514", vec!["mutation_log::max_commit_on_disk", "load_mutation::run"]),
        ("DUP516", vec!["replica_duplicator_manager::remove_all_duplications", "duplication_sync_timer::on_duplication_sync_reply"]),
        ("DUP517", vec!["mutation_batch::add_mutation_if_valid", "mutation_batch::add"]),
        ("DUP519", vec!["replica_stub::handle_log_failure", "replica::on_append_log_completed"]),
    ] {
        let frames: Vec<String> = frames.into_iter().map(of).collect();
        for (tool, text) in stacks(&frames.iter().map(String::as_str).collect::<Vec<_>>()) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("stack.txt");
            std::fs::write(&path, &text).unwrap();
            let report = diagnosed(&path).report;
            let codes: Vec<&str> = report.findings.iter().map(|f| f.code.as_str()).collect();
            assert!(codes.contains(&code), "{code} of {tool}: {codes:?}\n{text}");
            let proof = report.findings.iter().find(|f| f.code == code).unwrap();
            assert!(
                proof.evidence.iter().all(|e| text.lines().nth(usize::try_from(e.line.unwrap()).unwrap() - 1).unwrap().contains("dsn::")),
                "{proof:?}"
            );
        }
    }
}

#[test]
fn hosts_and_pods_that_the_machine_names_can_be_hidden() {
    let folder = tempfile::tempdir().unwrap();
    for (text, name) in [
        (
            "Nov 12 15:32:39 qzvxhost7 kernel: pegasus_server[4711]: segfault at 40 ip 00007f sp 00007f error 4 in libdsn_utils.so[7f+1000]\n",
            "qzvxhost7",
        ),
        (
            "Name:  qzvxpegasus-replica-0\nContainers:\n  replica:\n    Last State:  Terminated\n      Reason:  Error\n      Exit Code:  139\n",
            "qzvxpegasus",
        ),
    ] {
        let path = folder.path().join("machine.txt");
        std::fs::write(&path, text).unwrap();
        let run = |more: &[&str]| {
            let args: Vec<&str> = ["diagnose", path.to_str().unwrap()].iter().chain(more).copied().collect();
            outcome(&mut program(&args)).1
        };
        assert!(run(&[]).contains("DUP524") && run(&[]).contains(name));
        assert!(!run(&["--redact"]).contains(name), "{}", run(&["--redact"]));
    }
}
