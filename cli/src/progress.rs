//! A progress bar on standard error, for work that takes more than a second on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Counts bytes; becomes visible when it is worth it.
pub(super) struct Progress {
    wanted: bool,
    started: Instant,
    read: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Quiet when it is asked for or when nobody looks.
    pub(super) fn new(quiet: bool) -> Self {
        let wanted = !quiet && std::io::stderr().is_terminal();
        Self { wanted, started: Instant::now(), read: AtomicU64::new(0), bar: OnceLock::new() }
    }

    /// Notes bytes read, of so many.
    pub(super) fn add(&self, bytes: u64, total: u64) {
        if !self.wanted {
            return;
        }
        let read = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left");
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            style.map(|s| bar.clone().with_style(s)).unwrap_or(bar)
        });
        // Compressed inputs yield more than their size.
        bar.set_length(total.max(read));
        bar.set_position(read);
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
