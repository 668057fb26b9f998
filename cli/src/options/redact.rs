//! `--redact` and `--redact-map`: aliases instead of names, and the file that keeps the key to them.

use crate::console::warn;
use crate::replace_file::replace_file;
use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use dupdoctor::report::Redaction;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(next_help_heading = "Redaction")]
pub(crate) struct RedactArgs {
    /// Replace names of tables, clusters, hosts and users, addresses and paths with aliases; strict: and leave out all free text
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "names")]
    pub(crate) redact: Option<RedactHow>,
    /// Keep the key to the aliases in this file, which only you should see; an existing key is used and extended
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub(crate) redact_map: Option<PathBuf>,
}

/// What is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RedactHow {
    /// Names that the logs state or that have the shape of one
    Names,
    /// All free text, too
    Strict,
}

impl RedactHow {
    fn with(self, redaction: Redaction) -> Redaction {
        match self {
            Self::Names => redaction,
            Self::Strict => redaction.strict(),
        }
    }
}

/// The aliases of a run, and the file that keeps the key to them, if any.
pub(crate) struct RedactionKeyFile {
    pub(crate) redaction: Option<Redaction>,
    file: Option<PathBuf>,
    saved: usize,
}

impl RedactionKeyFile {
    /// Reads the key, or makes its file, so that it shows at once whether it can be kept.
    pub(crate) fn open(args: &RedactArgs) -> Result<Self> {
        let Some(file) = &args.redact_map else {
            return Ok(Self { redaction: args.redact.map(|how| how.with(Redaction::default())), file: None, saved: 0 });
        };
        let name = file.display();
        let text = match fs::read_to_string(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.with_context(|| format!("cannot read --redact-map {name}"))?,
        };
        let text = if text.trim().is_empty() { "{}" } else { &text };
        let refused = |why: &str| anyhow!("--redact-map {name}: {why}; the file is left as it is, name another one");
        let key = serde_json::from_str(text).map_err(|_| refused("not a key to aliases"))?;
        let redaction = Redaction::with_key(&key).map_err(|error| refused(&error.to_string()))?;
        write(file, &key)?;
        let redaction = args.redact.map(|how| how.with(redaction));
        Ok(Self { redaction, file: Some(file.clone()), saved: key.len() })
    }

    /// Keeps what is new in the key; says whether that was possible.
    pub(crate) fn save(&mut self) -> bool {
        let (Some(redaction), Some(file)) = (&self.redaction, &self.file) else { return true };
        let key = redaction.key();
        if key.len() == self.saved {
            return true;
        }
        self.saved = key.len();
        write(file, &key).inspect_err(|error| warn(&format!("{error:#}"))).is_ok()
    }
}

/// Readable by its owner only.
fn write(file: &Path, key: &BTreeMap<String, String>) -> Result<()> {
    let text = serde_json::to_string_pretty(key)? + "\n";
    replace_file(file, &text, 0o600)
        .with_context(|| format!("cannot write --redact-map {}; name a file in a directory that exists and is writable", file.display()))
}
