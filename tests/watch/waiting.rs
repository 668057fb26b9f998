//! What waits for a slow command or a stopped reader: it is in the state, whatever ends the program.

use super::LOG;
use super::desk::{Desk, LIMIT, Story};
use crate::support::program;
use rustix::process::Signal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::time::Instant;

const STATE: &[&str] = &["hz", "--format", "ndjson", "--state", "state.json"];

/// Lines of so many duplications that get stuck at once.
pub(super) fn stuck(duplications: i64) -> String {
    let (now, mut text) = (super::desk::now(), String::new());
    for (n, dup) in (0..8).flat_map(|n| (0..duplications).map(move |dup| (n, dup))) {
        let (at, id, app) = (now - 490_000_000_000 + n * 70_000_000_000 + dup, now / 1_000_000_000 - 4000 + dup, dup + 2);
        let (level, line) = match n {
            0 => (
                'I',
                format!(
                    "duplication_info.cpp:172:persist_status(): [a{app}d{id}] change duplication status from DS_PREPARE to DS_APP successfully [app_id: {app}]"
                ),
            ),
            1 => (
                'I',
                format!(
                    "meta_duplication_service.cpp:227:operator()(): [a{app}d{id}] add duplication successfully [app_name: table_{dup}, follower: dr]"
                ),
            ),
            _ => (
                'E',
                format!(
                    "meta_duplication_service.cpp:481:operator()(): query follower app[dr.table_{dup}] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"
                ),
            ),
        };
        let header = format!("{level}2024-05-24 17:21:57.120 ({at} 29604)   meta.meta_state0.0203000000000083");
        text.extend([header.as_str(), ": ", &line, "\n"]);
    }
    text
}

/// Changes by duplication: how many, and how many of them say that they may have been told already.
fn told(text: &str) -> BTreeMap<i64, (usize, usize)> {
    let mut told = BTreeMap::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&value["change"], &value["finding"]["code"]), (&"opened".into(), &"DUP300".into()), "{line}");
        let count: &mut (usize, usize) = told.entry(value["finding"]["duplication"]["app_id"].as_i64().unwrap()).or_default();
        count.0 += 1;
        count.1 += usize::from(value["again"] == true);
    }
    told
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < LIMIT, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_command_gets_every_change_though_the_program_is_ended_meanwhile() {
    const DUPLICATIONS: u8 = 5;
    for signal in [Signal::KILL, Signal::TERM] {
        let desk = Desk::new();
        desk.append(LOG, &stuck(DUPLICATIONS.into()));
        let got = || fs::read_to_string(desk.path("got")).unwrap_or_default();
        // The third one takes longer than it may.
        let slow = "cat >> got; test $(wc -l < got) -lt 3 || sleep 20";
        let mut watch = desk.watch(&[STATE, &["--exec", slow, "--exec-timeout", "2s"]].concat());
        wait_for("the third command", || got().lines().count() == 3);
        watch.signal(signal);
        watch.code();
        if signal == Signal::TERM {
            watch.wait_err("are in --state and will be reported after a restart");
        }
        let before = got();
        let watch = desk.watch(&[STATE, &["--exec", "cat >> got"]].concat());
        wait_for("all others", || told(&got()).len() == usize::from(DUPLICATIONS));
        drop(watch);
        let (first, all) = (told(&before), told(&got()));
        let repeated: Vec<&(usize, usize)> = all.values().filter(|times| times.0 > 1).collect();
        // Only the one that was in flight, and it says so.
        assert!(repeated.len() <= 1 && repeated.iter().all(|times| **times == (2, 1)), "{signal:?}: {first:?} {all:?}");
    }
}

#[test]
fn a_stopped_reader_gets_after_a_restart_what_it_had_not() {
    const DUPLICATIONS: u8 = 60;
    let desk = Desk::new();
    desk.append(LOG, &stuck(DUPLICATIONS.into()));
    let mut child = program(&["watch"]).args(STATE).current_dir(desk.0.path()).spawn().unwrap();
    // Nobody reads, and a pipe has room for few of them.
    let state = || fs::read_to_string(desk.path("state.json")).unwrap_or_default();
    wait_for("the state", || state().matches("\"number\"").count() >= DUPLICATIONS.into() && state().contains("told stdout"));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let (mut out, mut err) = (String::new(), String::new());
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(err.contains("changes not reported yet: stdout "), "{err}");
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    // The last line may be cut off, as the reader saw to it.
    out.truncate(out.rfind('\n').map_or(0, |at| at + 1));
    let first = told(&out).len();
    assert!(first > 0 && first < DUPLICATIONS.into(), "{first}");
    let mut watch = desk.watch(STATE);
    let rest = watch.rest().len();
    assert_eq!(first + rest, usize::from(DUPLICATIONS));
}

#[test]
fn without_a_state_what_is_lost_is_counted() {
    let desk = Desk::new();
    desk.append(LOG, &stuck(4300));
    let mut child = program(&["watch", "hz", "--format", "ndjson"]).current_dir(desk.0.path()).spawn().unwrap();
    // Nobody reads standard output; the program goes on, says what it drops, and ends when it is asked to.
    let mut err = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("dropped so far: stdout ") {
        assert!(std::io::BufRead::read_line(&mut err, &mut said).unwrap() > 0, "{said}");
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    err.read_to_string(&mut said).unwrap();
    assert!(said.contains("changes not reported yet: stdout ") && said.contains("they are lost, as there is no --state"), "{said}");
}

#[test]
fn a_time_that_lies_ahead_does_not_silence_a_restart() {
    use dupdoctor::internal::watch::WatchState;
    let (desk, story) = (Desk::new(), Story::fresh());
    let ahead = WatchState { told_until: super::desk::now() + 90 * 86_400_000_000_000, ..WatchState::default() };
    fs::write(desk.path("state.json"), ahead.to_text()).unwrap();
    desk.append(LOG, &story.well());
    let mut watch = desk.watch(STATE);
    watch.wait_err("which is in the future: using the current time instead");
    desk.append(LOG, &story.stuck());
    desk.append(LOG, &story.again(3));
    watch.wait("opened", "DUP301");
}
