//! `dupdoctor watch` as users run it: rotation, truncation, restart, silence, pipes, alerts.
//!
//! Tests wait for what must come, with limits that only a hanging program reaches.

mod alerts;
mod clocks;
mod desk;
mod examples;
mod metrics;
mod restart;
mod torture;
mod waiting;

use crate::support::program;
use desk::{Desk, Story};
use rustix::process::Signal;
use std::fs;
use std::os::unix::fs::symlink;

const LOG: &str = "hz/meta1/meta.log.20240525_101029_173";

#[test]
fn it_opens_once_and_clears_when_the_duplication_moves_on() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &story.well());
    let mut watch = desk.watch(&["hz", "--format", "ndjson"]);
    watch.wait_err("watching: servers 1");
    desk.append(LOG, &story.stuck());
    let opened = watch.wait("opened", "DUP301");
    assert_eq!(opened["finding"]["active"], true);
    assert_eq!(opened["finding"]["duplication"]["app_name"], "test_orders");
    assert_eq!(opened["finding"]["evidence"][0]["path"], format!("{LOG}"));
    desk.append(LOG, &story.again(3));
    desk.append(LOG, &story.moves_on(6));
    let cleared = watch.wait("cleared", "DUP301");
    assert_eq!((&cleared["finding"]["active"], &cleared["finding"]["severity"]), (&false.into(), &"info".into()));
    assert_eq!(cleared["finding"]["fingerprint"], opened["finding"]["fingerprint"]);
    assert_eq!(watch.rest(), [""; 0]);
    watch.signal(Signal::TERM);
    assert_eq!(watch.code(), Some(0));
}

#[test]
fn both_kinds_of_rotation_are_followed() {
    for (first, second, link) in [
        ("hz/meta1/meta.log.20240525_101029_173", "hz/meta1/meta.log.20240525_111029_173", Some("hz/meta1/meta.log")),
        ("hz/meta1/log.9.txt", "hz/meta1/log.10.txt", None),
    ] {
        let (desk, story) = (Desk::new(), Story::fresh());
        let turn = |target: &str| {
            if let Some(link) = link {
                let _ = fs::remove_file(desk.path(link));
                symlink(target.rsplit('/').next().unwrap(), desk.path(link)).unwrap();
            }
        };
        desk.append(first, &story.well());
        turn(first);
        let mut watch = desk.watch(&[link.unwrap_or(first), "--format", "ndjson"]);
        watch.wait_err("watching: servers 1");
        // The change stands in the old file, what shows that it is stuck on both sides of the rotation.
        let stuck = story.stuck();
        let middle = stuck[..stuck.len() / 2].rfind('\n').unwrap() + 1;
        desk.append(first, &stuck[..middle]);
        desk.append(second, &stuck[middle..]);
        turn(second);
        watch.wait("opened", "DUP301");
        desk.append(second, &story.moves_on(6));
        watch.wait("cleared", "DUP301");
        assert_eq!(watch.rest(), [""; 0], "{first}");
    }
}

#[test]
fn truncation_and_copytruncate_lose_nothing() {
    for copy in [false, true] {
        let (desk, story) = (Desk::new(), Story::fresh());
        desk.append("hz/meta1/meta.log", &story.well());
        let mut watch = desk.watch(&["hz", "--format", "ndjson"]);
        watch.wait_err("watching: servers 1");
        if copy {
            desk.append("hz/meta1/meta.log", &story.stuck());
            fs::copy(desk.path("hz/meta1/meta.log"), desk.path("hz/meta1/meta.log.1")).unwrap();
            fs::write(desk.path("hz/meta1/meta.log"), story.again(1)).unwrap();
        } else {
            fs::write(desk.path("hz/meta1/meta.log"), story.stuck()).unwrap();
        }
        let opened = watch.wait("opened", "DUP301");
        let times = opened["finding"]["occurrences"].as_u64().unwrap();
        assert!(times >= 85, "{copy}: {times}");
        desk.append("hz/meta1/meta.log", &story.moves_on(6));
        watch.wait("cleared", "DUP301");
    }
}

#[test]
fn a_file_that_appears_later_is_read_and_a_deleted_one_is_no_silence() {
    let (desk, story) = (Desk::new(), Story::fresh());
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--expect", "silence=1s"]);
    desk.append(LOG, &story.well());
    desk.append(LOG, &story.stuck());
    watch.wait("opened", "DUP301");
    watch.wait("opened", "DUP908");
    fs::remove_file(desk.path(LOG)).unwrap();
    watch.wait("opened", "DUP909");
    watch.wait("cleared", "DUP908");
    assert!(watch.err().contains("no longer followed, deleted"), "{}", watch.err());
    desk.append("hz/meta1/meta.log.20240525_111029_173", &story.moves_on(6));
    watch.wait("cleared", "DUP909");
}

#[test]
fn time_passes_without_lines() {
    let (desk, story) = (Desk::new(), Story::fresh());
    // The last that is heard of the duplication: five minutes and a half ago it went to DS_PREPARE, and k stands still.
    let prepare: String = story.well().lines().take(30).fold(String::new(), |all, line| all + line + "\n");
    desk.append(LOG, &prepare);
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--expect", "prepare=335s", "--expect", "silence=330s"]);
    watch.wait_err("watching: servers 1, files 1, lines 30, duplications 1 (needing attention 0), findings open 0");
    let stuck = watch.wait("opened", "DUP200");
    assert_eq!(stuck["finding"]["duplication"]["app_name"], "test_orders");
    watch.wait("opened", "DUP908");
    assert_eq!(watch.rest(), [""; 0]);
}

#[test]
fn a_meta_server_that_hears_of_no_duplication_any_more_is_told() {
    let (desk, story) = (Desk::new(), Story::fresh());
    // It goes on logging beacons for minutes, but the syncs have ceased.
    let sync = |line: &&str| ["query follower", "duplication report", "still running"].iter().any(|words| line.contains(words));
    let beacons: String = story.stuck().lines().filter(|line| !sync(line)).fold(String::new(), |all, line| all + line + "\n");
    desk.append(LOG, &story.well());
    desk.append(LOG, &beacons);
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--expect", "sync=200s"]);
    let silent = watch.wait("opened", "DUP907");
    assert_eq!(silent["finding"]["severity"], "warning");
    assert!(silent["finding"]["duplication"].is_null(), "{silent}");
    desk.append(LOG, &story.again(1));
    watch.wait("cleared", "DUP907");
}

#[test]
fn an_old_log_does_not_age() {
    let (desk, story) = (Desk::new(), Story::old());
    desk.append(LOG, &story.well());
    let mut watch = desk.watch(&["hz", "--format", "ndjson"]);
    watch.wait_err("the clock is frozen at the last log line");
    assert_eq!(watch.rest(), [""; 0]);
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--clock", "wall"]);
    watch.wait("opened", "DUP908");
}

#[test]
fn a_pipe_that_ends_gives_a_summary_and_the_codes_of_diagnose() {
    let story = Story::old();
    for (text, code, said) in [
        (story.well(), 0, "1 duplication, and none needs you"),
        (story.well() + &story.stuck(), 1, "The duplication needs attention"),
        ("hello\n".to_owned(), 2, ""),
    ] {
        let desk = Desk::new();
        let mut watch = desk.watch(&["-", "--tz", "utc"]);
        watch.feed(&text);
        watch.end_input();
        assert_eq!(watch.code(), Some(code), "{}", watch.err());
        let text = watch.text();
        assert!(text.contains(said) || code == 0, "{text}");
        assert_eq!(text.contains("OPENED  test_orders → target_cluster"), code == 1, "{text}");
    }
}

#[test]
fn a_pipe_is_told_while_it_is_open() {
    let (desk, story) = (Desk::new(), Story::fresh());
    let mut watch = desk.watch(&["-", "--format", "ndjson"]);
    watch.feed(&story.well());
    watch.feed(&story.stuck());
    watch.wait("opened", "DUP301");
    watch.feed(&story.moves_on(6));
    watch.wait("cleared", "DUP301");
    watch.end_input();
    assert_eq!(watch.code(), Some(0), "{}", watch.err());
}

#[test]
fn a_closed_standard_output_is_a_quiet_end() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &story.well());
    let mut child = program(&["watch", "hz", "-q"]).current_dir(desk.0.path()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_full_disk_is_said_and_is_no_success() {
    let (desk, story) = (Desk::new(), Story::old());
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = program(&["watch", "-", "-q"]);
    let mut child = command.current_dir(desk.0.path()).stdin(std::process::Stdio::piped()).stdout(full).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), (story.well() + &story.stuck()).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write to standard output: No space left on device"), "{said}");
}

#[test]
fn what_cannot_be_used_is_refused() {
    let desk = Desk::new();
    for (args, said) in [
        (&["missing"] as &[&str], "no such file or directory"),
        (&["hz", "--from", "yesterday"], "use start, end, or a duration"),
        (&["hz", "--alertmanager", "localhost"], "use a URL"),
        (&["hz", "--metrics", "256.0.0.1:1"], "invalid"),
        (&["hz", "--tui"], "--tui needs a terminal"),
        (&["hz", "--expect", "nothing=1s"], "unknown name"),
    ] {
        let mut watch = desk.watch(args);
        assert_eq!(watch.code(), Some(2), "{args:?}");
        watch.wait_err(said);
    }
}

#[test]
fn an_unreadable_file_is_a_message_and_the_rest_goes_on() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    fs::write(desk.path("hz/logs.zip"), b"PK\x03\x04").unwrap();
    fs::write(desk.path("hz/noise.bin"), [0_u8, 159, 146, 150].repeat(1000)).unwrap();
    let mut watch = desk.watch(&["hz", "--format", "ndjson"]);
    watch.wait("opened", "DUP301");
    assert!(watch.err().contains("logs.zip: unsupported archive format"), "{}", watch.err());
}

#[test]
fn from_the_end_only_what_is_new_counts() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let mut watch = desk.watch(&["hz", "--format", "ndjson", "--from", "end"]);
    assert_eq!(watch.rest(), [""; 0]);
    for seconds in 1..8 {
        desk.append(LOG, &story.again(seconds));
    }
    let seen = watch.rest();
    assert!(seen.iter().all(|s| s.starts_with("opened")), "{seen:?}");
    watch.signal(Signal::INT);
    assert_eq!(watch.code(), Some(0));
}
