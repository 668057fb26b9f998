//! `dupdoctor events`

use super::Ending;
use super::args::EventsArgs;
use super::formats::EventFormat;
use super::output::{cannot_write, complain, target};
use super::reading::{options, paths, tell_unread};
use super::redaction::Masks;
use anyhow::{Result, anyhow};
use dupdoctor::ingest::{EventsRead, Options, events};
use dupdoctor::report::{EventFilter, EventLines, Redaction};
use dupdoctor::run::RunList;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

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
            self.failure = self.all.iter_mut().try_for_each(|sink| writeln!(sink, "{line}")).err();
            if self.failure.is_some() {
                return false;
            }
        }
        true
    }
}

pub(super) fn run(args: &EventsArgs) -> Result<Ending> {
    let files: Vec<(EventFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    let mut masks = Masks::new(&args.redact)?;
    let mut all: Vec<Box<dyn Write>> = Vec::new();
    for (EventFormat::Ndjson, file) in files {
        let opened = File::create(file).map_err(|error| anyhow!(cannot_write(file, &error)))?;
        all.push(Box::new(BufWriter::new(opened)));
    }
    if all.is_empty() {
        all.push(Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())));
    }
    let paths = paths(&args.input)?;
    let lines = EventLines::new(EventFilter { app: args.input.app.clone(), dup: args.input.dup }).redacted(masks.redaction.clone());
    let mut sinks = Sinks { all, lines, count: 0, failure: None };
    let options = options(&args.input, &args.show, &paths)?;
    let read = match &masks.redaction {
        Some(redaction) => learnt_first(&paths, &options, redaction, &mut sinks),
        None => events(&paths, &options, &mut |path, list| sinks.take(path, list)),
    };
    let kept = masks.save();
    let flushed = sinks.all.iter_mut().try_for_each(Write::flush);
    if let Some(error) = sinks.failure.or(flushed.err()) {
        return Err(anyhow::Error::new(error).context("cannot write the events"));
    }
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.logs);
    if sinks.count == 0 && read.logs > 0 && !args.input.quiet {
        complain("no event to print: these logs have no line about duplications within --since, --until, --app and --dup");
    }
    Ok(if complete && kept { Ending::Quiet } else { Ending::Unread })
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
