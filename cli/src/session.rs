//! Diagnoses the logs that were named, and says what is to be said about them: what `diagnose`, `timeline` and `whois` share.

use crate::options::{InputArgs, RedactArgs, RedactionKeyFile, ShowArgs, warn_unread};
use crate::progress::Progress;
use anyhow::Result;
use clap::Args;
use dupdoctor::{Diagnosis, Settings, Style, diagnose};

/// What to read, how to show it, and whether under aliases.
#[derive(Debug, Args)]
pub(crate) struct SessionArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
}

pub(crate) struct Session {
    pub(crate) diagnosis: Diagnosis,
    pub(crate) style: Style,
    pub(crate) key_file: RedactionKeyFile,
    /// All that was asked for was read.
    pub(crate) complete: bool,
}

impl Session {
    /// `settings` say everything but what to read and what to redact.
    pub(crate) fn diagnose(args: &SessionArgs, settings: Settings) -> Result<Self> {
        let SessionArgs { input, show, redact } = args;
        let style = Style { verbose: input.logs.verbose, ..show.style() };
        let (paths, options) = input.plan(show.tz)?;
        let key_file = RedactionKeyFile::open(redact)?;
        let settings = Settings { options, redaction: key_file.redaction.clone(), ..settings };
        let progress = Progress::new(input.logs.quiet);
        let diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.add(bytes, total));
        progress.clear();
        let read = &diagnosis.ingested;
        let complete = warn_unread(style.verbose, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
        Ok(Self { diagnosis, style, key_file, complete })
    }
}
