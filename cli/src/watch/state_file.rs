//! The state file: written whole or not at all, read whole or refused.

use anyhow::{Context, Result, bail};
use dupdoctor::watch::Kept;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Reads the state; none when the file is not there yet.
pub(super) fn load(path: &Path) -> Result<Option<Kept>> {
    let name = path.display();
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => bail!("cannot read --state {name}: {error}"),
    };
    match Kept::from_text(&text) {
        Ok(kept) => Ok(Some(kept)),
        Err(error) => {
            bail!("--state {name} cannot be used, {error}; remove it to begin anew (open findings are then told again)")
        }
    }
}

/// Writes the state beside the file and puts it in its place.
pub(super) fn save(path: &Path, kept: &Kept) -> Result<()> {
    let beside = beside(path);
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(kept.to_text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        // The name, too, must survive a power cut.
        let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory)?.sync_all()
    };
    write().with_context(|| format!("cannot write --state {}", path.display()))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    path.with_file_name(name)
}
