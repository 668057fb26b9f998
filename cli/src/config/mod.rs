//! `dupdoctor.toml`: what is accepted, how long things may take, where the user's own signatures are.

mod file;
mod spelling;

pub(super) use spelling::meant;

use super::args::JudgeArgs;
use anyhow::{Context, Result, bail};
use dupdoctor::pegasus::TimeDelta;
use dupdoctor::report::Acceptance;
use std::path::{Path, PathBuf};

/// The name under which the file is looked for.
const NAME: &str = "dupdoctor.toml";

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// The file.
    pub(super) path: PathBuf,
    /// Folders of signatures, each with the line that names it.
    pub(super) signatures: Vec<(usize, PathBuf)>,
    /// Lengths of time by name or code, each with its line.
    pub(super) expect: Vec<(usize, String, TimeDelta)>,
    /// What is accepted, each with its line.
    pub(super) accept: Vec<(usize, Acceptance)>,
}

impl Config {
    /// `dupdoctor.toml:12`, for messages.
    pub(super) fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }
}

/// The file that `--config` names, else the nearest one upwards from the working directory, unless it is not wanted.
pub(super) fn load(judge: &JudgeArgs) -> Result<Option<Config>> {
    if judge.no_config {
        return Ok(None);
    }
    let path = match &judge.config {
        Some(path) => path.clone(),
        None => match std::env::current_dir().ok().and_then(|folder| upwards(&folder)) {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    let name = path.display();
    if path.is_dir() {
        bail!("{name}: a folder; name the file, {}", path.join(NAME).display());
    }
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].split(|&b| b == b'\n').count();
            anyhow::anyhow!("{name}:{line}: not UTF-8; save the file as UTF-8")
        })?,
        Err(error) => return Err(error).with_context(|| format!("cannot read {name}; name a file, or use --no-config")),
    };
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    file::parse(&text, &path, &folder).map(Some).map_err(anyhow::Error::msg)
}

/// The nearest file of that name, from a folder upwards.
fn upwards(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}
