//! Loading signature files: the built-in ones and a user's own.

use super::fault::{fault, offset};
use super::model::{OneOrMany, Signature};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use thiserror::Error;

/// Names and texts of the built-in files.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// Why a signature file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// It cannot be read.
    #[error("{}: cannot read the signature file: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It is no TOML, or has keys or values that no signature has.
    #[error("{}:{line}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// Two files have one code.
    #[error("{}: code {code} is already taken by another signature in the same directory", path.display())]
    Twice {
        /// The later file.
        path: PathBuf,
        /// The code.
        code: String,
    },
}

/// Signatures by code.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Shared: all of them are needed by every run, and hardly any differs from the built-in ones.
    signatures: BTreeMap<String, Arc<Signature>>,
    /// Files of the user's own signatures, by code.
    files: BTreeMap<String, PathBuf>,
}

/// The same files, parsed by `build.rs`: every start reads all of them, and TOML takes ten times as long.
const PARSED: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"));

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    // What the tests say of each file holds of all; a file that they would refuse costs the others nothing.
    let signatures: Vec<Signature> = serde_json::from_str(PARSED)
        .unwrap_or_else(|_| FILES.iter().filter_map(|(name, text)| parse(Path::new(name), text).ok()).collect());
    let signatures = signatures.into_iter().map(|s| (s.code.clone(), Arc::new(s))).collect();
    Catalogue { signatures, files: BTreeMap::new() }
});

impl Catalogue {
    /// The built-in signatures.
    pub fn built_in() -> Self {
        BUILT_IN.clone()
    }

    /// Adds the `.toml` files of a folder; one with the code of a built-in signature replaces it.
    ///
    /// Files that are wrong are left out and named; the others work.
    pub fn add_folder(&mut self, folder: &Path) -> Vec<CatalogueError> {
        let unreadable =
            |path: &Path, reason: &std::io::Error| CatalogueError::Unreadable { path: path.to_owned(), reason: reason.to_string() };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(reason) => return vec![unreadable(folder, &reason)],
        };
        let mut paths: Vec<PathBuf> =
            entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
        paths.sort();
        let mut errors = Vec::new();
        let mut own = BTreeSet::new();
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|reason| unreadable(path, &reason));
        let parsed: Vec<_> = paths.par_iter().map(|path| parse(path, &read(path)?)).collect();
        for (path, parsed) in paths.into_iter().zip(parsed) {
            match parsed {
                Ok(signature) if !own.insert(signature.code.clone()) => errors.push(CatalogueError::Twice { path, code: signature.code }),
                Ok(signature) => {
                    self.files.insert(signature.code.clone(), path);
                    self.signatures.insert(signature.code.clone(), Arc::new(signature));
                }
                Err(error) => errors.push(error),
            }
        }
        errors
    }

    /// The file that a user's own signature was read from; built-in ones have none.
    pub fn file(&self, code: &str) -> Option<&Path> {
        self.files.get(code).map(PathBuf::as_path)
    }

    /// Name and text of the file of a built-in signature.
    #[must_use]
    pub fn built_in_file(code: &str) -> Option<(&'static Path, &'static str)> {
        let signature = BUILT_IN.signatures.get(code)?;
        let (name, text) = FILES.iter().find(|(name, _)| *name == signature.file_name())?;
        Some((Path::new(name), text))
    }

    /// All signatures, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Signature> {
        self.signatures.values().map(AsRef::as_ref)
    }

    /// The regular expressions of all signatures.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let whens = self.iter().flat_map(|s| &s.when);
        let all = whens.flat_map(|w| {
            let seen = w.with.iter().chain(&w.before).chain(&w.without).filter_map(|s| s.text.clone());
            w.text.clone().into_iter().chain(seen)
        });
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Names of thresholds that `--expect` can change.
    #[must_use]
    pub fn thresholds(&self) -> BTreeSet<String> {
        let conditions = self.iter().flat_map(|s| &s.when);
        conditions
            .flat_map(|w| w.lasts.iter().chain(&w.status_for).chain(&w.fresh).chain(w.facts.values().filter_map(OneOrMany::length)))
            .filter_map(|t| t.expect.clone())
            .collect()
    }

    /// The signature with that code or name, in any case.
    #[must_use]
    pub fn find(&self, code_or_name: &str) -> Option<&Signature> {
        let wanted = code_or_name.trim();
        let is_code = |code: &str| code.eq_ignore_ascii_case(wanted) || code.strip_prefix("DUP") == Some(wanted);
        self.iter().find(|s| is_code(&s.code) || s.name.eq_ignore_ascii_case(wanted))
    }
}

/// Reads one file and checks all that can be checked without logs.
fn parse(path: &Path, text: &str) -> Result<Signature, CatalogueError> {
    let malformed = |at: usize, reason: String| {
        let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        CatalogueError::Malformed { path: path.to_owned(), line, reason }
    };
    let signature: Signature =
        toml::from_str(text).map_err(|e| malformed(e.span().map_or(0, |s| s.start), e.message().replace('\n', " ")))?;
    match fault(&signature) {
        None => Ok(signature),
        Some((place, reason)) => Err(malformed(offset(text, &place), reason)),
    }
}

impl OneOrMany {
    /// Whether nothing is listed, so that nothing fits.
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_signature_is_accepted() {
        let parsed: Vec<_> = FILES.iter().map(|(name, text)| parse(Path::new(name), text)).collect();
        let errors: Vec<String> = parsed.iter().filter_map(|p| p.as_ref().err()).map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        let by_code: BTreeMap<_, _> = parsed.into_iter().flatten().map(|s| (s.code.clone(), s)).collect();
        let ahead_of_time: Vec<Signature> = serde_json::from_str(PARSED).unwrap_or_default();
        assert_eq!(ahead_of_time.len(), by_code.len());
        assert_eq!(format!("{:?}", BUILT_IN.signatures), format!("{by_code:?}"));
    }

    #[test]
    fn file_names_say_code_and_name() {
        for (name, text) in FILES {
            if let Ok(signature) = parse(Path::new(name), text) {
                assert_eq!(*name, signature.file_name());
            }
        }
    }

    #[test]
    fn what_a_signature_refers_to_exists() {
        let catalogue = Catalogue::built_in();
        for signature in catalogue.iter() {
            for code in signature.refers_to() {
                assert!(catalogue.signatures.contains_key(code), "{} names {code}", signature.code);
            }
        }
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line() {
        let wrong = "code = \"DUP301\"\nname = \"x\"\nseverity = \"bad\"\n";
        assert!(matches!(parse(Path::new("x.toml"), wrong), Err(CatalogueError::Malformed { line: 3, .. })));
        let unknown = "code = \"XX1234\"\nname = \"x\"\nseverity = \"info\"\n[[when]]\nconfidence = \"likely\"\nevent = \"no_such\"\n[en]\ntitle=\"\"\nwhat=\"\"\nwhy=\"\"\n[zh]\ntitle=\"\"\nwhat=\"\"\nwhy=\"\"\n";
        assert!(matches!(parse(Path::new("x.toml"), unknown), Err(CatalogueError::Malformed { line: 6, .. })));
    }
}
