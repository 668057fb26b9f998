//! `dupdoctor fix`

use super::Ending;
use super::args::ShowArgs;
use super::explain::named;
use super::formats::ExplainFormat;
use super::judging::catalogue;
use super::output::{complain, print, style};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::pegasus::{Release, UnknownRelease};
use dupdoctor::render::{Runbook, json, runbook_json, runbook_markdown, runbook_text};
use dupdoctor::report::{DupChoice, RunbookSubject, Runbooks, Selection};
use dupdoctor::signature::{Catalogue, RunbookCommand, RunbookStep, Signature, runbook};
use serde_json::Value;
use std::path::PathBuf;

/// Arguments of `fix`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 the runbook was printed, 2 wrong usage or something that could not be read. Nothing is ever run.")]
pub(crate) struct FixArgs {
    /// A code such as DUP301, or a name such as follower-table-missing
    #[arg(value_name = "CODE|NAME")]
    pub(crate) code: String,
    /// Fill the commands in from the diagnosis of these logs
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Fill the commands in from a JSON report
    #[arg(long, value_name = "REPORT.json", conflicts_with = "paths")]
    pub(crate) report: Option<PathBuf>,
    /// The duplication: a5d1716542517, 5.1716542517 or 1716542517
    #[arg(long, value_name = "APP_ID.DUP_ID")]
    pub(crate) dup: Option<DupChoice>,
    /// The release of the servers: 2.4, 2.5 or master (2.3 for v2.0 to v2.3) [default: all, with what differs]
    #[arg(long, value_name = "RELEASE")]
    pub(crate) release: Option<Release>,
    /// Write commands for this tool, where it has them
    #[arg(long, value_name = "TOOL", default_value = "shell")]
    pub(crate) client: ToolArg,
    /// Format: text, markdown, json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ExplainFormat,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    /// Know the signatures of a folder, too
    #[arg(long, value_name = "DIR")]
    pub(crate) signatures: Vec<PathBuf>,
}

/// With what commands are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ToolArg {
    /// The C++ shell
    Shell,
    /// The Go admin-cli
    AdminCli,
    /// The meta server's HTTP port, for what only asks
    Http,
}

/// The release that `diagnose --runbook` names; `all` stands for no release.
pub(super) fn runbook_release(text: &str) -> Result<Runbooks, UnknownRelease> {
    if text == "all" { Ok(Runbooks::All) } else { text.parse().map(Runbooks::For) }
}

pub(super) fn run(args: &FixArgs) -> Result<Ending> {
    let (catalogue, sound) = catalogue(&args.signatures);
    let signature = named(&catalogue, &args.code)?;
    let style = style(&args.show);
    let (report, complete) = report(args, &catalogue)?;
    let subject = match &report {
        Some(report) => match (RunbookSubject::of_report(report, signature, args.dup, &catalogue), &args.report) {
            (Ok(subject), _) => subject,
            (Err(why), Some(file)) => bail!("--report {}: {why}", file.display()),
            (Err(why), None) => bail!("{why}"),
        },
        None => RunbookSubject::of_choice(args.dup),
    };
    let steps = with_tool(runbook(signature, args.release, &subject.values, style.lang), args.client);
    if steps.is_empty() {
        bail!("{} has no runbook{}", signature.code, own(&catalogue, signature));
    }
    let book = Runbook { signature, subject: &subject, release: args.release, steps: &steps };
    print(&match args.format {
        ExplainFormat::Text => runbook_text(&book, &style),
        ExplainFormat::Markdown => runbook_markdown(&book, style.lang),
        ExplainFormat::Json => runbook_json(&book, style.lang),
    })?;
    Ok(if sound && complete { Ending::Quiet } else { Ending::Unread })
}

fn own(catalogue: &Catalogue, signature: &Signature) -> String {
    catalogue.file(&signature.code).map_or_else(String::new, |file| format!("; write its steps into {} as [[fix]]", file.display()))
}

/// The report to fill in from, and whether all of it could be read.
fn report(args: &FixArgs, catalogue: &Catalogue) -> Result<(Option<Value>, bool)> {
    if let Some(file) = &args.report {
        let name = file.display();
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read --report {name}"))?;
        return match serde_json::from_str(&text) {
            Ok(report) => Ok((Some(report), true)),
            Err(error) => {
                bail!("--report {name}:{}: no JSON report ({error}); make one with `dupdoctor diagnose --format json`", error.line())
            }
        };
    }
    if args.paths.is_empty() {
        return Ok((None, true));
    }
    let settings = Settings { catalogue: catalogue.clone(), selection: Selection::default(), ..Settings::default() };
    let diagnosis = diagnose(&args.paths, &settings, &|_, _| {});
    let problems = &diagnosis.ingested.problems;
    for problem in problems {
        complain(&problem.to_string());
    }
    if diagnosis.ingested.inputs.is_empty() {
        bail!("nothing to fill the runbook in from: no input looked like a log of Pegasus; without PATH the placeholders stay open");
    }
    let report = serde_json::from_str(&json(&diagnosis.report)).context("the report cannot be read back")?;
    Ok((Some(report), problems.is_empty()))
}

/// The commands as another tool has them, where it has them.
fn with_tool(steps: Vec<RunbookStep>, tool: ToolArg) -> Vec<RunbookStep> {
    let place = match tool {
        ToolArg::Shell => return steps,
        ToolArg::AdminCli => "-admin-cli",
        ToolArg::Http => "-meta-host",
    };
    let other = |command: RunbookCommand| {
        let others: Vec<_> = command.also.iter().filter(|c| c.at.ends_with(place)).cloned().collect();
        if others.is_empty() {
            return vec![command];
        }
        let same = |c: dupdoctor::signature::Command| RunbookCommand {
            at: c.at,
            run: c.run,
            releases: command.releases.clone(),
            also: Vec::new(),
        };
        others.into_iter().map(same).collect()
    };
    steps.into_iter().map(|step| RunbookStep { commands: step.commands.into_iter().flat_map(other).collect(), ..step }).collect()
}
