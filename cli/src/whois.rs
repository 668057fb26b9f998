//! `dupdoctor whois`

use super::Ending;
use super::args::{InputArgs, ShowArgs};
use super::formats::PlainFormat;
use super::output::style;
use super::pager::PagerArgs;
use super::progress::Progress;
use super::reading::{options, paths, tell_unread};
use super::redaction::{Masks, RedactArgs};
use anyhow::{Result, bail};
use clap::Args;
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::render::{whois as render, whois_json};
use dupdoctor::report::{Selection, whois};
use dupdoctor::signature::Catalogue;

/// Arguments of `whois`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 found, 1 nobody of that name, 2 wrong usage or an input that could not be read.")]
pub(crate) struct WhoisArgs {
    /// A table, an app id, a dup id (1716603063, a5d1716603063), a partition (5.0), a cluster, a server or an address
    #[arg(value_name = "NAME|ID")]
    name: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    redact: RedactArgs,
    #[command(flatten)]
    pager: PagerArgs,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: PlainFormat,
}

pub(super) fn run(args: &WhoisArgs) -> Result<Ending> {
    if args.name.trim().is_empty() {
        bail!("an empty name is nobody's: name a table, an id, a cluster, a server or an address");
    }
    let mut style = style(&args.show);
    style.verbose = args.input.verbose;
    let paths = paths(&args.input)?;
    let mut masks = Masks::new(&args.redact)?;
    let settings = Settings {
        options: options(&args.input, &args.show, &paths)?,
        catalogue: Catalogue::built_in(),
        selection: Selection { lang: style.lang, ..Selection::default() },
        redaction: masks.redaction.clone(),
        ..Settings::default()
    };
    let progress = Progress::new(args.input.quiet);
    let diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    let alias = |name: &str| masks.redaction.as_ref().map_or_else(|| name.to_owned(), |r| r.name(name));
    let shown = diagnosis.hidden.as_ref().unwrap_or(&diagnosis.world);
    let answer = whois(&args.name, &diagnosis.report, &diagnosis.world, shown, &alias);
    let kept = masks.save();
    style.zone = style.zone.settled(&diagnosis.report.inputs);
    args.pager.link(&mut style, args.redact.redact);
    args.pager.print(&match args.format {
        PlainFormat::Text => render(&answer, &style),
        PlainFormat::Json => whois_json(&answer),
    })?;
    Ok(match (complete && kept, answer.is.is_empty()) {
        (false, _) => Ending::Unread,
        (true, true) => Ending::Findings,
        (true, false) => Ending::Quiet,
    })
}
