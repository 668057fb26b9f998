//! `dupdoctor diagnose`

use super::Ending;
use super::args::DiagnoseArgs;
use super::formats::ReportFormat;
use super::judging::{Judgement, earlier, judgement};
use super::moment::now;
use super::output::{complain, print, style, target, write_files};
use super::progress::Progress;
use super::reading::{options, paths, tell_unfitting, tell_unread};
use super::redaction::Masks;
use anyhow::{Context, Result, bail};
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::render::{Style, html, jira, json, junit, markdown, ndjson, summary, text, write_json};
use dupdoctor::report::{Report, Selection, compare};

pub(super) fn run(args: &DiagnoseArgs) -> Result<Ending> {
    let outputs: Vec<(ReportFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    if args.summary && args.format != ReportFormat::Text {
        bail!("--summary is a form of the text report; leave out --format, or use `--format ndjson`, which has a finding a line");
    }
    let mut style = style(&args.show);
    style.all = args.all;
    style.verbose = args.input.verbose;
    let paths = paths(&args.input)?;
    let options = options(&args.input, &args.show, &paths)?;
    let Judgement { catalogue, expectations, accepted, sound } = judgement(&args.judge, args.input.verbose)?;
    let before = args.compare.as_deref().map(|path| Ok::<_, anyhow::Error>((path, earlier("--compare", path)?))).transpose()?;
    let now = now();
    let selection = Selection {
        app: args.input.app.clone(),
        dup: args.input.dup,
        accepted,
        today: Some(now),
        lang: style.lang,
        runbooks: args.runbook.unwrap_or_default(),
        generated_at: Some(now),
    };
    let mut masks = Masks::new(&args.redact)?;
    let settings = Settings { options, expectations, catalogue, selection, with_chapters: false, redaction: masks.redaction.clone() };
    let progress = Progress::new(args.input.quiet);
    let mut diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    for input in read.inputs.iter().filter(|i| i.evidence.is_some() && !args.input.quiet) {
        for note in &input.notes {
            complain(&format!("{}: {note}; the rest is used", input.path));
        }
    }
    tell_unfitting(&args.input, &diagnosis);
    if let Some((path, before)) = &before {
        let mut comparison = compare(&diagnosis.report, before, &path.display().to_string());
        if let Some(redaction) = &masks.redaction {
            comparison.hide(redaction);
        }
        diagnosis.report.comparison = Some(comparison);
    }
    let kept = masks.save();
    let report = &diagnosis.report;
    // Colours are for terminals.
    let in_file = Style { color: false, links: None, ..style.clone() };
    let written = write_files(&outputs, |format| render(report, format, &in_file));
    let failing = report.findings.iter().any(|f| args.judge.fail_on.fails(f.severity));
    args.pager.link(&mut style, args.redact.redact);
    if args.format == ReportFormat::Json {
        write_json(report, &mut std::io::stdout().lock()).context("cannot write to standard output")?;
    } else if args.summary {
        args.pager.print(&summary(report, &style))?;
    } else if args.format == ReportFormat::Text {
        args.pager.print(&text(report, &style))?;
    } else {
        print(&render(report, args.format, &style))?;
    }
    Ok(match (complete && sound && written && kept, failing) {
        (false, _) => Ending::Unread,
        (true, true) => Ending::Findings,
        (true, false) => Ending::Quiet,
    })
}

/// The report in a format.
pub(super) fn render(report: &Report, format: ReportFormat, style: &Style) -> String {
    match format {
        ReportFormat::Text => text(report, style),
        ReportFormat::Json => json(report),
        ReportFormat::Ndjson => ndjson(report),
        ReportFormat::Html => html(report, style),
        ReportFormat::Markdown => markdown(report, style),
        ReportFormat::Jira => jira(report, style),
        ReportFormat::Junit => junit(report, style),
    }
}
