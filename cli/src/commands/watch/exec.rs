//! `--exec`: a shell command for each change, one after the other, each with a limit.

use crate::console::warn;
use anyhow::Result;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Changes that wait for the command; more are dropped and counted.
const WAITING: usize = 1024;

/// Runs a command for each change.
pub(super) struct Exec {
    sender: Option<SyncSender<String>>,
    dropped: AtomicU64,
    done: Arc<AtomicU64>,
    given: AtomicU64,
    thread: Option<JoinHandle<()>>,
    limit: Duration,
}

impl Exec {
    pub(super) fn new(command: &str, limit: Duration) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let (command, done) = (command.to_owned(), Arc::new(AtomicU64::new(0)));
        let shared = Arc::clone(&done);
        let thread = std::thread::Builder::new().name("exec".to_owned()).spawn(move || work(&command, limit, &receiver, &shared))?;
        Ok(Self { sender: Some(sender), dropped: AtomicU64::new(0), done, given: AtomicU64::new(0), thread: Some(thread), limit })
    }

    /// Hands over a change's JSON.
    pub(super) fn run(&self, json: String) {
        if self.sender.as_ref().is_some_and(|s| s.try_send(json).is_ok()) {
            self.given.fetch_add(1, Ordering::SeqCst);
        } else {
            self.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Changes for which no command will run.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Lets what waits finish, for as long as one command may take.
    pub(super) fn finish(&mut self) {
        self.sender = None;
        let begin = Instant::now();
        while self.done.load(Ordering::SeqCst) < self.given.load(Ordering::SeqCst) && begin.elapsed() < self.limit {
            std::thread::sleep(Duration::from_millis(10));
        }
        if self.done.load(Ordering::SeqCst) >= self.given.load(Ordering::SeqCst)
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

fn work(command: &str, limit: Duration, receiver: &Receiver<String>, done: &AtomicU64) {
    for json in receiver {
        if let Err(reason) = run(command, limit, json) {
            warn(&format!("--exec {command}: {reason}"));
        }
        done.fetch_add(1, Ordering::SeqCst);
    }
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
fn wait(child: &mut Child, limit: Duration) -> Option<std::process::ExitStatus> {
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
