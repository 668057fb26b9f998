//! Standard output in a thread of its own: a reader that is slow, or stops, must not stop the reading of logs.

use anyhow::Result;
use std::io::Write;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Changes that wait for the reader of standard output; more are dropped and counted.
const WAITING: usize = 1024;

/// Writes to standard output.
pub(super) struct Writer {
    sender: SyncSender<String>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    handed_over: AtomicU64,
    written: AtomicU64,
    dropped: AtomicU64,
    closed: AtomicBool,
}

impl Writer {
    pub(super) fn new() -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || write(&receiver, &shared))?;
        Ok(Self { sender, state })
    }

    /// Hands over a text; drops it when too many wait.
    pub(super) fn write(&self, text: String) {
        if self.sender.try_send(text).is_ok() {
            self.state.handed_over.fetch_add(1, Ordering::SeqCst);
        } else {
            self.state.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Whether all that was handed over was written.
    pub(super) fn is_idle(&self) -> bool {
        self.state.written.load(Ordering::SeqCst) >= self.state.handed_over.load(Ordering::SeqCst)
    }

    /// Texts that nobody will read.
    pub(super) fn dropped(&self) -> u64 {
        self.state.dropped.load(Ordering::SeqCst)
    }

    /// Whether the reader went away.
    pub(super) fn is_closed(&self) -> bool {
        self.state.closed.load(Ordering::SeqCst) || reader_is_gone()
    }

    /// Waits until all was written, or not for ever.
    pub(super) fn finish(&self, limit: Duration) {
        let begin = Instant::now();
        while !self.is_idle() && !self.state.closed.load(Ordering::SeqCst) && begin.elapsed() < limit {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn write(receiver: &Receiver<String>, state: &State) {
    let mut out = std::io::stdout();
    for text in receiver {
        // Not under one lock for all: the lock is given back between two changes.
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            state.closed.store(true, Ordering::SeqCst);
            return;
        }
        state.written.fetch_add(1, Ordering::SeqCst);
    }
}

/// A pipe tells that its reader is gone before anything is written to it.
fn reader_is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let out = std::io::stdout();
    let mut fds = [PollFd::from_borrowed_fd(out.as_fd(), PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_ok_and(|n| n > 0) && fds[0].revents().contains(PollFlags::ERR)
}
