//! `dupdoctor schema`

use crate::console::print;
use crate::exit_status::ExitStatus;
use anyhow::Result;
use clap::{Args, ValueEnum};
use dupdoctor::internal::render::{Schema, schema};

/// Print the JSON Schema of an output
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The output
    of: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// The report: diagnose --format json
    Report,
    /// A line of diagnose --format ndjson
    Finding,
    /// A line of events
    Event,
    /// A line of watch --format ndjson
    Change,
    /// The histories: timeline --format json
    Timeline,
    /// The answers: status --format json
    Status,
}

impl SchemaArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        print(&schema(match self.of {
            Output::Report => Schema::Report,
            Output::Finding => Schema::Finding,
            Output::Event => Schema::Event,
            Output::Change => Schema::Change,
            Output::Timeline => Schema::Timeline,
            Output::Status => Schema::Status,
        }))?;
        Ok(ExitStatus::Success)
    }
}
