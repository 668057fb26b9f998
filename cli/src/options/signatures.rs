//! `--signatures`: which failures are known, and how one of them is named.

use super::spelling::meant;
use crate::console::warn;
use anyhow::{Result, anyhow, bail};
use clap::Args;
use dupdoctor::Catalogue;
use dupdoctor::internal::signature::Signature;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(next_help_heading = "Criteria")]
pub(crate) struct SignatureArgs {
    /// Also load signatures (*.toml) from this directory. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(super) signatures: Vec<PathBuf>,
}

impl SignatureArgs {
    /// The built-in signatures and those that are named; says whether all of these could be used.
    pub(crate) fn load(&self) -> (Catalogue, bool) {
        load(self.signatures.iter().map(|folder| ("--signatures".to_owned(), folder.clone())))
    }
}

/// The same for folders of which it is said who names them.
pub(super) fn load(folders: impl Iterator<Item = (String, PathBuf)>) -> (Catalogue, bool) {
    let mut catalogue = Catalogue::built_in();
    let mut complete = true;
    for (named_by, folder) in folders {
        if let Err(problem) = require_folder(&folder) {
            warn(&format!("{named_by} {problem}"));
            complete = false;
            continue;
        }
        let before = catalogue.iter().count();
        let errors = catalogue.add_folder(&folder);
        if errors.is_empty() && catalogue.iter().count() == before {
            warn(&format!("{named_by} {}: no signature file (*.toml) in this directory", folder.display()));
        }
        for error in errors {
            warn(&format!("{error}; this signature is left out"));
            complete = false;
        }
    }
    (catalogue, complete)
}

pub(crate) fn require_folder(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        let what = if folder.exists() { "not a directory" } else { "no such directory" };
        bail!("{}: {what}; name the directory that holds the signature files (*.toml)", folder.display());
    }
    Ok(())
}

/// The signature with that code or name.
pub(crate) fn by_name<'a>(catalogue: &'a Catalogue, code: &str) -> Result<&'a Signature> {
    let unknown = || anyhow!("unknown code or name {code:?}{}; `dupdoctor explain` lists them all", nearest(catalogue, code));
    catalogue.find(code).ok_or_else(unknown)
}

/// What was probably meant.
fn nearest(catalogue: &Catalogue, typed: &str) -> String {
    let wanted = typed.trim().to_lowercase();
    let is_part = |s: &Signature| wanted.len() > 3 && s.name.contains(&wanted);
    // One digit too few or wrong is a slip; two make another code.
    let is_near = |s: &Signature| strsim::levenshtein(&wanted, &s.code.to_lowercase()) <= 1 || strsim::levenshtein(&wanted, &s.name) <= 3;
    let meant: Vec<String> =
        catalogue.iter().filter(|s| is_part(s) || is_near(s)).take(3).map(|s| format!("{} {}", s.code, s.name)).collect();
    if meant.is_empty() { String::new() } else { format!(" (perhaps {})", meant.join(", or ")) }
}

/// The code as the catalogue spells it; `place` is where it was written.
pub(super) fn spelled(catalogue: &Catalogue, place: &str, code: &str) -> Result<String> {
    if let Some(signature) = catalogue.find(code) {
        return Ok(signature.code.clone());
    }
    // Not the list of all that are known.
    let hint = Some(meant(code, catalogue.iter().map(|s| s.code.as_str()))).filter(|hint| hint.contains("did you mean"));
    bail!("{place}: unknown code {code:?}{}; `dupdoctor explain` lists the codes", hint.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let catalogue = Catalogue::built_in();
        assert!(nearest(&catalogue, "dup31").contains("DUP301"));
        assert!(nearest(&catalogue, "half-created-folower-table").contains("DUP201"));
        assert_eq!(nearest(&catalogue, "qwertz"), "");
    }
}
