//! `dupdoctor events`

use super::Ending;
use super::args::{EventFormat, EventsArgs};
use super::output::{cannot_write, complain, target};
use super::reading::{options, paths, tell_unread};
use anyhow::{Result, anyhow};
use dupdoctor::ingest::events;
use dupdoctor::report::{EventFilter, EventLines};
use std::fs::File;
use std::io::{BufWriter, Write};

pub(super) fn run(args: &EventsArgs) -> Result<Ending> {
    let files: Vec<(EventFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    let mut sinks: Vec<Box<dyn Write>> = Vec::new();
    for (EventFormat::Ndjson, file) in files {
        let opened = File::create(file).map_err(|error| anyhow!(cannot_write(file, &error)))?;
        sinks.push(Box::new(BufWriter::new(opened)));
    }
    if sinks.is_empty() {
        sinks.push(Box::new(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())));
    }
    let paths = paths(&args.input)?;
    let mut lines = EventLines::new(EventFilter { app: args.input.app.clone(), dup: args.input.dup });
    let mut failure = None;
    let mut count = 0_u64;
    let read = events(&paths, &options(&args.input, &args.show, &paths)?, &mut |path, list| {
        for line in lines.lay_out(path, list) {
            count += 1;
            failure = sinks.iter_mut().try_for_each(|sink| writeln!(sink, "{line}")).err();
            if failure.is_some() {
                return false;
            }
        }
        true
    });
    let flushed = sinks.iter_mut().try_for_each(Write::flush);
    if let Some(error) = failure.or(flushed.err()) {
        return Err(anyhow::Error::new(error).context("cannot write the events"));
    }
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.logs);
    if count == 0 && read.logs > 0 && !args.input.quiet {
        complain("no event to print: these logs have no line about duplications within --since, --until, --app and --dup");
    }
    Ok(if complete { Ending::Quiet } else { Ending::Unread })
}
