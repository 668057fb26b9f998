//! `dupdoctor timeline`

use super::Ending;
use super::args::{PlainFormat, TimelineArgs};
use super::output::{options, paths, print, style, target, tell_unread, write_file};
use super::progress::Progress;
use anyhow::Result;
use clap::ValueEnum;
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::render::{Style, timeline, timeline_json};
use dupdoctor::report::{Chapter, Selection};
use dupdoctor::signature::Catalogue;

pub(super) fn run(args: &TimelineArgs) -> Result<Ending> {
    let outputs: Vec<(String, &str)> = args.output.iter().map(|o| target(o, &["text", "json"])).collect::<Result<_>>()?;
    let style = style(&args.show);
    let paths = paths(&args.input)?;
    let selection = Selection { app: args.input.app.clone(), dup: args.input.dup, lang: style.lang, ..Selection::default() };
    let settings = Settings {
        options: options(&args.input, &args.show)?,
        catalogue: Catalogue::built_in(),
        selection,
        with_chapters: true,
        ..Settings::default()
    };
    let progress = Progress::new(args.input.quiet);
    let diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    for (format, file) in &outputs {
        let format = PlainFormat::from_str(format, true).map_err(anyhow::Error::msg)?;
        write_file(file, &render(&diagnosis.chapters, format, &Style { color: false, ..style.clone() }))?;
    }
    print(&render(&diagnosis.chapters, args.format, &style))?;
    Ok(if complete { Ending::Quiet } else { Ending::Unread })
}

fn render(chapters: &[Chapter], format: PlainFormat, style: &Style) -> String {
    match format {
        PlainFormat::Text => timeline(chapters, style),
        PlainFormat::Json => timeline_json(chapters),
    }
}
