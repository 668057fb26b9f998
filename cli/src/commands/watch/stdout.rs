//! Standard output, written in a thread of its own.

use super::outbox::Outbox;
use anyhow::Result;
use std::io::Write;
use std::os::fd::AsFd;
use std::time::Duration;

/// How long the last lines may take when the program ends.
const LAST_LINES: Duration = Duration::from_secs(5);

pub(super) fn stdout() -> Result<Outbox<String>> {
    Outbox::<String>::new("stdout", LAST_LINES, |texts| {
        let mut out = std::io::stdout();
        for text in texts {
            // Not under one lock for all: the lock is given back between two changes.
            if out.write_all(text.item.as_bytes()).and_then(|()| out.flush()).is_err() {
                return;
            }
        }
    })
}

/// A pipe tells that its reader is gone before anything is written to it.
pub(super) fn reader_is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let out = std::io::stdout();
    let mut fds = [PollFd::from_borrowed_fd(out.as_fd(), PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_ok_and(|n| n > 0) && fds[0].revents().contains(PollFlags::ERR)
}
