//! `--exec`: a shell command for each change, one after the other, each with a limit.

use super::ledger::Ledger;
use super::outbox::Outbox;
use crate::console::warn;
use anyhow::Result;
use dupdoctor::internal::render::change_json;
use dupdoctor::internal::watch::Output;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it is waited before a shell that cannot be started now, as files or processes ran out, is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Runs the command with each change's JSON. At the end, what waits has as long as one command may take.
pub(super) fn exec(ledger: &Arc<Ledger>, command: String, limit: Duration) -> Result<Outbox> {
    Outbox::new(Output::Exec, ledger, limit, move |change| {
        let json = change_json(change);
        let mut child = start(&command);
        if let Some(mut stdin) = child.stdin.take() {
            // A command that does not read must not hold us up; one that is gone needs nothing.
            std::thread::spawn(move || stdin.write_all(json.as_bytes()));
        }
        match wait(&mut child, limit) {
            Some(status) if status.success() => {}
            Some(status) => warn(&format!("--exec {command}: ended with {status}")),
            None => warn(&format!("--exec {command}: took more than {} s and was ended", limit.as_secs())),
        }
        true
    })
}

/// Starts the command; a change that it did not get would be lost.
fn start(command: &str) -> Child {
    let mut warned = false;
    loop {
        let mut shell = Command::new("sh");
        // Standard output carries only changes; a group of its own, so that all of it can be ended.
        shell.arg("-c").arg(command).stdin(Stdio::piped()).stdout(std::io::stderr()).process_group(0);
        match shell.spawn() {
            Ok(child) => return child,
            Err(error) if !warned => {
                warn(&format!("--exec {command}: cannot be run: {error}; retrying; changes are queued"));
                warned = true;
            }
            Err(_) => {}
        }
        std::thread::sleep(AGAIN);
    }
}

/// Waits for a child; ends it with all that it started when it takes too long.
fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let begin = Instant::now();
    while begin.elapsed() < limit {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
    None
}
