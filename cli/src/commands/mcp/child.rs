//! Runs a command of this program in a process of its own: what an assistant asks for must not hold memory for the next question, and
//! nothing that goes wrong with a log may end the conversation.

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::io::Read;
use std::process::{Command, Stdio};

/// Bytes of an answer at most: an assistant reads them all.
const MOST: u64 = 256 << 10;

/// What a command said.
pub(super) struct Said {
    pub(super) text: String,
    /// There was more.
    pub(super) cut: bool,
    /// Warnings and errors.
    pub(super) told: String,
    /// It could not do what was asked.
    pub(super) failed: bool,
}

/// Runs it; of the output at most so many lines are kept.
pub(super) fn run(args: &[OsString], lines: Option<usize>) -> Result<Said> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let mut child = Command::new(program)
        .args(args)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start a diagnosis")?;
    let told = child.stderr.take().map(|mut stderr| {
        std::thread::spawn(move || {
            let mut told = Vec::new();
            // What does not fit is read all the same, or else the command would wait.
            let _ = stderr.by_ref().take(MOST).read_to_end(&mut told).and_then(|_| std::io::copy(&mut stderr, &mut std::io::sink()));
            String::from_utf8_lossy(&told).into_owned()
        })
    });
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MOST + 1).read_to_end(&mut bytes).context("cannot read the answer")?;
    }
    // It ends by itself when nobody reads its output any more.
    let status = child.wait().context("cannot wait for the diagnosis")?;
    let mut cut = bytes.len() as u64 > MOST;
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if let Some((end, _)) = lines.and_then(|most| text.match_indices('\n').nth(most.saturating_sub(1))) {
        cut |= end + 1 < text.len();
        text.truncate(end + 1);
    } else if cut {
        // Half a line would be half an object.
        text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
    }
    let told = told.and_then(|thread| thread.join().ok()).unwrap_or_default();
    Ok(Said { failed: status.code() == Some(2) && text.trim().is_empty(), text, cut, told })
}
