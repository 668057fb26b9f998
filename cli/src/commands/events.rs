//! `dupdoctor events`

use crate::console::warn;
use crate::exit_status::ExitStatus;
use crate::options::{FilterArgs, OutputFile, RedactionKeyFile, warn_unread};
use crate::replace_file::refuse_evidence;
use crate::session::SessionArgs;
use anyhow::{Error, Result, anyhow};
use clap::{Args, ValueEnum};
use dupdoctor::Options;
use dupdoctor::internal::ingest::{EventsRead, events};
use dupdoctor::internal::render::json_escaped;
use dupdoctor::internal::report::EventLines;
use dupdoctor::internal::run::RunList;
use dupdoctor::report::Redaction;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Print the recognized events as NDJSON, one per line
#[derive(Debug, Args)]
pub(super) struct EventsArgs {
    /// Format: only NDJSON
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    format: EventFormat,
    /// Write to this file instead of standard output. Repeatable
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = OutputFile::<EventFormat>::parse)]
    output: Vec<OutputFile<EventFormat>>,
    #[command(flatten)]
    session: SessionArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EventFormat {
    /// One object per line
    #[value(alias = "json")]
    Ndjson,
}

/// Where events go.
struct Sinks {
    all: Vec<Box<dyn Write>>,
    lines: EventLines,
    count: u64,
    failure: Option<io::Error>,
}

impl Sinks {
    /// Writes the events of a list; says whether more is wanted.
    fn take(&mut self, path: &str, list: RunList) -> bool {
        for line in self.lines.lay_out(path, list) {
            self.count += 1;
            let line = json_escaped(&line);
            self.failure = self.all.iter_mut().try_for_each(|sink| writeln!(sink, "{line}")).err();
            if self.failure.is_some() {
                return false;
            }
        }
        true
    }
}

impl EventsArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let mut key_file = RedactionKeyFile::open(&self.session.redact)?;
        let (paths, options) = self.session.input.plan(self.session.show.tz)?;
        let read: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let mut all: Vec<Box<dyn Write>> = Vec::new();
        for output in &self.output {
            let opened = refuse_evidence(Path::new(&output.file), &read).and_then(|()| File::create(&output.file));
            let opened = opened.map_err(|error| anyhow!(output.cannot_write(&error)))?;
            all.push(Box::new(BufWriter::new(opened)));
        }
        if all.is_empty() {
            all.push(Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())));
        }
        let logs = &self.session.input.logs;
        let lines = EventLines::new(self.filter.only()).redacted(key_file.redaction.clone());
        let mut sinks = Sinks { all, lines, count: 0, failure: None };
        let read = match &key_file.redaction {
            Some(redaction) => learnt_first(&paths, &options, redaction, &mut sinks),
            None => events(&paths, &options, &mut |path, list| sinks.take(path, list)),
        };
        let saved = key_file.save();
        let flushed = sinks.all.iter_mut().try_for_each(Write::flush);
        if let Some(error) = sinks.failure.or(flushed.err()) {
            return Err(Error::new(error).context("cannot write the events"));
        }
        let complete = warn_unread(logs.verbose, &paths, &read.problems, &read.notes, &read.strangers, read.logs);
        if sinks.count == 0 && read.logs > 0 && !logs.quiet {
            warn("no event to print: these logs have no line about duplications within --since, --until, --app and --dup");
        }
        Ok(ExitStatus::of(complete && saved, false))
    }
}

/// Reads everything twice: a name that a late line states must not stand in an early one.
fn learnt_first(paths: &[PathBuf], options: &Options, redaction: &Redaction, sinks: &mut Sinks) -> EventsRead {
    let learn = |path: &str, list: &RunList| list.runs.iter().for_each(|run| redaction.learn_run(path, run));
    // A pipe can be read only once.
    if paths.iter().any(|p| p.as_os_str() == "-" || !(p.is_file() || p.is_dir())) {
        let mut held = Vec::new();
        let read = events(paths, options, &mut |path, list| {
            learn(path, &list);
            held.push((path.to_owned(), list));
            true
        });
        for (path, list) in held {
            if !sinks.take(&path, list) {
                break;
            }
        }
        return read;
    }
    events(paths, options, &mut |path, list| {
        learn(path, &list);
        true
    });
    events(paths, options, &mut |path, list| sinks.take(path, list))
}
