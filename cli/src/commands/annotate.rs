//! `dupdoctor annotate`

use crate::console::warn;
use crate::exit_status::ExitStatus;
use crate::options::{RedactArgs, RedactionKeyFile, ShowArgs, advice, paths_or_stdin};
use anyhow::{Context, Result};
use clap::Args;
use dupdoctor::internal::render::{annotation, harmless};
use dupdoctor::internal::report::{Annotation, Annotator};
use dupdoctor::internal::source::{Discovery, SourceError, discover};
use dupdoctor::report::Redaction;
use dupdoctor::{Catalogue, Style};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;

/// A longer line is passed on in pieces and not looked at.
const LONGEST: u64 = 1 << 20;

/// Pass log lines through and print beside each whom it is about and what it means
#[derive(Debug, Args)]
pub(super) struct AnnotateArgs {
    /// Log files, directories, globs, archives, or - for standard input (the default); lines appear as they arrive
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Show only the lines that say something about duplications
    #[arg(long)]
    only: bool,
    /// Print the annotation on the next line
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
    redaction: Option<&'a Redaction>,
    style: Style,
    /// Somebody looks at it: nothing in a log may steer the terminal.
    harmless: bool,
    out: BufWriter<io::StdoutLock<'static>>,
}

impl AnnotateArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let paths = paths_or_stdin(self.paths.clone(), "kubectl logs meta-0 | dupdoctor annotate | less -R")?;
        let catalogue = Catalogue::built_in();
        let mut key_file = RedactionKeyFile::open(&self.redact)?;
        let style = self.show.style();
        let Discovery { items, problems, .. } = discover(&paths);
        let mut problems: Vec<SourceError> = problems.into_iter().map(|p| p.error).collect();
        let mut filter = Filter {
            args: self,
            annotator: Annotator::new(&catalogue),
            redaction: key_file.redaction.as_ref(),
            harmless: style.color || io::stdout().is_terminal(),
            style,
            out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
        };
        let mut written = Ok(());
        for item in &items {
            let mut failure = None;
            let read = item.for_each_member(&mut |member| {
                if written.is_ok()
                    && let Err(cause) = filter.pass(member.reader, &mut written)
                {
                    failure = Some(SourceError::Unreadable { path: member.path.into(), cause });
                }
            });
            problems.extend(read.err().into_iter().chain(failure));
            if written.is_err() {
                break;
            }
        }
        let written = written.and_then(|()| filter.out.flush());
        drop(filter);
        let saved = key_file.save();
        written.context("cannot write to standard output")?;
        for problem in &problems {
            warn(&format!("{problem}{}", advice(problem)));
        }
        Ok(ExitStatus::of(problems.is_empty() && saved, false))
    }
}

impl Filter<'_> {
    /// Passes lines on until there are none, or they cannot be read or `written`.
    fn pass(&mut self, reader: &mut dyn Read, written: &mut io::Result<()>) -> io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        let mut line = Vec::new();
        let mut within = false;
        while written.is_ok() && (&mut reader).take(LONGEST).read_until(b'\n', &mut line)? > 0 {
            let whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST;
            *written = self.write(&line, whole && !within);
            within = !whole;
            line.clear();
            // The next line may be long in coming.
            if written.is_ok() && reader.buffer().is_empty() {
                *written = self.out.flush();
            }
        }
        Ok(())
    }

    fn write(&mut self, line: &[u8], looked_at: bool) -> io::Result<()> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = &line[text.len()..];
        let hidden = self.redaction.map(|r| r.line(&String::from_utf8_lossy(text)).into_bytes());
        let text = hidden.as_deref().unwrap_or(text);
        let note = if looked_at { self.annotator.line(&String::from_utf8_lossy(text)) } else { None };
        if self.args.only && !note.as_ref().is_some_and(Annotation::is_recognised) {
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
