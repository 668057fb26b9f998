//! Tells changes in a thread of its own: whoever takes them slowly, or not at all, must not stop the reading of logs.

use super::ledger::Ledger;
use anyhow::Result;
use dupdoctor::Change;
use dupdoctor::internal::watch::Output;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant};

pub(super) struct Outbox {
    pub(super) output: Output,
    thread: JoinHandle<()>,
    /// How long the end of the program may be held up.
    limit: Duration,
}

impl Outbox {
    /// `tell` says whether anybody wants more.
    pub(super) fn new(
        output: Output,
        ledger: &Arc<Ledger>,
        limit: Duration,
        mut tell: impl FnMut(&Change) -> bool + Send + 'static,
    ) -> Result<Self> {
        let ledger = Arc::clone(ledger);
        let thread = Builder::new().name(output.name().to_owned()).spawn(move || {
            while let Some(change) = ledger.next(output) {
                if !tell(&change) {
                    return;
                }
                ledger.told(output);
            }
        })?;
        Ok(Self { output, thread, limit })
    }

    /// Whether nobody takes changes any more.
    pub(super) fn is_closed(&self) -> bool {
        self.thread.is_finished()
    }

    /// Lets what waits be dealt with, but not for ever.
    pub(super) fn finish(&self) {
        wait(&self.thread, self.limit);
    }
}

/// Waits for a thread, but not for ever.
pub(super) fn wait(thread: &JoinHandle<()>, limit: Duration) {
    let begin = Instant::now();
    while !thread.is_finished() && begin.elapsed() < limit {
        sleep(Duration::from_millis(5));
    }
}
