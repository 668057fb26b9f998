//! `--redact` and `--redact-map`: aliases instead of names, and the file that keeps the key to them.

use super::output::complain;
use anyhow::{Context, Result, bail};
use clap::Args;
use dupdoctor::report::Redaction;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Whether and how to hide names.
#[derive(Debug, Args)]
pub(crate) struct RedactArgs {
    /// Replace names of tables, clusters, hosts and users, addresses and paths by aliases
    #[arg(long)]
    pub(crate) redact: bool,
    /// Keep the key to the aliases in this file, for your eyes only; a key that is there is used and added to
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub(crate) redact_map: Option<PathBuf>,
}

/// The aliases of a run, and where their key is kept.
pub(super) struct Masks {
    pub(super) redaction: Option<Redaction>,
    file: Option<PathBuf>,
    saved: usize,
}

impl Masks {
    /// Reads the key, or makes its file, so that it shows at once whether it can be kept.
    pub(super) fn new(args: &RedactArgs) -> Result<Self> {
        let Some(file) = &args.redact_map else {
            return Ok(Self { redaction: args.redact.then(Redaction::default), file: None, saved: 0 });
        };
        let key = match fs::read_to_string(file) {
            Ok(text) => parse(file, &text)?,
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => bail!("cannot read --redact-map {}: {error}", file.display()),
        };
        let redaction = match Redaction::with_key(&key) {
            Ok(redaction) => redaction,
            Err(error) => bail!("--redact-map {}: {error}; it is left as it is, name another file", file.display()),
        };
        write(file, &key)?;
        Ok(Self { redaction: Some(redaction), file: Some(file.clone()), saved: key.len() })
    }

    /// Keeps what is new in the key; says whether that was possible.
    pub(super) fn save(&mut self) -> bool {
        let (Some(redaction), Some(file)) = (&self.redaction, &self.file) else { return true };
        let key = redaction.key();
        if key.len() == self.saved {
            return true;
        }
        self.saved = key.len();
        match write(file, &key) {
            Ok(()) => true,
            Err(error) => {
                complain(&format!("{error:#}"));
                false
            }
        }
    }
}

fn parse(file: &Path, text: &str) -> Result<BTreeMap<String, String>> {
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    match serde_json::from_str(text) {
        Ok(key) => Ok(key),
        Err(_) => {
            bail!("--redact-map {}: there is a file that is no key to aliases; it is left as it is, name another one", file.display())
        }
    }
}

/// Readable by its owner only, and never half written.
fn write(file: &Path, key: &BTreeMap<String, String>) -> Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    let new = file.with_file_name(name);
    let write = || -> std::io::Result<()> {
        let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        out.write_all(serde_json::to_string_pretty(key)?.as_bytes())?;
        out.write_all(b"\n")?;
        out.sync_all()?;
        fs::rename(&new, file)
    };
    write().inspect_err(|_| drop(fs::remove_file(&new))).with_context(|| {
        format!("cannot write --redact-map {}; name a file in a directory that exists and that you may write to", file.display())
    })
}
