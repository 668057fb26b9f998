//! `dupdoctor annotate`

use super::Ending;
use super::args::ShowArgs;
use super::output::{complain, style};
use super::reading::advice;
use super::redaction::{Masks, RedactArgs};
use anyhow::{Result, bail};
use clap::Args;
use dupdoctor::render::{Style, annotation, harmless};
use dupdoctor::report::Annotator;
use dupdoctor::signature::Catalogue;
use dupdoctor::source::{Discovery, SourceError, discover};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;

/// A longer line is passed on in pieces and not looked at.
const LONGEST: u64 = 1 << 20;

/// Arguments of `annotate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Names are learnt from the lines so far, so give the whole log where you can:\n  kubectl logs -f meta-0 | dupdoctor annotate --color always | less -R"
)]
pub(crate) struct AnnotateArgs {
    /// Log files, directories, globs, archives, or - for standard input (the default); a line appears as soon as it is there
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Show only the lines that say something about duplications
    #[arg(long)]
    only: bool,
    /// Write beneath a line instead of behind it
    #[arg(long)]
    below: bool,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    redact: RedactArgs,
}

/// Lines on their way.
struct Filter<'a> {
    args: &'a AnnotateArgs,
    annotator: Annotator<'a>,
    masks: &'a Masks,
    style: Style,
    /// Somebody looks at it: nothing in a log may steer the terminal.
    harmless: bool,
    out: BufWriter<io::StdoutLock<'static>>,
}

pub(super) fn run(args: &AnnotateArgs) -> Result<Ending> {
    let mut paths = args.paths.clone();
    if paths.is_empty() {
        if io::stdin().is_terminal() {
            bail!("nothing to annotate: name log files, or pipe a log in (`kubectl logs meta-0 | dupdoctor annotate | less -R`)");
        }
        paths.push(PathBuf::from("-"));
    }
    let catalogue = Catalogue::built_in();
    let mut masks = Masks::new(&args.redact)?;
    let style = style(&args.show);
    let Discovery { items, problems, .. } = discover(&paths);
    let mut problems: Vec<SourceError> = problems.into_iter().map(|p| p.error).collect();
    let mut filter = Filter {
        args,
        annotator: Annotator::new(&catalogue),
        masks: &masks,
        harmless: style.color || io::stdout().is_terminal(),
        style,
        out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
    };
    let mut closed = None;
    for item in &items {
        let mut failure = None;
        let read = item.for_each_member(&mut |member| {
            if closed.is_none() {
                match filter.pass(member.reader) {
                    Ok(()) => {}
                    Err(Failed::Reading(cause)) => failure = Some(SourceError::Unreadable { path: member.path.into(), cause }),
                    Err(Failed::Writing(cause)) => closed = Some(cause),
                }
            }
        });
        problems.extend(read.err().into_iter().chain(failure));
        if closed.is_some() {
            break;
        }
    }
    let flushed = filter.out.flush();
    drop(filter);
    let kept = masks.save();
    if let Some(error) = closed.or(flushed.err()) {
        return Err(anyhow::Error::new(error).context("cannot write to standard output"));
    }
    for problem in &problems {
        complain(&format!("{problem}{}", advice(problem)));
    }
    Ok(if problems.is_empty() && kept { Ending::Quiet } else { Ending::Unread })
}

enum Failed {
    Reading(io::Error),
    Writing(io::Error),
}

impl Filter<'_> {
    fn pass(&mut self, reader: &mut dyn Read) -> Result<(), Failed> {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        let mut line = Vec::new();
        let mut within = false;
        loop {
            line.clear();
            let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut line);
            if read.map_err(Failed::Reading)? == 0 {
                return Ok(());
            }
            let whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST;
            self.write(&line, whole && !within).map_err(Failed::Writing)?;
            within = !whole;
            // The next line may be long in coming.
            if reader.buffer().is_empty() {
                self.out.flush().map_err(Failed::Writing)?;
            }
        }
    }

    fn write(&mut self, line: &[u8], looked_at: bool) -> io::Result<()> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = &line[text.len()..];
        let hidden = self.masks.redaction.as_ref().map(|r| r.line(&String::from_utf8_lossy(text)).into_bytes());
        let text = hidden.as_deref().unwrap_or(text);
        let note = if looked_at { self.annotator.line(&String::from_utf8_lossy(text)) } else { None };
        if self.args.only && !note.as_ref().is_some_and(dupdoctor::report::Annotation::is_recognised) {
            return Ok(());
        }
        if self.harmless {
            self.out.write_all(&harmless(text))?;
        } else {
            self.out.write_all(text)?;
        }
        if let Some(note) = note {
            let lead = if self.args.below { "\n    ↑ " } else { "  ← " };
            let dim = if self.style.color { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
            write!(self.out, "{}{lead}{}{}", dim.0, dim.1, annotation(&note, &self.style))?;
        }
        self.out.write_all(end)
    }
}
