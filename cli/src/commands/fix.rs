//! `dupdoctor fix`

use crate::console::print;
use crate::exit_status::ExitStatus;
use crate::options::{ExplainFormat, FilterArgs, SignatureArgs, by_name, codes, read_report};
use crate::session::{Session, SessionArgs};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use clap_complete::ArgValueCandidates;
use dupdoctor::internal::render::{Explanation, Runbook};
use dupdoctor::internal::report::{RunbookSource, RunbookSubject};
use dupdoctor::internal::signature::{RunbookCommand, RunbookStep, Signature, runbook};
use dupdoctor::{Catalogue, Release, Settings};
use std::path::PathBuf;

/// Print the runbook of a finding: what to check, change, verify and undo, with the commands filled in; it runs nothing
#[derive(Debug, Args)]
pub(super) struct FixArgs {
    /// A code such as DUP301, or a name such as follower-table-missing
    #[arg(value_name = "CODE|NAME", add = ArgValueCandidates::new(codes))]
    code: String,
    /// Fill the commands in from a JSON report
    #[arg(long, value_name = "REPORT.json", conflicts_with_all = ["paths", "source", "target"])]
    report: Option<PathBuf>,
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
    session: SessionArgs,
    #[command(flatten)]
    filter: FilterArgs,
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
        let style = self.session.show.style();
        let (report, complete) = report(self, &catalogue)?;
        let only = self.filter.only();
        let subject = match &report {
            Some(report) => match (RunbookSubject::of_report(report, signature, &only, &catalogue), &self.report) {
                (Ok(subject), _) => subject,
                (Err(why), Some(file)) => bail!("--report {}: {why}", file.display()),
                (Err(why), None) => bail!("{why}"),
            },
            None => RunbookSubject::of_choice(&only),
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
    if !args.session.input.logs.names_any() {
        return Ok((None, true));
    }
    let settings = Settings { catalogue: catalogue.clone(), ..Settings::default() };
    let mut session = Session::diagnose(&args.session, settings)?;
    if session.diagnosis.ingested.inputs.is_empty() {
        bail!("nothing to fill the runbook in from: no input looked like a Pegasus log; without PATH the placeholders stay open");
    }
    let saved = session.key_file.save();
    Ok((Some(session.diagnosis.report.into()), session.complete && saved))
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
