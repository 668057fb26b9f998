//! `dupdoctor timeline`

use super::Ending;
use super::args::{PlainFormat, TimelineArgs};
use super::output::{print, style, target, write_files};
use super::progress::Progress;
use super::reading::{options, paths, tell_unfitting, tell_unread};
use super::redaction::Masks;
use anyhow::Result;
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::render::{Style, timeline, timeline_json};
use dupdoctor::report::{Chapter, Selection};
use dupdoctor::signature::Catalogue;

pub(super) fn run(args: &TimelineArgs) -> Result<Ending> {
    let outputs: Vec<(PlainFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    let mut style = style(&args.show);
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
    let diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    tell_unfitting(&args.input, &diagnosis);
    let kept = masks.save();
    style.zone = style.zone.settled(&diagnosis.report.inputs);
    let in_file = Style { color: false, ..style.clone() };
    let written = write_files(&outputs, |format| render(&diagnosis.chapters, format, &in_file));
    print(&render(&diagnosis.chapters, args.format, &style))?;
    Ok(if complete && written && kept { Ending::Quiet } else { Ending::Unread })
}

fn render(chapters: &[Chapter], format: PlainFormat, style: &Style) -> String {
    match format {
        PlainFormat::Text => timeline(chapters, style),
        PlainFormat::Json => timeline_json(chapters),
    }
}
