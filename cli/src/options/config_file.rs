//! Finds and reads `dupdoctor.toml`.

use super::config::Config;
use anyhow::{Context, Error, Result, anyhow, bail};
use std::path::{Path, PathBuf};

/// The name under which the file is looked for.
const NAME: &str = "dupdoctor.toml";

/// The user's own file, and after it, so that what it says counts before, the one that `--config` or `DUPDOCTOR_CONFIG` names,
/// else the nearest one upwards from the working directory.
pub(super) fn load(named: Option<&Path>) -> Result<Vec<Config>> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = set("XDG_CONFIG_HOME").filter(|path| path.is_absolute()).or_else(|| Some(set("HOME")?.join(".config")));
    let own = home.map(|home| home.join("dupdoctor").join(NAME)).filter(|path| path.is_file());
    let named = named.map(Path::to_owned).or_else(|| set("DUPDOCTOR_CONFIG"));
    let near = named.or_else(|| upwards(&std::env::current_dir().ok()?));
    let different = near.filter(|near| own.as_ref() != Some(near));
    own.into_iter().chain(different).map(|path| read(&path)).collect()
}

fn read(path: &Path) -> Result<Config> {
    let name = path.display();
    if path.is_dir() {
        bail!("{name}: a directory; name the file, {}", path.join(NAME).display());
    }
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].split(|&b| b == b'\n').count();
            anyhow!("{name}:{line}: not UTF-8; save the file as UTF-8")
        })?,
        Err(error) => return Err(error).with_context(|| format!("cannot read {name}; name a file, or use --no-config")),
    };
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    Config::parse(&text, path, &folder).map_err(Error::msg)
}

/// The nearest file of that name, from a folder upwards.
fn upwards(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}
