//! `dupdoctor events`

use super::Ending;
use super::args::EventsArgs;
use super::output::{options, paths, target, tell_unread};
use anyhow::{Context, Result};
use dupdoctor::ingest::events;
use dupdoctor::report::EventFilter;
use std::io::{BufWriter, Write};

pub(super) fn run(args: &EventsArgs) -> Result<Ending> {
    let files: Vec<(String, &str)> = args.output.iter().map(|o| target(o, &["ndjson", "json"])).collect::<Result<_>>()?;
    let mut sinks: Vec<Box<dyn Write>> = Vec::new();
    for (_, file) in files {
        sinks.push(Box::new(BufWriter::new(std::fs::File::create(file).with_context(|| format!("cannot write {file}"))?)));
    }
    if sinks.is_empty() {
        sinks.push(Box::new(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())));
    }
    let paths = paths(&args.input)?;
    let filter = EventFilter { app: args.input.app.clone(), dup: args.input.dup };
    let mut failure = None;
    let read = events(&paths, &options(&args.input, &args.show)?, &filter, &mut |line| {
        let written = sinks.iter_mut().try_for_each(|sink| writeln!(sink, "{line}"));
        failure = written.err();
        failure.is_none()
    });
    let flushed = sinks.iter_mut().try_for_each(Write::flush);
    if let Some(error) = failure.or(flushed.err()) {
        return Err(anyhow::Error::new(error).context("cannot write the events"));
    }
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.logs);
    Ok(if complete { Ending::Quiet } else { Ending::Unread })
}
