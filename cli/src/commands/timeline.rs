//! `dupdoctor timeline`

use crate::exit_status::ExitStatus;
use crate::options::{FilterArgs, OutputArgs, PagerArgs, TextOrJson, nonzero_duration, refuse_empty_selection};
use crate::session::{Session, SessionArgs};
use anyhow::Result;
use clap::Args;
use dupdoctor::internal::render::{coverage_bar, timeline, timeline_json};
use dupdoctor::report::Selection;
use dupdoctor::{Catalogue, Diagnosis, Settings, Style, TimeDelta};
use std::path::Path;

/// Show each duplication's states over time, and what happened in between
#[derive(Debug, Args)]
pub(super) struct TimelineArgs {
    /// One column per server: who logged what when
    #[arg(long)]
    by_server: bool,
    /// First show which file covers which time, so that gaps stand out
    #[arg(long)]
    files: bool,
    /// Leave out what lasted less, such as 30s or 5m: repeats, and states other than the present one
    #[arg(long, value_name = "TIME", value_parser = nonzero_duration)]
    min_duration: Option<TimeDelta>,
    #[command(flatten)]
    session: SessionArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pager: PagerArgs,
    #[command(flatten)]
    output: OutputArgs<TextOrJson>,
}

impl TimelineArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let settings = Settings {
            catalogue: Catalogue::built_in(),
            selection: Selection { only: self.filter.only(), lang: self.session.show.lang(), ..Selection::default() },
            with_chapters: true,
            ..Settings::default()
        };
        let Session { mut diagnosis, mut style, mut key_file, complete } = Session::diagnose(&self.session, settings)?;
        refuse_empty_selection(&self.session.input, &self.filter, &diagnosis)?;
        let saved = key_file.save();
        if let Some(least) = self.min_duration {
            diagnosis.chapters.iter_mut().for_each(|chapter| chapter.keep_lasting(least));
        }
        style.zone = style.zone.settled(&diagnosis.report.inputs);
        let read: Vec<&Path> = diagnosis.ingested.inputs.iter().map(|input| Path::new(&input.path)).collect();
        let written = self.output.write_files(&style, &read, |format, style| self.render(&diagnosis, format, style));
        self.pager.link(&mut style, self.session.redact.redact.is_some());
        self.pager.print(&self.render(&diagnosis, self.output.format, &style))?;
        Ok(ExitStatus::of(complete && written && saved, false))
    }

    fn render(&self, diagnosis: &Diagnosis, format: TextOrJson, style: &Style) -> String {
        let chapters = &diagnosis.chapters;
        if format == TextOrJson::Json {
            return timeline_json(chapters);
        }
        let files = if self.files || self.by_server { coverage_bar(&diagnosis.report, style) } else { String::new() };
        let histories = timeline(chapters, style, self.by_server);
        if files.is_empty() { histories } else { format!("{files}\n{histories}") }
    }
}
