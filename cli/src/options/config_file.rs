//! Finds and reads `dupdoctor.toml`.

use super::config::Config;
use anyhow::{Context, Error, Result, anyhow, bail};
use std::path::{Path, PathBuf};

/// The name under which the file is looked for.
const NAME: &str = "dupdoctor.toml";

/// The file that `--config` names, else the nearest one upwards from the working directory.
pub(super) fn load(named: Option<&Path>) -> Result<Option<Config>> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match std::env::current_dir().ok().and_then(|folder| upwards(&folder)) {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    let name = path.display();
    if path.is_dir() {
        bail!("{name}: a directory; name the file, {}", path.join(NAME).display());
    }
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].split(|&b| b == b'\n').count();
            anyhow!("{name}:{line}: not UTF-8; save the file as UTF-8")
        })?,
        Err(error) => return Err(error).with_context(|| format!("cannot read {name}; name a file, or use --no-config")),
    };
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    Config::parse(&text, &path, &folder).map(Some).map_err(Error::msg)
}

/// The nearest file of that name, from a folder upwards.
fn upwards(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}
