//! `--state`: nothing is lost and nothing is told twice over a restart.

use super::LOG;
use super::desk::{Desk, Story};
use std::fs;

const ARGS: &[&str] = &["hz", "--format", "ndjson", "--state", "state.json"];

/// Waits until the state says that the finding was told.
fn wait_saved(desk: &Desk, code: &str, there: bool) {
    let begin = std::time::Instant::now();
    loop {
        let text = fs::read_to_string(desk.path("state.json")).unwrap_or_default();
        // All was told that it has.
        if text.ends_with("\"untold\":[]}}\n") && text.contains(code) == there {
            return;
        }
        assert!(begin.elapsed() < super::desk::LIMIT, "{code} {there}: {text}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn after_kill_9_it_goes_on_across_a_rotation() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let mut watch = desk.watch(ARGS);
    watch.wait("opened", "DUP301");
    wait_saved(&desk, "DUP301", true);
    watch.kill();
    // Meanwhile the log rotates, and the old file goes.
    desk.append("hz/meta1/meta.log.20240525_111029_173", &story.again(2));
    fs::remove_file(desk.path(LOG)).unwrap();
    let mut watch = desk.watch(ARGS);
    watch.wait_err("disappeared since the last run");
    assert_eq!(watch.rest(), [""; 0], "nothing is told twice, nothing is taken back");
    desk.append("hz/meta1/meta.log.20240525_111029_173", &story.moves_on(6));
    watch.wait("cleared", "DUP301");
    wait_saved(&desk, "DUP301", false);
    watch.kill();
    let mut watch = desk.watch(ARGS);
    assert_eq!(watch.rest(), [""; 0]);
}

#[test]
fn what_happened_meanwhile_is_told() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let mut watch = desk.watch(ARGS);
    let opened = watch.wait("opened", "DUP301");
    watch.signal(rustix::process::Signal::TERM);
    assert_eq!(watch.code(), Some(0));
    desk.append(LOG, &story.moves_on(6));
    let mut watch = desk.watch(ARGS);
    let cleared = watch.wait("cleared", "DUP301");
    assert_eq!(cleared["finding"]["fingerprint"], opened["finding"]["fingerprint"]);
    assert_eq!(watch.rest(), [""; 0]);
}

#[test]
fn a_pipe_that_repeats_its_history_is_not_told_again() {
    let (desk, story) = (Desk::new(), Story::fresh());
    let args = ["-", "--format", "ndjson", "--state", "state.json"];
    let mut watch = desk.watch(&args);
    watch.feed(&(story.well() + &story.stuck()));
    watch.wait("opened", "DUP301");
    wait_saved(&desk, "DUP301", true);
    watch.kill();
    let mut watch = desk.watch(&args);
    watch.feed(&(story.well() + &story.stuck()));
    assert_eq!(watch.rest(), [""; 0]);
    watch.feed(&story.moves_on(9));
    watch.wait("cleared", "DUP301");
}

#[test]
fn a_damaged_state_is_refused_and_left_as_it_is() {
    let (desk, story) = (Desk::new(), Story::fresh());
    desk.append(LOG, &(story.well() + &story.stuck()));
    let mut watch = desk.watch(ARGS);
    watch.wait("opened", "DUP301");
    wait_saved(&desk, "DUP301", true);
    watch.kill();
    let whole = fs::read_to_string(desk.path("state.json")).unwrap();
    let altered = whole.replace("test_orders", "test_0rders");
    for (damaged, said) in [
        (whole[..whole.len() / 2].to_owned(), "it is damaged"),
        (altered, "its checksum does not fit"),
        (String::new(), "it is empty"),
        ("{}".to_owned(), "was not written by dupdoctor watch"),
        (whole.replacen("\"version\":3", "\"version\":7", 1), "it is of version 7"),
    ] {
        fs::write(desk.path("state.json"), &damaged).unwrap();
        let mut watch = desk.watch(ARGS);
        assert_eq!(watch.code(), Some(2), "{said}");
        watch.wait_err(said);
        assert_eq!(fs::read_to_string(desk.path("state.json")).unwrap(), damaged);
    }
}
