//! `--exec`: a shell command for each change, one after the other, each with a limit.

use super::outbox::Outbox;
use crate::console::warn;
use anyhow::Result;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Runs the command with each change's JSON. At the end, what waits has as long as one command may take.
pub(super) fn exec(command: String, limit: Duration) -> Result<Outbox<String>> {
    Outbox::<String>::new("exec", limit, move |changes| {
        for json in changes {
            if let Err(reason) = run(&command, limit, json.item.clone()) {
                warn(&format!("--exec {command}: {reason}"));
            }
        }
    })
}

fn run(command: &str, limit: Duration, json: String) -> Result<(), String> {
    let mut shell = Command::new("sh");
    // Standard output carries only changes; a group of its own, so that all of it can be ended.
    shell.arg("-c").arg(command).stdin(Stdio::piped()).stdout(std::io::stderr()).process_group(0);
    let mut child = shell.spawn().map_err(|error| format!("cannot be run: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read must not hold us up; one that is gone needs nothing.
        std::thread::spawn(move || stdin.write_all(json.as_bytes()));
    }
    match wait(&mut child, limit) {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("ended with {status}")),
        None => Err(format!("took more than {} s and was ended", limit.as_secs())),
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
