//! `dupdoctor timeline`

use super::Ending;
use super::args::TimelineArgs;
use super::formats::PlainFormat;
use super::output::{style, target, write_files};
use super::progress::Progress;
use super::reading::{options, paths, tell_unfitting, tell_unread};
use super::redaction::Masks;
use anyhow::Result;
use clap::Args;
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::pegasus::{TimeDelta, parse_duration};
use dupdoctor::render::{Style, coverage_bar, timeline, timeline_by_server, timeline_json};
use dupdoctor::report::{Chapter, Report, Selection};
use dupdoctor::signature::Catalogue;

/// What of the histories to show, and how.
#[derive(Debug, Args)]
pub(crate) struct ViewArgs {
    /// A column for each server: who said what when
    #[arg(long)]
    by_server: bool,
    /// Show first which file covers which time, so that gaps are seen
    #[arg(long)]
    files: bool,
    /// Leave out what lasted less, such as 30s or 5m: repeats, and states but the present one
    #[arg(long, value_name = "TIME", value_parser = length)]
    min_duration: Option<TimeDelta>,
}

pub(super) fn run(args: &TimelineArgs) -> Result<Ending> {
    let outputs: Vec<(PlainFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    let mut style = style(&args.show);
    style.verbose = args.input.verbose;
    let paths = paths(&args.input)?;
    let selection = Selection { app: args.input.app.clone(), dup: args.input.dup, lang: style.lang, ..Selection::default() };
    let mut masks = Masks::new(&args.redact)?;
    let settings = Settings {
        options: options(&args.input, &args.show, &paths)?,
        catalogue: Catalogue::built_in(),
        selection,
        with_chapters: true,
        redaction: masks.redaction.clone(),
        ..Settings::default()
    };
    let progress = Progress::new(args.input.quiet);
    let mut diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    tell_unfitting(&args.input, &diagnosis);
    let kept = masks.save();
    if let Some(least) = args.view.min_duration {
        diagnosis.chapters.iter_mut().for_each(|chapter| chapter.keep_lasting(least));
    }
    style.zone = style.zone.settled(&diagnosis.report.inputs);
    let in_file = Style { color: false, links: None, ..style.clone() };
    let render = |format, style: &Style| render(&diagnosis.chapters, &diagnosis.report, &args.view, format, style);
    let written = write_files(&outputs, |format| render(format, &in_file));
    args.pager.link(&mut style, args.redact.redact);
    args.pager.print(&render(args.format, &style))?;
    Ok(if complete && written && kept { Ending::Quiet } else { Ending::Unread })
}

fn render(chapters: &[Chapter], report: &Report, view: &ViewArgs, format: PlainFormat, style: &Style) -> String {
    if format == PlainFormat::Json {
        return timeline_json(chapters);
    }
    let files = if view.files || view.by_server { coverage_bar(report, style) } else { String::new() };
    let histories = if view.by_server { timeline_by_server(chapters, style) } else { timeline(chapters, style) };
    if files.is_empty() { histories } else { format!("{files}\n{histories}") }
}

fn length(text: &str) -> Result<TimeDelta, String> {
    parse_duration(text).filter(|n| *n > TimeDelta::ZERO).ok_or_else(|| "use a length of time such as 30s, 5m or 2h".to_owned())
}
