//! By what findings are judged: signatures, thresholds and accepted findings, from what was typed and from `dupdoctor.toml`.

use super::completion::codes;
use super::config_file;
use super::signatures::{self, SignatureArgs, spelled};
use super::spelling::meant;
use super::times::duration;
use crate::console::warn;
use anyhow::{Result, anyhow, bail};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::ArgValueCandidates;
use dupdoctor::report::{Acceptance, AcceptedBy, Finding, ReadError, Report};
use dupdoctor::{Catalogue, Expectations, Severity, TimeDelta};
use std::path::{Path, PathBuf};

/// How to make an earlier report, for those who named something else.
const HINT: &str = "make one with `dupdoctor diagnose --format json`";

/// Which findings count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Criteria")]
pub(crate) struct AcceptArgs {
    /// Exit 1 if any finding has this severity or higher; never: exit 0 also when the logs cannot tell
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = FailOn::parser())]
    fail_on: FailOn,
    /// Exit 3 also when a duplication is quiet: idle or blocked, which the logs of meta servers alone cannot tell
    #[arg(long)]
    strict: bool,
    /// Leave out a finding, everywhere or for one table. Repeatable
    #[arg(long, value_name = "CODE[:TABLE]", add = ArgValueCandidates::new(codes))]
    ignore: Vec<String>,
    /// Leave out the findings of an earlier JSON report
    #[arg(long, value_name = "REPORT.json")]
    baseline: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Criteria")]
pub(crate) struct CriteriaArgs {
    #[command(flatten)]
    pub(crate) accept: AcceptArgs,
    /// Change how long something may take: prepare=30m, or by code DUP304=10m. Repeatable
    #[arg(long, value_name = "NAME=TIME", value_parser = expectation)]
    expect: Vec<(String, TimeDelta)>,
    #[command(flatten)]
    signatures: SignatureArgs,
    /// Read accepted findings, thresholds and signature directories from this file [default: dupdoctor.toml here or in the nearest parent directory], beside the user's own
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    no_config: bool,
}

/// The least severity that fails the command; none when nothing does.
#[derive(Debug, Clone, Copy)]
struct FailOn(Option<Severity>);

impl FailOn {
    fn parser() -> impl TypedValueParser<Value = Self> {
        PossibleValuesParser::new(["info", "warning", "error", "critical", "never"]).map(|name| Self(name.parse().ok()))
    }
}

fn expectation(text: &str) -> Result<(String, TimeDelta), String> {
    let (name, length) = text.split_once('=').ok_or("use NAME=TIME, for example prepare=30m")?;
    Ok((name.to_owned(), duration(length)?))
}

pub(crate) struct Criteria {
    pub(crate) catalogue: Catalogue,
    pub(crate) expectations: Expectations,
    pub(crate) accepted: Vec<Acceptance>,
    /// All of the user's own signatures could be used.
    pub(crate) complete: bool,
}

impl AcceptArgs {
    /// Whether one of the findings fails the command.
    pub(crate) fn fails<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> bool {
        findings
            .into_iter()
            .filter(|finding| !finding.is_doubt())
            .any(|finding| self.fail_on.0.is_some_and(|least| finding.severity >= least))
    }

    /// Whether the command fails because the logs do not tell how a duplication is.
    pub(crate) fn cannot_tell(&self, report: &Report) -> bool {
        let quiet = self.strict && report.duplications.iter().any(|duplication| duplication.quiet);
        self.unless_never(quiet || report.cannot_tell())
    }

    /// Whether what cannot be told fails the command: with `--fail-on never` nothing does.
    pub(crate) fn unless_never(&self, cannot_tell: bool) -> bool {
        self.fail_on.0.is_some() && cannot_tell
    }

    /// What is accepted, with the codes as the catalogue spells them.
    pub(crate) fn rules(&self, catalogue: &Catalogue) -> Result<Vec<Acceptance>> {
        let mut rules = self.ignore.iter().map(|typed| ignored(typed, catalogue)).collect::<Result<Vec<_>>>()?;
        if let Some(path) = &self.baseline {
            for finding in earlier_report("--baseline", path)?.findings {
                let mut rule = Acceptance::new(AcceptedBy::Baseline, path.display().to_string());
                rule.fingerprint = Some(finding.fingerprint);
                rules.push(rule);
            }
        }
        Ok(rules)
    }
}

fn ignored(typed: &str, catalogue: &Catalogue) -> Result<Acceptance> {
    let (code, table) = typed.split_once(':').map_or((typed, None), |(code, table)| (code, Some(table)));
    let code = spelled(catalogue, "--ignore", code)?;
    if table == Some("") {
        bail!("--ignore {typed}: no table after the colon; write {code} for all tables, or {code}:TABLE");
    }
    let mut rule = Acceptance::new(AcceptedBy::Ignore, table.map_or_else(|| code.clone(), |table| format!("{code}:{table}")));
    rule.code = Some(code);
    rule.table = table.map(str::to_owned);
    Ok(rule)
}

impl CriteriaArgs {
    /// What was typed counts before what the files say.
    pub(crate) fn load(&self, verbose: bool) -> Result<Criteria> {
        let configs = if self.no_config { Vec::new() } else { config_file::load(self.config.as_deref())? };
        for config in configs.iter().filter(|_| verbose) {
            warn(&format!(
                "{}: thresholds {}, accepted findings {}, signature directories {}; --no-config skips this file",
                config.path.display(),
                config.expect.len(),
                config.accept.len(),
                config.signatures.len()
            ));
        }
        let from_file = configs.iter().flat_map(|c| c.signatures.iter().map(|(line, folder)| (c.place(*line), folder.clone())));
        let typed = self.signatures.signatures.iter().map(|folder| ("--signatures".to_owned(), folder.clone()));
        let (catalogue, complete) = signatures::load(from_file.chain(typed));
        let mut accepted = self.accept.rules(&catalogue)?;
        for (config, (line, rule)) in configs.iter().rev().flat_map(|c| c.accept.iter().map(move |rule| (c, rule))) {
            let mut rule = rule.clone();
            rule.code = rule.code.map(|code| spelled(&catalogue, &config.place(*line), &code)).transpose()?;
            accepted.push(rule);
        }
        let mut expectations = Expectations::default();
        let from_file = configs.iter().flat_map(|c| c.expect.iter().map(|(line, name, length)| (c.place(*line), name, length)));
        let typed = self.expect.iter().map(|(name, length)| ("--expect".to_owned(), name, length));
        for (place, name, length) in from_file.chain(typed) {
            let known = catalogue.thresholds();
            let Some(name) = known.get(name).cloned().or_else(|| catalogue.find(name).map(|s| s.code.clone())) else {
                let hint = meant(name, known.iter().map(String::as_str));
                bail!("{place}: unknown name {name:?}{hint}, or a code such as DUP304");
            };
            expectations.by_name.insert(name, *length);
        }
        Ok(Criteria { catalogue, expectations, accepted, complete })
    }
}

/// An earlier JSON report.
pub(crate) fn earlier_report(option: &str, path: &Path) -> Result<Report> {
    read_report(option, path, Report::parse)
}

/// A JSON report in the form that `parse` reads.
pub(crate) fn read_report<T>(option: &str, path: &Path, parse: impl Fn(&str) -> Result<T, ReadError>) -> Result<T> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|error| anyhow!("cannot read {option} {name}: {error}; {HINT}"))?;
    parse(&String::from_utf8_lossy(&bytes)).map_err(|error| anyhow!("{option} {name}: {error}; {HINT}"))
}
