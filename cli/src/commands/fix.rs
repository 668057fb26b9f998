//! `dupdoctor fix`

use crate::console::{print, warn};
use crate::exit_status::ExitStatus;
use crate::options::{ExplainFormat, ShowArgs, SignatureArgs, by_name, read_report};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use dupdoctor::internal::render::{Explanation, Runbook};
use dupdoctor::internal::report::{DupChoice, RunbookSource, RunbookSubject};
use dupdoctor::internal::signature::{RunbookCommand, RunbookStep, Signature, runbook};
use dupdoctor::{Catalogue, Release, Settings, diagnose};
use std::path::PathBuf;

/// Print the runbook of a finding: what to check, change, verify and undo, with the commands filled in; it runs nothing
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the runbook was printed, 2 wrong usage or something that could not be read. Nothing is ever executed."
)]
pub(super) struct FixArgs {
    /// A code such as DUP301, or a name such as follower-table-missing
    #[arg(value_name = "CODE|NAME")]
    code: String,
    /// Fill the commands in from the diagnosis of these logs
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Fill the commands in from a JSON report
    #[arg(long, value_name = "REPORT.json", conflicts_with = "paths")]
    report: Option<PathBuf>,
    /// The duplication: a5d1716542517, 5.1716542517 or 1716542517
    #[arg(long, value_name = "APP_ID.DUP_ID")]
    dup: Option<DupChoice>,
    /// The release of the servers: 2.4, 2.5 or master (2.3 for v2.0 to v2.3) [default: all, with what differs]
    #[arg(long, value_name = "RELEASE")]
    release: Option<Release>,
    /// Write commands for this tool, where it has them
    #[arg(long, value_name = "TOOL", default_value = "shell")]
    client: Tool,
    /// Format: text, json, markdown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ExplainFormat,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    signatures: SignatureArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tool {
    /// The C++ shell
    Shell,
    /// The Go admin-cli
    AdminCli,
    /// The meta server's HTTP port, for what only asks
    Http,
}

impl FixArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let (catalogue, known) = self.signatures.load();
        let signature = by_name(&catalogue, &self.code)?;
        let style = self.show.style();
        let (report, complete) = report(self, &catalogue)?;
        let subject = match &report {
            Some(report) => match (RunbookSubject::of_report(report, signature, self.dup, &catalogue), &self.report) {
                (Ok(subject), _) => subject,
                (Err(why), Some(file)) => bail!("--report {}: {why}", file.display()),
                (Err(why), None) => bail!("{why}"),
            },
            None => RunbookSubject::of_choice(self.dup),
        };
        let steps = with_tool(runbook(signature, self.release, &subject.values, style.lang), self.client);
        if steps.is_empty() {
            bail!("{} has no runbook{}", signature.code, own(&catalogue, signature));
        }
        let book = Runbook { signature, subject: &subject, release: self.release, steps: &steps };
        print(&self.format.render(&Explanation::Runbook(&book), &style))?;
        Ok(ExitStatus::of(known && complete, false))
    }
}

fn own(catalogue: &Catalogue, signature: &Signature) -> String {
    catalogue.file(&signature.code).map_or_else(String::new, |file| format!("; write its steps into {} as [[fix]]", file.display()))
}

/// The report to fill in from, and whether all of it could be read.
fn report(args: &FixArgs, catalogue: &Catalogue) -> Result<(Option<RunbookSource>, bool)> {
    if let Some(file) = &args.report {
        return Ok((Some(read_report("--report", file, RunbookSource::parse)?), true));
    }
    if args.paths.is_empty() {
        return Ok((None, true));
    }
    let settings = Settings { catalogue: catalogue.clone(), ..Settings::default() };
    let diagnosis = diagnose(&args.paths, &settings, &|_, _| {});
    let problems = &diagnosis.ingested.problems;
    for problem in problems {
        warn(&problem.to_string());
    }
    if diagnosis.ingested.inputs.is_empty() {
        bail!("nothing to fill the runbook in from: no input looked like a Pegasus log; without PATH the placeholders stay open");
    }
    Ok((Some(diagnosis.report.into()), problems.is_empty()))
}

/// The commands as another tool has them, where it has them.
fn with_tool(steps: Vec<RunbookStep>, tool: Tool) -> Vec<RunbookStep> {
    let place = match tool {
        Tool::Shell => return steps,
        Tool::AdminCli => "-admin-cli",
        Tool::Http => "-meta-host",
    };
    let other = |command: RunbookCommand| {
        let others: Vec<_> = command.also.iter().filter(|c| c.at.ends_with(place)).cloned().collect();
        if others.is_empty() {
            return vec![command];
        }
        let same = |c: dupdoctor::internal::signature::Command| RunbookCommand {
            at: c.at,
            run: c.run,
            releases: command.releases.clone(),
            also: Vec::new(),
        };
        others.into_iter().map(same).collect()
    };
    steps.into_iter().map(|step| RunbookStep { commands: step.commands.into_iter().flat_map(other).collect(), ..step }).collect()
}
