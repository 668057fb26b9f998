//! `dupdoctor man`

use super::command;
use crate::console::print;
use crate::exit_status::ExitStatus;
use crate::help::manual;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::PathBuf;

/// Print the manual page of a command, or write those of all
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command, such as diagnose or "signatures test" [default: the page about all of them]
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    command: Vec<String>,
    /// Write the pages of all commands into this directory
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    output: Option<PathBuf>,
}

impl ManArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let mut all = command().disable_help_subcommand(true);
        all.build();
        if let Some(folder) = &self.output {
            return write(&all, "dupdoctor", folder).map(|()| ExitStatus::Success);
        }
        let (mut at, mut path) = (&all, "dupdoctor".to_owned());
        for word in self.command.iter().flat_map(|word| word.split([' ', '-'])).filter(|word| *word != "dupdoctor") {
            let Some(sub) = at.find_subcommand(word) else {
                let known: Vec<&str> = at.get_subcommands().map(clap::Command::get_name).collect();
                bail!("no command {word:?} of {path}; it has {}", known.join(", "));
            };
            path = format!("{path} {word}");
            at = sub;
        }
        print(&String::from_utf8(manual(at, &path)?)?)?;
        Ok(ExitStatus::Success)
    }
}

/// Writes the page of a command and those of the commands below it.
fn write(command: &clap::Command, path: &str, folder: &std::path::Path) -> Result<()> {
    let file = folder.join(format!("{}.1", path.replace(' ', "-")));
    std::fs::write(&file, manual(command, path)?).with_context(|| format!("cannot write {}", file.display()))?;
    command.get_subcommands().try_for_each(|sub| write(sub, &format!("{path} {}", sub.get_name()), folder))
}
