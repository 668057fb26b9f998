//! The state file: written whole or not at all, read whole or refused.

use crate::replace_file::replace_file;
use anyhow::{Context, Result, bail};
use dupdoctor::internal::watch::WatchState;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Reads the state; none when the file is not there yet.
pub(super) fn load(path: &Path) -> Result<Option<WatchState>> {
    let name = path.display();
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => bail!("cannot read --state {name}: {error}"),
    };
    match WatchState::from_text(&text) {
        Ok(kept) => Ok(Some(kept)),
        Err(error) => {
            bail!("--state {name} cannot be used, {error}; remove it to start over (open findings are then reported again)")
        }
    }
}

pub(super) fn save(path: &Path, kept: &WatchState) -> Result<()> {
    replace_file(path, &kept.to_text(), 0o600).with_context(|| format!("cannot write --state {}", path.display()))
}
