//! `dupdoctor preflight`

use crate::console::{print, warn};
use crate::exit_status::ExitStatus;
use crate::options::{AcceptArgs, OutputArgs, RedactArgs, RedactionKeyFile, ReportFormat, ShowArgs, SignatureArgs, now};
use anyhow::{Result, anyhow, bail};
use clap::Args;
use dupdoctor::internal::answer::AddDup;
use dupdoctor::internal::preflight::{BUILDS, Build, Material, preflight};
use dupdoctor::report::{Redaction, Selection};
use dupdoctor::{ServerRole, Side};
use std::path::{Path, PathBuf};

/// Check a planned duplication before it is added, from configurations, shell output and the plan
#[derive(Debug, Args)]
pub(super) struct PreflightArgs {
    /// Files or directories with shell output and configurations, recognized by their content
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A config.ini; ROLE is source, target, source-meta, source-replica, target-meta or target-replica, recognized by the content if left out. Repeatable
    #[arg(long, value_name = "[ROLE=]FILE")]
    config: Vec<String>,
    /// Shell output of the source cluster (file or directory). Repeatable
    #[arg(long, value_name = "PATH")]
    source: Vec<PathBuf>,
    /// Shell output of the target cluster (file or directory). Repeatable
    #[arg(long, value_name = "PATH")]
    target: Vec<PathBuf>,
    /// The command you are going to type, in the shell or, as "use T; dup add …", in admin-cli
    #[arg(long, value_name = "COMMAND")]
    plan: Option<String>,
    /// Build of the source: 2.4, 2.5, master, or master@YYYY-MM-DD for a build of that day [default: what the answers say]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Also list the checks that passed
    #[arg(long)]
    all: bool,
    /// Show all lines that support a finding
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    redact: RedactArgs,
    #[command(flatten)]
    accept: AcceptArgs,
    #[command(flatten)]
    signatures: SignatureArgs,
    #[command(flatten)]
    output: OutputArgs<ReportFormat>,
}

impl PreflightArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let mut style = self.show.style();
        style.all = self.all;
        style.verbose = self.verbose;
        let mut material = Material::default();
        if let Some(plan) = &self.plan {
            material.plan = AddDup::parse(plan, None);
            if material.plan.is_none() {
                bail!("--plan {plan:?} adds no duplication; write the command as you would type it: 'add_dup <table> <cluster> -s'");
            }
            material.plan_text = Some(plan.clone());
        }
        if let Some(release) = &self.release {
            material.release = Some(release.parse::<Build>().map_err(|error| anyhow!("--release: {error}"))?);
        }
        let mut key_file = RedactionKeyFile::open(&self.redact)?;
        let (skipped, complete) = read(self, &mut material, key_file.redaction.as_ref())?;
        if material.configs.is_empty() && material.answers.is_empty() && material.plan.is_none() {
            if !complete || !skipped.is_empty() {
                return Ok(ExitStatus::Incomplete);
            }
            bail!(
                "nothing to check: give a plan, configurations or shell output (see `dupdoctor preflight --help`); releases are {BUILDS}"
            );
        }
        let (catalogue, all_loaded) = self.signatures.load();
        let (accepted, now) = (self.accept.rules(&catalogue)?, now());
        let selection = Selection { accepted, today: Some(now), lang: style.lang, generated_at: Some(now), ..Selection::default() };
        let report = preflight(&material, &catalogue, &selection, &skipped, key_file.redaction.as_ref());
        let complete = complete && all_loaded && key_file.save();
        let written = self.output.write_files(&style, &[], |format, style| format.render(&report, style));
        print(&self.output.format.render(&report, &style))?;
        Ok(ExitStatus::of(complete && written, self.accept.fails(&report.findings)))
    }
}

/// Reads all files; returns what is neither configuration nor answer, and whether all that was named could be used.
fn read(args: &PreflightArgs, material: &mut Material, redaction: Option<&Redaction>) -> Result<(Vec<(String, String)>, bool)> {
    let mut named: Vec<(PathBuf, Option<Side>, Option<ServerRole>)> = Vec::new();
    for spec in &args.config {
        let (side, role, file) = config(spec)?;
        named.push((file, side, role));
    }
    let of = |paths: &[PathBuf], side: Option<Side>| paths.iter().map(|p| (p.clone(), side, None)).collect::<Vec<_>>();
    named.extend(of(&args.source, Some(Side::Source)));
    named.extend(of(&args.target, Some(Side::Target)));
    named.extend(of(&args.paths, None));
    let shown = |path: &str| redaction.map_or_else(|| path.to_owned(), |r| r.path(path));
    let mut skipped = Vec::new();
    let mut complete = true;
    for (path, side, role) in named {
        match material.read_all(&path, side, role) {
            Ok(found) => {
                for (name, line) in &found {
                    // In a folder other files are expected.
                    if Path::new(name) == path {
                        let line = if redaction.is_some() { "…" } else { line };
                        warn(&format!("{}: neither a config.ini nor shell output, begins with {line:?}; ignored", shown(name)));
                        complete = false;
                    }
                }
                skipped.extend(found);
            }
            Err(error) => {
                warn(&format!("{error}; check the spelling, or copy it to where it can be read"));
                complete = false;
            }
        }
    }
    for (path, issue) in material.issues() {
        let what = redaction.map_or_else(|| issue.what.clone(), |r| r.text(&issue.what));
        warn(&format!("{}:{}: {what}; the rest is used", shown(path), issue.line));
    }
    Ok((skipped, complete))
}

/// Splits `[ROLE=]FILE`.
fn config(spec: &str) -> Result<(Option<Side>, Option<ServerRole>, PathBuf)> {
    if let Some((prefix, file)) = spec.split_once('=') {
        if let Some((side, role)) = role(&prefix.to_ascii_lowercase()) {
            return Ok((side, role, PathBuf::from(file)));
        }
        if !Path::new(spec).exists() {
            bail!(
                "--config {spec}: unknown role {prefix:?}; use source, target, source-meta, source-replica, target-meta or target-replica"
            );
        }
    }
    Ok((None, None, PathBuf::from(spec)))
}

/// Reads `source`, `meta` or `source-meta`.
fn role(prefix: &str) -> Option<(Option<Side>, Option<ServerRole>)> {
    if let Some((side, role)) = prefix.split_once('-') {
        return Some((Some(side.parse().ok()?), Some(role.parse().ok()?)));
    }
    let (side, role) = (prefix.parse().ok(), prefix.parse().ok());
    (side.is_some() || role.is_some()).then_some((side, role))
}
