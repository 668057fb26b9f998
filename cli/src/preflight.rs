//! `dupdoctor preflight`

use super::Ending;
use super::args::{JudgeArgs, ShowArgs};
use super::diagnose::render;
use super::formats::{FailOn, ReportFormat};
use super::judging::{Judgement, judgement};
use super::moment::now;
use super::output::{complain, print, style, target, write_files};
use anyhow::{Result, bail};
use clap::Args;
use dupdoctor::answer::AddDup;
use dupdoctor::pegasus::{ServerRole, Side};
use dupdoctor::preflight::{BUILDS, Build, Material, preflight};
use dupdoctor::render::Style;
use dupdoctor::report::Selection;
use std::path::{Path, PathBuf};

/// Arguments of `preflight`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  dupdoctor preflight --config source-meta=s/meta.ini --config source-replica=s/replica.ini --config target=t/config.ini \\
    --plan 'add_dup test_dup1 target_cluster -s' --release 2.5 --source s/shell.txt --target t/shell.txt
  dupdoctor preflight --config config.ini --plan 'use test_dup1; dup add -c target_cluster -p'

Shell output that it reads: ls -d, app TABLE -d, nodes -d (or -u), query_dup TABLE -d, dups, get_app_envs, server_info, server_stat,
cluster_info, app_stat, query_bulk_load_status; whole transcripts, with prompts, are best.

Exit codes: 0 no check failed at or above --fail-on, 1 one did, 2 wrong usage or a file that could not be read.")]
pub(crate) struct PreflightArgs {
    /// Files or folders with output of the shells and configurations, told by content
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A config.ini; ROLE is source, target, source-meta, source-replica, target-meta, target-replica, and told by content if left out. Repeatable
    #[arg(long, value_name = "[ROLE=]FILE")]
    config: Vec<String>,
    /// Output of the source's shell (file or folder). Repeatable
    #[arg(long, value_name = "PATH")]
    source: Vec<PathBuf>,
    /// Output of the target's shell (file or folder). Repeatable
    #[arg(long, value_name = "PATH")]
    target: Vec<PathBuf>,
    /// What you are going to type, in the shell or, as "use T; dup add …", in admin-cli
    #[arg(long, value_name = "COMMAND")]
    plan: Option<String>,
    /// Build of the source: 2.4, 2.5, master, or master@YYYY-MM-DD for a build of that day [default: what the answers say]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    #[command(flatten)]
    show: ShowArgs,
    /// Exit with 1 when a failed check is at least so grave
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    fail_on: FailOn,
    /// Leave out a finding, everywhere or for one table. Repeatable
    #[arg(long, value_name = "CODE[:TABLE]")]
    ignore: Vec<String>,
    /// Leave out the findings of an earlier JSON report
    #[arg(long, value_name = "REPORT.json")]
    baseline: Option<PathBuf>,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
    /// Write the report to a file, too; the format is told by the prefix or by the file's extension. Repeatable
    #[arg(long, value_name = "[FORMAT=]FILE")]
    output: Vec<String>,
    /// List the checks that passed, too
    #[arg(long)]
    all: bool,
    /// Show all lines that prove a finding
    #[arg(short, long)]
    verbose: bool,
}

pub(super) fn run(args: &PreflightArgs) -> Result<Ending> {
    let outputs: Vec<(ReportFormat, &str)> = args.output.iter().map(|o| target(o)).collect::<Result<_>>()?;
    let mut style = style(&args.show);
    style.all = args.all;
    style.verbose = args.verbose;
    let mut material = Material::default();
    if let Some(plan) = &args.plan {
        material.plan = AddDup::parse(plan, None);
        if material.plan.is_none() {
            bail!("--plan {plan:?} adds no duplication; write the command as you would type it: 'add_dup <table> <cluster> -s'");
        }
        material.plan_text = Some(plan.clone());
    }
    if let Some(release) = &args.release {
        material.release = Some(release.parse::<Build>().map_err(|error| anyhow::anyhow!("--release: {error}"))?);
    }
    let (skipped, complete) = read(args, &mut material)?;
    if material.configs.is_empty() && material.answers.is_empty() && material.plan.is_none() {
        if !complete || !skipped.is_empty() {
            return Ok(Ending::Unread);
        }
        bail!("nothing to check: give a plan, configurations or shell output (see `dupdoctor preflight --help`); releases are {BUILDS}");
    }
    let judge = JudgeArgs {
        fail_on: args.fail_on,
        expect: Vec::new(),
        signatures: Vec::new(),
        ignore: args.ignore.clone(),
        baseline: args.baseline.clone(),
        config: None,
        no_config: true,
    };
    let now = now();
    let Judgement { catalogue, accepted, .. } = judgement(&judge, args.verbose)?;
    let selection = Selection { accepted, today: Some(now), lang: style.lang, generated_at: Some(now), ..Selection::default() };
    let report = preflight(&material, &catalogue, &selection, &skipped);
    let in_file = Style { color: false, ..style.clone() };
    let written = write_files(&outputs, |format| render(&report, format, &in_file));
    let failing = report.findings.iter().any(|f| args.fail_on.fails(f.severity));
    print(&render(&report, args.format, &style))?;
    Ok(match (complete && written, failing) {
        (false, _) => Ending::Unread,
        (true, true) => Ending::Findings,
        (true, false) => Ending::Quiet,
    })
}

/// Reads all files; returns what is neither configuration nor answer, and whether all that was named could be used.
fn read(args: &PreflightArgs, material: &mut Material) -> Result<(Vec<(String, String)>, bool)> {
    let mut named: Vec<(PathBuf, Option<Side>, Option<ServerRole>)> = Vec::new();
    for spec in &args.config {
        let (side, role, file) = config(spec)?;
        named.push((file, side, role));
    }
    let of = |paths: &[PathBuf], side: Option<Side>| paths.iter().map(|p| (p.clone(), side, None)).collect::<Vec<_>>();
    named.extend(of(&args.source, Some(Side::Source)));
    named.extend(of(&args.target, Some(Side::Target)));
    named.extend(of(&args.paths, None));
    let mut skipped = Vec::new();
    let mut complete = true;
    for (path, side, role) in named {
        match material.read_all(&path, side, role) {
            Ok(found) => {
                for (name, line) in &found {
                    // In a folder other files are expected.
                    if Path::new(name) == path {
                        complain(&format!("{name}: neither a config.ini nor output of a shell, begins with {line:?}; left out"));
                        complete = false;
                    }
                }
                skipped.extend(found);
            }
            Err(error) => {
                complain(&format!("{error}; check the spelling, or copy it to where it can be read"));
                complete = false;
            }
        }
    }
    for (path, blemish) in material.blemishes() {
        complain(&format!("{path}:{}: {}; the rest is used", blemish.line, blemish.what));
    }
    Ok((skipped, complete))
}

/// Splits `[ROLE=]FILE`.
fn config(spec: &str) -> Result<(Option<Side>, Option<ServerRole>, PathBuf)> {
    let Some((prefix, file)) = spec.split_once('=') else { return Ok((None, None, PathBuf::from(spec))) };
    let (side, role) = match prefix.to_ascii_lowercase().as_str() {
        "source" => (Some(Side::Source), None),
        "target" => (Some(Side::Target), None),
        "meta" => (None, Some(ServerRole::Meta)),
        "replica" => (None, Some(ServerRole::Replica)),
        "source-meta" => (Some(Side::Source), Some(ServerRole::Meta)),
        "source-replica" => (Some(Side::Source), Some(ServerRole::Replica)),
        "target-meta" => (Some(Side::Target), Some(ServerRole::Meta)),
        "target-replica" => (Some(Side::Target), Some(ServerRole::Replica)),
        _ if Path::new(spec).exists() => return Ok((None, None, PathBuf::from(spec))),
        _ => {
            bail!("--config {spec}: {prefix:?} is no role; use source, target, source-meta, source-replica, target-meta or target-replica")
        }
    };
    Ok((side, role, PathBuf::from(file)))
}
