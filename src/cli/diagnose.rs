//! `dupdoctor diagnose`

use super::Ending;
use super::args::{DiagnoseArgs, JudgeArgs, ReportFormat};
use super::output::{complain, options, paths, print, style, target, tell_unread, write_file};
use super::progress::Progress;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::ingest::Moment;
use dupdoctor::pegasus::LogTime;
use dupdoctor::render::{Style, json, ndjson, text};
use dupdoctor::report::{Report, Selection, redact};
use dupdoctor::signature::{Catalogue, Expectations};
use std::path::PathBuf;

pub(super) fn run(args: &DiagnoseArgs) -> Result<Ending> {
    let outputs: Vec<(String, &str)> = args.output.iter().map(|o| target(o, &["text", "json", "ndjson"])).collect::<Result<_>>()?;
    let mut style = style(&args.show);
    style.all = args.all;
    style.verbose = args.input.verbose;
    let paths = paths(&args.input)?;
    let mut options = options(&args.input, &args.show)?;
    if paths.iter().any(|p| p.as_os_str() == "-") {
        // A pipe can be read only once, so "ago" counts from now there.
        for moment in [&mut options.since, &mut options.until] {
            if let Some(Moment::Ago(ago)) = moment {
                *moment = Some(Moment::At(LogTime(now().0 - *ago)));
            }
        }
    }
    let (catalogue, sound) = catalogue(&args.judge.signatures);
    let selection = Selection {
        app: args.input.app.clone(),
        dup: args.input.dup,
        ignore: args.judge.ignore.clone(),
        baseline: baseline(&args.judge)?,
        lang: style.lang,
        generated_at: Some(now()),
    };
    let settings = Settings { options, expectations: expectations(&args.judge, &catalogue)?, catalogue, selection, with_chapters: false };
    let progress = Progress::new(args.input.quiet);
    let mut diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    if args.redact {
        redact(&mut diagnosis.report);
    }
    let report = &diagnosis.report;
    for (format, file) in &outputs {
        let format = ReportFormat::from_str(format, true).map_err(anyhow::Error::msg)?;
        // Colours are for terminals.
        write_file(file, &render(report, format, &Style { color: false, ..style.clone() }))?;
    }
    let failing = report.findings.iter().any(|f| args.judge.fail_on.fails(f.severity));
    let printed = print(&render(report, args.format, &style));
    if let Err(error) = printed
        && !super::is_closed_pipe(&error)
    {
        return Err(error.context("cannot write to standard output"));
    }
    Ok(match (complete && sound, failing) {
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
    }
}

/// The built-in signatures and the user's own; says whether all of these could be used.
pub(super) fn catalogue(folders: &[PathBuf]) -> (Catalogue, bool) {
    let mut catalogue = Catalogue::built_in();
    let mut sound = true;
    for folder in folders {
        for error in catalogue.add_folder(folder) {
            complain(&error.to_string());
            sound = false;
        }
    }
    (catalogue, sound)
}

/// Fingerprints of an earlier report.
fn baseline(judge: &JudgeArgs) -> Result<Vec<String>> {
    let Some(path) = &judge.baseline else { return Ok(Vec::new()) };
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read --baseline {name}"))?;
    let report: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("--baseline {name} is no JSON report; make one with `diagnose --format json`"))?;
    let Some(findings) = report.get("findings").and_then(|f| f.as_array()) else {
        bail!("--baseline {name} has no findings; make one with `diagnose --format json`")
    };
    Ok(findings.iter().filter_map(|f| Some(f.get("fingerprint")?.as_str()?.to_owned())).collect())
}

fn expectations(judge: &JudgeArgs, catalogue: &Catalogue) -> Result<Expectations> {
    let known = catalogue.thresholds();
    for (name, _) in &judge.expect {
        if !known.contains(name) && catalogue.find(name).is_none() {
            bail!("unknown name {name:?} for --expect: use one of {}, or a code such as DUP304", known.iter().cloned().collect::<Vec<_>>().join(", "));
        }
    }
    let by_name = judge.expect.iter().map(|(name, nanos)| (catalogue.find(name).map_or_else(|| name.clone(), |s| s.code.clone()), *nanos));
    Ok(Expectations { by_name: by_name.collect() })
}

/// The clock of this machine.
pub(super) fn now() -> LogTime {
    LogTime(chrono::Utc::now().timestamp_nanos_opt().unwrap_or_default())
}
