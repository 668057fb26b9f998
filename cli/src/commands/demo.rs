//! `dupdoctor demo`

use crate::console::print;
use crate::exit_status::ExitStatus;
use crate::options::{ReportFormat, ShowArgs, now};
use anyhow::Result;
use clap::Args;
use dupdoctor::report::Selection;
use dupdoctor::{Catalogue, Settings, diagnose_embedded};

/// Diagnose a sample incident that is built into the binary
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
    #[command(flatten)]
    show: ShowArgs,
}

impl DemoArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let style = self.show.style();
        let selection = Selection { lang: style.lang, generated_at: Some(now()), ..Selection::default() };
        let settings = Settings { catalogue: Catalogue::built_in(), selection, ..Settings::default() };
        print(&self.format.render(&diagnose_embedded(&settings).report, &style))?;
        Ok(ExitStatus::Success)
    }
}
