//! `dupdoctor diagnose`

use super::Ending;
use super::args::{DiagnoseArgs, JudgeArgs, ReportFormat};
use super::moment::now;
use super::output::{complain, print, style, target, write_files};
use super::progress::Progress;
use super::reading::{options, paths, tell_unfitting, tell_unread};
use super::redaction::Masks;
use anyhow::{Context, Result, bail};
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::render::{Style, html, json, ndjson, text, write_json};
use dupdoctor::report::{Report, Selection};
use dupdoctor::signature::{Catalogue, Expectations};
use std::path::PathBuf;

pub(super) fn run(args: &DiagnoseArgs) -> Result<Ending> {
    let outputs: Vec<(ReportFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    let mut style = style(&args.show);
    style.all = args.all;
    style.verbose = args.input.verbose;
    let paths = paths(&args.input)?;
    let options = options(&args.input, &args.show, &paths)?;
    let (catalogue, sound) = catalogue(&args.judge.signatures);
    let selection = Selection {
        app: args.input.app.clone(),
        dup: args.input.dup,
        ignore: ignored(&args.judge, &catalogue)?,
        baseline: baseline(&args.judge)?,
        lang: style.lang,
        runbooks: args.runbook.unwrap_or_default(),
        generated_at: Some(now()),
    };
    let mut masks = Masks::new(&args.redact)?;
    let settings = Settings {
        options,
        expectations: expectations(&args.judge, &catalogue)?,
        catalogue,
        selection,
        with_chapters: false,
        redaction: masks.redaction.clone(),
    };
    let progress = Progress::new(args.input.quiet);
    let diagnosis = diagnose(&paths, &settings, &|bytes, total| progress.tell(bytes, total));
    progress.clear();
    let read = &diagnosis.ingested;
    let complete = tell_unread(&args.input, &paths, &read.problems, &read.notes, &read.strangers, read.inputs.len());
    tell_unfitting(&args.input, &diagnosis);
    let kept = masks.save();
    let report = &diagnosis.report;
    // Colours are for terminals.
    let in_file = Style { color: false, ..style.clone() };
    let written = write_files(&outputs, |format| render(report, format, &in_file));
    let failing = report.findings.iter().any(|f| args.judge.fail_on.fails(f.severity));
    if args.format == ReportFormat::Json {
        write_json(report, &mut std::io::stdout().lock()).context("cannot write to standard output")?;
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
    }
}

/// The built-in signatures and the user's own; says whether all of these could be used.
pub(super) fn catalogue(folders: &[PathBuf]) -> (Catalogue, bool) {
    let mut catalogue = Catalogue::built_in();
    let mut sound = true;
    for folder in folders {
        let name = folder.display();
        if !folder.is_dir() {
            let what = if folder.exists() { "no directory" } else { "no such directory" };
            complain(&format!("--signatures {name}: {what}; name the folder that holds the signature files (*.toml)"));
            sound = false;
            continue;
        }
        let before = catalogue.iter().count();
        let errors = catalogue.add_folder(folder);
        if errors.is_empty() && catalogue.iter().count() == before {
            complain(&format!("--signatures {name}: no signature file (*.toml) in this folder"));
        }
        for error in errors {
            complain(&format!("{error}; this signature is left out"));
            sound = false;
        }
    }
    (catalogue, sound)
}

/// Rules of `--ignore` with the codes as the catalogue spells them.
pub(super) fn ignored(judge: &JudgeArgs, catalogue: &Catalogue) -> Result<Vec<String>> {
    let rule = |rule: &String| {
        let (code, table) = rule.split_once(':').map_or((rule.as_str(), None), |(code, table)| (code, Some(table)));
        let Some(signature) = catalogue.find(code) else {
            bail!("unknown code {code:?} for --ignore: write CODE or CODE:TABLE; `dupdoctor explain` lists the codes");
        };
        Ok(table.map_or_else(|| signature.code.clone(), |table| format!("{}:{table}", signature.code)))
    };
    judge.ignore.iter().map(rule).collect()
}

/// Fingerprints of an earlier report.
pub(super) fn baseline(judge: &JudgeArgs) -> Result<Vec<String>> {
    const HINT: &str = "make one with `dupdoctor diagnose --format json`";
    let Some(path) = &judge.baseline else { return Ok(Vec::new()) };
    let name = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => bail!("cannot read --baseline {name}: {error}; {HINT}"),
    };
    let report: serde_json::Value = match serde_json::from_str(&text) {
        Ok(report) => report,
        Err(error) => bail!("--baseline {name} is no JSON report ({error}); {HINT}"),
    };
    let Some(findings) = report.get("findings").and_then(|f| f.as_array()) else {
        bail!("--baseline {name} is no report, it has no \"findings\"; {HINT}")
    };
    Ok(findings.iter().filter_map(|f| Some(f.get("fingerprint")?.as_str()?.to_owned())).collect())
}

pub(super) fn expectations(judge: &JudgeArgs, catalogue: &Catalogue) -> Result<Expectations> {
    let known = catalogue.thresholds();
    for (name, _) in &judge.expect {
        if !known.contains(name) && catalogue.find(name).is_none() {
            bail!(
                "unknown name {name:?} for --expect: use one of {}, or a code such as DUP304",
                known.iter().cloned().collect::<Vec<_>>().join(", ")
            );
        }
    }
    let by_name = judge.expect.iter().map(|(name, nanos)| (catalogue.find(name).map_or_else(|| name.clone(), |s| s.code.clone()), *nanos));
    Ok(Expectations { by_name: by_name.collect() })
}
