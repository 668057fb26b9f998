//! What people see: results on standard output, warnings on standard error.

use anyhow::{Context, Result};
use dupdoctor::internal::render::plain;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Warnings that wait while a table fills the terminal.
static HELD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// So many are held at most; the last ones count.
const HELD_MOST: usize = 100;

/// Says something on standard error.
pub(crate) fn warn(message: &str) {
    if let Some(held) = &mut *held() {
        if held.len() == HELD_MOST {
            held.remove(0);
        }
        held.push(message.to_owned());
        return;
    }
    let _ = writeln!(std::io::stderr(), "dupdoctor: {}", plain(message));
}

fn held() -> MutexGuard<'static, Option<Vec<String>>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on warnings wait, because a table fills the terminal.
pub(crate) fn hold_warnings() {
    held().get_or_insert_default();
}

/// The last warning that waits.
pub(crate) fn held_warning() -> Option<String> {
    held().as_ref()?.last().cloned()
}

/// Prints all that had to wait.
pub(crate) fn release_warnings() {
    let all = held().take();
    all.into_iter().flatten().for_each(|message| warn(&message));
}

/// Writes a result to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("cannot write to standard output")
}
