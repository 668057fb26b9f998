//! The state file: written whole or not at all, read whole or refused; behind it stand the marks of what was told since.

use crate::console::warn;
use crate::options::now;
use crate::replace_file::{remove_leftovers, replace_file};
use anyhow::{Context, Result, bail};
use dupdoctor::internal::watch::WatchState;
use dupdoctor::{LogTime, TimeDelta};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

/// A log's clock may be ahead of ours by so much; what lies beyond is no time up to which anything can have been told.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// Reads the state; none when the file is not there yet.
pub(super) fn load(path: &Path) -> Result<Option<WatchState>> {
    remove_leftovers(path);
    let name = path.display();
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => bail!("cannot read --state {name}: {error}"),
    };
    match WatchState::from_text(&text) {
        Ok(mut kept) => {
            let until = LogTime(kept.told_until);
            if until > now() + AHEAD {
                warn(&format!(
                    "--state {name} says that everything was reported until {}, which is in the future: using the current time instead",
                    until.rfc3339()
                ));
                kept.told_until = now().0;
            }
            Ok(Some(kept))
        }
        Err(error) => {
            bail!("--state {name} cannot be used, {error}; remove it to start over (open findings are then reported again)")
        }
    }
}

/// Writes the state; returns the file, to which marks are added.
pub(super) fn save(path: &Path, kept: &WatchState) -> Result<File> {
    let told_until = kept.told_until.min((now() + AHEAD).0);
    let text = WatchState { told_until, ..kept.clone() }.to_text();
    let written = replace_file(path, &text, 0o600).and_then(|()| File::options().append(true).open(path));
    written.with_context(|| format!("cannot write --state {}", path.display()))
}
