//! Hands what is to be told to a thread of its own: whoever takes it slowly, or not at all, must not stop the reading of logs.

use anyhow::Result;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// Items that wait; more are dropped and counted.
const WAITING: usize = 1024;

pub(super) struct Outbox<T> {
    name: &'static str,
    sender: Option<SyncSender<Waiting<T>>>,
    /// Every item that waits holds a copy.
    waiting: Arc<()>,
    dropped: u64,
    thread: JoinHandle<()>,
    /// How long the end of the program may be held up.
    limit: Duration,
}

/// An item that counts as waiting until this is dropped.
pub(super) struct Waiting<T> {
    pub(super) item: T,
    _token: Arc<()>,
}

impl<T: Send + 'static> Outbox<T> {
    /// `work` takes items until no more come, or returns when nobody wants them.
    pub(super) fn new(name: &'static str, limit: Duration, work: impl FnOnce(Receiver<Waiting<T>>) + Send + 'static) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let thread = Builder::new().name(name.to_owned()).spawn(move || work(receiver))?;
        Ok(Self { name, sender: Some(sender), waiting: Arc::default(), dropped: 0, thread, limit })
    }

    pub(super) fn send(&mut self, item: T) {
        let item = Waiting { item, _token: Arc::clone(&self.waiting) };
        if self.sender.as_ref().is_none_or(|sender| sender.try_send(item).is_err()) {
            self.dropped += 1;
        }
    }

    /// Items that nobody will see, with the name of the outbox.
    pub(super) fn dropped(&self) -> (&'static str, u64) {
        (self.name, self.dropped)
    }

    /// Whether all that was sent was dealt with.
    pub(super) fn is_idle(&self) -> bool {
        Arc::strong_count(&self.waiting) == 1 && !self.is_closed()
    }

    /// Whether nobody takes items any more.
    pub(super) fn is_closed(&self) -> bool {
        self.thread.is_finished()
    }

    /// Lets what waits be dealt with, but not for ever.
    pub(super) fn finish(&mut self) {
        self.sender = None;
        let begin = Instant::now();
        while !self.thread.is_finished() && begin.elapsed() < self.limit {
            sleep(Duration::from_millis(5));
        }
    }
}
