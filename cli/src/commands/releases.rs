//! `dupdoctor releases`

use crate::console::print;
use crate::exit_status::ExitStatus;
use anyhow::Result;
use clap::Args;

/// List the releases that the catalogue knows
#[derive(Debug, Args)]
pub(super) struct ReleasesArgs {}

impl ReleasesArgs {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn run(&self) -> Result<ExitStatus> {
        print("2.3\n2.4\n2.5\nmaster\n")?;
        Ok(ExitStatus::Success)
    }
}
