//! `dupdoctor diagnose`

use crate::console::{print, warn};
use crate::exit_status::ExitStatus;
use crate::options::{
    Criteria, CriteriaArgs, FilterArgs, OutputArgs, PagerArgs, ReportFormat, SwitchOverArgs, earlier_report, now, refuse_empty_selection,
};
use crate::session::{Session, SessionArgs};
use anyhow::{Context, Result, bail};
use clap::Args;
use dupdoctor::Settings;
use dupdoctor::internal::pegasus::UnknownRelease;
use dupdoctor::internal::render::{summary, text, write_json};
use dupdoctor::report::{Runbooks, Selection, compare};
use std::path::{Path, PathBuf};

/// Find the duplications in trouble: since when, why, and what to type
#[derive(Debug, Args)]
pub(super) struct DiagnoseArgs {
    /// Also show healthy and removed duplications and findings that are over
    #[arg(long)]
    all: bool,
    /// Show only one line for each duplication
    #[arg(long)]
    summary: bool,
    /// Print the whole runbook of each finding in place of the suggestions, for a release or for all of them
    #[arg(long, value_name = "RELEASE", num_args = 0..=1, default_missing_value = "all", require_equals = true, value_parser = runbooks)]
    runbook: Option<Runbooks>,
    /// Show what is new, still there and gone since an earlier JSON report
    #[arg(long, value_name = "OLD.json")]
    compare: Option<PathBuf>,
    #[command(flatten)]
    session: SessionArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    criteria: CriteriaArgs,
    #[command(flatten)]
    output: OutputArgs<ReportFormat>,
    #[command(flatten)]
    switch_over: SwitchOverArgs,
    #[command(flatten)]
    pager: PagerArgs,
}

fn runbooks(release: &str) -> Result<Runbooks, UnknownRelease> {
    if release == "all" { Ok(Runbooks::All) } else { release.parse().map(Runbooks::For) }
}

impl DiagnoseArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let format = self.output.format;
        if self.summary && !format.is("text") {
            bail!("--summary is a form of the text report; leave out --format, or use `--format ndjson`, which has one finding per line");
        }
        let logs = &self.session.input.logs;
        let Criteria { catalogue, expectations, accepted, complete } = self.criteria.load(logs.verbose)?;
        let before = self.compare.as_deref().map(|path| Ok::<_, anyhow::Error>((path, earlier_report("--compare", path)?))).transpose()?;
        let now = now();
        let selection = Selection {
            only: self.filter.only(),
            accepted,
            today: Some(now),
            lang: self.session.show.lang(),
            runbooks: self.runbook.unwrap_or_default(),
            generated_at: Some(now),
            switch_over: self.switch_over.most(),
        };
        let settings = Settings { expectations, catalogue, selection, ..Settings::default() };
        let mut session = Session::diagnose(&self.session, settings)?;
        session.style.all = self.all;
        for input in session.diagnosis.ingested.inputs.iter().filter(|i| i.evidence.is_some() && !logs.quiet) {
            for note in &input.notes {
                warn(&format!("{}: {note}; the rest is used", input.path));
            }
        }
        refuse_empty_selection(&self.session.input, &self.filter, &session.diagnosis)?;
        let mut report = session.diagnosis.report;
        if let Some((path, before)) = &before {
            let mut comparison = compare(&report, before, &path.display().to_string());
            if let Some(redaction) = &session.key_file.redaction {
                comparison.hide(redaction);
            }
            report.comparison = Some(comparison);
        }
        let saved = session.key_file.save();
        let mut style = session.style;
        let read: Vec<&Path> = session.diagnosis.ingested.inputs.iter().map(|input| Path::new(&input.path)).collect();
        let written = self.output.write_files(&style, &read, |format, style| format.render(&report, style));
        self.pager.link(&mut style, self.session.redact.redact.is_some());
        if format.is("json") {
            write_json(&report, &mut std::io::stdout().lock()).context("cannot write to standard output")?;
        } else if format.is("text") {
            self.pager.print(&if self.summary { summary(&report, &style) } else { text(&report, &style) })?;
        } else {
            print(&format.render(&report, &style))?;
        }
        let complete = complete && session.complete && written && saved;
        if self.switch_over.switch_over && self.criteria.accept.unless_never(true) {
            return Ok(ExitStatus::of_readiness(complete, report.readiness()));
        }
        let accept = &self.criteria.accept;
        Ok(ExitStatus::of(complete, accept.fails(&report.findings)).or_cannot_tell(accept.cannot_tell(&report)))
    }
}
