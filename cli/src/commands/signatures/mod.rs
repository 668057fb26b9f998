//! `dupdoctor signatures`: list, show, check, test.

mod check;
mod test;

use crate::console::{print, warn};
use crate::exit_status::ExitStatus;
use crate::options::{ShowArgs, SignatureArgs, by_name, codes, require_folder};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCandidates;
use dupdoctor::Catalogue;
use dupdoctor::internal::render::signature_list;
use dupdoctor::internal::signature::Signature;
use std::path::{Path, PathBuf};

/// Work with signatures, the files that say what a failure looks like: list, show, check, test
#[derive(Debug, Args)]
pub(super) struct SignaturesArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List them: code, severity, title, what each is tried on, where it comes from
    List {
        #[command(flatten)]
        show: ShowArgs,
        #[command(flatten)]
        signatures: SignatureArgs,
    },
    /// Print the file of a signature as it is; a good start for one of your own
    Show {
        /// A code such as DUP301, or a name such as follower-table-missing
        #[arg(value_name = "CODE|NAME", add = ArgValueCandidates::new(codes))]
        code: String,
        #[command(flatten)]
        signatures: SignatureArgs,
    },
    /// Read the signature files of a directory and report what is wrong with them
    Check(FolderArgs),
    /// Diagnose the sample logs of a directory, CODE*.log or CODE*/, and report whether each shows its code
    Test(FolderArgs),
}

#[derive(Debug, Args)]
struct FolderArgs {
    /// The directory
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    show: ShowArgs,
}

impl SignaturesArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let complete = match &self.command {
            Command::List { show, signatures } => {
                let (catalogue, complete) = signatures.load();
                print(&signature_list(&catalogue, &show.style()))?;
                complete
            }
            Command::Show { code, signatures } => {
                let (catalogue, complete) = signatures.load();
                print(&file_of(by_name(&catalogue, code)?, &catalogue)?)?;
                complete
            }
            Command::Check(FolderArgs { folder, show }) => {
                let (catalogue, complete) = with_folder(folder)?;
                check::check(&catalogue, show.lang())?;
                complete
            }
            Command::Test(FolderArgs { folder, show }) => {
                let (catalogue, complete) = with_folder(folder)?;
                let failed = test::test(folder, catalogue, show.lang())?;
                return Ok(ExitStatus::of(complete, failed > 0));
            }
        };
        Ok(ExitStatus::of(complete, false))
    }
}

/// The file of a signature, byte for byte.
fn file_of(signature: &Signature, catalogue: &Catalogue) -> Result<String> {
    match (catalogue.file(&signature.code), Catalogue::built_in_file(&signature.code)) {
        (Some(path), _) => std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display())),
        (None, Some((_, text))) => Ok(text.to_owned()),
        (None, None) => bail!("{} has no file", signature.code),
    }
}

/// The built-in signatures and those of one folder, whose mistakes are told on standard error.
fn with_folder(folder: &Path) -> Result<(Catalogue, bool)> {
    require_folder(folder)?;
    let mut catalogue = Catalogue::built_in();
    let errors = catalogue.add_folder(folder);
    for error in &errors {
        warn(&error.to_string());
    }
    if errors.is_empty() && catalogue.iter().all(|s| catalogue.file(&s.code).is_none()) {
        bail!(
            "{}: no signature file (*.toml) in this directory; `dupdoctor signatures show DUP302` prints one to begin with",
            folder.display()
        );
    }
    Ok((catalogue, errors.is_empty()))
}
