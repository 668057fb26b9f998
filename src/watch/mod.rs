//! The same diagnosis, live: a [`Watcher`] is fed with bytes and with time, and says what has changed.
//!
//! It does no I/O and knows no clock. What is read from where is the business of [`crate::source`] and of the caller; what
//! the findings are is that of the one engine that `diagnose` uses, too.

mod arrivals;
mod clock;
mod incident;
mod state;
mod watcher;

pub use clock::ClockMode;
pub(crate) use incident::ChangeLine;
pub use incident::{Change, ChangeKind, Incident};
pub use state::{FileCursor, Mark, Output, Untold, WatchState};
pub use watcher::{Watcher, WatcherOptions};
