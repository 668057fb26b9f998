//! Standard output, written in threads of their own.

use super::args::ChangeFormat;
use super::ledger::Ledger;
use super::outbox::{Outbox, wait};
use crate::console::warn;
use anyhow::Result;
use dupdoctor::Style;
use dupdoctor::internal::render::{change_json, change_text};
use dupdoctor::internal::watch::Output;
use std::io::{ErrorKind, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long the last lines may take when the program ends.
const LAST_LINES: Duration = Duration::from_secs(5);

/// `failed` becomes true when it cannot be written to though somebody is there.
pub(super) fn stdout(ledger: &Arc<Ledger>, format: ChangeFormat, style: Arc<Mutex<Style>>, failed: Arc<AtomicBool>) -> Result<Outbox> {
    Outbox::new(Output::Stdout, ledger, LAST_LINES, move |change| {
        let text = match format {
            ChangeFormat::Text => change_text(change, &style.lock().unwrap_or_else(PoisonError::into_inner)) + "\n",
            ChangeFormat::Ndjson => change_json(change),
        };
        let written = write(&text);
        if let Err(error) = &written
            && error.kind() != ErrorKind::BrokenPipe
        {
            warn(&format!("cannot write to standard output: {error}"));
            failed.store(true, Ordering::SeqCst);
        }
        written.is_ok()
    })
}

/// Writes the last words, unless nobody reads.
pub(super) fn last_words(text: String) {
    wait(&std::thread::spawn(move || _ = write(&text)), LAST_LINES);
}

/// Not under one lock for all: it is given back between two changes.
fn write(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// A pipe tells that its reader is gone before anything is written to it.
pub(super) fn reader_is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let out = std::io::stdout();
    let mut fds = [PollFd::from_borrowed_fd(out.as_fd(), PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_ok_and(|n| n > 0) && fds[0].revents().contains(PollFlags::ERR)
}
