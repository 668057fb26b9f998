//! `dupdoctor completions`

use super::command;
use crate::console::print;
use crate::exit_status::ExitStatus;
use anyhow::{Result, anyhow};
use clap::{Args, ValueEnum};
use clap_complete::env::Shells;
use clap_complete_nushell::Nushell;

/// The variable by which a shell asks for candidates.
pub(super) const ASKED_BY: &str = "DUPDOCTOR_COMPLETE";

/// Print a completion script for a shell
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Shells that have completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    Power,
    Zsh,
}

impl CompletionsArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let mut script = Vec::new();
        if self.shell == Shell::Nushell {
            clap_complete::generate(Nushell, &mut command(), "dupdoctor", &mut script);
        } else {
            // They ask this program for candidates.
            let value = self.shell.to_possible_value();
            let name = value.as_ref().map_or("", |value| value.get_name());
            let shells = Shells::builtins();
            let shell = shells.completer(name).ok_or_else(|| anyhow!("no completions for {name}"))?;
            shell.write_registration(ASKED_BY, "dupdoctor", "dupdoctor", "dupdoctor", &mut script)?;
        }
        print(&String::from_utf8(script)?)?;
        Ok(ExitStatus::Success)
    }
}
